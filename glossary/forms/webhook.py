"""The form that adds a webhook."""

from django import forms

from ..domain.addresses import LONGEST


class WebhookForm(forms.Form):
    """Where a program listens, and what it is for."""

    label = forms.CharField(label="For", max_length=80, help_text="Such as: the bot of #architecture.")
    address = forms.CharField(
        label="Address",
        max_length=LONGEST,
        help_text="It is sent a POST of JSON whenever a term is published, retired, merged or restored.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )

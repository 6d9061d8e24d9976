"""Forms of the account pages: allauth's in the words of the site, and our own."""

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth import password_validation

from .domain.vocabulary import ROLES, SCOPES
from .models import AccessToken, User


class Plain:
    """A form with labels that say what to type, and nothing in the fields that looks typed already."""

    labels: dict[str, str] = {}
    hints: dict[str, str] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")


class SignInForm(Plain, allauth_forms.LoginForm):
    labels = {"login": "Name or e-mail address", "password": "Password"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        }


class RegisterForm(Plain, allauth_forms.SignupForm):
    labels = {"username": "Name to sign in with", "email": "E-mail address", "password1": "Password"}
    hints = {
        "email": "A link is sent there; open it to finish.",
        "password1": "At least 8 characters, and not a common word.",
    }


class ChangeEmailForm(Plain, allauth_forms.AddEmailForm):
    labels = {"email": "New e-mail address"}
    hints = {"email": "A link is sent there. Until you open it, nothing changes."}


class ChangePasswordForm(Plain, allauth_forms.ChangePasswordForm):
    labels = {"oldpassword": "Your password now", "password1": "New password", "password2": "New password, again"}
    hints = {"password1": "At least 8 characters, and not a common word."}


class SetPasswordForm(Plain, allauth_forms.SetPasswordForm):
    labels = {"password1": "New password", "password2": "New password, again"}
    hints = {"password1": "At least 8 characters, and not a common word."}


class ForgottenPasswordForm(Plain, allauth_forms.ResetPasswordForm):
    labels = {"email": "E-mail address"}


class NewPasswordForm(Plain, allauth_forms.ResetPasswordKeyForm):
    labels = {"password1": "New password", "password2": "New password, again"}
    hints = {"password1": "At least 8 characters, and not a common word."}


class ReauthenticateForm(Plain, allauth_forms.ReauthenticateForm):
    labels = {"password": "Your password"}


class ProfileForm(forms.ModelForm):
    voice = forms.ChoiceField(
        label="Your voice",
        choices=[("", "I do not say"), ("engineer", "I’m an engineer"), ("manager", "I’m a manager")],
        required=False,
    )

    class Meta:
        model = User
        fields = ["display_name", "voice", "team", "mail_frequency"]
        labels = {"display_name": "Display name", "team": "Team", "mail_frequency": "Notices by mail"}
        help_texts = {"display_name": "What others see beside what you write; without one, the name you sign in with."}


class AcceptForm(forms.Form):
    """What an invited person says about themselves. `email` is fixed where the invitation was mailed."""

    username = forms.CharField(
        label="Name to sign in with",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    display_name = forms.CharField(
        label="Display name",
        max_length=80,
        required=False,
        help_text="What others see beside what you write.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label="E-mail address",
        help_text="For notices, and for the day that you forget your password.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label="Password",
        help_text="At least 8 characters, and not a common word.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, invitation, email_needed: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if invitation.email:
            del self.fields["email"]
        else:
            self.fields["email"].required = email_needed

    def clean_username(self) -> str:
        return get_adapter().clean_username(self.cleaned_data["username"])

    def clean(self) -> dict:
        data = super().clean()
        if "password" in data:
            person = User(username=data.get("username", ""), display_name=data.get("display_name", ""))
            person.email = data.get("email", "")
            try:
                password_validation.validate_password(data["password"], person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data


class InviteForm(forms.Form):
    role = forms.ChoiceField(label="Role", choices=[(role, role) for role in ROLES[1:]])
    email = forms.EmailField(
        label="E-mail address", required=False, help_text="Optional. The link is mailed there; without one, pass it on."
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Role", choices=[(role, role) for role in ROLES[1:]])


class TokenForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        label="What else may it do, besides reading?",
        choices=[(scope, f"{scope}: {told}") for scope, told in SCOPES.items() if scope != "read"],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="It never does what you may not do yourself.",
    )

    class Meta:
        model = AccessToken
        fields = ["label"]
        labels = {"label": "What is it for?"}
        help_texts = {"label": "Such as “docs build” or “wiki embeds”, so that you know later which one to revoke."}


class ConfirmNameForm(forms.Form):
    """A deed that cannot be undone, confirmed by typing a name."""

    name = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}))

    def __init__(self, *args, wanted: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.wanted = wanted
        self.fields["name"].label = f"Type {wanted} to confirm"

    def clean_name(self) -> str:
        if self.cleaned_data["name"].strip() != self.wanted:
            raise forms.ValidationError(f"This is not {self.wanted}. Nothing was changed.")
        return self.cleaned_data["name"]

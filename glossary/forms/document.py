"""The form that registers a document."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

from ..domain.addresses import LONGEST
from ..domain.prose import SUFFIXES
from ..domain.readable import LARGEST, MEGABYTES, TooLarge, Unreadable, decoded, require_readable

TOO_LARGE = "too_large"
NAMES = {"markdown": "Markdown", "rst": "reStructuredText", "asciidoc": "AsciiDoc", "text": "plain text"}


class DocumentForm(forms.Form):
    """Where a document is, whose it is, and its text, as text or as a file."""

    address = forms.CharField(
        label="Address",
        max_length=LONGEST,
        help_text="Where people read it, such as https://git.example.org/orders/docs/0007-use-kafka.md.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    title = forms.CharField(label="Title", max_length=200, required=False, help_text="Else the end of its address.")
    repository = forms.CharField(label="Repository", max_length=200, required=False, help_text="Such as orders/docs.")
    team = forms.CharField(label="Team", max_length=80, required=False)
    text = forms.CharField(
        label="Its text",
        required=False,
        strip=False,
        help_text="It is read once, for the terms that it uses, and kept nowhere.",
        widget=forms.Textarea(attrs={"class": "code", "rows": 12, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label="Or a file",
        required=False,
        allow_empty_file=True,
        help_text=f".md, .rst, .adoc or .txt in UTF-8, at most {MEGABYTES} MB.",
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
    )
    format = forms.ChoiceField(label="Written in", choices=list(NAMES.items()), initial="markdown")

    def __init__(self, *args, part_of: str = "", **kwargs):
        """part_of: the id of another form on the page, with which these fields are sent."""
        super().__init__(*args, **kwargs)
        if part_of:
            self.use_required_attribute = False
            for field in self.fields.values():
                field.widget.attrs["form"] = part_of

    def description(self) -> list[forms.BoundField]:
        """The fields that say what and whose the document is."""
        return [self[name] for name in ("address", "title", "repository", "team")]

    def clean(self) -> dict:
        """The text is the file's where there is one, and its format that of the file's name."""
        data = super().clean()
        if (file := data.pop("file", None)) is not None:
            data["format"] = SUFFIXES.get(suffix_of(file.name), data.get("format", ""))
        try:
            data["text"] = read(data.get("text", ""), file)
        except Unreadable as unreadable:
            code = TOO_LARGE if isinstance(unreadable, TooLarge) else "unreadable"
            self.add_error("file" if file else "text", forms.ValidationError(str(unreadable), code=code))
        if not data.get("text", "").strip() and not self.errors:
            self.add_error("text", "Paste the document, or choose its file.")
        return data

    @property
    def is_too_large(self) -> bool:
        return self.has_error("text", TOO_LARGE) or self.has_error("file", TOO_LARGE)


def read(text: str, file: UploadedFile | None) -> str:
    """The document that was sent: the file's text where there is a file. Raises Unreadable."""
    if file:
        return decoded(file.read(LARGEST + 1), file.name)
    text = text.replace("\r\n", "\n")
    require_readable(text)
    return text


def suffix_of(name: str) -> str:
    return f".{name.rpartition('.')[2].lower()}"

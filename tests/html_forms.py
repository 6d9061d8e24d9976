"""What a browser would send of a form that stands in a page."""

import re
from html.parser import HTMLParser

UNSENT = {"submit", "button", "reset", "image", "file"}


class FormReader(HTMLParser):
    """Collects [(name, value)] of every form of a page, in order."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.forms: list[list[tuple[str, str]]] = []
        self._fields: list[tuple[str, str]] | None = None
        self._area: tuple[str, list[str]] | None = None
        self._select: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self._fields = []
            self.forms.append(self._fields)
        elif self._fields is None or "disabled" in given:
            return
        elif tag == "textarea":
            self._area = (given["name"], [])
        elif tag == "select":
            self._select = (given["name"], [])
        elif tag == "option" and self._select and ("selected" in given or not self._select[1]):
            # The first one counts until another says that it is selected.
            self._select[1][:] = [given.get("value") or ""]
        elif tag == "input" and "name" in given and given.get("type", "text") not in UNSENT:
            is_choice = given.get("type") in ("checkbox", "radio")
            if not is_choice or "checked" in given:
                self._fields.append((given["name"], given.get("value", "on" if is_choice else "") or ""))

    def handle_data(self, data):
        if self._area:
            self._area[1].append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self._fields = None
        elif tag == "textarea" and self._area and self._fields is not None:
            name, parts = self._area
            # A line break right after the tag is not part of the text.
            self._fields.append((name, "".join(parts).removeprefix("\n")))
            self._area = None
        elif tag == "select" and self._select and self._fields is not None:
            name, values = self._select
            self._fields += [(name, value) for value in values]
            self._select = None


def fields_of(html: str, *, having: str) -> list[tuple[str, str]]:
    """The fields of the form that has a field of this name, such as "say"."""
    reader = FormReader()
    reader.feed(html)
    reader.close()
    return next(fields for fields in reader.forms if having in dict(fields))


def values_of(html: str, pattern: str, *, having: str) -> list[str]:
    """What stands in those fields of that form whose whole names fit a pattern, in order."""
    return [value for name, value in fields_of(html, having=having) if re.fullmatch(pattern, name)]

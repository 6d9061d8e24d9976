"""How a document refers to a term: links that survive a rename, in the notations that documents are written in."""

import re
from typing import NamedTuple

from django.utils.html import escape

from ..absolute import absolute
from ..models import Revision, Term


class Citation(NamedTuple):
    notation: str
    text: str


def citations(term: Term, revision: Revision | None = None) -> list[Citation]:
    """Links to a term, or to one revision of it that never changes."""
    words = revision.snapshot["label"] if revision else term.label
    permanent = absolute("permanent", term.uid)
    number = (revision or term.current).number
    pinned = absolute("permanent_pinned", term.uid, number)
    url = pinned if revision else permanent
    links = [
        Citation("Markdown", f"[{in_markdown(words)}]({url})"),
        Citation("HTML", f'<a href="{escape(url)}">{escape(words)}</a>'),
        Citation("reStructuredText", f"`{in_rst(words)} <{url}>`__"),
        Citation("AsciiDoc", f"{url}[{in_asciidoc(words)}]"),
        # As Confluence and Jira read it.
        Citation("Wiki markup", f"[{in_wiki_markup(words)}|{url}]"),
        Citation("Permanent link", permanent),
        Citation(f"Version {number}, for ever", pinned),
    ]
    return [link for link in links if not (revision and link.text == permanent)]


def in_markdown(words: str) -> str:
    """What every Markdown reads as these words: backslashes where all know them, else references to characters."""
    return re.sub(r"([\\\[\]`*_])", r"\\\1", as_references("&<>|~", words))


def in_rst(words: str) -> str:
    return re.sub(r"([\\`<>])", r"\\\1", words)


def in_asciidoc(words: str) -> str:
    """Backslashes stay in sight where AsciiDoc sees nothing to escape; references to characters never do."""
    return as_references('"#&*+<=>[\\]^_`{|}~', words)


def in_wiki_markup(words: str) -> str:
    return re.sub(r"([\\!*+\[\]^_{|}~])", r"\\\1", words)


def as_references(signs: str, words: str) -> str:
    """Words with some of their characters as HTML writes them by number."""
    return "".join(f"&#{ord(sign)};" if sign in signs else sign for sign in words)

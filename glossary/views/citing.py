"""How a document refers to a term: links that survive a rename, in the notations that documents are written in."""

import re
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape

from ..models import Revision, Term


class Citation(NamedTuple):
    notation: str
    text: str


def citations(term: Term, revision: Revision | None = None) -> list[Citation]:
    """Links to a term, or to one revision of it that never changes."""
    words = revision.snapshot["label"] if revision else term.label
    permanent = settings.PUBLIC_URL + reverse("permanent", args=[term.uid])
    number = (revision or term.current).number
    pinned = settings.PUBLIC_URL + reverse("permanent_pinned", args=[term.uid, number])
    url = pinned if revision else permanent
    markdown_words = re.sub(r"([\\\[\]`*_<>])", r"\\\1", words)
    rst_words = re.sub(r"([\\`<>])", r"\\\1", words)
    asciidoc_words = words.replace("]", r"\]")
    wiki_words = re.sub(r"([|{}\[\]])", r"\\\1", words)
    links = [
        Citation("Markdown", f"[{markdown_words}]({url})"),
        Citation("HTML", f'<a href="{escape(url)}">{escape(words)}</a>'),
        Citation("reStructuredText", f"`{rst_words} <{url}>`__"),
        Citation("AsciiDoc", f"{url}[{asciidoc_words}]"),
        # As Confluence and Jira read it.
        Citation("Wiki markup", f"[{wiki_words}|{url}]"),
        Citation("Permanent link", permanent),
        Citation(f"Version {number}, for ever", pinned),
    ]
    return [link for link in links if not (revision and link.text == permanent)]

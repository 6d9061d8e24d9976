"""Checking documents: which terms a text uses, where, and what is to be said about each place.

Each process keeps the words of the dictionary in a matcher and makes it anew when the number of the publication has
moved.
"""

import threading
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from .domain.matching import Matcher, spelling_key
from .domain.prose import masked
from .models import Publication, Spelling, Term

# What is said of spellings that nobody should use, by UNWANTED_KINDS.
UNWANTED = {"misspelling": "is a misspelling of", "discouraged": "is discouraged; say"}


class Named(NamedTuple):
    """A term as a hit names it."""

    uid: str
    slug: str
    label: str
    voice: str
    revision: int


class Owner(NamedTuple):
    """A term that has a spelling, and how it has it: the kind of the alias, `label`, or `retired`."""

    term: Named
    kind: str
    note: str


class Hit(NamedTuple):
    """A place where a document uses a term. Lines and columns count from 1, in code points; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
    start: int
    end: int
    term: Named
    matched: str
    level: str
    message: str


class Words:
    """Every spelling of the dictionary, for finding them in text."""

    def __init__(self):
        self.version = -1
        self.matcher = Matcher()
        self.owners: dict[str, list[Owner]] = {}

    def bring_up_to(self, version: int) -> None:
        if version == self.version:
            return
        owners: dict[str, list[Owner]] = {}
        matcher = Matcher()
        for text, owner in spellings():
            owners.setdefault(spelling_key(text), []).append(owner)
            matcher.add(text, spelling_key(text))
        self.owners, self.matcher, self.version = owners, matcher, version


def spellings() -> Iterator[tuple[str, Owner]]:
    """(text, owner) of everything that published terms are called, engineers' first, then labels of retired terms."""
    fields = ("term__uid", "term__slug", "term__label", "term__voice", "term__current__number")
    published = Spelling.objects.filter(term__status=Term.Status.PUBLISHED).order_by("voice", "term_id", "position")
    for text, kind, note, *term in published.values_list("text", "kind", "note", *fields).iterator():
        yield text, Owner(Named(*term), kind, note)
    retired = Term.objects.retired().filter(is_merged=False).order_by("pk")
    for *term, replacement in retired.values_list(
        "uid", "slug", "label", "voice", "current__number", "replaced_by__label"
    ):
        yield term[2], Owner(Named(*term), "retired", replacement or "")


_words = Words()
_lock = threading.Lock()


def forget() -> None:
    """Drop this process's words; the next check reads them anew."""
    global _words
    with _lock:
        _words = Words()


def words() -> Words:
    version = Publication.objects.version()
    with _lock:
        _words.bring_up_to(version)
        return _words


def check(text: str, format: str) -> Iterator[Hit]:
    """Every use of a term in the prose of a document, from top to bottom. `format` is a key of prose.FORMATS."""
    known = words()
    prose = masked(text, format)
    starts = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))
    for match in known.matcher.find(prose):
        matched = text[match.start : match.end]
        owner, level, message = verdict(known.owners[match.target], matched)
        line, end_line = (bisect_right(starts, at) for at in (match.start, match.end - 1))
        yield Hit(
            line,
            match.start - starts[line - 1] + 1,
            end_line,
            match.end - starts[end_line - 1] + 1,
            match.start,
            match.end,
            owner.term,
            matched,
            level,
            message,
        )


def verdict(owners: list[Owner], matched: str) -> tuple[Owner, str, str]:
    """Whom a spelling means, the level, and the sentence. Where it is well with one term, others' say nothing."""
    word = " ".join(matched.split())
    well = [owner for owner in owners if owner.kind not in (*UNWANTED, "retired")]
    first = (well or owners)[0]
    if len({owner.term.uid for owner in well}) > 1:
        meant = " or ".join(f"“{owner.term.label}” as {owner.term.voice}s say it" for owner in well)
        return first, "warning", f"“{word}” may mean {meant}: say which."
    if well:
        return first, "info", f"“{word}” is a term of the dictionary."
    if first.kind in UNWANTED:
        note = f" {first.note[:1].upper()}{first.note[1:]}" if first.note else ""
        return first, "warning", f"“{word}” {UNWANTED[first.kind]} “{first.term.label}”.{note}"
    instead = f" Say “{first.note}”." if first.note else ""
    return first, "error", f"“{word}” is retired.{instead}"

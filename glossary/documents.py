"""Checking documents: which terms a text uses, where, and what is to be said about each place.

Each process keeps the words of the dictionary in a matcher and makes it anew when the number of the publication has
moved.
"""

import threading
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.text import capfirst

from .domain.matching import Matcher, only_in_capitals, spelling_key
from .domain.prose import masked
from .domain.readable import require_readable
from .domain.vocabulary import GOOD_KINDS, VOICES
from .models import Publication, Spelling, Term
from .models.told_links import ToldLink, told_links

# What is said of spellings that nobody should use, by UNWANTED_KINDS.
UNWANTED = {"misspelling": "is a misspelling of", "discouraged": "is discouraged; say"}

# The kinds of mappings that say what the other side calls the same, the nearest first.
SAME = ("exact", "close")

# Different words of one document whose verdicts are remembered.
MOST_REMEMBERED = 10_000


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


class Place:
    """Lines and columns of a text, asked for from top to bottom: only what lies between is looked at."""

    def __init__(self, text: str):
        self.text, self.at, self.line, self.begins = text, 0, 1, 0

    def of(self, at: int) -> tuple[int, int]:
        passed = self.text.count("\n", self.at, at)
        if passed:
            self.line += passed
            self.begins = self.text.rindex("\n", self.at, at) + 1
        self.at = at
        return self.line, at - self.begins + 1


class Verdicts(dict):
    """What is said of a spelling as it is written, by (its key, the words): worked out once for most."""

    def __init__(self, owners: dict[str, list[Owner]]):
        self.owners = owners

    def __missing__(self, said: tuple[str, str]) -> tuple[Owner, str, str]:
        key, matched = said
        found = verdict(self.owners[key], matched)
        if len(self) < MOST_REMEMBERED:
            self[said] = found
        return found


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

    def hits(self, text: str, format: str) -> Iterator[Hit]:
        """Every use of these spellings in the prose of a text of any size, from top to bottom."""
        verdicts, place = Verdicts(self.owners), Place(text)
        for match in self.matcher.find(masked(text, format)):
            matched = text[match.start : match.end]
            owner, level, message = verdicts[match.target, matched]
            start, end = place.of(match.start), place.of(match.end - 1)
            yield Hit(*start, end[0], end[1] + 1, match.start, match.end, owner.term, matched, level, message)


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


def word_list() -> dict:
    """What finds terms in another site's pages: every published term, and the spellings that are well for one.

    {terms: [{uid, slug, label, lines}], words: [[key, place of its term, whether only capitals match]]}; of two terms
    that share a spelling the engineers' has it.
    """
    terms = list(Term.objects.published().order_by("voice", "pk"))
    places = {term.pk: place for place, term in enumerate(terms)}
    spelled = Spelling.objects.filter(term__in=places, kind__in=("label", *GOOD_KINDS))
    words: dict[str, list] = {}
    for pk, text in spelled.order_by("voice", "term_id", "position").values_list("term_id", "text"):
        words.setdefault(spelling_key(text), [spelling_key(text), places[pk], only_in_capitals(text)])
    shown = [
        {
            "uid": term.uid,
            "slug": term.slug,
            "label": term.label,
            "lines": {"engineer": term.line_engineer, "manager": term.line_manager},
        }
        for term in terms
    ]
    return {"terms": shown, "words": list(words.values())}


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
    """Every use of a term in the prose of a document, from top to bottom. `format` is a key of prose.FORMATS.

    Raises Unreadable for what is no document.
    """
    require_readable(text)
    return words().hits(text, format)


def owners_of(phrase: str) -> list[Owner]:
    """Those that the whole of a text is a spelling or another form of."""
    known = words()
    whole = [match for match in known.matcher.find(phrase) if (match.start, match.end) == (0, len(phrase))]
    return [owner for match in whole for owner in known.owners[match.target]]


def counterparts(used: dict[str, Named], voice: str) -> dict[str, ToldLink]:
    """What a voice calls the terms of the other one, by uid, where it has a word for the same. `used`: terms by uid."""
    if voice not in VOICES:
        return {}
    terms = list(Term.objects.filter(uid__in=[uid for uid, term in used.items() if term.voice != voice]))
    links = told_links(*terms, sorts=("mapping",))
    found = {}
    for term in terms:
        alike = [link for link in links[term.pk] if link.kind in SAME and link.voice == voice and not link.is_retired]
        if alike:
            found[term.uid] = min(alike, key=lambda link: SAME.index(link.kind))
    return found


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
        note = f" {capfirst(first.note)}" if first.note else ""
        return first, "warning", f"“{word}” {UNWANTED[first.kind]} “{first.term.label}”.{note}"
    instead = f" Say “{first.note}”." if first.note else ""
    return first, "error", f"“{word}” is retired.{instead}"

"""Search: the only place that knows how words are found.

Each process keeps an index of all spellings and of the words of all texts in memory and brings
it up to date, term by term, whenever the number of the publication has moved. What is shown
of a term that was found is in it too; so a search costs the database one small query, and
SQLite and PostgreSQL find the same.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db import DatabaseError
from django.urls import reverse

from .domain.matching import spelling_key
from .domain.spelling_index import SpellingIndex
from .domain.text_index import TextIndex
from .domain.vocabulary import INVERSE, UNWANTED_KINDS
from .models import Category, Mapping, Publication, Spelling, Term

logger = logging.getLogger(__name__)

LONGEST_QUERY = 200
MOST_NEAREST = 6
MOST_ANSWERS = 1_000
TERMS_LOADED_AT_ONCE = 500
# What one may call the counterpart of a word; false friends are the opposite of that.
COUNTERPART_KINDS = ("exact", "close", "broader", "narrower", "related")
MOST_COUNTERPARTS = 3
# Below this many hits by spelling, similar spellings are looked at; below the limit, texts.
ENOUGH_HITS = 3

# The ranks of matches, best first.
LABEL, PREFIX, ALIAS, ALIAS_PREFIX, LATER_WORD, FORM, SIMILAR, TEXT = range(8)


class Match(NamedTuple):
    """Why a term was found: the kind of match, the spelling that matched, its kind and note."""

    rank: int
    text: str = ""
    kind: str = ""
    note: str = ""
    closeness: float = 0

    @property
    def order(self) -> tuple:
        """What sorts matches; of equal ones the shorter spelling is nearer to what was typed.

        The beginning of a spelling that nobody should use means little: half of them begin like another word.
        """
        is_weak = self.rank in (ALIAS_PREFIX, LATER_WORD) and self.kind in UNWANTED_KINDS
        return self.rank, is_weak, -self.closeness, len(self.text), self.text

    @property
    def how(self) -> str:
        if self.rank == TEXT:
            return "text"
        if self.rank in (FORM, SIMILAR):
            return {FORM: "form", SIMILAR: "similar"}[self.rank]
        return self.kind


class Counterpart(NamedTuple):
    address: str
    label: str


class FoundTerm(NamedTuple):
    """What is shown of a term that was found: its line and counterparts are those of its own voice's readers."""

    slug: str
    address: str
    label: str
    voice: str
    line: str
    category: str
    counterparts: tuple[Counterpart, ...]


class Hit(NamedTuple):
    """A term and why it was found. Hits that are equal look the same."""

    term: FoundTerm
    how: str
    text: str
    note: str


@dataclass(frozen=True)
class Found:
    """`query` is what was searched for; `nearest` is offered where nothing was found."""

    query: str
    was_cut: bool
    hits: list[Hit]
    nearest: list[FoundTerm]


class Facts(NamedTuple):
    """What is shown of a term and needs no other rows; the category is its id."""

    slug: str
    address: str
    label: str
    voice: str
    line: str
    category: int


class Index:
    """Spellings, texts and what is shown of all published terms, as of one publication."""

    def __init__(self):
        self.version = 0
        self.spellings = SpellingIndex()
        self.texts = TextIndex()
        self._revisions: dict[int, int] = {}
        self._facts: dict[int, Facts] = {}
        self._categories: dict[int, str] = {}
        # Mappings as (position, kind): by the ids of the term that states it and of the other, and the other way round.
        self._stated: dict[int, dict[int, tuple[int, str]]] = defaultdict(dict)
        self._from_others: dict[int, dict[int, tuple[int, str]]] = defaultdict(dict)
        self._answers: dict[tuple[str, int], list[tuple[int, Match]]] = {}
        self._shown: dict[int, FoundTerm] = {}

    def bring_up_to(self, version: int) -> None:
        """Take over what a publication changed: terms with a new revision, new ones, retired ones."""
        if self.version == version:
            return
        revisions = dict(Term.objects.published().values_list("pk", "current_id"))
        stale = [pk for pk, revision in self._revisions.items() if revisions.get(pk) != revision]
        fresh = sorted(pk for pk, revision in revisions.items() if self._revisions.get(pk) != revision)
        self._remove(stale)
        for start in range(0, len(fresh), TERMS_LOADED_AT_ONCE):
            self._load(fresh[start : start + TERMS_LOADED_AT_ONCE])
        self._categories = dict(Category.objects.values_list("pk", "label"))
        self._revisions = revisions
        self._answers.clear()
        self._shown.clear()
        self.version = version

    def _remove(self, pks: list[int]) -> None:
        self.spellings.remove(pks)
        self.texts.remove(pks)
        for pk in pks:
            del self._facts[pk]
            for other in self._stated.pop(pk, ()):
                del self._from_others[other][pk]

    def _load(self, pks: list[int]) -> None:
        spelled: dict[int, list[tuple]] = {pk: [] for pk in pks}
        spellings = Spelling.objects.filter(term__in=pks)
        for pk, *spelling in spellings.values_list("term_id", "key", "text", "kind", "note"):
            spelled[pk].append(tuple(spelling))
        terms = Term.objects.filter(pk__in=pks).values_list(
            "pk", "text", "line_engineer", "line_manager", "slug", "label", "voice", "category_id"
        )
        for pk, text, line_engineer, line_manager, slug, label, voice, category in terms:
            self.spellings.add(pk, spelled[pk])
            self.texts.add(pk, text, [key for key, *_ in spelled[pk]])
            line = line_engineer if voice == "engineer" else line_manager
            self._facts[pk] = Facts(slug, reverse("term", args=[slug]), label, voice, line, category)
        mappings = Mapping.objects.filter(term__in=pks)
        for pk, other, position, kind in mappings.values_list("term_id", "other_id", "position", "kind"):
            self._stated[pk][other] = self._from_others[other][pk] = position, kind

    def answer(self, key: str, limit: int) -> list[tuple[int, Match]]:
        """Ids of terms with their best match, best first."""
        # Many readers type the same first letters.
        if (key, limit) not in self._answers:
            while len(self._answers) >= MOST_ANSWERS:
                del self._answers[next(iter(self._answers))]
            matches = self._matches(key, limit).items()
            best_first = sorted(matches, key=lambda item: (*item[1].order, item[0]))
            self._answers[key, limit] = best_first[:limit]
        return self._answers[key, limit]

    def shown(self, pk: int) -> FoundTerm:
        """What is shown of a published term."""
        if pk not in self._shown:
            *own, category = self._facts[pk]
            self._shown[pk] = FoundTerm(*own, self._categories[category], self._counterparts(pk))
        return self._shown[pk]

    def _counterparts(self, pk: int) -> tuple[Counterpart, ...]:
        """The nearest published ones, as the term states them, and otherwise as others state it."""
        told = {other: (INVERSE[kind], True, place) for other, (place, kind) in self._from_others.get(pk, {}).items()}
        told |= {other: (kind, False, place) for other, (place, kind) in self._stated.get(pk, {}).items()}
        nearest = sorted(
            (COUNTERPART_KINDS.index(kind), is_theirs, place, self._facts[other])
            for other, (kind, is_theirs, place) in told.items()
            if kind in COUNTERPART_KINDS and other in self._facts
        )
        return tuple(Counterpart(facts.address, facts.label) for *_, facts in nearest[:MOST_COUNTERPARTS])

    def _matches(self, key: str, limit: int) -> dict[int, Match]:
        best: dict[int, Match] = {}
        for pk, match in self._by_spelling(key):
            if pk not in best or match.rank < best[pk].rank:
                best[pk] = match
        if len(best) < ENOUGH_HITS and all(match.rank not in (LABEL, ALIAS) for match in best.values()):
            for pk, spelling, distance in self.spellings.similar(key):
                best.setdefault(pk, match_of(SIMILAR, spelling, closeness=-distance))
        if len(best) < limit:
            for pk, score in self.texts.search(key, limit=limit):
                best.setdefault(pk, Match(TEXT, closeness=score))
        return best

    def _by_spelling(self, key: str) -> Iterator[tuple[int, Match]]:
        for pk, spelling in self.spellings.exact(key):
            yield pk, match_of(LABEL if spelling.kind == "label" else ALIAS, spelling)
        for pk, spelling in self.spellings.beginning(key):
            yield pk, match_of(PREFIX if spelling.kind == "label" else ALIAS_PREFIX, spelling)
        for pk, spelling in self.spellings.with_word_beginning(key):
            yield pk, match_of(LATER_WORD, spelling)
        for pk, spelling in self.spellings.inflected(key):
            yield pk, match_of(FORM, spelling)


def match_of(rank: int, spelling, closeness: float = 0) -> Match:
    return Match(rank, spelling.text, spelling.kind, spelling.note, closeness)


_index = Index()
_index_lock = threading.Lock()


def forget() -> None:
    """Drop this process's index; the next search builds it anew."""
    global _index
    with _index_lock:
        _index = Index()


def warm_up() -> None:
    """Build this process's index before anybody searches; whoever does so meanwhile waits until it is there.

    While the database cannot be read yet, that is left to the first search.
    """
    try:
        version = Publication.objects.version()
        with _index_lock:
            _index.bring_up_to(version)
    except DatabaseError as error:
        logger.warning("The search index will be built by the first search: %s", error)


def find(raw_query: str, *, limit: int) -> Found:
    """The terms that a query means, best first.

    Exact labels, then beginnings of labels, aliases, words within, other grammatical forms,
    similar spellings, texts. Any text is a query; longer ones than LONGEST_QUERY are cut.
    """
    query = " ".join(("".join(c if c.isprintable() else " " for c in raw_query)).split())
    was_cut = len(query) > LONGEST_QUERY
    query = query[:LONGEST_QUERY].rstrip()
    key = query_key(query)
    if not key:
        return Found(query, was_cut, [], [])
    version = Publication.objects.version()
    with _index_lock:
        _index.bring_up_to(version)
        hits = [Hit(_index.shown(pk), match.how, match.text, match.note) for pk, match in _index.answer(key, limit)]
        near = [] if hits else [_index.shown(pk) for pk in _index.spellings.nearest(key, MOST_NEAREST)]
    return Found(query, was_cut, hits, near)


def nearest(text: str, *, limit: int) -> list[FoundTerm]:
    """Terms that a text, such as a mistyped address, may have meant."""
    found = find(text, limit=limit)
    return [hit.term for hit in found.hits] or found.nearest[:limit]


def query_key(query: str) -> str:
    return spelling_key(query).strip(" ?!.,;:\"'“”‘’()[]")

"""Search: the only place that knows how words are found.

Each process keeps an index of all spellings and of the words of all texts in memory and brings
it up to date, term by term, whenever the number of the publication has moved; so a search
costs the database one small query and what it shows for the first time, and SQLite and
PostgreSQL find the same.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from .domain.matching import spelling_key
from .domain.spelling_index import SpellingIndex
from .domain.text_index import TextIndex
from .models import Publication, Spelling, Term
from .models.told_links import ToldLink, told_links

LONGEST_QUERY = 200
MOST_NEAREST = 6
MOST_ANSWERS = 1_000
TERMS_LOADED_AT_ONCE = 500
# What one may call the counterpart of a word; false friends are the opposite of that.
COUNTERPART_KINDS = ("exact", "close", "broader", "narrower", "related")
# What a hit shows of a term.
SHOWN_FIELDS = ("slug", "label", "voice", "line_engineer", "line_manager", "category__label")
# Below this many hits by spelling, similar spellings are looked at; below the limit, texts.
ENOUGH_HITS = 3

# The ranks of matches, best first.
LABEL, PREFIX, ALIAS, ALIAS_PREFIX, LATER_WORD, FORM, SIMILAR, TEXT = range(8)


@dataclass(frozen=True)
class Match:
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
        is_weak = self.rank in (ALIAS_PREFIX, LATER_WORD) and self.kind in ("misspelling", "discouraged")
        return self.rank, is_weak, -self.closeness, len(self.text), self.text

    @property
    def how(self) -> str:
        if self.rank == TEXT:
            return "text"
        if self.rank in (FORM, SIMILAR):
            return {FORM: "form", SIMILAR: "similar"}[self.rank]
        return self.kind


@dataclass(frozen=True)
class Hit:
    term: Term
    match: Match
    counterparts: list[ToldLink] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    """`query` is what was searched for; `nearest` is offered where nothing was found."""

    query: str
    was_cut: bool
    hits: list[Hit]
    nearest: list[Term]


class Index:
    """Spellings and texts of all published terms, as of one publication."""

    def __init__(self):
        self.version = 0
        self.spellings = SpellingIndex()
        self.texts = TextIndex()
        self._revisions: dict[int, int] = {}
        self._answers: dict[tuple[str, int], list[tuple[int, Match]]] = {}
        # What is shown of a term that was found: the term and its counterparts, as of this publication.
        self._shown: dict[int, tuple[Term, list[ToldLink]]] = {}

    def refresh(self, version: int) -> None:
        """Take over what has changed since the last refresh: terms with a new revision, new ones, retired ones."""
        revisions = dict(Term.objects.published().values_list("pk", "current_id"))
        stale = [pk for pk, revision in self._revisions.items() if revisions.get(pk) != revision]
        fresh = sorted(pk for pk, revision in revisions.items() if self._revisions.get(pk) != revision)
        self.spellings.remove(stale)
        self.texts.remove(stale)
        for start in range(0, len(fresh), TERMS_LOADED_AT_ONCE):
            self._load(fresh[start : start + TERMS_LOADED_AT_ONCE])
        self._revisions = revisions
        self._answers.clear()
        self._shown.clear()
        self.version = version

    def _load(self, pks: list[int]) -> None:
        spelled: dict[int, list[tuple]] = {pk: [] for pk in pks}
        spellings = Spelling.objects.filter(term__in=pks)
        for pk, *spelling in spellings.values_list("term_id", "key", "text", "kind", "note"):
            spelled[pk].append(tuple(spelling))
        for pk, text in Term.objects.filter(pk__in=pks).values_list("pk", "text"):
            self.spellings.add(pk, spelled[pk])
            self.texts.add(pk, text, [key for key, *_ in spelled[pk]])

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

    def shown(self, pks: list[int]) -> list[tuple[Term, list[ToldLink]]]:
        """Terms with their counterparts, in the order of their ids; those that are not published are left out."""
        missing = [pk for pk in pks if pk not in self._shown]
        if missing:
            terms = Term.objects.published().select_related("category").only(*SHOWN_FIELDS).in_bulk(missing)
            links = told_links(*terms.values(), sorts=["mapping"])
            self._shown |= {pk: (term, counterparts(links[pk])) for pk, term in terms.items()}
        return [self._shown[pk] for pk in pks if pk in self._shown]

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
        if _index.version != version:
            _index.refresh(version)
        matches = dict(_index.answer(key, limit))
        found = _index.shown(list(matches) or _index.spellings.nearest(key, MOST_NEAREST))
    if not matches:
        return Found(query, was_cut, [], [term for term, _ in found])
    return Found(query, was_cut, [Hit(term, matches[term.pk], others) for term, others in found], [])


def nearest(text: str, *, limit: int) -> list[Term]:
    """Terms that a text, such as a mistyped address, may have meant."""
    found = find(text, limit=limit)
    return [hit.term for hit in found.hits] or found.nearest[:limit]


def query_key(query: str) -> str:
    return spelling_key(query).strip(" ?!.,;:\"'“”‘’()[]")


def counterparts(links: list[ToldLink]) -> list[ToldLink]:
    found = [link for link in links if link.kind in COUNTERPART_KINDS and not link.is_retired]
    return sorted(found, key=lambda link: COUNTERPART_KINDS.index(link.kind))[:3]

"""An index of spellings: exact, by beginning, by grammatical form, and by similarity."""

import heapq
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from rapidfuzz.distance import OSA

from .bit_sets import bit_set, by_count, members_of
from .stemming import stem_phrase

# A beginning of one or two letters would find half the dictionary; so many are enough to choose from.
MOST_BY_BEGINNING = 200
MOST_COMPARED = 40
# How many entries of the gram lists one question may look at, the rarest grams first.
MOST_POSTINGS = 30_000
# A gram of so many spellings is common.
COMMON = 256


class Spelled(NamedTuple):
    key: str
    text: str
    kind: str
    note: str


class SpellingIndex:
    """Spellings of things that are known by a number; every answer is (number, Spelled …)."""

    def __init__(self):
        self._spelled: dict[int, list[Spelled]] = {}
        self._owners: dict[str, list[tuple[int, Spelled]]] = {}
        self._forms: dict[str, set[str]] = defaultdict(set)
        # Grams lead to positions in _keys; a position is never used again, so that lists only grow at their ends.
        self._keys: list[str] = []
        self._grams: dict[str, array] = defaultdict(lambda: array("I"))
        self._common_grams: dict[str, int] = {}
        self._indexed: set[str] = set()
        self._sorted: list[str] | None = []
        self._later_words: list[tuple[str, str]] = []

    def add(self, number: int, spellings: Iterable[tuple[str, str, str, str]]) -> None:
        """`spellings`: (key, text, kind, note)."""
        self._spelled[number] = [Spelled(*spelling) for spelling in spellings]
        for spelled in self._spelled[number]:
            self._owners.setdefault(spelled.key, []).append((number, spelled))
            self._forms[stem_phrase(spelled.key)].add(spelled.key)
            if spelled.key not in self._indexed:
                self._indexed.add(spelled.key)
                self._keys.append(spelled.key)
                for gram in grams(spelled.key):
                    self._grams[gram].append(len(self._keys) - 1)
                    self._common_grams.pop(gram, None)
        self._sorted = None

    def remove(self, numbers: Iterable[int]) -> None:
        """Forget things. Their keys stay in the gram lists, where they lead to nobody."""
        for number in numbers:
            for spelled in self._spelled.pop(number, ()):
                owners = [owner for owner in self._owners[spelled.key] if owner[0] != number]
                if owners:
                    self._owners[spelled.key] = owners
                else:
                    del self._owners[spelled.key]
            self._sorted = None

    def exact(self, key: str) -> list[tuple[int, Spelled]]:
        return self._owners.get(key, [])

    def beginning(self, key: str) -> Iterator[tuple[int, Spelled]]:
        self._sort()
        start = bisect_left(self._sorted, key)
        for other in self._sorted[start : start + MOST_BY_BEGINNING]:
            if not other.startswith(key):
                return
            yield from self._owners[other]

    def with_word_beginning(self, key: str) -> Iterator[tuple[int, Spelled]]:
        """Spellings in which the words begin so after the first word: "group" finds "consumer group"."""
        self._sort()
        start = bisect_left(self._later_words, (key, ""))
        for rest, other in self._later_words[start : start + MOST_BY_BEGINNING]:
            if not rest.startswith(key):
                return
            yield from self._owners[other]

    def inflected(self, key: str) -> Iterator[tuple[int, Spelled]]:
        """Spellings that are other grammatical forms of the same words."""
        for other in sorted(self._forms.get(stem_phrase(key), ())):
            yield from self._owners.get(other, [])

    def similar(self, key: str) -> list[tuple[int, Spelled, int]]:
        """Spellings within a few typing errors of a word or of its beginning, nearest first."""
        most = errors_allowed(key)
        if not most:
            return []
        # A typing error spoils at most three grams, and a beginning lacks those of the end.
        least_shared = max(1, len(grams(key)) - 1 - 4 * most)
        found = []
        for other in self._alike(key, MOST_COMPARED, least_shared):
            distance = min(typing_errors(key, part) for part in parts_from_words(other))
            if distance <= most:
                found += [(distance, len(other), number, spelled) for number, spelled in self._owners[other]]
        return [(number, spelled, distance) for distance, _, number, spelled in sorted(found)]

    def nearest(self, key: str, limit: int) -> list[int]:
        """Numbers of what looks most alike, however far away."""
        numbers = (number for other in self._alike(key, 4 * limit, 1) for number, _ in self._owners[other])
        return list(dict.fromkeys(numbers))[:limit]

    def _alike(self, key: str, most: int, least_shared: int) -> list[str]:
        """Keys that share grams with a key, most alike first (by Dice's measure)."""
        own = grams(key)
        alike: list[tuple[float, str]] = []
        least = least_shared
        for count, positions in by_count(map(self._positions, self._rarest(own))):
            # Thousands share a gram or two; what is alike shares nearly as many as the best.
            least = max(least, count // 2)
            if count < least:
                break
            keys = (self._keys[position] for position in members_of(positions))
            alike += [(-2 * count / (len(own) + len(other) + 2), other) for other in keys if other in self._owners]
        return [other for _, other in heapq.nsmallest(most, alike)]

    def _rarest(self, own: set[str]) -> list[str]:
        """The grams that lead somewhere, rarest first: one at least, and no more than MOST_POSTINGS allows."""
        rising = sorted((gram for gram in own if gram in self._grams), key=lambda gram: len(self._grams[gram]))
        looked_at = list(accumulate(len(self._grams[gram]) for gram in rising))
        return rising[: max(1, bisect_right(looked_at, MOST_POSTINGS))]

    def _positions(self, gram: str) -> int:
        """A gram's positions as a bit set. Those of common grams are kept, as making them takes a while."""
        if gram in self._common_grams:
            return self._common_grams[gram]
        positions = bit_set(self._grams[gram])
        if len(self._grams[gram]) >= COMMON:
            self._common_grams[gram] = positions
        return positions

    def _sort(self) -> None:
        if self._sorted is None:
            self._sorted = sorted(self._owners)
            self._later_words = sorted(
                (key[place + 1 :], key)
                for key in self._owners
                for place, character in enumerate(key)
                if character == " "
            )


def grams(key: str) -> set[str]:
    padded = f"  {key} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def errors_allowed(key: str) -> int:
    """How many typing errors a word of this length may have and still be meant."""
    return 0 if len(key) < 4 else 1 if len(key) < 6 else 2 if len(key) < 14 else 3


def parts_from_words(key: str) -> list[str]:
    """A spelling from its first word on, from its second one on …"""
    return [key] + [key[place + 1 :] for place, character in enumerate(key) if character == " "]


def typing_errors(key: str, other: str) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours between a key and another, or what of that is
    as long as the key, whichever is nearer."""
    return min(OSA.distance(key, other), OSA.distance(key, other[: len(key)]))

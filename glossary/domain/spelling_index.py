"""An index of spellings: exact, by beginning, by grammatical form, and by similarity."""

import heapq
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .stemming import stem_phrase

# A beginning of one or two letters would find half the dictionary; so many are enough to choose from.
MOST_BY_BEGINNING = 200
MOST_COMPARED = 40
# How many entries of the gram lists one question may look at, the rarest grams first.
MOST_POSTINGS = 30_000


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
        errors = TypingErrors(key)
        # A typing error spoils at most three grams, and a beginning lacks those of the end.
        least_shared = max(1, len(grams(key)) - 1 - 4 * most)
        found = []
        for other in self._alike(key, MOST_COMPARED, least_shared):
            distance = min(errors.to_beginning_of(part) for part in parts_from_words(other))
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
        shared: Counter = Counter()
        looked_at = 0
        for postings in sorted((self._grams[gram] for gram in own if gram in self._grams), key=len):
            looked_at += len(postings)
            if looked_at > MOST_POSTINGS and shared:
                break
            shared.update(postings)
        # Thousands share a gram or two; what is alike shares nearly as many as the best.
        least = max(least_shared, max(shared.values(), default=0) // 2)
        positions = [position for position, count in shared.items() if count >= least]
        alike = [
            (-2 * shared[position] / (len(own) + len(self._keys[position]) + 2), self._keys[position])
            for position in positions
            if self._keys[position] in self._owners
        ]
        return [other for _, other in heapq.nsmallest(most, alike)]

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


class TypingErrors:
    """Insertions, deletions, substitutions and swaps of neighbours that lead from one text to others.

    The optimal string alignment distance (Damerau–Levenshtein, no part edited twice), a column
    of its table at a time in the bits of whole numbers: H. Hyyrö, "A Bit-Vector Algorithm for
    Computing Levenshtein and Damerau Edit Distances" (2003).
    """

    def __init__(self, text: str):
        """`text` is not empty."""
        self._length = len(text)
        self._places: dict[str, int] = {}
        for place, character in enumerate(text):
            self._places[character] = self._places.get(character, 0) | 1 << place

    def to(self, other: str) -> int:
        """The least number of errors between the text and the other."""
        return self._distances(other)[-1]

    def to_beginning_of(self, other: str) -> int:
        """The same for the whole of the other or what of it is as long as the text, whichever is nearer."""
        distances = self._distances(other)
        return min(distances[-1], distances[min(self._length, len(distances) - 1)])

    def _distances(self, other: str) -> list[int]:
        """The distance from the text to the other's beginnings, by their lengths."""
        whole = (1 << self._length) - 1
        last = 1 << self._length >> 1
        up, down, diagonal, places_before = whole, 0, 0, 0
        distance = self._length
        distances = [distance]
        for character in other:
            places = self._places.get(character, 0)
            swapped = ((~diagonal & places) << 1) & places_before
            diagonal = (((places & up) + up) ^ up) | places | down | swapped
            right_up = (down | ~(diagonal | up)) & whole
            right_down = diagonal & up
            if right_up & last:
                distance += 1
            elif right_down & last:
                distance -= 1
            distances.append(distance)
            right_up = (right_up << 1 | 1) & whole
            up = ((right_down << 1) | ~(diagonal | right_up)) & whole
            down = right_up & diagonal
            places_before = places
        return distances

"""An index of spellings: exact, by beginning, by grammatical form, and by similarity."""

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
        found = []
        for other, _ in self._alike(key, MOST_COMPARED) if most else ():
            distance = min(typing_errors(key, part, most) for part in comparable_parts(other, len(key)))
            if distance <= most:
                found += [(distance, len(other), number, spelled) for number, spelled in self._owners[other]]
        return [(number, spelled, distance) for distance, _, number, spelled in sorted(found)]

    def nearest(self, key: str, limit: int) -> list[int]:
        """Numbers of what looks most alike, however far away."""
        numbers = (number for other, _ in self._alike(key, 4 * limit) for number, _ in self._owners[other])
        return list(dict.fromkeys(numbers))[:limit]

    def _alike(self, key: str, most: int) -> list[tuple[str, float]]:
        """Keys that share grams with a key, with the share (Dice), most alike first."""
        own = grams(key)
        shared: Counter = Counter()
        looked_at = 0
        for postings in sorted((self._grams[gram] for gram in own if gram in self._grams), key=len):
            looked_at += len(postings)
            if looked_at > MOST_POSTINGS and shared:
                break
            shared.update(postings)
        alike = [
            (self._keys[position], 2 * count / (len(own) + len(self._keys[position]) + 2))
            for position, count in shared.most_common(4 * most)
            if self._keys[position] in self._owners
        ]
        return sorted(alike, key=lambda pair: (-pair[1], pair[0]))[:most]

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


def comparable_parts(key: str, length: int) -> set[str]:
    """A spelling, and what of it is typed so far; each from its beginning and from each later word on."""
    starts = [0] + [place + 1 for place, character in enumerate(key) if character == " "]
    return {part for start in starts for part in (key[start:], key[start : start + length])}


def typing_errors(left: str, right: str, most: int) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours between two texts; most + 1 where there are more.

    The optimal string alignment distance (Damerau–Levenshtein, no part edited twice), given up as early as it can be.
    """
    if abs(len(left) - len(right)) > most:
        return most + 1
    before, previous, row = [], [], list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        before, previous, row = previous, row, [i]
        for j, b in enumerate(right, start=1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)

"""An inverted index of texts, ranked by how often and how rarely words occur (BM25)."""

import heapq
import math
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from operator import neg

from .stemming import stems

# The usual constants of BM25: how soon repetition saturates, how much long texts are held back.
SATURATION = 1.2
LENGTH_WEIGHT = 0.75
# What a question is built with, and what it is not about.
QUESTION_WORDS = frozenset(
    {"a", "an", "and", "are", "do", "does", "for", "how", "in", "is", "it", "mean", "means", "of", "on", "the", "to"}
    | {"what", "when", "why", "with"}
)
# A word of a thing's own spellings counts as often as this in its text.
SPELLING_WEIGHT = 6
# Counts are kept in one byte each.
MOST_COUNTED = 255


class TextIndex:
    """Texts of things that are known by a number."""

    def __init__(self):
        # Per stem the numbers of the texts that use it, rising, and how often each does.
        self._numbers: dict[str, array] = defaultdict(lambda: array("Q"))
        self._counts: dict[str, array] = defaultdict(lambda: array("B"))
        self._stems: dict[int, tuple[str, ...]] = {}
        self._lengths: dict[int, int] = {}
        self._total_length = 0

    def add(self, number: int, text: str, spellings: Iterable[str]) -> None:
        counts = Counter(stems(text))
        length = sum(counts.values())
        for stem in {stem for spelling in spellings for stem in stems(spelling)}:
            counts[stem] += SPELLING_WEIGHT
        for stem, count in counts.items():
            numbers = self._numbers[stem]
            place = len(numbers) if not numbers or numbers[-1] < number else bisect_left(numbers, number)
            numbers.insert(place, number)
            self._counts[stem].insert(place, count if count < MOST_COUNTED else MOST_COUNTED)
        self._stems[number] = tuple(counts)
        self._lengths[number] = length
        self._total_length += length

    def remove(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            for stem in self._stems.pop(number, ()):
                place = bisect_left(self._numbers[stem], number)
                del self._numbers[stem][place]
                del self._counts[stem][place]
                if not self._numbers[stem]:
                    del self._numbers[stem], self._counts[stem]
            self._total_length -= self._lengths.pop(number, 0)

    def search(self, query: str, *, limit: int) -> list[tuple[int, float]]:
        """(number, score) of the texts that use every word of the query in some form, best first.

        Words that any question has ("what is a topic") count only where there are no others.
        """
        words = query.split()
        wanted = set(stems(" ".join(word for word in words if word not in QUESTION_WORDS) or query))
        if not wanted or any(stem not in self._numbers for stem in wanted):
            return []
        rising = sorted(wanted, key=lambda stem: len(self._numbers[stem]))
        texts = self._using(rising, limit)
        scores = map(sum, zip(*(self._scores(stem, texts) for stem in rising), strict=True))
        best = heapq.nsmallest(limit, zip(map(neg, scores), texts, strict=True))
        return [(number, -score) for score, number in best]

    def _using(self, rising: list[str], limit: int) -> list[int]:
        """Texts that use each of some stems, given by rarity; of those that use a single one enough of the best."""
        rarest, *others = rising
        if others:
            return list(set(self._numbers[rarest]).intersection(*(self._numbers[stem] for stem in others)))
        least = self._least_count(rarest, limit)
        return [n for n, count in zip(self._numbers[rarest], self._counts[rarest], strict=True) if count >= least]

    def _least_count(self, stem: str, limit: int) -> int:
        """How often a text must use a common word to be looked at, so that some times `limit` texts are."""
        enough = 4 * limit
        for count, texts in sorted(Counter(self._counts[stem]).items(), reverse=True):
            enough -= texts
            if enough <= 0:
                return count
        return 0

    def _scores(self, stem: str, texts: list[int]) -> list[float]:
        """What a stem adds to the scores of texts that use it."""
        numbers, counts, lengths = self._numbers[stem], self._counts[stem], self._lengths
        rarity = math.log(1 + (len(lengths) - len(numbers) + 0.5) / (len(numbers) + 0.5))
        weight = rarity * (SATURATION + 1)
        held_back = SATURATION * (1 - LENGTH_WEIGHT)
        held_back_by_word = SATURATION * LENGTH_WEIGHT * len(lengths) / (self._total_length or 1)
        scores = []
        for number in texts:
            count = counts[bisect_left(numbers, number)]
            scores.append(weight * count / (count + held_back + held_back_by_word * lengths[number]))
        return scores

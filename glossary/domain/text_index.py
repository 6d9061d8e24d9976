"""An inverted index of texts, ranked by how often and how rarely words occur (BM25)."""

import heapq
import math
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
        # Per stem its users, which are numbers of texts, rising, and how many times each of them uses it.
        self._uses: dict[str, tuple[list[int], bytearray]] = defaultdict(lambda: ([], bytearray()))
        self._stems: dict[int, tuple[str, ...]] = {}
        self._lengths: dict[int, int] = {}
        self._total_length = 0

    def add(self, number: int, text: str, spellings: Iterable[str]) -> None:
        counts = Counter(stems(text))
        length = sum(counts.values())
        for stem in {stem for spelling in spellings for stem in stems(spelling)}:
            counts[stem] += SPELLING_WEIGHT
        for stem, count in counts.items():
            users, times = self._uses[stem]
            place = len(users) if not users or users[-1] < number else bisect_left(users, number)
            users.insert(place, number)
            times.insert(place, count if count < MOST_COUNTED else MOST_COUNTED)
        self._stems[number] = tuple(counts)
        self._lengths[number] = length
        self._total_length += length

    def remove(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            for stem in self._stems.pop(number, ()):
                users, times = self._uses[stem]
                place = bisect_left(users, number)
                del users[place], times[place]
                if not users:
                    del self._uses[stem]
            self._total_length -= self._lengths.pop(number, 0)

    def search(self, query: str, *, limit: int) -> list[tuple[int, float]]:
        """(number, score) of the texts that use every word of the query in some form, best first.

        Words that any question has ("what is a topic") count only where there are no others.
        """
        words = query.split()
        wanted = set(stems(" ".join(word for word in words if word not in QUESTION_WORDS) or query))
        if not wanted or any(stem not in self._uses for stem in wanted):
            return []
        rising = sorted(wanted, key=self._texts_using)
        texts = self._using(rising, limit)
        scores = map(sum, zip(*(self._scores(stem, texts) for stem in rising), strict=True))
        best = heapq.nsmallest(limit, zip(map(neg, scores), texts, strict=True))
        return [(number, -score) for score, number in best]

    def _using(self, rising: list[str], limit: int) -> list[int]:
        """Texts that use each of some stems, given by rarity; of those that use a single one enough of the best."""
        rarest, *others = rising
        users, times = self._uses[rarest]
        if others:
            return list(set(users).intersection(*(self._uses[stem][0] for stem in others)))
        # Who uses a common word most is among so many.
        least = least_count(times, 4 * limit)
        return [number for number, count in zip(users, times, strict=True) if count >= least]

    def _texts_using(self, stem: str) -> int:
        users, _ = self._uses[stem]
        return len(users)

    def _scores(self, stem: str, texts: list[int]) -> list[float]:
        """What a stem adds to the scores of texts that use it."""
        (users, times), lengths = self._uses[stem], self._lengths
        rarity = math.log(1 + (len(lengths) - len(users) + 0.5) / (len(users) + 0.5))
        weight = rarity * (SATURATION + 1)
        held_back = SATURATION * (1 - LENGTH_WEIGHT)
        held_back_by_word = SATURATION * LENGTH_WEIGHT * len(lengths) / (self._total_length or 1)
        scores = []
        for number in texts:
            count = times[bisect_left(users, number)]
            scores.append(weight * count / (count + held_back + held_back_by_word * lengths[number]))
        return scores


def least_count(counts: Iterable[int], enough: int) -> int:
    """The highest count that `enough` of the counts reach; 0 where there are not so many."""
    for count, texts in sorted(Counter(counts).items(), reverse=True):
        enough -= texts
        if enough <= 0:
            return count
    return 0

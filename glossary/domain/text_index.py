"""An inverted index of texts, ranked by how often and how rarely words occur (BM25)."""

import heapq
import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable

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


class TextIndex:
    """Texts of things that are known by a number."""

    def __init__(self):
        # Per stem the numbers of the texts that use it, and how often (at most 255 times).
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
            self._numbers[stem].append(number)
            self._counts[stem].append(min(count, 255))
        self._stems[number] = tuple(counts)
        self._lengths[number] = length
        self._total_length += length

    def remove(self, numbers: Iterable[int]) -> None:
        gone = {number for number in numbers if number in self._stems}
        for stem in {stem for number in gone for stem in self._stems[number]}:
            kept = [(n, c) for n, c in zip(self._numbers[stem], self._counts[stem], strict=True) if n not in gone]
            self._numbers[stem] = array("Q", (n for n, _ in kept))
            self._counts[stem] = array("B", (c for _, c in kept))
        for number in gone:
            del self._stems[number]
            self._total_length -= self._lengths.pop(number)

    def search(self, query: str, *, limit: int) -> list[tuple[int, float]]:
        """(number, score) of the texts that use every word of the query in some form, best first.

        Words that any question has ("what is a topic") count only where there are no others.
        """
        words = query.split()
        wanted = set(stems(" ".join(word for word in words if word not in QUESTION_WORDS) or query))
        if not wanted or any(stem not in self._numbers for stem in wanted):
            return []
        rarest_first = sorted(wanted, key=lambda stem: len(self._numbers[stem]))
        candidates = set(self._numbers[rarest_first[0]]).intersection(*(self._numbers[s] for s in rarest_first[1:]))
        scores = dict.fromkeys(candidates, 0.0)
        mean_length = self._total_length / max(1, len(self._lengths)) or 1
        for stem in wanted:
            numbers = self._numbers[stem]
            rarity = math.log(1 + (len(self._lengths) - len(numbers) + 0.5) / (len(numbers) + 0.5))
            for number, count in zip(numbers, self._counts[stem], strict=True):
                if number in scores:
                    held_back = 1 - LENGTH_WEIGHT + LENGTH_WEIGHT * self._lengths[number] / mean_length
                    scores[number] += rarity * count * (SATURATION + 1) / (count + SATURATION * held_back)
        return heapq.nsmallest(limit, scores.items(), key=lambda item: (-item[1], item[0]))

"""English word forms brought to one stem: partitions, partitioned and partitioning are one word to a searcher."""

import threading
from functools import lru_cache

import Stemmer

from .matching import WORD

# The stemmer keeps its word in itself, so that two threads must not share one.
_local = threading.local()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a word that is in lower case already."""
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = Stemmer.Stemmer("english")
    return stemmer.stemWord(word)


def stems(text: str) -> list[str]:
    """The stems of a normalised text's words, in order."""
    return list(map(stem, WORD.findall(text)))


def stem_phrase(key: str) -> str:
    return " ".join(stems(key))

"""Finding terms in running text: normalised spellings, and the longest match at word boundaries."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

# The most is more than any word has; without one, a long run of signs would take memory until it ends.
WORD = re.compile(r"[^\W_]+(?:[.+#]+[^\W_]+){0,99}")
JOINTS = re.compile(r"[\s\-_\u2010-\u2015/]+")
# Between the words of one phrase only blanks and hyphens may stand: "dead letter-queue", not "dead. Letter queue".
GAP = r"(?:[ \t\u00a0\-\u2010\u2011/]+|[ \t]*\n[ \t]*)"
NEXT = re.compile(rf"{GAP}({WORD.pattern})")

# Different words of one text whose forms are remembered, and the longest of them.
MOST_KNOWN = 100_000
LONGEST_KNOWN = 40

# Of a long text's words in small ASCII letters, one compiled pattern passes over those that begin no spelling, as far
# as their first letters and the letter behind them tell. It is worth compiling for a text of so many characters for
# each word that begins spellings. That a blank ends a word is said first because it is quickest.
# Groups that have to try again are not possessive: early releases of Python 3.11 lose their place in them.
ASCII_WORD = r"[0-9a-z]++(?:[ \n]|(?:[.+#]+[0-9a-z]+){0,99}(?![.+#]*[^\W_]))"
LETTERS_TOLD = 8
WORTH_COMPILING = 500


def spelling_key(text: str) -> str:
    """The form in which spellings are compared: NFKC, without case, hyphens as blanks."""
    return JOINTS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def slugify(text: str) -> str:
    """A slug for a label: ASCII letters, digits and single hyphens ("" if nothing of that is left)."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")


def singulars(word: str) -> list[str]:
    """The word and what it may be the plural of; guesses that are no word match nothing."""
    forms = [word]
    if word.endswith("ies") and len(word) > 4:
        forms.append(word[:-3] + "y")
    if word.endswith("es") and len(word) > 3:
        forms.append(word[:-2])
    if word.endswith("s") and not word.endswith("ss") and len(word) > 2:
        forms.append(word[:-1])
    return forms


def plurals(word: str) -> list[str]:
    """Everything that has the word among its singulars."""
    forms = [word, f"{word}s", f"{word}es"]
    if word.endswith("y"):
        forms.append(f"{word[:-1]}ies")
    return forms


def any_of(words: Iterable[tuple[str, str]]) -> str:
    """A pattern for any of some words, each with a pattern for what stands behind it.

    Words that begin alike are tried together, so that most texts are turned down by a letter or two.
    """
    words = sorted(set(words))
    branches = [behind for word, behind in words if not word]
    for letter, alike in groupby((pair for pair in words if pair[0]), key=lambda pair: pair[0][0]):
        branches.append(re.escape(letter) + any_of((word[1:], behind) for word, behind in alike))
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def in_small_letters(text: str) -> str:
    """A text with every letter small and in its place: the small dotted i alone would be two characters."""
    return text.replace("\u0130", "\u0131").lower()


def only_in_capitals(spelling: str) -> bool:
    """Whether a spelling means its term in capitals alone: EDA, ESB."""
    return spelling.isupper() and len(spelling) <= 5


@dataclass(frozen=True)
class Target:
    """What a spelling leads to."""

    uid: str
    slug: str
    voice: str


class Match(NamedTuple):
    """A place of a text, and what its spelling was added with."""

    start: int
    end: int
    target: Any


class Node(NamedTuple):
    """By the next word of a phrase: what a spelling that ends with it means, and where longer spellings go on.

    What it means is its target, and whether that is meant in capitals only.
    """

    ends: dict[str, tuple[Any, bool]]
    onward: dict[str, "Node"]


class Matcher:
    """A trie of words over many spellings; of two spellings that begin at one place the longer one wins.

    A target may be anything.
    When one spelling is added twice, the first target keeps it.
    """

    def __init__(self):
        self._root = Node({}, {})
        self._promising: re.Pattern | None = None

    def add(self, spelling: str, target) -> None:
        words, node = spelling_key(spelling).split(), self._root
        if not words:
            return
        for word in words[:-1]:
            node = node.onward.setdefault(word, Node({}, {}))
        node.ends.setdefault(words[-1], (target, only_in_capitals(spelling)))
        self._promising = None

    def find(self, text: str) -> Iterator[Match]:
        """Matches from left to right, never overlapping.

        Most words begin no spelling, and come again and again: those are remembered and passed over at once.
        """
        forms, dull, done = _Forms(), set(), 0
        for start, end in self._words(text):
            written = text[start:end]
            if written in dull or start < done:
                continue
            key, singular = forms[written]
            if key not in self._root.onward and not any(form in self._root.ends for form in singular):
                if len(dull) < MOST_KNOWN and len(written) < LONGEST_KNOWN:
                    dull.add(written)
                continue
            found = self._longest(text, start, end, forms)
            if found:
                yield found
                done = found.end

    def _words(self, text: str) -> Iterator[tuple[int, int]]:
        """Where words of a text stand: all of them, or in a long text those that may begin a match."""
        if len(text) < WORTH_COMPILING * (len(self._root.ends) + len(self._root.onward)):
            return map(re.Match.span, WORD.finditer(text))
        if self._promising is None:
            dull = rf"(?!{any_of(self._beginnings())}){ASCII_WORD}"
            self._promising = re.compile(rf"(?:{dull}|[\W_]++)*+({WORD.pattern}|\Z)")
        return (match.span(1) for match in self._promising.finditer(in_small_letters(text)))

    def _beginnings(self) -> Iterator[tuple[str, str]]:
        """(word, pattern of what stands behind it) for every ASCII word that a match may begin with."""
        told = [(form, r"(?![^\W_])") for word in self._root.ends for form in plurals(word)]
        for word, node in self._root.onward.items():
            letters = {re.escape(following[0]) for following in (*node.ends, *node.onward)}
            told.append((word, rf"{GAP}(?:{'|'.join(sorted(letters))}|[^\x00-\x7f])"))
        for word, behind in told:
            if word.isascii():
                yield (word, behind) if len(word) <= LETTERS_TOLD else (word[:LETTERS_TOLD], "")

    def _longest(self, text: str, start: int, end: int, forms: "_Forms") -> Match | None:
        written, node, best = text[start:end], self._root, None
        while True:
            key, singular = forms[written]
            for form in singular:
                meaning = node.ends.get(form)
                if meaning and (not meaning[1] or text[start:end].rstrip("s").isupper()):
                    best = Match(start, end, meaning[0])
                    break
            node = node.onward.get(key)
            following = NEXT.match(text, end) if node else None
            if following is None:
                return best
            end, written = following.end(), following[1]


class _Forms(dict):
    """The key of a word as it is written, and what the word may be the plural of: worked out once for most words."""

    def __missing__(self, written: str) -> tuple[str, list[str]]:
        key = spelling_key(written)
        known = key, singulars(key)
        if len(self) < MOST_KNOWN and len(written) < LONGEST_KNOWN:
            self[written] = known
        return known

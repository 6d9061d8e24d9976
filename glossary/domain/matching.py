"""Finding terms in running text: normalised spellings, and the longest match at word boundaries."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

WORD = re.compile(r"[^\W_]+(?:[.+#]+[^\W_]+)*", re.UNICODE)
JOINTS = re.compile(r"[\s\-_\u2010-\u2015/]+")
# Between the words of one phrase only blanks and hyphens may stand: "dead letter-queue", not "dead. Letter queue".
NEXT = re.compile(rf"(?:[ \t\u00a0\-\u2010\u2011/]+|[ \t]*\n[ \t]*)({WORD.pattern})")

# Different words of one text whose forms are remembered, and the longest of them.
MOST_KNOWN = 100_000
LONGEST_KNOWN = 40


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


class Matcher:
    """A trie of words over many spellings; of two spellings that begin at one place the longer one wins.

    A target may be anything. Spellings that are short and all capitals (EDA, ESB) match only in capitals.
    When one spelling is added twice, the first target keeps it.
    """

    LEAF = ""

    def __init__(self):
        self._root: dict = {}

    def add(self, spelling: str, target) -> None:
        node = self._root
        for word in spelling_key(spelling).split():
            node = node.setdefault(word, {})
        if node is not self._root:
            node.setdefault(self.LEAF, (target, spelling.isupper() and len(spelling) <= 5))

    def find(self, text: str) -> Iterator[Match]:
        """Matches from left to right, never overlapping.

        Most words begin no spelling, and come again and again: those are remembered and passed over at once.
        """
        forms, dull, end = _Forms(), set(), 0
        for first in WORD.finditer(text):
            written = first.group()
            if written in dull or first.start() < end:
                continue
            key, singular = forms[written]
            if key not in self._root and not any(form in self._root for form in singular):
                if len(dull) < MOST_KNOWN and len(written) < LONGEST_KNOWN:
                    dull.add(written)
                continue
            found = self._longest(text, first, forms)
            if found:
                yield found
                end = found.end

    def _longest(self, text: str, first: re.Match, forms: "_Forms") -> Match | None:
        start, end, written = first.start(), first.end(), first.group()
        node, best = self._root, None
        while True:
            key, singular = forms[written]
            for form in singular:
                leaf = node.get(form, {}).get(self.LEAF)
                if leaf and (not leaf[1] or text[start:end].rstrip("s").isupper()):
                    best = Match(start, end, leaf[0])
                    break
            node = node.get(key)
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

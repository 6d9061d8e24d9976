"""Finding terms in running text: normalised spellings, and the longest match at word boundaries."""

import re
import unicodedata
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

WORD = re.compile(r"[^\W_]+(?:[.+#]*[^\W_]+)*", re.UNICODE)
JOINTS = re.compile(r"[\s\-_\u2010-\u2015/]+")
# Between the words of one phrase only blanks and hyphens may stand: "dead letter-queue", not "dead. Letter queue".
GAP = re.compile(r"[ \t\u00a0\-\u2010\u2011/]+|[ \t]*\n[ \t]*")

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
        """Matches from left to right, never overlapping."""
        words = _Words(text)
        position = 0
        while (word := words.at(position)) is not None:
            if word.key in self._root or any(form in self._root for form in word.forms):
                found = self._longest(words, position)
                if found:
                    last, target = found
                    yield Match(word.start, words.at(last).end, target)
                    position = last
            position += 1
            words.forget_before(position)

    def _longest(self, words: "_Words", first: int):
        node, best = self._root, None
        index, word = first, words.at(first)
        while word is not None:
            for form in word.forms:
                leaf = node.get(form, {}).get(self.LEAF)
                if leaf and (not leaf[1] or words.text[words.at(first).start : word.end].rstrip("s").isupper()):
                    best = index, leaf[0]
                    break
            node = node.get(word.key)
            following = words.at(index + 1)
            if node is None or following is None or not GAP.fullmatch(words.text, word.end, following.start):
                break
            index, word = index + 1, following
        return best


class _Word(NamedTuple):
    start: int
    end: int
    key: str
    forms: list[str]


class _Words:
    """The words of a text as they are needed: no more of them are held than a phrase is long.

    Most words of a text come again and again, so what is compared of each is worked out once.
    """

    def __init__(self, text: str):
        self.text = text
        self._scanner = WORD.finditer(text)
        self._held: deque[_Word] = deque()
        self._first = 0
        self._known: dict[str, tuple[str, list[str]]] = {}

    def at(self, position: int) -> _Word | None:
        while position - self._first >= len(self._held):
            match = next(self._scanner, None)
            if match is None:
                return None
            self._held.append(self._word(match))
        return self._held[position - self._first]

    def forget_before(self, position: int) -> None:
        while self._first < position and self._held:
            self._held.popleft()
            self._first += 1

    def _word(self, match: re.Match) -> _Word:
        written = match.group()
        known = self._known.get(written)
        if known is None:
            key = spelling_key(written)
            known = key, singulars(key)
            if len(self._known) < MOST_KNOWN and len(written) < LONGEST_KNOWN:
                self._known[written] = known
        return _Word(match.start(), match.end(), *known)

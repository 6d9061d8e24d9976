"""Finding terms in running text: normalised spellings, and the longest match at word boundaries."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

WORD = re.compile(r"[^\W_]+(?:[.+#]*[^\W_]+)*", re.UNICODE)
JOINTS = re.compile(r"[\s\-_\u2010-\u2015/]+")
# Between the words of one phrase only blanks and hyphens may stand: "dead letter-queue", not "dead. Letter queue".
GAP = re.compile(r"[ \t\u00a0\-\u2010\u2011/]+|[ \t]*\n[ \t]*")


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
    start: int
    end: int
    target: Target


class Matcher:
    """A trie of words over many spellings; of two spellings that begin at one place the longer one wins.

    Spellings that are short and all capitals (EDA, ESB) match only in capitals.
    When one spelling is added twice, the first target keeps it.
    """

    LEAF = ""

    def __init__(self):
        self._root: dict = {}

    def add(self, spelling: str, target: Target) -> None:
        node = self._root
        for word in spelling_key(spelling).split():
            node = node.setdefault(word, {})
        if node is not self._root:
            node.setdefault(self.LEAF, (target, spelling.isupper() and len(spelling) <= 5))

    def find(self, text: str) -> Iterator[Match]:
        """Matches from left to right, never overlapping."""
        words = [(m.start(), m.end(), spelling_key(m.group())) for m in WORD.finditer(text)]
        position = 0
        while position < len(words):
            found = self._longest(text, words, position)
            if found:
                last, target = found
                yield Match(words[position][0], words[last][1], target)
                position = last
            position += 1

    def _longest(self, text, words, first):
        node, best = self._root, None
        for index in range(first, len(words)):
            if index > first and not GAP.fullmatch(text, words[index - 1][1], words[index][0]):
                break
            for form in singulars(words[index][2]):
                leaf = node.get(form, {}).get(self.LEAF)
                if leaf and (not leaf[1] or text[words[first][0] : words[index][1]].rstrip("s").isupper()):
                    best = index, leaf[0]
                    break
            node = node.get(words[index][2])
            if node is None:
                break
        return best

"""What a reader would wish of a term's texts: lengths, and warnings that stop nobody from proposing.

Texts are counted as they are read: rendered, without markup, links by their visible words, one block a line.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from .matching import Matcher, Target
from .vocabulary import VOICES

LONGEST_SENTENCE = 25
# Where a sentence ends: at its stop, before something that begins like another one.
SENTENCE_END = re.compile(r"(?<=[.!?])[”’\")]*\s+(?=[A-Z“‘`(])")
LENGTHS = {
    "definitions/engineer": (60, 150, "words"),
    "definitions/manager": (50, 120, "words"),
    "gap": (30, 80, "words"),
    "lines/engineer": (0, 140, "characters"),
    "lines/manager": (0, 140, "characters"),
}


class Length(NamedTuple):
    """How long a text is, and how long it should be."""

    count: int
    least: int
    most: int
    unit: str

    @property
    def is_off(self) -> bool:
        return not self.least <= self.count <= self.most

    def __str__(self):
        wanted = f"{self.least}–{self.most}" if self.least else f"at most {self.most}"
        return f"{self.count} {self.unit} ({wanted})"


class Advice(NamedTuple):
    """`path` names the field, as a Problem's does; nothing is wrong, only worse than it could be."""

    path: str
    message: str


def lengths(texts: dict[str, str]) -> dict[str, Length]:
    """By path, for texts without markup."""
    return {
        path: Length(len(texts[path].split()) if unit == "words" else len(texts[path]), least, most, unit)
        for path, (least, most, unit) in LENGTHS.items()
        if path in texts
    }


def advise(snapshot: dict, texts: dict[str, str]) -> list[Advice]:
    """What can be said by the term alone. `texts`: definitions, lines and gap by path, without markup."""
    return [*long_sentences(texts), *circular(snapshot, texts), *missing(snapshot)]


def long_sentences(texts: dict[str, str]) -> Iterable[Advice]:
    for path, text in texts.items():
        for sentence in sentences(text):
            count = len(sentence.split())
            if count > LONGEST_SENTENCE:
                start = " ".join(sentence.split()[:6])
                yield Advice(path, f"the sentence “{start} …” has {count} words; {LONGEST_SENTENCE} are read at once")


def sentences(text: str) -> list[str]:
    return [sentence for block in text.split("\n") for sentence in SENTENCE_END.split(block)]


def circular(snapshot: dict, texts: dict[str, str]) -> Iterable[Advice]:
    """Where a line, or the first sentence of a definition, uses the very word that it explains.

    A sentence may begin with its word ("Compaction is …", "A topic is …"); it explains nothing with it after that.
    """
    own = Matcher()
    target = Target(snapshot["uid"], snapshot["slug"], snapshot["voice"])
    inflections = [alias["text"] for alias in snapshot.get("aliases", []) if alias["kind"] == "inflection"]
    for spelling in (snapshot["label"], *inflections):
        own.add(spelling, target)
    for path in (f"{part}/{voice}" for part in ("lines", "definitions") for voice in VOICES):
        first = sentences(texts.get(path, ""))[0]
        for match in own.find(first):
            if len(first[: match.start].split()) > 2:
                word = first[match.start : match.end]
                yield Advice(path, f"explains “{snapshot['label']}” with “{word}”: say it in other words")
                break


def missing(snapshot: dict) -> Iterable[Advice]:
    if not snapshot.get("sources"):
        yield Advice("sources", "no source is given: readers cannot check it")
    if not snapshot.get("mappings"):
        yield Advice("mappings", "no mapping: readers of the other voice do not find it by their own word")
    if not snapshot.get("scenarios"):
        yield Advice("scenarios", "no scenario: there is nothing to play with")

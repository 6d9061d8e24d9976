"""What changed between two texts, word by word, and between two snapshots, field by field."""

import re
from typing import Any, NamedTuple

from rapidfuzz.distance import Indel

TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


class Piece(NamedTuple):
    """A stretch of text that is `same`, `removed` or `added`."""

    kind: str
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """The shortest way from one text to the other in whole words; joined, the pieces give both texts back."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    pieces: list[Piece] = []
    removed = added = ""
    for step in Indel.opcodes(old, new):
        gone, come = "".join(old[step.src_start : step.src_end]), "".join(new[step.dest_start : step.dest_end])
        if step.tag != "equal":
            removed, added = removed + gone, added + come
            continue
        pieces += changed(removed, added)
        pieces.append(Piece("same", come))
        removed = added = ""
    return pieces + changed(removed, added)


def changed(removed: str, added: str) -> list[Piece]:
    return [Piece(kind, text) for kind, text in (("removed", removed), ("added", added)) if text]


class FieldChange(NamedTuple):
    """A field that differs, `before` or `after` being None where it is not there at all."""

    path: str
    before: Any
    after: Any


def changed_fields(before: dict | None, after: dict) -> list[FieldChange]:
    """The fields in which two snapshots differ, in the order of the later one; tables are entered, lists are not."""
    return list(walk("", before or {}, after))


def walk(path: str, before: dict, after: dict):
    for name in dict.fromkeys([*after, *before]):
        old, new = before.get(name), after.get(name)
        where = f"{path}/{name}" if path else name
        if old == new:
            continue
        if isinstance(new, dict) and isinstance(old, dict | None):
            yield from walk(where, old or {}, new)
        else:
            yield FieldChange(where, old, new)

"""What changed between two texts, word by word, and between two snapshots, field by field."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from rapidfuzz.distance import Indel

TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
# Comparing fills a table of one bit for each pair of tokens; where that is more than 50 MB, all is told as changed.
LARGEST_TABLE = 400_000_000


class Piece(NamedTuple):
    """A stretch of text that is `same`, `removed` or `added`."""

    kind: str
    text: str


class Stretch(NamedTuple):
    """Tokens of two sequences that correspond: the same, or what stood there before and stands there now."""

    is_same: bool
    old: Sequence[str]
    new: Sequence[str]


def stretches(old: Sequence[str], new: Sequence[str]) -> list[Stretch]:
    """The shortest way from one sequence to the other. Blanks alone between two changes are part of the change."""
    start, end = common_ends(old, new)
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    found: list[Stretch] = [Stretch(True, new[:start], new[:start])] if start else []
    if len(before) * len(after) > LARGEST_TABLE:
        found.append(Stretch(False, before, after))
    else:
        for step in Indel.opcodes(before, after):
            there, here = before[step.src_start : step.src_end], after[step.dest_start : step.dest_end]
            add_stretch(found, Stretch(step.tag == "equal", there, here))
    return found + ([Stretch(True, new[len(new) - end :], new[len(new) - end :])] if end else [])


def common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many tokens are the same at the beginning, and how many of the rest at the end."""
    shorter = min(len(old), len(new))
    start = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    end = next((i for i in range(shorter - start) if old[-1 - i] != new[-1 - i]), shorter - start)
    return start, end


def add_stretch(found: list[Stretch], stretch: Stretch) -> None:
    if stretch.is_same:
        found.append(stretch)
        return
    joined = [stretch]
    if len(found) > 1 and found[-1].is_same and not found[-2].is_same and not "".join(found[-1].new).strip():
        joined = [found.pop(-2), found.pop(), stretch]
    elif found and not found[-1].is_same:
        joined = [found.pop(), stretch]
    old = [token for part in joined for token in part.old]
    new = [token for part in joined for token in part.new]
    found.append(Stretch(False, old, new))


def word_diff(before: str, after: str) -> list[Piece]:
    """From one text to the other in whole words; joined, the pieces give both texts back."""
    pieces: list[Piece] = []
    for stretch in stretches(TOKEN.findall(before), TOKEN.findall(after)):
        if stretch.is_same:
            pieces.append(Piece("same", "".join(stretch.new)))
        else:
            sides = (("removed", stretch.old), ("added", stretch.new))
            pieces += [Piece(kind, "".join(tokens)) for kind, tokens in sides if tokens]
    return pieces


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

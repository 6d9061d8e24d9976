"""Three-way merge of snapshots: what two people changed since both saw the same revision.

Fields that only one of them touched merge by themselves; within prose, sentences that only one
touched do; lists of things merge thing by thing. What both changed differently is a conflict:
the merged snapshot then holds mine, and the conflict keeps all three texts.
"""

import json
import re
from typing import Any, NamedTuple

from merge3 import Merge3

ABSENT = object()
# Fields whose text is prose, merged sentence by sentence. Any other text is one thing.
PROSE = re.compile(r"(definitions/\w+|gap|code/\w+|description)")
# What identifies an item of a list; items of other lists are identified by all that they say.
IDENTITY = {"aliases": "text", "mappings": "term", "relations": "term", "sources": "url", "claims": "id"}
# Tables that say one thing: half of one and half of another make no sense.
WHOLE = ("break",)
SENTENCE = re.compile(r".+?(?:[.!?:;](?=\s)\s*|\n+|\Z)", re.DOTALL)


class Conflict(NamedTuple):
    """A field that both changed; a text is None where that side has nothing there."""

    path: str
    base: Any
    mine: Any
    theirs: Any


class Merge(NamedTuple):
    snapshot: dict
    conflicts: list[Conflict]


def merge(*, base: dict, mine: dict, theirs: dict) -> Merge:
    """`mine` and `theirs` both started from `base`."""
    conflicts: list[Conflict] = []
    return Merge(merge_value("", base, mine, theirs, conflicts), conflicts)


def merge_value(path: str, base, mine, theirs, conflicts: list[Conflict]):
    if mine == theirs or theirs == base:
        return mine
    if mine == base:
        return theirs
    if isinstance(mine, dict) and isinstance(theirs, dict) and path not in WHOLE:
        return merge_tables(path, base if isinstance(base, dict) else {}, mine, theirs, conflicts)
    if isinstance(mine, list) and isinstance(theirs, list):
        return merge_lists(path, base if isinstance(base, list) else [], mine, theirs, conflicts)
    if isinstance(base, str) and isinstance(mine, str) and isinstance(theirs, str) and PROSE.fullmatch(path):
        text = merge_prose(base, mine, theirs)
        if text is not None:
            return text
    told = [None if value is ABSENT else value for value in (base, mine, theirs)]
    conflicts.append(Conflict(path, *told))
    return mine


def merge_tables(path: str, base: dict, mine: dict, theirs: dict, conflicts: list[Conflict]) -> dict:
    merged = {}
    for name in dict.fromkeys([*mine, *theirs]):
        versions = (table.get(name, ABSENT) for table in (base, mine, theirs))
        value = merge_value(f"{path}/{name}" if path else name, *versions, conflicts)
        if value is not ABSENT:
            merged[name] = value
    return merged


def merge_lists(path: str, base: list, mine: list, theirs: list, conflicts: list[Conflict]) -> list:
    if path == "records":
        # Order and repetition are what a log is about: positions are compared, not members.
        merged = merge_sequences(*(list(map(written, side)) for side in (base, mine, theirs)))
        if merged is not None:
            return [json.loads(text) for text in merged]
        conflicts.append(Conflict(path, base, mine, theirs))
        return mine
    name = IDENTITY.get(path)
    sides = [{identity(item, name): item for item in side} for side in (base, mine, theirs)]
    if any(len(side) != len(items) for side, items in zip(sides, (base, mine, theirs), strict=True)):
        # Something is named twice, so its twins cannot be told apart.
        conflicts.append(Conflict(path, base, mine, theirs))
        return mine
    merged = []
    for key in dict.fromkeys([*sides[1], *sides[2]]):
        versions = [side.get(key, ABSENT) for side in sides]
        value = merge_value(f"{path}/{key}", *versions, conflicts)
        if value is not ABSENT:
            merged.append(value)
    return merged


def identity(item, name: str | None) -> str:
    return str(item[name]) if name and isinstance(item, dict) and name in item else written(item)


def written(item) -> str:
    return json.dumps(item, ensure_ascii=False)


def merge_prose(base: str, mine: str, theirs: str) -> str | None:
    """The text with both sides' sentences, or None where both changed the same place."""
    merged = merge_sequences(*(SENTENCE.findall(text) for text in (base, mine, theirs)))
    return None if merged is None else "".join(merged)


def merge_sequences(base: list[str], mine: list[str], theirs: list[str]) -> list[str] | None:
    merged: list[str] = []
    for group in Merge3(base, mine, theirs).merge_groups():
        if group[0] == "conflict":
            return None
        merged += group[1]
    return merged

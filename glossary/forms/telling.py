"""Fields and what they say, in words: for lists of changes, conflicts and problems."""

from collections.abc import Callable
from typing import Any, NamedTuple

from ..domain.diff import Piece, changed_fields, word_diff
from ..domain.merge import Conflict
from ..domain.settling import Place, place_of
from ..domain.snapshot import LONGEST_TEXT

WORDS = {
    "slug": "address",
    "say": "what to say",
    "avoid": "what to avoid",
    "gap": "the gap",
    "code/path": "what the code prints",
    "code/python": "Python code",
    "code/clojure": "Clojure code",
}
PARTS = {"lines": "line", "definitions": "definition"}
ITEMS = {
    "aliases": "alias", "mappings": "mapping", "relations": "relation", "scenarios": "scenario", "sources": "source",
    "captions": "caption of",
}  # fmt: skip


def words_of(path: str, label: Callable[[str], str] = str) -> str:
    """What a field is called: "engineer definition", "alias 2", "mapping to clean-up"."""
    if path in WORDS:
        return WORDS[path]
    head, _, rest = path.partition("/")
    if not rest:
        return head
    if head in PARTS:
        return f"{rest} {PARTS[head]}"
    item, _, part = rest.partition("/")
    if item.isdecimal():
        item = str(int(item) + 1)
    return f"{ITEMS.get(head, head)} {label(item)}{f', {part}' if part else ''}"


def tell(value: Any, label: Callable[[str], str] = str) -> str:
    """A value as text: an item of a list in one line, a list one item a line. `label` names a term by its uid."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(tell(item, label) for item in value)
    if isinstance(value, dict):
        return " · ".join(label(text) if name == "term" else text for name, text in value.items() if text)
    return str(value)


def differences(before: str, after: str) -> list[Piece]:
    """Word by word; texts that are too long to publish are not compared, which would take minutes."""
    if max(len(before), len(after)) > 2 * LONGEST_TEXT:
        return [Piece("same", "This text is too long to be compared.")]
    return word_diff(before, after)


class Changed(NamedTuple):
    """A field that says something else than what is published."""

    path: str
    words: str
    pieces: list[Piece]


def changes(before: dict | None, after: dict, label: Callable[[str], str] = str) -> list[Changed]:
    return [
        Changed(path, words_of(path, label), differences(tell(old, label), tell(new, label)))
        for path, old, new in changed_fields(before, after)
    ]


class Undecided(NamedTuple):
    """A conflict as its author decides it. Texts are told; "" where a side has nothing there."""

    path: str
    place: Place
    words: str
    base: str
    theirs: str
    their_pieces: list[Piece]
    my_pieces: list[Piece]


def undecided(conflicts: list[Conflict], *snapshots: dict | None, label: Callable[[str], str] = str) -> list[Undecided]:
    """`snapshots`: base, mine and theirs, in which the items of lists are looked for."""
    found = []
    for conflict in conflicts:
        base, mine, theirs = (tell(value, label) for value in (conflict.base, conflict.mine, conflict.theirs))
        found.append(
            Undecided(
                conflict.path,
                place_of(conflict.path, *snapshots),
                words_of(conflict.path, label),
                base,
                theirs,
                differences(base, theirs),
                differences(base, mine),
            )
        )
    return found

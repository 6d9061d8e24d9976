"""Settling what two people changed differently: a conflict's place in a snapshot, and putting one side's text there."""

import copy
from typing import Any, NamedTuple

from .merge import IDENTITY, identity


class Place(NamedTuple):
    """Where a conflict is: a field; where that is a list, the item, and what of the item, "" for all of it."""

    field: str
    item: str = ""
    part: str = ""


def place_of(path: str, *snapshots: dict | None) -> Place:
    """The place that a path of `merge` names. Items are named by what identifies them in any of the snapshots."""
    head, _, rest = path.partition("/")
    if not rest or head not in IDENTITY:
        return Place(path)
    keys = [identity(item, IDENTITY[head]) for snapshot in snapshots for item in (snapshot or {}).get(head, [])]
    # What identifies an item may hold slashes itself: the longest that fits is meant.
    for key in sorted(set(keys), key=len, reverse=True):
        if rest == key:
            return Place(head, key)
        if rest.startswith(f"{key}/"):
            return Place(head, key, rest[len(key) + 1 :])
    return Place(head, rest)


def index_of(snapshot: dict, place: Place) -> int | None:
    """Which item of a list a place is about, if it is there."""
    items = snapshot.get(place.field, []) if place.item else []
    return next((i for i, item in enumerate(items) if identity(item, IDENTITY[place.field]) == place.item), None)


def value_at(snapshot: dict | None, place: Place) -> Any:
    """What stands there; None where there is nothing."""
    snapshot = snapshot or {}
    if not place.item:
        value: Any = snapshot
        for name in place.field.split("/"):
            value = value.get(name) if isinstance(value, dict) else None
        return value
    index = index_of(snapshot, place)
    if index is None:
        return None
    item = snapshot[place.field][index]
    return item.get(place.part) if place.part else item


def put(snapshot: dict, place: Place, value: Any) -> dict:
    """The snapshot with another value there; None takes it out."""
    snapshot = copy.deepcopy(snapshot)
    if not place.item:
        *above, name = place.field.split("/")
        table = snapshot
        for step in above:
            table = table.setdefault(step, {})
        set_or_remove(table, name, value)
        return snapshot
    items = snapshot.setdefault(place.field, [])
    index = index_of(snapshot, place)
    if place.part:
        if index is not None:
            set_or_remove(items[index], place.part, value)
    elif value is None:
        snapshot[place.field] = [item for i, item in enumerate(items) if i != index]
    elif index is None:
        items.append(value)
    else:
        items[index] = value
    return snapshot


def set_or_remove(table: dict, name: str, value: Any) -> None:
    if value is None:
        table.pop(name, None)
    else:
        table[name] = value

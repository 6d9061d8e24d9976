"""How two snapshots differ, field by field, as pages tell it."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from .domain.diff import FieldChange, Piece, changed_fields, stretches, word_diff
from .domain.html_diff import html_diff
from .domain.merge import IDENTITY, identity, written
from .domain.vocabulary import VOICES
from .models import Term

# More rows of one list than this are not read by anybody.
MOST_ROWS = 200

TITLES = {
    "slug": "Address",
    "gap": "The gap",
    "lines": "In one line",
    "definitions": "Definition",
    "captions": "Caption",
    "question": "Question",
    "question/answer": "Answer",
    "params": "Parameter",
    "code": "Code",
    "break": "Break",
    "start": "First step shown",
    "log": "Sample log",
}
# What each item of a list is called, and what else it says.
NAMED_BY = {"aliases": "text", "sources": "title", "claims": "id", "interventions": "kind"}


class Detail(NamedTuple):
    """One thing that an item of a list says, word by word."""

    name: str
    pieces: list[Piece]


class Row(NamedTuple):
    """An item of a list that was `added`, `removed` or `changed`."""

    kind: str
    label: str
    details: list[Detail]


@dataclass(frozen=True)
class Difference:
    """A field that differs. Lists have `rows`; texts have `pieces` and, where they are rendered, `html`."""

    path: str
    before: Any
    after: Any
    # Rendered, before and after; None for what is not Markdown.
    rendered: tuple[str, str] | None
    # The labels of terms by uid, for what names them.
    labels: dict[str, str]

    @property
    def title(self) -> str:
        return titled(self.path)

    @property
    def voice(self) -> str:
        """The voice that it belongs to, or ""."""
        last = self.path.rpartition("/")[2]
        return last if last in VOICES else ""

    @property
    def anchor(self) -> str:
        return f"field-{self.path.replace('/', '-')}"

    @property
    def is_list(self) -> bool:
        return isinstance(self.after if self.before is None else self.before, list)

    @cached_property
    def pieces(self) -> list[Piece]:
        return word_diff(text_of(self.before), text_of(self.after))

    @cached_property
    def html(self) -> str:
        """Safe HTML, or "" for what is not rendered."""
        return html_diff(*self.rendered) if self.rendered else ""

    @property
    def differs_in_words(self) -> bool:
        return not self.html or "<ins>" in self.html or "<del>" in self.html

    @cached_property
    def all_rows(self) -> list[Row]:
        before, after = self.before or [], self.after or []
        if self.path == "records":
            return record_rows(before, after)
        return item_rows(self.path, before, after, self.labels)

    @property
    def rows(self) -> list[Row]:
        return self.all_rows[:MOST_ROWS]

    @property
    def rows_left_out(self) -> int:
        return len(self.all_rows) - len(self.rows)

    @property
    def told_rows(self) -> str:
        """Such as "2 added, 1 removed"; or that only the order changed."""
        counts = Counter(row.kind for row in self.all_rows)
        told = [f"{counts[kind]} {kind}" for kind in ("added", "removed", "changed") if counts[kind]]
        return ", ".join(told) or "in another order"


def differences(
    before: dict | None, after: dict, html_before: dict | None = None, html_after: dict | None = None
) -> list[Difference]:
    """The fields that differ. The HTML is that of a term's texts: {engineer, manager, gap}, both or neither."""
    changes = changed_fields(before, after)
    labels = labels_of(changes)
    return [
        Difference(change.path, change.before, change.after, rendered(change.path, html_before, html_after), labels)
        for change in changes
    ]


def titled(path: str) -> str:
    """What readers call a field; the voice that it belongs to is told beside it."""
    name, _, rest = path.rpartition("/")
    if not name:
        return TITLES.get(path, path.capitalize())
    title = TITLES.get(name, name.replace("/", " ").capitalize())
    return title if rest in VOICES else f"{title}: {rest}"


def difference(path: str, before, after) -> Difference:
    """One field on its own."""
    return Difference(path, before, after, None, labels_of([FieldChange(path, before, after)]))


def rendered(path: str, html_before: dict | None, html_after: dict | None) -> tuple[str, str] | None:
    name = path.removeprefix("definitions/")
    if html_after is None or (name == path and path != "gap") or name not in html_after:
        return None
    return (html_before or {}).get(name, ""), html_after[name]


def labels_of(changes: Iterable[FieldChange]) -> dict[str, str]:
    uids = {
        link["term"]
        for change in changes
        if change.path in {"mappings", "relations"}
        for link in [*(change.before or []), *(change.after or [])]
    }
    return dict(Term.objects.filter(uid__in=uids).values_list("uid", "label")) if uids else {}


def text_of(value) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)


def item_rows(path: str, before: list, after: list, labels: dict[str, str]) -> list[Row]:
    """What came, went and changed, by what identifies an item; the order alone makes no row."""
    name = IDENTITY.get(path)
    old = {identity(item, name): item for item in before}
    new = {identity(item, name): item for item in after}
    rows = []
    for key in dict.fromkeys([*new, *old]):
        if old.get(key) != new.get(key):
            kind = "added" if key not in old else "removed" if key not in new else "changed"
            label = label_of(path, new.get(key, old.get(key)), labels)
            rows.append(Row(kind, label, details(path, old.get(key), new.get(key))))
    return rows


def label_of(path: str, item, labels: dict[str, str]) -> str:
    if not isinstance(item, dict):
        return text_of(item)
    if "term" in item:
        return labels.get(item["term"], item["term"])
    return str(item.get(NAMED_BY.get(path, ""), path))


def details(path: str, before, after) -> list[Detail]:
    old, new = told(path, before), told(path, after)
    return [
        Detail(name, word_diff(old.get(name, ""), new.get(name, "")))
        for name in dict.fromkeys([*new, *old])
        if old.get(name) or new.get(name)
    ]


def told(path: str, item) -> dict[str, str]:
    """What an item says beside its name, as texts by name."""
    if not isinstance(item, dict):
        return {}
    if path == "claims":
        test = f"{item['path']} {item['op']} {json.dumps(item['value'], ensure_ascii=False)}"
        at = {"at step": str(item["at"])} if "at" in item else {}
        return {voice: item[voice] for voice in VOICES} | {"test": test} | at
    without = {"term", NAMED_BY.get(path)}
    said = {name: text_of(value) for name, value in item.items() if name not in without}
    return said | ({"kind": said["kind"].replace("_", " ")} if "kind" in said else {})


def record_rows(before: list, after: list) -> list[Row]:
    """Records by their place: those that stand in for each other are changed, the rest came or went."""
    rows: list[Row] = []
    old_place = new_place = 0
    for stretch in stretches([written(record) for record in before], [written(record) for record in after]):
        if not stretch.is_same:
            for index in range(max(len(stretch.old), len(stretch.new))):
                old, new = (side[index] if index < len(side) else None for side in (stretch.old, stretch.new))
                place = new_place + index if new else old_place + index
                kind = "added" if old is None else "removed" if new is None else "changed"
                pieces = word_diff(old or "", new or "") if len(rows) < MOST_ROWS else []
                rows.append(Row(kind, f"record {place + 1}", [Detail("", pieces)]))
        old_place, new_place = old_place + len(stretch.old), new_place + len(stretch.new)
    return rows

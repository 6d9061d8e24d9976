"""Fields of a form, and lists of things in it as rows that can be added, moved and taken out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from ..domain.problems import Problem

# The names and texts of a form in order; one that was sent twice has its last text.
Fields = dict[str, str]


class Option(NamedTuple):
    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """One field as a template shows it.

    kind: line, number, text, code, lines (of code), choice. voice: whose ink it is written in, if any. redraws: whether
    the fields that belong to it depend on what it says.
    """

    name: str
    label: str
    value: str = ""
    kind: str = "line"
    hint: str = ""
    problem: str = ""
    voice: str = ""
    longest: int = 0
    options: tuple[Option, ...] = ()
    redraws: bool = False
    has_focus: bool = False


@dataclass(frozen=True)
class Row:
    """One thing in a list; `index` counts from 0."""

    list: str
    index: int
    fields: dict[str, Field] = field(default_factory=dict)
    is_first: bool = False
    is_last: bool = False

    @property
    def number(self) -> int:
        return self.index + 1

    @property
    def path(self) -> str:
        return f"{self.list}/{self.index}"


def as_sent(pairs: Iterable[tuple[str, str]]) -> Fields:
    """What a browser sent, with line breaks as they are everywhere else."""
    return {name: text.replace("\r\n", "\n").replace("\r", "\n") for name, text in pairs}


def rows_of(fields: Fields, name: str) -> list[Fields]:
    """The rows of a list in order, each with the rest of its fields' names."""
    place = re.compile(rf"{name}/(\d{{1,6}})/(.+)", re.DOTALL)
    rows: dict[int, Fields] = {}
    for path, text in fields.items():
        if match := place.fullmatch(path):
            rows.setdefault(int(match[1]), {})[match[2]] = text
    return [rows[index] for index in sorted(rows)]


def with_rows(fields: Fields, name: str, rows: list[Fields]) -> Fields:
    """The fields with other rows in a list, numbered from 0."""
    others = {path: text for path, text in fields.items() if not path.startswith(f"{name}/")}
    return others | {f"{name}/{index}/{rest}": text for index, row in enumerate(rows) for rest, text in row.items()}


def arranged(fields: Fields, deed: str, new_rows: dict[str, Fields]) -> tuple[Fields, str]:
    """The fields after a deed on a list, and the row that it was about.

    deed: "add claims", "remove claims/2", "up claims/2" or "down claims/2"; anything else changes nothing.
    new_rows: for each list what a row begins with.
    """
    act, _, place = deed.partition(" ")
    name, _, position = place.partition("/")
    if name not in new_rows:
        return fields, ""
    rows = rows_of(fields, name)
    index = int(position) if position.isdecimal() and len(position) < 7 else len(rows)
    if act == "add":
        rows.append(new_rows[name])
        index = len(rows) - 1
    elif index >= len(rows):
        return fields, ""
    elif act == "remove":
        del rows[index]
        index = min(index, len(rows) - 1)
    else:
        to = index + {"up": -1, "down": 1}.get(act, 0)
        if 0 <= to < len(rows):
            rows[index], rows[to] = rows[to], rows[index]
            index = to
    return with_rows(fields, name, rows), f"{name}/{index}" if rows else ""


def problem_at(problems: Iterable[Problem], name: str) -> str:
    return " ".join(problem.message for problem in problems if problem.path == name)

r"""Terms as a flat table, one row each, for people who work in spreadsheets.

A cell that holds a list has one item a line, the fields of an item apart by " | ": `synonym | log compaction`. In such
a cell `\|` is a bar and `\\` a backslash. A cell that a spreadsheet would take for a formula begins with an
apostrophe, which is taken off again when the table is read.
"""

import re
from typing import NamedTuple

from .exchange import Entry, is_of
from .problems import Problem
from .snapshot import put_text, text_at
from .table_text import Rows, twice_in

# Column → path in a snapshot.
TEXTS = {
    "uid": "uid",
    "slug": "slug",
    "label": "label",
    "voice": "voice",
    "category": "category",
    "line_engineer": "lines/engineer",
    "line_manager": "lines/manager",
    "definition_engineer": "definitions/engineer",
    "definition_manager": "definitions/manager",
    "gap": "gap",
    "say": "say",
    "avoid": "avoid",
}
# Column → fields of an item, in the order of the cell.
LISTS = {
    "aliases": ("kind", "text", "note"),
    "mappings": ("kind", "term", "note"),
    "relations": ("kind", "term", "note"),
    "sources": ("title", "url"),
}
SCENARIOS = "scenarios"
# Said of a term and not read back, but for the revision that its text started from.
BESIDE = ("status", "revision", "url")
COLUMNS = (*TEXTS, *LISTS, SCENARIOS, *BESIDE)
# What spreadsheets take for the beginning of a formula, in either width.
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
DEFUSED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Table(NamedTuple):
    entries: list[Entry]
    problems: list[Problem]


def row_of(snapshot: dict, **beside) -> list[str]:
    """A term's row; its links name terms by slug."""
    cells = {column: text_at(snapshot, path) for column, path in TEXTS.items()}
    for column, fields in LISTS.items():
        cells[column] = "\n".join(written_item(item, fields) for item in snapshot.get(column, []))
    cells[SCENARIOS] = "\n".join(snapshot.get(SCENARIOS, []))
    cells |= {name: str(value) for name, value in beside.items()}
    return [defused(cells[column]) for column in COLUMNS]


def written_item(item: dict, fields: tuple[str, ...]) -> str:
    values = [item[name] for name in fields if name in item]
    return " | ".join(value.replace("\\", "\\\\").replace("|", "\\|") for value in values)


def defused(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text


def plain(cell: str) -> str:
    return cell[1:] if DEFUSED.match(cell) else cell


def read_table(table: Rows, home: str) -> Table:
    """What the rows of a table say whose header names our columns, in any order.

    `home` is this site's address: numbers of revisions mean something here only if they were given here.
    """
    if wrong := header_problem(table.header):
        return Table([], [Problem("row 1", wrong)])
    entries, problems = [], list(table.problems)
    for number, cells in table.rows:
        entry, found = read_row(f"row {number}", {column: plain(cell) for column, cell in cells.items()}, home)
        entries += [entry] if entry else []
        problems += found
    return Table(entries, problems)


def header_problem(header: list[str]) -> str | None:
    known = ", ".join(COLUMNS)
    if twice := twice_in(header):
        return twice
    if strange := [name for name in header if name not in COLUMNS]:
        return f"The header has {strange[0]!r:.60}, which is no column; known are {known}."
    if not {"uid", "slug"} & {*header}:
        return f"The header names neither uid nor slug, so no row says which term it is; known columns are {known}."
    return None


def read_row(place: str, cells: dict[str, str], home: str) -> tuple[Entry | None, list[Problem]]:
    data: dict = {}
    problems = []
    for column in cells:
        if column in BESIDE:
            continue
        if column in TEXTS:
            put_text(data, TEXTS[column], cells[column])
        elif column == SCENARIOS:
            data[SCENARIOS] = [line for line in cells[SCENARIOS].split("\n") if line]
        else:
            items = [read_item(line, LISTS[column]) for line in cells[column].split("\n") if line]
            if None in items:
                wanted = " | ".join(LISTS[column])
                problems.append(Problem(place, f"{column}: each line must be {wanted}"))
            data[column] = items
    base = cells.get("revision", "")
    if base and not re.fullmatch(r"[0-9]{1,9}", base):
        problems.append(Problem(place, f"revision: {base!r:.60} must be the number of a revision, or empty"))
    if problems:
        return None, problems
    # An empty uid is that of a term which has none yet; an empty slug stays as it is.
    for name in ("uid", "slug"):
        if not data.get(name):
            data.pop(name, None)
    if not data.keys() & {"uid", "slug"}:
        return None, [Problem(place, "has neither a uid nor a slug, so it does not say which term it is")]
    is_retired = cells.get("status") == "retired"
    number = int(base) if base and is_of(cells.get("url") or home, home) else None
    return Entry("term", place, data, number, is_retired, is_partial=True), []


def read_item(line: str, fields: tuple[str, ...]) -> dict | None:
    """An item of a list; None where its line has too few fields or too many. A note may be left out."""
    values = [ESCAPED.sub(r"\1", part) for part in line.split(" | ")]
    least = len(fields) - ("note" in fields)
    return dict(zip(fields, values, strict=False)) if least <= len(values) <= len(fields) else None


def overlaid(base: dict, entry: Entry) -> dict:
    """What a term says once a row is laid over it; what the table has no column for stays as it is."""
    snapshot = base | {name: dict(base.get(name, {})) for name in ("lines", "definitions")}
    for name, value in entry.data.items():
        if isinstance(value, dict):
            snapshot[name] |= value
        elif value != [] or name in base:
            snapshot[name] = value
    return snapshot

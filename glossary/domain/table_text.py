"""Tables as people save them: a header and rows, apart by commas, semicolons or tabs."""

import csv
import io
from collections import Counter
from itertools import islice
from typing import NamedTuple

from .problems import Problem

DELIMITERS = ",;\t"
MOST_COLUMNS = 200


class Rows(NamedTuple):
    """A table: its header, and (number, cells by column) of each row that is not empty; the header is row 1.

    raw: all rows as they are, the header first, empty ones too.
    """

    header: list[str]
    rows: list[tuple[int, dict[str, str]]]
    raw: list[list[str]]
    problems: list[Problem]


class TooMany(ValueError):
    """A table with more rows or columns than are read."""


def split(text: str, *, most: int | None = None) -> Rows:
    """The rows of a table; column names are without blanks around them and in lower case. Raises TooMany."""
    header_line = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=header_line.count)
    if header_line.count(delimiter) > MOST_COLUMNS:
        raise TooMany(f"The first line has more than {MOST_COLUMNS} columns, so it is no header of a glossary.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, raw, problems = [], [], []
    try:
        for number, cells in enumerate(islice(reader, None if most is None else most + 2), 1):
            raw.append(cells)
            if number == 1 or not any(cells):
                continue
            if len(cells) != len(raw[0]):
                counts = f"has {len(cells)} cells and the header {len(raw[0])}"
                problems.append(Problem(f"row {number}", f"{counts}; put a cell that holds {delimiter!r} in quotes"))
                continue
            rows.append((number, cells))
    except csv.Error as error:
        problems.append(Problem(f"line {reader.line_num}", f"cannot be read as CSV: {error}"))
    if most is not None and len(raw) > most + 1:
        raise TooMany(f"The table has more rows than are read: the most at once is {most}. Import it in parts.")
    header = [name.strip().lower() for name in raw[0]] if raw else []
    return Rows(header, [(number, dict(zip(header, cells, strict=True))) for number, cells in rows], raw, problems)


def twice_in(header: list[str]) -> str | None:
    """What is wrong with a header that names a column twice."""
    twice = sorted(name for name, count in Counter(header).items() if count > 1)
    return f"The header names {twice[0]!r:.60} twice; keep one of them." if twice else None

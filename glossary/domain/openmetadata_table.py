"""What an import reads out of OpenMetadata's glossary CSV.

Source: OpenMetadata's documentation of its glossary CSV. Releases differ in columns, so they are read by the header, in
which a column that must be filled has an asterisk. A cell that holds a list has semicolons between its items; an item
that holds one is quoted, with its quotes doubled.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from .exchange import Entry
from .foreign import TEXTS, Read, remarks
from .matching import slugify
from .problems import Problem
from .snapshot import UID
from .table_text import Rows, twice_in
from .vocabulary import VOICES

READ = ("parent", "name", "displayname", "description", "synonyms", "relatedterms", "references", "extension")
STATUS = ("glossarystatus", "status")
NOT_KEPT = ("tags", "reviewers", "owner", "owners", "color", "iconurl", "domain", "domains")
COLUMNS = (*READ, *STATUS, *NOT_KEPT)
# Statuses of a term that is not to be used.
RETIRED = ("deprecated", "rejected")
# Types of related terms, and what they may stand for here. Any other type is a term that is related.
TYPES = {
    "broader": ["broader"],
    "narrower": ["narrower"],
    "partof": ["part_of"],
    "haspart": ["narrower"],
    "synonym": ["exact"],
}
RELATED = ["related", "contrasts", "close"]
NAME_PART = re.compile(r'(?:^|\.)("(?:[^"]|"")*"|[^."]*)')
PROPERTIES = {path.replace("definitions/", "definition_").replace("lines/", "line_"): path for path in TEXTS}


class Unclear(ValueError):
    """A cell that cannot be read; the message begins with its column."""


def is_one(header: list[str]) -> bool:
    """Whether a table is OpenMetadata's rather than ours, which has no such column."""
    return bool({"name", "name*"} & {*header})


def read_table(table: Rows) -> Read:
    header = [name.removesuffix("*") for name in table.header]
    if wrong := header_problem(header):
        return Read([], [Problem("row 1", wrong)], [])
    entries, problems, left_out = [], list(table.problems), Counter()
    for number, named_cells in table.rows:
        cells = {name.removesuffix("*"): cell.strip() for name, cell in named_cells.items()}
        try:
            entries.append(read_row(f"row {number}", cells, left_out))
        except Unclear as unclear:
            problems.append(Problem(f"row {number}", str(unclear)))
    return Read(entries, problems, remarks("Not kept here, with the number of rows", left_out))


def header_problem(header: list[str]) -> str | None:
    if twice := twice_in(header):
        return twice
    if strange := [name for name in header if name not in COLUMNS]:
        return (
            f"The header has {strange[0]!r:.60}, which is no column of OpenMetadata's; known are {', '.join(COLUMNS)}."
        )
    return None


def read_row(place: str, cells: dict[str, str], left_out: Counter) -> Entry:
    """Raises Unclear. Counts in `left_out` what is not kept."""
    name = cells["name"]
    if not name:
        raise Unclear("name: is empty, so the row does not say which term it is")
    left_out.update(column for column in NOT_KEPT if cells.get(column))
    texts = {}
    told: dict = {}
    for item in listed("extension", cells):
        key, colon, value = item.partition(":")
        if not colon:
            raise Unclear(f"extension: {item!r:.60} must be a property, a colon and its value")
        if key in PROPERTIES:
            texts[PROPERTIES[key]] = value
        elif key == "uid" and UID.fullmatch(value):
            told |= {"uid": value, "is_from_here": True}
        elif (key == "voice" and value in VOICES) or key == "category":
            told[key] = value
        else:
            left_out[f"property {key!r:.60}"] += 1
    slug = slugify(name)
    if not slug and "uid" not in told:
        raise Unclear(f"name: {name!r:.60} has no Latin letter or digit that an address could be made of")
    data = told | {
        "slug": slug,
        "label": cells.get("displayname") or name,
        "texts": texts,
        "plain": {"definition": cells.get("description", "")},
        "good": list(listed("synonyms", cells)),
        "links": list(links(cells)),
        "sources": list(sources(cells)),
    }
    status = next((cells[column].casefold() for column in STATUS if cells.get(column)), "")
    return Entry("term", place, data, is_retired=status in RETIRED, is_foreign=True)


def listed(column: str, cells: dict[str, str], *, blanks: bool = False) -> Iterator[str]:
    """The items of a cell that holds a list."""
    try:
        for line in csv.reader(io.StringIO(cells.get(column, ""), newline=""), delimiter=";", strict=True):
            yield from (item.strip() for item in line if blanks or item.strip())
    except csv.Error as error:
        raise Unclear(
            f"{column}: {cells[column]!r:.60} is no list with semicolons between its items: {error}"
        ) from None


def links(cells: dict[str, str]) -> Iterator[dict]:
    """The parent first: of two links with one term the first counts."""
    if parent := cells.get("parent"):
        yield {"term": term_of("parent", parent), "kinds": ["broader", "part_of"]}
    for item in listed("relatedterms", cells):
        head, colon, rest = item.partition(":")
        is_typed = bool(colon) and head.isalpha()
        kinds = TYPES.get(head.casefold(), RELATED) if is_typed else RELATED
        yield {"term": term_of("relatedTerms", rest if is_typed else item), "kinds": kinds}


def term_of(column: str, name: str) -> str:
    """The slug of the last part of a fully qualified name; a part that holds a full stop is quoted."""
    part = NAME_PART.findall(name)[-1]
    slug = slugify(part.strip('"'))
    if not slug:
        raise Unclear(f"{column}: {name!r:.60} names no term")
    return slug


def sources(cells: dict[str, str]) -> Iterator[dict]:
    items = list(listed("references", cells, blanks=True))
    if len(items) % 2:
        raise Unclear("references: must be a name, its address, the next name, and so on, with semicolons between")
    for title, url in zip(items[::2], items[1::2], strict=True):
        yield {"title": title or url, "url": url}

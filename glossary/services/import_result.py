"""The dry run of an import as a table: each row that was uploaded, after what would become of it and why.

The first two columns are OpenMetadata's (`status`, `details`), as its own dry run has them, and begin with its words.
"""

from collections.abc import Iterator

from ..domain.flat_table import defused
from .import_plan import Plan, Row

TOLD = ("status", "details")
DETAILS = {"created": "Entity created", "changed": "Entity updated", "unchanged": "Entity unchanged"}
# Where an upload was no table.
PLACED = (*TOLD, "where", "subject", "label")


def result(plan: Plan, table: list[list[str]]) -> Iterator[list[str]]:
    """The cells of each row, its header first; none begins as a formula does."""
    for cells in rows(plan, table):
        yield [defused(cell) for cell in cells]


def rows(plan: Plan, table: list[list[str]]) -> Iterator[list[str]]:
    if not table:
        yield list(PLACED)
        yield from ([*told(row), row.place, row.subject, row.label] for row in plan.rows)
        return
    yield [*TOLD, *table[0]]
    by_place = {row.place: row for row in plan.rows}
    for number, cells in enumerate(table[1:], 2):
        if row := by_place.pop(f"row {number}", None):
            yield [*told(row), *cells]
    # What is wrong with the table itself: its header, or a quote that is never closed.
    yield from ([*told(row), row.place] for row in by_place.values())


def told(row: Row) -> list[str]:
    if row.outcome == "refused":
        return ["failure", "; ".join(message for _, message in row.problems)]
    fields = ", ".join(field.path for field in row.fields)
    return ["success", f"{DETAILS[row.outcome]}: {fields}" if fields else DETAILS[row.outcome]]

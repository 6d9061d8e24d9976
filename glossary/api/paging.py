"""Lists piece by piece: {"items", "next"}, where `next` is the address of what follows, or null."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from pydantic import AfterValidator, Field, WithJsonSchema

LEAST, USUAL, MOST = 1, 50, 100
SHAPE = r"^([A-Za-z0-9_-]{4})*([A-Za-z0-9_-]{2,3})?$"


def known_shape(cursor: str) -> str:
    if not re.fullmatch(SHAPE, cursor):
        raise ValueError("use the address under `next` of the answer before")
    return cursor


Cursor = Annotated[
    str,
    AfterValidator(known_shape),
    WithJsonSchema({"type": "string", "pattern": SHAPE, "description": "Where to go on: as in `next`; none begins."}),
]
SIZES = {"type": "integer", "minimum": LEAST, "maximum": MOST, "description": "How many of the list at once."}
Size = Annotated[int, Field(ge=LEAST, le=MOST), WithJsonSchema(SIZES)]


def cursor_of(position: str) -> str:
    return urlsafe_b64encode(position.encode()).decode().rstrip("=")


def position_of(cursor: str) -> str:
    """Where a cursor stands ("" for the beginning); one that we did not give stands anywhere."""
    return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode(errors="replace").replace("\0", "")


def number_at(cursor: str) -> int:
    """The number at which a cursor stands (0 for the beginning, and where it stands at none)."""
    position = position_of(cursor)
    return int(position) if position.isascii() and position.isdecimal() and len(position) < 10 else 0


def row_number(number: int) -> int:
    """A number out of an address, if a row may have it, else 0, which none has."""
    return number if 0 < number < 2**31 else 0


def next_address(request: HttpRequest, position: str) -> str:
    query = request.GET.copy()
    query["cursor"] = cursor_of(position)
    return f"{settings.PUBLIC_URL}{request.path}?{query.urlencode()}"


def page_of(request: HttpRequest, rows: list, limit: int, position) -> tuple[list, str | None]:
    """Of `limit` + 1 rows those of this page, and the address of the next; `position` gives a row's."""
    shown = rows[:limit]
    return shown, next_address(request, position(shown[-1])) if len(rows) > limit else None

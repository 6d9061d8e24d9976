"""Lists piece by piece: {"items", "next"}, where `next` is the address of what follows, or null."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import HttpError

LEAST, USUAL, MOST = 1, 50, 100


def cursor_of(position: str) -> str:
    return urlsafe_b64encode(position.encode()).decode().rstrip("=")


def position_of(cursor: str) -> str:
    """Where a cursor stands ("" for the beginning); refused where it is none that we gave."""
    try:
        return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().replace("\0", "")
    except ValueError:
        raise HttpError(422, "query/cursor: use the address under `next` of the answer before.") from None


def number_at(cursor: str) -> int:
    """The number at which a cursor stands (0 for the beginning, and where it stands at none)."""
    position = position_of(cursor)
    return int(position) if position.isascii() and position.isdecimal() and len(position) < 10 else 0


def next_address(request: HttpRequest, position: str) -> str:
    query = request.GET.copy()
    query["cursor"] = cursor_of(position)
    return f"{settings.PUBLIC_URL}{request.path}?{query.urlencode()}"


def page_of(request: HttpRequest, rows: list, limit: int, position) -> tuple[list, str | None]:
    """Of `limit` + 1 rows those of this page, and the address of the next; `position` gives a row's."""
    shown = rows[:limit]
    return shown, next_address(request, position(shown[-1])) if len(rows) > limit else None

"""Long lists: links that narrow them, and pages that begin after a row, so that the last costs what the first does."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import QuerySet


class Choice(NamedTuple):
    """A link that narrows a list."""

    label: str
    url: str
    is_chosen: bool


class Page(NamedTuple):
    """Some rows of a list; the addresses of the first and the next page are "" on the first and the last one."""

    rows: list
    first_url: str
    next_url: str


def chosen_filters(request, names: tuple[str, ...]) -> dict[str, str]:
    """The values of a page's filters. What is longer than any that exists is cut before links repeat it."""
    # PostgreSQL knows no NUL, so nothing that it holds has one.
    return {name: request.GET[name][:200].replace("\0", "?") for name in names if request.GET.get(name)}


def choices(name: str, chosen: dict[str, str], *options: tuple[str, str]) -> list[Choice]:
    """Links for (label, value) pairs of one filter; the others stay as they are chosen."""
    return [Choice(label, address(chosen | {name: value}), chosen.get(name, "") == value) for label, value in options]


def address(query: dict[str, str]) -> str:
    """The same page with another query; a value of "" is left out."""
    return f"?{urlencode({name: value for name, value in query.items() if value})}"


def page_of(rows: QuerySet, request, chosen: dict[str, str], *, column: str, size: int, newest_first: bool) -> Page:
    """The rows after the one that ?after= names by its number in a column; from the beginning where it names none."""
    after = number_of(request.GET.get("after", ""))
    if after is not None:
        rows = rows.filter(**{f"{column}__{'lt' if newest_first else 'gt'}": after})
    found = list(rows.order_by(f"-{column}" if newest_first else column)[: size + 1])
    next_url = address(chosen | {"after": str(getattr(found[size - 1], column))}) if len(found) > size else ""
    return Page(found[:size], address(chosen) if after is not None else "", next_url)


def number_of(text: str) -> int | None:
    """The number that a text is, or None: also for what no row is numbered with."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

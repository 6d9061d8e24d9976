"""Scenarios, and the sample logs that they run on, as the engine takes them."""

from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from simulator.models import SampleLog, Scenario

from ..absolute import absolute
from .paging import USUAL, Cursor, Size, page_of, position_of
from .reading import reads

router = Router(tags=["simulations"])


class Named(Schema):
    slug: str
    title: str
    url: str


class NamedList(Schema):
    items: list[Named]
    next: str | None


def listed(request, rows, limit: int, cursor: str, address: str) -> dict:
    found = list(rows.order_by("slug").filter(slug__gt=position_of(cursor))[: limit + 1])
    shown, following = page_of(request, found, limit, lambda row: row.slug)
    items = [{"slug": row.slug, "title": row.title, "url": absolute(address, row.slug)} for row in shown]
    return {"items": items, "next": following}


@router.get("/scenarios", response=NamedList, url_name="scenarios")
@reads("limit", "cursor")
def scenario_list(request, limit: Size = USUAL, cursor: Cursor = ""):
    """All scenarios, in the order of their slugs."""
    return listed(request, Scenario.objects.all(), limit, cursor, "scenario")


@router.get("/scenarios/{slug}", response=dict, url_name="scenario")
@reads()
def scenario(request, slug: str):
    """A scenario with its log: model, params, interventions, words and claims."""
    found = get_object_or_404(Scenario.objects.with_logs(), slug=slug.replace("\0", ""))
    return found.as_json() | {"revision": found.revision}


@router.get("/logs", response=NamedList, url_name="logs")
@reads("limit", "cursor")
def log_list(request, limit: Size = USUAL, cursor: Cursor = ""):
    """All sample logs, in the order of their slugs."""
    return listed(request, SampleLog.objects.all(), limit, cursor, "log")


@router.get("/logs/{slug}", response=dict, url_name="log")
@reads()
def log(request, slug: str):
    """A sample log with its records: {time, key, type, value, offset?, size?}."""
    found = get_object_or_404(SampleLog, slug=slug.replace("\0", ""))
    return found.as_json() | {"revision": found.revision}

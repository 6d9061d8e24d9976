"""The API under load: one term, a list, and what is not sent again, beside the constant view."""

from urllib.request import Request as HttpRequest
from urllib.request import urlopen

from .load import Request, median, rounds
from .report import Row
from .site import Site

TERM, LIST = "/api/v1/terms/compaction", "/api/v1/terms?limit=50"


def rows(site: Site) -> list[Row]:
    brotli = {"Accept-Encoding": "br"}
    term, listed = Request(TERM, brotli), Request(LIST, brotli)
    spared = Request(TERM, brotli | {"If-None-Match": etag_of(site, term)})
    # A constant answer without a byte in it, as a 304 has none.
    nothing = Request("/bench/constant/0/", brotli)
    return [
        share_of(site, "API, one term", term, site.constant(term), 0.3),
        share_of(site, "API, fifty terms", listed, site.constant(listed), 0.1),
        share_of(site, "API, a term that has not changed, 304", spared, nothing, 0.6),
    ]


def etag_of(site: Site, request: Request) -> str:
    with urlopen(HttpRequest(site.address + request.path, headers=dict(request.headers))) as response:  # noqa: S310 – our own server
        return response.headers["ETag"]


def share_of(site: Site, what: str, request: Request, constant: Request, least: float) -> Row:
    measured = rounds(site.address, {"constant": [constant], "api": [request]})
    reference, api = median(measured["constant"]).per_second, median(measured["api"]).per_second
    share = api / reference
    return Row(
        f"{what}: requests/s",
        f"{api:.0f}",
        f"constant view {reference:.0f}",
        f"{share:.0%}",
        f"≥ {least:.0%}",
        share >= least,
    )

"""Term pages under load, beside a view that returns as many bytes behind the same middleware."""

from .load import Load, Request, median, rounds
from .report import Row
from .site import Site

TERM = "/terms/compaction/"
ENCODINGS = {"not compressed": {}, "Brotli": {"Accept-Encoding": "br"}, "gzip": {"Accept-Encoding": "gzip"}}
LEAST_SHARE = 0.5
MOST_DELAY = 3


def rows(site: Site) -> list[Row]:
    paths = site.term_paths()
    told = []
    for name, headers in ENCODINGS.items():
        one = Request(TERM, headers)
        told += compared(site, f"term page, {name}", [one], one)
    brotli = ENCODINGS["Brotli"]
    middle = sorted(paths, key=lambda path: len(site.body(path, brotli)))[len(paths) // 2]
    every = [Request(path, brotli) for path in paths]
    return told + compared(site, f"{len(paths)} term pages in turn, Brotli", every, Request(middle, brotli))


def compared(site: Site, what: str, requests: list[Request], typical: Request) -> list[Row]:
    measured = rounds(site.address, {"constant": [site.constant(typical)], "pages": requests})
    constant, page = median(measured["constant"]), median(measured["pages"])
    return [throughput(what, page, constant), delay(what, page, constant)]


def throughput(what: str, page: Load, constant: Load) -> Row:
    share = page.per_second / constant.per_second
    return Row(
        f"{what}: requests/s",
        f"{page.per_second:.0f}",
        f"constant view {constant.per_second:.0f}",
        f"{share:.0%}",
        f"≥ {LEAST_SHARE:.0%}",
        share >= LEAST_SHARE,
    )


def delay(what: str, page: Load, constant: Load) -> Row:
    ratio = page.p99 / constant.p99
    return Row(
        f"{what}: p99",
        f"{page.p99:.1f} ms",
        f"constant view {constant.p99:.1f} ms",
        f"{ratio:.1f} ×",
        f"≤ {MOST_DELAY} ×",
        ratio <= MOST_DELAY,
    )

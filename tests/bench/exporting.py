"""Every export of ten thousand made-up terms, beside `json.dumps` of what they say."""

import json
import os
import time
import tracemalloc
from collections.abc import Callable

from .report import Row

MOST_TIMES, MOST_MILLISECONDS, MOST_MEGABYTES = 20, 300, 40
ROUNDS = 3
# A tenth of the terms, about: what memory is compared with.
FEW = "?category=made-up-0"


def rows(measured: dict) -> list[Row]:
    reference = measured.pop("json.dumps")
    told = []
    for address, (first, total, few, all_terms) in measured.items():
        times = total / reference
        told += [
            Row(
                f"{address}, 10,000 terms: whole",
                f"{total:.2f} s",
                f"json.dumps {reference:.2f} s",
                f"{times:.1f} ×",
                f"≤ {MOST_TIMES} ×",
                times <= MOST_TIMES,
            ),
            Row(
                f"{address}: first byte",
                f"{first:.0f} ms",
                reach=f"< {MOST_MILLISECONDS} ms",
                met=first < MOST_MILLISECONDS,
            ),
            Row(
                f"{address}: memory",
                f"{all_terms:.1f} MB",
                f"with one category's terms {few:.1f} MB",
                reach=f"≤ {MOST_MEGABYTES} MB",
                met=all_terms <= MOST_MEGABYTES,
            ),
        ]
    return told


def asked(get: Callable, address: str) -> tuple[float, float]:
    """Milliseconds to the first byte that says something, seconds to the last."""
    began = time.perf_counter()
    pieces = iter(get(address).streaming_content)
    while not next(pieces):
        pass
    first = time.perf_counter() - began
    for _ in pieces:
        pass
    return first * 1000, time.perf_counter() - began


def peak(get: Callable, address: str) -> float:
    """Megabytes that an export takes at most, beyond what was there before."""
    tracemalloc.start()
    asked(get, address)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "glossary.settings")
    django.setup()
    from django.conf import settings
    from django.test import Client
    from django.urls import get_resolver

    from glossary.models import Term
    from glossary.views import exporting

    settings.ALLOWED_HOSTS = ["*"]
    get = Client(headers={"X-Forwarded-Proto": "https"}).get
    snapshots = list(Term.objects.published().values_list("current__snapshot", flat=True))
    began = time.perf_counter()
    for _ in range(ROUNDS):
        json.dumps(snapshots)
    measured = {"json.dumps": (time.perf_counter() - began) / ROUNDS}
    del snapshots
    views = {view for view in vars(exporting).values() if getattr(view, "__qualname__", "") == "export.<locals>.view"}
    for pattern in get_resolver().url_patterns:
        if getattr(pattern, "callback", None) in views and not pattern.pattern.converters:
            address = f"/{pattern.pattern}"
            firsts, totals = zip(*(asked(get, address) for _ in range(ROUNDS)), strict=True)
            measured[address] = (min(firsts), min(totals), peak(get, address + FEW), peak(get, address))
    print(json.dumps(measured))


if __name__ == "__main__":
    main()

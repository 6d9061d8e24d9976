"""Search and type-ahead among ten thousand made-up terms, beside the constant view."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from . import synthetic
from .load import CONNECTIONS, Load, Request, median, rounds, run
from .report import Row
from .site import Site

MOST = 15
# So many terms give queries enough that none is asked twice while a worker remembers its answer.
SAMPLE = 1500
REPEATED = 100
TYPE_AHEAD = {"HX-Request": "true"}
ADDRESS = "/search/"


def queries() -> dict[str, list[str]]:
    """What people may type, by kind: the same each time."""
    chance = random.Random(synthetic.SEED)
    terms = chance.sample(list(synthetic.snapshots(synthetic.TERMS, set())), SAMPLE)
    labels = [term["label"] for term in terms]
    texts = [term["gap"].removesuffix(".").split() for term in terms]
    return {
        "exact label": labels,
        "beginning": [label[: chance.choice((1, 2, 3, 5, 8))] for label in labels],
        "alias": [term["aliases"][0]["text"] for term in terms],
        "typing error": [mistyped(label, chance) for label in labels],
        "inflection": [chance.choice([f"{label}s", f"{label}ing"]) for label in labels],
        "words of a text": [" ".join(chance.sample(words, 2)) for words in texts],
        "nonsense": ["".join(chance.choices("qwxzkvj", k=chance.randint(5, 12))) for _ in labels],
    }


def mistyped(label: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(label) - 1)
    return chance.choice(
        [label[:place] + label[place + 1 :], label[:place] + label[place + 1] + label[place] + label[place + 2 :]]
    )


def requests(queries: list[str], headers: dict[str, str]) -> list[Request]:
    return [Request(f"{ADDRESS}?{urlencode({'q': query})}", headers) for query in queries]


def rows(site: Site, database: str) -> list[Row]:
    kinds = queries()
    mix = [query for alike in zip(*kinds.values(), strict=True) for query in alike]
    pages, panels = requests(mix, {}), requests(mix, TYPE_AHEAD)
    began = time.perf_counter()
    site.body(pages[0].path)
    first = time.perf_counter() - began
    wake(site, pages[:1])
    mixes = {"constant": [site.constant(pages[0])], "page": pages, "panel": panels, "again": panels[:REPEATED]}
    constant, page, panel, again = map(median, rounds(site.address, mixes).values())
    told = [
        beside(f"search page, {database}", page, constant),
        beside(f"type-ahead, {database}", panel, constant),
        detail(f"the same {REPEATED} queries again and again", again, constant),
    ]
    for kind, alike in kinds.items():
        told.append(detail(f"type-ahead, {kind}", run(site.address, requests(alike, TYPE_AHEAD), 2), constant))
    return [*told, Row(f"· a search right after the start, {database} (waits for the index)", f"{first:.1f} s")]


def wake(site: Site, requests: list[Request]) -> None:
    """Wait until every worker has built its index, so that the mix meets a site that is in use."""
    while True:
        began = time.perf_counter()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(pool.map(lambda path: site.body(path), [request.path for request in requests] * CONNECTIONS * 4))
        if time.perf_counter() - began < 2:
            return


def detail(what: str, load: Load, constant: Load) -> Row:
    return Row(f"· {what}: p50", f"{load.p50:.1f} ms", ratio=f"{load.p50 / constant.p50:.1f} ×")


def beside(what: str, load: Load, constant: Load) -> Row:
    ratio = load.p50 / constant.p50
    return Row(
        f"{what}: p50",
        f"{load.p50:.1f} ms",
        f"constant view {constant.p50:.1f} ms",
        f"{ratio:.1f} ×",
        f"≤ {MOST} ×",
        ratio <= MOST,
    )

"""The engine, in Node and in Chromium: a fold beside a plain loop, and every model run again after a new parameter."""

import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Browser

from .chromium import new_page
from .report import Row
from .site import Site

HERE = Path(__file__).parent
NODE = Path(sys.executable).parent / "node"
SIZES = [1_000, 10_000, 100_000, 1_000_000]
MOST_TIMES = 3
# Ten times as many records may take so many times as long: the rest is what caches and collections cost.
MOST_GROWTH = 15
RECORDS = 1000
LONG, INTERVENTIONS, MOST_OF_LONG = 10_000, 1_000, 100
FRAME = 16.7
MEASURE = """async ([name, input]) => {
  const [engine, bench] = await Promise.all([import("/static/simulator/engine/index.js"), import("/bench/engine.mjs")]);
  return bench[name](engine, input);
}"""


def in_node(name: str, given):
    command = [NODE, HERE / "engine_in_node.mjs", name]
    return json.loads(
        subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True).stdout
    )


def in_chromium(browser: Browser, site: Site, name: str, given):
    page = new_page(browser)
    page.route(
        "**/bench/engine.mjs", lambda route: route.fulfill(path=HERE / "engine.mjs", content_type="text/javascript")
    )
    page.goto(f"{site.address}/simulator/fidelity/")
    found = page.evaluate(MEASURE, [name, given])
    page.context.close()
    return found


def rows(browser: Browser, site: Site) -> list[Row]:
    settings = scenarios(site)
    places = {
        "Node": in_node,
        "Chromium": lambda name, given: in_chromium(browser, site, name, given),
    }
    told = []
    for place, measure in places.items():
        folds = measure("foldBesideLoop", SIZES)
        for found in folds:
            told += fold_rows(place, **found)
        told.append(growth_row(place, folds))
    for place, measure in places.items():
        told += rerun_rows(place, measure("reruns", settings))
    one_of_each = {setting["model"]: setting | {"log": repeated(setting["log"], LONG)} for setting in settings}
    given = {"settings": list(one_of_each.values()), "interventions": INTERVENTIONS}
    for place, measure in places.items():
        told += long_rows(place, measure("longReruns", given))
    return told


def fold_rows(place: str, size: int, fold: float, loop: float, out: float) -> list[Row]:
    ratio = fold / loop
    what, measured = f"fold of {size:,} records, {place}", f"{fold:.2f} ms"
    return [
        Row(
            what, measured, f"loop into a Map {loop:.2f} ms", f"{ratio:.1f} ×", f"≤ {MOST_TIMES} ×", ratio <= MOST_TIMES
        ),
        Row("· beside a loop whose rows are handed out alike", measured, f"{out:.2f} ms", f"{fold / out:.1f} ×"),
    ]


def growth_row(place: str, folds: list[dict]) -> Row:
    growth = [later["fold"] / earlier["fold"] for earlier, later in pairwise(folds)]
    told = ", ".join(f"{ratio:.1f}" for ratio in growth)
    return Row(
        f"fold of ten times as many records, {place}",
        f"{told} × as long",
        "–",
        "–",
        f"≤ {MOST_GROWTH} ×",
        max(growth) <= MOST_GROWTH,
    )


def scenarios(site: Site) -> list[dict]:
    """Every scenario as its page hands it to the player, its log repeated until it is a thousand records long."""
    slugs = re.findall(r"<loc>[^<]*?/simulator/([^</]+)/</loc>", site.body("/sitemap.xml").decode())
    found = []
    for slug in slugs:
        page = site.body(f"/simulator/{slug}/").decode()
        script = re.search(r'(?s)<script [^>]*id="scenario-[^>]*>(.*?)</script>', page)
        if script:
            scenario = json.loads(script.group(1))
            wanted = {name: scenario[name] for name in ("model", "params", "interventions")}
            found.append(wanted | {"log": repeated(scenario["log"]["records"])})
    return found


def repeated(records: list[dict], length: int = RECORDS) -> list[dict]:
    lap = records[-1]["time"] - records[0]["time"] + 1000
    return [
        {name: value for name, value in records[number % len(records)].items() if name != "offset"}
        | {"time": records[number % len(records)]["time"] + number // len(records) * lap}
        for number in range(length)
    ]


def long_rows(place: str, found: list[dict]) -> list[Row]:
    worst = max(found, key=lambda one: one["p95"])
    what = f"{LONG:,} records and {INTERVENTIONS:,} interventions again, {place}: p95, slowest model"
    measured = f"{worst['p95']:.0f} ms ({worst['model']})"
    return [
        Row(what, measured, reach=f"< {MOST_OF_LONG} ms", met=worst["p95"] < MOST_OF_LONG),
        *(Row(f"· {one['model']}: p50, p95", f"{one['p50']:.0f} ms, {one['p95']:.0f} ms") for one in found),
    ]


def rerun_rows(place: str, found: list[dict]) -> list[Row]:
    slowest: dict[str, dict] = {}
    for one in found:
        if one["p95"] > slowest.get(one["model"], {"p95": -1})["p95"]:
            slowest[one["model"]] = one
    worst = max(slowest.values(), key=lambda one: one["p95"])
    return [
        Row(
            f"new parameter, {RECORDS:,} records, {place}: p95, slowest model",
            f"{worst['p95']:.1f} ms ({worst['model']})",
            f"{FRAME} ms",
            f"{worst['p95'] / FRAME:.2f} ×",
            "< 1 ×",
            worst["p95"] < FRAME,
        ),
        *(Row(f"· {one['model']}: p50, p95", f"{one['p50']:.1f} ms, {one['p95']:.1f} ms") for one in slowest.values()),
    ]

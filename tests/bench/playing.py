"""The player on the workbench in Chromium: scrubbing a long log of one's own, changing parameters on a shorter one."""

import json
import re
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page

from .chromium import heap, new_page, renderer_memory
from .report import Row
from .site import Site

SCRIPT = Path(__file__).with_name("frames.js")
FRAME = 16.7
MOST_MEMORY = 150
LONG, SHORT = 100_000, 1000
SCRUBS, ROUNDS = 300, 12
MEGABYTE = 1_000_000


def models(site: Site) -> list[str]:
    page = site.body("/simulator/").decode()
    choice = re.search(r'(?s)<select name="model">(.*?)</select>', page)
    return re.findall(r'<option value="(\w+)"', choice.group(1)) if choice else []


def log_file(folder: str, records: int) -> Path:
    """Orders of a thousand customers' orders as JSON Lines."""
    path = Path(folder) / f"orders-{records}.jsonl"
    kinds = ("OrderPlaced", "OrderPaid", "OrderShipped", "OrderCancelled")
    with path.open("w") as file:
        for number in range(records):
            value = {"amount": number % 97, "region": ("north", "south", "east", "west")[number % 4]}
            record = {
                "time": 1_700_000_000_000 + number * 1000,
                "key": f"order-{number * 7919 % 1000}",
                "type": kinds[number % 4],
                "value": value,
            }
            file.write(json.dumps(record) + "\n")
    return path


def workbench(browser: Browser, site: Site, model: str, log: Path) -> Page:
    """A page on which a model runs on a log that its reader chose."""
    page = new_page(browser)
    first_log = re.search(
        r'(?s)<select name="log">.*?<option value="([\w-]+)"', site.body("/simulator/").decode()
    ).group(1)
    page.goto(f"{site.address}/simulator/?model={model}&log={first_log}", wait_until="networkidle")
    page.wait_for_selector("figure[data-ready]")
    page.get_by_role("button", name="use your own log").click()
    page.locator("dialog[open] input[type=file]").set_input_files(log)
    page.get_by_text("records were read").wait_for(timeout=60_000)
    page.locator("dialog[open]").get_by_role("button", name="Close").click()
    page.evaluate(SCRIPT.read_text())
    return page


def rows(browser: Browser, site: Site) -> list[Row]:
    empty_page = new_page(browser)
    empty_page.goto("about:blank")
    empty_heap = heap(empty_page.context.new_cdp_session(empty_page))
    empty_memory = renderer_memory(browser)
    empty_page.context.close()
    scrubbed, changed, heaps, memories = {}, {}, {}, {}
    with TemporaryDirectory() as folder:
        long, short = log_file(folder, LONG), log_file(folder, SHORT)
        for model in models(site):
            page = workbench(browser, site, model, long)
            scrubbed[model] = page.evaluate(f"bench.scrub({SCRUBS})")["times"]
            heaps[model] = (heap(page.context.new_cdp_session(page)) - empty_heap) / MEGABYTE
            memories[model] = (renderer_memory(browser) - empty_memory) / MEGABYTE
            page.context.close()
            page = workbench(browser, site, model, short)
            changed[model] = page.evaluate(f"bench.change({ROUNDS})")["times"]
            page.context.close()
    told = [
        *frames(f"scrubbing {LONG:,} records", scrubbed),
        memory(f"JS heap above an empty page, {LONG:,} records", heaps),
        memory(f"renderer's own memory above an empty page, {LONG:,} records", memories),
        *frames(f"new parameter, {SHORT:,} records, Chromium", changed),
    ]
    return told


def frames(what: str, times: dict[str, list[float]]) -> list[Row]:
    p95 = {model: statistics.quantiles(found, n=20)[-1] for model, found in times.items()}
    p50 = {model: statistics.median(found) for model, found in times.items()}
    worst = max(p95, key=p95.__getitem__)
    every = Row(
        f"{what}: p95 frame, slowest model",
        f"{p95[worst]:.1f} ms ({worst})",
        f"{FRAME} ms",
        f"{p95[worst] / FRAME:.2f} ×",
        "< 1 ×",
        p95[worst] < FRAME,
    )
    return [every, *(Row(f"· {model}: p50, p95", f"{p50[model]:.1f} ms, {p95[model]:.1f} ms") for model in times)]


def memory(what: str, megabytes: dict[str, float]) -> Row:
    worst = max(megabytes, key=megabytes.__getitem__)
    return Row(
        what, f"{megabytes[worst]:.0f} MB ({worst})", "–", "–", f"≤ {MOST_MEMORY} MB", megabytes[worst] <= MOST_MEMORY
    )

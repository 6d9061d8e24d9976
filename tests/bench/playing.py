"""The player on the workbench in Chromium: scrubbing a long log of one's own, changing parameters on a shorter one."""

import json
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from playwright.sync_api import Browser, Page

from .chromium import heap, main_thread_seconds, new_page, renderer_memory
from .report import Row
from .site import ROOT, Site

CATALOGUE = ROOT / "static" / "simulator" / "catalogue.json"
SCRIPT = Path(__file__).with_name("frames.js")
FRAME = 16.7
MOST_MEMORY = 150
LONG, SHORT = 100_000, 1000
SCRUBS, ROUNDS = 300, 12
MEGABYTE = 1_000_000


def models() -> list[str]:
    return [model["id"] for model in json.loads(CATALOGUE.read_text())["models"]]


def log_file(folder: str, records: int) -> Path:
    """Records of a thousand orders as JSON Lines."""
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
    page.goto(f"{site.address}/simulator/?model={model}&log=orders", wait_until="networkidle")
    page.wait_for_selector("figure[data-ready]")
    page.get_by_role("button", name="use your own log").click()
    page.locator("dialog[open] input[type=file]").set_input_files(log)
    page.get_by_text("records were read").wait_for(timeout=60_000)
    page.locator("dialog[open]").get_by_role("button", name="Close").click()
    page.evaluate(SCRIPT.read_text())
    return page


class Frames(NamedTuple):
    """Milliseconds by model: wall-clock time of each frame, and processor time of the main thread for a mean frame."""

    times: dict[str, list[float]]
    busy: dict[str, float]

    def measure(self, page: Page, model: str, call: str) -> None:
        session = page.context.new_cdp_session(page)
        began = main_thread_seconds(session)
        # A model whose settings begin as empty tables has nothing to change.
        if times := page.evaluate(f"bench.{call}")["times"]:
            self.times[model] = times
            self.busy[model] = (main_thread_seconds(session) - began) * 1000 / len(times)


def rows(browser: Browser, site: Site) -> list[Row]:
    empty_page = new_page(browser)
    empty_page.goto("about:blank")
    empty_heap = heap(empty_page.context.new_cdp_session(empty_page))
    empty_memory = renderer_memory(browser)
    empty_page.context.close()
    idle, scrubbed, changed = Frames({}, {}), Frames({}, {}), Frames({}, {})
    heaps, memories = {}, {}
    with TemporaryDirectory() as folder:
        long, short = log_file(folder, LONG), log_file(folder, SHORT)
        for model in models():
            page = workbench(browser, site, model, long)
            idle.measure(page, model, f"idle({SCRUBS // 3})")
            scrubbed.measure(page, model, f"scrub({SCRUBS})")
            heaps[model] = (heap(page.context.new_cdp_session(page)) - empty_heap) / MEGABYTE
            memories[model] = (renderer_memory(browser) - empty_memory) / MEGABYTE
            page.context.close()
            page = workbench(browser, site, model, short)
            changed.measure(page, model, f"change({ROUNDS})")
            page.context.close()
    noise = p95([time for times in idle.times.values() for time in times])
    return [
        *frame_rows(f"scrubbing {LONG:,} records", scrubbed, noise),
        memory(f"JS heap above an empty page, {LONG:,} records", heaps),
        memory(f"renderer's own memory above an empty page, {LONG:,} records", memories),
        *frame_rows(f"new parameter, {SHORT:,} records, player in Chromium", changed, noise),
    ]


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def frame_rows(what: str, frames: Frames, noise: float) -> list[Row]:
    worst = max(frames.times, key=lambda model: p95(frames.times[model]))
    slowest = p95(frames.times[worst])
    reference = f"{FRAME} ms; a frame without a change {noise:.1f} ms"
    return [
        Row(
            f"{what}: p95 frame, slowest model",
            f"{slowest:.1f} ms ({worst})",
            reference,
            f"{slowest / FRAME:.2f} ×",
            "< 1 ×",
            slowest < FRAME,
        ),
        *(
            Row(
                f"· {model}: p50, p95; processor time",
                f"{statistics.median(times):.1f} ms, {p95(times):.1f} ms; {frames.busy[model]:.1f} ms",
            )
            for model, times in frames.times.items()
        ),
    ]


def memory(what: str, megabytes: dict[str, float]) -> Row:
    worst = max(megabytes, key=megabytes.__getitem__)
    met = megabytes[worst] <= MOST_MEMORY
    return Row(what, f"{megabytes[worst]:.0f} MB ({worst})", reach=f"≤ {MOST_MEMORY} MB", met=met)

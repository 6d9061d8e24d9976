"""A term's page in a Chromium that was never here before: bytes, requests, waterfalls, layout shifts, largest text."""

import html
import re
from collections import defaultdict
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page

from .chromium import new_page
from .report import Row
from .site import Site

MOST_BYTES = 80_000
MOST_REQUESTS = 20
MOST_DEPTH = 2
# What a phone has on a bad day; the throughput is in bytes a second.
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
VISITS = {"desk": ({"width": 1280, "height": 800}, None), "phone, slow network": ({"width": 360, "height": 740}, SLOW)}
OBSERVE = """
  window.shifts = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    const { element, url, renderTime } = list.getEntries().at(-1);
    window.largest = { text: element?.textContent ?? "", url, time: renderTime };
  }).observe({ type: "largest-contentful-paint", buffered: true });
"""


@dataclass
class Visit:
    """What one cold visit cost; times in milliseconds."""

    path: str
    bytes: int = 0
    requests: int = 0
    depth: int = 0
    shifts: float = 0
    largest: str = ""
    is_largest_from_html: bool = False
    times: dict[str, float] = field(default_factory=dict)


class Recorder:
    """Listens to a page's network and knows from the initiators which file asked for which."""

    def __init__(self, page: Page):
        self.urls: dict[str, str] = {}
        self.parents: dict[str, str] = {}
        self.bytes: dict[str, int] = defaultdict(int)
        self.session = page.context.new_cdp_session(page)
        self.session.on("Network.requestWillBeSent", self.sent)
        self.session.on("Network.loadingFinished", self.finished)
        self.session.send("Network.enable")

    def sent(self, event: dict) -> None:
        if not event["request"]["url"].startswith("http"):
            return
        self.urls[event["requestId"]] = url = event["request"]["url"]
        initiator = event["initiator"]
        frames = initiator.get("stack", {}).get("callFrames", [])
        # A module that the HTML names is asked for by the HTML, whoever imports it as well.
        self.parents.setdefault(url, initiator.get("url") or (frames[0]["url"] if frames else ""))

    def finished(self, event: dict) -> None:
        if event["requestId"] in self.urls:
            self.bytes[event["requestId"]] += int(event["encodedDataLength"])

    def depth(self, url: str) -> int:
        """How many files led to this one, each asked for by the one before: 0 for the HTML, 1 for what it names."""
        parent = self.parents.get(url, "")
        return 1 + self.depth(parent) if parent in self.parents and parent != url else 0


def visit(browser: Browser, site: Site, path: str, kind: str) -> Visit:
    size, network = VISITS[kind]
    page = new_page(browser, **size)
    recorder = Recorder(page)
    if network:
        recorder.session.send("Network.emulateNetworkConditions", network)
    page.add_init_script(OBSERVE)
    page.goto(site.address + path, wait_until="networkidle")
    if page.locator("figure[data-scenario]").count():
        page.wait_for_selector("figure[data-ready]")
    page.wait_for_timeout(500)
    seen = page.evaluate(
        "({ shifts, largest, load: performance.getEntriesByType('navigation')[0].loadEventEnd,"
        " paint: performance.getEntriesByName('first-contentful-paint')[0].startTime })"
    )
    page.context.close()
    largest = words(seen["largest"]["text"])
    return Visit(
        path=path,
        bytes=sum(recorder.bytes.values()),
        requests=len(recorder.urls),
        depth=max(map(recorder.depth, recorder.urls.values())),
        shifts=seen["shifts"],
        largest=largest,
        is_largest_from_html=bool(largest) and not seen["largest"]["url"] and largest in visible_words(site, path),
        times={"first paint": seen["paint"], "largest paint": seen["largest"]["time"], "load": seen["load"]},
    )


def words(text: str) -> str:
    return "".join(text.split())


def visible_words(site: Site, path: str) -> str:
    source = re.sub(r"(?s)<(script|style)\b.*?</\1>", "", site.body(path).decode())
    return words(html.unescape(re.sub(r"<[^>]+>", "", source)))


def heaviest_by_model(site: Site) -> list[str]:
    """The term page with the most HTML for each model that is shown, and for none."""
    largest: dict[str, tuple[int, str]] = {}
    for path in site.term_paths():
        body = site.body(path).decode()
        model = re.search(r'data-model-src="[^"]*/(\w+)\.', body)
        name = model.group(1) if model else ""
        largest[name] = max(largest.get(name, (0, "")), (len(body), path))
    return [path for _, path in largest.values()]


def rows(browser: Browser, site: Site) -> list[Row]:
    paths = heaviest_by_model(site)
    told = []
    for kind in VISITS:
        visits = [visit(browser, site, path, kind) for path in paths]
        told += [
            worst(f"term page, {kind}: transferred", visits, "bytes", MOST_BYTES, "{:.1f} kB", 1000),
            worst(f"term page, {kind}: requests", visits, "requests", MOST_REQUESTS),
            worst(f"term page, {kind}: import waterfall", visits, "depth", MOST_DEPTH),
            worst(f"term page, {kind}: layout shift", visits, "shifts", 0, "{:.3f}"),
            text_row(f"term page, {kind}: largest paint is text of the HTML", visits),
        ]
        for name in visits[0].times:
            slowest = max(visits, key=lambda visit: visit.times[name])
            told.append(Row(f"· term page, {kind}: {name}, slowest of {len(visits)}", f"{slowest.times[name]:.0f} ms"))
    return told


def worst(what: str, visits: list[Visit], name: str, most: float, form: str = "{}", unit: int = 1) -> Row:
    found = max(visits, key=lambda visit: getattr(visit, name))
    value = getattr(found, name)
    where = f" ({found.path})" if value else ""
    return Row(
        what,
        form.format(value / unit if unit > 1 else value) + where,
        "–",
        "–",
        f"≤ {form.format(most / unit if unit > 1 else most)}",
        value <= most,
    )


def text_row(what: str, visits: list[Visit]) -> Row:
    others = [visit.path for visit in visits if not visit.is_largest_from_html]
    return Row(
        what, f"not on {', '.join(others)}" if others else f"on all {len(visits)}", "–", "–", "on all", not others
    )

"""The browser that measures: the system's Chromium, or the one that Playwright brings."""

import shutil
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--no-first-run"]  # fmt: skip
SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def browser():
    with sync_playwright() as playwright:
        system = next(filter(None, map(shutil.which, SYSTEM_NAMES)), None)
        launched = playwright.chromium.launch(executable_path=system, args=SWITCHES)
        try:
            yield launched
        finally:
            launched.close()


def new_page(browser: Browser, *, width: int = 1280, height: int = 800) -> Page:
    """A page of a visitor who was never here before."""
    return browser.new_context(viewport={"width": width, "height": height}).new_page()


def heap(session: CDPSession) -> int:
    """Bytes of live objects on a page's own heap."""
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    session.send("HeapProfiler.enable")
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    metrics = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    return int(metrics["JSHeapUsedSize"])


def main_thread_seconds(session: CDPSession) -> float:
    """Processor time that the page's main thread has used for its tasks; other programs' load is not in it."""
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    metrics = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    return metrics["TaskDuration"]


def renderer_memory(browser: Browser) -> int:
    """Bytes that the largest renderer process has for itself: heap, garbage, workers, layout, images."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    return max(private_bytes(process["id"]) for process in processes if process["type"] == "renderer")


def private_bytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))

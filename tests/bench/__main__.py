"""Measure speed and memory, each figure beside its reference in the same run: python -m tests.bench [SUBJECT…].

Prints a table and ends with 0 whenever everything could be measured: it informs, and no test
depends on it. docs/measurements.md says how each subject is measured.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.proof.postgresql import cluster

from . import (
    api,
    checking,
    editing,
    engine,
    exporting,
    load,
    pages,
    playing,
    queries,
    report,
    searching,
    site,
    transfer,
)
from .chromium import browser

IN_CHROMIUM = {"transfer": transfer, "engine": engine, "playing": playing}
SUBJECTS = ("queries", "pages", "api", "checking", *IN_CHROMIUM, "editing", "exports", "search")


def dictionary_rows(folder: Path, subjects: set[str]) -> Iterator[report.Row]:
    """What is measured on the dictionary as it ships."""
    database = folder / "dictionary.sqlite3"
    site.load_dictionary(f"sqlite:///{database}")
    if "queries" in subjects:
        # On a copy: what it publishes must not be among the pages that are measured.
        copy = shutil.copy(database, folder / "queries.sqlite3")
        yield from queries.rows(json.loads(site.call(f"sqlite:///{copy}", "-m", "tests.bench.queries")))
    if "checking" in subjects:
        yield from checking.rows(json.loads(site.call(f"sqlite:///{database}", "-m", "tests.bench.checking")))
    if not subjects & {"pages", "api", *IN_CHROMIUM}:
        return
    with site.served(f"sqlite:///{database}") as served:
        if "pages" in subjects:
            yield from pages.rows(served)
        if "api" in subjects:
            yield from api.rows(served)
        with browser() as chromium:
            for subject, module in IN_CHROMIUM.items():
                if subject in subjects:
                    yield from module.rows(chromium, served)


def editing_rows(folder: Path) -> Iterator[report.Row]:
    """What is measured with many people, many revisions and many proposals, on either database."""
    with cluster() as postgresql:
        databases = {"SQLite": f"sqlite:///{folder}/edited.sqlite3", "PostgreSQL": postgresql}
        for name, database_url in databases.items():
            site.load_dictionary(database_url)
            with site.served(database_url) as served:
                yield from editing.rows(served, name)


def export_rows(folder: Path) -> Iterator[report.Row]:
    """What is measured of exports of ten thousand terms, in one process."""
    database_url = f"sqlite:///{folder}/exported.sqlite3"
    fill(database_url)
    yield from exporting.rows(json.loads(site.call(database_url, "-m", "tests.bench.exporting")))


def search_rows(folder: Path) -> Iterator[report.Row]:
    """What is measured among ten thousand terms, on either database."""
    with cluster() as postgresql:
        databases = {"SQLite": f"sqlite:///{folder}/large.sqlite3", "PostgreSQL": postgresql}
        with ThreadPoolExecutor() as pool:
            list(pool.map(fill, databases.values()))
        for name, database_url in databases.items():
            with site.served(database_url) as served:
                yield from searching.rows(served, name)


def fill(database_url: str) -> None:
    site.load_dictionary(database_url)
    site.call(database_url, "-m", "tests.bench.synthetic")


def main(subjects: set[str]) -> None:
    if unknown := subjects - set(SUBJECTS):
        raise SystemExit(f"{', '.join(sorted(unknown))} cannot be measured; {', '.join(SUBJECTS)} can.")
    load.require_wrk()
    print(report.machine(), flush=True)
    rows = []
    try:
        with TemporaryDirectory(prefix="glossary-bench-") as folder:
            if subjects - {"editing", "exports", "search"}:
                rows.extend(dictionary_rows(Path(folder), subjects))
            if "editing" in subjects:
                rows.extend(editing_rows(Path(folder)))
            if "exports" in subjects:
                rows.extend(export_rows(Path(folder)))
            if "search" in subjects:
                rows.extend(search_rows(Path(folder)))
    finally:
        # What was measured is told even where something later could not be.
        print(f"\n{report.table(rows)}")


if __name__ == "__main__":
    main(set(sys.argv[1:]) or set(SUBJECTS))

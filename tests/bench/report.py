"""The table that the measurements end up in."""

import os
import platform
import sqlite3
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

HEADINGS = ("what", "measured", "reference", "ratio", "reach", "met")


@dataclass(frozen=True)
class Row:
    """One figure beside its reference; `met` is None where a figure is only told."""

    what: str
    measured: str
    reference: str = "–"
    ratio: str = "–"
    reach: str = "–"
    met: bool | None = None

    def cells(self) -> tuple[str, ...]:
        met = {True: "yes", False: "NO", None: ""}[self.met]
        return (self.what, self.measured, self.reference, self.ratio, self.reach, met)


def table(rows: list[Row]) -> str:
    """A Markdown table, also readable as plain text."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |" for line in lines
    )


def machine() -> str:
    """What a figure depends on, in one paragraph."""
    cpu = Path("/proc/cpuinfo")
    models = [line.partition(":")[2].strip() for line in cpu.read_text().splitlines() if line.startswith("model name")]
    packages = ", ".join(f"{name} {version(name)}" for name in ("Django", "granian", "psycopg", "playwright"))
    load = "/".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{os.cpu_count()} cores ({models[0] if models else platform.machine()}), {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}; "
        f"load average {load}"
    )

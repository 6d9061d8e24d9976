"""Load on a server by wrk: rounds of several mixes of requests take turns, so that a noisy machine is noisy for all."""

import json
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

SCRIPT = Path(__file__).with_name("wrk.lua")
CONNECTIONS = 8
WARM_UP_SECONDS = 2


class Request(NamedTuple):
    path: str
    headers: Mapping[str, str] = {}

    def line(self) -> str:
        return "\t".join([self.path, *(f"{name}: {value}" for name, value in self.headers.items())])


class Load(NamedTuple):
    """What one round of wrk saw; times in milliseconds."""

    per_second: float
    p50: float
    p99: float


def require_wrk() -> str:
    if found := shutil.which("wrk"):
        return found
    raise SystemExit(
        "wrk is not installed (Debian: apt-get install wrk); it makes the load that pages are measured under."
    )


def rounds(
    address: str, mixes: Mapping[str, Sequence[Request]], *, count: int = 5, seconds: int = 2
) -> dict[str, list[Load]]:
    """Put each mix on the server in turn, and that `count` times; stops where a request fails.

    Each round begins elsewhere in a mix, so that a long one never asks for the same things in two of them.
    """
    measured: dict[str, list[Load]] = {name: [] for name in mixes}
    for mix in mixes.values():
        run(address, mix, WARM_UP_SECONDS)
    for number in range(count):
        for name, mix in mixes.items():
            start = len(mix) * (number + 1) // (count + 1)
            measured[name].append(run(address, [*mix[start:], *mix[:start]], seconds))
    return measured


def median(loads: Sequence[Load]) -> Load:
    return Load(*map(statistics.median, zip(*loads, strict=True)))


def run(address: str, requests: Sequence[Request], seconds: int) -> Load:
    with tempfile.NamedTemporaryFile("w", suffix=".requests") as file:
        file.writelines(f"{request.line()}\n" for request in requests)
        file.flush()
        output = subprocess.run(
            [
                require_wrk(),
                "-t1",
                f"-c{CONNECTIONS}",
                f"-d{seconds}s",
                "--timeout=30s",
                "-s",
                SCRIPT,
                address,
                "--",
                file.name,
            ],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    seen = json.loads(output.splitlines()[-1])
    if seen["errors"]:
        raise SystemExit(
            f"{seen['errors']} of {seen['requests']} requests to {address} failed, so nothing is measured."
        )
    return Load(seen["requests"] / seen["microseconds"] * 1e6, seen["p50"] / 1000, seen["p99"] / 1000)

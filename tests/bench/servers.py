"""Compare servers on this project: python -m tests.bench.servers (needs gunicorn beside granian, by pip).

The figures behind docs/decisions/0004-server.md. `make bench` measures the server that was chosen.
"""

import importlib.util
import sys
import tempfile
from collections import defaultdict

from .load import Load, Request, median, rounds
from .site import load_dictionary, served

GRANIAN = "-m granian --interface wsgi --host 127.0.0.1 --port {port} --no-ws --log-level warning"
GUNICORN = "-m gunicorn --bind 127.0.0.1:{port} --log-level warning"
APPLICATION = "glossary.wsgi:application"
SERVERS = {
    "granian, 1 blocking thread": f"{GRANIAN} --workers 2 --blocking-threads 1 {APPLICATION}",
    "granian, 2 blocking threads": f"{GRANIAN} --workers 2 --blocking-threads 2 {APPLICATION}",
    "granian, 4 blocking threads": f"{GRANIAN} --workers 2 --blocking-threads 4 {APPLICATION}",
    "granian, 1 blocking thread, 2 runtime threads": (
        f"{GRANIAN} --workers 2 --blocking-threads 1 --runtime-threads 2 {APPLICATION}"
    ),
    "gunicorn, sync": f"{GUNICORN} --workers 2 {APPLICATION}",
    "gunicorn, gthread, 4 threads": f"{GUNICORN} --workers 2 --worker-class gthread --threads 4 {APPLICATION}",
}
TERM = Request("/terms/compaction/", {"Accept-Encoding": "br"})
ROUNDS = 3


def compare(database_url: str) -> dict[str, dict[str, Load]]:
    """Medians by server and address. The servers take turns, so that a noisy machine is noisy for all."""
    seen: dict[str, dict[str, list[Load]]] = {name: defaultdict(list) for name in SERVERS}
    for _ in range(ROUNDS):
        for name, command in SERVERS.items():
            with served(database_url, [sys.executable, *command.split()]) as site:
                mixes = {"constant": [site.constant(TERM)], "term page": [TERM]}
                for mix, loads in rounds(site.address, mixes, count=1, seconds=3).items():
                    seen[name][mix] += loads
    return {name: {mix: median(loads) for mix, loads in mixes.items()} for name, mixes in seen.items()}


def main() -> None:
    if importlib.util.find_spec("gunicorn") is None:
        raise SystemExit(
            "gunicorn is not installed (pip install gunicorn); it is one of the servers that are compared."
        )
    with tempfile.TemporaryDirectory(prefix="glossary-servers-") as folder:
        database_url = f"sqlite:///{folder}/glossary.sqlite3"
        load_dictionary(database_url)
        print("| server | address | requests/s | p50 ms | p99 ms |\n| --- | --- | --- | --- | --- |")
        for name, mixes in compare(database_url).items():
            for mix, load in mixes.items():
                print(f"| {name} | {mix} | {load.per_second:.0f} | {load.p50:.1f} | {load.p99:.1f} |")


if __name__ == "__main__":
    main()

"""The site under measurement: a scratch database and the server of `make run` on it."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

from .load import Request

ROOT = Path(__file__).resolve().parents[2]
PORTS = range(8110, 8120)
SECONDS_TO_START = 300
SECRET = "only-for-measuring"  # noqa: S105 – nothing is at stake on a scratch database


class Site(NamedTuple):
    """`group` is the process group of the server and its workers."""

    address: str
    database_url: str
    group: int

    def body(self, path: str, headers: Mapping[str, str] = {}) -> bytes:
        """What is sent for a page, still compressed."""
        with urlopen(HttpRequest(self.address + path, headers=dict(headers))) as response:  # noqa: S310 – our own server
            return response.read()

    def constant(self, request: Request) -> Request:
        """The view that the page is measured against: as many bytes as the page sends, behind the same middleware."""
        return request._replace(path=f"/bench/constant/{len(self.body(*request))}/")

    def term_paths(self) -> list[str]:
        """Addresses of all terms."""
        return re.findall(r"<loc>[^<]*?(/terms/[^<]+/)</loc>", self.body("/sitemap.xml").decode())


def environment(database_url: str, **extra: str) -> dict[str, str]:
    """Everything that the project reads, at its default, on a database of its own, with the constant view."""
    names = ("PUBLIC_URL", "ALLOWED_HOSTS", "CACHE_URL", "CONTENT_DIRS", "DEBUG", "GLOSSARY_TITLE")
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return kept | {"DATABASE_URL": database_url, "BENCH": "1"} | extra


def call(database_url: str, *command) -> str:
    """The output of a Python command on a database, such as ("manage.py", "migrate")."""
    completed = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(database_url, SECRET_KEY=SECRET),
        stdout=subprocess.PIPE,
        text=True,
    )
    if completed.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed, so nothing is measured.")
    return completed.stdout


def load_dictionary(database_url: str) -> None:
    call(database_url, "manage.py", "migrate", "-v0")
    call(database_url, "manage.py", "load_content")


@contextmanager
def served(database_url: str, command: list[str] | None = None):
    """The site, served as `make run` serves it or by another command, in which {port} stands for the port."""
    port = free_port()
    command = [part.format(port=port) for part in command or ["make", "--no-print-directory", "run"]]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(database_url, PORT=str(port), SECRET_KEY=SECRET),
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            await_answer(process, port)
            yield Site(f"http://127.0.0.1:{port}", database_url, process.pid)
        finally:
            # make and the server's workers are one group.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def free_port() -> int:
    for port in PORTS:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise SystemExit(f"Ports {PORTS.start} to {PORTS.stop - 1} are all in use; stop what listens there.")


def await_answer(process: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise SystemExit(f"The server did not start on port {port}, so nothing is measured.")

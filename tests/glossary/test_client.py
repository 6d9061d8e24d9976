"""The client that a documentation repository runs against a server."""

import json
import runpy
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.request import Request, urlopen

import pytest
from django.conf import settings

from glossary import documents
from glossary.domain import prose, reports
from tests.factories import TermFactory

CLIENT = settings.BASE_DIR / "static" / "client" / "check_docs.py"
# Nothing listens at the port of discarded bytes.
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def server(live_server):
    documents.forget()
    TermFactory(label="compaction", aliases=[{"text": "comapction", "kind": "misspelling"}])
    yield live_server.url
    documents.forget()


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "decisions" / "0001.md"
    path.parent.mkdir()
    path.write_text("# Compaction\n\nWe use comapction.\n")
    return path


def run(folder, *arguments):
    command = [sys.executable, "-I", str(CLIENT), *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)


@contextmanager
def in_front_of(server: str):
    """An address that hands on to a server for as long as this lasts, and where nobody answers afterwards."""

    class HandOn(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {"Content-Type": self.headers["Content-Type"]}
            with urlopen(Request(server + self.path, body, headers)) as answer:  # noqa: S310 – the test's own server
                given = answer.read()
            self.send_response(200)
            self.send_header("Content-Length", str(len(given)))
            self.end_headers()
            self.wfile.write(given)

        def log_message(self, *arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), HandOn) as door:
        Thread(target=door.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{door.server_port}"
        door.shutdown()


@pytest.mark.django_db(transaction=True)
def test_what_is_amiss_is_told_and_ends_with_one(server, document, tmp_path):
    ended = run(tmp_path, "--server", server, "decisions")
    assert ended.stdout == (
        f"decisions/0001.md:3:8: warning: “comapction” is a misspelling of “compaction”. {server}/terms/compaction/\n"
    )
    assert (ended.returncode, ended.stderr) == (1, "")
    assert run(tmp_path, "--server", server, "--fail-on", "error", "decisions").returncode == 0


@pytest.mark.django_db(transaction=True)
def test_formats_for_programs_name_the_same_places(server, document, tmp_path):
    found = json.loads(run(tmp_path, "--server", server, "--all", "--format", "json", "decisions").stdout)
    assert [(each["line"], each["column"], each["level"]) for each in found] == [(1, 3, "info"), (3, 8, "warning")]
    annotation = run(tmp_path, "--server", server, "--format", "github", "decisions").stdout
    assert annotation.startswith("::warning file=decisions/0001.md,line=3,col=8,endLine=3,endColumn=18::“comapction”")


@pytest.mark.django_db(transaction=True)
def test_an_answer_from_before_serves_while_the_server_does_not_answer(server, document, tmp_path):
    with in_front_of(server) as address:
        online = run(tmp_path, "--server", address, "decisions")
    away = ("--server", address, "decisions")
    offline = run(tmp_path, *away)
    assert (offline.returncode, offline.stdout) == (1, online.stdout)
    assert offline.stderr.startswith("decisions/0001.md: told from an earlier answer.")
    document.write_text("Another text.")
    changed = run(tmp_path, *away)
    assert (changed.returncode, changed.stdout) == (2, "")
    assert changed.stderr.startswith("decisions/0001.md was not checked:")


@pytest.mark.parametrize("server", ["", "file:///etc", "glossary.example"])
def test_an_address_that_is_no_server_is_refused(document, server):
    ended = run(document.parent, "--server", server, document)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "https://glossary.example" in ended.stderr


def test_what_cannot_be_read_is_named_and_ends_with_two(tmp_path):
    (tmp_path / "latin.md").write_bytes("Größe".encode("latin-1"))
    ended = run(tmp_path, "--server", NOWHERE, "latin.md", "nowhere.md")
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [
        "latin.md is not UTF-8; save it as UTF-8, or leave it out.",
        "nowhere.md cannot be read: No such file or directory.",
    ]


def test_it_knows_the_formats_and_levels_of_the_server():
    client = runpy.run_path(str(CLIENT))
    assert client["FORMATS"] == prose.SUFFIXES
    assert client["LEVELS"] == reports.LEVELS

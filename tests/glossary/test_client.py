"""The client that a documentation repository runs against a server."""

import json
import os
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
from glossary.models import Document, Term
from glossary.services import access_tokens, publishing
from tests.factories import TermFactory, UserFactory

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


def run(folder, *arguments, **environment):
    command = [sys.executable, "-I", str(CLIENT), *map(str, arguments)]
    return subprocess.run(command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, timeout=60)


@contextmanager
def in_front_of(server: str, refusals: int = 0):
    """An address that hands on to a server for as long as this lasts, and where nobody answers afterwards.

    refusals: how many requests it answers first with 429, to be asked again at once.
    """
    left = [429] * refusals

    class HandOn(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if left:
                self.send_response(left.pop())
                self.send_header("Retry-After", "0")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
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
def test_a_server_that_has_enough_for_now_is_asked_again_when_it_says(server, document, tmp_path):
    with in_front_of(server, refusals=3) as door:
        assert "comapction" in run(tmp_path, "--server", door, "decisions").stdout
    with in_front_of(server, refusals=100) as door:
        ended = run(tmp_path, "--server", door, "decisions")
    assert ended.returncode == 2
    assert "answered 429 Too Many Requests" in ended.stderr


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


REGISTER = ("--register", "https://git.example.org/orders/", "--repository", "orders", "--team", "Payments")


@pytest.fixture
def secret(server):
    return access_tokens.make_token(label="ci", scopes=["documents"], by=UserFactory(member=True))[1]


@pytest.mark.django_db(transaction=True)
def test_documents_are_registered_and_seen_again_until_their_meaning_changes(server, document, tmp_path, secret):
    def see(text: str) -> Document:
        document.write_text(text)
        ended = run(tmp_path, "--server", server, *REGISTER, "decisions", GLOSSARY_TOKEN=secret)
        assert (ended.returncode, ended.stderr) == (0, "")
        return Document.objects.with_counts().get()

    term = Term.objects.get(slug="compaction")
    pinned = f"Our [compaction]({settings.PUBLIC_URL}/id/{term.uid}/v/1/).\n"
    first = see(pinned)
    assert (first.address, first.repository, first.team) == (
        "https://git.example.org/orders/decisions/0001.md",
        "orders",
        "Payments",
    )
    publishing.publish_term(snapshot=term.current.snapshot | {"gap": "Another gap."}, change="meaning")
    again = see(pinned)
    assert again.last_seen_at > first.last_seen_at
    assert (again.terms, again.superseded) == (1, 1)
    assert first.owners.get().notices.count() == 1
    assert see(pinned.replace("/v/1/", "/v/2/")).superseded == 0


@pytest.mark.django_db(transaction=True)
def test_what_is_not_registered_is_said_and_ends_with_two(server, document, tmp_path, secret):
    there = ("--server", server, *REGISTER)
    assert "GLOSSARY_TOKEN" in run(tmp_path, *there, "decisions").stderr
    refused = run(tmp_path, *there, "decisions", GLOSSARY_TOKEN=secret[:-1])
    assert refused.returncode == 2
    assert refused.stderr.startswith("decisions/0001.md was not registered:")
    assert "Send an access token that is valid" in refused.stderr
    outside = run(document.parent, *there, tmp_path / "decisions" / ".." / "other.md", GLOSSARY_TOKEN=secret)
    assert outside.returncode == 2
    long = run(tmp_path, *there[:-1], "x" * 81, "decisions", GLOSSARY_TOKEN=secret)
    assert "team: This has 81 characters" in long.stderr
    assert not Document.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_registered_from_a_kept_answer(server, document, tmp_path, secret):
    with in_front_of(server) as address:
        run(tmp_path, "--server", address, "decisions")
    offline = run(tmp_path, "--server", address, *REGISTER, "decisions", GLOSSARY_TOKEN=secret)
    assert offline.returncode == 2
    assert "told from an earlier answer" in offline.stderr
    assert "was not registered" in offline.stderr


@pytest.mark.django_db(transaction=True)
def test_a_redirect_is_not_followed_as_it_would_register_nothing_and_carry_the_token_away(
    server, document, tmp_path, secret
):
    came = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self):
            came.append(self.headers.get("Authorization"))
            self.send_error(404)

        do_POST = do_GET

        def log_message(self, *arguments):
            pass

    class Door(Elsewhere):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(301)
            self.send_header("Location", f"http://localhost:{elsewhere.server_port}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()

    with (
        ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as elsewhere,
        ThreadingHTTPServer(("127.0.0.1", 0), Door) as door,
    ):
        for each in (elsewhere, door):
            Thread(target=each.serve_forever, daemon=True).start()
        there = f"http://127.0.0.1:{door.server_port}"
        ended = run(tmp_path, "--server", there, *REGISTER, "decisions", GLOSSARY_TOKEN=secret)
        for each in (elsewhere, door):
            each.shutdown()
    assert ended.returncode == 2
    assert f"leads: http://localhost:{elsewhere.server_port}/api/v1/check." in ended.stderr
    assert came == []
    assert not Document.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_name_that_is_no_utf_8_is_registered_as_its_bytes(server, tmp_path, secret):
    (tmp_path / os.fsdecode(b"Gr\xf6\xdfe.md")).write_text("compaction\n")
    ended = run(tmp_path, "--server", server, *REGISTER, ".", GLOSSARY_TOKEN=secret)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert Document.objects.get().address == "https://git.example.org/orders/Gr%F6%DFe.md"


def test_a_team_without_the_address_that_it_is_for_is_told(document):
    ended = run(document.parent, "--server", NOWHERE, "--team", "Payments", document, GLOSSARY_TOKEN="ec_")  # noqa: S106
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "--register https://git.example/docs/" in ended.stderr

"""Documents that nobody should send, at every door: refused with a sentence, or read whole, in bounded memory."""

import json
import os
import resource
import runpy
import subprocess
import sys
import tracemalloc

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from mcp.server.mcpserver.exceptions import ToolError

from glossary import assistants
from glossary.domain.matching import Matcher
from glossary.domain.prose import FORMATS, masked
from glossary.domain.readable import LARGEST
from glossary.models import Document
from tests.factories import TermFactory, UserFactory
from tests.glossary.api.operations import token_of

pytestmark = pytest.mark.django_db

CLIENT = settings.BASE_DIR / "static" / "client" / "check_docs.py"
# Nothing listens at the port of discarded bytes.
NOWHERE = "http://127.0.0.1:9"
MEGABYTE = 2**20

TOO_LARGE = "has more than 3 MB, which is the most; divide it, or leave it out."
NO_UTF_8 = "is not UTF-8; save it as UTF-8, or leave it out."
NO_TEXT = "is no text, as it has zero bytes in it; save it as UTF-8, or leave it out."
NO_FILE = "is no file that can be read as a document; leave it out."
# Bytes of a file, and what is said of them after its name.
UNREADABLE = {
    "of too many bytes": (b"x" * (LARGEST + 1), TOO_LARGE),
    "of too many bytes in few characters": ("🦊".encode() * (LARGEST // 4 + 1), TOO_LARGE),
    "of one line that is nearly the largest body": (b"log " * 2_400_000, TOO_LARGE),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", NO_UTF_8),
    "random": (bytes(range(255, -1, -1)) * 40, NO_UTF_8),
    "UTF-16 with a mark": ("the log".encode("utf-16"), NO_UTF_8),
    "UTF-16 without one": ("the log".encode("utf-16-le"), NO_TEXT),
    "Latin 1": ("Größe".encode("latin-1"), NO_UTF_8),
    "UTF-8 that breaks off": ("the log of 🦊".encode()[:-1], NO_UTF_8),
    "half a pair in UTF-8": (b"\xed\xa0\x80", NO_UTF_8),
    "zero bytes": (bytes(1000), NO_TEXT),
}
FILES = pytest.mark.parametrize(("data", "said"), UNREADABLE.values(), ids=UNREADABLE)


@pytest.fixture
def terms():
    TermFactory(label="log", aliases=[{"text": "go", "kind": "misspelling"}])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def status_of(data: bytes) -> int:
    return 413 if len(data) > LARGEST else 422


def refused_by_command(*arguments) -> list[str]:
    with pytest.raises(CommandError) as ended:
        call_command("check_docs", *map(str, arguments))
    assert ended.value.returncode == 2
    return str(ended.value).splitlines()


def refused_by_client(capsys, *arguments) -> list[str]:
    client = runpy.run_path(str(CLIENT))
    assert client["main"](["--server", NOWHERE, *map(str, arguments)]) == 2
    return capsys.readouterr().err.splitlines()


# --- What is no document


@FILES
def test_pages_say_what_is_wrong_with_a_file(client, data, said):
    client.force_login(UserFactory(member=True))
    for page in ("/check/", "/documents/new/"):
        file = SimpleUploadedFile("a.md", data)
        response = client.post(page, {"file": file, "format": "text", "address": "https://x.org/a", "text": ""})
        assert (page, response.status_code) == (page, status_of(data))
        assert f"a.md {said}" in response.content.decode()
    assert not Document.objects.exists()


@FILES
def test_the_command_and_the_client_say_the_same_of_a_file_and_end_with_two(folder, capsys, data, said):
    (folder / "a.md").write_bytes(data)
    told = [f"a.md {said}"]
    assert refused_by_command("a.md", "--register", "https://x.org/") == told
    assert refused_by_client(capsys, "a.md") == told
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("text", "said", "status"),
    [("x" * (LARGEST + 1), TOO_LARGE, 413), ("é" * (LARGEST // 2 + 1), TOO_LARGE, 413), ("a\0b", NO_TEXT, 422)],
    ids=["characters", "bytes", "zero"],
)
def test_texts_that_are_no_documents_are_refused_without_a_file_too(client, text, said, status):
    sentence = f"This {said}"
    page = client.post("/check/", {"text": text})
    assert (page.status_code, sentence in page.content.decode()) == (status, True)
    body = {"text": text, "address": "https://x.org/a"}
    for address, headers in (("/api/v1/check", {}), ("/api/v1/documents", token_of(None, "documents"))):
        response = client.post(address, body, content_type="application/json", headers=headers)
        assert (address, response.status_code, response.json()["error"]) == (address, status, sentence)
    with pytest.raises(ToolError, match=said):
        assistants.check(text)
    assert not Document.objects.exists()


def test_a_document_of_the_largest_size_is_taken_however_json_escapes_it(client, terms):
    for text in ("é" * (LARGEST // 2), '"' * LARGEST):
        response = client.post("/api/v1/check", json.dumps({"text": text}), content_type="application/json")
        assert response.json() == {"hits": [], "is_cut": False}


@pytest.mark.parametrize(
    "body",
    [r'{"text": "\ud800"}', r'{"text": "\udfff\ud800"}', '{"text": ' + "[" * 100_000, '{"text": "a", "b": {"\xff'],
    ids=["half a pair", "halves in the wrong order", "nested", "not UTF-8"],
)
def test_json_that_is_no_text_is_a_bad_request_to_programs_and_assistants(client, body):
    for address in ("/api/v1/check", "/mcp"):
        accept = {"Accept": "application/json, text/event-stream"}
        body = body.encode("latin-1") if isinstance(body, str) else body
        response = client.post(address, body, content_type="application/json", headers=accept)
        assert (address, response.status_code) == (address, 400)


def test_a_body_of_fifty_megabytes_is_refused_unread_and_so_is_one_of_unknown_length(client):
    for address, kind in (("/api/v1/check", "application/json"), ("/mcp", "text/plain; charset=utf-8")):
        sent = {"content_type": "application/json", "CONTENT_LENGTH": "50000000"}
        large = client.generic("POST", address, b"", **sent)
        assert (large.status_code, large["Content-Type"]) == (413, kind)
        assert "This has 50.0 MB, and the most is 10 MB; it was not read." in large.content.decode()
        sent = {"content_type": "application/json", "CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
        unknown = client.generic("POST", address, b"", **sent)
        assert (unknown.status_code, unknown["Content-Type"]) == (411, kind)
    page = client.generic("POST", "/check/", b"", CONTENT_LENGTH="50000000")
    assert page.status_code == 413
    assert "A document to check may have 3 MB" in page.content.decode()


# --- What is no file


def hostile_folder(folder) -> None:
    os.mkfifo(folder / "pipe.md")
    (folder / "zeros.md").symlink_to("/dev/zero")
    (folder / "itself.md").symlink_to("itself.md")
    (folder / "gone.md").symlink_to("nowhere.md")
    (folder / "again").symlink_to(".")
    (folder / "folder.md").mkdir()
    (folder / "fine.md").write_text("go")


def test_a_folder_is_read_past_what_is_no_file(folder, terms, capsys):
    hostile_folder(folder)
    call_command("check_docs", ".")
    assert [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()] == ["fine.md"]
    assert [line.split()[0] for line in refused_by_client(capsys, ".")] == ["fine.md"]


def test_what_is_no_file_is_named_and_what_is_one_is_told_all_the_same(folder, terms, capsys):
    hostile_folder(folder)
    odd = ["pipe.md", "zeros.md", "/dev/zero"]
    lost = ["itself.md cannot be read: Too many levels of symbolic links.", f"{'x' * 999}.md cannot be read: File name"]
    named = [*odd, "itself.md", f"{'x' * 999}.md"]
    for told in (refused_by_command(*named, "fine.md"), refused_by_client(capsys, *named)):
        assert told[:3] == [f"{name} {NO_FILE}" for name in odd]
        assert [line.startswith(start) for line, start in zip(told[3:], lost, strict=True)] == [True, True]
    capsys.readouterr()
    refused_by_command(*named, "fine.md")
    assert capsys.readouterr().out.startswith("fine.md:1:1: warning:")


def test_a_file_that_grows_is_read_no_further_than_a_document_may_be_long(folder, capsys, monkeypatch):
    path = folder / "a.md"
    with path.open("wb") as file:
        file.truncate(2**40)
    assert refused_by_command(path) == refused_by_client(capsys, path) == [f"{path} {TOO_LARGE}"]


def test_the_client_refuses_a_huge_file_in_little_memory(folder):
    with (folder / "a.md").open("wb") as file:
        file.truncate(2**33)

    def in_little_memory():
        resource.setrlimit(resource.RLIMIT_AS, (300 * MEGABYTE, 300 * MEGABYTE))

    command = [sys.executable, "-I", str(CLIENT), "--server", NOWHERE, "a.md"]
    ended = subprocess.run(command, preexec_fn=in_little_memory, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", f"a.md {TOO_LARGE}\n")


def test_a_name_that_is_no_text_is_told_in_every_format(folder, terms, capsys):
    (folder / os.fsdecode(b"Gr\xf6\xdfe.md")).write_text("go")
    for format, name in [
        ("text", r"Gr\udcf6\udcdfe.md:1:1"),
        ("json", r"Gr\udcf6\udcdfe.md"),
        ("sarif", "Gr%F6%DFe.md"),
    ]:
        call_command("check_docs", ".", "--format", format)
        assert name in capsys.readouterr().out


# --- What is a document all the same

MANY = 1_000_000


def test_of_a_million_matches_each_door_tells_the_first(client, terms):
    text = "go " * MANY
    answer = client.post("/api/v1/check", {"text": text, "format": "text"}, content_type="application/json").json()
    assert (len(answer["hits"]), answer["is_cut"]) == (20_000, True)
    page = client.post("/check/", {"text": text, "format": "text"}).content.decode()
    assert "only its beginning is shown" in page
    assert page.count('<a class="use ') == 5_000
    told = assistants.check("go " * 1_000)
    assert (len(told.places), told.is_cut) == (500, True)


def test_the_command_tells_the_first_of_many_matches_and_judges_by_all(folder, capsys):
    TermFactory(label="log", aliases=[{"text": "go", "kind": "misspelling"}])
    TermFactory(label="ledger", retired=True)
    (folder / "a.txt").write_text("go " * 20_000 + "ledger")
    with pytest.raises(SystemExit) as ended:
        call_command("check_docs", "a.txt", "--fail-on", "error")
    assert ended.value.code == 1
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 20_000
    assert told.err == "a.txt has 20,001 places to tell of; the first 20,000 are told.\n"


@pytest.mark.django_db(transaction=True)
def test_the_client_ends_with_two_where_the_server_did_not_tell_all(folder, live_server, terms, monkeypatch):
    monkeypatch.setattr("glossary.api.checking.MOST_HITS", 1)
    (folder / "a.txt").write_text("log log")
    command = [sys.executable, "-I", str(CLIENT), "--server", live_server.url, "a.txt"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    assert ended.stderr == "a.txt has more hits than the server answers at once; the first are told. Divide it.\n"


DEEP = 100_000
NESTED = {
    **{sign: sign * DEEP for sign in (">", "> ", "[", "(", "*", "`", "<", "{", "|", "_", "![", "<!--", "<<", "[[")},
    "brackets that close": "[" * DEEP + "]" * DEEP + "(" * DEEP + ")" * DEEP,
    "lists": "".join(f"{' ' * 2 * depth}- a\n" for depth in range(300)),
    "directives": "".join(f"{' ' * 3 * depth}.. note:: a\n\n" for depth in range(300)),
    "blocks": "".join(f"{'=' * (4 + depth)}\n" for depth in range(300)),
    "delimiters": "----\n....\n////\n" * 1_000,
    "runs of every length": "".join(f"a{'`' * length}" for length in range(300)),
    "fences of every length": "".join(f"{'`' * (300 - length)}\na\n" for length in range(290)),
}


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_what_is_nested_beyond_all_measure_is_read_to_its_end(client, terms, format):
    for name, text in NESTED.items():
        body = {"text": f"log\n\n{text}", "format": format}
        response = client.post("/api/v1/check", body, content_type="application/json")
        assert (name, response.status_code) == (name, 200)
        assert (response.json()["hits"][0]["line"], response.json()["is_cut"]) == (1, False)


# Patterns that repeat a group, and lists of what was found, once took hundreds of bytes for each of these.
DENSE = [
    *(("markdown", "", unit) for unit in (">", "- ", "a`", "\n")),
    ("rst", "", "<"),
    ("text", "a", ".a"),
    ("text", "", "🦊a\n"),
]


@pytest.mark.parametrize(("format", "start", "unit"), DENSE)
def test_a_byte_of_a_document_takes_sixty_of_memory_at_most(format, start, unit):
    text, matcher = start + unit * (LARGEST // 10 // len(unit.encode())), Matcher()
    matcher.add("log", "log")
    tracemalloc.start()
    try:
        assert not list(matcher.find(masked(text, format)))
        assert tracemalloc.get_traced_memory()[1] <= 60 * len(text.encode())
    finally:
        tracemalloc.stop()


def test_the_page_shows_hostile_text_as_text(client, terms):
    text = (
        'the <script>alert("log")</script> log\n"><img src=x onerror=alert(1)> </textarea><b>log [log](javascript:x)\n'
    )
    file = SimpleUploadedFile("<b>.md", b"\xff")
    for posted in ({"text": text}, {"text": text, "file": file}):
        page = client.post("/check/", posted | {"format": "markdown"}).content.decode()
        assert not any(markup in page for markup in ("<script>alert", "<img src=x", "</textarea><b>", "<b>.md"))
        assert "&lt;img src=x onerror=alert(1)&gt;" in page

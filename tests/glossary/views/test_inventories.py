"""What writers' tools fetch: by Sphinx and MkDocs themselves, and as any program does."""

import io
import subprocess
import sys
from zipfile import ZipFile

import pytest

from glossary.services import publishing
from tests.factories import TermFactory

FORMATS = [
    "/objects.inv",
    "/export/mkdocs/eda.md",
    "/export/vale/EDA.zip",
    "/export/vale/2026.03.02/EDA.zip",
    "/export/prh.yml",
    "/export/skos.ttl",
    "/export/skos.jsonld",
    "/export/datahub.yml",
    "/export/openmetadata.csv",
    "/export/eda.tbx",
    "/export/eventcatalog/ubiquitous-language.mdx",
    "/llms.txt",
    "/llms-full.txt",
]


def publish_terms():
    aliases = [{"text": "log compaction", "kind": "synonym"}, {"text": "comapction", "kind": "misspelling"}]
    TermFactory(label="compaction", aliases=aliases, edits=[{"gap": "Another gap.", "change": "wording"}])
    TermFactory(label="ledger", retired=True)


def body(client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    return response.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("address", FORMATS)
def test_a_format_stays_the_same_until_something_is_published_and_then_changes(client, address):
    publish_terms()
    first = client.get(address)
    once, again = first.getvalue(), body(client, address)
    assert once == again
    assert first["Access-Control-Allow-Origin"] == "*"
    assert "Content-Encoding" not in first
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    TermFactory(label="tombstone", aliases=[{"text": "tombston", "kind": "misspelling"}])
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 200
    assert body(client, address) != once


@pytest.mark.django_db
@pytest.mark.parametrize("address", FORMATS)
def test_without_a_dictionary_a_format_is_there_all_the_same(client, address):
    body(client, address)


@pytest.mark.django_db
def test_a_package_of_a_day_says_what_was_said_then(client):
    term = TermFactory(label="compaction", aliases=[{"text": "comapction", "kind": "misspelling"}])
    snapshot = term.current.snapshot | {"aliases": [{"text": "compacting", "kind": "misspelling"}]}
    publishing.publish_term(snapshot=snapshot)

    def rule(address: str) -> str:
        with ZipFile(io.BytesIO(body(client, address))) as package:
            return package.read("EDA/styles/EDA/compaction.yml").decode()

    assert "comapction" in rule("/export/vale/2026.03.02/EDA.zip")
    assert "compacting" in rule("/export/vale/EDA.zip")
    assert client.get("/export/vale/2026.02.30/EDA.zip").status_code == 404


@pytest.mark.django_db
def test_assistants_read_every_definition_in_both_voices(client):
    publish_terms()
    text = body(client, "/llms-full.txt").decode()
    assert "## compaction (engineers’ word)" in text
    assert "### For managers" in text
    assert "ledger" not in text
    assert "/id/" in body(client, "/llms.txt").decode()


def build(*command) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", *map(str, command)], capture_output=True, text=True, check=False)


SPHINX_PAGE = """\
Words
=====

We use :external+eda:term:`compaction`, also :external+eda:term:`log compaction` and :external+eda:term:`Compaction`,
as it was in :external+eda:term:`compaction@v1`; see :external+eda:ref:`the whole story <compaction>`.
"""


@pytest.mark.django_db(transaction=True)
def test_sphinx_resolves_known_words_and_pins_and_fails_over_an_unknown_one(live_server, tmp_path):
    publish_terms()
    (tmp_path / "conf.py").write_text(
        f'extensions = ["sphinx.ext.intersphinx"]\nintersphinx_mapping = {{"eda": ("{live_server.url}/", None)}}\n'
    )
    (tmp_path / "index.rst").write_text(SPHINX_PAGE)
    built = build("sphinx", "-W", "-q", "-b", "html", tmp_path, tmp_path / "out")
    assert built.returncode == 0, built.stderr
    page = (tmp_path / "out" / "index.html").read_text()
    assert page.count(f'href="{live_server.url}/terms/compaction/"') == 4
    assert f'href="{live_server.url}/terms/compaction/v/1/"' in page
    assert "log compaction" in page
    for unknown in ("compactification", "comapction", "ledger"):
        (tmp_path / "index.rst").write_text(f"Words\n=====\n\n:external+eda:term:`{unknown}`\n")
        built = build("sphinx", "-W", "-q", "-b", "html", tmp_path, tmp_path / "out")
        assert built.returncode == 1, unknown
        assert unknown in built.stderr


MKDOCS = """\
site_name: Design documents
theme: {name: material, features: [content.tooltips], font: false}
markdown_extensions:
  - abbr
  - pymdownx.snippets: {auto_append: ["%s"], url_download: true}
"""


@pytest.mark.django_db(transaction=True)
def test_a_site_of_mkdocs_material_shows_lines_at_words(live_server, tmp_path):
    publish_terms()
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Words\n\nThe log compaction of a topic.\n")
    (tmp_path / "mkdocs.yml").write_text(MKDOCS % f"{live_server.url}/export/mkdocs/eda.md")
    built = build("mkdocs", "build", "-q", "-f", tmp_path / "mkdocs.yml", "-d", tmp_path / "out")
    assert built.returncode == 0, built.stderr
    assert ">log compaction</abbr>" in (tmp_path / "out" / "index.html").read_text()

"""Exports, as programs and spreadsheets fetch them."""

import csv
import io
import json
from zipfile import ZipFile

import pytest

from glossary.models import Publication, User
from tests.factories import CategoryFactory, ScenarioFactory, TermFactory, UserFactory, linked_to

EXPORTS = ["/export/terms.json", "/export/terms.csv", "/export/content.zip"]


def body(client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    return response.getvalue()


def document(client, query="") -> dict:
    return json.loads(body(client, f"/export/terms.json{query}"))


def rows(client, query="") -> list[dict]:
    return list(csv.DictReader(io.StringIO(body(client, f"/export/terms.csv{query}").decode(), newline="")))


def files(client, query="") -> ZipFile:
    return ZipFile(io.BytesIO(body(client, f"/export/content.zip{query}")))


@pytest.fixture
def terms():
    log = TermFactory(label="log", scenarios=[ScenarioFactory(slug="appending").slug])
    journal = TermFactory(
        label="journal", voice="manager", category="sales", mappings=[linked_to(log, "close", "often")]
    )
    ledger = TermFactory(label="ledger", retired=True, replaced_by=log)
    return log, journal, ledger


def test_json_says_everything_of_a_term_and_what_is_known_around_it(client, settings, terms):
    log, journal, _ = terms
    told = document(client)
    assert list(told) == ["format", "title", "url", "version", "categories", "logs", "scenarios", "terms"]
    assert (told["version"], told["title"]) == (
        f"{Publication.objects.get().published_at:%Y.%m.%d}",
        "Eventually Consistent",
    )
    assert [term["slug"] for term in told["terms"]] == ["journal", "ledger", "log"]
    first, second, _ = told["terms"]
    reference = {"uid": log.uid, "slug": "log", "label": "log"}
    assert first["mappings"] == [{"term": reference, "kind": "close", "note": "often"}]
    assert (first["status"], first["replaced_by"], first["revision"]) == ("published", None, 1)
    assert first["permanent_url"] == f"{settings.PUBLIC_URL}/id/{journal.uid}/"
    assert (second["status"], second["replaced_by"]) == ("retired", reference)
    assert first["definitions"] == journal.current.snapshot["definitions"]


def test_csv_has_one_row_for_each_term(client, terms):
    log, journal, _ = terms
    first, second, third = rows(client)
    assert (first["uid"], first["slug"], first["mappings"]) == (journal.uid, "journal", "close | log | often")
    assert (second["status"], third["scenarios"]) == ("retired", "appending")
    assert third["definition_engineer"] == log.current.snapshot["definitions"]["engineer"]


def test_the_zip_holds_content_files(client, terms):
    archive = files(client)
    assert archive.testzip() is None
    assert sorted(archive.namelist()) == [
        "categories.toml", "logs/orders.jsonl", "scenarios/appending.toml", "terms/journal.md", "terms/log.md",
    ]  # fmt: skip
    assert 'term = "log"' in archive.read("terms/journal.md").decode()


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("?voice=manager", ["journal"]),
        ("?category=kafka", ["ledger", "log"]),
        ("?slug=log&slug=journal", ["journal", "log"]),
        ("?voice=engineer&slug=log", ["log"]),
        ("?voice=director", []),
        ("?slug=%00", []),
        ("?slug=", []),
    ],
)
def test_a_selection_is_all_that_is_exported(client, terms, query, slugs):
    assert [term["slug"] for term in document(client, query)["terms"]] == slugs
    assert [row["slug"] for row in rows(client, query)] == slugs
    published = [name for name in files(client, query).namelist() if name.startswith("terms/")]
    assert published == [f"terms/{slug}.md" for slug in slugs if slug != "ledger"]


def test_a_selection_brings_the_scenarios_and_logs_that_its_terms_need(client, terms):
    ScenarioFactory(slug="other")
    told = document(client, "?slug=log")
    assert [[row["slug"] for row in told[part]] for part in ("categories", "logs", "scenarios")] == [
        ["kafka"], ["orders"], ["appending"],
    ]  # fmt: skip
    told = document(client, "?slug=journal")
    assert (told["logs"], told["scenarios"]) == ([], [])


def test_a_term_is_selected_by_a_slug_that_it_used_to_have(client):
    TermFactory(label="journal", renamed=True)
    assert [row["slug"] for row in rows(client, "?slug=journal")] == ["the-new-name"]


@pytest.mark.parametrize("address", EXPORTS)
def test_bytes_and_tag_stay_until_something_is_published(client, terms, address):
    first = client.get(address)
    bytes_before = first.getvalue()
    assert first["Last-Modified"]
    assert body(client, address) == bytes_before
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Access-Control-Allow-Origin"] == "*"
    assert client.get(address, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    assert client.get(f"{address}?voice=engineer")["ETag"] != first["ETag"]

    TermFactory(label="offset")
    changed = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed.getvalue() != bytes_before


@pytest.mark.parametrize("address", EXPORTS)
def test_every_origin_may_read_without_credentials(client, terms, address):
    response = client.get(address, headers={"Origin": "https://wiki.example.org"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    head = client.head(address)
    assert (head.status_code, head["ETag"]) == (200, response["ETag"])
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", EXPORTS)
@pytest.mark.parametrize("who", [None, {"member": True}, {"curator": True}, {"admin": True}, {"deactivated": True}])
def test_exports_are_for_everybody(client, terms, address, who):
    if who:
        client.force_login(UserFactory(**who))
    assert body(client, address)


@pytest.mark.parametrize("address", EXPORTS)
def test_exports_of_a_private_site_are_for_people_and_programs_with_a_token(client, settings, terms, address):
    settings.PRIVATE = True
    assert client.get(address).status_code == 401
    client.force_login(UserFactory(member=True))
    assert "private" in client.get(address)["Cache-Control"]
    User.objects.update(is_active=False)
    assert client.get(address).status_code == 401


def test_a_cell_that_a_spreadsheet_would_run_is_defused(client):
    TermFactory(label="sum", say='=HYPERLINK("https://evil.example.org")', avoid="@now")
    [row] = rows(client)
    assert row["say"] == '\'=HYPERLINK("https://evil.example.org")'
    assert row["avoid"] == "'@now"


def test_an_empty_dictionary_is_exported_too(client):
    CategoryFactory()
    assert document(client)["terms"] == []
    assert document(client)["version"] == ""
    assert rows(client) == []
    assert files(client).namelist() == ["categories.toml"]


def test_the_dictionary_leads_to_the_exports_of_what_it_shows(client, terms):
    page = client.get("/terms/?voice=manager&category=sales").content.decode()
    assert 'href="/export/terms.csv?voice=manager&amp;category=sales"' in page
    assert 'href="/export/terms.json"' in client.get("/terms/").content.decode()
    assert "/export/" not in client.get("/terms/?letter=L").content.decode()


@pytest.mark.parametrize(("who", "is_offered"), [(None, False), ("member", False), ("curator", True), ("admin", True)])
def test_curators_are_led_to_imports(client, terms, who, is_offered):
    if who:
        client.force_login(UserFactory(**{who: True}))
    assert ('href="/import/"' in client.get("/terms/").content.decode()) is is_offered

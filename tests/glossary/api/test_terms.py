"""Terms over the API, as other programs rely on them."""

from urllib.parse import urlsplit

import pytest

from glossary.services import publishing, retiring
from tests.factories import ScenarioFactory, TermFactory, UserFactory, linked_to

pytestmark = pytest.mark.django_db
CONTRACT = {
    "uid", "slug", "label", "voice", "category", "status", "replaced_by", "revision", "lines", "definitions", "html",
    "gap", "say", "avoid", "aliases", "mappings", "relations", "sources", "scenarios", "url", "permanent_url",
}  # fmt: skip


def get(client, address: str, status: int = 200) -> dict:
    response = client.get(address)
    assert response.status_code == status, response.content
    return response.json()


def test_a_term_has_every_field_of_the_contract_and_no_other(client, settings):
    settings.PUBLIC_URL = "https://words.example.org"
    archive = TermFactory(label="archive", voice="manager")
    TermFactory(
        label="retention",
        scenarios=[ScenarioFactory(slug="kept").slug],
        aliases=[{"text": "log retention", "kind": "synonym"}],
        mappings=[linked_to(archive, "close", "often")],
    )
    term = get(client, "/api/v1/terms/retention")
    assert set(term) == CONTRACT
    assert term["lines"].keys() == term["definitions"].keys() == term["html"].keys() == {"engineer", "manager"}
    assert term["aliases"] == [{"text": "log retention", "kind": "synonym", "note": ""}]
    reference = {"uid": archive.uid, "slug": "archive", "label": "archive"}
    assert term["mappings"] == [{"term": reference, "kind": "close", "note": "often"}]
    assert term["scenarios"] == ["kept"]
    assert term["replaced_by"] is None
    assert term["url"] == "https://words.example.org/terms/retention/"
    assert term["permanent_url"] == f"https://words.example.org/id/{term['uid']}/"


def test_a_retired_term_answers_and_names_what_took_its_place(client):
    log = TermFactory(label="log")
    TermFactory(label="ledger", retired=True, replaced_by=log)
    term = get(client, "/api/v1/terms/ledger")
    assert term["status"] == "retired"
    assert term["replaced_by"] == {"uid": log.uid, "slug": "log", "label": "log"}


def test_old_slugs_and_merged_terms_lead_on(client):
    log, ledger = TermFactory(label="log", renamed=True), TermFactory(label="ledger")
    moved = client.get("/api/v1/terms/log/revisions?limit=1")
    assert (moved.status_code, moved["Location"]) == (301, "/api/v1/terms/the-new-name/revisions?limit=1")
    retiring.merge_term(term=ledger, into=log, by=UserFactory(curator=True))
    moved = client.get("/api/v1/terms/ledger")
    assert (moved.status_code, moved["Location"]) == (301, "/api/v1/terms/the-new-name")


def test_a_list_is_walked_by_its_next_addresses(client):
    for number in range(5):
        TermFactory(label=f"word {number}")
    address, seen = "/api/v1/terms?limit=2", []
    while address:
        page = get(client, address)
        seen.append([item["slug"] for item in page["items"]])
        parts = page["next"] and urlsplit(page["next"])
        address = parts and f"{parts.path}?{parts.query}"
    assert seen == [["word-0", "word-1"], ["word-2", "word-3"], ["word-4"]]


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", ["archive", "log"]),
        ("voice=manager", ["archive"]),
        ("category=kafka&voice=engineer", ["log"]),
        ("letter=l", ["log"]),
        ("status=retired", ["ledger"]),
        ("voice=director", []),
        ("category=%00", []),
    ],
)
def test_filters_narrow_the_list_and_what_they_do_not_know_selects_nothing(client, query, slugs):
    TermFactory(label="log")
    TermFactory(label="archive", voice="manager")
    TermFactory(label="ledger", retired=True)
    assert [item["slug"] for item in get(client, f"/api/v1/terms?{query}")["items"]] == slugs


def test_a_term_is_given_as_it_was_on_a_day_and_as_each_revision_stated_it(client):
    TermFactory(label="log", gap="First.", edits=[{"gap": "Second.", "change": "wording"}])
    assert get(client, "/api/v1/terms/log")["gap"] == "Second."
    assert get(client, "/api/v1/terms/log?as_of=2026-03-15")["gap"] == "First."
    assert get(client, "/api/v1/terms/log?as_of=2026-03-15")["revision"] == 1
    assert get(client, "/api/v1/terms/log/revisions/1")["gap"] == "First."
    get(client, "/api/v1/terms/log?as_of=2026-01-01", 404)
    get(client, "/api/v1/terms/log/revisions/3", 404)
    revisions = get(client, "/api/v1/terms/log/revisions")["items"]
    assert [(each["number"], each["change"]) for each in revisions] == [(2, "wording"), (1, "meaning")]


def test_a_publication_shows_at_once_and_until_then_nothing_is_sent_again(client):
    term = TermFactory(label="log")
    first = client.get("/api/v1/terms/log")
    assert first["Access-Control-Allow-Origin"] == "*"
    again = client.get("/api/v1/terms/log", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    publishing.publish_term(snapshot=term.current.snapshot | {"say": "Say it anew."}, change="wording")
    assert client.get("/api/v1/terms/log", headers={"if-none-match": first["ETag"]}).json()["say"] == "Say it anew."


def test_changes_are_read_from_where_one_stopped(client):
    term = TermFactory(label="log")
    first = get(client, "/api/v1/changes")
    assert [(item["term"]["slug"], item["number"]) for item in first["items"]] == [("log", 1)]
    nothing = get(client, f"/api/v1/changes?cursor={first['cursor']}")
    assert (nothing["items"], nothing["next"], nothing["cursor"]) == ([], None, first["cursor"])
    publishing.publish_term(snapshot=term.current.snapshot | {"say": "Say it anew."}, change="wording")
    later = get(client, f"/api/v1/changes?cursor={nothing['cursor']}")
    assert [(item["number"], item["change"]) for item in later["items"]] == [(2, "wording")]


def test_a_word_is_translated_to_what_the_other_side_calls_it(client):
    retention = TermFactory(label="retention")
    TermFactory(label="archive", voice="manager", mappings=[linked_to(retention, "close", "for the log")])
    [found] = get(client, "/api/v1/translate?text=Archive")["items"]
    assert found["counterparts"] == [
        {"slug": "retention", "label": "retention", "kind": "close", "note": "for the log"}
    ]
    [found] = get(client, "/api/v1/translate?text=retention&to=manager")["items"]
    assert found["counterparts"][0]["slug"] == "archive"
    assert get(client, "/api/v1/translate?text=retention&to=engineer")["items"] == []


def test_a_search_says_how_each_term_matched(client):
    TermFactory(label="compaction", aliases=[{"text": "log cleaning", "kind": "synonym"}])
    [hit] = get(client, "/api/v1/search?q=log+cleaning")["items"]
    assert (hit["slug"], hit["how"], hit["matched"]) == ("compaction", "synonym", "log cleaning")


def test_a_scenario_is_given_with_its_log(client):
    scenario = ScenarioFactory(slug="kept")
    assert get(client, "/api/v1/scenarios/kept")["log"]["records"] == scenario.log.records
    assert [item["slug"] for item in get(client, "/api/v1/scenarios")["items"]] == ["kept"]
    assert get(client, f"/api/v1/logs/{scenario.log.slug}")["records"] == scenario.log.records
    assert [item["slug"] for item in get(client, "/api/v1/logs")["items"]] == [scenario.log.slug]

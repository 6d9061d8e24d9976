"""The OpenAPI document, for programs and as a page."""

import pytest

from glossary.api.document import DESCRIPTIONS
from glossary.api.term_body import SCHEMA
from glossary.domain.snapshot import TERM_OPTIONAL, TERM_REQUIRED
from glossary.domain.vocabulary import SCOPES
from tests.factories import CategoryFactory
from tests.glossary.api.operations import JSON, OPERATIONS, token_of

pytestmark = pytest.mark.django_db
EVERY = pytest.mark.parametrize("operation", OPERATIONS, ids=str)


def test_the_document_is_kept_and_spared_like_what_it_describes(client):
    first = client.get("/api/v1/openapi.json")
    assert first.json()["openapi"].startswith("3.1")
    assert first["Access-Control-Allow-Origin"] == "*"
    assert client.get("/api/v1/openapi.json", headers={"if-none-match": first["ETag"]}).status_code == 304


@EVERY
def test_an_operation_says_what_it_is_for_and_what_it_takes(operation):
    said = operation.said
    assert said["description"].endswith(".")
    assert said["tags"]
    assert all(each.get("description") for each in said["parameters"] if each["in"] != "path")


def test_an_operation_is_named_once_and_briefly():
    ids = [each.said["operationId"] for each in OPERATIONS]
    assert len(set(ids)) == len(ids)
    assert all(each.islower() and len(each) < 30 for each in ids)


@EVERY
def test_every_error_is_declared_in_the_one_shape(operation):
    for status, answer in operation.said["responses"].items():
        if int(status) >= 400:
            schema = answer["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Error"}
    assert {"401", "429"} <= operation.said["responses"].keys()
    assert ("304" in operation.said["responses"]) == (operation.method == "get")
    assert ({"400", "413", "415"} <= operation.said["responses"].keys()) == operation.takes_body
    assert ("403" in operation.said["responses"]) == bool(operation.scopes)


def test_what_writes_and_what_checks_has_a_tighter_limit_than_what_reads(settings):
    assert settings.API_LIMITS["reads"] > settings.API_LIMITS["checks"] > settings.API_LIMITS["writes"]
    for operation in OPERATIONS:
        assert (operation.said["x-limit"] == "reads") == (operation.method == "get")


def test_the_page_names_every_operation_with_its_scopes_and_what_they_share(client, settings):
    settings.API_LIMITS = {"reads": 601, "checks": 0, "writes": 61}
    page = client.get("/api/v1/docs").content.decode()
    for operation in OPERATIONS:
        assert f"<code>{operation}</code>" in page
    assert "Needs a token with the scope <code>propose</code>" in page
    assert all(f"<dt><code>{scope}</code></dt>" in page for scope in SCOPES)
    assert "reading 601 times, checking a document without a limit, writing 61 times" in page
    assert all(f"<dt>{status}</dt>" in page for status in DESCRIPTIONS)
    assert "If-None-Match" in page


def test_a_proposed_term_is_described_as_it_is_judged_and_the_example_is_one(client):
    assert {*SCHEMA["required"], "uid"} == set(TERM_REQUIRED)
    assert SCHEMA["properties"].keys() == {*TERM_REQUIRED, *TERM_OPTIONAL}
    CategoryFactory(slug="kafka")
    sent = {"term": SCHEMA["example"], "note": "It is missing."}
    response = client.post("/api/v1/proposals", sent, content_type=JSON, headers=token_of(None, "propose"))
    assert response.status_code == 200, response.content
    assert response.json()["proposal"]["label"] == "outbox"

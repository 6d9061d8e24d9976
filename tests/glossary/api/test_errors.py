"""Whatever goes wrong, programs are told in one shape."""

import pytest

from tests.factories import TermFactory

pytestmark = pytest.mark.django_db


def problem(response, status: int) -> dict:
    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    said = response.json()
    assert set(said) == {"error", "problems"}
    assert said["error"]
    return said


@pytest.mark.parametrize("address", ["/api/v1/terms/nothing", "/api/v1/nothing", "/api/nothing/", "/api/v1/"])
def test_what_is_not_there_is_said_in_json(client, address):
    problem(client.get(address), 404)


def test_a_wrong_method_is_told_which_ones_there_are(client):
    TermFactory(label="log")
    response = client.delete("/api/v1/terms/log")
    problem(response, 405)
    assert "GET" in response["Allow"]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=many", "cursor=%F0", "cursor=n"])
def test_a_query_that_cannot_be_read_is_named(client, query):
    name = query.partition("=")[0]
    assert f"query/{name}" in problem(client.get(f"/api/v1/terms?{query}"), 422)["error"]


@pytest.mark.parametrize("body", ["", "{", "[]", '"text"'])
def test_a_body_that_is_no_document_is_refused(client, body):
    response = client.post("/api/v1/check", body, content_type="application/json")
    assert response.status_code in {400, 422}
    problem(response, response.status_code)


def test_a_body_that_is_too_large_is_refused_unread(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    problem(client.post("/api/v1/check", {"text": "x" * 200}, content_type="application/json"), 413)


def test_a_private_site_asks_programs_for_a_token(client, settings):
    settings.PRIVATE = True
    response = client.get("/api/v1/terms")
    problem(response, 401)
    assert response["WWW-Authenticate"] == "Bearer"


def test_scripts_of_other_origins_may_ask_before_they_send(client):
    headers = {"origin": "https://docs.example.com", "access-control-request-method": "POST"}
    response = client.options("/api/v1/check", headers=headers)
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (204, "*")
    assert "POST" in response["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in response

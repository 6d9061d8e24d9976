"""Every operation, met with everything that can be wrong with a request: one shape, the right status, a sentence."""

import pytest

from glossary.api import limits
from glossary.models import AccessToken, Proposal, Term
from glossary.services import access_tokens, people
from tests.factories import UserFactory
from tests.glossary.api.operations import JSON, OPERATIONS, change_world, make_world, token_of

pytestmark = pytest.mark.django_db
EVERY = pytest.mark.parametrize("operation", OPERATIONS, ids=str)
CLOSED = pytest.mark.parametrize("operation", [each for each in OPERATIONS if each.scopes], ids=str)
TAKING = pytest.mark.parametrize("operation", [each for each in OPERATIONS if each.takes_body], ids=str)
TAKEN = {(each.path, each.method) for each in OPERATIONS}
ABSENT = [
    (each, method)
    for each in OPERATIONS
    for method in ("put", "patch", "delete", "trace")
    if (each.path, method) not in TAKEN
]
NOWHERE = [each for each in OPERATIONS if "404" in each.said["responses"]]


@pytest.fixture(scope="module", autouse=True)
def world(for_all_tests):
    for_all_tests(make_world)


@pytest.fixture
def nothing_written():
    before = [model.objects.count() for model in (Proposal, Term)]
    yield
    assert [model.objects.count() for model in (Proposal, Term)] == before


def problem(operation, response, status: int) -> dict:
    """The error of an answer, which the document declares."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == JSON
    said = response.json()
    assert said.keys() == {"error", "problems"}
    assert said["error"].endswith((".", "…`"))
    assert all(each.keys() >= {"path", "message"} for each in said["problems"])
    if status != 405:
        assert str(status) in operation.said["responses"]
    return said


def allowed(operation) -> dict:
    return token_of(None, *operation.scopes) if operation.scopes else {}


@pytest.mark.parametrize("operation", NOWHERE, ids=str)
def test_an_address_that_leads_nowhere(client, operation):
    address = operation.address(slug="nothing-is-called-so", number=999_999_999)
    problem(operation, operation.ask(client, address, headers=allowed(operation)), 404)


@pytest.mark.parametrize(("operation", "method"), ABSENT, ids=str)
def test_a_method_that_there_is_not(client, operation, method):
    response = getattr(client, method)(operation.address(), headers=allowed(operation))
    problem(operation, response, 405)
    assert operation.method.upper() in response["Allow"]


@TAKING
@pytest.mark.parametrize("body", ["{", '{"text": ', "\xff", "[" * 100_000, "NaN,"], ids=range(5))
def test_a_body_that_is_no_json(client, operation, body, nothing_written):
    problem(operation, operation.ask(client, body=body, headers=allowed(operation)), 400)


@TAKING
@pytest.mark.parametrize("body", ["[]", "null", '"text"', "7", "{}"])
def test_a_body_that_is_another_thing(client, operation, body, nothing_written):
    said = problem(operation, operation.ask(client, body=body, headers=allowed(operation)), 422)
    assert said["problems"]


@TAKING
@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_a_body_that_is_not_said_to_be_json(client, operation, content_type, nothing_written):
    response = operation.ask(client, headers=allowed(operation), content_type=content_type)
    assert JSON in problem(operation, response, 415)["error"]


@TAKING
def test_a_body_that_is_too_large(client, operation, settings, nothing_written):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    body = '{"text": "' + "x" * 200 + '"}'
    problem(operation, operation.ask(client, body=body, headers=allowed(operation)), 413)


@EVERY
def test_more_than_a_minute_takes(client, operation, settings, monkeypatch):
    # Both in one minute, whatever the time is.
    monkeypatch.setattr(limits, "clock", lambda: 1_000_000_000.0)
    settings.API_LIMITS = {"reads": 1, "checks": 1, "writes": 1}
    headers = allowed(operation)
    operation.ask(client, headers=headers)
    # What was kept of the first answer is told no more.
    change_world()
    refused = operation.ask(client, headers=headers)
    problem(operation, refused, 429)
    assert 1 <= int(refused["Retry-After"]) <= 60


@CLOSED
@pytest.mark.parametrize("header", [None, "Bearer", "Bearer ec_nothing", "Basic Zm9vOmJhcg==", "Bearer \0", "ec_x"])
def test_no_token_or_one_that_is_none(client, operation, header, nothing_written):
    response = operation.ask(client, headers={"authorization": header} if header else {})
    problem(operation, response, 401)
    assert response["WWW-Authenticate"] == "Bearer"


@CLOSED
def test_a_token_that_was_revoked(client, operation, nothing_written):
    headers = allowed(operation)
    token = AccessToken.objects.get()
    access_tokens.revoke_token(token=token, by=token.owner)
    problem(operation, operation.ask(client, headers=headers), 401)


@CLOSED
def test_a_token_of_somebody_who_is_shut_out(client, operation, nothing_written):
    headers = allowed(operation)
    people.deactivate(person=AccessToken.objects.get().owner, by=UserFactory(admin=True))
    problem(operation, operation.ask(client, headers=headers), 401)


@CLOSED
def test_a_session_without_a_token(client, operation, nothing_written):
    client.force_login(UserFactory(admin=True))
    problem(operation, operation.ask(client), 401)


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if {*each.scopes} - {"read"}], ids=str)
def test_a_token_without_the_scope(client, operation, nothing_written):
    [scope] = operation.scopes
    others = {"propose", "documents"} - {scope}
    said = problem(operation, operation.ask(client, headers=token_of(UserFactory(admin=True), *others)), 403)
    assert f"`{scope}`" in said["error"]


@EVERY
def test_a_private_site_without_a_token(client, operation, settings):
    settings.PRIVATE = True
    problem(operation, operation.ask(client), 401)


@pytest.mark.parametrize("address", ["/api/v1/nothing", "/api/v2/terms", "/api/", "/api/v1/terms/log/nothing"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_address_that_no_operation_has(client, address, method):
    response = getattr(client, method)(address)
    assert (response.status_code, response["Content-Type"]) == (404, JSON)
    assert response.json()["error"]

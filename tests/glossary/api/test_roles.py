"""Who may write over the API: roles and scopes, each against each; a token never does more than its owner may."""

import json

import pytest
from django.contrib.auth.models import Group

from glossary.domain.vocabulary import ROLES, SCOPES
from glossary.models import Proposal, Term
from tests.factories import ProposalFactory, TermFactory, UserFactory
from tests.glossary.api.operations import JSON, OPERATIONS, WRITING, make_world, token_of

pytestmark = pytest.mark.django_db
PEOPLE = ROLES[1:]
SETS_OF_SCOPES = [(), ("propose",), ("documents",), ("propose", "documents")]
# What becomes of a change that somebody proposes of a published term.
OUTCOMES = {
    ("member", "wording"): "waits",
    ("member", "meaning"): "waits",
    ("curator", "wording"): "is live",
    ("curator", "meaning"): "waits",
    ("admin", "wording"): "is live",
    ("admin", "meaning"): "waits",
}


def propose(client, headers: dict, change: str) -> str:
    term = client.get("/api/v1/terms/log").json()
    body = {"term": term | {"gap": f"A gap told anew, as {change}."}, "base_revision": term["revision"]}
    sent = json.dumps(body | {"change": change, "note": "Clearer."})
    response = client.post("/api/v1/proposals", sent, content_type=JSON, headers=headers)
    if response.status_code != 200:
        return str(response.status_code)
    return "waits" if response.json()["proposal"] else "is live"


def test_every_operation_that_writes_needs_a_scope_and_all_of_them_are_in_the_table():
    writing = [each for each in OPERATIONS if each.method != "get" and not each.path.endswith("/check")]
    assert writing == WRITING
    assert {scope for each in WRITING for scope in each.scopes} <= SCOPES.keys() - {"read"}


@pytest.mark.parametrize("operation", WRITING, ids=str)
@pytest.mark.parametrize("scopes", SETS_OF_SCOPES, ids=lambda scopes: "+".join(("read", *scopes)))
@pytest.mark.parametrize("role", PEOPLE)
def test_a_scope_opens_what_it_is_for_and_nothing_else(client, operation, scopes, role):
    make_world()
    response = operation.ask(client, headers=token_of(UserFactory(**{role: True}), *scopes))
    if set(operation.scopes) <= set(scopes):
        # It got in: what is said of an empty body, or of a proposal of somebody else.
        assert response.status_code in ({422} if operation.takes_body else {200, 204, 403})
    else:
        assert response.status_code == 403
        assert "scope" in response.json()["error"]


@pytest.mark.parametrize("change", ["wording", "meaning"])
@pytest.mark.parametrize("role", PEOPLE)
def test_what_a_role_may_publish_is_published_and_the_rest_waits(client, role, change):
    TermFactory(label="log")
    assert propose(client, token_of(UserFactory(**{role: True}), "propose"), change) == OUTCOMES[role, change]
    is_live = Term.objects.get(slug="log").current.number == 2
    assert is_live == (OUTCOMES[role, change] == "is live")


def test_a_role_that_was_taken_away_is_taken_from_its_tokens_too(client):
    TermFactory(label="log")
    person = UserFactory(curator=True)
    headers = token_of(person, "propose")
    assert propose(client, headers, "wording") == "is live"
    person.groups.set([Group.objects.get_or_create(name="member")[0]])
    assert propose(client, headers, "meaning") == "waits"
    assert Term.objects.get(slug="log").current.number == 2


@pytest.mark.parametrize("role", PEOPLE)
def test_only_its_author_takes_back_a_proposal(client, role):
    person = UserFactory(**{role: True})
    headers = token_of(person, "propose")
    own, other = (ProposalFactory(author=author) for author in (person, UserFactory(member=True)))
    answers = [client.post(f"/api/v1/proposals/{each.pk}/withdraw", headers=headers) for each in (own, other)]
    assert [each.status_code for each in answers] == [200, 403]
    assert {each.pk: each.status for each in Proposal.objects.all()} == {own.pk: "withdrawn", other.pk: "open"}


@pytest.mark.parametrize("role", PEOPLE)
def test_every_token_of_everybody_reads_proposals(client, role):
    ProposalFactory()
    for scopes in SETS_OF_SCOPES:
        headers = token_of(UserFactory(**{role: True}), *scopes)
        assert client.get("/api/v1/proposals", headers=headers).status_code == 200

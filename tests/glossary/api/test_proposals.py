"""Proposing over the API, with a token."""

import pytest

from glossary.models import AuditEntry, Proposal, Term
from glossary.services import access_tokens, publishing
from tests.factories import CategoryFactory, TermFactory, UserFactory
from tests.snapshots import term_snapshot

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/proposals"


def token_of(role: str = "member", *scopes: str) -> dict:
    _, secret = access_tokens.make_token(label="ci", scopes=scopes or ("propose",), by=UserFactory(**{role: True}))
    return {"authorization": f"Bearer {secret}"}


def post(client, headers: dict, status: int = 200, address: str = ADDRESS, **body) -> dict:
    response = client.post(address, body, content_type="application/json", headers=headers)
    assert response.status_code == status, response.content
    return response.json()


def changed(client, **changes) -> dict:
    term = client.get("/api/v1/terms/log").json()
    return {"term": term | changes, "base_revision": term["revision"], "note": "Clearer."}


def test_a_member_proposes_what_the_api_gave_and_nothing_is_published(client):
    TermFactory(label="log")
    made = post(client, token_of(), change="wording", **changed(client, gap="A new gap."))
    assert (made["revision"], made["proposal"]["status"]) == (None, "open")
    assert Proposal.objects.get().snapshot["gap"] == "A new gap."
    assert AuditEntry.objects.filter(action="proposal.made").count() == 1
    assert client.get("/api/v1/terms/log").json()["gap"] != "A new gap."


def test_a_curator_s_wording_is_published_and_their_meaning_waits(client):
    TermFactory(label="log")
    curator = token_of("curator")
    assert post(client, curator, change="wording", **changed(client, gap="Reworded."))["revision"] == 2
    assert client.get("/api/v1/terms/log").json()["gap"] == "Reworded."
    assert post(client, curator, **changed(client, gap="Another meaning."))["proposal"]["status"] == "open"


def test_a_new_term_sent_twice_is_one_proposal(client):
    CategoryFactory()
    new = term_snapshot("outbox")
    del new["uid"]
    headers = token_of()
    first, second = (post(client, headers, term=new, note="Missing.")["proposal"]["id"] for _ in range(2))
    assert first == second
    assert Proposal.objects.count() == 1


def test_every_problem_is_told_with_its_path(client):
    TermFactory(label="log")
    said = post(client, token_of(), 422, **changed(client, gap="", label=7))
    assert {"gap", "label"} <= {each["path"] for each in said["problems"]}
    assert Proposal.objects.count() == 0


def test_a_conflict_gives_both_texts(client):
    TermFactory(label="log")
    body = changed(client, gap="Mine.")
    publishing.publish_term(snapshot=Term.objects.get().current.snapshot | {"gap": "Theirs."}, change="wording")
    [problem] = post(client, token_of(), 409, **body)["problems"]
    assert (problem["path"], problem["mine"], problem["theirs"]) == ("gap", "Mine.", "Theirs.")


def test_a_proposal_is_followed_and_taken_back_by_its_author_alone(client):
    TermFactory(label="log")
    author, other = token_of(), token_of()
    number = post(client, author, **changed(client, gap="Mine."))["proposal"]["id"]
    seen = client.get(f"{ADDRESS}/{number}", headers=other)
    assert seen.json()["status"] == "open"
    again = client.get(f"{ADDRESS}/{number}", headers=other | {"if-none-match": seen["ETag"]})
    assert again.status_code == 304
    assert client.get(f"{ADDRESS}?mine=true", headers=other).json()["items"] == []
    post(client, other, 403, f"{ADDRESS}/{number}/withdraw")
    assert post(client, author, 200, f"{ADDRESS}/{number}/withdraw")["status"] == "withdrawn"
    post(client, author, 409, f"{ADDRESS}/{number}/withdraw")


def test_without_the_scope_or_a_token_nothing_is_proposed(client):
    TermFactory(label="log")
    body = changed(client, gap="Mine.")
    assert "`propose`" in post(client, token_of("admin", "documents"), 403, **body)["error"]
    client.force_login(UserFactory(admin=True))
    response = client.post(ADDRESS, body, content_type="application/json")
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert Proposal.objects.count() == 0

"""Asking for a term that is missing."""

import pytest

from glossary.models import Proposal, TermRequest
from glossary.services.requesting import request_term
from tests.factories import TermFactory, UserFactory


@pytest.fixture
def wish():
    return request_term(label="data mesh", voice="manager", note="Heard it.", by=UserFactory(member=True))


def test_a_search_without_a_hit_leads_to_asking_for_the_word(client):
    page = client.get("/search/?q=data+mesh").content.decode()
    assert '<a href="/terms/request/?label=data%20mesh" rel="nofollow">Ask for this term</a>' in page
    client.force_login(UserFactory(member=True))
    assert 'value="data mesh"' in client.get("/terms/request/?label=data%20mesh").content.decode()


def test_a_member_asks_for_a_term_and_everybody_sees_that_it_is_asked_for(client, words):
    client.force_login(UserFactory(member=True, display_name="Ada"))
    sent = {"label": " data mesh ", "voice": "manager", "note": "Heard it."}
    response = client.post("/terms/request/", sent, follow=True)
    assert response.redirect_chain == [("/terms/request/", 302)]
    assert "data mesh Ada" in words(response)
    assert TermRequest.objects.get().label == "data mesh"


def test_whoever_is_signed_out_asks_nothing(client):
    assert client.post("/terms/request/", {"label": "data mesh", "voice": "manager"}).status_code == 401
    assert TermRequest.objects.count() == 0


def test_a_word_that_is_there_is_said_beside_its_field(client, words):
    TermFactory(label="compaction")
    client.force_login(UserFactory(member=True))
    response = client.post("/terms/request/", {"label": "Compaction", "voice": "engineer", "note": "Typed."})
    assert response.status_code == 422
    assert "'Compaction' is in the dictionary" in words(response)
    assert "Typed.</textarea>" in response.content.decode()


def test_a_word_without_a_voice_is_refused(client, words):
    client.force_login(UserFactory(member=True))
    response = client.post("/terms/request/", {"label": "data mesh"})
    assert response.status_code == 422
    assert "Choose who says it." in words(response)


@pytest.mark.parametrize(("trait", "status"), [("member", 403), ("curator", 302), ("admin", 302)])
def test_curators_close_requests(client, wish, trait, status):
    client.force_login(UserFactory(**{trait: True}))
    assert ("Decline" in client.get("/terms/request/").content.decode()) == (status == 302)
    assert client.post(f"/terms/request/{wish.pk}/", {"do": "declined"}).status_code == status
    assert TermRequest.objects.get().status == ("declined" if status == 302 else "open")


def test_closing_in_no_known_way_is_refused(client, wish):
    client.force_login(UserFactory(curator=True))
    assert client.post(f"/terms/request/{wish.pk}/", {"do": "open"}).status_code == 404
    assert client.get(f"/terms/request/{wish.pk}/").status_code == 405


def test_a_request_becomes_the_beginning_of_a_term(client, wish):
    client.force_login(UserFactory(member=True))
    page = client.get(f"/terms/new/?request={wish.pk}").content.decode()
    assert 'value="data mesh"' in page
    assert 'value="manager" checked' in page
    assert "Asked for: Heard it.</textarea>" in page
    assert Proposal.objects.count() == 0


@pytest.mark.parametrize("number", ["x", "999", "-1", "²", "9" * 400])
def test_a_request_that_is_not_there_begins_nothing(client, number):
    client.force_login(UserFactory(member=True))
    assert client.get(f"/terms/new/?request={number}").status_code == 200

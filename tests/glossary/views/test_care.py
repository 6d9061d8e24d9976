"""The curators' page: who sees it, what it offers, and what is said to a day that cannot be."""

from datetime import timedelta

import pytest
from django.utils import timezone

from glossary.models import Term, TermRequest
from glossary.services import requesting, retiring
from tests.factories import TermFactory, UserFactory

ADDRESS = "/terms/compaction/care/"


@pytest.fixture
def term():
    made = TermFactory(label="compaction", slug="compaction")
    Term.objects.filter(pk=made.pk).update(review_due_on=timezone.now().date() - timedelta(days=3))
    return made


@pytest.mark.parametrize(("traits", "status"), [({}, 403), ({"member": True}, 403), ({"deactivated": True}, 302)])
def test_the_page_is_for_curators(client, term, traits, status):
    client.force_login(UserFactory(**traits))
    for address in ("/care/", ADDRESS):
        assert client.get(address).status_code == status
    client.logout()
    assert client.get("/care/").status_code == 302
    assert client.post(ADDRESS, {"deed": "reviewed"}).status_code == 401
    assert Term.objects.get().review_due_on < timezone.now().date()


@pytest.mark.parametrize("role", ["curator", "admin"])
def test_what_is_amiss_is_listed_with_ways_to_mend_it(client, term, words, role):
    client.force_login(UserFactory(**{role: True}))
    response = client.get("/care/")
    page = words(response)
    assert "1 term with something amiss" in page
    assert "Review overdue, no sources, no mapping, no scenario" in page
    assert "3 days ago" in page
    html = response.content.decode()
    assert 'href="/terms/compaction/edit/"' in html
    assert "compaction" in words(client.get("/care/?of=overdue"))
    assert "No sources 1" in words(client.get("/care/?of=junk"))


def test_a_term_that_is_still_right_leaves_the_overdue_ones(client, term, words):
    client.force_login(UserFactory(curator=True))
    response = client.post(ADDRESS, {"deed": "reviewed", "back": "care"}, follow=True)
    assert response.redirect_chain == [("/care/", 302)]
    page = words(response)
    assert "compaction is to be read again by" in page
    assert "overdue" not in page


def test_a_day_is_set_or_refused_with_its_reason(client, term, words):
    client.force_login(UserFactory(curator=True))
    on = timezone.now().date() + timedelta(days=30)
    assert client.post(ADDRESS, {"review_due_on": str(on)})["Location"] == ADDRESS
    assert Term.objects.get().review_due_on == on
    for typed in ("", "tomorrow", "2027-02-31", "2001-01-01", "9999-12-31"):
        response = client.post(ADDRESS, {"review_due_on": typed})
        assert response.status_code == 422
        assert "is no day; write it like" in words(response) or "is not a day from tomorrow" in words(response)
        assert f'value="{typed}"' in response.content.decode()


def test_words_that_were_asked_for_are_listed(client, words):
    requesting.request_term(label="outbox", voice="engineer", note="Heard it.", by=UserFactory(member=True))
    client.force_login(UserFactory(curator=True))
    assert "outbox engineer" in words(client.get("/care/"))
    TermFactory(label="outbox")
    assert TermRequest.objects.open().count() == 0
    assert "Nobody waits for a word." in words(client.get("/care/"))


def test_whoever_asked_for_a_word_is_told_when_it_is_there():
    asker = UserFactory(member=True)
    requesting.request_term(label="outbox", voice="engineer", by=asker)
    declined = requesting.request_term(label="inbox", voice="engineer", by=asker)
    TermFactory(label="outbox")
    requesting.close_request(declined, status="declined", by=UserFactory(curator=True))
    told = [notice.text for notice in asker.notices.order_by("pk")]
    assert told == ["The word that you asked for is there: outbox.", "Your request for the word inbox was declined."]


def test_a_retired_term_needs_no_care(client, term):
    retiring.retire_term(term=term)
    client.force_login(UserFactory(curator=True))
    assert client.get(ADDRESS)["Location"] == "/terms/compaction/"

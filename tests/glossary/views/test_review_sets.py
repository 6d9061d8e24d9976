"""A review set: one table, one decision."""

import pytest
from django.urls import reverse

from glossary.models import Term
from glossary.services import reviewing
from glossary.services.proposing import Change
from simulator.models import SampleLog, Scenario
from tests.factories import ReviewSetFactory, TermFactory, UserFactory
from tests.snapshots import log_snapshot, scenario_snapshot, term_snapshot


@pytest.fixture
def curator(client):
    person = UserFactory(curator=True, display_name="Cleo")
    client.force_login(person)
    return person


def set_page(review_set) -> str:
    return reverse("review_set", args=[review_set.pk])


def test_a_set_is_one_table_and_one_decision(client, curator, words):
    term = TermFactory(label="changed")
    log = log_snapshot("clicks")
    changes = [
        Change("log", log, 0),
        Change("scenario", scenario_snapshot("on-clicks", log="clicks"), 0),
        Change("term", term_snapshot("created", scenarios=["on-clicks"]), 0),
        Change("term", term.current.snapshot | {"say": "Say.", "gap": "A gap."}, 1),
    ]
    review_set = ReviewSetFactory(changes=changes)
    text = words(client.get(set_page(review_set)))
    assert "4 proposals by" in text
    assert "changed meaning Say, The gap open" in text
    assert "Approve all 4" in text
    response = client.post(set_page(review_set), {"deed": "approve_all"})
    assert "4 approved and published, 0 rejected." in words(client.get(response.url))
    assert Scenario.objects.filter(slug="on-clicks").exists()
    assert SampleLog.objects.filter(slug="clicks").exists()
    assert Term.objects.get(label="changed").current.number == 2


def test_the_selected_are_approved_and_the_rest_rejected(client, curator, words):
    review_set = ReviewSetFactory()
    _, other = review_set.proposals.order_by("pk")
    posted = {"deed": "reject_rest", "proposal": [other.pk]}
    refused = client.post(set_page(review_set), posted)
    assert refused.status_code == 422
    assert "Say why, so that its author can mend it." in words(refused)
    assert f'value="{other.pk}" aria-label="Select {other.label}" checked' in refused.content.decode()
    client.post(set_page(review_set), posted | {"reason": "One is enough."})
    assert [p.status for p in review_set.proposals.order_by("pk")] == ["rejected", "published"]


def test_what_stands_against_a_row_is_told_in_the_row(client, curator, words):
    review_set = ReviewSetFactory()
    one, _ = review_set.proposals.order_by("pk")
    response = client.post(set_page(review_set), {"deed": "approve_selected", "proposal": [one.pk]})
    assert response.status_code == 422
    assert "relations/0/term : there is no term" in words(response)
    assert set(review_set.proposals.values_list("status", flat=True)) == {"open"}


def test_nobody_is_offered_to_approve_the_whole_of_their_own_set(client, curator, words):
    text = words(client.get(set_page(ReviewSetFactory(author=curator))))
    assert "Approve all" not in text
    assert "Approve the selected" in text


def test_a_set_that_was_decided_meanwhile_is_answered_with_409(client, curator, words):
    review_set = ReviewSetFactory()
    one, other = review_set.proposals.order_by("pk")
    reviewing.reject(proposal=other, by=UserFactory(curator=True), reason="No.")
    response = client.post(set_page(review_set), {"deed": "approve_selected", "proposal": [one.pk, other.pk]})
    assert response.status_code == 409
    assert "Nothing of this set was published or rejected just now." in words(response)


def test_a_member_reads_a_set_and_decides_nothing(client, words):
    review_set = ReviewSetFactory()
    client.force_login(UserFactory(member=True))
    assert "Approve" not in words(client.get(set_page(review_set)))
    assert client.post(set_page(review_set), {"deed": "approve_all"}).status_code == 403


@pytest.mark.parametrize("posted", [{}, {"deed": "approve_selected"}, {"deed": "approve_selected", "proposal": "x"}])
def test_a_decision_about_nothing_is_refused(client, curator, posted):
    response = client.post(set_page(ReviewSetFactory()), posted)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()

"""What needs care is found, and the worst comes first."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from glossary import care
from glossary.domain.problems import Invalid
from glossary.models import AuditEntry, Readership, Term
from glossary.permissions import PermissionDenied
from glossary.services import caring, retiring
from glossary.services.publishing import publish_term
from tests.factories import FIRST_DAY, DocumentFactory, TermFactory, UserFactory, linked_to

pytestmark = pytest.mark.django_db

TODAY = FIRST_DAY.date() + timedelta(days=40)
SOURCES = [{"title": "Kafka documentation", "url": "https://kafka.apache.org/documentation/"}]


def sound_term(**changes):
    """A term with nothing amiss."""
    other = TermFactory(manager=True)
    mapping = linked_to(other, "close")
    term = TermFactory(**({"with_figure": True, "sources": SOURCES, "mappings": [mapping]} | changes))
    Readership.objects.create(term=term, views=1, last_viewed_at=FIRST_DAY)
    Readership.objects.create(term=other, views=1, last_viewed_at=FIRST_DAY)
    return term


def flaws(term, on=TODAY) -> list[str]:
    return care.case(Term.objects.get(pk=term.pk), on=on).flaws


def test_a_term_with_everything_needs_no_care():
    term = sound_term()
    assert flaws(term) == []
    assert term.pk not in [case.term.pk for case in care.cases(on=TODAY)]


def test_each_flaw_is_found():
    assert flaws(sound_term(sources=[])) == ["sources"]
    assert flaws(sound_term(mappings=[])) == ["mapping"]
    assert flaws(sound_term(with_figure=False)) == ["scenario"]
    overdue = sound_term()
    assert flaws(overdue, on=overdue.review_due_on) == []
    assert flaws(overdue, on=overdue.review_due_on + timedelta(days=1)) == ["overdue"]
    unread = sound_term()
    Readership.objects.filter(term=unread).delete()
    assert flaws(unread) == ["unread"]
    assert flaws(unread, on=FIRST_DAY.date() + timedelta(days=29)) == []


def test_a_term_in_no_document_is_found_where_documents_are_registered():
    term = sound_term(label="compaction")
    assert flaws(term) == []
    DocumentFactory(text="nothing of ours")
    assert flaws(term) == ["unused"]
    DocumentFactory(text="compaction")
    assert flaws(term) == []


def test_drifted_voices_are_found_until_they_are_together_again():
    term = sound_term()
    lines = term.current.snapshot["lines"]
    publish_term(snapshot=term.current.snapshot | {"lines": lines | {"engineer": "Another line."}}, at=FIRST_DAY)
    assert flaws(term) == ["drifted"]


def test_a_mapping_counts_from_either_side():
    term = sound_term()
    other = Term.objects.get(voice="manager")
    assert "mapping" not in flaws(other)
    assert "mapping" not in flaws(term)


def test_the_worst_comes_first_and_longer_overdue_is_worse():
    drifted, bare = sound_term(), TermFactory(label="bare")
    Term.objects.filter(pk=drifted.pk).update(drifted_voice="manager")
    late, later = sound_term(), sound_term()
    Term.objects.filter(pk=late.pk).update(review_due_on=TODAY - timedelta(days=31))
    Term.objects.filter(pk=later.pk).update(review_due_on=TODAY - timedelta(days=100))
    order = [case.term.pk for case in care.cases(on=TODAY) if case.term.pk in {drifted.pk, bare.pk, late.pk, later.pk}]
    assert order == [bare.pk, drifted.pk, later.pk, late.pk]


def test_retired_terms_need_no_care():
    term = TermFactory()
    retiring.retire_term(term=term)
    assert care.cases(on=TODAY) == []


def test_many_terms_take_one_query(django_assert_num_queries):
    for _ in range(5):
        TermFactory()
    with django_assert_num_queries(1):
        assert len(care.cases(on=TODAY)) == 5


# --- looking after


def test_a_term_that_was_read_and_is_right_is_due_in_a_year_and_it_is_audited():
    term, curator = TermFactory(), UserFactory(curator=True)
    caring.confirm_still_right(term=term, by=curator, at=FIRST_DAY)
    term.refresh_from_db()
    assert term.review_due_on == FIRST_DAY.date() + timedelta(days=365)
    entry = AuditEntry.objects.get(action="term.reviewed")
    assert (entry.by, entry.target, entry.data) == (curator, term.uid, {"review_due_on": str(term.review_due_on)})


def test_a_curator_sets_the_day():
    term, on = TermFactory(), timezone.now().date() + timedelta(days=90)
    caring.set_review_date(term=term, on=on, by=UserFactory(curator=True))
    term.refresh_from_db()
    assert term.review_due_on == on


@pytest.mark.parametrize("days", [-1, 0, 6 * 366])
def test_a_day_that_is_over_or_far_is_refused(days):
    on = timezone.now().date() + timedelta(days=days)
    with pytest.raises(Invalid, match="is not a day from tomorrow to five years ahead"):
        caring.set_review_date(term=TermFactory(), on=on, by=UserFactory(curator=True))


def test_only_curators_look_after_terms():
    term, member = TermFactory(), UserFactory(member=True)
    with pytest.raises(PermissionDenied):
        caring.confirm_still_right(term=term, by=member)
    with pytest.raises(PermissionDenied):
        caring.set_review_date(term=term, on=date.max, by=member)

import pytest

from glossary import permissions
from glossary.models import AuditEntry, Publication, Term
from glossary.services.confirming import confirm_voices
from tests.factories import TermFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def drifted():
    words = {"engineer": "Other words.", "manager": "What managers hear in compaction."}
    term = TermFactory(label="compaction", edits=[{"lines": words}])
    assert term.drifted_voice == "manager"
    return term


def test_a_curator_confirms_that_the_voices_say_the_same(drifted):
    curator, before = UserFactory(curator=True), Publication.objects.version()
    confirm_voices(term=drifted, by=curator)
    assert Term.objects.get(pk=drifted.pk).drifted_voice == ""
    entry = AuditEntry.objects.get(action="term.voices_confirmed")
    assert (entry.target, entry.by, entry.data) == (drifted.uid, curator, {"voice": "manager"})
    assert Publication.objects.version() == before + 1


def test_confirming_twice_changes_nothing(drifted):
    curator = UserFactory(curator=True)
    confirm_voices(term=drifted, by=curator)
    confirm_voices(term=drifted, by=curator)
    assert AuditEntry.objects.filter(action="term.voices_confirmed").count() == 1


def test_a_member_does_not_confirm(drifted):
    with pytest.raises(permissions.Refused):
        confirm_voices(term=drifted, by=UserFactory(member=True))
    assert Term.objects.get(pk=drifted.pk).drifted_voice == "manager"

import pytest

from glossary import permissions
from glossary.domain.problems import Invalid
from glossary.models import AuditEntry, TermRequest
from glossary.services.requesting import close_request, request_term
from tests.factories import TermFactory, UserFactory

pytestmark = pytest.mark.django_db


def ask(member, label="data mesh", voice="manager", note="Heard in a meeting."):
    return request_term(label=label, voice=voice, note=note, by=member)


def test_a_word_is_asked_for_once(member):
    assert ask(member) == ask(UserFactory(member=True), label="Data-Mesh")
    assert AuditEntry.objects.filter(action="term.requested").count() == 1
    assert ask(member, voice="engineer") != ask(member)


@pytest.mark.parametrize(
    ("asked", "path", "message"),
    [
        ({"label": " "}, "label", "must not be empty"),
        ({"label": "--"}, "label", "no letter or digit"),
        ({"label": "x" * 101}, "label", "the most is 100"),
        ({"label": "nul\x00"}, "label", "control character"),
        ({"label": "half \ud800"}, "label", "control character"),
        ({"voice": "director"}, "voice", "not one of engineer, manager"),
        ({"note": "x" * 2001}, "note", "the most is 2000"),
        ({"label": "COMPACTION", "voice": "engineer"}, "label", "is in the dictionary: the engineer term 'compaction'"),
    ],
)
def test_each_mistake_is_named_with_its_field(member, asked, path, message):
    TermFactory(label="compaction")
    with pytest.raises(Invalid) as raised:
        ask(member, **asked)
    [(where, said)] = raised.value.problems
    assert where == path
    assert message in said


def test_a_term_with_the_word_answers_its_request(member):
    wanted, other = ask(member), ask(member, voice="engineer")
    term = TermFactory(label="mesh of data", voice="manager", aliases=[{"text": "Data mesh", "kind": "synonym"}])
    wanted.refresh_from_db()
    other.refresh_from_db()
    assert (wanted.status, wanted.term) == ("done", term)
    assert other.status == "open"


def test_a_curator_declines_a_request_and_a_member_does_not(member):
    wanted = ask(member)
    with pytest.raises(permissions.Refused):
        close_request(wanted, status="declined", by=member)
    curator = UserFactory(curator=True)
    close_request(wanted, status="declined", by=curator)
    close_request(wanted, status="done", by=curator)
    wanted.refresh_from_db()
    assert (wanted.status, wanted.closed_by) == ("declined", curator)
    assert TermRequest.objects.open().count() == 0


def test_a_request_is_closed_in_one_of_two_ways(member):
    with pytest.raises(Invalid, match="not one of done, declined"):
        close_request(ask(member), status="open", by=UserFactory(curator=True))

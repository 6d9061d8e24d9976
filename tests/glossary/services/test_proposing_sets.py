"""Many changes proposed as one set: checked together, all or none."""

import pytest

from glossary.domain.problems import Invalid
from glossary.models import AuditEntry, Proposal, ReviewSet, Term
from glossary.permissions import PermissionDenied
from glossary.services import publishing
from glossary.services.proposing import Change, propose_set
from tests.factories import CategoryFactory, TermFactory, UserFactory, linked_to
from tests.snapshots import log_snapshot, scenario_snapshot, term_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator():
    CategoryFactory()
    return UserFactory(curator=True)


def test_what_is_new_in_a_set_may_refer_to_each_other(curator):
    log = log_snapshot("clicks")
    scenario = scenario_snapshot("on-clicks", log="clicks")
    one, other = term_snapshot("one"), term_snapshot("other")
    one |= {"relations": [{"term": other["uid"], "kind": "related"}], "scenarios": ["on-clicks"]}
    other |= {"gap": "As in [[one]]."}
    changes = [Change("term", one, 0), Change("term", other, 0), Change("scenario", scenario, 0), Change("log", log, 0)]
    made = propose_set(changes=changes, title=" An import ", by=curator)
    assert [p.target for p in made.proposals.all()] == [one["uid"], other["uid"], "on-clicks", "clicks"]
    assert (made.title, made.author) == ("An import", curator)
    assert not Term.objects.exists()
    assert AuditEntry.objects.get(action="review_set.made").data == {"title": "An import", "proposals": 4}


def test_a_curators_own_wording_waits_too_when_it_comes_in_a_set(curator):
    term = TermFactory()
    change = Change("term", term.current.snapshot | {"say": "Say it so."}, 1, change="wording")
    made = propose_set(changes=[change], title="An import", by=curator)
    assert made.proposals.get().status == "open"


def test_every_problem_is_told_by_its_place_and_nothing_is_proposed(curator):
    TermFactory(label="compaction")
    same = TermFactory(label="offset")
    changed = TermFactory(label="retention")
    snapshot = changed.current.snapshot
    publishing.publish_term(snapshot=snapshot | {"say": "Theirs."})
    changes = [
        Change("term", term_snapshot("newest", aliases=[{"text": "Compaction", "kind": "synonym"}]), 0),
        Change("term", snapshot | {"say": "Mine."}, 1),
        Change("term", same.current.snapshot, 1),
        Change("scenario", scenario_snapshot(log="nowhere"), 0),
        Change("term", term_snapshot("far", relations=[linked_to(same, "related")]), 7),
    ]
    with pytest.raises(Invalid) as raised:
        propose_set(changes=changes, title="", by=curator)
    assert [problem.path for problem in raised.value.problems] == [
        "title", "1/say", "4/", "0/aliases/0/text", "2/", "3/log",
    ]  # fmt: skip
    assert not Proposal.objects.exists()
    assert not ReviewSet.objects.exists()


def test_a_text_that_cannot_be_rendered_is_told_by_its_place(curator):
    changes = [Change("term", term_snapshot("fine"), 0), Change("term", term_snapshot("long", gap="[" * 801), 0)]
    with pytest.raises(Invalid) as raised:
        propose_set(changes=changes, title="Two words", by=curator)
    assert [problem.path for problem in raised.value.problems] == ["1/gap"]


def test_the_same_term_twice_in_a_set_is_refused(curator):
    term = TermFactory()
    changes = [Change("term", term.current.snapshot | {"say": say}, 1) for say in ("One.", "Two.")]
    with pytest.raises(Invalid) as raised:
        propose_set(changes=changes, title="An import", by=curator)
    told = "is in this set twice; leave one of them out"
    assert raised.value.problems == [("0/", told), ("1/", told)]


def test_an_empty_set_is_none(curator):
    with pytest.raises(Invalid, match="nothing to propose"):
        propose_set(changes=[], title="An import", by=curator)


@pytest.mark.parametrize("role", [{}, {"member": True}, {"admin": True, "deactivated": True}])
def test_a_set_is_for_curators(role):
    with pytest.raises(PermissionDenied):
        propose_set(changes=[], title="An import", by=UserFactory(**role))

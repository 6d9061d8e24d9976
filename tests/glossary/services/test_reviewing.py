"""Decisions about proposals that were read, and about sets of them."""

from datetime import timedelta

import pytest

from glossary.domain.problems import Invalid
from glossary.domain.workflow import NotPossible
from glossary.models import Proposal, Revision, Term
from glossary.permissions import Refused
from glossary.services import proposing, publishing, reviewing
from glossary.services.proposing import Change, propose_set
from glossary.services.reviewing import Outdated, Seen
from glossary.services.reviewing_sets import decide_set
from simulator.models import Scenario
from tests.factories import CategoryFactory, ProposalFactory, TermFactory, UserFactory
from tests.snapshots import log_snapshot, scenario_snapshot, term_snapshot

pytestmark = pytest.mark.django_db


def seen(proposal) -> Seen:
    return Seen(proposal.updated_at, proposal.base_revision)


# --- one proposal


def test_the_second_of_two_curators_learns_that_it_was_decided(curator):
    proposal = ProposalFactory()
    reviewing.approve(proposal=proposal, by=curator, seen=seen(proposal))
    other = UserFactory(curator=True)
    for deed in (reviewing.approve, reviewing.reject):
        with pytest.raises(NotPossible, match="is published"):
            deed(proposal=proposal, by=other, reason="No.", seen=seen(proposal))
    assert Revision.objects.filter(proposal=proposal).count() == 1


@pytest.mark.parametrize("deed", ["approve", "reject", "ask_for_changes"])
def test_nobody_decides_about_a_text_that_they_have_not_read(curator, deed):
    proposal = ProposalFactory()
    had = seen(proposal)
    change = Change("term", proposal.snapshot | {"gap": "Quite different."}, 1, note="Better so.")
    proposing.revise(proposal, change, by=proposal.author)
    with pytest.raises(Outdated, match="Its author changed it"):
        getattr(reviewing, deed)(proposal=proposal, by=curator, reason="Because.", seen=had)
    proposal.refresh_from_db()
    assert proposal.status == "open"


def test_what_was_published_meanwhile_is_read_before_approving_but_not_before_rejecting(curator):
    term = TermFactory()
    proposal = ProposalFactory(term=term)
    had = seen(proposal)
    publishing.publish_term(snapshot=term.current.snapshot | {"say": "Say it so."})
    with pytest.raises(Outdated, match="Something else was published"):
        reviewing.approve(proposal=proposal, by=curator, seen=had)
    reviewing.reject(proposal=proposal, by=curator, reason="Not needed now.", seen=had)


def test_a_reason_has_bounds(curator):
    for deed in (reviewing.approve, reviewing.reject):
        with pytest.raises(Invalid, match="the most is 2000"):
            deed(proposal=ProposalFactory(), by=curator, reason="x" * 2001)


# --- sets


@pytest.fixture
def review_set():
    """New terms that refer to each other, a scenario that one shows and the log that it runs on."""
    CategoryFactory()
    one, other = term_snapshot("one"), term_snapshot("other")
    one |= {"relations": [{"term": other["uid"], "kind": "related"}], "scenarios": ["on-clicks"]}
    other |= {"gap": "As in [[one]]."}
    scenario = scenario_snapshot("on-clicks", log="clicks")
    changes = [
        Change("term", one, 0),
        Change("term", other, 0),
        Change("scenario", scenario, 0),
        Change("log", log_snapshot("clicks"), 0),
    ]
    return propose_set(changes=changes, title="An import", by=UserFactory(curator=True))


def numbers(review_set, *labels) -> list[int]:
    found = review_set.proposals.all()
    return [proposal.pk for proposal in (found.filter(label__in=labels) if labels else found)]


def states(review_set) -> dict[str, str]:
    return dict(review_set.proposals.values_list("label", "status"))


def test_a_set_that_refers_to_itself_is_published_in_one_go(review_set, curator):
    decide_set(review_set=review_set, by=curator, approve=numbers(review_set))
    assert set(states(review_set).values()) == {"published"}
    one = Term.objects.get(label="one")
    assert [scenario.scenario.slug for scenario in one.term_scenarios.all()] == ["on-clicks"]
    assert one.current.author == review_set.author
    assert one.current.proposal.published_revision == 1
    assert one.current.proposal.decided_by == curator
    assert 'href="/terms/one/"' in Term.objects.get(label="other").html_gap


def test_a_selection_that_needs_what_is_left_out_is_refused_row_by_row(review_set, curator):
    [one] = numbers(review_set, "one")
    with pytest.raises(Invalid) as raised:
        decide_set(review_set=review_set, by=curator, approve=[one])
    assert [problem.path for problem in raised.value.problems] == [f"{one}/scenarios/0", f"{one}/relations/0/term"]
    assert not Term.objects.exists()
    assert set(states(review_set).values()) == {"open"}


def test_some_are_approved_and_the_rest_rejected_with_a_reason(review_set, curator):
    approve = numbers(review_set, "Clicks", "Only the latest survives")
    rest = numbers(review_set, "one", "other")
    with pytest.raises(Invalid) as raised:
        decide_set(review_set=review_set, by=curator, approve=approve, turn_down=rest)
    assert [problem.path for problem in raised.value.problems] == ["reason"]
    assert not Scenario.objects.exists()
    decide_set(review_set=review_set, by=curator, approve=approve, turn_down=rest, reason="Too many words.")
    assert states(review_set) == {
        "one": "rejected",
        "other": "rejected",
        "Only the latest survives": "published",
        "Clicks": "published",
    }
    assert Proposal.objects.get(label="one").reason == "Too many words."


def test_a_set_that_was_decided_about_is_not_decided_again(review_set, curator):
    decide_set(review_set=review_set, by=curator, approve=numbers(review_set))
    with pytest.raises(NotPossible):
        decide_set(review_set=review_set, by=curator, approve=numbers(review_set))
    assert Revision.objects.count() == 2


def test_a_row_that_changed_since_the_table_was_read_stops_the_set(review_set, curator):
    had = Seen(review_set.created_at)
    proposal = review_set.proposals.get(label="other")
    change = Change("term", proposal.snapshot | {"say": "Else."}, 0)
    proposing.revise(proposal, change, by=review_set.author, at=review_set.created_at + timedelta(seconds=1))
    with pytest.raises(Outdated):
        decide_set(review_set=review_set, by=curator, approve=numbers(review_set), seen=had)


def test_who_brought_a_set_does_not_approve_its_changes_of_meaning(review_set):
    with pytest.raises(Refused, match="own change of meaning"):
        decide_set(review_set=review_set, by=review_set.author, approve=numbers(review_set))


def test_a_place_that_somebody_changed_meanwhile_is_told_with_its_row(curator):
    term = TermFactory()
    snapshot = term.current.snapshot
    change = Change("term", snapshot | {"say": "Mine."}, 1)
    made = propose_set(changes=[change], title="An import", by=UserFactory(curator=True))
    publishing.publish_term(snapshot=snapshot | {"say": "Theirs."})
    with pytest.raises(Invalid) as raised:
        decide_set(review_set=made, by=curator, approve=numbers(made))
    assert raised.value.problems[0].path == f"{numbers(made)[0]}/say"


def test_deciding_about_nothing_and_about_anothers_rows_is_refused(review_set, curator):
    elsewhere = ProposalFactory()
    with pytest.raises(Invalid, match="Nothing is selected"):
        decide_set(review_set=review_set, by=curator, approve=[elsewhere.pk])


@pytest.mark.parametrize("trait", ["member", "deactivated"])
def test_sets_are_decided_about_by_curators(review_set, trait):
    with pytest.raises(Refused if trait == "member" else Exception, match="curators"):
        decide_set(review_set=review_set, by=UserFactory(**{trait: True}), approve=numbers(review_set))

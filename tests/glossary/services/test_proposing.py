import pytest

from glossary import permissions
from glossary.domain.problems import Invalid
from glossary.domain.workflow import NotPossible
from glossary.models import AuditEntry, Draft, Proposal, Revision, Term
from glossary.models.revisions import Origin
from glossary.services import drafting, reviewing
from glossary.services.proposing import Change, Conflicting, propose, revise
from glossary.services.publishing import publish_term
from simulator.models import SampleLog, Scenario
from tests.factories import ProposalFactory, ScenarioFactory, TermFactory, UserFactory
from tests.snapshots import log_snapshot, scenario_snapshot, term_snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("categories")]


@pytest.fixture
def term():
    return TermFactory(label="compaction")


def change_of(term, base=None, **fields) -> Change:
    """A change of some fields of a term's newest text, as seen at a revision."""
    about = {name: fields.pop(name) for name in ("change", "note", "confirms_other_voice") if name in fields}
    return Change("term", term.current.snapshot | fields, base or term.current.number, **about)


def newest(term) -> dict:
    return Term.objects.get(pk=term.pk).current.snapshot


def test_a_members_change_waits_and_readers_see_what_was_published(term, member):
    outcome = propose(change_of(term, say="New words.", change="wording", note="shorter"), by=member)
    assert outcome.revision is None
    assert (outcome.proposal.status, outcome.proposal.note) == ("open", "shorter")
    assert newest(term)["say"] == term.current.snapshot["say"]
    entry = AuditEntry.objects.get(action="proposal.made")
    assert (entry.target, entry.by) == (term.uid, member)


def test_a_curators_wording_is_live_at_once_and_their_meaning_waits(term, curator):
    assert propose(change_of(term, say="New words.", change="wording"), by=curator).revision == 2
    assert newest(term)["say"] == "New words."
    term.refresh_from_db()
    waiting = propose(change_of(term, gap="Another gap.", change="meaning"), by=curator)
    assert waiting.revision is None
    assert newest(term)["gap"] == term.current.snapshot["gap"]


def test_nobody_else_proposes(term):
    for person in (None, UserFactory(deactivated=True, curator=True)):
        with pytest.raises(permissions.SignInNeeded):
            propose(change_of(term, say="New."), by=person)
    assert not Proposal.objects.exists()


def test_what_was_published_meanwhile_is_merged_in(term, member, curator):
    propose(change_of(term, avoid="Theirs.", change="wording"), by=curator)
    proposal = propose(change_of(term, base=1, say="Mine."), by=member).proposal
    assert (proposal.snapshot["say"], proposal.snapshot["avoid"]) == ("Mine.", "Theirs.")
    assert proposal.base_revision == 2


def test_what_both_changed_is_for_the_second_author_to_decide(term, member, curator):
    propose(change_of(term, say="Theirs.", change="wording"), by=curator)
    with pytest.raises(Conflicting) as raised:
        propose(change_of(term, base=1, say="Mine.", avoid="Mine too."), by=member)
    [conflict] = raised.value.conflicts
    assert (conflict.path, conflict.mine, conflict.theirs) == ("say", "Mine.", "Theirs.")
    assert raised.value.snapshot["avoid"] == "Mine too."
    assert raised.value.number == 2
    assert not Proposal.objects.exists()


def test_a_base_that_never_was_is_refused_in_words(term, member):
    with pytest.raises(Invalid, match="Version 7 of this term does not exist"):
        propose(change_of(term, base=7, say="Mine."), by=member)


def test_an_empty_change_and_a_retired_term_are_refused(term, member):
    with pytest.raises(Invalid, match="Nothing differs"):
        propose(change_of(term), by=member)
    gone = TermFactory(label="gone", retired=True)
    with pytest.raises(Invalid, match="retired meanwhile"):
        propose(change_of(gone, say="Mine."), by=member)


def test_a_refused_change_names_its_fields_and_keeps_the_draft(term, member):
    drafting.save_draft(subject="term", target=term.uid, base_revision=1, fields=[("say", "")], by=member)
    with pytest.raises(Invalid) as raised:
        propose(change_of(term, say="", category="nowhere"), by=member)
    assert [path for path, _ in raised.value.problems] == ["say"]
    assert Draft.objects.count() == 1


def test_texts_that_cannot_be_rendered_are_refused_with_their_fields(term, member):
    definitions = term.current.snapshot["definitions"] | {"manager": "[" * 900}
    with pytest.raises(Invalid) as raised:
        propose(change_of(term, gap="[" * 801, definitions=definitions), by=member)
    assert raised.value.problems == [
        ("definitions/manager", "the text has 900 square brackets; the most is 800"),
        ("gap", "the text has 801 square brackets; the most is 800"),
    ]


def test_a_draft_is_done_with_once_it_is_proposed(term, member):
    drafting.save_draft(subject="term", target=term.uid, base_revision=1, fields=[("say", "N")], by=member)
    drafting.save_draft(subject="term", target="", base_revision=0, fields=[("label", "other")], by=member)
    propose(change_of(term, say="New."), by=member)
    assert [draft.target for draft in Draft.objects.all()] == [""]
    propose(Change("term", term_snapshot("brand new"), 0), by=member)
    assert not Draft.objects.exists()


def test_a_proposed_new_term_is_published_with_approval(member, curator):
    snapshot = term_snapshot("brand new")
    proposal = propose(Change("term", snapshot, 0), by=member).proposal
    assert not Term.objects.exists()
    assert reviewing.approve(proposal=proposal, by=curator) == 1
    revision = Revision.objects.get()
    assert (revision.author, revision.proposal, revision.snapshot) == (member, proposal, snapshot)


def test_an_approved_proposal_is_merged_with_what_came_after_it(term, member, curator):
    proposal = propose(change_of(term, say="Mine.", change="wording"), by=member).proposal
    propose(change_of(term, avoid="Theirs.", change="wording"), by=curator)
    assert reviewing.approve(proposal=proposal, by=curator) == 3
    assert (newest(term)["say"], newest(term)["avoid"]) == ("Mine.", "Theirs.")


def test_a_proposal_that_conflicts_by_now_is_not_published_and_stays_open(term, member, curator):
    proposal = propose(change_of(term, say="Mine."), by=member).proposal
    propose(change_of(term, say="Theirs.", change="wording"), by=curator)
    with pytest.raises(Conflicting):
        reviewing.approve(proposal=proposal, by=curator)
    proposal.refresh_from_db()
    assert proposal.status == "open"
    assert newest(term)["say"] == "Theirs."


def test_nobody_approves_their_own_change_of_meaning(term, curator):
    proposal = propose(change_of(term, gap="Mine."), by=curator).proposal
    with pytest.raises(permissions.Refused, match="Nobody approves their own"):
        reviewing.approve(proposal=proposal, by=curator)
    assert reviewing.approve(proposal=proposal, by=UserFactory(curator=True)) == 2


def test_calling_it_wording_does_not_help_to_approve_ones_own(term, curator):
    proposal = propose(change_of(term, gap="Mine.", change="meaning"), by=curator).proposal
    with pytest.raises(permissions.Refused):
        reviewing.approve(proposal=proposal, by=curator, change="wording")
    assert reviewing.approve(proposal=proposal, by=UserFactory(curator=True), change="wording") == 2
    assert Revision.objects.get(number=2).change == "wording"


def test_a_proposal_that_is_called_meaning_after_all_is_not_ones_own_to_approve(term, curator):
    proposal = propose(change_of(term, gap="Mine.", change="wording"), by=UserFactory(member=True)).proposal
    proposal.author = curator
    proposal.save()
    with pytest.raises(permissions.Refused):
        reviewing.approve(proposal=proposal, by=curator, change="meaning")


@pytest.mark.parametrize("trait", ["member", "deactivated"])
def test_only_curators_decide(term, trait):
    proposal = ProposalFactory(term=term)
    for decide in (reviewing.approve, reviewing.reject, reviewing.ask_for_changes):
        with pytest.raises(permissions.PermissionDenied):
            decide(proposal=proposal, by=UserFactory(**{trait: True}), reason="No.")
    proposal.refresh_from_db()
    assert proposal.status == "open"


def test_a_returned_proposal_is_revised_by_its_author_and_waits_again(term, member, curator):
    proposal = propose(change_of(term, gap="Mine."), by=member).proposal
    reviewing.ask_for_changes(proposal=proposal, by=curator, reason="Say which log.")
    proposal.refresh_from_db()
    assert (proposal.status, proposal.reason, proposal.decided_by) == ("changes_requested", "Say which log.", curator)
    revise(proposal, change_of(term, gap="Mine, of every log."), by=member)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.snapshot["gap"]) == ("open", "Mine, of every log.")


def test_only_its_author_revises_or_withdraws(term, member):
    proposal = ProposalFactory(term=term)
    with pytest.raises(permissions.Refused):
        revise(proposal, change_of(term, gap="Other."), by=member)
    with pytest.raises(permissions.Refused):
        reviewing.withdraw(proposal=proposal, by=member)
    reviewing.withdraw(proposal=proposal, by=proposal.author)
    with pytest.raises(NotPossible, match="is withdrawn"):
        reviewing.reject(proposal=proposal, by=UserFactory(curator=True), reason="Late.")


def test_turning_down_needs_a_reason(term, curator):
    proposal = ProposalFactory(term=term)
    for decide in (reviewing.reject, reviewing.ask_for_changes):
        with pytest.raises(Invalid, match="Say why"):
            decide(proposal=proposal, by=curator, reason="  ")


def test_scenarios_and_logs_are_proposed_and_reviewed_alike(member, curator):
    scenario = ScenarioFactory(slug="tidying")
    wanted = scenario_snapshot("tidying", title="A better title")
    proposal = propose(Change("scenario", wanted, 1, note="clearer"), by=member).proposal
    assert reviewing.approve(proposal=proposal, by=curator) == 2
    scenario.refresh_from_db()
    assert scenario.title == "A better title"
    state = scenario.revisions.last()
    assert (state.author, state.note, state.origin) == (member, "clearer", Origin.PERSON)
    assert propose(Change("log", log_snapshot(title="Better"), 1, "wording"), by=curator).revision == 2
    assert SampleLog.objects.get(slug="orders").title == "Better"


def test_a_scenario_on_no_log_and_the_sites_own_log_are_refused(member):
    ScenarioFactory(slug="tidying")
    with pytest.raises(Invalid, match="no sample log 'nowhere'"):
        propose(Change("scenario", scenario_snapshot("tidying", log="nowhere"), 1), by=member)
    with pytest.raises(Invalid, match="written by the site itself"):
        propose(Change("log", log_snapshot("this-glossary"), 0), by=member)
    assert Scenario.objects.get().revision == 1


def test_a_voice_left_behind_is_marked_until_it_is_confirmed_or_follows(term, curator):
    def publish(engineer, manager, **fields):
        snapshot = newest(term) | {"definitions": {"engineer": engineer, "manager": manager}}
        revision = publish_term(snapshot=snapshot, by=curator, **fields)
        return revision.term.drifted_voice

    assert publish("New.", term.current.snapshot["definitions"]["manager"]) == "manager"
    assert publish("New.", "Following.") == ""
    assert publish("New.", "Ahead.") == "engineer"
    assert publish("Following.", "Ahead and on.") == ""


def test_a_confirmed_voice_is_not_left_behind(term, member, curator):
    definitions = term.current.snapshot["definitions"] | {"engineer": "Exact."}
    proposal = propose(change_of(term, definitions=definitions, confirms_other_voice=True), by=member).proposal
    reviewing.approve(proposal=proposal, by=curator)
    term.refresh_from_db()
    assert term.drifted_voice == ""
    assert term.current.confirms_other_voice


def test_the_same_change_sent_twice_is_one_proposal(term, member):
    change = change_of(term, say="New words.", note="shorter")
    first = propose(change, by=member)
    assert propose(change, by=member) == first
    assert Proposal.objects.count() == 1
    assert propose(change, by=UserFactory(member=True)) != first


def test_the_same_change_sent_twice_is_one_revision(term, curator):
    change = change_of(term, say="New words.", change="wording", note="shorter")
    assert propose(change, by=curator) == propose(change, by=curator)
    assert term.revisions.count() == 2


def test_a_draft_that_arrives_after_its_proposal_is_not_kept(term, member, curator):
    for person, kind in ((member, "meaning"), (curator, "wording")):
        change = change_of(term, say=f"Words of {kind}.", change=kind, note="shorter")
        propose(change, by=person)
        saved = drafting.save_draft(
            subject="term", target=term.uid, base_revision=1, fields=[], by=person, says=change.snapshot
        )
        assert saved is None
        assert Draft.objects.filter(author=person).count() == 0


def test_a_scenario_whose_claims_fail_waits_and_cannot_be_published(member, curator):
    scenario = ScenarioFactory(slug="compaction")
    claim = scenario_snapshot()["claims"][0] | {"value": 7}
    snapshot = scenario_snapshot(claims=[claim])
    proposal = propose(Change("scenario", snapshot, 1), by=member).proposal
    with pytest.raises(Invalid) as raised:
        reviewing.approve(proposal=proposal, by=curator)
    [(path, message)] = raised.value.problems
    assert path == "claims/0/value"
    assert "'something-survives' fails" in message
    assert "must contain 7, but what came out is [0,1,2]" in message
    proposal.refresh_from_db()
    scenario.refresh_from_db()
    assert (proposal.status, scenario.revision) == ("open", 1)
    with pytest.raises(Invalid, match="must contain 7"):
        propose(Change("scenario", snapshot, 1, change="wording"), by=curator)

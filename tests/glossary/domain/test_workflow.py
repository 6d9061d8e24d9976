import pytest

from glossary.domain import workflow


def test_a_proposal_waits_is_returned_revised_and_approved():
    status = "open"
    for deed in ("ask_for_changes", "revise", "approve"):
        status = workflow.after(deed, status)
    assert status == "published"


@pytest.mark.parametrize("status", ["published", "rejected", "withdrawn"])
@pytest.mark.parametrize("deed", workflow.TRANSITIONS)
def test_what_is_decided_stays_decided(status, deed):
    with pytest.raises(workflow.NotPossible, match=f"This proposal is {status}"):
        workflow.after(deed, status)


def test_what_waits_for_its_author_cannot_be_approved():
    with pytest.raises(workflow.NotPossible, match="changes requested"):
        workflow.after("approve", "changes_requested")


def test_every_state_is_reached_and_every_transition_leads_between_known_states():
    reached = {"open"} | {transition.target for transition in workflow.TRANSITIONS.values()}
    assert reached == set(workflow.STATES)
    assert all(set(transition.sources) <= set(workflow.STATES) for transition in workflow.TRANSITIONS.values())

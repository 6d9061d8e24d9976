"""Deciding about proposals. Each decision is checked against who decides and the state that the proposal is in."""

from django.db import transaction
from django.utils import timezone

from .. import permissions
from ..domain import workflow
from ..domain.problems import Invalid, Problem
from ..models import Proposal
from . import notifying
from .proposing import Change, brought_up_to_date, check, publish
from .recording import lock_publications, record


@transaction.atomic
def approve(*, proposal: Proposal, by, at=None, change: str | None = None, reason: str = "") -> int:
    """Publish a proposal, merged with what was published since; the number of its revision.

    `change` overrules what its author called it. Raises Conflicting (its author must decide), Invalid, NotPossible,
    PermissionDenied.
    """
    at = at or timezone.now()
    lock_publications()
    proposal = locked(proposal)
    # Both as its author called it and as it is called now: relabelling one's own change opens no door.
    permissions.require(by, "review", proposal)
    proposal.change = change or proposal.change
    permissions.require(by, "review", proposal)
    proposal.status = workflow.after("approve", proposal.status)
    # Whose deed it is, before those who watch are told of it.
    proposal.decided_by = by
    snapshot, base_revision = brought_up_to_date(proposal.subject, proposal.snapshot, proposal.base_revision)
    wanted = Change(
        proposal.subject, snapshot, base_revision, proposal.change, proposal.note, proposal.confirms_other_voice
    )
    check(wanted, snapshot)
    proposal.published_revision = publish(wanted, snapshot, by=proposal.author, at=at, proposal=proposal)
    decide(proposal, "approve", by=by, at=at, reason=reason)
    return proposal.published_revision


@transaction.atomic
def ask_for_changes(*, proposal: Proposal, by, reason: str, at=None) -> None:
    """Give a proposal back to its author. Raises Invalid without a reason."""
    turn_down("ask_for_changes", proposal, by=by, reason=reason, at=at)


@transaction.atomic
def reject(*, proposal: Proposal, by, reason: str, at=None) -> None:
    """Turn a proposal down for good. Raises Invalid without a reason."""
    turn_down("reject", proposal, by=by, reason=reason, at=at)


def turn_down(deed: str, proposal: Proposal, *, by, reason: str, at) -> None:
    permissions.require(by, "review")
    if not reason.strip():
        raise Invalid([Problem("reason", "Say why, so that its author can mend it.")])
    proposal = locked(proposal)
    proposal.status = workflow.after(deed, proposal.status)
    decide(proposal, deed, by=by, at=at or timezone.now(), reason=reason.strip())


@transaction.atomic
def withdraw(*, proposal: Proposal, by, at=None) -> None:
    """Take back a proposal of one's own."""
    if proposal.author_id != by.pk:
        raise permissions.Refused("Only its author withdraws a proposal.")
    proposal = locked(proposal)
    proposal.status = workflow.after("withdraw", proposal.status)
    decide(proposal, "withdraw", by=by, at=at or timezone.now(), reason="")


def locked(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_for_update().get(pk=proposal.pk)


def decide(proposal: Proposal, deed: str, *, by, at, reason: str) -> None:
    proposal.decided_by, proposal.decided_at, proposal.updated_at, proposal.reason = by, at, at, reason
    proposal.save()
    data = {"proposal": proposal.pk, "subject": proposal.subject} | ({"reason": reason} if reason else {})
    action = workflow.TRANSITIONS[deed].past
    record(action=action, target=proposal.target, by=by, at=at, data=data)
    notifying.proposal_decided(proposal, action, by=by, at=at)

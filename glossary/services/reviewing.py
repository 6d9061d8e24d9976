"""Deciding about proposals. Each decision is checked against who decides and the state that the proposal is in."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from .. import permissions
from ..domain import workflow
from ..domain.problems import Invalid, Problem
from ..models import Proposal
from . import notifying
from .proposing import Change, brought_up_to_date, check, publish
from .recording import lock_publications, record
from .subjects import SUBJECTS

LONGEST_REASON = 2000


class Seen(NamedTuple):
    """What a curator had before them: the proposal as of a time, beside a published revision (None: beside any)."""

    at: datetime
    revision: int | None = None


class Outdated(workflow.NotPossible):
    """The proposal, or what is published, is no longer what the curator had before them."""


@transaction.atomic
def approve(
    *, proposal: Proposal, by, at=None, change: str | None = None, reason: str = "", seen: Seen | None = None
) -> int:
    """Publish a proposal, merged with what was published since; the number of its revision.

    `change` overrules what its author called it. Raises Conflicting (its author must decide), Invalid, NotPossible,
    Outdated, PermissionDenied.
    """
    at = at or timezone.now()
    lock_publications()
    proposal = locked(proposal)
    # Both as its author called it and as it is called now: relabelling one's own change opens no door.
    permissions.require(by, "review", proposal)
    proposal.change = change or proposal.change
    permissions.require(by, "review", proposal)
    proposal.status = workflow.after("approve", proposal.status)
    check_seen(proposal, seen)
    check_length(reason)
    # Whose deed it is, before those who watch are told of it.
    proposal.decided_by = by
    snapshot, base_revision = brought_up_to_date(proposal.subject, proposal.snapshot, proposal.base_revision)
    wanted = wanted_by(proposal, snapshot, base_revision)
    check(wanted, snapshot)
    proposal.published_revision = publish(wanted, snapshot, by=proposal.author, at=at, proposal=proposal)
    decide(proposal, "approve", by=by, at=at, reason=reason.strip())
    return proposal.published_revision


@transaction.atomic
def ask_for_changes(*, proposal: Proposal, by, reason: str, at=None, seen: Seen | None = None) -> None:
    """Give a proposal back to its author. Raises Invalid without a reason, NotPossible, Outdated."""
    turn_down("ask_for_changes", proposal, by=by, reason=reason, at=at, seen=seen)


@transaction.atomic
def reject(*, proposal: Proposal, by, reason: str, at=None, seen: Seen | None = None) -> None:
    """Turn a proposal down for good. Raises Invalid without a reason, NotPossible, Outdated."""
    turn_down("reject", proposal, by=by, reason=reason, at=at, seen=seen)


def turn_down(deed: str, proposal: Proposal, *, by, reason: str, at, seen: Seen | None) -> None:
    permissions.require(by, "review")
    proposal = locked(proposal)
    proposal.status = workflow.after(deed, proposal.status)
    # What has been published since does not matter here.
    check_seen(proposal, seen and Seen(seen.at))
    if not reason.strip():
        raise Invalid([Problem("reason", "Say why, so that its author can mend it.")])
    check_length(reason)
    decide(proposal, deed, by=by, at=at or timezone.now(), reason=reason.strip())


@transaction.atomic
def withdraw(*, proposal: Proposal, by, at=None) -> None:
    """Take back a proposal of one's own."""
    if proposal.author_id != by.pk:
        raise permissions.Refused("Only its author withdraws a proposal.")
    proposal = locked(proposal)
    proposal.status = workflow.after("withdraw", proposal.status)
    decide(proposal, "withdraw", by=by, at=at or timezone.now(), reason="")


def wanted_by(proposal: Proposal, snapshot: dict, base_revision: int) -> Change:
    return Change(
        proposal.subject, snapshot, base_revision, proposal.change, proposal.note, proposal.confirms_other_voice
    )


def check_seen(proposal: Proposal, seen: Seen | None) -> None:
    """Raises Outdated, so that nobody decides about a text that they have not read."""
    if seen and proposal.updated_at > seen.at:
        raise Outdated("Its author changed it while you had it open; read it again before you decide.")
    if (
        seen
        and seen.revision is not None
        and SUBJECTS[proposal.subject].current(proposal.target).number > seen.revision
    ):
        raise Outdated("Something else was published here while you had it open; read it again before you decide.")


def check_length(reason: str) -> None:
    if len(reason) > LONGEST_REASON:
        raise Invalid([Problem("reason", f"has {len(reason)} characters; the most is {LONGEST_REASON}")])


def locked(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_for_update().get(pk=proposal.pk)


def decide(proposal: Proposal, deed: str, *, by, at, reason: str) -> None:
    proposal.decided_by, proposal.decided_at, proposal.updated_at, proposal.reason = by, at, at, reason
    proposal.save()
    data = {"proposal": proposal.pk, "subject": proposal.subject} | ({"reason": reason} if reason else {})
    action = workflow.TRANSITIONS[deed].past
    record(action=action, target=proposal.target, by=by, at=at, data=data)
    notifying.proposal_decided(proposal, action, by=by, at=at)

"""Deciding about a review set: what is approved of it is published in one go, so that it may refer to each other."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from .. import permissions
from ..domain import workflow
from ..domain.problems import Invalid, Problem
from ..models import Proposal, ReviewSet
from .proposing import brought_forward, publish, standing_against
from .publishing import Submission, publish_terms
from .recording import lock_publications
from .reviewing import Seen, check_seen, decide, reject, wanted_by
from .subjects import SUBJECTS, problems_together

# Logs before the scenarios that run on them, scenarios before the terms that show them.
ORDER = ("log", "scenario", "term")


@transaction.atomic
def decide_set(
    *,
    review_set: ReviewSet,
    by,
    approve: Iterable[int] = (),
    turn_down: Iterable[int] = (),
    reason: str = "",
    seen: Seen | None = None,
    at=None,
) -> None:
    """Publish some proposals of a set and reject others, all or none; both by their numbers.

    Raises Invalid with the problems of every proposal, whose paths begin with its number ("12/gap"); those of the
    decision itself have none ("reason"). Raises NotPossible, Outdated, PermissionDenied.
    """
    permissions.require(by, "review")
    at = at or timezone.now()
    lock_publications()
    approved, rejected = chosen(review_set, approve), chosen(review_set, turn_down)
    if not approved and not rejected:
        raise Invalid([Problem("", "Nothing is selected; select the rows that you decide about.")])
    for proposal in rejected:
        reject(proposal=proposal, by=by, reason=reason, seen=seen, at=at)
    for proposal in approved:
        permissions.require(by, "review", proposal)
        proposal.status = workflow.after("approve", proposal.status)
        check_seen(proposal, seen)
    publish_together(review_set, approved, at=at)
    for proposal in approved:
        decide(proposal, "approve", by=by, at=at, reason="")


def chosen(review_set: ReviewSet, numbers: Iterable[int]) -> list[Proposal]:
    """In the order in which they can be published."""
    found = review_set.proposals.select_for_update().filter(pk__in=list(numbers))
    return sorted(found, key=lambda proposal: (ORDER.index(proposal.subject), proposal.pk))


def publish_together(review_set: ReviewSet, proposals: list[Proposal], *, at) -> None:
    """Publish and number what was approved. Raises Invalid."""
    problems = []
    changes = []
    for proposal in proposals:
        found, snapshot, number = brought_forward(wanted_by(proposal, proposal.snapshot, proposal.base_revision))
        problems += placed(proposal, found)
        changes.append(wanted_by(proposal, snapshot, number))
    together = problems_together([(change.subject, change.snapshot) for change in changes])
    for proposal, change, found in zip(proposals, changes, together, strict=True):
        problems += placed(proposal, standing_against(change, change.snapshot, found))
    if problems:
        raise Invalid(problems)
    terms = []
    for proposal, change in zip(proposals, changes, strict=True):
        if change.subject == "term":
            terms.append((proposal, change))
        else:
            number = publish(change, change.snapshot, by=proposal.author, at=at, proposal=proposal)
            proposal.published_revision = number
    publish_set_of_terms(terms, by=review_set.author, at=at)


def publish_set_of_terms(terms: list, *, by, at) -> None:
    if not terms:
        return
    submissions = [
        Submission(
            change.snapshot,
            change.change,
            change.note,
            confirms_other_voice=change.confirms_other_voice,
            proposal=proposal,
        )
        for proposal, change in terms
    ]
    try:
        revisions = publish_terms(submissions, by=by, at=at)
    except Invalid as invalid:
        numbers = {SUBJECTS["term"].target(change.snapshot): proposal.pk for proposal, change in terms}
        pieces = ((path.partition("/"), message) for path, message in invalid.problems)
        raise Invalid(
            [Problem(f"{numbers.get(uid, '')}/{field}", message) for (uid, _, field), message in pieces]
        ) from None
    for (proposal, _), revision in zip(terms, revisions, strict=True):
        proposal.published_revision = revision.number


def placed(proposal: Proposal, problems: list[Problem]) -> list[Problem]:
    return [Problem(f"{proposal.pk}/{path}", message) for path, message in problems]

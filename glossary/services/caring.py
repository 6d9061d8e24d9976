"""Looking after terms: when they are to be read again, and that they were."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from .. import permissions
from ..domain.problems import Invalid, Problem
from ..models import Term
from .publishing import REVIEW_AFTER
from .recording import record

FARTHEST = timedelta(days=5 * 366)


@transaction.atomic
def confirm_still_right(*, term: Term, by, at=None) -> date:
    """Say that a term was read and is still right; its review is due a year later, on the day that is returned."""
    permissions.require(by, "tend")
    at = at or timezone.now()
    return schedule(term, (at + REVIEW_AFTER).date(), "term.reviewed", by=by, at=at)


@transaction.atomic
def set_review_date(*, term: Term, on: date, by, at=None) -> date:
    """Have a term read again by a day, from tomorrow to five years ahead. Raises Invalid."""
    permissions.require(by, "tend")
    at = at or timezone.now()
    today = at.date()
    if not today < on <= today + FARTHEST:
        raise Invalid([Problem("review_due_on", f"{on} is not a day from tomorrow to five years ahead")])
    return schedule(term, on, "term.review_set", by=by, at=at)


def schedule(term: Term, on: date, action: str, *, by, at) -> date:
    Term.objects.filter(pk=term.pk).update(review_due_on=on)
    record(action=action, target=term.uid, by=by, at=at, data={"review_due_on": str(on)})
    return on

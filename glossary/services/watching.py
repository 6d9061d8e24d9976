"""What a person wants to hear of, and what of it they have read."""

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from .. import permissions
from ..domain.problems import Invalid, Problem
from ..models import Notice, Term, Watch


@transaction.atomic
def watch(*, term: Term | None, extent: str, by) -> Watch:
    """Watch a term, or everything (no term): "every" change, or changes of "meaning". Raises Invalid."""
    permissions.require(by, "watch")
    if extent not in Watch.EXTENTS:
        raise Invalid([Problem("extent", f"{extent!r:.40} must be one of {', '.join(Watch.EXTENTS)}")])
    made, _ = Watch.objects.update_or_create(person=by, term=term, defaults={"extent": extent})
    return made


@transaction.atomic
def unwatch(*, term: Term | None, by) -> None:
    Watch.objects.filter(person=by, term=term).delete()


def watches_of(person) -> QuerySet:
    """Everything first, then terms by name."""
    return (
        Watch.objects.filter(person=person).select_related("term").order_by(F("term__sort_key").asc(nulls_first=True))
    )


def watch_of(person, term: Term) -> Watch | None:
    return Watch.objects.filter(person=person, term=term).first()


@transaction.atomic
def mark_read(notices: QuerySet[Notice], *, at=None) -> int:
    """Mark these notices as read; how many were not."""
    return notices.unread().update(read_at=at or timezone.now())

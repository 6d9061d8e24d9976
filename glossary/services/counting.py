"""How often terms were read, added up."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ..models import Readership, Term


@transaction.atomic
def add_views(counts: Mapping[str, int], *, at=None) -> None:
    """Add views by slug; a slug that is nobody's any more counts for nothing."""
    at = at or timezone.now()
    # In one order in every process, so that two of them never wait for each other.
    found = sorted((pk, counts[slug]) for pk, slug in Term.objects.filter(slug__in=counts).values_list("pk", "slug"))
    rows = [Readership(term_id=pk, last_viewed_at=at) for pk, _ in found]
    Readership.objects.bulk_create(rows, ignore_conflicts=True)
    for pk, count in found:
        Readership.objects.filter(term=pk).update(views=F("views") + count, last_viewed_at=at)

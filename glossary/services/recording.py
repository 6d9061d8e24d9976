"""What every write leaves behind: an audit entry, and a new publication number where readers see a change."""

from collections.abc import Iterable

from django.db import transaction

from ..models import AuditEntry, Publication, Term


def record(*, action: str, target: str, by=None, at, data: dict | None = None) -> None:
    AuditEntry.objects.create(action=action, target=target, by=by, at=at, data=data or {})


def lock_publications() -> None:
    """Let one transaction at a time publish, so that what it checked still holds when it writes."""
    Publication.objects.select_for_update().filter(pk=1).first()


@transaction.atomic
def bump_publication(*, at, shown_by: Iterable[Term] | None = None) -> None:
    """Move the publication number, so that whatever is cached under the old one is never served again.

    shown_by: the terms whose own pages show the change while those of all others stay as they are; None is all terms.
    """
    publication, _ = Publication.objects.select_for_update().get_or_create(pk=1, defaults={"published_at": at})
    publication.version += 1
    publication.published_at = at
    if shown_by is None:
        publication.shared_version = publication.version
    else:
        Term.objects.filter(pk__in=[term.pk for term in shown_by]).update(page_version=publication.version)
    publication.save()

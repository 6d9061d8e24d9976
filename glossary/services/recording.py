"""What every write leaves behind: an audit entry, and a new publication number where readers see a change."""

from django.db.models import F

from ..models import AuditEntry, Publication


def record(*, action: str, target: str, by=None, at, data: dict | None = None) -> None:
    AuditEntry.objects.create(action=action, target=target, by=by, at=at, data=data or {})


def lock_publications() -> None:
    """Let one transaction at a time publish, so that what it checked still holds when it writes."""
    Publication.objects.select_for_update().filter(pk=1).first()


def bump_publication(*, at) -> None:
    """Move the publication number, so that whatever is cached under the old one is never served again."""
    moved = Publication.objects.filter(pk=1).update(version=F("version") + 1, published_at=at)
    if not moved:
        Publication.objects.create(pk=1, version=1, published_at=at)

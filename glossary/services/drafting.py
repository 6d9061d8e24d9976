"""Drafts: what a person has typed and not proposed yet, kept as they type, so that no crash or sign-out loses it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from .. import permissions
from ..domain.problems import Invalid, Problem
from ..models import Draft, Proposal, User
from .recording import lock_publications
from .subjects import SUBJECTS

# A draft that was touched so recently is being typed.
STILL_TYPING = timedelta(minutes=2)
LARGEST = 8_000_000


@transaction.atomic
def save_draft(
    *,
    subject: str,
    target: str,
    base_revision: int,
    fields: list[tuple[str, str]],
    by,
    at=None,
    says: dict | None = None,
) -> Draft | None:
    """Keep a form as it stands; `target` is "" for something new. Raises Invalid for more than 8 MB.

    says: the snapshot that the form makes. Where that is published or proposed by now there is nothing to keep: the
    last word of a page often arrives after its proposal.
    """
    permissions.require(by, "propose")
    lock_publications()
    if says is not None and is_said(says, subject=subject, target=target, by=by):
        return None
    if sum(len(name) + len(value) for name, value in fields) > LARGEST:
        raise Invalid([Problem("", "This is more than 8 MB: too much to keep as a draft.")])
    values = {"base_revision": base_revision, "fields": fields, "updated_at": at or timezone.now()}
    draft, _ = Draft.objects.update_or_create(author=by, subject=subject, target=target, defaults=values)
    return draft


def is_said(snapshot: dict, *, subject: str, target: str, by) -> bool:
    waiting = Proposal.objects.by(by).about(subject, target).unfinished()
    return SUBJECTS[subject].current(target).snapshot == snapshot or any(p.snapshot == snapshot for p in waiting)


def draft_of(person, *, subject: str, target: str) -> Draft | None:
    return Draft.objects.filter(author=person, subject=subject, target=target).first()


@transaction.atomic
def discard_draft(*, subject: str, target: str, by) -> None:
    Draft.objects.filter(author=by, subject=subject, target=target).delete()


def others_typing(person, *, subject: str, target: str, at=None) -> list[User]:
    """Who else has this open and has typed within the last two minutes."""
    since = (at or timezone.now()) - STILL_TYPING
    drafts = Draft.objects.filter(subject=subject, target=target, updated_at__gte=since).exclude(author=person)
    return [draft.author for draft in drafts.select_related("author")]

"""Retiring a term: readers are told that it is gone, and where to go instead; nothing is deleted."""

from django.db import transaction
from django.utils import timezone

from ..domain.problems import Invalid, Problem
from ..models import Term
from . import notifying
from .own_log import append_retirement
from .publishing import current_links, render_mentions
from .recording import bump_publication, record


@transaction.atomic
def retire_term(*, term: Term, replaced_by: Term | None = None, by=None, at=None) -> None:
    """Take a term out of use. Raises Invalid if its replacement is itself, of the other voice, or retired."""
    at = at or timezone.now()
    if replaced_by and (replaced_by == term or replaced_by.voice != term.voice or replaced_by.is_retired):
        message = f"{replaced_by.label!r} cannot replace this term; choose another published {term.voice} term"
        raise Invalid([Problem("replaced_by", message)])
    term.status = Term.Status.RETIRED
    term.replaced_by = replaced_by
    term.save(update_fields=["status", "replaced_by"])
    render_mentions([term], current_links())
    data = {"replaced_by": replaced_by.uid} if replaced_by else {}
    append_retirement(term, at)
    record(action="term.retired", target=term.uid, by=by, at=at, data=data)
    notifying.term_retired(term, by=by, at=at)
    bump_publication(at=at)

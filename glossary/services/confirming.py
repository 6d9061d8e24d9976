"""Confirming that the two voices of a term say the same again, after only one of them had changed."""

from django.db import transaction
from django.utils import timezone

from .. import permissions
from ..models import Term
from .recording import bump_publication, record


@transaction.atomic
def confirm_voices(*, term: Term, by, at=None) -> None:
    """Say that the voice which was left as it was still holds. Saying it twice changes nothing."""
    permissions.require(by, "confirm_voices", term)
    at = at or timezone.now()
    term = Term.objects.select_for_update().get(pk=term.pk)
    if not term.drifted_voice:
        return
    record(action="term.voices_confirmed", target=term.uid, by=by, at=at, data={"voice": term.drifted_voice})
    term.drifted_voice = ""
    term.save(update_fields=["drifted_voice"])
    bump_publication(at=at, shown_by=[term])

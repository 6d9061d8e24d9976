"""Requests for terms: a word that somebody looked for and did not find, until a term answers it."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from .. import permissions
from ..domain.matching import spelling_key
from ..domain.problems import Invalid, Problem
from ..domain.snapshot import Checker
from ..domain.vocabulary import VOICES
from ..models import Spelling, Term, TermRequest
from . import notifying
from .recording import record

LONGEST_NOTE = 2000


@transaction.atomic
def request_term(*, label: str, voice: str, note: str = "", by, at=None) -> TermRequest:
    """Ask for a term. Raises Invalid; a request that is open already is answered with itself."""
    permissions.require(by, "request")
    check_request(label, voice, note)
    for waiting in TermRequest.objects.open().in_voice(voice):
        if spelling_key(waiting.label) == spelling_key(label):
            return waiting
    at = at or timezone.now()
    request = TermRequest.objects.create(label=label, voice=voice, note=note, requested_by=by, created_at=at)
    record(action="term.requested", target=str(request.pk), by=by, at=at, data={"label": label, "voice": voice})
    return request


def check_request(label: str, voice: str, note: str) -> None:
    check = Checker()
    check.word(voice, "voice", VOICES)
    if check.text(label, "label", longest=100):
        if not spelling_key(label):
            check.report("label", f"{label!r:.60} holds no letter or digit")
        taken = Spelling.objects.filter(voice=voice, key=spelling_key(label)).select_related("term").first()
        if taken:
            check.report("label", f"{label!r} is in the dictionary: the {voice} term {taken.term.label!r}")
    check.text(note, "note", longest=LONGEST_NOTE, single_line=False, blank=True)
    if check.problems:
        raise Invalid(check.problems)


@transaction.atomic
def close_request(request: TermRequest, *, status: str, by, at=None) -> None:
    """Be done with a request: `status` is "done" or "declined". One that is closed stays as it is."""
    permissions.require(by, "tend")
    if status not in ("done", "declined"):
        raise Invalid([Problem("status", f"{status!r:.60} is not one of done, declined")])
    request = TermRequest.objects.select_for_update().get(pk=request.pk)
    if request.status == "open":
        close(request, status, by=by, at=at or timezone.now())


def answer_requests(terms: Iterable[Term], *, by, at) -> None:
    """Close the open requests for words that terms now have; part of publishing them."""
    waiting = list(TermRequest.objects.open())
    if not waiting:
        return
    spelled = Spelling.objects.filter(term__in=terms, key__in={spelling_key(request.label) for request in waiting})
    by_word = {(spelling.voice, spelling.key): spelling.term for spelling in spelled.select_related("term")}
    for request in waiting:
        term = by_word.get((request.voice, spelling_key(request.label)))
        if term:
            close(request, "done", by=by, at=at, term=term)


def close(request: TermRequest, status: str, *, by, at, term: Term | None = None) -> None:
    request.status, request.closed_by, request.closed_at, request.term = status, by, at, term
    request.save()
    data = {"label": request.label} | ({"term": term.uid} if term else {})
    action = "term.request_done" if status == "done" else "term.request_declined"
    record(action=action, target=str(request.pk), by=by, at=at, data=data)
    notifying.request_closed(request, action, by=by, at=at)

"""Taking a term out of use, and back into it: readers are told where to go instead; nothing is deleted."""

from django.db import transaction
from django.utils import timezone

from .. import permissions
from ..domain.matching import spelling_key
from ..domain.problems import Invalid, Problem
from ..domain.snapshot import spelling_keys
from ..models import Spelling, Term
from . import delivering, notifying, own_log
from .publishing import Submission, current_links, keys_of, publish_terms, render_mentions, save_spellings
from .recording import bump_publication, lock_publications, record


@transaction.atomic
def retire_term(*, term: Term, replaced_by: Term | None = None, reason: str = "", by=None, at=None) -> None:
    """Take a term out of use; the site itself may (`by` nobody). Raises Invalid for a replacement that is none, or if
    it is out of use already."""
    if by is not None:
        permissions.require(by, "retire")
    at = at or timezone.now()
    lock_publications()
    term = locked(term)
    check_retirable(term, replaced_by)
    term.status, term.replaced_by = Term.Status.RETIRED, replaced_by
    term.save(update_fields=["status", "replaced_by"])
    render_mentions(keys_of(term), current_links(), apart_from=[term])
    own_log.append_event(term, "TermRetired", at)
    data = {"replaced_by": replaced_by.uid} if replaced_by else {}
    leave_trace("term.retired", term, data | ({"reason": reason} if reason else {}), by=by, at=at)
    notifying.term_retired(term, by=by, at=at)
    said = {"replaced_by": delivering.described(replaced_by), "reason": reason}
    delivering.tell("term.retired", [(term, said)], at=at)


@transaction.atomic
def merge_term(*, term: Term, into: Term, by, reason: str = "", at=None) -> None:
    """Retire a term and make another take its place: its words become aliases there, its addresses lead there.

    Raises Invalid if either is retired, they are of different voices, or the other may not take the words.
    """
    permissions.require(by, "merge")
    at = at or timezone.now()
    lock_publications()
    term, into = locked(term), locked(into)
    check_retirable(term, into)
    given = [
        {"text": term.label, "kind": "synonym"},
        *({name: alias[name] for name in ("text", "kind", "note") if alias.get(name)} for alias in aliases_of(term)),
    ]
    Spelling.objects.filter(term=term).delete()
    term.status, term.replaced_by, term.is_merged = Term.Status.RETIRED, into, True
    term.save(update_fields=["status", "replaced_by", "is_merged"])
    snapshot = into.current.snapshot
    note = f"Takes over the words of {term.label!r}, which was merged into it."
    restate(snapshot | {"aliases": [*snapshot.get("aliases", []), *given]}, note, by=by, at=at)
    own_log.append_event(term, "TermMerged", at, {"into": into.slug})
    data = {"into": into.uid} | ({"reason": reason} if reason else {})
    leave_trace("term.merged", term, data, by=by, at=at)
    notifying.term_merged(term, into, by=by, at=at)
    delivering.tell("term.merged", [(term, {"into": delivering.described(into), "reason": reason})], at=at)


@transaction.atomic
def restore_term(*, term: Term, by, reason: str = "", at=None) -> None:
    """Take a retired term back into use; one that was merged gets its words back from whoever holds them now.

    Raises Invalid if it is not retired, or if one of its words is the label of another term meanwhile.
    """
    permissions.require(by, "retire")
    at = at or timezone.now()
    lock_publications()
    term = locked(term)
    if not term.is_retired:
        raise Invalid([Problem("", f"{term.label!r} is not retired.")])
    if term.is_merged:
        take_words_back(term, by=by, at=at)
    term.status, term.replaced_by, term.is_merged = Term.Status.PUBLISHED, None, False
    term.save(update_fields=["status", "replaced_by", "is_merged"])
    render_mentions(keys_of(term), current_links(), apart_from=[term])
    own_log.append_event(term, "TermRestored", at)
    leave_trace("term.restored", term, {"reason": reason} if reason else {}, by=by, at=at)
    notifying.term_restored(term, by=by, at=at)
    delivering.tell("term.restored", [(term, {"reason": reason})], at=at)


def take_words_back(term: Term, *, by, at) -> None:
    """Give a merged term its spellings again, from the terms that hold them as aliases."""
    snapshot = term.current.snapshot
    keys = spelling_keys(snapshot)
    held = Spelling.objects.filter(voice=term.voice, key__in=keys).select_related("term__current")
    labels = [spelling for spelling in held if spelling.kind == "label"]
    if labels:
        told = "{!r} is the name of another term now; rename that one before restoring this"
        raise Invalid([Problem("", told.format(spelling.text)) for spelling in labels])
    for holder in {spelling.term for spelling in held}:
        said = holder.current.snapshot
        kept = [alias for alias in said["aliases"] if spelling_key(alias["text"]) not in keys]
        note = f"Gives the words of {term.label!r} back, which was restored."
        restate(said | {"aliases": kept}, note, by=by, at=at)
    save_spellings(term, snapshot)


def check_retirable(term: Term, replaced_by: Term | None) -> None:
    problems = []
    if term.is_retired:
        problems.append(Problem("", f"{term.label!r} is retired already."))
    if replaced_by and (replaced_by == term or replaced_by.voice != term.voice or replaced_by.is_retired):
        message = f"{replaced_by.label!r} cannot replace this term; choose another published {term.voice} term"
        problems.append(Problem("replaced_by", message))
    if problems:
        raise Invalid(problems)


def locked(term: Term) -> Term:
    return Term.objects.select_for_update(of=["self"]).select_related("current").get(pk=term.pk)


def aliases_of(term: Term) -> list[dict]:
    return term.current.snapshot.get("aliases", [])


def restate(snapshot: dict, note: str, *, by, at) -> None:
    """A revision of the same meaning with other aliases."""
    publish_terms([Submission(snapshot, "wording", note)], by=by, at=at)


def leave_trace(action: str, term: Term, data: dict, *, by, at) -> None:
    record(action=action, target=term.uid, by=by, at=at, data=data)
    bump_publication(at=at)

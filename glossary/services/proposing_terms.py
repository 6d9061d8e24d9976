"""A term as programs send it, in the words of exports, on its way to a proposal."""

from django.conf import settings
from django.db import transaction

from .. import permissions
from ..domain.exchange import Entry, read_item
from ..domain.problems import Invalid, Problem
from ..domain.snapshot import term_problems
from ..models import Proposal
from .import_plan import Planning
from .importing import with_uids
from .proposing import Change, Outcome, propose
from .reading_uploads import Upload
from .subjects import NOTHING_YET


@transaction.atomic
def propose_term(*, term: dict, base_revision: int, change: str, note: str, by) -> Outcome:
    """Propose what a term is to say, or publish it at once where its author may.

    term: as exports and the API give it; other terms are named by reference, uid or slug. What stands beside its text
    (status, addresses, html) is passed over. base_revision: the revision that its text started from, 0 for a new term.
    The same text sent twice is one proposal. Raises as `proposing.propose` does.
    """
    permissions.require(by, "propose")
    entry, problems = read_item("term", "term", term, settings.PUBLIC_URL, settings.PUBLIC_URL)
    if problems:
        raise Invalid(problems)
    if base_revision == 0 and not entry.data.get("uid"):
        entry = with_uid_of_the_same(entry, by=by)
    upload = with_uids(Upload([entry], []))
    snapshot = Planning(upload, by=by).snapshot(upload.entries[0], base_revision, NOTHING_YET)
    problems = term_problems(snapshot)
    if not note.strip():
        problems = [*problems, Problem("note", "say why, in a sentence, for whoever reviews it and for the history")]
    if problems:
        raise Invalid(problems)
    # What is new changes no wording.
    return propose(Change("term", snapshot, base_revision, change if base_revision else "meaning", note), by=by)


def with_uid_of_the_same(entry: Entry, *, by) -> Entry:
    """A new term that waits already under this slug keeps its uid, so that a program that repeats itself is known."""
    label, slug = entry.data.get("label"), entry.data.get("slug")
    if not isinstance(label, str) or "\0" in label:
        return entry
    waiting = Proposal.objects.by(by).awaiting_review().filter(subject="term", base_revision=0, label=label)
    same = next((proposal for proposal in waiting if proposal.snapshot["slug"] == slug), None)
    return entry._replace(data=entry.data | {"uid": same.target}) if same else entry

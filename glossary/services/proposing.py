"""Proposing a change: merged with what was published meanwhile, checked, then waiting for review or live at once."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from .. import permissions
from ..domain import workflow
from ..domain.merge import Conflict, merge
from ..domain.problems import Invalid, Problem
from ..models import Draft, Proposal, ReviewSet
from ..models.proposals import told_of
from ..models.revisions import Origin
from . import notifying
from .recording import lock_publications, record
from .subjects import SUBJECTS, problems_together


class Conflicting(Exception):
    """Somebody published meanwhile, and both changed the same places.

    `snapshot` is mine with everything of theirs that merges; `conflicts` are the places to decide;
    `number` is the revision to decide against.
    """

    def __init__(self, snapshot: dict, conflicts: list[Conflict], number: int):
        super().__init__(f"{len(conflicts)} places were changed by somebody else too")
        self.snapshot = snapshot
        self.conflicts = conflicts
        self.number = number


@dataclass(frozen=True)
class Outcome:
    """What became of a change: a proposal that waits, or the number of the revision that is live."""

    proposal: Proposal | None = None
    revision: int | None = None


@dataclass(frozen=True)
class Change:
    """What somebody wants something to say, and why.

    base_revision: the number of the revision that its author saw; 0 for something new.
    """

    subject: str
    snapshot: dict
    base_revision: int
    change: str = "meaning"
    note: str = ""
    confirms_other_voice: bool = False

    @property
    def target(self) -> str:
        return SUBJECTS[self.subject].target(self.snapshot)


@transaction.atomic
def propose(change: Change, *, by, at=None, review_set=None) -> Outcome:
    """Propose a change, or publish it at once where its author may. Their draft of it is done with.

    The same change sent twice is one: the answer is what became of the first.
    Raises Conflicting, Invalid (with the paths of all problems) or, for one who may not propose, PermissionDenied.
    """
    permissions.require(by, "propose")
    at = at or timezone.now()
    lock_publications()
    snapshot, base_revision = brought_up_to_date(change.subject, change.snapshot, change.base_revision)
    repeated = outcome_of_the_same(change, snapshot, by=by)
    if repeated:
        return repeated
    check(change, snapshot)
    if review_set is None and permissions.may_publish_directly(by, change.change):
        outcome = Outcome(revision=publish(change, snapshot, by=by, at=at))
    else:
        outcome = Outcome(proposal=wait(change, snapshot, base_revision, by=by, at=at, review_set=review_set))
        notifying.proposal_made(outcome.proposal)
    Draft.objects.filter(author=by, subject=change.subject, target__in=draft_targets(change)).delete()
    return outcome


def outcome_of_the_same(change: Change, snapshot: dict, *, by) -> Outcome | None:
    """What became of the same change, if its author sent it before (a double click, a page that was sent again)."""
    current = SUBJECTS[change.subject].current(change.target)
    if 0 < change.base_revision < current.number and snapshot == current.snapshot:
        return Outcome(revision=current.number)
    waiting = Proposal.objects.by(by).about(change.subject, change.target).awaiting_review()
    for proposal in waiting.filter(change=change.change, note=change.note):
        if proposal.snapshot == snapshot:
            return Outcome(proposal=proposal)
    return None


@transaction.atomic
def propose_set(*, changes: list[Change], title: str, by, at=None) -> ReviewSet:
    """Propose many changes that are reviewed together, and may refer to each other.

    Terms may link to terms of the set, and show scenarios of it; scenarios may run on its sample logs. Nothing is
    published at once, whoever asks. Raises Invalid with the problems of every change, and nothing is proposed then:
    their paths begin with the change's position ("3/gap"), and a place that was changed by somebody else meanwhile
    is one of them. The set's own have no position: "title", "changes".
    """
    permissions.require(by, "import")
    at = at or timezone.now()
    lock_publications()
    problems = [] if changes else [Problem("changes", "There is nothing to propose.")]
    if not title.strip() or len(title) > 200:
        problems.append(Problem("title", "Give the set a title of at most 200 characters."))
    ready = []
    for position, change in enumerate(changes):
        found, snapshot, number = brought_forward(change)
        problems += placed(position, found)
        ready.append((change, snapshot, number))
    together = problems_together([(change.subject, snapshot) for change, snapshot, _ in ready])
    for position, ((change, snapshot, _), found) in enumerate(zip(ready, together, strict=True)):
        problems += placed(position, standing_against(change, snapshot, found))
    if problems:
        raise Invalid(problems)
    review_set = ReviewSet.objects.create(title=title.strip(), author=by, created_at=at)
    for change, snapshot, base_revision in ready:
        wait(change, snapshot, base_revision, by=by, at=at, review_set=review_set)
    data = {"title": review_set.title, "proposals": len(changes)}
    record(action="review_set.made", target=str(review_set.pk), by=by, at=at, data=data)
    notifying.review_set_made(review_set, count=len(changes))
    return review_set


def brought_forward(change: Change) -> tuple[list[Problem], dict, int]:
    """As `brought_up_to_date`, with what stands against it as problems."""
    try:
        return [], *brought_up_to_date(change.subject, change.snapshot, change.base_revision)
    except Conflicting as conflicting:
        told = "was changed by somebody else meanwhile; start again from the newest"
        problems = [Problem(conflict.path, told) for conflict in conflicting.conflicts]
        return problems, conflicting.snapshot, conflicting.number
    except Invalid as invalid:
        return invalid.problems, change.snapshot, change.base_revision


def placed(position: int, problems: list[Problem]) -> list[Problem]:
    return [Problem(f"{position}/{path}", message) for path, message in problems]


def wait(change: Change, snapshot: dict, base_revision: int, *, by, at, review_set: ReviewSet | None) -> Proposal:
    """A checked change as a proposal that waits for review."""
    proposal = Proposal.objects.create(
        subject=change.subject,
        target=change.target,
        base_revision=base_revision,
        snapshot=snapshot,
        **told_of(snapshot),
        change=change.change,
        note=change.note,
        confirms_other_voice=change.confirms_other_voice,
        origin=Origin.PERSON,
        author=by,
        review_set=review_set,
        created_at=at,
        updated_at=at,
    )
    data = {"subject": change.subject, "proposal": proposal.pk}
    record(action="proposal.made", target=change.target, by=by, at=at, data=data)
    return proposal


@transaction.atomic
def revise(proposal: Proposal, change: Change, *, by, at=None) -> Proposal:
    """Replace what an unfinished proposal of one's own says. Raises as `propose` does, and NotPossible."""
    if by is None or proposal.author_id != by.pk:
        raise permissions.Refused("Only its author changes a proposal.")
    permissions.require(by, "propose")
    at = at or timezone.now()
    lock_publications()
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    status = workflow.after("revise", proposal.status)
    snapshot, base_revision = brought_up_to_date(change.subject, change.snapshot, change.base_revision)
    problems = problems_together([(change.subject, snapshot), *beside(proposal)])[0]
    if problems := standing_against(change, snapshot, problems):
        raise Invalid(problems)
    proposal.status, proposal.snapshot, proposal.base_revision = status, snapshot, base_revision
    for name, value in told_of(snapshot).items():
        setattr(proposal, name, value)
    proposal.change, proposal.note = change.change, change.note
    proposal.confirms_other_voice, proposal.updated_at = change.confirms_other_voice, at
    proposal.save()
    record(action="proposal.revised", target=proposal.target, by=by, at=at, data={"proposal": proposal.pk})
    notifying.proposal_revised(proposal, by=by, at=at)
    Draft.objects.filter(author=by, subject=change.subject, target=change.target).delete()
    return proposal


def beside(proposal: Proposal) -> list[tuple[str, dict]]:
    """What else waits in a proposal's review set: it may refer to that."""
    if proposal.review_set is None:
        return []
    others = proposal.review_set.proposals.unfinished().exclude(pk=proposal.pk)
    return list(others.values_list("subject", "snapshot"))


def brought_up_to_date(subject: str, snapshot: dict, base_revision: int) -> tuple[dict, int]:
    """A snapshot merged with what was published since its base, and the number it is now based on.

    Raises Conflicting; Invalid where the base never was.
    """
    kind = SUBJECTS[subject]
    target = kind.target(snapshot)
    number, current = kind.current(target)
    if base_revision == number:
        return snapshot, number
    base = kind.at(target, base_revision) if base_revision else {}
    if base is None or current is None:
        raise Invalid(
            [Problem("", f"Version {base_revision} of this {subject} does not exist; start again from the newest.")]
        )
    merged = merge(base=base, mine=snapshot, theirs=current)
    if merged.conflicts:
        raise Conflicting(merged.snapshot, merged.conflicts, number)
    return merged.snapshot, number


def check(change: Change, snapshot: dict) -> None:
    """Raises Invalid with everything that stands against publishing it."""
    if problems := standing_against(change, snapshot, SUBJECTS[change.subject].problems(snapshot)):
        raise Invalid(problems)


def standing_against(change: Change, snapshot: dict, problems: list[Problem]) -> list[Problem]:
    """The problems of what it says, and those of its base, its target and its note."""
    kind = SUBJECTS[change.subject]
    current = kind.current(change.target)
    problems = list(problems)
    if kind.is_retired(change.target):
        problems.append(Problem("", "This term was retired meanwhile; bring it back before changing it."))
    elif not problems and snapshot == current.snapshot:
        problems.append(Problem("", "Nothing differs from what is published."))
    if change.base_revision == 0 and current.number:
        problems.append(Problem("slug", "this name is taken meanwhile; choose another"))
    if len(change.note) > 2000:
        problems.append(Problem("note", f"has {len(change.note)} characters; the most is 2000"))
    return problems


def publish(change: Change, snapshot: dict, *, by, at, proposal: Proposal | None = None) -> int:
    return SUBJECTS[change.subject].publish(
        snapshot,
        by=by,
        at=at,
        change=change.change,
        note=change.note,
        confirms_other_voice=change.confirms_other_voice,
        proposal=proposal,
    )


def draft_targets(change: Change) -> list[str]:
    """A new thing's draft was kept under no name."""
    return [change.target, ""] if change.base_revision == 0 else [change.target]

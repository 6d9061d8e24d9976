"""How a proposal stands with what is published by now."""

from dataclasses import dataclass

from ..domain.merge import Conflict, merge
from ..domain.problems import Invalid
from ..models import Proposal, Revision
from .publishing import changed_voices, current_links, rendered
from .subjects import SUBJECTS


@dataclass(frozen=True)
class Standing:
    """A proposal beside its base and beside the newest revision; `merged` is what approving it would publish."""

    proposal: Proposal
    base: dict
    # The number of the newest revision, and what it says; 0 and nothing for something new.
    number: int
    current: dict
    merged: dict
    conflicts: list[Conflict]

    @property
    def has_moved(self) -> bool:
        """Whether something was published since its author looked, by somebody else."""
        return self.proposal.is_unfinished and self.number != self.proposal.base_revision

    @property
    def moved_by(self) -> int:
        return self.number - self.proposal.base_revision

    @property
    def leaves_a_voice(self) -> bool:
        """Whether it changes what one voice says of a term and leaves the other as it was."""
        is_change = bool(self.base) and self.proposal.subject == "term"
        return is_change and len(changed_voices(self.base, self.proposal.snapshot)) == 1

    def html_of_base(self) -> dict | None:
        return html_of_revision(self.proposal, self.proposal.base_revision)

    def html_of_current(self) -> dict | None:
        return html_of_revision(self.proposal, self.number)

    def html_of_proposal(self) -> dict | None:
        return html_of(self.proposal, self.proposal.snapshot)

    def html_of_merged(self) -> dict | None:
        return html_of(self.proposal, self.merged)


def standing_of(proposal: Proposal) -> Standing:
    kind = SUBJECTS[proposal.subject]
    number, current = kind.current(proposal.target)
    base = (proposal.base_revision and kind.at(proposal.target, proposal.base_revision)) or {}
    mine, conflicts = proposal.snapshot, []
    if proposal.is_unfinished and number != proposal.base_revision:
        mine, conflicts = merge(base=base, mine=mine, theirs=current or {})
    return Standing(proposal, base, number, current or {}, mine, conflicts)


def html_of_revision(proposal: Proposal, number: int) -> dict | None:
    """The HTML of a term's revision as it was published."""
    if proposal.subject != "term":
        return None
    return Revision.objects.filter(term__uid=proposal.target, number=number).values_list("html", flat=True).first()


def html_of(proposal: Proposal, snapshot: dict) -> dict | None:
    """The HTML that a term's texts would have; None for what has none or cannot be rendered."""
    if proposal.subject != "term":
        return None
    try:
        return rendered(snapshot, current_links())
    except Invalid:
        return None

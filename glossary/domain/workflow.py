"""The life of a proposal: its states, and what leads from one to the next, as data."""

from typing import NamedTuple

STATES = ("open", "changes_requested", "published", "rejected", "withdrawn")
UNFINISHED = ("open", "changes_requested")


class Transition(NamedTuple):
    """`past` is the deed as the audit trail names it; `by` is "curator" or "author"."""

    sources: tuple[str, ...]
    target: str
    by: str
    past: str


TRANSITIONS = {
    "approve": Transition(("open",), "published", "curator", "proposal.approved"),
    "ask_for_changes": Transition(("open",), "changes_requested", "curator", "proposal.returned"),
    "reject": Transition(UNFINISHED, "rejected", "curator", "proposal.rejected"),
    "revise": Transition(UNFINISHED, "open", "author", "proposal.revised"),
    "withdraw": Transition(UNFINISHED, "withdrawn", "author", "proposal.withdrawn"),
}


class NotPossible(ValueError):
    """A deed that the proposal's state does not allow, such as approving one that was withdrawn."""


def after(deed: str, status: str) -> str:
    """The state after a deed. Raises NotPossible."""
    transition = TRANSITIONS[deed]
    if status not in transition.sources:
        raise NotPossible(
            f"This proposal is {status.replace('_', ' ')}, so one cannot {deed.replace('_', ' ')} it any more."
        )
    return transition.target

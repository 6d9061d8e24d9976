"""What the forms of terms, scenarios and sample logs do alike on their way to a proposal."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from ..domain.diff import changed_fields
from ..domain.problems import Problem
from ..domain.vocabulary import CHANGES
from ..forms.fields import Fields
from ..models import Proposal
from ..services.proposing import Change, Outcome, propose, revise
from ..services.subjects import SUBJECTS

SIGNED_OUT = "You are signed out. What you typed is still here: sign in in a new tab, then press the button again."
NOT_YOURS = "Your account may not propose changes. What you typed is still here; copy what you need."


def turned_away(person, refusal: str) -> tuple[str, int]:
    """What to say above a form with which nothing can be done, and the status. `refusal`: why, if that is known."""
    return (refusal or NOT_YOURS, 403) if person.is_authenticated else (SIGNED_OUT, 401)


def unsaid(fields: Fields, *, is_new: bool) -> list[Problem]:
    """What an author must say of a change, and did not."""
    problems = []
    if not is_new and fields.get("change") not in CHANGES:
        problems.append(Problem("change", "choose whether the wording changes or the meaning"))
    if not fields.get("note", "").strip():
        problems.append(Problem("note", "say why, in a sentence, for whoever reviews it and for the history"))
    return problems


def send(change: Change, *, proposal: Proposal | None, by) -> Outcome:
    """Revise a proposal, or propose. Raises as these do."""
    return Outcome(proposal=revise(proposal, change, by=by)) if proposal else propose(change, by=by)


def follow(
    request, change: Change, outcome: Outcome, *, address: str, is_revised: bool, words_of: Callable[[str], str]
) -> HttpResponse:
    """To the proposal, or to the address of what is live now; the page there says what became of the change."""
    base = outcome.revision - 1 if outcome.revision else outcome.proposal.base_revision
    if 0 < change.base_revision < base:
        at = SUBJECTS[change.subject].at
        meanwhile = changed_fields(at(change.target, change.base_revision), at(change.target, base))
        fields = ", ".join(words_of(found.path) for found in meanwhile)
        said = f"Version {base} was published while you wrote ({fields}); your change was merged with it."
        messages.info(request, said)
    if outcome.revision:
        messages.success(request, f"Published as version {outcome.revision}.")
        return redirect(address)
    done = "Your proposal is changed." if is_revised else "Proposed."
    messages.success(request, f"{done} What is published stays until a curator approves it.")
    return redirect("proposal", outcome.proposal.pk)

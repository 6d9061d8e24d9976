"""Revising a proposal, in the form of what it is about."""

from ..models import Proposal
from . import editing, log_editing, scenario_editing
from .state_editing import revise_state

EDITORS = {"scenario": scenario_editing.EDITOR, "log": log_editing.EDITOR}


def proposal_edit(request, pk, refusal=""):
    subject = Proposal.objects.filter(pk=pk).values_list("subject", flat=True).first()
    if subject in EDITORS:
        return revise_state(request, EDITORS[subject], pk, refusal)
    return editing.proposal_edit(request, pk, refusal)

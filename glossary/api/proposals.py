"""Proposals: made with a token of the scope `propose`, read with any."""

from datetime import datetime
from typing import Literal

from ninja import Query, Router, Schema

from .. import permissions
from ..absolute import absolute
from ..models import Proposal
from ..services import reviewing
from ..services.proposing_terms import propose_term
from .paging import USUAL, Cursor, Size, number_at, page_of, row_number
from .reading import reads_personally
from .scopes import Scope
from .term_body import ProposedTerm

router = Router(tags=["proposals"])


class Wanted(Schema):
    term: ProposedTerm
    # The revision that the text started from; 0 for a new term.
    base_revision: int = 0
    change: Literal["wording", "meaning"] = "meaning"
    note: str


class ProposalAnswer(Schema):
    id: int
    subject: str
    target: str
    label: str
    status: str
    change: str
    note: str
    base_revision: int
    reason: str
    created_at: datetime
    updated_at: datetime
    published_revision: int | None
    url: str


class ProposalList(Schema):
    items: list[ProposalAnswer]
    next: str | None


class OutcomeAnswer(Schema):
    # One of the two: what waits, or the number of the revision that is live.
    proposal: ProposalAnswer | None
    revision: int | None


def proposal_answer(proposal: Proposal) -> dict:
    told = {name: getattr(proposal, name) for name in ProposalAnswer.model_fields if name != "url"}
    return told | {"url": absolute("proposal", proposal.pk)}


@router.post("", auth=Scope("propose"), response={200: OutcomeAnswer, 409: None}, url_name="proposals")
def propose(request, wanted: Wanted):
    """Propose a new term or a change of one; what your role may publish directly is published. Repeating it is safe."""
    made = propose_term(**wanted.dict(), by=request.user)
    return {"proposal": made.proposal and proposal_answer(made.proposal), "revision": made.revision}


@router.get("", auth=Scope("read"), response=ProposalList, url_name="proposals")
@reads_personally()
def proposal_list(
    request,
    status: str = Query("", description="What became of them, such as open or published."),
    mine: bool = Query(False, description="Only those of the token's owner."),
    limit: Size = USUAL,
    cursor: Cursor = "",
):
    """Proposals, the oldest first; `mine` are those of the token's owner."""
    permissions.require(request.user, "see_reviews")
    found = Proposal.objects.listed().filter(pk__gt=number_at(cursor)).order_by("pk")
    found = found.filter(status=status.replace("\0", "?")) if status else found
    found = found.by(request.user) if mine else found
    shown, following = page_of(request, list(found[: limit + 1]), limit, lambda proposal: str(proposal.pk))
    return {"items": [proposal_answer(each) for each in shown], "next": following}


@router.get("/{number}", auth=Scope("read"), response=ProposalAnswer, url_name="proposal")
@reads_personally()
def proposal(request, number: int):
    """One proposal, and what became of it."""
    return proposal_answer(proposal_at(request, number))


@router.post(
    "/{number}/withdraw", auth=Scope("propose"), response={200: ProposalAnswer, 409: None}, url_name="withdraw"
)
def withdraw(request, number: int):
    """Take back a proposal of one's own."""
    found = proposal_at(request, number)
    reviewing.withdraw(proposal=found, by=request.user)
    found.refresh_from_db()
    return proposal_answer(found)


def proposal_at(request, number: int) -> Proposal:
    return permissions.access_proposal(request.user, row_number(number), to="see_reviews")

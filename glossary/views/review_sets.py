"""A review set: everything that came in one import, in one table, decided about in one go."""

from collections import defaultdict

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from .. import permissions
from ..differences import titled
from ..domain.diff import changed_fields
from ..domain.problems import Invalid, Problem
from ..domain.workflow import NotPossible
from ..models import ReviewSet
from ..services.reviewing import Seen
from ..services.reviewing_sets import decide_set
from ..services.subjects import current_snapshots
from .doors import door
from .listing import number_of
from .reviewing import moment


@require_http_methods(["GET", "HEAD", "POST"])
@door("see_reviews")
def review_set(request, pk):
    """GET shows the table; POST decides: deed=approve_all, approve_selected, reject_rest or reject_selected."""
    review_set = ReviewSet.objects.select_related("author").filter(pk=pk).first()
    if review_set is None:
        raise Http404(pk)
    if request.method == "POST":
        permissions.require(request.user, "review")
        return decided(request, review_set)
    return answer(request, review_set)


def decided(request, review_set):
    proposals = review_set.proposals.unfinished().values_list("pk", "status")
    unfinished = {pk for pk, _ in proposals}
    waiting = {pk for pk, status in proposals if status == "open"}
    selected = {number for text in request.POST.getlist("proposal") if (number := number_of(text))}
    chosen = {
        "approve_all": (waiting, set()),
        "approve_selected": (selected, set()),
        "reject_rest": (selected, unfinished - selected),
        "reject_selected": (set(), selected),
    }.get(request.POST.get("deed", ""))
    if chosen is None:
        problem = Problem("", "That is no decision; choose one of the buttons.")
        return answer(request, review_set, [problem], status=422)
    approve, turn_down = chosen
    at = moment(request.POST.get("seen", ""))
    reason = request.POST.get("reason", "")
    try:
        decide_set(
            review_set=review_set,
            by=request.user,
            approve=approve,
            turn_down=turn_down,
            reason=reason,
            seen=Seen(at) if at else None,
        )
    except NotPossible as error:
        told = f"{error} Nothing of this set was published or rejected just now."
        return answer(request, review_set, [Problem("", told)], status=409)
    except Invalid as invalid:
        return answer(request, review_set, invalid.problems, status=422)
    messages.success(request, f"{len(approve)} approved and published, {len(turn_down)} rejected.")
    return redirect("review_set", review_set.pk)


def answer(request, review_set, problems: list[Problem] = (), *, status=200):
    proposals = list(review_set.proposals.select_related("author").order_by("pk"))
    current = current_snapshots([(proposal.subject, proposal.target) for proposal in proposals])
    of_rows = defaultdict(list)
    for path, message in problems:
        number, _, field = path.partition("/")
        of_rows[number_of(number)].append(Problem(field, message))
    selected = {number_of(text) for text in request.POST.getlist("proposal")}
    rows = [
        {
            "proposal": proposal,
            "fields": fields_told(current.get((proposal.subject, proposal.target)), proposal),
            "problems": of_rows[proposal.pk],
            "is_selected": proposal.pk in selected,
        }
        for proposal in proposals
    ]
    own = [p for p in proposals if p.status == "open" and permissions.reason_against(request.user, "review", p)]
    context = {
        "review_set": review_set,
        "rows": rows,
        "problems": of_rows[None],
        "waiting": sum(proposal.status == "open" for proposal in proposals),
        "unfinished": sum(proposal.is_unfinished for proposal in proposals),
        "seen": max((proposal.updated_at for proposal in proposals), default=review_set.created_at),
        "reason": request.POST.get("reason", ""),
        "reason_against": permissions.reason_against(request.user, "review", own[0]) if own else None,
    }
    return render(request, "glossary/review_set.html", context, status=status)


def fields_told(current: dict | None, proposal) -> list[str]:
    """The titles of the fields that a proposal that is not decided about would change; none for something new."""
    if not current or not proposal.is_unfinished:
        return []
    return [titled(change.path) for change in changed_fields(current, proposal.snapshot)]

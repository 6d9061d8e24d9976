"""What a term said before: its revisions, any two compared, and going back to one."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from ..differences import differences
from ..domain.problems import Invalid, Problem
from ..models import Revision, Term
from ..pages import reading_page
from ..services.proposing import Conflicting
from ..services.reverting import change_undone, revert, reverted
from . import listing
from .doors import term_page

PAGE = 50


# Not kept: it names people, who may change their name, or leave, without a publication.
@reading_page(kept=False)
@term_page(to="read", of_merged=True)
def history(request, term):
    """Revisions, the newest first; ?after=<n> begins below revision n."""
    revisions = (
        term.revisions.defer("snapshot", "html")
        .select_related("author", "proposal__decided_by")
        .defer("proposal__snapshot")
    )
    page = listing.page_of(revisions, request, {}, column="number", size=PAGE, newest_first=True)
    context = {"term": term, "page": page, "newest": term.current.number}
    return render(request, "glossary/term_history.html", context)


@reading_page(kept=False)
@term_page(to="read", of_merged=True)
def diff(request, term):
    """Any two revisions, in either direction: ?from=&to=, by number; ?as=source shows texts as they are written."""
    newest = term.current.number
    given = {name: request.GET.get(name, "") for name in ("from", "to")}
    numbers = {
        "to": listing.number_of(given["to"] or str(newest)),
        "from": listing.number_of(given["from"] or str(max(newest - 1, 1))),
    }
    found = {
        revision.number: revision
        for revision in term.revisions.filter(number__in=[n for n in numbers.values() if n]).select_related("author")
    }
    problems = [
        Problem(name, f"There is no version {given[name]!r:.40} of this term: they are numbered 1 to {newest}.")
        for name, number in numbers.items()
        if number not in found
    ]
    context = {"term": term, "newest": newest, "given": given, "problems": problems}
    if problems:
        return render(request, "glossary/term_diff.html", context, status=404)
    return render(request, "glossary/term_diff.html", context | compared(request, found, numbers))


def compared(request, found: dict[int, Revision], numbers: dict[str, int]) -> dict:
    before, after = found[numbers["from"]], found[numbers["to"]]
    as_source = request.GET.get("as") == "source"
    html = (None, None) if as_source else (before.html, after.html)
    chosen = {name: str(number) for name, number in numbers.items()} | {"as": "source" if as_source else ""}
    return {
        "before": before,
        "after": after,
        "fields": differences(before.snapshot, after.snapshot, *html),
        "as_source": as_source,
        "views": listing.choices("as", chosen, ("As it reads", ""), ("As it is written", "source")),
        "turned_url": listing.address(chosen | {"from": chosen["to"], "to": chosen["from"]}),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@term_page(to="revert")
def revert_to(request, term, number):
    """GET shows what going back would change; POST does it, with a note."""
    earlier = get_object_or_404(Revision.objects.select_related("author"), term=term, number=number)
    if number >= term.current.number:
        raise Http404(number)
    if request.method != "POST":
        return revert_answer(request, term, earlier)
    try:
        outcome = revert(
            term=term,
            number=number,
            note=request.POST.get("note", ""),
            confirms_other_voice="confirms_other_voice" in request.POST,
            by=request.user,
        )
    except Conflicting:
        told = "Somebody published a version of this term just now. Look at it before you go back."
        return revert_answer(request, term, earlier, [Problem("", told)], status=409)
    except Invalid as invalid:
        return revert_answer(request, term, earlier, invalid.problems, status=422)
    if outcome.proposal:
        messages.success(request, "Proposed. It changes meaning, so another curator decides about it.")
        return redirect("proposal", outcome.proposal.pk)
    messages.success(request, f"Published as version {outcome.revision}: it says what version {number} said.")
    return redirect("term", term.slug)


def revert_answer(request, term: Term, earlier: Revision, problems: list[Problem] = (), *, status=200):
    term = Term.objects.select_related("current").get(pk=term.pk)
    said = reverted(term, earlier)
    context = {
        "term": term,
        "earlier": earlier,
        "fields": differences(term.current.snapshot, said, term.current.html, earlier.html),
        "change": change_undone(term, earlier),
        "problems": problems,
        "note": request.POST.get("note", ""),
    }
    return render(request, "glossary/term_revert.html", context, status=status)

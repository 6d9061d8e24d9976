"""What curators look after: terms with something amiss, and words that somebody asked for."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from .. import care
from ..domain.problems import Invalid, Problem
from ..models import TermRequest
from ..services import caring
from ..services.notifying import day
from .doors import door, term_page

PER_PAGE = 50


@require_safe
@never_cache
@door(to="tend")
def overview(request):
    """The worst first; `?of=` a flaw shows the terms that have it."""
    every = care.cases(on=timezone.now().date())
    flaw = request.GET.get("of", "")
    flaw = flaw if flaw in care.FLAWS else ""
    shown = [case for case in every if not flaw or flaw in case.flaws]
    context = {
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "flaw": flaw,
        "flaws": [(name, told, sum(name in case.flaws for case in every)) for name, (_, told) in care.FLAWS.items()],
        "count": len(every),
        "wishes": TermRequest.objects.open().select_related("requested_by"),
    }
    return render(request, "glossary/care.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@term_page(to="tend")
@never_cache
def term_care(request, term):
    """What is amiss with a term, and when it is to be read again; POST deed=reviewed, or review_due_on."""
    if term.is_retired:
        return redirect("term", term.slug)
    problems = []
    if request.method == "POST":
        try:
            messages.success(request, look_after(request, term))
            return redirect("care") if request.POST.get("back") == "care" else redirect("term_care", term.slug)
        except Invalid as invalid:
            problems = invalid.problems
    context = {
        "term": term,
        "case": care.case(term, on=timezone.now().date()),
        "problems": problems,
        "typed": request.POST.get("review_due_on") if problems else None,
    }
    return render(request, "glossary/term_care.html", context, status=422 if problems else 200)


def look_after(request, term) -> str:
    """Do what was posted; what was done, in words. Raises Invalid."""
    if request.POST.get("deed") == "reviewed":
        due = caring.confirm_still_right(term=term, by=request.user)
    else:
        due = caring.set_review_date(term=term, on=date_in(request.POST.get("review_due_on", "")), by=request.user)
    return f"{term.label} is to be read again by {day(due)}."


def date_in(text: str):
    """The day that a text names. Raises Invalid."""
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise Invalid([Problem("review_due_on", f"{text!r:.40} is no day; write it like 2027-03-31")])
    return found

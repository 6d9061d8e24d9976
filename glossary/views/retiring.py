"""Retiring a term, taking it back into use, and merging it into another: each on a page that says what follows."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from .. import search
from ..domain.problems import Invalid, Problem
from ..models import Term
from ..services import retiring
from .doors import term_page

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
@term_page(to="retire")
def retire(request, term):
    if request.method != "POST":
        return answer(request, "glossary/term_retire.html", term)
    name = request.POST.get("replaced_by", "").strip()
    replaced_by = named(name, term)
    if name and replaced_by is None:
        return answer(request, "glossary/term_retire.html", term, [nobody(name, term)])
    try:
        retiring.retire_term(term=term, replaced_by=replaced_by, reason=reason_of(request), by=request.user)
    except Invalid as invalid:
        return answer(request, "glossary/term_retire.html", term, invalid.problems)
    messages.success(request, f"{term.label} is retired.")
    return redirect("term_history", term.slug)


@form_page
@term_page(to="retire", of_merged=True)
def restore(request, term):
    if request.method != "POST":
        return answer(request, "glossary/term_restore.html", term)
    try:
        retiring.restore_term(term=term, reason=reason_of(request), by=request.user)
    except Invalid as invalid:
        return answer(request, "glossary/term_restore.html", term, invalid.problems)
    messages.success(request, f"{term.label} is in use again.")
    return redirect("term", term.slug)


@form_page
@term_page(to="merge")
def merge(request, term):
    if request.method != "POST":
        return answer(request, "glossary/term_merge.html", term)
    name = request.POST.get("replaced_by", "").strip()
    into = named(name, term)
    if into is None:
        return answer(request, "glossary/term_merge.html", term, [nobody(name, term)])
    try:
        retiring.merge_term(term=term, into=into, reason=reason_of(request), by=request.user)
    except Invalid as invalid:
        return answer(request, "glossary/term_merge.html", term, invalid.problems)
    messages.success(request, f"{term.label} is merged into {into.label}.")
    return redirect("term", into.slug)


def named(name: str, term: Term) -> Term | None:
    """The term that a curator means: by its slug, old ones included, or by its label or alias in this voice."""
    if not name.isprintable():
        return None
    by_slug = Term.objects.filter(slugs__slug=name).first()
    return by_slug or Term.objects.spelled(name).in_voice(term.voice).first()


def nobody(name: str, term: Term) -> Problem:
    if not name:
        return Problem("replaced_by", f"Name the {term.voice} term that takes its place.")
    near = [
        other.label for other in search.nearest(name, limit=5) if other.voice == term.voice and other.slug != term.slug
    ]
    meant = f" Did you mean {', '.join(near)}?" if near else ""
    return Problem("replaced_by", f"There is no {term.voice} term {name!r:.100}.{meant}")


def reason_of(request) -> str:
    return request.POST.get("reason", "").strip()


def answer(request, template: str, term: Term, problems: list[Problem] = ()):
    term = Term.objects.select_related("current", "category", "replaced_by").get(pk=term.pk)
    context = {
        "term": term,
        "problems": problems,
        "typed": {name: request.POST.get(name, "") for name in ("replaced_by", "reason")},
        "others": Term.objects.published().in_voice(term.voice).exclude(pk=term.pk).alphabetical()[:500],
        "spellings": term.spellings.all(),
    }
    return render(request, template, context, status=422 if problems else 200)

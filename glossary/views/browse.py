"""Finding one's way: the home page, and two terms side by side."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from simulator.figures import figure_of, script_json

from .. import reading
from ..domain.vocabulary import VOICES
from ..models import Publication, Term
from ..models.told_links import told_links
from ..pages import reading_page
from . import structured

# The scenario of the home page's figure, where the dictionary has it.
FEATURED_SCENARIO = "event-sourcing"


@reading_page()
def home(request):
    scenario = reading.featured_scenario(FEATURED_SCENARIO)
    context = {
        "figure": figure_of(scenario) if scenario else None,
        "counts": {voice: Term.objects.published().in_voice(voice).count() for voice in VOICES},
        "false_friends": reading.false_friends(6),
        "changes": reading.latest_changes(6),
        "json_ld": script_json(structured.term_set(Publication.objects.filter(pk=1).first())),
    }
    return render(request, "glossary/home.html", context)


@reading_page()
def compare(request, left, right):
    terms = [reading.find_term(slug) for slug in (left, right)]
    if None in terms:
        raise Http404("There is no such term to compare.")
    # A term that was merged is the one that took its place, as on its own page.
    slugs = [term.replaced_by.slug if term.is_merged else term.slug for term in terms]
    if slugs != [left, right]:
        # Nobody compares a term with itself.
        to = ["compare", *slugs] if slugs[0] != slugs[1] else ["term", slugs[0]]
        response = redirect(*to, permanent=True)
        response["Cache-Control"] = "no-cache"
        return response
    links = told_links(*terms)
    sides = [Side(term, links[term.pk], links[other.pk]) for term, other in (terms, reversed(terms))]
    between = [link for link in links[terms[0].pk] if link.slug == terms[1].slug]
    context = {
        "sides": sides,
        "terms": terms,
        "between": between,
        "swapped_url": reverse("compare", args=[right, left]),
        "same_category": terms[0].category == terms[1].category,
        "same_voice": terms[0].voice == terms[1].voice,
        "title": f"{terms[0].label} and {terms[1].label} · {settings.GLOSSARY_TITLE}",
    }
    return render(request, "glossary/term_compare.html", context)


class Side:
    """One of two terms that are compared: what it says, and which of its links the other one shares."""

    def __init__(self, term: Term, links: list, other_links: list):
        self.term = term
        self.snapshot = term.current.snapshot
        shared = {link.slug for link in other_links}
        self.links = [{"link": link, "is_shared": link.slug in shared} for link in links]

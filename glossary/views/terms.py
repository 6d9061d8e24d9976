"""A term's page, its pinned revisions, its permanent addresses, and the way from its old ones."""

from functools import wraps

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render

from simulator.figures import figure_of, script_json

from .. import cards, illustrations, reading
from ..differences import differences
from ..models import Revision, Term, TermSlug
from ..models.told_links import ToldLink, told_links
from ..pages import is_signed_in, reading_page, wants_partial
from ..services import watching
from . import citing, structured


def at_current_slug(view):
    """Give a view the term itself; an old slug leads on to the same page under the new one."""

    @wraps(view)
    def resolved(request, slug, **kwargs):
        term = reading.find_term(slug)
        if term is None:
            raise Http404(slug)
        return view(request, term, **kwargs) if term.slug == slug else moved(request, slug, term)

    return resolved


def moved(request, old_slug: str, term: Term):
    """301 to the same place below the term's present slug; what is posted is posted again there (308)."""
    address = request.get_full_path().replace(f"/terms/{old_slug}/", f"/terms/{term.slug}/", 1)
    response = HttpResponsePermanentRedirect(address, preserve_request=request.method not in {"GET", "HEAD"})
    # A slug that is given back to its term must not be stuck in browsers.
    response["Cache-Control"] = "no-cache"
    return response


@reading_page(has_partial=True, of_term=True)
@at_current_slug
def term(request, term):
    """The page; as htmx's partial, the card that is shown over links to the term."""
    if term.is_merged:
        return moved(request, term.slug, term.replaced_by)
    if wants_partial(request):
        return render(request, "glossary/_term_card.html", {"term": term}, status=410 if term.is_retired else 200)
    if term.is_retired:
        return render(request, "glossary/term_retired.html", retired_context(term), status=410)
    return render(request, "glossary/term_page.html", term_context(term) | personal_context(request, term))


@reading_page(of_term=True)
@at_current_slug
def card(request, term):
    """The picture that is shown where somebody pastes a link to the term."""
    return HttpResponse(cards.png_of(term), content_type="image/png")


def term_context(term: Term) -> dict:
    snapshot = term.current.snapshot
    links = told_links(term)[term.pk]
    scenarios = reading.scenarios_of(term)
    figures = [
        figure_of(shown.scenario, number=number, voice=term.voice, caption=shown.caption)
        for number, shown in enumerate(scenarios, start=1)
    ]
    return {
        "term": term,
        "revision": term.current,
        "snapshot": snapshot,
        "html": current_html(term),
        "also": alias_texts(snapshot, {"synonym", "abbreviation"}),
        "discouraged": [alias for alias in snapshot.get("aliases", []) if alias["kind"] == "discouraged"],
        "mappings": [link for link in links if link.sort == "mapping"],
        "relations": [link for link in links if link.sort == "relation"],
        # One figure lives on the page, the others are a link away: a page loads the data of one.
        "figure": figures[0] if figures else None,
        "more_figures": figures[1:],
        "illustrations": illustrations.illustrations(snapshot),
        "citations": citing.citations(term),
        "json_ld": script_json(structured.defined_term(term)),
    }


def personal_context(request, term: Term) -> dict:
    """What a page that is kept must not hold: only for people who are signed in."""
    if not is_signed_in(request):
        return {}
    return {"watch": watching.watch_of(request.user, term), "usage": term.uses.counted()}


def retired_context(term: Term) -> dict:
    return {
        "term": term,
        "snapshot": term.current.snapshot,
        "revision": term.current,
        "html": current_html(term),
    }


def current_html(term: Term) -> dict[str, str]:
    """A term's texts with links as they lead today; a revision keeps those of its own day."""
    return {**term.html, "gap": term.html_gap}


def alias_texts(snapshot: dict, kinds: set[str]) -> list[str]:
    return [alias["text"] for alias in snapshot.get("aliases", []) if alias["kind"] in kinds]


@reading_page(of_term=True)
@at_current_slug
def pinned(request, term, number):
    """A revision as it was published, and what has happened to the term since."""
    revision = get_object_or_404(term.revisions, number=number)
    later = list(term.revisions.filter(number__gt=number).order_by("number").defer("snapshot", "html"))
    snapshot, newest = revision.snapshot, term.current
    context = {
        "term": term,
        "revision": revision,
        "snapshot": snapshot,
        "html": revision.html,
        "also": alias_texts(snapshot, {"synonym", "abbreviation"}),
        "discouraged": [alias for alias in snapshot.get("aliases", []) if alias["kind"] == "discouraged"],
        "mappings": frozen_links(snapshot, "mappings"),
        "relations": frozen_links(snapshot, "relations"),
        "edits_since": len(later),
        "fields": differences(snapshot, newest.snapshot, revision.html, newest.html) if later else [],
        "meaning_changed": next((edit for edit in later if edit.change == "meaning"), None),
        "citations": citing.citations(term, revision),
    }
    return render(request, "glossary/term_pinned.html", context)


def frozen_links(snapshot: dict, name: str) -> list[ToldLink]:
    """What a revision stated itself; the terms are named as they are called today, so that links lead on."""
    stated = snapshot.get(name, [])
    others = reading.terms_by_uid([link["term"] for link in stated])
    return [
        ToldLink(name, link["kind"], link.get("note", ""), other.slug, other.label, other.voice, other.is_retired)
        for link in stated
        if (other := others.get(link["term"]))
    ]


@reading_page(of_term=True)
@at_current_slug
def code(request, term, language):
    """The program in a language as a file that runs by itself."""
    shown = reading.scenarios_of(term)
    text = illustrations.runnable(term, shown[0].scenario, language) if shown and not term.is_retired else None
    if text is None:
        raise Http404(language)
    name = f"{term.slug}.{illustrations.SUFFIXES[language]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


def permanent(request, uid):
    return redirect("term", get_object_or_404(Term, uid=uid).slug)


def permanent_pinned(request, uid, number):
    revision = get_object_or_404(Revision.objects.select_related("term"), term__uid=uid, number=number)
    return redirect("pinned", revision.term.slug, number)


def below_old_slug(request, slug, rest):
    """Whatever stands below a term's address moves with it, pages of later versions of this site included."""
    old = TermSlug.objects.select_related("term").filter(slug=slug).first()
    if old is None or old.term.slug == slug:
        raise Http404(slug)
    return moved(request, slug, old.term)

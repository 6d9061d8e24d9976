"""Terms: lists, one, its revisions, and what it said on a day."""

from datetime import date

from django.http import Http404
from ninja import Query, Router

from .. import reading
from ..models import Term
from .errors import Moved
from .paging import USUAL, Cursor, Size, number_at, page_of, position_of, row_number
from .reading import reads
from .shapes import RevisionList, TermAnswer, TermList, references_in, revision_answer, term_answer

DAY = Query(None, description="A day, as in 2026-03-31.")
router = Router(tags=["terms"])


@router.get("", response=TermList, url_name="terms")
@reads("voice", "category", "status", "letter", "limit", "cursor")
def term_list(
    request,
    voice: str = Query("", description="engineer or manager."),
    category: str = Query("", description="The slug of a category."),
    status: str = Query("published", description="published or retired."),
    letter: str = Query("", description="The first letter of the label."),
    limit: Size = USUAL,
    cursor: Cursor = "",
):
    """Terms in the order of their slugs. What a filter does not know selects nothing. The status may be retired."""
    terms = Term.objects.exclude(current=None).select_related("current", "replaced_by").order_by("slug")
    given = {"voice": voice, "category__slug": category, "status": status, "letter": letter.upper()}
    terms = terms.filter(**{name: value.replace("\0", "?") for name, value in given.items() if value})
    rows = list(terms.filter(slug__gt=position_of(cursor))[: limit + 1])
    shown, following = page_of(request, rows, limit, lambda term: term.slug)
    known = references_in(*(term.current.snapshot for term in shown))
    return {"items": [term_answer(term, term.current, known) for term in shown], "next": following}


@router.get("/{slug}", response={200: TermAnswer, 301: None}, url_name="term")
@reads("as_of", of_term=True)
def term(request, slug: str, as_of: date | None = DAY):
    """One term, retired ones too; with as_of, what it said at the end of that day."""
    found = term_at(request, slug)
    revision = found.current
    if as_of is not None:
        revision = found.revisions.until(as_of).first()
        if revision is None:
            raise Http404
    return term_answer(found, revision, references_in(revision.snapshot))


@router.get("/{slug}/revisions", response={200: RevisionList, 301: None}, url_name="revisions")
@reads("limit", "cursor", of_term=True)
def revision_list(request, slug: str, limit: Size = USUAL, cursor: Cursor = ""):
    """The revisions of a term, the newest first."""
    found = term_at(request, slug, of_merged=True)
    revisions = found.revisions.order_by("-number").defer("snapshot", "html")
    if cursor:
        revisions = revisions.filter(number__lt=number_at(cursor))
    shown, following = page_of(request, list(revisions[: limit + 1]), limit, lambda revision: str(revision.number))
    return {"items": [revision_answer(revision, found.slug) for revision in shown], "next": following}


@router.get("/{slug}/revisions/{number}", response={200: TermAnswer, 301: None}, url_name="revision")
@reads(of_term=True)
def revision(request, slug: str, number: int):
    """A term as one revision of it stated it."""
    found = term_at(request, slug, of_merged=True)
    stated = found.revisions.filter(number=row_number(number)).first()
    if stated is None:
        raise Http404
    return term_answer(found, stated, references_in(stated.snapshot))


def term_at(request, slug: str, *, of_merged: bool = False) -> Term:
    """The term of a slug. One that it used to have leads on, and so does that of a term that was merged, unless what is
    asked for is of merged terms too: what they stated is still theirs."""
    found = reading.find_term(slug.replace("\0", ""))
    if found is None or found.current is None:
        raise Http404
    target = found.replaced_by if found.is_merged and not of_merged else found
    if target.slug != slug:
        raise Moved(request.get_full_path().replace(f"/terms/{slug}", f"/terms/{target.slug}", 1))
    return target

"""Terms: lists, one, its revisions, and what it said on a day."""

from datetime import date

from django.http import Http404
from ninja import Query, Router

from .. import reading
from ..models import Term
from .errors import Moved
from .paging import LEAST, MOST, USUAL, number_at, page_of, position_of
from .reading import reads
from .shapes import RevisionList, TermAnswer, TermList, references_in, revision_answer, term_answer

router = Router(tags=["terms"])


@router.get("", response=TermList, url_name="terms")
@reads("voice", "category", "status", "letter", "limit", "cursor")
def term_list(
    request,
    voice: str = "",
    category: str = "",
    status: str = "published",
    letter: str = "",
    limit: int = Query(USUAL, ge=LEAST, le=MOST),
    cursor: str = "",
):
    """Terms in the order of their slugs. What a filter does not know selects nothing. The status may be retired."""
    terms = Term.objects.exclude(current=None).select_related("current", "replaced_by").order_by("slug")
    given = {"voice": voice, "category__slug": category, "status": status, "letter": letter.upper()}
    terms = terms.filter(**{name: value.replace("\0", "?") for name, value in given.items() if value})
    rows = list(terms.filter(slug__gt=position_of(cursor))[: limit + 1])
    shown, following = page_of(request, rows, limit, lambda term: term.slug)
    known = references_in(*(term.current.snapshot for term in shown))
    return {"items": [term_answer(term, term.current, known) for term in shown], "next": following}


@router.get("/{slug}", response=TermAnswer, url_name="term")
@reads("as_of", of_term=True)
def term(request, slug: str, as_of: date | None = None):
    """One term, retired ones too; with as_of, what it said at the end of that day."""
    found = term_at(request, slug)
    revision = found.current
    if as_of is not None:
        revision = found.revisions.until(as_of).first()
        if revision is None:
            raise Http404
    return term_answer(found, revision, references_in(revision.snapshot))


@router.get("/{slug}/revisions", response=RevisionList, url_name="revisions")
@reads("limit", "cursor", of_term=True)
def revision_list(request, slug: str, limit: int = Query(USUAL, ge=LEAST, le=MOST), cursor: str = ""):
    """The revisions of a term, the newest first."""
    found = term_at(request, slug)
    revisions = found.revisions.order_by("-number").defer("snapshot", "html")
    if cursor:
        revisions = revisions.filter(number__lt=number_at(cursor))
    shown, following = page_of(request, list(revisions[: limit + 1]), limit, lambda revision: str(revision.number))
    return {"items": [revision_answer(revision, found.slug) for revision in shown], "next": following}


@router.get("/{slug}/revisions/{number}", response=TermAnswer, url_name="revision")
@reads(of_term=True)
def revision(request, slug: str, number: int):
    """A term as one revision of it stated it."""
    found = term_at(request, slug)
    stated = found.revisions.filter(number=number).first() if 0 < number < 2**31 else None
    if stated is None:
        raise Http404
    return term_answer(found, stated, references_in(stated.snapshot))


def term_at(request, slug: str) -> Term:
    """The term of a slug. One that it used to have, and that of a term that was merged, lead on."""
    found = reading.find_term(slug.replace("\0", ""))
    if found is None or found.current is None:
        raise Http404
    target = found.replaced_by if found.is_merged else found
    if target.slug != slug:
        raise Moved(request.get_full_path().replace(f"/terms/{slug}", f"/terms/{target.slug}", 1))
    return target

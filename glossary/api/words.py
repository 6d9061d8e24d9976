"""Words: searching for terms, and translating from one voice to the other."""

from django.conf import settings
from ninja import Query, Router, Schema

from .. import search
from ..domain.matching import spelling_key
from ..domain.vocabulary import VOICES, other_voice
from ..models import Term
from ..models.told_links import told_links
from .paging import USUAL, Size
from .reading import reads
from .shapes import Reference, reference

router = Router(tags=["words"])


class SearchHit(Schema):
    slug: str
    label: str
    voice: str
    line: str
    how: str
    matched: str
    url: str


class SearchAnswer(Schema):
    query: str
    items: list[SearchHit]
    nearest: list[str]


class Counterpart(Schema):
    slug: str
    label: str
    kind: str
    note: str


class Translation(Schema):
    term: Reference
    voice: str
    counterparts: list[Counterpart]


class TranslateAnswer(Schema):
    text: str
    items: list[Translation]


@router.get("/search", response=SearchAnswer, url_name="search")
@reads("q", "limit", kept=False)
def search_terms(
    request, q: str = Query("", description="What is sought, of which 200 characters count."), limit: Size = USUAL
):
    """The terms that a query means, best first, each with how it matched; where there is none, the nearest slugs."""
    found = search.find(q, limit=limit)
    items = [
        {
            "slug": hit.term.slug,
            "label": hit.term.label,
            "voice": hit.term.voice,
            "line": hit.term.line,
            "how": hit.how,
            "matched": hit.text,
            "url": settings.PUBLIC_URL + hit.term.address,
        }
        for hit in found.hits
    ]
    return {"query": found.query, "items": items, "nearest": [term.slug for term in found.nearest]}


@router.get("/translate", response=TranslateAnswer, url_name="translate")
@reads("text", "to", kept=False)
def translate(
    request,
    text: str = Query(description="A word or phrase."),
    to: str = Query("", description="The voice to say it in."),
):
    """What the other side calls a word: the terms that are spelled so, and what they map to, into one voice or both."""
    terms = Term.objects.published().spelled(text.replace("\0", " ")).distinct().order_by("voice", "slug")
    if to:
        terms = terms.in_voice(other_voice(to)) if to in VOICES else terms.none()
    terms = list(terms)
    links = told_links(*terms, sorts=("mapping",))
    items = [
        {
            "term": reference(term),
            "voice": term.voice,
            "counterparts": [
                {"slug": link.slug, "label": link.label, "kind": link.kind, "note": link.note}
                for link in links[term.pk]
                if not link.is_retired
            ],
        }
        for term in terms
    ]
    return {"text": spelling_key(text), "items": items}

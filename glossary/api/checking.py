"""Checking a document: what its words mean here."""

from itertools import islice

from django.views.decorators.csrf import csrf_exempt
from ninja import Router, Schema
from ninja.decorators import decorate_view

from .. import documents, permissions
from ..domain.prose import Format
from ..views.exporting import open_to_every_origin
from .limits import Limit
from .shapes import Reference

router = Router(tags=["documents"])

MOST_HITS = 20_000


class Document(Schema):
    text: str
    format: Format = "markdown"


class CheckHit(Schema):
    line: int
    column: int
    end_line: int
    end_column: int
    term: Reference
    matched: str
    level: str
    message: str


class CheckAnswer(Schema):
    hits: list[CheckHit]
    # Whether there are more hits than are answered at once (20,000).
    is_cut: bool


@router.post("", response=CheckAnswer, throttle=Limit("checks"), url_name="check")
@decorate_view(open_to_every_origin, csrf_exempt)
def check(request, document: Document):
    """Every use of a term in a document. Lines and columns count from 1, in code points; the end is exclusive."""
    permissions.require(request.user, "read")
    found = list(islice(documents.check(document.text, document.format), MOST_HITS + 1))
    return {"hits": found[:MOST_HITS], "is_cut": len(found) > MOST_HITS}

"""Documents that use the dictionary: registered with a token of the scope `documents`, read by members with any."""

from datetime import datetime

from ninja import Query, Router, Schema
from ninja.responses import Status

from .. import permissions
from ..absolute import absolute
from ..domain.prose import Format
from ..models import Document
from ..services import registering
from .paging import USUAL, Cursor, Size, number_at, page_of, row_number
from .reading import reads_personally
from .scopes import Scope
from .shapes import Reference

router = Router(tags=["documents"])


class Described(Schema):
    """A document as its readers find it, and its text, which is read for its terms and kept nowhere."""

    address: str
    title: str = ""
    repository: str = ""
    team: str = ""
    format: Format = "markdown"
    text: str


class UseAnswer(Schema):
    term: Reference
    # 0 where it is linked to, and not named.
    count: int
    first_line: int
    pins: list[int]
    # The revision whose meaning the document has, the newest, and the first since that changed the meaning.
    rests_on: int
    newest: int
    superseded_by: int | None


class DocumentLine(Schema):
    id: int
    address: str
    title: str
    repository: str
    team: str
    format: str
    # How many terms it uses, and how many of them changed their meaning since.
    terms: int
    superseded: int
    registered_at: datetime
    last_seen_at: datetime
    url: str


class DocumentAnswer(DocumentLine):
    uses: list[UseAnswer]


class DocumentList(Schema):
    items: list[DocumentLine]
    next: str | None


def line_of(document: Document) -> dict:
    told = {name: getattr(document, name) for name in DocumentLine.model_fields if name != "url"}
    return told | {"url": absolute("document", document.pk)}


def answer_of(number: int) -> dict:
    document = Document.objects.with_counts().get(pk=number)
    uses = document.uses.with_changes().select_related("term__current")
    told = [
        {
            **{name: getattr(use, name) for name in ("count", "first_line", "pins", "rests_on", "superseded_by")},
            "term": use.term,
            "newest": use.term.current.number,
        }
        for use in uses
    ]
    return line_of(document) | {"uses": told}


@router.post("", auth=Scope("documents"), response={200: DocumentAnswer, 201: DocumentAnswer}, url_name="documents")
def register(request, described: Described):
    """Register a document, or see a registered one again, by its address. Its text is read once and kept nowhere."""
    said = described.dict()
    text = said.pop("text").replace("\r\n", "\n")
    made, is_new = registering.register(description=registering.Description(**said), text=text, by=request.user)
    return Status(201 if is_new else 200, answer_of(made.pk))


@router.get("", auth=Scope("read"), response=DocumentList, url_name="documents")
@reads_personally()
def document_list(
    request,
    q: str = Query("", description="What is in the title or the address."),
    repository: str = Query("", description="The whole name of a repository."),
    team: str = Query("", description="The whole name of a team."),
    term: str = Query("", description="The uid of a term that they use, or its slug, also a former one."),
    superseded: bool = Query(False, description="Only those under which a meaning changed."),
    limit: Size = USUAL,
    cursor: Cursor = "",
):
    """Documents, in the order in which they were registered."""
    permissions.require(request.user, "see_documents")
    given = {"q": q, "repository": repository, "team": team, "term": term, "superseded": superseded and "1"}
    chosen = {name: value.replace("\0", "?") for name, value in given.items() if value}
    found = Document.objects.narrowed(**chosen).with_counts().filter(pk__gt=number_at(cursor)).order_by("pk")
    shown, following = page_of(request, list(found[: limit + 1]), limit, lambda document: str(document.pk))
    return {"items": [line_of(each) for each in shown], "next": following}


@router.get("/{number}", auth=Scope("read"), response=DocumentAnswer, url_name="document")
@reads_personally()
def document(request, number: int):
    """One document, its terms, and what changed under it."""
    return answer_of(document_at(request, number, to="see_documents").pk)


@router.delete("/{number}", auth=Scope("documents"), response={204: None}, url_name="document")
def remove(request, number: int):
    """Forget a document: its owners may, and curators. The document itself stays where it is."""
    registering.remove(document=document_at(request, number, to="remove_document"), by=request.user)
    return Status(204, None)


def document_at(request, number: int, *, to: str) -> Document:
    return permissions.access_document(request.user, row_number(number), to=to)

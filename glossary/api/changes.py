"""What was published since a cursor, the oldest first: for programs that keep a copy in step."""

from datetime import datetime

from ninja import Router, Schema

from ..models import Revision
from .paging import USUAL, Cursor, Size, cursor_of, number_at, page_of
from .reading import reads
from .shapes import Reference, reference, revision_answer

router = Router(tags=["changes"])


class Change(Schema):
    term: Reference
    number: int
    change: str
    note: str
    published_at: datetime
    url: str


class ChangeList(Schema):
    items: list[Change]
    next: str | None
    # What to ask with the next time, whether there was anything new or not.
    cursor: str


@router.get("", response=ChangeList, url_name="changes")
@reads("limit", "cursor")
def change_list(request, limit: Size = USUAL, cursor: Cursor = ""):
    """Revisions of terms since a cursor (all, without one)."""
    revisions = Revision.objects.filter(pk__gt=number_at(cursor)).select_related("term").order_by("pk")
    rows = list(revisions.defer("snapshot", "html")[: limit + 1])
    shown, following = page_of(request, rows, limit, lambda revision: str(revision.pk))
    items = [{"term": reference(row.term), **revision_answer(row, row.term.slug)} for row in shown]
    return {"items": items, "next": following, "cursor": cursor_of(str(shown[-1].pk)) if shown else cursor}

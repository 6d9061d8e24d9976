"""Importing: a dry run that says of each thing what would become of it, then one set of proposals, all or nothing.

An import never overwrites. Each thing is compared with the revision that it started from and merged with what was
published since, as any proposal is.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from .. import permissions
from ..domain.exchange import Entry
from ..domain.problems import Invalid, Problem
from ..domain.vocabulary import VOICES
from ..models import PendingImport, ReviewSet, TermSlug
from .import_plan import Plan, Planning, make_categories
from .proposing import propose_set
from .publishing import new_uid
from .reading_uploads import Upload
from .recording import lock_publications

# A dry run that nobody came back to.
KEPT_FOR = timedelta(days=7)
OTHERWISE = {"voice": VOICES[0], "category": ""}


class NotAsShown(Exception):
    """An import of which something is refused, or nothing is left to propose; `plan` says what."""

    def __init__(self, plan: Plan):
        why = "what is refused stands against it" if plan.refused else "nothing of it differs from what is published"
        super().__init__(f"Nothing was proposed: {why}.")
        self.plan = plan


@transaction.atomic
def keep(upload: Upload, *, name: str, by, otherwise: dict[str, str] = OTHERWISE, at=None) -> PendingImport:
    """Keep an upload for its dry run. New terms get their uids now.

    otherwise: voice and category of new terms of other tools, where their file does not say.
    """
    permissions.require(by, "import")
    at = at or timezone.now()
    upload = with_uids(upload, otherwise)
    PendingImport.objects.filter(created_at__lt=at - KEPT_FOR).delete()
    return PendingImport.objects.create(
        author=by,
        name=name.strip()[:200],
        entries=[entry._asdict() for entry in upload.entries],
        problems=upload.problems,
        remarks=upload.remarks,
        table=upload.table,
        created_at=at,
    )


def with_uids(upload: Upload, otherwise: dict[str, str] = OTHERWISE) -> Upload:
    """Terms that were named by slug alone get the uid of the term that has it here, or a new one.

    What another tool retired and nobody knows here is left out.
    """
    slugs = dict(TermSlug.objects.values_list("slug", "term__uid"))
    uids = {*slugs.values()}
    entries, left_out = [], 0
    for entry in upload.entries:
        if entry.subject == "term" and not entry.data.get("uid"):
            uid = slugs.get(str(entry.data.get("slug"))) or new_uid()
            entry = entry._replace(data=entry.data | {"uid": uid})
        if entry.is_foreign:
            entry = entry._replace(data=entry.data | {"otherwise": otherwise})
        if entry.is_foreign and entry.is_retired and entry.data["uid"] not in uids:
            left_out += 1
        else:
            entries.append(entry)
    remark = f"Left out: {left_out} that are retired where they come from, and unknown here."
    return upload._replace(entries=entries, remarks=[*upload.remarks, *([remark] if left_out else [])])


def upload_of(pending: PendingImport) -> Upload:
    entries = [Entry(**entry) for entry in pending.entries]
    problems = [Problem(*problem) for problem in pending.problems]
    return Upload(entries, problems, pending.remarks, pending.table)


def plan(upload: Upload, *, by) -> Plan:
    """What would become of each thing now; every term of the upload has a uid."""
    return Planning(upload, by=by).plan()


@transaction.atomic
def propose(upload: Upload, *, title: str, by, at=None) -> ReviewSet:
    """Propose what an upload brings as one set, merged with what was published meanwhile.

    Raises NotAsShown where something stands against it, Invalid for a title that is none; nothing is written then.
    """
    permissions.require(by, "import")
    at = at or timezone.now()
    lock_publications()
    planned = plan(upload, by=by)
    if not planned.can_be_proposed:
        raise NotAsShown(planned)
    make_categories(planned.new_categories, by=by, at=at)
    return propose_set(changes=planned.changes, title=title, by=by, at=at)


@transaction.atomic
def confirm(pending: PendingImport, *, title: str, by, at=None) -> ReviewSet:
    """Propose what a dry run showed. Raises as `propose` does, and Invalid for what was proposed already."""
    if pending.author_id != by.pk:
        raise permissions.Refused("Only who uploaded an import proposes it.")
    lock_publications()
    if not PendingImport.objects.filter(pk=pending.pk).exists():
        raise Invalid([Problem("", "This import was proposed or thrown away already, perhaps in another tab.")])
    review_set = propose(upload_of(pending), title=title, by=by, at=at)
    pending.delete()
    return review_set


@transaction.atomic
def discard(pending: PendingImport) -> None:
    pending.delete()

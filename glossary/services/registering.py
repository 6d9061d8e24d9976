"""Documents that use the dictionary: registering them, and what their owners do about them.

The text of a document passes through and is kept nowhere; what stays is which terms it uses, how often, and which
revisions it links to.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from urllib.parse import unquote

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .. import documents, permissions
from ..domain import addresses
from ..domain.pins import pins_in
from ..domain.problems import Invalid, Problem
from ..domain.prose import FORMATS
from ..models import Document, DocumentUse, Term, TermSlug
from .recording import record

SALT = "glossary.documents"


@dataclass(frozen=True)
class Description:
    """What is said of a document: where it is, what it is called, and whose it is.

    An empty text says nothing: what is known already stays, so that a nightly build need not repeat what people wrote.
    """

    address: str
    title: str = ""
    repository: str = ""
    team: str = ""
    format: str = "markdown"


@dataclass
class Use:
    """What a document does with one term, by its uid; `pins` are numbers of revisions."""

    uid: str
    count: int
    first_line: int
    pins: set[int]


def register(*, description: Description, text: str, by=None, at=None) -> tuple[Document, bool]:
    """Register a document, or see a registered one again, by its address; also whether it is new.

    Raises Invalid, or Unreadable for its text.

    Whoever registers it first becomes its owner; the site itself may (`by` nobody). A use keeps the revision that it
    rests on until the text changes: who reads an old text in a new build has not read it against a new meaning.
    """
    if by is not None:
        permissions.require(by, "register_documents")
    described = tidied(description)
    if problems := problems_of(described):
        raise Invalid(problems)
    # Before the transaction: a long text takes a while, and others want to write.
    used = uses_in(text, described.format)
    return keep(described, digest_of(described.address, text), used, by=by, at=at or timezone.now())


def tidied(description: Description) -> Description:
    address = addresses.tidied(description.address)
    said = {name: " ".join(getattr(description, name).split()) for name in ("title", "repository", "team")}
    return Description(address=address, format=description.format, **said)


def usual_title(address: str) -> str:
    """The last part of an address that says something."""
    parts = [part for part in unquote(address).split("/") if part.strip()]
    title = " ".join("".join(c if c.isprintable() else " " for c in parts[-1]).split()) if parts else ""
    return title[: Document._meta.get_field("title").max_length]


def problems_of(description: Description) -> list[Problem]:
    problems = []
    if trouble := addresses.problem_of(description.address):
        problems.append(Problem("address", trouble))
    for name in ("title", "repository", "team"):
        value, most = getattr(description, name), Document._meta.get_field(name).max_length
        if len(value) > most:
            problems.append(Problem(name, f"This has {len(value)} characters; at most {most} are kept."))
        elif not value.isprintable():
            problems.append(Problem(name, f"{value!r:.40} has control characters in it; leave them out."))
    if description.format not in FORMATS:
        problems.append(Problem("format", f"{description.format!r:.40} must be one of {', '.join(FORMATS)}."))
    return problems


def digest_of(address: str, text: str) -> str:
    return salted_hmac(f"{SALT}:{address}", text, algorithm="sha256").hexdigest()


def uses_in(text: str, format: str) -> list[Use]:
    """The terms that a document names or links to, each once."""
    found: dict[str, Use] = {}
    for hit in documents.check(text, format):
        use = found.setdefault(hit.term.uid, Use(hit.term.uid, 0, hit.line, set()))
        use.count += 1
    for uid, number, line in known_pins(text):
        found.setdefault(uid, Use(uid, 0, line, set())).pins.add(number)
    return list(found.values())


def known_pins(text: str) -> Iterator[tuple[str, int, int]]:
    """(uid, number, line) of each link to a revision that there is."""
    pins = list(pins_in(text, settings.PUBLIC_URL))
    if not pins:
        return
    slugs = dict(TermSlug.objects.values_list("slug", "term__uid"))
    newest = dict(Term.objects.exclude(current=None).values_list("uid", "current__number"))
    for pin in pins:
        uid = pin.uid or slugs.get(pin.slug, "")
        if 1 <= pin.number <= newest.get(uid, 0):
            yield uid, pin.number, pin.line


@transaction.atomic
def keep(description: Description, digest: str, used: list[Use], *, by, at) -> tuple[Document, bool]:
    said = {name: value for name, value in asdict(description).items() if value}
    before = Document.objects.select_for_update().filter(address=description.address).first()
    values = said | {"digest": digest, "last_seen_at": at}
    new = {"title": usual_title(description.address), "registered_at": at} | values
    # Of two who register one address at once, the second one sees it again.
    document, is_new = Document.objects.update_or_create(
        address=description.address, defaults=values, create_defaults=new
    )
    is_same_text = before is not None and before.digest == digest
    is_changed = save_uses(document, used, is_same_text=is_same_text) or any(
        before and getattr(before, name) != value for name, value in said.items()
    )
    if is_new and by is not None:
        document.owners.add(by)
    if is_new or is_changed:
        action = "document.registered" if is_new else "document.changed"
        record(action=action, target=target_of(document), by=by, at=at, data={"address": document.address})
    return document, is_new


def save_uses(document: Document, used: list[Use], *, is_same_text: bool) -> bool:
    """Put these uses in place of those that were kept; whether anything is different."""
    kept = {use.term_id: use for use in document.uses.all()}
    terms = {
        uid: (pk, newest)
        for uid, pk, newest in Term.objects.filter(uid__in=[use.uid for use in used]).values_list(
            "uid", "pk", "current__number"
        )
    }
    now = {}
    for use in used:
        term_id, newest = terms[use.uid]
        before = kept.get(term_id) if is_same_text else None
        rests_on = min(use.pins, default=before.rests_on if before else newest)
        now[term_id] = (use.count, use.first_line, sorted(use.pins), rests_on)
    if now == {pk: (use.count, use.first_line, use.pins, use.rests_on) for pk, use in kept.items()}:
        return False
    document.uses.all().delete()
    made = [
        DocumentUse(document=document, term_id=pk, count=count, first_line=line, pins=pins, rests_on=rests_on)
        for pk, (count, line, pins, rests_on) in now.items()
    ]
    DocumentUse.objects.bulk_create(made, batch_size=500)
    return True


@transaction.atomic
def confirm_still_right(*, document: Document, by, at=None) -> None:
    """Say that a document was read against what its terms mean now; its links to revisions stay as they are."""
    permissions.require(by, "register_documents")
    uses = document.uses.select_for_update(of=["self"]).select_related("term__current")
    moved = [use for use in uses if not use.pins and use.rests_on != use.term.current.number]
    for use in moved:
        use.rests_on = use.term.current.number
    DocumentUse.objects.bulk_update(moved, ["rests_on"], batch_size=500)
    if moved:
        record(action="document.confirmed", target=target_of(document), by=by, at=at or timezone.now())


@transaction.atomic
def set_ownership(*, document: Document, owns: bool, by, at=None) -> None:
    """Become an owner of a document, who is told when a meaning changes under it, or stop being one."""
    permissions.require(by, "register_documents")
    if document.owners.filter(pk=by.pk).exists() == owns:
        return
    (document.owners.add if owns else document.owners.remove)(by)
    action = "document.owned" if owns else "document.disowned"
    record(action=action, target=target_of(document), by=by, at=at or timezone.now())


@transaction.atomic
def remove(*, document: Document, by, at=None) -> None:
    """Forget a document. Its owners do it, and curators."""
    permissions.require(by, "remove_document", document)
    data = {"address": document.address}
    record(action="document.removed", target=target_of(document), by=by, at=at or timezone.now(), data=data)
    document.delete()


def target_of(document: Document) -> str:
    """How the audit trail names a document."""
    return f"document:{document.pk}"

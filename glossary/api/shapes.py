"""What answers hold. A reference to a term is always {uid, slug, label}, or null."""

from datetime import datetime

from ninja import Schema

from ..absolute import absolute
from ..domain.exchange import exported_term
from ..domain.vocabulary import VOICES
from ..models import Revision, Term


class Reference(Schema):
    uid: str
    slug: str
    label: str


class Voices(Schema):
    engineer: str
    manager: str


class Alias(Schema):
    text: str
    kind: str
    note: str = ""


class Link(Schema):
    term: Reference | None
    kind: str
    note: str = ""


class Source(Schema):
    title: str
    url: str


class TermAnswer(Schema):
    uid: str
    slug: str
    label: str
    voice: str
    category: str
    status: str
    replaced_by: Reference | None
    revision: int
    lines: Voices
    definitions: Voices
    html: Voices
    gap: str
    say: str
    avoid: str
    aliases: list[Alias]
    mappings: list[Link]
    relations: list[Link]
    sources: list[Source]
    scenarios: list[str]
    url: str
    permanent_url: str


class TermList(Schema):
    items: list[TermAnswer]
    next: str | None


class RevisionAnswer(Schema):
    number: int
    change: str
    note: str
    published_at: datetime
    url: str


class RevisionList(Schema):
    items: list[RevisionAnswer]
    next: str | None


def reference(term) -> dict | None:
    """A term, or what names one, as {uid, slug, label}."""
    return term and {"uid": term.uid, "slug": term.slug, "label": term.label}


def references_in(*snapshots: dict) -> dict[str, dict]:
    """The terms that snapshots name, by uid."""
    uids = {link["term"] for each in snapshots for name in ("mappings", "relations") for link in each.get(name, [])}
    rows = Term.objects.filter(uid__in=uids).values_list("uid", "slug", "label")
    return {uid: {"uid": uid, "slug": slug, "label": label} for uid, slug, label in rows}


def term_answer(term: Term, revision: Revision, known: dict[str, dict]) -> dict:
    """A term as it is now, or as one revision of it stated it. `known`: references_in its snapshot."""
    html = term.html if revision.pk == term.current_id else revision.html
    empty = {"aliases": [], "mappings": [], "relations": [], "sources": [], "scenarios": [], "say": "", "avoid": ""}
    return empty | exported_term(
        revision.snapshot,
        known.get,
        uid=term.uid,
        slug=term.slug,
        status=term.status,
        replaced_by=reference(term.replaced_by),
        revision=revision.number,
        html={voice: html[voice] for voice in VOICES},
        url=absolute("term", term.slug),
        permanent_url=absolute("permanent", term.uid),
    )


def revision_answer(revision: Revision, slug: str) -> dict:
    return {
        "number": revision.number,
        "change": revision.change,
        "note": revision.note,
        "published_at": revision.published_at,
        "url": absolute("pinned", slug, revision.number),
    }

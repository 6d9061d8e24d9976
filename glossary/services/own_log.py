"""The sample log `this-glossary`: the dictionary's own published changes, without people's names."""

from simulator.services import append_records

from ..domain.vocabulary import OWN_LOG
from ..models import Revision, Term

SLUG = OWN_LOG
MOST_RECORDS = 10_000


def append_revisions(revisions: list[Revision], before: list[dict | None]) -> None:
    """`before` holds what each of the terms said until now, None for a new one."""
    records = []
    for revision, said in zip(revisions, before, strict=True):
        slug = revision.snapshot["slug"]
        if said and said["slug"] != slug:
            time = milliseconds(revision.published_at)
            records.append({"time": time, "key": said["slug"], "type": "TermRenamed", "value": {"slug": slug}})
        records.append(revision_record(revision))
    append(records)


def append_event(term: Term, type: str, at, value: dict | None = None) -> None:
    """Something that happened to a term as a whole; one that is retired leaves no value: a tombstone."""
    append([{"time": milliseconds(at), "key": term.slug, "type": type, "value": value}])


def revision_record(revision: Revision) -> dict:
    snapshot = revision.snapshot
    return {
        "time": milliseconds(revision.published_at),
        "key": snapshot["slug"],
        "type": "TermPublished" if revision.number == 1 else "TermRevised",
        "value": {
            "revision": revision.number,
            "change": revision.change,
            "voice": snapshot["voice"],
            "category": snapshot["category"],
            "aliases": len(snapshot.get("aliases", [])),
        },
    }


def milliseconds(at) -> int:
    return int(at.timestamp() * 1000)


def append(records: list[dict]) -> None:
    append_records(
        slug=SLUG,
        title="This glossary",
        description="Every change published in this dictionary, in order: the site's own log, kept as it grows.",
        records=records,
        most=MOST_RECORDS,
    )

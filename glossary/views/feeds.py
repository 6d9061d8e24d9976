"""Atom feeds of what changed in the dictionary. Nobody's name is in them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.http import http_date

from .. import reading
from ..absolute import absolute
from ..models import AuditEntry, Revision, Term
from ..pages import reading_page

MOST = 50
# When a feed without entries was last changed.
NEVER = datetime(2026, 1, 1, tzinfo=UTC)


class Entry(NamedTuple):
    """One thing that happened; `path` is the permanent address of what it led to."""

    at: datetime
    title: str
    path: str
    category: str
    html: str
    fragment: str = ""


class Feed(Atom1Feed):
    """Atom whose time of change is that of its entries, so that the same entries are the same bytes."""

    def latest_post_date(self):
        return max((item["updateddate"] for item in self.items), default=NEVER)


@reading_page()
def changes(request):
    entries = [*map(told_revision, reading.changes(MOST)), *map(told_ending, reading.endings(MOST))]
    return feed("Changes", "feed_changes", reverse("home"), entries)


@reading_page()
def meaning(request):
    revisions = reading.changes(MOST, change="meaning")
    entries = [*map(told_revision, revisions), *map(told_ending, reading.endings(MOST))]
    return feed("Changes of meaning", "feed_meaning", reverse("home"), entries)


@reading_page(of_term=True)
def of_term(request, slug):
    term = reading.find_term(slug)
    if term is None:
        raise Http404(slug)
    if term.slug != slug:
        response = HttpResponsePermanentRedirect(reverse("feed_term", args=[term.slug]))
        response["Cache-Control"] = "no-cache"
        return response
    revisions, endings = reading.changes(MOST, term=term), reading.endings(MOST, term=term)
    entries = [*map(told_revision, revisions), *map(told_ending, endings)]
    return feed(f"Changes of {term.label}", "feed_term", reverse("permanent", args=[term.uid]), entries, term.slug)


def told_revision(revision: Revision) -> Entry:
    snapshot, number = revision.snapshot, revision.number
    happened = f"{revision.change} changed" if number > 1 else "new"
    lines = snapshot["lines"]
    said = [("Engineers: ", lines["engineer"]), ("Managers: ", lines["manager"])]
    html = format_html_join("", "<p>{}{}</p>", [("", revision.note), *said] if revision.note else said)
    return Entry(
        at=revision.published_at,
        title=f"{snapshot['label']}: {happened} (v{number})",
        path=reverse("permanent_pinned", args=[revision.term.uid, number]),
        category=revision.change,
        html=html,
    )


def told_ending(ending: tuple[AuditEntry, Term]) -> Entry:
    entry, term = ending
    happened = entry.action.removeprefix("term.")
    instead = term.replaced_by if happened != "restored" else None
    return Entry(
        at=entry.at,
        title=f"{term.label}: {happened}",
        path=reverse("permanent", args=[term.uid]),
        category=happened,
        html=format_html("<p>Say {} instead.</p>", instead.label) if instead else "",
        fragment=f"#{happened}-{int(entry.at.timestamp())}",
    )


def feed(title: str, name: str, about: str, entries: Iterable[Entry], *args) -> HttpResponse:
    """The newest of these entries; `about` is the page that the feed is about, `name` its own address."""
    address = absolute(name, *args)
    made = Feed(
        title=printable(f"{title} · {settings.GLOSSARY_TITLE}"),
        link=settings.PUBLIC_URL + about,
        description=None,
        language="en-GB",
        author_name=printable(settings.GLOSSARY_TITLE),
        feed_url=address,
        # A term's feed keeps its id when the term is renamed.
        feed_guid=f"{settings.PUBLIC_URL}{about}#feed" if args else address,
    )
    for entry in sorted(entries, key=lambda entry: entry.at, reverse=True)[:MOST]:
        made.add_item(
            title=printable(entry.title),
            link=settings.PUBLIC_URL + entry.path,
            description=printable(entry.html) or None,
            unique_id=f"{settings.PUBLIC_URL}{entry.path}{entry.fragment}",
            pubdate=entry.at,
            updateddate=entry.at,
            categories=[entry.category],
        )
    response = HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    response["Last-Modified"] = http_date(made.latest_post_date().timestamp())
    return response


def printable(text: str) -> str:
    """Without the characters that XML has no way to write."""
    return "".join(c for c in text if c.isprintable() or c in "\n\t")

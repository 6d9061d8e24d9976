"""What a scenario or sample log said before: its versions, and any two of them compared."""

from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from .. import permissions
from ..domain.diff import Piece, changed_fields, word_diff
from ..forms.scenario_page import words_of
from ..pages import reading_page
from ..services.subjects import SUBJECTS
from .state_editing import as_text, number

# Longer values are not compared word by word, which would take minutes.
LONGEST_COMPARED = 100_000
MOST_VERSIONS = 500


class Change(NamedTuple):
    """A field that differs, in words, and how."""

    words: str
    pieces: list[Piece]


# Neither is kept: they name people, who may change their name, or leave, without a publication.
@reading_page(kept=False)
def scenario_history(request, slug):
    return history(request, "scenario", permissions.access_scenario(request.user, slug, to="read"))


@reading_page(kept=False)
def scenario_diff(request, slug):
    return diff(request, "scenario", permissions.access_scenario(request.user, slug, to="read"))


@reading_page(kept=False)
def log_history(request, slug):
    return history(request, "log", permissions.access_log(request.user, slug, to="read"))


@reading_page(kept=False)
def log_diff(request, slug):
    return diff(request, "log", permissions.access_log(request.user, slug, to="read"))


def history(request, subject: str, row) -> HttpResponse:
    """Versions, the newest first."""
    versions = row.revisions.defer("snapshot").select_related("author").order_by("-number")[:MOST_VERSIONS]
    return render(request, "glossary/state_history.html", about(subject, row) | {"versions": versions})


def diff(request, subject: str, row) -> HttpResponse:
    """Any two versions: ?from=&to=, by number; the newest and the one before it unless given."""
    kind = SUBJECTS[subject]
    newest = kind.current(row.slug).number
    after = number(request.GET.get("to", "")) or newest
    before = number(request.GET.get("from", "")) or max(after - 1, 1)
    old, new = kind.at(row.slug, before), kind.at(row.slug, after)
    context = about(subject, row) | {"before": before, "after": after, "newest": newest}
    if old is None or new is None:
        return render(request, "glossary/state_diff.html", context | {"is_missing": True}, status=404)
    context["changes"] = [compared(change) for change in changed_fields(old, new)]
    return render(request, "glossary/state_diff.html", context)


def compared(change) -> Change:
    before, after = ("" if value is None else as_text(value) for value in (change.before, change.after))
    if len(before) + len(after) > LONGEST_COMPARED:
        told = f"{count(change.before)} before, {count(change.after)} after: too much to be compared here."
        return Change(words_of(change.path), [Piece("same", told)])
    return Change(words_of(change.path), word_diff(before, after))


def count(value) -> str:
    return f"{len(value or []):,} items" if isinstance(value, list | None) else f"{len(str(value)):,} characters"


def about(subject: str, row) -> dict:
    return {
        "row": row,
        "page_url": SUBJECTS[subject].address(row.slug),
        "history_url": reverse(f"{subject}_history", args=[row.slug]),
        "diff_url": reverse(f"{subject}_diff", args=[row.slug]),
        "edit_url": reverse(f"{subject}_edit", args=[row.slug]),
    }

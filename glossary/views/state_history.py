"""What a scenario or sample log said before: its versions, and any two of them compared."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from .. import permissions
from ..differences import differences
from ..pages import reading_page
from ..services.subjects import SUBJECTS
from .listing import number_of

MOST_VERSIONS = 500


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
    after = number_of(request.GET.get("to", "")) or newest
    before = number_of(request.GET.get("from", "")) or max(after - 1, 1)
    old, new = kind.at(row.slug, before), kind.at(row.slug, after)
    context = about(subject, row) | {"before": before, "after": after, "newest": newest}
    if old is None or new is None:
        return render(request, "glossary/state_diff.html", context | {"is_missing": True}, status=404)
    return render(request, "glossary/state_diff.html", context | {"fields": differences(old, new)})


def about(subject: str, row) -> dict:
    return {
        "row": row,
        "page_url": SUBJECTS[subject].address(row.slug),
        "history_url": reverse(f"{subject}_history", args=[row.slug]),
        "diff_url": reverse(f"{subject}_diff", args=[row.slug]),
        "edit_url": reverse(f"{subject}_edit", args=[row.slug]),
    }

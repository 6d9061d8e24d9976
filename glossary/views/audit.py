"""The audit trail: who did what, when, for admins."""

from datetime import date, datetime, time, timedelta

from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from ..domain.problems import Problem
from ..models import AuditEntry, Proposal, Term
from . import listing
from .doors import door

FILTERS = ("by", "action", "target", "since", "until", "q")
PAGE = 100


@require_safe
@door("see_audit")
def audit(request):
    """Entries, the newest first: ?by=<username> &action= &target=<uid or slug> &since= &until=<day> &q=<words>."""
    chosen = listing.chosen_filters(request, FILTERS)
    problems = [
        Problem(name, f"{chosen[name]!r:.40} is no day; write it as 2026-03-31.")
        for name in ("since", "until")
        if name in chosen and day(chosen[name]) is None
    ]
    entries = AuditEntry.objects.none() if problems else narrowed(chosen)
    page = listing.page_of(entries.select_related("by"), request, chosen, column="pk", size=PAGE, newest_first=True)
    context = {
        "chosen": chosen,
        "problems": problems,
        "page": page,
        "rows": told(page.rows),
        "actions": AuditEntry.objects.actions(),
    }
    return render(request, "glossary/audit_trail.html", context, status=422 if problems else 200)


def narrowed(chosen: dict[str, str]):
    entries = AuditEntry.objects.all()
    if not all(value.isprintable() for value in chosen.values()):
        return entries.none()
    if name := chosen.get("by"):
        entries = entries.by_person(name)
    if action := chosen.get("action"):
        entries = entries.filter(action=action)
    if target := chosen.get("target"):
        uid = Term.objects.filter(slugs__slug=target).values_list("uid", flat=True).first()
        entries = entries.filter(target__in=[target, *([uid] if uid else [])])
    if "since" in chosen:
        entries = entries.filter(at__gte=midnight(day(chosen["since"])))
    if "until" in chosen:
        entries = entries.filter(at__lt=midnight(day(chosen["until"]) + timedelta(days=1)))
    return entries.holding(chosen["q"]) if "q" in chosen else entries


def day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and found.year < 9999 else None


def midnight(of: date) -> datetime:
    return timezone.make_aware(datetime.combine(of, time()))


def told(entries: list[AuditEntry]) -> list[dict]:
    """Entries with the labels of the terms and proposals that they name."""
    terms = {term.uid: term for term in Term.objects.filter(uid__in={entry.target for entry in entries})}
    numbers = {entry.data.get("proposal") for entry in entries} - {None}
    proposals = Proposal.objects.filter(pk__in=numbers).only("label").in_bulk()
    return [
        {
            "entry": entry,
            "term": terms.get(entry.target),
            "proposal": proposals.get(entry.data.get("proposal")),
            "data": [
                (name.replace("_", " "), value) for name, value in entry.data.items() if value and name != "proposal"
            ],
        }
        for entry in entries
    ]

"""What a curator should look after: published terms with something amiss, the worst first."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from .models import Document, DocumentUse, Mapping, Term, TermScenario

# How much each flaw weighs, and what it is called. Readers are misled by the first, let down by the others.
FLAWS = {
    "drifted": (8, "voices drifted"),
    "overdue": (4, "review overdue"),
    "sources": (4, "no sources"),
    "mapping": (3, "no mapping"),
    "scenario": (3, "no scenario"),
    "unread": (1, "never viewed"),
    "unused": (1, "used in no document"),
}
# A term that is younger may not have been found yet.
OLD_ENOUGH_TO_BE_READ = timedelta(days=30)
# Each further month overdue weighs one more, up to this.
MOST_MONTHS = 8


@dataclass(frozen=True)
class Case:
    """A term with its flaws, by name; `days_overdue` of its review, 0 if it is not due."""

    term: Term
    flaws: list[str]
    days_overdue: int

    @property
    def weight(self) -> int:
        return sum(FLAWS[name][0] for name in self.flaws) + min(self.days_overdue // 30, MOST_MONTHS)

    @property
    def told(self) -> list[str]:
        return [FLAWS[name][1] for name in self.flaws]


def cases(*, on: date, flaw: str = "") -> list[Case]:
    """All terms that need care as of a day, the worst first; only those with this flaw, if one is named."""
    found = [case_of(term, on=on) for term in considered().alphabetical()]
    wanted = [case for case in found if case.flaws and (not flaw or flaw in case.flaws)]
    return sorted(wanted, key=lambda case: -case.weight)


def case(term: Term, *, on: date) -> Case:
    return case_of(considered().get(pk=term.pk), on=on)


def considered() -> QuerySet:
    mapped = Mapping.objects.filter(term=OuterRef("pk")) | Mapping.objects.filter(other=OuterRef("pk"))
    return (
        Term.objects.published()
        .select_related("current", "readership")
        .defer("html_engineer", "html_manager", "html_gap", "text", "current__html")
        .annotate(
            has_scenario=Exists(TermScenario.objects.filter(term=OuterRef("pk"))),
            has_mapping=Exists(mapped),
            is_used=Exists(DocumentUse.objects.filter(term=OuterRef("pk"))),
            # Where nobody registers documents, that a term is in none says nothing.
            has_documents=Exists(Document.objects.all()),
        )
    )


def case_of(term: Term, *, on: date) -> Case:
    due = term.review_due_on
    days_overdue = max(0, (on - due).days) if due else 0
    is_old = term.current.published_at.date() <= on - OLD_ENOUGH_TO_BE_READ
    flaws = {
        "drifted": term.drifted_voice,
        "overdue": days_overdue,
        "sources": not term.current.snapshot.get("sources"),
        "mapping": not term.has_mapping,
        "scenario": not term.has_scenario,
        "unread": is_old and not hasattr(term, "readership"),
        "unused": term.has_documents and not term.is_used,
    }
    return Case(term, [name for name in FLAWS if flaws[name]], days_overdue)

"""What the reading pages ask of the database, each in as few queries as it takes."""

from dataclasses import dataclass

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When

from simulator.models import Scenario

from .domain.vocabulary import VOICES
from .models import AuditEntry, Category, Mapping, Revision, Term, TermScenario, User
from .models.told_links import ToldLink, told_links

# What becomes of a term as a whole, as the audit trail names it.
ENDINGS = ("term.retired", "term.merged", "term.restored")


@dataclass(frozen=True)
class Entry:
    """A line of the dictionary: a headword and what the other voice has for it."""

    term: Term
    counterparts: list[ToldLink]


def find_term(slug: str) -> Term | None:
    """The term that has or had this slug, ready to be shown."""
    meaning_since = (
        Revision.objects.filter(term=OuterRef("pk"), change="meaning").order_by("-number").values("published_at")[:1]
    )
    return (
        Term.objects.filter(slugs__slug=slug)
        .select_related("category", "current", "replaced_by")
        .annotate(meaning_since=Subquery(meaning_since))
        .first()
    )


def scenarios_of(term: Term) -> list[TermScenario]:
    return list(term.term_scenarios.select_related("scenario__log"))


def dictionary_entries(terms: list[Term]) -> list[Entry]:
    links = told_links(*terms)
    return [
        Entry(term, [link for link in links[term.pk] if link.sort == "mapping" and not link.is_retired])
        for term in terms
    ]


def terms_by_uid(uids: list[str]) -> dict[str, Term]:
    return {term.uid: term for term in Term.objects.filter(uid__in=uids)}


def false_friends(limit: int) -> list[Mapping]:
    """Pairs of words that sound alike to the two sides and are not, each pair once."""
    mappings = (
        Mapping.objects.filter(kind="false_friend", term__status="published", other__status="published")
        .select_related("term", "other")
        .order_by("term__voice", "term__sort_key", "position")
    )
    pairs: dict[frozenset, Mapping] = {}
    for mapping in mappings:
        pairs.setdefault(frozenset((mapping.term_id, mapping.other_id)), mapping)
    return list(pairs.values())[:limit]


def latest_changes(limit: int) -> QuerySet:
    return (
        Revision.objects.filter(term__status="published")
        .select_related("term")
        .order_by("-published_at", "-id")[:limit]
    )


def changes(limit: int, *, change: str = "", term: Term | None = None) -> QuerySet:
    """The newest revisions, those of retired terms too: all, or of one sort, or of one term."""
    found = Revision.objects.filter(**({"change": change} if change else {}), **({"term": term} if term else {}))
    return found.select_related("term").order_by("-published_at", "-id")[:limit]


def endings(limit: int, *, term: Term | None = None) -> list[tuple[AuditEntry, Term]]:
    """The last times that terms were retired, merged or restored."""
    entries = AuditEntry.objects.filter(action__in=ENDINGS, **({"target": term.uid} if term else {}))[:limit]
    terms = terms_by_uid([entry.target for entry in entries])
    return [(entry, terms[entry.target]) for entry in entries if entry.target in terms]


def people_like(text: str, *, limit: int) -> QuerySet:
    """People who can be mentioned and whose username or name begins so, or else holds it."""
    named = User.objects.filter(is_active=True, username__regex=r"^[\w.+-]+$")
    begins = Q(username__istartswith=text) | Q(display_name__istartswith=text)
    likeness = Case(When(begins, then=0), default=1)
    found = named.filter(begins | Q(display_name__icontains=f" {text}")) if text else named
    return found.order_by(likeness, "username")[:limit]


def featured_scenario(slug: str) -> Scenario | None:
    """This scenario, or the first one of a dictionary that does not have it."""
    scenarios = Scenario.objects.with_logs()
    return scenarios.filter(slug=slug).first() or scenarios.first()


def scenario_slugs() -> QuerySet:
    return Scenario.objects.values_list("slug", flat=True)


def scenario_titles() -> list[tuple[str, str]]:
    return list(Scenario.objects.order_by("title").values_list("slug", "title"))


def terms_to_name() -> dict[str, list[str]]:
    """The labels of each voice's published terms, for an author to choose from."""
    terms = Term.objects.published().alphabetical()
    return {voice: list(terms.in_voice(voice).values_list("label", flat=True)) for voice in VOICES}


def published_addresses() -> QuerySet:
    """(slug, time of the last publication) of every term that has a page."""
    return Term.objects.published().order_by("slug").values_list("slug", "current__published_at")


def categories() -> list[Category]:
    return list(Category.objects.all())

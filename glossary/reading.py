"""What the reading pages ask of the database, each in as few queries as it takes."""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F, OuterRef, QuerySet, Subquery, Value

from simulator.models import Scenario

from .domain.vocabulary import INVERSE
from .models import Category, Mapping, Relation, Revision, Term, TermScenario


class Link(NamedTuple):
    """A mapping or relation as one term's page tells it."""

    sort: str
    kind: str
    note: str
    slug: str
    label: str
    voice: str
    is_retired: bool

    @property
    def kind_words(self) -> str:
        return self.kind.replace("_", " ")


@dataclass(frozen=True)
class Entry:
    """A line of the dictionary: a headword and what the other voice has for it."""

    term: Term
    counterparts: list[Link]


def find_term(slug: str) -> Term | None:
    """The term that has or had this slug, ready to be shown."""
    meaning_since = (
        Revision.objects.filter(term=OuterRef("pk"), change="meaning")
        .order_by("-number")
        .values("published_at")[:1]
    )
    return (
        Term.objects.filter(slugs__slug=slug)
        .select_related("category", "current", "replaced_by")
        .annotate(meaning_since=Subquery(meaning_since))
        .first()
    )


def links_of(*terms: Term) -> dict[int, list[Link]]:
    """Mappings and relations by the id of the term whose page they are on: stated by it, or by others about it.

    A link that both ends state is told as the term itself states it.
    """
    ids = [term.pk for term in terms]
    rows = [
        links_seen_from(model, sort, near, far).filter(**{f"{near}__in": ids})
        for model, sort in ((Mapping, "mapping"), (Relation, "relation"))
        for near, far in (("term", "other"), ("other", "term"))
    ]
    links: dict[int, dict] = defaultdict(dict)
    # Own statements sort first, so that they are the ones to stay.
    for pk, sort, kind, note, _, is_theirs, slug, label, voice, status in sorted(
        rows[0].union(*rows[1:], all=True), key=lambda row: (row[5], row[4], row[6])
    ):
        told = INVERSE[kind] if is_theirs else kind
        links[pk].setdefault((sort, slug), Link(sort, told, note, slug, label, voice, status == Term.Status.RETIRED))
    return {term.pk: list(links[term.pk].values()) for term in terms}


def links_seen_from(model, sort: str, near: str, far: str) -> QuerySet:
    return model.objects.order_by().values_list(
        F(f"{near}_id"),
        Value(sort),
        "kind",
        "note",
        "position",
        Value(int(near == "other")),
        f"{far}__slug",
        f"{far}__label",
        f"{far}__voice",
        f"{far}__status",
    )


def scenarios_of(term: Term) -> list[TermScenario]:
    return list(term.term_scenarios.select_related("scenario__log"))


def dictionary_entries(terms: list[Term]) -> list[Entry]:
    links = links_of(*terms)
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


def featured_scenario(slug: str) -> Scenario | None:
    """This scenario, or the first one of a dictionary that does not have it."""
    scenarios = Scenario.objects.with_logs()
    return scenarios.filter(slug=slug).first() or scenarios.first()


def scenario_slugs() -> QuerySet:
    return Scenario.objects.values_list("slug", flat=True)


def published_addresses() -> QuerySet:
    """(slug, time of the last publication) of every term that has a page."""
    return Term.objects.published().order_by("slug").values_list("slug", "current__published_at")


def categories() -> list[Category]:
    return list(Category.objects.all())

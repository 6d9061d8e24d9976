"""Mappings and relations as a term's own page tells them: stated by the term, or by others about it."""

from collections import defaultdict
from typing import NamedTuple

from django.db.models import F, QuerySet, Value

from ..domain.vocabulary import INVERSE
from .links import Mapping, Relation
from .terms import Term


class ToldLink(NamedTuple):
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


SORTS = {"mapping": Mapping, "relation": Relation}


def told_links(*terms: Term, sorts=tuple(SORTS)) -> dict[int, list[ToldLink]]:
    """Mappings and relations by the id of the term whose page they are on: stated by it, or by others about it.

    A link that both ends state is told as the term itself states it.
    """
    if not terms:
        return {}
    ids = [term.pk for term in terms]
    rows = [
        told_from(SORTS[sort], sort, near, far).filter(**{f"{near}__in": ids})
        for sort in sorts
        for near, far in (("term", "other"), ("other", "term"))
    ]
    links: dict[int, dict] = defaultdict(dict)
    # Own statements sort first, so that they are the ones to stay.
    for pk, sort, kind, note, _, is_theirs, slug, label, voice, status in sorted(
        rows[0].union(*rows[1:], all=True), key=lambda row: (row[5], row[4], row[6])
    ):
        told = INVERSE[kind] if is_theirs else kind
        links[pk].setdefault(
            (sort, slug), ToldLink(sort, told, note, slug, label, voice, status == Term.Status.RETIRED)
        )
    return {term.pk: list(links[term.pk].values()) for term in terms}


def told_from(model, sort: str, near: str, far: str) -> QuerySet:
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

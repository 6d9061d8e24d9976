"""Count the queries of a term's page: python -m tests.bench.queries, on a filled database. Prints JSON."""

import json
import os
from collections.abc import Iterable

from . import synthetic
from .report import Row

MOST = 4
RELATIONS = (0, 5, 200)


def rows(counted: dict[str, int]) -> list[Row]:
    """`counted`: what this module prints."""
    return [
        Row(f"queries, {what}", str(count), "–", "–", f"≤ {MOST}", count <= MOST) for what, count in counted.items()
    ]


def hubs() -> Iterable[dict]:
    """Terms of one voice; one for each number of relations, stated by the others: one term may not state so many."""
    made = synthetic.snapshots(2 * (max(RELATIONS) + len(RELATIONS)), set())
    terms = [term | {"mappings": [], "relations": []} for term in made if term["voice"] == "engineer"]
    others = terms[len(RELATIONS) :]
    for term, count in zip(terms, RELATIONS, strict=False):
        for other in others[:count]:
            other["relations"].append({"term": term["uid"], "kind": "related"})
    return terms


def count() -> dict[str, int]:
    from django.conf import settings
    from django.core.cache import caches
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from glossary.models import Term
    from glossary.services.publishing import Submission, publish_terms

    client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])

    def queries(slug: str, *, cold: bool = True) -> int:
        if cold:
            caches["pages"].clear()
        with CaptureQueriesContext(connection) as captured:
            response = client.get(f"/terms/{slug}/")
        if response.status_code != 200:
            raise SystemExit(f"/terms/{slug}/ answers {response.status_code}, so its queries say nothing.")
        return len(captured)

    dictionary = list(Term.objects.published().values_list("slug", flat=True))
    most = max(map(queries, dictionary))
    terms = list(hubs())
    synthetic.save_categories()
    publish_terms([Submission(term) for term in terms])
    found = {
        f"term with {number} relations": queries(term["slug"]) for number, term in zip(RELATIONS, terms, strict=False)
    }
    kept = queries(terms[len(RELATIONS) - 1]["slug"], cold=False)
    return {**found, "the most of the dictionary's terms": most, "a page that is kept": kept}


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "glossary.settings")
    django.setup()
    print(json.dumps(count()))


if __name__ == "__main__":
    main()

"""What is exported and imported into an empty dictionary says the same there."""

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from glossary.models import Category, Proposal, Term
from glossary.services import exporting, importing
from glossary.services.dumping import dump
from glossary.services.loading import load
from glossary.services.publishing import Submission, publish_terms
from glossary.services.reading_uploads import read_upload
from glossary.services.reviewing_sets import decide_set
from simulator.models import SampleLog, Scenario
from simulator.services import publish_log, publish_scenario
from tests.dictionaries import dictionaries
from tests.factories import CategoryFactory, UserFactory
from tests.snapshots import log_snapshot, scenario_snapshot

pytestmark = pytest.mark.django_db

few = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


class Undone(Exception):
    """Leaves a transaction, so that the next one finds an empty dictionary."""


def undone(do):
    """What something gives, and none of what it wrote."""
    try:
        with transaction.atomic():
            given = do()
            raise Undone
    except Undone:
        return given


def publish(terms: list[dict]) -> None:
    for slug in ("kafka", "sales"):
        CategoryFactory(slug=slug)
    awkward = {"time": 0, "key": None, "type": "“É”\u2028", "value": {"z": None, "a": [1.5, "\\", {}]}}
    log = log_snapshot(records=[awkward, *log_snapshot()["records"]])
    publish_log(snapshot=log, at=timezone.now(), origin="person")
    publish_scenario(snapshot=scenario_snapshot(), at=timezone.now(), origin="person")
    terms[0] |= {"scenarios": ["compaction"], "captions": {"compaction": ' A "caption". '}}
    publish_terms([Submission(term) for term in terms])


def said() -> dict:
    """Everything that is published, by what names it."""
    terms = {term.uid: term.current.snapshot for term in Term.objects.select_related("current")}
    states = [
        row.revisions.get(number=row.revision).snapshot
        for model in (SampleLog, Scenario)
        for row in model.objects.exclude(slug="this-glossary")
    ]
    return {
        "terms": terms,
        "states": {state["slug"]: state for state in states},
        "categories": set(Category.objects.values_list("slug", "label", "description")),
    }


def import_and_approve(raw: bytes) -> None:
    admin = UserFactory(admin=True)
    upload = importing.with_uids(read_upload(raw))
    plan = importing.plan(upload, by=admin)
    assert plan.refused == []
    assert plan.counts["created"] == len(plan.rows)
    review_set = importing.propose(upload, title="All of it", by=admin)
    numbers = Proposal.objects.values_list("pk", flat=True)
    decide_set(review_set=review_set, by=UserFactory(curator=True), approve=numbers)


@pytest.mark.parametrize("export", [exporting.terms_json, exporting.content_zip])
@few
@given(terms=dictionaries())
def test_an_export_says_the_same_in_an_empty_dictionary(export, terms):
    def exported():
        publish(terms)
        return b"".join(export()), said()

    def imported():
        import_and_approve(raw)
        return said(), b"".join(export())

    raw, before = undone(exported)
    after, again = undone(imported)
    assert after == before
    if export is exporting.content_zip:
        assert again == raw


@few
@given(terms=dictionaries())
def test_content_files_say_the_same_in_an_empty_dictionary(terms, tmp_path_factory):
    folder = tmp_path_factory.mktemp("content")

    def dumped():
        publish(terms)
        dump([folder])
        return said()

    def loaded():
        load([folder])
        return said()

    before = undone(dumped)
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert undone(loaded) == before
    undone(lambda: (load([folder]), dump([folder])))
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == files


@few
@given(terms=dictionaries())
def test_a_table_that_is_read_back_changes_nothing(terms):
    def read_back():
        publish(terms)
        upload = importing.with_uids(read_upload(b"".join(exporting.terms_csv())))
        return importing.plan(upload, by=UserFactory(curator=True))

    plan = undone(read_back)
    assert plan.counts == {"refused": 0, "created": 0, "changed": 0, "unchanged": len(terms)}

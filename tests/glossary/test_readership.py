"""Views are counted in memory, written now and then, and never cost a reader anything."""

import threading

import pytest
from django.db import DatabaseError, connection

from glossary import readership as module
from glossary.models import Readership
from glossary.services.counting import add_views
from tests.factories import TermFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def counting(monkeypatch):
    """A count of this test alone, whose thread writes nothing by itself."""
    from glossary import pages

    made = module.Readership()
    made.counting = True
    monkeypatch.setattr(made, "see_that_somebody_writes", lambda: None)
    monkeypatch.setattr(pages, "readership", made)
    return made


@pytest.fixture
def term():
    return TermFactory(label="compaction", slug="compaction")


def test_pages_of_terms_are_counted_kept_or_not_whoever_reads_them(client, counting, term):
    first = client.get("/terms/compaction/")
    client.get("/terms/compaction/")
    client.get("/terms/compaction/", headers={"If-None-Match": first["ETag"]})
    client.force_login(UserFactory(member=True))
    client.get("/terms/compaction/")
    assert counting.counts == {"compaction": 4}


def test_nothing_else_is_counted(client, counting, term):
    for address in ("/", "/terms/", "/terms/compaction/v/1/", "/terms/nothing/", "/map/", "/terms/compaction/discuss/"):
        client.get(address)
    client.get("/terms/compaction/", headers={"HX-Request": "true"})
    assert counting.counts == {}


def test_a_process_that_does_not_serve_counts_nothing(client, term):
    client.get("/terms/compaction/")
    assert module.readership.counts == {}


def test_counts_add_up_in_the_database(counting, term):
    for times in (3, 4):
        counting.add({"compaction": times, "gone": 1})
        counting.flush()
    row = Readership.objects.get()
    assert (row.term, row.views) == (term, 7)
    assert counting.counts == {}


def test_reading_costs_no_query_more(client, counting, term, django_assert_num_queries):
    client.get("/terms/compaction/")
    with django_assert_num_queries(1):
        client.get("/terms/compaction/")


def test_what_cannot_be_written_is_kept_for_the_next_time(counting, term, caplog):
    def refuse(execute, *args):
        raise DatabaseError("the disk is full")

    counting.add({"compaction": 2})
    with connection.execute_wrapper(refuse):
        counting.flush()
    assert "Could not write how often terms were read: the disk is full" in caplog.text
    counting.add({"compaction": 1})
    counting.flush()
    assert Readership.objects.get().views == 3


def test_memory_is_bounded(counting, monkeypatch):
    monkeypatch.setattr(module, "MOST_TERMS", 3)
    counting.add({str(number): 1 for number in range(10)})
    counting.add({"0": 1})
    assert counting.counts == {"0": 2, "1": 1, "2": 1}


def test_no_view_is_lost_between_threads(counting):
    threads = [threading.Thread(target=lambda: [counting.add({"compaction": 1}) for _ in range(500)]) for _ in range(4)]
    taken = module.Readership()
    for thread in threads:
        thread.start()
    for _ in range(50):
        taken.add(counting.take())
    for thread in threads:
        thread.join()
    taken.add(counting.take())
    assert taken.counts == {"compaction": 2000}


def test_a_terms_views_are_counted_per_term_in_few_queries(django_assert_max_num_queries):
    terms = [TermFactory() for _ in range(5)]
    with django_assert_max_num_queries(2 + 1 + len(terms) + 2):
        add_views({term.slug: number for number, term in enumerate(terms, start=1)})
    assert list(Readership.objects.order_by("views").values_list("term", "views")) == [
        (term.pk, number) for number, term in enumerate(terms, start=1)
    ]

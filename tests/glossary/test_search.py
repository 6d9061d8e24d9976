"""How words are found: whichever spelling, either voice, right or nearly right."""

import pytest

from glossary import search
from glossary.models import Term
from glossary.services.publishing import publish_term
from glossary.services.retiring import retire_term
from tests.factories import TermFactory, linked_to

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def dictionary(for_all_tests):
    for_all_tests(make_dictionary)


def make_dictionary():
    event_sourcing = TermFactory(label="event sourcing")
    TermFactory(
        label="compaction",
        aliases=[
            {"text": "log compaction", "kind": "synonym"},
            {"text": "compacted topic", "kind": "synonym"},
            {"text": "compation", "kind": "misspelling"},
            {"text": "compression", "kind": "discouraged", "note": "nothing is made smaller"},
        ],
    )
    TermFactory(label="partition", aliases=[{"text": "topic partition", "kind": "synonym"}])
    TermFactory(label="hydration", aliases=[{"text": "rehydration", "kind": "synonym"}])
    TermFactory(label="event-driven architecture", aliases=[{"text": "EDA", "kind": "abbreviation"}])
    TermFactory(label="topic", gap="Engineers think of pigeons here.")
    TermFactory(label="event")
    TermFactory(label="consumer group")
    TermFactory(label="projection")
    TermFactory(label="projection", slug="projection-manager", voice="manager")
    TermFactory(label="audit trail", voice="manager", mappings=[linked_to(event_sourcing, "close")])


def found(query, limit=50):
    return [hit.term.slug for hit in search.find(query, limit=limit).hits]


def reason(query):
    hit = search.find(query, limit=10).hits[0]
    return hit.how, hit.text


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("compaction", "compaction"),
        ("COMPACTION", "compaction"),
        ("  compaction?  ", "compaction"),
        ("ｃｏｍｐａｃｔｉｏｎ", "compaction"),
        ("comp", "compaction"),
        ("event sourcing", "event-sourcing"),
        ("event-sourcing", "event-sourcing"),
        ("event_sourcing", "event-sourcing"),
        ("eda", "event-driven-architecture"),
        ("compacted topic", "compaction"),
        ("group", "consumer-group"),
        ("comapction", "compaction"),
        ("compacton", "compaction"),
        ("ocmpaction", "compaction"),
        ("evnet sourcing", "event-sourcing"),
        ("eventsourcing", "event-sourcing"),
        ("evetn", "event"),
        ("topci", "topic"),
        ("audit trial", "audit-trail"),
        ("partitions", "partition"),
        ("partitioned", "partition"),
        ("rehydrating", "hydration"),
        ("compacting logs", "compaction"),
        ("sourcing event", "event-sourcing"),
        ("pigeon", "topic"),
        ("what is compaction", "compaction"),
        ("comapct", "compaction"),
    ],
)
def test_a_word_is_found_by(dictionary, query, first):
    assert found(query)[0] == first


@pytest.mark.parametrize(
    ("query", "how"),
    [
        ("compaction", ("label", "compaction")),
        ("compacted topic", ("synonym", "compacted topic")),
        ("compation", ("misspelling", "compation")),
        ("compression", ("discouraged", "compression")),
        ("eda", ("abbreviation", "EDA")),
        ("rehydrating", ("form", "rehydration")),
        ("comapction", ("similar", "compaction")),
        ("pigeons", ("text", "")),
    ],
)
def test_a_hit_says_why_it_matched(dictionary, query, how):
    assert reason(query) == how


def test_both_voices_own_a_word(dictionary):
    assert set(found("projection")[:2]) == {"projection", "projection-manager"}


def test_exact_labels_come_before_beginnings_before_aliases_before_similar_words_before_texts(dictionary):
    TermFactory(label="stream processing")
    TermFactory(label="flow", voice="manager", aliases=[{"text": "stream", "kind": "synonym"}])
    TermFactory(label="stream")
    TermFactory(label="river", gap="A stream is not a river.")
    assert found("stream")[:4] == ["stream", "stream-processing", "flow", "river"]


def test_a_beginning_of_a_word_finds_it_in_second_place(dictionary):
    assert found("event")[0] == "event"
    assert set(found("event")[1:3]) == {"event-sourcing", "event-driven-architecture"}


def counterparts(query):
    return {hit.term.slug: [link.label for link in hit.term.counterparts] for hit in search.find(query, limit=50).hits}


def test_a_hit_names_its_counterparts(dictionary):
    assert counterparts("audit trail")["audit-trail"] == ["event sourcing"]
    assert counterparts("event sourcing")["event-sourcing"] == ["audit trail"]


def test_counterparts_are_told_nearest_first_and_as_the_term_itself_states_them():
    kept = TermFactory(label="kept", voice="manager")
    wide = TermFactory(label="wide", voice="manager")
    false = TermFactory(label="false", voice="manager")
    words = [linked_to(wide, "broader"), linked_to(kept, "close"), linked_to(false, "false_friend")]
    log = TermFactory(label="log", mappings=words)
    # What is narrower to the one is broader to the other.
    TermFactory(label="ledger", voice="manager", mappings=[linked_to(log, "narrower")])
    TermFactory(label="journal", voice="manager", mappings=[linked_to(log, "exact")])
    assert counterparts("log")["log"] == ["journal", "kept", "wide"]
    assert counterparts("ledger")["ledger"] == counterparts("wide")["wide"] == ["log"]
    assert counterparts("false")["false"] == []


def test_what_is_shown_of_a_hit_follows_every_publication(dictionary):
    assert counterparts("event sourcing")["event-sourcing"] == ["audit trail"]
    trail = Term.objects.get(slug="audit-trail")
    publish_term(snapshot=trail.current.snapshot | {"label": "paper trail"})
    assert counterparts("event sourcing")["event-sourcing"] == ["paper trail"]
    TermFactory(
        label="history", voice="manager", mappings=[linked_to(Term.objects.get(slug="event-sourcing"), "exact")]
    )
    assert counterparts("event sourcing")["event-sourcing"] == ["history", "paper trail"]
    retire_term(term=Term.objects.get(slug="history"))
    assert counterparts("event sourcing")["event-sourcing"] == ["paper trail"]
    trail.refresh_from_db()
    publish_term(snapshot=trail.current.snapshot | {"mappings": []})
    assert counterparts("event sourcing")["event-sourcing"] == []


def test_without_a_hit_the_nearest_terms_are_offered(dictionary):
    answer = search.find("compactionizationing", limit=10)
    assert answer.hits == []
    assert answer.nearest[0].slug == "compaction"


@pytest.mark.parametrize(
    "query", ["", "   ", "\x00", "\x00\x01", "?!", "'\";--", "%", "_", "((((", "\ud800", "👩‍👩‍👧", "ʼ" * 10, "\u202e"]
)
def test_junk_is_a_question_like_any_other(dictionary, query):
    assert search.find(query, limit=10).hits == []


def test_a_question_that_is_too_long_is_cut(dictionary):
    answer = search.find("compaction " + "x" * 5000, limit=10)
    assert answer.was_cut
    assert len(answer.query) == 200
    assert not search.find("x" * 200, limit=10).was_cut


def test_what_is_published_is_found_at_once_and_what_is_retired_no_longer(dictionary):
    assert found("zebra") == []
    zebra = TermFactory(label="zebra")
    assert found("zebra") == ["zebra"]
    publish_term(snapshot=zebra.current.snapshot | {"label": "quagga", "gap": "It is striped."})
    assert found("quagga") == ["zebra"]
    assert found("striped") == ["zebra"]
    zebra.refresh_from_db()
    retire_term(term=zebra)
    assert found("quagga") == []
    assert found("striped") == []
    assert "zebra" not in [term.slug for term in search.find("quagga", limit=5).nearest]


def test_an_index_that_was_kept_current_finds_what_a_new_one_finds(dictionary):
    queries = ["compaction", "comapction", "event", "topic", "pigeons", "partitioned", "projection", "a", "group"]
    for number in range(4):
        publish_term(snapshot=TermFactory(label=f"event {number}").current.snapshot | {"gap": f"Topic {number}."})
        found("event")
    current = [found(query) for query in queries]
    search.forget()
    assert [found(query) for query in queries] == current


def test_a_search_asks_the_database_for_the_number_of_the_publication_alone(dictionary, django_assert_num_queries):
    found("compaction")
    for query in ("event", "xqzv"):
        with django_assert_num_queries(1):
            search.find(query, limit=50)
    with django_assert_num_queries(0):
        assert found("  ") == []


def test_an_index_is_built_before_the_first_search(dictionary, django_assert_num_queries):
    search.warm_up()
    with django_assert_num_queries(1):
        assert found("event")


def test_a_limit_is_kept(dictionary):
    assert len(found("e", limit=2)) == 2

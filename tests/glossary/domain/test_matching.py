import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.domain.matching import Matcher, Target, slugify, spelling_key


def target(slug):
    return Target(uid=slug, slug=slug, voice="engineer")


def matched(text, *spellings):
    matcher = Matcher()
    for spelling in spellings:
        matcher.add(spelling, target(spelling))
    return [(text[match.start : match.end], match.target.slug) for match in matcher.find(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dead-Letter Queue", "dead letter queue"),
        ("exactly–once", "exactly once"),
        ("ﬁle", "file"),
        ("  read   model ", "read model"),
        ("Straße", "STRASSE"),
    ],
)
def test_spellings_that_readers_hold_for_equal_are_equal(one, other):
    assert spelling_key(one) == spelling_key(other)


@pytest.mark.parametrize(
    ("label", "slug"), [("read-your-writes", "read-your-writes"), ("Café crème", "cafe-creme"), ("日本", "")]
)
def test_slug_keeps_only_what_an_address_can_hold(label, slug):
    assert slugify(label) == slug


def test_longest_spelling_wins():
    assert matched("a consumer group reads", "consumer", "consumer group") == [("consumer group", "consumer group")]


def test_shorter_spelling_matches_where_the_longer_breaks_off():
    assert matched("the event stood still", "event store", "event") == [("event", "event")]


def test_words_are_matched_whole():
    assert matched("eventual catalogue backlog", "event", "log") == []


@pytest.mark.parametrize(
    ("text", "spelling"),
    [("topics", "topic"), ("queries", "query"), ("Processes", "process"), ("message buses", "message bus")],
)
def test_plurals_lead_to_the_singular(text, spelling):
    assert matched(text, spelling) == [(text, spelling)]


def test_phrase_may_span_a_soft_line_break_or_a_hyphen_but_no_full_stop():
    assert matched("dead\nletter-queue", "dead letter queue") == [("dead\nletter-queue", "dead letter queue")]
    assert matched("dead. Letter queue", "dead letter queue") == []


def test_short_abbreviations_match_in_capitals_only():
    assert matched("dlq, DLQ and DLQs", "DLQ") == [("DLQ", "DLQ"), ("DLQs", "DLQ")]


def test_first_target_keeps_a_spelling():
    matcher = Matcher()
    matcher.add("projection", target("first"))
    matcher.add("projection", target("second"))
    assert [match.target.slug for match in matcher.find("projection")] == ["first"]


@given(st.text(), st.lists(st.text(min_size=1, max_size=12), max_size=8))
def test_matches_never_overlap_and_lie_within_the_text(text, spellings):
    matcher = Matcher()
    for spelling in spellings:
        matcher.add(spelling, target(spelling))
    end = 0
    for match in matcher.find(text):
        assert end <= match.start < match.end <= len(text)
        end = match.end


@given(st.text(alphabet="abc -", min_size=1, max_size=20), st.text(alphabet=" .,", max_size=3))
def test_a_spelling_is_found_in_running_text(spelling, around):
    if not spelling_key(spelling) or spelling.strip(" -") != spelling:
        return
    matcher = Matcher()
    matcher.add(spelling, target("it"))
    found = [match.target.slug for match in matcher.find(f"{around} {spelling} {around}")]
    assert found == ["it"]


def test_a_longer_spelling_that_breaks_off_takes_nothing_from_the_shorter():
    assert matched("two offset records, one offset recording", "offset", "offset record") == [
        ("offset records", "offset record"),
        ("offset", "offset"),
    ]


def test_a_word_within_a_match_begins_no_other():
    assert matched("a commit log log", "commit log", "log") == [("commit log", "commit log"), ("log", "log")]


def test_a_long_run_of_blanks_joins_nothing_and_ends():
    assert matched("event" + " " * 100_000 + ". store", "event store", "event") == [("event", "event")]

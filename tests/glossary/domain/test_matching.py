import re
import sys
from itertools import pairwise
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.domain import matching
from glossary.domain.matching import (
    GAP,
    WORD,
    Matcher,
    Target,
    in_small_letters,
    plurals,
    singulars,
    slugify,
    spelling_key,
)


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


def tried_one_by_one(text: str, spellings: list[str]) -> list[tuple[int, int, str]]:
    """What the matcher has to find, by trying every run of words from every word on, the longest run first."""
    meant = {}
    for spelling in spellings:
        meant.setdefault(spelling_key(spelling), spelling)
    words, found, done = [word.span() for word in WORD.finditer(text)], [], 0
    for first, (start, _) in enumerate(words):
        runs = [(end, words[first : last + 1]) for last, (_, end) in enumerate(words[first:], first)]
        for end, run in reversed(runs if start >= done else []):
            spelling = meaning(text, run, meant)
            if spelling is not None:
                found.append((start, end, spelling))
                done = end
                break
    return found


def meaning(text: str, run: list[tuple[int, int]], meant: dict[str, str]) -> str | None:
    if not all(re.fullmatch(GAP, text[end:start]) for (_, end), (start, _) in pairwise(run)):
        return None
    *keys, last = [spelling_key(text[start:end]) for start, end in run]
    for form in singulars(last):
        spelling = meant.get(" ".join([*keys, form]))
        in_capitals = text[run[0][0] : run[-1][1]].rstrip("s").isupper()
        if spelling is not None and (in_capitals or not matching.only_in_capitals(spelling)):
            return spelling
    return None


# Words that share beginnings, with signs in them and behind them, and characters that have other forms.
WORDS = (
    "a as at at.least b.c bus buses c++ query queries Queries EDA EDAs edas eda ed event events Event eventual "
    "eventually eventuality log logs \ufb01le file \u00e9 caf\u00e9 STRASSE stra\u00dfe \u212aafka kafka "
    "\u0130n \uff4cog bu\u017f \u00e9.log log.\u00e9 _log"
)
JOINTS = [
    " ",
    " ",
    " ",
    "-",
    "\n",
    " \n ",
    "  ",
    "/",
    ". ",
    ".",
    "#",
    "+.",
    "_",
    "\u2011",
    "\u00a0",
    "\0",
    "\u2026",
    "",
]
pieces, joints = st.sampled_from(WORDS.split()), st.sampled_from(JOINTS)
running = st.lists(st.tuples(pieces, joints), max_size=12).map(lambda parts: "".join(map("".join, parts)))
phrases = st.lists(st.lists(pieces, min_size=1, max_size=3).map(" ".join), max_size=8)


@pytest.mark.parametrize("worth", [0, sys.maxsize], ids=["long", "short"])
@given(text=running | st.text(), spellings=phrases)
def test_finds_in_short_and_long_texts_what_trying_every_run_of_words_finds(worth, text, spellings):
    matcher = Matcher()
    for spelling in spellings:
        matcher.add(spelling, spelling)
    with patch.object(matching, "WORTH_COMPILING", worth):
        assert list(map(tuple, matcher.find(text))) == tried_one_by_one(text, spellings)


def test_a_long_text_of_words_that_begin_no_spelling_is_read_once():
    matcher = Matcher()
    matcher.add("event store", "it")
    text = "no word of it, e.g. an event of ours; " * 20_000
    assert list(matcher.find(text)) == []
    assert [match[:2] for match in matcher.find(f"{text}event store")] == [(len(text), len(text) + 11)]


@given(st.text(alphabet="aeiosy", min_size=1))
def test_a_word_is_among_the_plurals_of_each_of_its_singulars(word):
    assert all(word in plurals(singular) for singular in singulars(word))


def test_small_letters_stay_in_their_places():
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    small = in_small_letters(every)
    assert len(small) == len(every)
    assert [bool(WORD.match(letter)) for letter in every] == [bool(WORD.match(letter)) for letter in small]

"""Which terms a document uses, where, and what is said about each place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from glossary import documents
from glossary.documents import Named, Owner, Words
from glossary.domain.matching import spelling_key
from glossary.domain.prose import FORMATS
from glossary.services import access_tokens
from tests.factories import TermFactory, UserFactory

pytestmark = pytest.mark.django_db


SIGNS = (
    st.sampled_from([*"ab \n\t`~#*_[](){}<>!-=.:/+|\"'“’s", "\r\n", "\0", "é", "ß", "ﬁ", "🦊", "a b", "log"])
    | st.characters()
)
TEXTS = st.lists(SIGNS).map("".join)


@given(TEXTS, st.lists(TEXTS, max_size=6), st.sampled_from(sorted(FORMATS)))
def test_whatever_the_words_are_hits_come_in_order_and_stand_where_they_say(text, spellings, format):
    words = Words()
    for spelling in ["log", "a b", *spellings]:
        owner = Owner(Named(spelling, spelling, spelling, "engineer", 1), "label", "")
        words.owners.setdefault(spelling_key(spelling), []).append(owner)
        words.matcher.add(spelling, spelling_key(spelling))
    after = 0
    for hit in words.hits(text, format):
        assert after <= hit.start < hit.end <= len(text)
        assert text[hit.start : hit.end] == hit.matched
        assert (hit.line, hit.column) == place(text, hit.start)
        assert (hit.end_line, hit.end_column - 1) == place(text, hit.end - 1)
        assert hit.term.label in ["log", "a b", *spellings]
        after = hit.end


def place(text: str, at: int) -> tuple[int, int]:
    return text[:at].count("\n") + 1, at - text.rfind("\n", 0, at)


def said(text: str, format: str = "markdown") -> list[tuple]:
    return [(hit.matched, hit.level) for hit in documents.check(text, format)]


@pytest.fixture
def words():
    log = TermFactory(label="log", aliases=[{"text": "commit log", "kind": "synonym"}])
    TermFactory(label="dead letter queue", aliases=[{"text": "DLQ", "kind": "abbreviation"}])
    TermFactory(
        label="compaction",
        aliases=[
            {"text": "comapction", "kind": "misspelling"},
            {"text": "log compression", "kind": "discouraged", "note": "it removes records"},
        ],
    )
    TermFactory(label="projection")
    TermFactory(label="projection", voice="manager", slug="projection-manager")
    TermFactory(label="ledger", retired=True, replaced_by=log)


def test_places_are_told_in_lines_and_columns_of_code_points(words):
    [first, second] = documents.check("Über 🦊 the log:\na dead letter\nqueue.", "text")
    assert (first.line, first.column, first.end_line, first.end_column) == (1, 12, 1, 15)
    assert (second.line, second.column, second.end_line, second.end_column) == (2, 3, 3, 6)
    assert second.matched == "dead letter\nqueue"


def test_the_longest_spelling_wins_and_plurals_are_known(words):
    assert said("Two commit logs, dead-letter queues, no logging.") == [
        ("commit logs", "info"),
        ("dead-letter queues", "info"),
    ]


def test_an_abbreviation_counts_in_capitals_only(words):
    assert said("A DLQ, two DLQs, no dlq.") == [("DLQ", "info"), ("DLQs", "info")]


def test_a_level_says_what_is_amiss(words):
    hits = {hit.matched: hit for hit in documents.check("comapction log compression projection ledger log", "text")}
    assert hits["log"].level == "info"
    assert hits["comapction"].message == "“comapction” is a misspelling of “compaction”."
    assert hits["log compression"].message == "“log compression” is discouraged; say “compaction”. It removes records"
    assert hits["projection"].level == "warning"
    assert "may mean" in hits["projection"].message
    assert (hits["ledger"].level, hits["ledger"].message) == ("error", "“ledger” is retired. Say “log”.")


def test_a_new_word_is_known_as_soon_as_it_is_published(words):
    assert said("a tombstone") == []
    TermFactory(label="tombstone")
    assert said("a tombstone") == [("tombstone", "info")]


@pytest.mark.parametrize("person", ["anonymous", "member"])
def test_a_document_is_checked_over_the_api_without_a_form_s_token(words, client, person):
    client.handler.enforce_csrf_checks = True
    if person == "member":
        client.force_login(UserFactory(member=True))
    response = client.post("/api/v1/check", {"text": "# The log"}, content_type="application/json")
    assert response.status_code == 200
    [hit] = response.json()["hits"]
    assert (hit["line"], hit["column"], hit["end_column"], hit["level"]) == (1, 7, 10, "info")
    assert set(hit["term"]) == {"uid", "slug", "label"}
    assert response["Access-Control-Allow-Origin"] == "*"


def test_on_a_private_site_a_token_is_enough_to_check(words, client, settings):
    settings.PRIVATE = True
    _, secret = access_tokens.make_token(label="docs", by=UserFactory(member=True))
    given_headers = {"authorization": f"Bearer {secret}"}
    sent = {"content_type": "application/json", "data": {"text": "the log"}}
    assert client.post("/api/v1/check", **sent).status_code == 401
    assert len(client.post("/api/v1/check", headers=given_headers, **sent).json()["hits"]) == 1


def test_a_million_uses_are_answered_in_part(words, client, monkeypatch):
    monkeypatch.setattr("glossary.api.checking.MOST_HITS", 3)
    answer = client.post("/api/v1/check", {"text": "log " * 5}, content_type="application/json").json()
    assert (len(answer["hits"]), answer["is_cut"]) == (3, True)


class AnyDocument(TestCase):
    @classmethod
    def setUpTestData(cls):
        TermFactory(label="log", aliases=[{"text": "commit log", "kind": "synonym"}])

    @given(
        st.lists(
            st.sampled_from(
                ["log", "commit", "logs", "\n", " ", "`", "```", "# ", "[", "](x)", "<!--", "-->", "é", "::"]
            )
            | st.text(st.characters(exclude_characters="\0"), max_size=4)
        ),
        st.sampled_from(sorted(FORMATS)),
    )
    def test_every_hit_stands_where_it_says(self, parts, format):
        text = "".join(parts)
        lines = text.split("\n")
        for hit in documents.check(text, format):
            assert text[hit.start : hit.end] == hit.matched
            assert hit.start == sum(len(line) + 1 for line in lines[: hit.line - 1]) + hit.column - 1
            assert hit.end == sum(len(line) + 1 for line in lines[: hit.end_line - 1]) + hit.end_column - 1

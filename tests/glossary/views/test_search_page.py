"""The search page and its type-ahead, at one address."""

import re

import pytest

from tests.factories import TermFactory, linked_to

HTMX = {"HX-Request": "true"}


@pytest.fixture
def terms():
    compaction = TermFactory(
        label="compaction",
        aliases=[
            {"text": "compacted topic", "kind": "synonym"},
            {"text": "compation", "kind": "misspelling"},
            {"text": "compression", "kind": "discouraged", "note": "nothing is made smaller"},
        ],
    )
    TermFactory(label="clean-up", voice="manager", mappings=[linked_to(compaction, "close")])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("compacted topic", "also called compacted topic · managers say clean-up"),
        ("compation", "often misspelt compation"),
        ("compression", "better not called compression : nothing is made smaller"),
        ("clean-up", "a manager’s word for compaction"),
        ("compactions", "another form of compaction"),
        ("comapction", "spelt like compaction"),
    ],
)
def test_the_page_says_why_a_term_was_found(client, terms, words, query, said):
    assert said in words(client.get("/search/", {"q": query}))


def test_a_search_never_redirects(client, terms):
    response = client.get("/search/?q=compaction")
    assert response.status_code == 200
    assert '<h2><a href="/terms/compaction/">compaction</a></h2>' in response.content.decode()


def test_the_question_stands_in_the_box_again(client, terms):
    assert 'value="a &quot;b&quot; &lt;c&gt;"' in client.get("/search/", {"q": 'a "b" <c>'}).content.decode()


def test_a_question_that_is_too_long_is_cut_and_the_page_says_so(client, terms, words):
    assert "Only the first 200 were searched for." in words(client.get("/search/", {"q": "compaction " * 100}))
    assert "Only the first 200" not in words(client.get("/search/", {"q": "x" * 200}))


def test_without_a_hit_the_nearest_terms_are_offered(client, terms, words):
    text = words(client.get("/search/", {"q": "compactionizationing"}))
    assert "No term is spelt like this" in text
    assert "Nearest terms compaction engineer" in text


@pytest.mark.parametrize("query", ["q=%00", "q=%ff%fe", "q=&q=&q=", "", "q[]=1", "q=%F0%9F%90%98"])
def test_junk_is_answered_calmly(client, terms, query):
    for headers in ({}, HTMX):
        assert client.get(f"/search/?{query}", headers=headers).status_code == 200


def test_type_ahead_gets_options_of_a_listbox(client, terms):
    page = client.get("/search/?q=comp", headers=HTMX).content.decode()
    assert "<html" not in page
    assert 'role="listbox"' in page
    options = re.findall(r'<a id="([\w-]+)" role="option"[^>]*href="([^"]+)"', page)
    assert options == [("search-option-compaction", "/terms/compaction/"), ("search-all", "/search/?q=comp")]


def test_type_ahead_offers_the_nearest_terms_where_nothing_is_found(client, terms, words):
    response = client.get("/search/?q=compactionizationing", headers=HTMX)
    assert 'id="search-option-compaction"' in response.content.decode()
    text = words(response)
    assert "compaction engineer nearest to what you typed" in text
    assert "No term is spelt “compactionizationing” 0 terms found" in text


def test_type_ahead_of_nothing_is_empty(client, terms):
    assert client.get("/search/?q=", headers=HTMX).content.strip() == b""


def test_each_search_page_is_kept_out_of_search_engines(client, terms):
    assert '<meta name="robots" content="noindex">' in client.get("/search/?q=x").content.decode()

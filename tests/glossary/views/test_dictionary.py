"""The dictionary, the first page and the map."""

import re

import pytest

from tests.factories import CategoryFactory, ScenarioFactory, TermFactory, linked_to


@pytest.fixture
def terms():
    compaction = TermFactory(label="compaction")
    offset = TermFactory(label="offset", category="cqrs")
    TermFactory(
        label="archive",
        voice="manager",
        category="operations",
        mappings=[
            linked_to(compaction, "false_friend", "archives keep; compaction forgets"),
            linked_to(offset, "related"),
        ],
    )
    TermFactory(label="compact state", retired=True)


def headwords(response) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]*>(.*?)</a>', response.content.decode())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["archive", "compaction", "offset"]),
        ("?voice=engineer", ["compaction", "offset"]),
        ("?voice=manager", ["archive"]),
        ("?category=kafka", ["compaction"]),
        ("?letter=O", ["offset"]),
        ("?letter=o", ["offset"]),
        ("?voice=engineer&category=cqrs&letter=O", ["offset"]),
        ("?voice=&category=&letter=", ["archive", "compaction", "offset"]),
        ("?page=3&utm=1", ["archive", "compaction", "offset"]),
    ],
)
def test_filters_narrow(client, terms, query, found):
    assert headwords(client.get(f"/terms/{query}")) == found


@pytest.mark.parametrize(
    "query",
    [
        "voice=ENGINEER",
        "voice=nobody",
        "category=none",
        "category=%00",
        "letter=Q",
        "letter=%00",
        "letter=ABC",
        "letter=%ff",
        "voice=engineer&voice=nobody",
        "category=" + "x" * 5000,
    ],
)
def test_a_value_that_does_not_exist_narrows_to_nothing(client, terms, query, words):
    response = client.get(f"/terms/?{query}")
    assert response.status_code == 200
    assert headwords(response) == []
    assert "No term is under these filters." in words(response)


def test_a_row_leads_from_headword_to_counterparts(client, terms, words):
    assert "archive false friend compaction , related offset" in words(client.get("/terms/?voice=manager"))
    assert "compaction false friend archive" in words(client.get("/terms/?voice=engineer"))


def test_filters_are_links_that_keep_the_other_filters(client, terms):
    page = client.get("/terms/?voice=engineer&letter=C").content.decode()
    assert 'href="/terms/?voice=manager&amp;letter=C"' in page
    assert 'href="/terms/?voice=engineer&amp;letter=C&amp;category=cqrs"' in page
    assert 'href="/terms/?voice=engineer" ' not in page
    assert 'href="/terms/?voice=engineer&amp;letter=O"' in page
    assert 'href="/terms/?voice=engineer&amp;letter=Z"' not in page
    assert page.count('aria-current="true"') == 3


def test_a_dictionary_too_long_for_a_page_is_cut_and_says_so(client, terms, words, monkeypatch):
    monkeypatch.setattr("glossary.views.dictionary.MOST_ENTRIES", 2)
    response = client.get("/terms/")
    assert headwords(response) == ["archive", "compaction"]
    assert "Only the first 2 terms are shown" in words(response)


def test_the_number_of_queries_does_not_grow_with_the_dictionary(client, django_assert_max_num_queries):
    first = TermFactory()
    for _ in range(20):
        TermFactory(relations=[linked_to(first, "related")])
    with django_assert_max_num_queries(6):
        client.get("/terms/")
    with django_assert_max_num_queries(8):
        client.get("/")
    with django_assert_max_num_queries(5):
        client.get("/map/")


def test_an_empty_dictionary_says_what_to_do(client, words):
    assert "Nothing is published yet. Load the dictionary" in words(client.get("/"))
    assert "No term is under these filters." in words(client.get("/terms/"))
    assert "No term is published yet." in words(client.get("/map/"))


def test_the_first_page_tells_where_people_differ_and_what_changed(client, terms, words):
    ScenarioFactory(slug="play", title="Nothing is rubbed out")
    text = words(client.get("/"))
    assert "archive is not compaction archives keep; compaction forgets" in text
    assert re.search(r"What changed lately archive new · 2 March 2026", text)
    assert "compact state" not in text
    assert "2 words of engineers, told to managers" in text
    assert "Nothing is rubbed out" in text


def test_the_map_draws_every_term_as_a_link_and_tells_the_same_as_a_list(client, terms):
    page = client.get("/map/").content.decode()
    drawing, listing = page.split("</svg>")
    for slug in ("compaction", "offset", "archive"):
        assert f'<a href="/terms/{slug}/" data-node="{slug}">' in drawing
        assert f'href="/terms/{slug}/"' in listing
    assert drawing.count("<path") == 2
    assert 'class="false-friend" data-a="archive" data-b="compaction"' in drawing
    assert "compact-state" not in page
    assert page == client.get("/map/").content.decode()


def test_the_map_orders_clusters_of_one_voice_in_their_columns(client, terms):
    CategoryFactory(slug="empty")
    drawing = client.get("/map/").content.decode().split("</svg>")[0]
    assert re.findall(r'class="cluster column-(\d) (\w+)"', drawing) == [
        ("0", "engineer"),
        ("1", "manager"),
        ("2", "engineer"),
    ]

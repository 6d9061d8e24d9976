import pytest

from glossary.domain.advice import advise, lengths
from tests.snapshots import term_snapshot

GOOD = {
    "sources": [{"title": "t", "url": "https://example.org/"}],
    "mappings": [{"term": "bcdfghjk", "kind": "close"}],
    "scenarios": ["compaction"],
}


def advice(texts, **changes):
    return advise(term_snapshot("topic", **GOOD, **changes), texts)


def test_words_of_definitions_and_characters_of_lines_are_counted():
    counted = lengths({"gap": "word " * 29, "lines/engineer": "x" * 140, "definitions/manager": "word " * 121})
    assert {path: (length.count, length.is_off) for path, length in counted.items()} == {
        "gap": (29, True),
        "lines/engineer": (140, False),
        "definitions/manager": (121, True),
    }
    assert str(counted["gap"]) == "29 words (30–80)"


def test_a_sentence_of_26_words_is_named_by_its_beginning():
    [said] = advice({"gap": "Short. " + "Long " + "word " * 24 + "end. Short."})
    assert said.path == "gap"
    assert "“Long word word word word word …” has 26 words" in said.message


def test_a_list_is_not_one_long_sentence():
    assert advice({"gap": "\n".join(["an entry of a list"] * 10)}) == []


@pytest.mark.parametrize(
    ("line", "is_circular"),
    [
        ("A named log that the topic's readers share.", True),
        ("A named log; many topics have several.", True),
        ("A topic is a named log.", False),
        ("A named log.", False),
    ],
)
def test_a_term_that_is_explained_with_itself_is_told(line, is_circular):
    said = advice({"lines/engineer": line}, aliases=[{"text": "topics", "kind": "inflection"}])
    assert bool(said) == is_circular


def test_later_sentences_of_a_definition_may_use_its_word():
    assert advice({"definitions/manager": "A named log. Ask who owns the topic."}) == []


def test_what_readers_would_miss_is_told():
    assert [said.path for said in advise(term_snapshot(), {})] == ["sources", "mappings", "scenarios"]

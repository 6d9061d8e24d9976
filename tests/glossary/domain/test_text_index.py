from glossary.domain.text_index import TextIndex


def index(*texts: str) -> TextIndex:
    found = TextIndex()
    for number, text in enumerate(texts):
        found.add(number, text, [])
    return found


def numbers(found: TextIndex, query: str, limit: int = 10) -> list[int]:
    return [number for number, _ in found.search(query, limit=limit)]


def test_every_word_of_a_query_must_be_there_in_some_form():
    found = index("readers keep an offset", "a reader waits", "offsets rise")
    assert numbers(found, "reading offset") == []
    assert numbers(found, "reader offset") == [0]
    assert set(numbers(found, "readers")) == {0, 1}


def test_a_text_that_uses_a_word_more_often_comes_first():
    assert numbers(index("a log of other things altogether", "log by log by log"), "log") == [1, 0]


def test_a_word_of_the_spelling_weighs_more_than_one_of_the_text():
    found = index("a partition of a topic, and a partition again")
    found.add(7, "a lane", ["partition"])
    assert numbers(found, "partition") == [7, 0]


def test_texts_can_be_taken_out_and_put_in_in_any_order():
    found = index("one log", "two logs", "three logs")
    found.remove([1, 99])
    assert set(numbers(found, "log")) == {0, 2}
    found.add(1, "another log", [])
    assert set(numbers(found, "log")) == {0, 1, 2}
    assert numbers(found, "two") == []
    found.remove([0, 1, 2])
    assert numbers(found, "log") == []


def test_a_word_of_all_texts_still_gives_the_best_ones():
    texts = ["event"] * 500
    texts[300] = "event event event event"
    assert numbers(index(*texts), "event", limit=3)[0] == 300
    assert len(numbers(index(*texts), "event", limit=3)) == 3

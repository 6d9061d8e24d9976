from hypothesis import given
from hypothesis import strategies as st

from glossary.domain.spelling_index import COMMON, SpellingIndex, grams, typing_errors

WORDS = st.text("abc d", min_size=1, max_size=9)


def errors_by_table(left: str, right: str) -> int:
    """Optimal string alignment as the textbook has it."""
    table = {(i, 0): i for i in range(len(left) + 1)} | {(0, j): j for j in range(len(right) + 1)}
    for i, a in enumerate(left, start=1):
        for j, b in enumerate(right, start=1):
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(left), len(right)]


@given(WORDS, WORDS | st.just(""))
def test_typing_errors_are_counted_to_a_word_or_to_its_beginning(key, other):
    nearest = min(errors_by_table(key, other), errors_by_table(key, other[: len(key)]))
    assert typing_errors(key, other) == nearest


def index(*words: str) -> SpellingIndex:
    found = SpellingIndex()
    for number, word in enumerate(words):
        found.add(number, [(word, word, "label", "")])
    return found


def numbers(matches) -> list[int]:
    return [number for number, *_ in matches]


def test_two_things_may_own_one_spelling_until_one_of_them_goes():
    found = index("projection", "projection")
    assert numbers(found.exact("projection")) == [0, 1]
    found.remove([0])
    assert numbers(found.exact("projection")) == [1]
    found.remove([1])
    assert numbers(found.exact("projection")) == numbers(found.beginning("pro")) == found.nearest("projection", 5) == []


def test_what_is_removed_and_added_again_is_found_once():
    found = index("compaction")
    found.remove([0])
    found.add(0, [("compaction", "compaction", "label", "")])
    assert numbers(found.similar("comapction")) == [0]
    assert numbers(found.beginning("comp")) == [0]


def test_short_words_are_never_guessed():
    assert index("log").similar("lag") == []


def test_grams_of_a_word_tell_its_beginning_and_its_end():
    assert grams("log") == {"  l", " lo", "log", "og "}


def test_what_common_grams_lead_to_is_found_as_soon_as_it_is_added():
    found = index(*(f"event {number}" for number in range(COMMON + 1)))
    assert numbers(found.similar("evnet of mine")) == []
    found.add(9000, [("event of mine", "event of mine", "label", "")])
    assert numbers(found.similar("evnet of mine")) == [9000]
    assert found.nearest("event of mine", 1) == [9000]

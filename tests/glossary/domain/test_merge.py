import copy

from hypothesis import given
from hypothesis import strategies as st

from glossary.domain.merge import SENTENCE, merge, merge_prose

BASE = {
    "slug": "compaction",
    "say": "Say it.",
    "gap": "First. Second. Third.",
    "definitions": {"engineer": "One.\n\nTwo.", "manager": "Eins. Zwei."},
    "aliases": [{"text": "tidying", "kind": "synonym"}, {"text": "log compaction", "kind": "synonym"}],
    "scenarios": ["a", "b"],
}


def merged(mine: dict, theirs: dict, base: dict = BASE):
    return merge(base=base, mine=base | mine, theirs=base | theirs)


def test_fields_that_one_side_touched_merge_by_themselves():
    result = merged({"say": "Say this."}, {"gap": "Another."})
    assert result.conflicts == []
    assert (result.snapshot["say"], result.snapshot["gap"]) == ("Say this.", "Another.")


def test_the_two_voices_of_one_field_merge_apart():
    mine = {"definitions": BASE["definitions"] | {"engineer": "Uno."}}
    theirs = {"definitions": BASE["definitions"] | {"manager": "Drei."}}
    assert merged(mine, theirs).snapshot["definitions"] == {"engineer": "Uno.", "manager": "Drei."}


def test_different_sentences_of_one_text_merge():
    result = merged({"gap": "First, mine. Second. Third."}, {"gap": "First. Second. Third, theirs."})
    assert result.conflicts == []
    assert result.snapshot["gap"] == "First, mine. Second. Third, theirs."


def test_the_same_sentence_changed_twice_is_a_conflict_that_keeps_all_three_texts():
    result = merged({"gap": "First, mine. Second. Third."}, {"gap": "First, theirs. Second. Third."})
    [conflict] = result.conflicts
    assert conflict == ("gap", BASE["gap"], "First, mine. Second. Third.", "First, theirs. Second. Third.")
    assert result.snapshot["gap"] == "First, mine. Second. Third."


def test_a_short_text_is_one_thing_and_never_mixed():
    result = merged({"say": "Say this."}, {"say": "Say that."})
    assert [conflict.path for conflict in result.conflicts] == ["say"]


def test_the_same_change_on_both_sides_is_none_to_decide():
    result = merged({"say": "Same."}, {"say": "Same."})
    assert result == ({**BASE, "say": "Same."}, [])


def test_items_of_lists_merge_item_by_item():
    mine = [*BASE["aliases"], {"text": "mine", "kind": "synonym"}]
    theirs = [BASE["aliases"][0] | {"note": "often"}, {"text": "theirs", "kind": "abbreviation"}]
    result = merged({"aliases": mine}, {"aliases": theirs})
    assert result.conflicts == []
    assert result.snapshot["aliases"] == [
        {"text": "tidying", "kind": "synonym", "note": "often"},
        {"text": "mine", "kind": "synonym"},
        {"text": "theirs", "kind": "abbreviation"},
    ]


def test_removing_what_the_other_side_changed_is_a_conflict():
    theirs = [BASE["aliases"][0] | {"kind": "misspelling"}, BASE["aliases"][1]]
    [conflict] = merged({"aliases": BASE["aliases"][1:]}, {"aliases": theirs}).conflicts
    assert (conflict.path, conflict.mine) == ("aliases/tidying", None)


def test_names_in_a_plain_list_are_added_and_removed_from_both_sides():
    assert merged({"scenarios": ["a", "b", "c"]}, {"scenarios": ["b", "d"]}).snapshot["scenarios"] == ["b", "c", "d"]


def test_a_list_that_one_side_left_out_is_gone_and_one_that_it_began_is_there():
    without = {name: value for name, value in BASE.items() if name != "scenarios"}
    result = merge(base=BASE, mine=without, theirs=BASE | {"sources": [{"title": "t", "url": "u"}]})
    assert result.conflicts == []
    assert "scenarios" not in result.snapshot
    assert result.snapshot["sources"] == [{"title": "t", "url": "u"}]


def test_records_of_a_log_merge_by_place_and_may_repeat():
    first, second, third = ({"time": n, "key": "k", "type": "T", "value": n} for n in (1, 2, 3))
    base = {"records": [first, second, second, third]}
    mine = {"records": [first | {"value": "mine"}, second, second, third]}
    theirs = {"records": [first, second, second, third, third]}
    assert merge(base=base, mine=mine, theirs=theirs).snapshot["records"] == [
        first | {"value": "mine"}, second, second, third, third,
    ]  # fmt: skip


def test_the_inputs_stay_as_they_are():
    base, mine, theirs = copy.deepcopy(BASE), BASE | {"say": "1"}, BASE | {"say": "2"}
    merge(base=base, mine=mine, theirs=theirs)
    assert base == BASE


@given(st.text())
def test_sentences_joined_are_the_text(text):
    assert "".join(SENTENCE.findall(text)) == text


words = st.lists(st.sampled_from(["One. ", "Two! ", "Three\n\n", "Four; ", "Five? "]), max_size=8).map("".join)
values = st.dictionaries(
    st.sampled_from(["gap", "say", "lines", "aliases", "scenarios"]),
    st.one_of(
        words,
        st.fixed_dictionaries({"engineer": words, "manager": words}),
        st.lists(st.sampled_from("abcd"), unique=True),
        st.lists(
            st.fixed_dictionaries({"text": st.sampled_from("abc"), "kind": words}), unique_by=lambda item: item["text"]
        ),
    ),
)


@given(values, values)
def test_what_only_one_side_changed_is_taken_whole_from_either_side(base, changed):
    assert merge(base=base, mine=changed, theirs=base) == (changed, [])
    assert merge(base=base, mine=base, theirs=changed) == (changed, [])


@given(values, values, values)
def test_both_sides_find_the_same_places_to_decide(base, one, two):
    there, back = merge(base=base, mine=one, theirs=two), merge(base=base, mine=two, theirs=one)
    assert {c.path for c in there.conflicts} == {c.path for c in back.conflicts}
    assert {(c.path, str(c.mine), str(c.theirs)) for c in there.conflicts} == {
        (c.path, str(c.theirs), str(c.mine)) for c in back.conflicts
    }


@given(words, words, words)
def test_a_merged_text_loses_no_sentence_that_either_side_added(base, mine, theirs):
    text = merge_prose(base, mine, theirs)
    if text is not None:
        kept = set(SENTENCE.findall(base))
        added = (set(SENTENCE.findall(mine)) | set(SENTENCE.findall(theirs))) - kept
        assert added <= set(SENTENCE.findall(text))

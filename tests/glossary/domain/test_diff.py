from hypothesis import given
from hypothesis import strategies as st

from glossary.domain.diff import Piece, changed_fields, word_diff


def side(pieces, *kinds):
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


def test_only_the_words_that_changed_are_told():
    assert word_diff("The log is kept.", "The whole log is deleted.") == [
        Piece("same", "The "),
        Piece("added", "whole "),
        Piece("same", "log is "),
        Piece("removed", "kept"),
        Piece("added", "deleted"),
        Piece("same", "."),
    ]


@given(st.text(), st.text())
def test_the_pieces_give_both_texts_back(before, after):
    pieces = word_diff(before, after)
    assert side(pieces, "same", "removed") == before
    assert side(pieces, "same", "added") == after


def test_changed_fields_enter_tables_and_tell_what_came_and_went():
    before = {"say": "a", "lines": {"engineer": "x", "manager": "y"}, "aliases": [1]}
    after = {"say": "a", "lines": {"engineer": "z", "manager": "y"}, "sources": [2]}
    assert changed_fields(before, after) == [
        ("lines/engineer", "x", "z"),
        ("sources", None, [2]),
        ("aliases", [1], None),
    ]


def test_of_something_new_every_field_is_told():
    assert changed_fields(None, {"say": "a", "lines": {"engineer": "x"}}) == [
        ("say", None, "a"),
        ("lines/engineer", None, "x"),
    ]


def test_blanks_between_two_changed_words_do_not_part_them():
    assert word_diff("Keep old records.", "Drop all records.") == [
        Piece("removed", "Keep old"),
        Piece("added", "Drop all"),
        Piece("same", " records."),
    ]


def test_texts_too_large_to_compare_are_told_whole():
    before, after = "same start " + "a b " * 15_000 + "end", "same start " + "c d " * 15_000 + "end"
    assert [piece.kind for piece in word_diff(before, after)] == ["same", "removed", "added", "same"]

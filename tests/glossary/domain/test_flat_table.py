"""The flat table: everything that it has a column for comes back, and nothing in it is a formula."""

import csv
import io
import re

import pytest
from hypothesis import given

from glossary.domain.flat_table import COLUMNS, overlaid, read_table, row_of
from glossary.domain.table_text import split
from tests.dictionaries import dictionaries
from tests.snapshots import term_snapshot

HOME = "https://words.example.org"


def written(terms: list[dict], delimiter=",") -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(COLUMNS)
    writer.writerows(
        row_of(term, status="published", revision=3, url=f"{HOME}/terms/{term['slug']}/") for term in terms
    )
    return out.getvalue()


@given(dictionaries())
def test_any_term_comes_back_from_its_row(terms):
    table = read_table(split(written(terms)), HOME)
    assert table.problems == []
    for term, entry in zip(terms, table.entries, strict=True):
        assert overlaid({name: term[name] for name in ("code",) if name in term}, entry) == without_empty_lists(term)
        assert entry.base_revision == 3


def without_empty_lists(term: dict) -> dict:
    return {name: value for name, value in term.items() if value != []}


@given(dictionaries())
def test_no_cell_begins_as_a_formula_does(terms):
    for row in csv.reader(io.StringIO(written(terms), newline="")):
        assert not any(re.match(r"[=+\-@\t\r＝＋－＠]", cell) for cell in row)


def test_a_row_changes_what_it_has_columns_for_and_nothing_else():
    term = term_snapshot(code={"python": "1"}, aliases=[{"text": "tidying", "kind": "synonym"}])
    table = read_table(split("slug;gap;line_manager\r\ncompaction;Another gap.;Another line.\r\n"), HOME)
    [entry] = table.entries
    changed = overlaid(term, entry)
    assert changed == term | {"gap": "Another gap.", "lines": term["lines"] | {"manager": "Another line."}}


def test_an_empty_list_takes_away_what_was_there():
    term = term_snapshot(aliases=[{"text": "tidying", "kind": "synonym"}])
    [entry] = read_table(split("slug,aliases\ncompaction,\n"), HOME).entries
    assert overlaid(term, entry)["aliases"] == []


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("term,definition\nx,y\n", "row 1", "has 'term', which is no column; known are uid, slug"),
        ("slug,slug\nx,y\n", "row 1", "names 'slug' twice"),
        ("label,gap\nx,y\n", "row 1", "names neither uid nor slug"),
        ("slug,gap\nx\n", "row 2", "has 1 cells and the header 2"),
        ("slug,gap\n,y\n", "row 2", "has neither a uid nor a slug"),
        ('slug,gap\nx,"y\n', "line 2", "cannot be read as CSV"),
        ("slug,aliases\nx,tidying\n", "row 2", "aliases: each line must be kind | text | note"),
        ("slug,revision\nx,three\n", "row 2", "revision: 'three' must be the number of a revision"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_with_its_row(text, place, said):
    [(where, message)] = read_table(split(text), HOME).problems
    assert where == place
    assert said in message


def test_revisions_of_another_site_mean_nothing_here():
    text = f"slug,revision,url\na,3,{HOME}/terms/a/\nb,3,https://elsewhere.example.org/terms/b/\nc,3,{HOME}.evil/\n"
    assert [entry.base_revision for entry in read_table(split(text), HOME).entries] == [3, None, None]

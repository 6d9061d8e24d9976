"""Formats of writers' tools, as text; that the tools read them is proved where they are built."""

import re
import zlib

from hypothesis import given
from hypothesis import strategies as st

from glossary.domain.formats import abbreviations, inventory, prh, vale
from glossary.domain.formats.entries import Entry
from tests.snapshots import term_snapshot

ALIASES = [
    {"text": "log compaction", "kind": "synonym"},
    {"text": "comapction", "kind": "misspelling"},
    {"text": "log compression", "kind": "discouraged", "note": "it removes records"},
]


def entry(label="compaction", *, slug="", revision=1, **changes) -> Entry:
    slug = slug or label.lower().replace(" ", "-")
    snapshot = term_snapshot(label=label, **changes)
    return Entry(
        snapshot["uid"], slug, revision, f"https://w.example.org/terms/{slug}/", "https://w.example.org/id/x/", snapshot
    )


def names(*entries: Entry) -> dict[str, str]:
    """The terms of an inventory, as Sphinx takes its lines apart, and where each leads."""
    head, _, packed = b"".join(inventory.inventory("Words", "2026.03.31", entries)).partition(b"using zlib.\n")
    assert b"# Project: Words\n# Version: 2026.03.31\n" in head
    found = {}
    for line in zlib.decompress(packed).decode().splitlines():
        name, role, _, uri, shown = re.match(r"(?x)(.+?)\s+(\S+)\s+(-?\d+)\s+?(\S*)\s+(.*)", line).groups()
        assert shown
        if role == "std:term":
            assert name.casefold() not in {each.casefold() for each in found}
            found[name] = uri
    return found


def test_an_inventory_has_each_good_spelling_and_a_pin_of_each_revision():
    assert names(entry(aliases=ALIASES, revision=2)) == {
        "compaction": "terms/compaction/",
        "log compaction": "terms/compaction/",
        "compaction@v1": "terms/compaction/v/1/",
        "compaction@v2": "terms/compaction/v/2/",
    }


def test_a_name_that_sphinx_would_lose_is_reached_by_its_slug():
    assert set(names(entry("At most 1 delivery"))) == {"at-most-1-delivery", "at-most-1-delivery@v1"}


@given(st.text(min_size=1, max_size=30).filter(str.strip))
def test_whatever_a_term_is_called_its_slug_is_found_and_no_line_breaks(label):
    assert names(entry(label, slug="its-slug"))["its-slug"] == "terms/its-slug/"


def test_abbreviations_leave_everyday_words_out_until_asked_for():
    event = entry("event", aliases=[{"text": "domain event", "kind": "synonym"}])
    marked = list(abbreviations.abbreviations([event], frozenset()))
    assert [line.partition("]")[0] for line in marked] == ["*[domain event"]
    marked = list(abbreviations.abbreviations([event], frozenset({"event"})))
    assert [line.partition("]")[0] for line in marked] == ["*[event", "*[domain event"]
    assert all(line.count("\n") == 1 for line in marked)


def test_vale_replaces_what_is_unwanted_and_accepts_what_is_well():
    files = dict(vale.package([entry(aliases=ALIASES)], {"compaction", "log compaction"}))
    rule = files["EDA/styles/EDA/compaction.yml"]
    assert '  "log[- ]compression": "compaction"\n' in rule
    assert 'link: "https://w.example.org/id/x/"' in rule
    accepted = files["EDA/styles/config/vocabularies/EDA/accept.txt"].splitlines()
    assert accepted == ["(?i)compaction", "(?i)log[- ]compaction"]


def test_a_word_that_is_well_for_another_term_is_nowhere_to_be_replaced():
    unsure = entry(aliases=[{"text": "ESBs", "kind": "discouraged"}])
    assert "EDA/styles/EDA/compaction.yml" not in dict(vale.package([unsure], {"compaction", "esb"}))
    assert list(prh.rules([unsure], {"compaction", "esb"})) == ["version: 1\nrules:\n"]

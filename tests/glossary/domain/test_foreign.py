"""Terms of other tools: what such a file says is laid over a term, and what it does not say stays."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.domain import foreign, openmetadata_table, skos_graph, table_text
from glossary.domain.foreign import Around, first_sentence, settled
from glossary.domain.formats import openmetadata, rdf, skos
from glossary.domain.formats.entries import Entry
from glossary.domain.hierarchy import UPWARD, Hierarchy
from glossary.domain.plain_json import read_json
from glossary.domain.problems import Invalid
from glossary.domain.snapshot import term_problems
from tests.dictionaries import dictionaries
from tests.snapshots import term_snapshot

ALONE = Around({}, {})
HOME = "https://words.example.org"


def entries(terms: list[dict]) -> list[Entry]:
    return [
        Entry(term["uid"], term["slug"], 3, f"{HOME}/terms/{term['slug']}/", f"{HOME}/id/{term['uid']}/", term)
        for term in terms
    ]


def from_openmetadata(terms: list[dict]) -> openmetadata_table.Read:
    out = io.StringIO(newline="")
    slugs = {term["uid"]: term["slug"] for term in terms}
    csv.writer(out).writerows(openmetadata.glossary("My. Words", entries(terms), slugs.get))
    return openmetadata_table.read_table(table_text.split(out.getvalue()))


def nodes(terms: list[dict]):
    edges = [
        (term["uid"], link["term"]) for term in terms for link in term.get("relations", []) if link["kind"] in UPWARD
    ]
    addresses = "{}/id/{}/".format
    yield from skos.scheme(
        "Words", f"{HOME}/", "2026.03.02", entries(terms), [], lambda uid: addresses(HOME, uid), Hierarchy(edges)
    )


def from_turtle(terms: list[dict]) -> skos_graph.Read:
    return skos_graph.read_turtle("".join(rdf.turtle(skos.prefixes(f"{HOME}/"), nodes(terms))), HOME)


def from_json_ld(terms: list[dict]) -> skos_graph.Read:
    document = read_json("".join(rdf.json_ld(skos.prefixes(f"{HOME}/"), nodes(terms))))
    assert skos_graph.is_json_ld(document)
    return skos_graph.read_json_ld(document, HOME)


@pytest.mark.parametrize("read", [from_openmetadata, from_turtle, from_json_ld])
@given(dictionaries())
def test_any_term_that_comes_back_says_what_it_said(read, terms):
    found = read(terms)
    assert found.problems == []
    by_uid = {term["uid"]: term for term in terms}
    slugs = {term["slug"]: term["uid"] for term in terms}
    voices = {uid: term["voice"] for uid, term in by_uid.items()}
    links = [(term, link) for term in terms for link in [*term.get("relations", []), *term.get("mappings", [])]]
    around = Around(voices, {(term["uid"], link["term"]): link["kind"] for term, link in links})
    laid = foreign.resolved(found.entries, lambda name: slugs.get(name, name), around)
    assert {entry.data["uid"] for entry in laid} == by_uid.keys()
    for entry in laid:
        term = by_uid[entry.data["uid"]]
        assert settled(term, entry.data, around) == term


def told(label="ledger", **said) -> dict:
    return {
        "uid": "bcdfghjk",
        "slug": label,
        "label": label,
        "otherwise": {"voice": "engineer", "category": "kafka"},
    } | said


@given(
    st.text(min_size=1).filter(lambda text: text.strip() and not set(text) & {*map(chr, range(32)), "\x7f"}),
    st.sampled_from([[], ["leger"]]),
)
def test_a_new_term_has_everything_that_a_term_needs(text, unwanted):
    made = settled(None, told(plain={"definition": text.strip()}, unwanted=unwanted), ALONE)
    assert [problem for problem in term_problems(made) if not problem.path.startswith("definitions")] == []


def test_the_voice_that_a_file_names_is_no_matter_of_choice():
    made = settled(None, told(voice="manager", plain={"definition": "A book."}), ALONE)
    assert made["voice"] == "manager"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("A book. It is kept.", "A book."),
        ("A [[log|book]]\nthat is kept", "A book that is kept"),
        ("word " * 40, "word " * 26 + "word…"),
        ("x" * 200, "x" * 139 + "…"),
        ("Is it? Yes.", "Is it?"),
    ],
)
def test_the_line_of_a_new_term_is_its_first_sentence(text, line):
    assert first_sentence(text) == line


@pytest.mark.parametrize(
    ("kinds", "here", "there", "expected"),
    [
        (["exact"], "engineer", "engineer", ("relations", "related")),
        (["exact"], "engineer", "manager", ("mappings", "exact")),
        (["part_of"], "engineer", "manager", ("mappings", "broader")),
        (["part_of"], "engineer", "engineer", ("relations", "part_of")),
        (["narrower"], "engineer", "manager", ("mappings", "narrower")),
        (["false_friend"], "engineer", "manager", ("mappings", "false_friend")),
        (["related", "contrasts"], "engineer", None, ("relations", "related")),
    ],
)
def test_a_link_becomes_a_relation_within_a_voice_and_a_mapping_between_them(kinds, here, there, expected):
    data = told(voice=here, plain={"definition": "x"}, links=[{"term": "zzzzzzzz", "kinds": kinds}])
    made = settled(None, data, Around({"zzzzzzzz": there}, {}))
    name, kind = expected
    assert made[name] == [{"term": "zzzzzzzz", "kind": kind}]
    assert not made.get({"relations": "mappings", "mappings": "relations"}[name])


def test_a_link_that_says_something_else_now_keeps_its_note():
    base = term_snapshot("ledger", relations=[{"term": "zzzzzzzz", "kind": "contrasts", "note": "Why."}])
    data = told(links=[{"term": "zzzzzzzz", "kinds": kinds} for kinds in (["broader"], ["related", "contrasts"])])
    assert settled(base, data, ALONE)["relations"] == [{"term": "zzzzzzzz", "kind": "broader", "note": "Why."}]


@pytest.mark.parametrize(("said", "kinds"), [("contrasts", ["related", "contrasts"]), ("broader", ["narrower"])])
def test_a_link_that_the_other_term_says_already_is_not_said_twice(said, kinds):
    base, voice = term_snapshot("ledger", uid="bcdfghjk"), {"contrasts": "engineer", "broader": "manager"}[said]
    around = Around({"zzzzzzzz": voice}, {("zzzzzzzz", "bcdfghjk"): said})
    assert settled(base, told(links=[{"term": "zzzzzzzz", "kinds": kinds}]), around) == base


def test_a_narrower_term_that_is_not_in_the_file_is_told():
    with pytest.raises(Invalid, match="'zzzzzzzz' is narrower and not in the file"):
        settled(term_snapshot("ledger"), told(links=[{"term": "zzzzzzzz", "kinds": ["narrower"]}]), ALONE)


def test_capitals_of_another_tool_are_its_own_and_another_word_is_another_label():
    base = term_snapshot("event log")
    assert settled(base, told("Event-Log"), ALONE)["label"] == "event log"
    assert settled(base, told("Event-Log", is_from_here=True), ALONE)["label"] == "Event-Log"
    assert settled(base, told("journal"), ALONE)["label"] == "journal"

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.domain.content_file import (
    read_log,
    read_scenario,
    read_term,
    toml_value,
    write_log,
    write_scenario,
    write_term,
)
from glossary.domain.snapshot import term_problems
from tests.dictionaries import dictionaries
from tests.snapshots import scenario_snapshot

TERM = """+++
uid = "k7m2xq4t"
label = "compaction"
voice = "engineer"
category = "kafka"
say = "Compaction keeps the last record of each key."
avoid = "Compaction compresses."
scenarios = ["compaction"]
[lines]
engineer = "Keeps the last record of each key."
manager = "Keeps today's card."
[[aliases]]
text = "log compaction"
kind = "synonym"
[[aliases]]
text = "compression"
kind = "discouraged"
note = "nothing is made smaller"
[[mappings]]
term = "clean-up"
kind = "close"
note = "when only today matters"
[[sources]]
title = "Kafka"
url = "https://kafka.apache.org/documentation/#compaction"
+++
# Engineer

One.

Two.

# Manager

Three.

# Gap

Four.
"""

line = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=40)
body = st.lists(line.filter(lambda text: text.strip() and not text.startswith("# ")), min_size=1, max_size=3).map(
    lambda paragraphs: "\n\n".join(paragraphs).strip()
)
values = st.recursive(
    st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def test_term_file_is_read_into_the_shape_of_a_snapshot():
    file = read_term(TERM, "compaction")
    assert file.problems == []
    assert file.data["slug"] == "compaction"
    assert file.data["definitions"] == {"engineer": "One.\n\nTwo.", "manager": "Three."}
    assert file.data["gap"] == "Four."
    assert file.data["aliases"][1]["note"] == "nothing is made smaller"


def test_what_is_read_and_written_again_gives_the_same_bytes():
    assert write_term(read_term(TERM, "compaction").data) == TERM


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("label", 3),
        ("lines/manager", 11),
        ("aliases/0/kind", 14),
        ("aliases/1/note", 18),
        ("mappings/0/term", 20),
        ("sources/0/url", 25),
        ("definitions/manager", 33),
        ("aliases/1/unheard-of", 15),
    ],
)
def test_every_field_knows_its_line(path, line):
    assert read_term(TERM, "compaction").line_of(path) == line


def test_broken_toml_is_told_with_its_line():
    file = read_term(TERM.replace('voice = "engineer"', "voice = engineer"), "compaction")
    [(path, message)] = file.problems
    assert file.line_of(path) == 4
    assert "TOML" in message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("label = 1", "front matter"),
        ("+++\nlabel = 1\n", "front matter"),
        ("+++\n+++\nstray\n# Engineer\n", "text before the first section"),
        ("+++\n+++\n# Gap\na\n# Gap\nb", "a second section"),
    ],
)
def test_malformed_term_files_are_refused_with_a_reason(text, message):
    [(_, said)] = read_term(text, "x").problems
    assert message in said


def test_a_log_names_the_line_that_is_no_json():
    file = read_log('{"title": "A"}\n{"time": 1}\n{oops}\n', "a")
    [(path, _)] = file.problems
    assert file.line_of(path) == 3


def test_deeply_nested_files_are_refused_not_crashed_on():
    assert read_log('{"title": "A"}\n' + "[" * 100_000, "a").problems
    assert read_scenario("a = " + "[" * 100_000, "a").problems


@given(definition=body, label=line.filter(str.strip), note=st.text(max_size=30))
def test_any_term_survives_writing_and_reading(definition, label, note):
    data = read_term(TERM, "compaction").data
    data["label"] = label
    data["aliases"][1]["note"] = note or "x"
    data["definitions"]["engineer"] = definition
    again = read_term(write_term(data), "compaction")
    assert again.problems == []
    assert again.data == data


@given(st.dictionaries(st.text(min_size=1, max_size=8), values, max_size=4))
def test_any_parameters_survive_writing_and_reading(params):
    data = {
        "slug": "s",
        "title": "T",
        "model": "fold",
        "log": "orders",
        "params": params,
        "captions": {"engineer": "e", "manager": "m"},
        "question": {"engineer": "e", "manager": "m", "answer": {"engineer": "e", "manager": "m"}},
        "break": {"label": "b", "intervention": {"kind": "k", "at": 1}},
        "claims": [],
    }
    again = read_scenario(write_scenario(data), "s")
    assert again.problems == []
    assert again.data.get("params", {}) == params


@given(st.lists(st.dictionaries(st.text(max_size=5), st.none() | values, max_size=3), max_size=4))
def test_any_log_survives_writing_and_reading(records):
    data = {"slug": "l", "title": "T", "description": "D", "records": json.loads(json.dumps(records))}
    assert read_log(write_log(data), "l").data == {**data}


def test_null_cannot_be_said_in_toml():
    with pytest.raises(ValueError, match="None cannot be written"):
        toml_value(None)


@given(dictionaries())
def test_any_term_that_may_be_published_survives_writing_and_reading(terms):
    for term in terms:
        assert term_problems(term) == []
        text = write_term(term)
        again = read_term(text, term["slug"])
        assert again.problems == []
        assert again.data == term
        assert write_term(again.data) == text


def test_a_text_that_no_section_can_hold_stands_in_the_front_matter():
    data = read_term(TERM, "compaction").data
    data["definitions"] |= {"engineer": "First.\n# Gap\nNot the gap.\n"}
    text = write_term(data)
    assert '[definitions]\nengineer = "First.\\n# Gap\\nNot the gap.\\n"\n' in text
    assert read_term(text, "compaction").data == data


def test_a_text_that_is_written_twice_is_told():
    text = TERM.replace("[lines]", 'gap = "One."\n[lines]')
    file = read_term(text, "compaction")
    assert file.problems == [("gap", "is in the front matter and in a section; leave one of them out")]


@pytest.mark.parametrize("wrong", ['definitions = "x"', 'code = "x"'])
def test_a_table_of_texts_that_is_none_is_told(wrong):
    text = TERM.replace("scenarios", f"{wrong}\nscenarios").replace("# Gap", "# Python\n\nx\n\n# Gap")
    assert read_term(text, "compaction").problems


@pytest.mark.parametrize("empty", [{"params": {}}, {"interventions": []}])
def test_what_is_there_and_empty_survives(empty):
    data = scenario_snapshot() | empty | {"claims": []}
    assert read_scenario(write_scenario(data), data["slug"]).data == data

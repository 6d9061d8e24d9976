"""parseLog on anything: it never throws, and what it skips or amends adds up."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

hostile = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e6, 1e6) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
fields = ["offset", "time", "key", "type", "value", "size", "specversion", "op", "after", "before", "payload", "topic"]
objects = st.dictionaries(st.sampled_from(fields), json_values, max_size=5)
FORMATS = {"json", "jsonl", "cloudevents", "debezium", "kcat", "csv", "unknown"}


def check_shape(parsed):
    assert set(parsed) == {"records", "format", "problems"}
    assert parsed["format"] in FORMATS
    offsets = [record["offset"] for record in parsed["records"]]
    assert offsets == sorted(set(offsets))
    for record in parsed["records"]:
        assert list(record) == ["offset", "time", "key", "type", "value", "size"]
        assert isinstance(record["time"], int | float)
        assert record["key"] is None or isinstance(record["key"], str)
        assert isinstance(record["type"], str)
        assert record["size"] >= 0
    for problem in parsed["problems"]:
        assert set(problem) == {"line", "message"}
        assert problem["line"] >= 1


@hostile
@given(st.text(max_size=200))
def test_any_text_is_read_without_a_throw(engine, text):
    check_shape(engine.parse_log(text))


@hostile
@given(json_values)
def test_what_is_no_text_is_read_without_a_throw(engine, value):
    check_shape(engine.parse_log(value))


@hostile
@given(st.lists(st.sampled_from('{}[]",:\n\r\\\0 a1;'), max_size=60).map("".join))
def test_broken_syntax_is_read_without_a_throw(engine, text):
    check_shape(engine.parse_log(text))


@hostile
@given(st.lists(objects, min_size=1, max_size=8))
def test_every_object_of_a_list_is_a_record_or_a_problem(engine, found):
    parsed = engine.parse_log(json.dumps(found))
    check_shape(parsed)
    told = {problem["line"] for problem in parsed["problems"]}
    skipped = [problem for problem in parsed["problems"] if problem["message"].endswith("skipped")]
    assert len(parsed["records"]) + len(skipped) == len(found)
    assert told <= set(range(1, len(found) + 1))


@hostile
@given(st.lists(objects | st.just("bad {"), min_size=1, max_size=8), st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_every_line_is_a_record_or_a_problem_with_its_number(engine, found, newline):
    lines = [each if isinstance(each, str) else json.dumps(each) for each in [{"key": "first"}, *found]]
    parsed = engine.parse_log(newline.join(lines))
    check_shape(parsed)
    step = 2 if newline == "\n\n" else 1
    skipped = {problem["line"] for problem in parsed["problems"] if problem["message"].endswith("skipped")}
    assert len(parsed["records"]) + len(skipped) == len(lines)
    assert {1 + step * i for i, line in enumerate(lines) if line == "bad {"} <= skipped


@hostile
@given(st.lists(st.tuples(st.text(max_size=8), json_values), max_size=8))
def test_records_come_through_unchanged(engine, pairs):
    log = [
        {"offset": 3 * i, "time": i, "key": key, "type": "T", "value": value} for i, (key, value) in enumerate(pairs)
    ]
    for text in (json.dumps(log), "\n".join(map(json.dumps, log)), json.dumps(log, indent=2)):
        parsed = engine.parse_log(text)
        assert parsed["problems"] == [] or not log
        assert [{**each, "size": None} for each in parsed["records"]] == [{**each, "size": None} for each in log]

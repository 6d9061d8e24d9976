import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.domain.snapshot import implied_change, log_problems, scenario_problems, term_problems
from simulator import catalogue
from tests.snapshots import log_snapshot, scenario_snapshot, term_snapshot

MODELS = {"compaction": catalogue.declared()["compaction"]}
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def test_valid_snapshots_have_no_problems():
    assert term_problems(term_snapshot()) == []
    assert log_problems(log_snapshot()) == []
    assert scenario_problems(scenario_snapshot(), MODELS) == []


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        ({"colour": "blue"}, "colour", "unknown field"),
        ({"uid": "vowels-a"}, "uid", "8 lower-case consonants"),
        ({"slug": "new"}, "slug", "an address of the site"),
        ({"slug": "Not A Slug"}, "slug", "lower-case letters"),
        ({"label": ""}, "label", "must not be empty"),
        ({"label": "nul\x00"}, "label", "control character"),
        ({"voice": "director"}, "voice", "not one of engineer, manager"),
        ({"lines": {"engineer": "only one"}}, "lines/manager", "the manager voice is missing"),
        ({"lines": {"engineer": "x" * 141, "manager": "y"}}, "lines/engineer", "the most is 140"),
        ({"definitions": {"engineer": "a", "manager": "b", "dog": "c"}}, "definitions/dog", "unknown voice"),
        ({"gap": "x" * 2_000_000}, "gap", "has 2000000 characters; the most is 60000"),
        ({"aliases": [{"text": "a", "kind": "nickname"}]}, "aliases/0/kind", "not one of synonym"),
        ({"aliases": [{"text": "a", "kind": "discouraged"}]}, "aliases/0/kind", "needs a note"),
        ({"aliases": [{"text": "Compaction", "kind": "synonym"}]}, "aliases/0/text", "the same spelling as"),
        ({"aliases": [{"text": "--", "kind": "synonym"}]}, "aliases/0/text", "no letter or digit"),
        ({"mappings": [{"term": "x", "kind": "twin"}]}, "mappings/0/kind", "not one of exact"),
        ({"relations": [{"term": "x", "kind": "related"}] * 2}, "relations/1/term", "named twice"),
        ({"sources": [{"title": "t", "url": "javascript:alert(1)"}]}, "sources/0/url", "http or https"),
        ({"sources": [{"title": "t", "url": "https://[x"}]}, "sources/0/url", "http or https"),
        ({"captions": {"other": "c"}}, "captions/other", "not among the term's scenarios"),
        ({"scenarios": ["play", "play"]}, "scenarios/1", "chosen twice"),
        ({"relations": [{"term": "x", "kind": "related"}] * 201}, "relations", "has 201 entries; the most is 200"),
        ({"code": {"python": "print(1)\x00", "path": "/result"}}, "code/python", "control character"),
        ({"code": {"python": "print(1)"}}, "code/path", "path is missing"),
        ({"code": {"python": "print(1)", "path": "result"}}, "code/path", "begins with /result"),
        ({"code": {"cobol": "STOP RUN.", "path": "/result"}}, "code/cobol", "unknown field"),
        ({"gap": "half \ud83d a smile"}, "gap", "control character"),
    ],
)
def test_each_mistake_in_a_term_is_named_with_its_field(change, path, message):
    [(where, said)] = term_problems(term_snapshot() | change)
    assert where == path
    assert message in said


def test_a_term_cannot_be_linked_with_itself():
    snapshot = term_snapshot()
    snapshot["relations"] = [{"term": snapshot["uid"], "kind": "related"}]
    assert term_problems(snapshot) == [("relations/0/term", "a term cannot be linked with itself")]


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        ({"model": "perpetuum"}, "model", "not one of compaction"),
        ({"params": {"speed": 1}}, "params/speed", "unknown parameter 'speed'"),
        ({"params": {"segmentRecords": 0}}, "params/segmentRecords", "0 must be a whole number from 1 to 1000000"),
        ({"params": {"segmentRecords": "five"}}, "params/segmentRecords", "must be a whole number"),
        ({"params": {"offsetMapKeys": None}}, "params/offsetMapKeys", "leave the parameter out"),
        ({"params": []}, "params", "must be a table"),
        ({"interventions": [{"kind": "clean", "time": "soon"}]}, "interventions/0/time", "must be a whole number"),
        ({"interventions": [{"kind": "clean", "at": -1}]}, "interventions/0/at", "0 or more"),
        ({"interventions": [{"kind": "clean"}] * 201}, "interventions", "the most is 200"),
        ({"break": {"label": "x", "params": {"segmentRecords": 0}}}, "break/params/segmentRecords", "from 1"),
        ({"start": 10**9}, "start", "must be a step"),
        ({"claims": [{}] * 51}, "claims", "the most is 50"),
        ({"interventions": [{"kind": "explode"}]}, "interventions/0/kind", "unknown intervention"),
        ({"start": -1}, "start", "must be a step"),
        ({"break": {"label": "x"}}, "break", "either an intervention or params"),
        ({"question": {"engineer": "a", "manager": "b"}}, "question/answer", "missing"),
        ({"claims": [{"id": "a"}]}, "claims/0/path", "missing"),
    ],
)
def test_each_mistake_in_a_scenario_is_named_with_its_field(change, path, message):
    problems = scenario_problems(scenario_snapshot() | change, MODELS)
    assert any(where == path and message in said for where, said in problems)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"path": "survivors"}, "claims/0/path"),
        ({"op": "about"}, "claims/0/op"),
        ({"at": "the end"}, "claims/0/at"),
        ({"id": "Not An Id"}, "claims/0/id"),
        ({"value": None}, "claims/0/value"),
        ({"value": [1, {"a": None}]}, "claims/0/value"),
        ({"value": float("nan")}, "claims/0/value"),
        ({"value": 2**60}, "claims/0/value"),
        ({"value": "\ud800"}, "claims/0/value"),
        ({"value": "x" * 10_001}, "claims/0/value"),
        ({"op": "length", "value": "five"}, "claims/0/value"),
        ({"op": "gt", "value": [1]}, "claims/0/value"),
    ],
)
def test_a_claim_that_does_not_parse_is_named(change, path):
    [claim] = scenario_snapshot()["claims"]
    assert [where for where, _ in scenario_problems(scenario_snapshot(claims=[claim | change]), MODELS)] == [path]


def test_two_claims_of_one_name_are_told_apart():
    [claim] = scenario_snapshot()["claims"]
    problems = scenario_problems(scenario_snapshot(claims=[claim, claim]), MODELS)
    assert [path for path, _ in problems] == ["claims/1/id"]


@pytest.mark.parametrize(
    ("record", "path"),
    [
        ({"time": -1}, "records/0/time"),
        ({"time": True}, "records/0/time"),
        ({"key": 7}, "records/0/key"),
        ({"type": ""}, "records/0/type"),
        ({"colour": 1}, "records/0/colour"),
        ({"time": 9 * 10**15}, "records/0/time"),
        ({"value": float("inf")}, "records/0/value"),
        ({"value": "x" * 100_000}, "records/0/value"),
        ({"key": "\x00"}, "records/0/key"),
    ],
)
def test_each_mistake_in_a_record_is_named(record, path):
    whole = log_snapshot()["records"][0] | record
    assert [where for where, _ in log_problems(log_snapshot(records=[whole]))] == [path]


def test_offsets_rise():
    record = log_snapshot()["records"][0]
    records = [record | {"offset": 5}, record, record | {"offset": 6}]
    assert [path for path, _ in log_problems(log_snapshot(records=records))] == ["records/2/offset"]


@given(junk)
def test_junk_is_refused_and_never_crashes_the_check(value):
    for check in (term_problems, log_problems, lambda snapshot: scenario_problems(snapshot, MODELS)):
        assert check(value)


@given(st.sampled_from(sorted(term_snapshot())), junk)
def test_junk_in_one_field_never_crashes_the_check(name, value):
    assert isinstance(term_problems(term_snapshot() | {name: value}), list)


def test_new_words_for_a_definition_change_meaning_and_a_new_source_does_not():
    before = term_snapshot()
    assert implied_change(None, before) == "meaning"
    assert implied_change(before, before | {"gap": "Another gap."}) == "meaning"
    assert implied_change(before, before | {"sources": [{"title": "t", "url": "https://example.org/"}]}) == "wording"

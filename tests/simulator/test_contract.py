"""What every model promises, whatever it is given."""

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.simulator.conftest import NODE

ROOT = Path(__file__).parents[2]
SIMULATOR = ROOT / "static" / "simulator"
MODELS = (
    "append_log",
    "addressing",
    "command_handling",
    "fold",
    "command_sourcing",
    "cqs",
    "cqrs",
    "partitioning",
    "consumer_group",
    "retention",
    "compaction",
    "delivery",
    "idempotent_producer",
    "transactions",
    "windowing",
    "saga",
    "outbox",
    "dead_letter",
    "temporal_coupling",
    "state_store",
    "change_capture",
    "ambiguous_event",
)
VOICES = ("engineer", "manager")
BLOCKS = {"lanes", "table", "sequence", "meter", "notice"}

contract = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))

junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-1e9, 1e9) | st.text(max_size=6) | st.just("__proto__"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
records = st.lists(
    st.fixed_dictionaries(
        {
            "time": st.integers(0, 100_000),
            "key": st.sampled_from(["a", "b", "__proto__", "", None]),
            "type": st.sampled_from(["OrderPlaced", "PlaceOrder", "Paid", ""]),
            "value": st.sampled_from([None, 5, {"amount": 3}, {"n": {"m": [1]}}, "text"]),
        }
    ),
    max_size=30,
)


def values_of(param):
    """A strategy for values of a parameter, good ones and ones that must be clamped."""
    kind = param["type"]
    low, high = max(param.get("min", 0), -5), min(param.get("max", 50), 50)
    numbers = st.integers(low - 2, high + 2)
    words = st.sampled_from(["A", "B", "a", "orders", "x"])
    strategies = {
        "integer": numbers,
        "number": st.floats(low - 1, high + 1),
        "boolean": st.booleans(),
        "choice": st.sampled_from([choice["value"] for choice in param.get("choices", [{"value": "?"}])]),
        "string": words,
        "list": st.lists(words, max_size=4),
        "numbers": st.lists(st.integers(0, 100_000), max_size=4),
        "map": st.dictionaries(words, numbers, max_size=3),
        "strings": st.dictionaries(words, words, max_size=3),
        "lists": st.dictionaries(words, st.lists(words, max_size=3), max_size=3),
    }
    if kind == "row":
        strategies[kind] = st.fixed_dictionaries(columns(param["columns"]))
    if kind == "rows":
        strategies[kind] = st.lists(st.fixed_dictionaries(columns(param["columns"])), max_size=12)
    found = strategies[kind]
    return st.none() | found if param.get("nullable") else found


def columns(declared):
    return {column["name"]: values_of(column) for column in declared}


@st.composite
def inputs(draw, model):
    """An input of a model with sensible values, most of which it takes as they are."""
    given = {"model": model["id"], "log": draw(records), "seed": draw(st.integers(0, 5)), "params": {}}
    for param in model["params"]:
        if draw(st.booleans()):
            given["params"][param["name"]] = draw(values_of(param))
    given["interventions"] = []
    if model["interventions"]:
        for chosen in draw(st.lists(st.sampled_from(model["interventions"]), max_size=5)):
            item = {"kind": chosen["kind"], "at": draw(st.integers(0, 30))}
            item |= {param["name"]: draw(values_of(param)) for param in chosen["params"]}
            given["interventions"].append({name: value for name, value in item.items() if value is not None})
    return given


def model_of(engine, id):
    return next(model for model in engine.models() if model["id"] == id)


def catalogue_of(id):
    catalogue = json.loads((SIMULATOR / "catalogue.json").read_text())
    return next(model for model in catalogue["models"] if model["id"] == id)


def check_block(block):
    assert block["kind"] in BLOCKS
    assert block["id"]
    for lane in block.get("lanes", []):
        assert len(lane["tickets"]) <= 60
        assert lane["before"] >= 0
        assert lane["after"] >= 0
    assert len(block.get("rows", [])) <= 40
    assert len(block.get("messages", [])) <= 40
    for row in block.get("rows", []):
        assert len(row["cells"]) == len(block["columns"])
        assert all(cell is None or isinstance(cell, str | int | float) for cell in row["cells"])


def test_the_models_are_the_ones_that_there_are(engine):
    assert [model["id"] for model in engine.models()] == list(MODELS)


def test_unknown_model_is_a_run_of_no_steps_with_a_problem(engine):
    run = engine.simulate({"model": "no-such-model", "log": [{"key": "a"}]})
    assert run["length"] == 0
    assert [problem["path"] for problem in run["problems"]] == ["/model"]


@pytest.mark.parametrize("id", MODELS)
def test_labels_have_both_voices(engine, id):
    model = model_of(engine, id)
    labelled = [*model["params"], *model["interventions"]]
    labelled += [param for intervention in model["interventions"] for param in intervention["params"]]
    labelled += [column for param in model["params"] for column in param.get("columns", [])]
    labelled += [choice for param in model["params"] for choice in param.get("choices", [])]
    for each in labelled:
        assert all(each["label"][voice].strip() for voice in VOICES)


@pytest.mark.parametrize("id", MODELS)
def test_defaults_are_taken_without_a_problem(engine, id):
    defaults = {param["name"]: param["default"] for param in model_of(engine, id)["params"]}
    run = engine.simulate({"model": id, "log": [], "params": defaults})
    assert run["problems"] == []
    assert run["params"] == defaults | {name: run["params"][name] for name, value in defaults.items() if value is None}


@pytest.mark.parametrize("id", MODELS)
@contract
@given(st.data())
def test_the_same_input_gives_the_same_bytes_in_any_order_of_steps(engine, id, data):
    given = data.draw(inputs(model_of(engine, id)))
    first, second = engine.simulate(given), engine.simulate(given)
    assert json.dumps(first) == json.dumps(second)
    steps = list(range(first["length"] + 1))
    straight = engine.frames(given, steps)
    assert [frame["step"] for frame in straight] == steps
    assert straight[0]["facts"] == []
    jumps = data.draw(st.lists(st.sampled_from(steps), max_size=12))
    assert engine.frames(given, jumps) == [straight[step] for step in jumps]
    assert engine.outcome(given, first["length"])["result"] == first["result"]
    assert engine.outcome(given, first["length"])["checks"] == first["checks"]


@pytest.mark.parametrize("id", MODELS)
@contract
@given(st.data())
def test_facts_have_both_voices_and_scenes_are_bounded(engine, id, data):
    given = data.draw(inputs(model_of(engine, id)))
    run = engine.simulate(given)
    frames = engine.frames(given, range(run["length"] + 1))
    facts = [fact for frame in frames for fact in frame["facts"]]
    assert {fact["code"] for fact in facts} <= set(engine.call("codes")[id])
    for voice in VOICES:
        for fact, sentence in zip(facts, engine.call("narrate", facts, voice), strict=True):
            assert sentence.strip(), (fact, voice)
            assert "undefined" not in sentence, (fact, voice)
            assert "[object" not in sentence, (fact, voice)
            assert "NaN" not in sentence, (fact, voice)
    for frame in frames:
        assert isinstance(frame["time"], int | float)
        for block in frame["scene"]["blocks"]:
            check_block(block)
    assert {check["id"] for check in run["checks"]} <= set(catalogue_of(id)["checks"])
    for check in run["checks"]:
        assert set(check) == {"id", "holds", "detail"}
        assert isinstance(check["holds"], bool)


@pytest.mark.parametrize("id", MODELS)
@contract
@given(st.data())
def test_junk_never_throws_and_never_changes_the_input(engine, id, data):
    model = model_of(engine, id)
    params = st.dictionaries(st.sampled_from([param["name"] for param in model["params"]]), junk, max_size=6)
    kinds = [intervention["kind"] for intervention in model["interventions"]] or ["none"]
    item = st.fixed_dictionaries(
        {"kind": st.sampled_from(kinds)}, optional={"at": junk, "member": junk, "offset": junk}
    )
    record = st.dictionaries(st.sampled_from(["offset", "time", "key", "type", "value", "size"]), junk, max_size=6)
    given = {
        "model": id,
        "log": data.draw(junk | st.lists(record | junk, max_size=8)),
        "params": data.draw(junk | params),
        "interventions": data.draw(junk | st.lists(item | junk, max_size=5)),
        "seed": data.draw(junk),
    }
    assert engine.call("probe", given) == {"changed": False, "unfrozen": []}


@pytest.mark.parametrize("id", MODELS)
def test_checks_are_said_in_both_voices(id):
    said = catalogue_of(id)["checks"]
    assert all(said[check][voice].strip() for check in said for voice in VOICES)


def test_a_code_means_the_same_in_every_model(engine):
    assert engine.call("ambiguousCodes") == []


def test_the_catalogue_is_in_step_with_the_engine():
    printed = subprocess.run([NODE, SIMULATOR / "catalogue.mjs"], capture_output=True, text=True, check=True).stdout
    assert printed == (SIMULATOR / "catalogue.json").read_text(), "run `make catalogue`"

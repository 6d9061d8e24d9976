"""Values of parameters as a form writes them, and what models take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.domain.parameters import CONTROL, read_value, value_problem, write_value
from simulator import catalogue

DECLARED = [
    param
    for model in catalogue.declared().values()
    for params in (model["params"], *model["interventions"].values())
    for param in params.values()
]
ROWS = {
    "name": "operations",
    "type": "rows",
    "maxItems": 4,
    "columns": [
        {"name": "op", "type": "choice", "choices": [{"value": "begin"}, {"value": "send"}]},
        {"name": "producer", "type": "string"},
        {"name": "records", "type": "integer", "default": 1, "min": 1, "max": 9},
        {"name": "share", "type": "number", "default": 0.5, "min": 0, "max": 1},
        {"name": "late", "type": "boolean", "default": False},
    ],
}
PLACE = ROWS | {"name": "place", "type": "row"}
texts = st.text(min_size=1, max_size=12).filter(lambda text: text.strip() and not CONTROL.search(text))


def values_of(param: dict):
    """Everything that a model takes for a parameter."""
    low, high = param.get("min", -(2**53) + 1), param.get("max", 2**53 - 1)
    most = min(param.get("maxItems", 100), 4)
    if param["type"] == "row":
        return rows_of(param["columns"])
    if param["type"] == "rows":
        return st.lists(rows_of(param["columns"]), max_size=most)
    whole = st.integers(low, high)
    some_texts = st.lists(texts, max_size=most, unique=True)
    return {
        "integer": whole,
        "number": whole | st.floats(low, high, allow_nan=False),
        "boolean": st.booleans(),
        "choice": st.sampled_from([choice["value"] for choice in param.get("choices", [{"value": ""}])]),
        "string": texts,
        "list": some_texts,
        "numbers": st.lists(whole, max_size=most),
        "map": st.dictionaries(texts, whole, max_size=most),
        "strings": st.dictionaries(texts, texts, max_size=most),
        "lists": st.dictionaries(texts, some_texts, max_size=most),
    }[param["type"]]


def rows_of(columns: list[dict]):
    values = {column["name"]: values_of(column) for column in columns}
    optional = {column["name"] for column in columns if "default" in column}
    needed = {name: value for name, value in values.items() if name not in optional}
    return st.fixed_dictionaries(needed, optional={name: values[name] for name in optional})


declared_values = st.sampled_from([*DECLARED, ROWS, PLACE]).flatmap(
    lambda param: st.tuples(st.just(param), values_of(param))
)


@given(declared_values)
def test_what_a_model_takes_comes_back_from_a_form_as_it_was(case):
    param, value = case
    assert value_problem(value, param) is None
    assert read_value(write_value(value, param), param) == value


@pytest.mark.parametrize(
    ("type", "text", "value"),
    [
        ("list", "billing\n\n shipping \n", ["billing", "shipping"]),
        ("list", "[]", []),
        ("list", '"= odd"', ["= odd"]),
        ("numbers", "1\n2", [1, 2]),
        ("map", "orders=6\nreturns = 2", {"orders": 6, "returns": 2}),
        ("map", '{"orders": 6}', {"orders": 6}),
        ("strings", "PlaceOrder = create", {"PlaceOrder": "create"}),
        ("lists", "A = orders, returns\nB =", {"A": ["orders", "returns"], "B": []}),
        ("boolean", "true", True),
        (
            "rows",
            'op = send, producer = A, records = 3\n\nop=begin, producer="B, C", late = true',
            [{"op": "send", "producer": "A", "records": 3}, {"op": "begin", "producer": "B, C", "late": True}],
        ),
        ("rows", "[]", []),
        ("rows", '[{"op": "begin", "producer": "A"}]', [{"op": "begin", "producer": "A"}]),
    ],
)
def test_entries_are_written_one_on_a_line(type, text, value):
    assert read_value(text, ROWS if type == "rows" else {"name": "x", "type": type}) == value


def test_a_single_row_stands_in_one_line():
    assert read_value("op = send, producer = A", PLACE) == {"op": "send", "producer": "A"}
    assert write_value({"op": "send", "producer": "A"}, PLACE) == "op = send, producer = A"
    assert value_problem({"op": "send", "producer": "A"}, PLACE) is None
    assert value_problem({"op": "stop", "producer": "A"}, PLACE) == 'op: "stop" must be one of begin, send'
    assert "must be a table with op (one of begin, send)" in value_problem([{"op": "send"}], PLACE)


@pytest.mark.parametrize(
    ("type", "text", "said"),
    [
        ("integer", "five", "'five' must be a whole number"),
        ("numbers", "1\ntwo", "'two' must be a whole number"),
        ("map", "orders", "'orders' must be a name, = and a value"),
        ("map", "orders = six", "'six' must be a whole number"),
        ("lists", 'A = "b" c', "must have commas"),
        ("list", "[1,", "is not JSON"),
        ("list", "[" * 5000, "nested too deep"),
        ("rows", "op = send, records = many", "'many' must be a whole number from 1 to 9"),
        ("rows", "op = send, size = 3", "'size' is no column; they are op, producer, records"),
        ("rows", "op = send, op = begin", "has op twice"),
        ("rows", "send", "'send' is no column"),
        ("rows", "op", "must have = and a value after op"),
        ("rows", 'op = "send" producer = A', "must have commas"),
    ],
)
def test_what_cannot_be_read_is_named(type, text, said):
    with pytest.raises(ValueError, match=said):
        read_value(text, ROWS if type == "rows" else {"name": "x", "type": type})


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"op": "begin", "producer": "A"}, {"op": "stop", "producer": "A"}], 'row 2: op: "stop" must be one of begin'),
        ([{"op": "begin"}], "row 1: producer is missing; it must be a text"),
        ([{"op": "begin", "producer": "A", "size": 1}], "row 1: unknown column 'size'; known are op, producer"),
        ([{"op": "begin", "producer": "A", "records": 10}], "row 1: records: 10 must be a whole number from 1 to 9"),
        (["begin"], 'row 1: "begin" must be a table of op, producer'),
        ([{"op": "begin", "producer": "A"}] * 5, "must be a list of at most 4 rows with op (one of begin, send)"),
    ],
)
def test_a_row_that_does_not_fit_is_named_with_its_column(rows, said):
    assert said in value_problem(rows, ROWS)


@pytest.mark.parametrize("param", [*DECLARED, ROWS, PLACE], ids=lambda param: param["name"])
def test_junk_is_no_value(param):
    for junk in (None, {"a": [None]}, ["a", "a"], 1e308, "", float("nan"), [[[]]]):
        assert value_problem(junk, param)

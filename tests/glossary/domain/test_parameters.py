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
texts = st.text(min_size=1, max_size=12).filter(lambda text: text.strip() and not CONTROL.search(text))


def values_of(param: dict):
    """Everything that a model takes for a parameter."""
    low, high = param.get("min", -(2**53) + 1), param.get("max", 2**53 - 1)
    most = min(param.get("maxItems", 100), 4)
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


declared_values = st.sampled_from(DECLARED).flatmap(lambda param: st.tuples(st.just(param), values_of(param)))


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
    ],
)
def test_entries_are_written_one_on_a_line(type, text, value):
    assert read_value(text, {"name": "x", "type": type}) == value


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
    ],
)
def test_what_cannot_be_read_is_named(type, text, said):
    with pytest.raises(ValueError, match=said):
        read_value(text, {"name": "x", "type": type})


@pytest.mark.parametrize("param", DECLARED, ids=lambda param: param["name"])
def test_junk_is_no_value(param):
    for junk in (None, {"a": [None]}, ["a", "a"], 1e308, "", float("nan"), [[[]]]):
        assert value_problem(junk, param)

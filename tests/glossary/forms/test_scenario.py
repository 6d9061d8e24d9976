"""A scenario as a form's fields, and back: nothing is lost on the way."""

import hypothesis
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from glossary.domain.plain_json import read_json
from glossary.domain.snapshot import CONTROL, LINE_BREAK, scenario_problems
from glossary.domain.vocabulary import CLAIM_OPERATORS
from glossary.forms.fields import arranged, as_sent, rows_of
from glossary.forms.scenario import NEW_ROWS, Reading, fields_of
from glossary.forms.scenario_page import ScenarioForm
from glossary.services.reading_files import read_folders
from simulator import catalogue
from tests.glossary.domain.test_parameters import values_of
from tests.snapshots import scenario_snapshot

MODELS = catalogue.declared()
SHIPPED = {source.slug: source.data for source in read_folders(settings.CONTENT_DIRS[:1]).scenarios}
# Unicode's tables are slow to load the first time.
unhurried = hypothesis.settings(suppress_health_check=[hypothesis.HealthCheck.too_slow])
lines = st.text(min_size=1, max_size=20).filter(
    lambda text: text.strip() and not LINE_BREAK.search(text) and not CONTROL.search(text)
)
plain_values = st.recursive(
    st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False) | lines,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(lines, inner, max_size=3),
    max_leaves=6,
)
voices = st.fixed_dictionaries({"engineer": lines, "manager": lines})


@st.composite
def snapshots(draw):
    """Scenarios of every model, with anything in them that may be published."""
    model = draw(st.sampled_from(sorted(MODELS)))

    def params(declared):
        optional = {name: values_of(param) for name, param in declared.items() if "default" in param}
        required = {name: values_of(param) for name, param in declared.items() if "default" not in param}
        return draw(st.fixed_dictionaries(required, optional=optional))

    def intervention():
        kind = draw(st.sampled_from(sorted(MODELS[model]["interventions"])))
        at = draw(st.fixed_dictionaries({}, optional={"at": st.integers(0, 99)}))
        return {"kind": kind} | at | params(MODELS[model]["interventions"][kind])

    def claim(index):
        op = draw(st.sampled_from(CLAIM_OPERATORS))
        numbers = st.integers(0, 99)
        value = draw(plain_values if op in ("eq", "ne", "contains", "excludes") else numbers)
        words = {"id": f"claim-{index}", "path": draw(st.sampled_from(["/result", "/checks/0/holds"])), "op": op}
        at = draw(st.fixed_dictionaries({}, optional={"at": numbers}))
        return words | at | {"value": value} | draw(voices)

    count = st.integers(0, 12)
    snapshot = scenario_snapshot(model=model, title=draw(lines), captions=draw(voices))
    snapshot["question"] = draw(voices) | {"answer": draw(voices)}
    snapshot["claims"] = [claim(index) for index in range(draw(count))]
    has_intervention = MODELS[model]["interventions"] and draw(st.booleans())
    rupture = {"intervention": intervention()} if has_intervention else {"params": params(MODELS[model]["params"])}
    snapshot["break"] = {"label": draw(lines)} | rupture
    optional = {"start": draw(st.integers(0, 99)), "params": params(MODELS[model]["params"])}
    if MODELS[model]["interventions"]:
        optional["interventions"] = [intervention() for _ in range(draw(st.integers(0, 3)))]
    for name, value in optional.items():
        snapshot.pop(name, None)
        if value != {} and value != []:
            snapshot[name] = value
    return snapshot


@pytest.mark.parametrize("slug", SHIPPED)
def test_a_shipped_scenario_comes_back_from_its_form(slug):
    reading = Reading(fields_of(SHIPPED[slug], MODELS), MODELS)
    assert reading.problems == []
    assert reading.snapshot == SHIPPED[slug]


@unhurried
@given(snapshots())
def test_every_scenario_that_may_be_published_comes_back_from_its_form(snapshot):
    assert scenario_problems(snapshot, MODELS) == []
    fields = fields_of(snapshot, MODELS)
    reading = Reading(as_sent(fields.items()), MODELS)
    assert reading.problems == []
    assert reading.snapshot == snapshot


@unhurried
@given(snapshots())
def test_the_page_has_a_place_for_every_field(snapshot):
    fields = fields_of(snapshot, MODELS)
    page = ScenarioForm(fields, [], models=catalogue.models(), logs=[("orders", "Orders")], is_new=True)
    assert page.kept == {}
    assert {name for name, text in fields.items() if text} <= page.shown


def test_what_another_model_does_not_know_is_kept_for_its_return():
    fields = fields_of(scenario_snapshot(), MODELS) | {"model": "fold"}
    page = ScenarioForm(fields, [], models=catalogue.models(), logs=[], is_new=False)
    assert page.kept["params/segmentRecords"] == "2"
    assert "params" not in Reading(fields, MODELS).snapshot


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("claims/0/value", "Leeds", "'Leeds' is not JSON: put texts in double quotes"),
        ("claims/0/value", "NaN", "NaN is not a number that JSON can say"),
        ("claims/0/at", "soon", "'soon' must be a whole number"),
        ("start", "-1", "'-1' must be a whole number, 0 or more"),
        ("start", "٣", "must be a whole number"),
        ("params/segmentRecords", "five", "'five' must be a whole number from 1 to 1000000"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_field(name, text, said):
    reading = Reading(fields_of(scenario_snapshot(), MODELS) | {name: text}, MODELS)
    [problem] = reading.problems
    assert problem.path == name
    assert said in problem.message


@given(st.lists(st.sampled_from(["add", "remove", "up", "down", "explode"]), max_size=8), st.data())
def test_arranging_rows_never_loses_what_is_in_them(deeds, data):
    fields = fields_of(scenario_snapshot(), MODELS)
    fields |= {f"claims/{index}/id": f"claim-{index}" for index in range(1, 4)}
    for deed in deeds:
        before = [row.get("id", "") for row in rows_of(fields, "claims")]
        index = data.draw(st.integers(0, 5))
        fields, _ = arranged(fields, f"{deed} claims/{index}", NEW_ROWS)
        after = [row.get("id", "") for row in rows_of(fields, "claims")]
        expected = {"add": [*before, ""], "remove": before[:index] + before[index + 1 :]}.get(deed)
        assert after == expected if expected is not None else sorted(after) == sorted(before)
        assert [name for name in fields if name.startswith("title")] == ["title"]


def test_json_that_is_nested_without_end_is_refused():
    with pytest.raises(ValueError, match="nested too deep"):
        read_json("[" * 100_000)

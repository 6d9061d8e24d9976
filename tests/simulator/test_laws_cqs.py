"""Laws of asking and drawing, whatever is lost, repeated or done at the same time."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.simulator.conftest import visit_in_any_order

laws = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

SERIES = ("a", "b", None)
DRAW, ASK = "NextNumber", "LastNumber"
calls = st.lists(
    st.fixed_dictionaries({"key": st.sampled_from(SERIES), "type": st.sampled_from([DRAW, ASK, "PreviewNumber"])}),
    max_size=20,
)
at = st.integers(0, 20)
repeats = st.fixed_dictionaries(
    {"kind": st.just("repeat"), "at": at, "type": st.sampled_from([DRAW, ASK]), "times": st.integers(1, 4)}
)
losses = st.fixed_dictionaries({"kind": st.just("lose-answer"), "at": at, "times": st.integers(1, 3)})
overlaps = st.fixed_dictionaries({"kind": st.just("overlap"), "at": at, "callers": st.integers(2, 4)})
changes = st.lists(st.one_of(repeats, losses, overlaps), max_size=6)
params = st.fixed_dictionaries(
    {"drawing": st.sampled_from(["one-call", "split"]), "requestIds": st.booleans(), "retry": st.booleans()}
)


def simulate(engine, log, changes, params):
    return engine.simulate({"model": "cqs", "log": log, "params": params, "interventions": changes})


def held(run):
    return {check["id"]: check["holds"] for check in run["checks"]}


@laws
@given(log=calls, changes=changes, params=params)
def test_questions_never_move_a_counter(engine, log, changes, params):
    run = simulate(engine, log, changes, params)
    assert held(run)["asking-moves-nothing"]
    assert run["result"]["movedByQuestions"] == 0
    asked_only = [call for call in log if call["type"] != DRAW]
    only = [change for change in changes if change.get("type") != DRAW]
    assert simulate(engine, asked_only, only, params)["result"]["counters"] == {}


@laws
@given(log=calls, changes=changes, params=params)
def test_leaving_the_questions_out_changes_no_number(engine, log, changes, params):
    """Whoever draws need not know whether anybody asked."""
    calm = [change for change in changes if change["kind"] == "repeat" and change["type"] == ASK]
    with_questions = simulate(engine, log, calm, params)["result"]
    without = simulate(engine, [call for call in log if call["type"] == DRAW], [], params)["result"]
    assert with_questions["counters"] == without["counters"]
    drawn = [answer["number"] for answer in with_questions["answers"] if answer["operation"] == DRAW]
    assert drawn == [answer["number"] for answer in without["answers"]]


@laws
@given(log=calls, changes=changes, params=params)
def test_every_number_is_held_once_skipped_or_doubled(engine, log, changes, params):
    result = simulate(engine, log, changes, params)["result"]
    skipped = Counter((one["series"], one["number"]) for one in result["skipped"])
    doubled = {(one["series"], one["number"]): one["holders"] for one in result["doubled"]}
    told = Counter((answer["series"], answer["number"]) for answer in result["answers"] if answer["operation"] == DRAW)
    assert all(count == 1 for count in skipped.values())
    for series, last in result["counters"].items():
        for number in range(1, last + 1):
            place = (series, number)
            assert told[place] == (0 if place in skipped else doubled.get(place, 1)), place
    assert told.total() == sum(1 for answer in result["answers"] if answer["operation"] == DRAW)


@laws
@given(log=calls, changes=changes, drawing=st.sampled_from(["one-call", "split"]))
def test_with_ids_and_retries_nothing_that_is_lost_or_overlaps_shows(engine, log, changes, drawing):
    run = simulate(engine, log, changes, {"drawing": drawing, "requestIds": True, "retry": True})
    assert all(held(run).values())
    calm = [change for change in changes if change["kind"] == "repeat"]
    draws = Counter(call["key"] or "(no series)" for call in log if call["type"] == DRAW)
    for change in calm:
        if change["type"] == DRAW and log:
            draws[log[max(0, min(change["at"], len(log)) - 1)]["key"] or "(no series)"] += change["times"]
        elif change["type"] == DRAW:
            draws["(no series)"] += change["times"]
    assert run["result"]["counters"] == dict(draws)


@laws
@given(log=calls, changes=st.lists(losses, max_size=5))
def test_each_lost_answer_of_a_draw_in_one_call_costs_one_number(engine, log, changes):
    run = simulate(engine, log, changes, {"drawing": "one-call", "retry": True})
    result = run["result"]
    draws = sum(1 for call in log if call["type"] == DRAW)
    assert sum(result["counters"].values()) == draws + len(result["skipped"])
    assert len(result["skipped"]) <= result["lostAnswers"]
    assert result["doubled"] == []
    assert len(result["answers"]) == result["calls"] == len(log)


@laws
@given(log=calls, changes=st.lists(st.one_of(overlaps, repeats), max_size=5), ids=st.booleans())
def test_in_one_call_no_two_callers_ever_share_a_number(engine, log, changes, ids):
    run = simulate(engine, log, changes, {"drawing": "one-call", "requestIds": ids})
    assert all(held(run).values())


@settings(laws, max_examples=15)
@given(log=calls, changes=changes, params=params, data=st.data())
def test_any_order_of_visits_shows_the_same_frames(engine, log, changes, params, data):
    source = {"model": "cqs", "log": log * 6, "params": params, "interventions": changes}
    visit_in_any_order(engine, source, data)

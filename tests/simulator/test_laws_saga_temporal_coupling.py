"""What sagas come to, whoever runs them; what calls and a log make of the same outages: each beside a plain account."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.simulator.conftest import visit_in_any_order

STEPS = ["a", "b", "c", "d"]
CASES = ["one", "two", "three"]

laws = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

failure = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["refuse", "jam"]),
        "at": st.just(0),
        "step": st.sampled_from(STEPS),
        "case": st.sampled_from(CASES),
        "times": st.integers(1, 4),
    }
)
plans = st.fixed_dictionaries(
    {
        "steps": st.integers(1, 4).map(lambda n: STEPS[:n]),
        "pivot": st.none() | st.sampled_from(STEPS),
        "irreversible": st.lists(st.sampled_from(STEPS), unique=True, max_size=2),
        "attempts": st.integers(1, 4),
        "fee": st.sampled_from([0, 10, 33, 100]),
    }
)
amounts = st.fixed_dictionaries({}, optional={step: st.integers(0, 999) for step in STEPS})


def fitting(plan, failures):
    """The plan and failures without what they say of steps that there are not."""
    steps = plan["steps"]
    fits = plan | {"irreversible": [step for step in plan["irreversible"] if step in steps]}
    if plan["pivot"] not in steps:
        fits["pivot"] = None
    return fits, [one for one in failures if one["step"] in steps]


def account(plan, failures, case, value):
    """What a case comes to, told as one walk forwards and perhaps one back: its outcome, and its money."""
    left = {kind: {step: 0 for step in plan["steps"]} for kind in ("refuse", "jam")}
    for one in failures:
        if one["case"] == case:
            left[one["kind"]][one["step"]] += one["times"]
    pivot = len(plan["steps"]) if plan["pivot"] is None else plan["steps"].index(plan["pivot"])
    done, undone, kept, fees = [], [], [], 0
    for place, step in enumerate(plan["steps"]):
        attempts = plan["attempts"] if place > pivot else 1
        if left["refuse"][step] < attempts:
            done.append(step)
            continue
        if place > pivot:
            return ("stuck", done, [], []), fees
        for back in reversed(done):
            if back in plan["irreversible"] or left["jam"][back] >= plan["attempts"]:
                kept.append(back)
            else:
                undone.append(back)
                fees += int(value.get(back, 0) * plan["fee"] / 100 + 0.5)
        return ("stuck" if kept else "compensated", [], sorted(undone), sorted(kept)), fees
    return ("completed", done, [], []), fees


@laws
@given(
    plan=plans,
    failures=st.lists(failure, max_size=6),
    values=st.lists(amounts, min_size=3, max_size=3),
    style=st.sampled_from(["orchestration", "choreography"]),
    pace=st.integers(0, 4),
)
def test_what_a_case_comes_to_depends_on_neither_style_nor_pace(engine, plan, failures, values, style, pace):
    plan, failures = fitting(plan, failures)
    log = [{"key": case, "type": "Asked", "value": value} for case, value in zip(CASES, values, strict=True)]
    params = plan | {"style": style, "pace": pace}
    run = engine.simulate({"model": "saga", "log": log, "params": params, "interventions": failures})
    assert run["problems"] == []
    expected = [account(plan, failures, case, value) for case, value in zip(CASES, values, strict=True)]
    for case, (outcome, _) in zip(CASES, expected, strict=True):
        found = run["result"]["outcomes"][case]
        assert (found["status"], found["done"], found["undone"], found["left"]) == outcome
    assert run["result"]["money"]["fees"] == sum(fees for _, fees in expected)
    held = {check["id"]: check["holds"] for check in run["checks"]}
    assert held["undone-in-reverse"]
    assert held["money-adds-up"]
    assert held["whole-or-amended"] == all(outcome[0] != "stuck" for outcome, _ in expected)


listeners = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.just("listen"),
            "at": st.integers(0, 3),
            "on": st.sampled_from(["a-done", "b-done", "c-failed", "x", "y"]),
        },
        optional={"publishes": st.sampled_from(["b-done", "c-failed", "b-undone", "x", "y"])},
    ),
    max_size=5,
)


@laws
@given(listeners=listeners, limit=st.integers(1, 40))
def test_listeners_are_never_edits_and_only_circles_are_cut_off(engine, listeners, limit):
    named = [one | {"listener": f"l{i}"} for i, one in enumerate(listeners)]
    log = [{"key": case, "type": "Asked", "value": {}} for case in CASES]
    params = {"style": "choreography", "steps": ["a", "b", "c"], "limit": limit}
    result = engine.simulate({"model": "saga", "log": log, "params": params, "interventions": named})["result"]
    assert result["edited"] == []
    assert result["messages"] <= limit * len(CASES)
    assert result["open"] == 0
    closing = [one for one in named if "publishes" in one and one["on"] in reached(one["publishes"], named)]
    assert bool(result["circles"]) == bool(closing)
    for circle in result["circles"]:
        assert any((one.get("publishes"), one["on"]) == (circle[0], circle[-1]) for one in closing)


CAUSED = {"requested": ["a-done", "a-failed"], "a-done": ["b-done", "b-failed"], "b-done": ["c-done", "c-failed"]} | {
    f"{later}-{outcome}": [f"{step}-undone", f"{step}-left"]
    for step, later in ("ab", "bc")
    for outcome in ("failed", "undone", "left")
}


def reached(event, listeners):
    """The events that one leads to, itself included: the steps' own rules, and the listeners'."""
    found = {event}
    while True:
        told = {one["publishes"] for one in listeners if one["on"] in found and "publishes" in one}
        more = found | told | {effect for cause in found for effect in CAUSED.get(cause, [])}
        if more == found:
            return found
        found = more


switches = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["stop", "start"]),
            "at": st.integers(0, 3),
            "component": st.sampled_from(["coordinator", "a", "b"]),
        }
    ),
    max_size=6,
)


@laws
@given(switches=switches, failures=st.lists(failure, max_size=3), pace=st.integers(0, 3))
def test_a_coordinator_that_keeps_its_state_loses_no_case(engine, switches, failures, pace):
    failures = [one for one in failures if one["step"] in "ab" and one["kind"] == "refuse"]
    again = [{"kind": "start", "component": component} for component in ("coordinator", "a", "b")]
    log = [{"key": case, "type": "Asked", "value": {}} for case in CASES]
    source = {"model": "saga", "log": log, "params": {"steps": ["a", "b"], "pace": pace}}
    run = engine.simulate(source | {"interventions": [*failures, *switches, *again]})
    calm = engine.simulate(source | {"interventions": failures})
    assert run["result"]["outcomes"] == calm["result"]["outcomes"]
    assert run["result"]["open"] == 0


SERVICES = ["a", "b"]
outages = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["stop", "start"]),
            "at": st.integers(0, 15),
            "service": st.sampled_from([*SERVICES, "log"]),
        }
    ),
    max_size=10,
)


def by_hand(count, outages, retries, catch_up):
    """Calls, appends and positions, told request by request: when each was tried, and whether that was in time."""
    stopped = set()
    up = []
    ordered = sorted(outages, key=lambda one: min(one["at"], count))
    for moment in range(count + 1):
        for one in ordered:
            if min(one["at"], count) == moment:
                (stopped.add if one["kind"] == "stop" else stopped.discard)(one["service"])
        up.append({"a", "b", "log"} - stopped)
    quiet = up.pop()
    up += [quiet] * (retries + count + 1)

    def served(needed):
        """The moment at which each request is served, or None."""
        tries = (range(made, made + retries + 1) for made in range(count))
        return [next((moment for moment in one if needed <= up[moment]), None) for one in tries]

    calls, appends = served(set(SERVICES)), served({"log"})
    positions = dict.fromkeys(SERVICES, 0)
    for moment, there in enumerate(up):
        end = sum(1 for at in appends if at is not None and at <= moment)
        for service in SERVICES:
            if {service, "log"} <= there:
                positions[service] = min(end, positions[service] + catch_up)
    return calls, appends, positions


@laws
@given(count=st.integers(0, 12), outages=outages, retries=st.integers(0, 4), catch_up=st.integers(1, 3))
def test_calls_need_everybody_at_one_moment_and_records_wait(engine, count, outages, retries, catch_up):
    log = [{"key": f"k{i}", "type": "Asked", "value": {}} for i in range(count)]
    params = {"chain": SERVICES, "retries": retries, "catchUp": catch_up}
    source = {"model": "temporal_coupling", "log": log, "params": params, "interventions": outages}
    result = engine.simulate(source)["result"]
    calls, appends, positions = by_hand(count, outages, retries, catch_up)
    assert result["calls"]["lost"] == [i for i, at in enumerate(calls) if at is None]
    assert result["calls"]["atOnce"] == sum(at == i for i, at in enumerate(calls))
    assert result["log"]["lost"] == [i for i, at in enumerate(appends) if at is None]
    assert result["log"]["appended"] == sum(at is not None for at in appends)
    assert {one["id"]: one["position"] for one in result["services"]} == positions


@laws
@given(shares=st.lists(st.integers(0, 1000), max_size=6), seed=st.integers(0, 9))
def test_a_chain_is_as_available_as_the_product_and_never_more_than_its_least_service(engine, shares, seed):
    available = {f"s{i}": share for i, share in enumerate(shares)}
    log = [{"key": "k", "type": "Asked", "value": {}}] * 60
    params = {"chain": list(available), "available": available}
    result = engine.simulate({"model": "temporal_coupling", "log": log, "params": params, "seed": seed})["result"]
    assert result["calls"]["expected"] == pytest.approx(math.prod(share / 1000 for share in shares), abs=1e-6)
    assert result["calls"]["product"] == pytest.approx(math.prod(one["up"] for one in result["services"]), abs=1e-5)
    assert result["calls"]["measured"] <= min((one["up"] for one in result["services"]), default=1)
    assert result["log"]["lost"] == []


CASES_OF_FRAMES = {
    "saga": (
        {"style": "choreography", "steps": ["a", "b", "c"], "pivot": "b", "pace": 1, "limit": 12},
        st.tuples(st.lists(failure, max_size=3), listeners, st.just([{"kind": "look", "at": 2}])),
    ),
    "temporal_coupling": ({"chain": SERVICES, "retries": 2, "available": {"a": 800}}, st.tuples(outages)),
}


@pytest.mark.parametrize("model", CASES_OF_FRAMES)
@settings(laws, max_examples=12)
@given(data=st.data())
def test_any_order_of_visits_shows_the_same_frames(engine, model, data):
    params, changes = CASES_OF_FRAMES[model]
    interventions = [
        one | {"listener": f"l{i}"} if one["kind"] == "listen" else one
        for part in data.draw(changes)
        for i, one in enumerate(part)
    ]
    log = [{"key": case, "type": "Asked", "value": {"a": 5}} for case in CASES] * 4
    source = {"model": model, "log": log, "params": params, "interventions": interventions}
    visit_in_any_order(engine, source, data)

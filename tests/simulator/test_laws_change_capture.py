"""A table and its captured changes beside plain dictionaries: a copy agrees, nothing is answered that was not kept."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

laws = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

STATUSES = {"Placed": 1, "Paid": 2, "Cancelled": 5}
logs = st.lists(
    st.fixed_dictionaries(
        {
            "key": st.sampled_from(["a", "b", "c", None]),
            "type": st.sampled_from([*STATUSES, "Added"]),
            "value": st.fixed_dictionaries({"reason": st.sampled_from(["late", "broken"]), "city": st.just("York")})
            | st.just({"sku": "mug"})
            | st.none(),
        }
    ),
    max_size=30,
)
settings_ = st.fixed_dictionaries(
    {
        "columns": st.sampled_from([[], ["city"], ["reason"], ["reason", "city"]]),
        "eventsFrom": st.integers(0, 30),
        "laterFields": st.sampled_from([{}, {"reason": 7}]),
    }
)
hands = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["edit", "delete"]),
            "key": st.sampled_from(["a", "b"]),
            "at": st.integers(0, 30),
        }
    ),
    max_size=4,
)


def simulate(engine, log, params, interventions=()):
    given_params = {"statuses": STATUSES} | params
    return engine.simulate(
        {"model": "change_capture", "log": log, "params": given_params, "interventions": list(interventions)}
    )


def held(run):
    return {check["id"]: check["holds"] for check in run["checks"]}


def changes_of(log, columns):
    """What an application's table goes through: (before, after) of every change, and the events without one."""
    table, changes, silent = {}, [], []
    for offset, record in enumerate(log):
        key = record["key"]
        if key is None:
            continue
        before, value = table.get(key), record["value"]
        if value is None:
            after = None
        else:
            known = before or {"status": None, **dict.fromkeys(columns)}
            after = known | {"id": key} | {name: value[name] for name in columns if name in value}
            after["status"] = STATUSES.get(record["type"], known["status"])
        if after == before:
            silent.append(offset)
            continue
        changes.append((before, after))
        table[key] = after
        if after is None:
            del table[key]
    return table, changes, silent


@laws
@given(log=logs, params=settings_)
def test_every_change_is_captured_and_nothing_else(engine, log, params):
    result = simulate(engine, log, params)["result"]
    table, changes, silent = changes_of(log, params["columns"])
    assert [(each["before"], each["after"]) for each in result["changes"]] == changes
    ops = ["c" if before is None else "d" if after is None else "u" for before, after in changes]
    assert [each["op"] for each in result["changes"]] == ops
    assert result["tombstones"] == ops.count("d")
    assert result["silent"] == silent
    assert result["rows"] == len(table)
    assert result["events"] == max(0, len(log) - params["eventsFrom"])


@laws
@given(log=logs, params=settings_, interventions=hands)
def test_a_copy_made_from_the_log_agrees_whoever_changed_the_table(engine, log, params, interventions):
    run = simulate(engine, log, params, interventions)
    assert held(run)["copy-agrees"]
    assert run["result"]["missed"] == 0
    assert held(run)["changes-explained"] == (run["result"]["unexplained"] == 0)


@laws
@given(log=logs, params=settings_, upcast=st.booleans())
def test_an_answer_never_contains_what_was_not_kept(engine, log, params, upcast):
    interventions = [{"kind": "upcast", "type": "Cancelled", "field": "reason", "value": "?"}] if upcast else []
    interventions.append({"kind": "ask", "type": "Cancelled", "field": "reason"})
    answer = simulate(engine, log, params, interventions)["result"]["asked"][0]
    cancelled = [(at, each) for at, each in enumerate(log) if each["type"] == "Cancelled" and each["key"] is not None]
    kept = [(at, each) for at, each in cancelled if at >= params["eventsFrom"]]
    since = params["laterFields"].get("reason", 0)
    said = Counter((each["value"] or {}).get("reason") if at >= since else None for at, each in kept)
    lacking = said.pop(None, 0)
    expected = dict(said) | ({"?": lacking} if upcast and lacking else {})
    assert answer["events"] == expected
    assert answer["unrecorded"] == len(cancelled) - len(kept)
    assert (answer["invented"], answer["unreadable"]) == ((lacking, 0) if upcast else (0, lacking))
    if "reason" not in params["columns"]:
        assert answer["changes"] == {}


@laws
@given(log=logs, params=settings_, every=st.integers(1, 8))
def test_polling_never_sees_more_than_the_log(engine, log, params, every):
    whole = simulate(engine, log, params)["result"]
    polled = simulate(engine, log, params | {"capture": "poll", "pollEvery": every})["result"]
    assert len(polled["changes"]) + polled["missed"] == len(whole["changes"])
    seen = [each["after"] for each in whole["changes"]]
    assert all(each["after"] in seen and each["before"] is None for each in polled["changes"])

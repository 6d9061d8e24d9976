"""Laws of delivery, of dead letters and of the outbox, against plain retellings of their rules; and their scenarios."""

from operator import itemgetter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.shipped import scenarios
from tests.simulator.conftest import visit_in_any_order

MODELS = ("delivery", "dead_letter", "outbox")
KEYS = ("a", "b", "c", None)

laws = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

points = st.sampled_from(["before-process", "between", "after"])
records = st.lists(
    st.fixed_dictionaries(
        {
            "key": st.sampled_from(KEYS),
            "type": st.sampled_from(["Placed", "Paid", "Sent"]),
            "value": st.fixed_dictionaries({"id": st.integers(0, 9), "amount": st.integers(-20, 20)}),
        }
    ),
    max_size=20,
)


def simulate(engine, model, log, params, changes=()):
    return engine.simulate({"model": model, "log": log, "params": params, "interventions": list(changes)})


def held(run):
    return {check["id"]: check["holds"] for check in run["checks"]}


# --- delivery

delivery_params = st.fixed_dictionaries(
    {
        "semantics": st.sampled_from(["at-most-once", "at-least-once", "exactly-once"]),
        "sink": st.sampled_from(["additive", "idempotent", "external"]),
    }
)
crashes = st.lists(
    st.fixed_dictionaries({"kind": st.just("crash"), "at": st.integers(0, 20), "point": points}), max_size=5
)
rewinds = st.lists(
    st.fixed_dictionaries({"kind": st.just("rewind"), "at": st.integers(0, 20), "records": st.integers(1, 8)}),
    max_size=3,
)


def deliver(count, *, semantics, sink, crash):
    """What a loop of read, process and commit does that is interrupted once and begun again."""
    applied, committed, waiting = [], 0, list(crash)

    def dies(record, point):
        if waiting != [record, point]:
            return False
        waiting.clear()
        return True

    while committed < count:
        for record in range(committed, count):
            if dies(record, "before-process"):
                break
            in_transaction = semantics == "exactly-once" and sink != "external"
            if semantics == "at-most-once":
                committed = record + 1
            elif not in_transaction and not (sink == "idempotent" and record in applied):
                applied.append(record)
            if dies(record, "between"):
                break
            if semantics == "at-most-once" or in_transaction:
                applied.append(record)
            committed = record + 1
            if dies(record, "after"):
                break
    return {
        "applied": applied,
        "lost": [record for record in range(count) if record not in applied],
        "repeated": [record for record in range(count) if applied.count(record) > 1],
        "committed": committed,
    }


@laws
@given(log=records.filter(bool), params=delivery_params, data=st.data())
def test_one_crash_ends_as_in_a_plain_loop(engine, log, params, data):
    crash = [data.draw(st.integers(0, len(log) - 1)), data.draw(points)]
    given = params | {"crashAt": {"record": crash[0], "point": crash[1]}}
    assert simulate(engine, "delivery", log, given)["result"] == deliver(len(log), crash=crash, **params)


@laws
@given(log=records, params=delivery_params, changes=crashes)
def test_crashes_lose_or_repeat_but_never_both(engine, log, params, changes):
    run = simulate(engine, "delivery", log, params, changes)
    result, semantics, sink = run["result"], params["semantics"], params["sink"]
    assert result["committed"] == len(log)
    if semantics != "at-most-once":
        assert result["lost"] == []
    if semantics == "at-most-once" or sink == "idempotent" or (semantics == "exactly-once" and sink == "additive"):
        assert result["repeated"] == []
    between = {change["at"] for change in changes if change["point"] == "between" and change["at"] < len(log)}
    assert {*result["lost"], *result["repeated"]} <= between
    assert sorted(set(result["applied"]) | set(result["lost"])) == list(range(len(log)))
    assert result["applied"] == sorted(result["applied"]), "a crash alone never changes the order"
    assert held(run)["total-right"] or result["lost"] or result["repeated"]


@laws
@given(log=records, params=delivery_params, changes=st.tuples(crashes, rewinds).map(lambda both: [*both[0], *both[1]]))
def test_a_sink_that_knows_every_identity_applies_each_once(engine, log, params, changes):
    given = params | {"sink": "idempotent", "identity": "id"}
    run = simulate(engine, "delivery", log, given, changes)
    result = run["result"]
    ids = [log[offset]["value"]["id"] for offset in result["applied"]]
    assert len(ids) == len(set(ids))
    assert result["repeated"] == []
    if params["semantics"] != "at-most-once":
        assert set(ids) == {record["value"]["id"] for record in log}


@laws
@given(log=records, params=delivery_params, changes=rewinds, remember=st.integers(1, 6))
def test_what_took_effect_is_told_the_same_at_every_step(engine, log, params, changes, remember):
    source = {
        "model": "delivery",
        "log": log,
        "params": params | {"remember": remember, "identity": "id"},
        "interventions": changes,
    }
    length = engine.simulate(source)["length"]
    before = []
    for step in range(0, length + 1, 3):
        result = engine.outcome(source, step)["result"]
        assert result["applied"][: len(before)] == before, "an effect is never taken back"
        before = result["applied"]
        assert not set(result["lost"]) & set(result["applied"])


# --- dead letters

letter_params = st.fixed_dictionaries(
    {
        "onPoison": st.sampled_from(["block", "skip", "park"]),
        "poison": st.lists(st.integers(0, 20), max_size=5, unique=True),
        "retries": st.integers(0, 3),
        "failures": st.none() | st.integers(1, 5),
        "keepOrderPerKey": st.booleans(),
    }
)
letter_changes = st.lists(
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["spoil", "mend", "redrive", "skip"]), "at": st.integers(0, 20)},
    ),
    max_size=6,
)


def consume(keys, *, onPoison, poison, retries, failures, keepOrderPerKey):
    """What is applied, parked and skipped, where the consumer stands and how often it failed, if nobody helps."""
    applied, parked, skipped, attempts = [], [], [], 0
    for record, key in enumerate(keys):
        is_behind = key is not None and key in [keys[other] for other in parked]
        if onPoison == "park" and keepOrderPerKey and is_behind:
            parked.append(record)
            continue
        gives_up = record in poison and (failures is None or failures > retries)
        if gives_up and onPoison == "block" and failures is None:
            later = len(keys) - record - 1
            return applied, parked, skipped, record, attempts + retries + 1 + later
        if record in poison:
            attempts += failures if onPoison == "block" or not gives_up else retries + 1
        if not gives_up or onPoison == "block":
            applied.append(record)
        elif onPoison == "skip":
            skipped.append(record)
        else:
            parked.append(record)
    return applied, parked, skipped, None, attempts


@laws
@given(log=records, params=letter_params)
def test_a_consumer_that_nobody_helps_ends_as_in_a_plain_loop(engine, log, params):
    result = simulate(engine, "dead_letter", log, params)["result"]
    found = [result[name] for name in ("applied", "parked", "skipped", "blocked", "attempts")]
    assert found == list(consume([record["key"] for record in log], **params))


@laws
@given(log=records, params=letter_params, changes=letter_changes)
def test_every_record_is_applied_parked_skipped_or_waits(engine, log, params, changes):
    run = simulate(engine, "dead_letter", log, params, changes)
    result = run["result"]
    settled = [*result["applied"], *result["parked"], *result["skipped"]]
    assert len(settled) == len(set(settled)) == len(log) - result["waiting"]
    assert (result["blocked"] is None) == (result["waiting"] == 0)
    keys = [record["key"] for record in log]
    applied = [offset for offset in result["applied"] if keys[offset] is not None]
    after_newer = [o for i, o in enumerate(applied) if any(keys[p] == keys[o] and p > o for p in applied[:i])]
    assert result["late"] == after_newer
    assert set(result["overwritten"]) <= {keys[offset] for offset in after_newer}
    if params["onPoison"] != "park" or params["keepOrderPerKey"]:
        assert held(run)["order-per-key"]
        assert result["overwritten"] == []


@laws
@given(log=records, params=letter_params)
def test_repair_and_redrive_bring_everything_to_its_effect_but_what_was_skipped(engine, log, params):
    changes = [{"kind": "mend"}, {"kind": "redrive"}]
    result = simulate(engine, "dead_letter", log, params, changes)["result"]
    assert (result["parked"], result["waiting"]) == ([], 0)
    assert sorted([*result["applied"], *result["skipped"]]) == list(range(len(log)))


# --- the outbox

METHODS = ("database-first", "message-first", "outbox")
where = st.sampled_from(["before", "between", "after"])
mishap = st.one_of(
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["crash", "crash_relay"]), "at": st.integers(0, 20), "point": where}
    ),
    st.fixed_dictionaries({"kind": st.sampled_from(["refuse", "disconnect", "reconnect"]), "at": st.integers(0, 20)}),
)
outbox_params = st.fixed_dictionaries(
    {
        "method": st.sampled_from(METHODS),
        "relayEvery": st.integers(1, 5),
        "batch": st.integers(1, 4),
        "ignoreRepeats": st.booleans(),
    }
)


def change_and_tell(count, method, crashes):
    """What is written, told and failed where the service dies at these records: {record: point}."""
    written, told, failed = [], [], []
    for record in range(count):
        point = crashes.get(record, "after")
        first, second = {"database-first": (written, told), "message-first": (told, written)}.get(method, (None, None))
        if point == "before" or (point == "between" and method == "outbox"):
            failed.append(record)
        elif method == "outbox":
            written.append(record)
            told.append(record)
        else:
            first.append(record)
            if point == "after":
                second.append(record)
    return written, told, failed


@laws
@given(count=st.integers(0, 15), method=st.sampled_from(METHODS), crashes=st.dictionaries(st.integers(0, 15), where))
def test_crashes_of_the_service_end_as_in_a_plain_loop(engine, count, method, crashes):
    log = [{"key": "a", "type": "Placed", "value": record} for record in range(count)]
    changes = [{"kind": "crash", "at": at, "point": point} for at, point in crashes.items()]
    result = simulate(engine, "outbox", log, {"method": method}, changes)["result"]
    assert (result["written"], result["published"], result["failed"]) == change_and_tell(count, method, crashes)


@laws
@given(log=records, params=outbox_params, changes=st.lists(mishap, max_size=8))
def test_two_writes_part_and_an_outbox_only_lags(engine, log, params, changes):
    run = simulate(engine, "outbox", log, params, changes)
    result = run["result"]
    written, published = result["written"], result["published"]
    told = list(dict.fromkeys(published))
    assert told == sorted(told), "messages go out in the order of the changes"
    assert sorted({*written, *result["lied"], *result["failed"]}) == list(range(len(log)))
    assert result["repeated"] == [offset for offset in told if published.count(offset) > 1]
    assert result["applied"] == (told if params["ignoreRepeats"] else published)
    if params["method"] == "outbox":
        assert (result["lost"], result["lied"]) == ([], [])
        assert not result["waiting"] or any(change["kind"] == "disconnect" for change in changes)
        unmarked = told[-1:] if result["waiting"][:1] == told[-1:] else []
        assert told + result["waiting"][len(unmarked) :] == written
    else:
        assert (result["repeated"], result["waiting"]) == ([], [])
        assert set(written) - set(published) == set(result["lost"])
        assert set(published) - set(written) == set(result["lied"])
        assert result["lost" if params["method"] == "message-first" else "lied"] == []


# --- all of them

CASES = {
    "delivery": (
        st.tuples(crashes, rewinds).map(lambda both: [*both[0], *both[1]]),
        {"semantics": "at-most-once", "sink": "idempotent", "identity": "id", "remember": 4},
    ),
    "outbox": (st.lists(mishap, max_size=8), {"method": "outbox", "relayEvery": 2, "batch": 3}),
    "dead_letter": (letter_changes, {"poison": [1, 4, 30, 31, 60], "retries": 1, "keepOrderPerKey": True}),
}


@pytest.mark.parametrize("model", MODELS)
@settings(laws, max_examples=12)
@given(data=st.data())
def test_any_order_of_visits_shows_the_same_frames(engine, model, data):
    changes, params = CASES[model]
    source = {
        "model": model,
        "log": data.draw(records) * 5,
        "params": params,
        "interventions": data.draw(changes),
    }
    visit_in_any_order(engine, source, data)


@pytest.mark.parametrize("scenario", scenarios(MODELS), ids=itemgetter("slug"))
def test_a_scenarios_break_refutes_one_of_its_claims(engine, scenario):
    verdicts = engine.evaluate(scenario["broken"], scenario["claims"])
    assert not all(verdict["holds"] for verdict in verdicts)

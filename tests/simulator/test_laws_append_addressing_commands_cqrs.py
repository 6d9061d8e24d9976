"""Conservation laws of the log, of addressing, of command handling and of CQRS, and the claims of their scenarios."""

from collections import Counter
from operator import itemgetter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.shipped import scenarios
from tests.simulator.conftest import visit_in_any_order

MODELS = ("append_log", "addressing", "command_handling", "cqrs")
KEYS = ("a", "b", "c", None)
TYPES = ("Placed", "Paid", "Sent")
STOCK = {"mug": 3, "lamp": 1}

laws = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


ANY_VALUE = st.just({"n": 1})


def records(types=TYPES, keys=KEYS, value=ANY_VALUE, max_size=25):
    record = st.fixed_dictionaries({"key": st.sampled_from(keys), "type": st.sampled_from(types), "value": value})
    return st.lists(record, max_size=max_size)


def interventions(*kinds, max_size=8):
    """Lists of interventions of these kinds: each a name and strategies for its parameters."""
    at = st.integers(0, 25)
    each = [st.fixed_dictionaries({"kind": st.just(kind), "at": at, **params}) for kind, params in kinds]
    return st.lists(st.one_of(each), max_size=max_size)


offset = st.integers(0, 30)
reader = st.sampled_from(["fast", "slow"])
log_changes = interventions(
    ("edit", {"offset": offset}),
    ("delete", {"offset": offset}),
    ("correct", {"offset": offset}),
    ("rewind", {"reader": reader, "to": offset}),
    ("stop", {"reader": reader}),
    ("start", {"reader": reader}),
    ("join", {"reader": st.sampled_from(["late", "later"]), "from": offset}),
)
receiver = st.sampled_from(["x", "y"])
comings_and_goings = interventions(
    ("stop", {"receiver": receiver}),
    ("start", {"receiver": receiver}),
    ("join", {"receiver": st.sampled_from(["late", "later"])}),
)
amounts = st.fixed_dictionaries(
    {
        "sku": st.sampled_from(["mug", "lamp"]),
        "quantity": st.integers(1, 3),
        "price": st.just(5),
        "amount": st.sampled_from([5, 10, 15]),
    }
)
AGGREGATES = st.sampled_from(["order", "order-and-article"])
commands = records(
    types=("PlaceOrder", "AddItem", "CapturePayment", "ShipOrder", "CancelOrder", "RefundOrder", "Juggle"),
    keys=("o1", "o2"),
    value=amounts,
    max_size=30,
)
collisions = interventions(
    ("collide", {"commands": st.integers(2, 4)}),
    ("restock", {"article": st.sampled_from(["mug", "lamp"]), "quantity": st.integers(1, 3)}),
)
reading = interventions(
    ("probe", {}),
    ("ask", {"type": st.sampled_from(TYPES)}),
    ("pause", {}),
    ("resume", {}),
    ("quiet", {}),
    ("rebuild", {}),
    ("patch", {}),
)


def simulate(engine, model, log, params, changes):
    return engine.simulate({"model": model, "log": log, "params": params, "interventions": changes})


def held(run):
    return {check["id"]: check["holds"] for check in run["checks"]}


@laws
@given(log=records(), changes=log_changes, every=st.integers(1, 5), batch=st.integers(1, 4))
def test_a_log_keeps_what_was_appended_whatever_is_attempted(engine, log, changes, every, batch):
    params = {"readers": {"fast": 1, "slow": every}, "batch": batch}
    run = simulate(engine, "append_log", log, params, changes)
    result = run["result"]
    assert result["appended"] == len(log) + len(result["corrections"]) == result["readable"]
    assert result["changed"] == []
    attempts = [change for change in changes if change["kind"] in ("edit", "delete", "correct")]
    assert len(result["refused"]) + len(result["corrections"]) == len(attempts)
    assert all(held(run).values())


@laws
@given(log=records(), changes=log_changes)
def test_edits_in_place_are_the_only_thing_that_sets_readers_apart(engine, log, changes):
    params = {"amend": "in-place", "readers": {"fast": 1, "slow": 3}}
    run = simulate(engine, "append_log", log, params, changes)
    result = run["result"]
    deleted = [change for change in result["changed"] if change["kind"] == "delete"]
    assert result["readable"] == result["appended"] - len(deleted)
    assert held(run)["readers-agree"] == (not any(change["readBefore"] for change in result["changed"]))
    assert held(run)["order-kept"]


@laws
@given(
    log=records(),
    changes=comings_and_goings,
    kind=st.sampled_from(["event", "command", "query"]),
    channel=st.sampled_from(["log", "queue", "fanout", "direct"]),
    receivers=st.sampled_from([[], ["x"], ["x", "y"]]),
    refuse=st.sampled_from([[], ["Paid"]]),
)
def test_every_message_is_received_refused_waiting_or_lost(engine, log, changes, kind, channel, receivers, refuse):
    params = {"kind": kind, "channel": channel, "receivers": receivers, "refuse": refuse}
    result = simulate(engine, "addressing", log, params, changes)["result"]
    reached = [Counter(one["received"] + one["refused"]) for one in result["receivers"]]
    total = sum(reached, Counter())
    assert all(count == 1 for one in reached for count in one.values()), "nobody gets a message twice"
    assert result["deliveries"] == total.total()
    assert not set(result["lost"]) & set(total), "what is lost reached nobody"
    if channel == "queue":
        assert all(count == 1 for count in total.values()), "a queue hands each message to one consumer"
        assert len(total) + result["waiting"] == result["sent"]
    if channel == "log":
        for one in result["receivers"]:
            assert len(one["received"]) + len(one["refused"]) + one["waiting"] == result["sent"]
    if channel == "fanout":
        for one in result["receivers"]:
            assert len(one["received"]) + len(one["refused"]) + one["waiting"] == result["sent"] - one["joinedAfter"]
    if channel == "direct":
        assert result["waiting"] == 0
    if kind != "command":
        assert not any(one["refused"] for one in result["receivers"]), "only a command can be refused"
    if kind == "query":
        assert result["answers"] == result["deliveries"]


@laws
@given(log=commands, changes=collisions, retry=st.booleans())
def test_with_the_version_check_no_rule_is_ever_broken(engine, log, changes, retry):
    run = simulate(engine, "command_handling", log, {"retry": retry, "stock": STOCK}, changes)
    assert run["result"]["broken"] == []
    assert all(held(run).values())


@laws
@given(log=commands, changes=collisions, check=st.booleans(), aggregates=AGGREGATES)
def test_commands_end_once_and_pieces_are_conserved(engine, log, changes, check, aggregates):
    params = {"versionCheck": check, "aggregates": aggregates, "stock": STOCK}
    run = simulate(engine, "command_handling", log, params, changes)
    result = run["result"]
    unresolved = [one for one in result["conflicts"] if one["then"] == "conflict"]
    assert result["accepted"] + len(result["refusals"]) + len(unresolved) == len(log)
    if not check:
        assert result["conflicts"] == []
    assert held(run)["refusal-leaves-no-trace"]
    assert held(run)["events-explain-stock"]
    for sku, pieces in STOCK.items():
        moved = Counter(event["type"] for event in result["events"] if event["id"] == sku)
        assert result["stock"][sku]["version"] == moved.total()
        if not moved:
            assert result["stock"][sku]["left"] == pieces


cqrs_params = st.fixed_dictionaries(
    {
        "separated": st.booleans(),
        "delivery": st.sampled_from(["sync", "async"]),
        "lag": st.integers(0, 6),
        "catchUp": st.integers(1, 3),
    }
)


@laws
@given(log=records(), changes=reading, params=cqrs_params)
def test_reads_are_a_prefix_of_the_writes_and_level_once_nothing_moves(engine, log, changes, params):
    run = simulate(engine, "cqrs", log, params, changes)
    result = run["result"]
    assert result["writePosition"] + len(result["refused"]) == len(log)
    assert result["readPosition"] + result["gap"] == result["writePosition"]
    kinds = [change["kind"] for change in sorted(changes, key=lambda change: min(change["at"], len(log)))]
    switches = [kind for kind in kinds if kind in ("pause", "resume")]
    if not switches or switches[-1] == "resume":
        assert result["gap"] == 0
    if params["delivery"] == "sync":
        assert result["largestGap"] == 0
        assert all(probe["fresh"] for probe in result["probes"] if probe["kind"] == "probe")
    if "patch" not in kinds:
        assert held(run)["read-model-follows-log"]
        assert sum(result["totals"].values()) == result["keys"]


CASES = {
    "append_log": (records(), log_changes, {"amend": "in-place", "readers": {"fast": 1, "slow": 2}}),
    "addressing": (records(), comings_and_goings, {"channel": "queue", "receivers": ["x", "y"], "payload": "thin"}),
    "command_handling": (commands, collisions, {"versionCheck": False, "stock": STOCK}),
    "cqrs": (records(), reading, {"lag": 3, "onlyOnce": ["Paid"], "decideFrom": "read"}),
}


@pytest.mark.parametrize("model", MODELS)
@settings(laws, max_examples=12)
@given(data=st.data())
def test_any_order_of_visits_shows_the_same_frames(engine, model, data):
    log, changes, params = CASES[model]
    source = {"model": model, "log": data.draw(log) * 6, "params": params, "interventions": data.draw(changes)}
    visit_in_any_order(engine, source, data)


@pytest.mark.parametrize("scenario", scenarios(MODELS), ids=itemgetter("slug"))
def test_a_scenarios_claims_hold_and_its_break_refutes_one(engine, scenario):
    run = engine.simulate(scenario["given"])
    assert run["problems"] == []
    assert 0 <= scenario["start"] < run["length"]
    verdicts = engine.evaluate(scenario["given"], scenario["claims"])
    assert [verdict for verdict in verdicts if not verdict["holds"]] == []
    broken = engine.evaluate(scenario["broken"], scenario["claims"])
    assert not all(verdict["holds"] for verdict in broken)
    assert engine.simulate(scenario["broken"])["problems"] == []


SHOWN = """
event-driven-architecture event domain-event log
message message-bus topic-addressing event-addressing command-addressing query event-notification
command write-model aggregate
cqrs write-model-cqrs read-model-cqrs eventual-consistency
"""


def test_each_term_that_these_models_show_has_a_scenario():
    assert {scenario["slug"] for scenario in scenarios(MODELS)} >= set(SHOWN.split())

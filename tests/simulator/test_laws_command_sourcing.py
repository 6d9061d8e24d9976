"""Laws of command sourcing, and the same two shops worked out in Python."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.simulator.conftest import visit_in_any_order

laws = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

STATUS = {"OrderPlaced": "placed", "OrderShipped": "shipped", "OrderCancelled": "cancelled"}
KEYS = ("o1", "o2", "o3", None)
CARDS = ("anna", "ben")

values = st.fixed_dictionaries(
    {"net": st.integers(-10, 200)},
    optional={"card": st.sampled_from(CARDS), "atMost": st.integers(0, 250)},
)
commands = st.lists(
    st.fixed_dictionaries(
        {
            "key": st.sampled_from(KEYS),
            "type": st.sampled_from(["PlaceOrder", "PlaceOrder", "ShipOrder", "CancelOrder", "Juggle"]),
            "value": values,
        }
    ),
    max_size=20,
)
at = st.integers(0, 20)
changes = st.lists(
    st.one_of(
        st.fixed_dictionaries({"kind": st.just("change-rate"), "at": at, "percent": st.integers(0, 50)}),
        st.fixed_dictionaries({"kind": st.just("block-card"), "at": at, "card": st.sampled_from(CARDS)}),
        st.fixed_dictionaries({"kind": st.just("replay"), "at": at}),
    ),
    max_size=6,
)
params = st.fixed_dictionaries(
    {
        "vatPercent": st.integers(0, 50),
        "rulesBy": st.sampled_from(["now", "date"]),
        "gateway": st.sampled_from(["live", "recorded"]),
    }
)


def simulate(engine, log, changes, params):
    return engine.simulate({"model": "command_sourcing", "log": log, "params": params, "interventions": changes})


def decide(order, command, percent, ask):
    """(event, reason, the bank's answer) of one command: the rules of the shop, from their description."""
    kind, value = command["type"], command["value"]
    if kind == "Juggle":
        return None, "unknown-command", None
    if command["key"] is None:
        return None, "no-order-named", None
    if kind != "PlaceOrder":
        if order is None:
            return None, "no-such-order", None
        if order[0] != "placed":
            return None, {"shipped": "shipped-already", "cancelled": "cancelled"}[order[0]], None
        return ("OrderShipped" if kind == "ShipOrder" else "OrderCancelled", order[1]), None, None
    if order is not None:
        return None, "exists-already", None
    if value["net"] <= 0:
        return None, "incomplete", None
    gross = value["net"] + (value["net"] * percent * 2 + 100) // 200
    if gross > value.get("atMost", gross):
        return None, "over-the-limit", None
    answer = ask(value.get("card"))
    if answer is None:
        return None, "no-answer-kept", None
    return (("OrderPlaced", gross), None, True) if answer else (None, "card-declined", False)


class Shop:
    def __init__(self):
        self.orders, self.first = {}, []
        self.effects = {"charges": 0, "charged": 0, "refunds": 0, "refunded": 0, "parcels": 0}

    def take(self, key, event, acts):
        if event is None:
            return
        kind, gross = event
        self.orders[key] = (STATUS[kind], gross)
        if not acts:
            return
        if kind == "OrderShipped":
            self.effects["parcels"] += 1
            return
        count, amount = ("charges", "charged") if kind == "OrderPlaced" else ("refunds", "refunded")
        self.effects[count] += 1
        self.effects[amount] += gross

    def told(self):
        return {
            "orders": {key: {"status": status, "gross": gross} for key, (status, gross) in self.orders.items()},
            "effects": self.effects,
        }


def both_shops(log, changes, params):
    """The event-sourced and the command-sourced shop after all of it."""
    kept, redone = Shop(), Shop()
    rate, rates, blocked = params["vatPercent"], [], set()
    ordered = sorted(changes, key=lambda change: min(change["at"], len(log)))
    for index in range(len(log) + 1):
        for change in [one for one in ordered if min(one["at"], len(log)) == index]:
            if change["kind"] == "change-rate":
                rate = change["percent"]
            elif change["kind"] == "block-card":
                blocked.add(change["card"])
            else:
                kept.orders, redone.orders = {}, {}
                for i, command in enumerate(log[:index]):
                    kept.take(command["key"], kept.first[i][0], acts=False)
                    live = params["gateway"] == "live"
                    answer = (lambda card: card not in blocked) if live else (lambda _, i=i: redone.first[i][2])
                    percent = rates[i] if params["rulesBy"] == "date" else rate
                    event, *_ = decide(redone.orders.get(command["key"]), command, percent, answer)
                    redone.take(command["key"], event, acts=live)
        if index == len(log):
            return kept, redone
        rates.append(rate)
        for shop in (kept, redone):
            command = log[index]
            decision = decide(shop.orders.get(command["key"]), command, rate, lambda card: card not in blocked)
            shop.first.append(decision)
            shop.take(command["key"], decision[0], acts=True)


@laws
@given(log=commands, changes=changes, params=params)
def test_both_shops_end_where_an_independent_reading_of_the_rules_puts_them(engine, log, changes, params):
    result = simulate(engine, log, changes, params)["result"]
    kept, redone = both_shops(log, changes, params)
    assert result["eventSourced"] == kept.told()
    assert result["commandSourced"] == redone.told()


@laws
@given(log=commands, changes=changes, params=params)
def test_no_rebuild_changes_or_repeats_what_is_kept_as_events(engine, log, changes, params):
    without = [change for change in changes if change["kind"] != "replay"]
    run, calm = simulate(engine, log, changes, params), simulate(engine, log, without, params)
    assert run["result"]["eventSourced"] == calm["result"]["eventSourced"]
    held = {check["id"]: check["holds"] for check in run["checks"]}
    assert held["events-keep-decisions"]
    assert held["events-act-once"]


@laws
@given(log=commands, changes=changes, rate=st.integers(0, 50))
def test_dated_rules_and_recorded_answers_make_both_logs_agree(engine, log, changes, rate):
    params = {"vatPercent": rate, "rulesBy": "date", "gateway": "recorded"}
    run = simulate(engine, log, changes, params)
    assert run["result"]["commandSourced"] == run["result"]["eventSourced"]
    assert run["result"]["changed"] == run["result"]["differing"] == run["result"]["chargedAgain"] == []
    assert all(check["holds"] for check in run["checks"])


@laws
@given(log=commands, times=st.integers(1, 4), params=params)
def test_each_rebuild_with_the_outside_connected_acts_once_more(engine, log, times, params):
    replays = [{"kind": "replay"}] * times
    result = simulate(engine, log, replays, params | {"gateway": "live"})["result"]
    once = result["eventSourced"]["effects"]
    assert result["commandSourced"]["effects"] == {name: amount * (times + 1) for name, amount in once.items()}
    assert result["changed"] == []


@settings(laws, max_examples=15)
@given(log=commands, changes=changes, params=params, data=st.data())
def test_any_order_of_visits_shows_the_same_frames(engine, log, changes, params, data):
    source = {"model": "command_sourcing", "log": log * 6, "params": params, "interventions": changes}
    visit_in_any_order(engine, source, data)

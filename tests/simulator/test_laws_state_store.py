"""State in memory beside a plain dictionary: what is in it, what a start reads, and what a query finds and costs."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

laws = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

logs = st.lists(
    st.fixed_dictionaries(
        {
            "key": st.sampled_from(["a", "b", "c", "d", None]),
            "type": st.sampled_from(["Placed", "Sent"]),
            "value": st.fixed_dictionaries({"n": st.integers(0, 2)}) | st.just({"city": "York"}) | st.none(),
        }
    ),
    max_size=30,
)
places = st.lists(st.integers(0, 30), max_size=5)
stores = st.fixed_dictionaries(
    {
        "store": st.sampled_from(["memory", "rdbms"]),
        "transactions": st.booleans(),
        "backupEvery": st.integers(0, 8),
        "index": st.sampled_from([None, "type", "n"]),
    }
)


def simulate(engine, log, params, interventions):
    return engine.simulate({"model": "state_store", "log": log, "params": params, "interventions": interventions})


def held(run):
    return {check["id"]: check["holds"] for check in run["checks"]}


def rows_of(log):
    """The rows that a log makes."""
    rows = {}
    for record in log:
        if record["key"] is None:
            continue
        if record["value"] is None:
            rows.pop(record["key"], None)
        else:
            rows[record["key"]] = rows.get(record["key"], {}) | record["value"] | {"type": record["type"]}
    return rows


@laws
@given(log=logs, params=stores, restarts=places)
def test_a_start_brings_the_same_rows_back_and_reads_what_follows_the_last_copy(engine, log, params, restarts):
    run = simulate(engine, log, params, [{"kind": "restart", "at": at} for at in restarts])
    assert run["result"]["rows"] == len(rows_of(log))
    assert all(held(run).values()) or run["result"]["built"]
    assert held(run)["nothing-forgotten"]
    every = params["backupEvery"] or (10 if params["store"] == "rdbms" else 0)
    expected = [min(at, len(log)) for at in sorted(restarts)]
    # A record without a key is in the log and counts, too.
    assert [each["after"] for each in run["result"]["startUps"]] == expected
    assert [each["recordsRead"] for each in run["result"]["startUps"]] == [
        at % every if every else at for at in expected
    ]
    assert run["result"]["work"]["recordsRead"] == sum(each["recordsRead"] for each in run["result"]["startUps"])


@laws
@given(log=logs, at=st.integers(0, 30), params=stores, field=st.sampled_from(["type", "n", "city"]))
def test_an_index_changes_the_cost_of_an_answer_and_never_the_answer(engine, log, at, params, field):
    wanted = {"type": "Sent", "n": "1", "city": "York"}[field]
    asked = {"kind": "ask", "at": at, "field": field, "equals": wanted}
    answer = simulate(engine, log, params, [asked])["result"]["asked"][0]
    rows = rows_of(log[:at]).values()
    matching = [row for row in rows if field in row and str(row[field]) == wanted]
    assert answer["count"] == len(matching)
    assert answer["byIndex"] == (params["index"] == field)
    assert answer["scanned"] == (len(matching) if answer["byIndex"] else len(rows))


@laws
@given(log=logs, params=stores, pairs=places, restarts=places, keeps=st.integers(0, 6))
def test_with_transactions_nothing_is_left_half_done(engine, log, params, pairs, restarts, keeps):
    interventions = [{"kind": "pair", "at": at, "crash": number % 2 == 0} for number, at in enumerate(pairs)]
    interventions += [{"kind": "restart", "at": at} for at in restarts]
    run = simulate(engine, log, params | {"logKeeps": keeps}, interventions)
    counts = run["result"]["pairs"]
    assert sum(counts.values()) == len(pairs)
    is_safe = params["transactions"] or params["store"] == "rdbms"
    assert (counts["half"] if is_safe else counts["undone"]) == 0
    assert held(run)["all-or-nothing"] == (counts["half"] == 0)
    assert held(run).get("index-agrees", True)
    if params["store"] == "rdbms":
        assert all(held(run).values())
        assert run["result"]["built"] == []
        assert all(each["lost"] == 0 for each in run["result"]["startUps"])


@laws
@given(log=logs, keeps=st.integers(1, 8), at=st.integers(0, 30))
def test_a_log_that_forgets_gives_the_rows_of_its_last_records_only(engine, log, keeps, at):
    run = simulate(engine, log, {"logKeeps": keeps}, [{"kind": "restart", "at": at}])
    at = min(at, len(log))
    first = max(0, at - keeps)
    assert run["result"]["rows"] == len(rows_of(log[first:]))
    assert run["result"]["startUps"][0]["recordsRead"] == at - first

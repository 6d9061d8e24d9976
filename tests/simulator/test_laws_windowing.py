"""Windows over a stream beside a plain second account of Kafka's rules, and what must hold of any stream."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

laws = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

streams = st.lists(
    st.fixed_dictionaries(
        {
            "time": st.integers(0, 60) | st.integers(-3, 200),
            "key": st.sampled_from(["a", "b", "é", None]),
            "type": st.just("T"),
            "value": st.sampled_from([1, None]),
        }
    ),
    max_size=30,
)


@st.composite
def params(draw):
    size = draw(st.integers(1, 30))
    return {
        "kind": draw(st.sampled_from(["tumbling", "hopping", "session"])),
        "sizeMs": size,
        "advanceMs": draw(st.integers(1, size)),
        "gapMs": draw(st.integers(1, 20)),
        "graceMs": draw(st.integers(0, 30)),
        "emit": draw(st.sampled_from(["update", "final"])),
    }


changes = st.lists(
    st.fixed_dictionaries({"kind": st.just("wait"), "at": st.integers(0, 30), "ms": st.integers(1, 1000)})
    | st.fixed_dictionaries({"kind": st.just("rebuild"), "at": st.integers(0, 30)})
    | st.fixed_dictionaries(
        {
            "kind": st.just("append"),
            "at": st.integers(0, 30),
            "key": st.sampled_from(["a", "b"]),
            "time": st.integers(0, 100),
        }
    ),
    max_size=5,
)


def simulate(engine, log, given_params, interventions=()):
    return engine.simulate(
        {"model": "windowing", "log": log, "params": given_params, "interventions": list(interventions)}
    )


def windows_of(time, params):
    """All windows that hold a time, by trying every beginning."""
    step = params["sizeMs"] if params["kind"] == "tumbling" else params["advanceMs"]
    first = max(0, time - params["sizeMs"]) // step * step
    starts = range(first, time + 1, step)
    return [(start, start + params["sizeMs"]) for start in starts if start <= time < start + params["sizeMs"]]


def account(log, params):
    """The table, what was dropped, and what went downstream, by the rules as they are written."""
    table, dropped, emitted, final = {}, [], [], set()
    stream_time = -1
    slack = params["graceMs"] + (params["gapMs"] if params["kind"] == "session" else 0)

    def put(window, count):
        if count is None:
            del table[window]
        else:
            table[window] = count
        if params["emit"] == "update":
            emitted.append((*window, count))

    def is_closed(end):
        return end < stream_time - slack if params["kind"] == "session" else end <= stream_time - slack

    for offset, record in enumerate(log):
        key, time = record["key"], record["time"]
        if key is None or time < 0:
            dropped.append(offset)
            continue
        stream_time = max(stream_time, time)
        if params["kind"] == "session":
            near = [
                window
                for window in sorted(table, key=lambda window: window[2])
                if window[0] == key and window[2] >= time - params["gapMs"] and window[1] <= time + params["gapMs"]
            ]
            joined = (key, min([time, *(w[1] for w in near)]), max([time, *(w[2] for w in near)]))
            if is_closed(joined[2]):
                dropped.append(offset)
            else:
                count = 1 + sum(table[window] for window in near)
                if joined != (key, time, time):
                    for window in near:
                        put(window, None)
                put(joined, count)
        else:
            accepted = [window for window in windows_of(time, params) if not is_closed(window[1])]
            if not accepted:
                dropped.append(offset)
            for start, end in accepted:
                put((key, start, end), table.get((key, start, end), 0) + 1)
        if params["emit"] == "final":
            due = [window for window in table if is_closed(window[2]) and window not in final]
            for window in sorted(due, key=lambda window: (window[2], window[1], window[0].encode())):
                final.add(window)
                emitted.append((*window, table[window]))
    return table, dropped, emitted, stream_time


def listed(entries):
    return [(each["key"], each["start"], each["end"], each["count"]) for each in entries]


@laws
@given(log=streams, params=params())
def test_windows_are_counted_as_a_plain_account_of_the_rules_counts_them(engine, log, params):
    run = simulate(engine, log, params)
    table, dropped, emitted, stream_time = account(log, params)
    assert run["problems"] == []
    assert {each[:3]: each[3] for each in listed(run["result"]["windows"])} == table
    assert run["result"]["dropped"] == dropped
    assert listed(run["result"]["emitted"]) == emitted
    assert run["result"]["streamTime"] == stream_time
    assert all(check["holds"] for check in run["checks"])


@laws
@given(log=streams, params=params(), waits=st.lists(st.integers(0, 30), max_size=4))
def test_waiting_changes_nothing(engine, log, params, waits):
    waiting = [{"kind": "wait", "at": at, "ms": 1_000_000} for at in waits]
    assert simulate(engine, log, params, waiting)["result"] == simulate(engine, log, params)["result"]


@laws
@given(log=streams, params=params(), interventions=changes)
def test_the_updates_of_a_table_fold_into_the_table(engine, log, params, interventions):
    run = simulate(engine, log, params | {"emit": "update"}, interventions)
    table = {}
    for key, start, end, count in listed(run["result"]["emitted"]):
        if count is None:
            del table[key, start, end]
        else:
            table[key, start, end] = count
    assert {each[:3]: each[3] for each in listed(run["result"]["windows"])} == table
    assert all(check["holds"] for check in run["checks"])


@laws
@given(log=streams, params=params(), grace=st.integers(1, 60))
def test_more_grace_never_drops_more(engine, log, params, grace):
    strict = set(simulate(engine, log, params)["result"]["dropped"])
    lenient = set(simulate(engine, log, params | {"graceMs": params["graceMs"] + grace})["result"]["dropped"])
    assert lenient <= strict


@laws
@given(log=streams, params=params())
def test_what_stands_after_a_step_is_the_result_of_the_stream_so_far(engine, log, params):
    source = {"model": "windowing", "log": log, "params": params}
    for step in range(0, len(log) + 1, 5):
        shorter = simulate(engine, log[:step], params)["result"]
        assert engine.outcome(source, step)["result"] == shorter

"""Folds, retention and compaction against plain re-implementations and against laws that hold for any log."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

modest = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

KEYS = ["a", "b", "c", "ß", "__proto__"]
amounts = st.integers(-50, 50)
values = st.one_of(
    st.none(),
    amounts,
    st.fixed_dictionaries({}, optional={"n": amounts, "m": amounts}),
)


def a_log(keys, *, most=40, in_order=True):
    """Records with a key, a value, a time and a size, times in order or not."""

    def build(rows):
        times = [row[2] for row in rows]
        if in_order:
            times.sort()
        return [
            {"key": key, "type": "T", "value": value, "time": time, "size": size}
            for (key, value, _, size), time in zip(rows, times, strict=True)
        ]

    row = st.tuples(keys, values, st.integers(0, 60), st.integers(0, 12))
    return st.lists(row, max_size=most).map(build)


# Folds


def fold_oracle(log, *, fold, field, key=None, start=0, up_to=None):
    end = len(log) if up_to is None else up_to
    state = {}
    for record in log[start:end]:
        name, value = record["key"], record["value"]
        if name is None or (key is not None and name != key):
            continue
        part = value if field is None else value.get(field) if isinstance(value, dict) else None
        if fold == "count":
            state[name] = state.get(name, 0) + 1
        elif fold == "sum":
            state[name] = state.get(name, 0) + (part if isinstance(part, int) else 0)
        elif value is None:
            state.pop(name, None)
        else:
            state[name] = part
    return state


folds = st.fixed_dictionaries(
    {
        "fold": st.sampled_from(["latest", "count", "sum"]),
        "field": st.sampled_from([None, "n"]),
    }
)


@modest
@given(data=st.data(), log=a_log(st.sampled_from([*KEYS, None])), how=folds)
def test_fold_is_what_a_plain_loop_gives(engine, data, log, how):
    up_to = data.draw(st.integers(0, len(log)))
    start = data.draw(st.integers(0, up_to))
    every = data.draw(st.integers(0, 7))
    key = data.draw(st.sampled_from([None, "a"]))
    params = {**how, "key": key, "from": start, "upTo": up_to, "snapshotEvery": every}
    result = engine.simulate({"model": "fold", "log": log, "params": params})["result"]

    snapshot = up_to - up_to % every if every and start == 0 else 0
    read = [r for r in log[max(start, snapshot) : up_to] if key is None or r["key"] == key]
    assert result == {
        "state": fold_oracle(log, **how, key=key, start=start, up_to=up_to),
        "position": up_to,
        "eventsRead": len(read),
        "snapshotAt": snapshot or None,
    }


@modest
@given(data=st.data(), log=a_log(st.sampled_from(KEYS)), how=folds, every=st.integers(0, 6))
def test_wiping_changes_no_state_and_reading_again_changes_no_latest_value(engine, data, log, how, every):
    place = st.integers(0, len(log))
    wipes = data.draw(st.lists(st.tuples(place, st.booleans()), max_size=4))
    again = data.draw(st.lists(place, max_size=2)) if how["fold"] == "latest" else []
    interventions = [{"kind": "wipe", "at": at, "keep": keep} for at, keep in wipes]
    interventions += [{"kind": "reread", "at": at, "count": 50} for at in again]
    run = engine.simulate(
        {
            "model": "fold",
            "log": log,
            "params": {**how, "snapshotEvery": every},
            "interventions": interventions,
        }
    )
    assert run["result"]["state"] == fold_oracle(log, **how)
    # A snapshot taken while records are read again holds what came after its position, and is reported.
    assert all(check["holds"] for check in run["checks"] if check["id"] == "refold-same" or not again)


@modest
@given(data=st.data(), log=a_log(st.sampled_from(KEYS)), how=folds, later=folds)
def test_a_state_is_spoilt_by_nothing_but_what_its_checks_report(engine, data, log, how, later):
    at = data.draw(st.integers(0, len(log)))
    run = engine.simulate(
        {
            "model": "fold",
            "log": log,
            "params": {**how, "snapshotEvery": 4},
            "interventions": [{"kind": "change-fold", "at": at, **later}],
        }
    )
    is_right = run["result"]["state"] == fold_oracle(log, **later)
    assert is_right == next(c["holds"] for c in run["checks"] if c["id"] == "refold-same")


# Retention


def retention_oracle(log, p):
    segments = [{"base": 0, "records": []}]
    end = 0

    def size(segment):
        return sum(r["size"] for r in segment["records"])

    for record in log:
        if p["segmentBytes"] >= 0 and record["size"] > p["segmentBytes"]:
            continue
        active = segments[-1]
        too_large = p["segmentBytes"] >= 0 and size(active) + record["size"] > p["segmentBytes"]
        too_old = (
            p["segmentMs"] >= 0 and size(active) > 0 and record["time"] - active["records"][0]["time"] > p["segmentMs"]
        )
        if too_large or too_old:
            segments.append({"base": end, "records": []})
        segments[-1]["records"].append({**record, "offset": end})
        end += 1

    watermark = end if p["highWatermark"] is None else min(end, p["highWatermark"])
    deleted = []

    def sweep(rule):
        doomed = []
        for i, segment in enumerate(segments):
            is_last = i + 1 == len(segments)
            upper = end if is_last else segments[i + 1]["base"]
            if upper > watermark or not rule(segment) or (is_last and not segment["records"]):
                break
            doomed.append(segment)
        if len(doomed) == len(segments):
            segments.append({"base": end, "records": []})
        for segment in doomed:
            segments.remove(segment)
            deleted.append(segment["base"])

    if p["retentionBytes"] >= 0:
        excess = sum(map(size, segments)) - p["retentionBytes"]

        def over_size(segment):
            nonlocal excess
            if excess - size(segment) < 0:
                return False
            excess -= size(segment)
            return True

        if excess >= 0:
            sweep(over_size)
    if p["retentionMs"] >= 0:
        sweep(lambda segment: p["now"] - max((r["time"] for r in segment["records"]), default=-1) > p["retentionMs"])
    return {
        "segments": [
            {
                "baseOffset": segment["base"],
                "nextOffset": segment["base"] + len(segment["records"]),
                "bytes": size(segment),
                "largestTime": max((r["time"] for r in segment["records"]), default=-1),
                "active": segment is segments[-1],
            }
            for segment in segments
        ],
        "deleted": deleted,
        "logStartOffset": segments[0]["base"],
        "logEndOffset": end,
    }


limits = st.one_of(st.just(-1), st.integers(0, 60))
retention_params = st.fixed_dictionaries(
    {
        "segmentBytes": st.one_of(st.just(-1), st.integers(1, 40)),
        "segmentMs": st.one_of(st.just(-1), st.integers(1, 40)),
        "retentionMs": limits,
        "retentionBytes": st.one_of(st.just(-1), st.integers(0, 200)),
        "now": st.integers(0, 120),
        "highWatermark": st.one_of(st.none(), st.integers(0, 40)),
    }
)


@modest
@given(log=a_log(st.sampled_from([*KEYS, None]), in_order=False), params=retention_params)
def test_retention_is_what_a_plain_reading_of_the_rules_gives(engine, log, params):
    result = engine.simulate({"model": "retention", "log": log, "params": params})["result"]
    assert result == retention_oracle(log, params)


@modest
@given(data=st.data(), log=a_log(st.sampled_from(KEYS), in_order=False), params=retention_params)
def test_segments_are_gapless_and_nothing_but_whole_ones_go(engine, data, log, params):
    interventions = data.draw(
        st.lists(
            st.one_of(
                st.builds(
                    lambda at, now: {"kind": "pass", "at": at, "now": now},
                    st.integers(0, len(log)),
                    st.integers(0, 120),
                ),
                st.builds(
                    lambda at, time: {"kind": "append", "at": at, "time": time, "size": 1},
                    st.integers(0, len(log)),
                    st.integers(0, 999),
                ),
            ),
            max_size=5,
        )
    )
    run = engine.simulate({"model": "retention", "log": log, "params": params, "interventions": interventions})
    result = run["result"]
    bounds = [*result["deleted"], *(s["baseOffset"] for s in result["segments"])]
    assert bounds == sorted(set(bounds))
    assert all(
        left["nextOffset"] == right["baseOffset"]
        for left, right in zip(result["segments"], result["segments"][1:], strict=False)
    )
    assert result["segments"][-1]["nextOffset"] == result["logEndOffset"]
    assert [s["active"] for s in result["segments"]][-1:] == [True]
    accepted = [r for r in log if params["segmentBytes"] < 0 or r["size"] <= params["segmentBytes"]]
    appended = sum(i["kind"] == "append" for i in interventions)
    assert result["logEndOffset"] == len(accepted) + appended


# Compaction


def compaction_oracle(log, p):
    """Kafka's cleaner the long way: each pass maps the dirty part and recopies the whole log."""
    partition, passes, horizons = [], [], {}
    dirty = 0

    def append(record):
        if record["key"] is not None:
            partition.append({**record, "offset": len(offsets)})
            offsets.append(len(offsets))

    def segment_of(offset):
        return offset // p["segmentRecords"]

    def run_pass(now):
        nonlocal dirty
        end = len(offsets)
        active = segment_of(end - 1) * p["segmentRecords"] if end else 0
        closed = [r for r in partition if r["offset"] < active]
        first_uncleanable = active
        is_overdue = False
        for number in range(segment_of(dirty), segment_of(active)):
            records = [r for r in closed if segment_of(r["offset"]) == number]
            if p["minCompactionLagMs"] > 0 and any(r["time"] > now - p["minCompactionLagMs"] for r in records):
                first_uncleanable = min(first_uncleanable, number * p["segmentRecords"])
            if p["maxCompactionLagMs"] is not None and records:
                # A first time of 0 counts as unknown: LogCleanerManager#maxCompactionDelay.
                is_overdue |= 0 < records[0]["time"] < now - p["maxCompactionLagMs"]
        cleanable = sum(r["size"] for r in partition if dirty <= r["offset"] < first_uncleanable)
        clean = sum(r["size"] for r in partition if r["offset"] < dirty)
        ratio = cleanable / (clean + cleanable) if cleanable else 0
        ran = (is_overdue and cleanable > 0) or ratio > p["minCleanableDirtyRatio"]
        if ran:
            last = {r["key"]: r["offset"] for r in partition if dirty <= r["offset"] < first_uncleanable}
            kept = []
            for r in partition:
                offset = r["offset"]
                if offset < first_uncleanable:
                    if offset < last.get(r["key"], -1):
                        continue
                    if r["value"] is None:
                        if offset in horizons and now >= horizons[offset]:
                            continue
                        horizons.setdefault(offset, now + p["deleteRetentionMs"])
                kept.append(r)
            partition[:] = kept
            dirty = first_uncleanable
        survivors = [r["offset"] for r in partition]
        passes.append({"at": now, "ran": ran, "dirtyRatio": ratio, "survivors": survivors})

    offsets = []
    waiting = list(log)
    for now in sorted(p["cleanAt"]):
        while waiting and waiting[0]["time"] <= now:
            append(waiting.pop(0))
        run_pass(now)
    for record in waiting:
        append(record)
    return {
        "passes": passes,
        "survivors": [r["offset"] for r in partition],
        "tombstones": [r["offset"] for r in partition if r["value"] is None],
    }


compaction_params = st.fixed_dictionaries(
    {
        "segmentRecords": st.integers(1, 8),
        "minCleanableDirtyRatio": st.sampled_from([0, 0.25, 0.5, 0.75, 1]),
        "deleteRetentionMs": st.integers(0, 30),
        "minCompactionLagMs": st.sampled_from([0, 0, 5, 20]),
        "maxCompactionLagMs": st.sampled_from([None, None, 0, 10]),
        "cleanAt": st.lists(st.integers(0, 90), max_size=6),
    }
)


@modest
@given(
    log=st.booleans().flatmap(lambda in_order: a_log(st.sampled_from([*KEYS, None]), in_order=in_order)),
    params=compaction_params,
)
def test_compaction_is_what_cleaning_the_long_way_gives(engine, log, params):
    result = engine.simulate({"model": "compaction", "log": log, "params": params})["result"]
    assert result == compaction_oracle(log, params)


@modest
@given(data=st.data(), log=a_log(st.sampled_from(KEYS)), params=compaction_params)
def test_no_pass_loses_a_last_value_or_invents_a_record(engine, data, log, params):
    at = st.integers(0, len(log))
    interventions = [{"kind": "clean", "at": place} for place in data.draw(st.lists(at, max_size=5))]
    params["offsetMapKeys"] = data.draw(st.sampled_from([None, 1, 2]))
    run = engine.simulate({"model": "compaction", "log": log, "params": params, "interventions": interventions})
    assert all(check["holds"] for check in run["checks"])
    last = {record["key"]: offset for offset, record in enumerate(log)}
    survivors = run["result"]["survivors"]
    assert survivors == sorted(set(survivors))
    assert {o for o in last.values() if log[o]["value"] is not None} <= set(survivors)
    for earlier, later in zip(run["result"]["passes"], run["result"]["passes"][1:], strict=False):
        gone = set(range(max(earlier["survivors"], default=-1) + 1)) - set(earlier["survivors"])
        assert gone.isdisjoint(later["survivors"])

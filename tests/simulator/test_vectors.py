"""The models that follow Kafka beside what Kafka's own classes did; recorded by `make conformance`."""

import json
from pathlib import Path

import pytest

VECTORS = Path(__file__).parents[1] / "vectors"
CATALOGUE_PATH = Path(__file__).parents[2] / "static" / "simulator" / "catalogue.json"
ASSIGNORS = ("range", "roundrobin", "sticky", "cooperative-sticky")


def read(name):
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


KEYS = read("murmur2")
GROUPS = read("consumer_group")
RETENTION = read("retention")
COMPACTION = read("compaction")
COMPACTED_TRANSACTIONS = read("compacted_transactions")
IDEMPOTENCE = read("idempotent_producer")
TRANSACTIONS = read("transactions")
WINDOWING = read("windowing")
CATALOGUE = {model["id"]: model for model in json.loads(CATALOGUE_PATH.read_text(encoding="utf-8"))["models"]}


def run(engine, model, **given):
    answer = engine.simulate({"model": model, **given})
    assert answer["problems"] == []
    return answer["result"]


def owners(generation, topics):
    """A generation as the vectors say it: for each partition the place of its owner among the members, or a dot."""
    place = {
        (topic, partition): str(number)
        for number, member in enumerate(generation["members"])
        for topic, held in generation["assignment"][member].items()
        for partition in held
    }
    return " ".join(
        "".join(place.get((topic, partition), ".") for partition in range(count))
        for topic, count in sorted(topics.items())
    )


def moved(value, by, names):
    """A result with its times counted from another moment; −1 is no time."""
    if isinstance(value, dict):
        return {
            name: part + by if name in names and part != -1 else moved(part, by, names) for name, part in value.items()
        }
    return [moved(part, by, names) for part in value] if isinstance(value, list) else value


def test_there_are_as_many_cases_as_are_promised():
    assert len(KEYS["murmur2"]) >= 500
    assert len(GROUPS["groups"]) >= 300
    assert len(RETENTION["logs"]) >= 200
    assert len(COMPACTION["logs"]) >= 200
    assert len(COMPACTED_TRANSACTIONS["logs"]) >= 60
    assert len(IDEMPOTENCE["sequences"]) >= 200
    assert len(TRANSACTIONS["sequences"]) >= 100
    assert len(WINDOWING["streams"]) >= 200
    compacted = (COMPACTION, COMPACTED_TRANSACTIONS)
    versions = {
        vectors["kafka"] for vectors in (KEYS, GROUPS, RETENTION, *compacted, IDEMPOTENCE, TRANSACTIONS, WINDOWING)
    }
    assert len(versions) == 1


@pytest.mark.parametrize(
    ("id", "recorded", "cases"),
    [
        ("partitioning", KEYS, "murmur2"),
        ("consumer_group", GROUPS, "groups"),
        ("retention", RETENTION, "logs"),
        ("idempotent_producer", IDEMPOTENCE, "sequences"),
        ("transactions", TRANSACTIONS, "sequences"),
        ("windowing", WINDOWING, "streams"),
    ],
)
def test_the_page_of_fidelity_counts_what_was_recorded(id, recorded, cases):
    said = CATALOGUE[id]["fidelity"]["recorded"]
    assert said["cases"] == len(recorded[cases])
    assert said["version"] == recorded["kafka"]
    assert said["excluded"] == 0


def test_the_page_of_fidelity_counts_the_logs_that_were_cleaned():
    said = CATALOGUE["compaction"]["fidelity"]["recorded"]
    assert said["cases"] == len(COMPACTION["logs"]) + len(COMPACTED_TRANSACTIONS["logs"])
    assert said["version"] == COMPACTION["kafka"]
    passes = [each for vector in COMPACTED_TRANSACTIONS["logs"] for each in vector["result"]["passes"]]
    assert said["excluded"] == sum(is_off(each) for each in passes)
    assert f"{len(passes)} passes" in said["why"]


def is_off(cleaning):
    """Whether the dirty ratio of a pass counts the headers of emptied batches, which the model does not."""
    return cleaning["emptied"] > 0 and cleaning["dirtyRatio"] > 0


def test_every_key_has_the_hash_that_kafka_gives_it(engine):
    for vector in KEYS["murmur2"]:
        assert engine.call("murmur2", vector["key"], 1)["hash"] == vector["hash"], vector["key"]


@pytest.mark.parametrize("count", KEYS["murmur2"][0]["partition"])
def test_every_key_goes_to_the_partition_that_kafka_chooses(engine, count):
    log = [{"key": vector["key"], "type": "T", "value": 1} for vector in KEYS["murmur2"]]
    placements = run(engine, "partitioning", log=log, params={"partitions": int(count)})["placements"]
    assert [each["partition"] for each in placements] == [vector["partition"][count] for vector in KEYS["murmur2"]]


def test_the_keys_that_move_are_those_to_which_kafka_gives_another_partition(engine):
    log = [{"key": vector["key"], "type": "T", "value": 1} for vector in KEYS["murmur2"]]
    params = {"partitions": 3, "resizeAt": len(log), "resizeTo": 8}
    expected = [each["key"] for each in KEYS["murmur2"] if each["partition"]["3"] != each["partition"]["8"]]
    assert run(engine, "partitioning", log=log, params=params)["movedKeys"] == expected


@pytest.mark.parametrize("assignor", ASSIGNORS)
def test_every_generation_is_shared_out_as_kafka_shares_it(engine, assignor):
    for group in GROUPS["groups"]:
        params = {name: group[name] for name in ("topics", "members", "subscriptions", "instances") if name in group}
        result = run(
            engine,
            "consumer_group",
            # The vectors come from the Java client.
            params=params | {"assignor": assignor, "givesUp": "highest"},
            interventions=[{"kind": kind, "member": member} for kind, member in group["steps"]],
        )
        found = [owners(generation, group["topics"]) for generation in result["generations"]]
        assert found == group["owners"][assignor], group


def test_a_hand_over_moves_as_many_partitions_whichever_library_leads(engine):
    for group in GROUPS["groups"]:
        if group["steps"] and group["steps"][0][0] == "join" and "subscriptions" not in group:
            given = {
                "params": {"topics": group["topics"], "members": group["members"], "assignor": "cooperative-sticky"},
                "interventions": [{"kind": kind, "member": member} for kind, member in group["steps"][:1]],
            }
            found = [
                owners(generation, group["topics"])
                for generation in run(engine, "consumer_group", **given)["generations"]
            ]
            expected = group["owners"]["cooperative-sticky"][: len(found)]
            assert [text.count(".") for text in found] == [text.count(".") for text in expected], group


def test_every_log_keeps_the_segments_that_kafka_keeps(engine):
    start = RETENTION["start"]
    for vector in RETENTION["logs"]:
        log = [
            {"time": start + time, "key": "k", "type": "T", "value": 1, "size": size} for time, size in vector["log"]
        ]
        result = run(
            engine,
            "retention",
            log=log,
            params=moved(vector["params"], start, {"now"}),
            interventions=moved(vector["turns"], start, {"now"}),
        )
        assert result == moved(vector["result"], start, {"largestTime"}), vector


def test_every_cleaning_leaves_what_kafka_leaves(engine):
    start = COMPACTION["start"]
    for vector in COMPACTION["logs"]:
        log = [
            {"time": start + time, "key": key, "type": "T", "value": value, "size": size}
            for time, key, value, size in vector["log"]
        ]
        params = vector["params"] | {"cleanAt": [start + time for time in vector["params"]["cleanAt"]]}
        result = run(engine, "compaction", log=log, params=params)
        assert result == moved(vector["result"], start, {"at"}), vector


def test_every_cleaning_of_transactions_leaves_what_kafka_leaves(engine):
    start = COMPACTED_TRANSACTIONS["start"]
    for vector in COMPACTED_TRANSACTIONS["logs"]:
        log = [
            {"time": start + time, "key": key, "type": "T", "value": value, "size": size}
            for time, key, value, size in vector["log"]
        ]
        names = ("kind", "at", "time", "producer", "size")
        turns = [
            {name: value for name, value in zip(names, turn, strict=True) if value is not None}
            for turn in vector["turns"]
        ]
        interventions = moved(turns, start, {"time"})
        result = run(engine, "compaction", log=log, params=vector["params"], interventions=interventions)
        expected = {**vector["result"], "passes": [dict(each) for each in vector["result"]["passes"]]}
        assert len(result["passes"]) == len(expected["passes"])
        for found, recorded in zip(result["passes"], expected["passes"], strict=True):
            if is_off(recorded):
                found["dirtyRatio"] = recorded["dirtyRatio"]
            recorded["at"] += start
            del recorded["emptied"]
        assert result == expected, vector


def test_the_cleanings_of_transactions_meet_the_borders_that_matter():
    vectors = COMPACTED_TRANSACTIONS["logs"]
    kinds = [{turn[0] for turn in vector["turns"]} for vector in vectors]
    assert sum({"commit", "abort"} <= each for each in kinds) > 30
    ran = [[each for each in vector["result"]["passes"] if each["ran"]] for vector in vectors]
    assert sum(len(passes) == 1 for passes in ran) > 3
    assert sum(len(passes) > 1 for passes in ran) > 50
    assert sum(passes[-1]["emptied"] > 0 for passes in ran if passes) > 10
    # A transaction stays open to the end and keeps the cleaner back, and markers go when they are due.
    assert sum(each["lastStableOffset"] <= each["survivors"][-1] for each in (one["result"] for one in vectors)) > 20
    assert sum(len(each["result"]["markers"]) < count_markers(each) for each in vectors) > 30


def count_markers(vector):
    return sum(turn[0] in ("commit", "abort") for turn in vector["turns"])


def test_the_cleanings_meet_the_borders_that_matter():
    passes = [(vector["params"], each) for vector in COMPACTION["logs"] for each in vector["result"]["passes"]]
    ratios = [(params["minCleanableDirtyRatio"], each["dirtyRatio"], each["ran"]) for params, each in passes]
    assert any(0 < limit == ratio and not ran for limit, ratio, ran in ratios)
    assert any(0 < ratio < limit and ran for limit, ratio, ran in ratios)
    assert any(key is None for vector in COMPACTION["logs"] for _, key, _, _ in vector["log"])
    assert (
        sum(len([each for each in vector["result"]["passes"] if each["ran"]]) > 1 for vector in COMPACTION["logs"]) > 50
    )


def test_the_logs_meet_the_borders_that_matter():
    results = [(vector["params"], vector["log"], vector["result"]) for vector in RETENTION["logs"]]
    assert any(result["segments"][-1]["bytes"] == 0 and result["deleted"] for _, _, result in results)
    assert any(result["logEndOffset"] < len(log) for _, log, result in results)
    assert any(params["highWatermark"] is not None and result["deleted"] for params, _, result in results)
    assert any(result["logStartOffset"] > result["segments"][0]["baseOffset"] for _, _, result in results)
    assert any(each["largestTime"] > params["now"] for params, _, result in results for each in result["segments"])


def test_every_batch_is_answered_as_kafka_answers_it(engine):
    names = ("producerId", "epoch", "firstSequence", "count")
    for vector in IDEMPOTENCE["sequences"]:
        batches = [dict(zip(names, batch, strict=True)) for batch in vector["batches"]]
        result = run(engine, "idempotent_producer", params={"batches": batches})
        assert [[each["status"], each["baseOffset"]] for each in result["outcomes"]] == vector["outcomes"], vector
        assert result["logEndOffset"] == vector["logEndOffset"], vector


def test_the_batches_meet_the_borders_that_matter():
    cases = [pair for each in IDEMPOTENCE["sequences"] for pair in zip(each["batches"], each["outcomes"], strict=True)]
    statuses = {status for _, (status, _) in cases}
    assert statuses == {"appended", "duplicate", "OUT_OF_ORDER_SEQUENCE_NUMBER", "INVALID_PRODUCER_EPOCH"}
    assert sum(first + count > 2**31 and status == "appended" for (_, _, first, count), (status, _) in cases) > 10
    forgotten = 0
    for each in IDEMPOTENCE["sequences"]:
        stored = set()
        for batch, (status, _) in zip(each["batches"], each["outcomes"], strict=True):
            forgotten += status == "OUT_OF_ORDER_SEQUENCE_NUMBER" and tuple(batch) in stored
            stored |= {tuple(batch)} if status == "appended" else set()
    assert forgotten > 10


def test_every_stream_is_counted_as_kafka_streams_counts_it(engine):
    def listed(entries):
        return [[each["key"], each["start"], each["end"], each["count"]] for each in entries]

    for vector in WINDOWING["streams"]:
        log = [{"time": time, "key": key, "type": "T", "value": value} for time, key, value in vector["log"]]
        result = run(engine, "windowing", log=log, params=vector["params"])
        found = {name: listed(result[name]) for name in ("windows", "emitted")}
        assert found | {"dropped": result["dropped"]} == vector["result"], vector
        assert result["streamTime"] == max([time for time, key, _ in vector["log"] if key is not None], default=-1)


def test_the_streams_meet_the_borders_that_matter():
    kinds = {(vector["params"]["kind"], vector["params"]["emit"]) for vector in WINDOWING["streams"]}
    assert len(kinds) == 6
    of = {
        kind: [vector for vector in WINDOWING["streams"] if vector["params"]["kind"] == kind]
        for kind in ("tumbling", "hopping", "session")
    }
    for vectors in of.values():
        assert sum(is_late(vector) for vector in vectors) > 10
        assert sum(len(vector["result"]["emitted"]) > 0 for vector in vectors if is_final(vector)) > 10
    assert any(value is None and key is not None for vector in WINDOWING["streams"] for _, key, value in vector["log"])
    assert any(swallowed(vector) for vector in of["session"])


def is_final(vector):
    return vector["params"]["emit"] == "final"


def is_late(vector):
    return any(vector["log"][offset][1] is not None for offset in vector["result"]["dropped"])


def swallowed(vector):
    """Whether a session that was final already became part of a later one."""
    table = [each[:3] for each in vector["result"]["windows"]]
    return is_final(vector) and any(each[:3] not in table for each in vector["result"]["emitted"])


def test_every_transaction_leaves_the_log_that_kafka_leaves_and_is_read_as_kafka_reads_it(engine):
    names = ("op", "producer", "records", "instance")
    for vector in TRANSACTIONS["sequences"]:
        operations = [dict(zip(names, operation, strict=True)) for operation in vector["operations"]]
        given = {"model": "transactions", "params": {"operations": operations}}
        result = run(engine, **given)
        # A record without a transaction does not say who sent it.
        log = [[each["kind"], each["producer"], each["transactional"]] for each in result["log"]]
        assert [[kind, name if is_in else None, is_in] for kind, name, is_in in log] == vector["log"], vector
        assert [each["status"] for each in result["outcomes"]] == vector["outcomes"], vector
        for after, *view in vector["views"]:
            seen = engine.outcome(given, after)["result"]
            marks = ("highWatermark", "lastStableOffset", "readCommitted", "readUncommitted")
            assert [seen[name] for name in marks] == view, vector


def test_the_transactions_meet_the_borders_that_matter():
    vectors = TRANSACTIONS["sequences"]
    statuses = {status for each in vectors for status in each["outcomes"]}
    assert statuses == {"ok", "INVALID_PRODUCER_EPOCH", "INVALID_TXN_STATE"}
    views = [(each, view) for each in vectors for view in each["views"]]
    # Somebody waits, and for some of them read_committed is not just everything below.
    assert sum(stable < high for _, (_, high, stable, _, _) in views) > 30
    assert sum([n for n in everything if n < stable] != seen for _, (_, _, stable, seen, everything) in views) > 30
    # A transaction of one producer begins while another's is open, and is held back although it is committed.
    held = 0
    for each, (_, high, stable, _, _) in views:
        held += any(kind == "commit" for kind, _, _ in each["log"][stable:high])
    assert held > 5

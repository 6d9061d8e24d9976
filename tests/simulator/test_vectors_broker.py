"""The models beside a real broker and a real client on the dictionary's sample logs; recorded by `make conformance`."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "tests" / "vectors"
RECORDED = json.loads((VECTORS / "broker.json").read_text(encoding="utf-8"))
CATALOGUE_PATH = ROOT / "static" / "simulator" / "catalogue.json"
CATALOGUE = {model["id"]: model for model in json.loads(CATALOGUE_PATH.read_text(encoding="utf-8"))["models"]}
HOUR = 3_600_000
LOGS = {each["log"]: each["records"] for each in RECORDED["logs"]}


def log(name, sizes=None):
    """A sample log for the engine; sizes are those of the broker's batches."""
    records = [{"time": time, "key": key, "type": "T", "value": value} for time, key, value in LOGS[name]]
    if sizes is not None:
        return [record | {"size": size} for record, size in zip(records, sizes, strict=True)]
    return records


def run(engine, model, **given):
    answer = engine.simulate({"model": model, **given})
    assert answer["problems"] == []
    return answer["result"]


def test_every_record_goes_where_the_client_sends_it(engine):
    for case in RECORDED["partitioning"]:
        result = run(engine, "partitioning", log=log(case["log"]), params={"partitions": case["partitions"]})
        assert [[each["partition"], each["offset"]] for each in result["placements"]] == case["placed"], case


def test_every_cleaning_leaves_what_the_broker_leaves(engine):
    for case in RECORDED["compaction"]:
        records = log(case["log"], [case["size"]] * len(LOGS[case["log"]]))
        now = max(record["time"] for record in records) + HOUR
        params = {
            "segmentRecords": case["segmentRecords"],
            "minCleanableDirtyRatio": 0,
            "deleteRetentionMs": case["deleteRetentionMs"],
            "minCompactionLagMs": 0 if case["youngAfter"] is None else now - case["youngAfter"],
        }
        passes = [{"kind": "clean", "at": count, "time": now} for count in case["cleanAfter"]]
        result = run(engine, "compaction", log=records, params=params, interventions=passes)
        assert [each["survivors"] for each in result["passes"]] == case["survivors"], case
        assert case["segments"] == list(range(0, case["cleanAfter"][0], case["segmentRecords"])), case


def test_every_log_keeps_the_segments_that_the_broker_keeps(engine):
    for case in RECORDED["retention"]:
        records = log(case["log"], case["sizes"])
        now = max(record["time"] for record in records) + HOUR
        params = {
            "segmentBytes": case["segmentBytes"],
            "segmentMs": case["segmentMs"],
            "retentionBytes": case["retentionBytes"],
            "retentionMs": -1 if case["expiredTo"] is None else now - case["expiredTo"],
            "now": now,
        }
        before = case["deleteBefore"]
        cuts = [] if before is None else [{"kind": "delete-records", "at": len(records), "offset": before}]
        result = run(engine, "retention", log=records, params=params, interventions=cuts)
        found = [[each["baseOffset"], each["bytes"]] for each in result["segments"]]
        assert found == case["after"], case
        bases = [base for base, _ in case["before"]]
        assert result["deleted"] == [base for base in bases if base not in dict(case["after"])], case
        ends = (case["logStartOffset"], case["logEndOffset"])
        assert (result["logStartOffset"], result["logEndOffset"]) == ends, case


def test_every_transaction_is_read_as_the_broker_lets_it_be_read(engine):
    names = ("op", "producer", "records", "instance")
    for case in RECORDED["transactions"]:
        operations = [dict(zip(names, operation, strict=True)) for operation in case["operations"]]
        happened = [
            {"kind": "time-out", "producer": each["producer"]}
            if each["op"] == "time-out"
            else {"kind": "operation", **each}
            for each in operations
        ]
        given = {
            "model": "transactions",
            "params": {"operations": []},
            "interventions": [{"at": 0, **each} for each in happened],
        }
        result = run(engine, **given)
        expected = [
            status for status, (op, *_) in zip(case["outcomes"], case["operations"], strict=True) if op != "time-out"
        ]
        assert [each["status"] for each in result["outcomes"]] == expected, case
        for after, *view in case["views"]:
            seen = engine.outcome(given, after)["result"]
            marks = ("highWatermark", "lastStableOffset", "readCommitted", "readUncommitted")
            assert [seen[name] for name in marks] == view, case


def test_every_batch_that_was_sent_again_is_answered_as_the_broker_answers_it(engine):
    names = ("producerId", "epoch", "firstSequence", "count")
    for case in RECORDED["idempotent_producer"]:
        batches = [dict(zip(names, batch, strict=True)) for batch in case["batches"]]
        result = run(engine, "idempotent_producer", params={"batches": batches})
        assert [[each["status"], each["baseOffset"]] for each in result["outcomes"]] == case["outcomes"], case
        assert result["logEndOffset"] == case["logEndOffset"] == len(LOGS[case["log"]]), case


@pytest.mark.parametrize("id", ["partitioning", "compaction", "retention", "transactions", "idempotent_producer"])
def test_the_page_of_fidelity_counts_what_was_recorded(id):
    said = CATALOGUE[id]["fidelity"]["broker"]
    assert (said["version"], said["cases"], said["excluded"]) == (RECORDED["kafka"], len(RECORDED[id]), 0)


def test_the_cases_meet_the_borders_that_matter():
    passes = [pair for case in RECORDED["compaction"] for pair in pairwise(case["survivors"])]
    assert sum(set(before) - set(after) != set() for before, after in passes) > 20
    assert sum(case["youngAfter"] is not None for case in RECORDED["compaction"]) > 5
    retained = RECORDED["retention"]
    assert sum(case["before"] != case["after"] for case in retained) > 30
    assert any(case["after"][-1] == [case["logEndOffset"], 0] for case in retained)
    assert any(case["logStartOffset"] > case["after"][0][0] for case in retained)
    refused = [
        (op, status)
        for case in RECORDED["transactions"]
        for (op, *_), status in zip(case["operations"], case["outcomes"], strict=True)
        if status != "ok"
    ]
    assert set(refused) == {(op, "INVALID_PRODUCER_EPOCH") for op in ("send", "commit", "abort")}
    views = [view for case in RECORDED["transactions"] for view in case["views"]]
    assert sum(stable < high for _, high, stable, *_ in views) > 20
    assert sum(read != everything[: len(read)] for *_, read, everything in views) > 20
    answers = [status for case in RECORDED["idempotent_producer"] for status, _ in case["outcomes"]]
    assert answers.count("duplicate") > 100

"""What Kafka's UnifiedLog keeps of generated logs: it rolls segments and deletes them by start, by size and by age."""

from random import Random

import jpype

from tests.conformance.partition import DEFAULTS, Partition

LOGS = 200
START = 1_700_000_000_000
FAR_FUTURE = 90 * 86_400_000
LIMITS = {"segmentBytes": 2**31 - 1, "segmentMs": 2**63 - 1}
POLICIES = ("delete",) * 6 + ("compact,delete", "compact")


def record() -> dict:
    """`{settings, start, logs: [{params, log, turns, result}]}`.

    `log` is a list of `[time, size]`, `turns` of interventions; all times count from `start`, sizes are those of
    Kafka's batches. `result` is that of the model `retention`.
    """
    random = Random("retention")
    return {"settings": DEFAULTS, "start": START, "logs": [draw(random, number) for number in range(LOGS)]}


def draw(random: Random, number: int) -> dict:
    """One log, its settings, its turns, and what came of it."""
    lengths, times = draw_records(random, number)
    span = max(times[-1], 1)
    total = sum(lengths) + 70 * len(lengths)
    size = total // max(1, len(lengths))
    params = {
        "segmentBytes": random.choice([-1, size, 2 * size, random.randint(size, 6 * size), 2 * size, 140]),
        "segmentMs": random.choice([-1, -1, random.randint(1, span)]),
        "retentionMs": random.choice([-1, 0, random.randint(1, span), random.randint(1, 2 * span)]),
        "retentionBytes": random.choice([-1, -1, 0, random.randint(1, total), random.randint(1, total)]),
        "now": times[-1] + random.choice([0, 0, random.randint(0, 3 * span), FAR_FUTURE * 2]),
        "highWatermark": random.choice([None, None, None, random.randint(0, len(lengths))]),
        "cleanupPolicy": random.choice(POLICIES),
    }
    turns = draw_turns(random, times, params["now"]) if number % 2 else []
    return {"params": params, "turns": turns, **play(params, lengths, times, turns)}


def draw_records(random: Random, number: int) -> tuple[list[int], list[int]]:
    """Lengths of values, and times; in every fifth log some are far in the future, in every fourth some are late."""
    lengths = [random.choice([10, 10, 10, random.randint(0, 60)]) for _ in range(random.randint(1, 24))]
    times, clock = [], 0
    for _ in lengths:
        clock += random.choice([0, 1, 10, 1000, random.randint(0, 100_000)])
        time = clock
        if number % 5 == 0 and random.random() < 0.1:
            time = clock + FAR_FUTURE
        elif number % 4 == 0 and random.random() < 0.3:
            time = max(0, clock - random.randint(0, 50_000))
        times.append(time)
    times[-1] = clock
    return lengths, times


def draw_turns(random: Random, times: list[int], now: int) -> list[dict]:
    """Passes and raised starts in between."""
    turns = []
    clock = 0
    for at in sorted(random.randint(1, len(times)) for _ in range(random.randint(1, 3))):
        if random.random() < 0.7:
            clock = min(now, max(clock, times[at - 1]) + random.choice([0, random.randint(0, 200_000)]))
            turns.append({"kind": "pass", "at": at, "now": clock})
        else:
            turns.append({"kind": "delete-records", "at": at, "offset": random.randint(0, at + 1)})
    return turns


def play(params: dict, lengths: list[int], times: list[int], turns: list[dict]) -> dict:
    """The log with its true sizes, and the result."""
    settings = {
        "internal.segment.bytes": limit(params, "segmentBytes"),
        "segment.ms": limit(params, "segmentMs"),
        "retention.ms": params["retentionMs"],
        "retention.bytes": params["retentionBytes"],
        "cleanup.policy": params["cleanupPolicy"],
    }
    rows, deleted = [], []
    with Partition(START, params["highWatermark"], **settings) as partition:
        for slot in range(len(times) + 1):
            for turn in turns:
                if turn["at"] == slot:
                    take(partition, turn, deleted)
            if slot < len(times):
                batch = partition.batch(START + times[slot], "k", b"v" * lengths[slot])
                rows.append([times[slot], int(batch.sizeInBytes())])
                partition.append(batch)
        take(partition, {"kind": "pass", "now": params["now"]}, deleted)
        result = {
            "segments": partition.segments(),
            "deleted": deleted,
            "logStartOffset": int(partition.log.logStartOffset()),
            "logEndOffset": int(partition.log.logEndOffset()),
        }
    for segment in result["segments"]:
        segment["largestTime"] -= START if segment["largestTime"] >= 0 else 0
    return {"log": rows, "result": result}


def limit(params: dict, name: str) -> int:
    """A limit as Kafka writes it, which knows no −1 here."""
    return LIMITS[name] if params[name] < 0 else params[name]


def take(partition: Partition, turn: dict, deleted: list) -> None:
    """A pass, whose victims are added to `deleted`, or a raised start of the log."""
    if turn["kind"] == "pass":
        partition.set_clock(START + turn["now"])
        before = [segment["baseOffset"] for segment in partition.segments()]
        partition.log.deleteOldSegments()
        left = {segment["baseOffset"] for segment in partition.segments()}
        deleted += [base for base in before if base not in left]
        return
    reason = jpype.JClass("org.apache.kafka.storage.internals.log.LogStartOffsetIncrementReason").ClientRecordDeletion
    try:
        partition.log.maybeIncrementLogStartOffset(turn["offset"], reason)
    except jpype.JClass("org.apache.kafka.common.errors.OffsetOutOfRangeException"):
        return

"""What Kafka's cleaner leaves of logs with transactions: committed, aborted and open ones, pass by pass.

The log with its producer state, markers and last stable offset is Kafka's own, and so is the cleaner. A marker bumps
the epoch of its producer, as under transaction.version 2.
"""

from random import Random

import jpype

from tests.conformance.compaction import COMPACTED, START, Cleaner
from tests.conformance.partition import DEFAULTS, Partition

LOGS = 100
PRODUCERS = ("A", "B", "C")
VERSION = 2


def record() -> dict:
    """`{settings, start, logs: [{params, log, turns, result}]}`.

    `log` is a list of `[time, key, 1 or null, size]`, `turns` of `[kind, at, time, producer, size]`: interventions of
    the model `compaction`. All times count from `start`. `result` is that of the model; `emptied`, beside it in every
    pass, says how many batches without a record were in the log when it began, whose headers count in the dirty ratio.
    """
    random = Random("compacted transactions")
    return {"settings": DEFAULTS | COMPACTED, "start": START, "logs": [draw(random, number) for number in range(LOGS)]}


def draw(random: Random, number: int) -> dict:
    """One log and what came of it; every third has a transaction that stays open."""
    params = {
        "segmentRecords": random.choice([1, 2, 2, 3, 3, 4, 5]),
        "minCleanableDirtyRatio": random.choice([0, 0, 0, 0.3, 0.5]),
        "deleteRetentionMs": random.choice([0, 0, 1, 2, 4, 8]),
        "minCompactionLagMs": random.choice([0, 0, 0, random.randint(1, 10)]),
        "maxCompactionLagMs": random.choice([None, None, random.randint(1, 20)]),
        "offsetMapKeys": random.randint(1, 4) if number % 10 == 7 else None,
    }
    events = draw_events(random, stays_open=number % 3 == 2)
    merges = params["offsetMapKeys"] is None and number % 2 == 0
    played = play(params, events, merges)
    if any(each["emptied"] for each in played["result"]["passes"]):
        # Headers of emptied batches, which the model does not count, must not decide whether a pass runs.
        params["minCleanableDirtyRatio"] = 0
        played = play(params, events, merges)
    return {"params": params, **played}


def draw_events(random: Random, *, stays_open: bool) -> list[tuple]:
    """`(time, kind, producer or none, key, length)`: records, ends of transactions, and passes of the cleaner."""
    producers = PRODUCERS[: random.randint(1, 3)]
    keys = ["a", "bb", "ccc", "d", "é", "f"][: random.randint(1, 6)]
    clock, opened, events = 0, [], []
    late = random.randint(4, 30)
    for step in range(random.randint(14, 40)):
        clock = min(30, clock + random.choice([0, 0, 1, 1, 2]))
        chance = random.random()
        if chance < 0.2 and opened:
            producer = opened.pop(random.randrange(len(opened)))
            if stays_open and producer == producers[0] and step > late:
                opened.append(producer)
            else:
                events.append((clock, random.choice(["commit", "abort"]), producer, None, None))
        elif chance < 0.35:
            events.append((clock, "clean", None, None, None))
        else:
            producer = random.choice([None, None, *producers, *producers])
            if producer is not None and producer not in opened:
                opened.append(producer)
            key = None if random.random() < 0.03 else random.choice(keys)
            length = None if random.random() < 0.2 else random.choice([1, 1, 20])
            events.append((clock, "record", producer, key, length))
    if not stays_open:
        events += [(clock, random.choice(["commit", "abort"]), producer, None, None) for producer in opened]
    # Passes need dirty data, and what is stamped needs a later one.
    for _ in range(random.randint(2, 4)):
        clock += random.randint(0, 6)
        events += [(clock, "record", None, random.choice(keys), 1) for _ in range(random.randint(1, 6))]
        events.append((clock, "clean", None, None, None))
    return events


def play(params: dict, events: list[tuple], merges: bool) -> dict:
    """The log with its true sizes, the turns, and the result."""
    log, turns, passes = [], [], []
    with Partition(START, **COMPACTED) as partition:
        cleaner = Cleaner(partition, params, merges)
        writers = Writers(partition, params["segmentRecords"])
        pen = None
        for time, kind, producer, key, length in events:
            partition.set_clock(START + time)
            if kind == "clean":
                emptied = writers.emptied()
                passes.append({**cleaner.run(time), "emptied": emptied})
                turns.append(["clean", len(log), time, None, None])
            elif kind == "record":
                if producer != pen:
                    pen = producer
                    turns.append(["plain" if pen is None else "begin", len(log), None, pen, None])
                log.append([time, key, None if length is None else 1, writers.write(time, producer, key, length)])
            elif writers.has_begun(producer) or producer == pen:
                size = writers.end(time, producer, kind)
                turns.append([kind, len(log), time, producer, size])
                pen = None if producer == pen else pen
        entries = partition.entries()
        return {
            "log": log,
            "turns": turns,
            "result": {
                "passes": passes,
                "survivors": [offset for offset, _ in entries],
                "tombstones": [offset for offset, is_tombstone in entries if is_tombstone],
                "markers": writers.markers(),
                "lastStableOffset": int(partition.log.lastStableOffset()),
            },
        }


class Writers:
    """The producers of one partition."""

    def __init__(self, partition: Partition, segment_records: int):
        kafka = jpype.JPackage("org").apache.kafka
        self._partition = partition
        self._log = partition.log
        self._most = segment_records
        self._kafka = kafka
        self._records = kafka.common.record.internal
        self._none = kafka.common.compress.Compression.NONE
        self._count = 0
        self._epochs = dict.fromkeys(PRODUCERS, 0)
        self._sequences = dict.fromkeys(PRODUCERS, 0)
        self._open: set[str] = set()

    def has_begun(self, producer: str) -> bool:
        """Whether a transaction of it wrote something and is open."""
        return producer in self._open

    def write(self, time: int, producer: str | None, key: str | None, length: int | None) -> int:
        """Append a record; its batch's size."""
        value = None if length is None else b"v" * length
        batch = self._partition.batch(START + time, key, value)
        if producer is not None:
            record = next(iter(batch.records()))
            simple = self._records.SimpleRecord(record)
            identity = (PRODUCERS.index(producer), jpype.JShort(self._epochs[producer]), self._sequences[producer])
            batch = self._records.MemoryRecords.withTransactionalRecords(self._none, *identity, simple)
        size = int(batch.sizeInBytes())
        taken = self._append(batch, "CLIENT", key is not None)
        if taken != (key is not None):
            raise AssertionError("A compacted log refuses records without a key, and no others.")
        if taken and producer is not None:
            self._open.add(producer)
            self._sequences[producer] += 1
        return size

    def end(self, time: int, producer: str, kind: str) -> int:
        """The marker of a transaction, if it wrote something; its size."""
        marker = self._records.EndTransactionMarker(getattr(self._records.ControlRecordType, kind.upper()), 0)
        epoch = jpype.JShort(self._epochs[producer] + 1)
        identity = (START + time, PRODUCERS.index(producer), epoch)
        batch = self._records.MemoryRecords.withEndTransactionMarker(*identity, marker)
        size = int(batch.sizeInBytes())
        if self.has_begun(producer):
            self._epochs[producer] += 1
            self._sequences[producer] = 0
            self._open.discard(producer)
            self._append(batch, "COORDINATOR", True)
        return size

    def _append(self, batch, origin: str, is_entry: bool) -> bool:
        log = self._kafka.storage.internals.log
        if is_entry:
            if self._count and self._count % self._most == 0:
                self._log.roll()
            self._count += 1
        local = self._kafka.server.common.RequestLocal.noCaching()
        place = getattr(log.AppendOrigin, origin)
        try:
            self._log.appendAsLeader(batch, 0, place, local, log.VerificationGuard.SENTINEL, jpype.JShort(VERSION))
        except jpype.JClass("org.apache.kafka.storage.internals.log.RecordValidationException"):
            return False
        self._log.updateHighWatermark(self._log.logEndOffset())
        return True

    def _batches(self) -> list:
        return [batch for segment in self._log.logSegments() for batch in segment.log().batches()]

    def emptied(self) -> int:
        """How many batches have no record."""
        return sum(int(batch.countOrNull()) == 0 for batch in self._batches())

    def markers(self) -> list[dict]:
        """The markers that are in the log."""
        return [
            {
                "offset": int(each.offset()),
                "kind": str(self._records.ControlRecordType.parse(each.key()).name()).lower(),
                "producer": PRODUCERS[batch.producerId()],
            }
            for batch in self._batches()
            if batch.isControlBatch()
            for each in batch
        ]

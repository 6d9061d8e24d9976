"""What Kafka's cleaner leaves of generated logs, pass by pass: LogCleanerManager chooses, Cleaner cleans."""

from random import Random

import jpype

from tests.conformance.partition import DEFAULTS, Partition

LOGS = 200
# The first cleaning that sees a tombstone writes its horizon into the batch, and from it counts the record's time in a
# variable number of bytes. Within 63 ms it is one byte, as it was before: so all sizes stay those that were appended.
START = 1_000_000
UNLIMITED = 2**31 - 1
COMPACTED = {"cleanup.policy": "compact", "internal.segment.bytes": UNLIMITED}
MAP_ENTRY_BYTES = 24


def record() -> dict:
    """`{settings, start, logs: [{params, log, result}]}`.

    `log` is a list of `[time, key, 1 or null, size]`; all times count from `start`, sizes are those of Kafka's batches.
    `result` is that of the model `compaction`.
    """
    random = Random("compaction")
    return {"settings": DEFAULTS | COMPACTED, "start": START, "logs": [draw(random, number) for number in range(LOGS)]}


def draw(random: Random, number: int) -> dict:
    """One log, its settings, and what came of it; every fifth has a ratio that one of its passes meets exactly."""
    keys = ["a", "bb", "ccc", "d", "é", "f", "g", "h", "i", "j"][: random.randint(1, 10)]
    rows, clock = [], 0
    for _ in range(random.randint(6, 24)):
        clock = min(30, clock + random.choice([0, 0, 1, 1, 2, 5]))
        time = max(0, clock - random.randint(0, 4)) if number % 4 == 3 else clock
        key = None if random.random() < 0.05 else random.choice(keys)
        rows.append([time, key, None if random.random() < 0.25 else random.choice([1, 1, 20, 60])])
    params = {
        "segmentRecords": random.choice([1, 2, 2, 3, 3, 4, 5, 8]),
        "minCleanableDirtyRatio": random.choice([0, 0, 0, 0.1, 0.2, 0.5, 0.5, 0.75]),
        "deleteRetentionMs": random.choice([0, 0, 1, 2, 3, 8, 15]),
        "minCompactionLagMs": random.choice([0, 0, 0, 0, random.randint(1, 15)]),
        "maxCompactionLagMs": random.choice([None, None, random.randint(1, 20)]),
        "cleanAt": sorted(random.randint(0, clock + 8) for _ in range(random.randint(2, 5))),
        "offsetMapKeys": random.randint(1, 4) if number % 10 == 7 else None,
    }
    # Where no map is too small, whether small cleaned segments are merged makes no difference to what survives.
    merges = params["offsetMapKeys"] is None and number % 2 == 0
    played = play(params, rows, merges)
    if number % 5 == 4:
        met = [each["dirtyRatio"] for each in played["result"]["passes"] if each["dirtyRatio"] > 0]
        params["minCleanableDirtyRatio"] = random.choice(met or [1])
        played = play(params, rows, merges)
    return {"params": params, **played}


def play(params: dict, rows: list, merges: bool) -> dict:
    """The log with its true sizes, and the result. A pass at t comes before the first record that is later than t."""
    waiting = list(params["cleanAt"])
    log, passes = [], []
    count = 0
    with Partition(START, **COMPACTED) as partition:
        cleaner = Cleaner(partition, params, merges)
        for time, key, length in rows:
            while waiting and time > waiting[0]:
                passes.append(cleaner.run(waiting.pop(0)))
            partition.set_clock(START + time)
            if key is not None:
                if count and count % params["segmentRecords"] == 0:
                    partition.log.roll()
                count += 1
            batch = partition.batch(START + time, key, None if length is None else b"v" * length)
            log.append([time, key, None if length is None else 1, int(batch.sizeInBytes())])
            if partition.append(batch) != (key is not None):
                raise AssertionError("A compacted log refuses records without a key, and no others.")
        passes += [cleaner.run(at) for at in waiting]
        entries = partition.entries()
    return {
        "log": log,
        "result": {
            "passes": passes,
            "survivors": [offset for offset, _ in entries],
            "tombstones": [offset for offset, is_tombstone in entries if is_tombstone],
        },
    }


class Cleaner:
    """The broker's cleaner for one partition, without its threads."""

    def __init__(self, partition: Partition, params: dict, merges: bool):
        kafka = jpype.JPackage("org").apache.kafka
        log = kafka.storage.internals.log
        self._partition = partition
        self._settings = {
            **COMPACTED,
            "internal.segment.bytes": UNLIMITED if merges else 1,
            "min.cleanable.dirty.ratio": params["minCleanableDirtyRatio"],
            "delete.retention.ms": params["deleteRetentionMs"],
            "min.compaction.lag.ms": params["minCompactionLagMs"],
        }
        if params["maxCompactionLagMs"] is not None:
            self._settings["max.compaction.lag.ms"] = params["maxCompactionLagMs"]
        self._topic_partition = partition.log.topicPartition()
        logs = jpype.JClass("java.util.concurrent.ConcurrentHashMap")()
        logs.put(self._topic_partition, partition.log)
        directories = jpype.JClass("java.util.List").of(partition.directory)
        self._manager = log.LogCleanerManager(directories, logs, log.LogDirFailureChannel(1))
        # The ratio of a log that is not cleaned is kept in no public place.
        self._ratio = self._manager.getClass().getDeclaredField("dirtiestLogCleanableRatio")
        self._ratio.setAccessible(True)
        self._no_stats = log.PreCleanStats
        entries = 1000 if params["offsetMapKeys"] is None else params["offsetMapKeys"]
        offset_map = log.SkimpyOffsetMap(entries * MAP_ENTRY_BYTES)
        throttler = kafka.storage.internals.utils.Throttler(1e18, 300, "cleaner", "entries", partition.clock)
        ignore = jpype.JProxy("java.util.function.Consumer", dict={"accept": lambda _: None})
        self._cleaner = log.Cleaner(0, offset_map, 65536, 65536, 1.0, throttler, partition.clock, ignore)

    def run(self, at: int) -> dict:
        """A pass as the model `compaction` shows it."""
        self._partition.set_clock(START + at)
        # Only the cleaner is to see these: a maximum lag would also roll segments, and so would their size.
        self._partition.configure(**self._settings)
        found = self._manager.grabFilthiestCompactedLog(self._partition.clock, self._no_stats())
        ratio = float(self._ratio.getDouble(self._manager))
        if found.isPresent():
            end = self._cleaner.clean(found.get()).getKey()
            self._manager.doneCleaning(self._topic_partition, self._partition.directory, end)
        self._partition.configure(**COMPACTED)
        survivors = [offset for offset, _ in self._partition.entries()]
        return {"at": at, "ran": bool(found.isPresent()), "dirtyRatio": ratio, "survivors": survivors}

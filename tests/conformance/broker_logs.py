"""Where a broker puts the records of sample logs, what its cleaner leaves of them, and what it deletes."""

import time
from random import Random

from confluent_kafka.admin import OffsetSpec

from tests.conformance.client import NO_LIMIT, Client, batch_size, message, sample_log, until

PARTITIONS = (3, 6, 12)
CASES = 5
HOUR, DAY = 3_600_000, 86_400_000
# What must lie between two records for the clock to be told on which side of a border it stands.
CLEAR = 60_000
QUIET_SECONDS = 2
# Ratios are compared strictly, so that a log whose limit is 1 is never cleaned.
NEVER, ALWAYS = 1.0, 0.0


def place(client: Client, names: list[str]) -> list[dict]:
    """`{log, partitions, placed: [[partition, offset]…]}`: the client chooses the partition by the key."""
    cases = [{"log": name, "partitions": count} for name in names for count in PARTITIONS]
    for count in PARTITIONS:
        client.create({f"place-{name}-{count}": {} for name in names}, count)
    for case in cases:
        sent = [message(record) for record in sample_log(case["log"])]
        case["placed"] = client.append(f"place-{case['log']}-{case['partitions']}", sent)
    return cases


def shift(records: list[dict]) -> int:
    """By how much a log's times are moved on together so that the last of them was an hour ago."""
    return int(time.time() * 1000) - HOUR - max(record["time"] for record in records)


def borders(records: list[dict]) -> list[int]:
    """Moments that lie well between two records, and one that lies after all."""
    times = sorted({record["time"] for record in records})
    pairs = zip(times, [*times[1:], times[-1] + HOUR], strict=True)
    return [(one + other) // 2 for one, other in pairs if other - one > 2 * CLEAR]


def age(border: int, moved: int) -> int:
    """How long ago a moment of a log was."""
    return int(time.time() * 1000) - border - moved


class Compaction:
    """One topic that the cleaner passes over after so many records, and at no other time."""

    def __init__(self, name: str, number: int):
        random = Random(f"broker compaction {name} {number}")
        self.records = sample_log(name)
        self.topic = f"compact-{name}-{number}"
        self._moved = shift(self.records)
        self._size = max(batch_size(message(record)) for record in self.records) + 10
        self._sent = 0
        count = len(self.records)
        self.case = {
            "log": name,
            "segmentRecords": random.choice([1, 2, 3, 4, 5, 8]),
            "deleteRetentionMs": random.choice([0, 0, DAY]),
            "cleanAfter": sorted({count, *random.sample(range(5, count), random.choice([0, 1, 2]))}),
            # Records that are later than this are too young to be cleaned.
            "youngAfter": random.choice([None, None, *random.sample(borders(self.records), 1)]),
            "size": self._size,
            "segments": [],
            "survivors": [],
        }

    def settings(self) -> dict:
        """Batches are of one size, so that a segment is full after as many of them as the case says."""
        return {
            "cleanup.policy": "compact",
            "internal.segment.bytes": self.case["segmentRecords"] * self._size,
            "segment.ms": NO_LIMIT,
            "min.cleanable.dirty.ratio": NEVER,
            "delete.retention.ms": self.case["deleteRetentionMs"],
        }

    def append(self, client: Client, to: int) -> None:
        sent = self.records[self._sent : to]
        client.append(self.topic, [message(record, self._moved, self._size) for record in sent])
        self._sent = to

    def cleaning(self) -> dict:
        """The settings under which the next pass takes place."""
        young = self.case["youngAfter"]
        lag = 0 if young is None else age(young, self._moved)
        return {"min.cleanable.dirty.ratio": ALWAYS, "min.compaction.lag.ms": lag}

    def look(self, client: Client) -> None:
        """Note what is left, and make sure that it is what was sent."""
        found = client.read(self.topic)
        for offset, key, value in found:
            sent = message(self.records[offset])
            if (key, value) != (sent["key"], sent["value"]):
                raise AssertionError(f"{self.topic}: another record stands at offset {offset}.")
        self.case["survivors"].append([offset for offset, _, _ in found])


def compact(client: Client, names: list[str]) -> list[dict]:
    """Sample logs, cleaned after `cleanAfter` records each; `segments` before the first pass that ran, by base offset.

    `survivors` are the offsets after each pass, as a consumer is given them.
    """
    topics = [Compaction(name, number) for name in names for number in range(CASES)]
    client.create({topic.topic: topic.settings() for topic in topics})
    for turn in range(max(len(topic.case["cleanAfter"]) for topic in topics)):
        due = [topic for topic in topics if turn < len(topic.case["cleanAfter"])]
        for topic in due:
            topic.append(client, topic.case["cleanAfter"][turn])
            if turn == 0:
                topic.case["segments"] = [base for base, _ in client.segments(topic.topic)]
        client.configure({topic.topic: topic.cleaning() for topic in due})
        wait_for_the_cleaner(client, due)
        client.configure({topic.topic: {"min.cleanable.dirty.ratio": NEVER} for topic in due})
        for topic in due:
            topic.look(client)
    return [topic.case for topic in topics]


def wait_for_the_cleaner(client: Client, topics: list[Compaction]) -> None:
    """Until it has come to the active segment of each, except what is too young, and then has found nothing more."""

    def is_done() -> bool:
        cleaned = client.cleaned()
        return all(cleaned.get(name, 0) == base for name, base in bases.items())

    old = [topic for topic in topics if topic.case["youngAfter"] is None]
    bases = {topic.topic: client.segments(topic.topic)[-1][0] for topic in old}
    until(is_done, "clean every topic")
    seen, since = client.cleaned(), time.monotonic()

    def is_quiet() -> bool:
        nonlocal seen, since
        if client.cleaned() != seen:
            seen, since = client.cleaned(), time.monotonic()
        return time.monotonic() - since > QUIET_SECONDS

    until(is_quiet, "come to rest")


class Retention:
    """One topic from which old or many records are deleted at the end."""

    def __init__(self, name: str, number: int):
        random = Random(f"broker retention {name} {number}")
        self.records = sample_log(name)
        self.topic = f"retain-{name}-{number}"
        self._moved = shift(self.records)
        sizes = [batch_size(message(record)) for record in self.records]
        span = self.records[-1]["time"] - self.records[0]["time"]
        by_time, by_size = random.choice([(True, False), (False, True), (True, True)])
        self.case = {
            "log": name,
            "sizes": sizes,
            "segmentBytes": random.choice(
                [-1, max(sizes), *(random.randint(max(sizes), sum(sizes)) for _ in range(3))]
            ),
            "segmentMs": random.choice([-1, span // 3, span // 7]),
            "retentionBytes": self._draw_bytes(random, sizes) if by_size else -1,
            # Segments that hold nothing later than this have expired.
            "expiredTo": random.choice(borders(self.records)) if by_time else None,
            "deleteBefore": random.randint(1, len(sizes)) if random.random() < 0.3 else None,
        }

    @staticmethod
    def _draw_bytes(random: Random, sizes: list[int]) -> int:
        """A limit, often one that what is left after some record meets to the byte."""
        exact = sum(sizes[random.randint(1, len(sizes)) :])
        return max(0, random.choice([exact, exact, exact + 1, exact - 1, random.randint(0, sum(sizes))]))

    def settings(self) -> dict:
        return {
            "internal.segment.bytes": 2**31 - 1 if self.case["segmentBytes"] < 0 else self.case["segmentBytes"],
            "segment.ms": NO_LIMIT if self.case["segmentMs"] < 0 else self.case["segmentMs"],
            "retention.ms": -1,
            "retention.bytes": -1,
        }

    def append(self, client: Client) -> None:
        client.append(self.topic, [message(record, self._moved) for record in self.records])
        self.case["before"] = client.segments(self.topic)
        if self.case["deleteBefore"] is not None:
            client.delete_before(self.topic, self.case["deleteBefore"])

    def limits(self) -> dict:
        expired = self.case["expiredTo"]
        keep = -1 if expired is None else age(expired, self._moved)
        return {"retention.ms": keep, "retention.bytes": self.case["retentionBytes"]}

    def look(self, client: Client) -> None:
        self.case["after"] = client.segments(self.topic)
        self.case["logStartOffset"] = client.offset(self.topic, OffsetSpec.earliest)
        self.case["logEndOffset"] = client.offset(self.topic)


def retain(client: Client, names: list[str]) -> list[dict]:
    """Sample logs before and after a pass, `[base offset, bytes]` of each segment, and where they start and end."""
    topics = [Retention(name, number) for name in names for number in range(CASES)]
    client.create({topic.topic: topic.settings() for topic in topics})
    for topic in topics:
        topic.append(client)
    client.configure({topic.topic: topic.limits() for topic in topics})
    # The first pass may have begun before the limits held.
    client.create({"passes": {"retention.ms": 1}})
    for _ in range(2):
        client.append("passes", [{"value": b"", "timestamp": 1}])
        end = client.offset("passes")
        until(lambda end=end: client.offset("passes", OffsetSpec.earliest) == end, "delete what has expired")
    for topic in topics:
        topic.look(client)
    return [topic.case for topic in topics]

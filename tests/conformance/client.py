"""A real client beside a real broker: topics, records and their offsets, and the segments on the broker's disk."""

import json
import time
from pathlib import Path

from confluent_kafka import Consumer, IsolationLevel, KafkaError, Producer, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    OffsetSpec,
    ResourceType,
)

from tests.conformance.server import Broker

LOGS = Path(__file__).parents[2] / "glossary" / "content" / "logs"
NO_LIMIT = 2**63 - 1
# The records are older than what a broker keeps by default.
COMMON = {"retention.ms": -1, "message.timestamp.after.max.ms": NO_LIMIT, "file.delete.delay.ms": 0}
# What a batch takes beside its one record.
BATCH_HEADER = 61


def sample_log(name: str) -> list[dict]:
    """The records of a shipped log."""
    return [json.loads(line) for line in (LOGS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[1:]]


def sample_names() -> list[str]:
    return sorted(path.stem for path in LOGS.glob("*.jsonl"))


def until(is_so, what: str, seconds: float = 60) -> None:
    """Ask until it is so; a sentence where it never is."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(f"The broker did not {what} within {seconds} s.")
        time.sleep(0.02)


class Client:
    """Everything that is asked of one broker, by librdkafka."""

    def __init__(self, broker: Broker):
        self.broker = broker
        self._common = {"bootstrap.servers": broker.address, "log_level": 0}
        self._admin = AdminClient(self._common)
        self._producer = self.producer()
        reader = {"group.id": "reader", "enable.partition.eof": True, "fetch.wait.max.ms": 10, "check.crcs": True}
        self._readers = {
            level: Consumer(self._common | reader | {"isolation.level": level, "enable.auto.commit": False})
            for level in ("read_committed", "read_uncommitted")
        }

    def close(self) -> None:
        for reader in self._readers.values():
            reader.close()

    def producer(self, **settings) -> Producer:
        """A producer of its own, which sends without waiting for more."""
        named = {name.replace("_", "."): value for name, value in settings.items()}
        return Producer(self._common | {"linger.ms": 0, "partitioner": "murmur2_random"} | named)

    def create(self, topics: dict[str, dict], partitions: int = 1) -> None:
        """New topics with their settings."""
        wanted = [
            NewTopic(name, partitions, 1, config={each: str(value) for each, value in (COMMON | settings).items()})
            for name, settings in topics.items()
        ]
        for done in self._admin.create_topics(wanted).values():
            done.result()
        everywhere = [TopicPartition(name, each) for name in topics for each in range(partitions)]
        until(lambda: self._answers(everywhere), "lead new topics")

    def _answers(self, partitions: list[TopicPartition]) -> bool:
        # The client keeps what it knows of a topic, also that nobody leads it.
        self._admin.list_topics(timeout=10)
        asked = self._admin.list_offsets({each: OffsetSpec.latest() for each in partitions})
        return all(answer.exception() is None for answer in asked.values())

    def configure(self, topics: dict[str, dict]) -> None:
        """Change settings of topics; back when the broker says that they hold."""
        resources = [
            ConfigResource(
                ResourceType.TOPIC,
                name,
                incremental_configs=[
                    ConfigEntry(each, str(value), incremental_operation=AlterConfigOpType.SET)
                    for each, value in settings.items()
                ],
            )
            for name, settings in topics.items()
        ]
        for done in self._admin.incremental_alter_configs(resources).values():
            done.result()
        until(lambda: self._hold(topics), "take new settings")

    def _hold(self, topics: dict[str, dict]) -> bool:
        asked = self._admin.describe_configs([ConfigResource(ResourceType.TOPIC, name) for name in topics])
        held = {resource.name: answer.result() for resource, answer in asked.items()}
        return all(
            held[name][each].value == str(value)
            for name, settings in topics.items()
            for each, value in settings.items()
        )

    def append(self, topic: str, records: list[dict]) -> list[tuple[int, int]]:
        """Send records one after the other, each a batch of its own; the partition and offset of each."""
        stored = []

        def note(error, message):
            if error is not None:
                raise RuntimeError(f"{topic}: {error}")
            stored.append((message.partition(), message.offset()))

        for record in records:
            self._producer.produce(topic, on_delivery=note, **record)
            self._producer.flush()
        return stored

    def offset(self, topic: str, of=OffsetSpec.latest, level: str = "read_uncommitted") -> int:
        """The log start offset, the high watermark, or for `read_committed` the last stable offset."""
        asked = self._admin.list_offsets(
            {TopicPartition(topic, 0): of()}, isolation_level=getattr(IsolationLevel, level.upper())
        )
        return next(iter(asked.values())).result().offset

    def delete_before(self, topic: str, offset: int) -> None:
        """Raise the log start offset."""
        for done in self._admin.delete_records([TopicPartition(topic, 0, offset)]).values():
            done.result()

    def read(self, topic: str, level: str = "read_uncommitted") -> list[tuple[int, bytes, bytes | None]]:
        """Offset, key and value of every record that a reader is given, from the start to the end."""
        reader = self._readers[level]
        reader.assign([TopicPartition(topic, 0, 0)])
        found = []
        while True:
            message = reader.poll(10)
            if message is None:
                raise TimeoutError(f"{topic} has no end.")
            if message.error() is None:
                found.append((message.offset(), message.key(), message.value()))
            elif message.error().code() == KafkaError._PARTITION_EOF:
                return found
            else:
                raise RuntimeError(f"{topic}: {message.error()}")

    def segments(self, topic: str) -> list[tuple[int, int]]:
        """Base offset and bytes of each segment that is on the broker's disk."""
        return sorted((int(path.stem), path.stat().st_size) for path in (self.broker.data / f"{topic}-0").glob("*.log"))

    def cleaned(self) -> dict[str, int]:
        """The first offset of each topic that the cleaner has not seen yet, from its checkpoints on the disk."""
        path = self.broker.data / "cleaner-offset-checkpoint"
        lines = path.read_text().splitlines()[2:] if path.exists() else []
        return {topic: int(offset) for topic, _, offset in (line.rsplit(" ", 2) for line in lines)}


def message(record: dict, later: int = 0, size: int | None = None) -> dict:
    """A record of a sample log as a client sends it, `later` by so many ms, and padded to the size of a batch."""
    value = record.get("value")
    headers = [("type", record["type"].encode())]
    sent = {
        "key": record["key"].encode(),
        "value": None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(),
        "timestamp": record["time"] + later,
        "headers": headers,
    }
    if size is not None:
        lengths = range(size - batch_size(sent))
        padded = [sent | {"headers": [*headers, (name, b" " * length)]} for name in ("p", "pp") for length in lengths]
        return next(each for each in padded if batch_size(each) == size)
    return sent


def batch_size(sent: dict) -> int:
    """How many bytes the record takes on the disk as a batch of its own."""
    parts = [sent["key"], sent["value"], *(part for name, value in sent["headers"] for part in (name.encode(), value))]
    length = 3 + varint(len(sent["headers"]))
    length += sum(varint(-1) if part is None else varint(len(part)) + len(part) for part in parts)
    return BATCH_HEADER + varint(length) + length


def varint(number: int) -> int:
    """How many bytes a number takes in a record: zigzag, seven bits a byte."""
    return max(1, -(-((number << 1) ^ (number >> 63)).bit_length() // 7))

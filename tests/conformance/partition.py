"""One partition as a broker keeps it: Kafka's UnifiedLog in a temporary directory, under Kafka's mock clock."""

import shutil
import tempfile
from pathlib import Path

import jpype

NAME = "topic-0"
# A log is many small files that are forced to disk: in memory, where there is such a place, this costs nothing.
MEMORY = Path("/dev/shm")  # noqa: S108
DEFAULTS = {
    # Records may be dated in the future; that one of them pins a log is to be seen.
    "message.timestamp.after.max.ms": 2**63 - 1,
    "segment.index.bytes": 4096,
    "file.delete.delay.ms": 0,
}


class Partition:
    """A log that takes records one by one, each a batch of its own; what lies below `high_watermark` is confirmed."""

    def __init__(self, clock: int, high_watermark: int | None = None, **settings):
        kafka = jpype.JPackage("org").apache.kafka
        self._common = kafka.common
        self._log = kafka.storage.internals.log
        self._properties = jpype.JClass("java.util.Properties")
        self._clock = kafka.server.util.MockTime(clock, 0)
        self._high_watermark = high_watermark
        self._root = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        self.directory = jpype.JClass("java.io.File")(str(self._root))
        folder = self._root / NAME
        folder.mkdir()
        producers = self._log.ProducerStateManagerConfig(86_400_000, False)
        self.log = self._log.UnifiedLog.create(
            jpype.JClass("java.io.File")(str(folder)),
            self._config(settings),
            0,
            0,
            self._clock.scheduler,
            kafka.storage.log.metrics.BrokerTopicStats(),
            self._clock,
            86_400_000,
            producers,
            600_000,
            self._log.LogDirFailureChannel(1),
            True,
            jpype.JClass("java.util.Optional").empty(),
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.log.close()
        shutil.rmtree(self._root)

    def _config(self, settings: dict):
        properties = self._properties()
        for name, value in (DEFAULTS | settings).items():
            properties.setProperty(name, str(value))
        return self._log.LogConfig(properties)

    @property
    def clock(self):
        """Kafka's MockTime."""
        return self._clock

    def configure(self, **settings) -> None:
        """Change the topic's settings (dotted names)."""
        self.log.updateConfig(self._config(settings))

    def set_clock(self, now: int) -> None:
        """Turn the clock on; it never goes back."""
        if now > self._clock.milliseconds():
            self._clock.setCurrentTimeMs(now)

    def batch(self, time: int, key: str | None, value: bytes | None):
        """A batch of one record, ready to be appended."""
        key_bytes = jpype.JObject(None if key is None else key.encode(), jpype.JByte[:])
        record = self._common.record.internal.SimpleRecord(time, key_bytes, jpype.JObject(value, jpype.JByte[:]))
        return self._common.record.internal.MemoryRecords.withRecords(self._common.compress.Compression.NONE, record)

    def append(self, batch) -> bool:
        """Append a batch; False where the log refuses it."""
        try:
            self.log.appendAsLeader(batch, 0)
        except (
            jpype.JClass("org.apache.kafka.common.errors.RecordBatchTooLargeException"),
            jpype.JClass("org.apache.kafka.storage.internals.log.RecordValidationException"),
        ):
            return False
        end = self.log.logEndOffset()
        self.log.updateHighWatermark(end if self._high_watermark is None else min(self._high_watermark, end))
        return True

    def segments(self) -> list[dict]:
        """The segments as the model `retention` shows them."""
        active = self.log.activeSegment().baseOffset()
        return [
            {
                "baseOffset": int(each.baseOffset()),
                "nextOffset": int(each.readNextOffset()),
                "bytes": int(each.size()),
                "largestTime": int(each.largestRecordTimestamp().orElse(-1)),
                "active": bool(each.baseOffset() == active),
            }
            for each in self.log.logSegments()
        ]

    def entries(self) -> list[tuple[int, bool]]:
        """Offset of every record that is there, and whether it is a tombstone."""
        return [
            (int(record.offset()), not record.hasValue())
            for segment in self.log.logSegments()
            for record in segment.log().records()
        ]

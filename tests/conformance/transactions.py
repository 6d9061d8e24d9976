"""What Kafka's UnifiedLog keeps of generated transactions, and what its consumer hands out of it, read both ways.

The log, its producer state, markers, last stable offset and index of aborted transactions are Kafka's own, and so is
the consumer's CompletedFetch. What only a broker does, the transaction coordinator's part, is played here as
TransactionCoordinator and TransactionManager play it under transaction.version 2: who holds an id and with which
epoch, who is fenced, and when which marker is written.
"""

from random import Random

import jpype

from tests.conformance.partition import Partition

SEQUENCES = 100
START = 1_700_000_000_000
PRODUCERS = ("A", "B", "C")
STATE, FENCED = "INVALID_TXN_STATE", "INVALID_PRODUCER_EPOCH"
SIZE = 10_000_000
VERSION = 2


def record() -> dict:
    """`{sequences: [{operations, outcomes, log, views}]}`.

    `operations` is a list of `[op, producer, records, instance]`, `outcomes` of statuses, `log` of `[kind, producer,
    transactional]`, `views` of what a reader has after so many operations: `[after, highWatermark, lastStableOffset,
    readCommitted, readUncommitted]`; all as the model `transactions` names them.
    """
    random = Random("transactions")
    return {"sequences": [play(random, draw(random, number)) for number in range(SEQUENCES)]}


def draw(random: Random, number: int) -> list[list]:
    """Operations of a few producers: most of them make sense, some come too early, twice, or from a fenced instance."""
    producers = PRODUCERS[: 1 + min(2, number % 5)]
    operations = [["init", producer, 1, "a"] for producer in producers]
    opened: set[str] = set()
    for _ in range(random.randint(8, 40)):
        producer = random.choice(producers)
        sensible = ["send", "send", "send", "commit", "commit", "abort"] if producer in opened else ["begin"]
        odd = ["plain", "plain", "init", "begin", "send", "commit", "abort"]
        op = random.choice(sensible if random.random() < 0.8 else odd)
        if op == "begin":
            opened.add(producer)
        elif op in ("init", "commit", "abort"):
            opened.discard(producer)
        operations.append([op, producer, random.randint(1, 3), random.choice("aaaaaaaab")])
    return operations


def play(random: Random, operations: list[list]) -> dict:
    """What came of the operations, seen at the end and twice on the way."""
    looks = {len(operations), *(random.randint(1, len(operations)) for _ in range(2))}
    with Partition(START) as partition:
        broker = Broker(partition)
        outcomes, views = [], []
        for count, operation in enumerate(operations, 1):
            outcomes.append(broker.do(*operation))
            if count in looks:
                views.append([count, *broker.view()])
        return {"operations": operations, "outcomes": outcomes, "log": broker.entries(), "views": views}


class Holder:
    """One transactional id, as its coordinator knows it."""

    def __init__(self):
        self.epoch = -1
        self.instance = ""
        self.epochs: dict[str, int] = {}
        self.is_open = False
        self.has_sent = False
        self.sequence = 0


class Broker:
    """A partition's log, with the coordinator of those who write to it."""

    def __init__(self, partition: Partition):
        self._partition = partition
        self._log = partition.log
        self._kafka = jpype.JPackage("org").apache.kafka
        self._records = self._kafka.common.record.internal
        self._none = self._kafka.common.compress.Compression.NONE
        self._holders = {producer: Holder() for producer in PRODUCERS}

    def do(self, op: str, producer: str, records: int, instance: str) -> str:
        """One operation and its status."""
        holder = self._holders[producer]
        if op == "plain":
            self._append(self._records.MemoryRecords.withRecords(self._none, *self._data(records)))
            return "ok"
        if op == "init":
            if holder.is_open:
                # The old epoch is fenced first; what was open is aborted under the next one.
                self._end(producer, "ABORT")
            holder.instance = instance
            self._bump(holder)
            return "ok"
        if instance not in holder.epochs:
            return STATE
        if holder.instance != instance:
            if op == "send":
                self._try_as_zombie(producer, holder.epochs[instance])
            return FENCED
        if (op == "begin") == holder.is_open:
            return STATE
        if op == "begin":
            holder.is_open, holder.has_sent = True, False
        elif op == "send":
            self._send(producer, holder.epoch, holder.sequence, records)
            holder.has_sent = True
            holder.sequence += records
        else:
            self._end(producer, op.upper())
        return "ok"

    @staticmethod
    def _bump(holder: Holder) -> None:
        """A new epoch for whoever holds the id, whose sequences begin again."""
        holder.epoch += 1
        holder.sequence = 0
        holder.epochs[holder.instance] = holder.epoch

    def _data(self, count: int) -> list:
        return [self._records.SimpleRecord(START, b"k", b"v")] * count

    def _append(self, batch, origin: str = "CLIENT") -> None:
        log = self._kafka.storage.internals.log
        local = self._kafka.server.common.RequestLocal.noCaching()
        origin = getattr(log.AppendOrigin, origin)
        self._log.appendAsLeader(batch, 0, origin, local, log.VerificationGuard.SENTINEL, jpype.JShort(VERSION))
        self._log.updateHighWatermark(self._log.logEndOffset())

    def _send(self, producer: str, epoch: int, sequence: int, count: int) -> None:
        identity = (PRODUCERS.index(producer), jpype.JShort(epoch), sequence)
        make = self._records.MemoryRecords.withTransactionalRecords
        self._append(make(self._none, *identity, *self._data(count)))

    def _end(self, producer: str, kind: str) -> None:
        """The marker of a transaction that wrote something."""
        holder = self._holders[producer]
        holder.is_open = False
        if holder.has_sent:
            self._bump(holder)
            marker = self._records.EndTransactionMarker(getattr(self._records.ControlRecordType, kind), 0)
            identity = (START, PRODUCERS.index(producer), jpype.JShort(holder.epoch))
            self._append(self._records.MemoryRecords.withEndTransactionMarker(*identity, marker), "COORDINATOR")

    def _try_as_zombie(self, producer: str, epoch: int) -> None:
        """Where the log has seen the newer epoch, it refuses the old one itself; elsewhere the coordinator does."""
        entry = self._log.producerStateManager().lastEntry(PRODUCERS.index(producer))
        if not entry.isPresent() or entry.get().producerEpoch() <= epoch:
            return
        try:
            self._send(producer, epoch, 0, 1)
        except jpype.JClass("org.apache.kafka.common.errors.InvalidProducerEpochException"):
            return
        raise AssertionError("The log takes records of a fenced epoch.")

    def entries(self) -> list[list]:
        """Everything in the log, as `[kind, producer, transactional]`."""
        found = []
        for segment in self._log.logSegments():
            for batch in segment.log().batches():
                for each in batch:
                    kind = "data"
                    if batch.isControlBatch():
                        kind = str(self._records.ControlRecordType.parse(each.key()).name()).lower()
                    name = PRODUCERS[batch.producerId()] if batch.isTransactional() else None
                    found.append([kind, name, bool(batch.isTransactional())])
        return found

    def view(self) -> list:
        """High watermark, last stable offset, and what a reader of either isolation level is given."""
        marks = [int(self._log.highWatermark()), int(self._log.lastStableOffset())]
        return [*marks, self._read("TXN_COMMITTED", "READ_COMMITTED"), self._read("HIGH_WATERMARK", "READ_UNCOMMITTED")]

    def _read(self, isolation: str, level: str) -> list[int]:
        """What a fetch returns, unpacked as the consumer unpacks it."""
        isolation = getattr(self._kafka.server.storage.log.FetchIsolation, isolation)
        fetched = self._log.read(0, SIZE, isolation, True)
        response = jpype.JClass("org.apache.kafka.common.message.FetchResponseData$PartitionData")()
        response.setRecords(fetched.records).setAbortedTransactions(fetched.abortedTransactions.orElse(None))
        records = Unpacking(self._log.topicPartition(), response).all(level)
        return [int(each.offset()) for each in records]


class Unpacking:
    """The consumer's CompletedFetch, which its package keeps to itself."""

    def __init__(self, topic_partition, response):
        self._metrics = jpype.JClass("org.apache.kafka.common.metrics.Metrics")()
        context = jpype.JClass("org.apache.kafka.common.utils.LogContext")()
        earliest = jpype.JClass("org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy").EARLIEST
        subscriptions = self._make("SubscriptionState", context, earliest)
        partitions = jpype.JClass("java.util.Set").of(topic_partition)
        subscriptions.assignFromUser(partitions)
        registry = self._make("FetchMetricsRegistry")
        manager = self._make("FetchMetricsManager", self._metrics, registry)
        aggregator = self._make("FetchMetricsAggregator", manager, partitions)
        buffers = jpype.JClass("org.apache.kafka.common.utils.BufferSupplier").NO_CACHING
        logger = context.logger(jpype.JClass("java.lang.Object").class_)
        offset = jpype.JClass("java.lang.Long").valueOf(0)
        arguments = (logger, subscriptions, buffers, topic_partition, response, aggregator, offset)
        self._fetch = self._make("CompletedFetch", *arguments)

    def all(self, level: str) -> list:
        """The records that an application of this isolation level is given."""
        isolation = getattr(jpype.JClass("org.apache.kafka.common.IsolationLevel"), level)
        numbers = (jpype.JClass("java.lang.Integer").valueOf(number) for number in (1, SIZE, 0, SIZE, SIZE))
        settings = self._make("FetchConfig", *numbers, True, "", isolation)
        bytes_ = jpype.JClass("org.apache.kafka.common.serialization.ByteArrayDeserializer")()
        deserializers = self._make("Deserializers", bytes_, bytes_, self._metrics)
        method = next(each for each in self._fetch.getClass().getDeclaredMethods() if each.getName() == "fetchRecords")
        method.setAccessible(True)
        found = []
        most = jpype.JClass("java.lang.Integer").valueOf(SIZE)
        while some := list(method.invoke(self._fetch, settings, deserializers, most)):
            found += some
        self._metrics.close()
        return found

    def _make(self, name: str, *arguments):
        """An object of a class that only its package may make."""
        of = jpype.JClass(f"org.apache.kafka.clients.consumer.internals.{name}").class_
        wanted = len(arguments)
        constructor = next(each for each in of.getDeclaredConstructors() if each.getParameterCount() == wanted)
        constructor.setAccessible(True)
        return constructor.newInstance(*arguments)

"""What a broker makes of transactional and idempotent producers, who send the records of sample logs to it."""

import logging
from contextlib import closing
from random import Random

from confluent_kafka import KafkaError, KafkaException, Producer

from tests.conformance.client import Client, message, sample_log, until
from tests.conformance.detour import PRODUCE, Detour

SEQUENCES = 3
REPEATS = 2
PRODUCERS = ("A", "B")
INSTANCES = "abcdefgh"
TIME_OUT_MS = 2000
# What a client is told to ask again.
LATER = {KafkaError.CONCURRENT_TRANSACTIONS, KafkaError.COORDINATOR_LOAD_IN_PROGRESS, KafkaError.NOT_COORDINATOR}
SILENT = logging.getLogger("librdkafka")
SILENT.addHandler(logging.NullHandler())
SILENT.propagate = False


def producer(client: Client, **settings) -> Producer:
    """A producer that goes by the detour, and whose end is no news."""
    named = {name.replace("_", "."): value for name, value in settings.items()}
    address = {"bootstrap.servers": f"127.0.0.1:{client.broker.way}", "error_cb": lambda _: None}
    return Producer(named | address, logger=SILENT)


def open_detour(client: Client):
    host, port = client.broker.detour.split(":")
    return closing(Detour(client.broker.way, (host, int(port))))


def transact(client: Client, names: list[str]) -> list[dict]:
    """`{log, operations, outcomes, views}` as in `transactions.json`, with one operation more, `time-out`."""
    with open_detour(client) as detour:
        drawn = [(name, draw(Random(f"broker {name} {number}"))) for name in names for number in range(SEQUENCES)]
        drawn += [(name, draw_time_out(Random(f"broker {name}"))) for name in names]
        client.create({f"transact-{place}": {} for place in range(len(drawn))})
        return [
            Sequence(client, detour, f"transact-{place}", name).play(operations)
            for place, (name, operations) in enumerate(drawn)
        ]


def draw(random: Random) -> list[list]:
    """Operations that make sense, and of an instance that was replaced with a transaction open one that does not."""
    operations = [["init", name, 1, "a"] for name in PRODUCERS]
    holders = dict.fromkeys(PRODUCERS, "a")
    opened: set[str] = set()
    written: set[str] = set()
    for _ in range(random.randint(10, 24)):
        name = random.choice(PRODUCERS)
        count = random.randint(1, 3)
        if random.random() < 0.15:
            operations.append(["plain", name, count, "a"])
        elif name not in opened:
            operations.append(["begin", name, 1, holders[name]])
            opened.add(name)
            written.discard(name)
        elif random.random() < 0.25:
            before, after = holders[name], INSTANCES[INSTANCES.index(holders[name]) + 1]
            operations.append(["init", name, 1, after])
            # Of a transaction in which nothing was sent, a client does not tell the broker that it ends.
            late = ["send", "commit", "abort"] if name in written else ["send"]
            operations.append([random.choice(late), name, 1, before])
            holders[name] = after
            opened.discard(name)
        else:
            op = random.choice(["send", "send", "send", "commit", "commit", "abort"])
            operations.append([op, name, count if op == "send" else 1, holders[name]])
            if op == "send":
                written.add(name)
            else:
                opened.discard(name)
    return operations


def draw_time_out(random: Random) -> list[list]:
    """Somebody begins, writes and falls silent for too long, while others go on."""
    count = random.randint(1, 3)
    operations = [["init", "A", 1, "a"], ["begin", "A", 1, "a"], ["send", "A", count, "a"], ["plain", "B", 2, "a"]]
    late = random.choice(["send", "commit", "abort"])
    return [*operations, ["time-out", "A", 1, "a"], [late, "A", 1, "a"], ["plain", "B", 1, "a"]]


class Sequence:
    """The producers of one topic."""

    def __init__(self, client: Client, detour: Detour, topic: str, log: str):
        self._client = client
        self._detour = detour
        self._topic = topic
        self._log = log
        self._records = sample_log(log)
        self._sent = 0
        self._instances: dict[tuple[str, str], Producer] = {}
        self._has_sent: set[str] = set()
        self._plain = producer(client, linger_ms=0)

    def play(self, operations: list[list]) -> dict:
        """What came of the operations, and what readers see after a third, two thirds and all of them."""
        count = len(operations)
        outcomes, views = [], []
        for done, operation in enumerate(operations, 1):
            times_out = any(op == "time-out" for op, *_ in operations)
            outcomes.append(self._do(*operation, TIME_OUT_MS if times_out else 60_000))
            if done in (count // 3, 2 * count // 3, count) or operation[0] == "time-out":
                views.append([done, *self._view()])
        return {"log": self._log, "operations": operations, "outcomes": outcomes, "views": views}

    def _do(self, op: str, name: str, count: int, instance: str, time_out: int) -> str:
        """One operation, and the error with which the broker answered it."""
        noted = len(self._detour.exchanges)
        end = self._client.offset(self._topic)
        own = self._instances.get((name, instance))
        if op == "init":
            settings = {"transactional_id": f"{self._topic}-{name}", "transaction_timeout_ms": time_out}
            own = self._instances[name, instance] = producer(self._client, linger_ms=0, **settings)
        refusal = None
        try:
            self._ask(op, own, count)
        except KafkaException as error:
            refusal = error
        codes = [each.error for each in self._detour.exchanges[noted:] if each.error not in LATER]
        if any(codes):
            return KafkaError(next(code for code in codes if code)).name()
        if refusal is not None:
            raise AssertionError(f"{self._topic}: {op} failed without the broker.") from refusal
        if op == "send":
            self._has_sent.add(name)
        elif op in ("commit", "abort", "init", "time-out"):
            if name in self._has_sent:
                # The broker answers before it has written the marker.
                until(lambda: self._client.offset(self._topic) > end, "write a marker")
            self._has_sent.discard(name)
        return "ok"

    def _ask(self, op: str, own: Producer | None, count: int) -> None:
        if op == "init":
            own.init_transactions(30)
        elif op == "begin":
            own.begin_transaction()
        elif op == "send":
            self._send(own, count)
        elif op == "plain":
            self._send(self._plain, count)
        elif op == "commit":
            own.commit_transaction(30)
        elif op == "abort":
            own.abort_transaction(30)

    def _send(self, own: Producer, count: int) -> None:
        for _ in range(count):
            own.produce(self._topic, **message(self._records[self._sent % len(self._records)]))
            self._sent += 1
        if own.flush(30) > 0:
            raise TimeoutError(f"{self._topic}: records were not confirmed.")

    def _view(self) -> list:
        """High watermark, last stable offset, and the offsets that a reader of either isolation level is given."""
        levels = ("read_committed", "read_uncommitted")
        marks = [self._client.offset(self._topic, level=level) for level in reversed(levels)]
        return [*marks, *([offset for offset, *_ in self._client.read(self._topic, level)] for level in levels)]


def repeat(client: Client, names: list[str]) -> list[dict]:
    """`{log, batches, outcomes, logEndOffset}` as in `idempotent_producer.json`: the answers to some batches are lost.

    The client then sends such a batch again, by itself.
    """
    cases = [(name, number) for name in names for number in range(REPEATS)]
    client.create({f"repeat-{name}-{number}": {} for name, number in cases})
    with open_detour(client) as detour:
        return [send_on_a_bad_line(client, detour, name, number) for name, number in cases]


def send_on_a_bad_line(client: Client, detour: Detour, name: str, number: int) -> dict:
    """One log from one producer, a few records a batch, one batch at a time."""
    random = Random(f"broker repeat {name} {number}")
    topic = f"repeat-{name}-{number}"
    # Nothing is sent before the flush, so that what is handed in together is one batch.
    sender = producer(client, enable_idempotence=True, linger_ms=10_000, retry_backoff_ms=20)
    waiting = [message(record) for record in sample_log(name)]
    noted = len(detour.exchanges)
    while waiting:
        count = random.randint(1, 6)
        detour.lose = random.choice([0, 0, 1, 1, 2])
        for each in waiting[:count]:
            sender.produce(topic, **each)
        if sender.flush(30) > 0:
            raise TimeoutError(f"{topic}: a batch was not confirmed.")
        del waiting[:count]
    passed = [each for each in detour.exchanges[noted:] if each.api == PRODUCE]
    outcomes, end = [], 0
    for each in passed:
        status = KafkaError(each.error).name() if each.error else "appended" if each.base_offset == end else "duplicate"
        outcomes.append([status, each.base_offset])
        end += each.batch[-1] if status == "appended" else 0
    # Which id the broker gives out depends on who came before.
    batches = [[0, *each.batch[1:]] for each in passed]
    return {"log": name, "batches": batches, "outcomes": outcomes, "logEndOffset": client.offset(topic)}

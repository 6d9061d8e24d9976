"""What Kafka's UnifiedLog and ProducerStateManager answer to generated batches of idempotent producers."""

from random import Random

import jpype

from tests.conformance.partition import Partition

SEQUENCES = 200
START = 1_700_000_000_000
LAST = 2**31 - 1
STATUSES = {
    "OutOfOrderSequenceException": "OUT_OF_ORDER_SEQUENCE_NUMBER",
    "InvalidProducerEpochException": "INVALID_PRODUCER_EPOCH",
}


def record() -> dict:
    """`{sequences: [{batches, outcomes, logEndOffset}]}`.

    `batches` is a list of `[producerId, epoch, firstSequence, count]`, `outcomes` one of `[status, baseOffset]`, as the
    model `idempotent_producer` names them.
    """
    random = Random("idempotent_producer")
    return {"sequences": [play(draw(random, number)) for number in range(SEQUENCES)]}


def draw(random: Random, number: int) -> list[list[int]]:
    """Batches of a few producers: most go on where the producer stands, some come again, some are wrong."""
    stands: dict[int, list[int]] = {}
    batches: list[list[int]] = []
    for _ in range(random.randint(6, 40)):
        producer = random.randint(1, 1 + number % 3)
        kind = random.random()
        if batches and kind < 0.3:
            # The further back, the less often: five batches are remembered.
            batch = batches[-min(len(batches), 1 + int(random.expovariate(0.35)))]
        else:
            batch = fresh(random, producer, stands, kind, wraps=number % 4 == 0)
        batches.append(batch)
    return batches


def fresh(random: Random, producer: int, stands: dict, kind: float, *, wraps: bool) -> list[int]:
    """A batch that was not there before; `stands` has the epoch and next sequence that each producer believes in."""
    first = LAST - random.randint(0, 12) if wraps else random.choice([0, 0, 0, random.randint(0, 50)])
    epoch, sequence = stands.get(producer, [random.randint(0, 2), first])
    count = random.choice([1, 1, 2, 3, random.randint(1, 12)])
    if kind > 0.95:
        return [producer, max(0, epoch - 1), sequence, count]
    if kind > 0.88:
        return [producer, epoch, (sequence + random.choice([-2, -1, 1, 2])) % (LAST + 1), count]
    if kind > 0.8:
        epoch, sequence = epoch + 1, random.choice([0, 0, 0, sequence, 1])
    stands[producer] = [epoch, (sequence + count) % (LAST + 1)]
    return [producer, epoch, sequence, count]


def play(batches: list[list[int]]) -> dict:
    """What the log answers to each batch."""
    with Partition(START) as partition:
        outcomes = [send(partition, *batch) for batch in batches]
        return {"batches": batches, "outcomes": outcomes, "logEndOffset": int(partition.log.logEndOffset())}


def send(partition: Partition, producer: int, epoch: int, sequence: int, count: int) -> list:
    """One batch, as a client's request appends it."""
    common = jpype.JPackage("org").apache.kafka.common
    record = common.record.internal.SimpleRecord(START, b"k", b"v")
    batch = common.record.internal.MemoryRecords.withIdempotentRecords(
        common.compress.Compression.NONE, producer, jpype.JShort(epoch), sequence, *[record] * count
    )
    before = partition.log.logEndOffset()
    try:
        appended = partition.log.appendAsLeader(batch, 0)
    except jpype.JClass("org.apache.kafka.common.errors.ApiException") as error:
        return [STATUSES[str(error.getClass().getSimpleName())], -1]
    status = "duplicate" if partition.log.logEndOffset() == before else "appended"
    return [status, int(appended.firstOffset())]

"""Idempotent producers and transactions against plain re-implementations and against laws that hold for any input."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

modest = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
WRAP = 2**31


# Idempotent producers


class Partition:
    """A partition that remembers, record by record, what it was given: slow, in other words than the engine."""

    def __init__(self):
        self.log = []
        self.stands = {}

    def receive(self, producer, epoch, first, count):
        numbers = [(first + nth) % WRAP for nth in range(count)]
        current, batches = self.stands.get(producer, (None, []))
        if current == epoch:
            for base, known in batches[-5:]:
                if known == numbers:
                    return "duplicate", base
        if current is not None and epoch < current:
            return "INVALID_PRODUCER_EPOCH", -1
        if current is not None:
            wanted = (batches[-1][1][-1] + 1) % WRAP if current == epoch else 0
            if numbers[0] != wanted:
                return "OUT_OF_ORDER_SEQUENCE_NUMBER", -1
        base = len(self.log)
        self.log += [(producer, epoch, number) for number in numbers]
        self.stands[producer] = (epoch, (batches if current == epoch else []) + [(base, numbers)])
        return "appended", base


def a_batch(first, count=1, epoch=0, producer=1):
    return {"producerId": producer, "epoch": epoch, "firstSequence": first, "count": count}


@st.composite
def sent(draw):
    """Batches that mostly go on where their producer stands, come again, or are a little wrong."""
    stands, batches = {}, []
    for _ in range(draw(st.integers(0, 24))):
        if batches and draw(st.integers(0, 3)) == 0:
            batches.append(draw(st.sampled_from(batches[-9:])))
            continue
        producer = draw(st.integers(1, 2))
        epoch, first = stands.get(producer, (draw(st.integers(0, 2)), draw(st.sampled_from([0, 7, WRAP - 3]))))
        bump = draw(st.sampled_from([0, 0, 0, 0, 1, -1]))
        first = (0 if bump == 1 else first) + draw(st.sampled_from([0, 0, 0, 0, 0, 1]))
        count = draw(st.integers(1, 4))
        batches.append(a_batch(first % WRAP, count, max(0, epoch + bump), producer))
        if bump >= 0:
            stands[producer] = (epoch + bump, (first + count) % WRAP)
    return batches


def produce(engine, batches, **given):
    params = {"batches": batches} | given.pop("params", {})
    return engine.simulate({"model": "idempotent_producer", "params": params, **given})


@modest
@given(sent())
def test_every_batch_is_judged_by_what_its_producer_sent_before(engine, batches):
    partition = Partition()
    expected = [partition.receive(*batch.values()) for batch in batches]
    run = produce(engine, batches)
    assert [(each["status"], each["baseOffset"]) for each in run["result"]["outcomes"]] == expected
    assert run["result"]["logEndOffset"] == len(partition.log)


@modest
@given(sent(), st.data())
def test_losing_acknowledgements_changes_nothing_in_the_log(engine, batches, data):
    log = [{"key": "k", "type": "T", "value": n} for n in range(100)]
    places = data.draw(st.lists(st.integers(0, 60), max_size=4))
    lost = [{"kind": "lose-acknowledgement", "at": at} for at in places]
    plain, retried = produce(engine, batches, log=log), produce(engine, batches, log=log, interventions=lost)
    assert retried["result"]["logEndOffset"] == plain["result"]["logEndOffset"]
    extra = len(retried["result"]["outcomes"]) - len(batches)
    assert extra <= len(lost)

    def appended(run):
        return [each["baseOffset"] for each in run["result"]["outcomes"] if each["status"] == "appended"]

    assert appended(retried) == appended(plain)


@modest
@given(sent(), st.integers(0, 3))
def test_without_idempotence_everything_that_comes_is_appended(engine, batches, losses):
    lost = [{"kind": "lose-acknowledgement"}] * losses
    run = produce(engine, batches, params={"enableIdempotence": False}, interventions=lost)
    again = losses if batches else 0
    assert [each["status"] for each in run["result"]["outcomes"]] == ["appended"] * (len(batches) + again)
    last = batches[-1]["count"] if batches else 0
    assert run["result"]["logEndOffset"] == sum(batch["count"] for batch in batches) + again * last


@modest
@given(sent())
def test_with_idempotence_nothing_is_stored_twice_or_out_of_order(engine, batches):
    holds = {check["id"]: check["holds"] for check in produce(engine, batches)["checks"]}
    assert holds["stored-once"]
    assert holds["in-sequence"]


# Transactions


def an_operation(op, producer, records=1, instance="a"):
    return {"op": op, "producer": producer, "records": records, "instance": instance}


operations = st.lists(
    st.builds(
        an_operation,
        st.sampled_from(["init", "begin", "begin", "send", "send", "send", "plain", "commit", "abort"]),
        st.sampled_from(["A", "A", "B", "B", None]),
        st.integers(1, 3),
        st.sampled_from(["a", "a", "a", "b"]),
    ),
    max_size=30,
).map(lambda some: [an_operation("init", "A"), an_operation("init", "B"), *some])


class Journal:
    """A partition as a list of entries, each with the transaction that it belongs to; everything is looked up anew."""

    def __init__(self):
        self.entries = []
        self.fates = []
        self.holders = {}
        self.initialised = set()
        self.open = {}

    def do(self, op, producer, records, instance):
        if op == "plain":
            self.entries += [("data", producer, None)] * records
            return "ok"
        if producer is None:
            return "INVALID_TXN_STATE"
        if op == "init":
            self.end(producer, "abort")
            self.holders[producer] = instance
            self.initialised.add((producer, instance))
            return "ok"
        if (producer, instance) not in self.initialised:
            return "INVALID_TXN_STATE"
        if self.holders[producer] != instance:
            return "INVALID_PRODUCER_EPOCH"
        if (op == "begin") == (producer in self.open):
            return "INVALID_TXN_STATE"
        if op == "begin":
            self.fates.append(None)
            self.open[producer] = len(self.fates) - 1
        elif op == "send":
            self.entries += [("data", producer, self.open[producer])] * records
        else:
            self.end(producer, op)
        return "ok"

    def end(self, producer, fate):
        if producer in self.open:
            number = self.open.pop(producer)
            self.fates[number] = fate
            if any(entry[2] == number for entry in self.entries):
                self.entries.append((fate, producer, number))

    def stable(self):
        undecided = (
            offset
            for offset, (_, _, number) in enumerate(self.entries)
            if number is not None and self.fates[number] is None
        )
        return next(undecided, len(self.entries))

    def committed(self):
        return [
            offset
            for offset, (kind, _, number) in enumerate(self.entries[: self.stable()])
            if kind == "data" and (number is None or self.fates[number] == "commit")
        ]


def transact(engine, operations, **given):
    return engine.simulate({"model": "transactions", "params": {"operations": operations}, **given})


@modest
@given(operations)
def test_operations_leave_the_log_and_the_views_that_a_plain_journal_has(engine, operations):
    journal = Journal()
    statuses = [journal.do(*operation.values()) for operation in operations]
    result = transact(engine, operations)["result"]
    assert [each["status"] for each in result["outcomes"]] == statuses
    assert result["log"] == [
        {"offset": offset, "kind": kind, "producer": producer, "transactional": number is not None}
        for offset, (kind, producer, number) in enumerate(journal.entries)
    ]
    assert result["highWatermark"] == len(journal.entries)
    assert result["lastStableOffset"] == journal.stable()
    assert result["readCommitted"] == journal.committed()
    assert result["readUncommitted"] == [n for n, (kind, _, _) in enumerate(journal.entries) if kind == "data"]


@modest
@given(operations)
def test_every_step_is_the_journal_of_the_operations_so_far(engine, operations):
    given = {"model": "transactions", "params": {"operations": operations}}
    journal = Journal()
    for step, operation in enumerate(operations, 1):
        journal.do(*operation.values())
        result = engine.outcome(given, step)["result"]
        assert (result["lastStableOffset"], result["readCommitted"]) == (journal.stable(), journal.committed())


@modest
@given(operations)
def test_what_was_read_committed_stays_so_and_comes_first(engine, operations):
    given = {"model": "transactions", "params": {"operations": operations}}
    read = []
    for step in range(len(operations) + 1):
        now = engine.outcome(given, step)["result"]["readCommitted"]
        assert now[: len(read)] == read
        read = now


@modest
@given(operations, st.data())
def test_an_operation_in_between_is_the_same_as_a_row(engine, operations, data):
    log = [{"key": "k", "type": "T", "value": n} for n in range(200)]
    operation = an_operation("plain", "C", data.draw(st.integers(1, 3)))
    at = data.draw(st.integers(0, 199))
    found = transact(engine, operations, log=log, interventions=[{"kind": "operation", "at": at, **operation}])
    ends = [0] + [transact(engine, operations[: n + 1])["result"]["highWatermark"] for n in range(len(operations))]
    place = next((n for n, end in enumerate(ends[1:]) if end > max(at, ends[n])), len(operations))
    expected = transact(engine, [*operations[:place], operation, *operations[place:]], log=log)
    assert found["result"] == expected["result"]

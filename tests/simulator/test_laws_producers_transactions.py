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

"""Compaction of logs with transactions against Kafka's cleaner written out the long way, batch by batch."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

modest = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

PRODUCERS = ["A", "B", "ß"]


class Partition:
    """Batches of one record each, and the transactions of their producers; the oracle."""

    def __init__(self, params):
        self.params = params
        self.batches = []
        self.end = 0
        self.dirty = 0
        self.pen = None
        # Of each producer with an open transaction, the offset of its first record, if it wrote any.
        self.open = {}
        # What Kafka keeps in the index of aborted transactions: (producer, first, last).
        self.aborted = []
        self.passes = []

    def act(self, kind, producer):
        if kind == "begin":
            self.pen = producer
            self.open.setdefault(producer, None)
        elif kind == "plain":
            self.pen = None
        elif producer in self.open:
            first = self.open.pop(producer)
            self.pen = None if self.pen == producer else self.pen
            if first is not None:
                if kind == "abort":
                    self.aborted.append((producer, first, self.end))
                self.store(producer, kind, None, 10)

    def append(self, record):
        if self.pen is not None and self.open[self.pen] is None:
            self.open[self.pen] = self.end
        self.store(self.pen, "data", record, record["size"])

    def store(self, producer, kind, record, size):
        batch = {"offset": self.end, "producer": producer, "kind": kind, "record": record}
        self.batches.append({**batch, "size": size, "horizon": None, "is_empty": False})
        self.end += 1

    @property
    def stable(self):
        return min([first for first in self.open.values() if first is not None], default=self.end)

    def is_aborted(self, batch):
        return batch["kind"] == "data" and any(
            producer == batch["producer"] and first <= batch["offset"] <= last for producer, first, last in self.aborted
        )

    def clean(self, now):
        size = self.params["segmentRecords"]
        active = (self.end - 1) // size * size if self.end else 0
        bound = max(self.dirty, min(active, self.stable // size * size))
        filled = [batch for batch in self.batches if not batch["is_empty"] and batch["offset"] < bound]
        cleanable = sum(batch["size"] for batch in filled if batch["offset"] >= self.dirty)
        clean = sum(batch["size"] for batch in filled if batch["offset"] < self.dirty)
        ratio = cleanable / (cleanable + clean) if cleanable else 0
        ran = ratio > self.params["minCleanableDirtyRatio"]
        if ran:
            self.copy(now, bound)
            self.dirty = bound
        survivors = [batch["offset"] for batch in self.batches if not batch["is_empty"]]
        self.passes.append({"at": now, "ran": ran, "dirtyRatio": ratio, "survivors": survivors})

    def copy(self, now, bound):
        last = {
            batch["record"]["key"]: batch["offset"]
            for batch in self.batches
            if self.dirty <= batch["offset"] < bound and batch["kind"] == "data" and not self.is_aborted(batch)
        }
        # Producers of whose transaction this pass has met a batch, emptied ones included.
        met = set()
        kept = []
        for batch in self.batches:
            is_gone = batch["offset"] < bound and self.judge(batch, last, met, now)
            if is_gone and batch["offset"] == bound - 1:
                kept.append({**batch, "is_empty": True})
            elif not is_gone:
                kept.append(batch)
        self.batches = kept

    def judge(self, batch, last, met, now):
        """Whether the batch loses its record."""
        if batch["kind"] != "data":
            is_idle = batch["producer"] not in met
            met.discard(batch["producer"])
            if batch["is_empty"]:
                return True
            return is_idle and self.is_due(batch, now)
        if batch["producer"] is not None:
            met.add(batch["producer"])
        if batch["is_empty"] or self.is_aborted(batch) or batch["offset"] < last.get(batch["record"]["key"], -1):
            return True
        return batch["record"]["value"] is None and self.is_due(batch, now)

    def is_due(self, batch, now):
        if batch["horizon"] is not None:
            return now >= batch["horizon"]
        batch["horizon"] = now + self.params["deleteRetentionMs"]
        return False

    def result(self):
        left = [batch for batch in self.batches if not batch["is_empty"]]
        return {
            "passes": self.passes,
            "survivors": [batch["offset"] for batch in left],
            "tombstones": [
                batch["offset"] for batch in left if batch["kind"] == "data" and batch["record"]["value"] is None
            ],
            "markers": [
                {name: batch[name] for name in ("offset", "kind", "producer")}
                for batch in left
                if batch["kind"] != "data"
            ],
            "lastStableOffset": self.stable,
        }


def a_story(most=60):
    """Records, turns of producers and passes of the cleaner, in their order."""
    record = st.fixed_dictionaries(
        {
            "key": st.sampled_from(["a", "b", "__proto__"]),
            "type": st.just("T"),
            "value": st.sampled_from([None, 1, 2, 3]),
            "size": st.integers(1, 12),
        }
    )
    # More of what makes a story: several records for each turn of a producer.
    turn = st.tuples(st.sampled_from(["begin", "begin", "plain", "commit", "abort"]), st.sampled_from(PRODUCERS))
    clean = st.tuples(st.just("clean"), st.integers(0, 10))
    return st.lists(st.one_of(record, record, record, turn, clean), max_size=most)


params = st.fixed_dictionaries(
    {
        "segmentRecords": st.integers(1, 5),
        "minCleanableDirtyRatio": st.sampled_from([0, 0, 0, 0.5]),
        "deleteRetentionMs": st.integers(0, 15),
    }
)


def told(story):
    """A story as log and interventions; the clock of the passes goes on by what each of them says."""
    log, interventions, now = [], [], 0
    for each in story:
        if isinstance(each, dict):
            log.append({**each, "time": now})
            continue
        kind, of = each
        now += of if kind == "clean" else 0
        more = {"time": now} if kind == "clean" else {} if kind == "plain" else {"producer": of}
        interventions.append({"kind": kind, "at": len(log), **more})
    # So that the result speaks of transactions at all.
    return log, [*interventions, {"kind": "plain", "at": len(log)}]


@modest
@given(story=a_story(), params=params)
def test_cleaning_with_transactions_is_what_cleaning_batch_by_batch_gives(engine, story, params):
    log, interventions = told(story)
    partition = Partition(params)
    now = 0
    for each in story:
        if isinstance(each, dict):
            partition.append(each)
        elif each[0] == "clean":
            now += each[1]
            partition.clean(now)
        else:
            partition.act(*each)
    run = engine.simulate({"model": "compaction", "log": log, "params": params, "interventions": interventions})
    assert run["problems"] == []
    assert run["result"] == partition.result()
    assert all(check["holds"] for check in run["checks"])


@modest
@given(story=a_story(), params=params, read=st.integers(0, 60))
def test_the_slow_reader_is_given_nothing_that_is_aborted_or_undecided(engine, story, params, read):
    log, interventions = told(story)
    at = min(read, len(log))
    place = sum(each["at"] <= at for each in interventions)
    interventions.insert(place, {"kind": "read", "at": at})
    given_ = {"model": "compaction", "log": log, "params": {**params, "deleteRetentionMs": 10**9}}
    run = engine.simulate({**given_, "interventions": [*interventions, {"kind": "read", "at": len(log)}]})
    # With tombstones kept for long enough it ends as a new reader does, wherever it stopped in between.
    assert {check["id"]: check["holds"] for check in run["checks"]}["slow-reader-agrees"]


@modest
@given(story=a_story())
def test_where_every_record_is_committed_the_last_of_each_key_survives(engine, story):
    log, _ = told([each for each in story if isinstance(each, dict)])
    ends = [
        {"kind": kind, "at": place + number, "producer": "A"}
        for place in range(len(log))
        for number, kind in enumerate(["begin", "commit"])
    ]
    given_ = {"model": "compaction", "log": log, "params": {"segmentRecords": 1, "deleteRetentionMs": 10**9}}
    clean = [{"kind": "plain", "at": len(log)}, {"kind": "clean", "at": len(log)}]
    result = engine.simulate({**given_, "interventions": [*ends, *clean]})["result"]
    records = set(result["survivors"]) - {marker["offset"] for marker in result["markers"]}
    # Each record takes an offset and its marker the next; the last marker alone is the active segment.
    assert records == {2 * place for place in {record["key"]: place for place, record in enumerate(log)}.values()}
    assert len(result["markers"]) == len(log)

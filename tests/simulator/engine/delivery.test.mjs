import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";

const log = Array.from({ length: 6 }, (_, i) => ({ offset: i, time: 1000 + i, key: "k", type: "Paid", value: { id: `p${i}`, amount: 10 } }));
const run = (params = {}, interventions = [], records = log) => simulate({ model: "delivery", log: records, params, interventions });
const crash = (semantics, sink, point) => run({ semantics, sink, crashAt: { record: 2, point } }).result;
const holds = (one, id) => one.checks.find((item) => item.id === id).holds;
const codes = (one, step) => one.at(step).facts.map(({ code }) => code);

const ONCE = { applied: [0, 1, 2, 3, 4, 5], lost: [], repeated: [], committed: 6 };
const LOST = { applied: [0, 1, 3, 4, 5], lost: [2], repeated: [], committed: 6 };
const TWICE = { applied: [0, 1, 2, 2, 3, 4, 5], lost: [], repeated: [2], committed: 6 };

test("without a crash every semantics applies each record once", () => {
  for (const semantics of ["at-most-once", "at-least-once", "exactly-once"]) assert.deepEqual(run({ semantics }).result, ONCE);
});

test("a crash between commit and processing loses the effect, whatever the sink", () => {
  for (const sink of ["additive", "idempotent", "external"]) assert.deepEqual(crash("at-most-once", sink, "between"), LOST);
});

test("a crash between processing and commit repeats the effect, unless the sink ignores repeats", () => {
  assert.deepEqual(crash("at-least-once", "additive", "between"), TWICE);
  assert.deepEqual(crash("at-least-once", "external", "between"), TWICE);
  assert.deepEqual(crash("at-least-once", "idempotent", "between"), ONCE);
});

test("a transaction over output and offset takes hold once, and an e-mail repeats all the same", () => {
  assert.deepEqual(crash("exactly-once", "additive", "between"), ONCE);
  assert.deepEqual(crash("exactly-once", "external", "between"), TWICE);
});

test("a crash before the first or after the second step harms nothing", () => {
  for (const semantics of ["at-most-once", "at-least-once", "exactly-once"]) {
    for (const sink of ["additive", "idempotent", "external"]) {
      for (const point of ["before-process", "after"]) assert.deepEqual(crash(semantics, sink, point), ONCE);
    }
  }
});

test("each record takes two steps, in the order that the semantics says", () => {
  assert.equal(run().length, 12);
  assert.deepEqual([codes(run({ semantics: "at-most-once" }), 1), codes(run(), 1)], [["position.committed"], ["sink.applied"]]);
  const exact = run({ semantics: "exactly-once" });
  assert.deepEqual([codes(exact, 1), codes(exact, 2)], [["sink.prepared"], ["position.committed", "sink.applied"]]);
});

test("what is committed and not yet done is not lost while its consumer lives", () => {
  const one = run({ semantics: "at-most-once", crashAt: { record: 2, point: "between" } });
  assert.deepEqual(one.outcome(5).result, { applied: [0, 1], lost: [], repeated: [], committed: 3 });
  assert.deepEqual(one.outcome(6).result.lost, [2]);
  assert.deepEqual(codes(one, 6), ["delivery.interrupted"]);
  assert.equal(one.at(7).facts[0].data.fate, "lost");
});

test("an output in an open transaction has not taken hold, and is thrown away with it", () => {
  const one = run({ semantics: "exactly-once", crashAt: { record: 2, point: "between" } });
  assert.deepEqual(one.outcome(5).result, { applied: [0, 1], lost: [], repeated: [], committed: 2 });
  assert.equal(one.at(7).facts[0].data.fate, "aborted");
  assert.equal(one.outcome(7).result.committed, 2);
});

test("a record may crash its consumer more than once, and counts each time", () => {
  const twice = run({}, [{ kind: "crash", at: 2 }, { kind: "crash", at: 2 }]);
  assert.deepEqual(twice.result.applied, [0, 1, 2, 2, 2, 3, 4, 5]);
  assert.deepEqual(twice.result.repeated, [2]);
  assert.equal(holds(twice, "total-right"), false);
});

test("a group that is set back repeats what took effect, in a transaction too", () => {
  for (const semantics of ["at-most-once", "at-least-once", "exactly-once"]) {
    const one = run({ semantics }, [{ kind: "rewind", at: 4, records: 3 }]);
    assert.deepEqual(one.result.applied, [0, 1, 2, 3, 1, 2, 3, 4, 5]);
    assert.deepEqual(one.result.repeated, [1, 2, 3]);
  }
  assert.deepEqual(run({ sink: "idempotent" }, [{ kind: "rewind", at: 4, records: 3 }]).result, ONCE);
});

test("setting the group back finds what at-most-once had lost", () => {
  const one = run({ semantics: "at-most-once", sink: "idempotent", crashAt: { record: 2, point: "between" } }, [{ kind: "rewind", at: 4, records: 2 }]);
  assert.deepEqual(one.result, { applied: [0, 1, 3, 2, 4, 5], lost: [], repeated: [], committed: 6 });
});

test("a sink that remembers too little applies a late repeat again", () => {
  const late = (remember) => run({ sink: "idempotent", remember }, [{ kind: "rewind", at: 5, records: 5 }]).result.repeated;
  assert.deepEqual([late(5), late(4)], [[], [0, 1, 2, 3, 4]]);
});

const resent = [...log.slice(0, 3), { ...log[1], offset: 3 }, { ...log[4], offset: 4 }];

test("the same payment sent twice is two records, which only its own number tells", () => {
  assert.deepEqual(run({ sink: "idempotent" }, [], resent).result.repeated, []);
  assert.deepEqual(run({ sink: "idempotent" }, [], resent).result.applied, [0, 1, 2, 3, 4]);
  const known = run({ sink: "idempotent", identity: "id" }, [], resent);
  assert.deepEqual(known.result, { applied: [0, 1, 2, 4], lost: [], repeated: [], committed: 5 });
  const exact = run({ semantics: "exactly-once", identity: "id" }, [], resent);
  assert.deepEqual(exact.result.repeated, [3]);
  assert.deepEqual([holds(known, "total-right"), holds(exact, "total-right")], [true, false]);
});

test("a record without the field is told by its offset, and objects are no identity", () => {
  const odd = [{ value: null }, { value: { id: {} } }, { value: { id: {} } }, { value: 5 }];
  assert.deepEqual(run({ sink: "idempotent", identity: "id" }, [], odd).result.applied, [0, 1, 2, 3]);
});

test("offsets with gaps are committed as the one after the record", () => {
  const sparse = [{ offset: 10 }, { offset: 15 }, { offset: 20 }];
  const one = run({ crashAt: { record: 1, point: "between" } }, [], sparse);
  assert.deepEqual(one.result, { applied: [10, 15, 15, 20], lost: [], repeated: [15], committed: 21 });
  assert.equal(one.outcome(2).result.committed, 11);
});

test("a crash beyond the log is refused, and an empty log leaves nothing to crash", () => {
  const one = run({ crashAt: { record: 6, point: "between" } });
  assert.deepEqual(one.problems.map(({ path }) => path), ["/params/crashAt/record"]);
  assert.deepEqual(one.result, ONCE);
  assert.deepEqual(run({}, [{ kind: "crash" }], []).result, { applied: [], lost: [], repeated: [], committed: 0 });
});

test("a crash after the last record finds nothing half done", () => {
  const one = run({ semantics: "at-most-once" }, [{ kind: "crash" }]);
  assert.deepEqual(one.result, ONCE);
  assert.equal(one.at(one.length).facts[0].data.fate, "nothing");
});

test("an incomplete crash point is completed, and a wrong one is told", () => {
  assert.deepEqual(run({ crashAt: { record: 2 } }).result, TWICE);
  const one = run({ crashAt: { record: -1, point: "later", where: 3 } });
  assert.deepEqual(one.params.crashAt, { record: 0, point: "between" });
  assert.deepEqual(one.problems.map(({ path }) => path), ["/params/crashAt/where", "/params/crashAt/record", "/params/crashAt/point"]);
  assert.equal(run({ crashAt: [] }).params.crashAt, null);
});

test("the picture names what was lost and what was repeated", () => {
  const notes = (semantics) => run({ semantics, crashAt: { record: 2, point: "between" } }).at(12).scene.blocks[0].lanes[0].tickets.map(({ marks }) => marks[0]);
  assert.equal(notes("at-most-once")[2], "refused");
  assert.equal(notes("at-least-once")[2], "duplicate");
});

import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";

const log = Array.from({ length: 20 }, (_, i) => ({ offset: i, time: 1000 + i, key: `k${i % 4}`, type: ["Placed", "Paid", "Sent"][Math.floor(i / 7)], value: {} }));
const run = (params = {}, interventions = [], records = log) => simulate({ model: "cqrs", log: records, params, interventions });
const holds = (one, id) => one.checks.find((item) => item.id === id).holds;
const codes = (one, step) => one.at(step).facts.map(({ code }) => code);
const probe = [{ kind: "probe", at: 10 }];

test("the lag comes from the delivery, not from the separation", () => {
  const largest = (separated, delivery) => run({ separated, delivery, lag: 4 }).result.largestGap;
  assert.deepEqual([largest(true, "sync"), largest(false, "sync")], [0, 0]);
  assert.deepEqual([largest(true, "async"), largest(false, "async")], [4, 4]);
});

test("a read right after the write is fresh if the update is synchronous, stale if it comes later", () => {
  for (const separated of [true, false]) {
    assert.equal(run({ separated, delivery: "sync" }, probe).result.probes[0].fresh, true);
    assert.deepEqual(run({ separated, delivery: "async", lag: 1 }, probe).result.probes[0], { kind: "probe", about: "k1", wrote: 3, saw: 2, fresh: false, rowsRead: 1 });
  }
});

test("with a lag of 0 an asynchronous read model is level after each step", () => {
  assert.equal(run({ delivery: "async", lag: 0 }, probe).result.probes[0].fresh, true);
});

test("when writing ends, the run goes on until the gap is 0", () => {
  const one = run({ lag: 5 });
  assert.equal(one.length, 25);
  assert.deepEqual([one.outcome(20).result.gap, one.outcome(22).result.gap, one.result.gap], [5, 3, 0]);
  assert.deepEqual(codes(one, 25), ["read_model.updated", "read_model.level"]);
});

test("writers that stop for a while let the reads come level", () => {
  const one = run({ lag: 5 }, [{ kind: "quiet", at: 10 }]);
  assert.equal(one.outcome(16).result.gap, 0);
  assert.equal(one.outcome(16).result.writePosition, 10);
});

test("while the projector is down the gap grows, and a steady lag bounds nothing", () => {
  const one = run({ lag: 2, catchUp: 3 }, [{ kind: "pause", at: 5 }, { kind: "resume", at: 15 }]);
  assert.equal(one.result.largestGap, 12);
  assert.equal(one.result.gap, 0);
});

test("a projector that is never started again leaves the reads behind", () => {
  const one = run({ lag: 2 }, [{ kind: "pause", at: 15 }]);
  assert.equal(one.result.gap, 7);
  assert.equal(holds(one, "level-when-quiet"), false);
  assert.equal(holds(one, "read-model-follows-log"), true, "old, but never wrong");
});

test("a synchronous read model that is down takes the writes down with it", () => {
  const one = run({ delivery: "sync" }, [{ kind: "pause", at: 5 }, { kind: "resume", at: 8 }]);
  assert.deepEqual(one.result.refused.map(({ offset, reason }) => `${offset} ${reason}`), ["5 read-model-down", "6 read-model-down", "7 read-model-down"]);
  assert.equal(run({ delivery: "sync", separated: false }, [{ kind: "pause", at: 5 }]).result.refused.length, 0);
});

test("a question over all keys reads one row of a read model and every row of a single model", () => {
  const ask = [{ kind: "ask", type: "Sent" }];
  assert.deepEqual(run({ delivery: "sync" }, ask).result.probes[0], { kind: "ask", about: "Sent", wrote: 4, saw: 4, fresh: true, rowsRead: 1 });
  assert.equal(run({ delivery: "sync", separated: false }, ask).result.probes[0].rowsRead, 4);
});

const twice = [...log.slice(0, 3), { ...log[1], type: "Paid", key: "k9", offset: 3 }, { ...log[2], type: "Paid", key: "k9", offset: 4 }];

test("a rule that asks the write model refuses a repeat that a lagging read model lets through", () => {
  const write = run({ onlyOnce: ["Paid"], lag: 3 }, [], twice);
  assert.deepEqual([write.result.refused, write.result.repeated], [[{ offset: 4, reason: "repeated" }], []]);
  const read = run({ onlyOnce: ["Paid"], lag: 3, decideFrom: "read" }, [], twice);
  assert.deepEqual([read.result.refused, read.result.repeated], [[], [4]]);
  assert.equal(holds(read, "once-only"), false);
  assert.deepEqual(run({ onlyOnce: ["Paid"], delivery: "sync", decideFrom: "read" }, [], twice).result.repeated, []);
});

test("a hand edit is not explained by the log, and a rebuild removes it", () => {
  const patch = { kind: "patch", at: 20, key: "k0", type: "Patched" };
  assert.equal(holds(run({}, [patch]), "read-model-follows-log"), false);
  const rebuilt = run({}, [patch, { kind: "rebuild", at: 20 }]);
  assert.equal(holds(rebuilt, "read-model-follows-log"), true);
  assert.equal(rebuilt.result.rebuilds, 1);
  assert.equal(rebuilt.at(rebuilt.find(0, ["read_model.replaced"])).facts.find(({ code }) => code === "read_model.replaced").data.repaired, 1);
});

test("the old read model answers while the second is folded", () => {
  const one = run({ lag: 0, catchUp: 2 }, [{ kind: "rebuild", at: 10 }, { kind: "probe", at: 11 }]);
  assert.equal(one.result.probes[0].fresh, true);
  assert.equal(one.outcome(12).result.rebuilds, 0);
});

test("one model alone has nothing to rebuild or to patch", () => {
  const one = run({ separated: false, delivery: "sync" }, [{ kind: "rebuild", at: 5 }, { kind: "patch", at: 5 }]);
  assert.deepEqual([...codes(one, 6), ...codes(one, 7)], ["rebuild.refused", "patch.refused"]);
  assert.equal(one.result.rebuilds, 0);
});

test("records without a key are one row of their own", () => {
  assert.equal(run({}, [], [{ type: "Placed" }, { type: "Paid" }]).result.keys, 1);
});

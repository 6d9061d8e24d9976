import assert from "node:assert/strict";
import test from "node:test";
import { parseLog, simulate } from "../../../static/simulator/engine/index.js";

const LOG = [
  { key: "a", value: { n: 1 } }, { key: "b", value: { n: 2 } }, { key: "a", value: { n: 3 } }, { key: null, value: { n: 100 } },
  { key: "b", value: null }, { key: "a", value: { m: 5 } }, { key: "c", value: { n: 7 } }, { key: "a", value: { n: 1 } },
];
const fold = (params, interventions = [], log = LOG) => simulate({ model: "fold", log, params, interventions });
const holds = (run, id) => run.checks.find((check) => check.id === id).holds;

test("latest keeps the last value of each key, and a null value deletes it", () => {
  assert.deepEqual(fold({}).result, { state: { a: { n: 1 }, c: { n: 7 } }, position: 8, eventsRead: 8, snapshotAt: null });
  assert.deepEqual(fold({ field: "n", upTo: 5 }).result.state, { a: 3 });
});

test("count counts every record of a key; sum adds nothing for a missing field", () => {
  assert.deepEqual(fold({ fold: "count" }).result.state, { a: 4, b: 2, c: 1 });
  assert.deepEqual(fold({ fold: "sum", field: "n" }).result.state, { a: 5, b: 2, c: 7 });
});

test("with no field the whole value is summed", () => {
  assert.deepEqual(fold({ fold: "sum" }, [], [{ key: "x", value: 2 }, { key: "x", value: 3.5 }, { key: "x", value: "4" }]).result.state, { x: 5.5 });
});

test("loading reads from the latest snapshot at or before the position", () => {
  const cost = (upTo) => {
    const { position, eventsRead, snapshotAt } = fold({ snapshotEvery: 3, upTo }).result;
    return [position, eventsRead, snapshotAt];
  };
  assert.deepEqual([cost(2), cost(3), cost(5), cost(null)], [[2, 2, null], [3, 0, 3], [5, 2, 3], [8, 2, 6]]);
});

test("from an offset on it starts empty and ignores snapshots", () => {
  assert.deepEqual(fold({ fold: "sum", field: "n", from: 5, snapshotEvery: 2 }).result, { state: { a: 1, c: 7 }, position: 8, eventsRead: 3, snapshotAt: null });
});

test("with a key only its records are read, lit up and counted", () => {
  const run = fold({ fold: "count", key: "a", snapshotEvery: 3 });
  assert.deepEqual(run.result, { state: { a: 4 }, position: 8, eventsRead: 1, snapshotAt: 6 });
  assert.equal(run.length, 4);
  assert.ok(holds(run, "own-records-only"));
});

test("a wiped state is the same once it is loaded again", () => {
  const plain = fold({ fold: "sum", field: "n" });
  for (const keep of [true, false]) {
    const wiped = fold({ fold: "sum", field: "n", snapshotEvery: 3 }, [{ kind: "wipe", at: 7, keep }]);
    assert.deepEqual(wiped.result.state, plain.result.state);
    assert.ok(holds(wiped, "refold-same"));
    assert.equal(wiped.at(8).facts[0].data.left, keep ? 1 : 7);
  }
});

test("a snapshot made by an old fold spoils the state of a new one", () => {
  const stale = fold({ fold: "sum", field: "n", snapshotEvery: 3 }, [{ kind: "change-fold", at: 7, fold: "count" }]);
  assert.equal(holds(stale, "refold-same"), false);
  assert.equal(holds(stale, "snapshot-fits"), false);
  const fresh = fold({ fold: "sum", field: "n", snapshotEvery: 3 }, [{ kind: "change-fold", at: 7, fold: "count", keep: false }]);
  assert.ok(holds(fresh, "refold-same"));
  assert.deepEqual(fresh.result.state, { a: 4, b: 2, c: 1 });
});

test("reading again without wiping counts twice, and leaves the latest value right", () => {
  const again = [{ kind: "reread", at: 8, count: 2 }];
  assert.equal(holds(fold({ fold: "sum", field: "n" }, again), "refold-same"), false);
  assert.deepEqual(fold({ fold: "sum", field: "n" }, again).result.state, { a: 6, b: 2, c: 14 });
  assert.ok(holds(fold({}, again), "refold-same"));
});

test("a question that is asked late is answered from offset 0, not from now", () => {
  const ask = (start) => fold({}, [{ kind: "ask", at: 6, fold: "count", start }]);
  assert.ok(holds(ask("offset-0"), "question-answered"));
  assert.equal(holds(ask("now"), "question-answered"), false);
});

test("keys of any name are own keys of the state", () => {
  const { state } = fold({}, [], [{ key: "__proto__", value: 1 }, { key: "constructor", value: 2 }]).result;
  assert.deepEqual(Object.entries(state), [["__proto__", 1], ["constructor", 2]]);
  assert.equal(Object.getPrototypeOf(state), Object.prototype);
});

test("a position beyond the log is bounded, and said to be", () => {
  const run = fold({ upTo: 99, from: 50 });
  assert.deepEqual([run.params.upTo, run.params.from, run.result.position], [8, 8, 8]);
  assert.deepEqual(run.problems.map((problem) => problem.path), ["/params/from", "/params/upTo"]);
});

test("a log with gaps is read by offset", () => {
  const log = [10, 20, 30, 40].map((offset) => ({ offset, key: "k", value: offset }));
  assert.deepEqual(fold({ fold: "count", upTo: 35, snapshotEvery: 2 }, [], log).result, { state: { k: 3 }, position: 35, eventsRead: 1, snapshotAt: 30 });
});

test("what is handed out shares nothing with an input that can change", () => {
  const log = [{ key: "a", value: { deep: { n: 1 } } }];
  const { state } = fold({}, [], log).result;
  assert.ok(Object.isFrozen(state.a.deep));
  assert.equal(Object.isFrozen(log[0].value), false);
});

test("what a log holds frozen is handed out uncopied", () => {
  const value = Object.freeze({ deep: Object.freeze({ n: 1 }) });
  assert.equal(fold({}, [], [{ key: "a", value }]).result.state.a, value);
  assert.notEqual(fold({}, [], [{ key: "a", value: Object.freeze({ deep: { n: 1 } }) }]).result.state.a, value);
});

test("what is no plain JSON in a log is handed out as plain JSON", () => {
  const cyclic = { n: 1, when: new Date(0), lost: NaN };
  cyclic.self = cyclic;
  const { state } = fold({}, [], [{ key: "a", value: cyclic }]).result;
  assert.equal(JSON.parse(JSON.stringify(state)).a.lost, null);
});

test("what was read from a text is handed out as it is, unless JSON cannot say it", () => {
  const text = '{"key":"a","value":{"n":1}}\n{"key":"b","value":{"n":1e999}}';
  const { records } = parseLog(text);
  const { state } = fold({}, [], records).result;
  assert.equal(state.a, records[0].value);
  assert.deepEqual(records[0].value, { n: 1 });
  assert.deepEqual(state.b, { n: null });
});

test("a short log and a long one are handed out alike", () => {
  const log = Array.from({ length: 9000 }, (_, i) => ({ key: `k${i % 50}`, value: i % 11 === 0 ? null : { n: i }, time: i }));
  for (const length of [60, 3999, 9000]) {
    const run = fold({}, [], log.slice(0, length));
    assert.equal(JSON.stringify(run.result), JSON.stringify(run.outcome(run.length).result));
    assert.ok(Object.values(run.result.state).every((value) => Object.isFrozen(value) && !log.some((record) => record.value === value)));
  }
});

test("every step is reached alike from any side", () => {
  const log = Array.from({ length: 300 }, (_, i) => ({ key: `k${(i * 7) % 11}`, value: i % 13 === 0 ? null : i, time: i }));
  const interventions = [{ kind: "wipe", at: 90 }, { kind: "ask", at: 120 }, { kind: "reread", at: 200, count: 20 }, { kind: "change-fold", at: 250, fold: "count" }];
  const given = [{ snapshotEvery: 40 }, interventions, log];
  const forward = fold(...given);
  const expected = Array.from({ length: forward.length + 1 }, (_, i) => JSON.stringify(forward.at(i)));
  const again = fold(...given);
  for (let i = forward.length; i >= 0; i -= 7) assert.equal(JSON.stringify(again.at(i)), expected[i]);
});

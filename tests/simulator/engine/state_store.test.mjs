import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";

const log = Array.from({ length: 30 }, (_, i) => ({ offset: i, time: 1000 + i, key: `k${i % 5}`, type: i < 20 ? "Open" : "Done", value: { city: ["York", "Bath"][i % 2], n: i } }));
const run = (params = {}, interventions = [], records = log) => simulate({ model: "state_store", log: records, params, interventions });
const holds = (one, id) => one.checks.find((check) => check.id === id).holds;
const codes = (one, step) => one.at(step).facts.map(({ code }) => code);
const restart = (at) => ({ kind: "restart", at });
const ask = (field, equals, at) => ({ kind: "ask", field, equals, at });
const read = ({ result }) => result.startUps.map(({ recordsRead }) => recordsRead);

test("every start reads the whole log again, so starting takes longer as the log grows", () => {
  assert.deepEqual(read(run({}, [restart(0), restart(10), restart(30)])), [0, 10, 30]);
});

test("a backup shortens a start to what came after it, and costs a copy of all rows each time", () => {
  const one = run({ backupEvery: 8 }, [restart(30)]);
  assert.deepEqual(one.result.startUps, [{ after: 30, recordsRead: 6, rowsLoaded: 5, lost: 0 }]);
  assert.equal(one.result.work.rowsCopied, 15);
});

test("a query scans every row; an index looks at those that match and gives the same answer", () => {
  const scanned = run({}, [ask("type", "Done", 23)]).result.asked[0];
  assert.deepEqual(scanned, { field: "type", equals: "Done", count: 3, scanned: 5, byIndex: false });
  assert.deepEqual(run({ index: "type" }, [ask("type", "Done", 23)]).result.asked[0], { ...scanned, scanned: 3, byIndex: true });
  assert.equal(run({ index: "type" }, [ask("city", "York", 23)]).result.asked[0].byIndex, false);
});

test("an index costs entries with each write that changes it, and all of them again at each start", () => {
  assert.equal(run({ index: "type" }).result.work.indexEntries, 5 + 10);
  assert.equal(run({ index: "type" }, [restart(30)]).result.work.indexEntries, 20);
  assert.equal(run().result.work.indexEntries, 0);
});

test("a crash between two writes leaves the half for good, unless there are transactions", () => {
  const pair = [{ kind: "pair", first: "k1", second: "k2", at: 10 }];
  const half = run({}, pair);
  assert.deepEqual(codes(half, 11), ["pair.half", "store.started"]);
  assert.deepEqual([half.result.pairs.half, holds(half, "all-or-nothing")], [1, false]);
  const undone = run({ transactions: true, index: "type" }, pair);
  assert.deepEqual(undone.result.pairs, { whole: 0, undone: 1, half: 0 });
  assert.equal(undone.outcome(11).result.rows, 5);
  for (const id of ["all-or-nothing", "nothing-forgotten", "index-agrees"]) assert.ok(holds(undone, id), id);
});

test("a pair without a crash is whole either way", () => {
  assert.equal(run({}, [{ kind: "pair", crash: false, at: 10 }]).result.pairs.whole, 1);
});

test("a log that keeps its last records only does not give the state again", () => {
  const one = run({ logKeeps: 3 }, [restart(30)]);
  assert.deepEqual([one.result.startUps[0].recordsRead, one.result.startUps[0].lost, one.result.rows], [3, 2, 3]);
  assert.equal(holds(one, "nothing-forgotten"), false);
});

test("a backup makes up for a log that forgets, if it is made often enough", () => {
  assert.ok(holds(run({ logKeeps: 10, backupEvery: 8 }, [restart(30)]), "nothing-forgotten"));
  assert.equal(holds(run({ logKeeps: 2, backupEvery: 20 }, [restart(29)]), "nothing-forgotten"), false);
});

test("a database brings all parts along: short starts, answers by index, no halves, and nothing written here", () => {
  const one = run({ store: "rdbms", logKeeps: 3, index: "type" }, [restart(29), ask("type", "Done", 29), { kind: "pair", at: 29 }]);
  assert.deepEqual(read(one).map((count) => count <= 10), [true, true]);
  assert.equal(one.result.asked[0].byIndex, true);
  assert.deepEqual([one.result.pairs.undone, one.result.built], [1, []]);
  assert.ok(one.checks.every((check) => check.holds));
});

test("part by part a database of one's own comes about", () => {
  const steps = [restart(5), ask("type", "Open", 6), { kind: "build", part: "index", at: 7 }, { kind: "build", part: "transactions", at: 8 }, { kind: "build", part: "backup", at: 9 }];
  const one = run({}, steps);
  assert.deepEqual(one.outcome(6).result.built, ["recovery"]);
  assert.deepEqual(one.result.built, ["recovery", "query", "index", "transactions", "backup"]);
  assert.deepEqual(one.result.unused, ["index", "transactions", "backup"]);
  assert.equal(holds(one, "no-database-of-our-own"), false);
});

test("a part that is there already is not built again", () => {
  const build = { kind: "build", part: "index", at: 10 };
  assert.deepEqual(codes(run({ index: "city" }, [build]), 11), ["part.there"]);
  assert.deepEqual(codes(run({ store: "rdbms", index: "city" }, [build]), 11), ["part.there"]);
});

test("a record without a value removes its row, also from the index", () => {
  const one = run({ index: "type" }, [ask("type", "A")], [{ key: "x", type: "A", value: {} }, { key: "y", type: "A", value: 5 }, { key: "x", type: "Gone", value: null }]);
  assert.deepEqual([one.result.rows, one.result.asked[0].count], [1, 1]);
  assert.ok(holds(one, "index-agrees"));
});

test("fields with odd names are fields like any other", () => {
  const value = JSON.parse('{"__proto__": "p", "constructor": 7}');
  const one = run({}, [ask("__proto__", "p"), ask("constructor", "7"), ask("toString", "x")], [{ key: "__proto__", type: "A", value }]);
  assert.deepEqual(one.result.asked.map(({ count }) => count), [1, 1, 0]);
});

test("a row takes up a bounded number of fields and always its type", () => {
  const value = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, i]));
  const one = run({}, [ask("type", "B"), ask("f99", "99")], [{ key: "x", type: "A", value }, { key: "x", type: "B", value: {} }]);
  assert.deepEqual(one.result.asked.map(({ count }) => count), [1, 0]);
});

test("starts that would read too much again are left out, and said to be", () => {
  const long = Array.from({ length: 3000 }, (_, i) => ({ key: `k${i % 50}`, type: "T", value: { i } }));
  const one = run({ logKeeps: 10 }, Array.from({ length: 400 }, () => restart(3000)), long);
  assert.deepEqual(one.problems.map(({ path }) => path), ["/interventions"]);
  assert.equal(one.result.startUps.length, 333);
});

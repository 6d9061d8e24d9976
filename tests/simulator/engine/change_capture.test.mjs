import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";

const at = (key, type, value = {}) => ({ key, type, value });
const log = [
  at("o1", "OrderPlaced", { city: "York" }), at("o1", "ItemAdded", { sku: "mug" }), at("o1", "PaymentCaptured", { amount: 5 }),
  at("o1", "OrderCancelled", { reason: "too late" }), at("o2", "OrderPlaced", { city: "Bath" }), at("o2", "OrderCancelled", { reason: "damaged" }),
].map((record, offset) => ({ ...record, offset, time: 1000 + offset }));
const run = (params = {}, interventions = [], records = log) => simulate({ model: "change_capture", log: records, params, interventions });
const holds = (one, id) => one.checks.find((check) => check.id === id).holds;
const codes = (one, step) => one.at(step).facts.map(({ code }) => code);
const ask = { kind: "ask" };

test("a change record says what the row was and is, and nothing of the reason", () => {
  const { changes } = run().result;
  assert.deepEqual(changes[2], {
    op: "u", ts_ms: 1003, before: { id: "o1", status: 2, customer: null, city: "York" }, after: { id: "o1", status: 5, customer: null, city: "York" },
  });
  assert.equal(changes[0].op, "c");
  assert.equal(changes[0].before, null);
});

test("an event that changes no column leaves no change record", () => {
  assert.deepEqual(run().result.silent, [1]);
  assert.deepEqual(codes(run(), 2), ["event.silent"]);
  assert.deepEqual(run({ columns: ["sku"] }).result.silent, []);
});

test("why orders were cancelled is answered by the events and not by the changes", () => {
  const one = run({}, [ask]);
  assert.deepEqual(one.result.asked[0], { type: "OrderCancelled", field: "reason", events: { "too late": 1, damaged: 1 }, unrecorded: 0, unreadable: 0, invented: 0, changes: {}, unknown: 2 });
  assert.equal(holds(one, "intent-captured"), false);
});

test("with a column for the reason the changes answer as well", () => {
  const one = run({ columns: ["reason"] }, [ask]);
  assert.deepEqual(one.result.asked[0].changes, { "too late": 1, damaged: 1 });
  assert.ok(holds(one, "intent-captured"));
});

test("a column that is added later helps from then on only", () => {
  const { changes, unknown } = run({}, [{ kind: "alter", at: 4 }, ask]).result.asked[0];
  assert.deepEqual([changes, unknown], [{ damaged: 1 }, 1]);
});

test("what was decided before events were recorded cannot be had from them", () => {
  const { events, unrecorded } = run({ eventsFrom: 4 }, [ask]).result.asked[0];
  assert.deepEqual([events, unrecorded], [{ damaged: 1 }, 1]);
  assert.equal(run({ eventsFrom: 4 }).result.events, 2);
});

test("an event of an earlier version lacks the field, until an upcaster makes one up", () => {
  const plain = run({ laterFields: { reason: 4 } }, [ask]).result.asked[0];
  assert.deepEqual([plain.events, plain.unreadable, plain.invented], [{ damaged: 1 }, 1, 0]);
  const upcast = run({ laterFields: { reason: 4 } }, [{ kind: "upcast" }, ask]);
  assert.deepEqual(upcast.result.asked[0].events, { "not recorded": 1, damaged: 1 });
  assert.deepEqual([upcast.result.asked[0].invented, holds(upcast, "nothing-invented")], [1, false]);
});

test("a change by hand is captured and no event tells of it", () => {
  const one = run({}, [{ kind: "edit", key: "o1", status: 3 }]);
  assert.deepEqual([one.result.changes.at(-1).after.status, one.result.unexplained], [3, 1]);
  assert.equal(holds(one, "changes-explained"), false);
  assert.ok(holds(one, "copy-agrees"));
});

test("a delete has no row after it and is followed by a tombstone", () => {
  const one = run({}, [{ kind: "delete", key: "o2" }]);
  const { op, before, after } = one.result.changes.at(-1);
  assert.deepEqual([op, before.id, after, one.result.tombstones, one.result.rows], ["d", "o2", null, 1, 1]);
});

test("polling sees the state that it finds, not the changes between, and no delete", () => {
  const polled = run({ capture: "poll", pollEvery: 6 });
  assert.deepEqual(polled.result.changes.map(({ before, after }) => [before, after.id, after.status]), [[null, "o1", 5], [null, "o2", 5]]);
  assert.equal(polled.result.missed, 3);
  const deleted = run({ capture: "poll", pollEvery: 3 }, [{ kind: "delete", key: "o1", at: 4 }]);
  assert.equal(holds(deleted, "copy-agrees"), false);
  assert.equal(holds(run({}, [{ kind: "delete", key: "o1", at: 4 }]), "copy-agrees"), true);
});

test("an edit of a row that is not there, or that says so already, changes nothing", () => {
  const one = run({}, [{ kind: "edit", key: "nobody" }, { kind: "edit", key: "o1", status: 5 }, { kind: "delete", key: "nobody" }]);
  assert.deepEqual([codes(one, 7), codes(one, 8), codes(one, 9)], [["row.unchanged"], ["row.unchanged"], ["row.unchanged"]]);
  assert.equal(one.result.unexplained, 0);
});

test("a type that stands for no status gives the changes nothing to count", () => {
  const { changes, unknown } = run({}, [{ kind: "ask", type: "ItemAdded", field: "sku" }]).result.asked[0];
  assert.deepEqual([changes, unknown], [{}, 0]);
});

test("names that objects know are columns, keys and values like any other", () => {
  const value = JSON.parse('{"__proto__": "p", "reason": "__proto__"}');
  const one = run({ columns: ["__proto__"], statuses: { T: 5 } }, [{ kind: "ask", type: "T" }], [{ key: "__proto__", type: "T", value }]);
  assert.deepEqual(Object.keys(one.result.asked[0].events), ["__proto__"]);
  assert.equal(Object.getOwnPropertyDescriptor(one.result.changes[0].after, "__proto__").value, "p");
});

test("a structure stands in its column as JSON, and the input stays as it was", () => {
  const records = [{ key: "a", type: "OrderPlaced", value: { city: { name: "York" } } }];
  assert.equal(run({}, [], records).result.changes[0].after.city, '{"name":"York"}');
  assert.equal(Object.isFrozen(records[0].value.city), false);
});

test("the columns that every table has are no further ones", () => {
  const one = run({ columns: ["status", "city"] });
  assert.deepEqual(one.problems.map(({ path }) => path), ["/params/columns"]);
  assert.deepEqual(one.params.columns, ["city"]);
});

import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";

const log = Array.from({ length: 6 }, (_, i) => ({ offset: i, time: 1000 + i, key: `k${i % 2}`, type: "Placed", value: { n: i } }));
const run = (method, interventions = [], params = {}, records = log) => simulate({ model: "outbox", log: records, params: { method, ...params }, interventions });
const holds = (one, id) => one.checks.find((item) => item.id === id).holds;
const codes = (one) => Array.from({ length: one.length }, (_, i) => one.at(i + 1).facts.map(({ code }) => code)).flat();
const between = [{ kind: "crash", at: 2 }];
const ALL = [0, 1, 2, 3, 4, 5];

test("without a mishap both sides agree, whatever the method", () => {
  for (const method of ["database-first", "message-first", "outbox"]) {
    const one = run(method);
    assert.deepEqual(one.result, { written: ALL, published: ALL, applied: ALL, lost: [], lied: [], repeated: [], waiting: [], failed: [] });
    assert.ok(one.checks.every((check) => check.holds));
  }
});

test("a crash after the database and before the message loses the message", () => {
  const one = run("database-first", between);
  assert.deepEqual([one.result.written, one.result.published, one.result.lost], [ALL, [0, 1, 3, 4, 5], [2]]);
  assert.equal(holds(one, "every-change-told"), false);
});

test("a crash after the message and before the database leaves a message that lies", () => {
  const one = run("message-first", between);
  assert.deepEqual([one.result.written, one.result.published, one.result.lied], [[0, 1, 3, 4, 5], ALL, [2]]);
  assert.equal(holds(one, "every-message-true"), false);
});

test("a crash in the outbox's transaction leaves nothing on either side", () => {
  const one = run("outbox", between);
  assert.deepEqual([one.result.written, one.result.published, one.result.failed], [[0, 1, 3, 4, 5], [0, 1, 3, 4, 5], [2]]);
  assert.ok(one.checks.every((check) => check.holds));
});

test("a crash before the first step fails the request, and one after both harms nothing", () => {
  for (const method of ["database-first", "message-first", "outbox"]) {
    assert.deepEqual(run(method, [{ kind: "crash", at: 2, point: "before" }]).result.failed, [2]);
    assert.deepEqual(run(method, [{ kind: "crash", at: 2, point: "after" }]).result.published, ALL);
    assert.deepEqual(run(method, [{ kind: "crash" }]).result.written, ALL);
  }
});

test("a relay that dies before it marks a message publishes it twice", () => {
  const one = run("outbox", [{ kind: "crash_relay", at: 3 }]);
  assert.deepEqual([one.result.published, one.result.repeated], [[0, 0, 1, 2, 3, 4, 5], [0]]);
  assert.equal(holds(one, "told-once"), false);
  assert.ok(holds(one, "every-change-told") && holds(one, "every-message-true"));
});

test("readers that know the id take a repeated message up once", () => {
  const one = run("outbox", [{ kind: "crash_relay", at: 3 }], { ignoreRepeats: true });
  assert.deepEqual([one.result.applied, one.result.repeated], [ALL, [0]]);
  assert.equal(holds(one, "told-once"), true);
});

test("a relay that dies elsewhere repeats nothing", () => {
  for (const point of ["before", "after"]) assert.deepEqual(run("outbox", [{ kind: "crash_relay", at: 3, point }]).result.published, ALL);
});

test("a relay may die at one message again and again, and it is one repeated message", () => {
  const one = run("outbox", [{ kind: "crash_relay", at: 3 }, { kind: "crash_relay", at: 3 }]);
  assert.deepEqual([one.result.published, one.result.repeated], [[0, 0, 0, 1, 2, 3, 4, 5], [0]]);
});

test("the outbox is told later, and never out of order", () => {
  const one = run("outbox", [], { relayEvery: 4, batch: 2 });
  const firstTold = codes(one).indexOf("relay.published");
  assert.deepEqual(one.outcome(firstTold).result.waiting, [0, 1, 2, 3]);
  assert.deepEqual(one.outcome(firstTold + 4).result.waiting, [2, 3]);
  assert.deepEqual(one.result.published, ALL);
});

test("while the broker is away an outbox waits, and a second write is lost", () => {
  const away = [{ kind: "disconnect", at: 1 }, { kind: "reconnect", at: 4 }];
  assert.deepEqual(run("outbox", away).result.published, ALL);
  assert.deepEqual(run("database-first", away).result.lost, [1, 2, 3]);
  assert.deepEqual(run("message-first", away).result.failed, [1, 2, 3]);
});

test("a broker that stays away leaves everything in the outbox", () => {
  const one = run("outbox", [{ kind: "disconnect", at: 1 }]);
  assert.deepEqual([one.result.written, one.result.published, one.result.waiting], [ALL, [], ALL]);
  assert.equal(holds(one, "outbox-empty"), false);
});

test("a change that the database refuses is a lie if the message went first", () => {
  const refused = [{ kind: "refuse", at: 2 }];
  assert.deepEqual(run("message-first", refused).result.lied, [2]);
  assert.deepEqual(run("database-first", refused).result.failed, [2]);
  assert.deepEqual(run("outbox", refused).result.failed, [2]);
});

test("two writes have no relay to crash", () => {
  const one = run("database-first", [{ kind: "crash_relay", at: 2 }]);
  assert.deepEqual(one.result.published, ALL);
  assert.equal(one.at(one.length - 1).facts[0].data.isAbsent, true);
});

test("the picture marks what was lost, what lies and what is told again", () => {
  const marks = (one, lane) => one.at(one.length).scene.blocks[0].lanes.find(({ id }) => id === lane).tickets.map(({ marks: all }) => all[0]);
  assert.equal(marks(run("database-first", between), "database")[2], "refused");
  assert.equal(marks(run("message-first", between), "topic")[2], "refused");
  assert.equal(marks(run("outbox", [{ kind: "crash_relay", at: 3 }]), "topic")[1], "duplicate");
});

test("an empty log has nothing to write", () => {
  const one = run("outbox", [{ kind: "crash" }, { kind: "crash_relay" }, { kind: "refuse" }, { kind: "disconnect" }], {}, []);
  assert.deepEqual(one.result.written, []);
  assert.equal(one.length, 6);
});

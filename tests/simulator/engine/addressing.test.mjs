import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";

const log = Array.from({ length: 10 }, (_, i) => ({ offset: i, time: 1000 + i, key: `k${i % 3}`, type: i % 5 === 4 ? "Unwanted" : "Wanted", value: { i } }));
const run = (params, interventions = []) => simulate({ model: "addressing", log, params: { receivers: ["a", "b"], ...params }, interventions });
const receiver = (one, id) => one.result.receivers.find((item) => item.id === id);
const holds = (one, id) => one.checks.find((item) => item.id === id).holds;
const upTo = (n, from = 0) => Array.from({ length: n - from }, (_, i) => from + i);
const join = [{ kind: "join", at: 6, receiver: "late" }];

test("a log gives every subscriber every event, and a latecomer the history", () => {
  const one = run({ channel: "log" }, join);
  for (const id of ["a", "b", "late"]) assert.deepEqual(receiver(one, id).received, upTo(10));
  assert.ok(holds(one, "everyone-told") && holds(one, "history-for-latecomers"));
});

test("a latecomer to a log that starts at the latest skips what is there", () => {
  const one = run({ channel: "log", lateStart: "latest" }, join);
  assert.deepEqual(receiver(one, "late").received, upTo(10, 6));
  assert.equal(holds(one, "history-for-latecomers"), false);
});

test("consumers of one queue share the events: each is gone once one has it", () => {
  const one = run({ channel: "queue" });
  assert.deepEqual(receiver(one, "a").received, [0, 2, 4, 6, 8]);
  assert.deepEqual(receiver(one, "b").received, [1, 3, 5, 7, 9]);
  assert.equal(holds(one, "everyone-told"), false);
});

test("a latecomer to a queue gets nothing that was consumed, but all that still waits", () => {
  assert.deepEqual(receiver(run({ channel: "queue" }, join), "late").received.filter((offset) => offset < 6), []);
  assert.deepEqual(receiver(run({ channel: "queue", receivers: [] }, join), "late").received, upTo(10));
});

test("a queue per subscriber copies every event, but holds no history", () => {
  const one = run({ channel: "fanout" }, join);
  assert.deepEqual(receiver(one, "a").received, upTo(10));
  assert.deepEqual(receiver(one, "late").received, upTo(10, 6));
});

test("a fan-out without subscribers drops what it is sent", () => {
  assert.deepEqual(run({ channel: "fanout", receivers: [] }, join).result.lost, upTo(6));
});

const outage = [{ kind: "stop", at: 3, receiver: "a" }, { kind: "start", at: 7, receiver: "a" }];

test("while its only receiver is down, a call is lost and a message waits", () => {
  assert.deepEqual(run({ channel: "direct", receivers: ["a"] }, outage).result.lost, [3, 4, 5, 6]);
  for (const channel of ["log", "queue", "fanout"]) {
    const one = run({ channel, receivers: ["a"] }, outage);
    assert.deepEqual(one.result.lost, [], channel);
    assert.deepEqual(receiver(one, "a").received, upTo(10), channel);
    assert.equal(one.outcome(8).result.waiting, 4, channel);
  }
});

test("a command has one handler over a call or a queue, and several over a topic", () => {
  for (const channel of ["direct", "queue"]) assert.deepEqual(run({ kind: "command", channel }).result.repeated, [], channel);
  for (const channel of ["log", "fanout"]) {
    const one = run({ kind: "command", channel });
    assert.deepEqual(one.result.repeated, upTo(10), channel);
    assert.equal(holds(one, "one-handler"), false, channel);
  }
});

test("a command may be refused, and then nobody has carried it out", () => {
  const one = run({ kind: "command", channel: "direct", refuse: ["Unwanted"] });
  assert.deepEqual(receiver(one, "a").refused, [4, 9]);
  assert.ok(!receiver(one, "a").received.includes(4));
  assert.deepEqual(one.at(5).facts.map(({ code }) => code), ["command.sent", "message.refused"]);
});

test("an event cannot be refused, whoever dislikes it", () => {
  const one = run({ kind: "event", channel: "log", refuse: ["Unwanted"] });
  assert.deepEqual(receiver(one, "a").refused, []);
  assert.ok(receiver(one, "a").received.includes(4));
  assert.deepEqual(one.at(5).facts.map(({ code }) => code), ["event.published", "event.objected"]);
});

test("a query is answered once over a call, by everybody over a topic, and changes nothing", () => {
  const call = run({ kind: "query", channel: "direct" });
  assert.equal(call.result.answers, 10);
  assert.ok(holds(call, "one-answer") && holds(call, "asking-changes-nothing"));
  const topic = run({ kind: "query", channel: "log" });
  assert.equal(topic.result.answers, 20);
  assert.equal(holds(topic, "one-answer"), false);
});

test("a query to a receiver that is down gets no answer", () => {
  const one = run({ kind: "query", channel: "direct", receivers: ["a"] }, outage);
  assert.equal(one.result.answers, 6);
  assert.equal(holds(one, "one-answer"), false);
});

test("a thin event makes each receiver call back, a full one nobody", () => {
  assert.deepEqual(run({ payload: "thin" }).result.callbacks, { made: 20, failed: 0, overtaken: 0 });
  assert.deepEqual(run({ payload: "full" }).result.callbacks, { made: 0, failed: 0, overtaken: 0 });
});

test("a latecomer's calls back are answered with the present state", () => {
  const one = run({ payload: "thin" }, join);
  assert.equal(one.result.callbacks.overtaken, 3, "offsets 0 to 2 have successors among 3 to 5, which are the latest themselves");
  assert.equal(holds(one, "details-match"), false);
});

test("calls back fail while the source is stopped, and events still arrive", () => {
  const one = run({ payload: "thin" }, [{ kind: "stop", at: 5, receiver: "source" }]);
  assert.deepEqual([one.result.callbacks.failed, receiver(one, "a").received.length], [10, 10]);
});

test("the source's name is no receiver's", () => {
  const one = run({ receivers: ["source", "a"] }, [{ kind: "join", receiver: "source" }]);
  assert.deepEqual(one.result.receivers.map(({ id }) => id), ["a"]);
  assert.deepEqual(one.problems.map(({ path }) => path), ["/params/receivers", "/interventions/0/receiver"]);
});

test("a step has one sequence of at most forty messages, however much a latecomer reads", () => {
  const long = Array.from({ length: 3000 }, (_, i) => ({ ...log[0], offset: i }));
  const one = simulate({ model: "addressing", log: long, params: { channel: "queue", receivers: [] }, interventions: [{ kind: "join", receiver: "late" }] });
  const { scene, facts } = one.at(3001);
  assert.equal(scene.blocks[0].messages.length, 40);
  assert.equal(facts[0].data.got, 3000);
});

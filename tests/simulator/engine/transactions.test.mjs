import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";

/** Operations in short: "send A 3", "init A by b". */
const read = (text) => {
  const [, op, producer, records, instance] = /^(\S+) (\S+?)(?: (\d+))?(?: by (\S+))?$/.exec(text);
  return { op, producer, ...(records && { records: Number(records) }), ...(instance && { instance }) };
};
const play = (operations, given = {}) => simulate({ model: "transactions", params: { operations: operations.map(read) }, ...given });
const statuses = (run) => run.result.outcomes.map(({ status }) => status);
const kinds = (run) => run.result.log.map(({ kind }) => kind).join(" ");
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const lastFact = (run) => run.at(run.length).facts[0];
const block = (run, id) => run.at(run.length).scene.blocks.find((one) => one.id === id);
const FENCED = "INVALID_PRODUCER_EPOCH";
const STATE = "INVALID_TXN_STATE";

const MIXED = ["init P1", "init P2", "begin P1", "send P1 3", "plain X 3", "begin P2", "send P2 3"];

test("the last stable offset is the first of the earliest open transaction (UnifiedLogTest#testLastStableOffsetWithMixedProducerData)", () => {
  assert.deepEqual(play(MIXED).result.lastStableOffset, 0);
  assert.deepEqual(play([...MIXED, "abort P1"]).result.lastStableOffset, 6);
  const { result } = play([...MIXED, "abort P1", "commit P2"]);
  assert.deepEqual([result.lastStableOffset, result.highWatermark], [11, 11]);
  assert.deepEqual(result.readCommitted, range(3, 8));
  assert.deepEqual(result.readUncommitted, range(0, 8));
});

test("one open transaction holds back what others wrote after it, committed or plain", () => {
  const run = play(["init A", "init B", "begin A", "plain C", "send A", "begin B", "send B 2", "commit B", "plain C"]);
  assert.equal(run.result.lastStableOffset, 1);
  assert.deepEqual(run.result.readCommitted, [0]);
  assert.deepEqual(run.result.readUncommitted, [0, 1, 2, 3, 5]);
  assert.deepEqual(run.checks.map(({ holds }) => holds), [true, true, false, false]);
  assert.match(block(run, "waiting").text.engineer, /transaction of A is open since offset 1: .* before 5 offsets/);
});

test("markers take offsets and are given to nobody", () => {
  const run = play(["init A", "begin A", "send A 2", "commit A", "begin A", "send A", "abort A", "plain B"]);
  assert.equal(kinds(run), "data data commit data abort data");
  assert.deepEqual(run.result.log[2], { offset: 2, kind: "commit", producer: "A", transactional: true });
  assert.deepEqual(run.result.log[5], { offset: 5, kind: "data", producer: "B", transactional: false });
  assert.deepEqual(run.result.readCommitted, [0, 1, 5]);
  assert.deepEqual(run.result.readUncommitted, [0, 1, 3, 5]);
});

test("an empty transaction writes no marker", () => {
  const run = play(["init A", "begin A", "commit A", "begin A", "abort A"]);
  assert.deepEqual(run.result.log, []);
  assert.deepEqual(new Set(statuses(run)), new Set(["ok"]));
  assert.equal(lastFact(run).code, "transaction.ended_empty");
});

test("another instance's init aborts what was open and fences the first, which stays fenced until it initialises again", () => {
  const run = play(["init A", "begin A", "send A 2", "init A by b", "send A", "commit A", "begin A by b", "send A by b", "commit A by b", "init A", "begin A", "commit A by b"]);
  assert.deepEqual(statuses(run), ["ok", "ok", "ok", "ok", FENCED, FENCED, "ok", "ok", "ok", "ok", "ok", FENCED]);
  assert.equal(kinds(run), "data data abort data commit");
  assert.deepEqual(run.result.readCommitted, [3]);
});

test("an instance that initialises again aborts its own open transaction", () => {
  const run = play(["init A", "begin A", "send A", "init A", "commit A"]);
  assert.deepEqual(statuses(run).at(-1), STATE);
  assert.equal(kinds(run), "data abort");
});

test("nothing goes without init and begin, and nothing twice", () => {
  assert.deepEqual(statuses(play(["send A", "begin A", "init A", "send A", "commit A", "abort A", "begin A", "begin A", "send A by b"])), [STATE, STATE, "ok", STATE, STATE, STATE, "ok", STATE, STATE]);
});

test("plain records need nothing, also beside an open transaction of the same name", () => {
  const run = play(["init A", "begin A", "plain A", "send A", "plain A", "abort A"]);
  assert.deepEqual(run.result.readCommitted, [0, 2]);
});

test("plain records do without an id, and nothing else does", () => {
  const run = simulate({ model: "transactions", params: { operations: ["plain", "init", "begin", "send", "commit"].map((op) => ({ op })) } });
  assert.deepEqual(statuses(run), ["ok", STATE, STATE, STATE, STATE]);
  assert.deepEqual(run.result.log, [{ offset: 0, kind: "data", producer: null, transactional: false }]);
  assert.deepEqual(block(run, "producers").rows, []);
});

test("a committed transaction is seen in part while an earlier one is open", () => {
  const run = play(["init A", "init B", "begin A", "begin B", "send A", "send B", "send A", "commit A"]);
  assert.deepEqual(run.result.readCommitted, [0]);
  assert.deepEqual(run.checks.filter(({ holds }) => !holds).map(({ id }) => id), ["all-or-nothing", "none-open", "nobody-waits"]);
});

test("a transaction that takes too long is aborted, and its instance fenced", () => {
  const run = play(["init A", "begin A", "send A 2", "plain B"], { interventions: [{ kind: "time-out", producer: "A" }, { kind: "operation", op: "commit", producer: "A" }] });
  assert.deepEqual(statuses(run), ["ok", "ok", "ok", "ok", FENCED]);
  assert.deepEqual(run.result.readCommitted, [2]);
  assert.equal(kinds(run), "data data data abort");
});

test("what has written nothing cannot time out", () => {
  const run = play(["init A", "begin A"], { interventions: [{ kind: "time-out", producer: "A" }, { kind: "operation", op: "send", producer: "A" }] });
  assert.deepEqual(statuses(run), ["ok", "ok", "ok"]);
  assert.deepEqual(run.at(3).facts.map(({ code }) => code), ["transaction.none_open"]);
});

test("what happens after so many records comes before the operation that would make them more", () => {
  const log = range(0, 9).map((n) => ({ key: `k${n}`, type: "T", value: n }));
  const run = play(["init A", "begin A", "send A 2", "send A 2", "commit A"], { log, interventions: [{ kind: "operation", op: "plain", producer: "B", at: 2 }, { kind: "operation", op: "plain", producer: "C" }] });
  assert.deepEqual(run.result.log.map(({ producer, kind }) => (kind === "data" ? producer : kind)), ["A", "A", "B", "A", "A", "commit", "C"]);
  const [lane] = block(run, "log").lanes;
  assert.deepEqual(lane.tickets.map(({ key }) => key), ["k0", "k1", "k2", "k3", "k4", "A", "k5"]);
});

test("what was aborted is sent again with the same records", () => {
  const log = range(0, 9).map((n) => ({ key: `k${n}`, type: "T", value: n }));
  const run = play(["init A", "begin A", "send A 2", "plain B", "init A by b", "begin A by b", "send A 2 by b", "send A by b"], { log });
  assert.deepEqual(block(run, "log").lanes[0].tickets.map(({ key }) => key), ["k0", "k1", "k2", "A", "k0", "k1", "k3"]);
});

test("the lane of a read_committed reader has what it is given, and the log says where it is stable", () => {
  const run = play([...MIXED, "abort P1"]);
  const [log, reader] = block(run, "log").lanes;
  assert.deepEqual(reader.tickets.map(({ offset }) => offset), [3, 4, 5]);
  assert.deepEqual(log.markers.map(({ offset }) => offset), [6]);
  assert.deepEqual(log.tickets.filter(({ marks }) => marks.includes("gone")).map(({ offset }) => offset), [0, 1, 2]);
});

test("operations that would make the log too long are left out, and said to be", () => {
  const run = play(["plain A 1000", ...Array(150).fill("plain A 1000")]);
  assert.equal(run.result.highWatermark, 100_000);
  assert.deepEqual(run.problems.map(({ path }) => path), ["/params/operations"]);
  assert.equal(run.length, 100);
});

test("junk among the operations is left out or amended", () => {
  const run = simulate({ model: "transactions", params: { operations: [{ op: "nudge", producer: "A" }, { op: "plain", producer: "" }, null, { op: "plain", producer: "A", records: -4, instance: "" }] } });
  assert.deepEqual(run.params.operations, [{ op: "plain", producer: null, records: 1, instance: "a" }, { op: "plain", producer: "A", records: 1, instance: "a" }]);
  assert.deepEqual(run.problems.map(({ path }) => path), ["0/op", "1/producer", "2", "3/records", "3/instance"].map((path) => `/params/operations/${path}`));
});

test("the story that it begins with needs nothing", () => {
  assert.deepEqual(simulate({ model: "transactions" }).result.readCommitted, [0, 1, 2, 3]);
});

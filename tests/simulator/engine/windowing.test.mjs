import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";

const at = (...times) => times.map((time) => (Array.isArray(time) ? { time: time[0], key: time[1], type: "T", value: 1 } : { time, key: "a", type: "T", value: 1 }));
const run = (params, log, interventions = []) => simulate({ model: "windowing", log, params, interventions });
const spans = ({ result }) => result.windows.map(({ start, end, count }) => [start, end, count]);
const emitted = ({ result }) => result.emitted.map(({ key, start, end, count }) => [key, start, end, count]);
const codes = (one, step) => one.at(step).facts.map(({ code }) => code);
const holds = (one, id) => one.checks.find((check) => check.id === id).holds;
const hopping = (sizeMs, advanceMs) => ({ kind: "hopping", sizeMs, advanceMs });

test("a record falls into every hopping window that holds its time", () => {
  assert.deepEqual(spans(run(hopping(12, 5), at(21))), [[10, 22, 1], [15, 27, 1], [20, 32, 1]]);
  assert.deepEqual(spans(run(hopping(6, 5), at(7))), [[5, 11, 1]]);
  assert.deepEqual(spans(run({ sizeMs: 12 }, at(21))), [[12, 24, 1]]);
});

test("no window begins before the epoch", () => {
  assert.deepEqual(spans(run(hopping(12, 5), at(3))), [[0, 12, 1]]);
});

test("a window's start belongs to it and its end does not", () => {
  assert.deepEqual(spans(run({ sizeMs: 10 }, at(9, 10, 19, 20))), [[0, 10, 1], [10, 20, 2], [20, 30, 1]]);
});

test("windows of 1 ms hold one moment each", () => {
  assert.deepEqual(spans(run({ sizeMs: 1 }, at(5, 5, 6))), [[5, 6, 2], [6, 7, 1]]);
});

test("a late record is dropped from the moment at which its window's end is stream time less grace", () => {
  assert.deepEqual(run({ sizeMs: 10, graceMs: 5 }, at(3, 14, 4)).result.dropped, []);
  assert.deepEqual(run({ sizeMs: 10, graceMs: 5 }, at(3, 15, 4)).result.dropped, [2]);
});

test("in hopping windows a record is dropped only if every window refuses it", () => {
  const one = run(hopping(10, 5), at(7, 12, 8));
  assert.deepEqual(one.result.dropped, []);
  assert.deepEqual(spans(one), [[0, 10, 1], [5, 15, 3], [10, 20, 1]]);
  assert.equal(one.at(3).facts[0].data.refused, 1);
  assert.deepEqual(run(hopping(10, 5), at(7, 15, 8)).result.dropped, [2]);
});

test("a record without a key is dropped and does not move stream time; one without a value counts", () => {
  const one = run({ sizeMs: 10 }, [...at(3, [90, null]), { time: 4, key: "a", type: "T", value: null }]);
  assert.deepEqual(one.result.dropped, [1]);
  assert.equal(one.result.streamTime, 4);
  assert.deepEqual(spans(one), [[0, 10, 2]]);
});

test("before any keyed record there is no stream time", () => {
  assert.equal(run({}, []).result.streamTime, -1);
  assert.equal(run({}, at([5, null])).result.streamTime, -1);
});

test("a record dated before 1970 is dropped", () => {
  const one = run({ sizeMs: 10 }, at(-1, 3));
  assert.deepEqual([one.result.dropped, one.result.streamTime], [[0], 3]);
});

test("a session takes in whatever lies within the gap, inclusive", () => {
  assert.deepEqual(spans(run({ kind: "session", gapMs: 5 }, at(0, 5, 11))), [[0, 5, 2], [11, 11, 1]]);
});

test("a record between two sessions merges them, and their removal goes downstream first", () => {
  const one = run({ kind: "session", gapMs: 5, graceMs: 100 }, at(0, 10, 5));
  assert.deepEqual(spans(one), [[0, 10, 3]]);
  assert.deepEqual(emitted(one), [["a", 0, 0, 1], ["a", 10, 10, 1], ["a", 0, 0, null], ["a", 10, 10, null], ["a", 0, 10, 3]]);
  assert.deepEqual(codes(one, 3), ["stream.counted", "session.merged"]);
});

test("a session within which a record falls is taken away and put again", () => {
  assert.deepEqual(emitted(run({ kind: "session", gapMs: 5 }, at(0, 4, 2))).slice(-2), [["a", 0, 4, null], ["a", 0, 4, 3]]);
  assert.deepEqual(emitted(run({ kind: "session", gapMs: 5 }, at(3, 3))), [["a", 3, 3, 1], ["a", 3, 3, 2]]);
});

test("a session is too late when what it would become ends before stream time less grace and gap", () => {
  const params = { kind: "session", gapMs: 5, graceMs: 2 };
  assert.deepEqual(run(params, at([100, "b"], 93)).result.dropped, []);
  assert.deepEqual(run(params, at([100, "b"], 92)).result.dropped, [1]);
});

test("a final result is given once, by the record that closes the window", () => {
  const one = run({ sizeMs: 10, graceMs: 5, emit: "final" }, at(3, 4, 14, 15));
  assert.deepEqual(one.outcome(3).result.emitted, []);
  assert.deepEqual(emitted(one), [["a", 0, 10, 2]]);
  assert.deepEqual(codes(one, 4), ["stream.counted", "stream.window_closed"]);
  const session = { kind: "session", gapMs: 5, emit: "final" };
  assert.deepEqual(emitted(run(session, at(0, [5, "b"]))), []);
  assert.deepEqual(emitted(run(session, at(0, [6, "b"]))), [["a", 0, 0, 1]]);
});

test("final results come by time, and by the bytes of the key where times are equal", () => {
  const one = run({ sizeMs: 10, emit: "final" }, at([1, "\u{1F600}"], [1, "\uFFFD"], [1, "aa"], [1, "a"], [50, "a"]));
  assert.deepEqual(one.result.emitted.map(({ key }) => key), ["a", "aa", "\uFFFD", "\u{1F600}"]);
});

test("however long one waits, without a record nothing closes", () => {
  const one = run({ sizeMs: 10, emit: "final" }, at(3), [{ kind: "wait", ms: 1_000_000_000 }]);
  assert.deepEqual(one.result.emitted, []);
  assert.deepEqual(codes(one, 2), ["stream.waited"]);
  assert.equal(one.outcome(2).scene.blocks.at(-1).id, "quiet");
});

test("a record that is added closes what it has passed", () => {
  const one = run({ sizeMs: 10, emit: "final" }, at(3), [{ kind: "append", key: "z", time: 20 }]);
  assert.deepEqual(emitted(one), [["a", 0, 10, 1]]);
});

test("a table that is rebuilt from every update is the same, also where sessions were merged", () => {
  for (const kind of ["tumbling", "hopping", "session"]) {
    const params = { kind, sizeMs: 10, advanceMs: 5, gapMs: 5, graceMs: 100 };
    const rebuilt = run(params, at(0, 10, 5, 30), [{ kind: "rebuild", at: 3 }]);
    assert.deepEqual(rebuilt.result, run(params, at(0, 10, 5, 30)).result);
    assert.equal(rebuilt.at(4).facts[0].data.lost, 0);
    assert.ok(holds(rebuilt, "emitted-gives-table"));
  }
});

test("a table that is rebuilt from final results alone has lost what was open", () => {
  const one = run({ sizeMs: 10, emit: "final" }, at(3, 14, 15), [{ kind: "rebuild" }]);
  assert.deepEqual(spans(one), [[0, 10, 1]]);
  assert.equal(holds(one, "all-accounted-for"), false);
  assert.ok(holds(one, "final-is-final"));
});

test("an advance that is larger than the window, or too small to be paid for, is amended and reported", () => {
  const large = run(hopping(10, 50), at(3));
  assert.deepEqual([large.params.advanceMs, large.problems[0].path], [10, "/params/advanceMs"]);
  const small = run(hopping(1_000_000, 1), at(2_000_000));
  assert.deepEqual([small.result.windows.length, small.problems.length], [64, 1]);
  assert.equal(run({ kind: "tumbling", sizeMs: 10, advanceMs: 50 }, at(3)).problems.length, 0);
});

test("a run at the edge of what numbers can say ends", () => {
  const one = run({ ...hopping(1_000_000_000_000, 1), graceMs: 1_000_000_000_000 }, at(8.64e15, 0, 8.64e15));
  assert.equal(one.length, 3);
  assert.equal(one.result.streamTime, 8.64e15);
});

test("rebuilds that would take too long are left out, and said to be", () => {
  const log = Array.from({ length: 2000 }, (_, i) => ({ time: i * 10, key: "a", type: "T", value: 1 }));
  const one = run({ sizeMs: 10 }, log, Array.from({ length: 300 }, () => ({ kind: "rebuild" })));
  assert.deepEqual(one.problems.map(({ path }) => path), ["/interventions"]);
  assert.equal(one.length, 2250);
});

test("the picture stays small whatever the stream", () => {
  const log = Array.from({ length: 5000 }, (_, i) => ({ time: i * 7 - (i % 3) * 40, key: `k${i % 50}`, type: "T", value: 1 }));
  const { scene } = run({ sizeMs: 100, graceMs: 50 }, log).at(4000);
  const [stream, windows, table] = scene.blocks;
  assert.ok(stream.lanes[0].tickets.length <= 9);
  assert.ok(windows.lanes.length <= 4 && windows.lanes.every((lane) => lane.tickets.length <= 8));
  assert.ok(table.rows.length <= 8);
});

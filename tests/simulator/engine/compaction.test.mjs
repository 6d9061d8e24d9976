import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";

const HOUR = 3_600_000;
const T = 1_772_000_000_000;

/** Records from `[key, value, time]`; a value left out is the record's place, null is a tombstone. */
const records = (...rows) => rows.map(([key, value, time = T], i) => ({ key, value: value === undefined ? i : value, time, size: 10 }));
const compact = (log, params, interventions = []) => simulate({ model: "compaction", log, params, interventions });
const survivors = (run) => run.result.passes.map((pass) => pass.survivors);

test("the last record of each key survives at its old offset", () => {
  const run = compact(records(["a"], ["b"], ["a"], ["c"], ["b"], ["z"]), { segmentRecords: 5, cleanAt: [T] });
  assert.deepEqual(run.result, { passes: [{ at: T, ran: true, dirtyRatio: 1, survivors: [2, 3, 4, 5] }], survivors: [2, 3, 4, 5], tombstones: [] });
  assert.ok(run.checks.every((check) => check.holds));
});

test("a full last segment is still active, so nothing is cleanable", () => {
  const run = compact(records(["a"], ["a"], ["a"], ["a"], ["a"]), { segmentRecords: 5, cleanAt: [T] });
  assert.deepEqual(run.result.passes, [{ at: T, ran: false, dirtyRatio: 0, survivors: [0, 1, 2, 3, 4] }]);
});

test("a pass sees the records that are not later than itself, and passes after the last record still run", () => {
  const log = records(["a", 0, 10], ["a", 1, 20], ["a", 2, 30], ["a", 3, 40], ["a", 4, 50]);
  const run = compact(log, { segmentRecords: 2, cleanAt: [1000, 30] });
  assert.deepEqual(run.result.passes.map(({ at, ran }) => [at, ran]), [[30, true], [1000, true]]);
  assert.deepEqual(survivors(run), [[1, 2], [3, 4]]);
});

test("the dirty ratio counts bytes that are still in the log, and is compared strictly", () => {
  const log = records(["a"], ["b"], ["c"], ["d"], ["e"], ["f"], ["g"], ["h"], ["z"]);
  const params = { segmentRecords: 2, minCleanableDirtyRatio: 0.5 };
  const run = compact(log, params, [{ kind: "clean", at: 5 }, { kind: "clean", at: 9 }]);
  assert.deepEqual(run.result.passes.map(({ ran, dirtyRatio }) => [ran, dirtyRatio]), [[true, 1], [false, 0.5]]);
  assert.equal(compact(log, { ...params, minCleanableDirtyRatio: 0.49 }, [{ kind: "clean", at: 5 }, { kind: "clean", at: 9 }]).result.passes[1].ran, true);
});

test("the first pass stamps a tombstone, a later pass removes it once it is due", () => {
  const log = records(["a"], ["a", null], ["b"], ["c"], ["d"], ["e"], ["f"]);
  const clean = (at, time) => ({ kind: "clean", at, time });
  const params = { segmentRecords: 2, deleteRetentionMs: 100, minCleanableDirtyRatio: 0 };
  const due = compact(log, params, [clean(3, T), clean(5, T + 100)]);
  assert.deepEqual(survivors(due), [[1, 2], [2, 3, 4]]);
  const early = compact(log, params, [clean(3, T), clean(5, T + 99)]);
  assert.deepEqual(survivors(early), [[1, 2], [1, 2, 3, 4]]);
  assert.deepEqual(early.result.tombstones, [1]);
});

test("without retention a tombstone still takes two passes", () => {
  const log = records(["a", null], ["b"], ["c"], ["d"], ["e"]);
  const run = compact(log, { segmentRecords: 2, deleteRetentionMs: 0, minCleanableDirtyRatio: 0 }, [{ kind: "clean", at: 3 }, { kind: "clean", at: 5 }]);
  assert.deepEqual(survivors(run), [[0, 1, 2], [1, 2, 3, 4]]);
});

test("on an idle topic a due tombstone stays: a pass needs dirty data", () => {
  const log = records(["a", null], ["b"], ["c"]);
  const run = compact(log, { segmentRecords: 2, deleteRetentionMs: 100, minCleanableDirtyRatio: 0, cleanAt: [T, T + 1000, T + 2000] });
  assert.deepEqual(run.result.passes.map((pass) => pass.ran), [true, false, false]);
  assert.deepEqual(run.result.tombstones, [0]);
});

test("a tombstone whose own time is old is kept from the first pass that sees it (LogCleanerTest#testCleanTombstone)", () => {
  const day = 24 * HOUR;
  const log = records(["0", "0", T + day + 10_000], ["0", null, T - day - 10_000], ["1", "1", T], ["2", "2", T]);
  const params = { segmentRecords: 1, deleteRetentionMs: day, minCleanableDirtyRatio: 0 };
  const run = compact(log, params, [2, 3, 4].map((at) => ({ kind: "clean", at, time: T })));
  assert.deepEqual(survivors(run), [[0, 1], [1, 2], [1, 2, 3]]);
});

test("a map too small for the dirty part cleans it piece by piece (LogCleanerTest#testPartialSegmentClean)", () => {
  const log = records(["0"], ["1"], ["0"], ["1"], ["0"], ["active"]);
  const params = { segmentRecords: 5, minCleanableDirtyRatio: 0, offsetMapKeys: 1 };
  const run = compact(log, params, Array.from({ length: 5 }, () => ({ kind: "clean" })));
  assert.deepEqual(survivors(run), [[0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [2, 3, 4, 5], [3, 4, 5]]);
});

test("a tombstone behind the end of a full map is stamped all the same: its segment is copied as a whole", () => {
  const log = records(["a"], ["b", null], ["c"], ["d"], ["active"]);
  const params = { segmentRecords: 4, minCleanableDirtyRatio: 0, deleteRetentionMs: 100, offsetMapKeys: 1 };
  const passes = (second) => survivors(compact(log, params, [T, second].map((time) => ({ kind: "clean", time }))));
  assert.deepEqual(passes(T + 99), [[0, 1, 2, 3, 4], [0, 1, 2, 3, 4]]);
  assert.deepEqual(passes(T + 100), [[0, 1, 2, 3, 4], [0, 2, 3, 4]]);
});

test("the minimum lag ends the cleanable part at the first young segment (LogCleanerManagerTest#testCleanableOffsetsForTime)", () => {
  const t1 = T + HOUR + 1;
  const log = records(["a", 0, T], ["a", 1, T], ["b", 2, t1], ["a", 3, t1], ["b", 4, t1]);
  const params = { segmentRecords: 2, minCompactionLagMs: HOUR, minCleanableDirtyRatio: 0 };
  assert.deepEqual(compact(log, { ...params, cleanAt: [t1] }).result.passes[0].survivors, [1, 2, 3, 4]);
  assert.deepEqual(compact(log, { ...params, cleanAt: [t1 + HOUR] }).result.passes[0].survivors, [2, 3, 4]);
});

test("the minimum lag is of no account to the active segment (LogCleanerManagerTest#testCleanableOffsetsForShortTime)", () => {
  const log = records(["a"], ["a"], ["a"], ["a"], ["a"]);
  const run = compact(log, { segmentRecords: 2, minCompactionLagMs: HOUR, cleanAt: [T + HOUR + 1] });
  assert.deepEqual(run.result.survivors, [3, 4]);
});

test("the maximum lag sets a pass off below the ratio, strictly", () => {
  const log = records(["a", 0, 1000], ["b", 1, 1000], ["c", 2, 1000]);
  const params = { segmentRecords: 2, minCleanableDirtyRatio: 1, maxCompactionLagMs: 500, cleanAt: [1500, 1501] };
  assert.deepEqual(compact(log, params).result.passes.map((pass) => pass.ran), [false, true]);
});

test("an unkeyed record is refused and takes no offset", () => {
  const run = compact([{ key: "a", value: 1 }, { key: null, value: 2 }, { key: "a", value: 3 }, { key: "b", value: 4 }], { segmentRecords: 2, cleanAt: [0] });
  assert.deepEqual(run.result.survivors, [1, 2]);
  assert.equal(run.at(2).facts[0].code, "record.unkeyed");
});

test("a log that has offsets of its own keeps them", () => {
  const log = [{ offset: 100, key: "a", value: 1 }, { offset: 107, key: "a", value: 2 }, { offset: 120, key: "b", value: 3 }];
  assert.deepEqual(compact(log, { segmentRecords: 2, cleanAt: [0] }).result.survivors, [107, 120]);
});

test("each removal is a step that names the successor and what a fetch at the gap returns", () => {
  const run = compact(records(["a"], ["b"], ["a"], ["z"]), { segmentRecords: 3, cleanAt: [T] });
  const step = run.find(0, ["record.compacted"]);
  const [fact] = run.at(step).facts;
  assert.deepEqual({ offset: fact.data.offset, by: fact.data.by, next: fact.data.next }, { offset: 0, by: 2, next: 1 });
  const marks = (at) => run.at(at).scene.blocks[0].lanes[0].tickets[0].marks;
  assert.deepEqual([marks(step - 1).includes("gone"), marks(step).includes("gone")], [false, true]);
});

test("a reader that was away while a tombstone came and went keeps what was deleted", () => {
  const log = records(["dev"], ["ann"], ["dev", null], ["ann"], ["bob"], ["bob"], ["cleo"]);
  const story = (deleteRetentionMs) =>
    compact(log, { segmentRecords: 2, deleteRetentionMs, minCleanableDirtyRatio: 0 }, [
      { kind: "read", at: 2 }, { kind: "clean", at: 5 }, { kind: "clean", at: 7 }, { kind: "read", at: 7 },
    ]);
  const holds = (run) => run.checks.find((check) => check.id === "slow-reader-agrees").holds;
  assert.equal(holds(story(HOUR)), true);
  assert.equal(holds(story(0)), false);
});

test("every step is reached alike from any side", () => {
  const log = records(...Array.from({ length: 200 }, (_, i) => [`k${(i * 7) % 13}`, i % 11 === 0 ? null : i, T + i * 1000]));
  const given = { segmentRecords: 7, deleteRetentionMs: 20_000, minCleanableDirtyRatio: 0, cleanAt: [T + 50_000, T + 120_000] };
  const interventions = [{ kind: "read", at: 30 }, { kind: "clean", at: 170 }, { kind: "read" }];
  const forward = compact(log, given, interventions);
  const expected = Array.from({ length: forward.length + 1 }, (_, i) => JSON.stringify(forward.at(i)));
  const again = compact(log, given, interventions);
  for (let i = forward.length; i >= 0; i -= 3) assert.equal(JSON.stringify(again.at(i)), expected[i]);
});

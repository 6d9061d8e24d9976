import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";

const NOW = 1_772_000_000_000;
const records = (sizes, times = []) => sizes.map((size, i) => ({ key: "k", type: "T", value: i, size, time: times[i] ?? 10 }));
const retain = (log, params, interventions = []) =>
  simulate({ model: "retention", log, params: { segmentMs: -1, retentionMs: -1, retentionBytes: -1, ...params }, interventions });
const fifteen = records(Array(15).fill(7));
const five = { segmentBytes: 35 };

test("segments go by size while what remains is still enough (UnifiedLogTest#shouldDeleteSizeBasedSegments)", () => {
  assert.deepEqual(retain(fifteen, { ...five, retentionBytes: 70 }).result.segments.map((one) => one.baseOffset), [5, 10]);
});

test("nothing goes by size under the limit (UnifiedLogTest#shouldNotDeleteSizeBasedSegmentsWhenUnderRetentionSize)", () => {
  assert.equal(retain(fifteen, { ...five, retentionBytes: 105 }).result.segments.length, 3);
});

test("where everything is expired an empty segment is rolled and the rest goes (UnifiedLogTest#shouldDeleteTimeBasedSegmentsReadyToBeDeleted)", () => {
  assert.deepEqual(retain(fifteen, { ...five, retentionMs: 10_000, now: NOW }).result, {
    segments: [{ baseOffset: 15, nextOffset: 15, bytes: 0, largestTime: -1, active: true }],
    deleted: [0, 5, 10],
    logStartOffset: 15,
    logEndOffset: 15,
  });
});

test("nothing young goes (UnifiedLogTest#shouldNotDeleteTimeBasedSegmentsWhenNoneReadyToBeDeleted)", () => {
  assert.equal(retain(fifteen, { ...five, retentionMs: 10_000_000, now: 10 }).result.segments.length, 3);
});

test("a compact-only policy deletes no expired segment (UnifiedLogTest#shouldNotDeleteSegmentsWhenPolicyDoesNotIncludeDelete)", () => {
  assert.equal(retain(fifteen, { ...five, retentionMs: 10_000, now: NOW, cleanupPolicy: "compact" }).result.segments.length, 3);
});

test("both policies together delete (UnifiedLogTest#shouldDeleteSegmentsReadyToBeDeletedWhenCleanupPolicyIsCompactAndDelete)", () => {
  assert.equal(retain(fifteen, { ...five, retentionMs: 10_000, now: NOW, cleanupPolicy: "compact,delete" }).result.segments.length, 1);
});

test("what lies below the log's start goes under any policy (UnifiedLogTest#shouldDeleteStartOffsetBreachedSegmentsWhenPolicyDoesNotIncludeDelete)", () => {
  const run = retain(fifteen, { ...five, cleanupPolicy: "compact" }, [{ kind: "delete-records", offset: 5 }]);
  assert.deepEqual(run.result.segments.map((one) => one.baseOffset), [5, 10]);
});

test("the log may start inside a segment (UnifiedLogTest#testLogDeletionAfterDeleteRecords)", () => {
  const after = (offset) => {
    const { result } = retain(fifteen, five, [{ kind: "delete-records", offset }]);
    return [result.segments.length, result.logStartOffset];
  };
  assert.deepEqual([after(1), after(6), after(15)], [[3, 1], [2, 6], [1, 15]]);
});

test("of segments of 104 and 78 bytes, a limit of 79 deletes none and one of 78 the first", () => {
  const log = records([104, 78]);
  const deleted = (retentionBytes) => retain(log, { segmentBytes: 104, retentionBytes }).result.deleted;
  assert.deepEqual([deleted(79), deleted(78)], [[], [0]]);
});

test("age is compared strictly: 1007 under 100 stays at 1107 and goes at 1108", () => {
  const log = records([1, 1, 1], [1000, 1007, 1003]);
  const deleted = (now) => retain(log, { segmentBytes: 3, retentionMs: 100, now }).result.deleted;
  assert.deepEqual([deleted(1107), deleted(1108)], [[], [0]]);
});

test("a high watermark of 2 protects what one of 3 lets go", () => {
  const log = records([1, 1, 1, 1]);
  const deleted = (highWatermark) => retain(log, { segmentBytes: 3, retentionMs: 100, now: NOW, highWatermark }).result.deleted;
  assert.deepEqual([deleted(2), deleted(3)], [[], [0]]);
});

test("the log's start never passes the high watermark (UnifiedLogTest#testCannotDeleteSegmentsAtOrAboveHighWatermark)", () => {
  const log = records(Array(100).fill(10));
  for (let highWatermark = 0; highWatermark <= 100; highWatermark++) {
    const { segments, logStartOffset } = retain(log, { segmentBytes: 70, retentionMs: 999, now: NOW, highWatermark }).result;
    assert.ok(logStartOffset <= highWatermark);
    assert.ok(segments.slice(1).every((one) => one.baseOffset > highWatermark));
  }
});

test("a segment is rolled before the append that would exceed it", () => {
  const run = retain(records([60, 40, 1, 99, 2]), { segmentBytes: 100 });
  assert.deepEqual(run.result.segments.map(({ baseOffset, bytes }) => [baseOffset, bytes]), [[0, 100], [2, 100], [4, 2]]);
});

test("a segment is rolled by time only when a record comes, strictly after segment.ms", () => {
  const run = retain(records([1, 1, 1], [1000, 1100, 1101]), { segmentBytes: -1, segmentMs: 100, now: 9_000_000 });
  assert.deepEqual(run.result.segments.map((one) => one.baseOffset), [0, 2]);
});

test("a record larger than a segment is refused and takes no offset", () => {
  const run = retain(records([5, 11, 5]), { segmentBytes: 10 });
  assert.equal(run.result.logEndOffset, 2);
  assert.equal(run.at(2).facts[0].code, "record.too_large");
});

test("one record dated in the future pins its segment and all later ones", () => {
  const log = records([1, 1, 1, 1, 1, 1], [10, 20, 30, 40, 50, 60]);
  const params = { segmentBytes: 2, retentionMs: 100, now: 1000 };
  assert.deepEqual(retain(log, params).result.deleted, [0, 2, 4]);
  const pinned = retain(log, params, [{ kind: "append", at: 2, time: 9_999_999, size: 1 }]);
  assert.deepEqual(pinned.result.deleted, [0]);
  assert.equal(pinned.checks.find((check) => check.id === "expired-gone").holds, false);
  assert.deepEqual(pinned.at(pinned.length).facts[0].data.reason, "future");
});

test("a segment goes late and whole: its latest record decides", () => {
  const log = records([1, 1, 1], [0, 950, 1000]);
  assert.deepEqual(retain(log, { segmentBytes: 2, retentionMs: 100, now: 1000 }).result.deleted, []);
  assert.deepEqual(retain(log, { segmentBytes: 2, retentionMs: 100, now: 1051 }).result.deleted, [0]);
});

test("a pass in between deletes then, and offsets go on", () => {
  const log = records([1, 1, 1, 1], [0, 0, 1000, 1000]);
  const run = retain(log, { segmentBytes: 1, retentionMs: 100, now: 1000 }, [{ kind: "pass", at: 2, now: 500 }]);
  assert.deepEqual(run.result, {
    segments: [
      { baseOffset: 2, nextOffset: 3, bytes: 1, largestTime: 1000, active: false },
      { baseOffset: 3, nextOffset: 4, bytes: 1, largestTime: 1000, active: true },
    ],
    deleted: [0, 1],
    logStartOffset: 2,
    logEndOffset: 4,
  });
});

test("an empty log has one empty segment, which stays", () => {
  assert.deepEqual(retain([], { retentionMs: 0, now: NOW }).result, {
    segments: [{ baseOffset: 0, nextOffset: 0, bytes: 0, largestTime: -1, active: true }], deleted: [], logStartOffset: 0, logEndOffset: 0,
  });
});

test("every step is reached alike from any side", () => {
  const log = records(Array.from({ length: 200 }, (_, i) => 5 + (i % 9)), Array.from({ length: 200 }, (_, i) => i * 1000));
  const given = { segmentBytes: 50, retentionMs: 40_000, retentionBytes: 900 };
  const interventions = [{ kind: "pass", at: 90 }, { kind: "append", at: 120, time: 150_000 }, { kind: "delete-records", at: 150, offset: 140 }];
  const forward = retain(log, given, interventions);
  const expected = Array.from({ length: forward.length + 1 }, (_, i) => JSON.stringify(forward.at(i)));
  const again = retain(log, given, interventions);
  for (let i = forward.length; i >= 0; i -= 3) assert.equal(JSON.stringify(again.at(i)), expected[i]);
});

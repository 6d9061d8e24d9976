import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";

const T = 1_772_000_000_000;
const LATER = T + 1_000_000;

/**
 * A run of what happens in order: `["A", 1, 2]` is A's records of those keys, `["-", 1]` a record in no transaction,
 * `["commit", "A"]` and `["abort", "A"]` end a transaction, `["clean", time]` is a pass.
 */
function compact(params, ...story) {
  const log = [];
  const interventions = [];
  for (const [what, ...rest] of story) {
    const at = log.length;
    if (what === "clean") interventions.push({ kind: "clean", at, time: rest[0] ?? T });
    else if (what === "read") interventions.push({ kind: "read", at });
    else if (what === "commit" || what === "abort") interventions.push({ kind: what, at, producer: rest[0] });
    else {
      interventions.push(what === "-" ? { kind: "plain", at } : { kind: "begin", at, producer: what });
      log.push(...rest.map((key) => ({ key: String(key), value: `${what}${key}`, time: T, size: 10 })));
    }
  }
  return simulate({ model: "compaction", log, params: { minCleanableDirtyRatio: 0, deleteRetentionMs: 1000, ...params }, interventions });
}

/** What each pass left of the first so many offsets. */
const below = (end, run) => run.result.passes.map(({ survivors }) => survivors.filter((offset) => offset < end));
const marker = (offset, kind, producer) => ({ offset, kind, producer });
const codes = (run, code) => Array.from({ length: run.length + 1 }, (_, i) => run.at(i).facts).flat().filter((fact) => fact.code === code);

test("aborted records go, and do not displace what others wrote under their keys (LogCleanerTest#testBasicTransactionAwareCleaning)", () => {
  const run = compact({ segmentRecords: 10 }, ["A", 1, 2], ["B", 2, 3], ["A", 3, 4], ["abort", "A"], ["commit", "B"], ["A", 2], ["commit", "A"], ["-", "active"], ["clean"]);
  assert.deepEqual(below(10, run), [[3, 6, 7, 8, 9]]);
  assert.deepEqual(run.result.markers, [marker(6, "abort", "A"), marker(7, "commit", "B"), marker(9, "commit", "A")]);
  assert.ok(run.checks.every(({ holds }) => holds));
});

test("an abort marker goes two passes after the records that it ends (LogCleanerTest#testAbortMarkerRemoval)", () => {
  const story = [["A", 1, 2, 3], ["abort", "A"], ["A", 3], ["commit", "A"], ["-", "p"], ["clean"], ["-", "q", "r", "s", "t", "u", "v"], ["clean"], ["-", "w", "x", "y", "z", "0", "00"]];
  assert.deepEqual(below(6, compact({ segmentRecords: 6 }, ...story, ["clean", T + 1000])), [[3, 4, 5], [3, 4, 5], [4, 5]]);
  assert.deepEqual(below(6, compact({ segmentRecords: 6 }, ...story, ["clean", T + 999])), [[3, 4, 5], [3, 4, 5], [3, 4, 5]]);
});

test("a commit marker goes once nothing of its transaction is left (LogCleanerTest#testCommitMarkerRemoval)", () => {
  const run = compact(
    { segmentRecords: 3 },
    ["A", 1, 2, 3], ["commit", "A"], ["A", 2], ["commit", "A"], ["A", 1], ["clean"],
    ["A", 3], ["commit", "A"], ["-", "p"], ["clean"], ["-", "q", "r", "s"], ["clean"], ["-", "t", "u", "v"], ["clean", LATER],
  );
  assert.deepEqual(below(9, run), [[0, 2, 3, 4, 5, 6], [3, 4, 5, 6, 7, 8], [3, 4, 5, 6, 7, 8], [4, 5, 6, 7, 8]]);
});

test("only what was committed is left of transactions that span segments (LogCleanerTest#testCleanWithTransactionsSpanningSegments)", () => {
  const run = compact(
    { segmentRecords: 6 },
    ["A", 1, 2], ["C", 2, 3], ["B", 3, 4], ["B", 5, 6], ["C", 6, 7], ["A", 7, 8], ["clean"], ["abort", "B"], ["C", 8, 9], ["commit", "C"], ["A", 9, 10], ["abort", "A"],
    ["B", 11], ["A", 12], ["-", 13, 14, 15], ["clean"],
  );
  assert.equal(run.result.passes[0].ran, false);
  assert.deepEqual(run.result.passes[1].survivors, [2, 3, 8, 9, 12, 13, 14, 15, 18, 19, 20, 21, 22, 23]);
});

test("no pass goes beyond an open transaction (LogCleanerManagerTest#testUndecidedTransactionalDataNotCleanable)", () => {
  const open = [["-", 1, 1, 1], ["A", 1], ["-", 1, 1, 1, 1, 1]];
  const run = compact({ segmentRecords: 2 }, ...open, ["clean"]);
  // The last stable offset is 3, in the second segment: the cleanable part ends with the first.
  assert.deepEqual(run.result.survivors, [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.equal(run.result.lastStableOffset, 3);
  const ended = compact({ segmentRecords: 2 }, ...open, ["commit", "A"], ["-", 2], ["clean"]);
  assert.deepEqual(ended.result.survivors, [8, 9, 10]);
  assert.equal(ended.result.lastStableOffset, 11);
});

test("a pass that an open transaction keeps from everything says so", () => {
  const [fact] = codes(compact({ segmentRecords: 2 }, ["A", 1], ["-", 1, 1, 1, 1], ["clean"]), "cleaner.skipped");
  assert.deepEqual([fact.data.reason, fact.data.open, fact.data.stable], ["nothing", "A", 0]);
  const [active] = codes(compact({ segmentRecords: 9 }, ["A", 1], ["-", 1, 1], ["clean"]), "cleaner.skipped");
  assert.equal(active.data.open, undefined);
});

test("the last batch of a pass stays behind empty, and its marker is kept one pass longer for it", () => {
  const run = compact({ segmentRecords: 1, deleteRetentionMs: 0 }, ["A", 1], ["abort", "A"], ["clean"], ["-", 2], ["clean"], ["-", 3], ["clean"], ["-", 4], ["clean"]);
  assert.deepEqual(below(2, run), [[1], [1], [1], []]);
  assert.deepEqual(codes(run, "record.aborted").map(({ data }) => data.isLast), [true]);
});

test("a marker goes though its producer wrote nothing since: its epoch is its own (transaction.version 2)", () => {
  // LogCleanerTest#testAbortMarkerRetentionWithEmptyBatch has markers of version 1, whose data batch has to stand for the producer.
  const run = compact({ segmentRecords: 3, deleteRetentionMs: 0 }, ["A", 2, 3], ["abort", "A"], ["-", 4], ["clean"], ["-", 5, 6, 7], ["clean"], ["-", 8, 9, 10], ["clean"]);
  assert.deepEqual(below(3, run), [[2], [2], []]);
});

test("a marker beyond the part that a pass copies is not looked at", () => {
  const run = compact(
    { segmentRecords: 1, deleteRetentionMs: 0 },
    ["A", 1], ["-", 2, 3], ["B", 4], ["C", 5], ["abort", "A"], ["clean"], ["commit", "B"], ["clean"], ["commit", "C"], ["-", 6], ["clean"], ["-", 7], ["clean"],
  );
  assert.deepEqual(run.result.passes.map(({ ran, survivors }) => [ran, survivors.includes(5)]), [[true, true], [true, true], [true, true], [true, false]]);
});

test("whoever goes on writing does so when somebody else's transaction ends", () => {
  const log = Array.from({ length: 4 }, (_, i) => ({ key: String(i), value: i }));
  const interventions = [{ kind: "begin", at: 0, producer: "A" }, { kind: "begin", at: 1, producer: "B" }, { kind: "abort", at: 2, producer: "A" }, { kind: "abort", at: 3, producer: "B" }, { kind: "clean" }];
  const run = simulate({ model: "compaction", log, params: { segmentRecords: 5 }, interventions });
  // B's second record came after A's abort and is aborted with the first; the last record is in no transaction.
  assert.deepEqual(run.result.survivors, [2, 4, 5]);
});

test("the slow reader waits at the last stable offset, and passes over what is aborted", () => {
  const run = compact({}, ["-", 1], ["A", 1], ["-", 2], ["read"], ["abort", "A"], ["read"]);
  assert.deepEqual(codes(run, "reader.caught_up").map(({ data }) => [data.from, data.to, data.stale]), [[0, 1, 0], [1, 4, 0]]);
  const held = run.at(run.length).scene.blocks.find(({ id }) => id === "readers").rows.map(({ cells }) => cells);
  assert.deepEqual(held, [["1", "-1", 0, "-1"], ["2", "-2", 2, "-2"]]);
});

test("a tombstone of an aborted transaction deletes nothing", () => {
  const log = [{ key: "a", value: 1 }, { key: "a", value: null }, { key: "b", value: 2 }, { key: "c", value: 3 }];
  const story = (end) => [{ kind: "begin", at: 1, producer: "A" }, { kind: end, at: 2, producer: "A" }, { kind: "clean" }];
  const run = (end) => simulate({ model: "compaction", log, params: { segmentRecords: 3, minCleanableDirtyRatio: 0 }, interventions: story(end) }).result;
  assert.deepEqual([run("abort").survivors, run("abort").tombstones], [[0, 2, 3, 4], []]);
  assert.deepEqual([run("commit").survivors, run("commit").tombstones], [[1, 2, 3, 4], [1]]);
});

test("readers are given what is committed, below the last stable offset", () => {
  const found = (run) => run.at(run.length).scene.blocks.find(({ id }) => id === "readers").rows.map(({ cells }) => cells.slice(0, 3));
  assert.deepEqual(found(compact({}, ["-", 1], ["A", 1, 2], ["-", 3])), [["1", "-1", 0]]);
  assert.deepEqual(found(compact({}, ["-", 1], ["A", 1, 2], ["-", 3], ["abort", "A"])), [["1", "-1", 0], ["3", "-3", 3]]);
  assert.deepEqual(found(compact({}, ["-", 1], ["A", 1, 2], ["-", 3], ["commit", "A"])), [["1", "A1", 1], ["2", "A2", 2], ["3", "-3", 3]]);
});

test("a transaction that wrote nothing gets no marker, and one that nobody began is refused", () => {
  const run = compact({}, ["A"], ["commit", "A"], ["abort", "A"], ["-", 1]);
  assert.deepEqual([run.result.survivors, run.result.markers], [[0], []]);
  assert.deepEqual([codes(run, "marker.empty").length, codes(run, "marker.refused").length], [1, 1]);
});

test("what begins again while it is open goes on", () => {
  const run = compact({ segmentRecords: 5 }, ["A", 1], ["-", 2], ["A", 3], ["abort", "A"], ["-", 4, 5], ["clean"]);
  assert.deepEqual(run.result.survivors, [1, 3, 4, 5]);
  assert.equal(codes(run, "writer.resumed").length, 1);
});

test("a marker is drawn as one, and says so; aborted and waiting records do too", () => {
  const tickets = (run) => run.at(run.length).scene.blocks[0].lanes.flatMap((lane) => lane.tickets);
  const [record, seal] = tickets(compact({}, ["A", 1], ["abort", "A"]));
  assert.deepEqual([record.note.engineer, seal.type, seal.key, seal.note.engineer], ["A, aborted", "abort marker", "A", "control record"]);
  const [open] = tickets(compact({}, ["A", 1]));
  assert.deepEqual([open.marks, open.note.engineer], [["new", "waiting"], "A, open"]);
});

test("the last stable offset is marked as long as somebody waits there", () => {
  const marks = (run) => run.at(run.length).scene.blocks[0].lanes.flatMap(({ markers }) => markers.map(({ id, offset }) => [id, offset]));
  const waits = (run) => run.at(run.length).scene.blocks.some(({ id }) => id === "waiting");
  const open = compact({ segmentRecords: 2 }, ["-", 1, 2, 3], ["A", 4], ["-", 5]);
  assert.deepEqual([marks(open), waits(open)], [[["stable", 3]], true]);
  const ended = compact({ segmentRecords: 2 }, ["-", 1, 2, 3], ["A", 4], ["-", 5], ["commit", "A"]);
  assert.deepEqual([marks(ended), waits(ended)], [[], false]);
});

test("without transactions nothing speaks of them", () => {
  const run = simulate({ model: "compaction", log: [{ key: "a", value: 1 }], interventions: [{ kind: "clean" }, { kind: "read" }] });
  assert.deepEqual(Object.keys(run.result), ["passes", "survivors", "tombstones"]);
  assert.ok(run.checks.every(({ id }) => !["open-untouched", "aborted-gone", "marker-outlives"].includes(id)));
  assert.equal(run.at(1).scene.blocks[0].lanes[0].tickets[0].note, undefined);
});

test("a marker moves what comes after it, also in a log that has offsets of its own", () => {
  const log = [{ offset: 100, key: "a", value: 1 }, { offset: 101, key: "b", value: 2 }, { offset: 120, key: "c", value: 3 }];
  const run = simulate({ model: "compaction", log, interventions: [{ kind: "begin", at: 0 }, { kind: "commit", at: 1 }] });
  assert.deepEqual(run.result.survivors, [100, 101, 102, 120]);
  assert.ok(run.checks.every(({ holds }) => holds));
});

test("junk in a producer's turn is bounded and reported", () => {
  const run = simulate({ model: "compaction", log: [{ key: "a", value: 1 }], interventions: [{ kind: "begin", producer: 7, at: -3 }, { kind: "commit", size: -1, time: "soon" }] });
  assert.ok(run.problems.length >= 3);
  assert.equal(run.result.lastStableOffset, run.result.survivors.length);
});

test("every step of a log with transactions is reached alike from any side", () => {
  const happening = Array.from({ length: 60 }, (_, i) => [
    [["A", "B", "-"][i % 3], i % 7, i % 5], ...(i % 8 === 7 ? [["abort", "A"]] : []), ...(i % 10 === 9 ? [["commit", "B"], ["clean", T + i]] : []), ...(i === 40 ? [["read"]] : []),
  ]).flat();
  const forward = compact({ segmentRecords: 4, deleteRetentionMs: 15 }, ...happening);
  const expected = Array.from({ length: forward.length + 1 }, (_, i) => JSON.stringify(forward.at(i)));
  const again = compact({ segmentRecords: 4, deleteRetentionMs: 15 }, ...happening);
  for (let i = forward.length; i >= 0; i -= 3) assert.equal(JSON.stringify(again.at(i)), expected[i]);
});

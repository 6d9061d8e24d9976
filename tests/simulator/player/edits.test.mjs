import assert from "node:assert/strict";
import { test } from "node:test";

import { applyEdit, replayEdits } from "../../../static/simulator/player/edits.js";

const plain = (n) => Array.from({ length: n }, (_, i) => ({ time: i, key: `k${i}`, type: "T", value: i }));
const given = (...offsets) => offsets.map((offset) => ({ offset, time: offset, key: "k", type: "T", value: offset }));
const keys = (records) => records.map(({ key }) => key).join(" ");

test("a record is set, added, removed and moved", () => {
  const log = plain(3);
  assert.equal(applyEdit(log, ["=", 1, { key: "new", type: "T", value: null }])[1].key, "new");
  assert.equal(keys(applyEdit(log, ["+", 1, { key: "new" }])), "k0 new k1 k2");
  assert.equal(keys(applyEdit(log, ["+", 3, { key: "last" }])), "k0 k1 k2 last");
  assert.equal(keys(applyEdit(log, ["-", 0])), "k1 k2");
  assert.equal(keys(applyEdit(log, [">", 0, 2])), "k1 k2 k0");
  assert.equal(keys(applyEdit(log, [">", 2, 0])), "k2 k0 k1");
  assert.equal(keys(log), "k0 k1 k2", "the records given are never changed");
});

test("what does not fit is refused", () => {
  const log = plain(2);
  for (const edit of [null, 3, "x", [], ["-", 2], ["-", -1], ["-", 0.5], ["=", 2, {}], ["=", 0, null], ["=", 0, []], ["+", 3, {}], [">", 0, 2], [">", 0], ["?", 0], ["-", "0"]]) {
    assert.equal(applyEdit(log, edit), null, JSON.stringify(edit));
  }
});

test("offsets that only repeat positions are numbered anew", () => {
  const moved = applyEdit(given(0, 1, 2), [">", 2, 0]);
  assert.deepEqual(moved.map(({ offset }) => offset), [undefined, undefined, undefined]);
  assert.deepEqual(moved.map(({ value }) => value), [2, 0, 1]);
});

test("offsets of a log with gaps keep rising and move no further than they must", () => {
  const offsets = (records) => records.map(({ offset }) => offset);
  assert.deepEqual(offsets(applyEdit(given(2, 5, 9), [">", 2, 0])), [2, 5, 9]);
  assert.deepEqual(offsets(applyEdit(given(2, 5, 9), ["-", 1])), [2, 9]);
  assert.deepEqual(offsets(applyEdit(given(2, 3, 4, 9), ["+", 1, { key: "new" }])), [2, undefined, 4, 5, 9]);
  assert.equal(applyEdit(given(2, 5), ["=", 1, { key: "new" }])[1].offset, 5);
});

test("what an edit leaves out comes from its neighbour or is empty", () => {
  assert.deepEqual(applyEdit(plain(2), ["+", 2, {}])[2], { time: 1, key: null, type: "", value: null });
  assert.deepEqual(applyEdit([], ["+", 0, { value: 7 }]), [{ time: 0, key: null, type: "", value: 7 }]);
});

test("replaying keeps the edits that fit and leaves out the others", () => {
  const { records, edits } = replayEdits(plain(2), [["-", 5], ["-", 0], ["+", 1, { key: "new" }]]);
  assert.equal(keys(records), "k1 new");
  assert.equal(edits.length, 2);
});

import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";
import { narrate } from "../../../static/simulator/narration.js";

const log = Array.from({ length: 10 }, (_, i) => ({ offset: i, time: 1000 + i, key: i % 2 ? "a" : "b", type: "Booked", value: { amount: i } }));
const run = (more = {}) => simulate({ model: "append_log", log, ...more });
const check = (one, id) => one.checks.find((item) => item.id === id);
const reader = (one, id) => one.result.readers.find((item) => item.id === id);

test("an edit and a deletion are refused and leave every record as it was", () => {
  const one = run({ interventions: [{ kind: "edit", at: 5, offset: 2, to: "9" }, { kind: "delete", at: 5, offset: 3 }] });
  assert.deepEqual(one.result.refused, [
    { kind: "edit", offset: 2, reason: "append-only" },
    { kind: "delete", offset: 3, reason: "append-only" },
  ]);
  assert.equal(one.result.readable, 10);
  assert.ok(one.checks.every(({ holds }) => holds));
  assert.equal(one.at(6).facts[0].code, "change.refused");
});

test("an attempt on a record that does not exist yet says so", () => {
  assert.deepEqual(run({ interventions: [{ kind: "edit", at: 5, offset: 7 }] }).result.refused, [{ kind: "edit", offset: 7, reason: "no-such-record" }]);
});

test("a correction is appended, names what it corrects and moves later offsets up", () => {
  const one = run({ interventions: [{ kind: "correct", at: 5, offset: 2, field: "amount", to: "9" }] });
  assert.deepEqual(one.result.corrections, [{ offset: 5, corrects: 2 }]);
  assert.equal(one.result.logEndOffset, 11);
  const lane = one.at(one.length).scene.blocks[0].lanes[0];
  assert.deepEqual(lane.tickets.map(({ offset }) => offset), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.ok(lane.tickets[5].marks.includes("correction"));
  assert.equal(lane.tickets[2].note.engineer, "corrected by 5");
});

test("given offsets are kept, with their gaps", () => {
  const gaps = [3, 7, 20].map((offset) => ({ ...log[0], offset }));
  assert.equal(simulate({ model: "append_log", log: gaps }).result.logEndOffset, 21);
});

test("readers have positions of their own and take nothing away", () => {
  const one = run({ params: { readers: { fast: 1, slow: 4 } } });
  assert.deepEqual(reader(one, "fast"), { id: "fast", position: 10, read: 10, behind: 0, stopped: false });
  assert.deepEqual(reader(one, "slow"), { id: "slow", position: 2, read: 2, behind: 8, stopped: false });
  assert.equal(one.result.readable, 10);
});

test("a reader that rewinds reads the same records again", () => {
  const one = run({ params: { readers: { fast: 1 }, batch: 10 }, interventions: [{ kind: "rewind", at: 6, reader: "fast", to: 2 }] });
  assert.equal(reader(one, "fast").read, 6 + 4 + 4);
  assert.equal(reader(one, "fast").behind, 0);
});

test("a stopped reader keeps its position and finds what it missed", () => {
  const one = run({ params: { readers: { fast: 1 }, batch: 10 }, interventions: [{ kind: "stop", at: 3, reader: "fast" }, { kind: "start", at: 8, reader: "fast" }] });
  const before = one.outcome(9).result.readers[0];
  assert.deepEqual([before.position, before.behind], [3, 5]);
  assert.deepEqual([reader(one, "fast").position, reader(one, "fast").read], [10, 10]);
});

test("a reader that joins late may begin at offset 0", () => {
  const one = run({ params: { readers: {}, batch: 10 }, interventions: [{ kind: "join", at: 9, reader: "late", from: 0 }] });
  assert.equal(reader(one, "late").read, 10);
});

test("edited in place, a record that somebody had read breaks the readers' agreement", () => {
  const one = run({ params: { amend: "in-place", readers: { fast: 1, slow: 10 } }, interventions: [{ kind: "edit", at: 5, offset: 2, field: "amount", to: "99" }] });
  assert.deepEqual(one.result.changed, [{ kind: "edit", offset: 2, readBefore: ["fast"] }]);
  assert.equal(check(one, "nothing-changed").holds, false);
  assert.equal(check(one, "readers-agree").holds, false);
});

test("deleted in place, a record is no longer readable and cannot be corrected", () => {
  const one = run({ params: { amend: "in-place" }, interventions: [{ kind: "delete", at: 5, offset: 2 }, { kind: "correct", at: 6, offset: 2 }] });
  assert.equal(one.result.readable, 9);
  assert.deepEqual(one.result.refused, [{ kind: "correct", offset: 2, reason: "no-such-record" }]);
  assert.equal(check(one, "reading-removes-nothing").holds, true);
});

test("setting a field to what it says already changes nothing", () => {
  const one = run({ params: { amend: "in-place" }, interventions: [{ kind: "edit", at: 5, offset: 2, field: "amount", to: "2" }] });
  assert.equal(check(one, "nothing-changed").holds, true);
});

test("an intervention for an unknown reader is left out and the problem names the readers", () => {
  const one = run({ interventions: [{ kind: "rewind", reader: "nobody" }] });
  assert.equal(one.length, 10);
  assert.match(one.problems[0].message, /billing, reporting/);
});

test("twelve readers are the most", () => {
  const joins = Array.from({ length: 20 }, (_, i) => ({ kind: "join", at: 1, reader: `r${i}` }));
  const one = run({ interventions: joins });
  assert.equal(one.result.readers.length, 12);
  assert.equal(one.problems.length, 10);
});

test("the scene shows the records around the one that was touched, and counts the others", () => {
  const long = Array.from({ length: 5000 }, (_, i) => ({ ...log[0], offset: i }));
  const one = simulate({ model: "append_log", log: long, interventions: [{ kind: "edit", at: 4000, offset: 100 }] });
  const lane = one.at(4001).scene.blocks[0].lanes[0];
  assert.equal(lane.tickets.length, 20);
  assert.ok(lane.tickets.some(({ offset, marks }) => offset === 100 && marks.includes("refused")));
  assert.equal(lane.before + lane.tickets.length + lane.after, 4000);
});

test("a refusal is told in both voices", () => {
  const [fact] = run({ interventions: [{ kind: "delete", at: 5, offset: 2 }] }).at(6).facts;
  assert.equal(narrate(fact, "engineer"), "The deletion of offset 2 is refused: what was appended stays; amend it with a further event.");
  assert.equal(narrate(fact, "manager"), "Entry 2 may not be struck out: what was recorded stays recorded, and a mistake is answered by a new entry.");
});

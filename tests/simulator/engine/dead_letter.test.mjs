import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";

const log = Array.from({ length: 9 }, (_, i) => ({ offset: i, time: 1000 + i, key: `k${i % 3}`, type: "Moved", value: { street: i } }));
const run = (params = {}, interventions = [], records = log) => simulate({ model: "dead_letter", log: records, params: { poison: [1], ...params }, interventions });
const holds = (one, id) => one.checks.find((item) => item.id === id).holds;
const codes = (one) => Array.from({ length: one.length }, (_, i) => one.at(i + 1).facts.map(({ code }) => code)).flat();
const mended = [{ kind: "mend", at: 6 }, { kind: "redrive", at: 6 }];

test("without a poison record everything takes effect in order", () => {
  const one = run({ poison: [] });
  assert.deepEqual(one.result, { applied: [0, 1, 2, 3, 4, 5, 6, 7, 8], parked: [], skipped: [], blocked: null, waiting: 0, attempts: 0, early: [], late: [], overwritten: [] });
  assert.equal(one.length, 9);
  assert.ok(one.checks.every((check) => check.holds));
});

test("a consumer that blocks holds back every key until the cause is repaired", () => {
  const stuck = run({ onPoison: "block" });
  assert.deepEqual([stuck.result.applied, stuck.result.blocked, stuck.result.waiting], [[0], 1, 8]);
  assert.equal(holds(stuck, "nothing-waits"), false);
  const one = run({ onPoison: "block" }, [{ kind: "mend", at: 6 }]);
  assert.deepEqual(one.result.applied, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.ok(one.checks.every((check) => check.holds));
});

test("a consumer that skips goes on and loses the effect", () => {
  const one = run({ onPoison: "skip" });
  assert.deepEqual([one.result.applied, one.result.skipped, one.result.waiting], [[0, 2, 3, 4, 5, 6, 7, 8], [1], 0]);
  assert.equal(holds(one, "nothing-skipped"), false);
});

test("parking lets the rest pass, and later records of the key take effect early", () => {
  const { result } = run();
  assert.deepEqual([result.applied, result.parked, result.early, result.late], [[0, 2, 3, 4, 5, 6, 7, 8], [1], [4, 7], []]);
});

test("a parked record that is re-driven takes effect late and overwrites newer news", () => {
  const one = run({}, mended);
  assert.deepEqual(one.result.applied, [0, 2, 3, 4, 5, 1, 6, 7, 8]);
  assert.deepEqual([one.result.early, one.result.late, one.result.overwritten], [[4], [1], []]);
  const last = run({}, [{ kind: "mend" }, { kind: "redrive" }]);
  assert.deepEqual(last.result.overwritten, ["k1"]);
  assert.equal(holds(last, "newest-wins"), false);
  assert.deepEqual(last.at(last.length).scene.blocks[2].rows.find(({ cells }) => cells[0] === "k1").cells[2], 1);
});

test("the picture goes on telling of keys that stand at old news, until newer news arrives", () => {
  const notices = (one) => one.at(one.length).scene.blocks.filter(({ kind }) => kind === "notice").map(({ text }) => text.engineer);
  const changes = [{ kind: "mend", at: 8 }, { kind: "redrive", at: 8 }];
  assert.deepEqual(notices(run({}, changes)), ["One key stands at an older record than the newest that was applied."]);
  assert.deepEqual(notices(run({}, mended)), []);
});

test("parking the key's later records too keeps their order, and the key waits", () => {
  const one = run({ keepOrderPerKey: true }, [{ kind: "mend", at: 8 }, { kind: "redrive", at: 8 }]);
  assert.deepEqual(one.result.applied, [0, 2, 3, 5, 6, 1, 4, 7, 8]);
  assert.deepEqual([one.result.early, one.result.late], [[], []]);
  assert.deepEqual(run({ keepOrderPerKey: true }).result.parked, [1, 4, 7]);
});

test("a re-drive before the repair parks the record again, with what must stay behind it", () => {
  const one = run({ keepOrderPerKey: true }, [{ kind: "redrive", at: 8 }]);
  assert.deepEqual(one.result.parked, [1, 4, 7]);
  assert.deepEqual(one.result.attempts, 4);
  assert.deepEqual(codes(one).filter((code) => code.startsWith("letter")), ["letters.redriven", "letter.returned", "letter.returned", "letter.returned"]);
  const loose = run({ poison: [1, 4] }, [{ kind: "redrive", at: 8 }]);
  assert.deepEqual(loose.result.parked, [1, 4]);
});

test("a fault that passes within the retries is no dead letter", () => {
  const one = run({ failures: 2, retries: 2 });
  assert.deepEqual([one.result.parked, one.result.attempts, one.result.applied[1]], [[], 2, 1]);
  assert.deepEqual(run({ failures: 3, retries: 2 }).result.parked, [1]);
});

test("a blocked consumer goes on by itself once the fault has passed, also when nothing more arrives", () => {
  const one = run({ failures: 40, retries: 1, onPoison: "block" });
  assert.deepEqual([one.result.attempts, one.result.blocked, one.result.waiting], [40, null, 0]);
  assert.deepEqual(one.result.applied, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

test("retries are steps of their own, and the attempts count", () => {
  const one = run({ retries: 3 });
  assert.equal(one.length, 12);
  assert.deepEqual(codes(one).slice(0, 5), ["work.applied", "work.failed", "work.failed", "work.failed", "work.parked"]);
});

test("somebody may pass over the record that blocks, and nothing else", () => {
  const one = run({ onPoison: "block" }, [{ kind: "skip", at: 5 }]);
  assert.deepEqual([one.result.skipped, one.result.waiting], [[1], 0]);
  assert.ok(codes(run({}, [{ kind: "skip", at: 5 }])).includes("skip.refused"));
});

test("a record can be spoiled, also after a repair", () => {
  const one = run({ poison: [] }, [{ kind: "spoil", at: 3 }, { kind: "mend", at: 5 }, { kind: "spoil", at: 7 }]);
  assert.deepEqual(one.result.parked, [3, 7]);
  assert.deepEqual(run({ poison: [8] }, [{ kind: "mend", at: 5 }]).result.parked, []);
});

test("records without a key have no order to lose", () => {
  const one = run({ keepOrderPerKey: true }, mended, log.map((record) => ({ ...record, key: null })));
  assert.deepEqual([one.result.early, one.result.late, one.result.overwritten], [[], [], []]);
});

test("poison beyond the log harms nothing, nor does an empty log", () => {
  assert.deepEqual(run({ poison: [90] }).problems, []);
  assert.deepEqual(run({}, [{ kind: "redrive" }, { kind: "spoil" }, { kind: "mend" }], []).result.applied, []);
});

import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";

const batch = (firstSequence, count = 1, epoch = 0, producerId = 1) => ({ producerId, epoch, firstSequence, count });
const produce = (batches, given = {}) => simulate({ model: "idempotent_producer", ...given, params: { batches, ...given.params } });
const said = (run) => run.result.outcomes.map(({ status, baseOffset }) => (baseOffset < 0 ? status : `${status}@${baseOffset}`));
const OUT = "OUT_OF_ORDER_SEQUENCE_NUMBER";
const FENCED = "INVALID_PRODUCER_EPOCH";
const codes = (run) => Array.from({ length: run.length }, (_, i) => run.at(i + 1).facts.map(({ code }) => code));
const records = (count) => Array.from({ length: count }, (_, i) => ({ key: `order-${i}`, type: "OrderPlaced", value: i }));
const ticketsOf = (frame) => frame.scene.blocks.find(({ id }) => id === "log").lanes[0].tickets;

test("a batch that is among the last five is acknowledged with its old offset (UnifiedLogTest#testDuplicateAppends)", () => {
  const run = produce([0, 1, 2, 3, 4, 5].map((n) => batch(n)).concat([batch(6, 3), batch(6, 3), batch(7, 2), batch(2), batch(1)]));
  assert.deepEqual(said(run).slice(7), ["duplicate@6", OUT, "duplicate@2", OUT]);
  assert.equal(run.result.logEndOffset, 9);
});

test("a lower epoch is fenced, and a higher one must begin with sequence 0", () => {
  assert.deepEqual(said(produce([batch(0, 2, 3), batch(2, 1, 2), batch(2, 1, 4), batch(0, 1, 4), batch(2, 1, 3)])), ["appended@0", FENCED, OUT, "appended@2", FENCED]);
});

test("a new epoch forgets the batches of the old one", () => {
  assert.deepEqual(said(produce([batch(0, 2, 0), batch(0, 2, 1), batch(0, 2, 1)])), ["appended@0", "appended@2", "duplicate@2"]);
});

test("a producer id that is not known may begin anywhere, and knows nothing of others", () => {
  assert.deepEqual(said(produce([batch(40), batch(40, 1, 0, 2), batch(41, 1, 0, 2), batch(42)])), ["appended@0", "appended@1", "appended@2", OUT]);
});

test("0 follows on 2147483647, between batches and within one", () => {
  const last = 2_147_483_647;
  assert.deepEqual(said(produce([batch(last), batch(0)])), ["appended@0", "appended@1"]);
  assert.deepEqual(said(produce([batch(last - 1, 4), batch(2), batch(last - 1, 4)])), ["appended@0", "appended@4", "duplicate@0"]);
});

test("a resend by the application bears a new sequence, and is appended", () => {
  assert.deepEqual(said(produce([batch(0, 2), batch(2, 2)])), ["appended@0", "appended@2"]);
});

test("what is sent again after a lost acknowledgement is a duplicate", () => {
  const run = produce([batch(0, 2), batch(2, 2)], { log: records(6), interventions: [{ kind: "lose-acknowledgement", at: 2 }] });
  assert.deepEqual(said(run), ["appended@0", "duplicate@0", "appended@2"]);
  assert.deepEqual(codes(run), [["batch.appended", "acknowledgement.lost"], ["batch.duplicate"], ["batch.appended"]]);
});

test("without idempotence it is in the log twice, with the same records", () => {
  const given = { log: records(6), interventions: [{ kind: "lose-acknowledgement", at: 2 }], params: { enableIdempotence: false } };
  const run = produce([batch(0, 2), batch(2, 2)], given);
  assert.deepEqual(said(run), ["appended@0", "appended@2", "appended@4"]);
  assert.deepEqual(run.checks.map(({ holds }) => holds), [false, false, true]);
  assert.deepEqual(ticketsOf(run.at(run.length)).map(({ key }) => key), [0, 1, 0, 1, 2, 3].map((n) => `order-${n}`));
});

test("a batch may be lost again and again, and where nothing was sent nothing is lost", () => {
  const lost = [{ kind: "lose-acknowledgement", at: 0 }, { kind: "lose-acknowledgement" }, { kind: "lose-acknowledgement" }];
  const run = produce([batch(0)], { log: records(3), interventions: lost });
  assert.deepEqual(codes(run), [["acknowledgement.none"], ["batch.appended", "acknowledgement.lost"], ["batch.duplicate", "acknowledgement.lost"], ["batch.duplicate"]]);
});

test("without a log, what happens comes after all batches", () => {
  const run = produce([batch(0)], { interventions: [{ kind: "send", producerId: 1, firstSequence: 1, at: 0 }] });
  assert.deepEqual(said(run), ["appended@0", "appended@1"]);
});

test("a batch that was pushed out of the last five and comes again is refused, although the log holds it", () => {
  const run = produce([0, 1, 2, 3, 4, 5, 0].map((n) => batch(n)));
  const [fact] = run.at(run.length).facts;
  assert.deepEqual([fact.code, fact.data.isStored, fact.data.expected], ["batch.out_of_order", true, 6]);
  assert.deepEqual(run.checks.map(({ holds }) => holds), [true, true, true]);
});

test("what was refused and never stored is missing from the log", () => {
  assert.deepEqual(produce([batch(0), batch(2)]).checks.map(({ id, holds }) => [id, holds]), [["stored-once", true], ["in-sequence", true], ["all-stored", false]]);
});

test("the table shows the last five batches of each producer id and what comes next", () => {
  const run = produce([...[0, 1, 2, 3, 4, 5].map((n) => batch(n)), batch(9, 2, 0, 2)]);
  const { rows } = run.at(run.length).scene.blocks.find(({ id }) => id === "sequences");
  assert.deepEqual(rows.map(({ cells }) => cells.slice(0, 2).join(": ")), ["1, 0: 1", "1, 0: 2", "1, 0: 3", "1, 0: 4", "1, 0: 5", "1, 0: next: 6", "2, 0: 9 to 10", "2, 0: next: 11"]);
});

test("the story that it begins with needs nothing", () => {
  assert.deepEqual(said(simulate({ model: "idempotent_producer" })), ["appended@0", "appended@2", "duplicate@2", "appended@4"]);
});

test("values out of bounds are clamped, and rows without a sequence left out", () => {
  const run = produce([{ producerId: -1, firstSequence: 2 ** 40, count: 0 }, { producerId: 1 }, { ...batch(0), epoch: 99_999 }]);
  assert.deepEqual(run.params.batches, [{ producerId: 0, epoch: 0, firstSequence: 2_147_483_647, count: 1 }, { producerId: 1, epoch: 32_767, firstSequence: 0, count: 1 }]);
  assert.deepEqual(run.problems.map(({ path }) => path), ["0/producerId", "0/firstSequence", "0/count", "1/firstSequence", "2/epoch"].map((path) => `/params/batches/${path}`));
});

test("a batch of a million records is drawn in part", () => {
  const run = produce([batch(0, 1_000_000), batch(1_000_000, 1_000_000)]);
  assert.ok(ticketsOf(run.at(2)).length <= 60);
  assert.equal(run.result.logEndOffset, 2_000_000);
});

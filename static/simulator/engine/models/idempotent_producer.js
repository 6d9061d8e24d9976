/**
 * The batches of idempotent producers as they reach one partition: the broker takes each once and in order, because it
 * remembers the last five batches of every producer id. Follows ProducerStateEntry, ProducerAppendInfo and UnifiedLog of
 * Apache Kafka 4.
 */
import { scene } from "../idempotent_producer_scene.js";
import { identity, produce } from "../produced.js";
import { lastSequence, nextSequence, sequenceAfter } from "../producer_state.js";
import { countBefore } from "../records.js";

const producer = { name: "producerId", type: "integer", min: 0, max: Number.MAX_SAFE_INTEGER, label: { engineer: "producer id", manager: "sender" } };
const epoch = { name: "epoch", type: "integer", default: 0, min: 0, max: 32_767, label: { engineer: "epoch", manager: "holder of the post" } };
const sequence = { name: "firstSequence", type: "integer", min: 0, max: 2_147_483_647, label: { engineer: "first sequence", manager: "first number" } };
const count = { name: "count", type: "integer", default: 1, min: 1, max: 1_000_000, label: { engineer: "records", manager: "entries" } };
/** @param {number} firstSequence */
const batch = (firstSequence) => ({ producerId: 1, epoch: 0, firstSequence, count: 2 });

/**
 * Parameters: `batches` in the order in which they reach the broker. With `enableIdempotence` off the producer names neither
 * itself nor a sequence, and the broker appends whatever comes.
 *
 * Interventions: `lose-acknowledgement` loses the answer to the batch that came last, so that its producer sends it again;
 * `send` is one more batch. They come before the first batch that would make the log longer than `at`; at the end of the log
 * that was given, after all batches.
 *
 * The log that is given says what the records are: the first batch holds its first records, and a batch that is sent again
 * holds the same. `time` stands still.
 *
 * Result: `{ outcomes: [{status, baseOffset}], logEndOffset }`, an outcome for everything that reached the broker, in order.
 * `status` is `appended`, `duplicate` (acknowledged with the offset that the batch has already), `OUT_OF_ORDER_SEQUENCE_NUMBER`
 * or `INVALID_PRODUCER_EPOCH`; `baseOffset` is −1 where the batch was refused. Sequences count records, and 0 follows on
 * 2147483647, also within a batch.
 */
export const model = {
  id: "idempotent_producer",
  title: "Idempotent producer",
  log: "optional",
  params: [
    {
      name: "batches", type: "rows", maxItems: 200, default: [batch(0), batch(2), batch(2), batch(4)],
      columns: [producer, epoch, sequence, count], label: { engineer: "batches that reach the broker", manager: "what arrives at the journal" },
    },
    { name: "enableIdempotence", type: "boolean", default: true, kafka: "enable.idempotence", label: { engineer: "idempotent producer", manager: "senders number what they send" } },
  ],
  interventions: [
    { kind: "lose-acknowledgement", label: { engineer: "Lose the acknowledgement", manager: "Let the receipt get lost" }, params: [] },
    { kind: "send", label: { engineer: "Send one more batch", manager: "Send something more" }, params: [{ ...producer, default: 1 }, epoch, { ...sequence, default: 0 }, count] },
  ],
  prepare: (input) => ({ ...input, produced: produce(input) }),
  plan, start, step, copy: (state) => ({ ...state }), scene, result, checks,
};

function plan({ log, produced: { turns } }) {
  return {
    length: turns.length,
    // The record says how far the log has come, for what is to happen at this step.
    action: (i) => ({ turn: turns[i], isLast: i === turns.length - 1, record: log[Math.min(turns[i]?.end ?? 0, log.length) - 1] }),
  };
}

function start(input) {
  return { input, done: 0 };
}

function step(state, { turn }, quiet) {
  state.done++;
  if (quiet) return [];
  if (turn === null) return [{ code: "acknowledgement.none", refs: [], data: {} }];
  const { batch: { producerId, epoch: given, firstSequence, count: records }, baseOffset, status, expected, entry, isStored, isRetry } = turn;
  const last = lastSequence(turn.batch);
  const data = {
    producerId, epoch: given, current: entry?.epoch ?? null, first: firstSequence, last, records, base: baseOffset, end: baseOffset + records - 1, expected, isStored, isRetry,
    isNamed: state.input.params.enableIdempotence, next: entry ? nextSequence(entry) : null,
  };
  const refs = [`producer:${producerId}`, ...(baseOffset < 0 ? [] : [`batch:${producerId}:${baseOffset}`, ...recordRefs(state.input.log, turn)])];
  const facts = [{ code: codeOf(status, isStored), refs, data }];
  return turn.isLost ? [...facts, { code: "acknowledgement.lost", refs, data: { ...data, status } }] : facts;
}

function codeOf(status, isStored) {
  if (status === "appended") return isStored ? "batch.stored_twice" : "batch.appended";
  return { duplicate: "batch.duplicate", OUT_OF_ORDER_SEQUENCE_NUMBER: "batch.out_of_order", INVALID_PRODUCER_EPOCH: "batch.fenced" }[status];
}

/** Where the first records of a batch stand, and which ones of the given log they are: as many as anybody sees at once. */
function recordRefs(log, { batch: { count: records }, baseOffset, source }) {
  return Array.from({ length: Math.min(records, 40) }, (_, i) => i).flatMap((i) => {
    const stored = `stored:${baseOffset + i}`;
    return log.length === 0 ? [stored] : [stored, `record:${log[(source + i) % log.length].offset}`];
  });
}

function requests({ input, done }) {
  return input.produced.turns.slice(0, done).filter((turn) => turn !== null);
}

function result(state) {
  const sent = requests(state);
  return { outcomes: sent.map(({ status, baseOffset }) => ({ status, baseOffset })), logEndOffset: sent.at(-1)?.end ?? 0 };
}

function checks(state) {
  const { turns, appended } = state.input.produced;
  const written = countBefore(appended, (place) => place < state.done);
  const stored = new Set();
  const lasts = new Map();
  let twice = 0;
  let gaps = 0;
  for (const place of appended.slice(0, written)) {
    const { batch: one } = turns[place];
    const name = identity(one);
    if (stored.has(name)) twice++;
    stored.add(name);
    const line = `${one.producerId}/${one.epoch}`;
    if (lasts.has(line) && sequenceAfter(lasts.get(line), 1) !== one.firstSequence) gaps++;
    lasts.set(line, lastSequence(one));
  }
  const missing = new Set(requests(state).map((request) => identity(request.batch)).filter((name) => !stored.has(name)));
  return [
    { id: "stored-once", holds: twice === 0, detail: `${twice} of ${written} batches in the log are there already` },
    { id: "in-sequence", holds: gaps === 0, detail: `${gaps} batches do not follow on the one before` },
    { id: "all-stored", holds: missing.size === 0, detail: `${missing.size} batches were sent and are not in the log` },
  ];
}

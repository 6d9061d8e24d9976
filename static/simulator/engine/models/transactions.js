/**
 * Transactions on one partition: records are in the log at once, a marker says later whether they count, and `read_committed`
 * readers stop before the earliest transaction that is still open. Follows TransactionCoordinator, ProducerAppendInfo and
 * ProducerStateManager of Apache Kafka 4.
 */
import { countBefore } from "../records.js";
import { isCommitted, MOST_OFFSETS, transact } from "../transaction_log.js";
import { scene } from "../transactions_scene.js";

const OPERATIONS = [
  { value: "init", label: { engineer: "initTransactions", manager: "take up the post" } },
  { value: "begin", label: { engineer: "beginTransaction", manager: "open a bundle" } },
  { value: "send", label: { engineer: "send in the transaction", manager: "file in the bundle" } },
  { value: "plain", label: { engineer: "send without a transaction", manager: "file without a bundle" } },
  { value: "commit", label: { engineer: "commitTransaction", manager: "seal: it counts" } },
  { value: "abort", label: { engineer: "abortTransaction", manager: "seal: it is void" } },
];
const producer = { name: "producer", type: "string", nullable: true, default: null, label: { engineer: "transactional id", manager: "post" } };
const columns = [
  { name: "op", type: "choice", choices: OPERATIONS, label: { engineer: "operation", manager: "what is done" } },
  producer,
  { name: "records", type: "integer", default: 1, min: 1, max: 1000, label: { engineer: "records", manager: "entries" } },
  { name: "instance", type: "string", default: "a", label: { engineer: "instance", manager: "who holds it" } },
];
const story = [["init", "A"], ["begin", "A"], ["send", "A", 2], ["plain", "B", 2], ["commit", "A"]].map(([op, name, records = 1]) => ({ op, producer: name, records, instance: "a" }));

/**
 * Parameters: `operations` in their order. `producer` is the transactional id, which only `plain` can do without; `instance` is
 * the process that works under it: when another one initialises, the first is fenced. `records` counts for `send` and `plain` only.
 *
 * Interventions: `operation` is one operation more; `time-out` lets the coordinator abort the open transaction of a producer and
 * fence its instance. They come before the first operation that would make the log longer than `at`; at the end of the log that
 * was given, after all operations.
 *
 * The log that is given says what the records are, in order; where it is too short it begins again. After an
 * abort, a `send` of as many records sends those again. `time` stands still.
 *
 * Result: `{ log: [{offset, kind, producer, transactional}], outcomes: [{status}], highWatermark, lastStableOffset,
 * readCommitted: [offset…], readUncommitted: [offset…] }`. `kind` is `data`, or `commit` or `abort` for a marker, which is
 * transactional and given to no reader. `status` is `ok`, `INVALID_PRODUCER_EPOCH` (another instance, or a time-out, fenced this
 * one) or `INVALID_TXN_STATE` (nothing was initialised or begun, or something is open already, or there is no id), one for every operation, and for
 * every intervention `operation`, in their order. A transaction that wrote nothing gets no marker.
 */
export const model = {
  id: "transactions",
  title: "Transactions",
  log: "optional",
  params: [{ name: "operations", type: "rows", maxItems: 200, default: story, columns, label: { engineer: "operations", manager: "what is done, in order" } }],
  interventions: [
    { kind: "operation", label: { engineer: "Carry out one operation more", manager: "Let somebody do something more" }, params: columns.map((column) => ({ ...column, default: { op: "commit", producer: "A" }[column.name] ?? column.default })) },
    { kind: "time-out", label: { engineer: "Let a transaction time out", manager: "Let an open bundle run out of time" }, params: [{ ...producer, nullable: false, default: "A" }] },
  ],
  prepare, plan, start, step, copy: (state) => ({ ...state }), scene, result, checks,
};

function prepare(input) {
  const transacted = transact(input);
  if (transacted.leftOut > 0) {
    input.problems.push({ path: "/params/operations", message: `${transacted.leftOut} operations would make the log longer than ${MOST_OFFSETS} records: they are left out` });
  }
  return { ...input, transacted };
}

function plan({ log, transacted: { turns } }) {
  return {
    length: turns.length,
    // The record says how far the log has come, for what is to happen at this step.
    action: (i) => ({ turn: turns[i], record: log[Math.min(turns[i].end, log.length) - 1] }),
  };
}

function start(input) {
  return { input, done: 0 };
}

function step(state, { turn }, quiet) {
  const before = state.done === 0 ? 0 : state.input.transacted.turns[state.done - 1].stable;
  state.done++;
  if (quiet) return [];
  const { operation, status, reason, fenced, written, ended, epoch, holder, end, stable } = turn;
  const { op, producer: name, instance } = operation;
  const open = stable < end ? openTransaction(state, stable) : null;
  const data = {
    op, producer: name, instance, status, reason, fenced, epoch, holder, end, stable, before, blocker: open?.producer ?? null,
    base: written?.base ?? null, last: written ? written.base + written.count - 1 : null, records: ended?.records ?? written?.count ?? 0, first: ended?.first ?? null,
  };
  const refs = [`producer:${name}`, ...(written ? [`stored:${written.base}`, ...recordRefs(state.input.log, written)] : []), ...(stable === before ? [] : ["marker:stable"])];
  return [{ code: codeOf(turn), refs, data }];
}

function codeOf({ operation: { op }, status, ended, written }) {
  if (status !== "ok") return "transaction.refused";
  if (op === "init") return ended ? "transaction.taken_over" : "transaction.initialised";
  if (op === "begin") return "transaction.begun";
  if (op === "send") return "transaction.appended";
  if (op === "plain") return "plain.appended";
  if (op === "time-out") return ended ? "transaction.timed_out" : "transaction.none_open";
  if (written === null) return "transaction.ended_empty";
  return op === "commit" ? "transaction.committed" : "transaction.aborted";
}

/** The records of the given log that a turn wrote: as many as anybody sees at once. */
function recordRefs(log, { base, count, kind, source }) {
  if (kind !== "data") return [];
  return Array.from({ length: Math.min(count, 40) }, (_, i) => i).flatMap((i) => [`stored:${base + i}`, ...(log.length === 0 ? [] : [`record:${log[(source + i) % log.length].offset}`])]);
}

/** The transaction that begins at the last stable offset. */
function openTransaction({ input: { transacted: { written } } }, stable) {
  return written[countBefore(written, ({ base }) => base <= stable) - 1].transaction;
}

/** Where the log stands after the steps so far, and what was written until then. */
function standing({ input: { transacted }, done }) {
  const { end, stable } = done === 0 ? { end: 0, stable: 0 } : transacted.turns[done - 1];
  return { end, stable, written: transacted.written.slice(0, countBefore(transacted.written, ({ base }) => base < end)) };
}

function result(state) {
  const { end, stable, written } = standing(state);
  const log = [];
  const readCommitted = [];
  const readUncommitted = [];
  for (const entry of written) {
    const { base, count, kind, producer: name, transaction } = entry;
    for (let offset = base; offset < base + count; offset++) {
      log.push({ offset, kind, producer: name, transactional: transaction !== null });
      if (kind !== "data") continue;
      readUncommitted.push(offset);
      if (offset < stable && isCommitted(entry)) readCommitted.push(offset);
    }
  }
  const outcomes = state.input.transacted.turns.slice(0, state.done).filter(({ operation }) => operation.op !== "time-out").map(({ status }) => ({ status }));
  return { log, outcomes, highWatermark: end, lastStableOffset: stable, readCommitted, readUncommitted };
}

function checks(state) {
  const { end, stable, written } = standing(state);
  const { turns, byProducer } = state.input.transacted;
  /** @type {Map<any, { given: number, held: number }>} */
  const seen = new Map();
  let wrong = 0;
  for (const entry of written) {
    if (entry.kind !== "data" || entry.transaction === null) continue;
    const share = seen.get(entry.transaction) ?? { given: 0, held: 0 };
    const below = Math.max(0, Math.min(entry.count, stable - entry.base));
    const given = isCommitted(entry) ? below : 0;
    if (given > 0 && !(entry.transaction.outcome === "commit" && entry.transaction.decided < state.done)) wrong += given;
    share.given += given;
    share.held += entry.count - given;
    seen.set(entry.transaction, share);
  }
  const torn = [...seen.values()].filter(({ given, held }) => given > 0 && held > 0).length;
  const open = [...byProducer.values()].filter((places) => (turns[places[countBefore(places, (place) => place < state.done) - 1]]?.since ?? -1) >= 0).length;
  return [
    { id: "committed-only", holds: wrong === 0, detail: `read_committed is given ${wrong} records of transactions that are open or aborted` },
    { id: "all-or-nothing", holds: torn === 0, detail: `read_committed is given a part of ${torn} transactions` },
    { id: "none-open", holds: open === 0, detail: `${open} transactions have written something and are open` },
    { id: "nobody-waits", holds: stable === end, detail: `the last stable offset is ${stable}, the high watermark ${end}` },
  ];
}

/**
 * Transactional producers, their coordinator and one partition, for the model `transactions`: who may do what, what that writes,
 * and up to where it is stable. TransactionCoordinator, ProducerAppendInfo and ProducerStateManager of Apache Kafka 4.
 *
 * @typedef {{ op: "init" | "begin" | "send" | "plain" | "commit" | "abort" | "time-out", producer: string | null, records: number, instance: string }} Operation
 * @typedef {object} Transaction
 * @property {string | null} producer
 * @property {string} instance
 * @property {number} first offset of its first record, −1 as long as there is none
 * @property {number} records
 * @property {"commit" | "abort" | null} outcome in the end
 * @property {number} decided the turn that ended it, Infinity as long as none has
 * @typedef {object} Written what one turn wrote to the log
 * @property {number} base
 * @property {number} count
 * @property {"data" | "commit" | "abort"} kind
 * @property {string | null} producer null: one without a transactional id
 * @property {Transaction | null} transaction
 * @property {number} source the place of its first record in the log of the input
 * @typedef {object} Turn
 * @property {Operation} operation
 * @property {"ok" | "INVALID_PRODUCER_EPOCH" | "INVALID_TXN_STATE"} status
 * @property {string | null} reason of a refusal
 * @property {string | null} fenced the instance that this turn fenced
 * @property {Written | null} written
 * @property {Transaction | null} ended
 * @property {number} epoch
 * @property {string | null} holder the instance that may write in the producer's name afterwards
 * @property {number | null} since the first offset of its open transaction (−1: nothing sent yet); null: none is open
 * @property {number} end the log's end offset afterwards
 * @property {number} stable the last stable offset afterwards
 */

/** The most offsets that operations fill. */
export const MOST_OFFSETS = 100_000;

/** One transactional id, as the coordinator knows it. */
class Producer {
  constructor() {
    this.epoch = -1;
    /** @type {string | null} */
    this.holder = null;
    /** @type {Set<string>} instances that ever were the holder */
    this.known = new Set();
    /** @type {Transaction | null} */
    this.open = null;
    /** @type {Written[]} what its open transaction wrote */
    this.sent = [];
    /** @type {Written[]} what its aborted ones wrote, to be sent again */
    this.again = [];
  }
}

/**
 * @param {Producer | undefined} producer
 * @param {Operation} operation
 * @returns {{ status: Turn["status"], reason: string | null, adds: number }} `adds`: how many offsets it takes
 */
function judge(producer, { op, producer: name, instance, records }) {
  const ok = (adds = 0) => /** @type {const} */ ({ status: "ok", reason: null, adds });
  const marker = producer?.open && producer.open.first >= 0 ? 1 : 0;
  if (op === "plain") return ok(records);
  if (name === null) return { status: "INVALID_TXN_STATE", reason: "no-id", adds: 0 };
  if (op === "init" || op === "time-out") return ok(marker);
  if (!producer?.known.has(instance)) return { status: "INVALID_TXN_STATE", reason: "no-init", adds: 0 };
  if (producer.holder !== instance) return { status: "INVALID_PRODUCER_EPOCH", reason: "fenced", adds: 0 };
  if (op === "begin") return producer.open ? { status: "INVALID_TXN_STATE", reason: "open", adds: 0 } : ok();
  if (!producer.open) return { status: "INVALID_TXN_STATE", reason: "no-begin", adds: 0 };
  return ok(op === "send" ? records : marker);
}

/**
 * @param {{ log: readonly any[], params: { operations: readonly Operation[] }, interventions: readonly any[] }} input
 * @returns {{ turns: Turn[], written: Written[], byProducer: Map<string | null, number[]>, leftOut: number }} `byProducer`: the turns
 *   of each producer, as places in `turns`; `leftOut`: operations for which there was no room
 */
export function transact({ log, params, interventions }) {
  /** @type {Map<string | null, Producer>} */
  const producers = new Map();
  /** @type {Turn[]} */
  const turns = [];
  /** @type {Written[]} */
  const written = [];
  /** @type {Map<string | null, number[]>} */
  const byProducer = new Map();
  /** @type {Transaction[]} transactions in the order of their first offsets, from the earliest open one on */
  const begun = [];
  let earliest = 0;
  let end = 0;
  let source = 0;
  let leftOut = 0;

  /** @param {Omit<Written, "base">} what @returns {Written} */
  function write(what) {
    const entry = { base: end, ...what };
    written.push(entry);
    end += what.count;
    return entry;
  }

  /** @param {Producer} producer @param {"commit" | "abort"} outcome @returns {Written | null} the marker; a transaction that wrote nothing gets none */
  function finish(producer, outcome) {
    const { open, sent } = producer;
    if (!open) return null;
    Object.assign(producer, { sent: [], again: outcome === "abort" ? [...sent, ...producer.again] : producer.again });
    Object.assign(open, { outcome, decided: turns.length });
    return open.first < 0 ? null : write({ count: 1, kind: outcome, producer: open.producer, transaction: open, source: -1 });
  }

  /** @param {Producer} producer @param {Operation} operation @returns {Partial<Turn>} */
  function carryOut(producer, { op, producer: name, instance, records }) {
    const ended = op === "begin" || op === "send" || op === "plain" ? null : producer.open;
    // Before its first record the coordinator knows of no transaction that could take too long.
    if (op === "time-out" && !(ended && ended.first >= 0)) return {};
    if (op === "begin") producer.open = { producer: name, instance, first: -1, records: 0, outcome: null, decided: Infinity };
    if (op === "plain" || op === "send") {
      const transaction = op === "send" ? producer.open : null;
      if (transaction) {
        if (transaction.first < 0) begun.push(Object.assign(transaction, { first: end }));
        transaction.records += records;
      }
      const again = transaction && producer.again[0]?.count === records ? producer.again.shift() : undefined;
      const entry = write({ count: records, kind: "data", producer: name, transaction, source: again?.source ?? source });
      if (!again) source += records;
      if (transaction) producer.sent.push(entry);
      return { written: entry };
    }
    if (op === "begin") return {};
    const marker = finish(producer, op === "commit" ? "commit" : "abort");
    producer.open = null;
    if (op === "init") {
      const fenced = producer.holder !== instance ? producer.holder : null;
      Object.assign(producer, { epoch: producer.epoch + 1, holder: instance });
      producer.known.add(instance);
      return { ended, written: marker, fenced };
    }
    if (op === "time-out") Object.assign(producer, { epoch: producer.epoch + 1, holder: null });
    return { ended, written: marker, fenced: op === "time-out" ? (ended?.instance ?? null) : null };
  }

  /** @param {Operation} operation */
  function take(operation) {
    const name = operation.producer;
    // Plain records need no coordinator, which learns of a producer when it initialises.
    const producer = producers.get(name) ?? new Producer();
    const { status, reason, adds } = judge(producer, operation);
    if (end + adds > MOST_OFFSETS) return void leftOut++;
    if (operation.op === "init") producers.set(name, producer);
    const done = status === "ok" ? carryOut(producer, operation) : {};
    while (earliest < begun.length && begun[earliest].outcome !== null) earliest++;
    if (!byProducer.has(name)) byProducer.set(name, []);
    byProducer.get(name)?.push(turns.length);
    turns.push({
      operation, status, reason, fenced: null, written: null, ended: null, ...done,
      epoch: producer.epoch, holder: producer.holder, since: producer.open?.first ?? null, end, stable: begun[earliest]?.first ?? end,
    });
  }

  let next = 0;
  for (const operation of params.operations) {
    // What happens at so many records happens before the first operation that would make them more.
    while (next < interventions.length && interventions[next].at < log.length && exceeds(operation, interventions[next].at)) take(operationOf(interventions[next++]));
    take(operation);
  }
  for (const intervention of interventions.slice(next)) take(operationOf(intervention));
  return { turns, written, byProducer, leftOut };

  /** @param {Operation} operation @param {number} at */
  function exceeds(operation, at) {
    const { adds } = judge(producers.get(operation.producer), operation);
    return adds > 0 && end + adds > at;
  }
}

/** @param {any} intervention @returns {Operation} */
function operationOf({ kind, op, producer, records, instance }) {
  return kind === "time-out" ? { op: "time-out", producer, records: 0, instance: "" } : { op, producer, records, instance };
}

/**
 * Whether a `read_committed` reader is given what was written, after so many turns and with this last stable offset: none that
 * was aborted, and what a transaction wrote only below it, where all are decided.
 * @param {Written} entry
 * @returns {boolean}
 */
export const isCommitted = ({ kind, transaction }) => kind === "data" && transaction?.outcome !== "abort";

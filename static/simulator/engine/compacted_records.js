/**
 * What a compacted partition holds before any cleaning: the records that it takes, in their order, and between them the
 * markers that end the transactions of their producers.
 */
import { sizeOf } from "./records.js";
import { offsetGiver } from "./segments.js";

/** @typedef {import("./records.js").LogRecord} LogRecord */
/** @typedef {LogRecord & { marker?: "commit" | "abort" }} Entry a record, or a marker, which has no key */
/**
 * @typedef {object} Turn what happens after `slot` records of the input
 * @property {"pass" | "read" | "begin" | "plain" | "commit" | "abort"} kind
 * @property {number} slot
 * @property {number} time
 * @property {string} [producer]
 * @property {number} [size] of a marker
 */
/**
 * @typedef {object} Transaction one that wrote something
 * @property {string} producer
 * @property {number} first its first entry
 * @property {number} records
 * @property {"commit" | "abort" | null} outcome in the end
 * @property {number} marker the entry that ended it, or −1
 */
/**
 * @typedef {object} Deed what a producer's turn came to
 * @property {"begun" | "resumed" | "plain" | "ended" | "empty" | "refused"} what
 * @property {number} marker an entry, or −1
 */
/**
 * @typedef {object} Accepted
 * @property {readonly Entry[]} records in order: the entries
 * @property {readonly number[]} offsets of the entries
 * @property {Float64Array} bytes before each entry, and of all
 * @property {Int32Array} memberOf the place of each entry's transaction, or −1
 * @property {readonly Transaction[]} transactions in the order of their first entries
 * @property {Int32Array} stable for each number of entries, the first entry of the earliest transaction that is open then, or that number
 * @property {readonly number[]} refused indexes into the input
 * @property {readonly number[]} counts entries in the log before each turn
 * @property {readonly Deed[]} deeds of each turn
 * @property {Map<string, number[]>} byKey the entries of each key, without those of aborted transactions
 * @property {readonly string[]} keys in the order in which they came
 * @property {readonly number[]} firsts the first entry of each of them
 */

/** @type {Readonly<Deed>} */
const NONE = Object.freeze({ what: "plain", marker: -1 });

/**
 * The records that the log takes: an unkeyed one is refused, for the cleaner could never tell what it supersedes
 * (LogValidator: "Compacted topic cannot accept message without key").
 * @param {readonly LogRecord[]} log
 * @param {readonly Turn[]} turns
 * @returns {Accepted}
 */
export function accept(log, turns) {
  const offsetOf = offsetGiver(log);
  /** @type {Entry[]} */
  const records = [];
  /** @type {number[]} */
  const offsets = [];
  /** @type {number[]} */
  const refused = [];
  /** @type {number[]} */
  const counts = [];
  /** @type {Deed[]} */
  const deeds = [];
  /** @type {Transaction[]} */
  const transactions = [];
  /** @type {Map<string, number>} the place of each producer's open transaction, −1 as long as it wrote nothing */
  const open = new Map();
  const bytes = new Float64Array(log.length + turns.length + 1);
  const memberOf = new Int32Array(log.length + turns.length).fill(-1);
  /** @type {string | null} */
  let writer = null;

  /** @param {Entry} record @param {number} member */
  function append(record, member) {
    const entry = records.length;
    bytes[entry + 1] = bytes[entry] + sizeOf(record);
    memberOf[entry] = member;
    offsets.push(offsetOf(record.marker === undefined ? record : null));
    records.push(record);
  }

  /** @param {Turn} turn @returns {Deed} */
  function carryOut({ kind, producer = "", time, size }) {
    if (kind === "plain") writer = null;
    if (kind === "begin") {
      writer = producer;
      if (open.has(producer)) return { what: "resumed", marker: -1 };
      open.set(producer, -1);
      return { what: "begun", marker: -1 };
    }
    if (kind !== "commit" && kind !== "abort") return NONE;
    const member = open.get(producer);
    if (member === undefined) return { what: "refused", marker: -1 };
    open.delete(producer);
    if (writer === producer) writer = null;
    if (member < 0) return { what: "empty", marker: -1 };
    Object.assign(transactions[member], { outcome: kind, marker: records.length });
    append({ offset: -1, time, key: null, type: `${kind} marker`, value: producer, size, marker: kind }, member);
    return { what: "ended", marker: records.length - 1 };
  }

  /** @param {LogRecord} record */
  function write(record) {
    let member = -1;
    if (writer !== null) {
      member = open.get(writer) ?? -1;
      if (member < 0) {
        member = transactions.length;
        open.set(writer, member);
        transactions.push({ producer: writer, first: records.length, records: 0, outcome: null, marker: -1 });
      }
      transactions[member].records++;
    }
    append(record, member);
  }

  for (let i = 0; i <= log.length; i++) {
    while (deeds.length < turns.length && turns[deeds.length].slot <= i) {
      counts.push(records.length);
      deeds.push(carryOut(turns[deeds.length]));
    }
    if (i === log.length) break;
    if (log[i].key === null) refused.push(i);
    else write(log[i]);
  }
  const stable = stableEntries(records.length, transactions);
  const accepted = { records, offsets, bytes, memberOf, transactions, stable, refused, counts, deeds };
  return { ...accepted, ...sortByKey(accepted) };
}

/** @param {{ records: readonly Entry[], memberOf: Int32Array, transactions: readonly Transaction[] }} accepted */
function sortByKey({ records, memberOf, transactions }) {
  /** @type {Map<string, number[]>} */
  const byKey = new Map();
  /** @type {string[]} */
  const keys = [];
  /** @type {number[]} */
  const firsts = [];
  records.forEach(({ key }, entry) => {
    if (key === null || (memberOf[entry] >= 0 && transactions[memberOf[entry]].outcome === "abort")) return;
    const entries = byKey.get(key);
    if (entries === undefined) {
      byKey.set(key, [entry]);
      keys.push(key);
      firsts.push(entry);
    } else entries.push(entry);
  });
  return { byKey, keys, firsts };
}

/** @param {number} length @param {readonly Transaction[]} transactions */
function stableEntries(length, transactions) {
  const stable = new Int32Array(length + 1);
  let earliest = 0;
  for (let count = 0; count <= length; count++) {
    while (earliest < transactions.length && transactions[earliest].marker >= 0 && transactions[earliest].marker < count) earliest++;
    stable[count] = Math.min(count, transactions[earliest]?.first ?? count);
  }
  return stable;
}

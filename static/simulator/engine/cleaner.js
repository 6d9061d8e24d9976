/**
 * A compacted partition: the records and markers that it takes, and what Kafka's log cleaner removes of them, pass by pass, and why.
 *
 * Follows LogCleanerManager#cleanableOffsets and #grabFilthiestCompactedLog (what is cleanable, and whether a pass runs),
 * Cleaner#buildOffsetMap and #shouldRetainRecord (what survives), CleanedTransactionMetadata (what of a transaction) and
 * MemoryRecords#filterTo (the horizon of a tombstone or marker), read in the 4.0 line.
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
/**
 * @typedef {object} Change what a pass does to one entry
 * @property {"drop" | "abort" | "stamp" | "expire"} kind `drop`: superseded; `abort`: of an aborted transaction
 * @property {number} entry
 * @property {number} by the entry that supersedes a dropped one, else −1
 * @property {number} horizon of a tombstone or marker, else 0
 * @property {number} freed bytes that the pass has freed so far
 */
/**
 * @typedef {object} Pass
 * @property {number} at
 * @property {boolean} ran
 * @property {"dirty" | "overdue" | "nothing" | "clean-enough"} reason
 * @property {number} dirtyRatio
 * @property {number} count entries in the log
 * @property {number} from the first dirty entry
 * @property {number} to the end of what is cleanable, exclusive
 * @property {number} end the first dirty entry afterwards
 * @property {readonly Change[]} changes in the order of the log
 */
/**
 * @typedef {object} Passed
 * @property {Int32Array} removedIn the number of the pass that removes an entry, or −1
 * @property {readonly Pass[]} passes
 * @property {readonly number[]} freedBefore bytes freed before each pass, and by all
 */
/** @typedef {Accepted & Passed} Cleaning */

/** @type {Readonly<Deed>} */
const NONE = Object.freeze({ what: "plain", marker: -1 });

/**
 * Runs the cleaner over a log.
 * @param {readonly LogRecord[]} log
 * @param {any} params of the model `compaction`
 * @param {readonly Turn[]} turns in order
 * @returns {Cleaning}
 */
export function clean(log, params, turns) {
  const accepted = accept(log, turns);
  const cleaner = createCleaner(accepted, params);
  const freedBefore = [0];
  /** @type {Pass[]} */
  const passes = [];
  turns.forEach((turn, i) => {
    if (turn.kind !== "pass") return;
    const pass = cleaner.pass(turn.time, accepted.counts[i], passes.length);
    passes.push(pass);
    freedBefore.push(freedBefore[freedBefore.length - 1] + (pass.changes.at(-1)?.freed ?? 0));
  });
  return { ...accepted, removedIn: cleaner.removedIn, passes, freedBefore };
}

/**
 * The records that the log takes: an unkeyed one is refused, for the cleaner could never tell what it supersedes
 * (LogValidator: "Compacted topic cannot accept message without key").
 * @param {readonly LogRecord[]} log
 * @param {readonly Turn[]} turns
 * @returns {Accepted}
 */
function accept(log, turns) {
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

/**
 * @param {Accepted} accepted
 * @param {any} params
 */
function createCleaner(accepted, params) {
  const { records, bytes, memberOf, transactions, stable } = accepted;
  const { segmentRecords, minCleanableDirtyRatio, deleteRetentionMs, minCompactionLagMs, maxCompactionLagMs, offsetMapKeys } = params;
  const removedIn = new Int32Array(records.length).fill(-1);
  /** @type {Map<string, number>} the only survivor of each key before the first dirty entry */
  const latest = new Map();
  /** @type {Map<number, number>} the horizons of the tombstones in the segments that a pass has copied */
  const horizons = new Map();
  /** @type {Map<number, number>} those of the markers of which nothing else was left */
  const markerHorizons = new Map();
  /** Batches that a pass finds of each transaction. */
  const batches = transactions.map(({ records: count }) => count);
  const markers = transactions.map(({ marker }) => marker).filter((marker) => marker >= 0).sort((a, b) => a - b);
  /** @type {Set<number>} entries whose record is gone, and whose batch is still there because it was the last of its round */
  const emptied = new Set();
  let dirty = 0;
  let freed = 0;

  /** @param {number} entry */
  const baseOf = (entry) => entry - (entry % segmentRecords);

  /** @param {number} entry */
  const isAborted = (entry) => memberOf[entry] >= 0 && records[entry].key !== null && transactions[memberOf[entry]].outcome === "abort";

  /** The times of what is left of a segment, −1 where nothing is. @param {number} base @param {number} end */
  function timesOf(base, end) {
    let first = -1;
    let largest = -1;
    for (let i = base; i < end; i++) {
      if (removedIn[i] >= 0) continue;
      if (first < 0) first = records[i].time;
      if (records[i].time > largest) largest = records[i].time;
    }
    return { first, largest };
  }

  /** Where the cleanable part ends, and whether a record waits longer than the maximum lag. @param {number} now @param {number} active @param {number} reach */
  function survey(now, active, reach) {
    let end = reach;
    let overdue = false;
    const isLagged = minCompactionLagMs > 0;
    if (!isLagged && maxCompactionLagMs === null) return { end: Math.max(dirty, end), overdue };
    for (let base = baseOf(dirty); base < active; base += segmentRecords) {
      const { first, largest } = timesOf(base, Math.min(base + segmentRecords, active));
      if (isLagged && base < end && largest > now - minCompactionLagMs) end = base;
      if (maxCompactionLagMs !== null && first > 0 && first < now - maxCompactionLagMs) overdue = true;
    }
    return { end: Math.max(dirty, end), overdue };
  }

  /** Bytes of the segments before the first dirty entry and of those from it to the end; a segment in which the border falls counts for both. @param {number} end */
  function sizes(end) {
    const base = baseOf(dirty);
    const next = dirty === base ? base : base + segmentRecords;
    const cleanBytes = bytes[next] - freed;
    let cleanable = end > dirty ? bytes[end] - bytes[next] : 0;
    if (end > dirty) for (let i = base; i < next; i++) if (removedIn[i] < 0) cleanable += bytes[i + 1] - bytes[i];
    return { cleanBytes, cleanable };
  }

  /** The entries that a pass drops for later ones, and where its map ends. @param {number} end */
  function mapKeys(end) {
    const capacity = offsetMapKeys ?? Infinity;
    const mapped = new Set();
    const dropped = [];
    let entry = dirty;
    for (; entry < end; entry++) {
      if (records[entry].key === null || isAborted(entry)) continue;
      const key = /** @type {string} */ (records[entry].key);
      if (mapped.size >= capacity) break;
      mapped.add(key);
      const before = latest.get(key);
      if (before !== undefined) dropped.push(before);
      latest.set(key, entry);
    }
    return { dropped, mappedTo: entry };
  }

  /**
   * What becomes of the markers in the part that is copied. A pass that finds a batch of the transaction keeps its marker, also
   * where it removes that batch itself; the first that finds none sets the marker's horizon.
   * @param {number} now @param {number} copied @param {number} number
   * @returns {Change[]}
   */
  function judgeMarkers(now, copied, number) {
    /** @type {Change[]} */
    const changes = [];
    for (const marker of markers) {
      if (marker >= copied) break;
      if (removedIn[marker] >= 0 || batches[memberOf[marker]] > 0) continue;
      const horizon = markerHorizons.get(marker);
      if (horizon === undefined) {
        markerHorizons.set(marker, now + deleteRetentionMs);
        changes.push({ kind: "stamp", entry: marker, by: -1, horizon: now + deleteRetentionMs, freed: 0 });
      } else if (now >= horizon) {
        removedIn[marker] = number;
        changes.push({ kind: "expire", entry: marker, by: -1, horizon, freed: 0 });
      }
    }
    return changes;
  }

  /** Counts the batches that are gone now. The last batch of a round stays, emptied, until the next. @param {readonly Change[]} changes @param {number} end */
  function countBatches(changes, end) {
    const gone = [...emptied].filter((entry) => entry !== end - 1);
    for (const { kind, entry } of changes) {
      if (kind === "stamp" || memberOf[entry] < 0 || records[entry].key === null) continue;
      if (entry === end - 1) emptied.add(entry);
      else gone.push(entry);
    }
    for (const entry of gone) {
      emptied.delete(entry);
      batches[memberOf[entry]]--;
    }
  }

  /**
   * One pass: it maps the dirty part and then looks at the log from its start. Before the first dirty entry each key has
   * one survivor at most, so only what the map names there can go.
   * @param {number} now
   * @param {number} end
   * @param {number} number
   */
  function run(now, end, number) {
    const { dropped, mappedTo } = mapKeys(end);
    // A segment is recopied as a whole, beyond the end of a full map too.
    const copied = mappedTo === baseOf(mappedTo) ? mappedTo : Math.min(end, baseOf(mappedTo) + segmentRecords);
    const changes = judgeMarkers(now, copied, number);
    for (const old of dropped) {
      removedIn[old] = number;
      horizons.delete(old);
      changes.push({ kind: "drop", entry: old, by: /** @type {number} */ (latest.get(/** @type {string} */ (records[old].key))), horizon: 0, freed: 0 });
    }
    for (const [tombstone, horizon] of horizons) {
      if (tombstone >= mappedTo || now < horizon) continue;
      removedIn[tombstone] = number;
      horizons.delete(tombstone);
      latest.delete(/** @type {string} */ (records[tombstone].key));
      changes.push({ kind: "expire", entry: tombstone, by: -1, horizon, freed: 0 });
    }
    for (let i = dirty; i < copied; i++) {
      if (removedIn[i] >= 0) continue;
      if (isAborted(i)) {
        removedIn[i] = number;
        changes.push({ kind: "abort", entry: i, by: -1, horizon: 0, freed: 0 });
      } else if (records[i].value === null && !horizons.has(i)) {
        horizons.set(i, now + deleteRetentionMs);
        changes.push({ kind: "stamp", entry: i, by: -1, horizon: now + deleteRetentionMs, freed: 0 });
      }
    }
    changes.sort((a, b) => a.entry - b.entry);
    countBatches(changes, end);
    const before = freed;
    for (const change of changes) {
      if (change.kind !== "stamp") freed += bytes[change.entry + 1] - bytes[change.entry];
      change.freed = freed - before;
    }
    dirty = mappedTo;
    return changes;
  }

  return {
    removedIn,
    /** @param {number} now @param {number} count entries in the log @param {number} number @returns {Pass} */
    pass(now, count, number) {
      const from = dirty;
      const active = count === 0 ? 0 : baseOf(count - 1);
      // The last stable offset is rounded down to a segment.
      const { end, overdue } = survey(now, active, Math.min(active, baseOf(stable[count])));
      const { cleanBytes, cleanable } = sizes(end);
      const dirtyRatio = cleanable === 0 ? 0 : cleanable / (cleanBytes + cleanable);
      const isOverdue = overdue && cleanable > 0;
      const ran = isOverdue || dirtyRatio > minCleanableDirtyRatio;
      const reason = !ran ? (end <= from ? "nothing" : "clean-enough") : dirtyRatio > minCleanableDirtyRatio ? "dirty" : "overdue";
      const changes = ran ? run(now, end, number) : [];
      return { at: now, ran, reason, dirtyRatio, count, from, to: end, end: dirty, changes };
    },
  };
}

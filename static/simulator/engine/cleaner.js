/**
 * Kafka's log cleaner on one partition: which passes run, what each removes, and why.
 *
 * Follows LogCleanerManager#cleanableOffsets and #grabFilthiestCompactedLog (what is cleanable, and whether a pass runs),
 * Cleaner#buildOffsetMap and #shouldRetainRecord (what survives) and MemoryRecords#filterTo (the horizon of a tombstone),
 * read in the 4.0 line.
 */
import { sizeOf } from "./records.js";
import { offsetGiver } from "./segments.js";

/** @typedef {import("./records.js").LogRecord} LogRecord */
/** @typedef {{ kind: "pass" | "read", slot: number, time: number }} Turn a pass of the cleaner or of the slow reader, after `slot` records of the input */
/**
 * @typedef {object} Change what a pass does to one entry
 * @property {"drop" | "stamp" | "expire"} kind
 * @property {number} entry
 * @property {number} by the entry that supersedes a dropped one, else −1
 * @property {number} horizon of a tombstone, else 0
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
 * @typedef {object} Cleaning
 * @property {readonly LogRecord[]} records the accepted ones, in order: the entries
 * @property {readonly number[]} offsets of the entries
 * @property {Float64Array} bytes before each entry, and of all
 * @property {Int32Array} removedIn the number of the pass that removes an entry, or −1
 * @property {readonly number[]} refused indexes into the input
 * @property {readonly Pass[]} passes
 * @property {readonly number[]} freedBefore bytes freed before each pass, and by all
 * @property {Map<string, number[]>} byKey the entries of each key
 * @property {readonly string[]} keys in the order in which they came
 * @property {readonly number[]} firsts the first entry of each of them
 */

/**
 * Runs the cleaner over a log.
 * @param {readonly LogRecord[]} log
 * @param {any} params of the model `compaction`
 * @param {readonly Turn[]} turns in order
 * @returns {Cleaning}
 */
export function clean(log, params, turns) {
  const { counts, ...accepted } = accept(log, turns);
  const cleaner = createCleaner(accepted.records, accepted.bytes, params);
  const freedBefore = [0];
  /** @type {Pass[]} */
  const passes = [];
  turns.forEach((turn, i) => {
    if (turn.kind !== "pass") return;
    const pass = cleaner.pass(turn.time, counts[i], passes.length);
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
 */
function accept(log, turns) {
  const offsetOf = offsetGiver(log);
  /** @type {LogRecord[]} */
  const records = [];
  /** @type {number[]} */
  const offsets = [];
  /** @type {number[]} */
  const refused = [];
  /** @type {number[]} how many entries there are at each turn */
  const counts = [];
  /** @type {Map<string, number[]>} */
  const byKey = new Map();
  /** @type {string[]} */
  const keys = [];
  /** @type {number[]} */
  const firsts = [];
  const bytes = new Float64Array(log.length + 1);
  for (let i = 0; i <= log.length; i++) {
    while (counts.length < turns.length && turns[counts.length].slot <= i) counts.push(records.length);
    if (i === log.length) break;
    const record = log[i];
    if (record.key === null) {
      refused.push(i);
      continue;
    }
    const entries = byKey.get(record.key);
    if (entries === undefined) {
      byKey.set(record.key, [records.length]);
      keys.push(record.key);
      firsts.push(records.length);
    } else entries.push(records.length);
    bytes[records.length + 1] = bytes[records.length] + sizeOf(record);
    offsets.push(offsetOf(record));
    records.push(record);
  }
  return { records, offsets, bytes, refused, byKey, keys, firsts, counts };
}

/**
 * @param {readonly LogRecord[]} records
 * @param {Float64Array} bytes
 * @param {any} params
 */
function createCleaner(records, bytes, params) {
  const { segmentRecords, minCleanableDirtyRatio, deleteRetentionMs, minCompactionLagMs, maxCompactionLagMs, offsetMapKeys } = params;
  const removedIn = new Int32Array(records.length).fill(-1);
  /** @type {Map<string, number>} the only survivor of each key before the first dirty entry */
  const latest = new Map();
  /** @type {Map<number, number>} the horizons of the tombstones in the segments that a pass has copied */
  const horizons = new Map();
  let dirty = 0;
  let freed = 0;

  /** @param {number} entry */
  const baseOf = (entry) => entry - (entry % segmentRecords);

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

  /** Where the cleanable part ends, and whether a record waits longer than the maximum lag. @param {number} now @param {number} active */
  function survey(now, active) {
    let end = active;
    let overdue = false;
    const isLagged = minCompactionLagMs > 0;
    if (!isLagged && maxCompactionLagMs === null) return { end, overdue };
    for (let base = baseOf(dirty); base < active; base += segmentRecords) {
      const { first, largest } = timesOf(base, Math.min(base + segmentRecords, active));
      if (isLagged && end === active && largest > now - minCompactionLagMs) end = base;
      if (maxCompactionLagMs !== null && first > 0 && first < now - maxCompactionLagMs) overdue = true;
    }
    return { end: Math.max(dirty, end), overdue };
  }

  /** Bytes of the segments before the first dirty entry and of those from it to the end; a segment in which the border falls counts for both. @param {number} end */
  function sizes(end) {
    const base = baseOf(dirty);
    const next = dirty === base ? base : base + segmentRecords;
    const cleanBytes = bytes[next] - freed;
    let cleanable = Math.max(0, bytes[end] - bytes[dirty]);
    if (end > dirty) for (let i = base; i < dirty; i++) if (removedIn[i] < 0) cleanable += bytes[i + 1] - bytes[i];
    return { cleanBytes, cleanable };
  }

  /**
   * One pass: it maps the dirty part and then looks at the log from its start. Before the first dirty entry each key has
   * one survivor at most, so only what the map names there can go.
   * @param {number} now
   * @param {number} end
   * @param {number} number
   */
  function run(now, end, number) {
    /** @type {Change[]} */
    const changes = [];
    const dropped = [];
    const capacity = offsetMapKeys ?? Infinity;
    const mapped = new Set();
    let entry = dirty;
    for (; entry < end; entry++) {
      const key = /** @type {string} */ (records[entry].key);
      if (mapped.size >= capacity) break;
      mapped.add(key);
      const before = latest.get(key);
      if (before !== undefined) dropped.push(before);
      latest.set(key, entry);
    }
    for (const old of dropped) {
      removedIn[old] = number;
      horizons.delete(old);
      changes.push({ kind: "drop", entry: old, by: /** @type {number} */ (latest.get(/** @type {string} */ (records[old].key))), horizon: 0, freed: 0 });
    }
    for (const [tombstone, horizon] of horizons) {
      if (tombstone >= entry || now < horizon) continue;
      removedIn[tombstone] = number;
      horizons.delete(tombstone);
      latest.delete(/** @type {string} */ (records[tombstone].key));
      changes.push({ kind: "expire", entry: tombstone, by: -1, horizon, freed: 0 });
    }
    // A segment is recopied as a whole, beyond the end of a full map too.
    const copied = entry === baseOf(entry) ? entry : Math.min(end, baseOf(entry) + segmentRecords);
    for (let i = dirty; i < copied; i++) {
      if (records[i].value !== null || removedIn[i] >= 0 || horizons.has(i)) continue;
      horizons.set(i, now + deleteRetentionMs);
      changes.push({ kind: "stamp", entry: i, by: -1, horizon: now + deleteRetentionMs, freed: 0 });
    }
    changes.sort((a, b) => a.entry - b.entry);
    const before = freed;
    for (const change of changes) {
      if (change.kind !== "stamp") freed += bytes[change.entry + 1] - bytes[change.entry];
      change.freed = freed - before;
    }
    dirty = entry;
    return changes;
  }

  return {
    removedIn,
    /** @param {number} now @param {number} count entries in the log @param {number} number @returns {Pass} */
    pass(now, count, number) {
      const from = dirty;
      const { end, overdue } = survey(now, count === 0 ? 0 : baseOf(count - 1));
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

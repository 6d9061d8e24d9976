/**
 * Kafka's segments and retention on one partition: when a segment is rolled, which ones a pass deletes, and what stops it.
 *
 * Follows LogSegment#shouldRoll, UnifiedLog#deleteOldSegments, #deletableSegments and #deleteSegments, read in the 4.0 line.
 */
import { sizeOf } from "./records.js";
import { offsetGiver } from "./segments.js";

/** @typedef {import("./records.js").LogRecord} LogRecord */
/**
 * @typedef {object} Turn what happens after `slot` records of the input
 * @property {"pass" | "append" | "delete-records"} kind
 * @property {number} slot
 * @property {number} time the clock of a pass; the time of an appended record
 * @property {number} size
 * @property {string | null} key
 * @property {number} offset
 */
/** @typedef {{ base: number, first: number, why: "start" | "size" | "time" | "expired" }} Segment `first`: its first entry; `why` it was rolled */
/** @typedef {{ kind: "roll" | "delete", segment: number, reason: "start-offset" | "size" | "time" | "expired" }} Change */
/**
 * @typedef {object} Pass
 * @property {number} now
 * @property {number} highWatermark
 * @property {readonly Change[]} changes
 * @property {"high-watermark" | "policy" | "no-limit" | "size" | "young" | "future" | "alone"} kept why the oldest segment that is left was not deleted
 * @property {number} head that segment
 * @property {number} pin the entry with its largest time, or −1
 */
/** @typedef {{ from: number, to: number, isAllowed: boolean }} Cut a raised start of the log, or an attempt beyond the high watermark */
/**
 * @typedef {object} Retained
 * @property {readonly { record: LogRecord, offset: number }[]} entries
 * @property {Float64Array} bytes before each entry, and of all
 * @property {Int32Array} latest the entry with the largest time of its segment so far
 * @property {readonly number[]} refused places among the appends of records too large for a segment
 * @property {readonly Segment[]} segments every one there ever was
 * @property {readonly Pass[]} passes
 * @property {readonly Cut[]} cuts
 */

/**
 * Appends a log record by record and carries out the turns between them.
 * @param {readonly LogRecord[]} log
 * @param {any} params of the model `retention`
 * @param {readonly Turn[]} turns in order
 * @returns {Retained}
 */
export function retain(log, params, turns) {
  const partition = createPartition(log, params, turns.length);
  let next = 0;
  for (let slot = 0; slot <= log.length; slot++) {
    for (; next < turns.length && turns[next].slot === slot; next++) {
      const turn = turns[next];
      if (turn.kind === "pass") partition.pass(turn.time);
      else if (turn.kind === "delete-records") partition.cut(turn.offset);
      else partition.append({ offset: -1, time: turn.time, key: turn.key, type: "RecordAppended", value: null, size: turn.size }, null);
    }
    if (slot < log.length) partition.append(log[slot], log[slot]);
  }
  return partition.outcome;
}

/** @param {readonly LogRecord[]} log @param {any} params @param {number} more how many records may come on top of the log */
function createPartition(log, params, more) {
  const { segmentBytes, segmentMs, retentionMs, retentionBytes, highWatermark, cleanupPolicy } = params;
  const offsetOf = offsetGiver(log);
  /** @type {{ record: LogRecord, offset: number }[]} */
  const entries = [];
  const bytes = new Float64Array(log.length + more + 1);
  const latest = new Int32Array(log.length + more);
  /** @type {number[]} */
  const refused = [];
  /** @type {Segment[]} */
  const segments = [];
  /** @type {Pass[]} */
  const passes = [];
  /** @type {Cut[]} */
  const cuts = [];
  let appends = 0;
  let head = 0;
  let logStart = 0;

  const logEnd = () => (entries.length === 0 ? 0 : entries[entries.length - 1].offset + 1);
  const watermark = () => (highWatermark === null ? logEnd() : Math.min(highWatermark, logEnd()));

  /** @param {number} segment @returns {number} the entry after its last */
  const endOf = (segment) => segments[segment + 1]?.first ?? entries.length;

  /** @param {number} segment @returns {number} */
  const sizeOfSegment = (segment) => bytes[endOf(segment)] - bytes[segments[segment].first];

  /** @param {number} segment @returns {number} */
  const largestTime = (segment) => (endOf(segment) === segments[segment].first ? -1 : entries[latest[endOf(segment) - 1]].record.time);

  /** Whether the active segment must be rolled before a batch; a roll waits for the next append. @param {number} size @param {number} time */
  function rollReason(size, time) {
    const active = segments.length - 1;
    const held = sizeOfSegment(active);
    if (segmentBytes >= 0 && held > segmentBytes - size) return "size";
    const first = entries[segments[active].first]?.record.time ?? -1;
    return segmentMs >= 0 && held > 0 && first >= 0 && time - first > segmentMs ? "time" : null;
  }

  /**
   * Deletes from the oldest segment on, up to the first that the rule spares or that reaches the high watermark. A last
   * segment that is empty stays; where all would go, an empty one is rolled first.
   * @param {Change[]} changes
   * @param {"start-offset" | "size" | "time"} reason
   * @param {(segment: number) => boolean} rule
   */
  function deleteWhile(changes, reason, rule) {
    let end = head;
    for (; end < segments.length; end++) {
      const isLast = end === segments.length - 1;
      const upper = isLast ? logEnd() : segments[end + 1].base;
      const isEmpty = endOf(end) === segments[end].first;
      if (watermark() < upper || !rule(end) || (isLast && isEmpty)) break;
    }
    if (end === head) return;
    if (end === segments.length) {
      segments.push({ base: logEnd(), first: entries.length, why: "expired" });
      changes.push({ kind: "roll", segment: end, reason: "expired" });
    }
    for (; head < end; head++) changes.push({ kind: "delete", segment: head, reason });
    logStart = Math.max(logStart, segments[head].base);
  }

  /** @param {number} now @returns {Pass["kept"]} */
  function whyKept(now) {
    const isLast = head === segments.length - 1;
    if (isLast && endOf(head) === segments[head].first) return "alone";
    if (!cleanupPolicy.includes("delete")) return "policy";
    const isTooLarge = retentionBytes >= 0 && bytes[entries.length] - bytes[segments[head].first] - sizeOfSegment(head) >= retentionBytes;
    if (isTooLarge || (retentionMs >= 0 && now - largestTime(head) > retentionMs)) return "high-watermark";
    if (retentionMs < 0) return retentionBytes < 0 ? "no-limit" : "size";
    return largestTime(head) > now ? "future" : "young";
  }

  return {
    outcome: { entries, bytes, latest, refused, segments, passes, cuts },

    /** @param {LogRecord} record @param {LogRecord | null} source */
    append(record, source) {
      const size = sizeOf(record);
      if (segmentBytes >= 0 && size > segmentBytes) {
        refused.push(appends++);
        return;
      }
      appends++;
      const offset = offsetOf(source);
      if (segments.length === 0) {
        logStart = Math.max(logStart, offset);
        segments.push({ base: offset, first: 0, why: "start" });
      }
      const why = rollReason(size, record.time);
      const entry = entries.length;
      if (why !== null) segments.push({ base: offset, first: entry, why });
      entries.push({ record, offset });
      bytes[entry + 1] = bytes[entry] + size;
      const isFirst = segments[segments.length - 1].first === entry;
      latest[entry] = isFirst || record.time > entries[latest[entry - 1]].record.time ? entry : latest[entry - 1];
    },

    /** A pass in Kafka's order: below the start of the log, then by size, then by time. @param {number} now */
    pass(now) {
      if (segments.length === 0) segments.push({ base: 0, first: 0, why: "start" });
      /** @type {Change[]} */
      const changes = [];
      deleteWhile(changes, "start-offset", (segment) => segment + 1 < segments.length && segments[segment + 1].base <= logStart);
      if (cleanupPolicy.includes("delete")) {
        let excess = bytes[entries.length] - bytes[segments[head].first] - retentionBytes;
        if (retentionBytes >= 0 && excess >= 0) {
          deleteWhile(changes, "size", (segment) => {
            const size = sizeOfSegment(segment);
            if (excess - size < 0) return false;
            excess -= size;
            return true;
          });
        }
        if (retentionMs >= 0) deleteWhile(changes, "time", (segment) => now - largestTime(segment) > retentionMs);
      }
      const end = endOf(head);
      passes.push({ now, highWatermark: watermark(), changes, kept: whyKept(now), head, pin: end === segments[head].first ? -1 : latest[end - 1] });
    },

    /** Raises the start of the log, never beyond the high watermark (DeleteRecords). @param {number} offset */
    cut(offset) {
      const isAllowed = offset <= watermark();
      const from = logStart;
      if (isAllowed) logStart = Math.max(logStart, offset);
      cuts.push({ from, to: isAllowed ? logStart : offset, isAllowed });
    },
  };
}

/**
 * Where a reader of a log stands: offsets, places in the log (indexes), and how many of the records that concern it it has read.
 *
 * @typedef {object} Reading what is read of a log
 * @property {readonly import("./records.js").LogRecord[]} log
 * @property {number} end the log's end offset
 * @property {number} first the index from which it reads
 * @property {number} last the index before which it stops
 * @property {readonly number[] | null} reads the indexes of the records that concern it; null: all between first and last
 * @property {number} total how many these are
 * @property {number} every a snapshot after every so many records, 0: none
 */
import { countBefore, lowest } from "./records.js";

/** The index of the first record at or after an offset. @param {readonly import("./records.js").LogRecord[]} log @param {number} wanted */
export function indexFrom(log, wanted) {
  return countBefore(log, ({ offset }) => offset < wanted);
}

/** How many of the records to be read stand before an index. @param {Reading} reading @param {number} index */
export function readsBefore({ reads, first, total }, index) {
  if (reads === null) return Math.min(total, Math.max(0, index - first));
  return lowest(total, (i) => reads[i] >= index);
}

/** The index at which a reader stands that has read so many: before the next record that concerns it. @param {Reading} reading @param {number} next */
export function indexAt({ reads, first, last, total }, next) {
  if (next === total) return last;
  return next === 0 || reads === null ? first + next : reads[next];
}

/** The index of the latest snapshot at or before an index, 0 where there is none. @param {Reading} reading @param {number} index */
export function snapshotBefore({ every }, index) {
  return every === 0 ? 0 : index - (index % every);
}

/** The offset at an index, the end offset behind the last. @param {Reading} reading @param {number} index */
export function offsetOf({ log, end }, index) {
  return index < log.length ? log[index].offset : end;
}

/** Where a reader that has read so many stands, and what loading its state costs. @param {Reading & { params: any }} reading @param {number} next */
export function place(reading, next) {
  const index = indexAt(reading, next);
  const snapshot = snapshotBefore(reading, index);
  return {
    index,
    position: next === reading.total ? reading.params.upTo ?? reading.end : offsetOf(reading, index),
    snapshotAt: snapshot === 0 ? null : offsetOf(reading, snapshot),
    eventsRead: next - readsBefore(reading, snapshot),
  };
}

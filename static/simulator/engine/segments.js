/**
 * Offsets as a broker gives them out, and the words for moments and spans that stand in a figure.
 */

/** @typedef {import("./records.js").LogRecord} LogRecord */

/** The latest moment that a date can say, in milliseconds since the epoch. */
export const MAX_TIME = 8.64e15;

/**
 * Gives out offsets in the order of the appends. A refused record takes none, so a log that is numbered 0, 1, 2 … is
 * numbered anew behind it; a log with offsets of its own keeps them.
 * @param {readonly LogRecord[]} log
 * @returns {(record: LogRecord | null) => number} of a record of the log, or of one more (null)
 */
export function offsetGiver(log) {
  const numbered = log.length === 0 || log[log.length - 1].offset === log.length - 1;
  let next = 0;
  return (record) => {
    const offset = numbered || record === null ? next : Math.max(next, record.offset);
    next = offset + 1;
    return offset;
  };
}

/**
 * A moment in UTC, to the second, or to the millisecond where it has any.
 * @param {number} time milliseconds since the epoch
 * @returns {string} such as "2026-05-05 08:14:22"
 */
export function moment(time) {
  const text = new Date(Math.min(MAX_TIME, Math.max(-MAX_TIME, time))).toISOString().replace("T", " ");
  return text.replace(/(\.000)?Z$/, "");
}

/**
 * A span in the largest unit that says it in whole numbers or with one decimal.
 * @param {number} ms
 * @returns {string} such as "1.5 h"
 */
export function span(ms) {
  const units = /** @type {const} */ ([["days", 86_400_000], ["h", 3_600_000], ["min", 60_000], ["s", 1000]]);
  const [unit, length] = units.find(([, size]) => Math.abs(ms) >= size) ?? ["ms", 1];
  const count = Math.round((ms / length) * 10) / 10;
  return `${count} ${unit === "days" && count === 1 ? "day" : unit}`;
}

/**
 * The title over the segments that a figure shows, with how many it leaves out.
 * @param {readonly number[]} bases their base offsets
 * @param {number} before
 * @param {number} after
 */
export function titleOf(bases, before, after) {
  if (before + after === 0) return { engineer: "The partition, segment by segment", manager: "The file, block by block" };
  const all = bases.length + before + after;
  return {
    engineer: `The partition: segments ${bases[0]} to ${bases[bases.length - 1]}, ${bases.length} of ${all}`,
    manager: `The file: blocks ${bases[0]} to ${bases[bases.length - 1]}, ${bases.length} of ${all}`,
  };
}

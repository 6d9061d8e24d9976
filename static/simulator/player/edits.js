/**
 * Edits to a log as data: `["=", index, record]` sets, `["+", index, record]` adds before the index, `["-", index]` removes,
 * `[">", from, to]` moves. A record is `{ time, key, type, value }`; what it leaves out gets a default.
 */

/** @param {any} i @param {number} end */
const within = (i, end) => Number.isInteger(i) && i >= 0 && i < end;

/** @param {any} value */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The records after an edit, or null where the edit does not fit them. Offsets that the log brought along keep rising;
 * where they only repeat positions they are dropped, so that the run numbers the records anew.
 * @param {readonly any[]} records
 * @param {any} edit
 * @returns {any[] | null}
 */
export function applyEdit(records, edit) {
  const next = unnumbered(records).slice();
  return change(next, edit) ? next : null;
}

/**
 * The records after all edits that fit, and those edits.
 * @param {readonly any[]} records
 * @param {readonly any[]} edits
 * @returns {{ records: readonly any[], edits: any[][] }}
 */
export function replayEdits(records, edits) {
  const next = unnumbered(records).slice();
  return { edits: edits.filter((edit) => change(next, edit)), records: next };
}

/**
 * Changes records in place.
 * @param {any[]} records
 * @param {any} edit
 * @returns {boolean} whether it fitted
 */
function change(records, edit) {
  const [op, index, detail] = Array.isArray(edit) ? edit : [];
  if (!within(index, records.length + (op === "+" ? 1 : 0))) return false;
  if (op === "-") records.splice(index, 1);
  else if (op === ">" && within(detail, records.length)) move(records, index, detail);
  else if ((op === "=" || op === "+") && isObject(detail)) records.splice(index, op === "=" ? 1 : 0, recordOf(detail, records, index, op));
  else return false;
  if (op === "+") renumber(records, index);
  return true;
}

/** Moves a record; given offsets stay in their places. @param {any[]} records @param {number} from @param {number} to */
function move(records, from, to) {
  const first = Math.min(from, to);
  const offsets = records.slice(first, Math.max(from, to) + 1).map(({ offset }) => offset);
  records.splice(to, 0, ...records.splice(from, 1));
  for (const [i, offset] of offsets.entries()) {
    if (offset !== undefined) records[first + i] = { ...records[first + i], offset };
  }
}

/** @param {any} given @param {any[]} records @param {number} index @param {"=" | "+"} op */
function recordOf({ time, key, type, value }, records, index, op) {
  const near = op === "=" ? records[index] : (records[index - 1] ?? records[index]);
  const record = { time: time ?? near?.time ?? 0, key: key ?? null, type: type ?? "", value: value ?? null };
  return op === "=" && near.offset !== undefined ? { offset: near.offset, ...record } : record;
}

/**
 * Lets given offsets rise from an index on. It goes no further than it must: a gap after the change takes it up.
 * @param {any[]} records
 * @param {number} from
 */
function renumber(records, from) {
  let least = from > 0 ? (records[from - 1].offset ?? -1) + 1 : 0;
  for (let i = from; i < records.length; i++) {
    if (records[i].offset >= least) return;
    if (records[i].offset !== undefined) records[i] = { ...records[i], offset: least };
    least++;
  }
}

/** @param {readonly any[]} records @returns {readonly any[]} without offsets that only repeat positions */
function unnumbered(records) {
  return records.every(({ offset }, i) => offset === i) ? records.map(({ offset, ...record }) => record) : records;
}

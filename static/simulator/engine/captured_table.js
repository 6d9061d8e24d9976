/** A table that is changed in place, and the change records that are captured from it, for `change_capture`. */
import { put, textOf } from "./records.js";

/** @typedef {Record<string, string | number | boolean | null>} Row `id`, `status` and the columns */
/** @typedef {{ op: "c" | "u" | "d", before: Row | null, after: Row | null, ts_ms: number }} Change the core of Debezium's envelope */

/** @param {any} value @returns {string | number | boolean | null} what a column can hold: a structure stands in it as JSON */
function scalar(value) {
  if (value === undefined || value === null) return null;
  return typeof value === "object" ? textOf(value) : value;
}

/** @param {any} value @param {string} field @returns {any} an own part of a structure, or undefined */
export function partOf(value, field) {
  return typeof value === "object" && value !== null && Object.hasOwn(value, field) ? value[field] : undefined;
}

/**
 * What an event makes of its key's row: the status that stands for its type, and what it says that there are columns for.
 * @param {Row | null} before
 * @param {import("./records.js").LogRecord} event
 * @param {Record<string, number>} statuses
 * @param {readonly string[]} columns
 * @returns {Row}
 */
export function updated(before, { key, type, value }, statuses, columns) {
  /** @type {Row} */
  const row = { ...before, id: key };
  row.status = Object.hasOwn(statuses, type) ? statuses[type] : (before?.status ?? null);
  for (const column of columns) {
    const said = partOf(value, column);
    if (said !== undefined) put(row, column, scalar(said));
    else if (!Object.hasOwn(row, column)) put(row, column, null);
  }
  return row;
}

/** The columns in which two rows differ. @param {Row | null} before @param {Row | null} after @returns {string[]} */
export function differing(before, after) {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names].filter((name) => !Object.is(partOf(before, name) ?? null, partOf(after, name) ?? null));
}

/** A change in a few words, such as "status 2 → 5". @param {{ op: string, before: Row | null, after: Row | null }} change */
export function wordsOf({ op, before, after }) {
  if (op === "d") return "deleted";
  const said = (row, name) => String(partOf(row, name) ?? "null");
  const names = differing(before, after).filter((name) => name !== "id");
  const parts = names.slice(0, 3).map((name) => (before === null ? `${name} ${said(after, name)}` : `${name} ${said(before, name)} → ${said(after, name)}`));
  return parts.join(", ") || "nothing";
}

/** @param {Record<string, number>} tally @param {any} value counts a value, whatever its name */
export function tallied(tally, value) {
  const name = textOf(scalar(value));
  put(tally, name, (Object.hasOwn(tally, name) ? tally[name] : 0) + 1);
}

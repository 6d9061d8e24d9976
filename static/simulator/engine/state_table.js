/** The table that a process keeps in its memory for `state_store`: a row for each key, and an index that it may have. */
import { textOf } from "./records.js";
import { VersionedMap } from "./timeline.js";

/** How often a database makes a checkpoint, and a backup that somebody has written runs. */
export const CHECKPOINT = 10;
/** The most fields that a row takes up. */
const MOST_FIELDS = 40;

/** @typedef {{ at: number, fields: Record<string, any> }} Row `at`: the place in the log of the record that changed it last */

/** What a record makes of its key's row: its fields over those that were there; null without a value. @param {Row | null | undefined} before @param {import("./records.js").LogRecord} record @param {number} at @returns {Row | null} */
export function changed(before, { type, value }, at) {
  if (value === null) return null;
  const said = typeof value === "object" && !Array.isArray(value) ? value : { value };
  const fields = { ...before?.fields, ...said, type };
  const names = Object.keys(fields);
  for (const name of names.slice(MOST_FIELDS)) if (name !== "type") delete fields[name];
  return { at, fields };
}

/** @param {Row | null | undefined} row @param {string} field @returns {string | null} what a row says in a field, as a text */
export function saidIn(row, field) {
  if (!row || !Object.hasOwn(row.fields, field)) return null;
  const value = row.fields[field];
  return value === null || value === undefined ? null : textOf(value);
}

export class StateTable {
  /** @param {VersionedMap<Row | null>} rows @param {number} live */
  constructor(rows = new VersionedMap(), live = 0) {
    this.rows = rows;
    /** How many keys have a row. */
    this.live = live;
    /** @type {string | null} the field that is indexed */
    this.field = null;
    /** @type {VersionedMap<number>} how many rows say what in that field */
    this.counts = new VersionedMap();
  }

  /** @returns {StateTable} a table that goes on by itself from here */
  copy() {
    const copy = new StateTable(this.rows.copy(), this.live);
    copy.field = this.field;
    copy.counts = this.counts.copy();
    return copy;
  }

  /** @param {string} key @returns {Row | null} */
  get(key) {
    return this.rows.get(key) ?? null;
  }

  /** @param {string} key @param {Row | null} row @returns {number} entries of the index that were written */
  set(key, row) {
    const before = this.get(key);
    this.live += (row === null ? 0 : 1) - (before === null ? 0 : 1);
    this.rows.set(key, row);
    if (this.field === null) return 0;
    const [old, now] = [saidIn(before, this.field), saidIn(row, this.field)];
    if (old === now) return 0;
    if (old !== null) this.counts.set(old, (this.counts.get(old) ?? 0) - 1);
    if (now !== null) this.counts.set(now, (this.counts.get(now) ?? 0) + 1);
    return (old === null ? 0 : 1) + (now === null ? 0 : 1);
  }

  /** Builds an index by going over all rows. @param {string} field @returns {number} entries that were written */
  buildIndex(field) {
    this.field = field;
    this.counts = new VersionedMap();
    let entries = 0;
    for (const key of this.rows.keys.slice()) {
      const said = saidIn(this.get(key), field);
      if (said === null) continue;
      this.counts.set(said, (this.counts.get(said) ?? 0) + 1);
      entries++;
    }
    return entries;
  }

  /** How many rows say this in a field, and how many rows were looked at for it. @param {string} field @param {string} wanted */
  count(field, wanted) {
    if (this.field === field) {
      const count = this.counts.get(wanted) ?? 0;
      return { count, scanned: count, byIndex: true };
    }
    let count = 0;
    for (const key of this.rows.keys.slice()) if (saidIn(this.get(key), field) === wanted) count++;
    return { count, scanned: this.live, byIndex: false };
  }
}

/** The record at a place of the log. @param {any} state of the model `state_store` @param {number} place @returns {import("./records.js").LogRecord} */
export function entryAt(state, place) {
  const entry = state.entries.at(place);
  return entry >= 0 ? state.input.log[entry] : state.made.at(-1 - entry);
}

/** How often a copy of the rows is made: a database does so in any case. */
export const saveEvery = (state) => state.backupEvery || (state.isBought ? CHECKPOINT : 0);

/** Where the next start begins to read: after the backup, or at the first record that the log still has. */
export function startOf(state) {
  const { logKeeps } = state.input.params;
  const first = logKeeps === 0 || state.isBought ? 0 : Math.max(0, state.entries.length - logKeeps);
  return Math.max(first, state.backup?.at ?? 0);
}

/** Which parts there are, whoever wrote them. */
export function has(state) {
  return {
    recovery: true, query: state.used.query, index: state.table.field !== null || state.isBought,
    transactions: state.transactions || state.isBought, backup: state.backupEvery > 0 || state.isBought,
  };
}

/** The parts of a database that somebody here wrote. @returns {string[]} */
export function builtOf(state) {
  if (state.isBought) return [];
  return Object.entries(has(state)).filter(([, isThere]) => isThere).map(([part]) => part);
}

/** Those that nothing has used. @returns {string[]} */
export function unusedOf(state) {
  const isUsed = { ...state.used, recovery: true };
  return builtOf(state).filter((part) => !isUsed[part]);
}

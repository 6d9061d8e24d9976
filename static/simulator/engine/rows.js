/**
 * A table of one row per key that any number of copies can share.
 *
 * A table that was never copied keeps present values only, so that folding a million records costs little more than a Map.
 * From its first copy on, all its copies keep every version of a row between them, and each copy knows how many changes it
 * has seen. They rely on runs being deterministic: a copy that goes over the same records again finds its changes written.
 */

import { isFrozenJson, isKnown, json } from "./records.js";

/** @typedef {{ stamp: number, value: any, at: number }} Version */

/** One key with its present value (undefined: gone) and the place in the log that last changed it. */
class Row {
  /** @param {string} key @param {number} index */
  constructor(key, index) {
    this.key = key;
    this.index = index;
    /** @type {any} */
    this.value = undefined;
    this.at = -1;
    /** @type {Version[] | null} kept once the table is shared */
    this.versions = null;
  }
}

export class Rows {
  constructor() {
    /** @type {Map<string, Row>} */
    this.byKey = new Map();
    /** @type {Row[]} in the order in which the keys came, those that only other copies know included */
    this.list = [];
    /** How many keys have come. */
    this.size = 0;
    /** How many of them have a value. */
    this.live = 0;
    this.changes = 0;
    this.isShared = false;
  }

  /** @returns {Rows} a table that goes on by itself from here */
  copy() {
    if (!this.isShared) {
      for (const row of this.list) row.versions = [{ stamp: this.changes, value: row.value, at: row.at }];
      this.isShared = true;
    }
    return Object.assign(new Rows(), this);
  }

  /** @returns {Rows} a table with the same values and no past */
  clone() {
    const clone = new Rows();
    for (let i = 0; i < this.size; i++) {
      const { key } = this.list[i];
      const { value, at } = this.present(this.list[i]);
      clone.set(clone.row(key), value, at);
    }
    return clone;
  }

  /** @param {string} key @returns {Row} the row of a key, made where there is none */
  row(key) {
    let row = this.byKey.get(key);
    if (row === undefined) {
      row = new Row(key, this.list.length);
      this.byKey.set(key, row);
      this.list.push(row);
    }
    if (row.index >= this.size) this.size = row.index + 1;
    return row;
  }

  /** @param {string} key @returns {number} its place among the keys, or −1 */
  indexOf(key) {
    const index = this.byKey.get(key)?.index ?? -1;
    return index < this.size ? index : -1;
  }

  /** @param {Row} row @returns {{ value: any, at: number }} */
  present(row) {
    if (!this.isShared) return row;
    const { versions } = row;
    if (versions === null) return NOTHING;
    let low = 0;
    let high = versions.length;
    if (versions[high - 1].stamp <= this.changes) return versions[high - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (versions[middle].stamp <= this.changes) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? NOTHING : versions[low - 1];
  }

  /** @param {string} key @returns {any} */
  get(key) {
    const row = this.byKey.get(key);
    return row === undefined ? undefined : this.present(row).value;
  }

  /** The present values as a frozen object. */
  toObject() {
    const object = dictionary();
    for (let i = 0; i < this.size; i++) {
      const { value } = this.present(this.list[i]);
      if (value !== undefined) object[this.list[i].key] = handedOut(value);
    }
    return finished(object);
  }

  /** @param {Row} row @param {any} value undefined takes it away @param {number} at */
  set(row, value, at) {
    const before = this.isShared ? this.present(row).value : row.value;
    if (value === undefined) {
      if (before !== undefined) this.live--;
    } else if (before === undefined) this.live++;
    this.changes++;
    if (this.isShared) {
      const version = { stamp: this.changes, value, at };
      if (row.versions === null) row.versions = [version];
      else if (row.versions[row.versions.length - 1].stamp < this.changes) row.versions.push(version);
    } else {
      row.value = value;
      row.at = at;
    }
  }
}

const NOTHING = Object.freeze({ value: undefined, at: -1 });

/** @param {any} value @param {string} field @returns {any} an own part of a structure, or undefined */
function part(value, field) {
  return typeof value === "object" && value !== null && Object.hasOwn(value, field) ? value[field] : undefined;
}

/**
 * Folds one record into a table. A record without a key changes nothing.
 * @param {Rows} rows
 * @param {import("./records.js").LogRecord} record
 * @param {"latest" | "count" | "sum"} fold
 * @param {string | null} field of the value; null: the whole value
 * @param {number} at its place in the log
 */
export function applyRecord(rows, record, fold, field, at) {
  const { key, value } = record;
  if (key === null) return;
  if (fold === "latest" && value === null) {
    if (rows.get(key) !== undefined) rows.set(rows.row(key), undefined, at);
    return;
  }
  const row = rows.row(key);
  const said = field === null ? value : part(value, field);
  if (fold === "latest") rows.set(row, said ?? null, at);
  else rows.set(row, folded(fold, rows.present(row).value ?? 0, said), at);
}

/** @param {"count" | "sum"} fold @param {number} before @param {any} said @returns {number} */
const folded = (fold, before, said) => (fold === "count" ? before + 1 : total(before, said));

/** @param {number} sum @param {any} amount anything but a number adds 0 @returns {number} never beyond what a number can say */
function total(sum, amount) {
  if (typeof amount !== "number" || !Number.isFinite(amount)) return sum;
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, sum + amount));
}

/**
 * The table that the records before an index make, folded from the first one on.
 * @param {readonly import("./records.js").LogRecord[]} log
 * @param {string | null} key of the only records that count; null: all
 * @param {number} until
 * @param {"latest" | "count" | "sum"} fold
 * @param {string | null} field
 * @returns {Rows}
 */
export function foldRecords(log, key, until, fold, field) {
  const rows = new Rows();
  for (let i = 0; i < until; i++) if (key === null || log[i].key === key) applyRecord(rows, log[i], fold, field, i);
  return rows;
}

/**
 * The table of {@link foldRecords} over all keys as a plain object, made in one pass and with no past: for a result alone.
 * @param {readonly import("./records.js").LogRecord[]} log
 * @param {number} from
 * @param {number} until
 * @param {"latest" | "count" | "sum"} fold
 * @param {string | null} field
 * @returns {Record<string, any>}
 */
export function foldAtOnce(log, from, until, fold, field) {
  const object = dictionary();
  let isGone = false;
  for (let i = from; i < until; i++) {
    const { key, value } = log[i];
    if (key === null) continue;
    if (fold !== "latest") object[key] = folded(fold, object[key] ?? 0, field === null ? value : part(value, field));
    else if (value !== null) object[key] = field === null ? value : (part(value, field) ?? null);
    else if (object[key] !== undefined) {
      // A key keeps its place, as a row does, so that both ways give the same bytes.
      object[key] = undefined;
      isGone = true;
    }
  }
  const isReady = fold !== "latest" || (!isGone && field === null && until - from <= FEW && areKnown(log, from, until));
  return finished(isReady ? object : cleared(object, isGone));
}

/** Up to here it is quicker to look at each record than to list the keys that they left. */
const FEW = 4000;

/** @param {readonly import("./records.js").LogRecord[]} log @param {number} from @param {number} until */
function areKnown(log, from, until) {
  for (let i = from; i < until; i++) if (!isKnown(log[i].value)) return false;
  return true;
}

/** @returns {Record<string, any>} an object without a prototype: it takes keys as fast as a Map, and any key */
function dictionary() {
  return Object.create(null);
}

/** @param {any} value @returns {any} what a log holds frozen, as one that `parseLog` read, as it is; the rest copied */
const handedOut = (value) => (isFrozenJson(value) ? value : json(value));

/**
 * Makes what a dictionary holds fit to be handed out.
 * @param {Record<string, any>} object
 * @param {boolean} isGone whether undefined values must be left out
 * @returns {Record<string, any>}
 */
function cleared(object, isGone) {
  const kept = isGone ? dictionary() : object;
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (isFrozenJson(value)) {
      if (isGone) kept[key] = value;
    } else if (value !== undefined) kept[key] = json(value);
  }
  return kept;
}

/** @param {Record<string, any>} object a dictionary @returns {Record<string, any>} a plain object, frozen */
function finished(object) {
  return Object.freeze(Object.setPrototypeOf(object, Object.prototype));
}

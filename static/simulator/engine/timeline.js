/**
 * Collections that a state and its checkpoints share.
 *
 * A model is deterministic, so going over the same steps again writes what is already there. A {@link Tape} and a
 * {@link VersionedMap} rely on it: every copy shares the items and keeps only how far it has come, so that a checkpoint
 * costs a few numbers whatever the size of the log.
 */
import { lowest } from "./records.js";

/**
 * A list that only grows.
 * @template T
 */
export class Tape {
  /** @type {T[]} */
  #items;

  /** @param {T[]} items @param {number} length */
  constructor(items = [], length = 0) {
    this.#items = items;
    this.length = length;
  }

  /** @returns {Tape<T>} a tape that goes on by itself from here */
  copy() {
    return new Tape(this.#items, this.length);
  }

  /** @param {T} item @returns {number} its index */
  push(item) {
    this.#items[this.length] = item;
    return this.length++;
  }

  /** @param {number} index @returns {T | undefined} */
  at(index) {
    return index >= 0 && index < this.length ? this.#items[index] : undefined;
  }

  /** @param {number} [from] @param {number} [to] @returns {T[]} */
  slice(from = 0, to = this.length) {
    return this.#items.slice(from, Math.min(to, this.length));
  }
}

/** Whether a tape that rises holds a value. @param {Tape<number>} rising @param {number} value @returns {boolean} */
export function isAmong(rising, value) {
  return rising.at(lowest(rising.length, (i) => /** @type {number} */ (rising.at(i)) >= value)) === value;
}

/**
 * A map that remembers every value that a key has had; the n-th set of a key makes its version n.
 * @template V
 */
export class VersionedMap {
  /** @type {Map<string, { index: number, stamps: number[], values: V[] }>} */
  #rows;
  /** @type {Tape<string>} */
  #keys;
  #clock;

  /** @param {Map<string, any>} rows @param {Tape<string>} keys @param {number} clock */
  constructor(rows = new Map(), keys = new Tape(), clock = 0) {
    this.#rows = rows;
    this.#keys = keys;
    this.#clock = clock;
  }

  /** @returns {VersionedMap<V>} a map that goes on by itself from here */
  copy() {
    return new VersionedMap(this.#rows, this.#keys.copy(), this.#clock);
  }

  /** @returns {number} how many keys there are */
  get size() {
    return this.#keys.length;
  }

  /** @returns {Tape<string>} the keys in the order in which they came */
  get keys() {
    return this.#keys;
  }

  /** @param {string} key @returns {number} its place among the keys, or −1 */
  indexOf(key) {
    const row = this.#rows.get(key);
    return row === undefined || this.#count(row.stamps) === 0 ? -1 : row.index;
  }

  /** @param {string} key @returns {number} how often it was set */
  versions(key) {
    const row = this.#rows.get(key);
    return row === undefined ? 0 : this.#count(row.stamps);
  }

  /** @param {string} key @param {number} [version] counting from 1; the latest unless given @returns {V | undefined} */
  get(key, version) {
    const row = this.#rows.get(key);
    if (row === undefined) return undefined;
    const latest = this.#count(row.stamps);
    const wanted = version ?? latest;
    return wanted >= 1 && wanted <= latest ? row.values[wanted - 1] : undefined;
  }

  /** @param {string} key @param {V} value */
  set(key, value) {
    let row = this.#rows.get(key);
    if (row === undefined) this.#rows.set(key, (row = { index: this.#keys.length, stamps: [], values: [] }));
    const version = this.#count(row.stamps);
    if (version === 0) this.#keys.push(key);
    this.#clock += 1;
    row.stamps[version] = this.#clock;
    row.values[version] = value;
  }

  /** How many of a row's values had been set by now. @param {number[]} stamps rising @returns {number} */
  #count(stamps) {
    let high = stamps.length;
    if (high === 0 || stamps[high - 1] <= this.#clock) return high;
    let low = 0;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (stamps[middle] <= this.#clock) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * Records and plain JSON: what every model may rely on about its log, and what it may hand out.
 */

/**
 * @typedef {object} LogRecord
 * @property {number} offset
 * @property {number} time milliseconds since the epoch
 * @property {string | null} key
 * @property {string} type
 * @property {any} value JSON; null is a tombstone
 * @property {number} [size] bytes; ask {@link sizeOf}, which knows the default
 */
/** @typedef {{ path: string, message: string }} Problem */

/** The most records that a run reads. */
export const MAX_RECORDS = 2_000_000;
const MAX_TIME = 8.64e15;
const MAX_DEPTH = 100;
const MAX_KNOWN_DEPTH = 8;
const MAX_NODES = 100_000;
const MAX_REPORTED = 100;
const MAX_WORDS = 48;

/**
 * The UTF-8 length of a text, without encoding it. A lone surrogate counts as the replacement character: 3 bytes.
 * @param {string} text
 * @returns {number}
 */
export function utf8Length(text) {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      bytes += 2;
      i++;
    } else bytes += 2;
  }
  return bytes;
}

/**
 * A record's size in bytes: the given one, else the UTF-8 length of its key and of its value as JSON, null being 0.
 * @param {LogRecord} record
 * @returns {number}
 */
export function sizeOf(record) {
  if (record.size !== undefined) return record.size;
  const key = record.key === null ? 0 : utf8Length(record.key);
  return record.value === null ? key : key + utf8Length(stringify(record.value));
}

/** @param {any} value @returns {string} as JSON, also where it is cyclic or nested too deep for the stack */
function stringify(value) {
  try {
    return JSON.stringify(value) ?? "null";
  } catch {
    return JSON.stringify(json(value));
  }
}

/**
 * Milliseconds since the epoch of a number or an ISO 8601 text, or null where it is neither. A text without a zone is UTC:
 * the same log must give the same times on every machine.
 * @param {unknown} value
 * @returns {number | null}
 */
export function parseTime(value) {
  let time = NaN;
  if (typeof value === "number") time = value;
  else if (typeof value === "string") {
    const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(value.trim());
    if (parts) {
      const zone = (parts[3] ?? "Z").toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, "$1:$2");
      const clock = (parts[2] ?? "00:00").replace(",", ".").replace(/(\.\d{3})\d+$/, "$1");
      time = Date.parse(`${parts[1]}T${clock}${zone}`);
    }
  }
  return Math.abs(time) <= MAX_TIME ? time : null;
}

/**
 * A frozen plain-JSON copy of a value from outside, so that no result shares structure with an input. What JSON cannot
 * say becomes null; what is nested deeper than 100 levels, or comes after 100,000 nodes, becomes "…".
 * @param {any} value
 * @returns {any}
 */
export function json(value) {
  return copyJson(value, 0, { left: MAX_NODES });
}

/**
 * @param {any} value
 * @param {number} depth
 * @param {{ left: number }} budget
 * @returns {any}
 */
function copyJson(value, depth, budget) {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object") return null;
  if (depth >= MAX_DEPTH || --budget.left < 0) return "…";
  if (Array.isArray(value)) {
    /** @type {any[]} */
    const copy = [];
    for (const item of value) {
      if (budget.left <= 0) break;
      copy.push(copyJson(item, depth + 1, budget));
    }
    return Object.freeze(copy);
  }
  /** @type {Record<string, any>} */
  const copy = {};
  for (const name of Object.keys(value)) {
    if (budget.left <= 0) break;
    put(copy, name, copyJson(value[name], depth + 1, budget));
  }
  return Object.freeze(copy);
}

/** Gives back what it gets, so that what extends it puts its private field on that. */
class Given {
  /** @param {any} object */
  constructor(object) {
    return object;
  }
}

/**
 * What is known to be plain JSON keeps that to itself, in a private field that no key, copy or comparison shows: to look
 * through a value again takes longer than to fold it.
 */
class Known extends Given {
  #isKnown = true;

  /** @param {any} value @returns {boolean} */
  static has(value) {
    return typeof value !== "object" || value === null ? isPlain(value) : #isKnown in value;
  }
}

/**
 * Freezes a value that nobody else holds, as one that was just read from a text, and remembers where it is plain JSON.
 * @param {any} value
 */
export function freezeRead(value) {
  // Before it is frozen: what is frozen may take no field in engines to come.
  if (typeof value === "object" && value !== null && isJson(value, MAX_KNOWN_DEPTH, false)) new Known(value);
  freeze(value);
}

/**
 * Whether a value can be handed out uncopied, as far as can be told at once.
 * @type {(value: any) => boolean}
 */
export const isKnown = Known.has;

/**
 * Whether a value is frozen plain JSON as it stands, so that it can be handed out uncopied. What nests deep is taken not to be.
 * @param {any} value
 * @returns {boolean}
 */
export function isFrozenJson(value) {
  return Known.has(value) || isJson(value, MAX_KNOWN_DEPTH, true);
}

/** @param {any} value @returns {boolean} whether it is JSON without parts */
function isPlain(value) {
  return typeof value === "string" || typeof value === "boolean" || value === null || (typeof value === "number" && Number.isFinite(value));
}

/** @param {any} value @param {number} depth @param {boolean} isFrozen whether it must be @returns {boolean} */
function isJson(value, depth, isFrozen) {
  if (typeof value !== "object" || value === null) return isPlain(value);
  if (depth === 0 || (isFrozen && !Object.isFrozen(value))) return false;
  if (Array.isArray(value)) return value.every((item) => isJson(item, depth - 1, isFrozen));
  for (const name in value) if (!isJson(value[name], depth - 1, isFrozen)) return false;
  return typeof value.toJSON !== "function";
}

/**
 * Sets an own property whatever its name: "__proto__" is a key like any other.
 * @param {Record<string, any>} object
 * @param {string} name
 * @param {any} value
 */
export function put(object, name, value) {
  if (name === "__proto__") Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  else object[name] = value;
}

/**
 * Freezes a value of ours and all that it holds; what is frozen already is taken to be frozen throughout.
 * @template T
 * @param {T} value
 * @returns {T}
 */
export function freeze(value) {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  /** @type {any[]} */
  const open = [Object.freeze(value)];
  const take = (/** @type {any} */ child) => {
    if (typeof child === "object" && child !== null && !Object.isFrozen(child)) open.push(Object.freeze(child));
  };
  while (open.length > 0) {
    const parent = open.pop();
    // The names of a long list's items would be as many texts.
    if (Array.isArray(parent)) for (let i = 0; i < parent.length; i++) take(parent[i]);
    else for (const name in parent) take(parent[name]);
  }
  return value;
}

/**
 * The part of a list around an index, with how many items are left out on either side.
 * @template T
 * @param {{ readonly length: number, slice: (from: number, to: number) => T[] }} list a list, or what can be cut like one
 * @param {number} focus the index to keep in view; it is bounded
 * @param {number} size the most items
 * @returns {{ items: T[], before: number, after: number }}
 */
export function window(list, focus, size) {
  const last = Math.max(0, list.length - size);
  const before = Math.min(last, Math.max(0, Math.trunc(focus) - Math.floor((size * 2) / 3)));
  const items = list.slice(before, before + size);
  return { items, before, after: list.length - before - items.length };
}

/**
 * The beginning of a list as {@link window} takes it, without a copy.
 * @template T
 * @param {readonly T[]} list
 * @param {number} length
 * @returns {{ length: number, slice: (from: number, to: number) => T[] }}
 */
export function head(list, length) {
  return { length, slice: (from, to) => list.slice(from, Math.min(to, length)) };
}

/**
 * The least index below `count` for which a condition holds that holds from there on; `count` where it never does.
 * @param {number} count
 * @param {(index: number) => boolean} holds
 * @returns {number}
 */
export function lowest(count, holds) {
  let low = 0;
  for (let high = count; low < high; ) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * How many items at the beginning of a list fulfil a condition that no later one fulfils.
 * @template T
 * @param {ArrayLike<T>} list
 * @param {(item: T) => boolean} isBefore
 * @returns {number}
 */
export function countBefore(list, isBefore) {
  return lowest(list.length, (i) => !isBefore(list[i]));
}

/**
 * A value from outside as a short text for a message.
 * @param {any} value
 * @returns {string}
 */
export function show(value) {
  if (typeof value === "bigint" || typeof value === "symbol" || typeof value === "number") return String(value);
  if (typeof value === "function" || value === undefined) return typeof value;
  const text = JSON.stringify(typeof value === "string" ? value.slice(0, 60) : json(value));
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/**
 * A value as one short cell of a table: a scalar as it is, a structure by its contents.
 * @param {any} value
 * @returns {string | number | null}
 */
export function brief(value) {
  if (value === null || typeof value === "string" || typeof value === "number") return typeof value === "string" ? cut(value) : value;
  if (typeof value !== "object") return String(value);
  const parts = [];
  for (const name in value) {
    const part = value[name];
    parts.push(typeof part === "object" && part !== null ? "…" : String(part));
    if (parts.length === 8) break;
  }
  return cut(parts.join(", "));
}

/** @param {string} text @returns {string} */
function cut(text) {
  return text.length > MAX_WORDS ? `${text.slice(0, MAX_WORDS - 1)}…` : text;
}

/** @param {any} record @param {number} next @returns {record is LogRecord} */
function isWellFormed(record, next) {
  return isWellFormedButOffset(record) && Number.isSafeInteger(record.offset) && record.offset >= next;
}

/** @param {any} record */
function isWellFormedButOffset(record) {
  if (typeof record !== "object" || record === null) return false;
  const { time, key, type, value, size } = record;
  return (
    typeof time === "number" && time <= MAX_TIME && time >= -MAX_TIME &&
    (key === null || typeof key === "string") &&
    typeof type === "string" &&
    value !== undefined &&
    (size === undefined || (Number.isSafeInteger(size) && size >= 0))
  );
}

/**
 * A record made whole: each missing field gets its default, each wrong one is amended and told.
 * @param {any} source an object
 * @param {number} next the least offset that is free
 * @param {number} time the time of the record before
 * @param {(field: string, message: string) => void} tell
 * @returns {LogRecord}
 */
export function completeRecord(source, next, time, tell) {
  let offset = source.offset ?? next;
  if (!Number.isSafeInteger(offset) || offset < 0) {
    tell("offset", `offset was ${show(offset)}: it must be a whole number from 0, so ${next} is used`);
    offset = next;
  } else if (offset < next) {
    tell("offset", `offset was ${offset}: offsets must rise and ${next} is the next free one, so ${next} is used`);
    offset = next;
  }
  let moment = parseTime(source.time ?? time);
  if (moment === null) {
    tell("time", `time was ${show(source.time)}: it must be milliseconds since 1970 or ISO 8601, so ${time} is used`);
    moment = time;
  }
  let key = source.key ?? null;
  if (key !== null && typeof key !== "string") {
    key = textOf(key);
    tell("key", `key was ${show(source.key)}: a key is a text, so ${show(key)} is used`);
  }
  let type = source.type ?? "";
  if (typeof type !== "string") {
    type = textOf(type);
    tell("type", `type was ${show(source.type)}: a type is a text, so ${show(type)} is used`);
  }
  let size = source.size ?? undefined;
  if (size !== undefined && !(Number.isSafeInteger(size) && size >= 0)) {
    tell("size", `size was ${show(size)}: it must be a whole number of bytes from 0, so the length of key and value is used`);
    size = undefined;
  }
  return { offset, time: moment, key, type, value: source.value ?? null, size };
}

/**
 * A non-text as a key or a type: a number in its usual digits, a structure as JSON.
 * @param {any} value
 * @returns {string}
 */
export function textOf(value) {
  if (typeof value === "object") return JSON.stringify(json(value));
  return String(value);
}

/**
 * The records of a run. A well-formed log is used as it is, never changed and never copied (a copy of a million records
 * takes longer than folding them), so it must stay as it is while the run is in use; otherwise records are completed, and
 * what is no record is left out. Every amendment of a given value is a problem.
 * @param {any} log
 * @param {Problem[]} problems
 * @returns {readonly LogRecord[]}
 */
export function normaliseLog(log, problems) {
  if (log === undefined || log === null) return Object.freeze([]);
  if (!Array.isArray(log)) {
    problems.push({ path: "/log", message: `log was ${show(log)}: it must be a list of records, so an empty log is used` });
    return Object.freeze([]);
  }
  let told = 0;
  /** @param {string} path @param {string} message */
  const tell = (path, message) => {
    if (++told <= MAX_REPORTED) problems.push({ path, message });
  };
  const length = Math.min(log.length, MAX_RECORDS);
  /** @type {LogRecord[] | null} */
  let records = length < log.length ? log.slice(0, length) : null;
  let kept = 0;
  let next = 0;
  let time = 0;
  for (let i = 0; i < length; i++) {
    let record = log[i];
    if (!isWellFormed(record, next)) {
      records ??= log.slice();
      if (isWellFormedButOffset(record) && record.offset === undefined) {
        // A stored record that leaves its offset to its place: the common case, and nothing to tell.
        record = { offset: next, time: record.time, key: record.key, type: record.type, value: record.value, size: record.size };
      } else if (typeof record !== "object" || record === null || Array.isArray(record)) {
        tell(`/log/${i}`, `record ${i} was ${show(record)}: a record is an object, so it is left out`);
        continue;
      } else record = completeRecord(record, next, time, (field, message) => tell(`/log/${i}/${field}`, message));
    }
    if (records !== null) records[kept] = record;
    kept++;
    next = record.offset + 1;
    time = record.time;
  }
  if (records !== null) records.length = kept;
  if (told > MAX_REPORTED) problems.push({ path: "/log", message: `${told - MAX_REPORTED} more values of the log were amended or left out` });
  if (log.length > length) {
    problems.push({ path: "/log", message: `log had ${log.length} records: a run reads at most ${MAX_RECORDS}, so the rest is left out` });
  }
  return records ?? log;
}

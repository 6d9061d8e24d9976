/**
 * The shapes in which real systems hand out a record as a JSON object, each read into our own fields.
 */
import { show, textOf } from "./records.js";

/** @typedef {"plain" | "cloudevents" | "debezium" | "kcat"} Shape */
/**
 * @typedef {object} Reading what was understood of one object: the fields of a record, not yet completed
 * @property {Shape} shape
 * @property {{ offset?: any, time?: any, key?: any, type?: any, value?: any, size?: any }} [fields]
 * @property {string} [refusal] why it is skipped
 * @property {string} [remark] what was left out of it
 */

const FIELDS = ["offset", "time", "key", "type", "value", "size"];

/**
 * Reads one JSON object.
 * @param {any} object
 * @returns {Reading}
 */
export function readObject(object) {
  if (object.specversion !== undefined) return readCloudEvent(object);
  const change = findChange(object);
  if (change) return readChange(object, change);
  if (Object.hasOwn(object, "payload") && ["topic", "partition", "offset", "ts"].some((name) => Object.hasOwn(object, name))) return readKcat(object);
  return readPlain(object);
}

/** @param {any} object @returns {Reading} */
function readPlain(object) {
  const names = Object.keys(object);
  if (!names.some((name) => FIELDS.includes(name))) {
    return { shape: "plain", refusal: `none of the fields ${FIELDS.join(", ")} is there` };
  }
  const others = names.filter((name) => !FIELDS.includes(name));
  const remark = others.length > 0 ? `${others.slice(0, 5).map(show).join(", ")}${others.length > 5 ? " and more" : ""}: no field of a record, left out` : undefined;
  return { shape: "plain", fields: object, remark };
}

/**
 * CloudEvents 1.0, JSON format: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 * @param {any} event
 * @returns {Reading}
 */
function readCloudEvent(event) {
  if (event.specversion !== "1.0") return { shape: "cloudevents", refusal: `specversion was ${show(event.specversion)}: only 1.0 is read` };
  const { subject, partitionkey, time, type, data, data_base64: encoded } = event;
  return { shape: "cloudevents", fields: { time, key: subject ?? partitionkey, type, value: data ?? encoded } };
}

/**
 * The change event in an object: the envelope itself, in `payload` (with a schema), or in `value` beside a key.
 * @param {any} object
 * @returns {any} or undefined
 */
function findChange(object) {
  const candidates = [object, object.payload, object.value, object.value?.payload];
  return candidates.find((candidate) => isObject(candidate) && typeof candidate.op === "string" && ("before" in candidate || "after" in candidate));
}

/**
 * Debezium: https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-events
 * @param {any} object
 * @param {any} change
 * @returns {Reading}
 */
function readChange(object, change) {
  const outer = change === object || change === object.payload ? undefined : object.key;
  const key = isObject(outer) && isObject(outer.payload) ? outer.payload : outer;
  const value = change.op === "d" ? null : (change.after ?? null);
  const row = change.after ?? change.before;
  return {
    shape: "debezium",
    fields: { time: change.ts_ms ?? change.source?.ts_ms, key: key === undefined || key === null ? keyOfRow(row, change.source?.table) : keyText(key), type: change.op, value },
  };
}

/** @param {any} key @returns {any} a structure of one field is that field; one of several is told apart by its JSON */
function keyText(key) {
  if (!isObject(key)) return typeof key === "string" ? key : textOf(key);
  const values = Object.values(key);
  return values.length === 1 ? textOf(values[0]) : textOf(key);
}

/**
 * The key of a row whose event carries none. An envelope does not say which fields are primary, so it is the one that is
 * named as one: `id`, `<table>_id`, or the first whose name ends in "id"; failing that, the first field.
 * @param {any} row
 * @param {any} table
 * @returns {string | null}
 */
function keyOfRow(row, table) {
  if (!isObject(row)) return null;
  const names = Object.keys(row);
  const name = ["id", "_id", `${table}_id`].find((candidate) => names.includes(candidate)) ?? names.find((candidate) => /id$/i.test(candidate)) ?? names[0];
  const value = name === undefined ? null : row[name];
  return value === null ? null : textOf(value);
}

/**
 * A line of `kcat -J`: https://github.com/edenhill/kcat (`format.c`, `fmt_msg_output_json`).
 * @param {any} line
 * @returns {Reading}
 */
function readKcat(line) {
  const value = typeof line.payload === "string" ? parseLoose(line.payload) : line.payload;
  const named = headerOf(line.headers, "ce_type") ?? headerOf(line.headers, "type") ?? (isObject(value) ? value.type : undefined);
  return { shape: "kcat", fields: { offset: line.offset, time: line.ts, key: line.key, type: typeof named === "string" ? named : "", value } };
}

/** @param {any} headers names and values in turn @param {string} name @returns {any} */
function headerOf(headers, name) {
  if (!Array.isArray(headers)) return undefined;
  for (let i = 0; i + 1 < headers.length; i += 2) if (headers[i] === name) return headers[i + 1];
  return undefined;
}

/** The names by which a CSV column is known. @type {Record<string, string>} */
const COLUMNS = { offset: "offset", time: "time", timestamp: "time", ts: "time", key: "key", type: "type", value: "value", payload: "value", size: "size" };

/**
 * A reader of CSV rows, or null where the header names no field of a record. Without a value column, the other columns
 * make up the value.
 * @param {string[]} header
 * @returns {{ read: (cells: string[]) => Reading["fields"], remark: string | undefined } | null}
 */
export function rowReader(header) {
  const names = header.map((cell) => cell.trim());
  const taken = new Set();
  const fields = names.map((name) => {
    const field = Object.hasOwn(COLUMNS, name.toLowerCase()) ? COLUMNS[name.toLowerCase()] : null;
    if (field === null || taken.has(field)) return null;
    taken.add(field);
    return field;
  });
  if (taken.size === 0) return null;
  const others = names.map((name, i) => i).filter((i) => fields[i] === null);
  const hasValue = taken.has("value");
  const remark = hasValue && others.length > 0 ? `the columns ${others.map((i) => show(names[i])).join(", ")} are left out: the value column is used` : undefined;
  return {
    remark,
    read(cells) {
      /** @type {Record<string, any>} */
      const record = {};
      fields.forEach((field, i) => {
        const cell = cells[i];
        if (field === null || cell === "") return;
        if (field === "value") record.value = parseLoose(cell);
        else if (field === "time") record.time = /^\s*-?\d+(\.\d+)?\s*$/.test(cell) ? Number(cell) : cell;
        else if (field === "offset" || field === "size") record[field] = Number.isNaN(Number(cell)) ? cell : Number(cell);
        else record[field] = cell;
      });
      if (!hasValue && others.length > 0) {
        record.value = Object.fromEntries(others.map((i) => [names[i], cells[i] === "" ? null : parseLoose(cells[i])]));
      }
      return record;
    },
  };
}

const MAX_DEPTH = 100;

/**
 * Whether a JSON text nests deeper than 100 levels. It is asked before parsing: what a parser still accepts can overflow
 * the stack of whoever walks it afterwards.
 * @param {string} text
 * @returns {boolean}
 */
export function nestsTooDeep(text) {
  if (text.length <= MAX_DEPTH) return false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) i = endOfString(text, i);
    else if (code === 91 || code === 123) {
      if (++depth > MAX_DEPTH) return true;
    } else if (code === 93 || code === 125) depth--;
  }
  return false;
}

/** @param {string} text @param {number} start of the opening quote @returns {number} the index of the closing quote */
function endOfString(text, start) {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 92) i++;
    else if (code === 34) return i;
  }
  return text.length;
}

/** @param {string} text @returns {any} what the text says as JSON, or the text itself */
function parseLoose(text) {
  if (nestsTooDeep(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @param {any} value @returns {boolean} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

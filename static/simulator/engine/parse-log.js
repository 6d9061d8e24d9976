/**
 * Reads a log out of a text: records as JSON or JSON Lines, CloudEvents 1.0, Debezium change events, `kcat -J` lines, or CSV
 * with a header. Whatever is skipped or amended is told with its line; nothing throws, and work grows with the length only.
 */
import { cellsOf, elementReader, lineReader, rowSplitter } from "./log-text.js";
import { nestsTooDeep, readObject, rowReader } from "./log-shapes.js";
import { completeRecord, freezeRead, MAX_RECORDS, show, sizeOf } from "./records.js";

/** @typedef {import("./records.js").LogRecord} LogRecord */
/** @typedef {"json" | "jsonl" | "cloudevents" | "debezium" | "kcat" | "csv" | "unknown"} Format */
/** @typedef {{ records: LogRecord[], format: Format, problems: { line: number, message: string }[] }} ParsedLog */

const HEAD_CHARACTERS = 65_536;
const HEAD_LINES = 20;
const MAX_PROBLEMS = 10_000;
const READABLE = "a JSON list, JSON Lines, CloudEvents, Debezium change events, kcat -J lines, or CSV whose header names key, value, time, type or offset";

/**
 * Reads a whole log.
 * @param {string} text
 * @returns {ParsedLog} `line` counts from 1; in one JSON document it is the element's place, from 1
 */
export function parseLog(text) {
  const parser = logParser();
  parser.push(text);
  return parser.end();
}

/**
 * A parser for a log that arrives in pieces, so that a worker can tell its progress.
 * @returns {{ push: (text: string) => void, end: () => ParsedLog, readonly count: number }} `count`: the records so far
 */
export function logParser() {
  const collector = createCollector();
  /** @type {string[]} */
  let head = [];
  let headLength = 0;
  let hasLine = false;
  /** @type {import("./log-text.js").Reader | null} */
  let reader = null;

  function begin() {
    const text = head.join("").replace(/^\uFEFF/, "");
    head = [];
    reader = chooseReader(text, collector);
    reader.push(text);
  }

  return {
    get count() {
      return collector.records.length;
    },
    push(text) {
      if (typeof text !== "string" || text === "") return;
      if (reader) return reader.push(text);
      head.push(text);
      headLength += text.length;
      hasLine ||= text.trimStart().includes("\n");
      if (hasLine && headLength >= HEAD_CHARACTERS) begin();
    },
    end() {
      if (!reader) begin();
      /** @type {import("./log-text.js").Reader} */ (/** @type {unknown} */ (reader)).end();
      return collector.finish();
    },
  };
}

/** Where records and problems come together, whatever they were read from. */
function createCollector() {
  /** @type {LogRecord[]} */
  const records = [];
  /** @type {{ line: number, message: string }[]} */
  const problems = [];
  /** @type {Format | null} */
  let format = null;
  let untold = 0;
  let firstUntold = 0;
  let surplus = 0;
  let firstSurplus = 0;
  let next = 0;
  let time = 0;

  /** @param {number} line @param {string} message */
  function report(line, message) {
    if (problems.length < MAX_PROBLEMS) problems.push({ line, message });
    else if (untold++ === 0) firstUntold = line;
  }

  /** @param {number} line @param {any} fields */
  function add(line, fields) {
    if (records.length >= MAX_RECORDS) {
      if (surplus++ === 0) firstSurplus = line;
      return;
    }
    const record = completeRecord(fields, next, time, (_field, message) => report(line, message));
    record.size = sizeOf(record);
    // Nobody changes what was read, so models may hand values out uncopied.
    freezeRead(record.value);
    records.push(record);
    next = record.offset + 1;
    time = record.time;
  }

  return {
    records,
    report,
    add,
    /** @param {Format} found the first format that is found stands */
    recognise(found) {
      format ??= found;
    },
    /** One JSON text that should hold a record. @param {string} text @param {number} line @param {Format} plain */
    addJson(text, line, plain) {
      if (nestsTooDeep(text)) return report(line, "nested deeper than 100 levels, skipped");
      let value;
      try {
        value = JSON.parse(text);
      } catch {
        return report(line, `${show(text)} is not JSON, skipped`);
      }
      if (typeof value !== "object" || value === null || Array.isArray(value)) return report(line, `${show(value)} is not a JSON object, skipped`);
      const { shape, fields, refusal, remark } = readObject(value);
      format ??= shape === "plain" ? (refusal ? null : plain) : shape;
      if (!fields) return report(line, `${refusal}, skipped`);
      if (remark) report(line, remark);
      add(line, fields);
    },
    /** @returns {ParsedLog} */
    finish() {
      if (surplus > 0) problems.push({ line: firstSurplus, message: `a log is read to ${MAX_RECORDS} records: ${surplus} more, from here on, are left out` });
      if (untold > 0) problems.push({ line: firstUntold, message: `${untold} more problems, from here on, are not listed one by one` });
      return { records, format: format ?? "unknown", problems };
    },
  };
}

/**
 * The reader for a text, chosen by its head.
 * @param {string} head
 * @param {ReturnType<typeof createCollector>} collector
 * @returns {import("./log-text.js").Reader}
 */
function chooseReader(head, collector) {
  const start = head.trimStart();
  if (start === "") {
    collector.report(1, "the text is empty");
    return { push() {}, end() {} };
  }
  if (start.startsWith("[")) return documentReader(true, collector);
  const lines = headLines(head);
  const isObject = lines[0].startsWith("{");
  if (isObject && /[{[,:]$/.test(lines[0]) && !isJson(lines[0])) return documentReader(false, collector);
  if (isObject || lines.some((line) => line.startsWith("{") && isJson(line))) return objectLineReader(collector);
  return csvReader(lines[0], collector) ?? refuseText(collector);
}

/** @param {string} head @returns {string[]} the first lines that are not blank, trimmed */
function headLines(head) {
  const lines = [];
  for (let start = 0; start < head.length && lines.length < HEAD_LINES; ) {
    const end = head.indexOf("\n", start);
    const line = head.slice(start, end < 0 ? head.length : end).trim();
    if (line !== "") lines.push(line);
    if (end < 0) break;
    start = end + 1;
  }
  return lines;
}

/** @param {string} text @returns {boolean} */
function isJson(text) {
  if (nestsTooDeep(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** @param {boolean} isList @param {ReturnType<typeof createCollector>} collector */
function documentReader(isList, collector) {
  const reader = elementReader(isList, (text, number) => collector.addJson(text, number, "json"), collector.report);
  return {
    push: reader.push,
    end() {
      reader.end();
      collector.recognise("json");
    },
  };
}

/** @param {ReturnType<typeof createCollector>} collector */
function objectLineReader(collector) {
  const reader = lineReader((line, number) => {
    if (line.trim() !== "") collector.addJson(line, number, "jsonl");
  });
  return {
    push: reader.push,
    end() {
      reader.end();
      collector.recognise("jsonl");
    },
  };
}

/**
 * @param {string} header
 * @param {ReturnType<typeof createCollector>} collector
 * @returns {import("./log-text.js").Reader | null} null where the header names no field
 */
function csvReader(header, collector) {
  const delimiters = [",", ";", "\t"];
  const delimiter = delimiters.reduce((best, each) => (header.split(each).length > header.split(best).length ? each : best));
  if (rowReader(cellsOf(header, delimiter)) === null) return null;
  /** @type {ReturnType<typeof rowReader>} */
  let rows = null;
  let width = 0;
  collector.recognise("csv");
  return rowSplitter(
    delimiter,
    (cells, line) => {
      if (rows === null) {
        rows = rowReader(cells);
        width = cells.length;
        if (rows?.remark) collector.report(line, rows.remark);
      } else if (cells.length !== width) {
        collector.report(line, `the row has ${cells.length} cells and the header ${width}, skipped`);
      } else collector.add(line, rows.read(cells));
    },
    collector.report,
  );
}

/** @param {ReturnType<typeof createCollector>} collector */
function refuseText(collector) {
  let count = 0;
  let first = 0;
  const reader = lineReader((line, number) => {
    if (line.trim() === "") return;
    count++;
    first ||= number;
  });
  return {
    push: reader.push,
    end() {
      reader.end();
      collector.report(first, `no known format, so ${count === 1 ? "the line is" : `all ${count} lines are`} skipped: a log is ${READABLE}`);
    },
  };
}

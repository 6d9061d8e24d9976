/**
 * Claims: sentences about an outcome that a machine can check.
 */
import { json, show } from "./records.js";

/** @typedef {"eq" | "ne" | "lt" | "le" | "gt" | "ge" | "contains" | "excludes" | "length"} Operator */
/** @typedef {{ holds: boolean, expected: any, found: any, problem?: string }} Verdict */

const MAX_DEPTH = 100;
const NOTHING = Symbol("nothing");

/** @type {Record<Operator, (found: any, expected: any) => boolean>} */
const OPERATORS = {
  eq: (found, expected) => same(found, expected),
  ne: (found, expected) => !same(found, expected),
  lt: (found, expected) => comparable(found, expected) && found < expected,
  le: (found, expected) => comparable(found, expected) && found <= expected,
  gt: (found, expected) => comparable(found, expected) && found > expected,
  ge: (found, expected) => comparable(found, expected) && found >= expected,
  contains: (found, expected) => holdsItem(found, expected),
  excludes: (found, expected) => isContainer(found) && !holdsItem(found, expected),
  length: (found, expected) => isContainer(found) && sizeOfContainer(found) === expected,
};

/**
 * Whether a claim holds in a run. A claim that cannot be read, or that points at nothing, does not hold and says why.
 * @param {Pick<import("./run.js").Run, "length" | "outcome">} run
 * @param {any} claim `{ path, op, value, at? }`: a JSON Pointer into `{ result, checks, scene }` after `at` steps (the end
 *   unless given), and what is said about the value found there
 * @returns {Verdict}
 */
export function evaluateClaim(run, claim) {
  const given = typeof claim === "object" && claim !== null ? claim : {};
  const expected = json(given.value);
  /** @param {string} problem @returns {Verdict} */
  const fail = (problem) => ({ holds: false, expected, found: null, problem });
  const at = given.at ?? run.length;
  if (!Number.isInteger(at) || at < 0 || at > run.length) return fail(`at was ${show(given.at)}: this run has the steps 0 to ${run.length}`);
  if (typeof given.op !== "string" || !Object.hasOwn(OPERATORS, given.op)) {
    return fail(`op was ${show(given.op)}: it must be one of ${Object.keys(OPERATORS).join(", ")}`);
  }
  const found = resolvePointer(run.outcome(at), given.path);
  if (found === NOTHING) return fail(`path was ${show(given.path)}: nothing is there`);
  return { holds: OPERATORS[/** @type {Operator} */ (given.op)](found, expected), expected, found };
}

/** @param {any} document @param {any} pointer @returns {any} */
function resolvePointer(document, pointer) {
  if (typeof pointer !== "string" || (pointer !== "" && !pointer.startsWith("/"))) return NOTHING;
  let value = document;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return NOTHING;
    if (Array.isArray(value) && !/^(0|[1-9]\d*)$/.test(name)) return NOTHING;
    value = value[name];
  }
  return value;
}

/** @param {any} a @param {any} b @param {number} [depth] @returns {boolean} */
function same(a, b, depth = 0) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || depth > MAX_DEPTH) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name], depth + 1));
}

/** @param {any} a @param {any} b @returns {boolean} numbers with numbers, texts with texts */
function comparable(a, b) {
  return typeof a === typeof b && (typeof a === "number" || typeof a === "string");
}

/** @param {any} value @returns {boolean} */
function isContainer(value) {
  return typeof value === "string" || (typeof value === "object" && value !== null);
}

/** @param {any} value @returns {number} */
function sizeOfContainer(value) {
  return typeof value === "string" || Array.isArray(value) ? value.length : Object.keys(value).length;
}

/** @param {any} found @param {any} expected @returns {boolean} an item of a list, a part of a text, or a name of an object */
function holdsItem(found, expected) {
  if (Array.isArray(found)) return found.some((item) => same(item, expected));
  if (typeof expected !== "string" || !isContainer(found)) return false;
  return typeof found === "string" ? found.includes(expected) : Object.hasOwn(found, expected);
}

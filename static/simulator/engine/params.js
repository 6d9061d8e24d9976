/**
 * Parameters and interventions from outside, resolved against what a model declares. Whatever comes in, a bounded value
 * of the declared type comes out, and each departure is a problem that names the field, the value and the way out.
 */
import { freeze, show } from "./records.js";

/** @typedef {import("./records.js").Problem} Problem */
/**
 * @typedef {object} Param
 * @property {string} name
 * @property {"integer" | "number" | "boolean" | "choice" | "string" | "list" | "numbers" | "map" | "strings" | "lists" | "row" | "rows"} type
 *   `list`: texts without repeats; `numbers`: integers; `map`: name → integer; `strings`: name → text; `lists`: name → texts;
 *   `row`: a table of the declared columns; `rows`: a list of such
 * @property {any} [default] without one, the value is required
 * @property {readonly Param[]} [columns] of a row or rows: each a number, boolean, choice or string; those of a single row have defaults
 * @property {number} [min] of the number, or of each number in a structure
 * @property {number} [max]
 * @property {number} [step] of a control; it does not restrict values
 * @property {number} [maxItems] of a structure, 100 unless given
 * @property {{ value: string, label: { engineer: string, manager: string } }[]} [choices]
 * @property {string} [unit]
 * @property {boolean} [nullable]
 * @property {{ engineer: string, manager: string }} label
 * @property {string} [kafka] the configuration key of Kafka that it stands for
 */

const MAX_ITEMS = 100;
const MAX_TEXT = 200;
const MAX_INTERVENTIONS = 10_000;
const MAX_REPORTED = 100;
/** Returned where no usable value was found. */
const NONE = Symbol("none");
/** The same, where the problems say so already. */
const LEFT_OUT = Symbol("left out");

/** @param {string} name @returns {string} one token of a JSON Pointer */
const token = (name) => name.replaceAll("~", "~0").replaceAll("/", "~1");

/** @param {any} value @returns {boolean} */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Every declared parameter with its value.
 * @param {readonly Param[]} declared
 * @param {any} given
 * @param {Problem[]} problems
 * @returns {Record<string, any>}
 */
export function resolveParams(declared, given, problems) {
  if (given !== undefined && given !== null && !isObject(given)) {
    problems.push({ path: "/params", message: `params was ${show(given)}: it must be an object, so the defaults are used` });
  }
  const source = isObject(given) ? given : {};
  reportUnknown(declared, source, "/params", [], problems);
  return freeze(Object.fromEntries(declared.map((param) => [param.name, resolve(param, own(source, param.name), "/params", problems)])));
}

/**
 * The interventions that a model can carry out, in the order in which they happen. Each has `kind`, `at` (how many records
 * are in the log before it), its declared parameters, and `index`, its place in the input.
 * @param {readonly { kind: string, params: readonly Param[] }[]} declared
 * @param {any} given
 * @param {number} length the number of records
 * @param {Problem[]} problems
 * @returns {readonly any[]}
 */
export function resolveInterventions(declared, given, length, problems) {
  if (given === undefined || given === null) return Object.freeze([]);
  if (!Array.isArray(given)) {
    problems.push({ path: "/interventions", message: `interventions was ${show(given)}: it must be a list, so none is used` });
    return Object.freeze([]);
  }
  /** @type {Problem[]} */
  const found = [];
  const resolved = given
    .slice(0, MAX_INTERVENTIONS)
    .map((item, index) => resolveIntervention(declared, item, index, length, found))
    .filter((item) => item !== null);
  problems.push(...found.slice(0, MAX_REPORTED));
  if (found.length > MAX_REPORTED) {
    problems.push({ path: "/interventions", message: `${found.length - MAX_REPORTED} more values of the interventions were amended or refused` });
  }
  if (given.length > MAX_INTERVENTIONS) {
    problems.push({ path: "/interventions", message: `interventions had ${given.length} entries: the most is ${MAX_INTERVENTIONS}, so the rest is left out` });
  }
  return freeze(resolved.sort((a, b) => a.at - b.at));
}

/**
 * @param {readonly { kind: string, params: readonly Param[] }[]} declared
 * @param {any} item
 * @param {number} index
 * @param {number} length
 * @param {Problem[]} problems
 * @returns {any}
 */
function resolveIntervention(declared, item, index, length, problems) {
  const path = `/interventions/${index}`;
  const intervention = isObject(item) ? declared.find(({ kind }) => kind === own(item, "kind")) : undefined;
  if (!intervention) {
    const kinds = declared.map(({ kind }) => kind).join(", ") || "none";
    const value = isObject(item) ? show(own(item, "kind")) : show(item);
    problems.push({ path: `${path}/kind`, message: `kind was ${value}: this model knows ${kinds}, so the intervention is left out` });
    return null;
  }
  reportUnknown(intervention.params, item, path, ["kind", "at"], problems);
  const at = resolve({ name: "at", type: "integer", default: length, min: 0, max: length, label: NO_LABEL }, own(item, "at") ?? undefined, path, problems);
  const values = intervention.params.map((param) => [param.name, resolve(param, own(item, param.name), path, problems)]);
  if (values.some(([, value]) => value === NONE)) return null;
  return { kind: intervention.kind, at, index, ...Object.fromEntries(values) };
}

const NO_LABEL = { engineer: "", manager: "" };

/** @param {any} source @param {string} name @returns {any} */
function own(source, name) {
  return Object.hasOwn(source, name) ? source[name] : undefined;
}

/**
 * @param {readonly Param[]} declared
 * @param {any} source
 * @param {string} path
 * @param {string[]} others
 * @param {Problem[]} problems
 */
function reportUnknown(declared, source, path, others, problems) {
  const unknown = Object.keys(source).filter((name) => !others.includes(name) && !declared.some((param) => param.name === name));
  for (const name of unknown.slice(0, 10)) {
    const known = declared.map((param) => param.name).join(", ") || "none";
    problems.push({ path: `${path}/${token(name)}`, message: `${name.slice(0, 60)} is not known here: the names are ${known}; it is left out` });
  }
  if (unknown.length > 10) problems.push({ path, message: `${unknown.length - 10} more unknown names are left out` });
}

/**
 * @param {Param} param
 * @param {any} value
 * @param {string} base
 * @param {Problem[]} problems
 * @param {string} [whole] what goes with a value that is required and cannot be used
 * @returns {any}
 */
function resolve(param, value, base, problems, whole = "intervention") {
  const path = `${base}/${token(param.name)}`;
  const fallback = param.default === undefined ? NONE : param.default;
  if (value === undefined && fallback !== NONE) return fallback;
  if (value === null && param.nullable) return null;
  const result = CHECKS[param.type](param, value, path, problems);
  if (result !== NONE) return result;
  const outcome = fallback === NONE ? `it is required, so the ${whole} is left out` : `${show(fallback)} is used`;
  problems.push({ path, message: `${param.name} was ${show(value)}: it must be ${expectation(param)}; ${outcome}` });
  return fallback;
}

/** @param {Param} param @returns {string} */
function expectation(param) {
  const words = {
    integer: "a whole number",
    number: "a number",
    boolean: "true or false",
    choice: `one of ${(param.choices ?? []).map(({ value }) => value).join(", ")}`,
    string: `a text of 1 to ${MAX_TEXT} characters`,
    list: "a list of texts",
    numbers: "a list of whole numbers",
    map: "an object of whole numbers",
    strings: "an object of texts",
    lists: "an object of lists of texts",
    row: `an object with ${(param.columns ?? []).map(({ name }) => name).join(", ")}`,
    rows: `a list of objects with ${(param.columns ?? []).map(({ name }) => name).join(", ")}`,
  };
  return words[param.type] + (param.nullable ? ", or null" : "");
}

/** @type {Record<string, (param: Param, value: any, path: string, problems: Problem[]) => any>} */
const CHECKS = {
  integer: (param, value, path, problems) => (Number.isFinite(value) ? bounded(param, Math.trunc(value), value, path, problems) : NONE),
  number: (param, value, path, problems) => (Number.isFinite(value) ? bounded(param, value, value, path, problems) : NONE),
  boolean: (_param, value) => (typeof value === "boolean" ? value : NONE),
  choice: (param, value) => ((param.choices ?? []).some((choice) => choice.value === value) ? value : NONE),
  string: (_param, value) => (isText(value) ? value : NONE),
  list: (param, value, path, problems) => (Array.isArray(value) ? texts(param, value, path, problems) : NONE),
  numbers: (param, value, path, problems) =>
    Array.isArray(value) ? items(param, value, path, problems, (item, at) => CHECKS.integer(param, item, at, problems)) : NONE,
  map: (param, value, path, problems) =>
    isObject(value) ? entries(param, value, path, problems, (item, at) => CHECKS.integer(param, item, at, problems)) : NONE,
  strings: (param, value, path, problems) => (isObject(value) ? entries(param, value, path, problems, (item) => (isText(item) ? item : NONE)) : NONE),
  lists: (param, value, path, problems) =>
    isObject(value)
      ? entries(param, value, path, problems, (item, at) => (Array.isArray(item) ? texts(param, item, at, problems) : NONE))
      : NONE,
  row: (param, value, path, problems) => (isObject(value) ? row(param, value, path, problems) : NONE),
  rows: (param, value, path, problems) => (Array.isArray(value) ? rows(param, value, path, problems) : NONE),
};

/** @param {any} value @returns {boolean} */
function isText(value) {
  return typeof value === "string" && value.length > 0 && value.length <= MAX_TEXT;
}

/**
 * @param {Param} param
 * @param {number} number
 * @param {number} given
 * @param {string} path
 * @param {Problem[]} problems
 * @returns {number}
 */
function bounded(param, number, given, path, problems) {
  const min = param.min ?? -Number.MAX_SAFE_INTEGER;
  const max = param.max ?? Number.MAX_SAFE_INTEGER;
  const value = Math.min(max, Math.max(min, number)) + 0;
  if (value !== given) {
    const rule = given > max ? `the most is ${max}` : given < min ? `the least is ${min}` : "it must be whole";
    problems.push({ path, message: `${param.name} was ${given}: ${rule}, so ${value} is used` });
  }
  return value;
}

/**
 * @param {Param} param
 * @param {any[]} value
 * @param {string} path
 * @param {Problem[]} problems
 * @returns {any[]}
 */
function texts(param, value, path, problems) {
  const seen = new Set();
  return items(param, value, path, problems, (item) => {
    if (!isText(item) || seen.has(item)) return NONE;
    seen.add(item);
    return item;
  });
}

/**
 * Rows with all their columns. Columns that a row leaves out have their defaults; a row without a usable value for one that
 * has none is left out.
 * @param {Param} param
 * @param {any[]} value
 * @param {string} path
 * @param {Problem[]} problems
 * @returns {any[]}
 */
function rows({ columns = [], ...param }, value, path, problems) {
  return items(param, value, path, problems, (one, at) => (isObject(one) ? row({ ...param, columns }, one, at, problems) : NONE));
}

/**
 * @param {Param} param
 * @param {any} value
 * @param {string} path
 * @param {Problem[]} problems
 * @returns {any}
 */
function row({ columns = [] }, value, path, problems) {
  reportUnknown(columns, value, path, [], problems);
  const values = columns.map((column) => [column.name, resolve(column, own(value, column.name), path, problems, "row")]);
  return values.some(([, one]) => one === NONE) ? LEFT_OUT : Object.fromEntries(values);
}

/**
 * @param {Param} param
 * @param {any[]} list
 * @param {string} path
 * @param {Problem[]} problems
 * @param {(item: any, path: string) => any} check
 * @returns {any[]}
 */
function items(param, list, path, problems, check) {
  const most = param.maxItems ?? MAX_ITEMS;
  if (list.length > most) problems.push({ path, message: `${param.name} had ${list.length} entries: the most is ${most}, so the rest is left out` });
  const kept = [];
  for (const [index, item] of list.slice(0, most).entries()) {
    const result = check(item, `${path}/${index}`);
    if (result === NONE) problems.push({ path: `${path}/${index}`, message: `${param.name} had ${show(item)}: it repeats an entry or is none of the right kind, so it is left out` });
    else if (result !== LEFT_OUT) kept.push(result);
  }
  return kept;
}

/**
 * @param {Param} param
 * @param {any} object
 * @param {string} path
 * @param {Problem[]} problems
 * @param {(item: any, path: string) => any} check
 * @returns {Record<string, any>}
 */
function entries(param, object, path, problems, check) {
  const names = Object.keys(object);
  const kept = new Map();
  for (const name of names.filter(isText)) {
    if (kept.size >= (param.maxItems ?? MAX_ITEMS)) break;
    const result = check(object[name], `${path}/${token(name)}`);
    if (result === NONE) problems.push({ path: `${path}/${token(name)}`, message: `${param.name} had ${show(object[name])} for ${show(name)}: it must be ${expectation(param)}; it is left out` });
    else kept.set(name, result);
  }
  if (names.length > (param.maxItems ?? MAX_ITEMS) || !names.every(isText)) {
    problems.push({ path, message: `${param.name} had ${names.length} entries: at most ${param.maxItems ?? MAX_ITEMS}, with names of 1 to ${MAX_TEXT} characters, are used` });
  }
  return Object.fromEntries(kept);
}

/**
 * A run: one model over one input, with every step reachable in any order; and whether a claim about it holds.
 *
 * A model's state may change in place; the run keeps copies of it (checkpoints) every so many steps and reaches any step by
 * replaying from the nearest one, so that scrubbing through a long log costs neither memory nor time.
 */
import { freeze, json, normaliseLog, show } from "./records.js";
import { resolveInterventions, resolveParams } from "./params.js";

/** @typedef {import("./records.js").LogRecord} LogRecord */
/** @typedef {import("./records.js").Problem} Problem */
/** @typedef {import("./params.js").Param} Param */
/** @typedef {{ engineer: string, manager: string }} Words */
/** @typedef {{ code: string, refs: readonly string[], data: any }} Fact */
/** @typedef {{ step: number, time: number, facts: readonly Fact[], scene: any }} Frame */
/** @typedef {{ id: string, holds: boolean, detail: string }} Check */
/** @typedef {{ log: readonly LogRecord[], params: any, interventions: readonly any[], seed: number, problems: Problem[] }} Input */
/**
 * @typedef {object} Plan
 * @property {number} length
 * @property {(i: number) => any} action computed on demand. Its `time`, if it has one, is the frame's; a record may be an
 *   action as it is
 * @property {any} [end] the state after the last action, where the plan is made by going all the way
 */
/**
 * @typedef {object} Model
 * @property {string} id
 * @property {string} title
 * @property {"optional" | "required"} log
 * @property {readonly Param[]} params
 * @property {readonly { kind: string, label: Words, params: readonly Param[] }[]} interventions
 * @property {(input: Input) => Input} [prepare] checks that span several values; it may add to `input.problems`
 * @property {(input: Input) => Plan} plan
 * @property {(input: Input) => any} start
 * @property {(state: any, action: any, quiet: boolean) => readonly Fact[]} step when `quiet`, nobody reads the facts and
 *   the model may return an empty list instead
 * @property {(state: any) => any} copy a state that shares nothing that a step changes
 * @property {(state: any) => any} scene
 * @property {(input: Input) => any} [settle] the result at once, without a state that could be stepped through; null
 *   where the way matters
 * @property {(state: any) => any} result
 * @property {(state: any) => Check[]} checks
 */
/**
 * @typedef {object} Run
 * @property {any} params every parameter, resolved and bounded
 * @property {number} length the number of steps
 * @property {readonly Problem[]} problems
 * @property {any} result
 * @property {readonly Check[]} checks
 * @property {readonly LogRecord[]} records the log as the model reads it
 * @property {(i: number) => Frame} at the frame after i steps
 * @property {(i: number) => { result: any, checks: readonly Check[], scene: any }} outcome what stands after i steps
 * @property {(from: number, codes: readonly string[], direction?: number) => number} find the nearest step after (or,
 *   with a negative direction, before) `from` that has a fact with one of the codes, or −1
 */

/** The most steps of a run. */
export const MAX_STEPS = 4_000_000;
const FIRST_SPACING = 64;
const MAX_CHECKPOINTS = 200;
/** @type {readonly Fact[]} */
const NO_FACTS = Object.freeze([]);

/**
 * Runs a model. The input is never changed, junk never throws, and the same input gives the same bytes.
 * @param {Model} model
 * @param {any} [source] `{ log, params, interventions, seed }`, each optional
 * @returns {Run}
 */
export function createRun(model, source) {
  const input = readInput(model, source);
  const plan = model.plan(input);
  const length = Math.min(plan.length, MAX_STEPS);
  if (plan.length > length) {
    input.problems.push({ path: "/log", message: `the run would take ${plan.length} steps: it stops after ${MAX_STEPS}, so use a shorter log` });
  }
  freeze(input.problems);
  const walk = createWalk(model, input, plan, length);
  /** @type {any} */
  let result;
  /** @type {readonly Check[] | undefined} */
  let checks;

  return Object.freeze({
    params: input.params,
    length,
    problems: input.problems,
    records: input.log,
    get result() {
      return (result ??= freeze((length === plan.length && model.settle?.(input)) || model.result(walk.last())));
    },
    get checks() {
      return (checks ??= freeze(model.checks(walk.last())));
    },
    at(/** @type {number} */ i) {
      const step = within(i, length);
      const { state, facts, time } = walk.to(step);
      return freeze({ step, time, facts, scene: model.scene(state) });
    },
    outcome(/** @type {number} */ i) {
      const { state } = walk.to(within(i, length));
      return freeze({ result: model.result(state), checks: model.checks(state), scene: model.scene(state) });
    },
    find(/** @type {number} */ from, /** @type {readonly string[]} */ codes, direction = 1) {
      const wanted = new Set(codes);
      return direction < 0 ? walk.before(within(from, length), wanted) : walk.after(within(from, length), wanted);
    },
  });
}

/**
 * @param {Model} model
 * @param {any} source
 * @returns {Input}
 */
function readInput(model, source) {
  /** @type {Problem[]} */
  const problems = [];
  const given = typeof source === "object" && source !== null ? source : {};
  const log = normaliseLog(given.log, problems);
  const input = {
    log,
    params: resolveParams(model.params, given.params, problems),
    interventions: resolveInterventions(model.interventions, given.interventions, log.length, problems),
    seed: readSeed(given.seed, problems),
    problems,
  };
  return model.prepare ? model.prepare(input) : input;
}

/** @param {any} seed @param {Problem[]} problems @returns {number} */
function readSeed(seed, problems) {
  if (seed === undefined || seed === null) return 1;
  if (Number.isSafeInteger(seed)) return seed;
  problems.push({ path: "/seed", message: `seed was ${show(seed)}: it must be a whole number, so 1 is used` });
  return 1;
}

/** @param {any} i @param {number} length @returns {number} */
function within(i, length) {
  return Number.isNaN(Number(i)) ? 0 : Math.min(length, Math.max(0, Math.trunc(Number(i))));
}

/**
 * The cursor over a run's states. There is one live state, which moves; checkpoints lie behind it, closer at first, wider as
 * they grow in number.
 * @param {Model} model
 * @param {Input} input
 * @param {Plan} plan
 * @param {number} length
 */
function createWalk(model, input, plan, length) {
  const firstTime = input.log.length > 0 ? input.log[0].time : 0;
  let spacing = FIRST_SPACING;
  /** @type {{ step: number, state: any, time: number }[]} */
  let checkpoints = [];
  /** @type {{ step: number, state: any, time: number, facts: readonly Fact[] } | null} */
  let live = null;
  let final = length === plan.length ? plan.end : undefined;

  /** @param {number} step puts the live state on the nearest copy at or before a step */
  function rewind(step) {
    let nearest = null;
    for (let low = 0, high = checkpoints.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (checkpoints[middle].step <= step) {
        nearest = checkpoints[middle];
        low = middle + 1;
      } else high = middle;
    }
    if (live && live.step <= step && live.step >= (nearest?.step ?? 0)) return live;
    live = nearest
      ? { step: nearest.step, state: model.copy(nearest.state), time: nearest.time, facts: NO_FACTS }
      : { step: 0, state: model.start(input), time: firstTime, facts: NO_FACTS };
    return live;
  }

  /** @param {NonNullable<typeof live>} cursor @param {boolean} quiet */
  function advance(cursor, quiet) {
    const action = plan.action(cursor.step);
    cursor.facts = model.step(cursor.state, action, quiet);
    if (typeof action.time === "number") cursor.time = action.time;
    cursor.step++;
    if (cursor.step % spacing === 0 && cursor.step > (checkpoints.at(-1)?.step ?? 0)) mark(cursor);
  }

  /** @param {NonNullable<typeof live>} cursor */
  function mark(cursor) {
    checkpoints.push({ step: cursor.step, state: model.copy(cursor.state), time: cursor.time });
    if (checkpoints.length < MAX_CHECKPOINTS) return;
    spacing *= 2;
    checkpoints = checkpoints.filter(({ step }) => step % spacing === 0);
  }

  /** @param {readonly Fact[]} facts @param {Set<string>} wanted */
  const hits = (facts, wanted) => facts.some(({ code }) => wanted.has(code));

  return {
    /** The state after a step with that step's facts; it is good until the next call. @param {number} step */
    to(step) {
      if (live && live.step === step && (live.facts !== NO_FACTS || step === 0)) return live;
      const cursor = rewind(Math.max(0, step - 1));
      while (cursor.step < step) advance(cursor, cursor.step < step - 1);
      return cursor;
    },

    /** The state at the end. It takes no copies on the way: a result alone must not pay for scrubbing. */
    last() {
      if (final !== undefined) return final;
      const nearest = checkpoints.at(-1);
      const state = nearest ? model.copy(nearest.state) : model.start(input);
      for (let i = nearest?.step ?? 0; i < length; i++) model.step(state, plan.action(i), true);
      return (final = state);
    },

    /** @param {number} from @param {Set<string>} wanted */
    after(from, wanted) {
      const cursor = rewind(from);
      while (cursor.step < length) {
        advance(cursor, cursor.step < from);
        if (cursor.step > from && hits(cursor.facts, wanted)) return cursor.step;
      }
      return -1;
    },

    /** @param {number} from @param {Set<string>} wanted */
    before(from, wanted) {
      let end = from;
      while (end > 1) {
        const cursor = rewind(Math.max(0, end - 1 - FIRST_SPACING));
        const start = cursor.step;
        let found = -1;
        while (cursor.step < end - 1) {
          advance(cursor, false);
          if (hits(cursor.facts, wanted)) found = cursor.step;
        }
        if (found > 0) return found;
        end = start + 1;
      }
      return -1;
    },
  };
}

/**
 * A plan of one step per record, with each intervention before the record at its `at`. A step's action is the record as
 * `{ record, index, time }` or the intervention as `{ intervention, index, time }`, `index` being the records before it.
 * @param {Input} input
 */
export function interleave(input) {
  const { log, interventions } = input;
  const turns = interventions.map(({ at }, i) => at + i);
  return {
    length: log.length + interventions.length,
    /** @param {number} i @returns {{ record?: LogRecord, intervention?: any, index: number, time: number | undefined }} */
    action(i) {
      let low = 0;
      for (let high = turns.length; low < high; ) {
        const middle = (low + high) >> 1;
        if (turns[middle] < i) low = middle + 1;
        else high = middle;
      }
      if (turns[low] === i) return { intervention: interventions[low], index: i - low, time: undefined };
      const record = log[i - low];
      return { record, index: i - low, time: record.time };
    },
  };
}

/**
 * A plan of steps that depend on what has happened so far (a crash, a retry, a queue that empties), found by running through
 * once with nobody watching. An action is `{ act, time }`.
 * @template State, Act
 * @param {State} state a fresh one, which is used up
 * @param {(state: State) => Act | null} next what a state does next; null: nothing any more
 * @param {(state: State, action: { act: Act, time: number }, quiet: boolean) => unknown} step
 * @param {(state: State) => number} time the time of a state's next step
 */
export function rehearse(state, next, step, time) {
  /** @type {Act[]} */
  const acts = [];
  /** @type {number[]} */
  const times = [];
  const action = { act: /** @type {any} */ (null), time: 0 };
  for (let act = next(state); act !== null && acts.length <= MAX_STEPS; act = next(state)) {
    action.act = act;
    action.time = time(state);
    acts.push(act);
    times.push(action.time);
    step(state, action, true);
  }
  return { length: acts.length, action: (/** @type {number} */ i) => ({ act: acts[i], time: times[i] }) };
}

/**
 * A model as pages and scripts see it.
 * @param {Model} model
 */
export function describe({ id, title, params, interventions }) {
  return json({ id, title, params, interventions });
}

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
 * @param {Pick<Run, "length" | "outcome">} run
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

/**
 * Command query separation at a counter that gives out numbers: questions, which change nothing, and draws, which must. What
 * happens when a question draws, when an answer is lost and the caller asks again, and when a draw is split in two.
 */
import { scene } from "../cqs_scene.js";
import { Tape, VersionedMap } from "../timeline.js";

/** @typedef {"query" | "command" | "both"} Part */
/** @typedef {{ index: number, offset: number | null, key: string | null, type: string, by: string | null }} Call `index`: its record, or −1 */
/** @typedef {{ drawn: boolean, holders: readonly string[] }} Given `drawn`: by somebody who wants the number; `holders`: requests that got it */
/** @typedef {{ type: string, number: number } | null} Asked what the last call asked, if it was a question */

/** @type {readonly Part[]} */
const PARTS = Object.freeze(["query", "command", "both"]);
const MOST_TIMES = 20;
const DEFAULT_OPERATIONS = { LastNumber: "query", PreviewNumber: "query", NextNumber: "both" };
const times = (most) => ({ name: "times", type: "integer", default: 5, min: 1, max: most, label: { engineer: "times", manager: "times" } });

/**
 * Parameters: `operations` (type of a call → `query`: answers and changes nothing; `command`: takes the next number and
 * answers nothing; `both`), `questions` (types whose callers think that they only ask), `drawing` (`one-call`: an operation
 * that is both stays one step; `split`: it becomes a command and then a query), `requestIds` (each request has an id: a repeat
 * is answered as the first time and carried out no more, and the query of a split draw asks for its own number),
 * `retry` (whether a caller who gets no answer asks again), `firstNumber`.
 *
 * Interventions: `repeat` (one call, several times in a row), `lose-answer` (the next answers do not arrive), `overlap` (the
 * next calls run at the same time: each takes its first step before any takes its second).
 *
 * A call is a record: `key` the series of numbers, `type` the operation; `by` in the value, the caller, is only shown.
 *
 * Result: `{ calls, executed, counters: {series: last number}, answers: [{call, operation, series, number, again}],
 * skipped: [{series, number}], doubled: [{series, number, holders}], lostAnswers, movedByQuestions }`. `answers` are those
 * that arrived, `call` being the record's offset, or null for a call of `repeat`; `again`: it answers a repeat. A number is
 * `skipped` if it was drawn and nobody who wanted it got it, `doubled` if several did. `movedByQuestions`: how often the counter moved
 * for a caller who thought to ask.
 */
export const model = {
  id: "cqs",
  title: "Command query separation",
  log: "required",
  params: [
    { name: "operations", type: "strings", default: DEFAULT_OPERATIONS, label: { engineer: "what each operation is: query, command or both", manager: "what each request does" } },
    { name: "questions", type: "list", default: ["LastNumber", "PreviewNumber"], label: { engineer: "operations that callers take for queries", manager: "what people take for a mere question" } },
    {
      name: "drawing", type: "choice", default: "one-call",
      choices: [
        { value: "one-call", label: { engineer: "one call that changes and answers", manager: "pull the ticket and read it in one go" } },
        { value: "split", label: { engineer: "a command, then a query", manager: "first press the button, then read the display" } },
      ],
      label: { engineer: "an operation that is both", manager: "how a number is drawn" },
    },
    { name: "requestIds", type: "boolean", default: false, label: { engineer: "requests carry an id", manager: "every request has a reference of its own" } },
    { name: "retry", type: "boolean", default: true, label: { engineer: "ask again when no answer comes", manager: "ask again when no answer comes" } },
    { name: "firstNumber", type: "integer", default: 1, min: 0, max: 1_000_000_000, label: { engineer: "first number of a series", manager: "first number of a series" } },
  ],
  interventions: [
    {
      kind: "repeat", label: { engineer: "Make the same call several times", manager: "Ask for the same thing several times" },
      params: [
        { name: "type", type: "string", default: "LastNumber", label: { engineer: "operation", manager: "what is asked for" } },
        times(MOST_TIMES),
        { name: "key", type: "string", default: null, nullable: true, label: { engineer: "series (none: that of the call before)", manager: "of which series (none: the one before)" } },
      ],
    },
    { kind: "lose-answer", label: { engineer: "Lose the next answer", manager: "The next answer gets lost" }, params: [{ ...times(10), default: 1 }] },
    {
      kind: "overlap", label: { engineer: "Run the next calls at the same time", manager: "The next ones come at the same moment" },
      params: [{ name: "callers", type: "integer", default: 2, min: 2, max: 10, label: { engineer: "how many", manager: "how many" } }],
    },
  ],
  prepare, plan, start, step, copy, scene, result, checks,
};

function prepare(input) {
  const operations = Object.entries(input.params.operations).filter(([type, kind]) => {
    if (PARTS.includes(kind)) return true;
    input.problems.push({ path: `/params/operations/${type}`, message: `operations had "${kind}" for "${type}": it must be one of ${PARTS.join(", ")}, so it is left out` });
    return false;
  });
  return { ...input, params: Object.freeze({ ...input.params, operations: Object.freeze(Object.fromEntries(operations)) }) };
}

/** What of a call is done in one step, as a number. Calls are numbered: first the records, then what interventions repeat. */
const pack = (call, n, part, isAgain, isLost) => (((call * (MOST_TIMES + 1) + n) * 3 + part) * 2 + Number(isAgain)) * 2 + Number(isLost);

function unpack(code) {
  const rest = Math.floor(code / 4);
  const place = Math.floor(rest / 3);
  return { call: Math.floor(place / (MOST_TIMES + 1)), n: place % (MOST_TIMES + 1), part: PARTS[rest % 3], isAgain: (code & 2) !== 0, isLost: (code & 1) !== 0 };
}

/** Actions as numbers: a packed step of a call, or −1 − an intervention's place. */
function plan({ log, interventions, params }) {
  const actions = [];
  const kinds = new Map(Object.entries(params.operations));
  const partsOf = (type) => {
    const kind = kinds.get(type) ?? "query";
    return kind === "both" && params.drawing === "split" ? [1, 0] : [PARTS.indexOf(kind)];
  };
  let toLose = 0;
  const send = (call, n, part) => {
    for (let isAgain = false; ; isAgain = true) {
      const isLost = toLose > 0;
      if (isLost) toLose -= 1;
      actions.push(pack(call, n, part, isAgain, isLost));
      if (!isLost || !params.retry) return;
    }
  };
  /** Calls that wait for others to run with. */
  let group = { wanted: 0, calls: /** @type {number[]} */ ([]) };
  const runGroup = () => {
    for (const turn of [0, 1]) {
      for (const call of group.calls) {
        const part = partsOf(log[call].type)[turn];
        if (part !== undefined) send(call, 0, part);
      }
    }
    group = { wanted: 0, calls: [] };
  };
  let next = 0;
  for (let index = 0; index <= log.length; index++) {
    for (; next < interventions.length && interventions[next].at <= index; next++) {
      runGroup();
      actions.push(-1 - next);
      const { kind, type, times: count, callers } = interventions[next];
      if (kind === "lose-answer") toLose += count;
      else if (kind === "overlap") group.wanted = callers;
      else for (let n = 0; n < count; n++) for (const part of partsOf(type)) send(log.length + next, n, part);
    }
    if (index === log.length) break;
    group.calls.push(index);
    if (group.calls.length >= group.wanted) runGroup();
  }
  runGroup();
  return {
    length: actions.length,
    action(i) {
      const code = actions[i];
      if (code < 0) return { intervention: interventions[-1 - code] };
      const { call, n, part, isAgain, isLost } = unpack(code);
      return { call: callOf(log, interventions, call), id: `${call}.${n}`, part, isAgain, isLost, time: log[call]?.time };
    },
  };
}

/** @returns {Call} */
function callOf(log, interventions, call) {
  if (call < log.length) {
    const { offset, key, type, value } = log[call];
    return { index: call, offset, key, type, by: typeof value?.by === "string" ? value.by : null };
  }
  const { at, key, type } = interventions[call - log.length];
  return { index: -1, offset: null, key: key ?? log[Math.max(0, at - 1)]?.key ?? null, type, by: null };
}

function start(input) {
  return {
    input,
    kinds: new Map(Object.entries(input.params.operations)),
    counters: /** @type {VersionedMap<number>} */ (new VersionedMap()),
    /** The numbers that were drawn, by series and number. */
    given: /** @type {VersionedMap<Given>} */ (new VersionedMap()),
    /** The number that each request led to, while requests have ids. */
    known: /** @type {VersionedMap<number>} */ (new VersionedMap()),
    asked: /** @type {VersionedMap<Asked>} */ (new VersionedMap()),
    answers: new Tape(),
    calls: 0, executed: 0, lostAnswers: 0, movedByQuestions: 0, unequal: 0,
    /** How many records have been called with, and what this step is about. */
    handled: 0,
    last: null,
  };
}

function copy(state) {
  return {
    ...state,
    counters: state.counters.copy(), given: state.given.copy(), known: state.known.copy(), asked: state.asked.copy(), answers: state.answers.copy(),
  };
}

const seriesOf = ({ key }) => key ?? "(no series)";
const place = (series, number) => JSON.stringify([series, number]);

function step(state, { intervention, call, id, part, isAgain, isLost }, quiet) {
  if (intervention) {
    state.last = null;
    const { kind, type, times: count, callers } = intervention;
    if (kind === "repeat") return [{ code: "call.repeated", refs: [], data: { type, times: count, isQuestion: isQuestion(state, type) } }];
    return kind === "overlap" ? [{ code: "calls.overlapped", refs: [], data: { callers } }] : [{ code: "line.cut", refs: [], data: { times: count } }];
  }
  if (!isAgain) state.calls += Number(part !== "query" || state.kinds.get(call.type) !== "both");
  state.handled = Math.max(state.handled, call.index + 1);
  if (!state.kinds.has(call.type)) {
    state.last = { call, part, isAgain, isLost, isKnown: true, before: null, number: null };
    return [{ code: "operation.unknown", refs: refsOf(call), data: { type: call.type || "a call" } }];
  }
  const before = numberOf(state, seriesOf(call));
  const done = carryOut(state, call, id, part);
  const answer = part === "command" ? null : done.number;
  if (isLost) state.lostAnswers += 1;
  else if (answer !== null) receive(state, call, id, part, answer, isAgain);
  state.last = { call, part, isAgain, isLost, isKnown: done.isKnown, before, number: answer };
  return quiet ? [] : tell(state, call, part, { ...done, before, answer, isAgain, isLost });
}

/** @returns {number} the last number of a series */
const numberOf = (state, series) => state.counters.get(series) ?? state.input.params.firstNumber - 1;
const isQuestion = (state, type) => state.input.params.questions.includes(type);

/** Does what a call asks for. @returns {{ number: number, isKnown: boolean }} `isKnown`: it had been done before, and is not done again */
function carryOut(state, call, id, part) {
  const series = seriesOf(call);
  const { requestIds } = state.input.params;
  const known = requestIds && (part !== "query" || state.kinds.get(call.type) === "both") ? state.known.get(id) : undefined;
  if (known !== undefined && part !== "query") return { number: known, isKnown: true };
  state.executed += 1;
  if (known !== undefined) return { number: known, isKnown: false };
  if (part === "query") return { number: numberOf(state, series), isKnown: false };
  const number = numberOf(state, series) + 1;
  state.counters.set(series, number);
  const asks = isQuestion(state, call.type);
  if (asks) state.movedByQuestions += 1;
  state.given.set(place(series, number), { drawn: state.kinds.get(call.type) === "both", holders: [] });
  if (requestIds) state.known.set(id, number);
  return { number, isKnown: false };
}

/** An answer arrives at its caller. */
function receive(state, call, id, part, number, isAgain) {
  const series = seriesOf(call);
  const asks = isQuestion(state, call.type);
  state.answers.push({ call: call.offset, operation: call.type, series, number, again: isAgain });
  const asked = state.asked.get(series);
  if (asks && asked?.type === call.type && asked.number !== number) state.unequal += 1;
  state.asked.set(series, asks ? { type: call.type, number } : null);
  if (asks || state.kinds.get(call.type) !== "both") return;
  const given = state.given.get(place(series, number));
  if (given && !given.holders.includes(id)) state.given.set(place(series, number), { ...given, holders: [...given.holders, id] });
}

const refsOf = ({ offset, key, type }) => [...(offset === null ? [] : [`record:${offset}`]), `series:${key ?? "(no series)"}`, `operation:${type}`];

function tell(state, call, part, { number, isKnown, before, answer, isAgain, isLost }) {
  const series = seriesOf(call);
  const asks = isQuestion(state, call.type);
  const isDraw = state.kinds.get(call.type) === "both";
  const data = { type: call.type, by: call.by, series, number, before, isAgain, isQuestion: asks, part, isOwn: isDraw && part === "query" };
  const refs = refsOf(call);
  const facts = [];
  if (isLost) facts.push({ code: "answer.lost", refs, data: { ...data, isMoved: part !== "query" && !isKnown, retry: state.input.params.retry } });
  const holders = answer === null || isLost ? [] : (state.given.get(place(series, number))?.holders ?? []);
  if (isDraw && holders.length > 1) facts.push({ code: "number.doubled", refs, data: { ...data, holders: holders.length } });
  const code = isKnown ? "answer.remembered" : part === "query" ? "query.answered" : part === "command" ? "number.taken" : asks ? "question.drew" : "number.drawn";
  facts.push({ code, refs, data });
  return facts;
}

function result(state) {
  const { calls, executed, lostAnswers, movedByQuestions } = state;
  const { skipped, doubled } = astray(state);
  return {
    calls, executed,
    counters: Object.fromEntries(state.counters.keys.slice().map((series) => [series, state.counters.get(series)])),
    answers: state.answers.slice(), skipped, doubled, lostAnswers, movedByQuestions,
  };
}

/** The numbers that were drawn and that nobody has, or several have. */
function astray(state) {
  const skipped = [];
  const doubled = [];
  for (const name of state.given.keys.slice()) {
    const { drawn, holders } = state.given.get(name);
    const [series, number] = JSON.parse(name);
    if (drawn && holders.length === 0) skipped.push({ series, number });
    if (holders.length > 1) doubled.push({ series, number, holders: holders.length });
  }
  return { skipped, doubled };
}

function checks(state) {
  const { skipped, doubled } = astray(state);
  const named = (list) => list.slice(0, 20).map(({ series, number }) => `${series} ${number}`).join(", ") || "none";
  return [
    { id: "asking-moves-nothing", holds: state.movedByQuestions === 0, detail: `${state.movedByQuestions} questions moved a counter` },
    { id: "same-answer-again", holds: state.unequal === 0, detail: `${state.unequal} questions, asked again with nothing between, got another answer` },
    { id: "each-number-once", holds: doubled.length === 0, detail: `numbers that several callers have: ${named(doubled)}` },
    { id: "no-number-skipped", holds: skipped.length === 0, detail: `numbers that nobody has: ${named(skipped)}` },
  ];
}

/**
 * The picture of the model `cqs`: the call of this step and its answer, the counters, the answers so far, the calls.
 */
import { window } from "./records.js";

const SHOWN = 10;
const ROWS = 8;

/** @param {any} state of the model `cqs` */
export function scene(state) {
  /** @type {any[]} */
  const blocks = [lane(state), countersTable(state), answersTable(state)];
  if (state.last !== null) blocks.unshift(sequence(state, state.last));
  if (state.movedByQuestions > 0) blocks.push(notice("moved", moved(state.movedByQuestions)));
  if (state.lostAnswers > 0 && state.last?.isLost) blocks.push(notice("lost", LOST));
  return { blocks };
}

const LOST = { engineer: "The caller cannot tell whether the call was carried out.", manager: "Whoever asked cannot know whether it was done." };
const moved = (times) => ({
  engineer: `${times === 1 ? "One call" : `${times} calls`} that looked like a query moved the counter.`,
  manager: `${times === 1 ? "One question has" : `${times} questions have`} used up a number.`,
});

function sequence(state, { call, part, isLost, isKnown, before, number }) {
  const series = call.key ?? "(no series)";
  const now = state.counters.get(series) ?? null;
  const refs = call.offset === null ? `operation:${call.type}` : `record:${call.offset}`;
  const isMoved = before !== null && part !== "query" && !isKnown;
  const change = isMoved
    ? { engineer: `state ${before} → ${now}`, manager: `${before} becomes ${now}` }
    : { engineer: `state ${before ?? "unknown"}`, manager: before === null ? "nothing" : `number ${before}` };
  const answer = number === null ? { engineer: "acknowledged", manager: "done" } : { engineer: String(number), manager: String(number) };
  return {
    kind: "sequence", id: "call", title: { engineer: "This call", manager: "This request" }, before: 0, after: 0,
    actors: [
      { id: "caller", label: call.by ?? { engineer: "caller", manager: "somebody" } },
      { id: "counter", ref: `series:${series}`, label: series },
    ],
    messages: [
      { ref: refs, from: "caller", to: "counter", label: label(call.type, part), outcome: "delivered" },
      { ref: "change", from: "counter", to: "counter", label: change, outcome: isMoved ? "changed" : "unchanged" },
      { ref: "answer", from: "counter", to: "caller", label: answer, outcome: before === null ? "refused" : isLost ? "lost" : "answered" },
    ],
  };
}

const PART = {
  query: { engineer: "query", manager: "question" },
  command: { engineer: "command", manager: "request" },
  both: { engineer: "command and query in one", manager: "request and question in one" },
};

const label = (type, part) => ({ engineer: `${type || "a call"}: ${PART[part].engineer}`, manager: `${type || "a call"}: ${PART[part].manager}` });

function lane(state) {
  const { handled, last, input } = state;
  const focus = last === null || last.call.index < 0 ? -1 : last.call.index;
  const shown = { length: Math.min(handled + 3, input.log.length), slice: (from, to) => input.log.slice(from, Math.min(to, handled + 3)) };
  const { items, before, after } = window(/** @type {any} */ (shown), focus < 0 ? handled - 1 : focus, SHOWN);
  return {
    kind: "lanes", id: "log", title: { engineer: "Calls", manager: "What is asked" },
    lanes: [{
      id: "calls", label: { engineer: "calls", manager: "requests" }, before, after: after + input.log.length - shown.length, markers: [],
      tickets: items.map(({ offset, key, type }, i) => {
        const index = before + i;
        const isLost = index === focus && last.isLost;
        return { ref: `record:${offset}`, offset, key, type, marks: [index < handled ? "read" : "waiting", ...(index === focus ? ["focus"] : []), ...(isLost ? ["refused"] : [])], ...(isLost && { note: { engineer: "answer lost", manager: "answer lost" } }) };
      }),
    }],
  };
}

function countersTable(state) {
  const focus = state.last?.call.key ?? null;
  const { items, before, after } = window(state.counters.keys, Math.max(0, state.counters.indexOf(focus ?? "")), ROWS);
  return {
    kind: "table", id: "counters", title: { engineer: "State: last number of each series", manager: "Last number of each series" }, before, after,
    columns: [
      { id: "series", label: { engineer: "series", manager: "series" } },
      { id: "number", label: { engineer: "number", manager: "number" }, numeric: true },
    ],
    rows: items.map((series) => ({ ref: `series:${series}`, cells: [series, state.counters.get(series)], marks: series === focus ? ["focus"] : [] })),
  };
}

function answersTable(state) {
  const { items, before, after } = window(state.answers, state.answers.length, ROWS);
  return {
    kind: "table", id: "answers", title: { engineer: "Answers that arrived", manager: "Answers that arrived" }, before, after,
    columns: [
      { id: "operation", label: { engineer: "operation", manager: "asked for" } },
      { id: "series", label: { engineer: "series", manager: "series" } },
      { id: "number", label: { engineer: "answer", manager: "answer" }, numeric: true },
    ],
    rows: items.map(({ operation, series, number }, i) => {
      const holders = state.given.get(JSON.stringify([series, number]))?.holders.length ?? 0;
      return { ref: `answer:${before + i}`, cells: [operation, series, number], marks: holders > 1 && state.kinds.get(operation) === "both" ? ["late"] : [] };
    }),
  };
}

const notice = (id, text) => ({ kind: "notice", id, level: "warning", text });

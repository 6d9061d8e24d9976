/**
 * The picture of the model `delivery`: the log with the committed position, the last steps between log, consumer and sink, and
 * what has become of the records.
 */
import { countLost, expectedTotal, fateOf, inHand } from "./effects.js";
import { window } from "./records.js";

const SHOWN = 8;
const RECENT = 4;
const ACTS = ["process", "commit", "crash", "resume", "rewind"];
const OUTCOMES = ["applied", "again", "ignored", "pending", "committed", "down", "resumed", "lost", "aborted", "set back"];

/** A step as one number, since every one is kept. @param {string} act @param {number} index @param {string} outcome */
export const note = (act, index, outcome) => (index * ACTS.length + ACTS.indexOf(act)) * OUTCOMES.length + OUTCOMES.indexOf(outcome);

/** @param {number} noted */
function read(noted) {
  const rest = Math.floor(noted / OUTCOMES.length);
  return { act: ACTS[rest % ACTS.length], index: Math.floor(rest / ACTS.length), outcome: OUTCOMES[noted % OUTCOMES.length] };
}

/** @param {any} state of the model `delivery` */
export function scene(state) {
  const { field } = state.input.params;
  /** @type {any[]} */
  const blocks = [logLane(state)];
  if (state.history.length > 0) blocks.push(lastSteps(state));
  blocks.push(fates(state));
  if (field !== null) blocks.push(totals(state, field));
  const notice = noticeOf(state);
  if (notice) blocks.push({ kind: "notice", id: "delivery", ...notice });
  return { blocks };
}

function logLane(state) {
  const { log } = state.input;
  const { items, before, after } = window(log, state.position, SHOWN);
  const committed = state.committed < log.length ? log[state.committed].offset : Infinity;
  return {
    kind: "lanes", id: "log", title: { engineer: "The log, and where a restart would begin", manager: "The entries, and how far they are ticked off" },
    lanes: [{
      id: "log", label: { engineer: "partition 0", manager: "entries" }, before, after,
      markers: [{ id: "committed", ref: "marker:committed", label: { engineer: "committed", manager: "ticked off" }, offset: Math.min(committed, Number.MAX_SAFE_INTEGER) }],
      tickets: items.map((record, i) => ticket(state, record, before + i)),
    }],
  };
}

function ticket(state, { offset, key, type }, index) {
  const { times, isGone, isHandled } = fateOf(state, index);
  const marks = [isGone ? "refused" : times > 1 && isHandled ? "duplicate" : isHandled ? "read" : "waiting"];
  if (index === state.position && state.phase === 1) marks.push("focus");
  return { ref: `record:${offset}`, offset, key, type, marks, note: noteOf(state, index, { times, isGone, isHandled }) };
}

function noteOf(state, index, { times, isGone, isHandled }) {
  const first = state.input.identities[index];
  if (isGone) return { engineer: "lost", manager: "never done" };
  if (index === state.pending) return { engineer: "not committed", manager: "not final yet" };
  if (index === inHand(state)) return { engineer: "committed, not processed", manager: "ticked off, not done" };
  if (!isHandled) return "";
  if (first !== index && state.input.params.sink === "idempotent") return { engineer: `a repeat of ${state.input.log[first].offset}`, manager: `the same as ${state.input.log[first].offset}` };
  return times > 1 ? { engineer: `applied ${times} times`, manager: `done ${times} times` } : { engineer: "applied", manager: "done" };
}

const SINK = {
  additive: { engineer: "sink", manager: "the sum" },
  idempotent: { engineer: "idempotent sink", manager: "receiver" },
  external: { engineer: "mail server", manager: "letter box" },
};

function lastSteps(state) {
  const { log, params } = state.input;
  const from = Math.max(0, state.history.length - RECENT);
  return {
    kind: "sequence", id: "steps", title: { engineer: "The last steps", manager: "What was just done" }, before: from, after: 0,
    actors: [
      { id: "log", label: { engineer: "log", manager: "entries" } },
      { id: "consumer", label: { engineer: "consumer", manager: "clerk" }, ref: "consumer" },
      { id: "sink", label: SINK[params.sink] },
    ],
    messages: state.history.slice(from).map((noted, i) => {
      const { act, index, outcome } = read(noted);
      return { ref: `step:${from + i + 1}`, ...MESSAGES[act](log[index]?.offset ?? "–", params), outcome };
    }),
  };
}

const MESSAGES = {
  process: (offset) => ({ from: "consumer", to: "sink", label: { engineer: `process ${offset}`, manager: `do ${offset}` } }),
  commit: (offset, { semantics, sink }) => ({
    from: "consumer", to: "log",
    label: semantics === "exactly-once" && sink !== "external" ? { engineer: `commit output and offset of ${offset}`, manager: `make ${offset} final, all in one` } : { engineer: `commit past ${offset}`, manager: `tick off ${offset}` },
  }),
  crash: (offset) => ({ from: "consumer", to: "consumer", label: { engineer: `crash at ${offset}`, manager: `drops out at ${offset}` } }),
  resume: () => ({ from: "log", to: "consumer", label: { engineer: "restart from the committed offset", manager: "somebody else takes over" } }),
  rewind: (offset) => ({ from: "log", to: "consumer", label: { engineer: `set back to ${offset}`, manager: `back to ${offset}` } }),
};

function fates(state) {
  const gone = countLost(state);
  const rows = [
    ["took effect", state.applied.length, []],
    ["of these, again", state.repeated, state.repeated > 0 ? ["late"] : []],
    ["never done", gone, gone > 0 ? ["late"] : []],
    ["still to come", state.input.log.length - state.committed, []],
  ];
  return {
    kind: "table", id: "fates", title: { engineer: "What took effect", manager: "What was really done" }, before: 0, after: 0,
    columns: [{ id: "what", label: { engineer: "outcome", manager: "what became of them" } }, { id: "count", label: { engineer: "records", manager: "entries" }, numeric: true }],
    rows: rows.map(([what, count, marks]) => ({ ref: `fate:${what}`, cells: [what, count], marks })),
  };
}

function totals(state, field) {
  const should = expectedTotal(state);
  const isWrong = Math.abs(state.total - should) > 1e-9 * Math.max(1, Math.abs(should));
  return {
    kind: "table", id: "total", title: { engineer: `Sum of ${field} at the sink`, manager: `Sum of ${field} on the other side` }, before: 0, after: 0,
    columns: [
      { id: "is", label: { engineer: "is", manager: "is" }, numeric: true },
      { id: "should", label: { engineer: "each record once", manager: "should be" }, numeric: true },
    ],
    rows: [{ ref: "total", cells: [state.total, should], marks: isWrong ? ["late"] : [] }],
  };
}

function noticeOf(state) {
  const { log, params } = state.input;
  const offset = log[state.position]?.offset;
  if (state.isDown) {
    return {
      level: "warning",
      text: state.phase === 1
        ? { engineer: `The consumer died between the two steps of offset ${offset}.`, manager: `The clerk dropped out half-way through entry ${offset}.` }
        : { engineer: "The consumer died with no record half done.", manager: "The clerk dropped out with nothing half done." },
    };
  }
  if (state.pending >= 0) return { level: "info", text: { engineer: `The output of offset ${log[state.pending].offset} lies in an open transaction; read_committed readers do not see it.`, manager: `What was done about entry ${log[state.pending].offset} does not count until it is made final.` } };
  if (inHand(state) >= 0) return { level: "info", text: { engineer: `Offset ${offset} is committed, and nothing has been done about it yet.`, manager: `Entry ${offset} is ticked off, and nothing has been done about it yet.` } };
  if (state.phase === 1 && params.semantics !== "at-most-once") return { level: "info", text: { engineer: `Offset ${offset} has been processed, and no commit says so yet.`, manager: `Entry ${offset} is done, and not yet ticked off.` } };
  return null;
}

/**
 * The picture of the model `temporal_coupling`: the request at hand as a chain of calls, and the log with its readers.
 */
import { callsResult, latencyOf, LOG, logResult, share } from "./coupled_services.js";
import { head, window } from "./records.js";
import { isAmong } from "./timeline.js";

const SHOWN = 3;
const SHOWN_IN_LOG = 5;
const CALLER = "caller";

/** @param {any} state of the model `temporal_coupling` */
export function scene(state) {
  /** @type {any[]} */
  const blocks = [];
  if (state.moment.index >= 0) blocks.push(sequence(state));
  blocks.push(lanes(state), servicesTable(state), sidesTable(state));
  const away = [...state.services, state.book].filter(({ isStopped }) => isStopped).map(({ id }) => id);
  if (away.length > 0) {
    blocks.push({
      kind: "notice", id: "stopped", level: "warning",
      text: { engineer: `Stopped: ${away.join(", ")}.`, manager: `Out of service: ${away.join(", ")}.` },
    });
  }
  return { blocks };
}

/** The calls of this moment's request, up to where the chain broke off. */
function sequence(state) {
  const { index, brokenAt } = state.moment;
  const { offset } = state.input.log[index];
  const reached = state.services.slice(0, brokenAt < 0 ? state.services.length : brokenAt + 1);
  return {
    kind: "sequence", id: "calls", title: { engineer: "This request as a chain of calls", manager: "This request, asked from one to the next" },
    actors: [{ id: CALLER, ref: "service:caller", label: { engineer: "caller", manager: "customer" } }, ...state.services.map(({ id }) => ({ id: `to:${id}`, ref: `service:${id}`, label: id }))],
    messages: reached.map(({ id }, place) => {
      const isBroken = place === brokenAt;
      const ms = isBroken ? state.input.params.timeout : latencyOf(state, id);
      return {
        ref: isBroken ? `service:${id}` : `call:${offset}:${id}`, from: place === 0 ? CALLER : `to:${reached[place - 1].id}`, to: `to:${id}`,
        label: { engineer: `${ms} ms`, manager: `${ms} ms` }, outcome: isBroken ? "lost" : "",
      };
    }),
    before: 0, after: 0,
  };
}

function lanes(state) {
  return {
    kind: "lanes", id: "sides", title: { engineer: "The same requests as calls, and in the log", manager: "The same requests as questions, and in a book" },
    lanes: [callsLane(state), logLane(state)],
  };
}

function callsLane(state) {
  const { calls, requests, moment } = state;
  const { items, before, after } = window(head(state.input.log, requests), requests - 1, SHOWN);
  return {
    id: "calls", ref: "side:calls", label: { engineer: "calls", manager: "asked directly" }, before, after, markers: [],
    tickets: items.map(({ offset, key, type }, i) => {
      const index = before + i;
      const at = index >= calls.waiting ? "waiting" : isAmong(calls.lost, index) ? "refused" : "read";
      return { ref: `record:${offset}`, offset, key, type, marks: [at, ...(index === moment.index ? ["new"] : [])], note: NOTES[at] };
    }),
  };
}

const NOTES = {
  waiting: { engineer: "to be retried", manager: "to be asked again" },
  refused: { engineer: "failed", manager: "failed" },
  read: { engineer: "answered", manager: "answered" },
};

function logLane(state) {
  const { log } = state.input;
  const { handled } = logResult(state);
  const last = state.log.at(state.log.length - 1);
  const offsetAt = (place) => (place < state.log.length ? log[state.log.at(place)].offset : last === undefined ? 0 : log[last].offset + 1);
  const focus = handled < state.log.length - SHOWN_IN_LOG ? handled + 2 : state.log.length - 1;
  const { items, before, after } = window(state.log, focus, SHOWN_IN_LOG);
  return {
    id: LOG, ref: `service:${LOG}`, label: { engineer: "log", manager: "the book" }, before, after,
    markers: state.services.map(({ id, position }) => ({ id, ref: `service:${id}`, label: id, offset: offsetAt(position) })),
    tickets: items.map((place, i) => {
      const { offset, key, type } = log[place];
      return { ref: `logged:${offset}`, offset, key, type, marks: [before + i < handled ? "read" : "waiting"] };
    }),
  };
}

const percent = (part) => `${Math.round(part * 10_000) / 100}\u00a0%`;

function servicesTable(state) {
  return {
    kind: "table", id: "services", title: { engineer: "Services", manager: "Who is needed" }, before: 0, after: 0,
    columns: [
      { id: "service", label: { engineer: "service", manager: "who" } },
      { id: "state", label: { engineer: "now", manager: "now" } },
      { id: "up", label: { engineer: "was up", manager: "was there" }, numeric: true },
      { id: "ms", label: { engineer: "ms", manager: "ms" }, numeric: true },
      { id: "behind", label: { engineer: "behind in the log", manager: "entries to read" }, numeric: true },
    ],
    rows: [...state.services, state.book].map((one) => {
      const behind = one.id === LOG ? null : state.log.length - one.position;
      return {
        ref: `service:${one.id}`, cells: [one.id, one.isUp ? "up" : one.isStopped ? "stopped" : "down", percent(share(one.ups, one.moments)), latencyOf(state, one.id), behind],
        marks: one.isUp ? [] : ["late"],
      };
    }),
  };
}

function sidesTable(state) {
  const calls = callsResult(state);
  const log = logResult(state);
  const rows = [
    ["served at once", calls.atOnce, log.atOnce],
    ["served later", calls.answered - calls.atOnce, log.appended - log.atOnce],
    ["lost", state.calls.lost.length, state.appends.lost.length],
    ["share served at once", percent(calls.measured), percent(log.measured)],
    ["expected share", percent(calls.expected), percent(log.expected)],
    ["ms to an answer", calls.latency, log.latency],
  ];
  return {
    kind: "table", id: "sides", title: { engineer: "Calls beside the log", manager: "Asking beside writing down" }, before: 0, after: 0,
    columns: [
      { id: "what", label: { engineer: "requests", manager: "requests" } },
      { id: "calls", label: { engineer: "calls", manager: "asked" }, numeric: true },
      { id: "log", label: { engineer: "log", manager: "written down" }, numeric: true },
    ],
    rows: rows.map(([what, one, other]) => ({ ref: `side:${what}`, cells: [what, one, other], marks: what === "lost" && one + other > 0 ? ["late"] : [] })),
  };
}

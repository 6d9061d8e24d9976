/**
 * The picture of the model `outbox`: what the database holds, what waits in the outbox, and what was told to others.
 */
import { window } from "./records.js";

const SHOWN = 7;

/** @param {any} state of the model `outbox` */
export function scene(state) {
  const { method } = state.input.params;
  const lanes = [database(state), ...(method === "outbox" ? [outbox(state)] : []), topic(state)];
  /** @type {any[]} */
  const blocks = [
    { kind: "lanes", id: "sides", title: { engineer: "The database, and the topic that others read", manager: "What is noted, and what the others were told" }, lanes },
    sides(state),
  ];
  const notice = noticeOf(state);
  if (notice) blocks.push({ kind: "notice", id: "outbox", ...notice });
  return { blocks };
}

const has = (places, tape, index) => places[index] >= 0 && places[index] < tape.length;

function database(state) {
  const { log } = state.input;
  const { items, before, after } = window(state.written, state.written.length, SHOWN);
  return {
    id: "database", ref: "database", label: { engineer: "database", manager: "the books" }, before, after, markers: [], note: { engineer: `${state.written.length} changes`, manager: `${state.written.length} noted` },
    tickets: items.map((index) => {
      const { offset, key, type } = log[index];
      const isLost = has(state.fates.lost, state.lost, index);
      return { ref: `row:${offset}`, offset, key, type, marks: [isLost ? "refused" : "read", ...(offset === state.focus.row ? ["new"] : [])], note: isLost ? { engineer: "never published", manager: "nobody was told" } : "" };
    }),
  };
}

function outbox(state) {
  const { log } = state.input;
  const { sent, phase } = state.relay;
  const waiting = { length: state.written.length - sent, slice: (/** @type {number} */ from, /** @type {number} */ to) => state.written.slice(sent + from, sent + to) };
  const { items, before, after } = window(waiting, 0, SHOWN);
  return {
    id: "outbox", ref: "outbox", label: { engineer: "outbox", manager: "letters to be posted" }, before, after, markers: [], note: { engineer: `${waiting.length} not marked as sent`, manager: `${waiting.length} not ticked off` },
    tickets: items.map((index, i) => {
      const { offset, key, type } = log[index];
      return { ref: `letter:${offset}`, offset, key, type, marks: ["waiting"], note: i === 0 && phase === 1 ? { engineer: "published, not marked", manager: "posted, not ticked off" } : "" };
    }),
  };
}

function topic(state) {
  const { log } = state.input;
  const { items, before, after } = window(state.published, state.published.length, SHOWN);
  return {
    id: "topic", ref: "topic", label: { engineer: "topic", manager: "told to the others" }, before, after, markers: [], note: { engineer: `${state.published.length} messages`, manager: `${state.published.length} told` },
    ...(state.isOffline && { state: "away" }),
    tickets: items.map((index, i) => {
      const { offset, key, type } = log[index];
      const place = before + i;
      const isLie = has(state.fates.lied, state.lied, index);
      const isRepeat = state.published.at(place - 1) === index;
      const note = isLie ? { engineer: "no such change", manager: "it never happened" } : isRepeat ? { engineer: "a repeat", manager: "told again" } : "";
      return { ref: `message:${place}`, offset, key, type, marks: [isLie ? "refused" : isRepeat ? "duplicate" : "read", ...(place === state.focus.message ? ["new"] : [])], note };
    }),
  };
}

function sides(state) {
  const waiting = state.input.params.method === "outbox" ? state.written.length - state.relay.sent : 0;
  const rows = [
    ["changed, nobody told", state.lost.length, state.lost.length > 0],
    ["told, nothing changed", state.lied.length, state.lied.length > 0],
    ["told more than once", state.repeated.length, state.repeated.length > 0 && !state.input.params.ignoreRepeats],
    ["still to be told", waiting, false],
    ["failed, nothing left behind", state.failed.length, false],
  ];
  return {
    kind: "table", id: "sides", title: { engineer: "Where the two sides differ", manager: "Where the two sides differ" }, before: 0, after: 0,
    columns: [{ id: "what", label: { engineer: "difference", manager: "difference" } }, { id: "count", label: { engineer: "changes", manager: "changes" }, numeric: true }],
    rows: rows.map(([what, count, isBad]) => ({ ref: `side:${what}`, cells: [what, count], marks: isBad ? ["late"] : [] })),
  };
}

function noticeOf(state) {
  const { log, params } = state.input;
  if (state.isDown) return { level: "warning", text: { engineer: "The service is down.", manager: "The clerk has dropped out." } };
  if (state.relay.isDown) return { level: "warning", text: { engineer: "The relay is down; the outbox keeps what it has not marked.", manager: "The messenger has dropped out; the letters are where they were." } };
  if (state.phase === 1) {
    const { offset } = log[state.position];
    return {
      level: "info",
      text: {
        "database-first": { engineer: `Offset ${offset} is in the database, and not yet published.`, manager: `Change ${offset} is noted, and nobody has been told yet.` },
        "message-first": { engineer: `Offset ${offset} is published, and not yet in the database.`, manager: `The others were told of change ${offset}, and it is not noted yet.` },
        outbox: { engineer: `Offset ${offset} and its message are written in an open transaction.`, manager: `Change ${offset} and its letter are written, and not yet signed.` },
      }[params.method],
    };
  }
  if (state.isOffline) return { level: "warning", text: { engineer: "The broker cannot be reached.", manager: "The post is closed." } };
  return null;
}

/** The picture of a fold: the log with its reader, the state beside it, and what loading it would cost. */
import { indexAt, offsetOf, place, readsBefore } from "./reading.js";
import { brief, window } from "./records.js";

const TICKETS = 24;
const ROWS = 12;
const WORDS = {
  latest: { engineer: "latest", manager: "what was said last" },
  count: { engineer: "count", manager: "how many entries" },
  sum: { engineer: "sum", manager: "total" },
};

/** @param {any} state of the model `fold` @returns {any} */
export function scene(state) {
  const { question } = state;
  const where = place(state.input, state.next);
  /** @type {any[]} */
  const blocks = [lane(state, where), table(state, "state", state, (key) => `key:${key}`)];
  if (question !== null) blocks.push(table(state, "question", question, (key) => `table:question:${key}`));
  blocks.push(cost(state, where));
  if (state.input.every > 0) blocks.push(storage(state));
  return { blocks };
}

function lane(state, { index, position }) {
  const { log, params, first } = state.input;
  const focus = state.touched >= 0 ? state.touched : index;
  const { items, before, after } = window(log, focus, TICKETS);
  const tickets = items.map((record, i) => {
    const at = before + i;
    const isOwn = params.key === null || record.key === params.key;
    const marks = [];
    if (record.value === null) marks.push("tombstone");
    if (at === state.touched) marks.push("focus");
    else if (isOwn && at >= first && at < index) marks.push("read");
    return { ref: `record:${record.offset}`, offset: record.offset, key: record.key, type: record.type, marks };
  });
  const markers = [{ id: "reader", ref: "reader:fold", label: { engineer: "position", manager: "read up to here" }, offset: position }, ...snapshots(state, before, before + items.length)];
  if (state.question !== null && state.question.next < state.next) {
    markers.push({ id: "question", ref: "reader:question", label: { engineer: "new question", manager: "new question" }, offset: place(state.input, state.question.next).position });
  }
  const note = { engineer: `position ${position}`, manager: `read up to ${position}` };
  return {
    kind: "lanes", id: "log", title: { engineer: "The log", manager: "The book of entries" },
    lanes: [{ id: "log", label: { engineer: "log", manager: "entries" }, note, tickets, before, after, markers }],
  };
}

/** The snapshots that stand in the part of the log that is shown. */
function snapshots(state, from, to) {
  const { every } = state.input;
  if (state.saved === null) return [];
  const markers = [];
  for (let at = Math.max(every, Math.ceil(from / every) * every); at <= Math.min(to, state.saved.at); at += every) {
    const offset = offsetOf(state.input, at);
    markers.push({ id: `snapshot-${offset}`, ref: `snapshot:${offset}`, label: { engineer: "snapshot", manager: "summary" }, offset });
  }
  return markers;
}

/** The rows around the one that was touched last; keys without a value are left out. */
function table(state, id, { rows, fold, field }, refOf) {
  const { log } = state.input;
  const keys = { length: rows.size, slice: (from, to) => rows.list.slice(from, Math.min(to, rows.size)) };
  const touched = state.touched >= 0 && log[state.touched].key !== null ? rows.indexOf(log[state.touched].key) : 0;
  const { items, before, after } = window(keys, touched, ROWS);
  const shown = [];
  for (const row of items) {
    const { value, at } = rows.present(row);
    if (value !== undefined) shown.push({ ref: refOf(row.key), cells: [row.key, brief(value), log[at].offset] });
  }
  const of = field === null ? "" : ` ${field}`;
  const words = WORDS[fold];
  const title = id === "state"
    ? { engineer: `State: ${words.engineer}${of}`, manager: `Today's figures: ${words.manager}${of && `, ${field}`}` }
    : { engineer: `New question: ${words.engineer}${of}`, manager: `The new question: ${words.manager}${of && `, ${field}`}` };
  return {
    kind: "table", id, title, rows: shown, before, after,
    columns: [
      { id: "key", label: { engineer: "key", manager: "name" } },
      { id: "value", label: { engineer: "value", manager: fold === "latest" ? "latest" : "figure" }, numeric: fold !== "latest" },
      { id: "offset", label: { engineer: "as of offset", manager: "since entry" }, numeric: true },
    ],
  };
}

function cost(state, { index, eventsRead, snapshotAt }) {
  const read = readsBefore(state.input, index);
  return {
    kind: "meter", id: "cost", title: { engineer: "Cost of loading this state", manager: "Work to get these figures again" }, value: eventsRead, max: Math.max(1, read), unit: "records",
    text: {
      engineer: `${eventsRead} of ${read} records${snapshotAt === null ? "" : `, from the snapshot at ${snapshotAt}`}`,
      manager: `${eventsRead} of ${read} entries${snapshotAt === null ? "" : `, on top of the summary at ${snapshotAt}`}`,
    },
  };
}

function storage(state) {
  const { every } = state.input;
  const count = state.saved === null ? 0 : Math.floor(state.saved.at / every);
  return {
    kind: "meter", id: "storage", title: { engineer: "Rows stored in snapshots", manager: "Lines kept in summaries" }, value: state.stored, max: Math.max(1, state.stored, indexAt(state.input, state.next)), unit: "rows",
    text: { engineer: `${state.stored} rows written in ${count} snapshots`, manager: `${state.stored} lines written in ${count} summaries` },
  };
}

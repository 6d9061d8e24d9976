/** The picture of the model `change_capture`: events and captured changes side by side, the last change as a record, and what was asked of both. */
import { brief, window } from "./records.js";
import { differing, partOf, wordsOf } from "./captured_table.js";

const TICKETS = 7;
const ROWS = 6;

/** @param {any} state of the model `change_capture` */
export function scene(state) {
  /** @type {any[]} */
  const blocks = state.asked.length > 0 ? [asked(state), lanes(state)] : [lanes(state)];
  if (state.focus !== null) blocks.push(envelope(state));
  blocks.push(silence(state), table(state));
  return { blocks };
}

function lanes(state) {
  const { log, params } = state.input;
  const events = window({ length: state.read, slice: (from, to) => log.slice(from, Math.min(to, state.read)) }, state.read - 1, TICKETS);
  const captured = window(state.captured, state.captured.length - 1, TICKETS);
  const silent = new Set(state.silent.slice(Math.max(0, state.silent.length - TICKETS)));
  const newest = events.items.length > 0 ? events.items[events.items.length - 1].offset : -1;
  return {
    kind: "lanes", id: "kept", title: { engineer: "What is kept of it", manager: "What is kept of it" },
    lanes: [
      {
        id: "events", label: { engineer: "domain events", manager: "decisions, in words" }, before: events.before, after: events.after, markers: [],
        note: params.eventsFrom > 0 ? { engineer: `recorded from ${params.eventsFrom} on`, manager: `written down from ${params.eventsFrom} on` } : "",
        tickets: events.items.map(({ offset, key, type, value }) => {
          const isKept = offset >= params.eventsFrom;
          const said = partOf(value, "reason");
          return {
            ref: `record:${offset}`, offset, key, type: isKept ? type : "not recorded",
            note: isKept && typeof said === "string" ? brief(said) : undefined,
            marks: [...(isKept ? [] : ["gone"]), ...(silent.has(offset) ? ["silent"] : []), ...(offset === newest ? ["new"] : [])],
          };
        }),
      },
      {
        id: "changes", label: { engineer: "captured changes", manager: "changes of the table" }, before: captured.before, after: captured.after, markers: [],
        note: { engineer: params.capture === "log" ? "from the database's log" : `polled every ${params.pollEvery}`, manager: params.capture === "log" ? "every one" : `a look every ${params.pollEvery}` },
        tickets: captured.items.map(({ change, key }, i) => ({
          ref: `change:${captured.before + i}`, offset: captured.before + i, key, type: `${change.op} · ${wordsOf(change)}`.slice(0, 60),
          marks: [...(change.op === "d" ? ["tombstone"] : []), ...(change === state.focus ? ["new"] : [])],
        })),
      },
    ],
  };
}

/** The last change as the record that a reader gets. */
function envelope(state) {
  const { op, before, after } = state.focus;
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const changed = new Set(differing(before, after));
  const { items, before: above, after: below } = window(names, 0, 12);
  return {
    kind: "table", id: "change", title: { engineer: `Change record, op ${op}`, manager: "What the table tells of it" }, before: above, after: below,
    columns: [
      { id: "column", label: { engineer: "column", manager: "detail" } },
      { id: "before", label: { engineer: "before", manager: "before" } },
      { id: "after", label: { engineer: "after", manager: "after" } },
    ],
    rows: items.map((name) => ({ ref: `column:${name}`, cells: [name, brief(partOf(before, name) ?? null), brief(partOf(after, name) ?? null)], marks: changed.has(name) ? ["focus"] : [] })),
  };
}

function asked(state) {
  const { type, field, events, changes, unrecorded, unreadable, invented, unknown } = state.asked.at(state.asked.length - 1);
  const values = [...new Set([...Object.keys(events), ...Object.keys(changes)])];
  const { items, before, after } = window(values, 0, 8);
  const count = (tally, name) => (Object.hasOwn(tally, name) ? tally[name] : 0);
  /** @type {any[]} */
  const rows = items.map((name) => ({ ref: `answer:${name}`, cells: [field, brief(name), count(events, name), count(changes, name)] }));
  const lacking = unrecorded + unreadable;
  if (lacking > 0 || unknown > 0) rows.push({ ref: "answer:unknown", cells: [field, "nobody can say", lacking, unknown], marks: ["late"] });
  if (invented > 0) rows.push({ ref: "answer:invented", cells: [field, "of these made up", invented, 0], marks: ["late"] });
  return {
    kind: "table", id: "asked", before, after, title: { engineer: `${type}: ${field}?`, manager: `${type}: ${field}?` }, rows,
    columns: [
      { id: "field", label: { engineer: "field", manager: "asked" } },
      { id: "value", label: { engineer: "value", manager: "answer" } },
      { id: "events", label: { engineer: "by the events", manager: "by the decisions" }, numeric: true },
      { id: "changes", label: { engineer: "by the changes", manager: "by the table's changes" }, numeric: true },
    ],
  };
}

function silence(state) {
  return {
    kind: "meter", id: "silent", title: { engineer: "Events that left no change record", manager: "Decisions of which the table shows nothing" },
    value: state.silent.length, max: Math.max(1, state.read), unit: "records",
    text: { engineer: `${state.silent.length} of ${state.read}`, manager: `${state.silent.length} of ${state.read}` },
  };
}

function table(state) {
  const { keys } = state.table;
  const { items, before, after } = window(keys, Math.max(0, state.last === null ? 0 : state.table.indexOf(state.last)), ROWS);
  return {
    kind: "table", id: "rows", before, after, title: { engineer: "The table, changed in place", manager: "The table today" },
    columns: [
      { id: "id", label: { engineer: "id", manager: "which" } },
      { id: "status", label: { engineer: "status", manager: "number" }, numeric: true },
    ],
    rows: items.map((about) => [about, state.table.get(about)]).filter(([, row]) => row !== null).map(([about, row]) => ({ ref: `row:${about}`, cells: [about, row.status], marks: about === state.last ? ["focus"] : [] })),
  };
}

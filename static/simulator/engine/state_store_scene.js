/** The picture of the model `state_store`: the log, the rows in memory, what each start and each query cost, and who wrote what. */
import { brief, window } from "./records.js";
import { entryAt, has, saidIn, startOf, unusedOf } from "./state_table.js";

const TICKETS = 9;
const ROWS = 6;
const NAMES = {
  recovery: { engineer: "recovery at start-up", manager: "finding one's place in the morning" },
  query: { engineer: "queries", manager: "questions about all of it" },
  index: { engineer: "index", manager: "register" },
  transactions: { engineer: "transactions", manager: "together or not at all" },
  backup: { engineer: "backup", manager: "safety copy" },
};

/** @param {any} state of the model `state_store` */
export function scene(state) {
  /** @type {any[]} */
  const blocks = [lane(state)];
  if (state.startUps.length > 0) blocks.push(startUps(state));
  if (state.asked.length > 0) blocks.push(asked(state));
  blocks.push(startMeter(state), parts(state), rows(state), work(state));
  return { blocks };
}

function lane(state) {
  const { logKeeps } = state.input.params;
  const { length } = state.entries;
  const { items, before, after } = window({ length, slice: (from, to) => state.entries.slice(from, to).map((_, i) => from + i) }, length - 1, TICKETS);
  const gone = logKeeps === 0 || state.isBought ? 0 : length - logKeeps;
  const voided = new Set(state.voided.slice());
  const tickets = items.map((place) => {
    const { key, type } = entryAt(state, place);
    const marks = [...(voided.has(place) ? ["undone"] : []), ...(place < gone ? ["gone"] : []), ...(place === length - 1 ? ["new"] : [])];
    return { ref: `entry:${place}`, offset: place, key, type, marks };
  });
  const markers = [{ id: "start", ref: "marker:start", label: { engineer: "the next start reads from here", manager: "the next morning begins here" }, offset: startOf(state) }];
  return {
    kind: "lanes", id: "log", title: state.isBought ? { engineer: "The database's own log", manager: "The database's own journal" } : { engineer: "The log", manager: "The book of entries" },
    lanes: [{ id: "log", label: { engineer: "log", manager: "entries" }, note: { engineer: `${length} records`, manager: `${length} so far` }, tickets, before, after, markers }],
  };
}

function startMeter(state) {
  const value = state.entries.length - startOf(state);
  const loaded = state.backup === null ? "" : `, on top of ${state.backup.table.live} rows`;
  return {
    kind: "meter", id: "start", ref: "meter:start", title: { engineer: "Records that the next start reads", manager: "Entries to be read before work can begin" },
    value, max: Math.max(1, state.entries.length), unit: "records",
    text: { engineer: `${value} of ${state.entries.length}${loaded}`, manager: `${value} of ${state.entries.length}${loaded.replace("rows", "lines")}` },
  };
}

function rows(state) {
  const { keys } = state.table.rows;
  const { items, before, after } = window(keys, Math.max(0, state.touched === null ? keys.length : state.table.rows.indexOf(state.touched)), ROWS);
  return {
    kind: "table", id: "rows", before, after, title: state.isBought ? { engineer: "The table", manager: "The figures" } : { engineer: "State in memory", manager: "What is in the head" },
    columns: [
      { id: "key", label: { engineer: "key", manager: "about" } },
      { id: "type", label: { engineer: "type", manager: "stands at" } },
      { id: "at", label: { engineer: "as of record", manager: "since entry" }, numeric: true },
    ],
    rows: items.map((about) => [about, state.table.get(about)]).filter(([, row]) => row !== null).map(([about, row]) => ({
      ref: `row:${about}`, cells: [about, brief(saidIn(row, "type")), row.at], marks: about === state.touched ? ["focus"] : [],
    })),
  };
}

function startUps(state) {
  const { items, before, after } = window(state.startUps, state.startUps.length, ROWS);
  return {
    kind: "table", id: "start-ups", before, after, title: { engineer: "Starts so far", manager: "Mornings so far" },
    columns: [
      { id: "after", label: { engineer: "log length", manager: "entries then" }, numeric: true },
      { id: "loaded", label: { engineer: "rows loaded", manager: "lines from the copy" }, numeric: true },
      { id: "read", label: { engineer: "records read", manager: "entries read" }, numeric: true },
      { id: "lost", label: { engineer: "rows lost", manager: "lines lost" }, numeric: true },
    ],
    rows: items.map(({ after: length, rowsLoaded, recordsRead, lost }, i) => ({ ref: `start:${before + i}`, cells: [length, rowsLoaded, recordsRead, lost], marks: lost > 0 ? ["late"] : [] })),
  };
}

function asked(state) {
  const { items, before, after } = window(state.asked, state.asked.length, ROWS);
  return {
    kind: "table", id: "asked", before, after, title: { engineer: "Queries so far", manager: "Questions so far" },
    columns: [
      { id: "field", label: { engineer: "field", manager: "how many have as" } },
      { id: "equals", label: { engineer: "equals", manager: "this" } },
      { id: "count", label: { engineer: "answer", manager: "answer" }, numeric: true },
      { id: "scanned", label: { engineer: "rows looked at", manager: "lines looked at" }, numeric: true },
    ],
    rows: items.map(({ field, equals, count, scanned }, i) => ({ ref: `asked:${before + i}`, cells: [field, brief(equals), count, scanned] })),
  };
}

function parts(state) {
  const unused = unusedOf(state);
  const said = (part, isThere) => (state.isBought ? "comes with it" : !isThere ? "not there" : unused.includes(part) ? "written here, never used" : "written here");
  return {
    kind: "table", id: "parts", before: 0, after: 0, title: { engineer: "Parts of a database", manager: "What a database does" },
    columns: [
      { id: "part", label: { engineer: "part", manager: "part" } },
      { id: "state", label: { engineer: "who wrote it", manager: "who built it" } },
    ],
    rows: Object.entries(has(state)).map(([part, isThere]) => ({ ref: `part:${part}`, cells: [NAMES[part].engineer, said(part, isThere)], marks: unused.includes(part) ? ["late"] : [] })),
  };
}

function work(state) {
  const { recordsRead, rowsScanned, rowsWritten, indexEntries, rowsCopied } = state.work;
  const lines = [
    ["records read at starts", recordsRead], ["rows looked at", rowsScanned], ["rows written", rowsWritten], ["index entries written", indexEntries], ["rows copied", rowsCopied],
  ];
  return {
    kind: "table", id: "work", before: 0, after: 0, title: { engineer: "Work so far", manager: "Work so far" },
    columns: [
      { id: "what", label: { engineer: "unit", manager: "what" } },
      { id: "count", label: { engineer: "count", manager: "how many" }, numeric: true },
    ],
    rows: lines.map(([what, count]) => ({ ref: `work:${what}`, cells: [what, count] })),
  };
}

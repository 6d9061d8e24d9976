/**
 * The log as a data structure: records are appended, readers keep a position each, and a fact that turns out wrong is
 * amended by a further record.
 */
import { lowest, window } from "../records.js";
import { interleave } from "../run.js";
import { Tape, VersionedMap } from "../timeline.js";

/** @typedef {import("../records.js").LogRecord} LogRecord */
/** @typedef {{ offset: number, record: LogRecord, source: number, corrects: number | null }} Entry source: its index in the input, −1 for a correction */
/** @typedef {{ kind: "edit" | "delete", field: string | null, to: any }} Change */
/** @typedef {{ id: string, every: number, position: number, read: number, stopped: boolean }} Reader position: the index of the next entry to read */

const SHOWN = 20;
const MOST_READERS = 12;
const offset = { name: "offset", type: "integer", default: 0, min: 0, label: { engineer: "offset", manager: "entry number" } };
const field = { name: "field", type: "string", default: null, nullable: true, label: { engineer: "field (none: the whole value)", manager: "which detail (none: all of it)" } };
const to = { name: "to", type: "string", default: "0", label: { engineer: "new value", manager: "what it should say" } };
const reader = { name: "reader", type: "string", default: "reporting", label: { engineer: "reader", manager: "reader" } };

/**
 * Parameters: `readers` (id → a turn after every n-th append), `batch` (the most records that a reader reads in a turn),
 * `amend` (`append`: edits and deletions are refused; `in-place`: the log is treated as a table, to see what breaks).
 *
 * Interventions: `edit`, `delete`, `correct` a record by offset; `join`, `stop`, `start`, `rewind` a reader.
 *
 * Result: `{ appended, readable, logEndOffset, corrections: [{offset, corrects}], refused: [{kind, offset, reason}],
 * changed: [{kind, offset, readBefore: [id…]}], readers: [{id, position, read, behind, stopped}] }`. `position` is the offset
 * that a reader reads next, `read` counts every reading, repeated ones too. `reason` is `append-only` or `no-such-record`.
 *
 * Offsets are those of the input, moved up by one for each correction that was appended before.
 */
export const model = {
  id: "append_log",
  title: "Append-only log",
  log: "required",
  params: [
    {
      name: "readers", type: "map", default: { billing: 1, reporting: 3 }, min: 1, max: 1000, maxItems: 8,
      label: { engineer: "readers, each with a turn after every n-th append", manager: "who reads, and after how many new entries each" },
    },
    { name: "batch", type: "integer", default: 1, min: 1, max: 1000, unit: "records", label: { engineer: "most records per turn", manager: "most entries read at a time" } },
    {
      name: "amend", type: "choice", default: "append",
      choices: [
        { value: "append", label: { engineer: "append only", manager: "corrections are added" } },
        { value: "in-place", label: { engineer: "update in place, like a table", manager: "entries may be overwritten" } },
      ],
      label: { engineer: "how a wrong record is amended", manager: "how a mistake is put right" },
    },
  ],
  interventions: [
    { kind: "edit", label: { engineer: "Edit a record", manager: "Overwrite an entry" }, params: [offset, field, to] },
    { kind: "delete", label: { engineer: "Delete a record", manager: "Strike out an entry" }, params: [offset] },
    {
      kind: "correct", label: { engineer: "Append a correcting event", manager: "Add a correcting entry" },
      params: [
        offset, field, to,
        { name: "type", type: "string", default: "EntryCorrected", label: { engineer: "event type", manager: "name of the entry" } },
        { name: "reason", type: "string", default: null, nullable: true, label: { engineer: "reason", manager: "reason" } },
      ],
    },
    {
      kind: "join", label: { engineer: "Add a reader", manager: "Let somebody new read" },
      params: [
        { ...reader, default: "analytics" },
        { name: "from", type: "integer", default: 0, min: 0, label: { engineer: "from offset", manager: "from entry" } },
        { name: "every", type: "integer", default: 1, min: 1, max: 1000, label: { engineer: "a turn after every n-th append", manager: "reads after so many new entries" } },
      ],
    },
    { kind: "stop", label: { engineer: "Stop a reader", manager: "Send a reader home" }, params: [reader] },
    { kind: "start", label: { engineer: "Start it again", manager: "Call the reader back" }, params: [reader] },
    {
      kind: "rewind", label: { engineer: "Rewind a reader", manager: "Let a reader start again" },
      params: [reader, { name: "to", type: "integer", default: 0, min: 0, label: { engineer: "to offset", manager: "back to entry" } }],
    },
  ],
  prepare, plan: interleave, start, step, copy, scene, result, checks,
};

/** Leaves out what is asked of a reader that never existed, and readers beyond the most. */
function prepare(input) {
  const known = new Set(Object.keys(input.params.readers));
  const interventions = input.interventions.filter((item) => {
    if (item.kind === "join" && known.size < MOST_READERS) known.add(item.reader);
    if (item.reader === undefined || known.has(item.reader)) return true;
    const rule = item.kind === "join" ? `there are ${MOST_READERS} readers, the most` : `the readers are then ${[...known].join(", ") || "none"}`;
    input.problems.push({ path: `/interventions/${item.index}/reader`, message: `reader was "${item.reader}": ${rule}, so the intervention is left out` });
    return false;
  });
  return { ...input, interventions };
}

function start(input) {
  const readers = new Map();
  for (const [id, every] of Object.entries(input.params.readers)) readers.set(id, { id, every, position: 0, read: 0, stopped: false });
  return {
    input,
    entries: /** @type {Tape<Entry>} */ (new Tape()),
    /** What was done to a record in place, by index. */
    changes: /** @type {VersionedMap<Change>} */ (new VersionedMap()),
    readers: /** @type {Map<string, Reader>} */ (readers),
    corrections: new Tape(),
    attempts: new Tape(),
    focus: 0,
    touched: { index: -1, mark: "" },
  };
}

function copy(state) {
  return {
    ...state,
    entries: state.entries.copy(),
    changes: state.changes.copy(),
    readers: new Map([...state.readers].map(([id, one]) => [id, { ...one }])),
    corrections: state.corrections.copy(),
    attempts: state.attempts.copy(),
  };
}

function step(state, action, quiet) {
  state.touched = { index: -1, mark: "" };
  const { intervention, record } = action;
  if (intervention) return INTERVENTIONS[intervention.kind](state, intervention);
  append(state, record, action.index, null);
  const advanced = readOn(state);
  if (quiet) return [];
  const at = endOffset(state) - 1;
  return [{
    code: "record.appended", refs: [`record:${at}`, `key:${record.key}`, ...advanced.map((id) => `reader:${id}`)],
    data: { offset: at, key: record.key, type: record.type, advanced, ...slowest(state) },
  }];
}

const INTERVENTIONS = {
  edit: change,
  delete: change,
  correct(state, { offset: wrong, field: name, to: said, type, reason }) {
    const index = indexOf(state, wrong);
    if (index < 0 || isDeleted(state, index)) return refuse(state, "correct", wrong, "no-such-record");
    const { key } = state.entries.at(index).record;
    const last = state.entries.at(state.entries.length - 1);
    const value = { corrects: wrong, [name ?? "value"]: parse(said), ...(reason === null ? {} : { reason }) };
    const record = { offset: last.offset + 1, time: last.record.time, key, type, value };
    append(state, record, -1, wrong);
    state.corrections.push({ offset: record.offset, corrects: wrong });
    state.attempts.push({ kind: "correct", offset: wrong, outcome: "appended", by: record.offset });
    readOn(state);
    return [{ code: "record.corrected", refs: [`record:${record.offset}`, `record:${wrong}`], data: { offset: record.offset, corrects: wrong, key, type } }];
  },
  join(state, { reader: id, from, every }) {
    const position = firstFrom(state, from);
    state.readers.set(id, { id, every, position, read: 0, stopped: false });
    return [{ code: "reader.joined", refs: [`reader:${id}`], data: { reader: id, position: offsetAt(state, position), waiting: state.entries.length - position } }];
  },
  stop(state, { reader: id }) {
    state.readers.get(id).stopped = true;
    return [{ code: "reader.stopped", refs: [`reader:${id}`], data: { reader: id, position: offsetAt(state, state.readers.get(id).position) } }];
  },
  start(state, { reader: id }) {
    const one = state.readers.get(id);
    one.stopped = false;
    return [{ code: "reader.started", refs: [`reader:${id}`], data: { reader: id, position: offsetAt(state, one.position), behind: state.entries.length - one.position } }];
  },
  rewind(state, { reader: id, to: target }) {
    const one = state.readers.get(id);
    const from = offsetAt(state, one.position);
    one.position = firstFrom(state, target);
    return [{ code: "reader.moved", refs: [`reader:${id}`], data: { reader: id, from, to: offsetAt(state, one.position), behind: state.entries.length - one.position } }];
  },
};

/** An attempt to edit or to delete: refused by a log, carried out by a table. */
function change(state, { kind, offset: wanted, field: name, to: said }) {
  const index = indexOf(state, wanted);
  if (index < 0) return refuse(state, kind, wanted, "no-such-record");
  if (state.input.params.amend === "append") return refuse(state, kind, wanted, "append-only");
  if (isDeleted(state, index)) return refuse(state, kind, wanted, "no-such-record");
  const { key, type } = state.entries.at(index).record;
  const readBefore = [...state.readers.values()].filter((one) => one.position > index).map((one) => one.id);
  state.changes.set(String(index), { kind, field: name, to: kind === "edit" ? parse(said) : null });
  state.attempts.push({ kind, offset: wanted, outcome: "done", readBefore });
  touch(state, index, kind === "delete" ? "gone" : "focus");
  const code = kind === "delete" ? "record.deleted" : "record.edited";
  return [{ code, refs: [`record:${wanted}`, ...readBefore.map((id) => `reader:${id}`)], data: { offset: wanted, key, type, readBefore } }];
}

function refuse(state, kind, wanted, reason) {
  state.attempts.push({ kind, offset: wanted, outcome: "refused", reason });
  touch(state, indexOf(state, wanted), "refused");
  return [{ code: "change.refused", refs: [`record:${wanted}`], data: { kind, offset: wanted, reason, logEndOffset: endOffset(state) } }];
}

function append(state, record, source, corrects) {
  const at = source < 0 ? record.offset : record.offset + state.corrections.length;
  const index = state.entries.push({ offset: at, record, source, corrects });
  touch(state, index, "new");
}

/** Whoever's turn it is reads on. @returns {string[]} the readers that got further */
function readOn(state) {
  const end = state.entries.length;
  const advanced = [];
  for (const one of state.readers.values()) {
    if (one.stopped || end % one.every !== 0 || one.position >= end) continue;
    const from = one.position;
    one.position = Math.min(end, from + state.input.params.batch);
    for (let index = from; index < one.position; index++) if (!isDeleted(state, index)) one.read += 1;
    advanced.push(one.id);
  }
  return advanced;
}

/** @returns {{ slowest: string | null, behind: number }} who has most to read */
function slowest(state) {
  let last = null;
  for (const one of state.readers.values()) if (last === null || one.position < last.position) last = one;
  return { slowest: last?.id ?? null, behind: last === null ? 0 : state.entries.length - last.position };
}

function touch(state, index, mark) {
  state.touched = { index, mark };
  if (index >= 0) state.focus = index;
}

function isDeleted(state, index) {
  return state.changes.size > 0 && state.changes.get(String(index))?.kind === "delete";
}

/** Whether an entry says something else than what was appended. */
function isAltered(state, index) {
  const { record, source } = state.entries.at(index);
  if (source >= 0 && record !== state.input.log[source]) return true;
  for (let version = state.changes.versions(String(index)); version > 0; version--) {
    const { kind, field: name, to: said } = state.changes.get(String(index), version);
    if (kind === "delete" || said !== (name === null ? record.value : record.value?.[name])) return true;
  }
  return false;
}

/** The index of the first entry at or after an offset. */
function firstFrom(state, wanted) {
  return lowest(state.entries.length, (i) => state.entries.at(i).offset >= wanted);
}

function indexOf(state, wanted) {
  const index = firstFrom(state, wanted);
  return state.entries.at(index)?.offset === wanted ? index : -1;
}

function offsetAt(state, index) {
  return state.entries.at(index)?.offset ?? endOffset(state);
}

function endOffset(state) {
  const last = state.entries.at(state.entries.length - 1);
  return last === undefined ? 0 : last.offset + 1;
}

/** A number where the text is one, as a person who types 60 means sixty. */
function parse(text) {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

function result(state) {
  const attempts = state.attempts.slice();
  return {
    appended: state.entries.length,
    readable: readable(state),
    logEndOffset: endOffset(state),
    corrections: state.corrections.slice(),
    refused: attempts.filter((one) => one.outcome === "refused").map(({ kind, offset: at, reason }) => ({ kind, offset: at, reason })),
    changed: attempts.filter((one) => one.outcome === "done").map(({ kind, offset: at, readBefore }) => ({ kind, offset: at, readBefore })),
    readers: [...state.readers.values()].map((one) => ({
      id: one.id,
      position: offsetAt(state, one.position),
      read: one.read,
      behind: state.entries.length - one.position,
      stopped: one.stopped,
    })),
  };
}

/** What a new reader would find, counted by reading it. */
function readable(state) {
  let count = 0;
  for (let index = 0; index < state.entries.length; index++) if (!isDeleted(state, index)) count += 1;
  return count;
}

function checks(state) {
  let altered = 0;
  let unordered = 0;
  let source = -1;
  for (let index = 0; index < state.entries.length; index++) {
    const entry = state.entries.at(index);
    if (isAltered(state, index)) altered += 1;
    if (index > 0 && entry.offset <= state.entries.at(index - 1).offset) unordered += 1;
    if (entry.source >= 0 && entry.source !== ++source) unordered += 1;
  }
  const changed = state.attempts.slice().filter((one) => one.outcome === "done");
  const deleted = changed.filter((one) => one.kind === "delete").length;
  const misled = changed.filter((one) => one.readBefore.length > 0);
  const count = readable(state);
  return [
    { id: "nothing-changed", holds: altered === 0, detail: `${altered} of ${state.entries.length} records differ from what was appended` },
    { id: "order-kept", holds: unordered === 0, detail: `${unordered} records stand out of the order in which they came` },
    { id: "reading-removes-nothing", holds: count + deleted === state.entries.length, detail: `${count} records readable, ${state.entries.length} appended, ${deleted} deleted` },
    { id: "readers-agree", holds: misled.length === 0, detail: `${misled.length} records were altered after somebody had read them` },
  ];
}

function scene(state) {
  const correctedBy = new Map(state.corrections.slice().map((one) => [one.corrects, one.offset]));
  const { items, before, after } = window(state.entries, state.focus, SHOWN);
  const positions = [...state.readers.values()];
  const everybodyRead = positions.length === 0 ? 0 : Math.min(...positions.map((one) => one.position));
  const tickets = items.map((entry, i) => ticket(state, entry, before + i, everybodyRead, correctedBy.get(entry.offset)));
  const markers = positions.map((one) => ({ id: one.id, ref: `reader:${one.id}`, label: one.id, offset: offsetAt(state, one.position) }));
  /** @type {any[]} */
  const blocks = [
    {
      kind: "lanes", id: "log", title: { engineer: "The log", manager: "The book of entries" },
      lanes: [{ id: "log", label: { engineer: "log", manager: "entries" }, note: { engineer: `end offset ${endOffset(state)}`, manager: `next entry is ${endOffset(state)}` }, tickets, before, after, markers }],
    },
    {
      kind: "table", id: "readers", title: { engineer: "Readers", manager: "Who reads it" }, before: 0, after: 0,
      columns: [
        { id: "reader", label: { engineer: "reader", manager: "reader" } },
        { id: "position", label: { engineer: "next offset", manager: "next entry" }, numeric: true },
        { id: "read", label: { engineer: "records read", manager: "entries read" }, numeric: true },
        { id: "behind", label: { engineer: "behind", manager: "still to read" }, numeric: true },
        { id: "state", label: { engineer: "state", manager: "at work" } },
      ],
      rows: positions.map((one) => ({
        ref: `reader:${one.id}`,
        cells: [one.id, offsetAt(state, one.position), one.read, state.entries.length - one.position, one.stopped ? "stopped" : "running"],
        marks: one.stopped ? ["waiting"] : [],
      })),
    },
  ];
  if (state.attempts.length > 0) blocks.push(attemptsTable(state));
  const last = state.attempts.at(state.attempts.length - 1);
  if (last !== undefined && state.touched.mark !== "new" && state.touched.index >= 0) blocks.push(notice(last));
  return { blocks };
}

function ticket(state, entry, index, everybodyRead, correctedBy) {
  const change = state.changes.get(String(index));
  const marks = [];
  if (change?.kind === "delete") marks.push("gone");
  if (entry.corrects !== null) marks.push("correction");
  if (index < everybodyRead) marks.push("read");
  if (index === state.touched.index && state.touched.mark !== "gone") marks.push(state.touched.mark);
  const shown = { ref: `record:${entry.offset}`, offset: entry.offset, key: entry.record.key, type: entry.record.type, marks };
  if (entry.corrects !== null) return { ...shown, note: { engineer: `corrects ${entry.corrects}`, manager: `puts ${entry.corrects} right` } };
  if (correctedBy !== undefined) return { ...shown, note: { engineer: `corrected by ${correctedBy}`, manager: `put right by ${correctedBy}` } };
  if (change?.kind === "edit") return { ...shown, note: { engineer: `${change.field ?? "value"} set to ${change.to}`, manager: `overwritten: ${change.to}` } };
  return shown;
}

function attemptsTable(state) {
  const { items, before, after } = window(state.attempts, state.attempts.length, 20);
  return {
    kind: "table", id: "attempts", title: { engineer: "Attempts to amend", manager: "Attempts to put something right" }, before, after,
    columns: [
      { id: "kind", label: { engineer: "attempt", manager: "attempt" } },
      { id: "offset", label: { engineer: "record", manager: "entry" }, numeric: true },
      { id: "outcome", label: { engineer: "outcome", manager: "outcome" } },
    ],
    rows: items.map((one) => ({
      ref: `record:${one.offset}`,
      cells: [one.kind, one.offset, one.outcome === "appended" ? `appended at ${one.by}` : one.outcome],
      marks: one.outcome === "refused" ? ["refused"] : [],
    })),
  };
}

function notice(last) {
  if (last.outcome === "refused") {
    const text = last.reason === "append-only"
      ? { engineer: `Refused: a log only appends. Append an event that corrects ${last.offset}.`, manager: `Refused: an entry in the book stays. Add an entry that corrects number ${last.offset}.` }
      : { engineer: `Refused: there is no record at offset ${last.offset}.`, manager: `Refused: there is no entry number ${last.offset}.` };
    return { kind: "notice", id: "attempt", level: "warning", text };
  }
  const names = last.readBefore.join(", ");
  const text = names === ""
    ? { engineer: `Offset ${last.offset} changed before anybody read it.`, manager: `Entry ${last.offset} changed before anybody read it.` }
    : { engineer: `${names} read offset ${last.offset} before it changed; later readers see another history.`, manager: `${names} acted on entry ${last.offset} as it was; everyone later reads something else.` };
  return { kind: "notice", id: "attempt", level: names === "" ? "info" : "warning", text };
}

/**
 * An application decides, and what becomes of it is kept twice: as domain events, and as a table that is changed in place and
 * whose changes are captured. A change says what the row was and is; only the event says what was meant.
 *
 * The change records have the core of the envelope of Debezium's connectors: `op` (c, u, d), `before`, `after`, `ts_ms`.
 */
import { differing, partOf, tallied, updated, wordsOf } from "../captured_table.js";
import { scene } from "../change_capture_scene.js";
import { brief } from "../records.js";
import { Tape, VersionedMap } from "../timeline.js";
import { interleave } from "../run.js";

const OWN = ["id", "status"];
const MOST_ASKED = 3_000_000;
/** @type {readonly any[]} */
const SILENCE = Object.freeze([]);
const offset = { type: "integer", min: 0, max: Number.MAX_SAFE_INTEGER };
const key = { name: "key", type: "string", default: null, nullable: true, label: { engineer: "key (none: the last one changed)", manager: "which one (none: the last one changed)" } };
const type = { name: "type", type: "string", default: "OrderCancelled", label: { engineer: "event type", manager: "what happened" } };
const field = { name: "field", type: "string", default: "reason", label: { engineer: "field", manager: "which detail" } };

/**
 * Parameters: `statuses` (the number by which the table says that an event of a type happened; other types leave it),
 * `columns` (the fields of events that the table has columns for), `capture` (`log`: every change, as it is committed;
 * `poll`: the rows that changed since the last look, after every `pollEvery` records), `eventsFrom` (the offset from which
 * the application records its events; what it decided before is in the table only), `laterFields` (fields that events carry
 * only from an offset on: before, they were written in an earlier version).
 *
 * Interventions: `ask` what a field said in all events of a type; `alter` adds a column, from now on; `edit` changes a row by
 * hand, and `delete` removes one, past the application; `upcast` lets readers of events see a value where an earlier version
 * has none.
 *
 * Result: `{ rows, changes: [{op, before, after, ts_ms}], tombstones, events, silent: [offset…], unexplained, missed,
 * asked: [{type, field, events: {value: n}, unrecorded, unreadable, invented, changes: {value: n}, unknown}] }`. `silent`
 * are the events that changed no row and so no change record tells of; `unexplained` the changes that no event tells of;
 * `missed` the changes that polling did not see. In an answer, `events` and `changes` count the values that either side
 * knows; `unrecorded`, `unreadable` and `invented` are events that were not kept, that lack the field, and whose value an
 * upcaster made up; `unknown` are the changes to that status without the value. Polling gives no `before`.
 */
export const model = {
  id: "change_capture",
  title: "Change capture",
  log: "required",
  params: [
    { name: "statuses", type: "map", default: { OrderPlaced: 1, PaymentCaptured: 2, OrderShipped: 3, OrderCancelled: 5 }, min: 0, max: 1_000_000, label: { engineer: "status number by event type", manager: "number that the table has for it" } },
    { name: "columns", type: "list", default: ["customer", "city"], maxItems: 20, label: { engineer: "columns of the table", manager: "what the table has room for" } },
    {
      name: "capture", type: "choice", default: "log",
      choices: [
        { value: "log", label: { engineer: "from the database's log", manager: "every change, as it happens" } },
        { value: "poll", label: { engineer: "by polling the table", manager: "by looking every now and then" } },
      ],
      label: { engineer: "changes are captured", manager: "changes are noticed" },
    },
    { name: "pollEvery", type: "integer", default: 10, min: 1, max: 1_000_000, unit: "records", label: { engineer: "poll after every", manager: "look after every" } },
    { ...offset, name: "eventsFrom", default: 0, label: { engineer: "events are recorded from offset", manager: "reasons are written down from entry" } },
    { name: "laterFields", type: "map", default: {}, min: 0, max: Number.MAX_SAFE_INTEGER, label: { engineer: "fields that events carry only from an offset on", manager: "details that were added to the form later" } },
  ],
  interventions: [
    { kind: "ask", label: { engineer: "Ask why", manager: "Ask why" }, params: [type, field] },
    { kind: "alter", label: { engineer: "Add a column from now on", manager: "Make room in the table for one more detail" }, params: [{ name: "column", type: "string", default: "reason", label: { engineer: "column", manager: "detail" } }] },
    { kind: "edit", label: { engineer: "Update a row by hand", manager: "Change the table by hand" }, params: [key, { name: "status", type: "integer", default: 9, min: 0, max: 1_000_000, label: { engineer: "status", manager: "to the number" } }] },
    { kind: "delete", label: { engineer: "Delete a row by hand", manager: "Strike a line off the table" }, params: [key] },
    { kind: "upcast", label: { engineer: "Install an upcaster", manager: "Fill in what old entries lack" }, params: [type, field, { name: "value", type: "string", default: "not recorded", label: { engineer: "value for earlier versions", manager: "what to read instead" } }] },
  ],
  prepare, plan: interleave, start, step, copy, scene, result, checks,
};

function prepare(input) {
  const { params, interventions, problems } = input;
  const columns = params.columns.filter((column) => !OWN.includes(column));
  if (columns.length < params.columns.length) problems.push({ path: "/params/columns", message: `columns had ${params.columns.filter((column) => OWN.includes(column)).join(", ")}: every table has these, so they are left out of the list` });
  const byType = placesByType(input.log, interventions);
  let work = 0;
  const kept = interventions.filter((item) => item.kind !== "ask" || (work += item.at + (byType.get(item.type)?.length ?? 0) + 1) <= MOST_ASKED);
  if (kept.length < interventions.length) problems.push({ path: "/interventions", message: `${interventions.length - kept.length} questions are left out: together they would look at more than ${MOST_ASKED} records` });
  return { ...input, params: Object.freeze({ ...params, columns: Object.freeze(columns) }), interventions: kept, byType };
}

/** Where in the log the events stand that are asked for, by type. @returns {Map<string, number[]>} */
function placesByType(log, interventions) {
  const places = new Map(interventions.filter(({ kind }) => kind === "ask").map(({ type: kind }) => [kind, []]));
  if (places.size > 0) for (let i = 0; i < log.length; i++) if (log[i].key !== null) places.get(log[i].type)?.push(i);
  return places;
}

function start(input) {
  return {
    input,
    columns: input.params.columns,
    /** @type {VersionedMap<import("../captured_table.js").Row | null>} */
    table: new VersionedMap(),
    live: 0,
    /** Every change of the table, as `{ change, key, offset }`; an offset of −1 is nobody's event. */
    made: new Tape(),
    /** The changes that were captured. */
    captured: new Tape(),
    /** How many of the changes that were made polling has looked at. */
    polled: 0,
    tombstones: 0,
    read: 0,
    silent: new Tape(),
    unexplained: 0,
    asked: new Tape(),
    /** @type {readonly { type: string, field: string, value: string }[]} the latest first */
    upcasters: [],
    time: input.log[0]?.time ?? 0,
    last: /** @type {string | null} */ (null),
    focus: /** @type {any} */ (null),
  };
}

function copy(state) {
  return { ...state, table: state.table.copy(), made: state.made.copy(), captured: state.captured.copy(), silent: state.silent.copy(), asked: state.asked.copy() };
}

function step(state, { record, intervention }, quiet) {
  state.focus = null;
  if (intervention) return INTERVENTIONS[intervention.kind](state, intervention);
  state.read += 1;
  state.time = record.time;
  const change = apply(state, record);
  const polled = poll(state);
  if (quiet) return SILENCE;
  /** @type {any[]} */
  const facts = [told(state, record, change)];
  if (polled !== null) facts.push({ code: "change.polled", refs: ["table:change"], data: polled });
  return facts;
}

/** Lets the application change its table as an event says. @returns {import("../captured_table.js").Change | null} */
function apply(state, record) {
  const { key: about } = record;
  if (about === null) return null;
  const before = state.table.get(about) ?? null;
  const after = record.value === null ? null : updated(before, record, state.input.params.statuses, state.columns);
  state.last = about;
  if (differing(before, after).length > 0) return commit(state, about, before, after, record.offset);
  state.silent.push(record.offset);
  return null;
}

/** Changes a row, and captures that where the log is read. */
function commit(state, about, before, after, at) {
  const op = before === null ? "c" : after === null ? "d" : "u";
  /** @type {import("../captured_table.js").Change} */
  const change = { op, before, after, ts_ms: state.time };
  state.table.set(about, after);
  state.live += (after === null ? 0 : 1) - (before === null ? 0 : 1);
  state.made.push({ change, key: about, offset: at });
  if (state.input.params.capture === "log") {
    state.captured.push({ change, key: about, offset: at });
    if (op === "d") state.tombstones += 1;
  }
  state.focus = change;
  return change;
}

/** Looks at the rows that changed since the last look, where one is due. */
function poll(state) {
  const { capture, pollEvery } = state.input.params;
  if (capture === "log" || state.read % pollEvery !== 0) return null;
  const changes = state.made.slice(state.polled);
  const keys = [...new Set(changes.map(({ key: about }) => about))];
  let seen = 0;
  for (const about of keys) {
    const after = state.table.get(about) ?? null;
    if (after === null) continue;
    const change = { op: "u", before: null, after, ts_ms: state.time };
    state.captured.push({ change, key: about, offset: -1 });
    state.focus = change;
    seen++;
  }
  state.polled = state.made.length;
  return { seen, made: changes.length, missed: changes.length - seen };
}

function told(state, { offset: at, key: about, type: kind, value }, change) {
  const refs = [`record:${at}`];
  const data = { offset: at, key: about, type: kind || "the record", isKept: at >= state.input.params.eventsFrom, capture: state.input.params.capture };
  if (about === null) return { code: "event.unkeyed", refs, data };
  if (change === null) return { code: "event.silent", refs, data };
  const unsaid = Object.keys(typeof value === "object" && value !== null ? value : {}).filter((name) => !state.columns.includes(name)).slice(0, 3);
  return { code: "change.captured", refs: [...refs, `row:${about}`, `change:${state.captured.length - 1}`], data: { ...data, op: change.op, words: wordsOf(change), unsaid } };
}

const INTERVENTIONS = {
  ask(state, { type: kind, field: name }) {
    const found = { type: kind, field: name, ...fromEvents(state, kind, name), ...fromChanges(state, kind, name) };
    state.asked.push(found);
    const known = (tally) => Object.values(tally).reduce((sum, n) => sum + n, 0);
    return [{ code: "reason.asked", refs: ["table:asked"], data: { ...found, said: Object.keys(found.events).slice(0, 3).map((each) => brief(each)), inEvents: known(found.events), inChanges: known(found.changes) } }];
  },
  alter(state, { column }) {
    const isNew = !OWN.includes(column) && !state.columns.includes(column) && state.columns.length < 40;
    if (isNew) state.columns = [...state.columns, column];
    return [{ code: isNew ? "column.added" : "column.there", refs: [], data: { column, rows: state.live } }];
  },
  edit(state, { key: wanted, status }) {
    const about = wanted ?? state.last;
    const before = about === null ? null : (state.table.get(about) ?? null);
    if (before === null || before.status === status) return [{ code: "row.unchanged", refs: [], data: { key: about ?? "nothing" } }];
    return byHand(state, about, before, { ...before, status });
  },
  delete(state, { key: wanted }) {
    const about = wanted ?? state.last;
    const before = about === null ? null : (state.table.get(about) ?? null);
    if (before === null) return [{ code: "row.unchanged", refs: [], data: { key: about ?? "nothing" } }];
    return byHand(state, about, before, null);
  },
  upcast(state, { type: kind, field: name, value }) {
    state.upcasters = [{ type: kind, field: name, value }, ...state.upcasters.filter((each) => each.type !== kind || each.field !== name)];
    return [{ code: "upcaster.installed", refs: [], data: { type: kind, field: name, value } }];
  },
};

function byHand(state, about, before, after) {
  const change = commit(state, about, before, after, -1);
  state.unexplained += 1;
  return [{ code: "row.edited", refs: [`row:${about}`], data: { key: about, words: wordsOf(change), op: change.op, capture: state.input.params.capture } }];
}

/** What the events that were recorded say in a field; an upcaster makes up what an earlier version lacks. */
function fromEvents(state, kind, name) {
  const { log, params } = state.input;
  const since = Object.hasOwn(params.laterFields, name) ? params.laterFields[name] : 0;
  const upcaster = state.upcasters.find((each) => each.type === kind && each.field === name);
  const found = { events: {}, unrecorded: 0, unreadable: 0, invented: 0 };
  for (const place of state.input.byType.get(kind) ?? []) {
    if (place >= state.read) break;
    const event = log[place];
    const said = event.offset < since ? undefined : partOf(event.value, name);
    if (event.offset < params.eventsFrom) found.unrecorded += 1;
    else if (said !== undefined && said !== null) tallied(found.events, said);
    else if (upcaster === undefined) found.unreadable += 1;
    else {
      tallied(found.events, upcaster.value);
      found.invented += 1;
    }
  }
  return found;
}

/** What the change records say of the same: those that changed a row to the status that stands for the type. */
function fromChanges(state, kind, name) {
  const { statuses } = state.input.params;
  const found = { changes: {}, unknown: 0 };
  if (!Object.hasOwn(statuses, kind)) return found;
  const wanted = statuses[kind];
  for (let i = 0; i < state.captured.length; i++) {
    const { change: { before, after } } = state.captured.at(i);
    if (after === null || after.status !== wanted || before?.status === wanted) continue;
    const said = partOf(after, name);
    if (said === undefined || said === null) found.unknown += 1;
    else tallied(found.changes, said);
  }
  return found;
}

function result(state) {
  const { log, params } = state.input;
  let events = 0;
  for (let i = 0; i < state.read; i++) if (log[i].offset >= params.eventsFrom) events++;
  return {
    rows: state.live, changes: state.captured.slice().map(({ change }) => change), tombstones: state.tombstones, events,
    silent: state.silent.slice(), unexplained: state.unexplained,
    missed: params.capture === "log" ? 0 : state.made.length - state.captured.length, asked: state.asked.slice(),
  };
}

function checks(state) {
  const copied = new Map();
  for (const { change: { after }, key: about } of state.captured.slice()) {
    if (after === null) copied.delete(about);
    else copied.set(about, after);
  }
  const differ = state.table.keys.slice().filter((about) => differing(state.table.get(about) ?? null, copied.get(about) ?? null).length > 0);
  const asked = state.asked.slice();
  const poorer = asked.filter(({ changes, events, unknown }) => unknown > 0 || !isSame(changes, events));
  const invented = asked.reduce((sum, each) => sum + each.invented, 0);
  return [
    { id: "copy-agrees", holds: differ.length === 0, detail: `rows that a copy made from the changes has otherwise: ${differ.slice(0, 20).join(", ") || "none"}` },
    { id: "changes-explained", holds: state.unexplained === 0, detail: `${state.unexplained} of ${state.made.length} changes of the table have no event` },
    { id: "intent-captured", holds: poorer.length === 0, detail: `${poorer.length} of ${asked.length} questions were answered otherwise by the changes than by the events` },
    { id: "nothing-invented", holds: invented === 0, detail: `${invented} values in the answers were made up by an upcaster` },
  ];
}

/** Whether two tallies count the same. */
function isSame(a, b) {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}

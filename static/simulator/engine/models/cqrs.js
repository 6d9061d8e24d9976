/**
 * Writes and reads: one model for both or two, and reads that are brought up to date with the write or after it. The two
 * choices are independent: what reads lag behind is the delivery, not the separation.
 */
import { scene } from "../cqrs_scene.js";
import { MAX_STEPS } from "../run.js";
import { Tape, VersionedMap } from "../timeline.js";

/** @typedef {{ type: string, offset: number, changes: number }} Row what a model says about a key; `changes`: how many events it has seen of it */
/** @typedef {{ rows: VersionedMap<Row>, totals: VersionedMap<number>, seen: VersionedMap<true>, patches: number }} View */

const IDLE = -1;
const UNNAMED = "a record";
const key = { name: "key", type: "string", default: null, nullable: true, label: { engineer: "key (none: the last one written)", manager: "about whom (none: the last change)" } };

/**
 * Parameters: `separated` (a read model of its own shape, or one model for writes and reads), `delivery` (`sync`: the reads
 * are updated with the write; `async`: later; one model read asynchronously is a replica), `lag` (steps until a record
 * reaches the reads), `catchUp` (the most records that they take up in a step), `onlyOnce` (types that a key may have once),
 * `decideFrom` (`write` or `read`: the model which that rule consults).
 *
 * Interventions: `probe` (read a key right after the write), `ask` (how many keys stand at a type now), `pause` and `resume`
 * the updating of the reads, `quiet` (nobody writes until the reads are level), `patch` (somebody edits the read model by
 * hand), `rebuild` (fold a second read model from the log, and put it in the place of the first once it is level).
 *
 * Result: `{ writePosition, readPosition, gap, largestGap, updatesPerWrite, refused: [{offset, reason}], repeated: [offset…],
 * probes: [{kind, about, wrote, saw, fresh, rowsRead}], rebuilds, keys, totals: {type: keys that stand at it} }`. Positions
 * count the records that a model has taken up; `repeated` are those that were accepted against `onlyOnce`.
 *
 * When the log ends, the run goes on until the reads are level or nothing moves.
 */
export const model = {
  id: "cqrs",
  title: "CQRS",
  log: "required",
  params: [
    { name: "separated", type: "boolean", default: true, label: { engineer: "separate read and write models", manager: "a copy of its own for reading" } },
    {
      name: "delivery", type: "choice", default: "async",
      choices: [
        { value: "sync", label: { engineer: "synchronous, in the write", manager: "with every change" } },
        { value: "async", label: { engineer: "asynchronous, after it", manager: "some time later" } },
      ],
      label: { engineer: "reads are updated", manager: "what people see is updated" },
    },
    { name: "lag", type: "integer", default: 3, min: 0, max: 1000, unit: "records", label: { engineer: "lag of an asynchronous update", manager: "how long that takes" } },
    { name: "catchUp", type: "integer", default: 4, min: 1, max: 1000, unit: "records", label: { engineer: "most records taken up per step", manager: "how fast it can catch up" } },
    { name: "onlyOnce", type: "list", default: [], label: { engineer: "event types a key may have once", manager: "what may happen only once each" } },
    {
      name: "decideFrom", type: "choice", default: "write",
      choices: [
        { value: "write", label: { engineer: "the write model", manager: "the books" } },
        { value: "read", label: { engineer: "the read model", manager: "what the screen shows" } },
      ],
      label: { engineer: "the rule consults", manager: "decisions look at" },
    },
  ],
  interventions: [
    { kind: "probe", label: { engineer: "Read your own write", manager: "Look at what was just changed" }, params: [key] },
    { kind: "ask", label: { engineer: "Ask a question over all keys", manager: "Ask for a figure" }, params: [{ name: "type", type: "string", default: "OrderShipped", label: { engineer: "how many stand at this type", manager: "how many stand at" } }] },
    { kind: "pause", label: { engineer: "Stop the projector", manager: "Stop updating the screen" }, params: [] },
    { kind: "resume", label: { engineer: "Start the projector", manager: "Go on updating it" }, params: [] },
    { kind: "quiet", label: { engineer: "Stop writing until the gap is 0", manager: "Nobody changes anything for a while" }, params: [] },
    { kind: "patch", label: { engineer: "Edit the read model by hand", manager: "Change a figure on the screen" }, params: [key, { name: "type", type: "string", default: "FixedByHand", label: { engineer: "what it then says", manager: "what it then says" } }] },
    { kind: "rebuild", label: { engineer: "Rebuild the read model from the log", manager: "Draw the figures up again from the books" }, params: [] },
  ],
  plan, start, step, copy, scene, result, checks,
};

/** Where writes, reads and a rebuild stand: numbers only, so that the plan can run ahead with them. */
function newPace() {
  return { tick: 0, written: 0, delivered: 0, applied: 0, paused: false, rebuilt: -1, ticks: /** @type {Tape<number>} */ (new Tape()) };
}

/** One model and synchronous: reads are answered by what was written. */
const isOne = ({ separated, delivery }) => !separated && delivery === "sync";
/** Whether a write cannot go through, since the reads are part of it. */
const isBlocked = (pace, { separated, delivery }) => pace.paused && separated && delivery === "sync";

function noteWrite(pace) {
  pace.ticks.push(pace.tick);
  pace.written += 1;
}

/** Lets a step's time pass. @returns {number} up to where the reads have taken up the log */
function pass(pace, params) {
  pace.tick += 1;
  const lag = params.delivery === "sync" ? 0 : params.lag;
  while (pace.delivered < pace.written && pace.tick > pace.ticks.at(pace.delivered) + lag) pace.delivered += 1;
  const from = pace.applied;
  if (isOne(params)) pace.applied = pace.written;
  else if (!pace.paused) pace.applied = Math.min(pace.delivered, from + params.catchUp);
  if (pace.rebuilt >= 0 && !pace.paused) pace.rebuilt = Math.min(pace.applied, pace.rebuilt + params.catchUp);
  return pace.applied;
}

/** Ends a rebuild that has come level. */
function swap(pace) {
  if (pace.rebuilt < 0 || pace.rebuilt < pace.applied) return false;
  pace.rebuilt = -1;
  return true;
}

const isBehind = (pace) => pace.applied < pace.written;
const isBusy = (pace) => pace.rebuilt >= 0 || isBehind(pace);

/** Actions as numbers: a record's index, IDLE, or −2 − an intervention's place. */
function plan({ log, interventions, params }) {
  const actions = [];
  const pace = newPace();
  const wait = (needed) => {
    while (needed(pace) && !pace.paused && actions.length <= MAX_STEPS) {
      actions.push(IDLE);
      pass(pace, params);
      swap(pace);
    }
  };
  let next = 0;
  for (let index = 0; index <= log.length; index++) {
    for (; next < interventions.length && interventions[next].at <= index; next++) {
      const { kind } = interventions[next];
      actions.push(-2 - next);
      if (kind === "pause" || kind === "resume") pace.paused = kind === "pause";
      if (kind === "rebuild" && !isOne(params)) pace.rebuilt = 0;
      if (kind === "quiet") wait(isBehind);
    }
    if (index === log.length) break;
    actions.push(index);
    if (!isBlocked(pace, params)) noteWrite(pace);
    pass(pace, params);
    swap(pace);
  }
  wait(isBusy);
  return {
    length: actions.length,
    action(i) {
      const code = actions[i];
      if (code >= 0) return { record: log[code], time: log[code].time, index: code };
      return code === IDLE ? { idle: true } : { intervention: interventions[-2 - code] };
    },
  };
}

/** @returns {View} */
function newView() {
  return { rows: new VersionedMap(), totals: new VersionedMap(), seen: new VersionedMap(), patches: 0 };
}

function copyView({ rows, totals, seen, patches }) {
  return { rows: rows.copy(), totals: totals.copy(), seen: seen.copy(), patches };
}

function start(input) {
  const write = newView();
  return {
    input,
    pace: newPace(),
    /** The accepted records, by index in the input. */
    log: /** @type {Tape<number>} */ (new Tape()),
    write,
    read: isOne(input.params) ? write : newView(),
    fresh: null,
    refused: new Tape(),
    probes: new Tape(),
    rebuilds: 0,
    largestGap: 0,
    focus: { key: null, index: -1, probed: false },
  };
}

function copy(state) {
  const write = copyView(state.write);
  return {
    ...state,
    pace: { ...state.pace, ticks: state.pace.ticks.copy() },
    log: state.log.copy(),
    write,
    read: state.read === state.write ? write : copyView(state.read),
    fresh: state.fresh && copyView(state.fresh),
    refused: state.refused.copy(),
    probes: state.probes.copy(),
    focus: { ...state.focus },
  };
}

function step(state, { record, index, intervention }, quiet) {
  state.focus.index = -1;
  state.focus.probed = false;
  if (intervention) return INTERVENTIONS[intervention.kind](state, intervention);
  /** @type {any[]} */
  const facts = [];
  if (record) accept(state, record, index, quiet ? null : facts);
  update(state, record === undefined, quiet ? null : facts);
  state.largestGap = Math.max(state.largestGap, gap(state));
  if (record && !quiet) facts[0].data.gap = gap(state);
  return facts;
}

/** Decides about a record, and appends it if it is accepted. */
function accept(state, record, index, facts) {
  const { params } = state.input;
  const { offset, type } = record;
  const about = nameOf(record);
  const reason = isBlocked(state.pace, params) ? "read-model-down" : isRepeated(params.decideFrom === "read" ? state.read : state.write, params, about, type) ? "repeated" : null;
  state.focus.key = about;
  if (reason !== null) {
    state.refused.push({ offset, reason });
    facts?.push({ code: "write.refused", refs: [`record:${offset}`, `key:${about}`], data: { offset, key: about, type: type || UNNAMED, reason, decideFrom: params.decideFrom } });
    return;
  }
  const repeated = isRepeated(state.write, params, about, type);
  state.focus.index = state.log.push(index);
  noteWrite(state.pace);
  fold(state.write, record, params);
  const { separated, delivery } = params;
  facts?.push({
    code: repeated ? "write.repeated" : "write.accepted", refs: [`record:${offset}`, `key:${about}`, `table:write:${about}`],
    data: { offset, key: about, type: type || UNNAMED, version: state.write.rows.get(about).changes, separated, delivery },
  });
}

/** Time passes: the reads, and a rebuild, take up what they can. */
function update(state, idle, facts) {
  const { params, log } = state.input;
  const rebuiltFrom = state.pace.rebuilt;
  const gapBefore = gap(state);
  const from = state.pace.applied;
  const to = pass(state.pace, params);
  if (!isOne(params)) for (let i = from; i < to; i++) fold(state.read, log[state.log.at(i)], params);
  if (rebuiltFrom >= 0) for (let i = rebuiltFrom; i < state.pace.rebuilt; i++) fold(state.fresh, log[state.log.at(i)], params);
  if (facts && params.delivery === "async" && to > from) {
    const last = log[state.log.at(to - 1)];
    facts.push({ code: "read_model.updated", refs: [`record:${last.offset}`, `table:read:${nameOf(last)}`], data: { count: to - from, offset: last.offset, key: nameOf(last), gap: gap(state), idle, separated: params.separated } });
  }
  if (idle && gap(state) === 0 && gapBefore > 0) facts?.push({ code: "read_model.level", refs: [], data: { position: state.pace.written } });
  if (swap(state.pace)) {
    facts?.push({ code: "read_model.replaced", refs: [], data: { records: state.pace.applied, repaired: state.read.patches } });
    state.read = state.fresh;
    state.fresh = null;
    state.rebuilds += 1;
  }
  if (facts?.length === 0) facts.push({ code: "time.passed", refs: [], data: { gap: gap(state), rebuilt: state.pace.rebuilt } });
}

/** Takes up a record into a view: its key's row, and how many keys stand at each type. */
function fold(view, record, { onlyOnce }) {
  const about = nameOf(record);
  const row = view.rows.get(about);
  if (row) view.totals.set(row.type, (view.totals.get(row.type) ?? 0) - 1);
  view.totals.set(record.type, (view.totals.get(record.type) ?? 0) + 1);
  view.rows.set(about, { type: record.type, offset: record.offset, changes: (row?.changes ?? 0) + 1 });
  if (onlyOnce.includes(record.type)) view.seen.set(pair(about, record.type), true);
}

const nameOf = (record) => record.key ?? "(no key)";
const pair = (about, type) => JSON.stringify([about, type]);
const isRepeated = (view, { onlyOnce }, about, type) => onlyOnce.includes(type) && view.seen.get(pair(about, type)) === true;
const gap = (state) => state.pace.written - state.pace.applied;

const INTERVENTIONS = {
  probe(state, intervention) {
    const about = intervention.key ?? state.focus.key ?? "(no key)";
    const wrote = state.write.rows.get(about)?.changes ?? 0;
    const saw = state.read.rows.get(about)?.changes ?? 0;
    return probed(state, about, { kind: "probe", about, wrote, saw, fresh: saw === wrote, rowsRead: 1 }, "probe.answered");
  },
  ask(state, { type }) {
    const wrote = state.write.totals.get(type) ?? 0;
    const saw = state.read.totals.get(type) ?? 0;
    const rowsRead = state.input.params.separated ? 1 : state.read.rows.size;
    return probed(state, state.focus.key, { kind: "ask", about: type, wrote, saw, fresh: saw === wrote, rowsRead }, "question.answered");
  },
  pause(state) {
    state.pace.paused = true;
    const { separated, delivery } = state.input.params;
    return [{ code: "projector.stopped", refs: [], data: { gap: gap(state), separated, delivery } }];
  },
  resume(state) {
    state.pace.paused = false;
    return [{ code: "projector.started", refs: [], data: { gap: gap(state) } }];
  },
  quiet(state) {
    return [{ code: "writers.stopped", refs: [], data: { gap: gap(state), paused: state.pace.paused } }];
  },
  patch(state, { key: wanted, type }) {
    const about = wanted ?? state.focus.key ?? "(no key)";
    const row = state.read.rows.get(about);
    if (isOne(state.input.params) || !row) return [{ code: "patch.refused", refs: [], data: { key: about, one: isOne(state.input.params) } }];
    state.read.rows.set(about, { ...row, type });
    state.read.patches += 1;
    state.focus.key = about;
    return [{ code: "row.patched", refs: [`table:read:${about}`], data: { key: about, before: row.type, type } }];
  },
  rebuild(state) {
    if (isOne(state.input.params)) return [{ code: "rebuild.refused", refs: [], data: {} }];
    state.fresh = newView();
    state.pace.rebuilt = 0;
    return [{ code: "rebuild.started", refs: [], data: { records: state.pace.applied, catchUp: state.input.params.catchUp } }];
  },
};

function probed(state, focus, found, code) {
  state.probes.push(found);
  state.focus = { key: focus, index: -1, probed: true };
  const { delivery, separated } = state.input.params;
  return [{ code, refs: found.kind === "probe" ? [`table:read:${found.about}`, `table:write:${found.about}`] : [`total:${found.about}`], data: { ...found, delivery, separated, gap: gap(state) } }];
}

function result(state) {
  const { separated, delivery } = state.input.params;
  return {
    writePosition: state.pace.written,
    readPosition: state.pace.applied,
    gap: gap(state),
    largestGap: state.largestGap,
    updatesPerWrite: separated && delivery === "sync" ? 2 : 1,
    refused: state.refused.slice(),
    repeated: repeated(state),
    probes: state.probes.slice(),
    rebuilds: state.rebuilds,
    keys: state.read.rows.size,
    totals: Object.fromEntries(state.read.totals.keys.slice().map((type) => [type, state.read.totals.get(type)]).filter(([, count]) => count !== 0)),
  };
}

/** The offsets of accepted records whose type their key had before, though it may have it once. */
function repeated(state) {
  const { params, log } = state.input;
  if (params.onlyOnce.length === 0) return [];
  const known = new Set();
  return state.log.slice().filter((index) => {
    const { type } = log[index];
    if (!params.onlyOnce.includes(type)) return false;
    const name = pair(nameOf(log[index]), type);
    const again = known.has(name);
    known.add(name);
    return again;
  }).map((index) => log[index].offset);
}

function checks(state) {
  const { log } = state.input;
  const behind = gap(state);
  const differing = differences(state.read, state.log.slice(0, state.pace.applied).map((index) => log[index]));
  const stale = state.probes.slice().filter(({ fresh }) => !fresh).length;
  const again = repeated(state);
  return [
    { id: "level-when-quiet", holds: behind === 0, detail: `the reads are ${behind} records behind` },
    { id: "read-model-follows-log", holds: differing.length === 0, detail: `rows that the first ${state.pace.applied} records do not explain: ${differing.slice(0, 20).join(", ") || "none"}` },
    { id: "reads-see-own-writes", holds: stale === 0, detail: `${stale} of ${state.probes.length} reads were stale` },
    { id: "once-only", holds: again.length === 0, detail: `accepted again: ${again.slice(0, 20).join(", ") || "none"}` },
  ];
}

/** The keys about which a view says something else than a fold of these records, made afresh. */
function differences(view, records) {
  const rows = new Map();
  for (const record of records) rows.set(nameOf(record), { type: record.type, offset: record.offset, changes: (rows.get(nameOf(record))?.changes ?? 0) + 1 });
  const wrong = [...rows].filter(([about, row]) => {
    const shown = view.rows.get(about);
    return shown?.type !== row.type || shown.offset !== row.offset || shown.changes !== row.changes;
  });
  return [...wrong.map(([about]) => about), ...(view.rows.size === rows.size ? [] : ["(number of keys)"])];
}

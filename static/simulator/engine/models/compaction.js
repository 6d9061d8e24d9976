/**
 * A compacted partition: records are appended, the cleaner passes now and then, and what a key said before is left out
 * while every offset stays as it was. Records can be those of transactions, which the cleaner takes away whole when they were
 * aborted, and never before they have ended. The cleaner itself is in `cleaner.js`; here are its steps and its proofs.
 */
import { clean } from "../cleaner.js";
import { checkTransactions, endOffset, firstDirty, isRemoved, keysSoFar, markersLeft, nextOffset, offsetAt, readable, scene, staleKeys, survivors } from "../compacted_log.js";
import { brief, lowest } from "../records.js";
import { MAX_TIME, moment, offsetGiver, span } from "../segments.js";

const MOST_WORK = 20_000_000;
const MOST_LIT = 10;
const HOUR = 3_600_000;
/** @type {readonly any[]} */
const SILENCE = Object.freeze([]);

/** A pass, one change of a pass, the slow reader's turn, or a producer's. */
class Turn {
  /** @param {string} kind @param {number} number of the pass, or the place of a producer's turn @param {number} change @param {number} time */
  constructor(kind, number, change, time) {
    this.kind = kind;
    this.number = number;
    this.change = change;
    this.time = time;
  }
}

const time = { name: "time", type: "integer", default: null, nullable: true, min: -MAX_TIME, max: MAX_TIME, unit: "ms", label: { engineer: "clock (none: the latest time so far)", manager: "at what moment (none: as of the latest entry)" } };
const producer = { name: "producer", type: "string", default: "A", label: { engineer: "transactional id", manager: "who" } };
const size = { name: "size", type: "integer", default: 10, min: 0, max: 1_000_000, unit: "bytes", label: { engineer: "size of the marker", manager: "room that the seal takes" } };

/**
 * Result: `{ passes: [{at, ran, dirtyRatio, survivors}], survivors, tombstones }`, offsets throughout.
 *
 * `cleanAt`: a pass at time t comes before the first record that is later than t; when the log ends earlier, after its last
 * record. The intervention `clean` is a pass after so many records, under the same rules; `read` lets a slow reader, who
 * reads at no other time, read on to the end.
 *
 * Transactions: after `begin` the records that are appended are those of the transaction of `producer`, until somebody else
 * begins or goes on, or `plain` says that they are in none. `begin` with a transaction open goes on with it. `commit` and
 * `abort` end it by a marker, which takes the next offset; one that wrote nothing gets none, and where none is open they are
 * refused. `survivors` counts markers too. Where an intervention is one of these, the result has also
 * `{ markers: [{offset, kind, producer}], lastStableOffset }`: the markers among the survivors, and the first offset of the
 * earliest open transaction, or else the end. Readers are `read_committed`. Producers end transactions as under
 * transaction.version 2, where the marker itself bumps the epoch.
 */
export const model = {
  id: "compaction",
  title: "Compaction",
  log: "required",
  params: [
    { name: "segmentRecords", type: "integer", default: 5, min: 1, max: 1_000_000, unit: "records", label: { engineer: "records per segment", manager: "entries per block" }, kafka: "segment.bytes" },
    { name: "minCleanableDirtyRatio", type: "number", default: 0.5, min: 0, max: 1, step: 0.05, label: { engineer: "clean when more than this share is dirty", manager: "tidy up when more than this share is untidied" }, kafka: "min.cleanable.dirty.ratio" },
    { name: "deleteRetentionMs", type: "integer", default: 24 * HOUR, min: 0, max: MAX_TIME, step: HOUR, unit: "ms", label: { engineer: "keep tombstones after the first pass", manager: "how long a deletion notice stays on file" }, kafka: "delete.retention.ms" },
    { name: "minCompactionLagMs", type: "integer", default: 0, min: 0, max: MAX_TIME, step: HOUR, unit: "ms", label: { engineer: "leave alone what is younger than", manager: "leave alone what is newer than" }, kafka: "min.compaction.lag.ms" },
    { name: "maxCompactionLagMs", type: "integer", default: null, nullable: true, min: 0, max: MAX_TIME, step: HOUR, unit: "ms", label: { engineer: "clean at the latest after (none: never forced)", manager: "tidy up at the latest after (none: no deadline)" }, kafka: "max.compaction.lag.ms" },
    { name: "cleanAt", type: "numbers", default: [], min: -MAX_TIME, max: MAX_TIME, maxItems: 1000, unit: "ms", label: { engineer: "the cleaner wakes at", manager: "times at which somebody tidies up" } },
    { name: "offsetMapKeys", type: "integer", default: null, nullable: true, min: 1, max: 1_000_000, label: { engineer: "most keys in one pass's map (none: no limit)", manager: "most names one round can remember (none: no limit)" }, kafka: "log.cleaner.dedupe.buffer.size" },
  ],
  interventions: [
    { kind: "clean", label: { engineer: "Run the cleaner now", manager: "Tidy up now" }, params: [time] },
    { kind: "read", label: { engineer: "Let a slow reader catch up", manager: "Let a slow reader catch up" }, params: [] },
    { kind: "begin", label: { engineer: "Begin a transaction, or go on with it", manager: "Open a bundle, or go on filling it" }, params: [producer] },
    { kind: "plain", label: { engineer: "Go on without a transaction", manager: "Go on without a bundle" }, params: [] },
    { kind: "commit", label: { engineer: "Commit a transaction", manager: "Seal a bundle: it counts" }, params: [producer, time, size] },
    { kind: "abort", label: { engineer: "Abort a transaction", manager: "Seal a bundle: it is void" }, params: [producer, time, size] },
  ],
  prepare, plan, start, step, copy: (state) => ({ ...state }), scene, result, checks,
};

function prepare(input) {
  const turns = schedule(input);
  const most = Math.floor(MOST_WORK / Math.max(1, input.log.length));
  if (turns.length > most) {
    input.problems.push({ path: "/interventions", message: `there were ${turns.length} interventions and passes over ${input.log.length} records: the most is ${most}, so the rest is left out` });
    turns.length = most;
  }
  const cleaning = clean(input.log, input.params, turns);
  return { ...input, turns, cleaning, beliefs: believe(turns, cleaning) };
}

/** Every pass, reading and producer's turn in order; at the same place the earlier time comes first. */
function schedule({ log, params, interventions }) {
  const due = [...params.cleanAt].sort((a, b) => a - b);
  const turns = [];
  let clock = -Infinity;
  let waiting = 0;
  let next = 0;
  const turn = (kind, slot, at, more = {}) => {
    turns.push({ ...more, kind, slot, time: at });
    clock = Math.max(clock, at);
  };
  for (let slot = 0; slot <= log.length; slot++) {
    const isOver = (at) => slot === log.length || log[slot].time > at;
    for (;;) {
      const asked = next < interventions.length && interventions[next].at === slot ? interventions[next] : null;
      const at = asked === null ? 0 : asked.time ?? (clock === -Infinity ? log[0]?.time ?? 0 : clock);
      const isDue = waiting < due.length && isOver(due[waiting]);
      if (asked !== null && !(isDue && due[waiting] < at)) {
        turn(asked.kind === "clean" ? "pass" : asked.kind, slot, at, { producer: asked.producer, size: asked.size });
        next++;
      } else if (isDue) turn("pass", slot, due[waiting++]);
      else break;
    }
    if (slot < log.length) clock = Math.max(clock, log[slot].time);
  }
  return turns;
}

/**
 * What the slow reader holds after each of its readings: for a key, the entry that it read last.
 * @returns {{ positions: number[], byKey: Map<string, { reading: number, entry: number }[]> }}
 */
function believe(turns, cleaning) {
  const { records, memberOf, transactions, removedIn, counts, stable } = cleaning;
  const positions = [0];
  const byKey = new Map();
  let done = 0;
  turns.forEach(({ kind }, turn) => {
    if (kind === "pass") done++;
    if (kind !== "read") return;
    const end = stable[counts[turn]];
    for (let entry = positions[positions.length - 1]; entry < end; entry++) {
      if (removedIn[entry] >= 0 && removedIn[entry] < done) continue;
      if (records[entry].key === null || transactions[memberOf[entry]]?.outcome === "abort") continue;
      const row = byKey.get(records[entry].key);
      if (row === undefined) byKey.set(records[entry].key, [{ reading: positions.length, entry }]);
      else row.push({ reading: positions.length, entry });
    }
    positions.push(end);
  });
  return { positions, byKey };
}

function plan({ log, turns, cleaning }) {
  const { passes } = cleaning;
  const parts = [];
  let first = 0;
  let pass = 0;
  for (const [turn, { kind, slot, time: at }] of turns.entries()) {
    const steps = kind === "pass" && passes[pass].ran ? passes[pass].changes.length + 2 : 1;
    parts.push({ first: slot + first, steps, kind, number: kind === "pass" ? pass++ : turn, at });
    first += steps;
  }
  return {
    length: log.length + first,
    action(i) {
      const index = lowest(parts.length, (at) => parts[at].first > i) - 1;
      if (index < 0) return log[i];
      const part = parts[index];
      const inside = i - part.first;
      if (inside < part.steps) return new Turn(part.kind, part.number, inside - 1, part.at);
      return log[i - before(index) - part.steps];
    },
  };

  /** @param {number} index @returns {number} the steps of the turns before a part */
  function before(index) {
    return parts[index].first - turns[index].slot;
  }
}

function start(input) {
  return { input, source: 0, count: 0, passes: 0, change: -1, isPassing: false, readings: 0, focus: -1, mark: "", clock: input.log[0]?.time ?? 0 };
}

function step(state, action, quiet) {
  state.mark = "";
  if (!(action instanceof Turn)) return append(state, action, quiet);
  state.clock = action.time;
  if (action.kind === "pass") return pass(state, action, quiet);
  return action.kind === "read" ? read(state, quiet) : turnOfProducer(state, action, quiet);
}

function turnOfProducer(state, { kind, number }, quiet) {
  const { cleaning, turns } = state.input;
  const { what, marker } = cleaning.deeds[number];
  const { producer: name } = turns[number];
  if (marker >= 0) add(state);
  if (quiet) return SILENCE;
  const refs = kind === "plain" ? [] : [`producer:${name}`];
  if (what === "plain") return [{ code: "writer.plain", refs, data: {} }];
  if (what === "begun" || what === "resumed") return [{ code: `writer.${what}`, refs, data: { producer: name } }];
  if (what !== "ended") return [{ code: `marker.${what}`, refs, data: { producer: name, kind } }];
  const { first, records } = cleaning.transactions[cleaning.memberOf[marker]];
  const stable = readable(state);
  const data = { producer: name, kind, offset: cleaning.offsets[marker], first: cleaning.offsets[first], records, stable: offsetAt(state, stable), waits: stable < state.count };
  return [...rolled(state, marker), { code: "marker.written", refs: [...refs, `record:${data.offset}`], data }];
}

/** One entry more. */
function add(state) {
  state.focus = state.count++;
  state.mark = "new";
}

/** The fact of the roll that an entry caused. */
function rolled({ input: { cleaning, params } }, entry) {
  if (entry === 0 || entry % params.segmentRecords !== 0) return [];
  const base = cleaning.offsets[entry - params.segmentRecords];
  return [{ code: "segment.rolled", refs: [`segment:${base}`, `segment:${cleaning.offsets[entry]}`], data: { closed: base, opened: cleaning.offsets[entry], reason: "records" } }];
}

function append(state, record, quiet) {
  const { cleaning } = state.input;
  state.source++;
  state.clock = record.time;
  if (record.key === null) {
    return [{ code: "record.unkeyed", refs: [], data: { type: record.type, next: cleaning.offsets[state.count] ?? endOffset(state) } }];
  }
  const entry = state.count;
  add(state);
  if (quiet) return SILENCE;
  const offset = cleaning.offsets[entry];
  const stored = { code: "segment.appended", refs: [`record:${offset}`, `key:${record.key}`], data: { offset, key: record.key, type: record.type, isTombstone: record.value === null } };
  return [...rolled(state, entry), stored];
}

function read(state, quiet) {
  const { beliefs } = state.input;
  const from = offsetAt(state, beliefs.positions[state.readings]);
  state.readings++;
  if (quiet) return SILENCE;
  const stale = staleKeys(state);
  const data = { from, to: offsetAt(state, beliefs.positions[state.readings]), stale: stale.length, key: stale[0] ?? null };
  return [{ code: "reader.caught_up", refs: ["reader:slow", ...stale.slice(0, 8).map((key) => `key:${key}`)], data }];
}

/** The start of a pass (change −1), one of its changes, or its end. */
function pass(state, { number, change }, quiet) {
  const { cleaning, params } = state.input;
  const one = cleaning.passes[number];
  const percent = Math.round(one.dirtyRatio * 1000) / 10;
  if (!one.ran) {
    state.passes++;
    if (quiet) return SILENCE;
    return [{ code: "cleaner.skipped", refs: [], data: { ...held(state, one), reason: one.reason, percent, limit: Math.round(params.minCleanableDirtyRatio * 1000) / 10, when: moment(one.at) } }];
  }
  if (change < 0) {
    state.isPassing = true;
    state.change = -1;
    state.focus = one.from;
    if (quiet) return SILENCE;
    const data = { from: offsetAt(state, one.from), to: offsetAt(state, one.end), percent, overdue: one.reason === "overdue", when: moment(one.at) };
    return [{ code: "cleaner.started", refs: segmentsBetween(state, one.from, one.end), data }];
  }
  if (change < one.changes.length) {
    state.change = change;
    state.focus = one.changes[change].entry;
    state.mark = "focus";
    return quiet ? SILENCE : [changed(state, one.changes[change])];
  }
  state.isPassing = false;
  state.passes++;
  if (quiet) return SILENCE;
  const removed = one.changes.filter(({ kind }) => kind !== "stamp").length;
  const freed = one.changes.at(-1)?.freed ?? 0;
  return [{ code: "cleaner.finished", refs: [], data: { removed, freed, left: survivors(state).length, next: offsetAt(state, one.end) } }];
}

/** The open transaction that keeps a pass from closed segments, and where it begins. */
function held(state, { reason, from }) {
  const { cleaning: { transactions, memberOf }, params } = state.input;
  const stable = readable(state);
  const reach = stable - (stable % params.segmentRecords);
  const isHeld = reason === "nothing" && reach <= from && reach + params.segmentRecords < state.count;
  return isHeld ? { open: transactions[memberOf[stable]].producer, stable: offsetAt(state, stable) } : {};
}

function changed(state, { kind, entry, by, horizon }) {
  const { records, offsets, memberOf, transactions } = state.input.cleaning;
  const { key, value, marker } = records[entry];
  const offset = offsets[entry];
  const kept = span(state.input.params.deleteRetentionMs);
  const { producer: name = null } = transactions[memberOf[entry]] ?? {};
  if (marker !== undefined) {
    const data = { offset, kind: marker, producer: name };
    const refs = [`record:${offset}`];
    if (kind === "stamp") return { code: "marker.stamped", refs, data: { ...data, until: moment(horizon), kept } };
    return { code: "marker.removed", refs, data: { ...data, next: nextOffset(state, entry) } };
  }
  const refs = [`record:${offset}`, `key:${key}`];
  if (kind === "abort") {
    const isLast = entry === state.input.cleaning.passes[state.passes].to - 1;
    return { code: "record.aborted", refs, data: { offset, key, producer: name, marker: offsets[transactions[memberOf[entry]].marker], next: nextOffset(state, entry), isLast } };
  }
  if (kind === "stamp") return { code: "tombstone.stamped", refs, data: { offset, key, until: moment(horizon), kept } };
  if (kind === "expire") return { code: "tombstone.removed", refs, data: { offset, key, next: nextOffset(state, entry) } };
  return {
    code: "record.compacted",
    refs: [...refs, `record:${offsets[by]}`],
    data: { offset, key, by: offsets[by], next: nextOffset(state, entry), value: brief(value), isTombstone: value === null },
  };
}

function segmentsBetween(state, from, to) {
  const { offsets } = state.input.cleaning;
  const size = state.input.params.segmentRecords;
  const refs = [];
  for (let base = from - (from % size); base < to && refs.length < MOST_LIT; base += size) refs.push(`segment:${offsets[base]}`);
  return refs;
}

function result(state) {
  const { records, offsets, removedIn, passes } = state.input.cleaning;
  const told = [];
  /** @type {number[]} the entries that the passes so far left */
  let kept = [];
  let left = SILENCE;
  let seen = 0;
  for (const { at, ran, dirtyRatio, count, changes } of passes.slice(0, state.passes)) {
    if (count > seen || changes.length > 0) {
      for (; seen < count; seen++) kept.push(seen);
      if (changes.length > 0) kept = kept.filter((entry) => removedIn[entry] < 0 || removedIn[entry] > told.length);
      left = Object.freeze(kept.map((entry) => offsets[entry]));
    }
    told.push({ at, ran, dirtyRatio, survivors: left });
  }
  const tombstones = [];
  for (let entry = 0; entry < state.count; entry++) if (records[entry].value === null && !isRemoved(state, entry)) tombstones.push(offsets[entry]);
  const found = { passes: told, survivors: survivors(state), tombstones };
  if (!hasProducers(state)) return found;
  return { ...found, markers: markersLeft(state), lastStableOffset: offsetAt(state, readable(state)) };
}

/** Whether anybody begins or ends transactions. */
function hasProducers({ input: { turns } }) {
  return turns.some(({ kind }) => kind !== "pass" && kind !== "read");
}

function checks(state) {
  const { cleaning, params, beliefs } = state.input;
  const { records, byKey } = cleaning;
  const left = survivors(state);
  const appended = new Map();
  const offsetOf = offsetGiver(state.input.log);
  for (const record of records.slice(0, state.count)) appended.set(offsetOf(record.marker === undefined ? record : null), record);
  let moved = 0;
  let disordered = 0;
  let entry = 0;
  for (const [at, offset] of left.entries()) {
    while (isRemoved(state, entry)) entry++;
    if (appended.get(offset) !== records[entry++]) moved++;
    if (at > 0 && offset <= left[at - 1]) disordered++;
  }
  const end = readable(state);
  let lost = 0;
  for (const key of keysSoFar(state)) {
    const entries = byKey.get(key);
    const latest = entries[lowest(entries.length, (i) => entries[i] >= end) - 1];
    if (records[latest].value !== null && isRemoved(state, latest)) lost++;
  }
  const cleaned = new Set();
  let repeated = 0;
  for (let i = 0; i < firstDirty(state); i++) {
    if (records[i].key === null || isRemoved(state, i)) continue;
    if (cleaned.has(records[i].key)) repeated++;
    cleaned.add(records[i].key);
  }
  const active = state.count === 0 ? 0 : state.count - 1 - ((state.count - 1) % params.segmentRecords);
  let touched = 0;
  for (let i = active; i < state.count; i++) if (isRemoved(state, i)) touched++;
  const found = [
    { id: "offsets-stable", holds: moved === 0 && disordered === 0, detail: `${moved} of ${left.length} survivors stand at another offset, ${disordered} out of order` },
    { id: "last-value-survives", holds: lost === 0, detail: `${lost} of ${keysSoFar(state).length} keys lost their last value` },
    { id: "active-untouched", holds: touched === 0, detail: `${touched} of ${state.count - active} records of the active segment are gone` },
    { id: "one-per-key", holds: repeated === 0, detail: `${repeated} records too many among the ${cleaned.size} keys of the cleaned part` },
  ];
  if (beliefs.positions.length > 1) {
    const isThere = state.readings > 0 && beliefs.positions[state.readings] === readable(state);
    const stale = isThere ? staleKeys(state) : [];
    const detail = isThere ? `${stale.length} keys differ${stale.length > 0 ? `: ${stale.slice(0, 5).join(", ")}` : ""}` : "the slow reader has not caught up";
    found.push({ id: "slow-reader-agrees", holds: stale.length === 0, detail });
  }
  return hasProducers(state) ? [...found, ...checkTransactions(state)] : found;
}

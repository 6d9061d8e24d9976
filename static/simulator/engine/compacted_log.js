/**
 * A compacted log after some steps of its story: what is still there, what a reader finds in it, and its picture.
 *
 * A state is a handful of numbers (how many entries, how many passes, how far into one); everything else was computed once,
 * when the run began, so that any step costs the same.
 */
import { brief, lowest, window } from "./records.js";
import { moment, titleOf } from "./segments.js";

/** @typedef {import("./cleaner.js").Transaction} Transaction */

const LANES = 6;
/** Of all lanes together: each takes its share, and no more than it needs to tell its story. */
const TICKETS = 48;
const TICKETS_OF_A_LANE = 12;
const ROWS = 12;
const FATES = {
  open: { engineer: "open", manager: "not sealed" },
  commit: { engineer: "committed", manager: "counts" },
  abort: { engineer: "aborted", manager: "void" },
};
const SEALS = {
  commit: { engineer: "control record", manager: "seal: it counts" },
  abort: { engineer: "control record", manager: "seal: it is void" },
};

export function isRemoved(state, entry) {
  const { removedIn, passes } = state.input.cleaning;
  const at = removedIn[entry];
  if (at < 0 || at > state.passes) return false;
  if (at < state.passes) return true;
  return state.isPassing && state.change >= 0 && entry <= passes[at].changes[state.change].entry;
}

export function endOffset(state) {
  return state.count === 0 ? state.input.cleaning.offsets[0] ?? 0 : state.input.cleaning.offsets[state.count - 1] + 1;
}

export function offsetAt(state, entry) {
  return entry < state.count ? state.input.cleaning.offsets[entry] : endOffset(state);
}

/** Where `read_committed` readers stop: the entry at the last stable offset. */
export function readable(state) {
  return state.input.cleaning.stable[state.count];
}

/** What a fetch at a removed entry's offset returns once the pass is over: the offset of the next survivor, or the end. */
export function nextOffset(state, entry) {
  const { removedIn } = state.input.cleaning;
  let next = entry + 1;
  while (next < state.count && removedIn[next] >= 0 && removedIn[next] <= state.passes) next++;
  return offsetAt(state, next);
}

/** The last entry of a key that a reader is given, or −1 where the log says nothing of it any more. */
export function latestOf(state, key) {
  const entries = state.input.cleaning.byKey.get(key);
  const end = readable(state);
  const entry = entries[lowest(entries.length, (i) => entries[i] >= end) - 1];
  return isRemoved(state, entry) ? -1 : entry;
}

/** What the slow reader holds of a key: an entry, or −1. */
export function beliefOf(state, key) {
  const rows = state.input.beliefs.byKey.get(key) ?? [];
  const at = lowest(rows.length, (i) => rows[i].reading > state.readings) - 1;
  return at < 0 ? -1 : rows[at].entry;
}

export function isValue(state, entry) {
  return entry >= 0 && state.input.cleaning.records[entry].value !== null;
}

/** Keys of which the slow reader, having read everything, holds something else than a new reader finds. */
export function staleKeys(state) {
  const keys = [];
  for (const key of keysSoFar(state)) {
    const truth = latestOf(state, key);
    const belief = beliefOf(state, key);
    if (isValue(state, belief) ? belief !== truth : isValue(state, truth)) keys.push(key);
  }
  return keys;
}

/** The keys that readers have seen so far, in the order in which they came. */
export function keysSoFar(state) {
  const { keys, firsts } = state.input.cleaning;
  const end = readable(state);
  return keys.slice(0, lowest(keys.length, (i) => firsts[i] >= end));
}

export function survivors(state) {
  const { offsets } = state.input.cleaning;
  const left = [];
  for (let entry = 0; entry < state.count; entry++) if (!isRemoved(state, entry)) left.push(offsets[entry]);
  return left;
}

/** @param {any} state of the model `compaction` @returns {{ offset: number, kind: "commit" | "abort", producer: string }[]} */
export function markersLeft(state) {
  return markersSoFar(state)
    .filter(({ marker }) => !isRemoved(state, marker))
    .map(({ marker, outcome, producer }) => ({ offset: state.input.cleaning.offsets[marker], kind: /** @type {"commit" | "abort"} */ (outcome), producer }));
}

/** The transactions that have ended, in the order of their markers. @param {any} state @returns {Transaction[]} */
function markersSoFar({ input: { cleaning }, count }) {
  /** @type {Transaction[]} */
  const ended = cleaning.transactions.filter(({ marker }) => marker >= 0 && marker < count);
  return ended.sort((a, b) => a.marker - b.marker);
}

/** @param {any} state */
export function checkTransactions(state) {
  const { memberOf, records, transactions } = state.input.cleaning;
  let early = 0;
  for (let i = readable(state); i < state.count; i++) if (isRemoved(state, i)) early++;
  let aborted = 0;
  const left = new Set();
  for (let i = 0; i < state.count; i++) {
    if (memberOf[i] < 0 || records[i].key === null || isRemoved(state, i)) continue;
    left.add(transactions[memberOf[i]]);
    if (i < firstDirty(state) && transactions[memberOf[i]].outcome === "abort") aborted++;
  }
  const orphaned = markersSoFar(state).filter((transaction) => isRemoved(state, transaction.marker) && left.has(transaction)).length;
  return [
    { id: "open-untouched", holds: early === 0, detail: `${early} records at or above the last stable offset are gone` },
    { id: "aborted-gone", holds: aborted === 0, detail: `${aborted} records of aborted transactions are in the cleaned part` },
    { id: "marker-outlives", holds: orphaned === 0, detail: `${orphaned} markers went before the records of their transactions` },
  ];
}

/** @param {any} state @returns {any} */
export function scene(state) {
  /** @type {any[]} */
  const blocks = [segments(state), readers(state), dirtiness(state), storage(state)];
  if (readable(state) < state.count) blocks.push(waiting(state));
  if (state.input.cleaning.refused.length > 0 && state.source > state.count) blocks.push(refusals(state));
  return { blocks };
}

/** The first entry of the active segment. */
function activeBase(state) {
  return state.count === 0 ? 0 : state.count - 1 - ((state.count - 1) % state.input.params.segmentRecords);
}

/** The first entry that no pass has looked at. */
export function firstDirty(state) {
  return state.passes === 0 ? 0 : state.input.cleaning.passes[state.passes - 1].end;
}

function segments(state) {
  const { offsets } = state.input.cleaning;
  const size = state.input.params.segmentRecords;
  const count = Math.ceil(state.count / size);
  const bases = { length: count, slice: (from, to) => Array.from({ length: Math.min(to, count) - from }, (_, i) => (from + i) * size) };
  const { items, before, after } = window(bases, Math.floor(Math.max(0, state.focus) / size), LANES);
  const title = titleOf(items.map((base) => offsets[base]), before, after);
  return { kind: "lanes", id: "log", title, lanes: items.map((base) => lane(state, base, Math.min(TICKETS_OF_A_LANE, Math.floor(TICKETS / items.length)))) };
}

function lane(state, base, most) {
  const { offsets } = state.input.cleaning;
  const end = Math.min(state.count, base + state.input.params.segmentRecords);
  const entries = { length: end - base, slice: (from, to) => Array.from({ length: Math.min(to, end - base) - from }, (_, i) => base + from + i) };
  const isFocused = state.focus >= base && state.focus < end;
  const { items, before, after } = window(entries, isFocused ? state.focus - base : 0, most);
  const markers = [
    ...(state.input.beliefs.positions.length > 1 ? readerMarker(state, base, end) : []),
    ...stableMarker(state, base, end),
  ];
  return {
    id: `segment-${offsets[base]}`, ref: `segment:${offsets[base]}`, note: condition(state, base),
    label: { engineer: `segment ${offsets[base]}`, manager: `block ${offsets[base]}` },
    tickets: items.map((entry) => ticket(state, entry)), before, after, markers,
  };
}

function readerMarker(state, base, end) {
  const position = state.input.beliefs.positions[state.readings];
  const isHere = position >= base && (position < end || (position === end && end === state.count));
  return isHere ? [{ id: "slow", ref: "reader:slow", label: { engineer: "slow reader", manager: "slow reader" }, offset: offsetAt(state, position) }] : [];
}

/** Where readers and the cleaner wait, as long as they do. */
function stableMarker(state, base, end) {
  const at = readable(state);
  if (at < base || at >= end) return [];
  return [{ id: "stable", ref: "marker:stable", label: { engineer: "last stable offset", manager: "settled up to here" }, offset: offsetAt(state, at) }];
}

function condition(state, base) {
  if (base >= activeBase(state)) return { engineer: "active", manager: "in use" };
  const isCleaned = base + state.input.params.segmentRecords <= firstDirty(state);
  return isCleaned ? { engineer: "cleaned", manager: "tidied" } : { engineer: "dirty", manager: "untidied" };
}

function ticket(state, entry) {
  const { records, offsets, memberOf, transactions } = state.input.cleaning;
  const { key, type, value, marker } = records[entry];
  const marks = [];
  if (isRemoved(state, entry)) marks.push("gone");
  if (value === null) marks.push("tombstone");
  if (entry === state.focus && state.mark !== "") marks.push(state.mark);
  const seen = { ref: `record:${offsets[entry]}`, offset: offsets[entry], key, type, marks };
  const transaction = transactions[memberOf[entry]];
  if (transaction === undefined) return seen;
  if (marker !== undefined) return { ...seen, key: transaction.producer, note: SEALS[marker] };
  const isOpen = transaction.marker < 0 || transaction.marker >= state.count;
  if (entry >= readable(state)) marks.push("waiting");
  const { engineer, manager } = FATES[isOpen ? "open" : transaction.outcome];
  return { ...seen, note: { engineer: `${transaction.producer}, ${engineer}`, manager: `${transaction.producer}, ${manager}` } };
}

/** What a reader that starts now finds for each key, and beside it what the slow reader holds. */
function readers(state) {
  const { records, offsets } = state.input.cleaning;
  const isCompared = state.input.beliefs.positions.length > 1;
  const keys = keysSoFar(state);
  const touched = state.focus < 0 || state.focus >= state.count ? 0 : placeOf(state, records[state.focus].key);
  const { items, before, after } = window(keys, touched, ROWS);
  const rows = items
    .map((key) => ({ key, truth: latestOf(state, key), belief: isCompared ? beliefOf(state, key) : -1 }))
    .filter(({ truth, belief }) => isValue(state, truth) || isValue(state, belief))
    .map(({ key, truth, belief }) => {
      const found = isValue(state, truth) ? [brief(records[truth].value), offsets[truth]] : [null, null];
      const held = isCompared ? [isValue(state, belief) ? brief(records[belief].value) : null] : [];
      return { ref: `key:${key}`, cells: [key, ...found, ...held] };
    });
  return {
    kind: "table", id: "readers", title: { engineer: "What a new reader sees", manager: "What somebody who starts today learns" }, rows, before, after,
    columns: [
      { id: "key", label: { engineer: "key", manager: "name" } },
      { id: "value", label: { engineer: "value", manager: "latest entry" } },
      { id: "offset", label: { engineer: "offset", manager: "entry" }, numeric: true },
      ...(isCompared ? [{ id: "held", label: { engineer: "the slow reader holds", manager: "the slow reader believes" } }] : []),
    ],
  };
}

/** The place of a key among the keys. */
function placeOf(state, key) {
  const { byKey, firsts } = state.input.cleaning;
  const [first] = byKey.get(key) ?? [0];
  return lowest(firsts.length, (i) => firsts[i] >= first);
}

/** During a pass the ratio that set it off, otherwise that of a pass that came now with no minimum lag. */
function dirtiness(state) {
  const { bytes, passes, freedBefore } = state.input.cleaning;
  const dirty = firstDirty(state);
  const stable = readable(state);
  const reach = Math.min(activeBase(state), stable - (stable % state.input.params.segmentRecords));
  const cleanable = Math.max(0, bytes[reach] - bytes[dirty]);
  const ratio = state.isPassing ? passes[state.passes].dirtyRatio : cleanable === 0 ? 0 : cleanable / (bytes[dirty] - freedBefore[state.passes] + cleanable);
  const percent = Math.round(ratio * 1000) / 10;
  const limit = state.input.params.minCleanableDirtyRatio;
  return {
    kind: "meter", id: "dirty-ratio", title: { engineer: "Dirty ratio", manager: "How untidy the file is" }, value: ratio, max: 1, unit: "",
    threshold: { value: limit, label: { engineer: "minimum", manager: "tidy up above this" } },
    text: { engineer: `${percent} % of the cleanable bytes are dirty`, manager: `${percent} % has not been tidied yet` },
  };
}

function storage(state) {
  const { bytes, passes, freedBefore } = state.input.cleaning;
  const freed = freedBefore[state.passes] + (state.isPassing && state.change >= 0 ? passes[state.passes].changes[state.change].freed : 0);
  const value = bytes[state.count] - freed;
  return {
    kind: "meter", id: "storage", title: { engineer: "Bytes in the log", manager: "Room that the file takes" }, value, max: bytes[state.count], unit: "bytes",
    text: { engineer: `${value} of ${bytes[state.count]} bytes appended, at ${moment(state.clock)}`, manager: `${value} of ${bytes[state.count]} bytes ever written, at ${moment(state.clock)}` },
  };
}

/** Whom the earliest open transaction keeps waiting. */
function waiting(state) {
  const { transactions, memberOf } = state.input.cleaning;
  const at = readable(state);
  const { producer } = transactions[memberOf[at]];
  const offset = offsetAt(state, at);
  return {
    kind: "notice", id: "waiting", level: "warning",
    text: {
      engineer: `The transaction of ${producer} is open since offset ${offset}: read_committed and the cleaner stop there.`,
      manager: `The bundle of ${producer} from entry ${offset} on has no seal yet: careful readers wait there, and nobody tidies up beyond it.`,
    },
  };
}

function refusals(state) {
  const count = state.source - state.count;
  return {
    kind: "notice", id: "unkeyed", level: "warning",
    text: {
      engineer: `${count} unkeyed record${count === 1 ? "" : "s"} refused: a compacted topic accepts none.`,
      manager: `${count} entr${count === 1 ? "y" : "ies"} without a name refused: nobody could tell what they replace.`,
    },
  };
}

/**
 * A partition with retention: records are appended, segments are rolled, and a pass deletes whole segments from the oldest
 * on. The rules are in `retained_log.js`; here are their steps, their picture and their proofs.
 */
import { window } from "../records.js";
import { retain } from "../retained_log.js";
import { MAX_TIME, moment, span, titleOf } from "../segments.js";

const LANES = 6;
/** Of all lanes together: each takes its share, and no more than it needs to tell its story. */
const TICKETS = 48;
const TICKETS_OF_A_LANE = 12;
const DAY = 86_400_000;
/** @type {readonly any[]} */
const SILENCE = Object.freeze([]);

/** What happens beside the records of the log: an appended record, a cut, the start of a pass (change −1), a change, its end. */
class Turn {
  constructor(turn, number, change) {
    this.turn = turn;
    this.number = number;
    this.change = change;
    this.time = turn.kind === "delete-records" ? undefined : turn.time;
  }
}

const bytes = { type: "integer", min: -1, max: Number.MAX_SAFE_INTEGER, unit: "bytes" };
const lasting = { type: "integer", min: -1, max: MAX_TIME, step: DAY, unit: "ms" };
const clock = { type: "integer", default: null, nullable: true, min: -MAX_TIME, max: MAX_TIME, unit: "ms" };

/**
 * Result: `{ segments: [{baseOffset, nextOffset, bytes, largestTime, active}], deleted: [baseOffset…], logStartOffset,
 * logEndOffset }`.
 *
 * Records arrive one by one; at the end a pass runs at `now` (null: the time of the last record). The intervention `pass`
 * runs one in between, `append` adds a record with a time of its own, `delete-records` raises the start of the log.
 */
export const model = {
  id: "retention",
  title: "Retention",
  log: "required",
  params: [
    { ...bytes, name: "segmentBytes", default: 1024, label: { engineer: "a segment holds (−1: no limit)", manager: "a block holds (−1: no limit)" }, kafka: "segment.bytes" },
    { ...lasting, name: "segmentMs", default: 7 * DAY, label: { engineer: "a segment is rolled after (−1: never)", manager: "a block is closed after (−1: never)" }, kafka: "segment.ms" },
    { ...lasting, name: "retentionMs", default: 7 * DAY, label: { engineer: "keep for (−1: for ever)", manager: "keep for (−1: for ever)" }, kafka: "retention.ms" },
    { ...bytes, name: "retentionBytes", default: -1, label: { engineer: "delete by size above (−1: never)", manager: "thin out above (−1: never)" }, kafka: "retention.bytes" },
    { ...clock, name: "now", label: { engineer: "clock of the last pass (none: time of the last record)", manager: "the day on which somebody looks (none: that of the last entry)" } },
    { name: "highWatermark", type: "integer", default: null, nullable: true, min: 0, max: Number.MAX_SAFE_INTEGER, label: { engineer: "high watermark (none: log end)", manager: "confirmed up to entry (none: all)" } },
    {
      name: "cleanupPolicy", type: "choice", default: "delete", kafka: "cleanup.policy",
      choices: [
        { value: "delete", label: { engineer: "delete", manager: "delete old blocks" } },
        { value: "compact", label: { engineer: "compact only", manager: "keep the latest entry each, delete no block" } },
        { value: "compact,delete", label: { engineer: "compact and delete", manager: "both" } },
      ],
      label: { engineer: "clean-up policy", manager: "what the clean-up may do" },
    },
  ],
  interventions: [
    { kind: "pass", label: { engineer: "Run the retention pass now", manager: "Clear out old blocks now" }, params: [{ ...clock, name: "now", label: { engineer: "clock (none: time of the last record)", manager: "on which day (none: that of the last entry)" } }] },
    {
      kind: "append", label: { engineer: "Append a record with a time of its own", manager: "Add an entry with a date of its own" },
      params: [
        { ...clock, name: "time", label: { engineer: "timestamp (none: time of the last record)", manager: "dated (none: as the last entry)" } },
        { name: "size", type: "integer", default: 100, min: 0, max: 1_000_000_000, unit: "bytes", label: { engineer: "size", manager: "length" } },
        { name: "key", type: "string", default: null, nullable: true, label: { engineer: "key", manager: "name" } },
      ],
    },
    { kind: "delete-records", label: { engineer: "Raise the log's start", manager: "Declare everything before an entry deleted" }, params: [{ name: "offset", type: "integer", default: 0, min: 0, max: Number.MAX_SAFE_INTEGER, label: { engineer: "before offset", manager: "before entry" } }] },
  ],
  prepare, plan, start, step, copy: (state) => ({ ...state }), scene, result, checks,
};

function prepare(input) {
  const { log, params, interventions } = input;
  const lastTime = (slot) => log[Math.max(0, slot - 1)]?.time ?? 0;
  const turns = interventions.map((item) => ({
    kind: item.kind, slot: item.at, time: (item.kind === "pass" ? item.now : item.time) ?? lastTime(item.at),
    size: item.size ?? 0, key: item.key ?? null, offset: item.offset ?? 0,
  }));
  const now = params.now ?? lastTime(log.length);
  turns.push({ kind: "pass", slot: log.length, time: now, size: 0, key: null, offset: 0 });
  return { ...input, params: Object.freeze({ ...params, now }), turns, kept: retain(log, params, turns) };
}

function plan({ log, turns, kept }) {
  const parts = [];
  let first = 0;
  let pass = 0;
  let cut = 0;
  for (const turn of turns) {
    const number = turn.kind === "pass" ? pass++ : turn.kind === "delete-records" ? cut++ : 0;
    const steps = turn.kind === "pass" ? kept.passes[number].changes.length + 2 : 1;
    parts.push({ first: turn.slot + first, steps, number, turn });
    first += steps;
  }
  return {
    length: log.length + first,
    action(i) {
      let low = 0;
      for (let high = parts.length; low < high; ) {
        const middle = (low + high) >> 1;
        if (parts[middle].first > i) high = middle;
        else low = middle + 1;
      }
      if (low === 0) return log[i];
      const { first: start, steps, number, turn } = parts[low - 1];
      if (i - start < steps) return new Turn(turn, number, i - start - 1);
      return log[i - steps - (start - turn.slot)];
    },
  };
}

function start(input) {
  return { input, appends: 0, refused: 0, count: 0, segments: 0, head: 0, logStart: 0, focus: 0, touched: -1, clock: input.log[0]?.time ?? 0, mark: "" };
}

function step(state, action, quiet) {
  state.mark = "";
  state.touched = -1;
  if (!(action instanceof Turn)) {
    state.clock = action.time;
    return append(state, action, quiet);
  }
  const { turn, number, change } = action;
  if (turn.kind === "append") return append(state, { ...turn, type: "" }, quiet);
  if (turn.kind === "delete-records") return cut(state, number);
  state.clock = turn.time;
  return pass(state, number, change, quiet);
}

function append(state, record, quiet) {
  const { entries, refused, segments } = state.input.kept;
  const limit = state.input.params.segmentBytes;
  if (refused[state.refused] === state.appends++) {
    state.refused++;
    return [{ code: "record.too_large", refs: [], data: { type: record.type, key: record.key, limit } }];
  }
  const entry = state.count++;
  const opened = state.segments < segments.length && segments[state.segments].first === entry;
  if (opened && state.segments++ === 0) state.logStart = entries[entry].offset;
  state.touched = entry;
  state.mark = "new";
  state.focus = state.segments - 1;
  if (quiet) return SILENCE;
  const { record: kept, offset } = entries[entry];
  const refs = [`record:${offset}`, ...(kept.key === null ? [] : [`key:${kept.key}`])];
  const stored = { code: "segment.appended", refs, data: { offset, key: kept.key, type: kept.type, isTombstone: false } };
  if (!opened || segments[state.focus].why === "start") return [stored];
  return [rolled(state, state.focus), stored];
}

function rolled(state, segment) {
  const { segments } = state.input.kept;
  const data = { closed: segments[segment - 1].base, opened: segments[segment].base, reason: segments[segment].why };
  return { code: "segment.rolled", refs: [`segment:${data.closed}`, `segment:${data.opened}`], data };
}

function cut(state, number) {
  const { from, to, isAllowed } = state.input.kept.cuts[number];
  if (isAllowed) state.logStart = to;
  return [{ code: isAllowed ? "log.start_raised" : "log.start_refused", refs: [], data: { from, to, end: endOffset(state) } }];
}

function pass(state, number, change, quiet) {
  const { passes, segments } = state.input.kept;
  const { now, changes, kept, head, pin, highWatermark } = passes[number];
  if (change < 0) {
    state.segments = Math.max(1, state.segments);
    state.focus = state.head;
    if (quiet) return SILENCE;
    return [{ code: "retention.started", refs: [segmentRef(state, state.head)], data: { now: moment(now), oldest: segments[state.head].base, bytes: size(state) } }];
  }
  if (change < changes.length) {
    const { kind, segment, reason } = changes[change];
    state.focus = segment;
    if (kind === "roll") {
      state.segments++;
      return quiet ? SILENCE : [rolled(state, segment)];
    }
    state.head = segment + 1;
    state.logStart = Math.max(state.logStart, segments[state.head].base);
    if (quiet) return SILENCE;
    const data = {
      base: segments[segment].base, to: segments[segment + 1].base - 1, reason, left: size(state),
      limit: state.input.params.retentionBytes, ...age(state, segment, now),
    };
    return [{ code: "segment.deleted", refs: [`segment:${data.base}`], data }];
  }
  state.focus = head;
  if (quiet) return SILENCE;
  const pinned = pin < 0 ? null : state.input.kept.entries[pin].offset;
  const deleted = changes.filter(({ kind }) => kind === "delete").length;
  const data = { deleted, reason: kept, base: segments[head].base, pinned, highWatermark, start: state.logStart, end: endOffset(state), ...age(state, head, now) };
  return [{ code: "retention.finished", refs: [segmentRef(state, head), ...(pinned === null ? [] : [`record:${pinned}`])], data }];
}

/** How long ago a segment's latest record was written, against the limit. */
function age(state, segment, now) {
  const { retentionMs } = state.input.params;
  const largest = largestTime(state, segment);
  return { age: span(Math.abs(now - largest)), latest: moment(largest), limitMs: retentionMs < 0 ? null : span(retentionMs) };
}

function segmentRef(state, segment) {
  return `segment:${state.input.kept.segments[segment].base}`;
}

function endOffset(state) {
  return state.count === 0 ? 0 : state.input.kept.entries[state.count - 1].offset + 1;
}

/** The entry after a segment's last one so far. */
function endOf(state, segment) {
  return segment + 1 < state.segments ? state.input.kept.segments[segment + 1].first : state.count;
}

function segmentSize(state, segment) {
  const { bytes: sums, segments } = state.input.kept;
  return sums[endOf(state, segment)] - sums[segments[segment].first];
}

function largestTime(state, segment) {
  const { entries, latest, segments } = state.input.kept;
  const end = endOf(state, segment);
  return end <= segments[segment].first ? -1 : entries[latest[end - 1]].record.time;
}

/** Bytes of all segments that are left. */
function size(state) {
  const { bytes: sums, segments } = state.input.kept;
  return state.segments === 0 ? 0 : sums[state.count] - sums[segments[state.head].first];
}

function result(state) {
  const { segments, entries } = state.input.kept;
  const left = [];
  for (let segment = state.head; segment < state.segments; segment++) {
    const { base, first } = segments[segment];
    const end = endOf(state, segment);
    left.push({
      baseOffset: base, nextOffset: end === first ? base : entries[end - 1].offset + 1,
      bytes: segmentSize(state, segment), largestTime: largestTime(state, segment), active: segment === state.segments - 1,
    });
  }
  return { segments: left, deleted: segments.slice(0, state.head).map(({ base }) => base), logStartOffset: state.logStart, logEndOffset: endOffset(state) };
}

function checks(state) {
  const { segmentBytes, retentionMs, retentionBytes, highWatermark, now } = state.input.params;
  const { segments, deleted, logStartOffset, logEndOffset } = result(state);
  const ahead = deleted.filter((base) => segments.length > 0 && base >= segments[0].baseOffset);
  const oversized = segmentBytes < 0 ? [] : segments.filter((one) => one.bytes > segmentBytes);
  const confirmed = highWatermark ?? logEndOffset;
  const found = [
    { id: "from-the-head", holds: ahead.length === 0, detail: `${deleted.length} segments deleted, ${ahead.length} of them behind one that is left` },
    { id: "segments-bounded", holds: oversized.length === 0, detail: `${oversized.length} of ${segments.length} segments exceed ${segmentBytes} bytes` },
    { id: "confirmed-only", holds: logStartOffset <= confirmed, detail: `the log starts at ${logStartOffset}, the high watermark is ${confirmed}` },
  ];
  if (retentionMs >= 0) {
    const expired = segments.filter((one) => one.bytes > 0 && now - one.largestTime > retentionMs);
    found.push({ id: "expired-gone", holds: expired.length === 0, detail: `${expired.length} wholly expired segments are left${expired.length > 0 ? `, from ${expired[0].baseOffset}` : ""}` });
  }
  if (retentionBytes >= 0) {
    const total = size(state);
    const without = total - (segments[0]?.bytes ?? 0);
    found.push({ id: "size-bounded", holds: segments.length === 0 || without < retentionBytes || total === 0, detail: `${total} bytes are left, ${without} without the oldest segment; the limit is ${retentionBytes}` });
  }
  return found;
}

function scene(state) {
  const { retentionMs, retentionBytes } = state.input.params;
  /** @type {any[]} */
  const blocks = [lanes(state)];
  if (retentionMs >= 0 && state.segments > 0) blocks.push(oldest(state));
  const bytesLeft = size(state);
  blocks.push({
    kind: "meter", id: "bytes", title: { engineer: "Bytes in the log", manager: "Room that the file takes" }, value: bytesLeft, max: Math.max(state.input.kept.bytes[state.count], retentionBytes, 1), unit: "bytes",
    ...(retentionBytes < 0 ? {} : { threshold: { value: retentionBytes, label: { engineer: "retention.bytes", manager: "thin out above this" } } }),
    text: { engineer: `${bytesLeft} bytes, start ${state.logStart}, end ${endOffset(state)}`, manager: `${bytesLeft} bytes, entries ${state.logStart} to ${endOffset(state) - 1}` },
  });
  return { blocks };
}

/** The age on which the oldest segment's fate depends. */
function oldest(state) {
  const { retentionMs } = state.input.params;
  const { entries, segments, latest } = state.input.kept;
  const end = endOf(state, state.head);
  const isEmpty = end <= segments[state.head].first;
  const value = isEmpty ? 0 : state.clock - largestTime(state, state.head);
  const { base } = segments[state.head];
  const by = isEmpty ? null : entries[latest[end - 1]].offset;
  const words = isEmpty ? "empty" : value < 0 ? `${span(-value)} in the future` : `${span(value)} old`;
  return {
    kind: "meter", id: "age", title: { engineer: "Age of the oldest segment", manager: "Age of the oldest block" }, value: Math.max(0, value), max: Math.max(retentionMs * 1.5, value, 1), unit: "ms",
    threshold: { value: retentionMs, label: { engineer: "retention.ms", manager: "keep for" } },
    text: { engineer: `segment ${base}: ${words}${by === null ? "" : `, by offset ${by}`}`, manager: `block ${base}: ${words}${by === null ? "" : `, because of entry ${by}`}` },
  };
}

function lanes(state) {
  const all = { length: state.segments, slice: (from, to) => Array.from({ length: Math.min(to, state.segments) - from }, (_, i) => from + i) };
  const { items, before, after } = window(all, state.focus, LANES);
  const title = titleOf(items.map((segment) => state.input.kept.segments[segment].base), before, after);
  return { kind: "lanes", id: "log", title, lanes: items.map((segment) => lane(state, segment, Math.min(TICKETS_OF_A_LANE, Math.floor(TICKETS / items.length)))) };
}

function lane(state, segment, most) {
  const { segments, entries, latest } = state.input.kept;
  const { base, first } = segments[segment];
  const end = endOf(state, segment);
  const inside = { length: end - first, slice: (from, to) => entries.slice(first + from, Math.min(first + to, end)) };
  const { items, before, after } = window(inside, state.touched >= first && state.touched < end ? state.touched - first : 0, most);
  const isGone = segment < state.head;
  const isActive = segment === state.segments - 1;
  const size = end === first ? "empty" : `${segmentSize(state, segment)} bytes`;
  const by = end === first ? -1 : entries[latest[end - 1]].offset;
  return {
    id: `segment-${base}`, ref: `segment:${base}`, label: { engineer: `segment ${base}`, manager: `block ${base}` },
    note: { engineer: `${isGone ? "deleted" : isActive ? "active" : "closed"}, ${size}`, manager: `${isGone ? "thrown away" : isActive ? "in use" : "closed"}, ${size}` },
    tickets: items.map(({ record, offset }) => ticket(state, record, offset, isGone, offset === by)), before, after, markers: [],
  };
}

/** A record with its date; the latest one of a segment decides about it. */
function ticket(state, { key, type, time }, offset, isGone, isLatest) {
  const marks = [];
  if (isGone || offset < state.logStart) marks.push("gone");
  if (state.touched >= 0 && state.input.kept.entries[state.touched].offset === offset) marks.push(state.mark);
  return { ref: `record:${offset}`, offset, key, type, marks, note: `${moment(time).slice(0, 10)}${isLatest ? ", latest" : ""}` };
}

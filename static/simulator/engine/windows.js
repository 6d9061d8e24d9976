/**
 * Windows over a stream as Kafka Streams counts them, worked out once for a whole run: which windows a record falls into,
 * which refuse it, what stream time does, and what goes on downstream. The model `windowing` walks through this story.
 *
 * Rules: `TimeWindows#windowsFor` and `KStreamWindowAggregate` (tumbling, hopping), `KStreamSessionWindowAggregate` (session).
 */
import { countBefore } from "./records.js";
import { offsetGiver } from "./segments.js";

/** The most windows that one record may fall into; fewer where all countings would be more than a reader waits for … */
const MOST_OVERLAP = 64;
const SWIFT_COUNTINGS = 20_000;
/** … but so many are always allowed, until a run would have more countings than any may. */
const USUAL_OVERLAP = 16;
const MOST_COUNTINGS = 2_000_000;
/** The most windows that all rebuilds of a run may look at together. */
const MOST_REBUILT = 500_000;
/** Stream time before the first record. */
export const NO_TIME = -1;

/** @typedef {import("./records.js").LogRecord} LogRecord */
/** @typedef {{ kind: "tumbling" | "hopping" | "session", sizeMs: number, advanceMs: number, gapMs: number, graceMs: number, emit: "update" | "final" }} Settings */
/** @typedef {"unkeyed" | "before-epoch" | "late"} Reason */

/** One window of one key with every count that it has had. A session that was merged into another has none any more. */
export class Window {
  /** @param {number} id its place among the windows @param {string} key @param {number} rank of the key @param {number} start @param {number} end */
  constructor(id, key, rank, start, end) {
    this.id = id;
    this.key = key;
    this.rank = rank;
    this.start = start;
    this.end = end;
    /** @type {number[]} the steps after which the count was another one, rising */
    this.stamps = [];
    /** @type {(number | null)[]} null: gone */
    this.counts = [];
    /** @type {number | null} the present count */
    this.count = null;
    /** @type {number | null} what was said of it last */
    this.told = null;
    this.isQueued = false;
  }

  /** @param {number} step @param {number | null} count */
  set(step, count) {
    this.count = count;
    const last = this.stamps.length - 1;
    if (this.stamps[last] === step) this.counts[last] = count;
    else {
      this.stamps.push(step);
      this.counts.push(count);
    }
  }

  /** The window with a count, as results tell it. @param {number | null} count */
  row(count) {
    const { key, start, end } = this;
    return Object.freeze({ key, start, end, count });
  }

  /** @param {number} step @returns {number | null} the count after so many steps */
  after(step) {
    const { stamps, counts } = this;
    const last = stamps.length - 1;
    if (stamps[last] <= step) return counts[last];
    const stamped = countBefore(stamps, (stamp) => stamp <= step);
    return stamped === 0 ? null : counts[stamped - 1];
  }
}

/** What one step did: parts of the story's lists, from where the step before ended. */
class Chapter {
  constructor(entry, story, streamTime) {
    /** The number of steps with it. */
    this.step = story.chapters.length + 1;
    /** The place of the record among the entries, or −1 for an intervention. */
    this.entry = entry;
    this.changed = story.changed.length;
    this.emitted = story.emitted.length;
    this.closed = story.closed.length;
    this.dropped = story.dropped.length;
    this.entries = story.entries.length;
    this.streamTime = streamTime;
    /** @type {Reason | null} */
    this.reason = null;
    this.refused = 0;
    this.merged = 0;
    this.lost = 0;
    this.nextEnd = /** @type {number | null} */ (null);
  }
}

/**
 * The story of a run: `entries` with their offsets, all `windows` by first appearance, the window of each change of a count
 * (`changed`), what went downstream (`emitted`) and of which window (`emitters`), the windows that closed, the offsets that were dropped, and a chapter for
 * each step with how far these lists had come *before* it; one more chapter stands behind the last.
 * @param {readonly LogRecord[]} log
 * @param {readonly any[]} interventions in order
 * @param {Settings} settings
 */
export function tell(log, interventions, settings) {
  const story = {
    entries: /** @type {{ record: LogRecord, offset: number, step: number }[]} */ ([]),
    windows: /** @type {Window[]} */ ([]),
    changed: /** @type {Window[]} */ ([]),
    emitted: /** @type {ReturnType<Window["row"]>[]} */ ([]),
    emitters: /** @type {Window[]} */ ([]),
    closed: /** @type {Window[]} */ ([]),
    dropped: /** @type {number[]} */ ([]),
    chapters: /** @type {Chapter[]} */ ([]),
    interventions: /** @type {any[]} */ ([]),
    left: 0,
  };
  const ranks = ranksOf([...log, ...interventions]);
  const table = settings.kind === "session" ? new Sessions(settings, story, ranks) : new TimeWindows(settings, story, ranks);
  const giveOffset = offsetGiver(log);
  let streamTime = NO_TIME;
  let rebuilt = 0;
  let next = 0;

  const take = (record, offset) => {
    const chapter = new Chapter(story.entries.length, story, streamTime);
    const { step } = chapter;
    story.chapters.push(chapter);
    story.entries.push({ record, offset, step });
    chapter.reason = record.key === null ? "unkeyed" : record.time < 0 ? "before-epoch" : null;
    if (chapter.reason === null) {
      streamTime = Math.max(streamTime, record.time);
      if (!table.count(record, streamTime, step, chapter)) chapter.reason = "late";
    }
    if (chapter.reason !== null) story.dropped.push(offset);
    table.close(streamTime);
    chapter.nextEnd = table.nextEnd();
  };
  const intervene = (item) => {
    if (item.kind === "append") {
      const time = item.time ?? story.entries[story.entries.length - 1]?.record.time ?? 0;
      story.interventions.push(item);
      take({ offset: 0, time, key: item.key, type: "Added", value: {} }, giveOffset(null));
      return;
    }
    const isRebuild = item.kind === "rebuild";
    if (isRebuild && rebuilt + story.windows.length > MOST_REBUILT) {
      story.left++;
      return;
    }
    const chapter = new Chapter(-1, story, streamTime);
    story.chapters.push(chapter);
    story.interventions.push(item);
    if (isRebuild) {
      rebuilt += story.windows.length;
      chapter.lost = table.rebuild(chapter.step);
    }
    chapter.nextEnd = table.nextEnd();
  };

  for (let index = 0; index <= log.length; index++) {
    for (; next < interventions.length && interventions[next].at <= index; next++) intervene(interventions[next]);
    if (index < log.length) take(log[index], giveOffset(log[index]));
  }
  story.chapters.push(new Chapter(-1, story, streamTime));
  return story;
}

/** @typedef {ReturnType<typeof tell>} Story */

/** Whether nothing more is accepted into a window. @param {Settings} settings @param {Window} bucket @param {number} streamTime */
export function isClosed({ kind, gapMs, graceMs }, { end }, streamTime) {
  return kind === "session" ? end < streamTime - graceMs - gapMs : end <= streamTime - graceMs;
}

/** The stream time at which a window closes. @param {Settings} settings @param {number} end */
export function closingTime({ kind, gapMs, graceMs }, end) {
  return kind === "session" ? end + gapMs + graceMs + 1 : end + graceMs;
}

/** The advance that is used: that of a tumbling window is its size, and a record falls into a bounded number of windows. */
export function advanceOf({ kind, sizeMs, advanceMs }, records) {
  if (kind !== "hopping") return sizeMs;
  const share = (/** @type {number} */ countings) => Math.floor(countings / Math.max(1, records));
  const overlap = Math.max(1, Math.min(MOST_OVERLAP, Math.max(USUAL_OVERLAP, share(SWIFT_COUNTINGS)), share(MOST_COUNTINGS)));
  return Math.min(sizeMs, Math.max(advanceMs, Math.ceil(sizeMs / overlap)));
}

/** What tables of windows have in common: telling of changes, and closing what stream time has passed. */
class Table {
  /** @param {Settings} settings @param {any} story @param {Map<string, number>} ranks of all keys */
  constructor(settings, story, ranks) {
    this.settings = settings;
    this.story = story;
    this.ranks = ranks;
    this.queue = new Queue();
  }

  /** @param {string} key @param {number} start @param {number} end */
  open(key, start, end) {
    const bucket = new Window(this.story.windows.length, key, this.ranks.get(key) ?? 0, start, end);
    this.story.windows.push(bucket);
    return bucket;
  }

  /** Sets a window's count, or takes the window away. @param {Window} bucket @param {number} step @param {number | null} count */
  change(bucket, step, count) {
    bucket.set(step, count);
    this.story.changed.push(bucket);
    if (count !== null && !bucket.isQueued) this.queue.add(bucket);
    if (this.settings.emit === "update") this.emit(bucket, count);
  }

  /** @param {Window} bucket @param {number | null} count */
  emit(bucket, count) {
    bucket.told = count;
    this.story.emitted.push(bucket.row(count));
    this.story.emitters.push(bucket);
  }

  /** Closes windows in the order in which Kafka's store lists them. @param {number} streamTime */
  close(streamTime) {
    for (let first = this.first(); first !== null && isClosed(this.settings, first, streamTime); first = this.first()) {
      this.queue.take();
      this.story.closed.push(first);
      if (this.settings.emit === "final") this.emit(first, first.count);
    }
  }

  /** The window that closes first; what was merged meanwhile is passed over. @returns {Window | null} */
  first() {
    let first = this.queue.peek();
    while (first !== null && first.count === null) {
      this.queue.take();
      first = this.queue.peek();
    }
    return first;
  }

  nextEnd() {
    return this.first()?.end ?? null;
  }

  /** Makes the table anew from what went downstream. @param {number} step @returns {number} how many windows came back with another count or not at all */
  rebuild(step) {
    let lost = 0;
    for (const bucket of this.story.windows) {
      if (bucket.count === bucket.told) continue;
      lost++;
      bucket.set(step, bucket.told);
      this.story.changed.push(bucket);
    }
    return lost;
  }
}

class TimeWindows extends Table {
  constructor(settings, story, ranks) {
    super(settings, story, ranks);
    /** @type {Map<string, Map<number, Window>>} by key and start */
    this.byKey = new Map();
  }

  /** Counts a record in each window that still accepts it. @returns {boolean} whether one did */
  count({ key, time }, streamTime, step, chapter) {
    const { sizeMs, advanceMs, graceMs } = this.settings;
    let windows = this.byKey.get(key);
    if (windows === undefined) this.byKey.set(key, (windows = new Map()));
    let isCounted = false;
    for (let start = firstStart(time, sizeMs, advanceMs); start <= time; start += advanceMs) {
      if (start + sizeMs <= streamTime - graceMs) {
        chapter.refused++;
        continue;
      }
      let bucket = windows.get(start);
      if (bucket === undefined) windows.set(start, (bucket = this.open(key, start, start + sizeMs)));
      this.change(bucket, step, (bucket.count ?? 0) + 1);
      isCounted = true;
    }
    return isCounted;
  }
}

/** Where the earliest window begins that holds a time. @param {number} time @param {number} size @param {number} advance */
export function firstStart(time, size, advance) {
  return Math.floor(Math.max(0, time - size + advance) / advance) * advance;
}

class Sessions extends Table {
  constructor(settings, story, ranks) {
    super(settings, story, ranks);
    /** @type {Map<string, Window[]>} the sessions of each key, which lie more than the gap apart, by time */
    this.byKey = new Map();
  }

  /** Counts a record in the session that it makes with all within the gap. @returns {boolean} whether it was not too late for it */
  count({ key, time }, streamTime, step, chapter) {
    const { gapMs, graceMs } = this.settings;
    const sessions = this.byKey.get(key) ?? [];
    const from = lowerBound(sessions, time - gapMs);
    let to = from;
    let start = time;
    let end = time;
    let count = 1;
    for (; to < sessions.length && sessions[to].start <= time + gapMs; to++) {
      start = Math.min(start, sessions[to].start);
      end = Math.max(end, sessions[to].end);
      count += sessions[to].count ?? 0;
    }
    if (end < streamTime - graceMs - gapMs) {
      chapter.refused = 1;
      return false;
    }
    const merged = sessions.slice(from, to);
    const same = merged.find((session) => session.start === start && session.end === end);
    if (start !== time || end !== time) for (const session of merged) this.change(session, step, null);
    const session = same ?? this.open(key, start, end);
    sessions.splice(from, to - from, session);
    this.byKey.set(key, sessions);
    this.change(session, step, count);
    chapter.merged = merged.length;
    return true;
  }

  /** @param {number} step */
  rebuild(step) {
    const lost = super.rebuild(step);
    if (lost > 0) {
      this.byKey.clear();
      for (const bucket of this.story.windows.filter(({ count }) => count !== null).sort(compareWindows)) {
        const sessions = this.byKey.get(bucket.key);
        if (sessions === undefined) this.byKey.set(bucket.key, [bucket]);
        else sessions.push(bucket);
      }
    }
    return lost;
  }
}

/** The first session that ends at a time or later. @param {Window[]} sessions @param {number} time */
function lowerBound(sessions, time) {
  return countBefore(sessions, ({ end }) => end < time);
}

/** Windows by end, start and key, the least first: a binary heap. */
class Queue {
  /** @type {Window[]} */
  #heap = [];

  /** @returns {Window | null} */
  peek() {
    return this.#heap[0] ?? null;
  }

  /** @param {Window} bucket */
  add(bucket) {
    bucket.isQueued = true;
    const heap = this.#heap;
    let at = heap.push(bucket) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (compareWindows(heap[parent], bucket) <= 0) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = bucket;
  }

  /** Takes the first one out. */
  take() {
    const heap = this.#heap;
    heap[0].isQueued = false;
    const last = /** @type {Window} */ (heap.pop());
    if (heap.length === 0) return;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && compareWindows(heap[child + 1], heap[child]) < 0) child++;
      if (compareWindows(last, heap[child]) <= 0) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
  }
}

/** @param {Window} a @param {Window} b */
export function compareWindows(a, b) {
  return a.end - b.end || a.start - b.start || a.rank - b.rank;
}

/** The place of each key in the order of all: one number is compared sooner than two texts. @param {readonly any[]} items records and interventions */
function ranksOf(items) {
  const keys = new Set(items.map(({ key }) => key).filter((key) => typeof key === "string"));
  return new Map([...keys].sort(compareKeys).map((key, rank) => [key, rank]));
}

/** By the bytes of UTF-8, as Kafka's stores sort keys: that is by code points, not by code units. @param {string} a @param {string} b */
function compareKeys(a, b) {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Puts surrogates, which stand for the code points above all others, behind them. @param {number} unit */
const rank = (unit) => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

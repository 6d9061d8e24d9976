/**
 * A stream counted in windows as Kafka Streams does it: tumbling, hopping or session windows, per key. Stream time is the
 * latest time that any keyed record had, so only a record can close a window; a record whose windows are closed is dropped.
 * The counts are a table; what is said of each change is a stream, and folding that stream gives the table again.
 */
import { MAX_TIME, span } from "../segments.js";
import { advanceOf, closingTime, compareWindows, firstStart, isClosed, tell } from "../windows.js";
import { clockOf, rangeOf, scene } from "../windowing_scene.js";
import { interleave } from "../run.js";

const MINUTE = 60_000;
const DAY = 86_400_000;
/** From this length on, seconds tell one window from another. */
const COARSE = 10_000;
const LONGEST = 1_000_000_000_000;
/** The most windows that a fact names. */
const NAMED = 3;
/** @type {readonly any[]} */
const SILENCE = Object.freeze([]);
const lasting = { type: "integer", max: LONGEST, step: MINUTE, unit: "ms" };

/**
 * Parameters: `kind`; `sizeMs` (tumbling and hopping), `advanceMs` (hopping: a window begins every so often), `gapMs`
 * (session: the longest pause within one), `graceMs` (how long after its end a window still accepts records), `emit`
 * (`update`: every change goes downstream; `final`: a window goes downstream once, when it is closed). A record falls into at
 * most 64 windows, in a log of more than 312 records into fewer, down to 16; a smaller advance is raised.
 *
 * Interventions: `append` adds a record with a time of its own; `wait` lets time pass without a record; `rebuild` throws the
 * table away and folds it again from what went downstream.
 *
 * Result: `{ windows: [{key, start, end, count}], dropped: [offset…], emitted: [{key, start, end, count}], streamTime }`.
 * `end` is exclusive; that of a session is its last time, inclusive. `windows` is the whole table, closed windows included,
 * by end, start and key; `dropped` are the records that no window counted: too late, without a key, or dated before 1970.
 * In `emitted` a count of null takes a window away: a session that another one has swallowed. `streamTime` is −1 before the
 * first keyed record.
 */
export const model = {
  id: "windowing",
  title: "Windowing",
  log: "required",
  params: [
    {
      name: "kind", type: "choice", default: "tumbling",
      choices: [
        { value: "tumbling", label: { engineer: "tumbling", manager: "one period after the other" } },
        { value: "hopping", label: { engineer: "hopping", manager: "overlapping periods" } },
        { value: "session", label: { engineer: "session", manager: "one visit, until a pause" } },
      ],
      label: { engineer: "windows", manager: "count by" },
    },
    { ...lasting, name: "sizeMs", default: 5 * MINUTE, min: 1, label: { engineer: "window size", manager: "length of a period" } },
    { ...lasting, name: "advanceMs", default: MINUTE, min: 1, label: { engineer: "advance of hopping windows", manager: "overlapping: a period starts every" } },
    { ...lasting, name: "gapMs", default: 5 * MINUTE, min: 1, label: { engineer: "inactivity gap of sessions", manager: "pause that ends a visit" } },
    { ...lasting, name: "graceMs", default: 0, min: 0, label: { engineer: "grace for late records", manager: "how long latecomers still count" } },
    {
      name: "emit", type: "choice", default: "update",
      choices: [
        { value: "update", label: { engineer: "on every update", manager: "with every change" } },
        { value: "final", label: { engineer: "once, on window close", manager: "once, when nothing can change any more" } },
      ],
      label: { engineer: "emit", manager: "report a figure" },
    },
  ],
  interventions: [
    {
      kind: "append", label: { engineer: "Append a record with a time of its own", manager: "Add an entry with a time of its own" },
      params: [
        { name: "key", type: "string", default: null, nullable: true, label: { engineer: "key", manager: "about whom" } },
        { name: "time", type: "integer", default: null, nullable: true, min: -MAX_TIME, max: MAX_TIME, unit: "ms", label: { engineer: "timestamp (none: time of the last record)", manager: "dated (none: as the last entry)" } },
      ],
    },
    { kind: "wait", label: { engineer: "Let time pass without a record", manager: "Wait, while nothing happens" }, params: [{ ...lasting, name: "ms", default: 60 * MINUTE, min: 1, label: { engineer: "for", manager: "for" } }] },
    { kind: "rebuild", label: { engineer: "Rebuild the table from what was emitted", manager: "Draw the figures up again from what was reported" }, params: [] },
  ],
  prepare, plan: interleave, start, step, copy: (state) => ({ ...state }), scene, settle, result, checks,
};

function prepare(input) {
  const { log, params, interventions, problems } = input;
  const appended = interventions.filter(({ kind }) => kind === "append").length;
  const advanceMs = advanceOf(params, log.length + appended);
  if (params.kind === "hopping" && advanceMs !== params.advanceMs) {
    const why = params.advanceMs > advanceMs ? "a record between two windows would count nowhere" : "a record would fall into too many windows";
    problems.push({ path: "/params/advanceMs", message: `advanceMs was ${params.advanceMs} with windows of ${params.sizeMs}: ${why}, so ${advanceMs} is used` });
  }
  const settings = { ...params, advanceMs };
  const story = tell(log, interventions, settings);
  if (story.left > 0) problems.push({ path: "/interventions", message: `${story.left} rebuilds are left out: together they would go over too many windows` });
  const shown = params.kind === "hopping" ? settings : params;
  const length = params.kind === "session" ? params.gapMs : advanceMs;
  return { ...input, params: Object.freeze(shown), settings, interventions: story.interventions, story, isOneDay: length < DAY && isOneDay(story), isCoarse: length >= COARSE };
}

function isOneDay({ entries }) {
  const day = ({ record }) => Math.floor(record.time / DAY);
  return entries.every((entry) => day(entry) === day(entries[0]));
}

function start(input) {
  return { input, next: 0, waited: 0, isWaiting: false };
}

function step(state, { intervention }, quiet) {
  const { story } = state.input;
  const chapter = story.chapters[state.next++];
  state.isWaiting = intervention?.kind === "wait";
  if (state.isWaiting) state.waited += intervention.ms;
  if (quiet) return SILENCE;
  const after = story.chapters[state.next];
  if (chapter.entry >= 0) return received(state.input, chapter, after);
  if (state.isWaiting) return [{ code: "stream.waited", refs: ["meter:clock"], data: { by: span(intervention.ms), streamTime: timeOf(state.input, after), ...nextOf(state.input, chapter) } }];
  const rows = tableAt(state.input, state.next).length;
  return [{ code: "table.rebuilt", refs: ["table:emitted"], data: { rows, lost: chapter.lost, emit: state.input.params.emit } }];
}

const timeOf = (input, { streamTime }) => (streamTime < 0 ? null : clockOf(input)(streamTime));

/** When the next window closes, if any is open. */
function nextOf(input, { nextEnd }) {
  return { closes: nextEnd === null ? null : clockOf(input)(closingTime(input.settings, nextEnd)) };
}

/** What a record did: counted or dropped, sessions that it joined, windows that it closed. */
function received(input, chapter, after) {
  const { story, settings } = input;
  const { record, offset } = story.entries[chapter.entry];
  const clock = clockOf(input);
  const said = { offset, key: record.key, type: record.type || "the record", when: clock(record.time), streamTime: timeOf(input, after) };
  const refs = [`record:${offset}`];
  const facts = [];
  if (chapter.reason !== null) {
    const limit = after.streamTime - settings.graceMs - (settings.kind === "session" ? settings.gapMs : 0);
    facts.push({ code: "stream.dropped", refs, data: { ...said, reason: chapter.reason, kind: settings.kind, limit: clock(limit) } });
  } else {
    const touched = [...new Set(story.changed.slice(chapter.changed, after.changed))].filter((bucket) => bucket.after(chapter.step) !== null);
    const windows = touched.slice(0, NAMED).map((bucket) => ({ ...rangeOf(input, bucket), count: bucket.after(chapter.step) }));
    const behind = after.streamTime - record.time;
    const data = { ...said, windows, many: touched.length, refused: chapter.refused, behind: behind > 0 ? span(behind) : null };
    facts.push({ code: "stream.counted", refs: [...refs, ...touched.map(({ id }) => `window:${id}`)], data });
    if (chapter.merged > 1) facts.push({ code: "session.merged", refs: [`window:${touched[0].id}`], data: { key: record.key, merged: chapter.merged, ...windows[0] } });
  }
  const closed = story.closed.slice(chapter.closed, after.closed);
  if (closed.length > 0) {
    const [first] = closed;
    const data = { key: first.key, many: closed.length, ...rangeOf(input, first), count: first.after(chapter.step), emit: settings.emit, streamTime: said.streamTime };
    facts.push({ code: "stream.window_closed", refs: closed.slice(0, NAMED).map(({ id }) => `window:${id}`), data });
  }
  return facts;
}

/** The table after so many steps, in the order in which its windows came. */
function tableAt({ story }, next) {
  return story.windows.filter((bucket) => bucket.after(next) !== null);
}

function result({ input, next }) {
  const { story } = input;
  const { dropped, emitted, streamTime } = story.chapters[next];
  return {
    windows: tableAt(input, next).sort(compareWindows).map((bucket) => bucket.row(bucket.after(next))),
    dropped: story.dropped.slice(0, dropped),
    emitted: story.emitted.slice(0, emitted),
    streamTime,
  };
}

/** The result without the way to it: the story is told already. @param {any} input */
function settle(input) {
  return result({ input, next: input.story.chapters.length - 1 });
}

function checks({ input, next }) {
  const { story, settings } = input;
  const here = story.chapters[next];
  const table = tableAt(input, next);
  let counted = 0;
  for (const bucket of table) counted += bucket.after(next);
  const expected = countings(input, here.entries);
  /** What the fold of all that was emitted gives for each window, by its id. @type {(number | null)[]} */
  const refolded = [];
  for (let i = 0; i < here.emitted; i++) refolded[story.emitters[i].id] = story.emitted[i].count;
  const given = (bucket) => refolded[bucket.id] ?? null;
  const owed = settings.emit === "update" ? table : table.filter((bucket) => isClosed(settings, bucket, here.streamTime));
  const surplus = settings.emit === "update" ? Math.max(0, refolded.filter((count) => count !== null).length - table.length) : 0;
  const differing = surplus + owed.filter((bucket) => given(bucket) !== bucket.after(next)).length;
  const found = [
    { id: "all-accounted-for", holds: counted === expected, detail: `the windows hold ${counted} countings; ${here.entries} records, ${here.dropped} of them dropped, make ${expected}` },
    { id: "emitted-gives-table", holds: differing === 0, detail: `${differing} of ${owed.length} ${settings.emit === "update" ? "windows" : "closed windows"} differ from the fold of what was emitted` },
  ];
  if (settings.emit === "final") {
    const emitters = story.emitters.slice(0, here.emitted);
    const early = emitters.filter((bucket) => !isClosed(settings, bucket, here.streamTime)).length;
    const again = emitters.length - new Set(emitters).size;
    found.push({ id: "final-is-final", holds: early === 0 && again === 0, detail: `${emitters.length} results: ${early} of windows that are still open, ${again} given again` });
  }
  return found;
}

/** In how many windows the first entries ought to be counted, worked out from their times alone. */
function countings({ story, settings }, entries) {
  const { kind, sizeMs, advanceMs, graceMs } = settings;
  let sum = 0;
  for (let i = 0; i < entries; i++) {
    const { record, step: at } = story.entries[i];
    if (story.chapters[at - 1].reason !== null) continue;
    if (kind === "session") {
      sum += 1;
      continue;
    }
    const limit = story.chapters[at].streamTime - graceMs;
    for (let from = firstStart(record.time, sizeMs, advanceMs); from <= record.time; from += advanceMs) if (from + sizeMs > limit) sum += 1;
  }
  return sum;
}

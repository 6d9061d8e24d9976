/** The picture of windows: the stream, the windows that it was last counted in, what went downstream, and stream time. */
import { window as part } from "./records.js";
import { moment, span } from "./segments.js";
import { closingTime, isClosed } from "./windows.js";

const TICKETS = 9;
const LANES = 4;
const TICKETS_OF_A_WINDOW = 8;
/** How far back the picture looks for windows and for the records in them. */
const REACH = 400;
const ROWS = 8;

/** How the times of a run are said: without the date where all are of one day, in whole seconds where windows are long. @param {any} input @returns {(time: number) => string} */
export function clockOf({ isOneDay, isCoarse }) {
  return (time) => moment(isCoarse ? Math.floor(time / 1000) * 1000 : time).slice(isOneDay ? 11 : 0);
}

/** Where a window begins and ends, in words. @param {any} input @param {{ start: number, end: number }} bucket */
export function rangeOf(input, { start, end }) {
  const clock = clockOf(input);
  return { from: clock(start), to: clock(end), isSession: input.settings.kind === "session" };
}

const engineerRange = ({ from, to, isSession }) => `[${from}, ${to}${isSession ? "]" : ")"}`;
const managerRange = ({ from, to }) => (from === to ? from : `${from} to ${to}`);

/** @param {any} state of the model `windowing` */
export function scene(state) {
  const { story } = state.input;
  const here = story.chapters[state.next];
  /** @type {any[]} */
  const blocks = [stream(state, here), windows(state, here), emitted(state, here), clock(state, here)];
  if (state.isWaiting) {
    blocks.push({
      kind: "notice", id: "quiet", level: "info",
      text: {
        engineer: "The wall clock moves, stream time does not: without a record no window closes.",
        manager: "Time passes, but no entry comes, and only an entry can close a period.",
      },
    });
  }
  return { blocks };
}

function stream(state, here) {
  const { story } = state.input;
  const say = clockOf(state.input);
  const entries = { length: here.entries, slice: (from, to) => story.entries.slice(from, Math.min(to, here.entries)) };
  const { items, before, after } = part(entries, here.entries - 1, TICKETS);
  const tickets = items.map(({ record, offset, step }) => {
    const marks = [];
    if (step === state.next) marks.push("new");
    if (story.chapters[step - 1].reason !== null) marks.push("dropped");
    else if (record.time < story.chapters[step].streamTime) marks.push("late");
    return { ref: `record:${offset}`, offset, key: record.key, type: say(record.time), marks };
  });
  return {
    kind: "lanes", id: "stream", title: { engineer: "The stream, in the order of arrival", manager: "Entries, in the order in which they came" },
    lanes: [{ id: "stream", label: { engineer: "stream", manager: "entries" }, note: { engineer: `${here.dropped} dropped`, manager: `${here.dropped} left out` }, tickets, before, after, markers: [] }],
  };
}

/** The windows that changed last, the latest first, each with the latest of its records. */
function windows(state, here) {
  const { story, settings } = state.input;
  const shown = new Set();
  for (let i = here.changed - 1; i >= Math.max(0, here.changed - REACH) && shown.size < LANES; i--) {
    if (story.changed[i].after(state.next) !== null) shown.add(story.changed[i]);
  }
  const lanes = [...shown].map((bucket) => {
    const range = rangeOf(state.input, bucket);
    const count = bucket.after(state.next);
    const closed = isClosed(settings, bucket, here.streamTime);
    const tickets = members(state, here, bucket, count);
    return {
      id: `window-${bucket.id}`, ref: `window:${bucket.id}`, markers: [], tickets, before: count - tickets.length, after: 0,
      label: { engineer: bucket.key, manager: bucket.key },
      note: { engineer: `${engineerRange(range)} count ${count}`, manager: `${managerRange(range)}: ${count}` },
      state: closed ? { engineer: "closed", manager: "closed" } : { engineer: "open", manager: "still open" },
    };
  });
  return { kind: "lanes", id: "windows", title: { engineer: "The table of windows, latest changes", manager: "The figures, period by period" }, lanes };
}

/** The latest records that a window holds. */
function members(state, here, bucket, count) {
  const { story, settings } = state.input;
  const say = clockOf(state.input);
  const isSession = settings.kind === "session";
  const found = [];
  for (let i = here.entries - 1; i >= Math.max(0, here.entries - REACH) && found.length < Math.min(count, TICKETS_OF_A_WINDOW); i--) {
    const { record, offset, step } = story.entries[i];
    const isWithin = record.key === bucket.key && record.time >= bucket.start && (isSession ? record.time <= bucket.end : record.time < bucket.end);
    if (!isWithin || story.chapters[step - 1].reason !== null) continue;
    if (!isSession && isClosed(settings, bucket, story.chapters[step].streamTime)) continue;
    found.push({ ref: `counted:${bucket.id}:${offset}`, offset, key: record.key, type: say(record.time), marks: step === state.next ? ["new"] : [] });
  }
  return found.reverse();
}

function emitted(state, here) {
  const { story, params } = state.input;
  const list = { length: here.emitted, slice: (from, to) => story.emitted.slice(from, Math.min(to, here.emitted)) };
  const { items, before, after } = part(list, here.emitted, ROWS);
  const since = story.chapters[Math.max(0, state.next - 1)].emitted;
  return {
    kind: "table", id: "emitted", before, after,
    title: params.emit === "update"
      ? { engineer: "Downstream: every update", manager: "Reported: every change" }
      : { engineer: "Downstream: final results", manager: "Reported: closed figures only" },
    columns: [
      { id: "key", label: { engineer: "key", manager: "about" } },
      { id: "window", label: { engineer: "window", manager: "period" } },
      { id: "count", label: { engineer: "count", manager: "counted" }, numeric: true },
    ],
    rows: items.map((row, i) => ({
      ref: `emitted:${before + i}`, cells: [row.key, managerRange(rangeOf(state.input, row)), row.count],
      marks: [...(before + i >= since && state.next > 0 ? ["new"] : []), ...(row.count === null ? ["gone"] : [])],
    })),
  };
}

function clock(state, here) {
  const { story, settings } = state.input;
  const say = clockOf(state.input);
  const nextEnd = state.next === 0 ? null : story.chapters[state.next - 1].nextEnd;
  const lasts = settings.graceMs + (settings.kind === "session" ? settings.gapMs + 1 : settings.sizeMs);
  const left = nextEnd === null ? lasts : closingTime(settings, nextEnd) - here.streamTime;
  const now = here.streamTime < 0 ? "not started" : say(here.streamTime);
  const wall = state.waited === 0 ? "" : `; ${span(state.waited)} went by without a record`;
  return {
    kind: "meter", id: "clock", ref: "meter:clock", title: { engineer: "Stream time, until the next window closes", manager: "The clock of the entries, until the next figure is closed" },
    value: Math.max(0, lasts - left), max: lasts, unit: "ms",
    text: nextEnd === null
      ? { engineer: `${now}; no window is open${wall}`, manager: `${now}; nothing is open${wall.replace("a record", "an entry")}` }
      : { engineer: `${now}; the next closes at ${say(closingTime(settings, nextEnd))}${wall}`, manager: `${now}; the next is closed by an entry of ${say(closingTime(settings, nextEnd))} or later${wall.replace("a record", "an entry")}` },
  };
}

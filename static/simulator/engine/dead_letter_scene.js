/**
 * The picture of the model `dead_letter`: the topic with the consumer's place, the dead letter queue, and what each key stands at.
 */
import { brief, head, window } from "./records.js";

const SHOWN = 9;
const LETTERS = 6;
const ROWS = 5;

/** @param {any} state of the model `dead_letter` */
export function scene(state) {
  /** @type {any[]} */
  const blocks = [{ kind: "lanes", id: "log", title: { engineer: "The topic, and the dead letter queue", manager: "The entries, and the tray beside them" }, lanes: [topic(state), letters(state)] }, queue(state), keys(state)];
  const notice = noticeOf(state);
  if (notice) blocks.push({ kind: "notice", id: "dead-letter", level: "warning", text: notice });
  return { blocks };
}

/** What has become of a record. */
function fateOf({ fates, applied, parked, skipped, late }, index) {
  const has = (places, tape) => places[index] >= 0 && places[index] < tape.length;
  if (has(fates.late, late)) return "late";
  if (has(fates.applied, applied)) return "applied";
  if (has(fates.skipped, skipped)) return "skipped";
  return has(fates.parked, parked) ? "parked" : "waiting";
}

const MARKS = { applied: "read", late: "late", skipped: "gone", parked: "refused", waiting: "waiting" };
const NOTES = {
  applied: { engineer: "applied", manager: "done" },
  late: { engineer: "applied late", manager: "done late" },
  skipped: { engineer: "skipped", manager: "left out" },
  parked: { engineer: "parked", manager: "in the tray" },
  waiting: "",
};

function topic(state) {
  const { log } = state.input;
  const { items, before, after } = window(head(log, state.arrived), state.position, SHOWN);
  const at = state.position < state.arrived ? log[state.position].offset : Number.MAX_SAFE_INTEGER;
  return {
    id: "topic", label: { engineer: "topic", manager: "entries" }, before, after,
    note: { engineer: `${state.arrived} records`, manager: `${state.arrived} came in` },
    markers: [{ id: "consumer", ref: "consumer", label: { engineer: "consumer", manager: "clerk" }, offset: at }],
    tickets: items.map(({ offset, key, type }, i) => {
      const index = before + i;
      const fate = fateOf(state, index);
      const isTried = index === state.position && state.tries > 0;
      const tried = { engineer: `failed ${state.tries} times`, manager: `failed ${state.tries} times` };
      return { ref: `record:${offset}`, offset, key, type, marks: [isTried ? "refused" : MARKS[fate], ...(index === state.focus ? ["focus"] : [])], note: isTried ? tried : NOTES[fate] };
    }),
  };
}

function letters(state) {
  const { log } = state.input;
  const parked = { length: state.parked.length - state.head, slice: (from, to) => state.parked.slice(state.head + from, state.head + to) };
  const { items, before, after } = window(parked, 0, LETTERS);
  return {
    id: "letters", label: { engineer: "dead letter queue", manager: "tray" }, before, after, markers: [],
    note: { engineer: `${parked.length} parked`, manager: `${parked.length} put aside` },
    tickets: items.map((index) => {
      const { offset, key, type } = log[index];
      return { ref: `letter:${offset}`, offset, key, type, marks: ["refused"], note: { engineer: `from offset ${offset}`, manager: "to be looked at" } };
    }),
  };
}

function keys(state) {
  const { log } = state.input;
  const focus = state.focus < 0 ? null : log[state.focus].key;
  const { items, before, after } = window(state.rows.keys, focus === null ? 0 : Math.max(0, state.rows.indexOf(focus)), ROWS);
  return {
    kind: "table", id: "keys", title: { engineer: "What each key stands at", manager: "What is on file" }, before, after,
    columns: [
      { id: "key", label: { engineer: "key", manager: "about" } },
      { id: "value", label: { engineer: "value", manager: "on file" } },
      { id: "offset", label: { engineer: "by offset", manager: "by entry" }, numeric: true },
    ],
    rows: items.map((key) => {
      const { now, newest } = state.rows.get(key);
      return { ref: `key:${key}`, cells: [key, brief(log[now].value), log[now].offset], marks: [...(now < newest ? ["late"] : []), ...(key === focus ? ["focus"] : [])] };
    }),
  };
}

function queue(state) {
  const waiting = state.arrived - state.position;
  return {
    kind: "meter", id: "waiting", title: { engineer: "Records that wait", manager: "Entries that wait" }, value: waiting, max: Math.max(waiting, 10), unit: "records",
    text: waiting === 0 ? { engineer: "lag 0", manager: "none" } : { engineer: `lag ${waiting}`, manager: `${waiting}, and more to come` },
  };
}

function noticeOf(state) {
  const { log } = state.input;
  if (state.isStuck) {
    const { offset } = log[state.position];
    return { engineer: `The consumer stands at offset ${offset}: nothing behind it is processed, of any key.`, manager: `Everything waits behind entry ${offset}, also what has nothing to do with it.` };
  }
  const row = state.focus < 0 || log[state.focus].key === null ? undefined : state.rows.get(log[state.focus].key);
  if (row && row.now < row.newest) {
    const { key } = log[state.focus];
    return { engineer: `${key} stands at offset ${log[row.now].offset} again, although offset ${log[row.newest].offset} is newer.`, manager: `${key} is back at what entry ${log[row.now].offset} said, although entry ${log[row.newest].offset} is newer.` };
  }
  if (state.stale === 0) return null;
  const many = state.stale === 1 ? { engineer: "One key stands", manager: "One customer is" } : { engineer: `${state.stale} keys stand`, manager: `${state.stale} customers are` };
  return { engineer: `${many.engineer} at an older record than the newest that was applied.`, manager: `${many.manager} on file with old news, although newer news was there.` };
}

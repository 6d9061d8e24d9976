/**
 * The picture of the model `cqrs`: the log with the position of each model, the gap between them, and what each one says.
 */
import { window } from "./records.js";

const SHOWN = 11;
const ROWS = 8;

/** @param {any} state of the model `cqrs` */
export function scene(state) {
  const { separated, delivery } = state.input.params;
  const one = !separated && delivery === "sync";
  /** @type {any[]} */
  const blocks = [logLane(state, one), gapMeter(state)];
  blocks.push(rowsTable(state, state.write, one ? ONE : WRITE, "write"));
  if (!one) blocks.push(rowsTable(state, state.read, separated ? READ : REPLICA, "read"));
  if (separated) blocks.push(totalsTable(state));
  if (state.probes.length > 0) blocks.push(probesTable(state));
  if (state.pace.paused) blocks.push(notice("paused", "warning", PAUSED[one ? "one" : separated && delivery === "sync" ? "sync" : "async"]));
  if (state.pace.rebuilt >= 0) blocks.push(rebuildMeter(state));
  const last = state.probes.at(state.probes.length - 1);
  if (state.focus.probed && !last.fresh) blocks.push(notice("stale", "warning", stale(last)));
  return { blocks };
}

const ONE = { engineer: "The one model", manager: "The one set of books" };
const WRITE = { engineer: "Write model", manager: "The books, where changes are decided" };
const READ = { engineer: "Read model", manager: "The screen, where people look" };
const REPLICA = { engineer: "Replica of the one model", manager: "A copy of the books" };
const PAUSED = {
  one: { engineer: "There is no projector to stop: reads and writes use one model.", manager: "There is nothing to stop: everybody looks at the same books." },
  sync: { engineer: "The read model is down, so writes are refused: they are one transaction.", manager: "The screen is down, so nobody can change anything either." },
  async: { engineer: "Updates of the reads are stopped; writes go on and the gap grows.", manager: "The screen stands still while the business goes on." },
};

function logLane(state, one) {
  const { log } = state.input;
  const { written, applied, rebuilt } = state.pace;
  const { items, before, after } = window(state.log, written - 1, SHOWN);
  const offsetAt = (index) => (index < state.log.length ? log[state.log.at(index)].offset : state.log.length === 0 ? 0 : log[state.log.at(state.log.length - 1)].offset + 1);
  const markers = [{ id: "write", ref: "model:write", label: one ? "model" : "write", offset: offsetAt(written) }];
  if (!one) markers.push({ id: "read", ref: "model:read", label: "read", offset: offsetAt(applied) });
  if (rebuilt >= 0) markers.push({ id: "rebuild", ref: "model:rebuild", label: "rebuild", offset: offsetAt(rebuilt) });
  return {
    kind: "lanes", id: "log", title: { engineer: "The log, and how far each model is", manager: "What happened, and who knows of it" },
    lanes: [{
      id: "log", label: { engineer: "log", manager: "entries" }, before, after, markers,
      tickets: items.map((place, i) => {
        const { offset, key, type } = log[place];
        const index = before + i;
        return { ref: `record:${offset}`, offset, key, type, marks: [index < applied ? "read" : "waiting", ...(index === state.focus.index ? ["new"] : [])] };
      }),
    }],
  };
}

function gapMeter(state) {
  const { lag, delivery } = state.input.params;
  const value = state.pace.written - state.pace.applied;
  return {
    kind: "meter", id: "gap", title: { engineer: "Gap between write and read position", manager: "Changes that reads do not show yet" },
    value, max: Math.max(state.largestGap, delivery === "async" ? lag : 0, 1), unit: "records",
    ...(delivery === "async" && lag > 0 && { threshold: { value: lag, label: { engineer: "lag", manager: "usual delay" } } }),
    text: value === 0 ? { engineer: "level", manager: "up to date" } : { engineer: `${value} behind`, manager: `${value} behind` },
  };
}

function rowsTable(state, view, title, id) {
  const focus = state.focus.key;
  const { items, before, after } = window(view.rows.keys, Math.max(0, view.rows.indexOf(focus ?? "")), ROWS);
  return {
    kind: "table", id, title, before, after,
    columns: [
      { id: "key", label: { engineer: "key", manager: "about" } },
      { id: "type", label: { engineer: "last event", manager: "stands at" } },
      { id: "changes", label: { engineer: id === "write" ? "version" : "changes seen", manager: "changes so far" }, numeric: true },
    ],
    rows: items.map((key) => {
      const { type, changes } = view.rows.get(key);
      const behind = changes !== state.write.rows.get(key)?.changes;
      return { ref: `table:${id}:${key}`, cells: [key, type, changes], marks: [...(key === focus ? ["focus"] : []), ...(behind ? ["late"] : [])] };
    }),
  };
}

function totalsTable(state) {
  const types = state.read.totals.keys.slice().filter((type) => state.read.totals.get(type) !== 0);
  const { items, before, after } = window(types, 0, 20);
  return {
    kind: "table", id: "totals", title: { engineer: "Read model: keys by last event", manager: "The figures on the screen" }, before, after,
    columns: [
      { id: "type", label: { engineer: "last event", manager: "stands at" } },
      { id: "count", label: { engineer: "keys", manager: "how many" }, numeric: true },
    ],
    rows: items.map((type) => {
      const count = state.read.totals.get(type);
      return { ref: `total:${type}`, cells: [type, count], marks: count === state.write.totals.get(type) ? [] : ["late"] };
    }),
  };
}

function probesTable(state) {
  const { items, before, after } = window(state.probes, state.probes.length, ROWS);
  return {
    kind: "table", id: "probes", title: { engineer: "Reads after writes", manager: "What people saw" }, before, after,
    columns: [
      { id: "about", label: { engineer: "read", manager: "asked about" } },
      { id: "wrote", label: { engineer: "written", manager: "in the books" }, numeric: true },
      { id: "saw", label: { engineer: "seen", manager: "on the screen" }, numeric: true },
      { id: "rows", label: { engineer: "rows read", manager: "lines looked at" }, numeric: true },
      { id: "verdict", label: { engineer: "verdict", manager: "verdict" } },
    ],
    rows: items.map(({ about, wrote, saw, rowsRead, fresh }) => ({ cells: [about, wrote, saw, rowsRead, fresh ? "fresh" : "stale"], marks: fresh ? [] : ["late"] })),
  };
}

function rebuildMeter(state) {
  const { rebuilt, applied } = state.pace;
  return {
    kind: "meter", id: "rebuild", title: { engineer: "Second read model, folded from the log", manager: "Drawing the figures up again" },
    value: rebuilt, max: Math.max(applied, 1), unit: "records", text: { engineer: `${rebuilt} of ${applied}; the first still answers`, manager: `${rebuilt} of ${applied}; the old screen stays on` },
  };
}

function stale({ kind, about, wrote, saw }) {
  return kind === "probe"
    ? { engineer: `Stale: ${about} has ${wrote} changes, the reads know ${saw}.`, manager: `Out of date: ${about} has changed ${wrote} times, the screen knows of ${saw}.` }
    : { engineer: `Stale: ${wrote} keys stand at ${about}, the reads say ${saw}.`, manager: `Out of date: ${wrote} stand at ${about}, the screen says ${saw}.` };
}

const notice = (id, level, text) => ({ kind: "notice", id, level, text });

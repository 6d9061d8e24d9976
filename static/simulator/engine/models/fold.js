/**
 * State as a fold over a log: a reader goes from record to record and keeps one row per key. What it holds is a function of
 * the log up to its position, so it can be thrown away, rebuilt, started from a snapshot, or asked something new.
 */
import { scene } from "../fold_scene.js";
import { Rows, applyRecord, foldAtOnce, foldRecords } from "../rows.js";
import { indexAt, indexFrom, offsetOf, place, readsBefore, snapshotBefore } from "../reading.js";
import { brief } from "../records.js";

const MOST_REPEATED = 500_000;
/** @type {readonly any[]} */
const SILENCE = Object.freeze([]);

/** An intervention as a step; every other step is a record. */
class Turn {
  constructor(intervention) {
    this.intervention = intervention;
  }
}

const FOLDS = [
  { value: "latest", label: { engineer: "latest value", manager: "what was said last" } },
  { value: "count", label: { engineer: "count", manager: "how many entries" } },
  { value: "sum", label: { engineer: "sum", manager: "total" } },
];
const fold = { name: "fold", type: "choice", default: "latest", choices: FOLDS, label: { engineer: "fold", manager: "what is worked out" } };
const field = { name: "field", type: "string", default: null, nullable: true, label: { engineer: "field (none: the whole value)", manager: "of which detail (none: all of it)" } };
const keep = { name: "keep", type: "boolean", default: true, label: { engineer: "start from the latest snapshot", manager: "start from the last summary" } };
const offset = { type: "integer", min: 0, max: Number.MAX_SAFE_INTEGER };

/**
 * Result: `{ state: {key: value}, position, eventsRead, snapshotAt }`. `eventsRead` is what loading this state costs: the
 * records from the latest snapshot (or from the start) to the position. `snapshotAt` is null where there is no snapshot.
 * Unkeyed records are read and change nothing.
 *
 * With `key`, only its records are steps. Snapshots stand after every so many records of the log, whosever they are.
 *
 * Interventions: `wipe` throws the state away and loads it again; `reread` reads the last records once more without that;
 * `change-fold` puts a new version of the fold into service; `ask` adds a second question to the same log.
 */
export const model = {
  id: "fold",
  title: "Fold",
  log: "required",
  params: [
    fold,
    field,
    { name: "key", type: "string", default: null, nullable: true, label: { engineer: "load this key only (none: all)", manager: "look at one only (none: all)" } },
    { ...offset, name: "from", default: 0, label: { engineer: "from offset", manager: "from entry" } },
    { ...offset, name: "upTo", default: null, nullable: true, label: { engineer: "up to offset, exclusive (none: the end)", manager: "up to before entry (none: the end)" } },
    { name: "snapshotEvery", type: "integer", default: 0, min: 0, max: 1_000_000, unit: "records", label: { engineer: "a snapshot every so many records (0: none)", manager: "a summary every so many entries (0: none)" } },
  ],
  interventions: [
    { kind: "wipe", label: { engineer: "Wipe the state and load it again", manager: "Throw the figures away and work them out again" }, params: [keep] },
    { kind: "reread", label: { engineer: "Read the last records again", manager: "Process the last entries a second time" }, params: [{ name: "count", type: "integer", default: 5, min: 1, max: 1_000_000, unit: "records", label: { engineer: "records", manager: "entries" } }] },
    { kind: "change-fold", label: { engineer: "Deploy another fold", manager: "Change how the figures are worked out" }, params: [{ ...fold, default: "count" }, field, keep] },
    {
      kind: "ask", label: { engineer: "Ask the log a new question", manager: "Ask a question nobody thought of" },
      params: [
        { ...fold, default: "count" }, field,
        {
          name: "start", type: "choice", default: "offset-0",
          choices: [
            { value: "offset-0", label: { engineer: "from offset 0", manager: "from the first entry on" } },
            { value: "now", label: { engineer: "from now on", manager: "from today on" } },
          ],
          label: { engineer: "read", manager: "look at the entries" },
        },
      ],
    },
  ],
  prepare, plan, start, step, copy, scene, settle, result, checks,
};

function prepare(input) {
  const { log, problems } = input;
  const end = log.length === 0 ? 0 : log[log.length - 1].offset + 1;
  const within = (name) => {
    const value = input.params[name];
    if (value === null || value <= end) return value;
    problems.push({ path: `/params/${name}`, message: `${name} was ${value}: the log ends at ${end}, so ${end} is used` });
    return end;
  };
  const params = Object.freeze({ ...input.params, from: within("from"), upTo: within("upTo") });
  const first = indexFrom(log, params.from);
  const last = Math.max(first, indexFrom(log, params.upTo ?? end));
  const reads = params.key === null ? null : ownRecords(log, params.key, first, last);
  const every = params.from === 0 ? params.snapshotEvery : 0;
  const reading = { ...input, params, end, first, last, reads, every, total: reads === null ? last - first : reads.length };
  return { ...reading, interventions: affordable(reading) };
}

function ownRecords(log, key, first, last) {
  const own = [];
  for (let i = first; i < last; i++) if (log[i].key === key) own.push(i);
  return own;
}

/** The records that an intervention has read again: from the returned count of reads up to where the reader stands. */
function restart(input, item, next) {
  if (item.kind === "reread") return Math.max(0, next - item.count);
  if (item.kind === "ask") return item.start === "now" ? next : 0;
  return item.keep ? readsBefore(input, snapshotBefore(input, indexAt(input, next))) : 0;
}

/** Leaves out interventions once the records that they read again, and the rows that they restore, become too many. */
function affordable(input) {
  if (input.interventions.length === 0) return input.interventions;
  const keys = new Set(input.log.map(({ key }) => key)).size;
  let work = 0;
  let refused = 0;
  const kept = input.interventions.filter((item) => {
    const next = readsBefore(input, item.at);
    const from = restart(input, item, next);
    const cost = next - from + (item.kind === "wipe" || item.kind === "change-fold" ? Math.min(from, keys) : 0);
    if (work + cost > MOST_REPEATED) {
      refused++;
      return false;
    }
    work += cost;
    return true;
  });
  if (refused > 0) input.problems.push({ path: "/interventions", message: `${refused} interventions are left out: together they would read or restore more than ${MOST_REPEATED} records and rows` });
  return kept;
}

function plan(input) {
  const { log, interventions, first, reads, total } = input;
  const at = (next) => log[reads === null ? first + next : reads[next]];
  if (interventions.length === 0) return { length: total, action: at };
  /** @type {{ first: number, from: number, turn: Turn | null }[]} each a turn, or records from the `from`-th on */
  const parts = [];
  let steps = 0;
  let next = 0;
  const read = (from, to) => {
    if (to > from) parts.push({ first: steps, from, turn: null });
    steps += to - from;
  };
  for (const item of interventions) {
    const until = readsBefore(input, item.at);
    read(next, until);
    next = until;
    parts.push({ first: steps++, from: 0, turn: new Turn(item) });
    read(restart(input, item, next), next);
  }
  read(next, total);
  return {
    length: steps,
    action(i) {
      let low = 0;
      for (let high = parts.length; low < high; ) {
        const middle = (low + high) >> 1;
        if (parts[middle].first <= i) low = middle + 1;
        else high = middle;
      }
      const part = parts[low - 1];
      return part.turn ?? at(part.from + i - part.first);
    },
  };
}

function start(input) {
  const { fold: kind, field: name } = input.params;
  return { input, first: input.first, isPlain: isPlain(input), next: 0, rows: new Rows(), fold: kind, field: name, saved: null, stored: 0, question: null, touched: -1 };
}

function copy(state) {
  const question = state.question === null ? null : { ...state.question, rows: state.question.rows.copy() };
  return { ...state, rows: state.rows.copy(), question };
}

function step(state, action, quiet) {
  // The way of a long log to its result: no snapshot, no second question, nobody listening.
  if (quiet && state.isPlain) {
    const index = state.first + state.next++;
    state.touched = index;
    applyRecord(state.rows, action, state.fold, state.field, index);
    return SILENCE;
  }
  if (action instanceof Turn) return INTERVENTIONS[action.intervention.kind](state, action.intervention);
  const { reads, first } = state.input;
  const { question } = state;
  if (question !== null && question.next < state.next) return answer(state, action, quiet);
  const index = reads === null ? first + state.next : reads[state.next];
  const before = quiet ? null : state.rows.get(action.key);
  applyRecord(state.rows, action, state.fold, state.field, index);
  state.next++;
  state.touched = index;
  if (question !== null && question.next < state.next) {
    applyRecord(question.rows, action, question.fold, question.field, index);
    question.next++;
  }
  const snapshot = state.input.every === 0 ? null : takeSnapshot(state, index);
  if (quiet) return SILENCE;
  /** @type {any[]} */
  const told = [tell(state.rows, action, state.fold, state.field, before, "record")];
  if (snapshot !== null) told.push(snapshot);
  return told;
}

/** Takes a snapshot where the reader has come to the next place for one. */
function takeSnapshot(state, index) {
  const at = snapshotBefore(state.input, indexAt(state.input, state.next));
  if (at <= index) return null;
  state.saved = { at, rows: state.rows.copy() };
  state.stored += state.rows.live;
  const position = offsetOf(state.input, at);
  return { code: "snapshot.taken", refs: [`snapshot:${position}`], data: { position, rows: state.rows.live, stored: state.stored } };
}

/** One more record on the way to the answer of a question that was asked late. */
function answer(state, record, quiet) {
  const { question } = state;
  const index = indexAt(state.input, question.next);
  const before = quiet ? null : question.rows.get(record.key);
  applyRecord(question.rows, record, question.fold, question.field, index);
  question.next++;
  state.touched = index;
  return quiet ? SILENCE : [tell(question.rows, record, question.fold, question.field, before, "question")];
}

/** What a record did to a table: the state's ("record") or the new question's. */
function tell(rows, { offset: at, key, type }, kind, name, before, table) {
  if (key === null) return { code: "record.passed_over", refs: [`record:${at}`], data: { offset: at, type } };
  const after = rows.get(key);
  const row = table === "record" ? `key:${key}` : `table:question:${key}`;
  const data = { offset: at, key, type, fold: kind, field: name, before: before === undefined ? null : brief(before), after: after === undefined ? null : brief(after), isGone: after === undefined };
  return { code: `${table}.folded`, refs: [`record:${at}`, row], data };
}

const INTERVENTIONS = {
  wipe(state, item) {
    const dropped = state.rows.live;
    return [{ code: "state.wiped", refs: [], data: { dropped, ...load(state, item) } }];
  },
  reread(state, item) {
    const from = state.next;
    state.next = restart(state.input, item, state.next);
    state.touched = -1;
    const data = { count: from - state.next, from: place(state.input, state.next).position, to: place(state.input, from).position };
    return [{ code: "records.repeated", refs: ["reader:fold"], data }];
  },
  "change-fold"(state, item) {
    const before = { fold: state.fold, field: state.field };
    state.fold = item.fold;
    state.field = item.field;
    return [{ code: "fold.changed", refs: [], data: { before, after: { fold: item.fold, field: item.field }, ...load(state, item) } }];
  },
  ask(state, item) {
    const next = restart(state.input, item, state.next);
    state.question = { rows: new Rows(), fold: item.fold, field: item.field, next, since: place(state.input, next).position };
    const data = { fold: item.fold, field: item.field, from: state.question.since, left: state.next - next, isLate: next > 0 };
    return [{ code: "question.asked", refs: ["table:question"], data }];
  },
};

/** Empties the state and starts again, from the latest snapshot or from the first record. */
function load(state, { keep: isKept }) {
  const to = state.next;
  const { saved } = state;
  const isRestored = isKept && saved !== null;
  state.rows = isRestored ? saved.rows.clone() : new Rows();
  state.next = isRestored ? readsBefore(state.input, saved.at) : 0;
  if (!isKept) state.saved = null;
  state.touched = -1;
  return { snapshotAt: isRestored ? offsetOf(state.input, saved.at) : null, left: to - state.next };
}

/** The result without the way to it, where no snapshot, question or single key asks for that. @returns {any} */
function settle(input) {
  const { log, first, last, params } = input;
  if (!isPlain(input)) return null;
  const { position, eventsRead, snapshotAt } = place(input, input.total);
  return { state: foldAtOnce(log, first, last, params.fold, params.field), position, eventsRead, snapshotAt };
}

function isPlain({ interventions, every, reads }) {
  return interventions.length === 0 && every === 0 && reads === null;
}

function result(state) {
  const { position, eventsRead, snapshotAt } = place(state.input, state.next);
  return { state: state.rows.toObject(), position, eventsRead, snapshotAt };
}

function checks(state) {
  const { log, params } = state.input;
  const { index, position } = place(state.input, state.next);
  const refolded = foldRecords(log, params.key, index, state.fold, state.field);
  const wrong = differing(state.rows, refolded);
  const found = [{ id: "refold-same", holds: wrong === 0, detail: `${wrong} of ${refolded.live} rows differ from a fold of every record before ${position}` }];
  if (state.saved !== null) {
    const expected = foldRecords(log, params.key, state.saved.at, state.fold, state.field);
    const stale = differing(state.saved.rows, expected);
    found.push({ id: "snapshot-fits", holds: stale === 0, detail: `${stale} of ${expected.live} rows of the snapshot at ${offsetOf(state.input, state.saved.at)} differ from what the present fold gives there` });
  }
  if (params.key !== null) {
    const foreign = state.rows.list.slice(0, state.rows.size).filter(({ key }) => key !== params.key).length;
    found.push({ id: "own-records-only", holds: foreign === 0, detail: `${foreign} rows of other keys` });
  }
  if (state.question !== null) {
    const { rows, fold: kind, field: name, next } = state.question;
    const expected = foldRecords(log, params.key, indexAt(state.input, next), kind, name);
    const missed = differing(rows, expected);
    found.push({ id: "question-answered", holds: missed === 0, detail: `${missed} of ${expected.live} answers differ from a fold of every record` });
  }
  return found;
}

/** How many keys have another value, or one in one table only. */
function differing(rows, expected) {
  let count = 0;
  for (const { key } of expected.list) if (!Object.is(expected.get(key), rows.get(key))) count++;
  for (const { key } of rows.list.slice(0, rows.size)) if (rows.get(key) !== undefined && !expected.byKey.has(key)) count++;
  return count;
}

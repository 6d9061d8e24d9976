/**
 * State in the memory of one process, folded from a log: reading a key is quick, and everything else has a price. It must be
 * read again at every start; a query scans; an index, a transaction and a backup have to be written by somebody. Beside it,
 * the same needs met by a database.
 *
 * Costs are counted in units of the model: records read at a start, rows looked at by a query, entries of an index and rows
 * of a backup that were written. There are no seconds.
 */
import { StateTable, builtOf, changed, entryAt, has, saveEvery, startOf, unusedOf, CHECKPOINT } from "../state_table.js";
import { scene } from "../state_store_scene.js";
import { Tape } from "../timeline.js";
import { interleave } from "../run.js";

const MOST_REREAD = 1_000_000;
/** @type {readonly any[]} */
const SILENCE = Object.freeze([]);
const PARTS = [
  { value: "index", label: { engineer: "an index", manager: "a register by another feature" } },
  { value: "transactions", label: { engineer: "transactions", manager: "changes that happen together or not at all" } },
  { value: "backup", label: { engineer: "backups", manager: "safety copies" } },
];
const field = { name: "field", type: "string", default: "type", label: { engineer: "field", manager: "feature" } };
const key = { type: "string", default: null, nullable: true };
const every = { type: "integer", min: 0, max: 1_000_000, unit: "records" };

/**
 * Parameters: `store` (`memory`, or `rdbms`: a database that brings all parts along), `index` (the field that is indexed),
 * `transactions`, `backupEvery` (a copy of all rows after so many records), `logKeeps` (the log keeps so many records; 0:
 * all). A database checkpoints as often as `backupEvery` says, every 10 records for 0, and needs the log from there on only.
 *
 * Interventions: `restart` the process; `ask` how many rows say something in a field; `pair` changes two rows that belong
 * together, with a crash in between; `build` has a part written and put into service.
 *
 * Result: `{ rows, startUps: [{after, recordsRead, rowsLoaded, lost}], asked: [{field, equals, count, scanned, byIndex}],
 * pairs: {whole, undone, half}, work: {recordsRead, rowsScanned, rowsWritten, indexEntries, rowsCopied}, built, unused }`.
 * `after` is the number of records in the log then, `lost` the rows that a start did not bring back as they were. `built`
 * are the parts of a database that somebody wrote: `recovery`, `query`, `index`, `transactions`, `backup`; `unused` those of
 * them that nothing has used.
 */
export const model = {
  id: "state_store",
  title: "State store",
  log: "required",
  params: [
    {
      name: "store", type: "choice", default: "memory",
      choices: [
        { value: "memory", label: { engineer: "in memory, rebuilt from the log", manager: "in the head, read up every morning" } },
        { value: "rdbms", label: { engineer: "in an RDBMS", manager: "in an ordinary database" } },
      ],
      label: { engineer: "state is kept", manager: "where the figures are kept" },
    },
    { name: "index", type: "string", default: null, nullable: true, label: { engineer: "indexed field (none: no index)", manager: "register by (none: no register)" } },
    { name: "transactions", type: "boolean", default: false, label: { engineer: "transactions", manager: "changes that belong together happen together" } },
    { ...every, name: "backupEvery", default: 0, label: { engineer: "a backup every so many records (0: none)", manager: "a safety copy every so many entries (0: none)" } },
    { ...every, name: "logKeeps", default: 0, label: { engineer: "records that the log keeps (0: all)", manager: "entries that the book keeps (0: all)" } },
  ],
  interventions: [
    { kind: "restart", label: { engineer: "Restart the process", manager: "Let a new day begin" }, params: [] },
    { kind: "ask", label: { engineer: "Ask how many rows say…", manager: "Ask how many there are of…" }, params: [field, { name: "equals", type: "string", default: "OrderShipped", label: { engineer: "equals", manager: "is" } }] },
    {
      kind: "pair", label: { engineer: "Change two rows, and crash in between", manager: "Change two things that belong together, and drop out" },
      params: [
        { ...key, name: "first", label: { engineer: "first key (none: the last one written)", manager: "the first (none: the last one changed)" } },
        { ...key, name: "second", label: { engineer: "second key (none: the one before)", manager: "the second (none: the one before)" } },
        { name: "crash", type: "boolean", default: true, label: { engineer: "crash in between", manager: "drop out in between" } },
      ],
    },
    {
      kind: "build", label: { engineer: "Write a part of a database", manager: "Have something more built" },
      params: [{ name: "part", type: "choice", default: "index", choices: PARTS, label: { engineer: "part", manager: "what" } }, { ...field, label: { engineer: "indexed field", manager: "register by" } }],
    },
  ],
  prepare, plan: interleave, start, step, copy, scene, result, checks,
};

/** Leaves out starts that would read again more than a run can afford: where a log is cut, each is worked out anew. */
function prepare(input) {
  const { interventions, params, problems } = input;
  const isCheap = params.store === "rdbms" || params.logKeeps === 0;
  let work = 0;
  const kept = interventions.filter(({ kind, at }) => {
    if (isCheap || (kind !== "restart" && kind !== "pair")) return true;
    work += at + 1;
    return work <= MOST_REREAD;
  });
  if (kept.length < interventions.length) problems.push({ path: "/interventions", message: `${interventions.length - kept.length} starts are left out: together they would read more than ${MOST_REREAD} records again` });
  return { ...input, interventions: kept };
}

function start(input) {
  const { params } = input;
  const table = new StateTable();
  if (params.index !== null) table.buildIndex(params.index);
  return {
    input,
    table,
    isBought: params.store === "rdbms",
    /** What stands in the log: a place in the input, or −1 − that of a record that a pair has made. */
    entries: new Tape(),
    made: new Tape(),
    /** Entries of transactions that were never finished. */
    voided: new Tape(),
    backupEvery: params.backupEvery,
    transactions: params.transactions,
    /** @type {{ at: number, table: StateTable } | null} */
    backup: null,
    startUps: new Tape(),
    asked: new Tape(),
    pairs: { whole: 0, undone: 0, half: 0 },
    work: { recordsRead: 0, rowsScanned: 0, rowsWritten: 0, indexEntries: 0, rowsCopied: 0 },
    used: { query: false, index: false, transactions: false, backup: false },
    recent: /** @type {string[]} */ ([]),
    touched: /** @type {string | null} */ (null),
  };
}

function copy(state) {
  return {
    ...state, table: state.table.copy(), entries: state.entries.copy(), made: state.made.copy(), voided: state.voided.copy(),
    startUps: state.startUps.copy(), asked: state.asked.copy(), pairs: { ...state.pairs }, work: { ...state.work },
    used: { ...state.used }, recent: [...state.recent],
  };
}

function step(state, { record, index, intervention }, quiet) {
  state.touched = null;
  if (intervention) return INTERVENTIONS[intervention.kind](state, intervention);
  state.entries.push(index);
  const indexed = write(state, record);
  const copied = saveIfDue(state);
  if (quiet) return SILENCE;
  const { offset, key: about, type } = record;
  if (about === null) return [{ code: "store.passed_over", refs: [`record:${offset}`], data: { offset, type: type || "the record" } }];
  const data = { offset, key: about, type: type || "the record", rows: state.table.live, indexed, isGone: record.value === null, isBought: state.isBought };
  /** @type {any[]} */
  const facts = [{ code: "store.written", refs: [`record:${offset}`, `row:${about}`], data }];
  if (copied !== null) facts.push({ code: "store.saved", refs: ["meter:start"], data: { rows: copied, after: state.entries.length, isBought: state.isBought } });
  return facts;
}

/** Takes the last entry of the log into the table. @returns {number} entries of the index that it cost */
function write(state, record) {
  const { key: about } = record;
  if (about === null) return 0;
  const indexed = state.table.set(about, changed(state.table.get(about), record, state.entries.length - 1));
  state.work.rowsWritten += 1;
  state.work.indexEntries += indexed;
  state.touched = about;
  state.recent = [about, ...state.recent.filter((other) => other !== about)].slice(0, 2);
  return indexed;
}

/** @returns {number | null} the rows that were copied, where a copy was due */
function saveIfDue(state) {
  const often = saveEvery(state);
  return often === 0 || state.entries.length - (state.backup?.at ?? 0) < often ? null : save(state);
}

function save(state) {
  state.backup = { at: state.entries.length, table: state.table.copy() };
  state.work.rowsCopied += state.table.live;
  return state.table.live;
}

/** Stops and starts the process. */
function restart(state) {
  const after = state.entries.length;
  const recordsRead = after - startOf(state);
  const rowsLoaded = state.backup?.table.live ?? 0;
  const { logKeeps } = state.input.params;
  const lost = logKeeps > 0 && !state.isBought ? refold(state) : 0;
  if (state.table.field !== null && !state.isBought) state.work.indexEntries += state.table.buildIndex(state.table.field);
  state.work.recordsRead += recordsRead;
  if (state.backup !== null) state.used.backup = true;
  const found = { after, recordsRead, rowsLoaded, lost };
  state.startUps.push(found);
  const data = { ...found, rows: state.table.live, isBought: state.isBought, hasBackup: state.backup !== null, field: state.isBought ? null : state.table.field, before: state.startUps.at(state.startUps.length - 2)?.recordsRead ?? null };
  return { code: "store.started", refs: ["meter:start"], data };
}

/** Makes the table again from the backup and from what the log still has. @returns {number} how many rows are not as they were */
function refold(state) {
  const rows = new Map();
  if (state.backup !== null) for (const about of state.backup.table.rows.keys.slice()) rows.set(about, state.backup.table.get(about));
  const voided = new Set(state.voided.slice());
  for (let place = startOf(state); place < state.entries.length; place++) {
    const record = entryAt(state, place);
    if (record.key !== null && !voided.has(place)) rows.set(record.key, changed(rows.get(record.key), record, place));
  }
  let lost = 0;
  for (const about of state.table.rows.keys.slice()) {
    const [before, now] = [state.table.get(about), rows.get(about) ?? null];
    if (isSame(before, now)) continue;
    state.table.set(about, now);
    lost++;
  }
  return lost;
}

/** Whether two rows say the same. */
function isSame(a, b) {
  if (a === null || b === null) return a === b;
  const names = Object.keys(a.fields);
  return a.at === b.at && names.length === Object.keys(b.fields).length && names.every((name) => Object.hasOwn(b.fields, name) && Object.is(a.fields[name], b.fields[name]));
}

const INTERVENTIONS = {
  restart: (state) => [restart(state)],
  ask(state, { field: name, equals }) {
    const found = { field: name, equals, ...state.table.count(name, equals) };
    state.work.rowsScanned += found.scanned;
    state.used.query = true;
    if (found.byIndex) state.used.index = true;
    state.asked.push(found);
    return [{ code: "store.asked", refs: ["table:asked"], data: { ...found, rows: state.table.live, isBought: state.isBought } }];
  },
  pair(state, { first, second, crash }) {
    const one = first ?? state.recent[0] ?? "a";
    const other = second ?? state.recent.find((about) => about !== one) ?? (one === "b" ? "a" : "b");
    const isSafe = state.transactions || state.isBought;
    state.used.transactions = true;
    const before = state.table.get(one);
    append(state, one, other);
    if (!crash) {
      append(state, other, one);
      state.pairs.whole += 1;
      return [{ code: "pair.changed", refs: [`row:${one}`, `row:${other}`], data: { one, other, isSafe } }];
    }
    if (isSafe) {
      state.voided.push(state.entries.length - 1);
      state.work.indexEntries += state.table.set(one, before);
      state.pairs.undone += 1;
    } else state.pairs.half += 1;
    return [{ code: isSafe ? "pair.undone" : "pair.half", refs: [`row:${one}`, `row:${other}`], data: { one, other, isBought: state.isBought } }, restart(state)];
  },
  build(state, { part, field: name }) {
    const isNew = !state.isBought && !has(state)[part];
    let cost = 0;
    if (isNew && part === "index") {
      cost = state.table.live;
      state.work.rowsScanned += cost;
      state.work.indexEntries += state.table.buildIndex(name);
    }
    if (isNew && part === "transactions") state.transactions = true;
    if (isNew && part === "backup") {
      state.backupEvery = CHECKPOINT;
      cost = save(state);
    }
    return [{ code: isNew ? "part.built" : "part.there", refs: [`part:${part}`], data: { part, field: name, cost, parts: builtOf(state).length, isBought: state.isBought } }];
  },
};

/** One more record, of a change that concerns two keys. */
function append(state, about, other) {
  const { length } = state.made;
  const last = state.entries.length === 0 ? null : entryAt(state, state.entries.length - 1);
  state.made.push({ offset: -1, time: last?.time ?? 0, key: about, type: "Moved", value: { with: other } });
  state.entries.push(-1 - length);
  write(state, state.made.at(length));
}

function result(state) {
  return {
    rows: state.table.live, startUps: state.startUps.slice(), asked: state.asked.slice(), pairs: { ...state.pairs },
    work: { ...state.work }, built: builtOf(state), unused: unusedOf(state),
  };
}

function checks(state) {
  const voided = new Set(state.voided.slice());
  const rows = new Map();
  for (let place = 0; place < state.entries.length; place++) {
    const record = entryAt(state, place);
    if (record.key !== null && !voided.has(place)) rows.set(record.key, changed(rows.get(record.key), record, place));
  }
  const wrong = [...rows].filter(([about, row]) => !isSame(state.table.get(about), row)).map(([about]) => about);
  const { half, whole, undone } = state.pairs;
  const built = builtOf(state);
  const found = [
    { id: "nothing-forgotten", holds: wrong.length === 0, detail: `rows that are not what the whole log makes of them: ${wrong.slice(0, 20).join(", ") || "none"}` },
    { id: "all-or-nothing", holds: half === 0, detail: `${half} of ${half + whole + undone} changes of two rows were left half done` },
    { id: "no-database-of-our-own", holds: built.length < 4, detail: `parts of a database that were written here: ${built.join(", ") || "none"}` },
  ];
  const { field: name } = state.table;
  if (name !== null) {
    const fresh = new StateTable(state.table.rows, state.table.live);
    fresh.buildIndex(name);
    const differing = state.table.counts.keys.slice().filter((said) => (fresh.counts.get(said) ?? 0) !== state.table.counts.get(said));
    found.push({ id: "index-agrees", holds: differing.length === 0, detail: `entries that disagree with the rows: ${differing.slice(0, 20).join(", ") || "none"}` });
  }
  return found;
}


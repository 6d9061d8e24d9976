/**
 * Dual write and transactional outbox: a service changes its database and tells others of it. In two writes, a crash between
 * them loses the message or leaves one that lies; with an outbox the message is stored in the same transaction as the change,
 * and a relay publishes it afterwards, at least once. Follows the pattern as Debezium and polling relays carry it out.
 */
import { scene } from "../outbox_scene.js";
import { rehearse } from "../run.js";
import { Tape } from "../timeline.js";

const ORDER = { "database-first": ["write", "publish"], "message-first": ["publish", "write"], outbox: ["prepare", "commit"] };
const POINTS = ["before", "between", "after"];
const point = (/** @type {[string, string][]} */ words) => ({
  name: "point", type: "choice", default: "between",
  choices: POINTS.map((value, i) => ({ value, label: { engineer: words[i][0], manager: words[i][1] } })),
  label: { engineer: "where", manager: "at which moment" },
});

/**
 * Each record is a change that the service is asked for, in two steps.
 *
 * Parameters: `method` (`database-first`: write, then publish; `message-first`: the other way round; `outbox`: change and message
 * in one transaction, then the commit), `relayEvery` (after how many changes the relay looks into the outbox), `batch` (the most
 * that it publishes then), `ignoreRepeats` (readers know a message by its id and ignore a second one).
 *
 * Interventions: `crash` the service at the change `at` (before the first of its two steps, between them, after both);
 * `crash_relay` (the next time that it publishes: before it, between publishing and marking, after both); `refuse` (the database
 * refuses the next change); `disconnect` and `reconnect` the broker.
 *
 * Result: `{ written: [offset…], published: [offset…], applied: [offset…], lost: [offset…], lied: [offset…], repeated: [offset…],
 * waiting: [offset…], failed: [offset…] }`. `written` are the changes in the database; `published` the messages, in order, with
 * repeats; `applied` what readers take from them; `lost` the changes of which nobody will ever be told; `lied` the messages
 * without a change; `repeated` those published more than once; `waiting` what is in the outbox; `failed` the changes that left
 * nothing anywhere, so that whoever asked may ask again. When the log ends, the relay goes on until the outbox is empty or the
 * broker is away.
 */
export const model = {
  id: "outbox",
  title: "Dual write and outbox",
  log: "required",
  params: [
    {
      name: "method", type: "choice", default: "database-first",
      choices: [
        { value: "database-first", label: { engineer: "two writes: database, then message", manager: "note it, then tell the others" } },
        { value: "message-first", label: { engineer: "two writes: message, then database", manager: "tell the others, then note it" } },
        { value: "outbox", label: { engineer: "transactional outbox and relay", manager: "note it with the letter to be posted" } },
      ],
      label: { engineer: "how change and message are written", manager: "how the others are told" },
    },
    { name: "relayEvery", type: "integer", default: 3, min: 1, max: 1000, step: 1, unit: "changes", label: { engineer: "the relay polls after", manager: "the tray is emptied after" } },
    { name: "batch", type: "integer", default: 10, min: 1, max: 1000, step: 1, unit: "messages", label: { engineer: "most messages per poll", manager: "most letters at a time" } },
    { name: "ignoreRepeats", type: "boolean", default: false, label: { engineer: "readers ignore a known id", manager: "readers recognise a second copy" } },
  ],
  interventions: [
    { kind: "crash", label: { engineer: "Crash the service", manager: "Let the clerk drop out" }, params: [point([["before the first step", "before anything is done"], ["between the two steps", "half-way through"], ["after both", "when all is done"]])] },
    { kind: "crash_relay", label: { engineer: "Crash the relay", manager: "Let the messenger drop out" }, params: [point([["before it publishes", "before the letter is posted"], ["before it marks as sent", "before it is ticked off"], ["after it has marked", "after it is ticked off"]])] },
    { kind: "refuse", label: { engineer: "Let the database refuse the next change", manager: "Let the next change be turned down" }, params: [] },
    { kind: "disconnect", label: { engineer: "Disconnect the broker", manager: "Let the post be closed" }, params: [] },
    { kind: "reconnect", label: { engineer: "Reconnect the broker", manager: "Let the post open again" }, params: [] },
  ],
  prepare,
  plan: (input) => rehearse(start(input), next, step, ({ position }) => input.log[Math.min(position, input.log.length - 1)]?.time ?? 0),
  start, step, copy, scene, result, checks,
};

/** Interventions by whom they meet; a service's crash at a half-step: twice the index, plus the steps of that change before it. */
function prepare(input) {
  const crashes = input.interventions.filter(({ kind }) => kind === "crash").map(({ at, point: where }) => ({ record: at, point: where, half: 2 * at + POINTS.indexOf(where) })).sort((a, b) => a.half - b.half);
  return {
    ...input, crashes,
    relayCrashes: input.interventions.filter(({ kind }) => kind === "crash_relay"),
    switches: input.interventions.filter(({ kind }) => kind !== "crash" && kind !== "crash_relay"),
  };
}

/** `fates` hold, by index, a record's place in a tape; one beyond the length of its tape is not yet true. */
function start(input) {
  const places = () => new Int32Array(input.log.length).fill(-1);
  return {
    input,
    fates: { lost: places(), lied: places() },
    position: 0,
    phase: 0,
    isDown: false,
    isRefusing: false,
    isOffline: false,
    crash: 0,
    switched: 0,
    relay: { crash: 0, isDown: false, phase: 0, hasMarked: false, sent: 0, until: 0 },
    written: /** @type {Tape<number>} */ (new Tape()),
    published: /** @type {Tape<number>} */ (new Tape()),
    lost: /** @type {Tape<number>} */ (new Tape()),
    lied: /** @type {Tape<number>} */ (new Tape()),
    repeated: /** @type {Tape<number>} */ (new Tape()),
    failed: /** @type {Tape<number>} */ (new Tape()),
    focus: { row: -1, message: -1 },
  };
}

function copy(state) {
  const { relay, focus, written, published, lost, lied, repeated, failed } = state;
  return {
    ...state, relay: { ...relay }, focus: { ...focus }, written: written.copy(), published: published.copy(), lost: lost.copy(), lied: lied.copy(),
    repeated: repeated.copy(), failed: failed.copy(),
  };
}

/** @returns {string | null} */
function next(state) {
  const { log, params, crashes, switches } = state.input;
  if (state.isDown) return "restart";
  if (state.relay.isDown) return "relay_restart";
  const isAtEnd = state.position === log.length;
  const crash = crashes[state.crash];
  if (crash && (isAtEnd || 2 * state.position + state.phase >= crash.half)) return "crash";
  if (state.phase === 1) return ORDER[params.method][1];
  const relaying = nextOfRelay(state);
  if (state.relay.phase === 1 || relaying === "relay_crash") return relaying;
  if (switches[state.switched]?.at <= state.position) return switches[state.switched].kind;
  if (relaying !== null) return relaying;
  if (!isAtEnd) return ORDER[params.method][0];
  return state.relay.crash < state.input.relayCrashes.length ? "relay_crash" : null;
}

/** What the relay does next, or null where it waits. */
function nextOfRelay(state) {
  const { relay, position, input } = state;
  const crash = input.relayCrashes[relay.crash];
  const isDue = (/** @type {string} */ where) => crash?.at <= position && crash.point === where;
  if (relay.phase === 1) return isDue("between") ? "relay_crash" : "mark";
  if (relay.hasMarked && isDue("after")) return "relay_crash";
  const isLast = position === input.log.length && !state.isOffline;
  if (relay.sent >= (isLast ? outboxLength(state) : relay.until)) return null;
  return isDue("before") ? "relay_crash" : "relay_publish";
}

/** Every change in the database has been in the outbox, in the same order. */
const outboxLength = (state) => (state.input.params.method === "outbox" ? state.written.length : 0);

function step(state, { act }, quiet) {
  /** @type {any[]} */
  const facts = [];
  state.focus = { row: -1, message: -1 };
  if (act !== "mark" && act !== "relay_crash") state.relay.hasMarked = false;
  if (quiet) {
    ACTS[act](state, unheard);
    return facts;
  }
  ACTS[act](state, (code, index, data = {}) => facts.push({ code, index, data }));
  return facts.map(({ code, index, data }) => ({ code, refs: refsOf(state, index), data: { ...said(state, index), ...data } }));
}

function unheard() {}

function refsOf({ input, focus }, index) {
  const record = input.log[index];
  const refs = record ? [`record:${record.offset}`] : [];
  if (focus.row >= 0) refs.push(`row:${focus.row}`);
  if (focus.message >= 0) refs.push(`message:${focus.message}`);
  return refs;
}

/** What sentences say of a record and of the outbox. */
function said(state, index) {
  const record = state.input.log[index];
  return { method: state.input.params.method, offset: record?.offset ?? null, key: record?.key ?? null, type: record?.type || "a change", waiting: outboxLength(state) - state.relay.sent };
}

const ACTS = {
  write(state, tell) {
    const index = state.position;
    const isSecond = state.phase === 1;
    if (state.isRefusing) return turnDown(state, tell);
    write(state, index);
    tell("change.written", index, { isSecond });
    finish(state, isSecond);
  },
  publish(state, tell) {
    const index = state.position;
    const isSecond = state.phase === 1;
    if (state.isOffline) {
      tell("message.unsent", index, { isSecond });
      if (isSecond) lose(state, index);
      else state.failed.push(index);
      return finish(state, true);
    }
    publish(state, index);
    tell("message.told", index, { isSecond });
    finish(state, isSecond);
  },
  prepare(state, tell) {
    if (state.isRefusing) return turnDown(state, tell);
    tell("change.prepared", state.position);
    finish(state, false);
  },
  commit(state, tell) {
    write(state, state.position);
    tell("change.committed", state.position);
    finish(state, true);
  },
  crash(state, tell) {
    const { point: where, record } = state.input.crashes[state.crash];
    const index = state.position;
    const isHalfWay = state.phase === 1;
    const isBegun = index < state.input.log.length && (isHalfWay || where !== "after" || index !== record + 1);
    state.crash += 1;
    state.isDown = true;
    const fate = !isBegun ? "idle" : !isHalfWay ? "before" : { "database-first": "lost", "message-first": "lied", outbox: "undone" }[state.input.params.method];
    if (fate === "lost") lose(state, index);
    else if (fate === "lied") lie(state, index);
    else if (fate !== "idle") state.failed.push(index);
    tell("service.died", isBegun ? index : -1, { fate });
    if (isBegun) finish(state, true);
  },
  restart(state, tell) {
    state.isDown = false;
    tell("service.revived", -1);
  },
  relay_publish(state, tell) {
    const { relay } = state;
    const index = state.written.at(relay.sent);
    if (state.isOffline) {
      relay.until = relay.sent;
      return tell("relay.waited", index);
    }
    const isRepeat = state.published.at(state.published.length - 1) === index;
    if (isRepeat && state.repeated.at(state.repeated.length - 1) !== index) state.repeated.push(index);
    publish(state, index);
    relay.phase = 1;
    tell(isRepeat ? "relay.repeated" : "relay.published", index, { isIgnored: state.input.params.ignoreRepeats });
  },
  mark(state, tell) {
    const { relay } = state;
    const index = state.written.at(relay.sent);
    relay.sent += 1;
    relay.phase = 0;
    relay.hasMarked = true;
    tell("relay.marked", index);
  },
  relay_crash(state, tell) {
    const { relay } = state;
    relay.crash += 1;
    relay.isDown = true;
    const isHalfWay = relay.phase === 1;
    relay.phase = 0;
    relay.hasMarked = false;
    tell("relay.died", isHalfWay ? state.written.at(relay.sent) : -1, { isHalfWay, isAbsent: state.input.params.method !== "outbox" });
  },
  relay_restart(state, tell) {
    state.relay.isDown = false;
    const left = outboxLength(state) - state.relay.sent;
    tell("relay.revived", left > 0 ? state.written.at(state.relay.sent) : -1, { isAbsent: state.input.params.method !== "outbox" });
  },
  refuse(state, tell) {
    state.switched += 1;
    state.isRefusing = true;
    tell("database.warned", -1);
  },
  disconnect(state, tell) {
    state.switched += 1;
    state.isOffline = true;
    tell("broker.left", -1);
  },
  reconnect(state, tell) {
    state.switched += 1;
    state.isOffline = false;
    state.relay.until = Math.max(state.relay.until, pollUntil(state));
    tell("broker.returned", -1);
  },
};

/** One of a change's two steps is done, or both. */
function finish(state, isDone) {
  state.phase = isDone ? 0 : 1;
  if (!isDone) return;
  state.position += 1;
  if (state.position % state.input.params.relayEvery === 0) state.relay.until = pollUntil(state);
}

const pollUntil = (state) => Math.min(outboxLength(state), state.relay.sent + state.input.params.batch);

/** The database refuses a change; what was told of it before is a lie. */
function turnDown(state, tell) {
  const index = state.position;
  const isTold = state.phase === 1;
  state.isRefusing = false;
  if (isTold) lie(state, index);
  else state.failed.push(index);
  tell("change.turned_down", index, { isTold });
  finish(state, true);
}

function write(state, index) {
  state.focus.row = state.input.log[index].offset;
  state.written.push(index);
}

function publish(state, index) {
  state.focus.message = state.published.push(index);
}

function lose(state, index) {
  state.fates.lost[index] = state.lost.push(index);
}

function lie(state, index) {
  state.fates.lied[index] = state.lied.push(index);
}

/** What readers take from the messages. A repeat follows its first at once, since nothing else publishes. */
function applied({ published, input }) {
  const all = published.slice();
  return input.params.ignoreRepeats ? all.filter((index, i) => i === 0 || all[i - 1] !== index) : all;
}

function result(state) {
  const offsets = (/** @type {number[]} */ indexes) => indexes.map((index) => state.input.log[index].offset);
  return {
    written: offsets(state.written.slice()),
    published: offsets(state.published.slice()),
    applied: offsets(applied(state)),
    lost: offsets(state.lost.slice()),
    lied: offsets(state.lied.slice()),
    repeated: offsets(state.repeated.slice()),
    waiting: offsets(state.written.slice(state.relay.sent, outboxLength(state))),
    failed: offsets(state.failed.slice()),
  };
}

function checks(state) {
  const { lost, lied, repeated, waiting, written } = result(state);
  const list = (/** @type {number[]} */ offsets) => offsets.slice(0, 20).join(", ") || "none";
  const twice = state.input.params.ignoreRepeats ? [] : repeated;
  return [
    { id: "every-change-told", holds: lost.length === 0, detail: `changes of which nobody is told: ${list(lost)}` },
    { id: "every-message-true", holds: lied.length === 0, detail: `messages without a change: ${list(lied)}` },
    { id: "outbox-empty", holds: waiting.length === 0, detail: `${waiting.length} of ${written.length} changes wait in the outbox` },
    { id: "told-once", holds: twice.length === 0, detail: `taken up more than once: ${list(twice)}` },
  ];
}

/**
 * Dead letters: a consumer meets a record that it cannot process, and waits, passes it over, or puts it aside so that the rest
 * may go on. The price of each is shown: a growing queue, a loss, or later records of the same key that take effect first.
 * Follows no single system: parking is what consumers, Kafka Connect's sinks (`errors.deadletterqueue.topic.name`) and queue
 * brokers do in their own ways.
 */
import { scene } from "../dead_letter_scene.js";
import { rehearse } from "../run.js";
import { Tape, VersionedMap } from "../timeline.js";

/**
 * Parameters: `poison` (indexes of the records that fail), `failures` (how often each of them fails before the fault passes;
 * none: until it is mended), `retries` (attempts after the first, before the consumer gives up), `onPoison` (`block`: it tries
 * again whenever a record arrives; `skip`: it passes the record over; `park`: it puts the record into the dead letter queue and
 * goes on), `keepOrderPerKey` (with `park`: later records of a key that has a parked one are parked behind it).
 *
 * Interventions: `spoil` (the next record is poison too), `mend` (the cause is repaired: what was poison so far can be
 * processed), `redrive` (the parked records are processed, in their order; one that fails is parked again), `skip` (somebody
 * passes over the record that blocks).
 *
 * Result: `{ applied: [offset…], parked: [offset…], skipped: [offset…], blocked, waiting, attempts, early: [offset…], late:
 * [offset…], overwritten: [key…] }`. `applied` is in the order of the effects; `blocked` the offset at which the consumer stands,
 * or null; `waiting` counts the records that arrived and were not taken up; `attempts` those that failed; `early` took effect
 * while an earlier record of their key was parked, `late` after a later one of their key; `overwritten` are the keys whose state
 * is therefore that of an old record.
 */
export const model = {
  id: "dead_letter",
  title: "Dead letters",
  log: "required",
  params: [
    {
      name: "onPoison", type: "choice", default: "park",
      choices: [
        { value: "block", label: { engineer: "block: stop until it succeeds", manager: "stop everything until it works" } },
        { value: "skip", label: { engineer: "skip: commit past it", manager: "leave it out" } },
        { value: "park", label: { engineer: "park: dead letter queue", manager: "put it into the tray" } },
      ],
      label: { engineer: "after the last attempt", manager: "what to do with a case that fails" },
    },
    { name: "poison", type: "numbers", default: [5], min: 0, max: 2_000_000, label: { engineer: "records that fail", manager: "entries that cannot be handled" } },
    { name: "retries", type: "integer", default: 2, min: 0, max: 20, step: 1, label: { engineer: "retries after the first attempt", manager: "how often to try again" } },
    { name: "failures", type: "integer", default: null, nullable: true, min: 1, max: 100, step: 1, label: { engineer: "failures until the fault passes", manager: "how often it fails before it works" } },
    { name: "keepOrderPerKey", type: "boolean", default: false, label: { engineer: "park later records of the key too", manager: "put later cases of the same customer aside too" } },
  ],
  interventions: [
    { kind: "spoil", label: { engineer: "Make the next record poison", manager: "Let the next entry be unreadable" }, params: [] },
    { kind: "mend", label: { engineer: "Repair the cause", manager: "Put right what was wrong" }, params: [] },
    { kind: "redrive", label: { engineer: "Re-drive the dead letters", manager: "Take up the cases in the tray" }, params: [] },
    { kind: "skip", label: { engineer: "Pass over the record that blocks", manager: "Leave out the case that blocks" }, params: [] },
  ],
  plan: (input) => rehearse(start(input), next, step, ({ arrived }) => input.log[Math.min(arrived, input.log.length - 1)]?.time ?? 0),
  start, step, copy, scene, result, checks,
};

/**
 * `fates` hold, by index, a record's place in each tape. Places depend on what happened before only, so all copies share them;
 * one beyond the length of its tape is not yet true.
 */
function start(input) {
  const places = () => new Int32Array(input.log.length).fill(-1);
  return {
    input,
    listed: new Set(input.params.poison),
    fates: { applied: places(), parked: places(), skipped: places(), late: places() },
    arrived: 0,
    position: 0,
    tries: 0,
    isStuck: false,
    event: 0,
    isMended: false,
    spoiled: /** @type {Tape<number>} */ (new Tape()),
    /** How many of the spoiled records were mended. */
    healed: 0,
    /** From here on the parked records are still parked. */
    head: 0,
    /** Up to here they are being re-driven. */
    redriven: 0,
    /** @type {readonly string[]} keys with a record that failed again in this re-drive */
    stuckKeys: [],
    parked: /** @type {Tape<number>} */ (new Tape()),
    skipped: /** @type {Tape<number>} */ (new Tape()),
    applied: /** @type {Tape<number>} */ (new Tape()),
    early: /** @type {Tape<number>} */ (new Tape()),
    late: /** @type {Tape<number>} */ (new Tape()),
    attempts: 0,
    /** How many keys stand at an old record. */
    stale: 0,
    rows: /** @type {VersionedMap<{ now: number, newest: number }>} */ (new VersionedMap()),
    held: /** @type {VersionedMap<number>} how many of a key are parked */ (new VersionedMap()),
    focus: -1,
  };
}

function copy(state) {
  const { spoiled, parked, skipped, applied, early, late, rows, held } = state;
  return {
    ...state, spoiled: spoiled.copy(), parked: parked.copy(), skipped: skipped.copy(), applied: applied.copy(), early: early.copy(), late: late.copy(),
    rows: rows.copy(), held: held.copy(),
  };
}

/** @returns {string | null} */
function next(state) {
  const { log, interventions, params } = state.input;
  if (state.head < state.redriven) return "deliver";
  if (state.position < state.arrived && !state.isStuck) return "attempt";
  if (interventions[state.event]?.at <= state.arrived) return interventions[state.event].kind;
  if (state.arrived < log.length) return "arrive";
  return state.isStuck && params.failures !== null ? "attempt" : null;
}

function step(state, { act }, quiet) {
  /** @type {any[]} */
  const facts = [];
  ACTS[act](state, facts);
  if (quiet) return [];
  return facts.map(({ code, index, data }) => ({ code, refs: refsOf(state, index), data: { ...said(state, index), ...data } }));
}

function refsOf({ input }, index) {
  const record = input.log[index];
  if (!record) return [];
  return [`record:${record.offset}`, ...(record.key === null ? [] : [`key:${record.key}`])];
}

/** What sentences say of a record and of the queue behind it. */
function said(state, index) {
  const record = state.input.log[index];
  const waiting = state.arrived - state.position - (state.isStuck ? 1 : 0);
  return { offset: record?.offset ?? null, key: record?.key ?? null, type: record?.type || "a record", waiting, parked: state.parked.length - state.head };
}

const note = (facts, code, index, data = {}) => facts.push({ code, index, data });

const ACTS = {
  arrive(state, facts) {
    state.arrived += 1;
    if (state.isStuck) note(facts, "work.queued", state.arrived - 1);
    attempt(state, facts);
  },
  attempt,
  deliver(state, facts) {
    const index = state.parked.at(state.head);
    const { key } = state.input.log[index];
    state.head += 1;
    release(state, key);
    const isBehind = state.input.params.keepOrderPerKey && key !== null && state.stuckKeys.includes(key);
    if (!isBehind && (state.input.params.failures !== null || !isPoison(state, index))) return apply(state, index, { isEarly: key !== null && state.stuckKeys.includes(key), isRedriven: true, tries: 0 }, facts);
    if (!isBehind) state.attempts += 1;
    if (key !== null && !state.stuckKeys.includes(key)) state.stuckKeys = [...state.stuckKeys, key];
    park(state, index);
    note(facts, "letter.returned", index, { isBehind });
  },
  spoil(state, facts) {
    state.event += 1;
    state.focus = -1;
    state.spoiled.push(state.arrived);
    note(facts, "record.spoiled", state.arrived, { isLast: state.arrived >= state.input.log.length });
  },
  mend(state, facts) {
    state.event += 1;
    state.focus = -1;
    state.isMended = true;
    state.healed = state.spoiled.length;
    note(facts, "cause.mended", state.isStuck ? state.position : -1, { wasStuck: state.isStuck });
    state.isStuck = false;
    state.tries = 0;
  },
  redrive(state, facts) {
    state.event += 1;
    state.focus = -1;
    state.redriven = state.parked.length;
    state.stuckKeys = [];
    note(facts, "letters.redriven", -1, { count: state.redriven - state.head });
  },
  skip(state, facts) {
    state.event += 1;
    state.focus = -1;
    if (state.isStuck) passOver(state, facts, true);
    else note(facts, "skip.refused", -1);
  },
};

/** The consumer takes up the record at its position, or tries it again. */
function attempt(state, facts) {
  const { log, params } = state.input;
  const index = state.position;
  const { key } = log[index];
  state.focus = index;
  if (params.onPoison === "park" && params.keepOrderPerKey && heldOf(state, key) > 0) {
    park(state, index);
    advance(state);
    return note(facts, "work.followed", index);
  }
  if (!isPoison(state, index) || (params.failures !== null && state.tries >= params.failures)) {
    const { tries } = state;
    advance(state);
    return apply(state, index, { isEarly: heldOf(state, key) > 0, isRedriven: false, tries }, facts);
  }
  state.attempts += 1;
  state.tries += 1;
  if (state.tries <= params.retries) return note(facts, "work.failed", index, { tries: state.tries, left: params.retries + 1 - state.tries });
  if (params.onPoison === "skip") return passOver(state, facts, false);
  if (params.onPoison === "park") {
    note(facts, "work.parked", index, { tries: state.tries });
    park(state, index);
    return advance(state);
  }
  note(facts, state.isStuck ? "work.failed" : "work.blocked", index, { tries: state.tries, left: 0 });
  state.isStuck = true;
}

function advance(state) {
  state.position += 1;
  state.tries = 0;
  state.isStuck = false;
}

function passOver(state, facts, byHand) {
  const index = state.position;
  note(facts, "work.skipped", index, { tries: state.tries, byHand });
  state.fates.skipped[index] = state.skipped.push(index);
  advance(state);
}

function park(state, index) {
  const { key } = state.input.log[index];
  const place = state.parked.push(index);
  if (state.fates.parked[index] < 0) state.fates.parked[index] = place;
  if (key !== null) state.held.set(key, heldOf(state, key) + 1);
}

function release(state, key) {
  if (key !== null) state.held.set(key, heldOf(state, key) - 1);
}

function apply(state, index, { isEarly, ...data }, facts) {
  const { key } = state.input.log[index];
  const row = key === null ? undefined : state.rows.get(key);
  const isLate = row !== undefined && index < row.newest;
  state.focus = index;
  state.fates.applied[index] = state.applied.push(index);
  if (isEarly) state.early.push(index);
  if (isLate) state.fates.late[index] = state.late.push(index);
  if (isLate !== (row !== undefined && row.now < row.newest)) state.stale += isLate ? 1 : -1;
  if (key !== null) state.rows.set(key, { now: index, newest: Math.max(index, row?.newest ?? -1) });
  if (isLate) note(facts, "work.late", index, { ...data, after: state.input.log[row.newest].offset });
  else note(facts, isEarly ? "work.early" : "work.applied", index, data);
}

const heldOf = (state, key) => (key === null ? 0 : state.held.get(key) ?? 0);

function isPoison(state, index) {
  if (state.listed.has(index) && !state.isMended) return true;
  for (let i = state.spoiled.length - 1; i >= state.healed; i--) {
    const spoiled = state.spoiled.at(i);
    if (spoiled === index) return true;
    if (spoiled < index) return false;
  }
  return false;
}

function offsetsOf(state, indexes) {
  return indexes.map((index) => state.input.log[index].offset);
}

function result(state) {
  const { log } = state.input;
  return {
    applied: offsetsOf(state, state.applied.slice()),
    parked: offsetsOf(state, state.parked.slice(state.head)),
    skipped: offsetsOf(state, state.skipped.slice()),
    blocked: state.isStuck ? log[state.position].offset : null,
    waiting: state.arrived - state.position,
    attempts: state.attempts,
    early: offsetsOf(state, state.early.slice()),
    late: offsetsOf(state, state.late.slice()),
    overwritten: overwritten(state),
  };
}

function overwritten({ rows }) {
  return rows.keys.slice().filter((key) => {
    const { now, newest } = rows.get(key);
    return now < newest;
  });
}

function checks(state) {
  const { blocked, waiting, parked, skipped, early, late, overwritten: stale } = result(state);
  return [
    { id: "nothing-waits", holds: waiting === 0, detail: `${waiting} records wait${blocked === null ? "" : `, from offset ${blocked} on`}` },
    { id: "nothing-parked", holds: parked.length === 0, detail: `${parked.length} records are in the dead letter queue` },
    { id: "nothing-skipped", holds: skipped.length === 0, detail: `passed over: ${skipped.slice(0, 20).join(", ") || "none"}` },
    { id: "order-per-key", holds: early.length + late.length === 0, detail: `${early.length} records took effect before an earlier one of their key, ${late.length} after a later one` },
    { id: "newest-wins", holds: stale.length === 0, detail: `keys that stand at an old record: ${stale.slice(0, 20).join(", ") || "none"}` },
  ];
}

/**
 * Delivery: how often a record takes effect where its consumer crashes. Processing a record and committing its offset are two
 * steps; their order decides whether a crash between them loses the effect or repeats it. Follows the delivery semantics of
 * Apache Kafka's consumers (KafkaConsumer#commitSync) and of read, process and write in one transaction
 * (KafkaProducer#sendOffsetsToTransaction).
 */
import { note, scene } from "../delivery_scene.js";
import { amountOf, countLost, expectedTotal, identify, inHand, isHandled, takeEffect } from "../effects.js";
import { rehearse } from "../run.js";
import { Tape } from "../timeline.js";

const POINTS = ["before-process", "between", "after"];
const point = {
  name: "point", type: "choice", default: "between",
  choices: [
    { value: "before-process", label: { engineer: "before the first step", manager: "before anything is done" } },
    { value: "between", label: { engineer: "between the two steps", manager: "half-way through" } },
    { value: "after", label: { engineer: "after both", manager: "when all is done" } },
  ],
  label: { engineer: "where", manager: "at which moment" },
};

/** The steps of a record, in order. In a transaction the second commits the output and the offset together. */
const ORDER = { "at-most-once": ["commit", "process"], "at-least-once": ["process", "commit"], "exactly-once": ["process", "commit"] };

/**
 * Parameters: `semantics` (the order of the two steps, or one transaction), `sink` (`additive`: every application counts;
 * `idempotent`: it ignores what it has applied already; `external`: an effect outside, such as an e-mail, that no transaction
 * includes), `crashAt` (`record`: an index in the log; `point`: before the first of its two steps, between them, or after
 * both), `identity` (a field of the value by which records are told apart; none: their offset), `remember` (how many applied
 * identities an idempotent sink knows; none: all), `field` (what the sink adds up, for the picture and a check).
 *
 * Interventions: `crash` at the record `at`, as `crashAt`; `rewind` (somebody sets the group back by so many records before the
 * record `at` is read).
 *
 * Result: `{ applied: [offset…], lost: [offset…], repeated: [offset…], committed }`. `applied` are the effects that took hold, in
 * order; `lost` the records that were passed over and never took effect; `repeated` those that took effect although their
 * identity had done so before; `committed` is the offset to read next, 0 at first. An output that waits in an open transaction
 * has not taken hold.
 */
export const model = {
  id: "delivery",
  title: "Delivery",
  log: "required",
  params: [
    {
      name: "semantics", type: "choice", default: "at-least-once",
      choices: [
        { value: "at-most-once", label: { engineer: "at most once: commit, then process", manager: "tick off, then do" } },
        { value: "at-least-once", label: { engineer: "at least once: process, then commit", manager: "do, then tick off" } },
        { value: "exactly-once", label: { engineer: "exactly once: both in one transaction", manager: "both in one stroke" } },
      ],
      label: { engineer: "delivery semantics", manager: "in which order" },
    },
    {
      name: "sink", type: "choice", default: "additive",
      choices: [
        { value: "additive", label: { engineer: "additive: a repeat counts again", manager: "a sum: every entry counts" } },
        { value: "idempotent", label: { engineer: "idempotent: a repeat is ignored", manager: "a receiver that recognises repeats" } },
        { value: "external", label: { engineer: "external: an e-mail, outside any transaction", manager: "a letter to somebody outside" } },
      ],
      label: { engineer: "effect", manager: "what is done with an entry" },
    },
    {
      name: "crashAt", type: "row", default: null, nullable: true,
      columns: [{ name: "record", type: "integer", default: 0, min: 0, max: 2_000_000, step: 1, label: { engineer: "at record", manager: "at entry" } }, point],
      label: { engineer: "the consumer crashes", manager: "the clerk drops out" },
    },
    { name: "identity", type: "string", default: null, nullable: true, label: { engineer: "field that identifies a record", manager: "number by which a repeat is recognised" } },
    { name: "remember", type: "integer", default: null, nullable: true, min: 1, max: 2_000_000, unit: "records", label: { engineer: "identities that the sink remembers", manager: "how many numbers it remembers" } },
    { name: "field", type: "string", default: "amount", nullable: true, label: { engineer: "field that is added up", manager: "what is added up" } },
  ],
  interventions: [
    { kind: "crash", label: { engineer: "Crash the consumer", manager: "Let the clerk drop out" }, params: [point] },
    { kind: "rewind", label: { engineer: "Set the group back", manager: "Go through the last entries again" }, params: [{ name: "records", type: "integer", default: 5, min: 1, max: 100, unit: "records", label: { engineer: "by", manager: "how many" } }] },
  ],
  prepare,
  plan: (input) => rehearse(start(input), next, step, ({ position }) => input.log[Math.min(position, input.log.length - 1)]?.time ?? 0),
  start, step, copy, scene, result, checks,
};

/**
 * What all states of a run share: `identities` (by index, the first index of the same identity), `expected` (what the first n
 * records add up to, each identity once), `events` (crashes and rewinds, each at its half-step: twice the index, plus the steps
 * of that record that come before it).
 */
function prepare(input) {
  const { log, params, interventions } = input;
  const { crashAt, identity, field } = params;
  const events = interventions.map(({ kind, at, point, records }) => ({ kind, record: at, point, records, half: 2 * at + Math.max(0, POINTS.indexOf(point)) }));
  if (crashAt !== null && crashAt.record >= log.length) {
    input.problems.push({ path: "/params/crashAt/record", message: `record was ${crashAt.record}: the log has ${log.length} records, so nothing crashes` });
  } else if (crashAt !== null) events.push({ kind: "crash", ...crashAt, half: 2 * crashAt.record + POINTS.indexOf(crashAt.point) });
  events.sort((a, b) => a.half - b.half);
  const identities = identify(log, identity);
  const expected = new Float64Array(log.length + 1);
  for (let i = 0; i < log.length; i++) expected[i + 1] = expected[i] + (identities[i] === i ? amountOf(log[i], field) : 0);
  return { ...input, events, identities, expected };
}

function start(input) {
  const count = input.log.length;
  return {
    input,
    firsts: new Int32Array(count).fill(-1),
    /** @type {Map<number, number[]>} */
    repeats: new Map(),
    handledAt: new Int32Array(count).fill(-1),
    position: 0,
    phase: 0,
    committed: 0,
    top: 0,
    pending: -1,
    isDown: false,
    event: 0,
    applied: /** @type {Tape<number>} indexes */ (new Tape()),
    handled: /** @type {Tape<number>} indexes that took effect or were recognised, each once */ (new Tape()),
    repeated: 0,
    total: 0,
    history: /** @type {Tape<number>} each step as a number; see {@link note} */ (new Tape()),
  };
}

function copy(state) {
  return { ...state, applied: state.applied.copy(), handled: state.handled.copy(), history: state.history.copy() };
}

/** @returns {string | null} */
function next(state) {
  const { log, events, params } = state.input;
  if (state.isDown) return "resume";
  const event = events[state.event];
  const isAtEnd = state.position === log.length;
  if (event && (isAtEnd || 2 * state.position + state.phase >= event.half)) return event.kind;
  return isAtEnd ? null : ORDER[params.semantics][state.phase];
}

function step(state, { act }, quiet) {
  const facts = ACTS[act](state);
  state.history.push(note(act, facts[0].index, facts[0].outcome));
  if (quiet) return [];
  return facts.map(({ code, index, data }) => ({ code, refs: refsOf(state, index), data: { ...said(state, index), ...data } }));
}

function refsOf(state, index) {
  const record = state.input.log[index];
  return [`step:${state.history.length}`, ...(record ? [`record:${record.offset}`] : [])];
}

/** What sentences say of a record. */
function said({ input }, index) {
  const { semantics, sink } = input.params;
  const record = input.log[index];
  return { semantics, sink, offset: record?.offset ?? null, key: record?.key ?? null, type: record?.type || "a record" };
}

const fact = (code, index, outcome, data = {}) => ({ code, index, outcome, data });

function effect(state, index) {
  const { code, outcome, data } = takeEffect(state, index);
  return fact(code, index, outcome, data);
}

const ACTS = {
  process(state) {
    const { semantics, sink } = state.input.params;
    const index = state.position;
    if (semantics === "exactly-once" && sink !== "external") {
      state.pending = index;
      pass(state);
      return [fact("sink.prepared", index, "pending")];
    }
    const facts = [effect(state, index)];
    pass(state);
    return facts;
  },
  commit(state) {
    const { log } = state.input;
    const index = state.position;
    const isAhead = state.phase === 0;
    const facts = state.pending < 0 ? [] : [effect(state, state.pending)];
    state.pending = -1;
    state.committed = index + 1;
    state.top = Math.max(state.top, state.committed);
    pass(state);
    return [fact("position.committed", index, "committed", { next: log[index].offset + 1, isAhead }), ...facts];
  },
  crash(state) {
    const { record, point } = state.input.events[state.event];
    const isHalfWay = state.phase === 1;
    const isPast = !isHalfWay && point === "after" && state.position === record + 1;
    const index = isPast ? record : state.position;
    state.event += 1;
    state.isDown = true;
    return [fact("delivery.interrupted", index, "down", { at: isHalfWay ? "between" : isPast ? "after" : "before-process", isPending: state.pending >= 0, isHandled: isHandled(state, index) })];
  },
  resume(state) {
    const was = state.position;
    const isHalfWay = state.phase === 1;
    const isPending = state.pending >= 0;
    state.isDown = false;
    state.position = state.committed;
    state.phase = 0;
    state.pending = -1;
    const fate = !isHalfWay ? "nothing" : state.committed > was ? (isHandled(state, was) ? "nothing" : "lost") : isPending ? "aborted" : "again";
    return [fact("delivery.resumed", was, fate === "nothing" ? "resumed" : fate, { fate, next: nextOffset(state) })];
  },
  rewind(state) {
    const { records } = state.input.events[state.event];
    const to = Math.max(0, state.position - records);
    const back = state.position - to;
    state.event += 1;
    state.position = state.committed = to;
    return [fact("position.rewound", to, "set back", { records: back, next: nextOffset(state) })];
  },
};

/** One of a record's two steps is done. */
function pass(state) {
  state.phase += 1;
  if (state.phase < 2) return;
  state.phase = 0;
  state.position += 1;
}

function nextOffset(state) {
  const { log } = state.input;
  return state.committed === 0 ? 0 : log[state.committed - 1].offset + 1;
}

/** The indexes that were passed over without any effect. */
function lost(state) {
  const skip = inHand(state);
  const found = [];
  if (countLost(state) > 0) for (let i = 0; i < state.top; i++) if (i !== skip && !isHandled(state, i)) found.push(i);
  return found;
}

function repeated(state) {
  const { identities } = state.input;
  const seen = new Set();
  const again = new Set();
  for (const index of state.applied.slice()) {
    if (seen.has(identities[index])) again.add(index);
    seen.add(identities[index]);
  }
  return [...again].sort((a, b) => a - b);
}

function result(state) {
  const offsets = (indexes) => indexes.map((index) => state.input.log[index].offset);
  return { applied: offsets(state.applied.slice()), lost: offsets(lost(state)), repeated: offsets(repeated(state)), committed: nextOffset(state) };
}

function checks(state) {
  const { log, params } = state.input;
  const gone = countLost(state);
  const found = [
    { id: "nothing-lost", holds: gone === 0, detail: `${gone} of ${state.top} records never took effect` },
    { id: "nothing-repeated", holds: state.repeated === 0, detail: `${state.repeated} of ${state.applied.length} effects were repeats` },
    { id: "all-read", holds: state.committed === log.length, detail: `committed ${nextOffset(state)}, ${log.length - state.committed} records are left` },
  ];
  if (params.field !== null) {
    const should = expectedTotal(state);
    found.push({ id: "total-right", holds: Math.abs(state.total - should) <= 1e-9 * Math.max(1, Math.abs(should)), detail: `the sink's sum of ${params.field} is ${state.total}, each record once is ${should}` });
  }
  return found;
}

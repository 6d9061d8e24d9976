/**
 * Messages and where they are sent: the same payload as event, command or query, over a log, a queue, a queue per
 * subscriber or a direct call. Who receives it, who may refuse it, and what a latecomer gets.
 */
import { scene } from "../addressing_scene.js";
import { interleave } from "../run.js";
import { Tape, VersionedMap } from "../timeline.js";

/**
 * @typedef {object} Receiver
 * @property {string} id
 * @property {number} joinedAfter how many messages were sent before it joined
 * @property {number} position the first message that it has yet to get from a log or from its own queue
 * @property {boolean} stopped
 * @property {number} changes how often a message changed its state
 * @property {Tape<number>} received messages by index
 * @property {Tape<number>} refused
 */

const SOURCE = "source";
const MOST_RECEIVERS = 12;
const MOST_ARROWS = 40;
const receiver = { name: "receiver", type: "string", default: "shipping", label: { engineer: "receiver, or “source”", manager: "receiver, or “source”" } };

/**
 * Parameters: `kind` (`event`, `command`, `query`), `channel` (`log`, `queue`, `fanout`: a queue per subscriber, `direct`),
 * `receivers` (ids), `lateStart` (where a latecomer to a log begins), `payload` (`full`, or `thin`: an event carries its key
 * only and each receiver calls back for the rest), `refuse` (message types that receivers do not want).
 *
 * Interventions: `join`, `stop`, `start` a receiver; stopping `source` stops what answers the calls back.
 *
 * Result: `{ sent, deliveries, waiting, answers, lost: [offset…], repeated: [offset…], callbacks: {made, failed, overtaken},
 * receivers: [{id, joinedAfter, received: [offset…], refused: [offset…], waiting, stopped}] }`. `lost`: nobody got it and
 * nothing keeps it for anyone. `repeated`: a command carried out, or a query answered, by more than one. A call back is
 * `overtaken` when the answer tells of a later change than the event did.
 */
export const model = {
  id: "addressing",
  title: "Messages and addresses",
  log: "required",
  params: [
    {
      name: "kind", type: "choice", default: "event",
      choices: [
        { value: "event", label: { engineer: "event", manager: "something that has happened" } },
        { value: "command", label: { engineer: "command", manager: "an instruction" } },
        { value: "query", label: { engineer: "query", manager: "a question" } },
      ],
      label: { engineer: "kind of message", manager: "what is sent" },
    },
    {
      name: "channel", type: "choice", default: "log",
      choices: [
        { value: "log", label: { engineer: "log (a Kafka topic)", manager: "a book that everyone reads" } },
        { value: "queue", label: { engineer: "queue, competing consumers", manager: "one tray, several clerks" } },
        { value: "fanout", label: { engineer: "queue per subscriber (fan-out)", manager: "a tray for each subscriber" } },
        { value: "direct", label: { engineer: "direct call", manager: "a telephone call" } },
      ],
      label: { engineer: "channel", manager: "how it is sent" },
    },
    { name: "receivers", type: "list", default: ["billing", "shipping"], maxItems: MOST_RECEIVERS, label: { engineer: "receivers", manager: "who is to receive it" } },
    {
      name: "lateStart", type: "choice", default: "earliest", kafka: "auto.offset.reset",
      choices: [
        { value: "earliest", label: { engineer: "earliest", manager: "from the first page" } },
        { value: "latest", label: { engineer: "latest", manager: "from today's page" } },
      ],
      label: { engineer: "a new subscriber of a log starts at", manager: "a newcomer reads the book" },
    },
    {
      name: "payload", type: "choice", default: "full",
      choices: [
        { value: "full", label: { engineer: "full: carries the state", manager: "the whole story" } },
        { value: "thin", label: { engineer: "thin: carries the key only", manager: "only what it is about" } },
      ],
      label: { engineer: "what an event carries", manager: "what the message says" },
    },
    { name: "refuse", type: "list", default: [], label: { engineer: "message types that receivers reject", manager: "what the receivers do not accept" } },
  ],
  interventions: [
    { kind: "join", label: { engineer: "Add a receiver", manager: "A newcomer joins" }, params: [{ ...receiver, default: "analytics" }] },
    { kind: "stop", label: { engineer: "Stop a receiver", manager: "A receiver is out of service" }, params: [receiver] },
    { kind: "start", label: { engineer: "Start it again", manager: "It is back in service" }, params: [receiver] },
  ],
  prepare, plan: interleave, start, step, copy, scene, result, checks,
};

/** Keeps the name of the source for the source, and leaves out what is asked of receivers that do not exist. */
function prepare(input) {
  const receivers = input.params.receivers.filter((id) => id !== SOURCE);
  if (receivers.length < input.params.receivers.length) {
    input.problems.push({ path: "/params/receivers", message: `receivers had "${SOURCE}": that is the sender's name, so it is left out` });
  }
  const known = new Set(receivers);
  const interventions = input.interventions.filter(({ kind, receiver: id, index }) => {
    const joins = kind === "join" && id !== SOURCE && known.size < MOST_RECEIVERS && !known.has(id);
    if (joins) known.add(id);
    if (joins || (kind !== "join" && (known.has(id) || id === SOURCE))) return true;
    const rule = kind === "join" ? `a newcomer needs a free name, and ${MOST_RECEIVERS} receivers are the most` : `the receivers are then ${[...known].join(", ") || "none"}`;
    input.problems.push({ path: `/interventions/${index}/receiver`, message: `receiver was "${id}": ${rule}, so the intervention is left out` });
    return false;
  });
  return { ...input, params: Object.freeze({ ...input.params, receivers: Object.freeze(receivers) }), interventions };
}

/** @returns {Receiver} */
function newReceiver(id, joinedAfter, position) {
  return { id, joinedAfter, position, stopped: false, changes: 0, received: new Tape(), refused: new Tape() };
}

function start(input) {
  return {
    input,
    sent: 0,
    receivers: new Map(input.params.receivers.map((id) => [id, newReceiver(id, 0, 0)])),
    sourceStopped: false,
    /** The queue holds the messages from here on; those before were taken. */
    taken: 0,
    turn: 0,
    answers: 0,
    lost: new Tape(),
    callbacks: { made: 0, failed: 0, overtaken: 0 },
    /** The latest message about each key, which is what the source knows. */
    latest: /** @type {VersionedMap<number>} */ (new VersionedMap()),
    arrows: [],
  };
}

function copy(state) {
  const receivers = new Map();
  for (const [id, one] of state.receivers) receivers.set(id, { ...one, received: one.received.copy(), refused: one.refused.copy() });
  return { ...state, receivers, lost: state.lost.copy(), callbacks: { ...state.callbacks }, latest: state.latest.copy(), arrows: [] };
}

function step(state, { record, intervention, index }, quiet) {
  state.arrows = [];
  if (intervention) return INTERVENTIONS[intervention.kind](state, intervention.receiver);
  const { kind, channel } = state.input.params;
  state.sent = index + 1;
  if (record.key !== null) state.latest.set(record.key, index);
  if (channel !== "direct") arrow(state, SOURCE, channel, index, index, "delivered");
  const outcomes = [];
  const to = CHANNELS[channel](state, index, outcomes);
  const { offset, type, key } = record;
  const waiting = waitingFor(state, index, to);
  if (to.length === 0 && waiting === "nothing") state.lost.push(index);
  if (quiet) return [];
  const data = { offset, type: type || kind, key, channel, to, waiting, receivers: state.receivers.size };
  return summarise(state, outcomes, { code: SENT[kind], refs: [`record:${offset}`, ...to.map((id) => `service:${id}`)], data });
}

const SENT = { event: "event.published", command: "command.sent", query: "query.asked" };

/** Each hands a message on and returns the ids that got it. */
const CHANNELS = {
  log: (state, index, outcomes) => deliverBehind(state, running(state), outcomes),
  fanout: (state, index, outcomes) => deliverBehind(state, running(state), outcomes),
  queue: (state, index, outcomes) => drainQueue(state, outcomes),
  direct(state, index, outcomes) {
    const called = state.input.params.kind === "event" ? [...state.receivers.values()] : [...state.receivers.values()].slice(0, 1);
    for (const one of called.filter(({ stopped }) => stopped)) arrow(state, SOURCE, one.id, index, index, "lost");
    const reached = called.filter(({ stopped }) => !stopped);
    for (const one of reached) deliver(state, one, index, index + 1, outcomes);
    return reached.map(({ id }) => id);
  },
};

const running = (state) => [...state.receivers.values()].filter(({ stopped }) => !stopped);

/** Gives each of these receivers what it has yet to read. */
function deliverBehind(state, receivers, outcomes) {
  for (const one of receivers) {
    deliver(state, one, one.position, state.sent, outcomes);
    one.position = state.sent;
  }
  return receivers.map(({ id }) => id);
}

/** Hands what waits in the queue to the running consumers in turn: each message to one of them, and then it is gone. */
function drainQueue(state, outcomes) {
  const consumers = running(state);
  const took = new Set();
  while (consumers.length > 0 && state.taken < state.sent) {
    const one = consumers[state.turn++ % consumers.length];
    deliver(state, one, state.taken, state.taken + 1, outcomes);
    state.taken += 1;
    took.add(one.id);
  }
  return [...took];
}

/** Gives a receiver the messages from one index up to another, and adds what came of it to the outcomes. */
function deliver(state, one, from, to, outcomes) {
  if (from >= to) return;
  const { kind, channel, payload, refuse } = state.input.params;
  const asks = kind === "event" && payload === "thin";
  const outcome = { receiver: one.id, last: to - 1, received: 0, refused: 0, objected: 0, failed: 0, overtaken: 0 };
  for (let index = from; index < to; index++) {
    const { key, type } = state.input.log[index];
    const unwanted = refuse.length > 0 && kind !== "query" && refuse.includes(type);
    if (unwanted && kind === "command") {
      one.refused.push(index);
      outcome.refused += 1;
      continue;
    }
    one.received.push(index);
    outcome.received += 1;
    if (unwanted) outcome.objected += 1;
    if (kind === "query") state.answers += 1;
    else one.changes += 1;
    if (asks) callBack(state, key, index, outcome);
  }
  outcomes.push(outcome);
  arrow(state, channel === "direct" ? SOURCE : channel, one.id, from, to - 1, "delivered");
  if (asks) arrow(state, one.id, SOURCE, from, to - 1, outcome.failed > 0 ? "lost" : "answered", "?");
  else if (kind !== "event") arrow(state, one.id, SOURCE, from, to - 1, outcome.refused > 0 ? "refused" : "answered");
}

/** A receiver asks the source what an event was about. */
function callBack(state, key, index, outcome) {
  state.callbacks.made += 1;
  if (state.sourceStopped) {
    state.callbacks.failed += 1;
    outcome.failed += 1;
  } else if (key !== null && state.latest.get(key) > index) {
    state.callbacks.overtaken += 1;
    outcome.overtaken += 1;
  }
}

/** A step's facts: what happened, with at most one of each sort about its deliveries. Calls back stand first. */
function summarise(state, outcomes, happened) {
  const { kind, payload } = state.input.params;
  const facts = [happened];
  const tell = (code, concerned, figures) => {
    if (concerned.length === 0) return;
    const { offset, type, key } = state.input.log[concerned.at(-1).last];
    const receivers = [...new Set(concerned.map((one) => one.receiver))];
    facts.push({ code, refs: [`record:${offset}`, ...receivers.map((id) => `service:${id}`)], data: { receivers, offset, type: type || kind, key, ...figures } });
  };
  const total = (name) => outcomes.reduce((sum, one) => sum + one[name], 0);
  tell("message.refused", outcomes.filter(({ refused }) => refused > 0), { count: total("refused") });
  tell("event.objected", outcomes.filter(({ objected }) => objected > 0), { count: total("objected") });
  if (kind === "event" && payload === "thin") {
    const figures = { count: total("received"), failed: total("failed"), overtaken: total("overtaken") };
    tell(figures.failed > 0 ? "details.missing" : figures.overtaken > 0 ? "details.outdated" : "details.requested", outcomes, figures);
    if (outcomes.length > 0) facts.unshift(...facts.splice(-1));
  }
  return facts;
}

/** Where a message that reached nobody is: in the channel, or nowhere. */
function waitingFor(state, index, to) {
  const { channel } = state.input.params;
  if (channel === "log") return "log";
  if (channel === "queue") return state.taken > index ? "nothing" : "queue";
  return channel === "fanout" && state.receivers.size > to.length ? "queue" : "nothing";
}

const INTERVENTIONS = {
  join(state, id) {
    const { channel, lateStart } = state.input.params;
    const one = newReceiver(id, state.sent, channel === "log" && lateStart === "earliest" ? 0 : state.sent);
    state.receivers.set(id, one);
    return caughtUp(state, one, { code: "receiver.joined", data: { before: state.sent, lateStart } });
  },
  stop(state, id) {
    if (id === SOURCE) state.sourceStopped = true;
    else state.receivers.get(id).stopped = true;
    return [{ code: "receiver.stopped", refs: [`service:${id}`], data: { receiver: id, channel: state.input.params.channel } }];
  },
  start(state, id) {
    const one = id === SOURCE ? null : state.receivers.get(id);
    if (one === null) state.sourceStopped = false;
    else one.stopped = false;
    return caughtUp(state, one ?? { id, received: [], refused: [] }, { code: "receiver.started", data: {} });
  },
};

/** A receiver that has just begun to run gets what waits for it, which the fact about it then tells. */
function caughtUp(state, one, { code, data }) {
  const { channel } = state.input.params;
  const outcomes = [];
  const before = one.received.length + one.refused.length;
  if (channel === "queue") drainQueue(state, outcomes);
  else if (channel !== "direct" && one.id !== SOURCE) deliverBehind(state, [one], outcomes);
  const got = one.received.length + one.refused.length - before;
  return summarise(state, outcomes, { code, refs: [`service:${one.id}`], data: { receiver: one.id, channel, got, ...data } });
}

function arrow(state, from, to, first, last, outcome, mark = "") {
  if (state.arrows.length < MOST_ARROWS) state.arrows.push({ from, to, first, last, outcome, mark });
}

function waiting(state, one) {
  const { channel } = state.input.params;
  return channel === "log" || channel === "fanout" ? state.sent - one.position : 0;
}

/** How many receivers carried out, or answered, each message. */
function handlings(state) {
  const counts = new Uint8Array(state.sent);
  for (const one of state.receivers.values()) for (const index of one.received.slice()) counts[index] += 1;
  return counts;
}

function repeated(state) {
  if (state.input.params.kind === "event") return [];
  return [...handlings(state).entries()].filter(([, count]) => count > 1).map(([index]) => index);
}

function result(state) {
  const offsets = (indexes) => indexes.map((index) => state.input.log[index].offset);
  const receivers = [...state.receivers.values()];
  return {
    sent: state.sent,
    deliveries: receivers.reduce((sum, one) => sum + one.received.length + one.refused.length, 0),
    waiting: state.input.params.channel === "queue" ? state.sent - state.taken : receivers.reduce((sum, one) => sum + waiting(state, one), 0),
    answers: state.answers,
    lost: offsets(state.lost.slice()),
    repeated: offsets(repeated(state)),
    callbacks: { ...state.callbacks },
    receivers: receivers.map((one) => ({
      id: one.id,
      joinedAfter: one.joinedAfter,
      received: offsets(one.received.slice()),
      refused: offsets(one.refused.slice()),
      waiting: waiting(state, one),
      stopped: one.stopped,
    })),
  };
}

function checks(state) {
  const { kind } = state.input.params;
  const receivers = [...state.receivers.values()];
  const found = [{ id: "nothing-lost", holds: state.lost.length === 0, detail: `${state.lost.length} of ${state.sent} messages reached nobody and are kept nowhere` }];
  if (kind === "event") {
    const uninformed = receivers.filter((one) => !one.stopped && count(one.received, one.joinedAfter, state.sent) < state.sent - one.joinedAfter);
    const late = receivers.filter((one) => one.joinedAfter > 0 && count(one.received, 0, one.joinedAfter) < one.joinedAfter);
    found.push({ id: "everyone-told", holds: uninformed.length === 0, detail: `missed some since they joined: ${names(uninformed)}` });
    found.push({ id: "history-for-latecomers", holds: late.length === 0, detail: `joined late and lack what came before: ${names(late)}` });
    const refused = receivers.reduce((sum, one) => sum + one.refused.length, 0);
    found.push({ id: "no-event-refused", holds: refused === 0, detail: `${refused} events were refused` });
    found.push({ id: "details-match", holds: state.callbacks.failed + state.callbacks.overtaken === 0, detail: `of ${state.callbacks.made} calls back, ${state.callbacks.failed} failed and ${state.callbacks.overtaken} told of a later change` });
    return found;
  }
  const twice = repeated(state).length;
  if (kind === "command") return [...found, { id: "one-handler", holds: twice === 0, detail: `${twice} commands were carried out more than once` }];
  const unanswered = [...handlings(state)].filter((n) => n === 0).length;
  const changes = receivers.reduce((sum, one) => sum + one.changes, 0);
  return [
    ...found,
    { id: "one-answer", holds: twice + unanswered === 0, detail: `${twice} queries had several answers, ${unanswered} had none` },
    { id: "asking-changes-nothing", holds: changes === 0, detail: `queries changed a receiver's state ${changes} times` },
  ];
}

const names = (receivers) => receivers.map(({ id }) => id).join(", ") || "nobody";

/** How many of the messages from one index up to another are among these. */
function count(indexes, from, to) {
  return indexes.slice().filter((index) => index >= from && index < to).length;
}

/**
 * The messages of a saga, handled one at a time. A coordinator commands and hears replies, or services react to events;
 * either way a step that fails sends the case back over the steps that were done, in reverse.
 *
 * Components are numbers: {@link COORDINATOR}, the services by their step, then the listeners. A case is changed only by a
 * state that owns it; {@link copyMachine} lets two states share their cases until one of them changes one.
 */
import { Tape } from "./timeline.js";

/** @typedef {"request" | "do" | "done" | "failed" | "undo" | "undo-failed" | "undone" | "left" | "tell"} Kind */
/** @typedef {{ from: number, to: number, kind: Kind, step: number, event: string, attempt: number }} Message */
/** @typedef {readonly [Message]} Letter a queue of one message, made once for all cases where it can be */
/** @typedef {{ to: number, kind: Kind, step: number, letter: Letter }} Rule */
/** @typedef {{ owner: object, index: number, steps: number, queue: readonly Message[], sent: number, isCut: boolean, life: number }} Case */
/** @typedef {Map<number, Map<string | null, number>>} Armed */
/**
 * @typedef {{ index: number, message: Message, code: string, isCut: boolean, isLast: boolean }} Handled a message about the
 *   case of a record, and what came of it; `isCut`: it made one message too many
 */
/** @typedef {{ id: string, on: string, publishes: string | null, reactions: number }} Listener */

export const CLIENT = -2;
export const COORDINATOR = -1;
/** What a step of a case has come to; three bits each in `Case#steps`. */
export const NONE = 0;
export const DONE = 1;
export const REFUSED = 2;
export const UNDONE = 3;
export const LEFT = 4;

const BITS = 3;
const MASK = 7;
const KEPT = 32;
const OUTCOMES = ["done", "failed", "undone", "left"];
/** @type {readonly Message[]} */
const EMPTY = Object.freeze([]);
/** @type {Letter} */
const REQUEST = Object.freeze([{ from: CLIENT, to: COORDINATOR, kind: "request", step: -1, event: "requested", attempt: 1 }]);

/** @param {string} step @param {string} outcome @returns {string} the event that says so */
export const eventOf = (step, outcome) => `${step}-${outcome}`;
/** @param {Case} one @param {number} step @returns {number} */
export const stepOf = (one, step) => (one.steps >> (step * BITS)) & MASK;

/** @param {any} input of the model `saga` */
export function newMachine(input) {
  const { steps, style, pivot } = input.params;
  return {
    input,
    owner: {},
    /** How many records have been read. */
    read: 0,
    cases: /** @type {Case[]} */ ([]),
    rules: style === "choreography" ? choreography(steps) : /** @type {Map<string, Rule[]>} */ (new Map()),
    letters: lettersOf(steps),
    pivot: pivot === null ? steps.length : steps.indexOf(pivot),
    /** Each step's events by what it came to. */
    events: steps.map((name) => Object.fromEntries(OUTCOMES.map((outcome) => [outcome, eventOf(name, outcome)]))),
    listeners: /** @type {Listener[]} */ ([]),
    stopped: new Set(),
    /** How often the coordinator has lost its memory; it knows the cases that it took up since. */
    lives: 0,
    /** How many failures are to come, by what fails, at which step and for whom. */
    armed: /** @type {{ refuse: Armed, jam: Armed }} */ ({ refuse: new Map(), jam: new Map() }),
    recent: /** @type {Handled[]} */ ([]),
    messages: 0,
    retries: 0,
    disorder: 0,
    counts: { begun: 0, completed: 0, compensated: 0, stuck: 0 },
    money: { booked: 0, refunded: 0, fees: 0 },
    cut: new Tape(),
    looks: new Tape(),
    edited: /** @type {string[]} */ ([]),
    focus: -1,
    looked: false,
  };
}

/** @param {any} state */
export function copyMachine(state) {
  state.owner = {};
  return {
    ...state,
    owner: {},
    cases: state.cases.slice(),
    listeners: state.listeners.map((listener) => ({ ...listener })),
    stopped: new Set(state.stopped),
    armed: { refuse: copyArmed(state.armed.refuse), jam: copyArmed(state.armed.jam) },
    recent: state.recent.slice(),
    counts: { ...state.counts },
    money: { ...state.money },
    cut: state.cut.copy(),
    looks: state.looks.copy(),
    edited: state.edited.slice(),
  };
}

/** @param {Armed} armed @returns {Armed} */
const copyArmed = (armed) => new Map(Array.from(armed, ([step, counts]) => [step, new Map(counts)]));

/** @param {Message} message @returns {Letter} */
const letterOf = (message) => Object.freeze([message]);

/** What a coordinator and the services say to each other at a first attempt, by kind and step. */
function lettersOf(steps) {
  const from = (step, kind) => letterOf({ from: step, to: COORDINATOR, kind, step, event: kind, attempt: 1 });
  const to = (step, kind) => letterOf({ from: COORDINATOR, to: step, kind, step, event: kind, attempt: 1 });
  const each = (make, kinds) => kinds.map((kind) => [kind, steps.map((_, step) => make(step, kind))]);
  return Object.fromEntries([...each(to, ["do", "undo"]), ...each(from, [...OUTCOMES, "undo-failed"])]);
}

/**
 * Who reacts to which event: each service to the one before it, and to what undoes the one after it.
 * @param {readonly string[]} steps
 * @returns {Map<string, Rule[]>}
 */
function choreography(steps) {
  const rules = new Map();
  const add = (event, from, kind, step) => rules.set(event, [...(rules.get(event) ?? []), ruleOf(event, from, { to: step, kind, step })]);
  for (const [step, name] of steps.entries()) {
    add(step === 0 ? "requested" : eventOf(steps[step - 1], "done"), step === 0 ? CLIENT : step - 1, "do", step);
    if (step > 0) for (const outcome of ["failed", "undone", "left"]) add(eventOf(name, outcome), step, "undo", step - 1);
  }
  return rules;
}

/** @returns {Rule} with the letter that it gets from whoever usually publishes the event */
const ruleOf = (event, from, { to, kind, step }) => ({ to, kind, step, letter: letterOf({ from, to, kind, step, event, attempt: 1 }) });

/** Adds a listener: to the events themselves, or to what the coordinator was written to tell. @param {any} state */
export function listen(state, { listener: id, on, publishes }) {
  const { steps, style } = state.input.params;
  const to = steps.length + state.listeners.length;
  state.listeners.push({ id, on, publishes, reactions: 0 });
  const known = state.rules.get(on) ?? [];
  const from = known[0]?.letter[0].from ?? COORDINATOR;
  state.rules = new Map(state.rules).set(on, [...known, ruleOf(on, from, { to, kind: "tell", step: -1 })]);
  if (style === "orchestration" && !state.edited.includes("coordinator")) state.edited.push("coordinator");
}

/** A case that a state owns; made in one place, so that all of them have one shape. @returns {Case} */
const caseOf = ({ owner }, { index, steps, queue, sent, isCut, life }) => ({ owner, index, steps, queue, sent, isCut, life });

/** @param {any} state @param {number} index of the record that asks for a case */
export function begin(state, index) {
  const one = (state.cases[index] = caseOf(state, { index, steps: 0, queue: EMPTY, sent: 0, isCut: false, life: 0 }));
  state.counts.begun += 1;
  state.focus = index;
  if (state.input.params.style === "orchestration") send(state, one, REQUEST);
  else announce(state, one, CLIENT, "requested");
  if (one.queue.length === 0) end(state, one);
}

/** @param {any} state @param {Case} one @param {Letter} letter */
function send(state, one, letter) {
  if (one.sent >= state.input.params.limit) {
    if (!one.isCut) state.cut.push(one.index);
    one.isCut = true;
    return;
  }
  one.sent += 1;
  one.queue = one.queue.length === 0 ? letter : [...one.queue, ...letter];
}

/** Hands an event to everyone whose rule names it. */
function announce(state, one, from, event) {
  const rules = state.rules.get(event);
  if (rules === undefined) return;
  for (const { letter } of rules) send(state, one, letter[0].from === from ? letter : letterOf({ ...letter[0], from }));
}

/** @param {any} state @param {number} index @returns {boolean} whether a message about this case can be handled */
export function canMove(state, index) {
  const { queue } = state.cases[index];
  return state.stopped.size === 0 ? queue.length > 0 : queue.some(({ to }) => !state.stopped.has(to));
}
/** @param {any} state @param {number} index */
export const isOver = (state, index) => state.cases[index].queue.length === 0;

/**
 * Handles the next message about a case that has one which can be handled.
 * @param {any} state
 * @param {number} index
 * @returns {Handled}
 */
export function deliver(state, index) {
  let one = state.cases[index];
  if (one.owner !== state.owner) state.cases[index] = one = caseOf(state, one);
  const place = state.stopped.size === 0 ? 0 : one.queue.findIndex(({ to }) => !state.stopped.has(to));
  const message = one.queue[place];
  one.queue = one.queue.length === 1 ? EMPTY : one.queue.filter((_, i) => i !== place);
  state.messages += 1;
  state.focus = index;
  const wasCut = one.isCut;
  const code = HANDLERS[message.kind](state, one, message);
  const isLast = one.queue.length === 0;
  if (isLast) end(state, one);
  const handled = { index, message, code, isCut: one.isCut && !wasCut, isLast };
  state.recent.push(handled);
  if (state.recent.length > KEPT) state.recent.splice(0, KEPT / 2);
  return handled;
}

/** Each handles a message of its kind. @type {Record<Kind, (state: any, one: Case, message: Message) => string>} returns what came of it, as a code */
const HANDLERS = {
  request(state, one) {
    one.life = state.lives;
    const isGoing = command(state, one, "do", 0);
    announce(state, one, COORDINATOR, "requested");
    return isGoing ? "saga.next_commanded" : "saga.reply_noted";
  },
  do(state, one, message) {
    const { step, attempt } = message;
    if (stepOf(one, step) !== NONE) return "saga.message_ignored";
    if (!fails(state, "refuse", one, step)) {
      set(one, step, DONE);
      state.money.booked += amount(state, one, step);
      report(state, one, step, "done");
      return "saga.step_done";
    }
    const isBack = step <= state.pivot;
    const isLast = isBack || attempt >= state.input.params.attempts;
    if (isLast) set(one, step, REFUSED);
    if (state.input.params.style === "orchestration") reply(state, one, "failed", step, attempt);
    else if (!isLast) tryAgain(state, one, message);
    else if (isBack) report(state, one, step, "failed");
    return "saga.step_failed";
  },
  undo(state, one, message) {
    const { step, attempt } = message;
    const { steps, irreversible, attempts, style } = state.input.params;
    if (stepOf(one, step) !== DONE) return "saga.message_ignored";
    if (irreversible.includes(steps[step])) {
      set(one, step, LEFT);
      report(state, one, step, "left");
      return "saga.no_way_back";
    }
    if (fails(state, "jam", one, step)) {
      const isLast = attempt >= attempts;
      if (isLast) set(one, step, LEFT);
      if (isLast) report(state, one, step, "left");
      else if (style === "orchestration") reply(state, one, "undo-failed", step, attempt);
      else tryAgain(state, one, message);
      return "saga.undo_failed";
    }
    if (steps.some((_, later) => later > step && stepOf(one, later) === DONE)) state.disorder += 1;
    set(one, step, UNDONE);
    const kept = feeOf(state, one, step);
    state.money.refunded += amount(state, one, step) - kept;
    state.money.fees += kept;
    report(state, one, step, "undone");
    return "saga.step_undone";
  },
  done(state, one, message) {
    if (!knows(state, one)) return "saga.reply_unknown";
    const isGoing = command(state, one, "do", message.step + 1);
    pass(state, one, message);
    return isGoing ? "saga.next_commanded" : "saga.reply_noted";
  },
  failed(state, one, message) {
    const { step, attempt } = message;
    if (!knows(state, one)) return "saga.reply_unknown";
    if (step <= state.pivot) {
      command(state, one, "undo", step - 1);
      pass(state, one, message);
      return "saga.turned_back";
    }
    if (attempt >= state.input.params.attempts) return "saga.gave_up";
    again(state, one, "do", step, attempt + 1);
    return "saga.step_retried";
  },
  undone: goOnBack,
  left: goOnBack,
  "undo-failed"(state, one, { step, attempt }) {
    if (!knows(state, one)) return "saga.reply_unknown";
    again(state, one, "undo", step, attempt + 1);
    return "saga.undo_retried";
  },
  tell(state, one, { to }) {
    const listener = state.listeners[to - state.input.params.steps.length];
    listener.reactions += 1;
    if (listener.publishes !== null && state.input.params.style === "choreography") announce(state, one, to, listener.publishes);
    return "saga.listener_reacted";
  },
};

function goOnBack(state, one, message) {
  if (!knows(state, one)) return "saga.reply_unknown";
  const isGoing = command(state, one, "undo", message.step - 1);
  pass(state, one, message);
  return isGoing ? "saga.undo_commanded" : "saga.reply_noted";
}

/** @returns {boolean} whether the coordinator still remembers the case that a reply is about */
const knows = (state, one) => one.life === state.lives;

/** The coordinator tells those whom it is to tell what a step has come to. */
function pass(state, one, { step, kind }) {
  if (state.rules.size > 0) announce(state, one, COORDINATOR, state.events[step][kind]);
}

function again(state, one, kind, step, attempt) {
  state.retries += 1;
  command(state, one, kind, step, attempt);
}

/** @returns {boolean} whether there is such a step to command */
function command(state, one, kind, step, attempt = 1) {
  if (step < 0 || step >= state.input.params.steps.length) return false;
  send(state, one, letter(state, kind, step, attempt));
  return true;
}

function reply(state, one, kind, step, attempt) {
  send(state, one, letter(state, kind, step, attempt));
}

function letter(state, kind, step, attempt) {
  const first = state.letters[kind][step];
  return attempt === 1 ? first : letterOf({ ...first[0], attempt });
}

/** A service says what it did: to the coordinator, or to whoever listens. */
function report(state, one, step, outcome) {
  if (state.input.params.style === "orchestration") reply(state, one, outcome, step, 1);
  else announce(state, one, step, state.events[step][outcome]);
}

function tryAgain(state, one, message) {
  state.retries += 1;
  send(state, one, letterOf({ ...message, from: message.to, attempt: message.attempt + 1 }));
}

function set(one, step, value) {
  one.steps = (one.steps & ~(MASK << (step * BITS))) | (value << (step * BITS));
}

/** Whether this attempt was made to fail, for this case or for whichever comes first. */
function fails(state, what, one, step) {
  const counts = state.armed[what].get(step);
  if (counts === undefined) return false;
  const name = state.input.names[one.index];
  const whose = counts.has(name) ? name : null;
  const left = counts.get(whose) ?? 0;
  if (left > 1) counts.set(whose, left - 1);
  else counts.delete(whose);
  return left > 0;
}

/** @param {any} state @param {"refuse" | "jam"} what @param {number} step @param {string | null} whose @param {number} times */
export function arm(state, what, step, whose, times) {
  const counts = state.armed[what].get(step) ?? new Map();
  state.armed[what].set(step, counts.set(whose, (counts.get(whose) ?? 0) + times));
}

/** What a record says that a step costs, in whole units. */
export function amount(state, one, step) {
  const { value } = state.input.log[one.index];
  const name = state.input.params.steps[step];
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return 0;
  return Number.isSafeInteger(value[name]) && value[name] > 0 ? value[name] : 0;
}

/** What a compensation of this step does not bring back. @param {any} state @param {Case} one @param {number} step */
export const feeOf = (state, one, step) => Math.round((amount(state, one, step) * state.input.params.fee) / 100);

function end(state, one) {
  state.counts[status(state, one)] += 1;
}

/** @param {any} state @param {Case} one @returns {"open" | "completed" | "compensated" | "stuck"} */
export function status(state, one) {
  if (one.queue.length > 0) return "open";
  const { length } = state.input.params.steps;
  let standing = 0;
  for (let step = 0; step < length; step++) if (stands(one, step)) standing += 1;
  if (standing === length) return "completed";
  return standing === 0 ? "compensated" : "stuck";
}

/** @param {Case} one @param {number} step @returns {boolean} whether it was done and not undone */
export function stands(one, step) {
  const at = stepOf(one, step);
  return at === DONE || at === LEFT;
}

/** @param {any} state @param {Case} one @returns {string[]} the steps that were done and not undone */
export const standingSteps = (state, one) => state.input.params.steps.filter((_, step) => stands(one, step));

/**
 * The circles in which a listener's announcement leads back to what it listens to, each as the events in turn.
 * @param {any} state
 * @returns {string[][]}
 */
export function circles(state) {
  const { steps, style } = state.input.params;
  if (style === "orchestration") return [];
  const caused = (rule) => {
    if (rule.kind === "tell") return [state.listeners[rule.to - steps.length].publishes].filter((event) => event !== null);
    return OUTCOMES.filter((outcome) => (rule.kind === "do") === (outcome === "done" || outcome === "failed")).map((outcome) => eventOf(steps[rule.step], outcome));
  };
  const found = new Map();
  for (const { on, publishes } of state.listeners) {
    const path = publishes === null ? null : pathTo(state.rules, caused, publishes, on);
    if (path !== null) found.set(JSON.stringify([...path].sort()), path);
  }
  return [...found.values()];
}

/** The shortest way from one event to another over what each event causes, or null. */
function pathTo(rules, caused, from, to) {
  const paths = [[from]];
  const seen = new Set([from]);
  for (const path of paths) {
    const event = path[path.length - 1];
    if (event === to) return path;
    for (const next of (rules.get(event) ?? []).flatMap(caused)) {
      if (!seen.has(next)) paths.push([...path, next]);
      seen.add(next);
    }
  }
  return null;
}

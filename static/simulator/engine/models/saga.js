/**
 * A piece of business in several final steps, each in a service of its own, which completes or is amended: run by a
 * coordinator that commands each step, or by services that react to each other's events.
 *
 * A record asks for a case, named by its key. Each case has its messages handled in the order in which they were sent; the
 * cases take turns.
 */
import { amount, arm, begin, canMove, circles, copyMachine, deliver, DONE, feeOf, isOver, LEFT, listen, newMachine, standingSteps, stands, status, stepOf, UNDONE } from "../saga_machine.js";
import { scene } from "../saga_scene.js";
import { MAX_STEPS } from "../run.js";

const COORDINATOR_NAME = "coordinator";
const PIVOT = "payment";
const MOST_LISTENERS = 6;
const who = { name: "case", type: "string", default: null, nullable: true, label: { engineer: "case (none: the next one)", manager: "for whom (none: the next)" } };
const step_ = { name: "step", type: "string", default: "car", label: { engineer: "step", manager: "step" } };
const times = { name: "times", type: "integer", default: 1, min: 1, max: 100, label: { engineer: "attempts that fail", manager: "how many times" } };
const component = { name: "component", type: "string", default: COORDINATOR_NAME, label: { engineer: "service, or “coordinator”", manager: "who: a step, or “coordinator”" } };

/**
 * Parameters: `style` (`orchestration` or `choreography`), `steps` (in order, each a service), `pivot` (the step after which
 * a case only goes forward: later steps are tried again instead of undone), `irreversible` (steps that nothing undoes),
 * `attempts` (of a compensation, or of a step after the pivot, before it is left to a person), `fee` (per cent of a step's
 * amount that a compensation does not bring back; amounts stand in the record's value under the step's name), `pace` (how
 * many messages of each open case are handled before the next record; 0: all of them), `lock` (whether open cases are
 * marked as such for those who look), `memory` (whether a coordinator that stops still knows its cases afterwards), `limit`
 * (the most messages about one case; what goes beyond is cut off), `begins` (record types that ask for a case; none: all).
 *
 * Interventions: `refuse` (a step fails), `jam` (its compensation fails), `look` (somebody reads a case), `listen` (a
 * listener is added: it reacts to an event such as `requested`, `car-done`, `car-failed`, `car-undone` or `car-left`, and
 * may publish one), `stop` and `start` a component; messages to it wait.
 *
 * Result: `{ completed, compensated, stuck, open, outcomes: {case: {status, done: [step…], undone: [step…], left: [step…]}},
 * messages, retries, looks: [{case, after, saw: [step…], half, warned, undone: [step…]}], listeners: [{id, on, publishes,
 * reactions}], edited: [component…], circles: [[event…]], cut: [case…], money: {booked, refunded, fees, held} }`. A case is
 * `stuck` when nothing is on its way and only some of its steps stand; `left` are those that could not be undone. A look
 * is `half` when it saw some steps standing but not all, `undone` what was undone after it. `edited` are the components,
 * besides the newcomer, that had to be changed for a listener.
 */
export const model = {
  id: "saga",
  title: "Saga",
  log: "required",
  params: [
    {
      name: "style", type: "choice", default: "orchestration",
      choices: [
        { value: "orchestration", label: { engineer: "orchestration: a coordinator commands", manager: "one conductor with a checklist" } },
        { value: "choreography", label: { engineer: "choreography: services react to events", manager: "each reacts to what others announce" } },
      ],
      label: { engineer: "coordination", manager: "how it is run" },
    },
    { name: "steps", type: "list", default: ["flight", "hotel", "car", "payment", "tickets"], maxItems: 8, label: { engineer: "steps, each in a service of its own", manager: "the steps, in order" } },
    { name: "pivot", type: "string", default: PIVOT, nullable: true, label: { engineer: "pivot (none: every step may turn back)", manager: "point of no return (none: there is none)" } },
    { name: "irreversible", type: "list", default: [], maxItems: 8, label: { engineer: "steps without a compensation", manager: "steps that nobody can take back" } },
    { name: "attempts", type: "integer", default: 3, min: 1, max: 10, label: { engineer: "attempts before it is left to a person", manager: "tries before a person is called" } },
    { name: "fee", type: "integer", default: 10, min: 0, max: 100, unit: "per cent", label: { engineer: "what a compensation does not bring back", manager: "cancellation fee" } },
    { name: "pace", type: "integer", default: 0, min: 0, max: 100, unit: "messages", label: { engineer: "messages per open case between two records (0: all)", manager: "how far a case gets before the next comes (0: to its end)" } },
    { name: "lock", type: "boolean", default: false, label: { engineer: "mark open cases as pending (semantic lock)", manager: "show that a case is not finished" } },
    {
      name: "memory", type: "choice", default: "durable",
      choices: [
        { value: "durable", label: { engineer: "durable", manager: "on paper" } },
        { value: "volatile", label: { engineer: "in memory only", manager: "in the head only" } },
      ],
      label: { engineer: "the coordinator keeps its cases", manager: "the conductor keeps the checklist" },
    },
    { name: "limit", type: "integer", default: 60, min: 1, max: 200, unit: "messages", label: { engineer: "most messages about one case", manager: "most messages about one case" } },
    { name: "begins", type: "list", default: [], label: { engineer: "record types that ask for a case (none: all)", manager: "what counts as a request (none: everything)" } },
  ],
  interventions: [
    { kind: "refuse", label: { engineer: "Let a step fail", manager: "A step cannot be done" }, params: [step_, who, times] },
    { kind: "jam", label: { engineer: "Let a compensation fail", manager: "A cancellation does not go through" }, params: [{ ...step_, default: "hotel" }, who, times] },
    { kind: "look", label: { engineer: "Read a case now", manager: "Somebody looks at a case" }, params: [{ ...who, label: { engineer: "case (none: the latest)", manager: "at which (none: the latest)" } }] },
    {
      kind: "listen", label: { engineer: "Add a listener", manager: "Somebody new starts listening" },
      params: [
        { name: "listener", type: "string", default: "loyalty", label: { engineer: "name", manager: "name" } },
        { name: "on", type: "string", default: "payment-done", label: { engineer: "reacts to event", manager: "to what" } },
        { name: "publishes", type: "string", default: null, nullable: true, label: { engineer: "publishes event (none: nothing)", manager: "announces (none: nothing)" } },
      ],
    },
    { kind: "stop", label: { engineer: "Stop a component", manager: "Somebody is out of service" }, params: [component] },
    { kind: "start", label: { engineer: "Start it again", manager: "They are back" }, params: [component] },
  ],
  prepare, plan, start: newMachine, step, copy: copyMachine, scene, result, checks,
};

/** Names the cases, and leaves out what is said of steps and components that do not exist. */
function prepare(input) {
  const { steps, style } = input.params;
  const complain = (path, message) => input.problems.push({ path, message });
  let { pivot } = input.params;
  if (pivot !== null && !steps.includes(pivot)) {
    // The default fits the default's steps; other steps are no mistake.
    if (pivot !== PIVOT) complain("/params/pivot", `pivot was "${pivot}": the steps are ${steps.join(", ") || "none"}, so there is none`);
    pivot = null;
  }
  const irreversible = input.params.irreversible.filter((name) => {
    if (!steps.includes(name)) complain("/params/irreversible", `irreversible had "${name}": the steps are ${steps.join(", ") || "none"}, so it is left out`);
    return steps.includes(name);
  });
  const components = new Set(style === "orchestration" ? [...steps, COORDINATOR_NAME] : steps);
  let listeners = 0;
  const interventions = input.interventions.filter((given) => {
    const { kind, index } = given;
    if (kind === "refuse" || kind === "jam") {
      if (!steps.includes(given.step)) complain(`/interventions/${index}/step`, `step was "${given.step}": the steps are ${steps.join(", ") || "none"}, so the intervention is left out`);
      return steps.includes(given.step);
    }
    if (kind === "listen") {
      const isFree = listeners < MOST_LISTENERS && !components.has(given.listener) && given.listener !== COORDINATOR_NAME;
      if (!isFree) complain(`/interventions/${index}/listener`, `listener was "${given.listener}": it needs a free name, and ${MOST_LISTENERS} listeners are the most, so the intervention is left out`);
      else {
        components.add(given.listener);
        listeners += 1;
      }
      return isFree;
    }
    if (kind === "look" || components.has(given.component)) return true;
    complain(`/interventions/${index}/component`, `component was "${given.component}": the components are then ${[...components].join(", ") || "none"}, so the intervention is left out`);
    return false;
  });
  return { ...input, params: Object.freeze({ ...input.params, pivot, irreversible: Object.freeze(irreversible) }), interventions, ...casesOf(input) };
}

/** Each record's case by name, or null where it asks for none; a key that comes again is numbered. */
function casesOf({ log, params }) {
  const byName = new Map();
  const repeats = new Map();
  const names = log.map((record, index) => {
    if (params.begins.length > 0 && !params.begins.includes(record.type)) return null;
    const plain = record.key ?? `#${record.offset}`;
    let name = plain;
    while (byName.has(name)) {
      repeats.set(plain, (repeats.get(plain) ?? 1) + 1);
      name = `${plain} (${repeats.get(plain)})`;
    }
    byName.set(name, index);
    return name;
  });
  return { names, byName };
}

/** Who moves next depends on what became of the messages before, so planning runs the whole machine. Actions as numbers: three times a record's, a case's or an intervention's place, plus 0, 1 or 2. */
function plan(input) {
  const { log, names, interventions, params } = input;
  const machine = newMachine(input);
  const actions = [];
  let ready = [];
  let blocked = [];
  const turn = () => {
    const next = [];
    for (const index of ready) {
      actions.push(3 * index + 1);
      deliver(machine, index);
      if (isOver(machine, index)) continue;
      (canMove(machine, index) ? next : blocked).push(index);
    }
    ready = next;
  };
  const drain = (turns) => {
    for (let i = 0; i < turns && ready.length > 0 && actions.length <= MAX_STEPS; i++) turn();
  };
  let next = 0;
  for (let index = 0; index <= log.length; index++) {
    for (; next < interventions.length && interventions[next].at <= index; next++) {
      const intervention = interventions[next];
      actions.push(3 * next + 2);
      INTERVENTIONS[intervention.kind](machine, intervention);
      if (intervention.kind === "stop") {
        blocked.push(...ready.filter((one) => !canMove(machine, one)));
        ready = ready.filter((one) => canMove(machine, one));
      } else if (intervention.kind === "start") {
        const freed = blocked.filter((one) => canMove(machine, one));
        if (freed.length === 0) continue;
        blocked = blocked.filter((one) => !canMove(machine, one));
        ready = [...ready, ...freed].sort((a, b) => a - b);
      }
    }
    if (index === log.length) break;
    actions.push(3 * index);
    read(machine, index);
    if (names[index] !== null && !isOver(machine, index)) (canMove(machine, index) ? ready : blocked).push(index);
    drain(params.pace === 0 ? Infinity : params.pace);
  }
  drain(Infinity);
  return {
    length: actions.length,
    end: machine,
    action(i) {
      const code = actions[i];
      const place = Math.floor(code / 3);
      if (code % 3 === 0) return { record: log[place], index: place, time: log[place].time };
      return code % 3 === 1 ? { deliver: place } : { intervention: interventions[place] };
    },
  };
}

function read(state, index) {
  state.read = index + 1;
  if (state.input.names[index] !== null) begin(state, index);
}

function step(state, { record, index, deliver: moved, intervention }, quiet) {
  state.looked = false;
  if (intervention) return INTERVENTIONS[intervention.kind](state, intervention);
  if (record) {
    read(state, index);
    return quiet ? [] : asked(state, record, index);
  }
  const outcome = deliver(state, moved);
  return quiet ? [] : told(state, moved, outcome);
}

function asked(state, record, index) {
  const { style, steps } = state.input.params;
  const name = state.input.names[index];
  const refs = [`record:${record.offset}`, `case:${name}`];
  const data = { case: name, type: record.type || "A record", style, first: steps[0] ?? null };
  return [{ code: name === null ? "saga.record_passed" : "saga.requested", refs, data }];
}

/**
 * What a message came to, and the end of its case if this was the last one.
 * @param {any} state
 * @param {number} index
 * @param {any} outcome of `deliver`
 */
function told(state, index, { message, code, isCut, isLast }) {
  const { steps, style, attempts, limit } = state.input.params;
  const { step: place, event, attempt, to } = message;
  const name = state.input.names[index];
  const one = state.cases[index];
  const refs = [`message:${state.messages}`, `case:${name}`];
  const listener = state.listeners[to - steps.length];
  const data = {
    case: name, step: steps[place] ?? null, next: steps[place + 1] ?? null, undo: steps[place - 1] ?? null, event, style, attempt, attempts,
    again: attempt < attempts, retriable: place > state.pivot, kept: place < 0 ? 0 : feeOf(state, one, place),
    listener: listener?.id ?? null, publishes: style === "choreography" ? (listener?.publishes ?? null) : null,
  };
  /** @type {any[]} */
  const facts = [{ code, refs, data }];
  if (isCut) facts.unshift({ code: "saga.circle_cut", refs, data: { case: name, limit, event } });
  if (!isLast) return facts;
  const ended = { case: name, standing: standingSteps(state, one), undone: steps.filter((_, i) => stepOf(one, i) === UNDONE), style };
  return [...facts, { code: ENDED[status(state, one)], refs, data: ended }];
}

const ENDED = { completed: "saga.completed", compensated: "saga.compensated", stuck: "saga.stuck" };

const INTERVENTIONS = {
  refuse(state, { step: name, case: whose, times: count }) {
    arm(state, "refuse", state.input.params.steps.indexOf(name), whose, count);
    return [{ code: "saga.step_armed", refs: [`component:${name}`], data: { step: name, case: whose, times: count } }];
  },
  jam(state, { step: name, case: whose, times: count }) {
    arm(state, "jam", state.input.params.steps.indexOf(name), whose, count);
    return [{ code: "saga.undo_armed", refs: [`component:${name}`], data: { step: name, case: whose, times: count } }];
  },
  look(state, { case: wanted }) {
    const { steps, lock } = state.input.params;
    const index = wanted === null ? lastCase(state) : (state.input.byName.get(wanted) ?? -1);
    const one = state.cases[index];
    if (one === undefined) return [{ code: "saga.nothing_seen", refs: [], data: { case: wanted } }];
    const saw = standingSteps(state, one);
    const look = { index, after: state.read, saw, half: saw.length > 0 && saw.length < steps.length, warned: lock && status(state, one) === "open" };
    state.looks.push(look);
    state.focus = index;
    state.looked = true;
    const name = state.input.names[index];
    return [{ code: "saga.looked", refs: [`case:${name}`], data: { case: name, saw, half: look.half, warned: look.warned, missing: steps.filter((each) => !saw.includes(each)) } }];
  },
  listen(state, intervention) {
    listen(state, intervention);
    const { listener, on, publishes } = intervention;
    const { style } = state.input.params;
    return [{ code: "saga.listener_added", refs: [`component:${listener}`], data: { listener, on, publishes, style, circles: circles(state).length } }];
  },
  stop(state, { component: id }) {
    state.stopped.add(componentOf(state, id));
    const forgets = id === COORDINATOR_NAME && state.input.params.memory === "volatile";
    if (forgets) state.lives += 1;
    return [{ code: "saga.component_stopped", refs: [`component:${id}`], data: { component: id, coordinator: id === COORDINATOR_NAME, forgets, open: openCases(state) } }];
  },
  start(state, { component: id }) {
    state.stopped.delete(componentOf(state, id));
    return [{ code: "saga.component_started", refs: [`component:${id}`], data: { component: id, coordinator: id === COORDINATOR_NAME, volatile: state.input.params.memory === "volatile", open: openCases(state) } }];
  },
};

function lastCase(state) {
  let index = state.read - 1;
  while (index >= 0 && state.input.names[index] === null) index -= 1;
  return index;
}

function componentOf(state, id) {
  const { steps } = state.input.params;
  if (steps.includes(id)) return steps.indexOf(id);
  return id === COORDINATOR_NAME ? -1 : steps.length + state.listeners.findIndex((listener) => listener.id === id);
}

function openCases({ counts }) {
  return counts.begun - counts.completed - counts.compensated - counts.stuck;
}

function result(state) {
  const { completed, compensated, stuck } = state.counts;
  return {
    completed, compensated, stuck, open: openCases(state),
    outcomes: outcomes(state),
    messages: state.messages,
    retries: state.retries,
    looks: looks(state),
    listeners: state.listeners.map((listener) => ({ ...listener })),
    edited: state.edited.slice(),
    circles: circles(state),
    cut: state.cut.slice().map((index) => state.input.names[index]),
    money: { ...state.money, held: held(state) },
  };
}

/** What every case has come to, by its name. Cases that came to the same share it. */
function outcomes(state) {
  const { steps } = state.input.params;
  const { names } = state.input;
  const known = new Map();
  const found = [];
  for (const one of state.cases) {
    if (one === undefined) continue;
    const at = one.queue.length > 0 ? -1 - one.steps : one.steps;
    let outcome = known.get(at);
    if (outcome === undefined) {
      const inState = (wanted) => steps.filter((_, i) => stepOf(one, i) === wanted);
      known.set(at, (outcome = { status: status(state, one), done: inState(DONE), undone: inState(UNDONE), left: inState(LEFT) }));
    }
    found.push([names[one.index], outcome]);
  }
  return Object.fromEntries(found);
}

/** What each look saw, and which of the steps that it saw have been undone since. */
function looks(state) {
  const { steps } = state.input.params;
  return state.looks.slice().map(({ index, after, saw, half, warned }) => {
    const undone = saw.filter((name) => stepOf(state.cases[index], steps.indexOf(name)) === UNDONE);
    return { case: state.input.names[index], after, saw, half, warned, undone };
  });
}

/** The amounts of the steps that stand, added up afresh. */
function held(state) {
  const { steps } = state.input.params;
  let sum = 0;
  for (const one of state.cases) {
    if (one === undefined) continue;
    for (let i = 0; i < steps.length; i++) if (stands(one, i)) sum += amount(state, one, i);
  }
  return sum;
}

function checks(state) {
  const open = openCases(state);
  const seen = looks(state);
  const half = seen.filter((look) => look.half && !look.warned).length;
  const outdated = seen.filter(({ undone }) => undone.length > 0).length;
  const { booked, refunded, fees } = state.money;
  const now = held(state);
  return [
    { id: "whole-or-amended", holds: open + state.counts.stuck === 0, detail: `${state.counts.stuck} cases are stuck half done, ${open} are open` },
    { id: "undone-in-reverse", holds: state.disorder === 0, detail: `${state.disorder} steps were undone before a later one` },
    { id: "half-done-unseen", holds: half === 0, detail: `${half} of ${seen.length} looks saw a half-done case without a mark` },
    { id: "seen-stays-true", holds: outdated === 0, detail: `of ${seen.length} looks, ${outdated} saw a step that was undone afterwards` },
    { id: "no-circle", holds: state.cut.length === 0, detail: `${state.cut.length} cases were cut off at ${state.input.params.limit} messages` },
    { id: "money-adds-up", holds: booked === now + refunded + fees, detail: `${booked} booked, ${now} held, ${refunded} refunded, ${fees} kept as fees` },
  ];
}

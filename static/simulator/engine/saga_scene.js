/**
 * The picture of the model `saga`: who asked, who says what to whom, and how far each case is.
 */
import { CLIENT, COORDINATOR, DONE, LEFT, REFUSED, standingSteps, status, stepOf, UNDONE } from "./saga_machine.js";
import { head, window } from "./records.js";

const SHOWN = 5;
const MESSAGES = 5;
const ROWS = 5;
const STEP_WORDS = { [DONE]: "done", [REFUSED]: "refused", [UNDONE]: "undone", [LEFT]: "left" };
const STATUS_WORDS = { open: "under way", completed: "completed", compensated: "undone", stuck: "half done" };
const STATUS_MARKS = { open: "waiting", completed: "read", compensated: "gone", stuck: "late" };

/** @param {any} state of the model `saga` */
export function scene(state) {
  /** @type {any[]} */
  const blocks = [requestsLane(state)];
  if (state.recent.length > 0) blocks.push(sequence(state));
  if (state.input.params.steps.length > 0) blocks.push(casesTable(state));
  blocks.push(totalsTable(state));
  if (state.listeners.length > 0) blocks.push(listenersTable(state));
  if (state.looks.length > 0) blocks.push(looksTable(state));
  return { blocks: [...blocks, ...notices(state)] };
}

function requestsLane(state) {
  const { names } = state.input;
  const { items, before, after } = window(head(state.input.log, state.read), state.focus >= 0 ? state.focus + 1 : state.read - 1, SHOWN);
  return {
    kind: "lanes", id: "requests", title: { engineer: "Requests", manager: "What was asked for" },
    lanes: [{
      id: "requests", label: { engineer: "log", manager: "requests" }, before, after, markers: [],
      tickets: items.map(({ offset, key, type }, i) => {
        const index = before + i;
        const one = state.cases[index];
        const word = one === undefined ? null : STATUS_WORDS[status(state, one)];
        return {
          ref: `record:${offset}`, offset, key, type,
          marks: one === undefined ? [] : [STATUS_MARKS[status(state, one)], ...(index === state.focus ? ["focus"] : [])],
          ...(word !== null && names[index] !== null && { note: { engineer: word, manager: word } }),
        };
      }),
    }],
  };
}

/** The coordinator where there is one, else those who ask; then the services; then the listeners. */
function actors(state) {
  const { style, steps } = state.input.params;
  const first = style === "orchestration"
    ? { id: String(COORDINATOR), ref: "component:coordinator", label: { engineer: "coordinator", manager: "conductor" } }
    : { id: String(CLIENT), ref: "component:customer", label: { engineer: "customer", manager: "customer" } };
  const others = [...steps, ...state.listeners.map(({ id }) => id)];
  return [first, ...others.map((id, i) => ({ id: String(i), ref: `component:${id}`, label: id }))];
}

function sequence(state) {
  const shown = state.recent.slice(-MESSAGES);
  const { style } = state.input.params;
  const first = state.messages - shown.length;
  const column = (component) => String(component === CLIENT && style === "orchestration" ? COORDINATOR : component);
  return {
    kind: "sequence", id: "messages",
    title: style === "orchestration" ? { engineer: "Commands and replies", manager: "Who tells whom" } : { engineer: "Events, and who reacts", manager: "Who hears what" },
    actors: actors(state),
    messages: shown.map(({ index, message, code }, i) => ({
      ref: `message:${first + i + 1}`, from: column(message.from), to: column(message.to), label: label(state, index, message), outcome: OUTCOMES[code] ?? "",
    })),
    before: first, after: 0,
  };
}

/** What a message came to, where it is not what was asked. */
const OUTCOMES = { "saga.step_failed": "refused", "saga.undo_failed": "refused", "saga.no_way_back": "refused", "saga.gave_up": "refused", "saga.message_ignored": "ignored", "saga.reply_unknown": "lost" };

const VERBS = {
  do: { engineer: "do", manager: "please do it" },
  undo: { engineer: "undo", manager: "please take it back" },
  done: { engineer: "done", manager: "done" },
  failed: { engineer: "failed", manager: "cannot be done" },
  undone: { engineer: "undone", manager: "taken back" },
  left: { engineer: "left", manager: "cannot be taken back" },
  "undo-failed": { engineer: "undo failed", manager: "not taken back yet" },
  request: { engineer: "requested", manager: "please begin" },
};

function label(state, index, { event, attempt }) {
  const name = state.input.names[index];
  const said = VERBS[event] ?? { engineer: event, manager: event };
  const again = attempt > 1 ? ` (${attempt})` : "";
  return { engineer: `${name}: ${said.engineer}${again}`, manager: `${name}: ${said.manager}${again}` };
}

function casesTable(state) {
  const { steps, style } = state.input.params;
  const places = [];
  const focus = state.focus >= 0 ? state.focus : state.read - 1;
  for (let index = focus; index >= 0 && places.length < ROWS - 2; index--) if (state.cases[index]) places.unshift(index);
  for (let index = focus + 1; index < state.read && places.length < ROWS; index++) if (state.cases[index]) places.push(index);
  const before = places.length === 0 ? 0 : countBegun(state, places[0]);
  return {
    kind: "table", id: "cases", before, after: state.counts.begun - before - places.length,
    title: style === "orchestration"
      ? { engineer: "Cases, as the coordinator keeps them", manager: "The conductor's checklist" }
      : { engineer: "Cases, pieced together from all events; no component holds this", manager: "How far each case is, though nobody keeps this list" },
    columns: [
      { id: "case", label: { engineer: "case", manager: "for" } },
      { id: "status", label: { engineer: "status", manager: "stands" } },
      ...steps.map((name) => ({ id: `step:${name}`, label: { engineer: name, manager: name } })),
    ],
    rows: places.map((index) => {
      const one = state.cases[index];
      const name = state.input.names[index];
      const at = status(state, one);
      const marks = [...(index === state.focus ? ["focus"] : []), ...(at === "stuck" ? ["late"] : [])];
      return { ref: `case:${name}`, cells: [name, STATUS_WORDS[at], ...steps.map((_, step) => STEP_WORDS[stepOf(one, step)] ?? null)], marks };
    }),
  };
}

/** How many cases began before a record; where every record is a request, that is its place. */
function countBegun(state, index) {
  if (state.counts.begun === state.read) return index;
  let count = 0;
  for (let i = 0; i < index; i++) if (state.cases[i]) count += 1;
  return count;
}

function totalsTable(state) {
  const { counts, money, messages, retries } = state;
  const open = counts.begun - counts.completed - counts.compensated - counts.stuck;
  const rows = [
    ["completed", counts.completed], ["undone", counts.compensated], ["half done", counts.stuck], ["under way", open],
    ["messages", messages], ["tried again", retries], ["kept as fees", money.fees],
  ];
  return {
    kind: "table", id: "totals", title: { engineer: "Altogether", manager: "Altogether" }, before: 0, after: 0,
    columns: [
      { id: "what", label: { engineer: "cases and messages", manager: "what" } },
      { id: "count", label: { engineer: "so far", manager: "so far" }, numeric: true },
    ],
    rows: rows.map(([what, count]) => ({ ref: `total:${what}`, cells: [what, count], marks: what === "half done" && count > 0 ? ["late"] : [] })),
  };
}

function listenersTable(state) {
  return {
    kind: "table", id: "listeners", title: { engineer: "Listeners that were added", manager: "Who came later" }, before: 0, after: 0,
    columns: [
      { id: "listener", label: { engineer: "listener", manager: "who" } },
      { id: "on", label: { engineer: "reacts to", manager: "hears" } },
      { id: "reactions", label: { engineer: "reactions", manager: "how often" }, numeric: true },
    ],
    rows: state.listeners.map(({ id, on, reactions }) => ({ ref: `listener:${id}`, cells: [id, on, reactions] })),
  };
}

function looksTable(state) {
  const { steps } = state.input.params;
  const { items, before, after } = window(state.looks, state.looks.length, ROWS);
  return {
    kind: "table", id: "looks", title: { engineer: "What readers saw meanwhile", manager: "What people saw meanwhile" }, before, after,
    columns: [
      { id: "case", label: { engineer: "case", manager: "for" } },
      { id: "saw", label: { engineer: "saw", manager: "saw" } },
      { id: "now", label: { engineer: "of that, undone since", manager: "of that, taken back since" } },
    ],
    rows: items.map(({ index, saw, half }) => {
      const undone = saw.filter((name) => stepOf(state.cases[index], steps.indexOf(name)) === UNDONE);
      return { cells: [state.input.names[index], saw.join(", ") || "nothing", undone.join(", ") || null], marks: half || undone.length > 0 ? ["late"] : [] };
    }),
  };
}

function notices(state) {
  const { steps, limit } = state.input.params;
  const found = [];
  const stopped = [...state.stopped].map((component) => (component === COORDINATOR ? "coordinator" : (steps[component] ?? state.listeners[component - steps.length].id)));
  if (stopped.length > 0) found.push(notice("stopped", { engineer: `Stopped: ${stopped.join(", ")}. Messages to it wait.`, manager: `Out of service: ${stopped.join(", ")}. What is meant for them waits.` }));
  if (state.looked) {
    const { index, saw, half, warned } = state.looks.at(state.looks.length - 1);
    const name = state.input.names[index];
    if (half) {
      found.push(notice("look", {
        engineer: `A reader sees ${name} half done: ${saw.join(", ")} of ${steps.length} steps${warned ? ", marked as pending" : ""}.`,
        manager: `Whoever looks sees ${name} half done: ${saw.join(", ")}${warned ? ", and is told that it is not finished" : ""}.`,
      }));
    }
  }
  const one = state.cases[state.focus];
  if (one !== undefined && status(state, one) === "stuck") {
    const names = standingSteps(state, one);
    const standing = `${names.join(", ")} still ${names.length === 1 ? "stands" : "stand"}`;
    found.push(notice("stuck", { engineer: `${state.input.names[state.focus]} is stuck half done: ${standing}. A person must act.`, manager: `${state.input.names[state.focus]} is half done: ${standing}, and somebody must see to it.` }));
  }
  if (state.cut.length > 0) {
    found.push(notice("circle", { engineer: `Cut off at ${limit} messages about one case: listeners trigger each other.`, manager: `Stopped after ${limit} messages about one case: some set each other off in a circle.` }));
  }
  return found;
}

const notice = (id, text) => ({ kind: "notice", id, level: "warning", text });

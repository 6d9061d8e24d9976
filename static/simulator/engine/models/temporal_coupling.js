/**
 * The same requests over a chain of synchronous calls and over a log, side by side, with the same services and the same
 * outages. A call needs every service of the chain at that moment; a record waits in the log for whoever is away.
 *
 * Each record is a request, and a moment of its own: on both sides the request is made, what failed before is tried again,
 * and every reader that is up takes some records from the log.
 */
import { callsResult, copyState, IDLE, isBusy, latencyOf, LOG, logResult, MOST_SERVICES, newService, newState, pass, PER_MILLE, rounded, share, wait } from "../coupled_services.js";
import { scene } from "../temporal_coupling_scene.js";
import { MAX_STEPS } from "../run.js";

const service = { name: "service", type: "string", default: "shipping", label: { engineer: "service, or “log”", manager: "who, or “log” for the book" } };

/**
 * Parameters: `chain` (the services in the order in which they call each other; each reads the log too), `available` (of how
 * many requests in a thousand a service, or `log`, sees by chance; 1,000 unless given), `latency` (of a service, or of an
 * append to `log`; 50 unless given), `timeout` (how long a caller waits for a service that is down), `retries` (at how many
 * later moments a failed call or append is made again), `catchUp` (most records that a reader takes at a moment).
 *
 * Interventions: `stop` and `start` a service or the `log`; `extend` the chain by a service, which reads the log from its
 * beginning.
 *
 * Result: `{ requests, calls: {answered, atOnce, retries, waiting, lost: [offset…], latency, failsAfter, expected, product,
 * measured}, log: {appended, atOnce, retries, waiting, lost: [offset…], latency, expected, measured, handled}, services:
 * [{id, stopped, up, position, behind, farthest}] }`. `latency` is what a caller waits when all is well: the sum over the
 * chain, or one append. `failsAfter` is the longest wait for a failure so far. `expected` is the product of what `available`
 * says, `product` that of the shares of moments at which each service was in fact up (`up`), `measured` the share of
 * requests served at once; the last two agree only as far as outages are independent. `handled` records have been read by
 * every service.
 *
 * When the requests end, the run goes on until nothing is left to try again and every reader that can has caught up;
 * meanwhile only stopped services are down.
 */
export const model = {
  id: "temporal_coupling",
  title: "Temporal coupling",
  log: "required",
  params: [
    { name: "chain", type: "list", default: ["payment", "stock", "shipping"], maxItems: MOST_SERVICES, label: { engineer: "services, in the order of the calls", manager: "who is needed, in order" } },
    { name: "available", type: "map", default: {}, min: 0, max: PER_MILLE, maxItems: MOST_SERVICES + 1, unit: "per mille", label: { engineer: "availability, by service (1,000 unless given)", manager: "how often each is there, of a thousand times" } },
    { name: "latency", type: "map", default: { payment: 120, stock: 40, shipping: 60, log: 5 }, min: 0, max: 60_000, maxItems: MOST_SERVICES + 1, unit: "ms", label: { engineer: "latency, by service (50 unless given)", manager: "how long each takes" } },
    { name: "timeout", type: "integer", default: 1000, min: 0, max: 600_000, unit: "ms", label: { engineer: "timeout of a call", manager: "how long to wait for somebody who is away" } },
    { name: "retries", type: "integer", default: 0, min: 0, max: 1000, label: { engineer: "retries of a failed call or append", manager: "how often a failed request is made again" } },
    { name: "catchUp", type: "integer", default: 3, min: 1, max: 1000, unit: "records", label: { engineer: "most records a reader takes at a moment", manager: "how fast somebody can work off a pile" } },
  ],
  interventions: [
    { kind: "stop", label: { engineer: "Stop a service", manager: "Somebody is out of service" }, params: [service] },
    { kind: "start", label: { engineer: "Start it again", manager: "They are back" }, params: [service] },
    { kind: "extend", label: { engineer: "Add a service to the chain", manager: "One more is needed" }, params: [{ ...service, default: "loyalty", label: { engineer: "service", manager: "who" } }] },
  ],
  prepare, plan, start: newState, step, copy: copyState, scene, result, checks,
};

/** Keeps the name of the log for the log, and leaves out what is said of services that do not exist. */
function prepare(input) {
  const chain = input.params.chain.filter((id) => id !== LOG);
  if (chain.length < input.params.chain.length) input.problems.push({ path: "/params/chain", message: `chain had "${LOG}": that is the log's name, so it is left out` });
  const known = new Set([...chain, LOG]);
  const interventions = input.interventions.filter(({ kind, service: id, index }) => {
    const isNew = kind === "extend" && !known.has(id) && known.size <= MOST_SERVICES;
    if (isNew) known.add(id);
    if (isNew || (kind !== "extend" && known.has(id))) return true;
    const rule = kind === "extend" ? `a service needs a free name, and ${MOST_SERVICES} are the most` : `the services are then ${[...known].join(", ")}`;
    input.problems.push({ path: `/interventions/${index}/service`, message: `service was "${id}": ${rule}, so the intervention is left out` });
    return false;
  });
  return { ...input, params: Object.freeze({ ...input.params, chain: Object.freeze(chain) }), interventions };
}

/** Actions as numbers: a record's index, IDLE, or −2 − an intervention's place. */
function plan(input) {
  const { log, interventions } = input;
  const actions = [];
  const ahead = newState(input);
  let next = 0;
  for (let index = 0; index <= log.length; index++) {
    for (; next < interventions.length && interventions[next].at <= index; next++) {
      actions.push(-2 - next);
      INTERVENTIONS[interventions[next].kind](ahead, interventions[next]);
    }
    if (index === log.length) break;
    actions.push(index);
    pass(ahead, index);
  }
  while (isBusy(ahead) && actions.length <= MAX_STEPS) {
    actions.push(IDLE);
    pass(ahead, IDLE);
  }
  return {
    length: actions.length,
    action(i) {
      const code = actions[i];
      if (code >= 0) return { index: code, time: log[code].time };
      return code === IDLE ? { index: IDLE } : { intervention: interventions[-2 - code] };
    },
  };
}

function step(state, { index, intervention }, quiet) {
  if (intervention) {
    state.moment.index = -1;
    return INTERVENTIONS[intervention.kind](state, intervention);
  }
  const done = pass(state, index);
  return quiet ? [] : told(state, index, done);
}

/** What a moment came to, in one fact, and in a second one what became of requests that had failed before. */
function told(state, index, { recalled, given, appended, read }) {
  const { brokenAt, isAppended } = state.moment;
  const behind = state.services.filter((one) => one.position < state.log.length).map((one) => ({ id: one.id, behind: state.log.length - one.position }));
  const broken = brokenAt < 0 ? null : state.services[brokenAt].id;
  const facts = [];
  if (index === IDLE) {
    facts.push({ code: behind.length === 0 && read > 0 ? "coupling.caught_up" : "coupling.time_passed", refs: behind.map(({ id }) => `service:${id}`), data: { read, behind, broken, records: state.log.length } });
  } else {
    const { offset, key, type } = state.input.log[index];
    const data = {
      offset, name: key ?? `request ${offset}`, type: type || "A request", broken, behind, services: state.services.length, willRetry: state.input.params.retries > 0,
      ms: broken === null ? wait(state, state.services.length) : wait(state, brokenAt) + state.input.params.timeout, logMs: latencyOf(state, LOG), isAppended,
    };
    const code = broken !== null ? "coupling.call_failed" : isAppended ? "coupling.both_served" : "coupling.append_failed";
    facts.push({ code, refs: [`record:${offset}`, ...(broken === null ? [] : [`service:${broken}`])], data });
  }
  if (recalled + appended > 0) facts.push({ code: "coupling.retried", refs: [], data: { recalled, appended } });
  if (given > 0 && state.input.params.retries > 0) facts.push({ code: "coupling.given_up", refs: [], data: { given, retries: state.input.params.retries, broken } });
  return facts;
}

const named = (state, id) => (id === LOG ? state.book : state.services.find((one) => one.id === id));

const INTERVENTIONS = {
  stop(state, { service: id }) {
    const one = named(state, id);
    one.isStopped = true;
    one.isUp = false;
    return [{ code: "coupling.service_stopped", refs: [`service:${id}`], data: { service: id, log: id === LOG } }];
  },
  start(state, { service: id }) {
    const one = named(state, id);
    one.isStopped = false;
    one.isUp = true;
    return [{ code: "coupling.service_started", refs: [`service:${id}`], data: { service: id, log: id === LOG, behind: state.log.length - one.position, lost: state.calls.lost.length } }];
  },
  extend(state, { service: id }) {
    state.services.push(newService(id));
    const { expected, latency } = callsResult(state);
    return [{ code: "coupling.service_added", refs: [`service:${id}`], data: { service: id, services: state.services.length, expected, latency, records: state.log.length } }];
  },
};

function result(state) {
  const offsets = (lost) => lost.slice().map((index) => state.input.log[index].offset);
  return {
    requests: state.requests,
    calls: { ...callsResult(state), lost: offsets(state.calls.lost) },
    log: { ...logResult(state), lost: offsets(state.appends.lost) },
    services: state.services.map(({ id, isStopped, ups, moments, position, farthest }) => ({
      id, stopped: isStopped, up: rounded(share(ups, moments)), position, behind: state.log.length - position, farthest,
    })),
  };
}

function checks(state) {
  const { calls, appends, log, requests } = state;
  const behind = state.services.filter(({ position }) => position < log.length).map(({ id }) => id);
  const waiting = requests - calls.waiting;
  return [
    { id: "no-call-lost", holds: calls.lost.length === 0, detail: `${calls.lost.length} of ${requests} calls failed for good` },
    { id: "nothing-missing-in-log", holds: appends.lost.length === 0, detail: `${appends.lost.length} of ${requests} requests never reached the log` },
    { id: "readers-level", holds: behind.length === 0, detail: `behind: ${behind.join(", ") || "nobody"}` },
    {
      id: "every-request-accounted",
      holds: calls.served + calls.lost.length + waiting === requests && log.length + appends.lost.length + requests - appends.waiting === requests,
      detail: `of ${requests} calls, ${calls.served} were answered, ${calls.lost.length} lost, ${waiting} wait; ${log.length} are in the log`,
    },
  ];
}

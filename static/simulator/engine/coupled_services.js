/**
 * Services that answer calls and read a log, and what becomes of requests on both sides, moment by moment.
 */
import { draw } from "./partitioner.js";
import { Tape } from "./timeline.js";

/**
 * @typedef {object} Service
 * @property {string} id
 * @property {boolean} isStopped
 * @property {boolean} isUp at this moment
 * @property {number} moments how many requests it has seen
 * @property {number} ups at how many of them it was up
 * @property {number} position how many records of the log it has read
 * @property {number} farthest how far behind it has been
 */
/** @typedef {{ waiting: number, served: number, atOnce: number, retries: number, lost: Tape<number> }} Side requests from `waiting` on are tried again */

export const LOG = "log";
export const MOST_SERVICES = 12;
const USUAL_MS = 50;
/** A moment without a request. */
export const IDLE = -1;
export const PER_MILLE = 1000;
/** @returns {Service} */
export const newService = (id) => ({ id, isStopped: false, isUp: true, moments: 0, ups: 0, position: 0, farthest: 0 });
/** @returns {Side} */
const newSide = () => ({ waiting: 0, served: 0, atOnce: 0, retries: 0, lost: new Tape() });

/** @param {any} input of the model `temporal_coupling` */
export function newState(input) {
  return {
    input,
    /** How many moments have passed, those without a request included. */
    now: 0,
    requests: 0,
    services: /** @type {Service[]} */ (input.params.chain.map(newService)),
    book: newService(LOG),
    calls: newSide(),
    appends: newSide(),
    /** The records in the log, by index in the input. */
    log: /** @type {Tape<number>} */ (new Tape()),
    failsAfter: 0,
    /** What this moment's request came to: where the chain broke off (−1: nowhere), and whether the log took it. */
    moment: { index: -1, brokenAt: -1, isAppended: true },
  };
}

/** @param {any} state */
export function copyState(state) {
  const side = (one) => ({ ...one, lost: one.lost.copy() });
  return {
    ...state,
    services: state.services.map((one) => ({ ...one })),
    book: { ...state.book },
    calls: side(state.calls),
    appends: side(state.appends),
    log: state.log.copy(),
    moment: { ...state.moment },
  };
}

/** Decides who is up at this moment: by chance while there are requests, and never who is stopped. */
function look(state, one, place, isRequest) {
  const { params, seed } = state.input;
  const chance = params.available[one.id] ?? PER_MILLE;
  const isThere = chance >= PER_MILLE || !isRequest || draw(seed, state.now * (MOST_SERVICES + 1) + place) * PER_MILLE < chance;
  one.isUp = isThere && !one.isStopped;
  if (!isRequest) return;
  one.moments += 1;
  if (one.isUp) one.ups += 1;
}

/**
 * Lets a moment pass.
 * @param {any} state
 * @param {number} index of its request, or IDLE
 * @returns {{ recalled: number, given: number, appended: number, read: number }} what it did besides its request
 */
export function pass(state, index) {
  const isRequest = index !== IDLE;
  state.services.forEach((one, place) => look(state, one, place, isRequest));
  look(state, state.book, MOST_SERVICES, isRequest);
  state.now += 1;
  if (isRequest) state.requests = index + 1;
  const brokenAt = state.services.findIndex(({ isUp }) => !isUp);
  state.moment = { index, brokenAt, isAppended: state.book.isUp };
  const lostBefore = state.calls.lost.length;
  const recalled = attempt(state, state.calls, brokenAt < 0, isRequest, null);
  const appended = attempt(state, state.appends, state.book.isUp, isRequest, state.log);
  if (brokenAt >= 0 && (isRequest || recalled.tried > 0)) state.failsAfter = Math.max(state.failsAfter, wait(state, brokenAt) + state.input.params.timeout);
  let read = 0;
  for (const one of state.services) {
    if (one.isUp && state.book.isUp) {
      const from = one.position;
      one.position = Math.min(state.log.length, from + state.input.params.catchUp);
      read += one.position - from;
    }
    one.farthest = Math.max(one.farthest, state.log.length - one.position);
  }
  return { recalled: recalled.served, given: state.calls.lost.length - lostBefore, appended: appended.served, read };
}

/** Makes this moment's request and those that wait to be made again. @returns {{ tried: number, served: number }} of the latter */
function attempt(state, side, succeeds, isRequest, log) {
  const again = state.requests - side.waiting - (isRequest ? 1 : 0);
  side.retries += again;
  if (succeeds) {
    for (; side.waiting < state.requests; side.waiting++) {
      log?.push(side.waiting);
      side.served += 1;
    }
    if (isRequest) side.atOnce += 1;
    return { tried: again, served: again };
  }
  // A request made at moment i has been tried again at each moment since.
  for (; side.waiting < state.requests && state.now - 1 - side.waiting >= state.input.params.retries; side.waiting++) side.lost.push(side.waiting);
  return { tried: again, served: 0 };
}

/** What a caller waits before the call reaches a place of the chain. @param {any} state @param {number} place @returns {number} */
export function wait(state, place) {
  let sum = 0;
  for (let i = 0; i < place; i++) sum += latencyOf(state, state.services[i].id);
  return sum;
}

/** @param {any} state @param {string} id @returns {number} */
export const latencyOf = (state, id) => state.input.params.latency[id] ?? USUAL_MS;

/** @param {any} state @returns {boolean} whether there is something to try again, or to read */
export function isBusy(state) {
  if (state.calls.waiting < state.requests || state.appends.waiting < state.requests) return true;
  return !state.book.isStopped && state.services.some((one) => !one.isStopped && one.position < state.log.length);
}

export const rounded = (share) => Math.round(share * 1e6) / 1e6;
export const share = (part, whole) => (whole === 0 ? 1 : part / whole);

/** @param {any} state */
export function callsResult(state) {
  const { available } = state.input.params;
  const { calls, services, requests } = state;
  return {
    answered: calls.served,
    atOnce: calls.atOnce,
    retries: calls.retries,
    waiting: requests - calls.waiting,
    latency: wait(state, services.length),
    failsAfter: state.failsAfter,
    expected: rounded(services.reduce((product, { id }) => product * ((available[id] ?? PER_MILLE) / PER_MILLE), 1)),
    product: rounded(services.reduce((product, { ups, moments }) => product * share(ups, moments), 1)),
    measured: rounded(share(calls.atOnce, requests)),
  };
}

/** @param {any} state */
export function logResult(state) {
  const { appends, services, requests, log } = state;
  return {
    appended: log.length,
    atOnce: appends.atOnce,
    retries: appends.retries,
    waiting: requests - appends.waiting,
    latency: latencyOf(state, LOG),
    expected: rounded((state.input.params.available[LOG] ?? PER_MILLE) / PER_MILLE),
    measured: rounded(share(appends.atOnce, requests)),
    handled: services.reduce((least, { position }) => Math.min(least, position), log.length),
  };
}


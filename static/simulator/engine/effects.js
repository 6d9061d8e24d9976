/**
 * Effects of a log's records on a sink, in the model `delivery`: how often each took hold, which were recognised as repeats, and
 * which were passed over.
 *
 * Of the state, `firsts` and `repeats` hold the places in `applied` of each identity, `handledAt` that of each index in
 * `handled`. Places depend on nothing but what happened before, so all copies of a state share them; one beyond the length of
 * its tape is not yet true.
 */
import { countBefore } from "./records.js";

const LARGEST = 1e15;

/** Of each record, the first index of the same identity: the value of a field, or the record itself. @returns {Int32Array} */
export function identify(log, field) {
  const identities = new Int32Array(log.length);
  const known = new Map();
  for (let i = 0; i < log.length; i++) {
    const name = field === null ? undefined : part(log[i].value, field);
    const isNamed = typeof name === "string" || typeof name === "number";
    if (isNamed && !known.has(name)) known.set(name, i);
    identities[i] = isNamed ? known.get(name) : i;
  }
  return identities;
}

const part = (value, field) => (typeof value === "object" && value !== null && Object.hasOwn(value, field) ? value[field] : undefined);

/** What a record adds to the sum. */
export function amountOf({ value }, field) {
  const amount = field === null ? 0 : part(value, field);
  return typeof amount === "number" && Math.abs(amount) <= LARGEST ? amount : 0;
}

/** An effect reaches the sink, which may know it already. @returns {{ code: string, outcome: string, data: any }} what becomes of it */
export function takeEffect(state, index) {
  const { log, identities, params } = state.input;
  const identity = identities[index];
  const times = timesApplied(state, identity) + 1;
  const isKnown = params.sink === "idempotent" && times > 1 && isRemembered(state, identity, times - 1);
  if (!isHandled(state, index)) state.handledAt[index] = state.handled.push(index);
  if (isKnown) return { code: "sink.ignored", outcome: "ignored", data: { times } };
  const place = state.applied.push(index);
  if (times === 1) state.firsts[identity] = place;
  else remember(state.repeats, identity, times - 2, place);
  if (times > 1) state.repeated += 1;
  state.total += amountOf(log[index], params.field);
  if (times === 1) return { code: "sink.applied", outcome: "applied", data: { times } };
  return { code: "sink.repeated", outcome: "again", data: { times, isForgotten: params.sink === "idempotent", first: log[identity].offset } };
}

function remember(repeats, identity, at, place) {
  const places = repeats.get(identity);
  if (places) places[at] = place;
  else repeats.set(identity, [place]);
}

function timesApplied(state, identity) {
  const { length } = state.applied;
  const first = state.firsts[identity];
  if (first < 0 || first >= length) return 0;
  return countBefore(state.repeats.get(identity) ?? [], (place) => place < length) + 1;
}

function isRemembered(state, identity, times) {
  const { remember: most } = state.input.params;
  const latest = times === 1 ? state.firsts[identity] : state.repeats.get(identity)?.[times - 2] ?? -1;
  return most === null || latest >= state.applied.length - most;
}

export function isHandled({ handledAt, handled }, index) {
  return handledAt[index] >= 0 && handledAt[index] < handled.length;
}

/** The index of a record that is committed and about to be processed, or −1. */
export function inHand(state) {
  const isAhead = state.phase === 1 && !state.isDown && state.input.params.semantics === "at-most-once";
  return isAhead && !isHandled(state, state.position) ? state.position : -1;
}

/** How many they are. At most one record at or beyond `top` has been handled: the one that is being read. */
export function countLost(state) {
  const beyond = state.top < state.input.log.length && isHandled(state, state.top) ? 1 : 0;
  return state.top - (state.handled.length - beyond) - (inHand(state) < 0 ? 0 : 1);
}

/** How often a record's identity has taken effect, and whether it was passed over. */
export function fateOf(state, index) {
  const isGone = index < state.top && index !== inHand(state) && !isHandled(state, index);
  return { times: timesApplied(state, state.input.identities[index]), isGone, isHandled: isHandled(state, index) };
}

/** What the sink's sum should be: every record that is done with, each identity once. */
export function expectedTotal(state) {
  const { expected, log } = state.input;
  const hand = inHand(state);
  const skip = hand >= 0 && hand === state.top - 1 ? 1 : 0;
  const beyond = state.top < log.length && isHandled(state, state.top) ? 1 : 0;
  return expected[state.top - skip + beyond];
}

/**
 * The same shop kept twice: by the events that it decided on, and by the commands that it was given. Both are run side by
 * side and rebuilt at the same moments. Applying an event again repeats its outcome; handling a command again decides anew,
 * under the rules and the answers of that day, and acts on the outside world once more.
 */
import { scene } from "../command_sourcing_scene.js";
import { effectOf, orderAfter, PURCHASE_RULES } from "../purchase_rules.js";
import { lowest } from "../records.js";
import { Tape, VersionedMap } from "../timeline.js";

/** @typedef {import("../purchase_rules.js").Decision} Decision */
/** @typedef {import("../purchase_rules.js").Order} Order */
/** @typedef {import("../purchase_rules.js").Effect} Effect */
/** @typedef {{ charges: number, charged: number, refunds: number, refunded: number, parcels: number }} Effects */
/**
 * @typedef {object} Shop
 * @property {VersionedMap<Order>} orders
 * @property {Tape<Decision>} decisions the first one about each command
 * @property {VersionedMap<number>} charged how often each order's card was charged
 * @property {Effects} effects all that it did to the outside world
 */

const REDO = -1;
const MOST_REPLAYS = 10;
/** A longer rebuild takes several commands in each of its steps. */
const STEPS_OF_REPLAY = 200;
const DEFAULT_RULES = { PlaceOrder: "place", ShipOrder: "ship", CancelOrder: "cancel" };
/** @type {Effects} */
const NO_EFFECTS = Object.freeze({ charges: 0, charged: 0, refunds: 0, refunded: 0, parcels: 0 });

/**
 * Parameters: `vatPercent` (the rate at the start), `rulesBy` (`now`: a command that is handled again is decided by the rate
 * of today; `date`: by the rate of the moment at which it came), `gateway` (`live`: a rebuild asks the bank and acts outside
 * again; `recorded`: it does neither, and uses the answers of the first time), `rules` (command type → one of place, ship,
 * cancel).
 *
 * Interventions: `change-rate` (the VAT rate from here on), `block-card` (the bank declines a card from here on), `replay`
 * (both rebuild their orders, each from its own log; at most 10 in a run).
 *
 * A command is a record: `key` the order, `type` the command, `value` its data. Placing an order needs `net` in pence; `card`
 * and `atMost`, the most that the customer will pay, are optional. VAT is rounded to whole pence, half up.
 *
 * Result: `{ commands, replays: [{at, changed, charges, refunds, parcels}], changed: [{command, was, now}], eventSourced,
 * commandSourced, differing: [key…], chargedAgain: [key…] }`. Each of the two is `{ orders: {key: {status, gross}}, effects:
 * {charges, charged, refunds, refunded, parcels} }`. `changed` holds the decisions that came out otherwise when they were
 * last redone, as `{outcome, gross}`: `outcome` is `accepted` or the reason of a refusal. `differing`: orders about which the two say
 * different things; `chargedAgain`: orders whose card the command-sourced shop charged more than once.
 */
export const model = {
  id: "command_sourcing",
  title: "Command sourcing",
  log: "required",
  params: [
    { name: "vatPercent", type: "number", default: 20, min: 0, max: 100, step: 0.5, unit: "%", label: { engineer: "VAT rate at the start", manager: "VAT rate at the start" } },
    {
      name: "rulesBy", type: "choice", default: "now",
      choices: [
        { value: "now", label: { engineer: "the rules of today", manager: "the rules of today" } },
        { value: "date", label: { engineer: "the rules of its own date", manager: "the rules of the day on which it came" } },
      ],
      label: { engineer: "a command handled again is decided by", manager: "a request that is gone through again is decided by" },
    },
    {
      name: "gateway", type: "choice", default: "live",
      choices: [
        { value: "live", label: { engineer: "called again", manager: "asked and told again" } },
        { value: "recorded", label: { engineer: "not called; recorded answers are used", manager: "left alone; the old answers are looked up" } },
      ],
      label: { engineer: "outside systems in a rebuild are", manager: "bank and carrier are meanwhile" },
    },
    { name: "rules", type: "strings", default: DEFAULT_RULES, label: { engineer: "rule for each command type", manager: "what each request means" } },
  ],
  interventions: [
    { kind: "change-rate", label: { engineer: "Change the VAT rate", manager: "Change the VAT rate" }, params: [{ name: "percent", type: "number", default: 25, min: 0, max: 100, step: 0.5, unit: "%", label: { engineer: "new rate", manager: "new rate" } }] },
    { kind: "block-card", label: { engineer: "Let the bank decline a card", manager: "A customer's card is blocked" }, params: [{ name: "card", type: "string", default: "card-anna", label: { engineer: "card", manager: "card" } }] },
    { kind: "replay", label: { engineer: "Rebuild state from both logs", manager: "Work everything out again, both ways" }, params: [] },
  ],
  prepare, plan, start, step, copy, scene, result, checks,
};

function prepare(input) {
  const rules = Object.entries(input.params.rules).filter(([type, rule]) => {
    if (Object.hasOwn(PURCHASE_RULES, rule)) return true;
    input.problems.push({ path: `/params/rules/${type}`, message: `rules had "${rule}" for "${type}": it must be one of ${Object.keys(PURCHASE_RULES).join(", ")}, so it is left out` });
    return false;
  });
  const replays = input.interventions.filter(({ kind }) => kind === "replay");
  const refused = new Set(replays.slice(MOST_REPLAYS));
  if (refused.size > 0) input.problems.push({ path: "/interventions", message: `interventions had ${replays.length} rebuilds: the most is ${MOST_REPLAYS}, so the rest is left out` });
  return {
    ...input,
    params: Object.freeze({ ...input.params, rules: Object.freeze(Object.fromEntries(rules)) }),
    interventions: input.interventions.filter((one) => !refused.has(one)),
  };
}

/** Actions as numbers: a record's index, REDO, or −2 − an intervention's place. */
function plan({ log, interventions }) {
  const actions = [];
  let next = 0;
  for (let index = 0; index <= log.length; index++) {
    for (; next < interventions.length && interventions[next].at <= index; next++) {
      actions.push(-2 - next);
      if (interventions[next].kind === "replay") for (let i = 0; i < index; i += strideOf(index)) actions.push(REDO);
    }
    if (index < log.length) actions.push(index);
  }
  return {
    length: actions.length,
    action(i) {
      const code = actions[i];
      if (code >= 0) return { record: log[code], time: log[code].time };
      return code === REDO ? { redo: true } : { intervention: interventions[-2 - code] };
    },
  };
}

/** How many of so many commands each step of a rebuild takes. */
const strideOf = (commands) => Math.max(1, Math.ceil(commands / STEPS_OF_REPLAY));

/** @returns {Shop} */
function newShop() {
  return { orders: new VersionedMap(), decisions: new Tape(), charged: new VersionedMap(), effects: NO_EFFECTS };
}

const copyShop = (shop) => ({ ...shop, orders: shop.orders.copy(), decisions: shop.decisions.copy(), charged: shop.charged.copy() });

function start(input) {
  const { rules, vatPercent } = input.params;
  const rates = /** @type {Tape<{ from: number, percent: number }>} */ (new Tape());
  rates.push({ from: 0, percent: vatPercent });
  return {
    input,
    rules: new Map(Object.entries(rules).map(([type, rule]) => [type, PURCHASE_RULES[rule]])),
    /** The rates that there were, each from a command's index on. */
    rates,
    blocked: /** @type {VersionedMap<true>} */ (new VersionedMap()),
    /** How many commands have come. */
    handled: 0,
    eventSourced: newShop(),
    commandSourced: newShop(),
    /** A rebuild that is under way: { next, until, before, changed }. */
    replay: null,
    replays: new Tape(),
    /** What came out otherwise in the last rebuild. */
    changed: new Tape(),
    /** What this step is about: { index, key, kind }. */
    focus: { index: -1, key: null, kind: "none" },
  };
}

function copy(state) {
  return {
    ...state,
    rates: state.rates.copy(), blocked: state.blocked.copy(), replays: state.replays.copy(), changed: state.changed.copy(),
    eventSourced: copyShop(state.eventSourced), commandSourced: copyShop(state.commandSourced),
    replay: state.replay && { ...state.replay },
  };
}

function step(state, { record, redo, intervention }, quiet) {
  if (intervention) return INTERVENTIONS[intervention.kind](state, intervention);
  return redo ? rebuild(state, quiet) : receive(state, record, quiet);
}

/** Decides a new command in both shops. */
function receive(state, record, quiet) {
  const index = state.handled++;
  const terms = { percent: state.rates.at(state.rates.length - 1).percent, ask: (card) => askBank(state, card) };
  for (const shop of [state.eventSourced, state.commandSourced]) {
    const decision = decide(state, shop, record, terms);
    shop.decisions.push(decision);
    take(shop, record.key, decision, true);
  }
  state.focus = { index, key: record.key, kind: "command" };
  return quiet ? [] : tell(state, record, index, terms.percent);
}

/** @returns {Decision} */
function decide(state, shop, { key, type, value }, terms) {
  const rule = state.rules.get(type);
  if (rule === undefined) return { event: null, reason: "unknown-command", answer: null };
  if (key === null) return { event: null, reason: "no-order-named", answer: null };
  return rule(shop.orders.get(key), value, terms);
}

/** Lets a decision take hold, outside too if it acts. @returns {Effect | null} what it did outside */
function take(shop, key, { event }, acts) {
  if (event === null) return null;
  shop.orders.set(key, orderAfter(event));
  if (!acts) return null;
  const effect = effectOf(event);
  shop.effects = added(shop.effects, effect);
  if (effect.kind === "charge") shop.charged.set(key, (shop.charged.get(key) ?? 0) + 1);
  return effect;
}

/** @param {Effects} effects @param {Effect} effect @returns {Effects} */
function added(effects, { kind, amount }) {
  if (kind === "charge") return { ...effects, charges: effects.charges + 1, charged: effects.charged + amount };
  if (kind === "refund") return { ...effects, refunds: effects.refunds + 1, refunded: effects.refunded + amount };
  return { ...effects, parcels: effects.parcels + 1 };
}

const askBank = (state, card) => card === null || state.blocked.get(card) !== true;

function tell(state, record, index, percent) {
  const [told, other] = [state.eventSourced.decisions.at(index), state.commandSourced.decisions.at(index)];
  const refs = [`record:${record.offset}`, `order:${record.key}`];
  const about = { command: record.offset, type: record.type || "a command", key: record.key };
  /** @type {any[]} */
  const facts = [{ code: told.event ? "purchase.accepted" : "purchase.refused", refs, data: { ...about, ...summary(told), event: told.event?.type ?? null, percent } }];
  if (!sameOutcome(told, other)) facts.push({ code: "shops.disagreed", refs, data: { ...about, kept: summary(told), redone: summary(other) } });
  return facts;
}

/** @param {Decision} decision */
const summary = ({ event, reason }) => ({ outcome: event === null ? reason : "accepted", gross: event?.gross ?? null });
/** @param {Decision} a @param {Decision} b */
const sameOutcome = (a, b) => a.event?.type === b.event?.type && a.event?.gross === b.event?.gross && a.reason === b.reason;

/** Takes the next commands of a rebuild: one shop applies what it decided, the other decides again. */
function rebuild(state, quiet) {
  const { replay } = state;
  const until = Math.min(replay.until, replay.next + strideOf(replay.until));
  const isSingle = until - replay.next === 1;
  const facts = [];
  for (; replay.next < until; replay.next++) {
    facts.push(...redo(state, replay.next, quiet || !isSingle));
  }
  if (!isSingle && !quiet) facts.push({ code: "rebuild.advanced", refs: [], data: { done: until, of: replay.until, changed: state.changed.length, charges: chargesSince(state) } });
  return replay.next === replay.until ? [finish(state), ...facts] : facts;
}

function redo(state, index, quiet) {
  const record = state.input.log[index];
  const { eventSourced, commandSourced } = state;
  const { rulesBy, gateway } = state.input.params;
  take(eventSourced, record.key, eventSourced.decisions.at(index), false);

  const first = commandSourced.decisions.at(index);
  const percent = rulesBy === "date" ? rateAt(state.rates, index) : state.rates.at(state.rates.length - 1).percent;
  const ask = gateway === "recorded" ? () => first.answer : (card) => askBank(state, card);
  const again = decide(state, commandSourced, record, { percent, ask });
  const effect = take(commandSourced, record.key, again, gateway === "live");
  const isSame = sameOutcome(first, again);
  if (!isSame) state.changed.push({ command: record.offset, was: summary(first), now: summary(again) });
  state.focus = { index, key: record.key, kind: "redo" };
  if (quiet) return [];

  const refs = [`record:${record.offset}`, `order:${record.key}`];
  const about = { command: record.offset, type: record.type || "a command", key: record.key };
  const kept = eventSourced.decisions.at(index);
  /** @type {any[]} */
  const facts = [
    { code: "outcome.kept", refs: [...refs, `event:${record.offset}`], data: { ...about, event: kept.event?.type ?? null, gross: kept.event?.gross ?? null } },
    { code: isSame ? "decision.repeated" : "decision.changed", refs, data: { ...about, kept: summary(kept), was: summary(first), now: summary(again), percent, effect } },
  ];
  if (effect) facts.push({ code: "effect.repeated", refs: [`order:${record.key}`, `effect:${effect.kind}`], data: { key: record.key, ...effect } });
  return facts;
}

/** The rate when a command came, by its index. @returns {number} */
function rateAt(rates, index) {
  return rates.at(lowest(rates.length, (i) => rates.at(i).from > index) - 1).percent;
}

const chargesSince = (state) => state.commandSourced.effects.charges - state.replay.before.charges;

function finish(state) {
  const { effects } = state.commandSourced;
  const { before, until } = state.replay;
  const done = {
    at: until, changed: state.changed.length,
    charges: effects.charges - before.charges, refunds: effects.refunds - before.refunds, parcels: effects.parcels - before.parcels,
  };
  state.replays.push(done);
  state.replay = null;
  return { code: "rebuild.finished", refs: [], data: { ...done, amount: effects.charged - before.charged } };
}

const INTERVENTIONS = {
  "change-rate"(state, { percent }) {
    const before = state.rates.at(state.rates.length - 1).percent;
    state.rates.push({ from: state.handled, percent });
    state.focus = { index: -1, key: null, kind: "rate" };
    return [{ code: "rate.changed", refs: [], data: { before, percent } }];
  },
  "block-card"(state, { card }) {
    state.blocked.set(card, true);
    state.focus = { index: -1, key: null, kind: "card" };
    return [{ code: "card.blocked", refs: [], data: { card } }];
  },
  replay(state) {
    const { eventSourced, commandSourced, handled } = state;
    eventSourced.orders = new VersionedMap();
    commandSourced.orders = new VersionedMap();
    state.changed = new Tape();
    state.replay = { next: 0, until: handled, before: commandSourced.effects };
    state.focus = { index: -1, key: null, kind: "replay" };
    const { rulesBy, gateway } = state.input.params;
    const began = { code: "rebuild.began", refs: [], data: { commands: handled, rulesBy, gateway } };
    return handled === 0 ? [began, finish(state)] : [began];
  },
};

function result(state) {
  return {
    commands: state.handled,
    replays: state.replays.slice(),
    changed: state.changed.slice(),
    eventSourced: report(state.eventSourced),
    commandSourced: report(state.commandSourced),
    differing: differing(state.eventSourced.orders, state.commandSourced.orders),
    chargedAgain: chargedAgain(state.commandSourced),
  };
}

/** @param {Shop} shop */
function report({ orders, effects }) {
  return { orders: Object.fromEntries(orders.keys.slice().map((key) => [key, { ...orders.get(key) }])), effects: { ...effects } };
}

/** @param {Shop} shop @returns {string[]} */
const chargedAgain = ({ charged }) => charged.keys.slice().filter((key) => (charged.get(key) ?? 0) > 1);

/** @param {VersionedMap<Order>} one @param {VersionedMap<Order>} other @returns {string[]} */
function differing(one, other) {
  const all = new Set([...one.keys.slice(), ...other.keys.slice()]);
  return [...all].filter((key) => {
    const [a, b] = [one.get(key), other.get(key)];
    return a?.status !== b?.status || a?.gross !== b?.gross;
  });
}

function checks(state) {
  const lost = [untold(state, state.eventSourced), untold(state, state.commandSourced)];
  const again = chargedAgain(state.commandSourced);
  const { eventSourced } = state;
  const first = eventSourced.decisions.slice().filter(({ event }) => event?.type === "OrderPlaced").length;
  return [
    { id: "events-keep-decisions", holds: lost[0].length === 0, detail: said("orders that no longer stand as they were decided", lost[0]) },
    { id: "commands-decide-alike", holds: lost[1].length === 0, detail: said("orders that no longer stand as they were decided", lost[1]) },
    { id: "events-act-once", holds: eventSourced.effects.charges === first, detail: `${eventSourced.effects.charges} charges for ${first} orders that were accepted` },
    { id: "commands-act-once", holds: again.length === 0, detail: said("orders whose card was charged again", again) },
  ];
}

const said = (what, keys) => `${what}: ${keys.slice(0, 20).join(", ") || "none"}`;

/** The orders of a shop that differ from what its first decisions say, as far as a rebuild has come. @param {any} state @param {Shop} shop */
function untold(state, shop) {
  const told = new VersionedMap();
  const until = state.replay?.next ?? state.handled;
  for (let i = 0; i < until; i++) {
    const event = shop.decisions.at(i)?.event;
    if (event) told.set(state.input.log[i].key, orderAfter(event));
  }
  return differing(told, shop.orders);
}

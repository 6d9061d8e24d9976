/**
 * Commands against aggregates: each is decided on a state that was loaded at a version, and what it brings about is appended
 * only if that version still stands. Without the check, two decisions on the same state both take hold.
 */
import { scene } from "../command_handling_scene.js";
import { changeArticle, changeOrder, RULES } from "../order_rules.js";
import { interleave } from "../run.js";
import { Tape, VersionedMap } from "../timeline.js";

/** @typedef {import("../order_rules.js").Order} Order */
/** @typedef {import("../order_rules.js").Article} Article */
/** @typedef {{ offset: number, type: string, on: "order" | "article", id: string, command: number | null, data: any }} DomainEvent */
/** @typedef {{ on: "order" | "article", id: string, expected: number, actual: number }} Conflict */
/**
 * @typedef {object} Outcome
 * @property {number} command offset of the record
 * @property {string} type
 * @property {string | null} key
 * @property {string | null} article that the command is about
 * @property {"accepted" | "refused" | "conflict"} status
 * @property {string | null} reason
 * @property {{ order: number, article: number }} seen the versions that it was decided on
 * @property {Conflict | null} conflict that it met
 * @property {boolean} retried
 * @property {Conflict | null} stale what it was decided on, although that had changed
 * @property {DomainEvent[]} events
 * @property {{ rule: string, on: string, id: string, amount: number }[]} broken
 */

const NOTHING = Object.freeze({ outcome: null, order: null, article: null });
const DEFAULT_RULES = { PlaceOrder: "create", AddItem: "add", CapturePayment: "pay", ShipOrder: "ship", CancelOrder: "cancel", RefundOrder: "refund" };

/**
 * Parameters: `versionCheck`, `aggregates` (`order`: only an order has a version that is checked; `order-and-article`: an
 * article's stock too), `retry` (whether a command that met a conflict is decided again on the new state), `stock` (article → pieces),
 * `rules` (command type → one of create, add, pay, ship, cancel, refund).
 *
 * Interventions: `collide` (the next commands load before any of them saves), `restock`.
 *
 * A command is a record: `key` the order, `type` the command, `value` its data. A number `seenVersion` in the value of an
 * `add` is the version of the article's stock that it was decided on.
 *
 * Result: `{ accepted, refusals: [{command, reason}], conflicts: [{command, on, id, expected, actual, then}], events:
 * [{offset, type, on, id, command}], orders: {key: {status, due, paid, refunded, version}}, stock: {article: {left, version}},
 * broken: [{rule, id}] }`. `command` is the record's offset; `then` is what the command came to in the end: `accepted`,
 * `refused` or `conflict`.
 */
export const model = {
  id: "command_handling",
  title: "Command handling",
  log: "required",
  params: [
    { name: "versionCheck", type: "boolean", default: true, label: { engineer: "check the version before appending", manager: "make sure that nobody decided in between" } },
    {
      name: "aggregates", type: "choice", default: "order-and-article",
      choices: [
        { value: "order", label: { engineer: "the order", manager: "the order" } },
        { value: "order-and-article", label: { engineer: "the order, and the article's stock", manager: "the order, and the stock of the article" } },
      ],
      label: { engineer: "aggregates, each with a version", manager: "what is guarded as one whole" },
    },
    { name: "retry", type: "boolean", default: false, label: { engineer: "decide again after a conflict", manager: "try again after a clash" } },
    { name: "stock", type: "map", default: { teapot: 3, mug: 12, kettle: 2, lamp: 1 }, min: 0, max: 1_000_000, label: { engineer: "stock at the start", manager: "pieces in stock at the start" } },
    { name: "rules", type: "strings", default: DEFAULT_RULES, label: { engineer: "rule for each command type", manager: "what each instruction means" } },
  ],
  interventions: [
    {
      kind: "collide", label: { engineer: "Load the next commands at once", manager: "Let the next ones decide at the same moment" },
      params: [{ name: "commands", type: "integer", default: 2, min: 2, max: 10, label: { engineer: "how many", manager: "how many" } }],
    },
    {
      kind: "restock", label: { engineer: "Receive stock", manager: "A delivery arrives" },
      params: [
        { name: "article", type: "string", default: "lamp", label: { engineer: "article", manager: "article" } },
        { name: "quantity", type: "integer", default: 1, min: 1, max: 1_000_000, label: { engineer: "quantity", manager: "pieces" } },
      ],
    },
  ],
  prepare, plan: interleave, start, step, copy, scene, result, checks,
};

function prepare(input) {
  const rules = Object.entries(input.params.rules).filter(([type, rule]) => {
    if (Object.hasOwn(RULES, rule)) return true;
    input.problems.push({ path: `/params/rules/${type}`, message: `rules had "${rule}" for "${type}": it must be one of ${Object.keys(RULES).join(", ")}, so it is left out` });
    return false;
  });
  return { ...input, params: Object.freeze({ ...input.params, rules: Object.freeze(Object.fromEntries(rules)) }) };
}

function start(input) {
  const articles = /** @type {VersionedMap<Article>} */ (new VersionedMap());
  for (const [article, left] of Object.entries(input.params.stock)) articles.set(article, { left });
  return {
    input,
    orders: /** @type {VersionedMap<Order>} */ (new VersionedMap()),
    articles,
    events: /** @type {Tape<DomainEvent>} */ (new Tape()),
    outcomes: /** @type {Tape<Outcome>} */ (new Tape()),
    /** What the next commands see, if they load together: { left, orders, articles }. */
    pinned: null,
    last: NOTHING,
    rules: new Map(Object.entries(input.params.rules).map(([type, rule]) => [type, RULES[rule]])),
    /** Whether an article's version is checked too. */
    guarded: input.params.aggregates === "order-and-article",
  };
}

function copy(state) {
  return { ...state, orders: state.orders.copy(), articles: state.articles.copy(), events: state.events.copy(), outcomes: state.outcomes.copy() };
}

function step(state, { record, intervention }, quiet) {
  if (intervention) return intervention.kind === "collide" ? collide(state, intervention) : restock(state, intervention);
  const outcome = handle(state, record);
  state.outcomes.push(outcome);
  state.last = { outcome, order: outcome.key, article: outcome.article };
  return quiet ? [] : tell(state, outcome);
}

/** Decides a command, a second time if it met a conflict and may, and appends what it brings about. @returns {Outcome} */
function handle(state, record) {
  const rule = state.rules.get(record.type) ?? null;
  const { sku, seenVersion } = record.value ?? {};
  const article = rule === RULES.add && typeof sku === "string" ? sku : null;
  const seen = versionsOf(state.pinned ?? state, record.key, article);
  if (Number.isSafeInteger(seenVersion) && seenVersion >= 0) seen.article = seenVersion;
  if (state.pinned) state.pinned = state.pinned.left > 1 ? { ...state.pinned, left: state.pinned.left - 1 } : null;

  /** @type {Outcome} */
  const outcome = { command: record.offset, type: record.type, key: record.key, article, status: "refused", reason: null, seen, conflict: null, retried: false, stale: null, events: [], broken: [] };
  let decision = decide(state, record, rule, article, seen);
  if (typeof decision !== "string") {
    const { versionCheck, retry } = state.input.params;
    outcome.stale = movedOn(state, record.key, article, seen, state.guarded);
    if (versionCheck && outcome.stale !== null) {
      outcome.conflict = outcome.stale;
      if (!retry) return { ...outcome, status: "conflict" };
      outcome.retried = true;
      outcome.stale = null;
      outcome.seen = versionsOf(state, record.key, article);
      decision = decide(state, record, rule, article, outcome.seen);
    } else if (outcome.stale === null) outcome.stale = movedOn(state, record.key, article, seen, true);
  }
  if (typeof decision === "string") return { ...outcome, reason: decision };
  outcome.status = "accepted";
  const before = broken(state, record.key, decision);
  for (const event of decision) outcome.events.push(append(state, event, event.on === "order" ? record.key : event.data.sku, record.offset));
  const now = broken(state, record.key, decision);
  if (now.length > 0) outcome.broken = now.filter((one) => !before.some((other) => other.rule === one.rule && other.id === one.id));
  return outcome;
}

/** What a command's rule says about the state that it saw: new events, or why not. */
function decide(state, { key, value }, rule, article, seen) {
  if (rule === null) return "unknown-command";
  if (key === null) return "no-order-named";
  const order = state.orders.get(key, seen.order);
  if (article === null) return rule({ order, article: undefined }, value);
  return rule({ order, article: state.articles.get(article, Math.min(seen.article + 1, state.articles.versions(article))) }, value);
}

/** How often each aggregate that a command reads has changed. */
function versionsOf(view, key, article) {
  return { order: key === null ? 0 : view.orders.versions(key), article: article === null ? 0 : Math.max(0, view.articles.versions(article) - 1) };
}

/** The aggregate that has changed since it was seen, the article counting only if asked for. @returns {Conflict | null} */
function movedOn(state, key, article, seen, withArticle) {
  const now = versionsOf(state, key, article);
  if (now.order !== seen.order) return { on: "order", id: key, expected: seen.order, actual: now.order };
  if (!withArticle || article === null || now.article === seen.article) return null;
  return { on: "article", id: article, expected: seen.article, actual: now.article };
}

function append(state, { on, type, data }, id, command) {
  const event = { offset: state.events.length, type, on, id, command, data };
  state.events.push(event);
  if (on === "order") state.orders.set(id, changeOrder(state.orders.get(id), event));
  else state.articles.set(id, changeArticle(state.articles.get(id), event));
  return event;
}

/** A step's facts: the conflict, what the command came to, the rules that are broken since. */
function tell(state, { command, type: name, key, status, reason, seen, conflict, retried, stale, events, broken: alarms }) {
  const type = name || "a command";
  const refs = [`record:${command}`, ...(key === null ? [] : [`order:${key}`])];
  const facts = [];
  if (conflict) facts.push({ code: "conflict.detected", refs: [`record:${command}`, `${conflict.on}:${conflict.id}`], data: { ...conflict, command, type, key, retried } });
  if (status === "refused") facts.push({ code: "command.refused", refs, data: { command, type, key, reason, version: seen.order } });
  if (status === "accepted") {
    const data = { command, type, key, events: events.map((event) => event.type), version: state.orders.versions(key), stale };
    facts.push({ code: "command.accepted", refs: [...refs, ...events.map((event) => `event:${event.offset}`)], data });
  }
  for (const one of alarms) facts.push({ code: "rule.broken", refs: [`${one.on}:${one.id}`], data: one });
  return facts;
}

function collide(state, { commands }) {
  state.pinned = { left: commands, orders: state.orders.copy(), articles: state.articles.copy() };
  state.last = NOTHING;
  return [{ code: "commands.collided", refs: [], data: { commands } }];
}

function restock(state, { article, quantity }) {
  if (state.articles.versions(article) === 0) state.articles.set(article, { left: 0 });
  const event = append(state, { on: "article", type: "StockReceived", data: { sku: article, quantity } }, article, null);
  state.last = { ...NOTHING, article };
  const data = { article, quantity, left: state.articles.get(article).left, version: state.articles.versions(article) - 1 };
  return [{ code: "stock.received", refs: [`article:${article}`, `event:${event.offset}`], data }];
}

/** The rules that the aggregates which a decision touches break at this moment. */
function broken(state, key, decision) {
  const found = [];
  for (const event of decision) {
    if (event.on !== "article") continue;
    const { left } = state.articles.get(event.data.sku);
    if (left < 0) found.push({ rule: "never-oversold", on: "article", id: event.data.sku, amount: -left });
  }
  const order = state.orders.get(key);
  if (order && order.paid > order.due) found.push({ rule: "paid-once", on: "order", id: key, amount: order.paid - order.due });
  if (order && order.refunded > order.paid) found.push({ rule: "refunds-covered", on: "order", id: key, amount: order.refunded - order.paid });
  return found;
}

function result(state) {
  const outcomes = state.outcomes.slice();
  return {
    accepted: outcomes.filter(({ status }) => status === "accepted").length,
    refusals: outcomes.filter(({ status }) => status === "refused").map(({ command, reason }) => ({ command, reason })),
    conflicts: outcomes.filter(({ conflict }) => conflict !== null).map(({ command, conflict, status }) => ({ command, ...conflict, then: status })),
    events: state.events.slice().map(({ offset, type, on, id, command }) => ({ offset, type, on, id, command })),
    orders: table(state.orders, ({ status, due, paid, refunded }, version) => ({ status, due, paid, refunded, version })),
    stock: table(state.articles, ({ left }, version) => ({ left, version: version - 1 })),
    broken: verify(state).broken,
  };
}

function table(map, row) {
  return Object.fromEntries(map.keys.slice().map((key) => [key, row(map.get(key), map.versions(key))]));
}

/**
 * What the events alone say, added up without the rules and without the states: which promises hold.
 * @returns {{ broken: { rule: string, id: string }[], unbalanced: string[] }}
 */
function verify(state) {
  const orders = new Map();
  const stock = new Map(Object.entries(state.input.params.stock).map(([id, left]) => [id, { left, lowest: left }]));
  for (const { type, on, id, data } of state.events.slice()) {
    if (on === "order") {
      const sums = orders.get(id) ?? { due: 0, paid: 0, refunded: 0, ends: new Set() };
      if (type === "ItemAdded") sums.due += data.quantity * data.price;
      if (type === "PaymentCaptured") sums.paid += data.amount;
      if (type === "PaymentRefunded") sums.refunded += data.amount;
      if (type === "OrderShipped" || type === "OrderCancelled") sums.ends.add(type);
      orders.set(id, sums);
    } else {
      const article = stock.get(id) ?? { left: 0, lowest: 0 };
      article.left += type === "StockReserved" ? -data.quantity : data.quantity;
      article.lowest = Math.min(article.lowest, article.left);
      stock.set(id, article);
    }
  }
  const broken = [];
  for (const [id, { lowest }] of stock) if (lowest < 0) broken.push({ rule: "never-oversold", id });
  for (const [id, { due, paid, refunded, ends }] of orders) {
    if (paid > due) broken.push({ rule: "paid-once", id });
    if (refunded > paid) broken.push({ rule: "refunds-covered", id });
    if (ends.size > 1) broken.push({ rule: "shipped-or-cancelled", id });
  }
  return { broken, unbalanced: [...stock].filter(([id, { left }]) => left !== state.articles.get(id)?.left).map(([id]) => id) };
}

function checks(state) {
  const { broken: rules, unbalanced } = verify(state);
  const outcomes = state.outcomes.slice();
  const effects = new Set(state.events.slice().map(({ command }) => command));
  const strays = outcomes.filter(({ command, status }) => status !== "accepted" && effects.has(command)).length;
  const silent = outcomes.filter(({ command, status, reason, conflict }) => (status === "accepted" ? !effects.has(command) : reason === null && conflict === null)).length;
  const promise = (id) => {
    const ids = rules.filter(({ rule }) => rule === id).map((one) => one.id);
    return { id, holds: ids.length === 0, detail: ids.length === 0 ? "holds everywhere" : `broken for ${ids.slice(0, 20).join(", ")}` };
  };
  return [
    promise("never-oversold"),
    promise("paid-once"),
    promise("refunds-covered"),
    promise("shipped-or-cancelled"),
    { id: "refusal-leaves-no-trace", holds: strays === 0, detail: `${strays} commands that were not accepted left events` },
    { id: "every-command-answered", holds: silent === 0, detail: `${silent} of ${outcomes.length} commands ended without an event, a reason or a conflict` },
    { id: "events-explain-stock", holds: unbalanced.length === 0, detail: unbalanced.length === 0 ? "the events add up to the stock" : `they do not add up for ${unbalanced.join(", ")}` },
  ];
}

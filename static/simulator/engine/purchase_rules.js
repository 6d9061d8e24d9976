/**
 * How a shop decides about purchases, for the model `command_sourcing`: pure decisions, what they change, and what they do to
 * the world outside.
 *
 * A decision reads the orders, the rate of VAT and the bank's answer. Those are what a later decision about the same command
 * may find changed.
 */

/** @typedef {{ status: "placed" | "shipped" | "cancelled", gross: number }} Order */
/** @typedef {{ type: "OrderPlaced" | "OrderShipped" | "OrderCancelled", gross: number, percent: number | null }} PurchaseEvent */
/** @typedef {{ event: PurchaseEvent | null, reason: string | null, answer: boolean | null }} Decision `answer`: what the bank said, null if it was not asked */
/** @typedef {{ percent: number, ask: (card: string | null) => boolean | null }} Terms */
/** @typedef {{ kind: "charge" | "refund" | "parcel", amount: number }} Effect */

/** Beyond this, amounts in pence are no longer whole. */
const MOST = 1e12;

/** What a command means, by the name of its rule. */
export const PURCHASE_RULES = Object.freeze({ place, ship, cancel });

/** @param {string} reason @param {boolean | null} [answer] @returns {Decision} */
const refused = (reason, answer = null) => ({ event: null, reason, answer });

/** @param {Order | undefined} order @param {any} value @param {Terms} terms @returns {Decision} */
function place(order, value, { percent, ask }) {
  if (order) return refused("exists-already");
  const net = value?.net;
  if (!Number.isFinite(net) || net <= 0 || net > MOST) return refused("incomplete");
  const gross = net + Math.round((net * percent) / 100);
  if (Number.isFinite(value.atMost) && gross > value.atMost) return refused("over-the-limit");
  const answer = ask(typeof value.card === "string" ? value.card : null);
  if (answer === null) return refused("no-answer-kept");
  return answer ? { event: { type: "OrderPlaced", gross, percent }, reason: null, answer } : refused("card-declined", answer);
}

/** @param {Order | undefined} order @returns {Decision} */
function ship(order) {
  return closed(order) ?? { event: { type: "OrderShipped", gross: /** @type {Order} */ (order).gross, percent: null }, reason: null, answer: null };
}

/** @param {Order | undefined} order @returns {Decision} */
function cancel(order) {
  return closed(order) ?? { event: { type: "OrderCancelled", gross: /** @type {Order} */ (order).gross, percent: null }, reason: null, answer: null };
}

/** @param {Order | undefined} order @returns {Decision | null} why nothing more can be done about it */
function closed(order) {
  if (!order) return refused("no-such-order");
  if (order.status === "shipped") return refused("shipped-already");
  return order.status === "cancelled" ? refused("cancelled") : null;
}

const STATUS = Object.freeze({ OrderPlaced: "placed", OrderShipped: "shipped", OrderCancelled: "cancelled" });
const EFFECT = Object.freeze({ OrderPlaced: "charge", OrderShipped: "parcel", OrderCancelled: "refund" });

/** @param {PurchaseEvent} event @returns {Order} */
export function orderAfter({ type, gross }) {
  return { status: /** @type {Order["status"]} */ (STATUS[type]), gross };
}

/** @param {PurchaseEvent} event @returns {Effect} what must happen outside, once it is decided */
export function effectOf({ type, gross }) {
  return { kind: /** @type {Effect["kind"]} */ (EFFECT[type]), amount: type === "OrderShipped" ? 0 : gross };
}

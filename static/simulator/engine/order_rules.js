/**
 * The rules of an order and of an article in stock: pure decisions and their effects, for the model `command_handling`.
 *
 * A decision reads states and returns events or the reason of a refusal; an effect applies an event to a state. Neither knows
 * of versions, of a log or of the time.
 */

/** @typedef {{ status: "open" | "paid" | "shipped" | "cancelled", due: number, paid: number, refunded: number, reserved: Record<string, number> }} Order */
/** @typedef {{ left: number }} Article */
/** @typedef {{ order: Order | undefined, article: Article | undefined }} Seen */
/** @typedef {{ on: "order" | "article", type: string, data: any }} NewEvent */

/** What a command means, by the name of its rule. */
export const RULES = Object.freeze({ create, add, pay, ship, cancel, refund });

/** @param {Seen} seen @returns {NewEvent[] | string} */
function create({ order }) {
  return order ? "exists-already" : [event("order", "OrderPlaced")];
}

/** @param {Seen} seen @param {any} value @returns {NewEvent[] | string} */
function add({ order, article }, value) {
  const refusal = notOpen(order);
  if (refusal) return refusal;
  const sku = text(value?.sku);
  const quantity = amount(value?.quantity);
  if (sku === null || quantity === null) return "incomplete";
  if (!article || article.left < quantity) return "not-in-stock";
  return [
    event("order", "ItemAdded", { sku, quantity, price: amount(value.price) ?? 0 }),
    event("article", "StockReserved", { sku, quantity }),
  ];
}

/** @param {Seen} seen @param {any} value @returns {NewEvent[] | string} */
function pay({ order }, value) {
  if (order && order.paid > 0) return "paid-already";
  const refusal = notOpen(order);
  if (refusal) return refusal;
  const paid = amount(value?.amount);
  if (paid === null) return "incomplete";
  if (order && order.due === 0) return "nothing-to-pay";
  return order && paid === order.due ? [event("order", "PaymentCaptured", { amount: paid })] : "wrong-amount";
}

/** @param {Seen} seen @returns {NewEvent[] | string} */
function ship({ order }) {
  if (!order) return "no-such-order";
  if (order.status === "shipped") return "shipped-already";
  if (order.status === "cancelled") return "cancelled";
  return order.status === "paid" ? [event("order", "OrderShipped")] : "not-paid";
}

/** @param {Seen} seen @returns {NewEvent[] | string} */
function cancel({ order }) {
  if (!order) return "no-such-order";
  if (order.status === "shipped") return "shipped-already";
  if (order.status === "cancelled") return "cancelled";
  const released = Object.entries(order.reserved).map(([sku, quantity]) => event("article", "StockReleased", { sku, quantity }));
  return [event("order", "OrderCancelled"), ...released];
}

/** @param {Seen} seen @param {any} value @returns {NewEvent[] | string} */
function refund({ order }, value) {
  if (!order) return "no-such-order";
  const back = amount(value?.amount);
  if (back === null) return "incomplete";
  return back <= order.paid - order.refunded ? [event("order", "PaymentRefunded", { amount: back })] : "more-than-paid";
}

/** @param {Order | undefined} order @returns {string | null} why nothing may be added or paid */
function notOpen(order) {
  if (!order) return "no-such-order";
  return { open: null, paid: "paid-already", shipped: "shipped-already", cancelled: "cancelled" }[order.status];
}

/** @param {Order | undefined} order @param {NewEvent} event @returns {Order} */
export function changeOrder(order, { type, data }) {
  if (!order) return { status: "open", due: 0, paid: 0, refunded: 0, reserved: {} };
  switch (type) {
    case "ItemAdded": {
      const before = Object.entries(order.reserved).filter(([sku]) => sku !== data.sku);
      const held = Object.hasOwn(order.reserved, data.sku) ? order.reserved[data.sku] : 0;
      return { ...order, due: order.due + data.quantity * data.price, reserved: Object.fromEntries([...before, [data.sku, held + data.quantity]]) };
    }
    case "PaymentCaptured":
      return { ...order, status: "paid", paid: order.paid + data.amount };
    case "OrderShipped":
      return { ...order, status: "shipped" };
    case "OrderCancelled":
      return { ...order, status: "cancelled", reserved: {} };
    default:
      return { ...order, refunded: order.refunded + data.amount };
  }
}

/** @param {Article | undefined} article @param {NewEvent} event @returns {Article} */
export function changeArticle(article, { type, data }) {
  const left = article?.left ?? 0;
  return { left: type === "StockReserved" ? left - data.quantity : left + data.quantity };
}

/** @param {"order" | "article"} on @param {string} type @param {any} [data] @returns {NewEvent} */
function event(on, type, data = {}) {
  return { on, type, data };
}

/** @param {any} value @returns {number | null} a positive amount */
function amount(value) {
  return Number.isFinite(value) && value > 0 ? value : null;
}

/** @param {any} value @returns {string | null} */
function text(value) {
  return typeof value === "string" && value !== "" ? value : null;
}

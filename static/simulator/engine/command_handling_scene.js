/**
 * The picture of the model `command_handling`: who asked whom in this step, the commands, the events and the aggregates.
 */
import { window } from "./records.js";

const SHOWN = 7;
const ROWS = 12;
const MARKS = { accepted: ["read"], refused: ["refused"], conflict: ["refused"] };
const STATUS = {
  refused: { engineer: "refused", manager: "turned down" },
  conflict: { engineer: "conflict", manager: "clash" },
};

/** @param {any} state of the model `command_handling` */
export function scene(state) {
  const { outcome } = state.last;
  /** @type {any[]} */
  const blocks = [lanes(state), stockTable(state), ordersTable(state)];
  if (outcome !== null) blocks.unshift(sequence(state, outcome));
  if (state.pinned !== null) blocks.push(pinnedNotice(state.pinned));
  for (const one of outcome?.broken ?? []) blocks.push(alarm(one));
  return { blocks };
}

function sequence(state, { command, type, key, article, status, reason, conflict, events, seen }) {
  const order = key ?? "?";
  const actors = [{ id: "sender", label: { engineer: "sender", manager: "customer" } }, { id: "order", ref: `order:${order}`, label: order }];
  const ask = { ref: `record:${command}`, from: "sender", to: "order", label: type, outcome: "delivered" };
  const between = [];
  if (article !== null) {
    actors.push({ id: "article", ref: `article:${article}`, label: article });
    const reserved = events.some((event) => event.type === "StockReserved");
    between.push({
      ref: `article:${article}`, from: "order", to: "article",
      label: { engineer: `reserve, seen at version ${seen.article}`, manager: "set some aside" },
      outcome: reserved ? "delivered" : "refused",
    });
  }
  const answer = { ref: `record:${command}`, from: "order", to: "sender", label: answerLabel(status, events, reason, conflict), outcome: status === "accepted" ? "answered" : "refused" };
  return { kind: "sequence", id: "decision", title: { engineer: "This command", manager: "This instruction" }, actors, messages: [ask, ...between, answer], before: 0, after: 0 };
}

function answerLabel(status, events, reason, conflict) {
  if (status === "accepted") return { engineer: events.map((event) => event.type).join(", "), manager: "done" };
  if (status === "refused") return { engineer: reason, manager: `no: ${reason.replaceAll("-", " ")}` };
  return { engineer: `expected version ${conflict.expected}, is ${conflict.actual}`, manager: "somebody was quicker" };
}

function lanes(state) {
  const handled = state.outcomes.length;
  const seen = { length: Math.min(handled + 4, state.input.log.length), slice: (from, to) => state.input.log.slice(from, Math.min(to, handled + 4)) };
  const commands = window(/** @type {any} */ (seen), handled - 1, SHOWN);
  const events = window(state.events, state.events.length, SHOWN);
  return {
    kind: "lanes", id: "log", title: { engineer: "Commands in, events out", manager: "What was asked, and what happened" },
    lanes: [
      {
        id: "commands", label: { engineer: "commands", manager: "asked" }, before: commands.before, after: commands.after + state.input.log.length - seen.length, markers: [],
        tickets: commands.items.map((record, i) => {
          const outcome = state.outcomes.at(commands.before + i);
          const ticket = { ref: `record:${record.offset}`, offset: record.offset, key: record.key, type: record.type };
          if (outcome === undefined) return { ...ticket, marks: ["waiting"] };
          const now = commands.before + i === handled - 1 && state.last.outcome !== null ? ["focus"] : [];
          return { ...ticket, marks: [...MARKS[outcome.status], ...now], ...(outcome.status !== "accepted" && { note: STATUS[outcome.status] }) };
        }),
      },
      {
        id: "events", label: { engineer: "events", manager: "happened" }, before: events.before, after: events.after, markers: [],
        tickets: events.items.map((event) => ({
          ref: `event:${event.offset}`, offset: event.offset, key: event.id, type: event.type,
          marks: state.last.outcome !== null && event.command === state.last.outcome.command ? ["new"] : [],
        })),
      },
    ],
  };
}

function ordersTable(state) {
  const { items, before, after } = window(state.orders.keys, Math.max(0, state.orders.indexOf(state.last.order ?? "")), ROWS);
  const unwell = new Set((state.last.outcome?.broken ?? []).map((one) => `${one.on}:${one.id}`));
  return {
    kind: "table", id: "orders", title: { engineer: "Aggregates: orders", manager: "Orders" }, before, after,
    columns: [
      { id: "order", label: { engineer: "order", manager: "order" } },
      { id: "status", label: { engineer: "status", manager: "status" } },
      { id: "due", label: { engineer: "due", manager: "to pay" }, numeric: true },
      { id: "paid", label: { engineer: "paid", manager: "paid" }, numeric: true },
      { id: "refunded", label: { engineer: "refunded", manager: "paid back" }, numeric: true },
      { id: "version", label: { engineer: "version", manager: "changes so far" }, numeric: true },
    ],
    rows: items.map((id) => {
      const { status, due, paid, refunded } = state.orders.get(id);
      return { ref: `order:${id}`, cells: [id, status, due, paid, refunded, state.orders.versions(id)], marks: unwell.has(`order:${id}`) ? ["refused"] : id === state.last.order ? ["focus"] : [] };
    }),
  };
}

function stockTable(state) {
  const { items, before, after } = window(state.articles.keys, Math.max(0, state.articles.indexOf(state.last.article ?? "")), ROWS);
  return {
    kind: "table", id: "stock", title: { engineer: "Aggregates: stock", manager: "Stock" }, before, after,
    columns: [
      { id: "article", label: { engineer: "article", manager: "article" } },
      { id: "left", label: { engineer: "left", manager: "pieces left" }, numeric: true },
      { id: "version", label: { engineer: "version", manager: "changes so far" }, numeric: true },
    ],
    rows: items.map((id) => {
      const { left } = state.articles.get(id);
      return { ref: `article:${id}`, cells: [id, left, state.articles.versions(id) - 1], marks: left < 0 ? ["refused"] : id === state.last.article ? ["focus"] : [] };
    }),
  };
}

function pinnedNotice({ left }) {
  return {
    kind: "notice", id: "pinned", level: "info",
    text: { engineer: `The next ${left} commands decide on the state as it was when they loaded it together.`, manager: `The next ${left} look at the same page and do not see each other's decision.` },
  };
}

function alarm({ rule, id, amount }) {
  const text = {
    "never-oversold": { engineer: `${id} is oversold by ${amount}.`, manager: `${amount} more of ${id} sold than there are.` },
    "paid-once": { engineer: `${id} has been paid ${amount} too much.`, manager: `The customer of ${id} has paid ${amount} too much.` },
    "refunds-covered": { engineer: `${id} has refunds ${amount} above its payments.`, manager: `${id} paid back ${amount} more than it took.` },
  }[rule];
  return { kind: "notice", id: `${rule}-${id}`, level: "warning", text };
}

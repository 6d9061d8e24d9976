/**
 * The picture of the model `command_sourcing`: the two logs, what each of them makes of the orders, and what was done to the
 * world outside.
 */
import { window } from "./records.js";

const SHOWN = 8;
const ROWS = 8;
const NOTHING = "–";

/** @param {any} state of the model `command_sourcing` */
export function scene(state) {
  /** @type {any[]} */
  const blocks = [ordersTable(state), lanes(state), effectsTable(state), rateNotice(state)];
  if (state.replay !== null) blocks.push(replayMeter(state.replay));
  const { effects } = state.commandSourced;
  const extra = effects.charges - state.eventSourced.effects.charges;
  if (extra > 0) blocks.push(chargedNotice(extra));
  return { blocks };
}

function lanes(state) {
  const { focus, handled, input } = state;
  const at = focus.index < 0 ? handled - 1 : focus.index;
  const shown = { length: Math.min(handled + 2, input.log.length), slice: (from, to) => input.log.slice(from, Math.min(to, handled + 2)) };
  const { items, before, after } = window(/** @type {any} */ (shown), at, SHOWN);
  const rest = input.log.length - shown.length;
  const markers = state.replay === null ? [] : [{ id: "rebuild", ref: "marker:rebuild", label: { engineer: "rebuild", manager: "here" }, offset: offsetAt(state, state.replay.next) }];
  return {
    kind: "lanes", id: "logs", title: { engineer: "What is stored", manager: "What is kept" },
    lanes: [
      {
        id: "commands", label: { engineer: "commands: what was asked", manager: "requests" }, before, after: after + rest, markers,
        tickets: items.map((record, i) => {
          const index = before + i;
          const decision = state.commandSourced.decisions.at(index);
          const marks = [...(decision === undefined ? ["waiting"] : decision.event ? ["read"] : ["refused"]), ...(index === focus.index ? ["focus"] : [])];
          return { ref: `record:${record.offset}`, offset: record.offset, key: record.key, type: record.type, marks };
        }),
      },
      {
        id: "events", label: { engineer: "events: what was decided", manager: "decisions" }, markers: [],
        ...eventTickets(state, before, items),
      },
    ],
  };
}

/** The events of the same commands, each under the offset of its command. */
function eventTickets(state, from, records) {
  const { decisions } = state.eventSourced;
  const tickets = records.flatMap((record, i) => {
    const index = from + i;
    const event = decisions.at(index)?.event;
    if (!event) return [];
    const marks = index === state.focus.index ? ["focus", ...(state.focus.kind === "command" ? ["new"] : [])] : [];
    return [{ ref: `event:${record.offset}`, offset: record.offset, key: record.key, type: event.type, marks, note: money(event.gross) }];
  });
  return { tickets, before: from, after: Math.max(0, decisions.length - from - records.length) };
}

const offsetAt = (state, index) => state.input.log[index]?.offset ?? 0;

function ordersTable(state) {
  const { eventSourced, commandSourced, focus } = state;
  const longer = eventSourced.orders.size >= commandSourced.orders.size ? eventSourced.orders : commandSourced.orders;
  const { items, before, after } = window(longer.keys, Math.max(0, longer.indexOf(focus.key ?? "")), ROWS);
  return {
    kind: "table", id: "orders", title: { engineer: "State of the orders", manager: "Where the orders stand" }, before, after,
    columns: [
      { id: "order", label: { engineer: "order", manager: "order" } },
      { id: "events", label: { engineer: "from events", manager: "by the decisions" } },
      { id: "commands", label: { engineer: "from commands", manager: "by the requests" } },
      { id: "charged", label: { engineer: "charges, command sourced", manager: "times charged, by the requests" }, numeric: true },
    ],
    rows: items.map((key) => {
      const [kept, redone] = [cell(eventSourced.orders.get(key)), cell(commandSourced.orders.get(key))];
      const times = commandSourced.charged.get(key) ?? 0;
      return { ref: `order:${key}`, cells: [key, kept, redone, times], marks: [...(kept !== redone ? ["late"] : []), ...(key === focus.key ? ["focus"] : [])] };
    }),
  };
}

const cell = (order) => (order === undefined ? NOTHING : `${order.status} ${money(order.gross)}`);

/** @param {number} pence */
const money = (pence) => (pence / 100).toFixed(2);

function effectsTable(state) {
  const [kept, redone] = [state.eventSourced.effects, state.commandSourced.effects];
  const row = (ref, engineer, a, b) => ({ ref: `effect:${ref}`, cells: [engineer, a, b], marks: a === b ? [] : ["late"] });
  return {
    kind: "table", id: "effects", title: { engineer: "Effects outside the system", manager: "What the outside world got" }, before: 0, after: 0,
    columns: [
      { id: "effect", label: { engineer: "effect", manager: "what" } },
      { id: "events", label: { engineer: "event sourced", manager: "by decisions" }, numeric: true },
      { id: "commands", label: { engineer: "command sourced", manager: "by requests" }, numeric: true },
    ],
    rows: [
      row("charge", "cards charged", kept.charges, redone.charges),
      row("refund", "refunds", kept.refunds, redone.refunds),
      row("parcel", "parcels ordered", kept.parcels, redone.parcels),
      row("money", "money taken", money(kept.charged - kept.refunded), money(redone.charged - redone.refunded)),
    ],
  };
}

function rateNotice(state) {
  const { percent } = state.rates.at(state.rates.length - 1);
  return { kind: "notice", id: "rate", level: "info", text: { engineer: `The rule in force: ${percent} % VAT.`, manager: `VAT is ${percent} per cent now.` } };
}

function replayMeter({ next, until }) {
  return {
    kind: "meter", id: "rebuild", title: { engineer: "Rebuild from both logs", manager: "Working everything out again" }, value: next, max: Math.max(until, 1), unit: "commands",
    text: { engineer: `${next} of ${until} commands`, manager: `${next} of ${until} requests` },
  };
}

function chargedNotice(extra) {
  const times = extra === 1 ? "One card charge" : `${extra} card charges`;
  return {
    kind: "notice", id: "charged", level: "warning",
    text: { engineer: `${times} more than decisions: handling a command again acts outside again.`, manager: `${times} too many: going through the requests again took the money again.` },
  };
}

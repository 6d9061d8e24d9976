/** The sentences of command handling. */

const list = (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`);

const REASONS = {
  "exists-already": { engineer: "the order exists already", manager: "there is such an order already" },
  "no-such-order": { engineer: "no such order exists", manager: "there is no such order" },
  "no-order-named": { engineer: "the command names no aggregate", manager: "it does not say which order" },
  "not-in-stock": { engineer: "the stock does not cover it", manager: "there are not enough pieces" },
  "paid-already": { engineer: "the order is paid", manager: "it has been paid" },
  "nothing-to-pay": { engineer: "nothing is due", manager: "there is nothing to pay" },
  "wrong-amount": { engineer: "the amount is not what is due", manager: "the amount is not the one on the bill" },
  "not-paid": { engineer: "the order is not paid", manager: "nobody has paid yet" },
  "shipped-already": { engineer: "the order has shipped", manager: "the parcel has left" },
  cancelled: { engineer: "the order is cancelled", manager: "the order was cancelled" },
  "more-than-paid": { engineer: "the refund exceeds what was paid", manager: "more would go back than came in" },
  incomplete: { engineer: "the command lacks a valid article or amount", manager: "the instruction is incomplete" },
  "unknown-command": { engineer: "the aggregate has no rule for it", manager: "nobody knows what it means" },
};

const BROKEN = {
  "never-oversold": {
    engineer: (d) => `The invariant is broken: ${d.id} is oversold by ${d.amount}, as both decisions saw the same stock.`,
    manager: (d) => `The shop has sold ${d.amount} more of ${d.id} than it has: two promises, one piece.`,
  },
  "paid-once": {
    engineer: (d) => `The invariant is broken: payments for ${d.id} exceed what is due by ${d.amount}.`,
    manager: (d) => `The customer of ${d.id} has paid ${d.amount} too much: both payments looked at an unpaid bill.`,
  },
  "refunds-covered": {
    engineer: (d) => `The invariant is broken: refunds for ${d.id} exceed its payments by ${d.amount}.`,
    manager: (d) => `${d.id} paid back ${d.amount} more than it ever took.`,
  },
};

export const narration = {
  sentences: {
    "command.accepted": {
      engineer: (d) => (d.stale
        ? `${d.type} is decided on version ${d.stale.expected} of ${d.stale.id}, which is at ${d.stale.actual}; nothing checks, so ${list(d.events)} is appended.`
        : `${d.type} passes the rules of ${d.key}: ${list(d.events)} appended; the order is at version ${d.version}.`),
      manager: (d) => (d.stale
        ? `${d.type} for ${d.key} is granted on a page that somebody has changed since, and nobody notices.`
        : `${d.type} for ${d.key} is granted, and what happened is written down.`),
    },
    "command.refused": {
      engineer: (d) => `${d.type} is refused: ${REASONS[d.reason].engineer}; no event is appended and no version moves.`,
      manager: (d) => `${d.type}${d.key === null ? "" : ` for ${d.key}`} is turned down: ${REASONS[d.reason].manager}. Nothing changes.`,
    },
    "conflict.detected": {
      engineer: (d) => `${d.type} expected ${d.id} at version ${d.expected} and finds ${d.actual}: nothing is appended${d.retried ? ", and it is decided again on the new state" : ", and the sender may try again"}.`,
      manager: (d) => `Somebody was quicker: ${d.id} has changed since the request was looked at, so ${d.retried ? "the decision is made afresh" : "the customer must ask again"}.`,
    },
    "commands.collided": {
      engineer: (d) => `The next ${d.commands} commands load their aggregates now, before any of them saves.`,
      manager: (d) => `The next ${d.commands} requests are looked at in the same moment, each unaware of the others.`,
    },
    "stock.received": {
      engineer: (d) => `StockReceived: ${d.quantity} of ${d.article}, now ${d.left} at version ${d.version}.`,
      manager: (d) => `A delivery brings ${d.quantity} of ${d.article}; there ${d.left === 1 ? "is" : "are"} now ${d.left}.`,
    },
    "rule.broken": { engineer: (d) => BROKEN[d.rule].engineer(d), manager: (d) => BROKEN[d.rule].manager(d) },
  },
  telling: ["command.refused", "conflict.detected", "commands.collided", "rule.broken", "stock.received"],
  checks: {
    "never-oversold": { engineer: "no article was ever below zero", manager: "nothing was sold that was not there" },
    "paid-once": { engineer: "no order was paid above what is due", manager: "nobody paid twice" },
    "refunds-covered": { engineer: "no order was refunded above its payments", manager: "no more went back than came in" },
    "shipped-or-cancelled": { engineer: "no order was both shipped and cancelled", manager: "no parcel left for a cancelled order" },
    "refusal-leaves-no-trace": { engineer: "only accepted commands have events", manager: "what was turned down changed nothing" },
    "every-command-answered": { engineer: "every command ended in events, a reason or a conflict", manager: "everybody who asked got an answer" },
    "events-explain-stock": { engineer: "the events alone add up to the stock", manager: "the entries add up to what is on the shelf" },
  },
  fidelity: {
    system: "Event-sourced aggregates with optimistic concurrency, as in domain-driven design and in event stores",
    version: "the pattern, not a product",
    follows: [
      { rule: "A command is decided on the state of an aggregate; it yields events or a refusal.", where: "Young, CQRS Documents: Commands; Evans, Domain-Driven Design: Aggregates" },
      { rule: "Events are appended only if the aggregate is still at the version that was read; otherwise the append fails and the command may be decided again.", where: "Young's m-r sample, EventStore.SaveEvents(expectedVersion); KurrentDB: expected revision; Azure Architecture Center, Event Sourcing pattern" },
      { rule: "An invariant is safe only inside one consistency boundary.", where: "Vernon, Implementing Domain-Driven Design: Model True Invariants in Consistency Boundaries" },
    ],
    simplified: [
      "Adding an item changes an order and an article in one transaction; the usual advice is one aggregate per transaction, the other following by an event.",
      "Putting stock back after a cancellation expects no version, as any order of additions gives the same sum.",
      "A retry happens at once; a real one waits a little, and asks a person where intent may have changed.",
      "Kafka itself has no expected version at append; an event store or a database does the check.",
    ],
  },
};

/** The sentences of command sourcing. */

const money = (pence) => (pence / 100).toFixed(2);

const REASONS = {
  "exists-already": { engineer: "the order exists already", manager: "there is such an order already" },
  "no-such-order": { engineer: "no such order exists", manager: "there is no such order" },
  "no-order-named": { engineer: "the command names no order", manager: "it does not say which order" },
  "over-the-limit": { engineer: "the gross amount exceeds the customer's limit", manager: "it costs more than the customer wants to pay" },
  "card-declined": { engineer: "the bank declines the card", manager: "the bank declines the card" },
  "no-answer-kept": { engineer: "no answer of the bank was recorded for it", manager: "nobody noted what the bank would have said" },
  "shipped-already": { engineer: "the order has shipped", manager: "the parcel has left" },
  cancelled: { engineer: "the order is cancelled", manager: "the order was cancelled" },
  incomplete: { engineer: "the command lacks a valid amount", manager: "the request is incomplete" },
  "unknown-command": { engineer: "no rule knows it", manager: "nobody knows what it means" },
};

const EFFECTS = {
  charge: { engineer: (d) => `the card of ${d.key} is charged ${money(d.amount)}`, manager: (d) => `${money(d.amount)} is taken from the card for ${d.key}` },
  refund: { engineer: (d) => `${money(d.amount)} is refunded for ${d.key}`, manager: (d) => `${money(d.amount)} is paid back for ${d.key}` },
  parcel: { engineer: (d) => `a parcel is ordered for ${d.key}`, manager: (d) => `the carrier is called for ${d.key}` },
};

const about = (key) => (key === null ? "" : ` for ${key}`);
const times = (n, one, many) => `${n} ${n === 1 ? one : many}`;

/** What a decision says. @param {{ outcome: string, gross: number | null }} decision @param {"engineer" | "manager"} voice */
function words({ outcome, gross }, voice) {
  if (outcome === "accepted") return voice === "engineer" ? `accepted at ${money(gross)}` : `a yes at ${money(gross)}`;
  return voice === "engineer" ? `refused, since ${REASONS[outcome].engineer}` : `a no, because ${REASONS[outcome].manager}`;
}

export const narration = {
  sentences: {
    "purchase.accepted": {
      engineer: (d) => `${d.type} is accepted: ${d.event} for ${d.key} at ${money(d.gross)}${d.event === "OrderPlaced" ? `, with ${d.percent} % VAT` : ""}. One log keeps the command, the other the event.`,
      manager: (d) => `${d.type} for ${d.key} gets a yes at ${money(d.gross)}. One book notes the request, the other the decision.`,
    },
    "purchase.refused": {
      engineer: (d) => `${d.type}${about(d.key)} is refused: ${REASONS[d.outcome].engineer}. The command is kept all the same; there is no event.`,
      manager: (d) => `${d.type}${about(d.key)} gets a no: ${REASONS[d.outcome].manager}. The request is noted all the same.`,
    },
    "shops.disagreed": {
      engineer: (d) => `The two part: from events, ${d.type} is ${words(d.kept, "engineer")}; from commands, it is ${words(d.redone, "engineer")}.`,
      manager: (d) => `The two books part: by the decisions ${d.type} is ${words(d.kept, "manager")}; by the requests, ${words(d.redone, "manager")}.`,
    },
    "rate.changed": {
      engineer: (d) => `The rule changes: VAT goes from ${d.before} % to ${d.percent} % for what is decided from now on.`,
      manager: (d) => `VAT goes from ${d.before} to ${d.percent} per cent, for everything that is decided from now on.`,
    },
    "card.blocked": {
      engineer: (d) => `The bank will decline ${d.card} whenever it is asked from now on.`,
      manager: (d) => `The bank has blocked ${d.card}: from now on it says no.`,
    },
    "rebuild.began": {
      engineer: (d) => `State is thrown away and rebuilt: once by applying events, once by handling ${times(d.commands, "command", "commands")} again, by ${d.rulesBy === "now" ? "the rules of today" : "the rules of their date"}${d.gateway === "live" ? ", with the bank connected" : ", with recorded answers"}.`,
      manager: (d) => `Everything is worked out again: once from the decisions, once by going through ${times(d.commands, "request", "requests")} again, by ${d.rulesBy === "now" ? "the rules of today" : "the rules of their day"}.`,
    },
    "outcome.kept": {
      engineer: (d) => (d.event === null ? `${d.type} left no event, so there is nothing to apply.` : `${d.event} for ${d.key} is applied as it was decided: ${money(d.gross)}.`),
      manager: (d) => (d.event === null ? `${d.type}${about(d.key)} was turned down at the time; by the decisions there is nothing to do.` : `By the decisions, ${d.key} stands at ${money(d.gross)}, as the customer was told.`),
    },
    "decision.repeated": {
      engineer: (d) => `Handled again, ${d.type}${about(d.key)} comes out as before: ${words(d.now, "engineer")}.`,
      manager: (d) => `Gone through again, ${d.type}${about(d.key)} comes out as before: ${words(d.now, "manager")}.`,
    },
    "decision.changed": {
      engineer: (d) => `${d.kept.outcome === "accepted" ? `Applied, the event says what was decided: ${money(d.kept.gross)}` : "There is no event to apply"}; handled again at ${d.percent} % VAT, ${d.type}${about(d.key)} is ${words(d.now, "engineer")}${d.effect ? `, and ${EFFECTS[d.effect.kind].engineer({ key: d.key, ...d.effect })} once more` : ""}.`,
      manager: (d) => `The customer had been told ${words(d.was, "manager")}; gone through again, ${d.type}${about(d.key)} gets ${words(d.now, "manager")}${d.effect ? `, and ${EFFECTS[d.effect.kind].manager({ key: d.key, ...d.effect })} once more` : ""}.`,
    },
    "effect.repeated": {
      engineer: (d) => `The handler acts outside once more: ${EFFECTS[d.kind].engineer(d)}.`,
      manager: (d) => `And it is done once more: ${EFFECTS[d.kind].manager(d)}.`,
    },
    "rebuild.advanced": {
      engineer: (d) => `${d.done} of ${times(d.of, "command", "commands")} handled again: ${times(d.changed, "decision has", "decisions have")} changed, ${times(d.charges, "card was", "cards were")} charged again.`,
      manager: (d) => `${d.done} of ${times(d.of, "request", "requests")} gone through: ${times(d.changed, "decision has", "decisions have")} changed, ${times(d.charges, "card was", "cards were")} charged again.`,
    },
    "rebuild.finished": {
      engineer: (d) => `Rebuilt. From events, every decision stands; from commands, ${times(d.changed, "decision", "decisions")} changed and ${times(d.charges, "charge", "charges")} of ${money(d.amount)} went out again.`,
      manager: (d) => `Done. By the decisions, all stands as the customers were told. By the requests, ${times(d.changed, "decision", "decisions")} changed, and ${money(d.amount)} was taken again.`,
    },
  },
  telling: ["rate.changed", "card.blocked", "rebuild.began", "decision.changed", "effect.repeated", "shops.disagreed", "rebuild.finished"],
  checks: {
    "events-keep-decisions": { engineer: "state from events is what was decided", manager: "by the decisions, every order stands as its customer was told" },
    "commands-decide-alike": { engineer: "state from commands is what was decided", manager: "by the requests, every order stands as its customer was told" },
    "events-act-once": { engineer: "event sourcing charged each accepted order once", manager: "by the decisions, nobody paid twice" },
    "commands-act-once": { engineer: "command sourcing charged no card for an order twice", manager: "by the requests, nobody paid twice" },
  },
  fidelity: {
    system: "Event sourcing and command sourcing as patterns",
    version: "the patterns, not a product",
    follows: [
      { rule: "Event sourcing stores what was decided; rebuilding applies it and decides nothing.", where: "Chassaing, Event Sourcing vs Command Sourcing; Apache Pekko, Event Sourcing: the event handler must only update the state, and runs again in recovery" },
      { rule: "Handling a stored input again repeats its calls to other systems, unless the gateway knows that it is a replay and holds them back.", where: "Fowler, Event Sourcing: External Updates" },
      { rule: "An answer from outside may have changed since; to redo a decision alike, the answers of the first time must have been recorded.", where: "Fowler, Event Sourcing: External Queries" },
      { rule: "A changed rule must not be applied to what came before it, so a replay needs the rule of each date.", where: "Fowler, Event Sourcing: Code Changes, temporal logic" },
    ],
    simplified: [
      "One command makes one event at most; both logs are complete and never trimmed.",
      "Both shops have their own bank and carrier, so that effects can be counted apart.",
      "A rebuild stops the shop; real systems rebuild beside the running one, and use snapshots.",
      "A rebuild of more than 200 commands takes several of them in a step.",
      "The bank says yes unless the card is blocked; a refund never fails.",
    ],
  },
};

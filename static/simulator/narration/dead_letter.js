/** The sentences of dead letters: what a record that fails does to the ones behind it. */

const times = (n) => (n === 1 ? "once" : n === 2 ? "twice" : `${n} times`);
const of = (d) => (d.key === null ? "" : ` of ${d.key}`);
const lag = (n) => (n === 0 ? "nothing waits behind it yet" : n === 1 ? "one record waits behind it" : `${n} records wait behind it`);
const queue = (n) => (n === 0 ? "nothing waits behind it yet" : n === 1 ? "one more waits behind it" : `${n} more wait behind it`);

export const narration = {
  sentences: {
    "work.applied": {
      engineer: (d) => `${d.type}${of(d)}, offset ${d.offset}, ${d.isRedriven ? "is re-driven from the dead letter queue and takes effect" : d.tries > 0 ? `takes effect after it failed ${times(d.tries)}` : "takes effect"}.`,
      manager: (d) => `${d.type}${of(d)}, entry ${d.offset}, ${d.isRedriven ? "is taken out of the tray and done" : d.tries > 0 ? `is done after it failed ${times(d.tries)}` : "is done"}.`,
    },
    "work.early": {
      engineer: (d) => `${d.type}${of(d)}, offset ${d.offset}, takes effect although an earlier record of ${d.key} is parked.`,
      manager: (d) => `${d.type}${of(d)}, entry ${d.offset}, is done although an earlier case of ${d.key} still lies in the tray.`,
    },
    "work.late": {
      engineer: (d) => `Offset ${d.offset} takes effect after offset ${d.after} of the same key: ${d.key} now stands at the older record.`,
      manager: (d) => `Entry ${d.offset} is done after entry ${d.after} about ${d.key}: the old news replaces the new.`,
    },
    "work.failed": {
      engineer: (d) => `Offset ${d.offset} fails, attempt ${d.tries}; ${d.left > 0 ? `${d.left} left` : lag(d.waiting)}.`,
      manager: (d) => `Entry ${d.offset} cannot be handled, try ${d.tries}; ${d.left > 0 ? "somebody tries again" : queue(d.waiting)}.`,
    },
    "work.blocked": {
      engineer: (d) => `Offset ${d.offset} has failed ${times(d.tries)}: the consumer stays at it and commits nothing, and ${lag(d.waiting)}.`,
      manager: (d) => `Entry ${d.offset} has failed ${times(d.tries)}: work stops here until it can be handled.`,
    },
    "work.queued": {
      engineer: (d) => `${d.type}${of(d)}, offset ${d.offset}, is appended and waits: the consumer stands before it.`,
      manager: (d) => `${d.type}${of(d)}, entry ${d.offset}, comes in and has to wait.`,
    },
    "work.skipped": {
      engineer: (d) => `${d.byHand ? "Somebody commits past" : "The consumer commits past"} offset ${d.offset} after ${d.tries} failed ${d.tries === 1 ? "attempt" : "attempts"}: its effect is lost.`,
      manager: (d) => `Entry ${d.offset} is left out after it failed ${times(d.tries)}: it will never be done.`,
    },
    "work.parked": {
      engineer: (d) => `Offset ${d.offset} goes to the dead letter queue after ${d.tries} failed ${d.tries === 1 ? "attempt" : "attempts"}, and the consumer commits past it.`,
      manager: (d) => `Entry ${d.offset} goes into the tray after it failed ${times(d.tries)}, and the rest may pass.`,
    },
    "work.followed": {
      engineer: (d) => `Offset ${d.offset} is parked without an attempt: an earlier record of ${d.key} is in the dead letter queue.`,
      manager: (d) => `Entry ${d.offset} is put into the tray too, behind the earlier case of ${d.key}.`,
    },
    "letter.returned": {
      engineer: (d) => (d.isBehind ? `Offset ${d.offset} is parked again: an earlier record of ${d.key} still fails.` : `Offset ${d.offset} fails again and goes back to the end of the dead letter queue.`),
      manager: (d) => (d.isBehind ? `Entry ${d.offset} goes back into the tray, behind the earlier case of ${d.key}.` : `Entry ${d.offset} still cannot be handled and goes back into the tray.`),
    },
    "letters.redriven": {
      engineer: (d) => (d.count === 0 ? "There is nothing in the dead letter queue to re-drive." : `The ${d.count === 1 ? "one record" : `${d.count} records`} in the dead letter queue ${d.count === 1 ? "is" : "are"} re-driven, oldest first.`),
      manager: (d) => (d.count === 0 ? "The tray is empty: there is nothing to take up." : `Somebody takes up the ${d.count === 1 ? "case" : `${d.count} cases`} in the tray, oldest first.`),
    },
    "cause.mended": {
      engineer: (d) => `The cause is repaired: what was poison can be processed${d.wasStuck ? `, and offset ${d.offset} is tried again` : d.parked > 0 ? ", but what is parked stays parked" : ""}.`,
      manager: (d) => `What was wrong is put right${d.wasStuck ? `, and entry ${d.offset} is tried again` : d.parked > 0 ? "; the tray does not empty itself" : ""}.`,
    },
    "record.spoiled": {
      engineer: (d) => (d.isLast ? "No further record comes that could be poison." : `The next record, offset ${d.offset}, will fail.`),
      manager: (d) => (d.isLast ? "No further entry comes." : `The next entry, ${d.offset}, will be one that cannot be handled.`),
    },
    "skip.refused": {
      engineer: () => "The consumer is not blocked, so there is nothing to pass over.",
      manager: () => "Nothing blocks the work, so nothing is left out.",
    },
  },
  telling: ["work.blocked", "work.skipped", "work.parked", "work.early", "work.late", "work.followed", "letter.returned", "letters.redriven", "cause.mended", "record.spoiled"],
  checks: {
    "nothing-waits": { engineer: "no record waits: the lag is 0", manager: "nothing is left waiting" },
    "nothing-parked": { engineer: "the dead letter queue is empty", manager: "the tray is empty" },
    "nothing-skipped": { engineer: "no record was passed over", manager: "nothing was left out" },
    "order-per-key": { engineer: "records of a key took effect in their order", manager: "what concerns one customer was done in order" },
    "newest-wins": { engineer: "every key stands at its newest record that took effect", manager: "what is on file is the latest news" },
  },
  fidelity: {
    system: "Consumers of Apache Kafka, Kafka Connect and Amazon SQS, in what they have in common",
    follows: [
      { rule: "A consumer that does not commit past a record stays at it, and everything behind it in the partition waits.", where: "KafkaConsumer#commitSync" },
      { rule: "A record that goes on failing is written to another topic, and the consumer goes on; a sink connector does so where errors.tolerance is all and a topic is named.", where: "Kafka Connect, errors.deadletterqueue.topic.name" },
      { rule: "With errors.tolerance all and no such topic, a sink connector skips the record.", where: "Kafka Connect, errors.tolerance" },
      { rule: "A queue moves a message to its dead letter queue after a number of receives, and a re-drive moves it back.", where: "Amazon SQS, maxReceiveCount and StartMessageMoveTask" },
    ],
    simplified: [
      "One partition, committed record by record; retries take no time, and a blocked consumer tries again whenever a record arrives.",
      "A re-driven record is processed at once. Real systems append it to the source again, behind what is there, so that it comes later still.",
      "A fault that passes by itself has passed by the time of a re-drive.",
      "Parking and committing are one step here; a crash between them would park the record twice.",
      "A state is the last record applied to a key. Where the receiver compares versions, an older record would be refused instead.",
    ],
  },
};

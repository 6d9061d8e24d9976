/** The sentences of the append-only log. */

const list = (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`);
const entries = (n) => `${n} ${n === 1 ? "entry" : "entries"}`;
const records = (n) => `${n} ${n === 1 ? "record" : "records"}`;

/** What the readers do about a new record. */
function reading({ advanced, slowest, behind }) {
  const names = list(advanced);
  const plural = advanced.length > 1;
  if (slowest === null) return { engineer: ", after everything that was there", manager: ", below the last line of the book" };
  if (behind === 0) return { engineer: `; ${names} read${plural ? "" : "s"} on, and nothing is removed`, manager: `; ${names} read${plural ? "" : "s"} it, and it stays in the book` };
  const who = advanced.length === 0 ? "" : `${names} read${plural ? "" : "s"} on, `;
  return { engineer: `; ${who}${slowest} is ${behind} behind, and nobody waits for it`, manager: `; ${who}${slowest} has ${entries(behind)} left to read, and nobody waits` };
}

const ATTEMPT = { edit: "edit", delete: "deletion", correct: "correction" };

export const narration = {
  sentences: {
    "record.appended": {
      engineer: (d) => `${d.type || "A record"} is appended at offset ${d.offset}${reading(d).engineer}.`,
      manager: (d) => `${d.type || "Something new"}${d.key === null ? "" : ` for ${d.key}`} is entry ${d.offset}${reading(d).manager}.`,
    },
    "change.refused": {
      engineer: (d) => (d.reason === "append-only"
        ? `The ${ATTEMPT[d.kind]} of offset ${d.offset} is refused: what was appended stays; amend it with a further event.`
        : `The ${ATTEMPT[d.kind]} of offset ${d.offset} is refused: the log, which ends at ${d.logEndOffset}, has no such record.`),
      manager: (d) => (d.reason === "append-only"
        ? `Entry ${d.offset} may not be ${d.kind === "delete" ? "struck out" : "overwritten"}: what was recorded stays recorded, and a mistake is answered by a new entry.`
        : `There is no entry ${d.offset} in the book, so there is nothing to put right.`),
    },
    "record.corrected": {
      engineer: (d) => `${d.type} is appended at offset ${d.offset} and corrects ${d.corrects}; both stay, so every reader learns of the mistake.`,
      manager: (d) => `Entry ${d.offset} puts entry ${d.corrects} right; both stay in the book, so anyone can see what was believed and when.`,
    },
    "record.edited": {
      engineer: (d) => (d.readBefore.length === 0
        ? `Offset ${d.offset} is edited in place before anybody read it; what was appended is lost.`
        : `Offset ${d.offset} is edited in place; ${list(d.readBefore)} already read it and will never hear of the change.`),
      manager: (d) => (d.readBefore.length === 0
        ? `Entry ${d.offset} is overwritten; what it said before is gone.`
        : `Entry ${d.offset} is overwritten; ${list(d.readBefore)} acted on the old wording and will not be told.`),
    },
    "record.deleted": {
      engineer: (d) => (d.readBefore.length === 0
        ? `Offset ${d.offset} is deleted before anybody read it; no reader can know that it existed.`
        : `Offset ${d.offset} is deleted; ${list(d.readBefore)} read it, and a replay will no longer contain it.`),
      manager: (d) => (d.readBefore.length === 0
        ? `Entry ${d.offset} is struck out; nobody can tell that it was ever there.`
        : `Entry ${d.offset} is struck out; ${list(d.readBefore)} acted on it, and the reason has vanished.`),
    },
    "reader.joined": {
      engineer: (d) => `${d.reader} joins at offset ${d.position} with ${records(d.waiting)} to read; no writer and no other reader changes.`,
      manager: (d) => `${d.reader} starts to read at entry ${d.position}, with ${entries(d.waiting)} waiting; nobody else has to do anything for it.`,
    },
    "reader.stopped": {
      engineer: (d) => `${d.reader} stops at offset ${d.position}; appends and other readers go on, and its position is kept.`,
      manager: (d) => `${d.reader} is out of service at entry ${d.position}; the others carry on, and its bookmark stays where it is.`,
    },
    "reader.started": {
      engineer: (d) => `${d.reader} starts again at offset ${d.position}, ${d.behind} behind; every record that it missed is still there.`,
      manager: (d) => `${d.reader} is back at entry ${d.position}; the ${entries(d.behind)} that it missed waited for it.`,
    },
    "reader.moved": {
      engineer: (d) => `${d.reader} seeks from offset ${d.from} to ${d.to}: a position is a number of the reader's own, and the log is untouched.`,
      manager: (d) => `${d.reader} moves its bookmark from entry ${d.from} to ${d.to} and will read ${entries(d.behind)} from there.`,
    },
  },
  telling: ["change.refused", "record.corrected", "record.edited", "record.deleted", "reader.joined", "reader.stopped", "reader.started", "reader.moved"],
  checks: {
    "nothing-changed": { engineer: "every record is as it was appended", manager: "no entry was altered after it was written" },
    "order-kept": { engineer: "offsets rise in the order of the appends", manager: "the entries stand in the order in which they came" },
    "reading-removes-nothing": { engineer: "reading removed no record", manager: "reading took nothing out of the book" },
    "readers-agree": { engineer: "all readers saw the same version of each record", manager: "everybody was told the same story" },
  },
  fidelity: {
    system: "Apache Kafka, one partition; RabbitMQ streams follow the same rules",
    version: "4.x",
    follows: [
      { rule: "The log gives out offsets at append, always rising, never used again.", where: "UnifiedLog#append, LogValidator#validateMessagesAndAssignOffsets" },
      { rule: "A client can append, fetch and move its position; no request changes or removes a single record.", where: "Kafka protocol: Produce, Fetch; Consumer#seek, #seekToBeginning" },
      { rule: "A position is the offset of the next record to read and belongs to the reader.", where: "KafkaConsumer#position; RabbitMQ documentation, Streams: non-destructive consumer semantics" },
      { rule: "A recorded fact is amended by a compensating event, never by an update.", where: "Azure Architecture Center, Event Sourcing pattern: the event store as permanent source of information" },
    ],
    simplified: [
      "Nothing expires here: retention and compaction, which do remove records, are models of their own. Kafka's DeleteRecords, which moves the start of a whole partition, is left out.",
      "One partition, one copy, no failures of the broker.",
      "A reader takes its turn after every n-th append instead of running on a clock of its own.",
      "`amend: in-place` exists in no log; it shows what a shared table does to its readers.",
    ],
  },
};

/** The sentences of compaction. */
import { segmentSentences } from "./segments.js";

const records = (n) => `${n} ${n === 1 ? "record" : "records"}`;
const entries = (n) => `${n} ${n === 1 ? "entry" : "entries"}`;

export const narration = {
  sentences: {
    ...segmentSentences,
    "record.unkeyed": {
      engineer: (d) => `${d.type || "A record"} without a key is refused: a compacted topic cannot tell what it would supersede; offset ${d.next} stays free.`,
      manager: () => "An entry that names nobody is refused: nobody could say which older entry it replaces.",
    },
    "cleaner.skipped": {
      engineer: (d) => (d.open !== undefined
        ? `The cleaner wakes at ${d.when} and finds nothing cleanable: it never goes past the last stable offset ${d.stable}, where the transaction of ${d.open} is open.`
        : d.reason === "nothing"
        ? `The cleaner wakes at ${d.when} and finds nothing cleanable: the active segment and recent records are out of its reach.`
        : `The cleaner wakes at ${d.when} and leaves it: ${d.percent} % dirty is not more than ${d.limit} %.`),
      manager: (d) => (d.open !== undefined
        ? `Somebody comes to tidy up and may not begin: the bundle of ${d.open} has no seal yet, and nothing from there on is touched.`
        : d.reason === "nothing"
        ? "Somebody comes to tidy up and finds no closed block to work on."
        : `Somebody comes to tidy up and leaves again: only ${d.percent} % is untidied, and the rule says more than ${d.limit} %.`),
    },
    "cleaner.started": {
      engineer: (d) => `The cleaner maps each key's last offset from ${d.from} up to ${d.to}, ${d.overdue ? "a record being overdue" : `${d.percent} % being dirty`}, then recopies from the start.`,
      manager: (d) => `Tidying up begins${d.overdue ? ", because the deadline has passed" : ""}: first a list of everyone's latest entry, then a walk through all closed blocks.`,
    },
    "record.compacted": {
      engineer: (d) => `Offset ${d.offset} goes: ${d.key} has a later record at ${d.by}. The offset stays a gap; a fetch at ${d.offset} returns ${d.next}.`,
      manager: (d) => (d.isTombstone
        ? `The old notice to forget ${d.key} is thrown away: ${d.key} came back in entry ${d.by}.`
        : `The older card of ${d.key} is thrown away: entry ${d.by} replaces it. What it said is lost for good.`),
    },
    "tombstone.stamped": {
      engineer: (d) => `Offset ${d.offset} is a tombstone, new to the cleaner: it stays until a pass after ${d.until}, ${d.kept} from now.`,
      manager: (d) => `The notice to forget ${d.key} is stamped "keep until ${d.until}", so that everyone who reads the file learns of it.`,
    },
    "tombstone.removed": {
      engineer: (d) => `Offset ${d.offset} goes: the tombstone of ${d.key} was due, and nothing about ${d.key} is left; a fetch there returns ${d.next}.`,
      manager: (d) => `Now the notice itself is thrown away: the file no longer shows that ${d.key} was ever a customer.`,
    },
    "writer.begun": {
      engineer: (d) => `${d.producer} begins a transaction: the records that follow are part of it. The log does not show it before the first of them.`,
      manager: (d) => `${d.producer} opens a bundle: the entries that follow go into it, and count only once it is sealed.`,
    },
    "writer.resumed": {
      engineer: (d) => `${d.producer} goes on: the records that follow are part of its open transaction.`,
      manager: (d) => `${d.producer} goes on with the open bundle: the entries that follow go into it.`,
    },
    "writer.plain": {
      engineer: () => "The records that follow are in no transaction.",
      manager: () => "The entries that follow are in no bundle: they count at once.",
    },
    "marker.written": {
      engineer: (d) => `${d.producer} ${d.kind === "commit" ? "commits" : "aborts"} ${records(d.records)} from offset ${d.first} on: the marker takes offset ${d.offset}. The last stable offset is ${d.stable}.`,
      manager: (d) => `${d.producer} seals the bundle: its ${entries(d.records)} ${d.kind === "commit" ? `count${d.records === 1 ? "s" : ""}` : `${d.records === 1 ? "is" : "are"} void`}. The seal is an entry itself, number ${d.offset}.${d.waits ? " Another bundle is still open." : ""}`,
    },
    "marker.empty": {
      engineer: (d) => `${d.producer} ends a transaction that wrote nothing: no marker is written.`,
      manager: (d) => `${d.producer} closes a bundle with nothing in it: it needs no seal.`,
    },
    "marker.refused": {
      engineer: (d) => `The ${d.kind} of ${d.producer} is refused with INVALID_TXN_STATE: no transaction of it is open.`,
      manager: (d) => `${d.producer} has no open bundle, so there is nothing to seal.`,
    },
    "record.aborted": {
      engineer: (d) => `Offset ${d.offset} goes, whatever its key: ${d.producer} aborted it at ${d.marker}. ${d.isLast ? "Its batch, the last of this pass, stays empty until the next." : `A fetch at ${d.offset} returns ${d.next}.`}`,
      manager: (d) => `Entry ${d.offset} is thrown away: the bundle of ${d.producer} was declared void, so it never counted.`,
    },
    "marker.stamped": {
      engineer: (d) => `Nothing of the transaction that ended at offset ${d.offset} is left: its ${d.kind} marker stays until a pass after ${d.until}, ${d.kept} from now.`,
      manager: (d) => `Nothing is left of the bundle that seal ${d.offset} closed: the seal is stamped "keep until ${d.until}".`,
    },
    "marker.removed": {
      engineer: (d) => `Offset ${d.offset} goes: the ${d.kind} marker of ${d.producer} was due, and ends nothing that is left; a fetch there returns ${d.next}.`,
      manager: (d) => `Seal ${d.offset} of ${d.producer} is thrown away: it closed a bundle of which nothing is left.`,
    },
    "cleaner.finished": {
      engineer: (d) => `The pass ends: ${records(d.removed)} and ${d.freed} bytes gone, ${records(d.left)} left, each at its old offset; clean up to ${d.next}.`,
      manager: (d) => `Tidying up is done: ${entries(d.removed)} fewer, ${entries(d.left)} left, each under the number that it always had.`,
    },
    "reader.caught_up": {
      engineer: (d) => (d.stale === 0
        ? `The slow reader reads from offset ${d.from} to ${d.to} and holds what a new reader would.`
        : `The slow reader reads from ${d.from} to ${d.to} and still holds ${d.key}${d.stale > 1 ? ` and ${d.stale - 1} more` : ""}: the tombstone was gone before it came.`),
      manager: (d) => (d.stale === 0
        ? "The slow reader catches up, skips what was thrown away, and knows as much as everybody else."
        : `The slow reader catches up and still believes in ${d.key}${d.stale > 1 ? ` and ${d.stale - 1} others` : ""}: the notice to forget was thrown away too soon.`),
    },
  },
  telling: ["record.unkeyed", "cleaner.skipped", "cleaner.started", "record.compacted", "record.aborted", "tombstone.stamped", "tombstone.removed", "marker.stamped", "marker.removed", "cleaner.finished", "reader.caught_up", "marker.written", "marker.refused"],
  checks: {
    "offsets-stable": { engineer: "no offset ever changes", manager: "every entry keeps its number" },
    "last-value-survives": { engineer: "each key's last value survives", manager: "everyone's latest entry is still there" },
    "active-untouched": { engineer: "the active segment is untouched", manager: "the block in use is left alone" },
    "one-per-key": { engineer: "one record per key in the cleaned part", manager: "one entry each in the tidied blocks" },
    "open-untouched": { engineer: "nothing from the last stable offset on is touched", manager: "nothing from the first open bundle on is touched" },
    "aborted-gone": { engineer: "no aborted record is left in the cleaned part", manager: "nothing void is left in the tidied blocks" },
    "marker-outlives": { engineer: "no marker goes before its transaction's records", manager: "no seal goes before what it closed" },
    "slow-reader-agrees": { engineer: "the slow reader ends with the same state as a new one", manager: "a slow reader ends up with the same knowledge as a new one" },
  },
  fidelity: {
    system: "Apache Kafka",
    version: "4.x",
    recorded: { version: "4.3.0", cases: 300, excluded: 39, what: "logs, a hundred of them with transactions, cleaned by LogCleanerManager and Cleaner under a mock clock", why: "dirty ratios among the 848 passes over logs with transactions, where Kafka counts the header of an emptied batch" },
    broker: { version: "4.3.0", cases: 45, excluded: 0, what: "topics filled from sample logs, cleaned once to three times and read back by a consumer" },
    follows: [
      { rule: "What is cleanable: from the last checkpoint to the active segment, to the last stable offset, or to the first dirty segment with a record younger than the minimum lag, rounded down to a segment.", where: "LogCleanerManager#cleanableOffsets" },
      { rule: "A pass runs if the cleanable share is above the minimum ratio, or a first record of a dirty closed segment is older than the maximum lag.", where: "LogCleanerManager#grabFilthiestCompactedLog, #maxCompactionDelay" },
      { rule: "The dirty part is mapped from key to last offset; the log is recopied from its start.", where: "Cleaner#buildOffsetMap, #shouldRetainRecord" },
      { rule: "The first pass that sees a tombstone sets its horizon; a later pass removes it when it is due.", where: "MemoryRecords#filterTo" },
      { rule: "Records of aborted transactions are not mapped and not kept, whatever their keys; the last batch of a pass stays behind empty until the next.", where: "CleanedTransactionMetadata#onBatchRead, Cleaner#cleanInto" },
      { rule: "The first pass that finds no batch of a marker's transaction sets the marker's horizon; a later pass removes it when it is due.", where: "CleanedTransactionMetadata#onControlBatchRead, MemoryRecords#filterTo" },
      { rule: "Records without a key are rejected.", where: "LogValidator" },
    ],
    simplified: [
      "One partition; the high watermark is the end of the log.",
      "A marker bumps the epoch (transaction.version 2), so that the last marker of a producer stands for its state. Under version 1 its last data batch does: emptied, it stays, and with it its marker, as long as the producer is known.",
      "An emptied batch, whose header Kafka keeps, takes no room here, so that the dirty ratio beside one is a little off.",
      "A segment holds a number of records instead of bytes, and cleaned segments are not merged, so that gaps stay in view.",
      "In Kafka max.compaction.lag.ms also rolls the active segment early; here only the number of its records does.",
      "Each record is a batch of its own; the size of a log is that of keys and values.",
      "The offset map is limited by keys, not by memory, and keys are compared as they are, not by a hash.",
    ],
  },
};

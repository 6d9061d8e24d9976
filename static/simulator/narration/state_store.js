/** The sentences of state in memory, and of a database beside it. */

const some = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
const records = (n) => some(n, "record");
const entries = (n) => some(n, "entry", "entries");
const rows = (n) => some(n, "row");
const lines = (n) => some(n, "line");
const PARTS = {
  index: { engineer: (d) => `an index on ${d.field}`, manager: (d) => `a register by ${d.field}` },
  transactions: { engineer: () => "transactions", manager: () => "changes that happen together or not at all" },
  backup: { engineer: () => "a backup after every ten records", manager: () => "a safety copy after every ten entries" },
};

export const narration = {
  sentences: {
    "store.written": {
      engineer: (d) => `${d.type} at ${d.offset} ${d.isGone ? "removes" : "changes"} the row of ${d.key}, one of ${d.rows}${d.indexed > 0 ? `, and ${some(d.indexed, "index entry", "index entries")}` : ""}.`,
      manager: (d) => `Entry ${d.offset}, ${d.type}, ${d.isGone ? "strikes off" : "changes"} the line of ${d.key}${d.indexed > 0 ? ", and the register with it" : ""}; there are ${lines(d.rows)}.`,
    },
    "store.passed_over": {
      engineer: (d) => `${d.type} at ${d.offset} has no key: it is read, and no row changes.`,
      manager: (d) => `Entry ${d.offset} names nobody, so no line changes.`,
    },
    "store.saved": {
      engineer: (d) => (d.isBought ? `A checkpoint: the next start needs its log from ${d.after} on only.` : `${rows(d.rows)} are copied to a backup: the next start reads from ${d.after} on only.`),
      manager: (d) => (d.isBought ? "The database ties up its journal, so that the next start has little to read." : `${lines(d.rows)} are copied and put aside: the next morning begins there.`),
    },
    "store.started": {
      engineer: (d) => {
        const base = d.hasBackup ? `loads ${d.rowsLoaded} saved ${d.rowsLoaded === 1 ? "row" : "rows"} and reads` : "reads";
        const growth = d.before !== null && d.recordsRead > d.before ? `, ${d.recordsRead - d.before} more than last time` : "";
        const index = d.field === null ? "" : `, and the index on ${d.field} is built again`;
        const lost = d.lost === 0 ? "" : `; ${d.lost === 1 ? "1 row is" : `${d.lost} rows are`} not what they were, since the log no longer has their records`;
        return `${d.isBought ? "The database" : "The process"} starts: it ${base} ${records(d.recordsRead)}${growth}, for ${rows(d.rows)}${index}${lost}.`;
      },
      manager: (d) => {
        const growth = d.before !== null && d.recordsRead > d.before ? `, ${d.recordsRead - d.before} more than last time,` : "";
        const lost = d.lost === 0 ? "" : `; ${d.lost === 1 ? "1 line is" : `${d.lost} lines are`} missing or old, because the book no longer has their entries`;
        return `A new morning: ${d.hasBackup ? "after the safety copy, " : ""}${entries(d.recordsRead)}${growth} ${d.recordsRead === 1 ? "is" : "are"} read before work can begin${lost}.`;
      },
    },
    "store.asked": {
      engineer: (d) => `${d.field} = ${d.equals}: ${d.count}, ${d.byIndex ? `found by the index, ${rows(d.scanned)} looked at` : `after a scan of ${d.scanned === 1 ? "the only row" : `all ${d.scanned} rows`}`}.`,
      manager: (d) => `How many have ${d.equals} as ${d.field}? ${d.count}, ${d.byIndex ? `straight from the register, at ${lines(d.scanned)}` : `after looking through ${d.scanned === 1 ? "the only line" : `all ${d.scanned} lines`}`}.`,
    },
    "pair.changed": {
      engineer: (d) => `${d.one} and ${d.other} are changed together; nothing came between them${d.isSafe ? ", and nothing could have left one alone" : ""}.`,
      manager: (d) => `${d.one} and ${d.other} are changed together, and this time nothing came between.`,
    },
    "pair.half": {
      engineer: (d) => `A crash between the two writes: ${d.one} is changed, ${d.other} is not, and the log has the half as a fact.`,
      manager: (d) => `Somebody drops out in between: ${d.one} is changed and ${d.other} is not, and nobody notices.`,
    },
    "pair.undone": {
      engineer: (d) => `A crash between the two writes: the transaction was never committed, so ${d.one} is as it was before, like ${d.other}.`,
      manager: (d) => `Somebody drops out in between: the half is taken back, and ${d.one} and ${d.other} are as they were.`,
    },
    "part.built": {
      engineer: (d) => `Somebody writes ${PARTS[d.part].engineer(d)}${d.cost > 0 ? `, ${rows(d.cost)} are gone over for it` : ""}: ${some(d.parts, "part")} of a database ${d.parts === 1 ? "is" : "are"} written here by now.`,
      manager: (d) => `Somebody builds ${PARTS[d.part].manager(d)}: ${some(d.parts, "part")} of a database ${d.parts === 1 ? "is" : "are"} home-made by now.`,
    },
    "part.there": {
      engineer: (d) => `${d.isBought ? "The database brings that along" : "That is there already"}: nothing is written for it.`,
      manager: (d) => `${d.isBought ? "The database does that anyway" : "That is there already"}: nothing is built.`,
    },
  },
  telling: ["store.started", "store.asked", "pair.changed", "pair.half", "pair.undone", "part.built", "part.there"],
  checks: {
    "nothing-forgotten": { engineer: "the rows are what the whole log makes of them", manager: "no figure is missing or old" },
    "all-or-nothing": { engineer: "no change of two rows was left half done", manager: "what belongs together happened together" },
    "no-database-of-our-own": { engineer: "fewer than four parts of a database were written here", manager: "nobody here has built a database of their own" },
    "index-agrees": { engineer: "the index agrees with the rows", manager: "the register agrees with the figures" },
  },
  fidelity: {
    system: "State stores rebuilt from a log, and relational databases in general; start-up as in Kafka Streams and PostgreSQL",
    version: "the pattern, not a product",
    follows: [
      { rule: "State in memory is gone with the process, and is restored by reading its log again before work goes on.", where: "Kafka Streams 3.9 documentation, Architecture: fault tolerance, restoring of state stores" },
      { rule: "A copy of the state, kept with its position, shortens that to the records after it.", where: "Axon and Akka documentation on snapshots; Kafka Streams: standby replicas" },
      { rule: "A query by anything but the key looks at every row; an index gives the rows that match, and costs a change of its own with each write.", where: "PostgreSQL documentation, Indexes: Introduction" },
      { rule: "After a crash a database reads its own log from the last checkpoint on, and undoes what was not committed.", where: "PostgreSQL documentation, Write-Ahead Logging; WAL Configuration" },
    ],
    simplified: [
      "Costs are counted, not timed: one record read, one row looked at and one index entry count as one each, whatever they would take.",
      "A database is the five parts that are listed. Constraints, concurrent users, access rights and a query language, which are parts as well, are left out.",
      "A restart happens at once and nobody asks meanwhile; the log itself is never lost, but it may keep its last records only.",
      "An index counts how many rows say what, and needs no disk.",
      "The database has one table, and checkpoints by number of records instead of time or size.",
    ],
  },
};

/** The sentences of a fold. */

const records = (n) => `${n} ${n === 1 ? "record" : "records"}`;
const entries = (n) => `${n} ${n === 1 ? "entry" : "entries"}`;
const rows = (n) => `${n} ${n === 1 ? "row" : "rows"}`;
const lines = (n) => `${n} ${n === 1 ? "line" : "lines"}`;
const what = ({ fold, field }) => `${fold}${field === null ? "" : ` of ${field}`}`;
const plainly = ({ fold, field }) => ({ latest: "what was said last", count: "how many entries there are", sum: "the total" })[fold] + (field === null ? "" : ` of ${field}`);
const said = (value) => (value === null ? "nothing" : value);
const CHANGE = {
  latest: (d) => (d.isGone ? `${d.key} is gone` : `${d.key} is now ${said(d.after)}`),
  count: (d) => `${d.key} has now ${records(d.after)}`,
  sum: (d) => (d.before === null ? `${d.key} begins at ${d.after}` : d.before === d.after ? `it adds nothing to ${d.key}, which stays ${d.after}` : `${d.key} goes from ${d.before} to ${d.after}`),
};
const PLAIN = {
  latest: (d) => (d.isGone ? `${d.key} is struck off the list` : `the list now says ${said(d.after)} for ${d.key}`),
  count: (d) => `that makes ${entries(d.after)} for ${d.key}`,
  sum: (d) => (d.before === null ? `${d.key} begins at ${d.after}` : d.before === d.after ? `${d.key} stays at ${d.after}` : `${d.key} goes from ${d.before} to ${d.after}`),
};

export const narration = {
  sentences: {
    "record.folded": {
      engineer: (d) => `${d.type || "The record"} at ${d.offset} is folded in: ${CHANGE[d.fold](d)}.`,
      manager: (d) => `Entry ${d.offset}, ${d.type || "the next"}, is worked in: ${PLAIN[d.fold](d)}.`,
    },
    "question.folded": {
      engineer: (d) => `For the new question ${d.type || "the record"} at ${d.offset} is read again: ${CHANGE[d.fold](d)}.`,
      manager: (d) => `For the new question entry ${d.offset} is looked up again: ${PLAIN[d.fold](d)}.`,
    },
    "record.passed_over": {
      engineer: (d) => `${d.type || "The record"} at ${d.offset} has no key: it is read, and no row changes.`,
      manager: (d) => `Entry ${d.offset} names nobody, so no figure changes.`,
    },
    "snapshot.taken": {
      engineer: (d) => `A snapshot of ${rows(d.rows)} is stored at position ${d.position}: loading may start here, at ${rows(d.stored)} stored so far.`,
      manager: (d) => `A summary of ${lines(d.rows)} is put aside at entry ${d.position}, so that nobody need start from the first entry again.`,
    },
    "state.wiped": {
      engineer: (d) => `The state, ${rows(d.dropped)}, is thrown away; ${d.snapshotAt === null ? "loading starts at the first record" : `the snapshot at ${d.snapshotAt} is loaded`} and ${records(d.left)} are read again.`,
      manager: (d) => `The figures are thrown away on purpose; ${d.snapshotAt === null ? "the book still has every entry" : `the summary at ${d.snapshotAt} is fetched`}, and ${entries(d.left)} are worked in again.`,
    },
    "records.repeated": {
      engineer: (d) => `The reader goes back from ${d.to} to ${d.from} but keeps its state: ${records(d.count)} will be folded in twice.`,
      manager: (d) => `The last ${entries(d.count)} are handed in a second time, on top of figures that already contain them.`,
    },
    "fold.changed": {
      engineer: (d) => `The fold is now ${what(d.after)} instead of ${what(d.before)}; ${d.snapshotAt === null ? "everything is read again" : `the snapshot at ${d.snapshotAt}, made by the old fold, is loaded all the same`}.`,
      manager: (d) => `The figure is now ${plainly(d.after)}; ${d.snapshotAt === null ? "every entry is gone through again" : `but the summary at ${d.snapshotAt}, made under the old rule, is still used`}.`,
    },
    "question.asked": {
      engineer: (d) => `A new question, ${what(d)}, is asked of the same log; ${d.isLate ? `it reads from ${d.from} on, and no record before` : `${records(d.left)} answer it from offset ${d.from}`}.`,
      manager: (d) => `Somebody asks for ${plainly(d)}; ${d.isLate ? `counting starts today, at entry ${d.from}, and the past stays out` : "the old entries can answer it, though nobody had thought of it then"}.`,
    },
  },
  telling: ["snapshot.taken", "state.wiped", "records.repeated", "fold.changed", "question.asked", "record.passed_over"],
  checks: {
    "refold-same": { engineer: "folding from offset 0 gives the same state", manager: "working through every entry again gives the same figures" },
    "snapshot-fits": { engineer: "the snapshot is what the present fold gives there", manager: "the summary was made under today's rule" },
    "own-records-only": { engineer: "the state holds the loaded key only", manager: "only the one asked for is on the sheet" },
    "question-answered": { engineer: "the new question is answered from the whole log", manager: "the new question is answered from the whole past" },
  },
  fidelity: {
    system: "Event sourcing and stream processing in general; latest and delete as in a Kafka Streams table",
    version: "Kafka 4.x",
    follows: [
      { rule: "State is the left fold of a function over the log up to a position, and over nothing else.", where: "Azure Architecture Center, Event Sourcing pattern" },
      { rule: "A record without a value deletes its key from a table of latest values; a record without a key is skipped.", where: "Kafka Streams: KTableSource; KStreamAggregate skips null keys" },
      { rule: "A snapshot belongs to a position and to the code that made it; loading reads the snapshot, then the records after it.", where: "Axon and Akka documentation on snapshots" },
    ],
    simplified: [
      "Snapshots stand after every so many records of the whole log; event stores mostly count per aggregate.",
      "One reader on one log; nothing else is written while it loads.",
      "Snapshots are kept for ever, and are never checked against the version of the fold: that is the mistake to be seen.",
    ],
  },
};

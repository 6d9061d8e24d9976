/** The sentences of a table whose changes are captured, beside the events that say what was meant. */

const some = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
const list = (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`);
const OPS = { c: "a new row", u: "an update", d: "a delete" };

export const narration = {
  sentences: {
    "change.captured": {
      engineer: (d) => {
        const unsaid = d.unsaid.length === 0 ? "" : `; it says nothing of ${list(d.unsaid)}`;
        const kept = d.isKept ? `${d.type} at ${d.offset}` : `A decision at ${d.offset}, of which no event is kept,`;
        return d.capture === "log" ? `${kept} becomes ${OPS[d.op]} of ${d.key}: ${d.words}${unsaid}.` : `${kept} changes ${d.key} in the table, ${d.words}; nobody has looked yet.`;
      },
      manager: (d) => {
        const unsaid = d.unsaid.length === 0 ? "" : `, and nothing of ${list(d.unsaid)}`;
        const kept = d.isKept ? `${d.type} for ${d.key}` : `A decision about ${d.key}, which nobody wrote down,`;
        return d.capture === "log" ? `${kept} shows in the table as ${d.words}${unsaid}.` : `${kept} changes the table, ${d.words}; nobody has looked yet.`;
      },
    },
    "event.silent": {
      engineer: (d) => `${d.isKept ? d.type : "A decision"} at ${d.offset} changes no column of ${d.key}: there is no change record, and whoever reads changes never hears of it.`,
      manager: (d) => `${d.isKept ? d.type : "A decision"} for ${d.key} changes nothing that the table has room for, so the table knows nothing of it.`,
    },
    "event.unkeyed": {
      engineer: (d) => `${d.type} at ${d.offset} has no key: no row can change.`,
      manager: (d) => `Entry ${d.offset} names nobody, so nothing in the table changes.`,
    },
    "change.polled": {
      engineer: (d) => `A poll finds ${some(d.seen, "changed row")}; ${some(d.made, "change")} ${d.made === 1 ? "was" : "were"} made since the last one, so ${d.missed} ${d.missed === 1 ? "is" : "are"} not seen.`,
      manager: (d) => `Somebody looks and finds ${some(d.seen, "line")} changed; there were ${some(d.made, "change")}, so ${d.missed} ${d.missed === 1 ? "stays" : "stay"} unnoticed.`,
    },
    "row.edited": {
      engineer: (d) => `Somebody ${d.op === "d" ? `deletes ${d.key}` : `sets ${d.key} by hand, ${d.words}`}: ${d.capture === "log" ? `it is captured like any other change${d.op === "d" ? ", with a tombstone after it" : ""}` : d.op === "d" ? "a poll will never see it" : "the next poll may see it"}, and no event tells of it.`,
      manager: (d) => `Somebody ${d.op === "d" ? `strikes ${d.key} off the table` : `changes ${d.key} in the table by hand, ${d.words}`}; no decision says why.`,
    },
    "row.unchanged": {
      engineer: (d) => `The row of ${d.key} is not there or says so already: nothing is changed.`,
      manager: (d) => `The table has no such line for ${d.key}, or it says so already: nothing is changed.`,
    },
    "column.added": {
      engineer: (d) => `The table gets the column ${d.column}; in ${some(d.rows, "existing row")} it is null, for what was not kept cannot be filled in.`,
      manager: (d) => `The table gets room for ${d.column}; in ${some(d.rows, "line")} that ${d.rows === 1 ? "is" : "are"} there already it stays empty.`,
    },
    "column.there": {
      engineer: (d) => `The table has the column ${d.column} already.`,
      manager: (d) => `The table has room for ${d.column} already.`,
    },
    "upcaster.installed": {
      engineer: (d) => `From now on ${d.type} without ${d.field} is read as if it said “${d.value}”; what is stored stays as it was written.`,
      manager: (d) => `From now on old entries without ${d.field} are read as “${d.value}”; the entries themselves stay as they are.`,
    },
    "reason.asked": {
      engineer: (d) => {
        const lacking = [d.unrecorded > 0 && `${d.unrecorded} not recorded`, d.unreadable > 0 && `${d.unreadable} without the field`, d.invented > 0 && `${d.invented} made up by an upcaster`].filter(Boolean);
        return `${d.type}, ${d.field}: the events say it ${some(d.inEvents, "time")}${d.said.length > 0 ? ` (${d.said.join("; ")})` : ""}${lacking.length > 0 ? `, ${lacking.join(", ")}` : ""}; the changes say it ${some(d.inChanges, "time")}, and ${d.unknown} ${d.unknown === 1 ? "has" : "have"} no answer.`;
      },
      manager: (d) => {
        const lacking = d.unrecorded + d.unreadable;
        return `Asked for the ${d.field}: the decisions that were written down give it ${some(d.inEvents, "time")}${d.invented > 0 ? `, ${d.invented} of them made up` : ""}${lacking > 0 ? `, and ${lacking} cannot be had any more` : ""}; the table gives it ${some(d.inChanges, "time")} and is silent ${some(d.unknown, "time")}.`;
      },
    },
  },
  telling: ["event.silent", "change.polled", "row.edited", "column.added", "upcaster.installed", "reason.asked"],
  checks: {
    "copy-agrees": { engineer: "a copy made from the captured changes agrees with the table", manager: "whoever follows the changes has the same table" },
    "changes-explained": { engineer: "every change of the table has an event", manager: "for every change somebody wrote down a decision" },
    "intent-captured": { engineer: "the changes answer what was asked as the events do", manager: "the table's changes tell as much as the decisions" },
    "nothing-invented": { engineer: "no answer contains a value that an upcaster made up", manager: "no answer contains anything made up afterwards" },
  },
  fidelity: {
    system: "Change data capture in the shape of Debezium's connectors, beside domain events",
    version: "Debezium 2 and 3",
    follows: [
      { rule: "A change record has op (c create, u update, d delete), the row before and after, and a time.", where: "Debezium documentation, PostgreSQL connector: data change events" },
      { rule: "A delete has no after, and is followed by a tombstone: the same key without a value.", where: "Debezium documentation, PostgreSQL connector: delete events, tombstone events" },
      { rule: "Capture from the log sees every change, those that nobody announced too, and deletes; polling does not.", where: "Debezium documentation, Features" },
      { rule: "An upcaster gives readers an event in its newest version, from the one that was stored; storage is not changed.", where: "Axon Framework documentation, Event Versioning: event upcasting" },
      { rule: "A domain event says what happened in the words of the business, with what was decided.", where: "Evans, Domain-Driven Design Reference: domain events" },
    ],
    simplified: [
      "One table and one row per key; a real change record also names its source, transaction and position.",
      "Every update carries the whole row before it, as PostgreSQL sends it under REPLICA IDENTITY FULL only.",
      "ts_ms is the time of the change; in Debezium it is when the connector handled it, and source.ts_ms when it was made.",
      "The first look of a connector at a table that has rows already (its snapshot, op r) is left out.",
      "Tombstones are counted, not listed; an event without a value deletes its row.",
      "Events and table change together; how that can fail is shown by the model of the outbox.",
    ],
  },
};

/** The sentences of windows over a stream. */

const exact = ({ from, to, isSession }) => `[${from}, ${to}${isSession ? "]" : ")"}`;
const plainly = ({ from, to }) => (from === to ? from : `${from} to ${to}`);
const others = (n, what) => (n === 0 ? "" : ` and ${n} more ${what}${n === 1 ? "" : "s"}`);
const windows = (n) => `${n} ${n === 1 ? "window" : "windows"}`;
const figures = (n) => `${n} ${n === 1 ? "figure" : "figures"}`;

const WHY = {
  unkeyed: {
    engineer: (d) => `${d.type} at ${d.offset} has no key: it is dropped, and stream time does not move with it.`,
    manager: (d) => `Entry ${d.offset} names nobody, so it counts nowhere.`,
  },
  "before-epoch": {
    engineer: (d) => `${d.type} at ${d.offset} has a negative timestamp, which Kafka Streams does not take: it is dropped.`,
    manager: (d) => `Entry ${d.offset} has an impossible date, so it counts nowhere.`,
  },
  late: {
    engineer: (d) => `${d.type} of ${d.key} at ${d.when} is dropped as late: at stream time ${d.streamTime} all ${d.kind === "session" ? "sessions that ended before" : "windows that end by"} ${d.limit} are closed.`,
    manager: (d) => `${d.type} of ${d.key}, dated ${d.when}, comes too late: its figure is closed, and no figure will contain it.`,
  },
};

export const narration = {
  sentences: {
    "stream.counted": {
      engineer: (d) => {
        const counts = d.windows.map((counted) => `${exact(counted)}, now ${counted.count}`).join("; ");
        const late = d.behind === null ? "" : `, ${d.behind} behind stream time but within reach,`;
        const refused = d.refused === 0 ? "" : `; ${windows(d.refused)} of it ${d.refused === 1 ? "is" : "are"} closed already`;
        return `${d.type} of ${d.key} at ${d.when}${late} counts in ${counts}${others(d.many - d.windows.length, "window")}${refused}.`;
      },
      manager: (d) => {
        const [first] = d.windows;
        const late = d.behind === null ? "" : `comes ${d.behind} late, but in time: it `;
        const refused = d.refused === 0 ? "" : `; ${figures(d.refused)} can no longer take it`;
        return `${d.type} of ${d.key}, dated ${d.when}, ${late}counts for ${plainly(first)}, which makes ${first.count}${others(d.many - 1, "period")}${refused}.`;
      },
    },
    "stream.dropped": {
      engineer: (d) => WHY[d.reason].engineer(d),
      manager: (d) => WHY[d.reason].manager(d),
    },
    "session.merged": {
      engineer: (d) => `The record bridges ${d.merged} sessions of ${d.key}: they are removed from the table, and ${exact(d)} with ${d.count} takes their place.`,
      manager: (d) => `What looked like ${d.merged} visits of ${d.key} was one: they become the visit ${plainly(d)}, with ${d.count} entries.`,
    },
    "stream.window_closed": {
      engineer: (d) => `Stream time is ${d.streamTime}: ${exact(d)} of ${d.key}${others(d.many - 1, "window")} ${d.many === 1 ? "is" : "are"} closed${d.emit === "final" ? `, and the final count ${d.count}${d.many > 1 ? " and the others go" : " goes"} downstream` : ""}.`,
      manager: (d) => `An entry of ${d.streamTime} closes ${plainly(d)} for ${d.key}${others(d.many - 1, "figure")}${d.emit === "final" ? `: the result, ${d.count}, is reported, and will not change` : ": later corrections are refused"}.`,
    },
    "stream.waited": {
      engineer: (d) => `${d.by} pass without a record: stream time ${d.streamTime === null ? "has not begun" : `stays ${d.streamTime}`}${d.closes === null ? ", and no window is open" : `, and the window that closes at ${d.closes} stays open`}.`,
      manager: (d) => `${d.by} pass and nothing comes in${d.closes === null ? "; nothing was open" : `: the open figure waits for an entry of ${d.closes} or later`}.`,
    },
    "table.rebuilt": {
      engineer: (d) => `The table is thrown away and folded from what was emitted: ${windows(d.rows)} come back${d.lost === 0 ? ", all as they were" : `, but ${d.lost} ${d.lost === 1 ? "differs" : "differ"} or ${d.lost === 1 ? "is" : "are"} gone, for ${d.emit === "final" ? "open windows were never emitted" : "their changes were not emitted"}`}.`,
      manager: (d) => `The figures are thrown away and drawn up from the reports: ${figures(d.rows)} come back${d.lost === 0 ? ", all as they were" : `, but ${d.lost} ${d.lost === 1 ? "is" : "are"} wrong or missing, because nothing was reported while ${d.lost === 1 ? "it was" : "they were"} open`}.`,
    },
  },
  telling: ["stream.dropped", "session.merged", "stream.window_closed", "stream.waited", "table.rebuilt"],
  checks: {
    "all-accounted-for": { engineer: "every record is counted where it belongs or dropped", manager: "every entry is in a figure, or known to be left out" },
    "emitted-gives-table": { engineer: "folding what was emitted gives the table again", manager: "the reports, put together, give the figures again" },
    "final-is-final": { engineer: "each result was emitted once, for a closed window", manager: "each figure was reported once, when nothing could change it" },
  },
  fidelity: {
    system: "Kafka Streams",
    version: "4.x",
    recorded: { version: "4.3.0", cases: 200, excluded: 0, what: "streams, counted under TopologyTestDriver" },
    follows: [
      { rule: "A hopping window begins at every multiple of the advance; a record falls into each that holds its time, [start, end).", where: "TimeWindows#windowsFor" },
      { rule: "Stream time is the latest timestamp of the keyed records so far; a window accepts a record while its end is after stream time − grace.", where: "KStreamWindowAggregate#process" },
      { rule: "A record joins all sessions of its key within the gap, inclusive; each is removed from the table, then the merged one is put. It is dropped if that one ends before stream time − grace − gap.", where: "KStreamSessionWindowAggregate#process" },
      { rule: "Final results go downstream when a record has moved stream time far enough, by start or end and then by the bytes of the key.", where: "AbstractKStreamTimeWindowAggregateProcessor#maybeForwardFinalResult, EmitStrategy.onWindowClose" },
      { rule: "Records without a key are dropped; a record without a value is counted.", where: "KStreamWindowAggregate#process, TimeWindowedKStreamImpl#count" },
      { rule: "Folding the changes of a table gives the table: a value replaces, null removes.", where: "Kafka Streams documentation, Duality of Streams and Tables" },
    ],
    simplified: [
      "One partition, so one stream time; in Kafka Streams each task has its own, and one that receives nothing closes nothing.",
      "The aggregate is a count.",
      "Every update goes on at once: no record cache, no interval between emissions.",
      "No window is ever forgotten. Kafka's default retention lets a store forget a closed session; kept longer, as here, a record that is still accepted may extend one.",
      "Negative timestamps are dropped, as LogAndSkipOnInvalidTimestamp does; the default handler stops the program.",
      "A table is rebuilt from what went downstream; Kafka Streams keeps a changelog topic of its own for that.",
    ],
  },
};

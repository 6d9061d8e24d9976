/** The sentences of retention. */
import { segmentSentences } from "./segments.js";

const KEPT = {
  engineer: {
    "high-watermark": (d) => `it reaches the high watermark ${d.highWatermark}`,
    policy: () => "the policy is compact only",
    "no-limit": () => "there is no limit",
    size: () => "the rest would fall below retention.bytes",
    young: (d) => `offset ${d.pinned} is ${d.age} old, not over ${d.limitMs}`,
    future: (d) => `offset ${d.pinned} is dated ${d.latest}, ${d.age} ahead, and pins everything behind it`,
    alone: () => "an empty last segment is never deleted",
  },
  manager: {
    "high-watermark": () => "not everything in it is confirmed yet",
    policy: () => "the rule here deletes no blocks",
    "no-limit": () => "nobody set a limit",
    size: () => "without it the file would be smaller than agreed",
    young: (d) => `its latest entry is ${d.age} old, within the ${d.limitMs} agreed`,
    future: (d) => `entry ${d.pinned} bears the date ${d.latest}, and one wrong date holds back everything after it`,
    alone: () => "there must always be a block to write into",
  },
};
const segments = (n) => (n === 0 ? "no segment" : `${n} segment${n === 1 ? "" : "s"}`);
const blocks = (n) => (n === 0 ? "no block" : `${n} block${n === 1 ? "" : "s"}`);

export const narration = {
  sentences: {
    ...segmentSentences,
    "record.too_large": {
      engineer: (d) => `${d.type || "A record"} is refused: it alone is larger than segment.bytes, ${d.limit}; it takes no offset.`,
      manager: (d) => `An entry is refused: by itself it is longer than a whole block of ${d.limit} bytes.`,
    },
    "retention.started": {
      engineer: (d) => `The retention pass runs at ${d.now} and looks at the oldest segment first: ${d.oldest}, in a log of ${d.bytes} bytes.`,
      manager: (d) => `On ${d.now} somebody goes through the blocks, the oldest first, to see what may be thrown away.`,
    },
    "segment.deleted": {
      engineer: (d) => ({
        "start-offset": `Segment ${d.base} goes whole: it lies below the start of the log.`,
        size: `Segment ${d.base} goes whole: ${d.left} bytes remain without it, still at least retention.bytes, ${d.limit}.`,
        time: `Segment ${d.base} goes whole, offsets ${d.base} to ${d.to}: its latest record is ${d.age} old, more than ${d.limitMs}.`,
      })[d.reason],
      manager: (d) => ({
        "start-offset": `Block ${d.base} is thrown away: everything in it had been declared deleted.`,
        size: `Block ${d.base} is thrown away: ${d.left} bytes remain without it, which is enough.`,
        time: `Block ${d.base} is thrown away whole: even its latest entry is ${d.age} old, and ${d.limitMs} was agreed.`,
      })[d.reason],
    },
    "retention.finished": {
      engineer: (d) => `${segments(d.deleted)} deleted; segment ${d.base} stays: ${KEPT.engineer[d.reason](d)}.`.replace(/^n/, "N"),
      manager: (d) => `${blocks(d.deleted)} thrown away; block ${d.base} stays: ${KEPT.manager[d.reason](d)}.`.replace(/^n/, "N"),
    },
    "log.start_raised": {
      engineer: (d) => `The log now starts at ${d.to} instead of ${d.from}: readers see nothing before it, though its segments go only with a pass.`,
      manager: (d) => `Everything before entry ${d.to} counts as deleted; the paper itself goes when the blocks are next cleared.`,
    },
    "log.start_refused": {
      engineer: (d) => `The start cannot be raised to ${d.to}: it would pass the high watermark.`,
      manager: (d) => `Entries up to ${d.to} cannot be declared deleted: not all of them are confirmed.`,
    },
  },
  telling: ["record.too_large", "retention.started", "segment.deleted", "retention.finished", "log.start_raised", "log.start_refused"],
  checks: {
    "from-the-head": { engineer: "segments go from the oldest on, whole", manager: "only the oldest blocks go, and whole" },
    "segments-bounded": { engineer: "no segment exceeds segment.bytes", manager: "no block is longer than agreed" },
    "confirmed-only": { engineer: "the log's start does not pass the high watermark", manager: "nothing unconfirmed is thrown away" },
    "expired-gone": { engineer: "no wholly expired segment is left", manager: "no block is left of which everything is too old" },
    "size-bounded": { engineer: "the log exceeds retention.bytes by less than its oldest segment", manager: "the file is too large by less than one block" },
  },
  fidelity: {
    system: "Apache Kafka",
    version: "4.x",
    recorded: { version: "4.3.0", cases: 200, excluded: 0, what: "logs, kept by UnifiedLog under a mock clock" },
    broker: { version: "4.3.0", cases: 45, excluded: 0, what: "topics filled from sample logs, deleted from by time, by size and by request" },
    follows: [
      { rule: "A segment is rolled before an append that would exceed segment.bytes, or whose time is more than segment.ms after the segment's first.", where: "LogSegment#shouldRoll" },
      { rule: "A pass deletes what lies below the log's start, then by size, then by time, from the oldest on, up to the first that a rule spares.", where: "UnifiedLog#deleteOldSegments, #deletableSegments" },
      { rule: "Age counts from the largest timestamp of a segment, strictly; a segment goes by size only if what remains is still at least retention.bytes.", where: "UnifiedLog#deleteRetentionMsBreachedSegments, #deleteRetentionSizeBreachedSegments" },
      { rule: "Where every segment would go, an empty one is rolled first; offsets go on.", where: "UnifiedLog#deleteSegments" },
      { rule: "No segment at or beyond the high watermark is deleted.", where: "UnifiedLog#deletableSegments" },
    ],
    simplified: [
      "One partition, no tiered storage; each record is an append of its own, and its size is that of key and value.",
      "Segments are not rolled because an index is full, and there is no jitter.",
      "The broker looks every five minutes (log.retention.check.interval.ms); here a pass comes at the end and where you ask for one.",
      "Files are deleted at once, without file.delete.delay.ms.",
    ],
  },
};

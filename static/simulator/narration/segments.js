/** The sentences that retention and compaction share: a record is appended, a segment is rolled. */

export const segmentSentences = {
  "segment.appended": {
    engineer: (d) => `${d.isTombstone ? "A tombstone" : d.type || "A record"}${d.key === null ? "" : ` for ${d.key}`} is appended to the active segment at offset ${d.offset}.`,
    manager: (d) => `Entry ${d.offset}${d.key === null ? "" : `, about ${d.key},`} is added to the block in use${d.isTombstone ? ": a notice to forget" : ""}.`,
  },
  "segment.rolled": {
    engineer: (d) => `Segment ${d.closed} is rolled${{ records: "", size: ": it would exceed segment.bytes", time: ": its first record is older than segment.ms", expired: ": every segment has expired, and a log keeps one" }[d.reason]}; segment ${d.opened} is active.`,
    manager: (d) => `Block ${d.closed} is closed${{ records: "", size: " because it is full", time: " because it has been open long enough", expired: " because all of them have expired" }[d.reason]}; from now on entries go into block ${d.opened}.`,
  },
};

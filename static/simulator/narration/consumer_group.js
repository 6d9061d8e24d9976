/**
 * What a consumer group says, in two voices.
 */

/** @param {number} count @param {string} one @param {string} [many] */
const counted = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** @param {string[]} names */
function listed(names) {
  if (names.length > 4) return `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0];
}

const CAUSES = {
  start: { engineer: () => "the group forms", manager: () => "the team starts" },
  join: { engineer: (d) => `${d.member} joined`, manager: (d) => `${d.member} is new` },
  leave: { engineer: (d) => `${d.member} left`, manager: (d) => `${d.member} went home` },
  crash: { engineer: (d) => `${d.member} crashed`, manager: (d) => `${d.member} dropped out` },
  "hand-over": { engineer: () => "the hand-over ends", manager: () => "what was handed in is given out" },
};

/** @param {any} d */
function stillness(d) {
  if (d.members === 0) return { engineer: "; nobody is left to read", manager: "; nobody is left" };
  if (d.withheld > 0) return { engineer: `; ${d.withheld} wait for their new owner`, manager: `; ${d.withheld} wait for the second round` };
  if (d.paused > 0) return { engineer: `; ${counted(d.paused, "member")} stopped meanwhile`, manager: `; ${counted(d.paused, "colleague")} stood still meanwhile` };
  return { engineer: "", manager: "" };
}

export const narration = {
  sentences: {
    "group.rebalanced": {
      engineer: (d) => `Generation ${d.generation}, as ${CAUSES[d.cause].engineer(d)}: ${counted(d.moved, "partition")} of ${d.partitions} assigned anew among ${counted(d.members, "member")}${stillness(d).engineer}.`,
      manager: (d) => `The work is shared out, as ${CAUSES[d.cause].manager(d)}: ${counted(d.moved, "lane")} of ${d.partitions} change hands among ${counted(d.members, "colleague")}${stillness(d).manager}.`,
    },
    "partitions.assigned": {
      engineer: (d) => `${d.member} is given ${listed(d.names)} and owns ${d.total} now.`,
      manager: (d) => `${d.member} takes over ${listed(d.names)}, ${counted(d.total, "lane")} in all.`,
    },
    "partitions.revoked": {
      engineer: (d) => `${d.member} gives up ${listed(d.names)} first.`,
      manager: (d) => `${d.member} puts down ${listed(d.names)} first.`,
    },
    "member.idled": {
      engineer: (d) => (d.isHandOver ? `${d.member} owns nothing yet: what it will get is still being given up.` : `${d.member} owns nothing: ${counted(d.partitions, "partition")} cannot keep ${counted(d.members, "member")} busy.`),
      manager: (d) => (d.isHandOver ? `${d.member} has nothing to do yet: the others must hand over first.` : `${d.member} has nothing to do: a lane cannot be split between two people.`),
    },
    "member.joined": {
      engineer: (d) => `${d.member} joins: the group has ${counted(d.members, "member")} and must rebalance.`,
      manager: (d) => `${d.member} joins the team: ${counted(d.members, "colleague")} must share the work out again.`,
    },
    "member.left": {
      engineer: (d) => `${d.member} leaves and frees ${counted(d.partitions, "partition")}; ${d.uncommitted === 0 ? "nothing read is uncommitted" : `${counted(d.uncommitted, "record")} read but not committed`}.`,
      manager: (d) => `${d.member} goes home and hands in ${counted(d.partitions, "lane")}${d.uncommitted === 0 ? ", with notes up to date" : `, without notes on ${counted(d.uncommitted, "entry", "entries")}`}.`,
    },
    "member.crashed": {
      engineer: (d) => `${d.member} crashes: ${counted(d.uncommitted, "record")} read but never committed will be read again or skipped.`,
      manager: (d) => `${d.member} drops out with ${counted(d.uncommitted, "entry", "entries")} handled that nobody has noted.`,
    },
    "record.arrived": {
      engineer: (d) => `${d.type || "A record"} (${d.key ?? "no key"}) lands on ${d.topic}-${d.partition} at offset ${d.offset}; lag there ${d.lag}.`,
      manager: (d) => `New: ${d.type || "an entry"} for ${d.key ?? "nobody in particular"}, in lane ${d.partition} of ${d.topic}${d.owner === null ? ", which is nobody's" : `, ${d.owner}'s`}.`,
    },
    "record.consumed": {
      engineer: (d) => `${d.member} reads ${d.topic}-${d.partition} offset ${d.offset} (${d.key ?? "no key"}); lag there ${d.lag}.`,
      manager: (d) => `${d.member} handles ${d.type || "an entry"} for ${d.key ?? "nobody in particular"}; ${d.lag} more wait in that lane.`,
    },
    "record.redelivered": {
      engineer: (d) => `${d.member} reads ${d.topic}-${d.partition} offset ${d.offset} again: only offsets below ${d.committed} were committed.`,
      manager: (d) => `${d.member} handles ${d.type || "an entry"} for ${d.key ?? "nobody in particular"} a second time: no note said that it was done.`,
    },
    "records.skipped": {
      engineer: (d) => `${d.topic}-${d.partition} has no committed offset: ${d.member} starts at the end, ${d.position}, and never reads ${counted(d.lost, "record")}.`,
      manager: (d) => `Nobody noted how far lane ${d.partition} was: ${d.member} begins with what comes next; ${counted(d.lost, "entry is", "entries are")} never handled.`,
    },
    "offsets.committed": {
      engineer: (d) => `${d.member} commits its positions on ${counted(d.partitions, "partition")}: ${counted(d.records, "record")} more need not be read again.`,
      manager: (d) => `${d.member} notes how far the work is: ${counted(d.records, "more entry is", "more entries are")} safely done.`,
    },
  },
  telling: ["member.crashed", "member.joined", "member.left", "group.rebalanced", "record.redelivered", "records.skipped"],
  checks: {
    "one-owner": { engineer: "No partition has two owners in the group.", manager: "No lane belongs to two colleagues at once." },
    "all-owned": { engineer: "Every partition has an owner.", manager: "Every lane belongs to somebody." },
    "even-shares": { engineer: "Members' shares differ by one partition at most.", manager: "Nobody has more than one lane more than anybody else." },
    "commits-behind": { engineer: "Committed offsets never run ahead of positions, nor positions ahead of the end.", manager: "Nothing is noted as done before it is." },
    "none-skipped": { engineer: "No record was passed over unread.", manager: "No entry was left out." },
    "read-once": { engineer: "No record was read twice.", manager: "No entry was handled twice." },
  },
  fidelity: {
    system: "Apache Kafka",
    version: "4.3, classic group protocol",
    recorded: { version: "4.3.0", cases: 300, excluded: 0, what: "groups, each shared out by the four client assignors" },
    follows: [
      { rule: "Range: per topic, contiguous shares over sorted members, the first ones one more; static ids sort first.", where: "RangeAssignor#assignPartitions, AbstractPartitionAssignor.MemberInfo#compareTo" },
      { rule: "Round-robin: all partitions in a circle over sorted members, passing over those not subscribed.", where: "RoundRobinAssignor#assignPartitions" },
      { rule: "Sticky: shares differ by one at most, then owners keep what they hold; where several hold too much, the order of Java's HashMap says who keeps one more.", where: "AbstractStickyAssignor.ConstrainedAssignmentBuilder, GeneralAssignmentBuilder" },
      { rule: "Cooperative: what moves has no owner for one round; whatever does not move is never interrupted.", where: "CooperativeStickyAssignor#adjustAssignment, ConsumerCoordinator#onJoinPrepare" },
      { rule: "Eager members give everything up, committing first when they commit by themselves; a crash commits nothing.", where: "ConsumerCoordinator#onJoinPrepare, #close" },
      { rule: "A new owner starts at the committed offset; without one, auto.offset.reset decides.", where: "SubscriptionState#assignFromSubscribed, OffsetFetcher#resetPositionsIfNeeded" },
    ],
    simplified: [
      "A member reads one record at a time and commits after a number of records; Kafka polls in batches and commits by time.",
      "A crash is noticed at once; in Kafka the session timeout passes first, and a static member may come back within it.",
      "Which partitions a cooperative hand-over moves depends on the leader's library, and is a setting here; Kafka's Java client gives up the highest.",
      "Racks are left out, and so are the exchanges by which the sticky assignor shortens chains of moves between differing subscriptions.",
      "With several topics, the types of the records take the topics in turn.",
    ],
  },
};

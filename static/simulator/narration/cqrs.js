/** The sentences of separate models for writing and reading. */

const records = (n) => `${n} ${n === 1 ? "record" : "records"}`;
const changes = (n) => `${n} ${n === 1 ? "change" : "changes"}`;
const behind = (gap) => (gap === 0 ? "level with the writes" : `${gap} behind the writes`);

export const narration = {
  sentences: {
    "write.accepted": {
      engineer: (d) => {
        if (d.delivery === "async") return `${d.type} is accepted as version ${d.version} of ${d.key}; the ${d.separated ? "read model" : "replica"} is ${behind(d.gap)}.`;
        return d.separated
          ? `${d.type} is accepted as version ${d.version} of ${d.key}, and the read model is updated in the same transaction.`
          : `${d.type} is accepted as version ${d.version} of ${d.key}; reads use the same model, so they see it at once.`;
      },
      manager: (d) => {
        if (d.delivery === "async") return `${d.type} for ${d.key} is in the books; the ${d.separated ? "screen" : "copy"} ${d.gap === 0 ? "shows it already" : `is ${changes(d.gap)} behind`}.`;
        return d.separated
          ? `${d.type} for ${d.key} is in the books, and the screen is updated in the same breath.`
          : `${d.type} for ${d.key} is in the books, and everybody looks at the books.`;
      },
    },
    "write.repeated": {
      engineer: (d) => `${d.type} for ${d.key} is accepted a second time: the rule asked the read model, which did not know the first.`,
      manager: (d) => `${d.type} for ${d.key} is booked a second time, because the decision looked at a screen that was out of date.`,
    },
    "write.refused": {
      engineer: (d) => (d.reason === "repeated"
        ? `${d.type} for ${d.key} is refused: the ${d.decideFrom} model has one already.`
        : `${d.type} for ${d.key} is refused: the write includes the read model, and the read model is down.`),
      manager: (d) => (d.reason === "repeated"
        ? `${d.type} for ${d.key} is turned down: it has happened once already.`
        : `${d.type} for ${d.key} cannot be booked, because the screen is down and both must change together.`),
    },
    "read_model.updated": {
      engineer: (d) => `The ${d.separated ? "read model" : "replica"} takes up ${d.count === 1 ? `offset ${d.offset}` : records(d.count)} and is ${behind(d.gap)}.`,
      manager: (d) => `The ${d.separated ? "screen" : "copy"} now shows ${d.count === 1 ? `entry ${d.offset}` : `${d.count} more entries`}${d.gap === 0 ? " and is up to date" : ` and is ${changes(d.gap)} behind`}.`,
    },
    "read_model.level": {
      engineer: (d) => `Nobody writes, so the gap closes: writes and reads are both at position ${d.position}.`,
      manager: (d) => `Nothing new came in, so the screen has caught up: all ${d.position} entries show.`,
    },
    "time.passed": {
      engineer: (d) => (d.rebuilt >= 0 ? `The second read model has folded ${records(d.rebuilt)}; the first goes on answering.` : d.gap === 0 ? "Nothing is left to take up." : `No record has reached the reads yet; they are ${d.gap} behind.`),
      manager: (d) => (d.rebuilt >= 0 ? `${d.rebuilt} entries are drawn up again; the old screen stays on meanwhile.` : d.gap === 0 ? "There is nothing left to do." : `The last ${changes(d.gap)} are still on the way to the screen.`),
    },
    "probe.answered": {
      engineer: (d) => (d.fresh
        ? `Reading ${d.about} shows ${d.saw} of ${changes(d.wrote)}: the write just made is seen.`
        : `Reading ${d.about} right after the write shows ${d.saw} of ${changes(d.wrote)}: a stale read of one's own write.`),
      manager: (d) => (d.fresh
        ? `Whoever looks up ${d.about} sees everything that was entered.`
        : `Whoever looks up ${d.about} now misses ${changes(d.wrote - d.saw)} that ${d.wrote - d.saw === 1 ? "was" : "were"} just entered.`),
    },
    "question.answered": {
      engineer: (d) => `${d.saw} keys stand at ${d.about}, answered from ${d.rowsRead} ${d.rowsRead === 1 ? "row" : "rows"}${d.fresh ? "" : `; the write model says ${d.wrote}`}.`,
      manager: (d) => `The answer is ${d.saw} at ${d.about}, found in ${d.rowsRead} ${d.rowsRead === 1 ? "line" : "lines"}${d.fresh ? "" : `; the books say ${d.wrote}`}.`,
    },
    "projector.stopped": {
      engineer: (d) => (d.delivery === "async"
        ? "The projector stops; writes go on, and the gap will grow with each of them."
        : d.separated ? "The read model goes down, and with it every write: they share a transaction." : "There is no projector: reads and writes use one model."),
      manager: (d) => (d.delivery === "async"
        ? "The screen is no longer updated; business goes on, and the screen falls further behind."
        : d.separated ? "The screen goes down, and nothing can be entered until it is back." : "Nothing stops: everybody looks at the books themselves."),
    },
    "projector.started": {
      engineer: (d) => `The projector runs again and has ${records(d.gap)} to take up.`,
      manager: (d) => `The screen is updated again, with ${changes(d.gap)} to catch up on.`,
    },
    "writers.stopped": {
      engineer: (d) => (d.paused ? `Writing stops, but so has the projector: the gap stays at ${d.gap}.` : `Writing stops for a while with a gap of ${d.gap}; the reads can only come nearer.`),
      manager: (d) => (d.paused ? `Nobody enters anything, but the screen is not updated either.` : `Nobody enters anything for a while; the screen has ${changes(d.gap)} left to show.`),
    },
    "row.patched": {
      engineer: (d) => `Somebody sets ${d.key} from ${d.before} to ${d.type} in the read model: no event says so, and the log disagrees.`,
      manager: (d) => `Somebody changes ${d.key} on the screen to ${d.type}; the books know nothing of it.`,
    },
    "patch.refused": {
      engineer: (d) => (d.one ? "There is no separate copy to edit: the one model is changed by writes only." : `The reads hold no row for ${d.key}, so nothing is edited.`),
      manager: (d) => (d.one ? "There is no separate screen to change: only the books, and those change by entries." : `The screen shows nothing about ${d.key}, so nothing is changed.`),
    },
    "rebuild.started": {
      engineer: (d) => `A second read model is folded from offset 0, ${d.catchUp} records a step, while the first goes on answering.`,
      manager: (d) => `The figures are drawn up again from the first entry; the old screen stays on meanwhile.`,
    },
    "rebuild.refused": {
      engineer: () => "There is no read model to rebuild: reads use the write model.",
      manager: () => "There is nothing to draw up again: everybody reads the books themselves.",
    },
    "read_model.replaced": {
      engineer: (d) => `The second read model has folded ${records(d.records)} and takes over${d.repaired > 0 ? `; ${d.repaired} hand ${d.repaired === 1 ? "edit is" : "edits are"} gone` : "; it says the same as the first"}.`,
      manager: (d) => `The newly drawn figures replace the old ones${d.repaired > 0 ? "; what was changed by hand is put right" : ", and say the same"}.`,
    },
  },
  telling: [
    "probe.answered", "question.answered", "write.refused", "write.repeated", "read_model.level", "projector.stopped", "projector.started",
    "writers.stopped", "row.patched", "rebuild.started", "read_model.replaced",
  ],
  checks: {
    "level-when-quiet": { engineer: "reads and writes are level: the gap is 0", manager: "the screen shows everything that was entered" },
    "read-model-follows-log": { engineer: "the reads are exactly a fold of a prefix of the log", manager: "the screen shows what the books said at some moment" },
    "reads-see-own-writes": { engineer: "no read missed a write made before it", manager: "nobody looked up a change and missed it" },
    "once-only": { engineer: "no event that may happen once was accepted twice", manager: "nothing that may happen once was booked twice" },
  },
  fidelity: {
    system: "CQRS as a pattern, with an event log between the models",
    version: "the pattern, not a product",
    follows: [
      { rule: "CQRS uses one model to change information and another to read it; it needs neither two databases nor a delay.", where: "Fowler, bliki: CQRS; Young, CQRS Documents; Azure Architecture Center, CQRS pattern: separate models in a single data store" },
      { rule: "Reads are late when their update is asynchronous, also where a replica copies one and the same model.", where: "Azure Architecture Center, CQRS pattern: eventual consistency; Vogels, Eventually Consistent: read-your-writes" },
      { rule: "If no new writes are made, the reads become level with them after a while; nothing is promised before.", where: "Vogels, Eventually Consistent" },
      { rule: "A read model can be thrown away and folded from the log again; the log decides who is right.", where: "Azure Architecture Center, CQRS pattern: combined with event sourcing" },
    ],
    simplified: [
      "A record reaches the reads after a fixed number of steps, in order and exactly once; real delays vary, and a projector must stand repeats.",
      "A model's row per key holds its last event and the number of its changes; a real one holds what its readers need.",
      "A synchronous update is one transaction over both models.",
      "Writes are checked by one rule only: types that each key may have once.",
    ],
  },
};

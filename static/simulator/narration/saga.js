/** The sentences of a saga, conducted or danced. */

const list = (names) => (names.length === 0 ? "nothing" : names.join(", "));
const are = (names) => (names.length === 1 ? "is" : "are");
const stand = (names) => (names.length === 1 ? "stands" : "stand");
const times = (n) => (n === 1 ? "once" : `${n} times`);
const whose = (name) => (name === null ? "the next case" : name);

export const narration = {
  sentences: {
    "saga.requested": {
      engineer: (d) => (d.style === "orchestration"
        ? `${d.type} for ${d.case}: the request goes to the coordinator, which keeps the state of the case.`
        : `${d.type} for ${d.case} is published; ${d.first === null ? "nobody listens" : `${d.first} listens`}.`),
      manager: (d) => (d.style === "orchestration"
        ? `${d.case} is asked for, and the conductor opens a checklist.`
        : `${d.case} is announced${d.first === null ? "" : `; ${d.first} hears it and begins`}.`),
    },
    "saga.record_passed": {
      engineer: (d) => `${d.type} asks for no case, so nothing begins.`,
      manager: (d) => `${d.type} is no request, so nothing begins.`,
    },
    "saga.next_commanded": {
      engineer: (d) => `The coordinator ${d.step === null ? "takes up" : `notes that ${d.step} is done for`} ${d.case} and commands ${d.next}.`,
      manager: (d) => `The conductor ${d.step === null ? "takes up" : `ticks off ${d.step} for`} ${d.case} and asks for ${d.next}.`,
    },
    "saga.reply_noted": {
      engineer: (d) => `The coordinator notes the last reply about ${d.case}; nothing is left to command.`,
      manager: (d) => `The conductor closes the checklist of ${d.case}.`,
    },
    "saga.step_done": {
      engineer: (d) => `${d.step} commits its local transaction for ${d.case}${d.style === "orchestration" ? " and replies" : ` and publishes ${d.step}-done`}; everybody can see it now.`,
      manager: (d) => `${d.step} is done for ${d.case}, and for good: everybody can see it.`,
    },
    "saga.step_failed": {
      engineer: (d) => {
        if (!d.retriable) return `${d.step} fails for ${d.case}${d.style === "orchestration" ? " and tells the coordinator" : ` and publishes ${d.step}-failed`}.`;
        return `${d.step} fails for ${d.case}, attempt ${d.attempt} of ${d.attempts}; it is past the pivot, so ${d.again ? "it is tried again" : "a person must finish it"}.`;
      },
      manager: (d) => {
        if (!d.retriable) return `${d.step} cannot be done for ${d.case}.`;
        return `${d.step} does not go through for ${d.case}; there is no way back any more, so ${d.again ? "it is tried again" : "somebody must see to it"}.`;
      },
    },
    "saga.step_retried": {
      engineer: (d) => `The coordinator commands ${d.step} for ${d.case} again: past the pivot a saga only goes forward.`,
      manager: (d) => `The conductor asks for ${d.step} for ${d.case} once more, as there is no way back.`,
    },
    "saga.gave_up": {
      engineer: (d) => `${d.step} for ${d.case} failed ${times(d.attempt)}; the coordinator gives up and leaves it to a person.`,
      manager: (d) => `${d.step} for ${d.case} did not go through ${times(d.attempt)}; the conductor calls a person.`,
    },
    "saga.turned_back": {
      engineer: (d) => (d.undo === null ? `The coordinator hears that ${d.step} failed for ${d.case}; nothing was done yet, so nothing is compensated.` : `The coordinator hears that ${d.step} failed for ${d.case} and turns back: it commands ${d.undo} to compensate.`),
      manager: (d) => (d.undo === null ? `The conductor drops ${d.case}; nothing had been done yet.` : `The conductor turns ${d.case} round and asks ${d.undo} to take its part back.`),
    },
    "saga.step_undone": {
      engineer: (d) => `${d.step} compensates for ${d.case} with a transaction of its own${d.kept > 0 ? `; ${d.kept} stays as a fee` : ""}${d.style === "orchestration" ? "" : `, and publishes ${d.step}-undone`}.`,
      manager: (d) => `${d.step} is taken back for ${d.case}${d.kept > 0 ? `, for a fee of ${d.kept}` : ""}; both entries stay in the books.`,
    },
    "saga.undo_commanded": {
      engineer: (d) => `The coordinator goes on in reverse: it commands ${d.undo} to compensate for ${d.case}.`,
      manager: (d) => `The conductor goes on backwards and asks ${d.undo} to take back its part of ${d.case}.`,
    },
    "saga.undo_failed": {
      engineer: (d) => `The compensation of ${d.step} for ${d.case} fails, attempt ${d.attempt} of ${d.attempts}; ${d.again ? "it is retried" : "it is left to a person, and the others are compensated all the same"}.`,
      manager: (d) => `Taking back ${d.step} for ${d.case} does not go through; ${d.again ? "it is tried again" : "that is left for somebody to sort out, and the rest is taken back all the same"}.`,
    },
    "saga.undo_retried": {
      engineer: (d) => `The coordinator commands the compensation of ${d.step} for ${d.case} again, after attempt ${d.attempt}.`,
      manager: (d) => `The conductor asks ${d.step} once more to take back its part of ${d.case}.`,
    },
    "saga.no_way_back": {
      engineer: (d) => `${d.step} has no compensation: what it did for ${d.case} stands, and the steps before it are compensated without it.`,
      manager: (d) => `${d.step} cannot be taken back for ${d.case}; the rest is, and somebody must deal with this.`,
    },
    "saga.message_ignored": {
      engineer: (d) => `${d.step} has dealt with ${d.case} already, or has nothing to undo: it ignores ${d.event}.`,
      manager: (d) => `${d.step} has done its part for ${d.case} already, and does nothing.`,
    },
    "saga.listener_reacted": {
      engineer: (d) => `${d.listener} reacts to ${d.event} of ${d.case}${d.publishes === null ? "" : ` and publishes ${d.publishes}`}; nobody else knows of it.`,
      manager: (d) => `${d.listener} hears ${d.event} about ${d.case}${d.publishes === null ? "" : ` and announces ${d.publishes}`}.`,
    },
    "saga.reply_unknown": {
      engineer: (d) => `A reply about ${d.case} reaches a coordinator that no longer knows the case: it cannot be correlated and is dropped.`,
      manager: (d) => `An answer about ${d.case} reaches a conductor who remembers nothing of it, and is put aside.`,
    },
    "saga.circle_cut": {
      engineer: (d) => `${d.case} has had ${d.limit} messages: ${d.event} causes one too many, which is cut off.`,
      manager: (d) => `${d.limit} messages about ${d.case} are enough: what follows is cut off.`,
    },
    "saga.completed": {
      engineer: (d) => `${d.case} is complete: each of its ${d.standing.length} local transactions stands.`,
      manager: (d) => `${d.case} is complete; all ${d.standing.length} parts of it stand.`,
    },
    "saga.compensated": {
      engineer: (d) => (d.undone.length === 0 ? `${d.case} ends with nothing done.` : `${d.case} ends compensated: ${list(d.undone)} had been done and seen, and ${are(d.undone)} undone.`),
      manager: (d) => (d.undone.length === 0 ? `${d.case} comes to nothing, and nothing was begun.` : `${d.case} is called off: ${list(d.undone)} ${are(d.undone)} taken back.`),
    },
    "saga.stuck": {
      engineer: (d) => `${d.case} is stuck half done: ${list(d.standing)} still ${stand(d.standing)}, and nothing is on its way.`,
      manager: (d) => `${d.case} stays half done: ${list(d.standing)} still ${stand(d.standing)}, and nobody is working on it.`,
    },
    "saga.step_armed": {
      engineer: (d) => `${d.step} will fail ${times(d.times)} for ${whose(d.case)}.`,
      manager: (d) => `${d.step} will not be possible for ${whose(d.case)}.`,
    },
    "saga.undo_armed": {
      engineer: (d) => `The compensation of ${d.step} will fail ${times(d.times)} for ${whose(d.case)}.`,
      manager: (d) => `Taking back ${d.step} will not go through ${times(d.times)} for ${whose(d.case)}.`,
    },
    "saga.looked": {
      engineer: (d) => (d.half
        ? `A reader sees ${d.case} half done: ${list(d.saw)}, but not ${list(d.missing)}${d.warned ? "; the semantic lock says that it is pending" : "; no isolation hides it"}.`
        : `A reader sees ${d.case} with ${d.saw.length === 0 ? "no step done" : `every step done: ${list(d.saw)}`}.`),
      manager: (d) => (d.half
        ? `Whoever looks now finds ${list(d.saw)} for ${d.case}, but not ${list(d.missing)}${d.warned ? ", and is told that it is not finished" : ""}.`
        : `Whoever looks now finds ${d.saw.length === 0 ? "nothing yet" : "everything"} for ${d.case}.`),
    },
    "saga.nothing_seen": {
      engineer: (d) => `A reader finds no case${d.case === null ? "" : ` ${d.case}`}: it has not begun.`,
      manager: (d) => `Whoever looks finds nothing${d.case === null ? "" : ` for ${d.case}`}: it has not begun.`,
    },
    "saga.listener_added": {
      engineer: (d) => {
        const added = `${d.listener} listens to ${d.on}${d.publishes === null ? "" : ` and will publish ${d.publishes}`}`;
        if (d.style === "orchestration") return `${added}; for that the coordinator is edited, as it must tell it.`;
        return `${added}; no other component is edited${d.circles > 0 ? ", and nobody notices that this closes a circle" : ""}.`;
      },
      manager: (d) => (d.style === "orchestration"
        ? `${d.listener} joins, and the conductor's instructions have to be changed for it.`
        : `${d.listener} starts listening to ${d.on}; nobody else has to change anything${d.circles > 0 ? ", and nobody notices the circle" : ""}.`),
    },
    "saga.component_stopped": {
      engineer: (d) => (d.coordinator
        ? `The coordinator stops with ${d.open} open cases: they stand still${d.forgets ? ", and what it knew of them is lost" : "; their state is stored"}.`
        : `${d.component} stops: messages to it wait, and cases that need it stand still.`),
      manager: (d) => (d.coordinator
        ? `The conductor drops out with ${d.open} cases under way: all of them stand still${d.forgets ? ", and the checklists are gone" : ""}.`
        : `${d.component} is out of service: what needs it waits.`),
    },
    "saga.component_started": {
      engineer: (d) => (d.coordinator
        ? `The coordinator starts again${d.volatile ? "; it knows only cases that it takes up from now on" : ` and goes on with ${d.open} open cases from their stored state`}.`
        : `${d.component} starts again and takes up what waited.`),
      manager: (d) => (d.coordinator
        ? `The conductor is back${d.volatile ? ", without the checklists" : " and goes on where the checklists stand"}.`
        : `${d.component} is back and takes up what waited.`),
    },
  },
  telling: [
    "saga.turned_back", "saga.step_failed", "saga.undo_failed", "saga.no_way_back", "saga.compensated", "saga.stuck", "saga.looked", "saga.listener_added",
    "saga.listener_reacted", "saga.circle_cut", "saga.component_stopped", "saga.component_started", "saga.reply_unknown", "saga.gave_up",
  ],
  checks: {
    "whole-or-amended": { engineer: "every case completed or was compensated", manager: "every deal was either finished or called off cleanly" },
    "undone-in-reverse": { engineer: "no step was compensated before a later one that stands", manager: "what was done last was taken back first" },
    "half-done-unseen": { engineer: "no reader saw a half-done case without a mark", manager: "nobody took a half-finished deal for a finished one" },
    "seen-stays-true": { engineer: "nothing that a reader saw was undone later", manager: "what people saw still holds" },
    "no-circle": { engineer: "no case was cut off for too many messages", manager: "nobody set anybody off in a circle" },
    "money-adds-up": { engineer: "what was booked is held, refunded or a fee", manager: "every amount is accounted for" },
  },
  fidelity: {
    system: "sagas as in the literature and in workflow engines",
    version: "the pattern, not a product",
    follows: [
      { rule: "A saga is a sequence of transactions that others interleave with; if it cannot be completed, compensating transactions amend what was done.", where: "Garcia-Molina and Salem, Sagas (1987)" },
      { rule: "Compensations run in the reverse order of the steps that were done.", where: "Temporal documentation, Saga Pattern; Garcia-Molina and Salem: T1 … Tj, Cj … C1" },
      { rule: "Steps before the pivot can be compensated; once it has succeeded, the later ones are retried until they succeed.", where: "Azure Architecture Center, Saga pattern: compensable, pivot and retryable transactions" },
      { rule: "In choreography services react to each other's events, and may form a circle; an orchestrator stores the state of each case, avoids circles, and is a point of failure.", where: "Azure Architecture Center, Saga pattern: choreography, orchestration" },
      { rule: "There is no isolation: others read what an unfinished saga has done. A semantic lock marks it as in progress.", where: "Azure Architecture Center, Saga pattern: data anomalies, countermeasures" },
      { rule: "A compensation may fail, is retried, and may need a person in the end.", where: "Azure Architecture Center, Compensating Transaction pattern" },
    ],
    simplified: [
      "Messages are delivered once and in order, and a stopped component finds what waited for it; real ones are repeated, so every step must be idempotent.",
      "Steps run one after the other; real ones may run side by side, and be compensated side by side.",
      "In choreography the undoing ripples from each service to the one before it; services may as well all listen to the first failure.",
      "A step that cannot be undone is left for a person, and the steps before it are compensated all the same; an engine may stop there instead.",
      "Under a coordinator a listener's own events lead nowhere, so no circle can form.",
      "Real circles are found by tracing, or by hop counts, rather than by a limit on the messages about one case.",
      "Attempts follow each other at once; real ones wait longer each time. There are no timeouts.",
    ],
  },
};

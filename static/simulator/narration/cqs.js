/** The sentences of command query separation. */

const who = (by, fallback) => by ?? fallback;
const times = (n) => (n === 1 ? "once" : n === 2 ? "twice" : `${n} times`);
const callers = (n) => `${n} callers`;

export const narration = {
  sentences: {
    "query.answered": {
      engineer: (d) => (d.isOwn
        ? `The query after the command answers ${d.number}; it changes nothing.`
        : `${d.type} answers ${d.number}${d.isAgain ? ", as it would have the first time" : ""}; the state is what it was.`),
      manager: (d) => (d.isOwn
        ? `The display shows ${d.number}; looking at it changes nothing.`
        : `${who(d.by, "Somebody")} asks and hears ${d.number}${d.isAgain ? ", the answer that was lost" : ""}. Nothing has changed by that.`),
    },
    "number.drawn": {
      engineer: (d) => `${d.type} answers ${d.number} and moves the state from ${d.before} to ${d.number}${d.isAgain ? ": the repeat is carried out as a second call" : ""}.`,
      manager: (d) => `${who(d.by, "Somebody")} is given ${d.number}${d.isAgain ? ": asking again has used up one more" : ", and the next one will get another"}.`,
    },
    "question.drew": {
      engineer: (d) => `${d.type} looks like a query, yet it moves the state from ${d.before} to ${d.number}: the next caller gets another answer.`,
      manager: (d) => `${who(d.by, "Somebody")} only wanted to look, and ${d.number} is used up by it.`,
    },
    "number.taken": {
      engineer: (d) => `The command ${d.type} moves the state from ${d.before} to ${d.number} and answers nothing but that it is done${d.isAgain ? "; sent again, it is carried out again" : ""}.`,
      manager: (d) => `${who(d.by, "Somebody")} presses the button: the counter goes to ${d.number}${d.isAgain ? ", once more for the same person" : ", and nobody has been told a number yet"}.`,
    },
    "answer.remembered": {
      engineer: (d) => `The repeat carries the id of the first request, so it is not carried out again: the answer is ${d.part === "command" ? "that it is done" : d.number}.`,
      manager: (d) => `The reference shows that this was asked before, so ${who(d.by, "the caller")} gets the same answer and nothing is done twice.`,
    },
    "answer.lost": {
      engineer: (d) => (d.isMoved
        ? `${d.type} moves the state to ${d.number}, and the answer is lost: the caller cannot tell${d.retry ? ", and will ask again" : ""}.`
        : `The answer to ${d.type} is lost; the state has not moved, so it does no harm to ask again.`),
      manager: (d) => (d.isMoved
        ? `${d.number} is given out, and the answer gets lost on the way${d.retry ? ". Whoever asked will ask again" : ""}.`
        : `The answer gets lost on the way. It was only a question, so it can be asked again.`),
    },
    "number.doubled": {
      engineer: (d) => `${callers(d.holders)} now hold ${d.number}: between the command and the query of one, the command of another came.`,
      manager: (d) => `${d.holders} people now hold number ${d.number}: each had pressed the button before the other looked.`,
    },
    "operation.unknown": {
      engineer: (d) => `${d.type} is no operation of this counter; nothing happens.`,
      manager: (d) => `Nobody knows what ${d.type} is meant to do, so nothing is done.`,
    },
    "call.repeated": {
      engineer: (d) => `${d.type} is called ${times(d.times)} in a row.`,
      manager: (d) => `Somebody asks for ${d.type} ${times(d.times)} in a row${d.isQuestion ? ", only to know" : ""}.`,
    },
    "calls.overlapped": {
      engineer: (d) => `The next ${d.callers} calls run at the same time: each takes its first step before any takes its second.`,
      manager: (d) => `The next ${d.callers} people stand at the counter at the same moment.`,
    },
    "line.cut": {
      engineer: (d) => `The next ${d.times === 1 ? "answer" : `${d.times} answers`} will be lost, after the call was carried out.`,
      manager: (d) => `The line is bad: the next ${d.times === 1 ? "answer" : `${d.times} answers`} will not arrive.`,
    },
  },
  telling: ["answer.lost", "number.doubled", "question.drew", "answer.remembered", "call.repeated", "calls.overlapped", "line.cut"],
  checks: {
    "asking-moves-nothing": { engineer: "no call taken for a query changed the state", manager: "asking changed nothing" },
    "same-answer-again": { engineer: "a query asked again at once got the same answer", manager: "the same question got the same answer" },
    "each-number-once": { engineer: "each number went to one request", manager: "no two people got the same number" },
    "no-number-skipped": { engineer: "each number that was drawn reached its request", manager: "no number was used up for nobody" },
  },
  fidelity: {
    system: "Command query separation, shown on a counter",
    version: "the principle, not a product",
    follows: [
      { rule: "An operation changes state or answers, not both; a query may be asked any number of times.", where: "Meyer, Object-Oriented Software Construction: Command-Query Separation principle; Fowler, bliki: CommandQuerySeparation" },
      { rule: "A request that is safe may be repeated without anybody asking for a change; one that is not safe may only be repeated if it is idempotent.", where: "RFC 9110, 9.2.1 Safe Methods and 9.2.2 Idempotent Methods" },
      { rule: "nextval advances a sequence and answers in one atomic step; what is drawn and not used leaves a gap.", where: "PostgreSQL documentation, Sequence Manipulation Functions: nextval" },
      { rule: "A question that is split off must ask for one's own number: currval answers for the session that drew.", where: "PostgreSQL documentation, Sequence Manipulation Functions: currval" },
      { rule: "A repeat that carries the id of the first request can be answered without being carried out again.", where: "Enterprise Integration Patterns: Idempotent Receiver" },
    ],
    simplified: [
      "Only the answer is ever lost; a request that is lost on its way changes nothing, and is asked again like a new one.",
      "A caller asks again at once, and until an answer arrives.",
      "Ids of requests are remembered for ever; real ones expire.",
      "Calls that overlap take turns step by step, in the order in which they came.",
    ],
  },
};

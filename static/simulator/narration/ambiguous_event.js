/** The sentences of one word with several meanings. */

const money = (pence) => (pence / 100).toFixed(2);
const total = ({ report, truth }) => (report === truth ? money(report) : `${money(report)} instead of ${money(truth)}`);

export const narration = {
  sentences: {
    "word.counted": {
      engineer: (d) => {
        const accepted = d.registry ? "the registry accepts it, since the shape fits" : "nothing checks it";
        if (!d.isWrong) return `${d.team} publishes ${d.name} for ${d.key} and means ${d.means}, which is what the report counts: ${total(d)}.`;
        if (d.means !== d.counts) return `${d.team} publishes ${d.name} for ${d.key}: ${accepted}. It means ${d.means}, and the report counts it as ${d.counts}: ${total(d)}.`;
        return `${d.team} publishes ${d.name} for ${d.key} in another shape: the report reads ${money(d.amount)} where ${money(d.meant)} was meant.`;
      },
      manager: (d) => {
        if (!d.isWrong) return `${d.team} announces ${d.name} for ${d.key}, and that is what the report is to count: ${total(d)}.`;
        if (d.means !== d.counts) return `${d.team} announces ${d.name} for ${d.key} and means ${d.means}. The report takes it for money: ${total(d)}.`;
        return `${d.team} announces ${d.name} for ${d.key} on a changed form, and the report finds ${money(d.amount)} instead of ${money(d.meant)}.`;
      },
    },
    "word.passed_over": {
      engineer: (d) => (d.isWrong
        ? `${d.team} publishes ${d.name} for ${d.key} and means ${d.means}; the report does not take it for that, and misses ${money(d.meant)}.`
        : `${d.team} publishes ${d.name} for ${d.key}${d.isTranslated && d.name !== d.means ? `, translated at the border into ${d.means}` : ""}: not what the report counts, so it stays at ${total(d)}.`),
      manager: (d) => (d.isWrong
        ? `${d.team} announces ${d.name} for ${d.key}, and the report does not understand it: ${money(d.meant)} is missing.`
        : `${d.team} announces ${d.name} for ${d.key}${d.isTranslated && d.name !== d.means ? `, which the translator knows as ${d.means}` : ""}. It is not money, and the report leaves it out.`),
    },
    "record.other": {
      engineer: (d) => `${d.type} is not the event in question and is passed over.`,
      manager: (d) => `${d.type} is another matter and is left aside.`,
    },
    "shape.refused": {
      engineer: (d) => `The registry refuses ${d.name} of ${d.team}: ${d.field} is missing or of another type. The shape is what it can see.`,
      manager: (d) => `The forms office sends back the notice of ${d.team} about ${d.key}: the box ${d.field} is missing or filled in otherwise.`,
    },
    "team.renamed": {
      engineer: (d) => `${d.team} publishes ${d.to} instead of ${d.word} from now on; events in the log keep the name that they have.`,
      manager: (d) => `${d.team} says ${d.to} from now on, and no longer ${d.word}. What was announced before stays as it is.`,
    },
    "border.drawn": {
      engineer: (d) => `From now on ${d.word} is translated where it enters the report's context: each team's event into what that team means.`,
      manager: (d) => `From now on somebody translates for the report what each team means by ${d.word}. The teams keep their word.`,
    },
    "report.redrawn": {
      engineer: (d) => `The report is rebuilt from ${d.events} events as they are read now: ${money(d.before)} becomes ${money(d.report)}; meant was ${money(d.truth)}.`,
      manager: (d) => `The report is drawn up again: it said ${money(d.before)} and now says ${money(d.report)}. Received was ${money(d.truth)}.`,
    },
    "word.replaced": {
      engineer: (d) => `Everybody publishes ${d.to} instead of ${d.before} from now on; each team means what it meant, and the report stays at ${money(d.report)}.`,
      manager: (d) => `All agree to say ${d.to} instead of ${d.before}. Nobody means anything else by it, and no figure changes: ${money(d.report)}.`,
    },
    "meaning.changed": {
      engineer: (d) => `${d.team} publishes at another moment from now on: ${d.to} instead of ${d.before}. ${d.isRenamed ? "Its event is named after it." : `The name is still ${d.word} and the shape is the same.`}`,
      manager: (d) => `${d.team} means ${d.to} from now on, no longer ${d.before}. ${d.isRenamed ? "The word says so." : "The word and the form are the same, so nobody notices."}`,
    },
    "shape.changed": {
      engineer: (d) => `${d.team} writes ${d.to} where the schema has ${d.field} from now on${d.registry ? "" : ", and no registry looks"}.`,
      manager: (d) => `${d.team} changes its form: the box ${d.field} is called ${d.to} from now on.`,
    },
  },
  telling: ["report.redrawn", "shape.refused", "team.renamed", "border.drawn", "word.replaced", "meaning.changed", "shape.changed"],
  checks: {
    "report-agrees": { engineer: "the report counts what was meant, no more and no less", manager: "the report shows the money that was received" },
    "one-word-one-meaning": { engineer: "each published name has one meaning", manager: "every word in use means one thing" },
    "shape-agreed": { engineer: "every published event has the agreed shape", manager: "every notice came on the agreed form" },
    "nothing-refused": { engineer: "the registry refused nothing", manager: "the forms office sent nothing back" },
  },
  fidelity: {
    system: "Domain-driven design for the words; Confluent Schema Registry for the shape",
    version: "the pattern; registry 8.x",
    follows: [
      { rule: "A model and its words hold within one bounded context; the same word may mean something else in another.", where: "Evans, Domain-Driven Design: Bounded Context; Azure Architecture Center, Using domain analysis to model microservices" },
      { rule: "Where contexts meet, a translation keeps foreign meanings out.", where: "Evans: Anticorruption Layer; Azure Architecture Center, Anti-Corruption Layer pattern" },
      { rule: "A registry compares fields and types and refuses what is incompatible; it holds no meaning, so events that differ in meaning only are accepted.", where: "Confluent documentation, Schema Evolution and Compatibility" },
      { rule: "An event in the log keeps the name under which it was published.", where: "Azure Architecture Center, Event Sourcing pattern: events are immutable" },
    ],
    simplified: [
      "A schema is a list of required fields with their JSON types. A real registry compares versions of whole schemas, when a schema is registered.",
      "A refused event is lost to the report; a real team finds the refusal in its own tests and mends its event.",
      "The translation knows the team of each event by one field.",
      "The report is read at once; one that is behind would be wrong later, and no less.",
    ],
  },
};

/** The sentences of delivery: what a crash loses or repeats. */

const SINK = {
  additive: { engineer: "the sink adds it", manager: "the sum has it" },
  idempotent: { engineer: "the sink applies it and notes its identity", manager: "the receiver carries it out and notes its number" },
  external: { engineer: "the e-mail is sent", manager: "the letter is posted" },
};
const AGAIN = {
  additive: { engineer: "counts it", manager: "counts it" },
  idempotent: { engineer: "applies it", manager: "carries it out" },
  external: { engineer: "sends the e-mail", manager: "posts the letter" },
};
const TIMES = ["", "once", "a second time", "a third time"];
const times = (n) => TIMES[n] ?? `for the ${n}th time`;
const named = (d) => (d.offset === null ? "the next record" : `offset ${d.offset}`);
const entry = (d) => (d.offset === null ? "the next entry" : `entry ${d.offset}`);

export const narration = {
  sentences: {
    "sink.applied": {
      engineer: (d) => `${d.type}, offset ${d.offset}, takes effect: ${SINK[d.sink].engineer}.`,
      manager: (d) => `${d.type}, entry ${d.offset}, is done: ${SINK[d.sink].manager}.`,
    },
    "sink.repeated": {
      engineer: (d) => `Offset ${d.offset} ${d.first === d.offset ? "takes effect" : `says what offset ${d.first} said, and takes effect`} ${times(d.times)}: the sink ${d.isForgotten ? "has forgotten its identity and " : ""}${AGAIN[d.sink].engineer} again.`,
      manager: (d) => `Entry ${d.offset}${d.first === d.offset ? "" : `, the same as ${d.first},`} is done ${times(d.times)}: the other side ${d.isForgotten ? "has forgotten the number and " : ""}${AGAIN[d.sink].manager} again.`,
    },
    "sink.ignored": {
      engineer: (d) => `Offset ${d.offset} arrives again; the sink knows its identity and changes nothing.`,
      manager: (d) => `Entry ${d.offset} arrives again; the receiver recognises the number and does nothing.`,
    },
    "sink.prepared": {
      engineer: (d) => `The output of offset ${d.offset} is written in an open transaction: nobody who reads committed data sees it.`,
      manager: (d) => `${d.type}, entry ${d.offset}, is prepared; it does not count before the last stroke.`,
    },
    "position.committed": {
      engineer: (d) => {
        if (d.semantics === "exactly-once") return d.sink === "external" ? `The transaction commits offset ${d.next}; the e-mail was never part of it.` : `The transaction commits the output and offset ${d.next} together.`;
        return d.isAhead ? `The consumer commits ${d.next} before it processes offset ${d.offset}.` : `The consumer commits ${d.next}: offset ${d.offset} will not be read again.`;
      },
      manager: (d) => {
        if (d.semantics === "exactly-once") return d.sink === "external" ? `Entry ${d.offset} is made final; the letter had gone before that.` : `Entry ${d.offset} and the tick beside it are made final in one stroke.`;
        return d.isAhead ? `The clerk ticks off entry ${d.offset} before doing it.` : `The clerk ticks off entry ${d.offset}, which is done.`;
      },
    },
    "delivery.interrupted": {
      engineer: (d) => ({
        "before-process": `The consumer crashes before it begins ${named(d)}.`,
        between: d.semantics === "at-most-once"
          ? `The consumer crashes at offset ${d.offset}: committed, not processed.`
          : d.isPending ? `The consumer crashes at offset ${d.offset}: its transaction is open, nothing is committed.` : `The consumer crashes at offset ${d.offset}: processed, not committed.`,
        after: `The consumer crashes after both steps of offset ${d.offset}.`,
      })[d.at],
      manager: (d) => ({
        "before-process": `The clerk drops out before beginning ${entry(d)}.`,
        between: d.semantics === "at-most-once"
          ? `The clerk drops out at entry ${d.offset}: ticked off, not done.`
          : d.isPending ? `The clerk drops out at entry ${d.offset}: prepared, not final.` : `The clerk drops out at entry ${d.offset}: done, not ticked off.`,
        after: `The clerk drops out after entry ${d.offset} was done and ticked off.`,
      })[d.at],
    },
    "delivery.resumed": {
      engineer: (d) => `Another consumer resumes at the committed offset ${d.next}${{
        nothing: "; no record was half done",
        lost: `: offset ${d.offset} counts as read, and its effect is lost`,
        again: `, so offset ${d.offset} is processed again`,
        aborted: `; the open transaction is aborted, and offset ${d.offset} is processed anew`,
      }[d.fate]}.`,
      manager: (d) => `Somebody else goes on after the last tick${{
        nothing: "; nothing was half done",
        lost: `: entry ${d.offset} looks done, and nobody ever does it`,
        again: `, and does entry ${d.offset} once more`,
        aborted: `; what was prepared for entry ${d.offset} is thrown away and done anew`,
      }[d.fate]}.`,
    },
    "position.rewound": {
      engineer: (d) => `Somebody sets the group back by ${d.records}: offset ${d.next} is read next, whatever took effect before.`,
      manager: (d) => `Somebody orders the last ${d.records} entries to be gone through again.`,
    },
  },
  telling: ["delivery.interrupted", "delivery.resumed", "sink.repeated", "sink.ignored", "position.rewound"],
  checks: {
    "nothing-lost": { engineer: "every record that was passed has taken effect", manager: "everything ticked off was done" },
    "nothing-repeated": { engineer: "nothing took effect twice", manager: "nothing was done twice" },
    "all-read": { engineer: "the committed offset is the log's end", manager: "every entry is ticked off" },
    "total-right": { engineer: "the sink's sum is that of each record once", manager: "the sum on the other side is right" },
  },
  fidelity: {
    system: "Apache Kafka",
    version: "4.x",
    follows: [
      { rule: "A committed offset is that of the record to read next, and a consumer that takes over begins there.", where: "KafkaConsumer#commitSync" },
      { rule: "Commit before processing: at most once. Processing before commit: at least once.", where: "Kafka documentation, Message Delivery Semantics" },
      { rule: "Output and offset in one transaction take hold together or not at all; the successor aborts what was open.", where: "KafkaProducer#sendOffsetsToTransaction, #initTransactions" },
      { rule: "What is done outside Kafka is no part of its transaction, and repeats with the record.", where: "Kafka documentation, Message Delivery Semantics" },
    ],
    simplified: [
      "One partition and one consumer at a time; each record is committed on its own, where Kafka's consumers mostly commit a batch, so that a whole batch is lost or repeated.",
      "The output topic is the sink: control records, the last stable offset and fencing are left to the model of transactions.",
      "An idempotent sink notes the identity in the same step as the effect; if it did so in two, a crash between them would repeat the effect.",
    ],
  },
};

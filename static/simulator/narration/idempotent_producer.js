/** The sentences of idempotent producers. */

const span = (one, many, first, last) => (first === last ? `${one} ${first}` : `${many} ${first} to ${last}`);
const offsets = (d) => span("offset", "offsets", d.base, d.end);
const sequences = (d) => span("Sequence", "Sequences", d.first, d.last);
const entries = (d) => span("entry", "entries", d.base, d.end);
const numbers = (d) => span("number", "numbers", d.first, d.last);
const are = (d) => (d.records > 1 ? "are" : "is");

export const narration = {
  sentences: {
    "batch.appended": {
      engineer: (d) => (d.isNamed
        ? `${sequences(d)} of producer ${d.producerId}, epoch ${d.epoch}, ${d.records > 1 ? "take" : "takes"} ${offsets(d)}.`
        : `A batch without a producer id takes ${offsets(d)}.`),
      manager: (d) => (d.isNamed
        ? `Sender ${d.producerId}'s ${numbers(d)} ${are(d)} filed as ${entries(d)}.`
        : `Something without a number is filed as ${entries(d)}.`),
    },
    "batch.stored_twice": {
      engineer: (d) => `The same records are appended again, at ${offsets(d)}: nothing in the batch says that the log holds them already.`,
      manager: (d) => `The same things are filed a second time, as ${entries(d)}: nothing on them tells the journal that it has them.`,
    },
    "batch.duplicate": {
      engineer: (d) => `${sequences(d)} of producer ${d.producerId} ${are(d)} among its last five batches: nothing is appended, and the answer is the old base offset ${d.base}.`,
      manager: (d) => `The journal has sender ${d.producerId}'s ${numbers(d)} already. It files nothing and sends the old receipt: ${entries(d)}.`,
    },
    "batch.out_of_order": {
      engineer: (d) => `${sequences(d)} of producer ${d.producerId} ${are(d)} refused, OUT_OF_ORDER_SEQUENCE_NUMBER: ${d.epoch > d.current ? "a new epoch begins with" : "next is"} ${d.expected}.${d.isStored ? " The log holds this batch, but it is no longer among the last five." : ""}`,
      manager: (d) => `Sender ${d.producerId}'s ${numbers(d)} ${are(d)} turned away: ${d.expected} comes next.${d.isStored ? " The journal has this already, but it remembers only the last five deliveries." : ""}`,
    },
    "batch.fenced": {
      engineer: (d) => `Producer ${d.producerId} with epoch ${d.epoch} is refused, INVALID_PRODUCER_EPOCH: the broker has seen epoch ${d.current}.`,
      manager: (d) => `Somebody who used to be sender ${d.producerId} is turned away: another holds that post now.`,
    },
    "acknowledgement.lost": {
      engineer: (d) => `${d.base < 0 ? "The batch is refused" : `The batch is at ${offsets(d)}`}, but the answer is lost. To the producer this looks as if the request never came, so it will send it again.`,
      manager: (d) => `${d.base < 0 ? "It is turned away" : `It is filed as ${entries(d)}`}, but the receipt gets lost. The sender cannot know whether it arrived, and will send it again.`,
    },
    "acknowledgement.none": {
      engineer: () => "Nothing was sent yet, so there is no acknowledgement to lose.",
      manager: () => "Nothing was sent yet, so there is no receipt to lose.",
    },
  },
  telling: ["acknowledgement.lost", "batch.stored_twice", "batch.duplicate", "batch.out_of_order", "batch.fenced"],
  checks: {
    "stored-once": { engineer: "no batch is in the log twice", manager: "nothing is filed twice" },
    "in-sequence": { engineer: "each producer's sequences follow on one another in the log", manager: "each sender's numbers stand in order, without a gap" },
    "all-stored": { engineer: "every batch that was sent is in the log", manager: "everything that was sent is filed" },
  },
  fidelity: {
    system: "Apache Kafka",
    version: "4.3",
    recorded: { version: "4.3.0", cases: 200, excluded: 0, what: "sequences of batches, answered by UnifiedLog and ProducerStateManager" },
    broker: { version: "4.3.0", cases: 18, excluded: 0, what: "topics filled from sample logs by librdkafka while acknowledgements were lost" },
    follows: [
      { rule: "A partition remembers the last five batches of each producer id, of its present epoch only.", where: "ProducerStateEntry#addBatch, NUM_BATCHES_TO_RETAIN" },
      { rule: "A batch of the same epoch whose first and last sequence are remembered is acknowledged with its old offset, and nothing is appended.", where: "ProducerStateEntry#findDuplicateBatch, UnifiedLog#analyzeAndValidateProducerState" },
      { rule: "A lower epoch is refused; a higher one must begin with sequence 0.", where: "ProducerAppendInfo#checkProducerEpoch, #checkSequence" },
      { rule: "Within an epoch the next sequence is the last plus one, and 0 after 2147483647; a producer id that is not known may begin anywhere.", where: "ProducerAppendInfo#inSequence, #checkSequence" },
      { rule: "Sequences count records, so that a batch takes as many as it has records, also across the wrap.", where: "DefaultRecordBatch#incrementSequence" },
    ],
    simplified: [
      "One partition with one replica; a batch that is appended is confirmed at once.",
      "Producer ids do not expire (producer.id.expiration.ms), and none is forgotten because its records were deleted.",
      "A producer sends again only where an acknowledgement is lost; what it does about an error (a new epoch, or giving up) is for you to send.",
      "Batches of transactions, which are verified with their coordinator first, are shown by the model of transactions.",
    ],
  },
};

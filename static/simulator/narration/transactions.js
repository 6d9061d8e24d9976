/** The sentences of transactions. */

const span = (one, many, first, last) => (first === last ? `${one} ${first}` : `${many} ${first} to ${last}`);
const offsets = (d) => span("offset", "offsets", d.base, d.last);
const entries = (d) => span("entry", "entries", d.base, d.last);
const records = (n) => `${n} record${n === 1 ? "" : "s"}`;
const items = (n) => `${n} entr${n === 1 ? "y" : "ies"}`;
const what = { init: "initTransactions", begin: "beginTransaction", send: "A send", commit: "commitTransaction", abort: "abortTransaction" };
const deed = { init: "take up a post", begin: "open a bundle", send: "file in a bundle", commit: "seal a bundle", abort: "declare a bundle void" };
/** Who sends without a transaction. */
const sender = { engineer: (d) => d.producer ?? "A producer without an id", manager: (d) => d.producer ?? "Somebody without a post" };
/** How far readers get now. */
const stands = {
  engineer: (d) => (d.stable === d.before && d.stable < d.end
    ? ` The last stable offset stays at ${d.stable}, where the transaction of ${d.blocker} is open.`
    : ` The last stable offset is ${d.stable}.`),
  manager: (d) => (d.stable < d.end ? ` Careful readers wait before entry ${d.stable}, where the open bundle of ${d.blocker} begins.` : " Careful readers can read to the end."),
};

export const narration = {
  sentences: {
    "transaction.initialised": {
      engineer: (d) => `Instance ${d.instance} initialises ${d.producer} and gets epoch ${d.epoch}${d.fenced === null ? "" : `; instance ${d.fenced} is fenced from now on`}.`,
      manager: (d) => `Clerk ${d.instance} takes up post ${d.producer}${d.fenced === null ? "" : `; clerk ${d.fenced}, who held it, may do nothing in its name any more`}.`,
    },
    "transaction.taken_over": {
      engineer: (d) => `Instance ${d.instance} initialises ${d.producer}, epoch ${d.epoch}${d.fenced === null ? "" : `, and fences instance ${d.fenced}`}: the transaction that was open is aborted${d.base === null ? ", and had written nothing" : `, with a marker at ${offsets(d)}`}.${stands.engineer(d)}`,
      manager: (d) => `Clerk ${d.instance} takes up post ${d.producer}${d.fenced === null ? " again" : ` in place of clerk ${d.fenced}`}, and the bundle that lay open is declared void.${stands.manager(d)}`,
    },
    "transaction.begun": {
      engineer: (d) => `${d.producer} begins a transaction. Nothing is sent for it yet, and no broker knows of it.`,
      manager: (d) => `${d.producer} opens a bundle. Nothing is in it yet, and nobody else knows of it.`,
    },
    "transaction.appended": {
      engineer: (d) => `The records of ${d.producer} are in the log at once, at ${offsets(d)}.${stands.engineer(d)}`,
      manager: (d) => `${d.producer} files ${entries(d)}: in the journal at once, but not yet known to count.${stands.manager(d)}`,
    },
    "plain.appended": {
      engineer: (d) => `${sender.engineer(d)} appends ${offsets(d)} without a transaction.${stands.engineer(d)}`,
      manager: (d) => `${sender.manager(d)} files ${entries(d)} without a bundle: they count at once.${stands.manager(d)}`,
    },
    "transaction.committed": {
      engineer: (d) => `${d.producer} commits ${records(d.records)} from offset ${d.first} on: the marker takes ${offsets(d)}.${stands.engineer(d)}`,
      manager: (d) => `${d.producer} seals the bundle: its ${items(d.records)} count${d.records === 1 ? "s" : ""}. The seal takes ${entries(d)}.${stands.manager(d)}`,
    },
    "transaction.aborted": {
      engineer: (d) => `${d.producer} aborts ${records(d.records)} from offset ${d.first} on: they stay in the log, and the marker takes ${offsets(d)}.${stands.engineer(d)}`,
      manager: (d) => `${d.producer} declares the bundle void: its ${items(d.records)} stay${d.records === 1 ? "s" : ""} in the journal, and a seal says that careful readers pass over them.${stands.manager(d)}`,
    },
    "transaction.ended_empty": {
      engineer: (d) => `${d.producer} ends a transaction that wrote nothing: no marker is written.`,
      manager: (d) => `${d.producer} closes a bundle with nothing in it: it needs no seal.`,
    },
    "transaction.timed_out": {
      engineer: (d) => `The transaction of ${d.producer} took too long: the coordinator aborts it${d.base === null ? "" : `, with a marker at ${offsets(d)}`}, and fences instance ${d.fenced}.${stands.engineer(d)}`,
      manager: (d) => `The bundle of ${d.producer} was open for too long and is declared void; clerk ${d.fenced} has to take up the post anew.${stands.manager(d)}`,
    },
    "transaction.none_open": {
      engineer: (d) => `${d.producer} has no open transaction that wrote something, so none can time out.`,
      manager: (d) => `${d.producer} has no open bundle with something in it, so none can run out of time.`,
    },
    "transaction.refused": {
      engineer: (d) => `${what[d.op]} of ${d.producer ?? "a producer without an id"}, instance ${d.instance}, is refused, ${d.status}: ${{
        "no-id": "transactions need a transactional id",
        "no-init": "it never initialised",
        fenced: d.holder === null ? "its transaction timed out, which fenced it" : `instance ${d.holder} has initialised since, with epoch ${d.epoch}`,
        open: "its transaction is open already",
        "no-begin": "it has begun no transaction",
      }[d.reason]}.`,
      manager: (d) => `Clerk ${d.instance} wants to ${deed[d.op]}${d.producer === null ? "" : ` as ${d.producer}`} and is turned away: ${{
        "no-id": "it names no post",
        "no-init": "nobody gave it that post",
        fenced: d.holder === null ? "its bundle took too long, which cost it the post" : `clerk ${d.holder} holds that post now`,
        open: "its bundle is open already",
        "no-begin": "it has opened no bundle",
      }[d.reason]}.`,
    },
  },
  telling: ["transaction.taken_over", "transaction.appended", "transaction.committed", "transaction.aborted", "transaction.timed_out", "transaction.refused"],
  checks: {
    "committed-only": { engineer: "read_committed is given no record of an open or aborted transaction", manager: "careful readers see nothing that is void or not sealed" },
    "all-or-nothing": { engineer: "of each transaction, read_committed is given all records or none", manager: "careful readers see each bundle whole or not at all" },
    "none-open": { engineer: "no transaction that wrote something is open", manager: "every bundle is sealed" },
    "nobody-waits": { engineer: "the last stable offset is the high watermark", manager: "careful readers wait for nobody" },
  },
  fidelity: {
    system: "Apache Kafka",
    version: "4.3",
    recorded: { version: "4.3.0", cases: 100, excluded: 0, what: "sequences of operations, kept by UnifiedLog and read both ways by the consumer's CompletedFetch" },
    broker: { version: "4.3.0", cases: 36, excluded: 0, what: "sequences of operations of librdkafka, with fenced instances and time-outs, read both ways" },
    follows: [
      { rule: "initTransactions bumps the epoch of the transactional id, which fences the instance before, and aborts what was open.", where: "TransactionCoordinator#handleInitProducerId, #prepareInitProducerIdTransit" },
      { rule: "Transactional records are in the log at once; the transaction begins, for the partition, with the first of them.", where: "ProducerAppendInfo#appendDataBatch" },
      { rule: "One control record per touched partition ends it and takes an offset; a transaction that touched none writes none.", where: "ProducerAppendInfo#appendEndTxnMarker, TransactionMarkerChannelManager#addTxnMarkersToSend" },
      { rule: "The last stable offset is the first offset of the earliest open transaction, whoever wrote what follows.", where: "ProducerStateManager#firstUnstableOffset, UnifiedLog#lastStableOffset" },
      { rule: "read_committed is given what lies below it, without aborted records and markers; read_uncommitted all records.", where: "UnifiedLog#read with FetchIsolation.TXN_COMMITTED, CompletedFetch#nextFetchedRecord" },
      { rule: "A transaction that takes too long is aborted, and its producer fenced.", where: "TransactionCoordinator#abortTimedOutTransactions" },
    ],
    simplified: [
      "One partition with one replica: the high watermark is the end of the log, and a marker is written at once.",
      "Consumed offsets, which a transaction commits together with its records, are left out.",
      "A fenced instance learns of it with whatever it does next; in Kafka beginTransaction asks nobody, so it would learn with its next send.",
      "Only initTransactions and a time-out bump the epoch; with transaction.version 2, every end of a transaction does so too.",
      "INVALID_PRODUCER_EPOCH stands also for PRODUCER_FENCED, with which the coordinator answers newer clients, such as Kafka's own, when a fenced instance commits or aborts.",
      "INVALID_TXN_STATE stands also for what a client refuses by itself, with IllegalStateException.",
    ],
  },
};

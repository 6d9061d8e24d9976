/**
 * What partitioning says, in two voices.
 */

/** @param {number} count @param {string} one @param {string} [many] */
const counted = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

export const narration = {
  sentences: {
    "record.placed": {
      engineer: (d) => `Key ${d.key}: murmur2 modulo ${d.partitions} gives partition ${d.partition}, offset ${d.offset}.`,
      manager: (d) => `${d.key} has its own lane: lane ${d.partition}, place ${d.offset}.`,
    },
    "key.strayed": {
      engineer: (d) => `${d.key} began on partition ${d.home}; this record goes to partition ${d.partition}, so no order holds between them.`,
      manager: (d) => `The story of ${d.key} began in lane ${d.home} and goes on in lane ${d.partition}: nobody can tell which entry came first.`,
    },
    "record.batched": {
      engineer: (d) => `The key is not used: the record joins the current batch on partition ${d.partition}, offset ${d.offset}.`,
      manager: (d) => `The entry has no lane of its own: it goes where the others just went, lane ${d.partition}.`,
    },
    "partition.switched": {
      engineer: (d) =>
        d.from < 0 ? `Partition ${d.to} is chosen for the next ${counted(d.stickyRecords, "record")}.` : `The batch is full: after partition ${d.from} comes partition ${d.to}, chosen by chance.`,
      manager: (d) => (d.from < 0 ? `Lane ${d.to} takes the next ${counted(d.stickyRecords, "entry", "entries")}.` : `Enough in lane ${d.from}: the next entries go to lane ${d.to}.`),
    },
    "topic.resized": {
      engineer: (d) => `From ${d.from} to ${d.to} partitions: ${d.moved} of ${counted(d.keys, "key")} hash elsewhere now; no old record moves.`,
      manager: (d) => `From ${d.from} to ${d.to} lanes: ${d.moved} of ${counted(d.keys, "thing")} get another lane; their old entries stay behind.`,
    },
  },
  telling: ["topic.resized", "key.strayed", "partition.switched"],
  checks: {
    "placed-once": { engineer: "Every record is on exactly one partition.", manager: "Every entry is in exactly one lane." },
    "order-within-partition": { engineer: "Within a partition, records stand in the order in which they were sent.", manager: "Within a lane, entries stand in the order in which they came." },
    "one-partition-per-key": { engineer: "All records of a key are on one partition, so their order holds.", manager: "All entries about one thing are in one lane, so their order holds." },
  },
  fidelity: {
    system: "Apache Kafka",
    version: "4.0",
    recorded: { version: "4.3.0", cases: 596, excluded: 0, what: "keys, hashed and placed by Kafka's own classes" },
    broker: { version: "4.3.0", cases: 27, excluded: 0, what: "topics of three, six or twelve partitions, filled from sample logs by librdkafka" },
    follows: [
      { rule: "A keyed record goes to (murmur2(key) & 0x7fffffff) % partitions, over the UTF-8 bytes of the key.", where: "BuiltInPartitioner#partitionForKey, Utils#murmur2" },
      { rule: "Without a key, or with keys ignored, records stay on one partition until a batch is full, then on another.", where: "KafkaProducer#partition, BuiltInPartitioner#updatePartitionInfo" },
      { rule: "Partitions can be added, never taken away; records stay where they were written.", where: "ReplicationControlManager#createPartitions" },
    ],
    simplified: [
      "A batch is a number of records here; in Kafka it is a number of bytes (batch.size).",
      "The next sticky partition is chosen evenly; Kafka weighs the choice by the length of each broker's queue.",
      "All partitions are available, and a record that names its partition itself is left out.",
    ],
  },
};

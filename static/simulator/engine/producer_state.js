/**
 * What a partition remembers of each idempotent producer, and how it judges the next batch by it: ProducerStateEntry,
 * ProducerAppendInfo#maybeValidateDataBatch and UnifiedLog#analyzeAndValidateProducerState of Apache Kafka 4.
 *
 * @typedef {{ producerId: number, epoch: number, firstSequence: number, count: number }} Batch
 * @typedef {{ first: number, last: number, baseOffset: number, count: number }} Remembered
 * @typedef {{ producerId: number, epoch: number, batches: readonly Remembered[] }} Entry of a producer id; the latest batch is the last
 * @typedef {"appended" | "duplicate" | "OUT_OF_ORDER_SEQUENCE_NUMBER" | "INVALID_PRODUCER_EPOCH"} Status
 */

/** How many batches are remembered (ProducerStateEntry.NUM_BATCHES_TO_RETAIN). */
export const REMEMBERED = 5;
/** After 2147483647 comes 0 (DefaultRecordBatch#incrementSequence). */
const SEQUENCES = 2 ** 31;

/** @param {number} sequence @param {number} by @returns {number} */
export const sequenceAfter = (sequence, by) => (sequence + by) % SEQUENCES;

/** @param {Batch} batch @returns {number} the sequence of its last record */
export const lastSequence = ({ firstSequence, count }) => sequenceAfter(firstSequence, count - 1);

/** @param {Entry} entry @returns {number} the sequence that it takes next in its epoch */
export const nextSequence = ({ batches }) => sequenceAfter(batches[batches.length - 1].last, 1);

/**
 * @param {Entry | undefined} entry undefined: a producer id that is not known, which may begin anywhere
 * @param {Batch} batch
 * @returns {{ status: Status, baseOffset: number, expected: number | null }} `baseOffset` of the batch that a duplicate
 *   repeats, else −1; `expected`: the only sequence that would have been taken
 */
export function judge(entry, batch) {
  if (entry === undefined) return { status: "appended", baseOffset: -1, expected: null };
  const { epoch, firstSequence } = batch;
  const twin = epoch === entry.epoch ? entry.batches.find(({ first, last }) => first === firstSequence && last === lastSequence(batch)) : undefined;
  if (twin) return { status: "duplicate", baseOffset: twin.baseOffset, expected: nextSequence(entry) };
  if (epoch < entry.epoch) return { status: "INVALID_PRODUCER_EPOCH", baseOffset: -1, expected: null };
  const expected = epoch > entry.epoch ? 0 : nextSequence(entry);
  return { status: firstSequence === expected ? "appended" : "OUT_OF_ORDER_SEQUENCE_NUMBER", baseOffset: -1, expected };
}

/**
 * @param {Entry | undefined} entry
 * @param {Batch} batch that was appended
 * @param {number} baseOffset
 * @returns {Entry} what is remembered afterwards; a new epoch forgets the batches of the old one
 */
export function remember(entry, batch, baseOffset) {
  const { producerId, epoch, firstSequence, count } = batch;
  const kept = entry?.epoch === epoch ? entry.batches.slice(1 - REMEMBERED) : [];
  return { producerId, epoch, batches: [...kept, { first: firstSequence, last: lastSequence(batch), baseOffset, count }] };
}

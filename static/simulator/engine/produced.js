/**
 * Everything that reaches the partition of the model `idempotent_producer`, in order: the batches, what is sent again because
 * an acknowledgement was lost, and what became of each.
 *
 * @typedef {import("./producer_state.js").Batch} Batch
 * @typedef {import("./producer_state.js").Entry} Entry
 * @typedef {object} Request
 * @property {Batch} batch
 * @property {boolean} isRetry whether its producer sent it again by itself
 * @property {boolean} isLost whether its acknowledgement never arrived
 * @property {import("./producer_state.js").Status} status
 * @property {number} baseOffset −1 where it was refused
 * @property {number | null} expected
 * @property {boolean} isStored whether the log held this batch before
 * @property {Entry | undefined} entry what is remembered of its producer afterwards
 * @property {number} source the place of its first record in the log of the input
 * @property {number} end the log's end offset afterwards
 */
import { judge, lastSequence, remember } from "./producer_state.js";

/** @param {Batch} batch @returns {string} what makes it the same batch */
export const identity = (batch) => `${batch.producerId}/${batch.epoch}/${batch.firstSequence}/${lastSequence(batch)}`;

/**
 * @param {{ log: readonly any[], params: { batches: readonly Batch[], enableIdempotence: boolean }, interventions: readonly any[] }} input
 * @returns {{ turns: (Request | null)[], byProducer: Map<number, number[]>, appended: number[] }} `turns`: null where an
 *   acknowledgement was to be lost before anything was sent; `byProducer`: the turns of each producer id, and `appended`
 *   those that wrote to the log, as places in `turns`
 */
export function produce({ log, params, interventions }) {
  /** @type {(Request | null)[]} */
  const turns = [];
  /** @type {Map<number, number[]>} */
  const byProducer = new Map();
  /** @type {number[]} */
  const appended = [];
  /** @type {Map<number, Entry>} */
  const entries = new Map();
  /** @type {Map<string, { source: number, isStored: boolean }>} */
  const known = new Map();
  let end = 0;
  let payload = 0;

  /** @param {Batch} batch */
  const verdict = (batch) => judge(params.enableIdempotence ? entries.get(batch.producerId) : undefined, batch);

  /** @param {Batch} batch @param {boolean} isRetry */
  function receive(batch, isRetry) {
    const { producerId, count } = batch;
    const { status, baseOffset, expected } = verdict(batch);
    const name = identity(batch);
    const before = known.get(name);
    const source = before?.source ?? payload;
    if (!before) payload += count;
    const isAppended = status === "appended";
    if (isAppended && params.enableIdempotence) entries.set(producerId, remember(entries.get(producerId), batch, end));
    known.set(name, { source, isStored: isAppended || Boolean(before?.isStored) });
    const request = {
      batch, isRetry, isLost: false, status, baseOffset: isAppended ? end : baseOffset, expected, isStored: Boolean(before?.isStored),
      entry: params.enableIdempotence ? entries.get(producerId) : undefined, source, end: isAppended ? end + count : end,
    };
    end = request.end;
    if (isAppended) appended.push(turns.length);
    if (!byProducer.has(producerId)) byProducer.set(producerId, []);
    byProducer.get(producerId)?.push(turns.length);
    turns.push(request);
  }

  /** @param {any} intervention */
  function intervene(intervention) {
    if (intervention.kind === "send") return receive(intervention, false);
    const last = turns.findLast((turn) => turn !== null);
    if (!last) return void turns.push(null);
    last.isLost = true;
    return receive(last.batch, true);
  }

  let next = 0;
  for (const batch of params.batches) {
    // What happens at so many records happens before the first batch that would make them more.
    while (next < interventions.length && interventions[next].at < log.length && verdict(batch).status === "appended" && end + batch.count > interventions[next].at) {
      intervene(interventions[next++]);
    }
    receive(batch, false);
  }
  for (const intervention of interventions.slice(next)) intervene(intervention);
  return { turns, byProducer, appended };
}

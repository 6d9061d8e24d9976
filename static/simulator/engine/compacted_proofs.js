/** What a compacted log with transactions promises, and which markers are still in it. */
import { firstDirty, isRemoved, readable } from "./compacted_log.js";

/** @typedef {import("./compacted_records.js").Transaction} Transaction */

/** @param {any} state of the model `compaction` @returns {{ offset: number, kind: "commit" | "abort", producer: string }[]} */
export function markersLeft(state) {
  return markersSoFar(state)
    .filter(({ marker }) => !isRemoved(state, marker))
    .map(({ marker, outcome, producer }) => ({ offset: state.input.cleaning.offsets[marker], kind: /** @type {"commit" | "abort"} */ (outcome), producer }));
}

/** The transactions that have ended, in the order of their markers. @param {any} state @returns {Transaction[]} */
function markersSoFar({ input: { cleaning }, count }) {
  /** @type {Transaction[]} */
  const ended = cleaning.transactions.filter(({ marker }) => marker >= 0 && marker < count);
  return ended.sort((a, b) => a.marker - b.marker);
}

/** @param {any} state */
export function checkTransactions(state) {
  const { memberOf, records, transactions } = state.input.cleaning;
  let early = 0;
  for (let i = readable(state); i < state.count; i++) if (isRemoved(state, i)) early++;
  let aborted = 0;
  const left = new Set();
  for (let i = 0; i < state.count; i++) {
    if (memberOf[i] < 0 || records[i].key === null || isRemoved(state, i)) continue;
    left.add(transactions[memberOf[i]]);
    if (i < firstDirty(state) && transactions[memberOf[i]].outcome === "abort") aborted++;
  }
  const orphaned = markersSoFar(state).filter((transaction) => isRemoved(state, transaction.marker) && left.has(transaction)).length;
  return [
    { id: "open-untouched", holds: early === 0, detail: `${early} records at or above the last stable offset are gone` },
    { id: "aborted-gone", holds: aborted === 0, detail: `${aborted} records of aborted transactions are in the cleaned part` },
    { id: "marker-outlives", holds: orphaned === 0, detail: `${orphaned} markers went before the records of their transactions` },
  ];
}

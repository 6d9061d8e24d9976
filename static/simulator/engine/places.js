/**
 * Places in lists that ascend.
 */

/**
 * How many items at the beginning of a list fulfil a condition that no later one fulfils.
 * @template T
 * @param {readonly T[]} list
 * @param {(item: T) => boolean} isBefore
 * @returns {number}
 */
export function countBefore(list, isBefore) {
  let low = 0;
  for (let high = list.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (isBefore(list[middle])) low = middle + 1;
    else high = middle;
  }
  return low;
}

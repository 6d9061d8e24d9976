/**
 * Chance that can be replayed: the nth draw depends on the seed and on n only, so a state keeps a counter and no generator.
 */

/**
 * The nth draw of a seed: a number from 0 (inclusive) to 1 (exclusive).
 * @param {number} seed
 * @param {number} n
 * @returns {number}
 */
export function draw(seed, n) {
  let x = (Math.imul(seed | 0, 0x9e3779b1) + Math.imul((n | 0) + 1, 0x6d2b79f5)) | 0;
  x = Math.imul(x ^ (x >>> 15), x | 1);
  x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
  x = Math.imul(x ^ (x >>> 16), 0x45d9f3b);
  return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
}

/**
 * The nth draw of a seed as an index below `count`.
 * @param {number} seed
 * @param {number} n
 * @param {number} count a positive integer
 * @returns {number}
 */
export function pick(seed, n, count) {
  return Math.floor(draw(seed, n) * count);
}

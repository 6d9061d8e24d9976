/**
 * The hash by which Kafka's producers choose a partition for a key.
 * Follows org.apache.kafka.common.utils.Utils#murmur2 and BuiltInPartitioner#partitionForKey (4.x).
 */

const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;
const encoder = new TextEncoder();

/**
 * Murmur2 of bytes, or of a text's UTF-8 bytes, as a signed 32-bit integer.
 * @param {string | Uint8Array} data
 * @returns {number}
 */
export function murmur2(data) {
  const bytes = typeof data === "string" ? encoder.encode(data) : data;
  const length = bytes.length;
  const whole = length & ~3;
  let hash = SEED ^ length;
  for (let i = 0; i < whole; i += 4) {
    let word = bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    word = Math.imul(word, MULTIPLIER);
    word ^= word >>> 24;
    word = Math.imul(word, MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ word;
  }
  const rest = length - whole;
  if (rest > 2) hash ^= bytes[whole + 2] << 16;
  if (rest > 1) hash ^= bytes[whole + 1] << 8;
  if (rest > 0) {
    hash ^= bytes[whole];
    hash = Math.imul(hash, MULTIPLIER);
  }
  hash ^= hash >>> 13;
  hash = Math.imul(hash, MULTIPLIER);
  hash ^= hash >>> 15;
  return hash | 0;
}

/**
 * The partition of a key. The sign bit is masked off; an absolute value would give other partitions.
 * @param {string} key
 * @param {number} partitions a positive count
 * @returns {number}
 */
export function partitionForKey(key, partitions) {
  return (murmur2(key) & 0x7fffffff) % partitions;
}

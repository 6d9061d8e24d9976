/**
 * The partition that a record goes to: by the hash of its key, as Kafka's producers choose it (it follows
 * org.apache.kafka.common.utils.Utils#murmur2 and BuiltInPartitioner#partitionForKey, 4.x), or by chance. Chance can be
 * replayed: the nth draw depends on the seed and on n only, so a state keeps a counter and no generator.
 */

const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;
const encoder = new TextEncoder();
/** Where the bytes of a short text are put: room for each one of its own would take longer than its hash. */
const room = new Uint8Array(1024);

/**
 * Murmur2 of bytes, or of a text's UTF-8 bytes, as a signed 32-bit integer.
 * @param {string | Uint8Array} data
 * @returns {number}
 */
export function murmur2(data) {
  const bytes = typeof data !== "string" ? data : data.length * 3 > room.length ? encoder.encode(data) : room;
  const length = bytes === room ? fill(/** @type {string} */ (data)) : bytes.length;
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

/** @param {string} text whose UTF-8 is put into the room @returns {number} how many bytes that are */
function fill(text) {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return encoder.encodeInto(text, room).written;
    room[i] = unit;
  }
  return text.length;
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

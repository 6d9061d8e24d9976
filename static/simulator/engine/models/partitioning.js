/**
 * Partitioning: how a producer chooses the partition of a record, and what becomes of a key's order when partitions are added.
 * Follows KafkaProducer#partition, BuiltInPartitioner and Utils#murmur2 of Apache Kafka 4.
 */
import { partitionForKey, pick } from "../partitioner.js";
import { head, window } from "../records.js";
import { interleave } from "../run.js";

const MAX_PARTITIONS = 64;
const MAX_TICKETS = 36;
const MAX_REFS = 40;
const KEY_ROWS = 16;

/** @type {readonly import("../params.js").Param[]} */
const PARAMS = [
  { name: "partitions", type: "integer", default: 3, min: 1, max: MAX_PARTITIONS, step: 1, kafka: "num.partitions", label: { engineer: "partitions", manager: "number of lanes" } },
  {
    name: "partitioner",
    type: "choice",
    default: "keyed",
    choices: [
      { value: "keyed", label: { engineer: "by key (murmur2)", manager: "each thing has its lane" } },
      { value: "ignore-keys", label: { engineer: "ignore keys (sticky)", manager: "any lane that suits" } },
    ],
    kafka: "partitioner.ignore.keys",
    label: { engineer: "partitioner", manager: "how a lane is chosen" },
  },
  { name: "resizeAt", type: "integer", default: null, nullable: true, min: 0, max: 2_000_000, step: 1, unit: "records", label: { engineer: "add partitions before record", manager: "open more lanes before entry" } },
  { name: "resizeTo", type: "integer", default: 6, min: 1, max: MAX_PARTITIONS, step: 1, label: { engineer: "partitions afterwards", manager: "number of lanes afterwards" } },
  { name: "stickyRecords", type: "integer", default: 16, min: 1, max: 10_000, step: 1, unit: "records", kafka: "batch.size", label: { engineer: "unkeyed records per batch", manager: "unaddressed entries in one go" } },
];

/**
 * What every state of one run shares. All of it depends on the record's index alone, so a replay writes what is there
 * already and a checkpoint need not copy it.
 * @typedef {object} History
 * @property {number[][]} lists the record indices of each partition, in offset order
 * @property {string[]} keys in first-seen order
 * @property {Map<string, { index: number, before: number, after: number, home: number }>} known each key's partition
 *   under either count, and that of its first record
 * @property {Uint8Array} strayed records that are not where their key's first record is
 */

/**
 * `resizeAt` = i: the record at index i is the first under the new count; adding the partitions is a step of its own.
 *
 * Result: `{ placements: [{record, partition, offset}], counts: [n…], movedKeys: [key…] }`. `record` is the index in the log,
 * `offset` the one within the partition, `counts` has an entry for every partition that there is in the end. `movedKeys` are the
 * keys, in first-seen order, that the new count sends to another partition.
 *
 * @type {import("../run.js").Model}
 */
export const model = {
  id: "partitioning",
  title: "Partitioning",
  log: "required",
  params: PARAMS,
  interventions: [],

  prepare(input) {
    const { resizeAt, resizeTo, partitions } = input.params;
    let at = resizeAt;
    if (at !== null && resizeTo < partitions) {
      input.problems.push({ path: "/params/resizeTo", message: `resizeTo was ${resizeTo}: partitions can only be added and there are ${partitions}, so nothing is changed` });
      at = null;
    }
    if (at !== null && at > input.log.length) {
      input.problems.push({ path: "/params/resizeAt", message: `resizeAt was ${at}: the log has ${input.log.length} records, so nothing is changed` });
      at = null;
    }
    const resize = at === null ? [] : [{ kind: "resize", at }];
    return { ...input, interventions: resize };
  },

  plan: interleave,

  start(input) {
    const most = Math.max(input.params.partitions, input.params.resizeTo);
    /** @type {History} */
    const history = { lists: Array.from({ length: most }, () => []), keys: [], known: new Map(), strayed: new Uint8Array(input.log.length) };
    return {
      input,
      history,
      placed: 0,
      counts: new Array(input.params.partitions).fill(0),
      keyCount: 0,
      isResized: false,
      unkeyed: 0,
      current: -1,
      draws: 0,
      strays: 0,
      last: { partition: -1, resized: false },
    };
  },

  step(state, action, quiet) {
    return action.intervention ? resize(state) : place(state, action, quiet);
  },

  copy: (state) => ({ ...state, counts: state.counts.slice() }),

  scene(state) {
    const { input, history, counts, last } = state;
    const size = Math.max(4, Math.min(16, Math.floor(MAX_TICKETS / counts.length)));
    const lanes = counts.map((/** @type {number} */ count, /** @type {number} */ partition) => {
      const { items, before, after } = window(head(history.lists[partition], count), count - 1, size);
      return {
        id: `p${partition}`,
        ref: `partition:${partition}`,
        label: { engineer: `partition ${partition}`, manager: `lane ${partition}` },
        note: { engineer: `${count} records`, manager: `${count} entries` },
        state: partition === last.partition ? "active" : "idle",
        tickets: items.map((index, i) => ticket(state, index, before + i)),
        before,
        after,
        markers: [],
      };
    });
    const blocks = [{ kind: "lanes", id: "partitions", title: { engineer: "Partitions", manager: "Lanes" }, lanes }, keyTable(state)];
    if (state.isResized) {
      const moved = movedKeys(state).length;
      blocks.push(/** @type {any} */ ({
        kind: "notice",
        id: "resize",
        level: moved > 0 ? "warning" : "info",
        text: {
          engineer: `${input.params.partitions} partitions became ${input.params.resizeTo}: ${moved} of ${state.keyCount} keys now hash elsewhere; old records stay.`,
          manager: `${input.params.partitions} lanes became ${input.params.resizeTo}: ${moved} of ${state.keyCount} things changed lane; what was written stays where it was.`,
        },
      }));
    }
    return { blocks };
  },

  result(state) {
    const placements = new Array(state.placed);
    state.counts.forEach((/** @type {number} */ count, /** @type {number} */ partition) => {
      const list = state.history.lists[partition];
      for (let offset = 0; offset < count; offset++) placements[list[offset]] = { record: list[offset], partition, offset };
    });
    return { placements, counts: state.counts.slice(), movedKeys: movedKeys(state) };
  },

  checks(state) {
    const { history, counts, placed, strays } = state;
    const total = counts.reduce((/** @type {number} */ sum, /** @type {number} */ count) => sum + count, 0);
    const isOrdered = counts.every((/** @type {number} */ count, /** @type {number} */ partition) => {
      const list = history.lists[partition];
      for (let offset = 1; offset < count; offset++) if (list[offset] <= list[offset - 1]) return false;
      return true;
    });
    return [
      { id: "placed-once", holds: total === placed, detail: `${total} places for ${placed} records` },
      { id: "order-within-partition", holds: isOrdered, detail: `${counts.length} partitions looked through` },
      { id: "one-partition-per-key", holds: strays === 0, detail: strays === 0 ? `${state.keyCount} keys, each on one partition` : `${strays} records lie apart from the first of their key` },
    ];
  },
};

/** @param {any} state @param {any} action @param {boolean} quiet */
function place(state, { record, index }, quiet) {
  const { history, counts, input } = state;
  const isKeyed = record.key !== null && input.params.partitioner === "keyed";
  const before = state.current;
  const partition = isKeyed ? placeKeyed(state, record.key) : placeSticky(state);
  const offset = counts[partition]++;
  history.lists[partition][offset] = index;
  const strayed = record.key !== null && isStray(state, record.key, partition);
  if (strayed) state.strays++;
  history.strayed[index] = strayed ? 1 : 0;
  state.placed = index + 1;
  state.last = { partition, resized: false };
  if (quiet) return [];
  const data = { key: record.key, type: record.type, partition, offset, partitions: counts.length, home: record.key === null ? null : history.known.get(record.key).home };
  const refs = [`record:${record.offset}`, `partition:${partition}`, ...(record.key === null ? [] : [`key:${record.key}`])];
  const facts = [];
  if (strayed) facts.push({ code: "key.strayed", refs: [...refs, `partition:${data.home}`], data });
  else if (isKeyed) facts.push({ code: "record.placed", refs, data });
  else facts.push({ code: "record.batched", refs, data });
  if (!isKeyed && before !== partition) facts.push({ code: "partition.switched", refs: [`partition:${partition}`], data: { from: before, to: partition, stickyRecords: input.params.stickyRecords } });
  return facts;
}

/** @param {any} state @param {string} key @returns {number} */
function placeKeyed(state, key) {
  const { before, after } = know(state, key);
  return state.isResized ? after : before;
}

/** @param {any} state @returns {number} the partition of the batch that is being filled */
function placeSticky(state) {
  const { stickyRecords } = state.input.params;
  const count = state.counts.length;
  if (state.unkeyed % stickyRecords === 0) {
    if (state.current < 0) state.current = pick(state.input.seed, state.draws++, count);
    else if (count > 1) state.current = (state.current + 1 + pick(state.input.seed, state.draws++, count - 1)) % count;
  }
  state.unkeyed++;
  return state.current;
}

/** @param {any} state @param {string} key what is known of a key, from its first record on */
function know(state, key) {
  const { history, input } = state;
  let entry = history.known.get(key);
  if (entry === undefined) {
    const { partitions, resizeTo } = input.params;
    entry = { index: history.keys.length, before: partitionForKey(key, partitions), after: partitionForKey(key, resizeTo), home: -1 };
    history.known.set(key, entry);
    history.keys.push(key);
  }
  if (entry.index >= state.keyCount) state.keyCount = entry.index + 1;
  return entry;
}

/** @param {any} state @param {string} key @param {number} partition @returns {boolean} whether the key's first record lies elsewhere */
function isStray(state, key, partition) {
  const entry = know(state, key);
  if (entry.home < 0) entry.home = partition;
  return entry.home !== partition;
}

/** @param {any} state */
function resize(state) {
  const { partitions, resizeTo } = state.input.params;
  state.counts.push(...new Array(resizeTo - partitions).fill(0));
  state.isResized = true;
  state.last = { partition: -1, resized: true };
  const moved = movedKeys(state);
  const refs = [...moved.slice(0, MAX_REFS).map((key) => `key:${key}`)];
  return [{ code: "topic.resized", refs, data: { from: partitions, to: resizeTo, moved: moved.length, keys: state.keyCount } }];
}

/** @param {any} state @returns {string[]} keys in first-seen order that the new count sends elsewhere */
function movedKeys(state) {
  if (!state.isResized || state.input.params.partitioner !== "keyed") return [];
  return state.history.keys.slice(0, state.keyCount).filter((/** @type {string} */ key) => {
    const { before, after } = state.history.known.get(key);
    return before !== after;
  });
}

/** @param {any} state @param {number} index @param {number} offset */
function ticket(state, index, offset) {
  const record = state.input.log[index];
  const marks = [];
  if (index === state.placed - 1 && !state.last.resized) marks.push("focus");
  if (state.history.strayed[index]) marks.push("moved");
  return { ref: `record:${record.offset}`, offset, key: record.key, type: record.type, marks };
}

/** @param {any} state */
function keyTable(state) {
  const { history, keyCount, isResized } = state;
  const isKeyed = state.input.params.partitioner === "keyed";
  const { items, before, after } = window(head(history.keys, keyCount), keyCount - 1, KEY_ROWS);
  return {
    kind: "table",
    id: "keys",
    title: { engineer: "Keys and their partitions", manager: "Things and their lanes" },
    columns: [
      { id: "key", label: { engineer: "key", manager: "thing" } },
      { id: "first", label: { engineer: "first record", manager: "first entry" }, numeric: true },
      { id: "now", label: { engineer: "next record", manager: "next entry" }, numeric: true },
    ],
    rows: items.map((key) => {
      const entry = history.known.get(key);
      const now = isKeyed ? (isResized ? entry.after : entry.before) : null;
      return { ref: `key:${key}`, cells: [key, entry.home, now], marks: now !== null && now !== entry.home ? ["moved"] : [] };
    }),
    before,
    after,
  };
}

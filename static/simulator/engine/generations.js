/**
 * What a consumer group's run is given, and its generations: who owns what after each rebalance. They depend on the members and their order of
 * coming and going only, so a whole run's generations are known before its first step.
 */
import { put } from "./records.js";
import { assign } from "./assignors.js";
import { partitionForKey, pick } from "./partitioner.js";

/**
 * @typedef {object} Generation
 * @property {number} cause the index of the intervention, −1 for the first generation
 * @property {boolean} isHandOver whether it ends a cooperative hand-over
 * @property {string[]} members
 * @property {Map<string, number[]>} assignment
 * @property {Map<string, number[]>} revoked what had to be given up before
 * @property {string[]} paused members that held something and stood still
 */

const MAX_ROUNDS = 8;

/** @param {string} a @param {string} b */
const byCodeUnit = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The partitions of all topics, sorted by topic and number.
 * @param {Record<string, number>} topics
 * @returns {{ topic: string, partition: number }[]}
 */
export function listPartitions(topics) {
  return Object.keys(topics).sort().flatMap((topic) => Array.from({ length: topics[topic] }, (_, partition) => ({ topic, partition })));
}

/**
 * @param {any} params `{ topics, members, assignor, givesUp, subscriptions, instances }`
 * @param {readonly { kind: string, member: string }[]} interventions each is possible where it stands
 * @param {readonly { topic: string, partition: number }[]} partitions
 * @returns {Generation[]}
 */
export function listGenerations(params, interventions, partitions) {
  const { assignor, givesUp, subscriptions, instances } = params;
  /** @param {string} member @param {string} topic */
  const subscribes = (member, topic) => !Object.hasOwn(subscriptions, member) || subscriptions[member].includes(topic);
  /** @param {string} member */
  const instance = (member) => (Object.hasOwn(instances, member) ? instances[member] : undefined);
  const isCooperative = assignor === "cooperative-sticky";
  /** @type {Generation[]} */
  const generations = [];
  let members = [...params.members].sort(byCodeUnit);
  /** @type {Map<string, number[]>} */
  let owned = new Map();

  /** @param {number} cause */
  function rebalance(cause) {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const target = assign(assignor, { partitions, members, subscribes, instance, owned, givesUp });
      const moving = isCooperative ? findMoving(owned, target, members) : new Map();
      generations.push({
        cause,
        isHandOver: round > 0,
        members,
        assignment: moving.size > 0 ? without(target, moving) : target,
        revoked: isCooperative ? moving : holders(owned),
        paused: isCooperative ? [] : members.filter((member) => (owned.get(member) ?? []).length > 0),
      });
      owned = /** @type {Generation} */ (generations.at(-1)).assignment;
      if (moving.size === 0) return;
    }
  }

  rebalance(-1);
  interventions.forEach(({ kind, member }, index) => {
    members = kind === "join" ? [...members, member].sort(byCodeUnit) : members.filter((other) => other !== member);
    rebalance(index);
  });
  return generations;
}

/** @param {Map<string, number[]>} owned @returns {Map<string, number[]>} without those who hold nothing */
function holders(owned) {
  return new Map([...owned].filter(([, held]) => held.length > 0));
}

/**
 * What each staying member has to give to another one.
 * @param {Map<string, number[]>} owned
 * @param {Map<string, number[]>} target
 * @param {readonly string[]} members
 * @returns {Map<string, number[]>}
 */
function findMoving(owned, target, members) {
  const moving = members.map((member) => {
    const kept = new Set(target.get(member));
    return /** @type {[string, number[]]} */ ([member, (owned.get(member) ?? []).filter((index) => !kept.has(index))]);
  });
  return holders(new Map(moving));
}

/**
 * A target in which whatever still has to be given up belongs to nobody.
 * @param {Map<string, number[]>} target
 * @param {Map<string, number[]>} moving
 * @returns {Map<string, number[]>}
 */
function without(target, moving) {
  const withheld = new Set([...moving.values()].flat());
  return new Map([...target].map(([member, held]) => [member, held.filter((index) => !withheld.has(index))]));
}

/**
 * Numbers of partitions as results show them: `{ member: { topic: [partition…] } }`.
 * @param {Map<string, number[]>} held
 * @param {readonly { topic: string, partition: number }[]} partitions
 * @returns {Record<string, Record<string, number[]>>}
 */
export function byMember(held, partitions) {
  /** @type {Record<string, Record<string, number[]>>} */
  const members = {};
  for (const [member, indices] of held) {
    /** @type {Record<string, number[]>} */
    const topics = {};
    for (const index of indices) {
      const { topic, partition } = partitions[index];
      if (Object.hasOwn(topics, topic)) topics[topic].push(partition);
      else put(topics, topic, [partition]);
    }
    put(members, member, topics);
  }
  return members;
}

/** The most members that a group has at any time. */
export const MAX_MEMBERS = 32;
const MAX_INTERVENTIONS = 1_000;
const STICKY_RECORDS = 16;

/** @param {string} value @param {string} engineer @param {string} manager */
const choice = (value, engineer, manager) => ({ value, label: { engineer, manager } });

/** @type {readonly import("./params.js").Param[]} */
export const PARAMS = [
  { name: "topics", type: "map", default: { orders: 6 }, min: 1, max: 24, maxItems: 8, label: { engineer: "topics and their partitions", manager: "trays and their lanes" } },
  { name: "members", type: "list", default: ["A", "B", "C"], maxItems: MAX_MEMBERS, label: { engineer: "members at the start", manager: "colleagues at the start" } },
  {
    name: "assignor",
    type: "choice",
    default: "range",
    choices: [
      choice("range", "range", "in blocks"),
      choice("roundrobin", "round-robin", "dealt in a circle"),
      choice("sticky", "sticky (eager)", "change little, all pause"),
      choice("cooperative-sticky", "cooperative-sticky", "change little, none pauses"),
    ],
    kafka: "partition.assignment.strategy",
    label: { engineer: "assignor", manager: "how lanes are shared out" },
  },
  {
    name: "givesUp",
    type: "choice",
    default: "lowest",
    choices: [
      choice("lowest", "the lowest partitions (librdkafka)", "the first lanes"),
      choice("highest", "the highest partitions (Java client)", "the last lanes"),
    ],
    label: { engineer: "in a cooperative hand-over, an overfull member gives up", manager: "who has too much hands over" },
  },
  { name: "subscriptions", type: "lists", default: {}, label: { engineer: "subscriptions that differ", manager: "who reads only some trays" } },
  { name: "instances", type: "strings", default: {}, kafka: "group.instance.id", label: { engineer: "static ids", manager: "fixed seats" } },
  { name: "recordsPerRead", type: "integer", default: 2, min: 1, max: 1_000, step: 1, unit: "records", label: { engineer: "records produced per read", manager: "new entries while one is handled" } },
  { name: "commitEvery", type: "integer", default: 5, min: 0, max: 1_000_000, step: 1, unit: "records", kafka: "auto.commit.interval.ms", label: { engineer: "commit every n records (0: never)", manager: "note progress every n entries (0: never)" } },
  {
    name: "autoOffsetReset",
    type: "choice",
    default: "latest",
    choices: [choice("latest", "latest", "begin with what comes next"), choice("earliest", "earliest", "begin at the first entry")],
    kafka: "auto.offset.reset",
    label: { engineer: "start without a commit", manager: "where to begin when nothing was noted" },
  },
  { name: "catchUp", type: "boolean", default: true, label: { engineer: "read on after the last record", manager: "finish the backlog at the end" } },
];

/** @param {import("./run.js").Input} input @returns {readonly any[]} the interventions that make sense where they stand */
export function possibleInterventions(input) {
  const members = new Set(input.params.members);
  /** @param {any} intervention @param {string} message */
  const refuse = ({ index }, message) => {
    input.problems.push({ path: `/interventions/${index}/member`, message: `${message}, so the intervention is left out` });
    return false;
  };
  const kept = input.interventions.slice(0, MAX_INTERVENTIONS).filter((intervention) => {
    const { kind, member } = intervention;
    if (kind === "join") {
      if (members.has(member)) return refuse(intervention, `member was ${JSON.stringify(member)}: it is in the group already`);
      if (members.size >= MAX_MEMBERS) return refuse(intervention, `member was ${JSON.stringify(member)}: the group is full with ${MAX_MEMBERS} members`);
      members.add(member);
    } else if (!members.delete(member)) return refuse(intervention, `member was ${JSON.stringify(member)}: it is not in the group then`);
    return true;
  });
  const surplus = input.interventions.length - MAX_INTERVENTIONS;
  if (surplus > 0) input.problems.push({ path: "/interventions", message: `interventions had ${input.interventions.length} entries: this model takes ${MAX_INTERVENTIONS}, so ${surplus} are left out` });
  return kept;
}

/**
 * Where each record goes: types take the topics in turn, a key its partition by murmur2; unkeyed ones stay on a partition for
 * a while.
 * @param {import("./run.js").Input} input
 * @param {readonly { topic: string, partition: number }[]} partitions
 * @returns {Int16Array} a place in the list of partitions for each record, −1 where there is no topic
 */
export function routeRecords({ log, params, seed }, partitions) {
  const topics = Object.keys(params.topics).sort();
  const starts = topics.map((topic) => partitions.findIndex((each) => each.topic === topic));
  const routes = new Int16Array(log.length).fill(-1);
  if (topics.length === 0) return routes;
  const topicOf = new Map();
  const known = topics.map(() => new Map());
  const unkeyed = topics.map(() => 0);
  log.forEach((record, i) => {
    let topic = topicOf.get(record.type);
    if (topic === undefined) topicOf.set(record.type, (topic = topicOf.size % topics.length));
    const count = params.topics[topics[topic]];
    let partition;
    if (record.key === null) partition = pick(seed, Math.floor(unkeyed[topic]++ / STICKY_RECORDS), count);
    else {
      partition = known[topic].get(record.key);
      if (partition === undefined) known[topic].set(record.key, (partition = partitionForKey(record.key, count)));
    }
    routes[i] = starts[topic] + partition;
  });
  return routes;
}

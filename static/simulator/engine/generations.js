/**
 * The generations of a consumer group: who owns what after each rebalance. They depend on the members and their order of
 * coming and going only, so a whole run's generations are known before its first step.
 */
import { put } from "./records.js";
import { assign } from "./assignors.js";

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

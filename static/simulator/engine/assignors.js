/**
 * How a consumer group shares partitions out among its members. Follows RangeAssignor, RoundRobinAssignor and
 * AbstractStickyAssignor of Apache Kafka's clients (4.0), without racks.
 *
 * Partitions are numbers here: places in one list sorted by topic, then by partition.
 */

/**
 * @typedef {object} Group
 * @property {readonly { topic: string, partition: number }[]} partitions sorted by topic, then by partition
 * @property {readonly string[]} members sorted by code unit
 * @property {(member: string, topic: string) => boolean} subscribes
 * @property {(member: string) => string | undefined} instance a member's static id
 * @property {Map<string, readonly number[]>} owned what each member holds
 * @property {"lowest" | "highest"} givesUp what a member with too many gives away in a cooperative hand-over
 */
/** @typedef {Map<string, number[]>} Assignment every member's partitions, rising */

/** @type {Record<string, (group: Group) => Assignment>} */
const ASSIGNORS = {
  range: assignRange,
  roundrobin: assignRoundRobin,
  sticky: (group) => assignSticky(group, byPartition),
  "cooperative-sticky": (group) => assignSticky(group, group.givesUp === "highest" ? byPartition : (a, b) => -byPartition(a, b)),
};

/**
 * The assignment that an assignor aims at. For `cooperative-sticky` it is what stands after the hand-over.
 * @param {string} assignor
 * @param {Group} group
 * @returns {Assignment}
 */
export function assign(assignor, group) {
  const assignment = ASSIGNORS[assignor](group);
  for (const held of assignment.values()) held.sort((a, b) => a - b);
  return assignment;
}

/** @param {Group} group @returns {Assignment} */
const nothingAssigned = ({ members }) => new Map(members.map((member) => [member, []]));

/** @param {string} a @param {string} b */
const byCodeUnit = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** @param {Group} group @returns {string[]} members with a static id first, by that id; then the others by their own */
function byInstance({ members, instance }) {
  return [...members].sort((a, b) => {
    const [left, right] = [instance(a), instance(b)];
    if (left !== undefined && right !== undefined) return byCodeUnit(left, right);
    if (left !== undefined || right !== undefined) return left !== undefined ? -1 : 1;
    return byCodeUnit(a, b);
  });
}

/** @param {Group["partitions"]} partitions @returns {Map<string, number[]>} */
function byTopic(partitions) {
  const topics = new Map();
  partitions.forEach(({ topic }, index) => {
    if (!topics.has(topic)) topics.set(topic, []);
    topics.get(topic).push(index);
  });
  return topics;
}

/** Topic by topic: a contiguous share for each subscriber, the first ones getting one more. @param {Group} group */
function assignRange(group) {
  const assignment = nothingAssigned(group);
  const sorted = byInstance(group);
  for (const [topic, indices] of byTopic(group.partitions)) {
    const subscribers = sorted.filter((member) => group.subscribes(member, topic));
    const share = Math.floor(indices.length / subscribers.length);
    const extra = indices.length % subscribers.length;
    let start = 0;
    subscribers.forEach((member, i) => {
      const end = start + share + (i < extra ? 1 : 0);
      assignment.get(member)?.push(...indices.slice(start, end));
      start = end;
    });
  }
  return assignment;
}

/** All partitions dealt in a circle, passing over members that do not subscribe. @param {Group} group */
function assignRoundRobin(group) {
  const assignment = nothingAssigned(group);
  const circle = byInstance(group);
  let turn = 0;
  group.partitions.forEach(({ topic }, index) => {
    if (!circle.some((member) => group.subscribes(member, topic))) return;
    while (!group.subscribes(circle[turn % circle.length], topic)) turn++;
    assignment.get(circle[turn % circle.length])?.push(index);
    turn++;
  });
  return assignment;
}

/**
 * @param {{ topic: string, partition: number }} a
 * @param {{ topic: string, partition: number }} b
 */
function byPartition(a, b) {
  return a.partition - b.partition || byCodeUnit(a.topic, b.topic);
}

/**
 * @param {Group} group
 * @param {(a: { topic: string, partition: number }, b: { topic: string, partition: number }) => number} order the order in
 *   which a member with too many keeps what it holds. Kafka's Java client keeps the first ones; librdkafka, which knows the
 *   cooperative hand-over only, gives the first ones away
 * @returns {Assignment}
 */
function assignSticky(group, order) {
  const topics = [...byTopic(group.partitions).keys()];
  const isUniform = topics.every((topic) => {
    const count = group.members.filter((member) => group.subscribes(member, topic)).length;
    return count === 0 || count === group.members.length;
  });
  return isUniform ? shareEvenly(group, order) : shareByBalance(group);
}

/**
 * Members in the order in which Java's HashMap lists them: by their hash, cut to the size of its table. Kafka keeps members in
 * one, and where several hold too much, those that come first keep one more.
 * @param {readonly string[]} members sorted
 * @returns {string[]}
 */
function inMapOrder(members) {
  let size = 16;
  while (members.length > size * 0.75) size *= 2;
  /** @param {string} member */
  const bucket = (member) => {
    let hash = 0;
    for (let i = 0; i < member.length; i++) hash = (Math.imul(hash, 31) + member.charCodeAt(i)) | 0;
    return (hash ^ (hash >>> 16)) & (size - 1);
  };
  return [...members].sort((a, b) => bucket(a) - bucket(b));
}

/**
 * Where all members subscribe to the same topics: everyone keeps up to a quota, the rest fills those who have less.
 * @param {Group} group
 * @param {(a: { topic: string, partition: number }, b: { topic: string, partition: number }) => number} order
 * @returns {Assignment}
 */
function shareEvenly(group, order) {
  const assignment = nothingAssigned(group);
  if (group.members.length === 0) return assignment;
  const wanted = group.partitions.map((_, index) => index).filter((index) => group.subscribes(group.members[0], group.partitions[index].topic));
  const least = Math.floor(wanted.length / group.members.length);
  let extras = wanted.length % group.members.length;
  const taken = new Set();
  for (const member of inMapOrder(group.members)) {
    const held = [...(group.owned.get(member) ?? [])].sort((a, b) => order(group.partitions[a], group.partitions[b]));
    const hasExtra = held.length > least && extras > 0;
    if (hasExtra) extras--;
    for (const index of held.slice(0, hasExtra ? least + 1 : least)) {
      taken.add(index);
      assignment.get(member)?.push(index);
    }
  }
  const free = wanted.filter((index) => !taken.has(index));
  const atQuota = group.members.filter((member) => sizeIn(assignment, member) === least);
  atQuota.push(...fill(free, group.members, least, assignment));
  for (const index of free) assignment.get(/** @type {string} */ (atQuota.shift()))?.push(index);
  return assignment;
}

/**
 * Deals partitions in a circle to the members that have fewer than a quota, until all have it.
 * @param {number[]} free is emptied from its front
 * @param {readonly string[]} members
 * @param {number} quota
 * @param {Assignment} assignment
 * @returns {string[]} these members, in the order in which they reached it
 */
function fill(free, members, quota, assignment) {
  const reached = [];
  let open = members.filter((member) => sizeIn(assignment, member) < quota);
  while (open.length > 0) {
    for (const member of open) assignment.get(member)?.push(/** @type {number} */ (free.shift()));
    reached.push(...open.filter((member) => sizeIn(assignment, member) === quota));
    open = open.filter((member) => sizeIn(assignment, member) < quota);
  }
  return reached;
}

/** @param {Assignment} assignment @param {string} member @returns {number} */
const sizeIn = (assignment, member) => /** @type {number[]} */ (assignment.get(member)).length;

/**
 * Where subscriptions differ: what is held stays, free partitions go to whoever has least, then single partitions move from
 * a member to one that has at least two fewer, until none can.
 * @param {Group} group
 * @returns {Assignment}
 */
function shareByBalance(group) {
  const assignment = nothingAssigned(group);
  const potential = new Map([...byTopic(group.partitions).keys()].map((topic) => [topic, group.members.filter((member) => group.subscribes(member, topic))]));
  /** @param {number} index @returns {string[]} */
  const candidates = (index) => potential.get(group.partitions[index].topic) ?? [];
  /** @type {Map<number, string>} */
  const owner = new Map();
  for (const member of group.members) {
    for (const index of group.owned.get(member) ?? []) {
      owner.set(index, member);
      assignment.get(member)?.push(index);
    }
  }
  const scarceFirst = group.partitions.map((_, index) => index).sort((a, b) => candidates(a).length - candidates(b).length || a - b);
  const free = scarceFirst.filter((index) => !owner.has(index) && candidates(index).length > 0);
  /** @param {number} index */
  const poorest = (index) => candidates(index).reduce((best, member) => (sizeIn(assignment, member) < sizeIn(assignment, best) ? member : best));
  for (const index of free) {
    const member = poorest(index);
    owner.set(index, member);
    assignment.get(member)?.push(index);
  }
  const before = score(assignment);
  const kept = new Map([...assignment].map(([member, held]) => [member, [...held]]));
  const isFresh = [...group.owned.values()].every((held) => held.length === 0);
  const movable = scarceFirst.filter((index) => candidates(index).length > 1);
  moveSingles(free.filter((index) => candidates(index).length > 1), poorest, owner, assignment);
  moveSingles(movable, poorest, owner, assignment);
  return !isFresh && score(assignment) >= before ? kept : assignment;
}

/**
 * Every move takes a partition from a member to one with at least two fewer, which lowers the sum of the squared sizes: it
 * comes to an end.
 * @param {number[]} indices
 * @param {(index: number) => string} poorest
 * @param {Map<number, string>} owner
 * @param {Assignment} assignment
 */
function moveSingles(indices, poorest, owner, assignment) {
  let hasMoved = true;
  while (hasMoved) {
    hasMoved = false;
    for (const index of indices) {
      const from = /** @type {string} */ (owner.get(index));
      const to = poorest(index);
      if (sizeIn(assignment, from) <= sizeIn(assignment, to) + 1) continue;
      const held = /** @type {number[]} */ (assignment.get(from));
      held.splice(held.indexOf(index), 1);
      assignment.get(to)?.push(index);
      owner.set(index, to);
      hasMoved = true;
    }
  }
}

/** @param {Assignment} assignment @returns {number} how uneven it is: the differences of all pairs of members, summed */
function score(assignment) {
  const sizes = [...assignment.values()].map((held) => held.length);
  return sizes.reduce((sum, size, i) => sum + sizes.slice(i + 1).reduce((rest, other) => rest + Math.abs(size - other), 0), 0);
}

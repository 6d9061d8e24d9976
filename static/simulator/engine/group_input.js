/**
 * What a consumer group's run is given: who may come and go, and which record lies on which partition.
 */
import { partitionForKey } from "./murmur2.js";
import { pick } from "./random.js";

/** The most members that a group has at any time. */
export const MAX_MEMBERS = 32;
const MAX_INTERVENTIONS = 1_000;
const STICKY_RECORDS = 16;

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

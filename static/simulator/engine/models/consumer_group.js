/**
 * Consumer group: members share the partitions of some topics, read in turn, commit now and then, come, go and crash.
 * Follows ConsumerCoordinator and the assignors of Apache Kafka's clients (4.0), classic protocol.
 */
import { PARAMS, byMember, listGenerations, listPartitions, possibleInterventions, routeRecords } from "../generations.js";
import { groupScene, lagOf, nameOf, ownerOf } from "../group_scene.js";

const REBALANCE = 0;
const APPEND = 1;
const READ = 2;
const COMMIT = 3;
const INTERVENE = 4;
/** An action is its kind and, above these bits, the member's place among all names. */
const KIND_BITS = 3;
/** @type {any[]} */
const NOTHING = [];

/** @type {readonly import("../params.js").Param[]} */
const MEMBER = [{ name: "member", type: "string", label: { engineer: "member", manager: "colleague" } }];

/**
 * Without a log, the run is one step per change of the group and per generation. With one, every member reads one record
 * after every `recordsPerRead` appended ones; the types of the records take the topics in turn, and keys their partitions by
 * murmur2.
 *
 * Result: `{ assignment: {member: {topic: [partition…]}}, generations: [{members, assignment, revoked: {member: {…}}, paused:
 * [member…]}], idle: [member…] }`; with a log also `positions: [{topic, partition, owner, committed, end, lag}]`. An eager
 * generation revokes all that was held; a cooperative one only what moves, which has no owner until the next. `committed` is
 * the offset to read next; `lag` counts from the owner's position, without an owner from the committed offset.
 *
 * @type {import("../run.js").Model}
 */
export const model = {
  id: "consumer_group",
  title: "Consumer group",
  log: "optional",
  params: PARAMS,
  interventions: [
    { kind: "join", label: { engineer: "a member joins", manager: "a colleague joins" }, params: MEMBER },
    { kind: "leave", label: { engineer: "a member leaves", manager: "a colleague leaves" }, params: MEMBER },
    { kind: "crash", label: { engineer: "a member crashes", manager: "a colleague drops out" }, params: MEMBER },
  ],

  prepare(input) {
    const interventions = possibleInterventions(input);
    const partitions = listPartitions(input.params.topics);
    const names = [...new Set([...input.params.members, ...interventions.map(({ member }) => member)])].sort();
    const generations = listGenerations(input.params, interventions, partitions);
    const group = { partitions, names, generations, routes: routeRecords(input, partitions), lists: partitions.map(() => []) };
    return /** @type {any} */ ({ ...input, interventions, group });
  },

  plan(input) {
    const state = model.start(input);
    /** @type {number[]} */
    const codes = [];
    /** @type {number[]} */
    const counts = [];
    for (let next = chooseNext(state); next >= 0; next = chooseNext(state)) {
      take(state, next, true);
      codes.push(next);
      counts.push(state.appended);
    }
    return { length: codes.length, action: (i) => ({ code: codes[i], time: counts[i] > 0 ? input.log[counts[i] - 1].time : undefined }) };
  },

  start(input) {
    const { partitions, names } = /** @type {any} */ (input).group;
    return {
      input,
      generation: 0,
      intervened: 0,
      appended: 0,
      turn: -1,
      ends: new Int32Array(partitions.length),
      position: new Int32Array(partitions.length),
      committed: new Int32Array(partitions.length).fill(-1),
      furthest: new Int32Array(partitions.length),
      pending: new Int32Array(names.length),
      place: new Int16Array(names.length),
      absent: "",
      redelivered: 0,
      skipped: 0,
      last: { kind: -1, partition: -1, offset: -1, member: "" },
    };
  },

  step(state, action, quiet) {
    return take(state, action.code, quiet);
  },

  copy: (state) => ({
    ...state,
    ends: state.ends.slice(),
    position: state.position.slice(),
    committed: state.committed.slice(),
    furthest: state.furthest.slice(),
    pending: state.pending.slice(),
    place: state.place.slice(),
  }),

  scene: groupScene,

  result(state) {
    const { partitions, generations } = state.input.group;
    const reached = generations.slice(0, state.generation);
    const current = reached.at(-1);
    const result = {
      assignment: current ? byMember(current.assignment, partitions) : {},
      generations: reached.map((/** @type {any} */ each) => ({
        members: [...each.members],
        assignment: byMember(each.assignment, partitions),
        revoked: byMember(each.revoked, partitions),
        paused: [...each.paused],
      })),
      idle: current ? current.members.filter((/** @type {string} */ member) => current.assignment.get(member).length === 0) : [],
    };
    return state.input.log.length === 0 ? result : { ...result, positions: positionsOf(state) };
  },

  checks(state) {
    const { partitions, generations } = state.input.group;
    const current = generations[state.generation - 1];
    const held = current ? [...current.assignment.values()] : [];
    const owners = new Int32Array(partitions.length);
    for (const index of held.flat()) owners[index]++;
    const sizes = held.map((/** @type {number[]} */ list) => list.length);
    const spread = sizes.length > 0 ? Math.max(...sizes) - Math.min(...sizes) : 0;
    const unowned = owners.filter((count) => count === 0).length;
    const behind = partitions.every((/** @type {any} */ _, /** @type {number} */ i) => state.committed[i] <= state.position[i] && state.position[i] <= state.ends[i]);
    return [
      { id: "one-owner", holds: owners.every((count) => count <= 1), detail: `${partitions.length - unowned} of ${partitions.length} partitions have an owner` },
      { id: "all-owned", holds: unowned === 0, detail: `${unowned} partitions without an owner` },
      { id: "even-shares", holds: spread <= 1, detail: `the largest and the smallest share differ by ${spread}` },
      { id: "commits-behind", holds: behind, detail: "committed ≤ position ≤ end on every partition" },
      { id: "none-skipped", holds: state.skipped === 0, detail: `${state.skipped} records never read` },
      { id: "read-once", holds: state.redelivered === 0, detail: `${state.redelivered} records read again` },
    ];
  },
};

/** @param {any} state @returns {number} what happens next, or −1 at the end */
function chooseNext(state) {
  const { input, generation, intervened, appended } = state;
  const due = input.group.generations[generation];
  if (due && due.cause < intervened) return REBALANCE;
  if (state.turn >= 0) {
    const next = nextReader(state, state.turn);
    if (next >= 0) return next;
  }
  if (intervened < input.interventions.length && input.interventions[intervened].at <= appended) return INTERVENE;
  if (appended < input.log.length) return APPEND;
  if (!input.params.catchUp) return -1;
  const next = nextReader(state, 0);
  return next >= 0 ? next : lastCommit(state);
}

/** @param {any} state @returns {string[]} */
const membersOf = (state) => state.input.group.generations[state.generation - 1].members;

/** @param {any} state @param {string} member @returns {number[]} */
const heldBy = (state, member) => state.input.group.generations[state.generation - 1].assignment.get(member);

/** @param {any} state @param {number} from a place among the members @returns {number} the next commit or read, or −1 */
function nextReader(state, from) {
  const members = membersOf(state);
  const { commitEvery } = state.input.params;
  for (let i = from; i < members.length; i++) {
    const name = state.input.group.names.indexOf(members[i]);
    if (commitEvery > 0 && state.pending[name] >= commitEvery) return COMMIT | (name << KIND_BITS);
    if (heldBy(state, members[i]).some((index) => state.position[index] < state.ends[index])) return READ | (name << KIND_BITS);
  }
  return -1;
}

/** @param {any} state @returns {number} a commit of what was read since the last one, or −1 */
function lastCommit(state) {
  if (state.input.params.commitEvery === 0) return -1;
  const member = membersOf(state).find((each) => heldBy(state, each).some((index) => Math.max(0, state.committed[index]) < state.position[index]));
  return member === undefined ? -1 : COMMIT | (state.input.group.names.indexOf(member) << KIND_BITS);
}

/** @param {any} state @param {number} code @param {boolean} quiet @returns {import("../run.js").Fact[]} */
function take(state, code, quiet) {
  const kind = code & ((1 << KIND_BITS) - 1);
  const member = state.input.group.names[code >> KIND_BITS];
  state.last = { kind, partition: -1, offset: -1, member: kind === READ || kind === COMMIT ? member : "" };
  if (kind === APPEND) return append(state, quiet);
  if (kind === READ) return read(state, member, code >> KIND_BITS, quiet);
  if (kind === COMMIT) {
    const records = commit(state, member, heldBy(state, member));
    return quiet ? [] : [committedFact(state, member, heldBy(state, member), records)];
  }
  state.turn = -1;
  return kind === INTERVENE ? intervene(state) : rebalance(state, quiet);
}

/** @param {any} state @param {boolean} quiet */
function append(state, quiet) {
  const { input } = state;
  const record = input.log[state.appended];
  const index = input.group.routes[state.appended];
  const turns = (state.appended + 1) % input.params.recordsPerRead === 0;
  state.turn = turns ? 0 : -1;
  state.appended++;
  if (index < 0) return [];
  const offset = state.ends[index]++;
  input.group.lists[index][offset] = state.appended - 1;
  state.last.partition = index;
  state.last.offset = offset;
  if (quiet) return [];
  const { topic, partition } = input.group.partitions[index];
  const owner = ownerOf(state, index);
  return [{ code: "record.arrived", refs: refsOf(state, index, offset), data: { key: record.key, type: record.type, topic, partition, offset, owner, lag: lagOf(state, index) } }];
}

/** @param {any} state @param {string} member @param {number} name @param {boolean} quiet */
function read(state, member, name, quiet) {
  const held = heldBy(state, member);
  let place = state.place[name] % held.length;
  while (state.position[held[place]] >= state.ends[held[place]]) place = (place + 1) % held.length;
  const index = held[place];
  state.place[name] = place + 1;
  state.turn = membersOf(state).indexOf(member) + 1;
  const offset = state.position[index]++;
  const isAgain = offset < state.furthest[index];
  if (isAgain) state.redelivered++;
  else state.furthest[index] = offset + 1;
  state.pending[name]++;
  state.last.partition = index;
  state.last.offset = offset;
  if (quiet) return [];
  const { topic, partition } = state.input.group.partitions[index];
  const record = state.input.log[state.input.group.lists[index][offset]];
  const data = { member, key: record.key, type: record.type, topic, partition, offset, lag: lagOf(state, index), committed: Math.max(0, state.committed[index]) };
  return [{ code: isAgain ? "record.redelivered" : "record.consumed", refs: [`member:${member}`, ...refsOf(state, index, offset)], data }];
}

/** @param {any} state @param {string} member @param {readonly number[]} held @returns {number} how many records need not be read again now */
function commit(state, member, held) {
  let records = 0;
  for (const index of held) {
    records += state.position[index] - Math.max(0, state.committed[index]);
    state.committed[index] = state.position[index];
  }
  state.pending[state.input.group.names.indexOf(member)] = 0;
  return records;
}

/** @param {any} state @param {string} member @param {readonly number[]} held @param {number} records */
function committedFact(state, member, held, records) {
  return { code: "offsets.committed", refs: refsTo(state, member, held), data: { member, partitions: held.length, records } };
}

/** @param {any} state @param {string} member @param {readonly number[]} held @returns {string[]} */
function refsTo(state, member, held) {
  return [`member:${member}`, ...held.map((index) => `partition:${nameOf(state, index)}`)];
}

/** @param {any} state */
function intervene(state) {
  const { kind, member } = state.input.interventions[state.intervened++];
  state.last.member = member;
  const refs = [`member:${member}`];
  if (kind === "join") return [{ code: "member.joined", refs, data: { member, members: membersOf(state).length + 1 } }];
  const held = heldBy(state, member);
  state.absent = member;
  const commits = kind === "leave" && state.input.params.commitEvery > 0 && held.length > 0;
  const facts = commits ? [committedFact(state, member, held, commit(state, member, held))] : [];
  const uncommitted = held.reduce((sum, index) => sum + state.position[index] - Math.max(0, state.committed[index]), 0);
  state.pending[state.input.group.names.indexOf(member)] = 0;
  return [{ code: kind === "leave" ? "member.left" : "member.crashed", refs, data: { member, uncommitted, partitions: held.length } }, ...facts];
}

/** @param {any} state @param {boolean} quiet */
function rebalance(state, quiet) {
  const { commitEvery, assignor } = state.input.params;
  const before = state.input.group.generations[state.generation - 1];
  const next = state.input.group.generations[state.generation];
  if (commitEvery > 0 && before) for (const [member, held] of before.assignment) if (member !== state.absent) commit(state, member, held);
  const leaver = state.absent;
  state.generation++;
  state.absent = "";
  const skips = [];
  for (const [member, held] of next.assignment) {
    const had = assignor === "cooperative-sticky" ? (before?.assignment.get(member) ?? []) : [];
    for (const index of held) if (!had.includes(index)) skips.push(...fetchFrom(state, index, member));
  }
  return quiet ? [] : [...tellRebalance(state, before, next, leaver), ...skips];
}

/**
 * @param {any} state
 * @param {any} before the generation that ended, if any
 * @param {any} next
 * @param {string} leaver who is not there any more to give anything up
 */
function tellRebalance(state, before, next, leaver) {
  const { partitions } = state.input.group;
  /** @param {readonly number[]} held */
  const names = (held) => held.map((index) => nameOf(state, index));
  const facts = [];
  for (const [member, held] of next.revoked) {
    if (member !== leaver) facts.push({ code: "partitions.revoked", refs: refsTo(state, member, held), data: { member, names: names(held) } });
  }
  let moved = 0;
  let owned = 0;
  for (const [member, held] of next.assignment) {
    const had = before?.assignment.get(member) ?? [];
    const gained = held.filter((/** @type {number} */ index) => !had.includes(index));
    moved += gained.length;
    owned += held.length;
    if (gained.length > 0) facts.push({ code: "partitions.assigned", refs: refsTo(state, member, gained), data: { member, names: names(gained), total: held.length } });
    if (held.length > 0) continue;
    const isHandOver = next.revoked.size > 0 && next.paused.length === 0;
    facts.push({ code: "member.idled", refs: [`member:${member}`], data: { member, members: next.members.length, partitions: partitions.length, isHandOver } });
  }
  const cause = next.cause < 0 ? { kind: "start", member: null } : state.input.interventions[next.cause];
  const data = {
    generation: state.generation,
    cause: next.isHandOver ? "hand-over" : cause.kind,
    member: cause.member,
    members: next.members.length,
    partitions: partitions.length,
    moved,
    paused: next.paused.length,
    withheld: partitions.length - owned,
    assignor: state.input.params.assignor,
  };
  return [{ code: "group.rebalanced", refs: next.members.map((/** @type {string} */ member) => `member:${member}`), data }, ...facts];
}

/** @param {any} state @param {number} index @param {string} member @returns {any[]} a new owner starts at the committed offset; without one, the reset rule decides */
function fetchFrom(state, index, member) {
  const committed = state.committed[index];
  if (committed >= 0 || state.input.params.autoOffsetReset === "earliest") {
    state.position[index] = Math.max(0, committed);
    return NOTHING;
  }
  const lost = state.ends[index] - state.furthest[index];
  state.position[index] = state.ends[index];
  state.furthest[index] = state.ends[index];
  state.skipped += lost;
  if (lost === 0) return NOTHING;
  const { topic, partition } = state.input.group.partitions[index];
  return [{ code: "records.skipped", refs: refsTo(state, member, [index]), data: { member, topic, partition, lost, position: state.ends[index] } }];
}

/** @param {any} state @param {number} index @param {number} offset */
function refsOf(state, index, offset) {
  const record = state.input.log[state.input.group.lists[index][offset]];
  return [`partition:${nameOf(state, index)}`, `record:${record.offset}`, ...(record.key === null ? [] : [`key:${record.key}`])];
}

/** @param {any} state */
function positionsOf(state) {
  return state.input.group.partitions.map((/** @type {any} */ { topic, partition }, /** @type {number} */ index) => ({
    topic,
    partition,
    owner: ownerOf(state, index),
    committed: Math.max(0, state.committed[index]),
    end: state.ends[index],
    lag: lagOf(state, index),
  }));
}

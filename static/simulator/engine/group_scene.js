/**
 * What a consumer group looks like: partitions as lanes with the places that were read and committed, and who owns what.
 */
import { head, window } from "./records.js";

const MAX_LANES = 24;
const MAX_TICKETS = 36;
const MAX_ROWS = 16;
const REBALANCE = 0;

/** @param {any} state @returns {any} the current generation, or undefined before the first */
const generationOf = (state) => state.input.group.generations[state.generation - 1];

/** @param {any} state @param {number} index @returns {string} as in Kafka's logs: topic-partition */
export function nameOf(state, index) {
  const { topic, partition } = state.input.group.partitions[index];
  return `${topic}-${partition}`;
}

/** @param {any} state @param {number} index @returns {string | null} */
export function ownerOf(state, index) {
  const current = generationOf(state);
  const owner = current?.members.find((/** @type {string} */ member) => current.assignment.get(member).includes(index));
  return owner === undefined || owner === state.absent ? null : owner;
}

/** @param {any} state @param {number} index @returns {number} records that still have to be read */
export function lagOf(state, index) {
  const next = ownerOf(state, index) === null ? Math.max(0, state.committed[index]) : state.position[index];
  return state.ends[index] - next;
}

/** @param {any} state */
export function groupScene(state) {
  const indices = state.input.group.partitions.map((/** @type {any} */ _, /** @type {number} */ index) => index);
  const hasLog = state.input.log.length > 0;
  const blocks = [lanes(state, indices, hasLog), members(state, hasLog)];
  return { blocks: hasLog ? [...blocks, lagMeter(state, indices), positions(state, indices)] : blocks };
}

/** @param {any} state @param {number[]} indices @param {boolean} hasLog */
function lanes(state, indices, hasLog) {
  const { items, before, after } = window(indices, Math.max(0, state.last.partition), MAX_LANES);
  const size = Math.max(4, Math.min(16, Math.floor(MAX_TICKETS / Math.max(1, items.length))));
  const hidden = before + after;
  return {
    kind: "lanes",
    id: "partitions",
    title: hidden > 0 ? { engineer: `Partitions (${hidden} more are not drawn)`, manager: `Lanes (${hidden} more are not drawn)` } : { engineer: "Partitions", manager: "Lanes" },
    lanes: items.map((index) => lane(state, index, hasLog ? size : 0)),
  };
}

/** @param {any} state @param {number} index @param {number} size */
function lane(state, index, size) {
  const owner = ownerOf(state, index);
  const { lists } = state.input.group;
  const { position, committed, ends } = state;
  const { items, before, after } = window(head(lists[index], ends[index]), state.last.partition === index ? state.last.offset : position[index], size);
  const markers = size === 0 ? [] : [{ id: "committed", label: { engineer: "committed", manager: "noted" }, offset: Math.max(0, committed[index]) }];
  if (size > 0 && owner !== null) {
    markers.push({ id: "position", label: { engineer: `${owner} reads`, manager: `${owner} reads` }, offset: position[index], .../** @type {any} */ ({ ref: `member:${owner}` }) });
  }
  return {
    id: nameOf(state, index),
    ref: `partition:${nameOf(state, index)}`,
    label: nameOf(state, index),
    note: owner === null ? { engineer: "no owner", manager: "nobody's" } : { engineer: `owned by ${owner}`, manager: `${owner}'s` },
    state: laneState(state, index, owner),
    tickets: items.map((record, i) => ticket(state, index, record, before + i)),
    before,
    after,
    markers,
  };
}

/** @param {any} state @param {number} index @param {string | null} owner @returns {string} */
function laneState(state, index, owner) {
  if (owner === null) return "owner-less";
  if (state.last.kind === REBALANCE && generationOf(state).paused.includes(owner)) return "stopped";
  return state.last.partition === index ? "active" : "idle";
}

/** @param {any} state @param {number} index @param {number} record @param {number} offset */
function ticket(state, index, record, offset) {
  const { key, type, offset: ref } = state.input.log[record];
  const isRead = offset < state.furthest[index];
  const marks = [isRead ? "read" : "waiting"];
  if (isRead && offset >= restartOf(state, index)) marks.push("duplicate");
  if (index === state.last.partition && offset === state.last.offset) marks.push("focus");
  return { ref: `record:${ref}`, offset, key, type, marks };
}

/** @param {any} state @param {number} index @returns {number} from here on, what was read will be read again */
function restartOf(state, index) {
  return ownerOf(state, index) === null ? Math.max(0, state.committed[index]) : state.position[index];
}

/** @param {any} state @param {boolean} hasLog */
function members(state, hasLog) {
  const current = generationOf(state);
  const rows = (current?.members ?? [])
    .filter((/** @type {string} */ member) => member !== state.absent)
    .map((/** @type {string} */ member) => {
      const held = current.assignment.get(member);
      const lag = held.reduce((/** @type {number} */ sum, /** @type {number} */ index) => sum + lagOf(state, index), 0);
      const names = held.map((/** @type {number} */ index) => nameOf(state, index)).join(", ");
      return { ref: `member:${member}`, cells: [member, names || "—", held.length, ...(hasLog ? [lag] : [])], marks: member === state.last.member ? ["focus"] : [] };
    });
  const { items, before, after } = window(rows, 0, MAX_ROWS);
  const columns = [
    { id: "member", label: { engineer: "member", manager: "colleague" } },
    { id: "partitions", label: { engineer: "owns", manager: "responsible for" } },
    { id: "count", label: { engineer: "partitions", manager: "lanes" }, numeric: true },
  ];
  if (hasLog) columns.push({ id: "lag", label: { engineer: "lag", manager: "backlog" }, numeric: true });
  return { kind: "table", id: "members", title: { engineer: "Members of the group", manager: "The team" }, columns, rows: items, before, after };
}

/** @param {any} state @param {number[]} indices */
function lagMeter(state, indices) {
  const lag = indices.reduce((sum, index) => sum + lagOf(state, index), 0);
  return {
    kind: "meter",
    id: "lag",
    title: { engineer: "Lag of the group", manager: "Backlog of the team" },
    value: lag,
    max: Math.max(1, state.input.log.length),
    unit: "records",
    text: { engineer: `${lag} of ${state.appended} records wait; ${state.redelivered} were read twice`, manager: `${lag} of ${state.appended} entries wait; ${state.redelivered} were handled twice` },
  };
}

/** @param {any} state @param {number[]} indices */
function positions(state, indices) {
  const { items, before, after } = window(indices, Math.max(0, state.last.partition), MAX_ROWS);
  return {
    kind: "table",
    id: "positions",
    title: { engineer: "Offsets", manager: "How far everybody is" },
    columns: [
      { id: "partition", label: { engineer: "partition", manager: "lane" } },
      { id: "owner", label: { engineer: "owner", manager: "responsible" } },
      { id: "committed", label: { engineer: "committed", manager: "noted" }, numeric: true },
      { id: "position", label: { engineer: "position", manager: "handled" }, numeric: true },
      { id: "end", label: { engineer: "end", manager: "entries" }, numeric: true },
      { id: "lag", label: { engineer: "lag", manager: "waiting" }, numeric: true },
    ],
    rows: items.map((index) => ({
      ref: `partition:${nameOf(state, index)}`,
      cells: [nameOf(state, index), ownerOf(state, index) ?? "—", Math.max(0, state.committed[index]), state.position[index], state.ends[index], lagOf(state, index)],
      marks: index === state.last.partition ? ["focus"] : [],
    })),
    before,
    after,
  };
}

/**
 * The scene of a step: one function for each kind of block. Lanes are lists, tables are tables, sequences are lists of
 * sentences drawn as arrows, so that what is drawn is also what a screen reader reads.
 */
import { el, flash, keyed, mark, plain, say, speak, tween } from "./dom.js";

/** A lane is much to draw, and nobody reads more of them at once. */
export const LANES = 12;

/** Keys of more characters than this may take more than two lines, and are cut there. */
const LONG = 14;

/** Marks that only style says to the eye; their word is there for the ear. */
const QUIET_MARKS = ["gone", "new", "focus", "moved", "read"];

/** @param {number} count @param {string} where */
const others = (count, where) => `${count.toLocaleString("en-GB")} ${where}`;

/** @param {any} value */
const cellText = (value) => (value === null || value === undefined ? "–" : typeof value === "object" ? plain(value) : String(value));

/**
 * A view of scenes in two columns: what tells the story on the left, tables and figures beside it.
 * @param {any} stage what holds both columns
 * @param {any} wide
 * @param {any} narrow
 * @returns {(frame: any, isNear: boolean, isNext: boolean) => void} draws a frame; where it is near the one before, cells
 *   that changed flash; where it is also of the same run, things glide from where they were
 */
export function sceneView(stage, wide, narrow) {
  return (frame, isNear, isNext) => {
    const lit = new Set(frame.facts.flatMap((/** @type {any} */ fact) => fact.refs));
    const blocks = frame.scene.blocks;
    /** @type {any[]} */
    const changed = [];
    const isWide = (/** @type {any} */ block) => block.kind === "lanes" || block.kind === "sequence" || block.columns?.length > 3;
    const draw = (/** @type {any} */ column, /** @type {any[]} */ list) =>
      keyed(column, list, (block) => `${block.kind}:${block.id}`, (block) => BLOCKS[block.kind].create(block), (node, block) => {
        BLOCKS[block.kind].update(node, block, { lit, changed });
      }, (block) => block.kind);
    const beside = blocks.filter((/** @type {any} */ block) => !isWide(block));
    stage.classList.toggle("is-single", beside.length === 0);
    tween(stage, isNext, () => {
      draw(wide, blocks.filter(isWide));
      draw(narrow, beside);
    });
    if (isNear) flash(changed);
  };
}

/** @typedef {{ lit: Set<string>, changed: any[] }} Light what the step names, and where cells that it changed are noted */
/** @type {Record<string, { create: (block: any) => any, update: (node: any, block: any, light: Light) => void }>} */
const BLOCKS = {
  lanes: { create: createLanes, update: updateLanes },
  table: { create: createTable, update: updateTable },
  sequence: { create: createSequence, update: updateSequence },
  meter: { create: createMeter, update: updateMeter },
  notice: { create: (block) => el("p", { class: `${block.kind}-block` }), update: updateNotice },
};

/** @param {any} node @param {string | undefined} ref @param {Set<string>} lit @param {string} [classes] all that it has beside `lit` */
function light(node, ref, lit, classes) {
  if (ref) mark(node, "data-ref", ref);
  const isLit = ref !== undefined && lit.has(ref);
  if (classes === undefined) node.classList.toggle("lit", isLit);
  // A class that goes and comes back costs a new style all the same.
  else mark(node, "class", isLit ? `${classes} lit` : classes);
  mark(node, "aria-current", isLit ? "step" : null);
}

/** @param {string} name @param {readonly string[]} marks */
const classesOf = (name, marks = []) => [name, "moves", ...marks.map((each) => `is-${each}`)].join(" ");

/** @param {any} block @param {any[]} parts */
function section(block, ...parts) {
  const title = el("h3", { class: "block-title" });
  return Object.assign(el("section", { class: `${block.kind}-block` }, title, ...parts), { heading: title });
}

// --- lanes

/** @param {any} block */
function createLanes(block) {
  const lanes = el("div", { class: "lane-list" });
  const range = el("span");
  const turn = (/** @type {number} */ by) => () => showLanes(node, node.from + by);
  const [earlier, later] = [el("button", { type: "button", onclick: turn(-LANES) }, "Earlier"), el("button", { type: "button", onclick: turn(LANES) }, "Later")];
  const pager = el("div", { class: "lane-pager" }, range, earlier, later);
  const node = Object.assign(section(block, lanes, pager), { lanes, pager, range, earlier, later, from: 0, block, lit: new Set() });
  return node;
}

/** @param {any} node @param {any} block @param {Light} shine */
function updateLanes(node, block, { lit }) {
  titled(node, block.title);
  Object.assign(node, { block, lit });
  // Of many lanes those are shown among which something happens; a reader may turn to the others.
  const isLit = (/** @type {any} */ { ref }) => lit.has(ref);
  const at = block.lanes.findIndex((/** @type {any} */ lane) => isLit(lane) || lane.tickets.some(isLit));
  const isSeen = at < 0 || (at >= node.from && at < node.from + LANES);
  showLanes(node, isSeen ? node.from : at - (at % LANES));
}

/** @param {any} node @param {number} from the first lane that is shown */
function showLanes(node, from) {
  const { lanes } = node.block;
  node.from = Math.max(0, Math.min(from, lanes.length - LANES));
  const shown = lanes.slice(node.from, node.from + LANES);
  keyed(node.lanes, shown, (/** @type {any} */ lane) => lane.id, createLane, (row, lane) => updateLane(row, lane, node.lit));
  const left = lanes.length - shown.length;
  node.pager.hidden = left === 0;
  if (left === 0) return;
  const [first, last] = [shown[0].label, shown[shown.length - 1].label];
  const range = (/** @type {"engineer" | "manager"} */ voice) => `${first[voice] ?? first} to ${last[voice] ?? last}, and ${left} more`;
  speak(node.range, { engineer: range("engineer"), manager: range("manager") });
  node.earlier.disabled = node.from === 0;
  node.later.disabled = node.from + LANES >= lanes.length;
}

/** @param {any} node @param {any} words */
function titled(node, words) {
  node.heading.hidden = !words;
  speak(node.heading, words ?? "");
}

function createLane() {
  const [label, note, state, list] = [el("b"), el("span"), el("span", { class: "state" }), el("ol", { class: "tickets" })];
  return Object.assign(el("div", { class: "lane" }, el("p", { class: "lane-name" }, label, " ", note, " ", state), list), { label, note, state, list });
}

/** @param {any} row @param {any} lane @param {Set<string>} lit */
function updateLane(row, lane, lit) {
  light(row, lane.ref, lit);
  speak(row.label, lane.label);
  speak(row.note, lane.note ?? "");
  speak(row.state, lane.state ?? "");
  mark(row, "data-state", typeof lane.state === "string" ? lane.state : null);
  mark(row.list, "aria-label", plain(lane.label));
  keyed(row.list, laneItems(lane), (item) => item.name, (item) => CREATE[item.as](), (node, item) => UPDATE[item.as](node, item, lit), (item) => item.as);
}

/**
 * The tickets of a lane with the markers where they stand, and what lies outside the window.
 * @param {any} lane
 * @returns {{ as: "more" | "marker" | "ticket", name: string, of: any }[]}
 */
export function laneItems(lane) {
  const markers = [...(lane.markers ?? [])].sort((a, b) => a.offset - b.offset);
  /** @type {any[]} */
  const items = [];
  if (lane.before) items.push({ as: "more", name: "before", of: others(lane.before, "before") });
  const place = (/** @type {number} */ offset) => {
    while (markers.length > 0 && markers[0].offset <= offset) {
      const marker = markers.shift();
      items.push({ as: "marker", name: `marker:${marker.id}`, of: marker });
    }
  };
  for (const [index, ticket] of lane.tickets.entries()) {
    if (index > 0 || !lane.before) place(ticket.offset);
    else while (markers.length > 0 && markers[0].offset < ticket.offset) markers.shift();
    items.push({ as: "ticket", name: ticket.ref, of: ticket });
  }
  if (lane.after) items.push({ as: "more", name: "after", of: others(lane.after, "after") });
  else place(Infinity);
  if (items.length === 0) items.push({ as: "more", name: "empty", of: "empty" });
  return items;
}

const CREATE = {
  more: () => el("li", { class: "more" }),
  marker: () => el("li", { class: "marker moves" }),
  ticket: () => {
    const [offset, key, type, note] = [el("i"), el("b"), el("span"), el("small")];
    return Object.assign(el("li", { class: "ticket moves" }, offset, key, type, note), { parts: { offset, key, type, note } });
  },
};

/** @type {Record<string, (node: any, item: any, lit: Set<string>) => void>} */
const UPDATE = {
  more: (node, { of }) => say(node, of),
  marker: (node, { of }, lit) => {
    light(node, of.ref ?? `marker:${of.id}`, lit);
    speak(node, of.label);
  },
  ticket: (node, { of }, lit) => {
    const marks = of.marks ?? [];
    const { offset, key, type, note } = node.parts;
    light(node, of.ref, lit, classesOf("ticket", marks));
    say(offset, of.offset === null || of.offset === undefined ? "" : String(of.offset));
    say(key, of.key ?? "no key");
    mark(key, "class", of.key === null ? "unkeyed" : of.key.length > LONG ? "long" : null);
    say(type, of.type ?? "");
    const aloud = marks.filter((/** @type {string} */ name) => !QUIET_MARKS.includes(name)).join(", ");
    const hushed = marks.filter((/** @type {string} */ name) => QUIET_MARKS.includes(name)).join(", ");
    speak(note, of.note ?? aloud);
    mark(node, "title", [of.key ?? "no key", of.type, ...marks].join(" · "));
    if (hushed && !node.hushed) node.append((node.hushed = el("span", { class: "unseen" })));
    if (node.hushed) say(node.hushed, hushed);
  },
};

// --- tables

/** @param {any} block */
function createTable(block) {
  const [head, body, more] = [el("tr"), el("tbody"), el("p", { class: "more" })];
  const caption = el("caption");
  const table = el("table", null, caption, el("thead", null, head), body);
  return Object.assign(el("div", { class: `${block.kind}-block` }, table, more), { heading: caption, head, body, more });
}

/** @param {any} node @param {any} block @param {Light} shine */
function updateTable(node, block, { lit, changed }) {
  titled(node, block.title);
  keyed(node.head, block.columns, (column) => column.id, () => el("th", { scope: "col" }), (cell, column) => {
    cell.classList.toggle("number", Boolean(column.numeric));
    speak(cell, column.label);
  });
  const fresh = !node.drawn;
  node.drawn = true;
  keyed(node.body, block.rows, (row, i) => row.ref ?? String(i), () => el("tr", { class: "row moves" }), (line, row) => {
    light(line, row.ref, lit, classesOf("row", row.marks));
    keyed(line, row.cells, (_, i) => String(i), () => el("td"), (cell, value, i) => {
      const text = cellText(value);
      cell.classList.toggle("number", Boolean(block.columns[i]?.numeric));
      if (cell.textContent === text) return;
      cell.textContent = text;
      if (!fresh) changed.push(cell);
    });
  });
  say(node.more, [block.before ? others(block.before, "more above") : "", block.after ? others(block.after, "more below") : "", block.rows.length ? "" : "Nothing yet."].filter(Boolean).join(" · "));
}

// --- sequences

/** @param {any} block */
function createSequence(block) {
  const [actors, list] = [el("ul", { class: "actors" }), el("ol", { class: "messages" })];
  return Object.assign(section(block, actors, list), { actors, list });
}

/** @param {any} node @param {any} block @param {Light} shine */
function updateSequence(node, block, { lit }) {
  titled(node, block.title);
  node.style.setProperty("--actors", String(block.actors.length));
  keyed(node.actors, block.actors, (actor) => actor.id, () => el("li", { class: "actor" }), (item, actor) => {
    light(item, actor.ref, lit);
    speak(item, actor.label);
  });
  const column = new Map(block.actors.map((/** @type {any} */ actor, /** @type {number} */ i) => [actor.id, i]));
  const name = (/** @type {string} */ id) => plain(block.actors[column.get(id) ?? -1]?.label ?? id);
  const lines = [
    ...(block.before ? [{ more: others(block.before, "before") }] : []),
    ...block.messages,
    ...(block.after ? [{ more: others(block.after, "after") }] : []),
  ];
  keyed(node.list, lines, (line, i) => line.more ?? line.ref ?? String(i), (line) => (line.more ? CREATE.more() : createMessage()), (item, line) => {
    if (line.more) return say(item, line.more);
    const [from, to] = [column.get(line.from) ?? 0, column.get(line.to) ?? 0];
    light(item, line.ref, lit);
    mark(item, "data-outcome", line.outcome);
    mark(item, "data-way", from === to ? "self" : from < to ? "right" : "left");
    item.style.setProperty("--from", String(Math.min(from, to) + 1));
    item.style.setProperty("--span", String(Math.abs(to - from) + 1));
    say(item.route, `${name(line.from)} to ${name(line.to)}: `);
    speak(item.label, line.label);
    say(item.outcome, line.outcome);
  }, (line) => (line.more ? "more" : "message"));
}

function createMessage() {
  const [route, label, outcome] = [el("span", { class: "unseen" }), el("span", { class: "words" }), el("span", { class: "outcome" })];
  const arrow = el("span", { class: "arrow" }, route, label, " ", outcome);
  return Object.assign(el("li", { class: "message moves" }, arrow), { route, label, outcome });
}

// --- meters and notices

/** @param {any} block */
function createMeter(block) {
  const [text, bar, tick] = [el("span", { class: "amount" }), el("div", { class: "gauge", role: "meter", "aria-valuemin": "0" }), el("span", { class: "threshold" })];
  return Object.assign(section(block, bar, tick), { text, bar, tick });
}

/** @param {any} node @param {any} block */
function updateMeter(node, block) {
  titled(node, block.title);
  node.heading.after(node.text);
  const share = (/** @type {number} */ value) => `${Math.max(0, Math.min(100, (100 * value) / (block.max || 1)))}%`;
  speak(node.text, block.text ?? `${block.value} of ${block.max}${block.unit ? ` ${plain(block.unit)}` : ""}`);
  mark(node.bar, "aria-valuenow", String(block.value));
  mark(node.bar, "aria-valuemax", String(block.max));
  mark(node.bar, "aria-label", plain(block.title));
  node.style.setProperty("--value", share(block.value));
  node.tick.hidden = !block.threshold;
  if (!block.threshold) return;
  node.style.setProperty("--threshold", share(block.threshold.value));
  node.classList.toggle("over", block.value > block.threshold.value);
  speak(node.tick, block.threshold.label);
}

/** @param {any} node @param {any} block */
function updateNotice(node, block) {
  mark(node, "data-level", block.level);
  speak(node, block.text);
}

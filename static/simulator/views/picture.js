/**
 * A frame as a picture: SVG that stands alone, drawn from the scene's data without a page, so that it looks the same wherever
 * it is shown, and any script can make one.
 */
import { LANES, laneItems } from "./scene.js";

const WIDTH = 960;
const MARGIN = 32;
const INNER = WIDTH - 2 * MARGIN;
/** As many rows of a table as anybody reads in a picture. */
const ROWS = 40;
const SERIF = "Charter, Cambria, Georgia, serif";
const SANS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif";
const MONO = "ui-monospace, 'SF Mono', 'DejaVu Sans Mono', Menlo, monospace";
const INK = { paper: "#fbf8f1", wash: "#f4efe4", rule: "#ddd4c2", strong: "#b9ad95", ink: "#211d18", soft: "#5d564b", engineer: "#2b4c8c", manager: "#9a4a17", good: "#2f6b3a", bad: "#a3262a" };
/** Widths of characters, in parts of the font's size; text is measured so before it is broken. */
const BREADTH = { [SERIF]: 0.5, [SANS]: 0.54, [MONO]: 0.61 };
const BAD = ["refused", "lost"];
const TICKET = { width: 82, height: 50, gap: 6 };

/** @param {any} text @returns {string} */
const escape = (text) => String(text).replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] ?? sign).replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "");

/** @param {string} text @param {number} most @returns {string} */
const cut = (text, most) => (text.length > most ? `${text.slice(0, Math.max(1, most - 1))}…` : text);

/** @param {string} text @param {number} room @param {number} size @param {string} font @returns {string[]} lines that fit */
function broken(text, room, size, font) {
  const most = Math.max(8, Math.floor(room / (size * BREADTH[font])));
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(/\s+/).map((each) => cut(each, most))) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/**
 * @param {{ title: string, sentence: any, caption?: any, note: string, address: string, frame: any, shown: "engineer" | "manager" | "both" }} told
 *   texts are one text or `{ engineer, manager }`; `note` says of which log and step it is, `address` where it lives
 * @returns {string} an SVG document
 */
export function picture({ title, sentence, caption, note, address, frame, shown }) {
  const sheet = new Sheet(shown, new Set(frame.facts.flatMap((/** @type {any} */ fact) => fact.refs)));
  sheet.lines(title, { size: 24, font: SERIF, space: 30 });
  sheet.voices(sentence, 17);
  if (caption) sheet.voices(caption, 14);
  sheet.rule();
  for (const block of frame.scene.blocks) DRAW[block.kind](sheet, block);
  sheet.rule();
  sheet.lines(note, { size: 12, font: SANS, fill: INK.soft, space: 17 });
  sheet.lines(address, { size: 12, font: MONO, fill: INK.soft, space: 17 });
  return sheet.document(title);
}

/** What is drawn so far, from the top down. */
class Sheet {
  y = MARGIN;
  /** @type {string[]} */
  #drawn = [];

  /** @param {"engineer" | "manager" | "both"} shown @param {Set<string>} lit what the step is about */
  constructor(shown, lit) {
    this.shown = shown;
    this.lit = lit;
  }

  /** @param {any} words @returns {string} in the voice that is shown; in both, one after the other */
  say(words) {
    if (typeof words !== "object" || words === null) return String(words ?? "");
    if (this.shown !== "both") return String(words[this.shown] ?? "");
    return words.engineer === words.manager ? String(words.engineer) : `${words.engineer} / ${words.manager}`;
  }

  /** @param {string} shape */
  add(shape) {
    this.#drawn.push(shape);
  }

  /** @param {string} text @param {number} x @param {number} y @param {any} [look] */
  text(text, x, y, { size = 12, font = SANS, fill = INK.ink, weight = 400, anchor = "start", style = "normal" } = {}) {
    if (text) this.add(`<text x="${x}" y="${y}" font-family="${escape(font)}" font-size="${size}" font-weight="${weight}" font-style="${style}" text-anchor="${anchor}" fill="${fill}">${escape(text)}</text>`);
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height @param {any} [look] */
  box(x, y, width, height, { fill = "none", stroke = INK.rule, strength = 1, dashes = "", opacity = 1 } = {}) {
    this.add(`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="3" fill="${fill}" stroke="${stroke}" stroke-width="${strength}"${dashes ? ` stroke-dasharray="${dashes}"` : ""} opacity="${opacity}"/>`);
  }

  /** @param {string} text @param {{ size: number, font: string, space: number, fill?: string, weight?: number, x?: number }} look */
  lines(text, { size, font, space, fill = INK.ink, weight = 400, x = MARGIN }) {
    for (const line of broken(text, INNER - (x - MARGIN), size, font)) {
      this.y += space;
      this.text(line, x, this.y, { size, font, fill, weight });
    }
  }

  /** A sentence of each voice that is shown, in its ink. @param {any} words @param {number} size */
  voices(words, size) {
    const voices = /** @type {const} */ (["engineer", "manager"]).filter((voice) => this.shown === "both" || this.shown === voice);
    for (const voice of voices) {
      const top = this.y + 8;
      this.lines(String(words[voice] ?? ""), { size, font: SERIF, space: size * 1.4, x: MARGIN + 14 });
      this.add(`<path d="M${MARGIN + 2} ${top}V${this.y + 5}" stroke="${INK[voice]}" stroke-width="3"/>`);
      this.y += 4;
    }
  }

  rule() {
    this.y += 18;
    this.add(`<path d="M${MARGIN} ${this.y}H${WIDTH - MARGIN}" stroke="${INK.rule}"/>`);
  }

  /** @param {any} words */
  heading(words) {
    this.y += 14;
    if (words) this.lines(this.say(words), { size: 13, font: SANS, space: 18, weight: 600 });
    this.y += 6;
  }

  /** @param {string} title */
  document(title) {
    const height = Math.ceil(this.y + MARGIN);
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(title)}"><title>${escape(title)}</title><rect width="100%" height="100%" fill="${INK.paper}"/>${this.#drawn.join("")}</svg>`;
  }
}

/** @type {Record<string, (sheet: Sheet, block: any) => void>} */
const DRAW = { lanes: drawLanes, table: drawTable, sequence: drawSequence, meter: drawMeter, notice: drawNotice };

/** @param {Sheet} sheet @param {any} block */
function drawLanes(sheet, block) {
  sheet.heading(block.title);
  for (const lane of block.lanes.slice(0, LANES)) {
    const name = [sheet.say(lane.label), sheet.say(lane.note), sheet.say(lane.state)].filter(Boolean).join(" · ");
    sheet.lines(name, { size: 12, font: SANS, space: 18, fill: INK.soft });
    sheet.y += 6;
    drawTickets(sheet, lane);
  }
  const left = block.lanes.length - LANES;
  if (left > 0) sheet.lines(`and ${left} more`, { size: 12, font: SANS, space: 18, fill: INK.soft });
}

/** @param {Sheet} sheet @param {any} lane */
function drawTickets(sheet, lane) {
  let x = MARGIN;
  const place = (/** @type {number} */ width) => {
    if (x + width > WIDTH - MARGIN && x > MARGIN) {
      x = MARGIN;
      sheet.y += TICKET.height + TICKET.gap;
    }
    x += width + TICKET.gap;
    return x - width - TICKET.gap;
  };
  const aside = (/** @type {string} */ text, /** @type {string} */ fill = INK.soft) => {
    const told = cut(text, 40);
    sheet.text(told, place(told.length * 6.6), sheet.y + 29, { size: 11, fill });
  };
  for (const { as, of } of laneItems(lane)) {
    if (as === "ticket") drawTicket(sheet, of, place(TICKET.width));
    else if (as === "marker") aside(`▸ ${sheet.say(of.label)}`, sheet.lit.has(of.ref ?? `marker:${of.id}`) ? INK.bad : INK.ink);
    else aside(of);
  }
  sheet.y += TICKET.height + TICKET.gap;
}

/** @param {Sheet} sheet @param {any} ticket @param {number} x */
function drawTicket(sheet, ticket, x) {
  const marks = ticket.marks ?? [];
  const isLit = sheet.lit.has(ticket.ref) || marks.includes("focus");
  const isGone = marks.includes("gone");
  sheet.box(x, sheet.y, TICKET.width, TICKET.height, { fill: isGone ? "none" : "#fff", stroke: isLit ? INK.ink : INK.strong, strength: isLit ? 2 : 1, dashes: isGone ? "3 3" : "" });
  const fill = isGone ? INK.soft : INK.ink;
  sheet.text(ticket.offset === null || ticket.offset === undefined ? "" : String(ticket.offset), x + 6, sheet.y + 14, { size: 10, font: MONO, fill: INK.soft });
  sheet.text(cut(sheet.say(ticket.note) || marks.filter((/** @type {string} */ name) => name !== "new" && name !== "focus").join(" "), 9), x + TICKET.width - 6, sheet.y + 14, { size: 9, anchor: "end", fill: INK.soft });
  sheet.text(cut(ticket.key ?? "no key", 10), x + 6, sheet.y + 29, { size: 11.5, font: MONO, weight: 600, fill, style: ticket.key === null ? "italic" : "normal" });
  sheet.text(cut(ticket.type ?? "", 13), x + 6, sheet.y + 43, { size: 9, font: MONO, fill });
}

/** @param {any} value @returns {string} */
const cell = (value) => (value === null || value === undefined ? "–" : typeof value === "object" ? JSON.stringify(value) : String(value));

/** @param {Sheet} sheet @param {any} block */
function drawTable(sheet, block) {
  sheet.heading(block.title);
  const rows = block.rows.slice(0, ROWS);
  const texts = rows.map((/** @type {any} */ row) => row.cells.map((/** @type {any} */ value) => (value?.engineer !== undefined ? sheet.say(value) : cell(value))));
  const heads = block.columns.map((/** @type {any} */ column) => sheet.say(column.label));
  const wanted = heads.map((/** @type {string} */ head, /** @type {number} */ i) => Math.max(head.length * 7, ...texts.map((/** @type {string[]} */ row) => (row[i] ?? "").length * 7.4)) + 20);
  const sum = wanted.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0);
  const widths = wanted.map((/** @type {number} */ width) => (sum > INNER ? (width * INNER) / sum : width));
  const edges = widths.reduce((/** @type {number[]} */ all, /** @type {number} */ width) => [...all, (all.at(-1) ?? 0) + width], [MARGIN]);
  const line = (/** @type {string[]} */ cells, /** @type {any} */ look, /** @type {number} */ breadth) => {
    sheet.y += 20;
    for (const [i, text] of cells.entries()) {
      const isNumber = block.columns[i]?.numeric;
      const x = isNumber ? edges[i + 1] - 12 : edges[i];
      sheet.text(cut(text, Math.floor((widths[i] - 12) / breadth)), x, sheet.y, { ...look, anchor: isNumber ? "end" : "start" });
    }
  };
  line(heads, { size: 11, fill: INK.soft }, 6);
  for (const [i, row] of rows.entries()) {
    if (sheet.lit.has(row.ref)) sheet.box(MARGIN - 6, sheet.y + 5, Math.min(sum, INNER) + 6, 20, { fill: INK.wash, stroke: INK.strong });
    line(texts[i], { size: 12, font: MONO, fill: (row.marks ?? []).includes("gone") ? INK.soft : INK.ink }, 7.2);
  }
  const more = [block.before ? `${block.before} more above` : "", (block.after ?? 0) + block.rows.length - rows.length > 0 ? `${(block.after ?? 0) + block.rows.length - rows.length} more below` : "", rows.length ? "" : "Nothing yet."].filter(Boolean);
  if (more.length > 0) sheet.lines(more.join(" · "), { size: 12, font: SANS, space: 18, fill: INK.soft });
}

/** @param {Sheet} sheet @param {any} block */
function drawSequence(sheet, block) {
  sheet.heading(block.title);
  const step = INNER / Math.max(1, block.actors.length);
  const middle = new Map(block.actors.map((/** @type {any} */ actor, /** @type {number} */ i) => [actor.id, MARGIN + step * (i + 0.5)]));
  sheet.y += 14;
  for (const actor of block.actors) sheet.text(cut(sheet.say(actor.label), Math.floor(step / 7)), middle.get(actor.id), sheet.y, { size: 12, weight: 600, anchor: "middle", fill: sheet.lit.has(actor.ref) ? INK.bad : INK.ink });
  if (block.before) sheet.lines(`${block.before} before`, { size: 11, font: SANS, space: 18, fill: INK.soft });
  for (const message of block.messages) {
    sheet.y += 34;
    const [from, to] = [middle.get(message.from) ?? MARGIN, middle.get(message.to) ?? MARGIN];
    const isLit = sheet.lit.has(message.ref);
    const stroke = BAD.includes(message.outcome) ? INK.bad : isLit ? INK.ink : INK.strong;
    const end = from === to ? from + 24 : to;
    const head = end > from ? -6 : 6;
    sheet.add(`<path d="M${from} ${sheet.y}H${end}m${head} -4l${-head} 4l${head} 4" fill="none" stroke="${stroke}" stroke-width="${isLit ? 2 : 1.2}"/>`);
    const words = [sheet.say(message.label), message.outcome].filter(Boolean).join(" · ");
    const centre = Math.min(Math.max((from + end) / 2, MARGIN + words.length * 3), WIDTH - MARGIN - words.length * 3);
    sheet.text(cut(words, Math.floor(INNER / 6)), Math.max(centre, MARGIN), sheet.y - 6, { size: 11, anchor: "middle", weight: isLit ? 600 : 400 });
  }
  if (block.after) sheet.lines(`${block.after} after`, { size: 11, font: SANS, space: 18, fill: INK.soft });
  sheet.y += 6;
}

/** @param {Sheet} sheet @param {any} block */
function drawMeter(sheet, block) {
  sheet.heading(block.title);
  sheet.lines(sheet.say(block.text) || `${block.value} of ${block.max} ${sheet.say(block.unit)}`.trim(), { size: 12, font: MONO, space: 14 });
  const share = (/** @type {number} */ value) => (Math.max(0, Math.min(1, value / (block.max || 1))) * INNER) / 2;
  sheet.box(MARGIN, sheet.y + 8, INNER / 2, 10, { fill: INK.wash });
  sheet.box(MARGIN, sheet.y + 8, share(block.value), 10, { fill: INK.soft, stroke: INK.soft });
  if (block.threshold) {
    const x = MARGIN + share(block.threshold.value);
    sheet.add(`<path d="M${x} ${sheet.y + 4}v18" stroke="${INK.bad}" stroke-width="2"/>`);
    sheet.text(sheet.say(block.threshold.label), x + 6, sheet.y + 32, { size: 11, fill: INK.soft });
    sheet.y += 14;
  }
  sheet.y += 22;
}

/** @param {Sheet} sheet @param {any} block */
function drawNotice(sheet, block) {
  sheet.y += 10;
  const top = sheet.y + 6;
  sheet.lines(sheet.say(block.text), { size: 13, font: SANS, space: 18, x: MARGIN + 14 });
  sheet.add(`<path d="M${MARGIN + 2} ${top}V${sheet.y + 5}" stroke="${block.level === "good" ? INK.good : block.level === "warning" ? INK.bad : INK.strong}" stroke-width="3"/>`);
}

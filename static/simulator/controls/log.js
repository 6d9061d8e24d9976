/**
 * The log as a table that can be edited: a window of rows around the playhead, a grip to move each record by dragging or
 * with the arrow keys, and a form for what a record says.
 */
import { el, keyed, mark, say } from "../views/dom.js";
import { applyEdit } from "../player/edits.js";
import { indexOfOffset } from "../player/player.js";

const ROWS = 25;

/** @param {any} value @param {number} most */
const json = (value, most) => {
  const text = value === null ? "no value" : JSON.stringify(value);
  return text.length > most ? `${text.slice(0, most)}…` : text;
};

/** @param {number} time */
const iso = (time) => new Date(time).toISOString().replace(".000", "");

/**
 * @param {any} desk
 */
export function logView({ player, parts }) {
  let from = 0;
  let follows = true;
  const edit = (/** @type {any[]} */ change) => {
    const records = applyEdit(player.setup.records, change);
    if (records) player.edit(change, records);
  };
  const form = recordForm(player, edit);
  const caption = el("caption");
  const body = el("tbody");
  const turn = (/** @type {number} */ by) => () => {
    follows = false;
    from += by;
    draw();
  };
  const [earlier, later] = [el("button", { type: "button", onclick: turn(-ROWS) }, "Earlier"), el("button", { type: "button", onclick: turn(ROWS) }, "Later")];
  const add = el("button", { type: "button", onclick: () => form(null, player.run.records.length) }, "Add a record");
  const heads = ["Offset", "Key", "Type", "Value", "Edit"].map((name) => el("th", { scope: "col" }, name));
  const table = el("table", { "data-keys": "own" }, caption, el("thead", null, el("tr", null, ...heads)), body);
  parts.log.append(el("div", { class: "log-body" }, el("div", { class: "tools" }, earlier, later, add), table, form.dialog));

  function draw() {
    if (!parts.log.open) return;
    const { records } = player.run;
    const lit = new Set(player.frame.facts.flatMap((/** @type {any} */ { refs }) => refs));
    if (follows) {
      const offset = Number([...lit].find((ref) => ref.startsWith("record:"))?.slice(7) ?? NaN);
      const at = indexOfOffset(records, offset);
      if (at >= 0 && (at < from || at >= from + ROWS)) from = at - (ROWS >> 1);
    }
    from = Math.max(0, Math.min(from, records.length - ROWS));
    const shown = records.slice(from, from + ROWS);
    say(caption, records.length > ROWS ? `Records ${from + 1} to ${from + shown.length} of ${records.length.toLocaleString("en-GB")}` : `${records.length} records`);
    earlier.hidden = later.hidden = records.length <= ROWS;
    earlier.disabled = from === 0;
    later.disabled = from + ROWS >= records.length;
    keyed(body, shown, (_, i) => String(i), createRow, (row, record, i) => {
      const index = from + i;
      row.index = index;
      row.classList.toggle("lit", lit.has(`record:${record.offset}`));
      mark(row, "aria-current", lit.has(`record:${record.offset}`) ? "step" : null);
      const { grip, key, type, value, button } = row.parts;
      say(grip, String(record.offset));
      mark(grip, "aria-label", `Offset ${record.offset}: arrow keys move this record`);
      say(key, record.key ?? "no key");
      say(type, record.type);
      say(value, json(record.value, 160));
      mark(button, "aria-label", `Edit the record at offset ${record.offset}`);
    });
  }

  function createRow() {
    const grip = el("button", { type: "button", class: "grip" });
    const cells = { key: el("td"), type: el("td"), value: el("span", { class: "cut" }) };
    const button = el("button", { type: "button", onclick: () => form(player.run.records[row.index], row.index) }, "Edit");
    const row = el("tr", { class: "row" }, el("td", null, grip), cells.key, cells.type, el("td", null, cells.value), el("td", null, button));
    row.parts = { grip, button, ...cells };
    grip.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
      if (by === 0) return;
      event.preventDefault();
      move(row.index, row.index + by);
    });
    grip.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => drag(event, row));
    return row;
  }

  /** Moves a record and keeps the focus on it. @param {number} index @param {number} to */
  function move(index, to) {
    if (to === index || to < 0 || to >= player.run.records.length) return;
    edit([">", index, to]);
    follows = false;
    if (to < from || to >= from + ROWS) from = to - (ROWS >> 1);
    draw();
    body.children[to - from]?.querySelector(".grip").focus();
  }

  /** @param {PointerEvent} event @param {any} row */
  function drag(event, row) {
    const { index, parts: { grip } } = row;
    let over = row;
    const clear = () => over.classList.remove("target", "below");
    const track = (/** @type {PointerEvent} */ { clientX, clientY }) => {
      const found = /** @type {any} */ (document.elementFromPoint(clientX, clientY))?.closest("tr");
      if (found?.parentNode !== body) return;
      clear();
      over = found;
      over.classList.add(over.index > index ? "below" : "target");
    };
    const end = (/** @type {PointerEvent} */ { type }) => {
      clear();
      grip.removeEventListener("pointermove", track);
      for (const name of ["pointerup", "pointercancel"]) grip.removeEventListener(name, end);
      if (type === "pointerup") move(index, over.index);
    };
    grip.setPointerCapture(event.pointerId);
    grip.addEventListener("pointermove", track);
    for (const name of ["pointerup", "pointercancel"]) grip.addEventListener(name, end);
  }

  let timer = 0;
  /** @type {any[]} */
  let seen = [];
  player.subscribe(() => {
    const now = [player.step, player.run];
    if (now.every((part, i) => part === seen[i])) return;
    if (now[0] !== seen[0]) follows = true;
    // While a reader scrubs, the table waits for the place where the scrubber rests.
    const isNear = Math.abs(now[0] - (seen[0] ?? 0)) <= 1 || now[1] !== seen[1];
    seen = now;
    clearTimeout(timer);
    timer = setTimeout(draw, isNear ? 0 : 80);
  });
  parts.log.addEventListener("toggle", draw);
  draw();
}

/**
 * A dialog that changes, adds, moves or removes one record.
 * @param {any} player
 * @param {(change: any[]) => void} edit
 */
function recordForm(player, edit) {
  let index = 0;
  let isNew = false;
  const field = (/** @type {string} */ label, /** @type {any} */ input) => el("label", null, label, input);
  const inputs = {
    time: el("input", { type: "text", autocomplete: "off", spellcheck: "false" }),
    key: el("input", { type: "text", autocomplete: "off", spellcheck: "false" }),
    type: el("input", { type: "text", autocomplete: "off", spellcheck: "false" }),
    value: el("textarea", { spellcheck: "false" }),
  };
  const problem = el("p", { class: "problem", role: "alert" });
  const unkeyed = el("input", { type: "checkbox", onchange: () => (inputs.key.disabled = unkeyed.checked) });
  const title = el("h3");
  const act = (/** @type {string} */ text, /** @type {() => void} */ does) => el("button", { type: "button", onclick: () => {
    does();
    dialog.close();
  } }, text);
  const [remove, cancel] = [act("Remove this record", () => edit(["-", index])), act("Cancel", () => {})];
  const save = el("button", { class: "primary" });
  const form = el("form", { onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    const record = read();
    if (!record) return;
    edit([isNew ? "+" : "=", index, record]);
    dialog.close();
  } }, title, field("Key", inputs.key), el("label", { class: "unset" }, unkeyed, "no key"), field("Type", inputs.type),
    field("Value, as JSON; null is no value (a tombstone)", inputs.value), field("Time (ISO 8601, UTC)", inputs.time), problem, el("div", { class: "tools" }, save, remove, cancel));
  const dialog = el("dialog", { class: "figure-dialog", "aria-label": "Record" }, form);

  function read() {
    const time = Date.parse(inputs.time.value);
    if (Number.isNaN(time)) {
      say(problem, `The time is “${inputs.time.value.slice(0, 40)}”: write it like 2026-03-02T09:04:12Z.`);
      return null;
    }
    try {
      return { time, key: unkeyed.checked ? null : inputs.key.value, type: inputs.type.value, value: JSON.parse(inputs.value.value.trim() || "null") };
    } catch {
      say(problem, "The value is not JSON: put texts in double quotes, such as \"Leeds\", and objects in braces.");
      return null;
    }
  }

  const open = (/** @type {any} */ record, /** @type {number} */ at) => {
    index = at;
    isNew = record === null;
    const { records } = player.run;
    const model = record ?? { ...(records.at(-1) ?? { time: 0, key: "key-1", type: "SomethingHappened", value: {} }) };
    say(title, isNew ? "Add a record at the end" : `The record at offset ${record.offset}`);
    inputs.time.value = iso(model.time);
    inputs.key.value = model.key ?? "";
    unkeyed.checked = model.key === null;
    inputs.key.disabled = unkeyed.checked;
    inputs.type.value = model.type;
    inputs.value.value = JSON.stringify(model.value, null, 1);
    say(problem, "");
    say(save, isNew ? "Add record" : "Save record");
    remove.hidden = isNew;
    dialog.showModal();
  };
  return Object.assign(open, { dialog });
}

/**
 * A parameter that is a list of rows, as a table that is edited in place: one field in each cell, buttons that move a row up
 * and take it out, and one that adds a row like the last.
 */
import { el, keyed, mark, say, speak } from "../views/dom.js";

/** What a cell begins with where its column says nothing. */
const EMPTY = /** @type {Record<string, any>} */ ({ integer: 0, number: 0, boolean: false, string: "A" });

/** @param {any} column @returns {any} */
const initial = ({ type, default: value, choices, min }) => value ?? choices?.[0].value ?? min ?? EMPTY[type];

/**
 * @param {any} param
 * @param {(value: any[]) => void} onchange
 * @param {any} root an empty element
 * @returns {(value: readonly any[], voice: "engineer" | "manager") => void} shows a value
 */
export function rows(param, onchange, root) {
  const { columns, maxItems = 100 } = param;
  /** @type {readonly any[]} */
  let value = [];
  /** The row to whose first field the focus goes once it is drawn. */
  let wanted = -1;
  const body = el("tbody");
  const heads = columns.map((/** @type {any} */ { label }) => speak(el("th", { scope: "col" }), label));
  const add = el("button", { type: "button", class: "quiet", onclick: () => {
    wanted = value.length;
    onchange([...value, value.at(-1) ?? Object.fromEntries(columns.map((/** @type {any} */ column) => [column.name, initial(column)]))]);
  } }, "Add a row");
  root.append(
    el("div", { class: "rows-box", tabindex: "-1" }, el("table", { class: "rows" }, el("thead", null, el("tr", null, el("td"), ...heads, el("td"))), body)),
    add,
  );

  /** @param {number} index @param {string} name @param {any} item */
  const change = (index, name, item) => onchange(value.map((row, i) => (i === index ? { ...row, [name]: item } : row)));
  /** @param {number} index */
  const remove = (index) => {
    wanted = -1;
    if (index === value.length - 1) (index > 0 ? body.children[index - 1].remove_ : add).focus();
    onchange(value.filter((_, i) => i !== index));
  };
  /** @param {number} index */
  const raise = (index) => {
    wanted = index - 1;
    onchange([...value.slice(0, index - 1), value[index], value[index - 1], ...value.slice(index + 1)]);
  };

  function createRow() {
    const line = el("tr");
    const number = el("th", { scope: "row" });
    const cells = columns.map((/** @type {any} */ column) => cell(column, (item) => change(line.index, column.name, item)));
    const up = el("button", { type: "button", class: "quiet", onclick: () => raise(line.index) }, "↑");
    const remove_ = el("button", { type: "button", class: "quiet", onclick: () => remove(line.index) }, "×");
    line.append(number, ...cells.map((/** @type {any} */ { input }) => el("td", null, input)), el("td", { class: "deeds" }, up, remove_));
    return Object.assign(line, { number, made: cells, up, remove_ });
  }

  return (given, voice) => {
    value = given;
    keyed(body, given, (_, i) => String(i), createRow, (line, row, index) => {
      line.index = index;
      const place = `row ${index + 1}`;
      say(line.number, String(index + 1));
      columns.forEach((/** @type {any} */ { name, label }, /** @type {number} */ i) => {
        line.made[i].show(row[name], voice);
        mark(line.made[i].input, "aria-label", `${label[voice]}, ${place}`);
        mark(line.made[i].input.parentNode, "data-label", label[voice]);
      });
      line.up.disabled = index === 0;
      mark(line.up, "aria-label", `Move ${place} up`);
      mark(line.remove_, "aria-label", `Remove ${place}`);
    });
    add.disabled = given.length >= maxItems;
    if (wanted >= 0) body.children[wanted]?.made[0].input.focus();
    wanted = -1;
  };
}

/**
 * @param {any} column
 * @param {(value: any) => void} onchange
 * @returns {{ input: any, show: (value: any, voice: "engineer" | "manager") => void }}
 */
function cell(column, onchange) {
  if (column.type === "choice") {
    const input = el("select", { onchange: () => onchange(input.value) }, ...column.choices.map((/** @type {any} */ { value }) => el("option", { value })));
    return { input, show(value, voice) {
      column.choices.forEach((/** @type {any} */ { label }, /** @type {number} */ i) => say(input.options[i], label[voice]));
      input.value = value;
    } };
  }
  if (column.type === "boolean") {
    const input = el("input", { type: "checkbox", onchange: () => onchange(input.checked) });
    return { input, show: (value) => (input.checked = value) };
  }
  const isText = column.type === "string";
  let shown = "";
  let isTyping = false;
  const input = el("input", {
    ...(isText ? { type: "text", spellcheck: "false" } : { type: "number", step: "any", inputmode: "decimal", min: column.min, max: column.max }),
    autocomplete: "off",
    oninput: () => (isTyping = true),
    onchange: () => {
      isTyping = false;
      const text = input.value.trim();
      if (text === "" && !column.nullable) input.value = shown;
      else onchange(text === "" ? null : isText ? text : Number(text));
    },
  });
  return { input, show(value) {
    shown = value === null ? "" : String(value);
    if (!isTyping && input.value !== shown) input.value = shown;
  } };
}

/**
 * What a reader can change about a run besides its log: parameters, interventions, the break; and undoing it.
 */
import { el, keyed, mark, say, speak } from "../views/dom.js";

const DURATIONS = /** @type {[number, string][]} */ ([[86_400_000, "day"], [3_600_000, "hour"], [60_000, "minute"], [1000, "second"]]);
const HINTS = /** @type {Record<string, string>} */ ({
  list: "names, with commas between",
  numbers: "whole numbers, with commas between",
  map: "name=number, …",
  strings: "name=text, …",
  lists: "name=one two, other=two",
});

/** Milliseconds from here on are a moment and no duration: nobody keeps a log for thirty years. */
const FIRST_MOMENT = 1e12;

/** @param {any} ms @returns {string} a duration as people say it, where it has whole parts, or a moment; else an empty text */
function duration(ms) {
  if (ms >= FIRST_MOMENT) return `${new Date(Math.min(ms, 8.64e15)).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const [unit, name] = DURATIONS.find(([size]) => ms >= size && ms % size === 0) ?? [0, ""];
  return unit ? `${ms / unit} ${name}${ms === unit ? "" : "s"}` : "";
}

/** @param {number} ms @returns {number} a change of it that makes a difference */
const stride = (ms) => (DURATIONS.find(([size]) => ms >= size) ?? [1000])[0];

/** How many parameters are at hand; the rest is one click away. */
const AT_HAND = 4;

/** @param {any} root @param {"engineer" | "manager" | "both"} shown @returns {"engineer" | "manager"} the voice that names things */
const naming = (root, shown) => (shown === "both" ? (root.closest("figure")?.dataset.lead ?? "engineer") : shown);

/** @param {string} text @returns {string[]} */
const split = (text) => text.split(",").map((part) => part.trim()).filter(Boolean);

/** @param {string} text @param {(value: string) => any} read @returns {any} */
const entries = (text, read) => Object.fromEntries(split(text).map((part) => part.split("=", 2)).map(([name, value = ""]) => [name.trim(), read(value.trim())]));

/** What a parameter that was none begins with, where nothing else says it. */
const EMPTY = /** @type {Record<string, any>} */ ({ integer: 0, number: 0, string: "name", list: [], numbers: [] });

/** How values that are structures are typed in one line, and written back. */
const NOTATION = /** @type {Record<string, { read: (text: string) => any, write: (value: any) => string }>} */ ({
  string: { read: (text) => text, write: (value) => value ?? "" },
  list: { read: split, write: (value) => value.join(", ") },
  numbers: { read: (text) => split(text).map(Number), write: (value) => value.join(", ") },
  map: { read: (text) => entries(text, Number), write: (value) => Object.entries(value).map(([name, n]) => `${name}=${n}`).join(", ") },
  strings: { read: (text) => entries(text, String), write: (value) => Object.entries(value).map(([name, one]) => `${name}=${one}`).join(", ") },
  lists: {
    read: (text) => entries(text, (value) => value.split(/\s+/).filter(Boolean)),
    write: (value) => Object.entries(value).map(([name, all]) => `${name}=${all.join(" ")}`).join(", "),
  },
});

/**
 * A control for a parameter of any type.
 * @param {any} param
 * @param {string} id
 * @param {(value: any) => void} onchange
 * @returns {{ node: any, show: (value: any, voice: string, problem?: string) => void }} a labelled field, and how to set it from outside
 */
function field(param, id, onchange) {
  const label = speak(el("span"), param.label);
  const problem = el("p", { class: "problem", id: `${id}-problem` });
  const { input, extras, set, isBusy } = CONTROLS[param.type]?.(param, onchange) ?? typed(param, onchange);
  input.id = id;
  mark(input, "aria-describedby", problem.id);
  const none = param.nullable ? el("input", { type: "checkbox", onchange: () => onchange(none.checked ? null : (param.default ?? param.min ?? EMPTY[param.type])) }) : null;
  const control = el("div", { class: "control" }, ...extras.before, input, ...extras.after, none && el("label", { class: "unset" }, none, " none"));
  const name = el("label", { for: id, class: "name" }, label, param.kafka ? " " : null, param.kafka ? el("code", null, param.kafka) : null);
  return {
    node: el("div", { class: `field of-${param.type}` }, name, control, problem),
    show(value, voice, message = "") {
      if (none) {
        none.checked = value === null;
        control.classList.toggle("is-unset", value === null);
      }
      if (value !== null && !isBusy()) set(value, voice);
      say(problem, message);
      mark(input, "aria-invalid", message ? "true" : null);
    },
  };
}

const hasFocus = (/** @type {any} */ input) => () => document.activeElement === input;

/** @param {any} param @param {(value: any) => void} onchange */
function typed(param, onchange) {
  const notation = NOTATION[param.type];
  const input = el("input", { type: "text", autocomplete: "off", spellcheck: "false", placeholder: HINTS[param.type], onchange: () => onchange(notation.read(input.value)) });
  return { input, extras: { before: [], after: [] }, set: (/** @type {any} */ value) => (input.value = notation.write(value)), isBusy: hasFocus(input) };
}

/** @param {any} param @param {(value: any) => void} onchange */
function number(param, onchange) {
  const { min, max, step = param.type === "integer" ? 1 : "any", unit } = param;
  const told = el("output", null);
  const change = () => Number.isNaN(input.valueAsNumber) || onchange(input.valueAsNumber);
  const input = el("input", { type: "number", min, max, step: "any", inputmode: "decimal", oninput: change, onblur: change });
  const by = step === "any" ? Math.max(0.01, ((max ?? 1) - (min ?? 0)) / 20) : step;
  const nudge = (/** @type {number} */ sign) => () => {
    const from = input.valueAsNumber || 0;
    const value = Number((from + sign * (unit === "ms" && !param.step ? stride(from) : by)).toFixed(6));
    input.value = String(Math.min(max ?? Infinity, Math.max(min ?? -Infinity, value)));
    change();
  };
  const stepper = (/** @type {string} */ text, /** @type {string} */ word, /** @type {number} */ sign) =>
    el("button", { type: "button", class: "nudge", "aria-label": `${word}: ${param.label.engineer}`, onclick: nudge(sign) }, text);
  return {
    input,
    extras: { before: [stepper("−", "Less", -1)], after: [stepper("+", "More", 1), told] },
    set(/** @type {number} */ value) {
      if (input.valueAsNumber !== value) input.value = String(value);
      say(told, (unit === "ms" && duration(value)) || (unit ?? ""));
    },
    isBusy: () => hasFocus(input)() && Number.isNaN(input.valueAsNumber),
  };
}

const CONTROLS = /** @type {Record<string, typeof number>} */ ({
  integer: number,
  number,
  boolean(param, onchange) {
    const input = el("input", { type: "checkbox", onchange: () => onchange(input.checked) });
    return { input, extras: { before: [], after: [] }, set: (value) => (input.checked = Boolean(value)), isBusy: () => false };
  },
  choice(param, onchange) {
    const input = el("select", { onchange: () => onchange(input.value) }, ...param.choices.map((/** @type {any} */ { value }) => el("option", { value })));
    const set = (/** @type {any} */ value, /** @type {string} */ voice) => {
      param.choices.forEach((/** @type {any} */ { label }, /** @type {number} */ i) => say(input.options[i], label[voice]));
      input.value = value;
    };
    return { input, extras: { before: [], after: [] }, set, isBusy: () => false };
  },
});

/**
 * The settings of a player.
 * @param {any} player
 * @param {any} root
 * @returns {() => void} draws what changed
 */
export function settings(player, root) {
  /** @type {any} */
  let model = null;
  /** @type {any} */
  let draw = () => {};
  return () => {
    if (player.lesson.model !== model) {
      model = player.lesson.model;
      draw = build(player, root);
    }
    draw();
  };
}

/**
 * Parameters in the order in which they matter here: what the scenario sets or its break turns comes first.
 * @param {any[]} params
 * @param {any} scenario
 * @returns {any[]}
 */
function byWeight(params, scenario) {
  const matters = (/** @type {any} */ { name }) => name in (scenario.params ?? {}) || name in (scenario.break?.params ?? {});
  return [...params.filter(matters), ...params.filter((param) => !matters(param))];
}

/** @param {any} player @param {any} root */
function build(player, root) {
  const { model } = player.lesson;
  const id = `${player.scenario.slug}-${model.id}`;
  const fields = byWeight(model.params, player.scenario).map((/** @type {any} */ param) => ({ param, ...field(param, `${id}-${param.name}`, (value) => player.setParam(param.name, value)) }));
  const happened = el("ol", { class: "happened" });
  const break_ = el("button", { type: "button", class: "break", onclick: () => player.toggleBreak() });
  const does = (/** @type {string} */ text, /** @type {() => void} */ onclick) => el("button", { type: "button", class: "quiet", onclick }, text);
  const [undo, redo, reset] = [does("Undo", () => player.undo()), does("Redo", () => player.redo()), does("Reset", () => player.reset())];
  const acts = model.interventions.map((/** @type {any} */ kind) => intervention(player, kind, `${id}-${kind.kind}`));
  const asking = acts.filter((/** @type {any} */ { asks }) => asks);
  const choice = el("select", { "aria-label": "Let something happen now", onchange: () => chosen() }, el("option", { value: "" }, "Let something happen now …"),
    ...asking.map((/** @type {any} */ _, /** @type {number} */ i) => el("option", { value: i })));
  const chosen = () => asking.forEach((/** @type {any} */ { node }, /** @type {number} */ i) => (node.hidden = choice.value !== String(i)));
  chosen();
  root.replaceChildren(
    el("div", { class: "acts" }, break_, asking.length > 0 ? choice : null, ...acts.map((/** @type {any} */ { node }) => node)),
    el("div", { class: "again" }, undo, redo, reset),
    happened,
    el("div", { class: "fields" }, ...fields.slice(0, AT_HAND).map((/** @type {any} */ { node }) => node)),
    fields.length > AT_HAND
      ? el("details", { class: "more-fields" }, el("summary", null, `${fields.length - AT_HAND} more settings`),
          el("div", { class: "fields" }, ...fields.slice(AT_HAND).map((/** @type {any} */ { node }) => node)))
      : "",
  );
  /** @type {any} */
  let run = null;
  let shown = "";
  return () => {
    undo.disabled = !player.canUndo;
    redo.disabled = !player.canRedo;
    reset.disabled = !player.isChanged;
    if (player.run === run && player.shown === shown) return;
    ({ run, shown } = player);
    const voice = naming(root, shown);
    for (const act of acts) act.show(voice);
    asking.forEach((/** @type {any} */ { label }, /** @type {number} */ i) => say(choice.options[i + 1], label[voice]));
    for (const { param, show } of fields) {
      const problem = run.problems.find((/** @type {any} */ { path }) => path === `/params/${param.name}` || path.startsWith(`/params/${param.name}/`));
      show(run.params[param.name], voice, problem?.message);
    }
    const { broken, interventions } = player.setup;
    break_.hidden = !player.isScenario || !player.scenario.break;
    if (!break_.hidden) {
      speak(break_, broken ? "Mend it" : `Break it: ${player.scenario.break.label}`);
      mark(break_, "aria-pressed", String(broken));
    }
    keyed(happened, interventions.slice(0, 30), (_, i) => String(i), () => {
      const parts = { at: el("span", { class: "at" }), what: el("span"), remove: el("button", { type: "button", class: "quiet" }, "Remove") };
      return Object.assign(el("li", null, parts.at, " ", parts.what, " ", parts.remove), { parts });
    }, (item, { kind, at, ...rest }, i) => {
      const known = model.interventions.find((/** @type {any} */ one) => one.kind === kind);
      say(item.parts.at, at === undefined ? "at the end" : `after ${at} records`);
      const values = Object.values(rest).map((value) => (typeof value === "object" ? JSON.stringify(value) : String(value))).join(", ");
      say(item.parts.what, [known?.label[voice] ?? kind, values].filter(Boolean).join(": "));
      item.parts.remove.onclick = () => player.removeIntervention(i);
      mark(item.parts.remove, "aria-label", `Remove: ${known?.label[voice] ?? kind}, ${item.parts.at.textContent}`);
    });
  };
}

/**
 * A button that lets something happen now; where it needs values, they are asked for first.
 * @param {any} player
 * @param {any} kind
 * @param {string} id
 * @returns {{ node: any, show: (voice: string) => void, asks: boolean, label: any }}
 */
function intervention(player, kind, id) {
  const values = Object.fromEntries(kind.params.map((/** @type {any} */ param) => [param.name, param.default]));
  const fields = kind.params.map((/** @type {any} */ param) => ({ param, ...field(param, `${id}-${param.name}`, (value) => {
    values[param.name] = value;
    show();
  }) }));
  let spoken = "engineer";
  const show = (voice = spoken) => {
    spoken = voice;
    for (const made of fields) if (values[made.param.name] !== undefined) made.show(values[made.param.name], voice);
  };
  const go = speak(el("button", { class: "act" }), kind.label);
  const form = el("form", { novalidate: true, onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    player.intervene({ kind: kind.kind, ...values });
  } }, ...fields.map((/** @type {any} */ { node }) => node), go);
  if (fields.length > 0) form.className = "act-form";
  return { node: form, show, asks: fields.length > 0, label: kind.label };
}

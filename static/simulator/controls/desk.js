/**
 * What stands at every figure: moving through the run (buttons, scrubber, keys, the clock that plays), and what a reader can
 * change about it besides its log (parameters, interventions, the break, and undoing it).
 */
import { el, keyed, mark, say, speak } from "../views/dom.js";
import { SPEEDS } from "../player/player.js";

const SHAPES = {
  restart: "M3 3h2v10H3zM14 3v10L6 8z",
  last: "M8 3v10L2 8zM14 3v10L8 8z",
  back: "M12 3v10L4 8z",
  play: "M4 2l10 6-10 6z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  forward: "M4 3l8 5-8 5z",
  next: "M2 3l6 5-6 5zM8 3l6 5-6 5z",
};

const KEYS = [
  ["Space", "play or pause"],
  ["← →", "one step back or forward"],
  ["Shift + ← →", "to the previous or next step that tells something"],
  ["Home, End", "to the beginning or the end"],
  ["R", "restart, with the question asked again"],
  ["1, 2, 0", "engineer’s words, manager’s words, both"],
  ["?", "this help"],
];

/** @param {string} path */
function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

/**
 * @param {any} figure
 * @param {any} player
 * @param {any} root
 * @returns {() => void} draws what changed
 */
export function transport(figure, player, root) {
  const button = (/** @type {string} */ label, /** @type {string} */ path, /** @type {() => void} */ onclick, name = "step") =>
    el("button", { type: "button", class: name, "aria-label": label, title: label, onclick }, icon(path));
  const play = button("Play", SHAPES.play, () => player.toggle(), "play");
  const shape = play.querySelector("path");
  const scrubber = el("input", { type: "range", min: "0", step: "1", "aria-label": "Step", oninput: () => {
    player.pause();
    player.seek(scrubber.valueAsNumber);
  } });
  const place = el("output", { class: "place" });
  const speed = el("select", { "aria-label": "Speed", onchange: () => player.setSpeed(Number(speed.value)) },
    ...SPEEDS.map((value) => el("option", { value, selected: value === 1 }, `${value} ×`)));
  const help = helpDialog();
  root.append(
    button("Restart", SHAPES.restart, () => player.restart()),
    button("Previous telling step", SHAPES.last, () => player.jump(-1)),
    button("Back", SHAPES.back, () => player.move(-1)),
    play,
    button("Forward", SHAPES.forward, () => player.move(1)),
    button("Next telling step", SHAPES.next, () => player.jump(1)),
    place, scrubber, speed,
    el("button", { type: "button", class: "step", "aria-label": "Help with keys", title: "Help with keys", onclick: () => help.showModal() }, "?"),
    help,
  );
  listen(figure, player, scrubber, help);
  const beat = clock(figure, player);

  return () => {
    const { step, playing, run } = player;
    mark(scrubber, "max", String(run.length));
    if (scrubber.valueAsNumber !== step) scrubber.value = String(step);
    scrubber.setAttribute("aria-valuetext", `step ${step} of ${run.length}`);
    say(place, `step ${step.toLocaleString("en-GB")} of ${run.length.toLocaleString("en-GB")}`);
    if (Number(speed.value) !== player.speed) speed.value = String(player.speed);
    mark(play, "aria-label", playing ? "Pause" : "Play");
    mark(play, "title", playing ? "Pause" : "Play");
    mark(shape, "d", playing ? SHAPES.pause : SHAPES.play);
    play.classList.toggle("primary", !player.isAsking);
    beat();
  };
}

function helpDialog() {
  const dialog = el("dialog", { class: "figure-dialog", "aria-label": "Keys of the figure" },
    el("h3", null, "Keys, while the figure has the focus"),
    el("dl", null, ...KEYS.flatMap(([key, does]) => [el("dt", null, el("kbd", null, key)), el("dd", null, does)])),
    el("form", { method: "dialog" }, el("button", { class: "primary" }, "Close")));
  return dialog;
}

/**
 * Plays while somebody can see it: what is scrolled away or in a hidden tab is paused.
 * @param {any} figure
 * @param {any} player
 * @returns {() => void} starts or stops with the player
 */
function clock(figure, player) {
  let timer = 0;
  const tick = () => {
    timer = 0;
    player.tick();
  };
  new IntersectionObserver(([entry]) => entry.isIntersecting || player.pause()).observe(figure);
  document.addEventListener("visibilitychange", () => document.hidden && player.pause());
  return () => {
    if (player.playing && !timer) timer = setTimeout(tick, 1000 / player.speed);
    else if (!player.playing) timer = void clearTimeout(timer) ?? 0;
  };
}

/** @param {any} figure @param {any} player @param {any} scrubber @param {any} help */
function listen(figure, player, scrubber, help) {
  /** @type {Record<string, () => void>} */
  const keys = {
    " ": () => player.toggle(),
    ArrowLeft: () => player.move(-1),
    ArrowRight: () => player.move(1),
    "shift+ArrowLeft": () => player.jump(-1),
    "shift+ArrowRight": () => player.jump(1),
    Home: () => player.move(-Infinity),
    End: () => player.move(Infinity),
    r: () => player.restart(),
    1: () => player.show("engineer"),
    2: () => player.show("manager"),
    0: () => player.show("both"),
    "?": () => help.showModal(),
  };
  figure.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const target = /** @type {any} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("dialog")) return;
    if (target !== scrubber && target.closest("input, select, textarea, [contenteditable], [data-keys]")) return;
    if (event.key === " " && target.closest("button, a, summary")) return;
    const isMove = event.key.startsWith("Arrow");
    const action = keys[(event.shiftKey && isMove ? "shift+" : "") + (event.key.length === 1 ? event.key.toLowerCase() : event.key)];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

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

/** @param {any} param @returns {any} what it begins with where it was none */
const initial = (param) =>
  param.default ?? (param.type === "row" ? Object.fromEntries(param.columns.map((/** @type {any} */ column) => [column.name, initial(column)])) : (param.min ?? EMPTY[param.type]));

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
  const { input, extras, set, isBusy } = CONTROLS[param.type]?.({ ...param, id }, onchange) ?? typed(param, onchange);
  input.id = id;
  mark(input, "aria-describedby", problem.id);
  const none = param.nullable ? el("input", { type: "checkbox", onchange: () => onchange(none.checked ? null : initial(param)) }) : null;
  const control = el("div", { class: "control" }, ...extras.before, input, ...extras.after, none && el("label", { class: "unset" }, none, " none"));
  const name = el("label", { id: `${id}-name`, for: id, class: "name" }, label, param.kafka ? " " : null, param.kafka ? el("code", null, param.kafka) : null);
  if (param.columns) mark(input, "aria-labelledby", name.id);
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
  row(param, onchange) {
    let current = initial(param);
    const parts = param.columns.map((/** @type {any} */ column) => ({ column, ...field(column, `${param.id}-${column.name}`, (value) => onchange({ ...current, [column.name]: value })) }));
    const input = el("div", { role: "group", class: "fields" }, ...parts.map((/** @type {any} */ { node }) => node));
    const set = (/** @type {any} */ value, /** @type {string} */ voice) => {
      current = value;
      for (const { column, show } of parts) show(value[column.name], voice);
    };
    return { input, extras: { before: [], after: [] }, set, isBusy: () => false };
  },
  rows(param, onchange) {
    const input = el("div", { role: "group" });
    const opened = import(param.rowsSrc).then(({ rows }) => rows(param, onchange, input));
    const set = (/** @type {any} */ value, /** @type {any} */ voice) => opened.then((show) => show(value, voice));
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
  const { rowsSrc } = root.closest("figure").dataset;
  const fields = byWeight(model.params, player.scenario).map((/** @type {any} */ param) => ({ param, ...field({ ...param, rowsSrc }, `${id}-${param.name}`, (value) => player.setParam(param.name, value)) }));
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

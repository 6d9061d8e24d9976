/**
 * Moving through the run: buttons, scrubber, keys, and the clock that plays.
 */
import { el, mark, say } from "../views/dom.js";
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

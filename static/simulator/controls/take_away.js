/**
 * Taking a step elsewhere: as a picture for a document that takes only images, or as a test case for the engine.
 */
import { download, el, say } from "../views/dom.js";
import { sentence } from "../views/figure.js";
import { picture } from "../views/picture.js";
import { writeState } from "../player/address.js";

/** What a clipboard takes without complaint; a longer test case becomes a file. */
const LONGEST_COPY = 1_000_000;
/** Pixels of a PNG for each one of the picture, so that it is sharp on fine screens. */
const SCALE = 2;

/**
 * @param {any} desk
 * @returns {{ open: () => void }}
 */
export function takeAway({ figure, player }) {
  const told = el("p", { role: "status" });
  const name = () => `${player.scenario.slug}-step-${player.step}`;
  const does = (/** @type {string} */ label, /** @type {() => any} */ deed) =>
    el("button", { type: "button", onclick: async () => {
      try {
        say(told, (await deed()) ?? "Saved.");
      } catch (error) {
        say(told, `It could not be done: ${error instanceof Error ? error.message : error}.`);
      }
    } }, label);
  const dialog = el("dialog", { class: "figure-dialog", "aria-label": "Save or copy", onclose: () => figure.focus({ preventScroll: true }) }, el("div", { class: "stack" },
    el("h3", null, "Save or copy"),
    el("p", null, "The step that is shown, as a picture with what it says and where it lives; or the whole run, as JSON that the engine’s simulate() takes."),
    el("div", { class: "tools" },
      does("Save picture as SVG", () => download(new Blob([drawn(player)], { type: "image/svg+xml" }), `${name()}.svg`)),
      does("Save picture as PNG", async () => download(await png(drawn(player)), `${name()}.png`)),
      does("Copy as test case", () => copyTestCase(player, `${player.scenario.slug}.json`))),
    told,
    el("form", { method: "dialog" }, el("button", null, "Close"))));
  figure.append(dialog);
  return {
    open() {
      player.pause();
      say(told, "");
      dialog.showModal();
    },
  };
}

/** @param {any} player @returns {string} SVG of the step that is shown */
function drawn(player) {
  const { scenario, step, run, own, shown } = player;
  return picture({
    title: player.isScenario ? scenario.title : player.lesson.model.title,
    sentence: sentence(player, player.frame),
    caption: player.isScenario ? scenario.captions : undefined,
    note: `Step ${step} of ${run.length} · ${own ? "a log of the reader’s own" : `sample log ${scenario.log?.slug ?? ""}`}`,
    address: `${location.origin}${location.pathname}#${writeState(player).fragment}`,
    frame: player.frame,
    shown,
  });
}

/** @param {string} svg @returns {Promise<Blob>} */
async function png(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = el("canvas", { width: image.width * SCALE, height: image.height * SCALE });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((/** @type {Blob | null} */ blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large")))));
}

/** @param {any} player @param {string} name @returns {Promise<string | undefined>} */
async function copyTestCase(player, name) {
  const text = JSON.stringify({ model: player.lesson.model.id, ...player.input });
  if (text.length <= LONGEST_COPY) {
    try {
      await navigator.clipboard.writeText(text);
      return "Copied.";
    } catch {
      // Where the clipboard is closed the file below does.
    }
  }
  download(new Blob([text], { type: "application/json" }), name);
}

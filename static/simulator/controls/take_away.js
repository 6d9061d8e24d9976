/**
 * Taking a step elsewhere: as a picture for a document that takes only images, or as a test case for the engine.
 */
import { download, el, say } from "../views/dom.js";
import { still } from "../views/still.js";
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
  // A model tried on a log, and a scenario that is being written, have no picture on the server.
  const isPublished = figure.dataset.layout !== "draft" && player.scenario.claims.length > 0;
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
      ...(isPublished ? [does("Copy picture’s address", () => copyPicture(player))] : []),
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
const drawn = (player) => still(player, `${location.origin}${location.pathname}`);

/**
 * Copies what shows this step in a document as a picture that leads here.
 * @param {any} player
 * @returns {Promise<string>}
 */
async function copyPicture(player) {
  if (player.own) return "A log of your own is in no address: save the picture instead.";
  const { slug, title } = player.scenario;
  const { fragment } = writeState(player);
  const image = `${location.origin}/embed/${slug}.svg?state=${encodeURIComponent(fragment)}`;
  const page = `${location.origin}/simulator/${slug}/#${fragment}`;
  await navigator.clipboard.writeText(`[![${title.replace(/[[\]\\]/g, "\\$&")}](<${image}>)](<${page}>)`);
  return "Copied.";
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

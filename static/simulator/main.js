/**
 * Brings the figures of a page to life: each gets its model, a player, its views and controls. What most readers never open
 * (address, log table, own log, choice of model) is a module of its own that is loaded when it is wanted.
 */
import { Player } from "./player/player.js";
import { narrator } from "./narration/narrator.js";
import { figureView, layOut } from "./views/figure.js";
import { settings, transport } from "./controls/desk.js";

/** @param {{ modelSrc: string, narrationSrc: string }} sources @returns {Promise<any>} a model with its words */
async function loadLesson({ modelSrc, narrationSrc }) {
  const [{ model }, { narration }] = await Promise.all([import(modelSrc), import(narrationSrc)]);
  return { model, narration, narrate: narrator(narration.sentences) };
}

/** @param {string} name @param {string} [value] @returns {string | null} what this browser remembers; nothing where it may not */
function remember(name, value) {
  try {
    if (value !== undefined) localStorage.setItem(name, value);
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keeps the voice in which this reader reads, here and in the other figures of the page. @param {any} player */
function rememberVoice(player) {
  const known = remember("voice");
  if (known === "engineer" || known === "manager" || known === "both") player.shown = known;
  let { shown } = player;
  player.subscribe(() => {
    if (player.shown === shown) return;
    shown = player.shown;
    remember("voice", shown);
    document.dispatchEvent(new CustomEvent("voicechange", { detail: shown }));
  });
  document.addEventListener("voicechange", (/** @type {any} */ { detail }) => detail !== player.shown && player.show(detail));
}

/** @param {any} figure @param {any} [scenario] what it shows, unless the page says it @returns {Promise<any>} what its parts share */
export async function start(figure, scenario = JSON.parse(document.getElementById(`scenario-${figure.dataset.scenario}`)?.textContent ?? "")) {
  const player = new Player(scenario, await loadLesson(figure.dataset));
  const parts = layOut(figure, player);
  const place = figure.dataset.layout === "workbench" ? "workbench" : scenario.slug;
  const desk = { figure, player, parts, place, loadLesson, remember };
  rememberVoice(player);
  const views = [figureView(figure, player, parts), transport(figure, player, parts.transport), settings(player, parts.settings)];
  let isDue = false;
  const draw = () => {
    isDue = false;
    for (const view of views) view();
  };
  player.subscribe(() => {
    if (!isDue) requestAnimationFrame(draw);
    isDue = true;
  });
  draw();
  openDoors(desk);
  return desk;
}

/** @param {() => Promise<any>} make @returns {() => Promise<any>} the same promise each time */
function once(make) {
  /** @type {Promise<any> | undefined} */
  let made;
  return () => (made ??= make());
}

/** Loads what the reader turns to. @param {any} desk */
async function openDoors(desk) {
  const { figure, player, parts } = desk;
  const { logSrc, ownLogSrc, takeAwaySrc, workbenchSrc, layout } = figure.dataset;
  const ownLog = once(async () => (await import(ownLogSrc)).ownLog(desk));
  desk.ownLog = ownLog;
  parts.own.onclick = async () => (await ownLog()).open();
  const takeAway = once(async () => (await import(takeAwaySrc)).takeAway(desk));
  parts.save.onclick = async () => (await takeAway()).open();
  parts.log.addEventListener("toggle", once(async () => (await import(logSrc)).logView(desk)));
  figure.addEventListener("dragover", (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
  figure.addEventListener("drop", async (/** @type {DragEvent} */ event) => {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    (await ownLog()).read(file);
  });
  if (layout === "workbench") {
    parts.log.open = true;
    if (workbenchSrc) (await import(workbenchSrc)).workbench(desk);
  }
  if (remember("own-log") === desk.place && !location.hash.startsWith("#v=1")) (await ownLog()).restore();
}

/** Keeps the address in step with the figures, from the first change on, or at once where it holds state. @param {any[]} desks */
function followAddress(desks) {
  if (desks.length === 0) return;
  /** @type {any} */
  let changed = null;
  const follow = once(async () => {
    const { followAddress: from } = await import(desks[0].figure.dataset.addressSrc);
    for (const end of ends) end();
    from(desks, changed);
  });
  const ends = desks.map((desk) => desk.player.subscribe(() => {
    changed = desk;
    follow();
  }));
  if (location.hash.startsWith("#v=1")) follow();
  else addEventListener("hashchange", () => location.hash.startsWith("#v=1") && follow());
  for (const { parts } of desks) parts.link.onclick = async () => {
    await follow();
    parts.link.click();
  };
}

const started = await Promise.allSettled([...document.querySelectorAll("figure[data-scenario]:not([data-layout=draft])")].map((figure) => start(figure)));
followAddress(started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])));

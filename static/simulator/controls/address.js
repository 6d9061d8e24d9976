/**
 * The address of the page, kept in step with its figures, and the link to a state.
 */
import { figureOf, openState, writeState } from "../player/address.js";

/** Browsers allow about twenty writes a second for a while; a reader needs four. */
const PAUSE = 250;

const isState = () => location.hash.startsWith("#v=1");

/**
 * Follows the figures from now on. The newest change is written when the pause ends, so that an address is right a quarter
 * of a second after the last one.
 * @param {any[]} desks
 * @param {any} changed the one that already changed, or null
 */
export function followAddress(desks, changed) {
  let latest = changed;
  let timer = 0;
  let written = "";

  const write = () => {
    timer = 0;
    if (!latest) return;
    const { fragment, tooLong } = writeState(latest.player);
    if (tooLong) latest.player.notify("Your edits are too long for an address: the link to this state leaves them out.");
    latest = null;
    written = `#${fragment}`;
    if (location.hash !== written) history.replaceState(history.state, "", written);
  };
  const read = () => {
    if (!isState() || location.hash === written) return;
    written = location.hash;
    const slug = figureOf(location.hash);
    const desk = desks.find(({ figure }) => figure.dataset.scenario === slug);
    if (desk) open(desk, location.hash);
    else desks[0].player.notify("This address is of a figure that is not on this page, or is damaged, so the figures stand as they were published.");
  };

  for (const desk of desks) {
    const { player } = desk;
    let seen = stamp(player);
    player.subscribe(() => {
      const now = stamp(player);
      if (now.every((part, i) => part === seen[i])) return;
      seen = now;
      if (desk.isRestoring) return;
      latest = desk;
      timer ||= setTimeout(write, PAUSE);
    });
    desk.parts.link.onclick = async () => {
      latest = desk;
      write();
      await copy(desk);
    };
  }
  addEventListener("hashchange", read);
  if (isState()) read();
  if (latest) write();
}

/** @param {any} player @returns {any[]} what an address tells */
const stamp = (player) => [player.step, player.setup, player.shown, player.lesson, player.own];

/** Shows what an address says in the figure that it names. @param {any} desk @param {string} fragment */
async function open(desk, fragment) {
  const { player, figure } = desk;
  desk.isRestoring = true;
  try {
    const models = Object.entries(JSON.parse(figure.dataset.models ?? "{}"));
    await openState(player, fragment, {
      loads: Object.fromEntries(models.map(([id, sources]) => [id, () => desk.loadLesson(sources)])),
      useOwnLog: async () => (await desk.ownLog()).restore(),
    });
  } finally {
    desk.isRestoring = false;
  }
  if (figure.dataset.layout === "page") figure.scrollIntoView({ block: "start" });
}

/** @param {any} desk */
async function copy({ parts }) {
  const words = parts.link.textContent;
  try {
    await navigator.clipboard.writeText(location.href);
    parts.link.textContent = "link copied";
  } catch {
    parts.link.textContent = "the link is in the address bar";
  }
  setTimeout(() => (parts.link.textContent = words), 2000);
}

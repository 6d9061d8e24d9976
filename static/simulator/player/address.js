/**
 * The state of a figure as the fragment of an address, and back. Fields:
 *
 *     v=1           the version of this notation; a fragment that begins otherwise is a section of the page
 *     f=compaction  which figure
 *     s=14          the step
 *     m=retention   the model, where it is not the scenario's
 *     p={…}         parameters that differ from the scenario's
 *     i=[…]         interventions, where they differ
 *     e=[…]         edits to the stored log, as edits.js writes them
 *     b=1           the break is applied
 *     w=manager     the voice, where it is not both
 *     o=1           the reader's own log is in use: neither its records nor words of the reader are written
 */

import { replayEdits } from "./edits.js";

const VERSION = "1";
/** The longest edits, as UTF-8 bytes of their JSON. */
const MOST_EDITS = 4096;
/** The longest fragment that is read. */
const MOST_FRAGMENT = 32_768;
const MOST_ITEMS = 500;
const PLAIN = ["integer", "number", "boolean", "choice"];

/** @param {any} param @returns {boolean} whether its values say nothing of a log's content */
const isPlain = ({ type, columns = [] }) => PLAIN.includes(type) || (type === "row" && columns.every(isPlain));

/** @param {string} fragment @returns {Map<string, string>} raw fields */
function fields(fragment) {
  const pairs = fragment.slice(0, MOST_FRAGMENT).replace(/^#/, "").split("&", 50);
  return new Map(pairs.map((pair) => [pair.split("=", 1)[0], pair.slice(pair.indexOf("=") + 1)]));
}

/** @param {string} fragment @returns {string | null} the scenario that the state is of */
export function figureOf(fragment) {
  return decode(fields(fragment).get("f") ?? "");
}

/** @param {string} fragment @returns {string | null} the model that the state names */
function modelOf(fragment) {
  return decode(fields(fragment).get("m") ?? "") || null;
}

/** @param {string} fragment @returns {boolean} whether the state was of a log that only its reader has */
const isOwn = (fragment) => fields(fragment).get("o") === "1";

/** @param {string} text @returns {string | null} null where it is not well encoded */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** @param {string} text */
const encode = (text) => encodeURIComponent(text).replace(/%(2C|3A|40|2F|3E)/g, (code) => decodeURIComponent(code));

/** @param {string} text */
const brief = (text) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** @param {any} value */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * What a fragment says. Whatever comes in, the state is well formed, and what could not be read is told in words.
 * @param {string} fragment
 * @param {{ params: Record<string, any>, records: readonly any[] }} base the figure's own settings
 * @returns {{ setup: any, step?: number, shown?: any, problems: string[] }} for a player to restore
 */
export function readState(fragment, base) {
  /** @type {string[]} */
  const problems = [];
  /** @type {any} */
  const setup = {};
  /** @type {any} */
  const state = { setup, problems };
  if (fragment.length > MOST_FRAGMENT) {
    problems.push(`it is ${fragment.length} characters long and at most ${MOST_FRAGMENT} are read, so the figure stands as it was published`);
    return state;
  }
  const found = fields(fragment);
  /** @param {string} name @param {(value: any) => boolean} fits @param {string} rule */
  const json = (name, fits, rule) => {
    if (!found.has(name)) return undefined;
    const text = found.get(name) ?? "";
    try {
      const value = JSON.parse(decodeURIComponent(text));
      if (fits(value)) return value;
    } catch {
      // Told below, like any other value that does not fit.
    }
    problems.push(`${name} was “${brief(text)}” and must be ${rule}`);
    return undefined;
  };
  const isList = (/** @type {any} */ value) => Array.isArray(value) && value.length <= MOST_ITEMS;

  if (found.get("v") !== VERSION) problems.push(`v was “${brief(found.get("v") ?? "")}” and only ${VERSION} is known`);
  const step = found.get("s");
  if (step !== undefined) {
    if (/^\d{1,9}$/.test(step)) state.step = Number(step);
    else problems.push(`s was “${brief(step)}” and must be a whole number`);
  }
  const params = json("p", isObject, "an object of parameters");
  if (params) setup.params = { ...base.params, ...params };
  const interventions = json("i", (value) => isList(value) && value.every(isObject), "a list of interventions");
  if (interventions) setup.interventions = interventions;
  const edits = json("e", isList, `a list of at most ${MOST_ITEMS} edits`);
  if (edits) {
    Object.assign(setup, replayEdits(base.records, edits));
    if (setup.edits.length < edits.length) problems.push(`of ${edits.length} edits, only ${setup.edits.length} fit this log`);
  }
  if (found.get("b") === "1") setup.broken = true;
  const shown = found.get("w");
  if (shown === "engineer" || shown === "manager" || shown === "both") state.shown = shown;
  else if (shown !== undefined) problems.push(`w was “${brief(shown)}” and must be engineer, manager or both`);
  for (const name of found.keys()) {
    if (!"v f s m p i e b w o".split(" ").includes(name)) problems.push(`“${brief(name)}” is not known`);
  }
  problems.splice(5);
  return state;
}

/**
 * Puts a player into the state that a fragment says; what could not be used becomes a notice.
 * @param {any} player a Player; its type is not imported, as players import this module
 * @param {string} fragment
 * @param {{ loads: Record<string, () => Promise<any>>, useOwnLog: () => Promise<any> }} means `loads` gives models by id,
 *   `useOwnLog` brings back the reader's own log, if there is one
 */
export async function openState(player, fragment, { loads, useOwnLog }) {
  const wanted = modelOf(fragment) ?? player.scenario.model;
  if (wanted !== player.lesson.model.id && Object.hasOwn(loads, wanted)) player.useModel(await loads[wanted]());
  if (isOwn(fragment)) await useOwnLog();
  else if (player.own) player.useLog(null);
  const state = readState(fragment, player.base());
  if (wanted !== player.lesson.model.id) state.problems.push("m names a model that cannot be shown here");
  if (isOwn(fragment) && !player.own) state.problems.push("it was of a log that only its reader has, so the sample log is shown");
  player.restore(state);
}

/**
 * The fragment of what a player shows, without `#`.
 * @param {any} player a Player; its type is not imported, as players import this module
 * @returns {{ fragment: string, tooLong: boolean }} `tooLong`: the edits did not fit and are left out
 */
export function writeState(player) {
  const { setup, scenario, own, shown, step } = player;
  const base = player.base();
  const same = (/** @type {any} */ a, /** @type {any} */ b) => JSON.stringify(a) === JSON.stringify(b);
  // A text parameter may name a key of the reader's own log.
  const isPublic = (/** @type {string} */ name) =>
    !own || player.lesson.model.params.some((/** @type {any} */ param) => param.name === name && isPlain(param));
  const params = Object.entries(setup.params).filter(([name, value]) => !same(value, base.params[name]) && isPublic(name));
  const edits = JSON.stringify(setup.edits);
  const tooLong = !own && new TextEncoder().encode(edits).length > MOST_EDITS;
  /** @type {[string, string][]} */
  const parts = [["v", VERSION], ["f", scenario.slug], ["s", String(step)]];
  if (player.lesson.model.id !== scenario.model) parts.push(["m", player.lesson.model.id]);
  if (params.length > 0) parts.push(["p", JSON.stringify(Object.fromEntries(params))]);
  if (!own && !same(setup.interventions, base.interventions)) parts.push(["i", JSON.stringify(setup.interventions)]);
  if (!own && setup.edits.length > 0 && !tooLong) parts.push(["e", edits]);
  if (setup.broken) parts.push(["b", "1"]);
  if (shown !== "both") parts.push(["w", shown]);
  if (own) parts.push(["o", "1"]);
  return { fragment: parts.map(([name, value]) => `${name}=${encode(value)}`).join("&"), tooLong };
}

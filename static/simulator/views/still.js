/**
 * What a player shows, as a picture that stands alone: the same in a reader's browser and on the server.
 */
import { writeState } from "../player/address.js";
import { sentence } from "./figure.js";
import { picture } from "./picture.js";

/**
 * @param {any} player
 * @param {string} address of the figure, without a fragment
 * @returns {string} SVG of the step that is shown
 */
export function still(player, address) {
  const { scenario, step, run, own, shown } = player;
  return picture({
    title: player.isScenario ? scenario.title : player.lesson.model.title,
    sentence: sentence(player, player.frame),
    caption: player.isScenario ? scenario.captions : undefined,
    note: `Step ${step} of ${run.length} · ${own ? "a log of the reader’s own" : `sample log ${scenario.log?.slug ?? ""}`}`,
    address: `${address}#${writeState(player).fragment}`,
    frame: player.frame,
    shown,
  });
}

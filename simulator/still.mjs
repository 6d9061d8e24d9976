// Draws a figure as it stands: reads `{ scenario, state, address, models }` as JSON and answers with SVG. `state` is the
// fragment of an address, `address` where the figure lives without one, `models` what the state may name.
import { narrator } from "../static/simulator/narration/narrator.js";
import { figureOf, openState } from "../static/simulator/player/address.js";
import { Player } from "../static/simulator/player/player.js";
import { still } from "../static/simulator/views/still.js";

/** @param {string} id @returns {Promise<any>} a model with its words */
async function lessonOf(id) {
  const [{ model }, { narration }] = await Promise.all([
    import(`../static/simulator/engine/models/${id}.js`),
    import(`../static/simulator/narration/${id}.js`),
  ]);
  return { model, narration, narrate: narrator(narration.sentences) };
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { scenario, state, address, models } = JSON.parse(Buffer.concat(chunks).toString());
const player = new Player(scenario, await lessonOf(scenario.model));
const fragment = state.replace(/^#/, "");
if (fragment.startsWith("v=1") && [scenario.slug, ""].includes(figureOf(fragment) ?? "")) {
  const loads = Object.fromEntries(models.map((/** @type {string} */ id) => [id, () => lessonOf(id)]));
  await openState(player, fragment, { loads, useOwnLog: async () => {} });
}
process.stdout.write(still(player, address));

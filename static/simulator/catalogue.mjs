// Prints what the engine offers as JSON, for those who cannot run it: the server, and the documentation.
import { models } from "./engine/index.js";
import { narrations } from "./narration.js";

/** @param {import("./engine/params.js").Param[]} params */
const defaultsOf = (params) => Object.fromEntries(params.filter((param) => param.default !== undefined).map(({ name, default: value }) => [name, value]));

/** @param {any} listed */
async function describe(listed) {
  const { model } = await import(`./engine/models/${listed.id}.js`);
  const { checks, fidelity } = narrations[listed.id];
  return { ...listed, log: model.log, defaults: defaultsOf(listed.params), checks, fidelity };
}

process.stdout.write(`${JSON.stringify({ models: await Promise.all(models.map(describe)) }, null, 1)}\n`);

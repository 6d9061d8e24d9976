// Judges claims: reads a JSON list of `{ run, claims }` and answers with the verdicts of each, what was found as JSON text.
import { evaluateClaim, simulate } from "../static/simulator/engine/index.js";

const LONGEST = 200;

/** @param {any} value @returns {string} */
function shown(value) {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** @param {{ run: any, claims: any[] }} asked */
function judge({ run: input, claims }) {
  const run = simulate(input);
  return claims.map((claim) => {
    const { holds, problem, found } = evaluateClaim(run, claim);
    return { holds, problem, found: shown(found) };
  });
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
process.stdout.write(JSON.stringify(JSON.parse(Buffer.concat(chunks).toString()).map(judge)));

// Answers questions about the engine, one JSON line each way, until its input ends.
import { createInterface } from "node:readline";
import { evaluateClaim, models, parseLog, simulate } from "../../static/simulator/engine/index.js";
import { murmur2, partitionForKey } from "../../static/simulator/engine/murmur2.js";
import { narrate, narrations } from "../../static/simulator/narration.js";

const outcome = ({ params, length, problems, result, checks }) => ({ params, length, problems, result, checks });

const OPERATIONS = {
  models: () => models,
  simulate: (input) => outcome(simulate(input)),
  frames: (input, steps) => {
    const run = simulate(input);
    return steps.map((step) => run.at(step));
  },
  outcome: (input, step) => simulate(input).outcome(step),
  find: (input, from, codes, direction) => simulate(input).find(from, codes, direction),
  evaluate: (input, claims) => {
    const run = simulate(input);
    return claims.map((claim) => evaluateClaim(run, claim));
  },
  parseLog,
  narrate: (facts, voice) => facts.map((fact) => narrate(fact, voice)),
  codes: () => Object.fromEntries(Object.entries(narrations).map(([id, { sentences }]) => [id, Object.keys(sentences)])),
  murmur2: (key, partitions) => ({ hash: murmur2(key), partition: partitionForKey(key, partitions) }),
};

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { operation, args } = JSON.parse(line);
  let answer;
  try {
    answer = { value: OPERATIONS[operation](...args) };
  } catch (error) {
    answer = { error: String(error?.stack ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

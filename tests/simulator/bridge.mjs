// Answers questions about the engine, one JSON line each way, until its input ends.
import { createInterface } from "node:readline";
import { evaluateClaim, models, parseLog, simulate } from "../../static/simulator/engine/index.js";
import { murmur2, partitionForKey } from "../../static/simulator/engine/partitioner.js";
import { narrate, narrations } from "../../static/simulator/narration.js";
import { picture } from "../../static/simulator/views/picture.js";

const outcome = ({ params, length, problems, result, checks }) => ({ params, length, problems, result, checks });

/** Which of a run's parts can still be changed, looked for through and through. */
function unfrozen(parts) {
  const found = [];
  const open = Object.entries(parts);
  while (open.length > 0) {
    const [path, value] = open.pop();
    if (typeof value !== "object" || value === null) continue;
    if (!Object.isFrozen(value)) found.push(path);
    open.push(...Object.entries(value).map(([name, child]) => [`${path}/${name}`, child]));
  }
  return found;
}

/** Runs an input to its end and back; tells whether that changed it, and what of the run can be changed. */
function probe(input) {
  const before = JSON.stringify(input);
  const run = simulate(input);
  const { params, problems, result, checks, length } = run;
  const parts = { params, problems, result, checks, last: run.at(length), first: run.at(0), middle: run.at(Math.floor(length / 2)), outcome: run.outcome(length) };
  return { changed: JSON.stringify(input) !== before, unfrozen: unfrozen(parts) };
}

/** Codes that two models say in different words. */
function ambiguousCodes() {
  const meanings = new Map();
  for (const { sentences } of Object.values(narrations)) {
    for (const [code, words] of Object.entries(sentences)) meanings.set(code, (meanings.get(code) ?? new Set()).add(words));
  }
  return [...meanings].filter(([, words]) => words.size > 1).map(([code]) => code);
}

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
  picture: (input, step, told) => picture({ ...told, frame: simulate(input).at(step) }),
  probe,
  ambiguousCodes,
  murmur2: (key, partitions) => ({ hash: murmur2(key), partition: partitionForKey(key, partitions) }),
};

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  let answer;
  try {
    const { operation, args } = JSON.parse(line);
    answer = { value: OPERATIONS[operation](...args) };
  } catch (error) {
    answer = { error: String(error?.stack ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

/**
 * Measures the engine; the same in Node and in a browser. Every function takes the engine's module, measures in rounds in
 * which measured and reference take turns, and answers with plain data. Times are in milliseconds.
 */

const ROUNDS = 9;
const RERUN_ROUNDS = 3;
/** Of so many samples one may be slower than the p95: a p95 of few is their slowest. */
const LONG_ROUNDS = 21;
/** The least time of one sample: shorter runs are repeated until they add up to it. */
const SAMPLE = 20;
const KEYS = 1000;

/** @param {number[]} values @param {number} share @returns {number} */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** @param {() => void} work @param {number} times @returns {number} */
function time(work, times) {
  const began = performance.now();
  for (let i = 0; i < times; i++) work();
  return (performance.now() - began) / times;
}

/** @param {any} engine @param {number} count @returns {any[]} orders as `parseLog` reads them */
export function orders(engine, count) {
  const parser = engine.logParser();
  for (let i = 0; i < count; i++) {
    const key = `order-${(i * 7919) % KEYS}`;
    parser.push(`{"offset":${i},"time":${1700000000000 + i},"key":"${key}","type":"OrderChanged","value":{"amount":${i % 97},"step":${i}}}\n`);
  }
  return parser.end().records;
}

/**
 * The fold `latest` to its result, a plain loop into a Map, and that loop with its values handed out as a result is: as a
 * frozen object of frozen copies.
 * @param {any} engine
 * @param {number[]} sizes
 * @returns {{ size: number, fold: number, loop: number, out: number }[]}
 */
export function foldBesideLoop(engine, sizes) {
  const all = orders(engine, Math.max(...sizes));
  return sizes.map((size) => {
    const records = all.slice(0, size);
    const fold = () => engine.simulate({ model: "fold", log: records, params: { fold: "latest" } }).result;
    const loop = () => {
      const state = new Map();
      for (const { key, value } of records) {
        if (value === null) state.delete(key);
        else state.set(key, value);
      }
      return state;
    };
    const out = () => Object.freeze(Object.fromEntries(Array.from(loop(), ([key, value]) => [key, Object.freeze({ ...value })])));
    if (JSON.stringify(fold().state) !== JSON.stringify(out())) throw new Error("the fold and the loop disagree");
    return { size, ...inTurns({ fold, loop, out }) };
  });
}

/** @param {Record<string, () => any>} works @returns {Record<string, number>} the median time of each */
function inTurns(works) {
  const turns = Object.entries(works).map(([name, work]) => ({ name, work, times: repeats(work), samples: [] }));
  for (let round = 0; round < ROUNDS; round++) for (const { work, times, samples } of turns) samples.push(time(work, times));
  return Object.fromEntries(turns.map(({ name, samples }) => [name, quantile(samples, 0.5)]));
}

/** @param {() => void} work @returns {number} how often it must run for one sample; it is warm afterwards */
function repeats(work) {
  time(work, 3);
  return Math.max(1, Math.ceil(SAMPLE / Math.max(0.001, time(work, 3))));
}

/**
 * Runs a model again after each of many changes of a parameter, as the player does: the new run, the frame where the
 * playhead stands, the result and the checks. A model with nothing but texts and structures runs again as it is.
 * @param {any} engine
 * @param {{ model: string, log: any[], params: any, interventions: any[] }[]} settings
 * @returns {{ model: string, records: number, changes: number, p50: number, p95: number }[]}
 */
export function reruns(engine, settings) {
  return settings.map((setting) => {
    const { params } = engine.models.find(({ id }) => id === setting.model);
    const values = params.flatMap((param) => valuesOf(param).map((value) => ({ [param.name]: value })));
    const changes = values.length > 0 ? values : [{}];
    const rerun = (change) => {
      const run = engine.simulate({ ...setting, params: { ...setting.params, ...change } });
      return [run.at(run.length >> 1), run.result, run.checks];
    };
    changes.forEach(rerun);
    const samples = [];
    for (let round = 0; round < RERUN_ROUNDS; round++) for (const change of changes) samples.push(time(() => rerun(change), 1));
    const { model, log } = setting;
    return { model, records: log.length, changes: changes.length, p50: quantile(samples, 0.5), p95: quantile(samples, 0.95) };
  });
}

/**
 * Runs every model once more on a long log with many interventions, of all its kinds in turn and all over the log.
 * @param {any} engine
 * @param {{ settings: any[], interventions: number }} given one setting of each model, with a long log
 * @returns {{ model: string, records: number, interventions: number, p50: number, p95: number }[]}
 */
export function longReruns(engine, { settings, interventions: count }) {
  return settings.map(({ model, log, params }) => {
    const { interventions: kinds } = engine.models.find(({ id }) => id === model);
    const interventions = kinds.length === 0 ? [] : Array.from({ length: count }, (_, i) => {
      const { kind, params: declared } = kinds[i % kinds.length];
      return { kind, at: Math.floor((i * log.length) / count), ...Object.fromEntries(declared.map((param) => [param.name, likely(param)])) };
    });
    const rerun = () => {
      const run = engine.simulate({ model, log, params, interventions });
      return [run.at(run.length >> 1), run.result, run.checks];
    };
    rerun();
    const samples = Array.from({ length: LONG_ROUNDS }, () => time(rerun, 1));
    return { model, records: log.length, interventions: interventions.length, p50: quantile(samples, 0.5), p95: quantile(samples, 0.95) };
  });
}

/** @param {any} param @returns {any} */
function likely({ type, default: standard, min = 0, choices }) {
  return standard ?? { integer: min, number: min, boolean: true, choice: choices?.[0].value }[type] ?? "A";
}

/** @param {any} param @returns {any[]} its ends, its default and values between; nothing for texts and structures */
function valuesOf({ type, default: standard, min = 0, max = 100, choices }) {
  if (type === "boolean") return [true, false];
  if (type === "choice") return choices.map(({ value }) => value);
  if (type !== "integer" && type !== "number") return [];
  const near = (standard ?? min) + (type === "integer" ? 1 : 0.1);
  return [min, max, (min + max) / 2, near, near * 2].map((value) => (type === "integer" ? Math.round(value) : value));
}

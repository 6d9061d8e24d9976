import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";
import { pick as draw } from "../../../static/simulator/engine/partitioner.js";

const KEYS = ["a", "b", "__proto__", "7", null];
const VALUES = [null, 1, 2.5, "x", { amount: 3 }, { amount: null }, [1], { deep: { er: true } }];

test("a result at once has the same bytes as the result at the last step", () => {
  let draws = 0;
  const pick = (list) => list[draw(7, draws++, list.length)];
  for (let round = 0; round < 200; round++) {
    const log = Array.from({ length: round % 40 }, (_, i) => ({ offset: i * 2, time: i, key: pick(KEYS), type: "T", value: pick(VALUES) }));
    const params = { fold: pick(["latest", "count", "sum"]), field: pick([null, "amount"]), from: pick([0, 3]), upTo: pick([undefined, 9]) };
    const run = simulate({ model: "fold", log, params });
    assert.equal(JSON.stringify(run.result), JSON.stringify(run.outcome(run.length).result));
  }
});

test("a log that leaves offsets to their places is read as one that gives them", () => {
  const log = [{ time: 1, key: "a", type: "T", value: 1 }, { time: 2, key: "b", type: "T", value: 2 }];
  const given = log.map((record, offset) => ({ ...record, offset }));
  assert.deepEqual(simulate({ model: "fold", log }).result, simulate({ model: "fold", log: given }).result);
  assert.deepEqual(simulate({ model: "append_log", log }).result, simulate({ model: "append_log", log: given }).result);
  assert.deepEqual(simulate({ model: "fold", log }).problems, []);
});

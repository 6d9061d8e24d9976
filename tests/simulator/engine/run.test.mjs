import assert from "node:assert/strict";
import test from "node:test";
import { models, simulate } from "../../../static/simulator/engine/index.js";
import { createRun, interleave, MAX_STEPS } from "../../../static/simulator/engine/run.js";

/** Counts records; its state is one number that changes in place. */
const counter = {
  id: "counter",
  title: "Counter",
  log: "optional",
  params: [
    { name: "size", type: "integer", default: 3, min: 1, max: 9 },
    { name: "ratio", type: "number", default: 0.5, min: 0, max: 1 },
    { name: "mode", type: "choice", default: "a", choices: [{ value: "a" }, { value: "b" }] },
    { name: "limit", type: "integer", default: null, nullable: true, min: 0 },
    { name: "names", type: "list", default: ["x"], maxItems: 3 },
    { name: "times", type: "numbers", default: [], min: 0 },
    { name: "sizes", type: "map", default: {}, min: 1, max: 5 },
    { name: "groups", type: "lists", default: {} },
    { name: "on", type: "boolean", default: true },
    { name: "place", type: "row", default: null, nullable: true, columns: [{ name: "line", type: "integer", default: 1, min: 0, max: 9 }, { name: "side", type: "choice", default: "a", choices: [{ value: "a" }, { value: "b" }] }] },
    {
      name: "calls", type: "rows", default: [], maxItems: 3,
      columns: [
        { name: "op", type: "choice", choices: [{ value: "put" }, { value: "take" }] },
        { name: "count", type: "integer", default: 1, min: 1, max: 9 },
        { name: "by", type: "string", default: null, nullable: true },
      ],
    },
  ],
  interventions: [{ kind: "poke", params: [{ name: "who", type: "string" }] }],
  plan: interleave,
  start: (input) => ({ input, count: 0, pokes: [] }),
  step(state, action) {
    if (action.intervention) state.pokes.push(action.intervention.who);
    else state.count++;
    return [{ code: action.intervention ? "counter.poked" : "counter.counted", refs: [], data: { at: action.index } }];
  },
  copy: (state) => ({ ...state, pokes: [...state.pokes] }),
  scene: (state) => ({ blocks: [{ kind: "meter", value: state.count }] }),
  result: (state) => ({ count: state.count, pokes: [...state.pokes] }),
  checks: (state) => [{ id: "whole", holds: Number.isInteger(state.count), detail: "" }],
};
const run = (params, interventions, log) => createRun(counter, { params, interventions, log });
const records = (count) => Array.from({ length: count }, (_, i) => ({ offset: i, time: i * 10, key: "k", type: "T", value: i }));
const paths = (one) => one.problems.map(({ path }) => path);

test("a value out of bounds is clamped and the problem names field, value and way out", () => {
  const one = run({ size: 99 });
  assert.equal(one.params.size, 9);
  assert.deepEqual(one.problems, [{ path: "/params/size", message: "size was 99: the most is 9, so 9 is used" }]);
});

test("each type of parameter refuses what is not of it", () => {
  const wrong = { size: "3", ratio: NaN, mode: "c", limit: "none", names: 5, times: {}, sizes: [], groups: [["a"]], on: 1, calls: { op: "put" }, place: "here" };
  const one = run(wrong);
  assert.deepEqual({ ...one.params }, { size: 3, ratio: 0.5, mode: "a", limit: null, names: ["x"], times: [], sizes: {}, groups: {}, on: true, place: null, calls: [] });
  assert.deepEqual(paths(one).sort(), Object.keys(wrong).map((name) => `/params/${name}`).sort());
});

test("structures keep their good entries and report the others by their place", () => {
  const one = run({ names: ["a", "a", 4, "b"], times: [5, -1, "x"], sizes: { t: 9, u: "?" }, groups: { g: ["a", null], h: 3 } });
  assert.deepEqual(one.params.names, ["a"]);
  assert.deepEqual(one.params.times, [5, 0]);
  assert.deepEqual(one.params.sizes, { t: 5 });
  assert.deepEqual(one.params.groups, { g: ["a"] });
  assert.deepEqual(paths(one), ["/params/names", "/params/names/1", "/params/names/2", "/params/times/1", "/params/times/2", "/params/sizes/t", "/params/sizes/u", "/params/groups/g/1", "/params/groups/h"]);
});

test("a row has all its columns, and none where it may be none", () => {
  assert.deepEqual(run({ place: { side: "b" } }).params.place, { line: 1, side: "b" });
  assert.equal(run({ place: null }).params.place, null);
  const one = run({ place: { line: 12, side: "c", colour: 1 } });
  assert.deepEqual(one.params.place, { line: 9, side: "a" });
  assert.deepEqual(paths(one), ["/params/place/colour", "/params/place/line", "/params/place/side"]);
});

test("rows have all their columns, and whatever does not fit is reported by its place", () => {
  const one = run({ calls: [{ op: "put" }, { op: "take", count: 12, by: "A" }, { op: "put", count: "x", size: 2 }] });
  assert.deepEqual(one.params.calls, [{ op: "put", count: 1, by: null }, { op: "take", count: 9, by: "A" }, { op: "put", count: 1, by: null }]);
  assert.deepEqual(paths(one), ["/params/calls/1/count", "/params/calls/2/size", "/params/calls/2/count"]);
});

test("a row without a column that it needs, and what is no row, are left out", () => {
  const one = run({ calls: [{ count: 2 }, "put", { op: "nudge" }, { op: "put" }] });
  assert.deepEqual(one.params.calls, []);
  assert.deepEqual(one.problems, [
    { path: "/params/calls", message: "calls had 4 entries: the most is 3, so the rest is left out" },
    { path: "/params/calls/0/op", message: "op was undefined: it must be one of put, take; it is required, so the row is left out" },
    { path: "/params/calls/1", message: 'calls had "put": it repeats an entry or is none of the right kind, so it is left out' },
    { path: "/params/calls/2/op", message: 'op was "nudge": it must be one of put, take; it is required, so the row is left out' },
  ]);
});

test("a column named like a part of every object is a column only where it is declared", () => {
  const one = run(JSON.parse('{"calls": [{"op": "put", "__proto__": 1, "constructor": 2}]}'));
  assert.deepEqual(one.params.calls, [{ op: "put", count: 1, by: null }]);
  assert.deepEqual(paths(one), ["/params/calls/0/__proto__", "/params/calls/0/constructor"]);
});

test("an unknown parameter is reported", () => {
  assert.deepEqual(paths(run({ sise: 3 })), ["/params/sise"]);
});

test("a key named __proto__ is a key like any other", () => {
  const one = run(JSON.parse('{"sizes": {"__proto__": 2}}'));
  assert.deepEqual(Object.keys(one.params.sizes), ["__proto__"]);
  assert.equal(Object.getPrototypeOf(one.params.sizes), Object.prototype);
});

test("interventions come at their place, in order, and those without a place at the end", () => {
  const one = run({}, [{ kind: "poke", who: "end" }, { kind: "poke", who: "two", at: 2 }, { kind: "poke", who: "zero", at: 0 }], records(4));
  assert.equal(one.length, 7);
  const seen = Array.from({ length: 7 }, (_, i) => one.at(i + 1).facts[0]).map(({ code, data }) => `${code}@${data.at}`);
  assert.deepEqual(seen, ["counter.poked@0", "counter.counted@0", "counter.counted@1", "counter.poked@2", "counter.counted@2", "counter.counted@3", "counter.poked@4"]);
  assert.deepEqual(one.result.pokes, ["zero", "two", "end"]);
});

test("an intervention that cannot be is left out with a problem", () => {
  const one = run({}, [{ kind: "nudge" }, { kind: "poke" }, 7, { kind: "poke", who: "a", at: 99 }], records(2));
  assert.deepEqual(one.result.pokes, ["a"]);
  assert.deepEqual(paths(one), ["/interventions/0/kind", "/interventions/1/who", "/interventions/2/kind", "/interventions/3/at"]);
});

test("any order of steps shows the same frames as a straight replay", () => {
  const log = records(5000);
  const straight = run({}, [], log);
  const jumping = run({}, [], log);
  const steps = [5000, 0, 1, 4999, 63, 64, 65, 2500, 2499, 2500, 3, 5000];
  const expected = new Map();
  for (let i = 0; i <= 5000; i++) if (steps.includes(i)) expected.set(i, JSON.stringify(straight.at(i)));
  for (const i of steps) assert.equal(JSON.stringify(jumping.at(i)), expected.get(i));
});

test("a step outside the run is the nearest one", () => {
  const one = run({}, [], records(3));
  assert.deepEqual([one.at(-5).step, one.at(99).step, one.at(1.7).step, one.at(NaN).step, one.at("x").step], [0, 3, 1, 0, 0]);
});

test("the frame's time is that of the last record", () => {
  const one = run({}, [{ kind: "poke", who: "a", at: 2 }], records(4));
  assert.deepEqual([0, 1, 2, 3, 4, 5].map((i) => one.at(i).time), [0, 0, 10, 10, 20, 30]);
});

test("find tells the nearest step with a fact, in both directions", () => {
  const one = run({}, [{ kind: "poke", who: "a", at: 3 }, { kind: "poke", who: "b", at: 300 }], records(500));
  assert.equal(one.find(0, ["counter.poked"]), 4);
  assert.equal(one.find(4, ["counter.poked"]), 302);
  assert.equal(one.find(302, ["counter.poked"]), -1);
  assert.equal(one.find(502, ["counter.poked"], -1), 302);
  assert.equal(one.find(302, ["counter.poked"], -1), 4);
  assert.equal(one.find(4, ["counter.poked"], -1), -1);
});

test("outcome gives result, checks and scene of any step", () => {
  const one = run({}, [], records(3));
  assert.deepEqual(one.outcome(2), { result: { count: 2, pokes: [] }, checks: [{ id: "whole", holds: true, detail: "" }], scene: { blocks: [{ kind: "meter", value: 2 }] } });
});

test("a run that would be too long stops and says so", () => {
  const endless = { ...counter, plan: () => ({ length: MAX_STEPS + 1, action: () => ({ index: 0, record: {} }) }) };
  const one = createRun(endless, {});
  assert.equal(one.length, MAX_STEPS);
  assert.deepEqual(paths(one), ["/log"]);
});

test("an unknown model is a run of length 0 with a problem", () => {
  for (const model of ["nothing", undefined, null, 5, {}, "__proto__"]) {
    const one = simulate({ model, log: records(2) });
    assert.equal(one.length, 0);
    assert.deepEqual(paths(one), ["/model"]);
    assert.deepEqual(one.at(0), { step: 0, time: 0, facts: [], scene: { blocks: [] } });
  }
});

test("models show their id, title, parameters and interventions, frozen", () => {
  for (const model of models) {
    assert.deepEqual(Object.keys(model), ["id", "title", "params", "interventions"]);
    assert.throws(() => { model.params.push(1); }, TypeError);
  }
});

import assert from "node:assert/strict";
import test from "node:test";
import { evaluateClaim } from "../../../static/simulator/engine/run.js";

const document = {
  result: { list: [1, { a: [2] }], text: "compaction", "a/b~c": 5, nothing: null, holds: true },
  checks: [{ id: "x", holds: false }],
  scene: { blocks: [] },
};
const run = { length: 3, outcome: (step) => (step === 3 ? document : { result: { step }, checks: [], scene: {} }) };
const holds = (path, op, value, at) => evaluateClaim(run, { path, op, value, at }).holds;

test("each operator holds and fails", () => {
  const cases = [
    ["/result/list/0", "eq", 1, 2], ["/result/list", "eq", [1, { a: [2] }], [1]], ["/result/list/0", "ne", 2, 1],
    ["/result/list/0", "lt", 2, 1], ["/result/list/0", "le", 1, 0], ["/result/list/0", "gt", 0, 1], ["/result/list/0", "ge", 1, 2],
    ["/result/list", "contains", { a: [2] }, 9], ["/result/text", "contains", "pact", "tcap"], ["/result", "contains", "text", "toString"],
    ["/result/list", "excludes", 9, 1], ["/result/list", "length", 2, 3], ["/result/text", "length", 10, 9],
    ["/result/nothing", "eq", null, 0], ["/checks/0/holds", "eq", false, true],
  ];
  for (const [path, op, good, bad] of cases) {
    assert.equal(holds(path, op, good), true, `${path} ${op} ${JSON.stringify(good)}`);
    assert.equal(holds(path, op, bad), false, `${path} ${op} ${JSON.stringify(bad)}`);
  }
});

test("numbers are not compared with texts", () => {
  assert.equal(holds("/result/list/0", "lt", "2"), false);
  assert.equal(holds("/result/list/0", "eq", "1"), false);
});

test("a claim is evaluated at its step, otherwise at the end", () => {
  assert.equal(holds("/result/step", "eq", 1, 1), true);
  assert.equal(holds("/result/holds", "eq", true), true);
});

test("pointers unescape, and reach own properties only", () => {
  assert.equal(holds("/result/a~1b~0c", "eq", 5), true);
  for (const path of ["/result/constructor", "/result/list/length", "/result/list/01", "/result/missing", "result", 7, null]) {
    const verdict = evaluateClaim(run, { path, op: "ne", value: 1 });
    assert.equal(verdict.holds, false);
    assert.match(verdict.problem, /nothing is there/);
  }
});

test("a claim that cannot be read fails and says why", () => {
  for (const claim of [null, 5, {}, { path: "/result", op: "is" }, { path: "/result", op: "toString" }, { path: "/result", op: "eq", at: 9 }, { path: "", op: "eq", at: "x" }]) {
    const verdict = evaluateClaim(run, claim);
    assert.equal(verdict.holds, false);
    assert.equal(typeof verdict.problem, "string");
  }
});

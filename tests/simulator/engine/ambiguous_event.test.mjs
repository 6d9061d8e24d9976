import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";

const said = (source, key, amount, type = "OrderCompleted") => ({ key, type, value: { source, amount } });
const TEAMS = ["checkout", "payments", "shipping"];
const about = (key, amount) => TEAMS.map((team) => said(team, key, amount));
const log = [...about("o1", 1000), ...about("o2", 500)];
const run = (params = {}, interventions = [], records = log) => simulate({ model: "ambiguous_event", log: records, params, interventions });
const holds = (one, id) => one.checks.find((item) => item.id === id).holds;
const codes = (one, step) => one.at(step).facts.map(({ code }) => code);
const change = (kind, at, more = {}) => ({ kind, at, ...more });

test("three teams use one word for three moments, and the report triples", () => {
  const one = run();
  assert.deepEqual([one.result.report, one.result.truth, one.result.factor], [{ count: 6, sum: 4500 }, { count: 2, sum: 1500 }, 3]);
  assert.deepEqual([holds(one, "report-agrees"), holds(one, "one-word-one-meaning")], [false, false]);
});

test("the registry accepts all three, since the shape is the same", () => {
  const one = run({ registry: true });
  assert.deepEqual([one.result.published, one.result.refused], [6, []]);
  assert.deepEqual(one.result.report, run({ registry: false }).result.report);
});

test("with a name of its own for each meaning the report agrees", () => {
  const one = run({ names: "own" });
  assert.deepEqual(one.result.report, one.result.truth);
  assert.ok(one.checks.every(({ holds: does }) => does));
});

test("translated at the border the report agrees, and the teams keep their word", () => {
  const one = run({ border: true });
  assert.deepEqual(one.result.report, one.result.truth);
  assert.deepEqual([holds(one, "report-agrees"), holds(one, "one-word-one-meaning")], [true, false]);
});

test("renaming helps from then on; what is in the log keeps its name, even if the report is made again", () => {
  const renames = TEAMS.map((team) => change("rename", 3, { team }));
  assert.deepEqual(run({}, renames).result.report, { count: 4, sum: 3500 });
  assert.deepEqual(run({}, [...renames, change("redraw", 6)]).result.report, { count: 4, sum: 3500 });
});

test("a translation reads the past too, once the report is made again", () => {
  assert.deepEqual(run({}, [change("translate", 3)]).result.report, { count: 4, sum: 3500 });
  assert.deepEqual(run({}, [change("translate", 3), change("redraw", 3)]).result.report, { count: 2, sum: 1500 });
});

test("another word for the same thing changes no figure", () => {
  const one = run({}, [change("reword", 3, { to: "OrderFinished" })]);
  assert.deepEqual(one.result, run().result);
  assert.equal(one.at(4).facts[0].data.report, one.at(3).facts[0].data.report);
  assert.deepEqual(run({}, [change("reword", 3, { to: "OrderFinished" }), change("redraw", 6)]).result.report, run().result.report);
});

test("a team that means something else passes every check of shape, and the translation is out of date", () => {
  const one = run({ border: true }, [change("change-meaning", 3, { team: "payments", to: "PaymentAuthorised" })]);
  assert.deepEqual(one.result.refused, []);
  assert.deepEqual([one.result.report.sum, one.result.truth.sum], [1500, 1000]);
  const told = run({ border: true }, [change("change-meaning", 3, { team: "payments", to: "PaymentAuthorised" }), change("translate", 3)]);
  assert.deepEqual([told.result.report.sum, told.result.truth.sum], [1000, 1000]);
});

test("under a name of its own, a changed meaning shows in the name", () => {
  const one = run({ names: "own" }, [change("change-meaning", 3, { team: "payments", to: "PaymentAuthorised" })]);
  assert.deepEqual([one.result.report, one.result.meanings.PaymentAuthorised], [{ count: 1, sum: 1000 }, { count: 1, sum: 500 }]);
  assert.equal(holds(one, "report-agrees"), true);
});

test("a changed shape is refused by the registry, and read as nothing without it", () => {
  const moved = [change("change-shape", 3, { team: "payments", field: "amount", to: "total" })];
  const checked = run({}, moved);
  assert.deepEqual(checked.result.refused, [{ offset: 4, team: "payments", field: "amount" }]);
  assert.deepEqual(codes(checked, 6), ["shape.refused"]);
  const unchecked = run({ registry: false, border: true }, moved);
  assert.deepEqual([unchecked.result.report, unchecked.result.truth], [{ count: 2, sum: 1000 }, { count: 2, sum: 1500 }]);
  assert.equal(holds(unchecked, "shape-agreed"), false);
});

test("the schema says which fields and JSON types count as its shape", () => {
  const records = [said("payments", "o1", "ten"), said("payments", "o2", null), said("payments", "o3", 5)];
  assert.deepEqual(run({}, [], records).result.refused.map(({ offset }) => offset), [0, 1]);
  assert.deepEqual(run({ schema: {} }, [], records).result.refused, []);
  const odd = run({ schema: { amount: "toString" } }, [], records);
  assert.deepEqual(odd.problems.map(({ path }) => path), ["/params/schema/amount"]);
});

test("events of other types, and teams that nobody explained, are what they are", () => {
  const one = run({}, [], [said("payments", "o1", 5, "ItemAdded"), said("returns", "o1", 7), said(undefined, "o1", 9)]);
  assert.deepEqual(codes(one, 1), ["record.other"]);
  assert.deepEqual(Object.keys(one.result.teams), ["returns"]);
  assert.deepEqual(run({ schema: {} }, [], [said(undefined, "o1", 9)]).result.teams, { "(no team)": { means: "OrderCompleted", count: 1, sum: 9 } });
});

test("more teams than fifty count as one", () => {
  const many = Array.from({ length: 80 }, (_, i) => said(`team-${i}`, "o1", 1));
  const { teams } = run({}, [], many).result;
  assert.equal(Object.keys(teams).length, 48);
  assert.equal(teams["(other teams)"].count, 33);
});

test("amounts beyond reason count as nothing", () => {
  assert.deepEqual(run({}, [], [said("payments", "o1", 1e300)]).result.report, { count: 1, sum: 0 });
});

test("the scene has a lane for each team, and marks a figure that is wrong", () => {
  const [lanes, , figures] = run().at(4).scene.blocks;
  assert.deepEqual(lanes.lanes.map(({ tickets }) => tickets.length), [2, 1, 1]);
  assert.deepEqual(figures.rows[0], { ref: "figure:report", cells: ["report", 4, "35.00"], marks: ["late"] });
});

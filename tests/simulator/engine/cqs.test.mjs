import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";

const draw = { key: "tickets", type: "NextNumber" };
const ask = { key: "tickets", type: "LastNumber" };
const log = [draw, ask, draw, draw, ask];
const run = (interventions = [], params = {}, records = log) => simulate({ model: "cqs", log: records, params, interventions });
const holds = (one, id) => one.checks.find((item) => item.id === id).holds;
const codes = (one, step) => one.at(step).facts.map(({ code }) => code);
const numbers = (one) => one.result.answers.map(({ number }) => number);

test("five times the same query: five times the same answer, and the state is where it was", () => {
  const one = run([{ kind: "repeat", type: "LastNumber", times: 5 }]);
  assert.deepEqual(numbers(one).slice(5), [3, 3, 3, 3, 3]);
  assert.deepEqual(one.result.counters, { tickets: 3 });
});

test("five times nextNumber(): five answers, and the state has moved by five", () => {
  const one = run([{ kind: "repeat", type: "NextNumber", times: 5 }]);
  assert.deepEqual(numbers(one).slice(5), [4, 5, 6, 7, 8]);
  assert.deepEqual(one.result.counters, { tickets: 8 });
  assert.ok(one.checks.every(({ holds: does }) => does), "it is no query, and says so");
});

test("a question that draws moves the state of everybody, and skips a number", () => {
  const one = run([], { operations: { LastNumber: "both", NextNumber: "both" } });
  assert.equal(one.result.movedByQuestions, 2);
  assert.deepEqual(one.result.skipped, [{ series: "tickets", number: 2 }, { series: "tickets", number: 5 }]);
  assert.equal(holds(one, "asking-moves-nothing"), false);
  assert.deepEqual(codes(one, 2), ["question.drew"]);
});

test("asked twice with nothing between, a question that draws answers differently", () => {
  const twice = { kind: "repeat", type: "LastNumber", times: 2 };
  assert.equal(holds(run([twice]), "same-answer-again"), true);
  assert.equal(holds(run([twice], { operations: { LastNumber: "both" } }), "same-answer-again"), false);
});

test("a query whose answer is lost is asked again, and nobody can tell from the state", () => {
  const one = run([{ kind: "lose-answer", at: 1 }]);
  assert.deepEqual(codes(one, 3), ["answer.lost", "query.answered"]);
  assert.deepEqual(one.result.answers[1], { call: 1, operation: "LastNumber", series: "tickets", number: 1, again: true });
  assert.deepEqual(one.result.counters, run().result.counters);
  assert.deepEqual([one.result.executed, one.result.skipped], [6, []]);
});

test("a draw whose answer is lost is carried out a second time, and a number is skipped", () => {
  const one = run([{ kind: "lose-answer", at: 2 }]);
  assert.deepEqual(numbers(one), [1, 1, 3, 4, 4]);
  assert.deepEqual(one.result.skipped, [{ series: "tickets", number: 2 }]);
  assert.equal(holds(one, "no-number-skipped"), false);
});

test("a caller who does not ask again leaves the number to nobody", () => {
  const one = run([{ kind: "lose-answer", at: 0 }], { retry: false });
  assert.deepEqual([one.result.answers.length, one.result.skipped], [4, [{ series: "tickets", number: 1 }]]);
});

test("with an id in the request, the repeat gets the first answer and is not carried out", () => {
  const one = run([{ kind: "lose-answer", at: 2, times: 3 }], { requestIds: true });
  assert.deepEqual(numbers(one), numbers(run()));
  assert.deepEqual([one.result.executed, one.result.lostAnswers], [5, 3]);
  assert.deepEqual(codes(one, 5), ["answer.lost", "answer.remembered"]);
});

test("a repeat that somebody wants is a request of its own, whatever its id", () => {
  assert.deepEqual(run([{ kind: "repeat", type: "NextNumber", times: 3 }], { requestIds: true }).result.counters, { tickets: 6 });
});

test("split in two, a draw gives two callers one number if they come at the same time", () => {
  const together = [{ kind: "overlap", at: 0 }];
  const two = [draw, draw];
  assert.deepEqual(numbers(run(together, { drawing: "one-call" }, two)), [1, 2]);
  const split = run(together, { drawing: "split" }, two);
  assert.deepEqual(numbers(split), [2, 2]);
  assert.deepEqual(split.result.doubled, [{ series: "tickets", number: 2, holders: 2 }]);
  assert.deepEqual(split.result.skipped, [{ series: "tickets", number: 1 }]);
  assert.deepEqual(codes(split, 5), ["number.doubled", "query.answered"]);
});

test("split in two, one after the other, a draw is as good as in one call", () => {
  assert.deepEqual(numbers(run([], { drawing: "split" })), numbers(run()));
});

test("split in two with ids, each caller asks for the number of the own request", () => {
  const one = run([{ kind: "overlap", at: 0 }], { drawing: "split", requestIds: true }, [draw, draw]);
  assert.deepEqual(numbers(one), [1, 2]);
  assert.ok(one.checks.every(({ holds: does }) => does));
});

test("calls that wait for others run when something else happens, or at the end", () => {
  assert.deepEqual(numbers(run([{ kind: "overlap", at: 4, callers: 10 }])), numbers(run()));
  const one = run([{ kind: "overlap", at: 0, callers: 3 }, { kind: "repeat", type: "LastNumber", times: 1, at: 1 }], { drawing: "split" }, [draw, draw]);
  assert.deepEqual(numbers(one), [1, 1, 2]);
});

test("a command answers nothing but that it is done", () => {
  const one = run([], { operations: { NextNumber: "command" } }, [draw]);
  assert.deepEqual([one.result.answers, one.result.counters, one.result.skipped], [[], { tickets: 1 }, []]);
  assert.deepEqual(codes(one, 1), ["number.taken"]);
});

test("series count apart, from the first number on", () => {
  const one = run([], { firstNumber: 100 }, [draw, { ...draw, key: "credit" }, { ...draw, key: null }, draw]);
  assert.deepEqual(one.result.counters, { tickets: 101, credit: 100, "(no series)": 100 });
});

test("an operation that nobody knows does nothing", () => {
  const one = run([], { operations: { NextNumber: "both", LastNumber: "toString" } });
  assert.deepEqual(one.problems.map(({ path }) => path), ["/params/operations/LastNumber"]);
  assert.deepEqual(codes(one, 2), ["operation.unknown"]);
  assert.deepEqual([one.result.calls, one.result.executed], [5, 3]);
});

test("the scene says whether this call changed the state", () => {
  const change = (step) => run().at(step).scene.blocks[0].messages[1];
  assert.deepEqual([change(2).outcome, change(3).outcome], ["unchanged", "changed"]);
  assert.equal(change(3).label.engineer, "state 1 → 2");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { applyEdit } from "../../../static/simulator/player/edits.js";
import { Player } from "../../../static/simulator/player/player.js";
import { lesson, scenario } from "./stub.mjs";

const player = (changes) => new Player(scenario(changes), lesson);
const edit = (one, change) => one.edit(change, applyEdit(one.setup.records, change));

test("a figure starts paused at its step, asking its question", () => {
  const one = player();
  assert.equal(one.step, 2);
  assert.equal(one.playing, false);
  assert.equal(one.isAsking, true);
});

test("showing the answer takes one step and keeps the guess", () => {
  const one = player();
  one.reveal("  seven ");
  assert.equal(one.step, 3);
  assert.equal(one.revealed, true);
  assert.equal(one.guess, "seven");
});

test("playing stops before an unanswered question and goes on after it", () => {
  const one = player();
  one.restart();
  one.play();
  for (let i = 0; i < 20; i++) one.tick();
  assert.equal(one.step, 2);
  assert.equal(one.playing, false);
  one.play();
  for (let i = 0; i < 20; i++) one.tick();
  assert.equal(one.step, one.run.length);
  assert.equal(one.playing, false);
  one.play();
  assert.equal(one.step, 0, "playing at the end begins again");
});

test("seeking stays inside the run whatever it is asked for", () => {
  const one = player();
  for (const [wanted, reached] of [[-5, 0], [99, 6], [Infinity, 6], [NaN, 0], [3.4, 3]]) {
    one.seek(wanted);
    assert.equal(one.step, reached);
  }
});

test("jumping goes to the steps that tell something, then to the ends", () => {
  const one = player();
  one.seek(0);
  one.jump(1);
  assert.equal(one.step, 4);
  one.jump(1);
  assert.equal(one.step, 6);
  one.jump(-1);
  assert.equal(one.step, 4);
  one.jump(-1);
  assert.equal(one.step, 0);
});

test("a parameter changes the run at once and the playhead stays", () => {
  const one = player();
  one.setParam("factor", 3);
  assert.equal(one.step, 2);
  assert.equal(one.run.result.sum, 27);
  assert.equal(one.run.params.factor, 3);
});

test("a value out of bounds is used bounded and told", () => {
  const one = player();
  one.setParam("factor", 99);
  assert.equal(one.run.params.factor, 9);
  assert.match(one.run.problems[0].message, /factor was 99: the most is 9/);
});

test("an intervention happens at the playhead and its step is shown", () => {
  const one = player({ interventions: [] });
  one.seek(4);
  one.intervene({ kind: "clear" });
  assert.deepEqual(one.setup.interventions, [{ at: 4, kind: "clear" }]);
  assert.equal(one.step, 5);
  assert.equal(one.frame.facts[0].code, "sum.cleared");
  one.removeIntervention(0);
  assert.equal(one.run.result.sum, 30);
});

test("interventions before the playhead do not count as records", () => {
  const one = player();
  one.seek(5);
  assert.equal(one.recordsSoFar, 4);
});

test("the break is applied and mended", () => {
  const one = player();
  one.toggleBreak();
  assert.equal(one.run.result.sum, 81);
  assert.equal(one.isChanged, true);
  one.toggleBreak();
  assert.equal(one.run.result.sum, 18);
  assert.equal(one.isChanged, false);
});

test("a parameter that the break holds can still be set: that mends it", () => {
  const one = player();
  one.toggleBreak();
  one.setParam("factor", 4);
  assert.equal(one.setup.broken, false);
  assert.equal(one.run.params.factor, 4);
});

test("a break by an intervention is not listed among the reader's own", () => {
  const one = player({ break: { label: "Clear at the end", intervention: { kind: "clear", at: 5 } } });
  one.toggleBreak();
  assert.equal(one.run.result.sum, 0);
  assert.equal(one.setup.interventions.length, 1);
});

test("every change is undone and redone in turn, and reset can be undone", () => {
  const one = player();
  one.setParam("factor", 3);
  edit(one, ["-", 4]);
  assert.equal(one.run.records.length, 4);
  one.undo();
  assert.equal(one.run.records.length, 5);
  one.undo();
  assert.equal(one.run.params.factor, 2);
  assert.equal(one.canUndo, false);
  one.redo();
  one.redo();
  assert.equal(one.run.records.length, 4);
  one.reset();
  assert.equal(one.isChanged, false);
  one.undo();
  assert.equal(one.run.records.length, 4);
});

test("a new change forgets what was undone", () => {
  const one = player();
  one.setParam("factor", 3);
  one.undo();
  one.setParam("factor", 4);
  assert.equal(one.canRedo, false);
});

test("history is bounded", () => {
  const one = player();
  for (let i = 0; i < 300; i++) one.setParam("factor", 1 + (i % 9));
  let undone = 0;
  for (; one.canUndo; undone++) one.undo();
  assert.equal(undone, 100);
});

test("claims and checks are judged, and fail when the settings no longer give what they say", () => {
  const one = player();
  const states = () => [...one.verdicts.claims, ...one.verdicts.checks].map(({ holds }) => holds);
  assert.deepEqual(states(), [true, true, true]);
  one.setParam("factor", 3);
  assert.deepEqual(states(), [false, true, true]);
  assert.equal(one.verdicts.claims[0].found, 27);
});

test("a reader's own log stands alone: no question, claims, break or interventions of the scenario", () => {
  const one = player();
  const base = [{ offset: 0, time: 0, key: "a", type: "T", value: 7 }];
  one.useLog({ base, records: base, edits: [], name: "mine", problems: [], untold: 0, format: "jsonl" });
  assert.equal(one.run.result.sum, 14, "its parameters stay");
  assert.equal(one.isScenario, false);
  assert.equal(one.isAsking, false);
  assert.deepEqual(one.verdicts.claims, []);
  one.useLog(null);
  assert.equal(one.run.records.length, 5);
  assert.equal(one.isAsking, true);
});

test("another model takes the log along and starts with its own settings", () => {
  const one = player();
  edit(one, ["-", 0]);
  one.useModel({ ...lesson, model: { ...lesson.model, id: "other" } });
  assert.equal(one.run.records.length, 4);
  assert.equal(one.run.params.factor, 1);
  assert.equal(one.isScenario, false);
});

test("listeners hear of changes until they leave", () => {
  const one = player();
  let heard = 0;
  const leave = one.subscribe(() => heard++);
  one.seek(1);
  leave();
  one.seek(2);
  assert.equal(heard, 1);
});

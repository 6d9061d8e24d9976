import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";

const STYLES = ["orchestration", "choreography"];
const STEPS = ["flight", "hotel", "car", "payment", "tickets"];
const log = Array.from({ length: 4 }, (_, i) => ({ offset: i, time: 1000 * i, key: `trip-${i + 1}`, type: "TripRequested", value: { flight: 200, hotel: 300, car: 95 } }));
const run = (params = {}, interventions = [], records = log) => simulate({ model: "saga", log: records, params, interventions });
const codes = (one) => Array.from({ length: one.length }, (_, i) => one.at(i + 1).facts.map(({ code }) => code)).flat();
const told = (one, code) => Array.from({ length: one.length }, (_, i) => one.at(i + 1).facts).flat().filter((fact) => fact.code === code).map(({ data }) => data);
const holds = (one, id) => one.checks.find((item) => item.id === id).holds;
const refuse = (step, name = "trip-2", times = 1) => ({ kind: "refuse", at: 0, step, case: name, times });
const jam = (step, times = 1, name = "trip-2") => ({ kind: "jam", at: 0, step, case: name, times });
const ofTrip2 = (one) => one.result.outcomes["trip-2"];

test("without a failure every case completes, in either style", () => {
  for (const style of STYLES) {
    const one = run({ style });
    assert.deepEqual([one.result.completed, one.result.compensated, one.result.stuck, one.result.open], [4, 0, 0, 0]);
    assert.deepEqual(ofTrip2(one), { status: "completed", done: STEPS, undone: [], left: [] });
    assert.ok(one.checks.every((check) => check.holds));
  }
});

test("a coordinator costs a command and a reply for each step, choreography one event", () => {
  assert.equal(run({ style: "orchestration" }).result.messages, 4 * (1 + 2 * 5));
  assert.equal(run({ style: "choreography" }).result.messages, 4 * 5);
});

test("when the third step fails, the first two are undone in reverse", () => {
  for (const style of STYLES) {
    const one = run({ style }, [refuse("car")]);
    assert.deepEqual(ofTrip2(one), { status: "compensated", done: [], undone: ["flight", "hotel"], left: [] });
    assert.deepEqual(told(one, "saga.step_undone").map(({ step }) => step), ["hotel", "flight"]);
    assert.equal(holds(one, "undone-in-reverse"), true);
    assert.equal(one.result.completed, 3);
  }
});

test("a coordinator commands each compensation; in choreography one event causes the next", () => {
  const commanded = run({ style: "orchestration" }, [refuse("car")]);
  assert.deepEqual([...told(commanded, "saga.turned_back"), ...told(commanded, "saga.undo_commanded")].map(({ undo }) => undo), ["hotel", "flight"]);
  const rippled = run({ style: "choreography" }, [refuse("car")]);
  assert.deepEqual(told(rippled, "saga.step_undone").map(({ event }) => event), ["car-failed", "hotel-undone"]);
});

test("a first step that fails leaves nothing to undo", () => {
  for (const style of STYLES) assert.deepEqual(ofTrip2(run({ style }, [refuse("flight")])), { status: "compensated", done: [], undone: [], left: [] });
});

test("a pivot that fails turns back; a step after it is tried again and never turns back", () => {
  for (const style of STYLES) {
    assert.deepEqual(ofTrip2(run({ style }, [refuse("payment")])).undone, ["flight", "hotel", "car"]);
    const later = run({ style, attempts: 3 }, [refuse("tickets", "trip-2", 2)]);
    assert.equal(ofTrip2(later).status, "completed");
    assert.equal(later.result.retries, 2);
    const given = run({ style, attempts: 3 }, [refuse("tickets", "trip-2", 3)]);
    assert.deepEqual(ofTrip2(given), { status: "stuck", done: STEPS.slice(0, 4), undone: [], left: [] });
    assert.equal(holds(given, "whole-or-amended"), false);
  }
});

test("without a pivot even the last step turns back", () => {
  for (const style of STYLES) assert.equal(ofTrip2(run({ style, pivot: null }, [refuse("tickets")])).status, "compensated");
});

test("a compensation that fails is retried, and after the last attempt left to a person while the others go on", () => {
  for (const style of STYLES) {
    const retried = run({ style, attempts: 3 }, [refuse("car"), jam("hotel", 2)]);
    assert.deepEqual([ofTrip2(retried).undone, retried.result.retries], [["flight", "hotel"], 2]);
    const left = run({ style, attempts: 3 }, [refuse("car"), jam("hotel", 3)]);
    assert.deepEqual(ofTrip2(left), { status: "stuck", done: [], undone: ["flight"], left: ["hotel"] });
  }
});

test("a step without a compensation is left, and the ones before it are undone", () => {
  for (const style of STYLES) {
    assert.deepEqual(ofTrip2(run({ style, irreversible: ["hotel"] }, [refuse("car")])), { status: "stuck", done: [], undone: ["flight"], left: ["hotel"] });
  }
});

test("a compensation costs its fee, so the state is not what it was", () => {
  const { money } = run({ fee: 10 }, [refuse("car")]).result;
  assert.deepEqual(money, { booked: 4 * 500 + 3 * 95, refunded: 450, fees: 50, held: 3 * 595 });
  assert.equal(run({ fee: 0 }, [refuse("car")]).result.money.fees, 0);
});

test("a reader sees a half-done case, and what it saw is undone later", () => {
  for (const style of STYLES) {
    const pace = style === "orchestration" ? 2 : 1;
    const one = run({ style, pace }, [refuse("car", "trip-1"), { kind: "look", at: 2, case: "trip-1" }]);
    assert.deepEqual(one.result.looks, [{ case: "trip-1", after: 2, saw: ["flight", "hotel"], half: true, warned: false, undone: ["flight", "hotel"] }]);
    assert.equal(holds(one, "half-done-unseen"), false);
    assert.equal(holds(one, "seen-stays-true"), false);
  }
});

test("a semantic lock tells the reader, and hides nothing", () => {
  const one = run({ pace: 2, lock: true }, [{ kind: "look", at: 2, case: "trip-1" }]);
  assert.deepEqual([one.result.looks[0].saw, one.result.looks[0].warned], [["flight", "hotel"], true]);
  assert.equal(holds(one, "half-done-unseen"), true);
});

test("looking at a case that has not begun finds nothing", () => {
  const one = run({}, [{ kind: "look", at: 0, case: "trip-1" }, { kind: "look", case: "nobody" }]);
  assert.deepEqual(codes(one).filter((code) => code === "saga.nothing_seen").length, 2);
  assert.deepEqual(one.result.looks, []);
});

const LOYALTY = { kind: "listen", at: 2, listener: "loyalty", on: "car-done", publishes: "points-added" };
const UPGRADES = { kind: "listen", at: 2, listener: "upgrades", on: "points-added", publishes: "car-done" };

test("a listener needs no edit in choreography, and one of the coordinator in orchestration", () => {
  const free = run({ style: "choreography" }, [LOYALTY]);
  assert.deepEqual([free.result.edited, free.result.listeners[0].reactions], [[], 2]);
  const told_ = run({ style: "orchestration" }, [LOYALTY]);
  assert.deepEqual([told_.result.edited, told_.result.listeners[0].reactions], [["coordinator"], 2]);
});

test("two listeners that trigger each other are a circle, which is cut off and shown", () => {
  const one = run({ style: "choreography", limit: 30 }, [LOYALTY, UPGRADES]);
  assert.deepEqual(one.result.circles, [["car-done", "points-added"]]);
  assert.deepEqual(one.result.cut, ["trip-3", "trip-4"]);
  assert.equal(one.result.completed, 4, "services ignore what they have dealt with already");
  assert.equal(holds(one, "no-circle"), false);
  assert.equal(told(one, "saga.circle_cut").length, 2);
  assert.ok(one.at(one.length).scene.blocks.some(({ id }) => id === "circle"));
});

test("a listener that answers itself is a circle of one, and a chain that ends is none", () => {
  const self = run({ style: "choreography" }, [{ ...LOYALTY, publishes: "car-done" }]);
  assert.deepEqual(self.result.circles, [["car-done"]]);
  assert.deepEqual(run({ style: "choreography" }, [LOYALTY, { ...UPGRADES, publishes: "seat-changed" }]).result.circles, []);
});

test("under a coordinator the same two listeners form no circle", () => {
  const one = run({ style: "orchestration" }, [LOYALTY, UPGRADES]);
  assert.deepEqual([one.result.circles, one.result.cut], [[], []]);
});

test("a stopped coordinator stands all cases still; a stopped service only those that need it", () => {
  const stopped = run({ style: "orchestration" }, [{ kind: "stop", at: 2, component: "coordinator" }]);
  assert.deepEqual([stopped.result.completed, stopped.result.open], [2, 2]);
  assert.equal(stopped.result.outcomes["trip-3"].done.length, 0);
  const service = run({ style: "choreography" }, [{ kind: "stop", at: 2, component: "car" }]);
  assert.deepEqual(service.result.outcomes["trip-3"], { status: "open", done: ["flight", "hotel"], undone: [], left: [] });
});

test("a coordinator with durable state goes on after a restart; with its memory gone its open cases are orphans", () => {
  const restart = [{ kind: "stop", at: 2, component: "coordinator" }, { kind: "start", at: 3, component: "coordinator" }];
  assert.equal(run({ pace: 2, memory: "durable" }, restart).result.completed, 4);
  const lost = run({ pace: 2, memory: "volatile" }, restart);
  assert.deepEqual([lost.result.completed, lost.result.stuck], [2, 2]);
  assert.deepEqual(lost.result.outcomes["trip-2"].done, ["flight"]);
  assert.equal(told(lost, "saga.reply_unknown").length, 2);
  assert.equal(lost.result.outcomes["trip-3"].status, "completed", "it asked while the coordinator was down, and waited");
});

test("cases take turns, and a pace of 0 runs each to its end first", () => {
  const order = (pace) => told(run({ pace, steps: ["a", "b"] }), "saga.step_done").map((data) => `${data.case} ${data.step}`).slice(0, 3);
  assert.deepEqual(order(0), ["trip-1 a", "trip-1 b", "trip-2 a"]);
  assert.deepEqual(order(2), ["trip-1 a", "trip-1 b", "trip-2 a"]);
  assert.deepEqual(order(1), ["trip-1 a", "trip-2 a", "trip-1 b"]);
});

test("a key that comes again is a case of its own, and other types ask for none", () => {
  const records = [{ key: "a", type: "Asked" }, { key: "a", type: "Asked" }, { key: null, type: "Asked" }, { key: "a", type: "Paid" }];
  const one = run({ begins: ["Asked"] }, [], records);
  assert.deepEqual(Object.keys(one.result.outcomes), ["a", "a (2)", "#2"]);
  assert.deepEqual(codes(one).filter((code) => code === "saga.record_passed").length, 1);
});

test("what does not exist is refused with a reason", () => {
  const given = [{ kind: "refuse", step: "boat" }, { kind: "stop", component: "nobody" }, { kind: "listen", listener: "car" }];
  assert.deepEqual(run({ pivot: "boat", irreversible: ["boat"] }, given).problems.map(({ path }) => path), [
    "/params/pivot", "/params/irreversible", "/interventions/0/step", "/interventions/1/component", "/interventions/2/listener",
  ]);
  assert.deepEqual(run({ steps: ["a"] }).problems, [], "the default pivot is no mistake of whoever has other steps");
  assert.equal(run({ style: "choreography" }, [{ kind: "stop", component: "coordinator" }]).problems.length, 1);
});

test("no steps are complete at once, and a limit of one message cuts every case off", () => {
  for (const style of STYLES) {
    assert.equal(run({ style, steps: [] }).result.completed, 4);
    const cut = run({ style, limit: 1 });
    assert.equal(cut.result.cut.length, 4);
    assert.equal(cut.result.completed, 0);
  }
});

test("eight listeners that all answer each other stay bounded", () => {
  const many = Array.from({ length: 8 }, (_, i) => ({ kind: "listen", at: 0, listener: `l${i}`, on: "car-done", publishes: "car-done" }));
  const one = run({ style: "choreography", limit: 200 }, many);
  assert.equal(one.problems.length, 2, "six listeners are the most");
  assert.ok(one.result.messages <= 4 * 200);
});

test("a step that is tried again announces no failure", () => {
  for (const style of STYLES) {
    const one = run({ style }, [{ kind: "listen", at: 0, listener: "alarm", on: "tickets-failed" }, refuse("tickets", "trip-2", 2)]);
    assert.equal(one.result.listeners[0].reactions, 0);
  }
});

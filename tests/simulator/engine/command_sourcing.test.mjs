import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";

const command = (key, type, value = {}) => ({ key, type, value });
const log = [
  command("o1", "PlaceOrder", { net: 4000, card: "anna" }),
  command("o2", "PlaceOrder", { net: 2500, card: "ben", atMost: 3000 }),
  command("o1", "ShipOrder"),
  command("o2", "CancelOrder"),
  command("o3", "PlaceOrder", { net: 6000, card: "cleo", atMost: 7000 }),
  command("o3", "ShipOrder"),
];
const replay = { kind: "replay" };
const rate = (percent, at) => ({ kind: "change-rate", percent, ...(at === undefined ? {} : { at }) });
const run = (interventions = [], params = {}, records = log) => simulate({ model: "command_sourcing", log: records, params, interventions });
const holds = (one, id) => one.checks.find((item) => item.id === id).holds;
const codes = (one, step) => one.at(step).facts.map(({ code }) => code);

test("until something is rebuilt, both logs say the same", () => {
  const { result, checks } = run();
  assert.deepEqual(result.eventSourced, result.commandSourced);
  assert.deepEqual(result.eventSourced.orders, { o1: { status: "shipped", gross: 4800 }, o2: { status: "cancelled", gross: 3000 } });
  assert.deepEqual(result.eventSourced.effects, { charges: 2, charged: 7800, refunds: 1, refunded: 3000, parcels: 1 });
  assert.ok(checks.every(({ holds: does }) => does));
});

test("VAT is rounded to whole pence, half up", () => {
  const gross = (net, vatPercent) => run([], { vatPercent }, [command("a", "PlaceOrder", { net })]).result.eventSourced.orders.a.gross;
  assert.deepEqual([gross(1010, 12.5), gross(1020, 12.5), gross(1012, 12.5)], [1136, 1148, 1139]);
});

test("after a change of the rule, events keep the decision and commands redo it", () => {
  const { result } = run([rate(25), replay]);
  assert.equal(result.eventSourced.orders.o1.gross, 4800);
  assert.equal(result.commandSourced.orders.o1.gross, 5000);
});

test("what was accepted is refused, and what was refused accepted, once the rule has changed", () => {
  const up = run([rate(25), replay]).result;
  assert.equal(up.commandSourced.orders.o2, undefined);
  assert.deepEqual(up.differing, ["o1", "o2"]);
  const down = run([rate(10), replay]).result;
  assert.deepEqual(down.commandSourced.orders.o3, { status: "shipped", gross: 6600 });
  assert.deepEqual(down.changed.find((one) => one.command === 4), {
    command: 4, was: { outcome: "over-the-limit", gross: null }, now: { outcome: "accepted", gross: 6600 },
  });
});

test("handling commands again acts outside again, although no rule has changed", () => {
  const one = run([replay]);
  assert.deepEqual(one.result.replays, [{ at: 6, changed: 0, charges: 2, refunds: 1, parcels: 1 }]);
  assert.deepEqual(one.result.chargedAgain, ["o1", "o2"]);
  assert.deepEqual(one.result.eventSourced.effects, run().result.eventSourced.effects);
  assert.deepEqual(["events-keep-decisions", "commands-decide-alike", "events-act-once", "commands-act-once"].map((id) => holds(one, id)), [true, true, true, false]);
});

test("each rebuild acts once more", () => {
  assert.equal(run([replay, replay, replay]).result.commandSourced.effects.charges, 2 * 4);
});

test("with recorded answers a rebuild leaves the outside world alone", () => {
  const one = run([replay], { gateway: "recorded" });
  assert.deepEqual(one.result.commandSourced, one.result.eventSourced);
  assert.equal(holds(one, "commands-act-once"), true);
});

test("a bank that is asked again may say something else; its recorded answer does not change", () => {
  const block = { kind: "block-card", card: "anna" };
  assert.equal(run([block, replay]).result.commandSourced.orders.o1, undefined);
  assert.equal(run([block, replay]).result.changed[0].now.outcome, "card-declined");
  assert.equal(run([block, replay], { gateway: "recorded" }).result.commandSourced.orders.o1.gross, 4800);
});

test("what the bank was never asked has no recorded answer", () => {
  const { changed, commandSourced } = run([rate(10), replay], { gateway: "recorded" }).result;
  assert.equal(changed.find((one) => one.command === 4).now.outcome, "no-answer-kept");
  assert.equal(commandSourced.orders.o3, undefined);
});

test("with rules by date and recorded answers, command sourcing decides as it did", () => {
  const changes = [rate(10, 1), rate(25, 3), { kind: "block-card", card: "anna", at: 4 }, rate(5, 5), replay];
  const one = run(changes, { rulesBy: "date", gateway: "recorded" });
  assert.deepEqual(one.result.changed, []);
  assert.ok(one.checks.every(({ holds: does }) => does));
  assert.notDeepEqual(run(changes, { gateway: "recorded" }).result.changed, []);
});

test("rules by date alone do not keep the bank from being asked", () => {
  const one = run([rate(25), replay], { rulesBy: "date" });
  assert.deepEqual([one.result.changed, one.result.replays[0].charges], [[], 2]);
});

test("after a rebuild the two shops go on apart", () => {
  const one = run([rate(25, 2), { ...replay, at: 2 }]);
  assert.equal(one.result.eventSourced.orders.o2.status, "cancelled");
  assert.equal(one.result.commandSourced.effects.refunds, 0, "it knows of no order to refund");
  assert.deepEqual(codes(one, 8), ["purchase.accepted", "shops.disagreed"]);
});

test("a rebuild shows each command with what either log makes of it", () => {
  const one = run([rate(25), replay]);
  assert.equal(one.length, 6 + 2 + 6);
  assert.deepEqual(codes(one, 9), ["outcome.kept", "decision.changed", "effect.repeated"]);
  assert.deepEqual(codes(one, 14), ["rebuild.finished", "outcome.kept", "decision.repeated"]);
  assert.equal(one.outcome(8).result.eventSourced.orders.o1, undefined, "the state is thrown away first");
});

test("a long rebuild takes several commands in a step", () => {
  const long = Array.from({ length: 1000 }, (_, i) => command(`o${i}`, "PlaceOrder", { net: 100 }));
  const one = run([replay], {}, long);
  assert.equal(one.length, 1000 + 1 + 200);
  assert.deepEqual(codes(one, 1002), ["rebuild.advanced"]);
  assert.equal(one.result.replays[0].charges, 1000);
});

test("an eleventh rebuild is left out and told", () => {
  const one = run(Array.from({ length: 11 }, () => replay));
  assert.equal(one.result.replays.length, 10);
  assert.deepEqual(one.problems.map(({ path }) => path), ["/interventions"]);
});

test("a rebuild of nothing ends at once", () => {
  const one = run([{ ...replay, at: 0 }]);
  assert.deepEqual(codes(one, 1), ["rebuild.began", "rebuild.finished"]);
});

test("commands that say too little are refused with a reason", () => {
  const outcomes = [
    [command(null, "PlaceOrder", { net: 5 }), "no-order-named"], [command("a", "Juggle"), "unknown-command"],
    [command("a", "PlaceOrder", null), "incomplete"], [command("a", "PlaceOrder", { net: "5" }), "incomplete"],
    [command("a", "PlaceOrder", { net: 1e300 }), "incomplete"], [command("a", "ShipOrder"), "no-such-order"],
  ];
  for (const [record, reason] of outcomes) assert.equal(run([], {}, [record]).at(1).facts[0].data.outcome, reason);
});

test("a rule that does not exist is left out and told", () => {
  const one = run([], { rules: { PlaceOrder: "place", ShipOrder: "toString" } });
  assert.deepEqual(one.problems.map(({ path }) => path), ["/params/rules/ShipOrder"]);
  assert.equal(one.at(3).facts[0].data.outcome, "unknown-command");
});

test("the scene shows both states of an order, and marks where they differ", () => {
  const scene = run([rate(25), replay]).at(14).scene;
  const orders = scene.blocks.find(({ id }) => id === "orders");
  assert.deepEqual(orders.rows[0].cells, ["o1", "shipped 48.00", "shipped 50.00", 2]);
  assert.deepEqual(orders.rows[0].marks, ["late"]);
  assert.deepEqual(orders.rows[1].cells, ["o2", "cancelled 30.00", "–", 1]);
});

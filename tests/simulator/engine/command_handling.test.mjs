import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";

let offset;
const commands = (...list) => {
  offset = 0;
  return list.map(([key, type, value = {}]) => ({ offset: offset++, time: 1000 + offset, key, type, value }));
};
const paid = commands(["o1", "PlaceOrder"], ["o1", "AddItem", { sku: "lamp", quantity: 1, price: 4200 }], ["o1", "CapturePayment", { amount: 4200 }], ["o1", "CapturePayment", { amount: 4200 }]);
const lamps = commands(
  ["o1", "PlaceOrder"], ["o2", "PlaceOrder"],
  ["o1", "AddItem", { sku: "lamp", quantity: 1, price: 4200, seenVersion: 0 }], ["o2", "AddItem", { sku: "lamp", quantity: 1, price: 4200, seenVersion: 0 }],
);
const run = (log, params = {}, interventions = []) => simulate({ model: "command_handling", log, params, interventions });
const holds = (one, id) => one.checks.find((item) => item.id === id).holds;
const reasons = (one) => one.result.refusals.map(({ command, reason }) => `${command} ${reason}`);
const twoAtOnce = [{ kind: "collide", at: 2 }];

test("a command that a rule forbids is refused with the reason and leaves no event", () => {
  const one = run(commands(
    ["o1", "ShipOrder"], ["o1", "PlaceOrder"], ["o1", "PlaceOrder"], ["o1", "ShipOrder"], ["o1", "CapturePayment", { amount: 5 }],
    ["o1", "AddItem", { sku: "mug", quantity: 99, price: 950 }], ["o1", "AddItem", { sku: "mug", quantity: 1, price: 950 }], ["o1", "CapturePayment", { amount: 5 }],
    ["o1", "CapturePayment", { amount: 950 }], ["o1", "AddItem", { sku: "mug", quantity: 1, price: 950 }], ["o1", "RefundOrder", { amount: 951 }],
    ["o1", "ShipOrder"], ["o1", "CancelOrder"], ["o1", "Juggle"], [null, "PlaceOrder"], ["o1", "AddItem", { sku: "mug" }],
  ));
  assert.deepEqual(reasons(one), [
    "0 no-such-order", "2 exists-already", "3 not-paid", "4 nothing-to-pay", "5 not-in-stock", "7 wrong-amount", "9 paid-already", "10 more-than-paid",
    "12 shipped-already", "13 unknown-command", "14 no-order-named", "15 shipped-already",
  ]);
  assert.equal(one.result.accepted, 4);
  assert.deepEqual([...new Set(one.result.events.map(({ command }) => command))], [1, 6, 8, 11]);
  assert.ok(one.checks.every((check) => check.holds));
});

test("a cancelled order gives its pieces back", () => {
  const one = run(commands(["o1", "PlaceOrder"], ["o1", "AddItem", { sku: "mug", quantity: 5, price: 1 }], ["o1", "CancelOrder"]));
  assert.deepEqual(one.result.stock.mug, { left: 12, version: 2 });
  assert.equal(one.result.orders.o1.status, "cancelled");
});

test("of two commands that load together one meets a conflict", () => {
  const one = run(paid, {}, twoAtOnce);
  assert.deepEqual(one.result.conflicts, [{ command: 3, on: "order", id: "o1", expected: 2, actual: 3, then: "conflict" }]);
  assert.equal(one.result.orders.o1.paid, 4200);
});

test("a conflict that is decided again is decided on the new state", () => {
  const one = run(paid, { retry: true }, twoAtOnce);
  assert.deepEqual(reasons(one), ["3 paid-already"]);
  assert.equal(one.result.conflicts[0].then, "refused");
  assert.deepEqual(one.at(5).facts.map(({ code }) => code), ["conflict.detected", "command.refused"]);
});

test("without the version check both commands take hold and the customer pays twice", () => {
  const one = run(paid, { versionCheck: false }, twoAtOnce);
  assert.equal(one.result.orders.o1.paid, 8400);
  assert.deepEqual(one.result.broken, [{ rule: "paid-once", id: "o1" }]);
  assert.equal(holds(one, "paid-once"), false);
  assert.equal(one.at(5).facts.at(-1).code, "rule.broken");
});

test("one after the other, two payments need no version check", () => {
  assert.deepEqual(reasons(run(paid, { versionCheck: false })), ["3 paid-already"]);
});

test("two orders that saw the same stock: one conflict with the check, oversold without", () => {
  const checked = run(lamps);
  assert.deepEqual(checked.result.conflicts.map(({ command, id }) => [command, id]), [[3, "lamp"]]);
  assert.equal(checked.result.stock.lamp.left, 0);
  const unchecked = run(lamps, { versionCheck: false });
  assert.equal(unchecked.result.stock.lamp.left, -1);
  assert.equal(holds(unchecked, "never-oversold"), false);
});

test("the check protects nothing outside the aggregate whose version it compares", () => {
  const one = run(lamps, { aggregates: "order" });
  assert.equal(one.result.conflicts.length, 0);
  assert.deepEqual(one.result.broken, [{ rule: "never-oversold", id: "lamp" }]);
});

test("commands on different aggregates do not meet", () => {
  assert.equal(run(lamps.slice(0, 2), {}, [{ kind: "collide", at: 0 }]).result.conflicts.length, 0);
});

test("only the commands that load together see the old state", () => {
  const three = commands(["o1", "PlaceOrder"], ["o1", "AddItem", { sku: "mug", quantity: 1, price: 1 }], ["o1", "AddItem", { sku: "mug", quantity: 1, price: 1 }], ["o1", "AddItem", { sku: "mug", quantity: 1, price: 1 }]);
  assert.deepEqual(run(three, {}, [{ kind: "collide", at: 1 }]).result.conflicts.map(({ command }) => command), [2]);
});

test("a delivery moves the stock and its version", () => {
  const one = run(lamps, {}, [{ kind: "restock", at: 2, article: "lamp", quantity: 1 }]);
  assert.deepEqual(one.result.conflicts.map(({ command, actual }) => [command, actual]), [[2, 1], [3, 1]]);
  assert.equal(one.result.stock.lamp.left, 2);
});

test("a company's own command names are mapped to the rules", () => {
  const one = run([{ key: "o1", type: "OpenBasket" }], { rules: { OpenBasket: "create", Juggle: "throw" } });
  assert.equal(one.result.accepted, 1);
  assert.equal(one.problems[0].path, "/params/rules/Juggle");
});

test("keys such as __proto__ are orders and articles like any other", () => {
  const stock = JSON.parse('{"__proto__": 2}');
  const one = run(commands(["__proto__", "PlaceOrder"], ["__proto__", "AddItem", { sku: "__proto__", quantity: 1, price: 3 }]), { stock });
  assert.equal(Object.getOwnPropertyDescriptor(one.result.stock, "__proto__").value.left, 1);
  assert.equal(Object.getOwnPropertyDescriptor(one.result.orders, "__proto__").value.due, 3);
});

import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";

const log = Array.from({ length: 12 }, (_, i) => ({ offset: i, time: 1000 * i, key: `order-${i}`, type: "OrderPlaced", value: {} }));
const run = (params = {}, interventions = [], records = log) => simulate({ model: "temporal_coupling", log: records, params, interventions });
const stop = (service, at) => ({ kind: "stop", at, service });
const start = (service, at) => ({ kind: "start", at, service });
const codes = (one) => Array.from({ length: one.length }, (_, i) => one.at(i + 1).facts.map(({ code }) => code)).flat();
const holds = (one, id) => one.checks.find((item) => item.id === id).holds;
const reader = (one, id) => one.result.services.find((service) => service.id === id);

test("a caller waits for the sum of the chain, and for one append to the log", () => {
  const one = run({ chain: ["a", "b", "c"], latency: { a: 120, b: 40, log: 5 } });
  assert.deepEqual([one.result.calls.latency, one.result.log.latency], [120 + 40 + 50, 5], "a service that is not named takes 50 ms");
  assert.deepEqual([one.result.calls.answered, one.result.log.appended], [12, 12]);
  assert.ok(one.checks.every((check) => check.holds));
});

test("one stopped service fails every call, and delays nobody but itself in the log", () => {
  const one = run({}, [stop("stock", 4), start("stock", 9)]);
  assert.deepEqual(one.result.calls.lost, [4, 5, 6, 7, 8]);
  assert.deepEqual(one.result.log.lost, []);
  assert.equal(one.outcome(5 + 5).result.services[1].behind, 5);
  assert.equal(one.outcome(5 + 5).result.services[0].behind, 0);
  assert.deepEqual([reader(one, "stock").farthest, reader(one, "stock").behind, one.result.log.handled], [5, 0, 12]);
});

test("calls that failed are gone unless they are made again in time", () => {
  const outage = [stop("stock", 4), start("stock", 9)];
  assert.deepEqual(run({ retries: 3 }, outage).result.calls.lost, [4, 5]);
  const patient = run({ retries: 5 }, outage);
  assert.deepEqual([patient.result.calls.lost, patient.result.calls.answered, patient.result.calls.atOnce], [[], 12, 7]);
  assert.equal(holds(patient, "no-call-lost"), true);
  assert.equal(patient.result.calls.retries, 5 + 4 + 3 + 2 + 1);
});

test("a failure costs the calls before the service that is down, and the timeout", () => {
  const late = run({ chain: ["a", "b"], latency: { a: 30 }, timeout: 700 }, [stop("b", 1)]);
  const early = run({ chain: ["a", "b"], latency: { a: 30 }, timeout: 700 }, [stop("a", 1)]);
  assert.deepEqual([late.result.calls.failsAfter, early.result.calls.failsAfter, run().result.calls.failsAfter], [730, 700, 0]);
});

test("the chain breaks off at the first service that is down", () => {
  const one = run({}, [stop("stock", 2), stop("shipping", 2)]);
  const frame = one.at(one.find(0, ["coupling.call_failed"]));
  const { messages } = frame.scene.blocks.find(({ id }) => id === "calls");
  assert.deepEqual(messages.map(({ to, outcome }) => [to, outcome]), [["to:payment", ""], ["to:stock", "lost"]]);
});

test("availabilities multiply", () => {
  const chain = (n) => Array.from({ length: n }, (_, i) => `s${i}`);
  const expected = (n, each) => run({ chain: chain(n), available: Object.fromEntries(chain(n).map((id) => [id, each])) }).result.calls.expected;
  assert.equal(expected(5, 999), 0.99501);
  assert.equal(expected(2, 900), 0.81);
  assert.equal(expected(1, 990), 0.99);
  assert.equal(expected(0, 990), 1);
});

test("what is measured nears the product when outages are independent", () => {
  const many = Array.from({ length: 20_000 }, (_, i) => ({ ...log[0], offset: i, key: `o-${i}` }));
  const { calls } = run({ chain: ["a", "b", "c"], available: { a: 900, b: 900, c: 900 } }, [], many).result;
  assert.equal(calls.expected, 0.729);
  assert.ok(Math.abs(calls.measured - 0.729) < 0.015, `${calls.measured}`);
  assert.ok(Math.abs(calls.product - calls.measured) < 0.015, `${calls.product}`);
});

test("outages that overlap make the chain better than the product, and outages in turn worse", () => {
  const together = run({ chain: ["a", "b"] }, [stop("a", 0), stop("b", 0), start("a", 6), start("b", 6)]).result.calls;
  const inTurn = run({ chain: ["a", "b"] }, [stop("a", 0), start("a", 6), stop("b", 6)]).result.calls;
  assert.deepEqual([together.product, together.measured], [0.25, 0.5]);
  assert.deepEqual([inTurn.product, inTurn.measured], [0.25, 0]);
});

test("the log is a service too: without it nothing is kept and nothing read", () => {
  const one = run({}, [stop("log", 4), start("log", 7)]);
  assert.deepEqual([one.result.log.lost, one.result.calls.lost], [[4, 5, 6], []]);
  assert.equal(holds(one, "nothing-missing-in-log"), false);
  const kept = run({ retries: 3 }, [stop("log", 4), start("log", 7)]);
  assert.deepEqual([kept.result.log.lost, kept.result.log.appended, kept.result.log.atOnce], [[], 12, 9]);
});

test("a service that is added makes every call longer, and reads the log from its beginning", () => {
  const one = run({ catchUp: 4 }, [{ kind: "extend", at: 6, service: "loyalty" }]);
  assert.equal(one.result.calls.latency, 220 + 50);
  assert.deepEqual([reader(one, "loyalty").position, reader(one, "loyalty").farthest], [12, 3]);
});

test("after the last request the readers catch up, at their pace", () => {
  const one = run({ catchUp: 3 }, [stop("stock", 2), start("stock", 12)]);
  assert.equal(one.outcome(14).result.services[1].behind, 10);
  assert.equal(one.length, 14 + 4);
  assert.deepEqual(codes(one).slice(-4), ["coupling.time_passed", "coupling.time_passed", "coupling.time_passed", "coupling.caught_up"]);
});

test("a service that is never started again stays behind, and the run ends all the same", () => {
  const one = run({ retries: 2 }, [stop("stock", 2)]);
  assert.deepEqual([reader(one, "stock").behind, one.result.calls.waiting], [10, 0]);
  assert.equal(holds(one, "readers-level"), false);
});

test("chance is replayed from the seed, and another seed differs", () => {
  const lost = (seed) => simulate({ model: "temporal_coupling", log, params: { available: { stock: 500 } }, seed }).result.calls.lost;
  assert.deepEqual(lost(1), lost(1));
  assert.notDeepEqual(lost(1), lost(2));
});

test("what does not exist is refused with a reason", () => {
  const given = [stop("nobody", 0), { kind: "extend", at: 0, service: "stock" }];
  assert.deepEqual(run({ chain: ["stock", "log"] }, given).problems.map(({ path }) => path), ["/params/chain", "/interventions/0/service", "/interventions/1/service"]);
  const many = Array.from({ length: 14 }, (_, i) => ({ kind: "extend", at: 0, service: `s${i}` }));
  assert.equal(run({}, many).result.services.length, 12);
});

test("no service at all answers at once, and a service that is never there serves nobody", () => {
  assert.deepEqual([run({ chain: [] }).result.calls.answered, run({ chain: [] }).result.calls.latency], [12, 0]);
  const never = run({ chain: ["a"], available: { a: 0 } });
  assert.deepEqual([never.result.calls.answered, never.result.log.handled], [0, 12], "it is let in once the requests end");
});

import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";

const run = (params, interventions = [], log = []) => simulate({ model: "consumer_group", params, interventions, log });
const assigned = (params, interventions) => run(params, interventions).result.assignment;
const join = (member, at) => ({ kind: "join", member, at });
const leave = (member, at) => ({ kind: "leave", member, at });
const crash = (member, at) => ({ kind: "crash", member, at });
const logOf = (count, keys = 5) => Array.from({ length: count }, (_, i) => ({ time: 1000 + i, key: `order-${(i % keys) + 1}`, type: "T", value: i }));
const holds = (one, id) => one.checks.find((check) => check.id === id).holds;
const codes = (one) => Array.from({ length: one.length }, (_, i) => one.at(i + 1).facts.map(({ code }) => code)).flat();

test("range gives each topic out in contiguous shares", () => {
  assert.deepEqual(assigned({ topics: { t0: 3, t1: 3 }, members: ["C0", "C1"] }), { C0: { t0: [0, 1], t1: [0, 1] }, C1: { t0: [2], t1: [2] } });
  assert.deepEqual(assigned({ topics: { t: 7 }, members: ["a", "b", "c"] }), { a: { t: [0, 1, 2] }, b: { t: [3, 4] }, c: { t: [5, 6] } });
  assert.deepEqual(run({ topics: { t: 3 }, members: ["a", "b", "c", "d", "e"] }).result.idle, ["d", "e"]);
});

test("roundrobin deals all partitions in a circle and passes over who does not subscribe", () => {
  assert.deepEqual(assigned({ topics: { t0: 3, t1: 3 }, members: ["C0", "C1"], assignor: "roundrobin" }), { C0: { t0: [0, 2], t1: [1] }, C1: { t0: [1], t1: [0, 2] } });
  assert.deepEqual(
    assigned({ topics: { t0: 1, t1: 2, t2: 3 }, members: ["C0", "C1", "C2"], assignor: "roundrobin", subscriptions: { C0: ["t0"], C1: ["t0", "t1"] } }),
    { C0: { t0: [0] }, C1: { t1: [0] }, C2: { t1: [1], t2: [0, 1, 2] } },
  );
});

test("sticky balances first and keeps owners then, and everybody stops", () => {
  const { generations } = run({ topics: { t: 6 }, members: ["A", "B"], assignor: "sticky" }, [join("C")]).result;
  assert.deepEqual(generations[0].assignment, { A: { t: [0, 2, 4] }, B: { t: [1, 3, 5] } });
  assert.deepEqual(generations[1], {
    members: ["A", "B", "C"],
    assignment: { A: { t: [0, 2] }, B: { t: [1, 3] }, C: { t: [4, 5] } },
    revoked: { A: { t: [0, 2, 4] }, B: { t: [1, 3, 5] } },
    paused: ["A", "B"],
  });
});

test("where several hold too much, those that Kafka's map lists first keep one more", () => {
  const { generations } = run({ topics: { t: 4 }, members: ["c2", "c3"], assignor: "sticky" }, [join("c4")]).result;
  assert.deepEqual(generations[0].assignment, { c2: { t: [0, 2] }, c3: { t: [1, 3] } });
  assert.deepEqual(generations[1].assignment, { c2: { t: [0] }, c3: { t: [1, 3] }, c4: { t: [2] } });
});

test("sticky with differing subscriptions balances as far as they allow", () => {
  assert.deepEqual(
    assigned({ topics: { t0: 1, t1: 2, t2: 3 }, members: ["C0", "C1", "C2"], assignor: "sticky", subscriptions: { C0: ["t0"], C1: ["t0", "t1"] } }),
    { C0: { t0: [0] }, C1: { t1: [0, 1] }, C2: { t2: [0, 1, 2] } },
  );
});

test("cooperative-sticky withholds what moves for one round, and nobody stops", () => {
  const { generations } = run({ topics: { t: 4 }, members: ["A"], assignor: "cooperative-sticky" }, [join("B")]).result;
  assert.deepEqual(generations.slice(1), [
    { members: ["A", "B"], assignment: { A: { t: [2, 3] }, B: {} }, revoked: { A: { t: [0, 1] } }, paused: [] },
    { members: ["A", "B"], assignment: { A: { t: [2, 3] }, B: { t: [0, 1] } }, revoked: {}, paused: [] },
  ]);
});

test("under a Java leader, a cooperative hand-over moves the highest partitions", () => {
  const { generations } = run({ topics: { t: 4 }, members: ["A"], assignor: "cooperative-sticky", givesUp: "highest" }, [join("B")]).result;
  assert.deepEqual(generations.map(({ assignment }) => assignment), [{ A: { t: [0, 1, 2, 3] } }, { A: { t: [0, 1] }, B: {} }, { A: { t: [0, 1] }, B: { t: [2, 3] } }]);
});

test("a cooperative leave needs one round, as nobody has to give anything up", () => {
  const { generations } = run({ topics: { t: 4 }, members: ["A", "B"], assignor: "cooperative-sticky" }, [leave("B")]).result;
  assert.equal(generations.length, 2);
  assert.deepEqual(generations[1].assignment, { A: { t: [0, 1, 2, 3] } });
  assert.deepEqual(generations[1].revoked, {});
});

test("members and topics sort by code unit, static ids first", () => {
  assert.deepEqual(assigned({ topics: { t: 3 }, members: ["c2", "c10", "B", "a"] }), { B: { t: [0] }, a: { t: [1] }, c10: { t: [2] }, c2: {} });
  assert.deepEqual(assigned({ topics: { t: 2 }, members: ["a", "b", "c"], instances: { c: "z", b: "y" } }), { a: {}, b: { t: [0] }, c: { t: [1] } });
});

test("an intervention that is impossible where it stands is refused", () => {
  const one = run({ members: ["A"] }, [join("A"), leave("B"), crash("A"), leave("A"), join("A")]);
  assert.deepEqual(one.problems.map(({ path }) => path), ["/interventions/0/member", "/interventions/1/member", "/interventions/3/member"]);
  assert.equal(one.result.generations.length, 3);
});

test("a group without members owns nothing and leaves everything waiting", () => {
  const { result, checks } = run({ members: [], topics: { t: 2 } }, [], logOf(6));
  assert.deepEqual(result.assignment, {});
  assert.deepEqual(result.positions.map(({ owner, committed, end, lag }) => owner === null && committed === 0 && end === lag), [true, true]);
  assert.equal(checks.find(({ id }) => id === "all-owned").holds, false);
});

test("in the end, a group that keeps up has read and committed everything once", () => {
  const one = run({ topics: { orders: 3 }, members: ["A", "B"] }, [], logOf(50));
  assert.equal(one.result.positions.reduce((sum, { end }) => sum + end, 0), 50);
  for (const { committed, end, lag } of one.result.positions) assert.deepEqual([committed, lag], [end, 0]);
  assert.ok(one.checks.every((check) => check.holds), JSON.stringify(one.checks));
  assert.equal(codes(one).filter((code) => code === "record.consumed").length, 50);
});

test("keys go to partitions as the producer's murmur2 sends them", () => {
  const one = run({ topics: { orders: 3 }, members: ["A"] }, [], logOf(5, 5));
  assert.deepEqual(one.result.positions.map(({ end }) => end), [2, 1, 2]);
});

test("after a crash, the next owner starts at the committed offset and reads again", () => {
  const one = run({ topics: { orders: 1 }, members: ["A", "B"], recordsPerRead: 1, commitEvery: 4 }, [crash("A", 7)], logOf(12));
  const facts = Array.from({ length: one.length }, (_, i) => one.at(i + 1).facts).flat();
  const again = facts.filter(({ code }) => code === "record.redelivered").map(({ data }) => [data.member, data.offset]);
  assert.deepEqual(again, [["B", 4], ["B", 5], ["B", 6]]);
  assert.equal(facts.find(({ code }) => code === "member.crashed").data.uncommitted, 3);
  assert.equal(holds(one, "read-once"), false);
  assert.equal(holds(one, "none-skipped"), true);
});

test("who leaves in good order commits first, so nothing is read again", () => {
  const one = run({ topics: { orders: 1 }, members: ["A", "B"], recordsPerRead: 1, commitEvery: 4 }, [leave("A", 7)], logOf(12));
  assert.equal(holds(one, "read-once"), true);
});

test("without a commit, the reset rule decides between repeating and skipping", () => {
  const given = (autoOffsetReset) => run({ topics: { orders: 1 }, members: ["A"], recordsPerRead: 1, commitEvery: 0, autoOffsetReset }, [crash("A", 4), join("B", 6)], logOf(8));
  assert.deepEqual([holds(given("latest"), "none-skipped"), holds(given("latest"), "read-once")], [false, true]);
  assert.deepEqual([holds(given("earliest"), "none-skipped"), holds(given("earliest"), "read-once")], [true, false]);
});

test("lag grows when records come faster than they are read, and more members than partitions do not help", () => {
  const lag = (members) => run({ topics: { orders: 1 }, members, recordsPerRead: 3, catchUp: false }, [], logOf(30)).result.positions[0].lag;
  assert.equal(lag(["A"]), 20);
  assert.equal(lag(["A", "B", "C"]), 20);
});

test("a partition without an owner lags behind its committed offset", () => {
  const one = run({ topics: { orders: 1 }, members: ["A"], recordsPerRead: 1, commitEvery: 3, catchUp: false }, [crash("A", 5)], logOf(8));
  assert.deepEqual(one.result.positions, [{ topic: "orders", partition: 0, owner: null, committed: 3, end: 8, lag: 5 }]);
});

test("during a cooperative hand-over, only what moves stands still", () => {
  const one = run({ topics: { orders: 4 }, members: ["A"], assignor: "cooperative-sticky", recordsPerRead: 1 }, [join("B", 10)], logOf(20));
  const step = one.find(one.find(0, ["member.joined"]), ["group.rebalanced"]);
  const { lanes } = one.at(step).scene.blocks[0];
  assert.deepEqual(lanes.map(({ state }) => state === "owner-less"), [true, true, false, false]);
  assert.ok(lanes.every(({ state }) => state !== "stopped"));
});

test("during an eager rebalance, everything that was held stands still", () => {
  const one = run({ topics: { orders: 4 }, members: ["A"], assignor: "range", recordsPerRead: 1 }, [join("B", 10)], logOf(20));
  const step = one.find(one.find(0, ["member.joined"]), ["group.rebalanced"]);
  assert.deepEqual(one.at(step).scene.blocks[0].lanes.map(({ state }) => state), ["stopped", "stopped", "idle", "idle"]);
});

test("several topics share the types of the log among themselves", () => {
  const log = logOf(10).map((record, i) => ({ ...record, type: i % 2 ? "Paid" : "Placed" }));
  const { positions } = run({ topics: { b: 1, a: 1 }, members: ["A"] }, [], log).result;
  assert.deepEqual(positions.map(({ topic, end }) => [topic, end]), [["a", 5], ["b", 5]]);
});

test("the largest group that is allowed is assigned in bounded time", () => {
  const topics = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`t${i}`, 24]));
  const members = Array.from({ length: 32 }, (_, i) => `m${i}`);
  const subscriptions = Object.fromEntries(members.slice(0, 16).map((member, i) => [member, [`t${i % 8}`]]));
  const one = run({ topics, members, subscriptions, assignor: "sticky" }, [leave("m0"), join("m0")]);
  assert.equal(holds(one, "one-owner"), true);
  assert.equal(holds(one, "all-owned"), true);
  assert.ok(one.at(one.length).scene.blocks[0].lanes.length <= 24);
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { simulate } from "../../../static/simulator/engine/index.js";
import { murmur2, partitionForKey } from "../../../static/simulator/engine/partitioner.js";

const vectors = JSON.parse(readFileSync(new URL("../../vectors/murmur2.json", import.meta.url), "utf8")).murmur2;
const logOf = (keys) => keys.map((key, i) => ({ key, type: "T", value: i }));
const run = (keys, params = {}, seed = 1) => simulate({ model: "partitioning", log: logOf(keys), params, seed });
const partitions = (one) => one.result.placements.map(({ partition }) => partition);
const holds = (one, id) => one.checks.find((check) => check.id === id).holds;

test("murmur2 agrees with Kafka's own values", () => {
  for (const { key, hash, partition } of vectors) {
    assert.equal(murmur2(key), hash, JSON.stringify(key));
    for (const [count, expected] of Object.entries(partition)) assert.equal(partitionForKey(key, Number(count)), expected);
  }
});

test("the published partitions of the order keys hold", () => {
  const expected = { "order-1": [1, 2, 4], "order-2": [0, 3, 3], "order-3": [0, 3, 3], "order-4": [2, 2, 2], "order-6": [0, 1, 3] };
  for (const [key, row] of Object.entries(expected)) assert.deepEqual([3, 4, 6].map((count) => partitionForKey(key, count)), row);
});

test("a key stays on its partition, in order", () => {
  const one = run(["order-1", "order-2", "order-1", "order-1"], { partitions: 3 });
  assert.deepEqual(one.result, {
    placements: [{ record: 0, partition: 1, offset: 0 }, { record: 1, partition: 0, offset: 0 }, { record: 2, partition: 1, offset: 1 }, { record: 3, partition: 1, offset: 2 }],
    counts: [1, 3, 0],
    movedKeys: [],
  });
  assert.ok(one.checks.every((check) => check.holds));
});

test("after a resize, keys move, old records stay, and their order is lost", () => {
  const one = run(["order-1", "order-2", "order-4", "order-1", "order-4"], { partitions: 3, resizeAt: 3, resizeTo: 6 });
  assert.deepEqual(partitions(one), [1, 0, 2, 4, 2]);
  assert.deepEqual(one.result.counts, [1, 1, 2, 0, 1, 0]);
  assert.deepEqual(one.result.movedKeys, ["order-1", "order-2"]);
  assert.equal(holds(one, "one-partition-per-key"), false);
});

test("a smaller count is refused, an equal one changes nothing", () => {
  const smaller = run(["a", "b"], { partitions: 6, resizeAt: 1, resizeTo: 3 });
  assert.deepEqual(smaller.problems.map(({ path }) => path), ["/params/resizeTo"]);
  assert.equal(smaller.result.counts.length, 6);
  assert.deepEqual(run(["a", "b"], { partitions: 3, resizeAt: 1, resizeTo: 3 }).result.movedKeys, []);
});

test("a resize after the last record is still one; beyond it, none", () => {
  assert.equal(run(["a"], { resizeAt: 1 }).result.counts.length, 6);
  const beyond = run(["a"], { resizeAt: 2 });
  assert.equal(beyond.result.counts.length, 3);
  assert.deepEqual(beyond.problems.map(({ path }) => path), ["/params/resizeAt"]);
});

test("the empty key is a key, null is none", () => {
  const one = run(["", "", null], { partitions: 12 });
  assert.equal(partitions(one)[0], partitionForKey("", 12));
  assert.equal(one.at(3).facts[0].code, "record.batched");
});

test("unkeyed records stay on one partition for a batch, then go to another", () => {
  const placed = partitions(run(new Array(40).fill(null), { partitions: 5, stickyRecords: 8 }));
  for (let batch = 0; batch < 5; batch++) {
    assert.equal(new Set(placed.slice(batch * 8, batch * 8 + 8)).size, 1);
    if (batch > 0) assert.notEqual(placed[batch * 8], placed[batch * 8 - 1]);
  }
});

test("the seed decides on the sticky partitions", () => {
  const placed = (seed) => partitions(run(new Array(64).fill(null), { partitions: 12, stickyRecords: 1 }, seed)).join();
  assert.equal(placed(7), placed(7));
  assert.notEqual(placed(7), placed(8));
});

test("ignoring keys scatters a key", () => {
  const one = run(new Array(20).fill("order-1"), { partitioner: "ignore-keys", stickyRecords: 4 });
  assert.equal(holds(one, "one-partition-per-key"), false);
  assert.deepEqual(one.result.movedKeys, []);
});

test("keys of any kind are counted apart", () => {
  const keys = ["__proto__", "constructor", "\0", "ключ", "鍵", "__proto__"];
  const one = run(keys, { partitions: 7 });
  assert.deepEqual(partitions(one), keys.map((key) => partitionForKey(key, 7)));
});

test("the scene stays bounded on a long log with many partitions", () => {
  const one = run(Array.from({ length: 5000 }, (_, i) => `k${i}`), { partitions: 64 });
  const { blocks } = one.at(5000).scene;
  const lanes = blocks.find(({ kind }) => kind === "lanes").lanes;
  assert.ok(lanes.every(({ tickets, before, after }, i) => tickets.length <= 60 && before + tickets.length + after === one.result.counts[i]));
  assert.ok(lanes.reduce((sum, { tickets }) => sum + tickets.length, 0) < 500);
  assert.ok(blocks.find(({ kind }) => kind === "table").rows.length <= 40);
});

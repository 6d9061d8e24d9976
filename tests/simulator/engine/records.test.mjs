import assert from "node:assert/strict";
import test from "node:test";
import { freeze, json, normaliseLog, parseTime, show, sizeOf, utf8Length, window } from "../../../static/simulator/engine/records.js";

const normalised = (log) => {
  const problems = [];
  return { records: normaliseLog(log, problems), problems };
};

test("a well-formed log is used as it is", () => {
  const log = [{ offset: 3, time: 5, key: null, type: "T", value: null }, { offset: 9, time: 4, key: "", type: "", value: 0, size: 7 }];
  const { records, problems } = normalised(log);
  assert.equal(records, log);
  assert.deepEqual(problems, []);
});

test("missing fields get their defaults without a problem", () => {
  const { records, problems } = normalised([{ offset: 4, time: 9, key: "a", type: "T", value: 1 }, {}]);
  assert.deepEqual(records[1], { offset: 5, time: 9, key: null, type: "", value: null, size: undefined });
  assert.deepEqual(problems, []);
});

test("wrong fields are amended, each with a problem", () => {
  const { records, problems } = normalised([{ offset: 7 }, { offset: 7, time: "yesterday", key: 5, type: { a: 1 }, size: -1 }]);
  assert.deepEqual(records[1], { offset: 8, time: 0, key: "5", type: '{"a":1}', value: null, size: undefined });
  assert.deepEqual(problems.map(({ path }) => path), ["/log/1/offset", "/log/1/time", "/log/1/key", "/log/1/type", "/log/1/size"]);
});

test("what is no record is left out and told", () => {
  const { records, problems } = normalised([null, 5, [1], { key: "a" }]);
  assert.deepEqual(records.map(({ offset, key }) => [offset, key]), [[0, "a"]]);
  assert.deepEqual(problems.map(({ path }) => path), ["/log/0", "/log/1", "/log/2"]);
});

test("the input stays as it was", () => {
  const log = [{ key: 1 }, 7, { key: "b", value: { deep: [1] } }];
  const before = JSON.stringify(log);
  normalised(log);
  assert.equal(JSON.stringify(log), before);
  assert.equal(Object.isFrozen(log), false);
});

test("problems of a very bad log are bounded and counted", () => {
  const { problems } = normalised(new Array(5000).fill(3));
  assert.equal(problems.length, 101);
  assert.match(problems.at(-1).message, /^4900 more/);
});

test("a size is that of key and value in UTF-8, null counting nothing", () => {
  assert.equal(sizeOf({ key: "é€😀", value: { a: "é" } }), 9 + 10);
  assert.equal(sizeOf({ key: null, value: null }), 0);
  assert.equal(sizeOf({ key: "ab", value: "" }), 4);
  assert.equal(sizeOf({ key: "ab", value: 1, size: 99 }), 99);
});

test("UTF-8 lengths agree with the encoder, lone surrogates included", () => {
  for (const text of ["", "abc", "äöü", "€", "😀", "\ud800", "a\udc00b", "\ud800\ud800\udc00"]) {
    assert.equal(utf8Length(text), new TextEncoder().encode(text).length, JSON.stringify(text));
  }
});

test("times are read in milliseconds or ISO 8601, without a zone as UTC", () => {
  assert.equal(parseTime(5), 5);
  assert.equal(parseTime("2024-01-01"), Date.UTC(2024, 0, 1));
  assert.equal(parseTime("2024-01-01T10:00:00"), Date.UTC(2024, 0, 1, 10));
  assert.equal(parseTime("2024-01-01 10:00:00.123456Z"), Date.UTC(2024, 0, 1, 10, 0, 0, 123));
  assert.equal(parseTime("2024-01-01T10:00:00+0200"), Date.UTC(2024, 0, 1, 8));
  for (const wrong of ["", "now", "2024", "13:00", NaN, Infinity, 9e15, null, {}]) assert.equal(parseTime(wrong), null, show(wrong));
});

test("a JSON copy is frozen, bounded and free of cycles", () => {
  const cyclic = { name: "x" };
  cyclic.self = cyclic;
  const copy = json(cyclic);
  assert.equal(copy.name, "x");
  assert.ok(Object.isFrozen(copy));
  let twin = 1;
  for (let i = 0; i < 60; i++) twin = [twin, twin];
  assert.ok(JSON.stringify(json(twin)).length < 5e6);
  assert.deepEqual(json([undefined, () => 1, NaN, 1n, Symbol("s")]), [null, null, null, null, null]);
});

test("a JSON copy keeps __proto__ as a key", () => {
  const copy = json(JSON.parse('{"__proto__": {"a": 1}}'));
  assert.deepEqual(Object.keys(copy), ["__proto__"]);
});

test("freezing reaches everything below", () => {
  const value = freeze({ a: [{ b: 1 }] });
  assert.throws(() => { value.a[0].b = 2; }, TypeError);
});

test("a window holds the focus and counts what it leaves out", () => {
  const list = Array.from({ length: 100 }, (_, i) => i);
  for (const focus of [0, 5, 50, 99, 500, -3]) {
    const { items, before, after } = window(list, focus, 10);
    assert.equal(items.length, 10);
    assert.equal(before + items.length + after, 100);
    assert.ok(items.includes(Math.min(99, Math.max(0, focus))));
    assert.equal(items[0], before);
  }
  assert.deepEqual(window([1, 2], 0, 10), { items: [1, 2], before: 0, after: 0 });
  assert.deepEqual(window([], 5, 10), { items: [], before: 0, after: 0 });
});

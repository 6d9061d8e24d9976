import assert from "node:assert/strict";
import test from "node:test";
import { logParser, parseLog } from "../../../static/simulator/engine/parse-log.js";

const lines = (...objects) => objects.map((each) => JSON.stringify(each)).join("\n");
const plain = { offset: 0, time: 5, key: "a", type: "T", value: { n: 1 }, size: 8 };

test("a JSON list and JSON Lines give the same records", () => {
  assert.deepEqual(parseLog(JSON.stringify([plain])), { records: [plain], format: "json", problems: [] });
  assert.deepEqual(parseLog(lines(plain)), { records: [plain], format: "jsonl", problems: [] });
});

test("a bad line is skipped and told by its number, blank lines counted", () => {
  const { records, problems } = parseLog('{"key":"a"}\n\n{bad\r\ngarbage\n"text"\n[1]\n{}\n{"key":"b"}');
  assert.deepEqual(records.map(({ key }) => key), ["a", "b"]);
  assert.deepEqual(problems.map(({ line }) => line), [3, 4, 5, 6, 7]);
});

test("a bad first line does not hide the format", () => {
  assert.deepEqual(parseLog('oops\n{"key":"b"}').format, "jsonl");
});

test("in a JSON document, the line is the element's place", () => {
  const { records, problems } = parseLog('[{"key":"a"}, 5,\n {"key":"b"}, {nope}]');
  assert.deepEqual(records.map(({ key }) => key), ["a", "b"]);
  assert.deepEqual(problems.map(({ line }) => line), [2, 4]);
});

test("a JSON document that breaks off keeps what was whole", () => {
  const { records, problems } = parseLog('[{"key":"a"}, {"key":"b');
  assert.deepEqual(records.map(({ key }) => key), ["a"]);
  assert.deepEqual(problems.map(({ line }) => line), [2, 3]);
});

test("text after the end of a list is told", () => {
  assert.deepEqual(parseLog('[{"key":"a"}] and more').problems.map(({ line }) => line), [2]);
});

test("a CloudEvent maps type, subject, time and data, structured or in a batch", () => {
  const event = { specversion: "1.0", id: "1", source: "/s", type: "Placed", subject: "order-1", time: "2024-01-01T00:00:00Z", data: { a: 1 } };
  const expected = { offset: 0, time: Date.UTC(2024, 0, 1), key: "order-1", type: "Placed", value: { a: 1 }, size: 14 };
  for (const text of [JSON.stringify(event), JSON.stringify(event, null, 2), JSON.stringify([event])]) {
    assert.deepEqual(parseLog(text), { records: [expected], format: "cloudevents", problems: [] });
  }
});

test("a CloudEvent of another version is skipped", () => {
  const { records, problems } = parseLog(lines({ specversion: "0.3", type: "T" }, { specversion: "1.0", type: "T" }));
  assert.equal(records.length, 1);
  assert.deepEqual(problems.map(({ line }) => line), [1]);
});

test("a Debezium change is its row after it, a delete a tombstone", () => {
  const { records, format, problems } = parseLog(
    lines(
      { before: null, after: { id: 7, n: 1 }, op: "c", ts_ms: 10 },
      { schema: {}, payload: { before: { id: 7, n: 1 }, after: { id: 7, n: 2 }, op: "u", ts_ms: 11 } },
      { key: { id: 7 }, value: { before: { id: 7 }, after: null, op: "d", ts_ms: 12 } },
      { key: { payload: { a: 1, b: 2 } }, value: { payload: { before: null, after: { a: 1 }, op: "r", ts_ms: 13 } } },
    ),
  );
  assert.equal(format, "debezium");
  assert.deepEqual(problems, []);
  assert.deepEqual(records.map(({ time, key, type, value }) => ({ time, key, type, value })), [
    { time: 10, key: "7", type: "c", value: { id: 7, n: 1 } },
    { time: 11, key: "7", type: "u", value: { id: 7, n: 2 } },
    { time: 12, key: "7", type: "d", value: null },
    { time: 13, key: '{"a":1,"b":2}', type: "r", value: { a: 1 } },
  ]);
});

test("a line of kcat keeps its offset and opens a JSON payload", () => {
  const { records, format } = parseLog(lines({ topic: "t", partition: 0, offset: 40, ts: 9, key: "k", payload: '{"a":1}' }, { topic: "t", partition: 0, offset: 42, ts: 10, key: null, payload: "plain" }, { topic: "t", partition: 0, offset: 43, ts: 11, key: "k", payload: null }));
  assert.equal(format, "kcat");
  assert.deepEqual(records.map(({ offset, time, key, value }) => [offset, time, key, value]), [[40, 9, "k", { a: 1 }], [42, 10, null, "plain"], [43, 11, "k", null]]);
});

test("CSV reads its header, quotes, line ends within quotes, and JSON in values", () => {
  const { records, format, problems } = parseLog('time,key,type,value\r\n2024-01-01,"a ""b""\nc",T,"{""x"":1}"\r\n5,7,,\r\n6,k,T,text\r\n');
  assert.equal(format, "csv");
  assert.deepEqual(problems, []);
  assert.deepEqual(records.map(({ time, key, type, value }) => [time, key, type, value]), [[Date.UTC(2024, 0, 1), 'a "b"\nc', "T", { x: 1 }], [5, "7", "", null], [6, "k", "T", "text"]]);
});

test("CSV without a value column makes its other columns the value", () => {
  assert.deepEqual(parseLog("key;amount;city\na;5;\n").records[0].value, { amount: 5, city: null });
});

test("CSV tells rows of another width, open quotes and columns that it leaves out", () => {
  const { records, problems } = parseLog('key,value,extra\na,1,x\nb,2\nc,3,y\n"d,4,z\n');
  assert.deepEqual(records.map(({ key }) => key), ["a", "c"]);
  assert.deepEqual(problems.map(({ line }) => line), [1, 3, 5]);
});

test("a byte order mark is no part of the log", () => {
  assert.equal(parseLog('\uFEFF{"key":"a"}').records[0].key, "a");
  assert.equal(parseLog("\uFEFFkey,value\na,1").records[0].key, "a");
});

test("duplicate and falling offsets are amended, and each is told", () => {
  const { records, problems } = parseLog(lines({ offset: 5 }, { offset: 5 }, { offset: 2 }, { offset: 9 }));
  assert.deepEqual(records.map(({ offset }) => offset), [5, 6, 7, 9]);
  assert.deepEqual(problems.map(({ line }) => line), [2, 3]);
});

test("a key that is no text is made one, and told", () => {
  const { records, problems } = parseLog(lines({ key: 12 }, { key: ["a"] }, { key: "12" }));
  assert.deepEqual(records.map(({ key }) => key), ["12", '["a"]', "12"]);
  assert.deepEqual(problems.map(({ line }) => line), [1, 2]);
});

test("fields that a record does not have are told", () => {
  assert.match(parseLog('{"key":"a","colour":"red"}').problems[0].message, /"colour"/);
});

test("unknown text gives no record and one problem", () => {
  for (const text of ["", "  \n ", "Dear diary,\ntoday", "\0\0\0", "<log/>", undefined, null, 5]) {
    const { records, format, problems } = parseLog(text);
    assert.deepEqual([records.length, format, problems.length], [0, "unknown", 1]);
  }
});

test("deep nesting is refused before it can overflow a stack", () => {
  const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
  for (const text of [`{"key":"a","value":${deep}}`, `[{"key":"a","value":${deep}}]`, deep, "[".repeat(10_000), "{".repeat(10_000)]) {
    const { records, problems } = parseLog(text);
    assert.equal(records.length, 0);
    assert.match(problems[0].message, /nested deeper/);
  }
  const kcat = parseLog(lines({ topic: "t", offset: 0, payload: deep }));
  assert.equal(kcat.records[0].value, deep);
});

test("problems are bounded, and the rest is counted", () => {
  const { problems } = parseLog("{}\n".repeat(12_000));
  assert.equal(problems.length, 10_001);
  assert.match(problems.at(-1).message, /^2000 more/);
  assert.equal(problems.at(-1).line, 10_001);
});

test("a text in pieces gives what the whole gives, wherever it is cut", () => {
  const texts = [
    lines(plain, { key: "b", value: "x\ny" }, { key: "é😀" }),
    JSON.stringify([plain, { key: 'q"\\', value: [1, { a: "]" }] }], null, 1),
    'key,value\na,"1\n2"\r\nb,3',
    JSON.stringify({ specversion: "1.0", type: "T", data: { a: 1 } }, null, 2),
    "no log\nat all",
  ];
  for (const text of texts) {
    const whole = parseLog(text);
    for (let size = 1; size <= 7; size++) {
      const parser = logParser();
      for (let i = 0; i < text.length; i += size) parser.push(text.slice(i, i + size));
      assert.deepEqual(parser.end(), whole);
    }
  }
});

test("pieces of a long log are read as they come", () => {
  const parser = logParser();
  for (let i = 0; i < 20_000; i++) parser.push(`{"key":"k${i % 10}","value":${i}}\n`);
  assert.ok(parser.count > 10_000);
  assert.equal(parser.end().records.length, 20_000);
});

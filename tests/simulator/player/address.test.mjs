import assert from "node:assert/strict";
import { test } from "node:test";

import { figureOf, openState, readState, writeState } from "../../../static/simulator/player/address.js";
import { applyEdit } from "../../../static/simulator/player/edits.js";
import { Player } from "../../../static/simulator/player/player.js";
import { lesson, scenario } from "./stub.mjs";

const player = (changes) => new Player(scenario(changes), lesson);
const edit = (one, change) => one.edit(change, applyEdit(one.setup.records, change));
const restored = (fragment) => {
  const one = player();
  one.restore(readState(fragment, one.base()));
  return one;
};

test("an untouched figure has a short address", () => {
  assert.equal(writeState(player()).fragment, "v=1&f=adding-up&s=2");
});

test("everything that a reader changed comes back as the same frame", () => {
  const one = player();
  one.setParam("factor", 5);
  one.setParam("only", "k1 & é=“x”");
  one.setParam("extras", [{ amount: 40, why: "a, b & c" }, { amount: 1, why: "=" }]);
  edit(one, ["+", 5, { time: 9, key: "клюв", type: "Added", value: { n: [1, "#&=%"] } }]);
  edit(one, [">", 0, 3]);
  edit(one, ["-", 1]);
  one.intervene({ kind: "clear" });
  one.toggleBreak();
  one.seek(5);
  one.show("manager");
  const { fragment, tooLong } = writeState(one);
  assert.equal(tooLong, false);
  const other = restored(`#${fragment}`);
  assert.deepEqual(other.notices, []);
  assert.equal(JSON.stringify(other.frame), JSON.stringify(one.frame));
  assert.equal(JSON.stringify(other.run.result), JSON.stringify(one.run.result));
  assert.equal(other.shown, "manager");
  assert.equal(writeState(other).fragment, fragment);
});

test("removed interventions stay removed", () => {
  const one = player();
  one.removeIntervention(0);
  assert.equal(restored(writeState(one).fragment).run.length, 5);
});

test("edits beyond 4 kB are left out and told", () => {
  const one = player();
  edit(one, ["=", 0, { key: "k", type: "T", value: "é".repeat(2100) }]);
  const { fragment, tooLong } = writeState(one);
  assert.equal(tooLong, true);
  assert.doesNotMatch(fragment, /&e=/);
});

test("nothing of a reader's own log is written", () => {
  const one = player();
  const base = [{ offset: 0, time: 0, key: "secret-key", type: "SecretType", value: "secret-value" }];
  one.useLog({ base, records: base, edits: [], name: "secret-name", problems: [], untold: 0, format: "jsonl" });
  edit(one, ["=", 0, { key: "secret-key", type: "SecretType", value: "secret-edit" }]);
  one.setParam("only", "secret-key");
  one.setParam("extras", [{ amount: 2, why: "secret" }]);
  one.intervene({ kind: "clear", note: "secret" });
  one.setParam("remark", { text: "secret" });
  one.setParam("range", { from: 3 });
  one.setParam("factor", 4);
  const { fragment } = writeState(one);
  assert.doesNotMatch(fragment, /secret/i);
  assert.deepEqual(JSON.parse(decodeURIComponent(/p=([^&]*)/.exec(fragment)?.[1] ?? "")), { factor: 4, range: { from: 3 } });
  assert.match(fragment, /&o=1$/);
});

test("junk falls back to the figure's own settings, with a notice, and never throws", () => {
  const junk = [
    "v=1&f=adding-up&s=abc", "v=1&f=adding-up&s=-3", "v=1&f=adding-up&p=%7B", "v=1&f=adding-up&p=%", "v=1&f=adding-up&p=[1]", "v=1&f=adding-up&i=7",
    "v=1&f=adding-up&i=[1,2]", "v=1&f=adding-up&e={}", "v=1&f=adding-up&e=[[\"-\",99]]", "v=1&f=adding-up&w=robot", "v=1&f=adding-up&zzz=1", "v=12&f=adding-up", "v=1junk",
    `v=1&f=adding-up&p=${"[".repeat(10_000)}`, `v=1&${"x".repeat(2_000_000)}`, "v=1&f=adding-up&s=999999",
    "v=1&f=adding-up&p={%22__proto__%22:{%22polluted%22:1}}".replace("p=", "q="), "v=1&f=adding-up&e=[[\"=\",0]]", "v=1&&&===&",
  ];
  for (const fragment of junk) {
    const one = restored(fragment);
    assert.equal(one.notices.length, 1, fragment.slice(0, 60));
    assert.ok(one.notices[0].length < 500, "a notice is short");
    assert.equal(one.run.records.length, 5);
    assert.equal(one.run.params.factor, 2);
    assert.ok(one.step <= one.run.length);
  }
});

test("a parameter named like a prototype changes no prototype", () => {
  const one = restored("v=1&f=adding-up&p={%22__proto__%22:{%22polluted%22:1},%22factor%22:3}");
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
  assert.equal(one.run.params.factor, 3);
});

test("values out of bounds are bounded by the run, which says so", () => {
  const one = restored("v=1&f=adding-up&p={%22factor%22:5000}");
  assert.equal(one.run.params.factor, 9);
  assert.equal(one.run.problems.length, 1);
});

test("the figure of an address is found, or null where it is damaged", () => {
  assert.equal(figureOf("#v=1&f=adding-up&s=2"), "adding-up");
  assert.equal(figureOf("#v=1&f=%E0%A4%A"), null);
});

test("an address is opened with the model that it names, or says that there is none", async () => {
  const one = new Player(scenario(), lesson);
  const loads = { another: async () => ({ ...lesson, model: { ...lesson.model, id: "another" } }) };
  await openState(one, "#v=1&f=adding-up&m=another&s=2", { loads, useOwnLog: async () => {} });
  assert.equal(one.lesson.model.id, "another");
  assert.equal(one.step, 2);
  await openState(one, "#v=1&f=adding-up&m=__proto__", { loads, useOwnLog: async () => {} });
  assert.match(one.notices[0], /m names a model that cannot be shown here/);
});

test("an address of a log that only its reader has brings that log back, or says that it is not here", async () => {
  const one = new Player(scenario(), lesson);
  let asked = 0;
  const useOwnLog = async () => { asked += 1; };
  await openState(one, "#v=1&f=adding-up&s=1&o=1", { loads: {}, useOwnLog });
  assert.equal(asked, 1);
  assert.match(one.notices[0], /a log that only its reader has/);
  await openState(one, "#v=1&f=adding-up&s=1", { loads: {}, useOwnLog });
  assert.equal(asked, 1);
});

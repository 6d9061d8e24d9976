import assert from "node:assert/strict";
import { test } from "node:test";
import { picture } from "../../../static/simulator/views/picture.js";

const ticket = (offset) => ({ ref: `record:${offset}`, offset, key: "a", type: "t" });
const drawn = (lane) => picture({
  title: "T", sentence: { engineer: "E", manager: "M" }, note: "N", address: "A", shown: "engineer",
  frame: { facts: [], scene: { blocks: [{ kind: "lanes", id: "l", lanes: [{ id: "l", label: "lane", ...lane }] }] } },
});

test("a marker stands where it stands in the figure: among the tickets, and not before those that are left out", () => {
  const markers = [{ id: "old", offset: 3, label: "long ago" }, { id: "here", offset: 11, label: "just here" }];
  const svg = drawn({ before: 10, tickets: [ticket(10), ticket(11)], markers });
  assert.ok(!svg.includes("long ago"));
  const [before, first, marker, second] = ["10 before", ">10<", "▸ just here", ">11<"].map((text) => svg.indexOf(text));
  assert.ok(0 < before && before < first && first < marker && marker < second);
});

test("an empty lane says so, and keeps its markers", () => {
  assert.ok(drawn({ tickets: [] }).includes(">empty<"));
  const svg = drawn({ tickets: [], markers: [{ id: "end", offset: 0, label: "the end" }] });
  assert.ok(svg.includes("▸ the end") && !svg.includes(">empty<"));
});

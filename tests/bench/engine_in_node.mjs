// Runs a function of engine.mjs in Node: `node engine_in_node.mjs NAME`, with its input and its answer as JSON.
import { readFileSync } from "node:fs";
import * as engine from "../../static/simulator/engine/index.js";
import * as bench from "./engine.mjs";

process.stdout.write(JSON.stringify(bench[process.argv[2]](engine, JSON.parse(readFileSync(0, "utf8")))));

/**
 * The whole engine for scripts, tests and other sites: every model, `simulate`, `parseLog` and `evaluateClaim`. It touches no
 * DOM, clock, network or storage. A page that shows one model loads `run.js` and that model only.
 */
import { model as appendLog } from "./models/append_log.js";
import { model as addressing } from "./models/addressing.js";
import { model as commandHandling } from "./models/command_handling.js";
import { model as fold } from "./models/fold.js";
import { model as commandSourcing } from "./models/command_sourcing.js";
import { model as cqs } from "./models/cqs.js";
import { model as cqrs } from "./models/cqrs.js";
import { model as partitioning } from "./models/partitioning.js";
import { model as consumerGroup } from "./models/consumer_group.js";
import { model as retention } from "./models/retention.js";
import { model as compaction } from "./models/compaction.js";
import { model as delivery } from "./models/delivery.js";
import { model as idempotentProducer } from "./models/idempotent_producer.js";
import { model as transactions } from "./models/transactions.js";
import { model as windowing } from "./models/windowing.js";
import { model as saga } from "./models/saga.js";
import { model as outbox } from "./models/outbox.js";
import { model as deadLetter } from "./models/dead_letter.js";
import { model as temporalCoupling } from "./models/temporal_coupling.js";
import { model as stateStore } from "./models/state_store.js";
import { model as changeCapture } from "./models/change_capture.js";
import { model as ambiguousEvent } from "./models/ambiguous_event.js";
import { createRun, describe } from "./run.js";
import { show } from "./records.js";

/** @type {import("./run.js").Model[]} */
const MODELS = /** @type {any} literals such as "integer" have widened to string in the modules */ ([
  appendLog,
  addressing,
  commandHandling,
  fold,
  commandSourcing,
  cqs,
  cqrs,
  partitioning,
  consumerGroup,
  retention,
  compaction,
  delivery,
  idempotentProducer,
  transactions,
  windowing,
  saga,
  outbox,
  deadLetter,
  temporalCoupling,
  stateStore,
  changeCapture,
  ambiguousEvent,
]);

/** Every model: `{ id, title, params, interventions }`. */
export const models = Object.freeze(MODELS.map(describe));

/**
 * Runs a model by its id. The input is never changed and junk never throws: an unknown model is a run of length 0 with a
 * problem.
 * @param {any} [input] `{ model, log, params, interventions, seed }`
 * @returns {import("./run.js").Run}
 */
export function simulate(input) {
  const id = input?.model;
  return createRun(MODELS.find((model) => model.id === id) ?? unknownModel(id), input);
}

/** @param {any} id @returns {import("./run.js").Model} */
function unknownModel(id) {
  return {
    id: "unknown",
    title: "Unknown",
    log: "optional",
    params: [],
    interventions: [],
    prepare(input) {
      const message = `model was ${show(id)}: it must be one of ${MODELS.map((model) => model.id).join(", ")}`;
      return { ...input, log: [], problems: [{ path: "/model", message }] };
    },
    plan: () => ({ length: 0, action: () => ({}) }),
    start: () => ({}),
    step: () => [],
    copy: (state) => state,
    scene: () => ({ blocks: [] }),
    result: () => ({}),
    checks: () => [],
  };
}

export { evaluateClaim } from "./run.js";
export { logParser, parseLog } from "./parse-log.js";

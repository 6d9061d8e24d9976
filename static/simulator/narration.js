/**
 * The sentences of every model, for scripts and tests. A page loads the narration of its model only.
 */
import { narration as appendLog } from "./narration/append_log.js";
import { narration as addressing } from "./narration/addressing.js";
import { narration as commandHandling } from "./narration/command_handling.js";
import { narration as fold } from "./narration/fold.js";
import { narration as commandSourcing } from "./narration/command_sourcing.js";
import { narration as cqs } from "./narration/cqs.js";
import { narration as cqrs } from "./narration/cqrs.js";
import { narration as partitioning } from "./narration/partitioning.js";
import { narration as consumerGroup } from "./narration/consumer_group.js";
import { narration as retention } from "./narration/retention.js";
import { narration as compaction } from "./narration/compaction.js";
import { narration as delivery } from "./narration/delivery.js";
import { narration as idempotentProducer } from "./narration/idempotent_producer.js";
import { narration as transactions } from "./narration/transactions.js";
import { narration as windowing } from "./narration/windowing.js";
import { narration as saga } from "./narration/saga.js";
import { narration as outbox } from "./narration/outbox.js";
import { narration as deadLetter } from "./narration/dead_letter.js";
import { narration as temporalCoupling } from "./narration/temporal_coupling.js";
import { narration as stateStore } from "./narration/state_store.js";
import { narration as changeCapture } from "./narration/change_capture.js";
import { narration as ambiguousEvent } from "./narration/ambiguous_event.js";
import { narrator } from "./narration/narrator.js";

/** Each model's narration by the model's id: `{ sentences, telling, checks, fidelity }`. */
export const narrations = Object.freeze({
  append_log: appendLog,
  addressing,
  command_handling: commandHandling,
  fold,
  command_sourcing: commandSourcing,
  cqs,
  cqrs,
  partitioning,
  consumer_group: consumerGroup,
  retention,
  compaction,
  delivery,
  idempotent_producer: idempotentProducer,
  transactions,
  windowing,
  saga,
  outbox,
  dead_letter: deadLetter,
  temporal_coupling: temporalCoupling,
  state_store: stateStore,
  change_capture: changeCapture,
  ambiguous_event: ambiguousEvent,
});

/**
 * One sentence that says a fact in a voice, or an empty text for a code that no model has.
 * @type {(fact: { code: string, data?: any }, voice: "engineer" | "manager") => string}
 */
export const narrate = narrator(Object.assign({}, ...Object.values(narrations).map(({ sentences }) => sentences)));

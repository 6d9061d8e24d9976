/**
 * The picture of the model `transactions`: the log with its markers and where it is stable, what a `read_committed` reader has,
 * how the last operation went, and how each producer stands.
 */
import { countBefore, window } from "./records.js";
import { isCommitted } from "./transaction_log.js";

const TICKETS = 20;
const READ = 12;
const PRODUCERS = 10;
const WORDS = {
  open: { engineer: "open", manager: "not sealed" },
  commit: { engineer: "committed", manager: "counts" },
  abort: { engineer: "aborted", manager: "void" },
  plain: { engineer: "no transaction", manager: "no bundle" },
};
const REFUSED = {
  "no-id": { engineer: "INVALID_TXN_STATE", manager: "you name no post" },
  "no-init": { engineer: "INVALID_TXN_STATE", manager: "you hold no post here" },
  fenced: { engineer: "INVALID_PRODUCER_EPOCH", manager: "somebody else holds your post" },
  open: { engineer: "INVALID_TXN_STATE", manager: "your bundle is open already" },
  "no-begin": { engineer: "INVALID_TXN_STATE", manager: "you have no open bundle" },
};

/** @param {any} state of the model `transactions` */
export function scene(state) {
  const { turns } = state.input.transacted;
  const turn = state.done === 0 ? null : turns[state.done - 1];
  const { end, stable } = turn ?? { end: 0, stable: 0 };
  const written = state.input.transacted.written.slice(0, countBefore(state.input.transacted.written, ({ base }) => base < end));
  /** @type {any[]} */
  const blocks = [lanes(state, turn, written, end, stable)];
  if (turn !== null) blocks.push(exchange(turn));
  blocks.push(producers(state, turn));
  if (stable < end) blocks.push(waiting(written, end, stable));
  return { blocks };
}

function lanes(state, turn, written, end, stable) {
  const offsets = { length: end, slice: (from, to) => Array.from({ length: Math.min(to, end) - from }, (_, i) => from + i) };
  const focus = turn?.written ? turn.written.base + Math.min(turn.written.count, 8) - 1 : end - 1;
  const all = window(offsets, focus, TICKETS);
  const draw = (offset) => ticket(state, turn, written[countBefore(written, ({ base }) => base <= offset) - 1], offset, stable);
  const given = committed(written, stable);
  const read = window(given, given.length, READ);
  const isLevel = stable === end;
  return {
    kind: "lanes", id: "log", title: { engineer: "The partition, and what a read_committed reader gets", manager: "The journal, and what a careful reader sees of it" },
    lanes: [
      {
        id: "log", label: { engineer: "log", manager: "journal" }, note: { engineer: `high watermark ${end}`, manager: `the next is entry ${end}` },
        tickets: all.items.map(draw), before: all.before, after: all.after,
        markers: [{ id: "stable", offset: stable, label: { engineer: isLevel ? "stable to the end" : "last stable offset", manager: isLevel ? "settled to the end" : "settled up to here" } }],
      },
      {
        id: "read_committed", label: { engineer: "committed", manager: "careful reader" }, note: { engineer: `${given.length} records below ${stable}`, manager: `${given.length} entries so far` },
        tickets: read.items.map((offset) => ({ ...draw(offset), ref: `read:${offset}`, marks: ["read"] })), before: read.before, after: read.after, markers: [],
      },
    ],
  };
}

/** The offsets that a `read_committed` reader is given, as a list that is cut without being made. */
function committed(written, stable) {
  const entries = written.filter((entry) => entry.base < stable && isCommitted(entry));
  const starts = [];
  let length = 0;
  for (const { count } of entries) {
    starts.push(length);
    length += count;
  }
  return {
    length,
    slice: (from, to) => Array.from({ length: Math.min(to, length) - from }, (_, i) => {
      const place = countBefore(starts, (start) => start <= from + i) - 1;
      return entries[place].base + from + i - starts[place];
    }),
  };
}

function ticket({ input: { log }, done }, turn, entry, offset, stable) {
  const { base, kind, producer, transaction, source } = entry;
  const isNow = turn.written === entry;
  const marks = isNow ? ["new"] : [];
  const ref = `stored:${offset}`;
  if (kind !== "data") return { ref, offset, key: producer, type: `${kind} marker`, marks, note: kind === "commit" ? { engineer: "control record", manager: "seal: it counts" } : { engineer: "control record", manager: "seal: it is void" } };
  const record = log.length > 0 ? log[(source + offset - base) % log.length] : null;
  const fate = transaction === null ? "plain" : transaction.decided < done ? transaction.outcome : "open";
  if (fate === "abort") marks.push("gone");
  else if (offset >= stable) marks.push("waiting");
  const { engineer, manager } = WORDS[fate];
  return { ref, offset, key: record?.key ?? null, type: record?.type ?? "record", marks, note: producer === null ? { engineer, manager } : { engineer: `${producer}, ${engineer}`, manager: `${producer}, ${manager}` } };
}

/** The last operation: who asked whom, and what came of it. */
function exchange({ operation, status, reason, written, ended, epoch }) {
  const { op, producer, instance } = operation;
  const actor = producer === null ? "no id" : op === "time-out" ? producer : `${producer}, instance ${instance}`;
  const both = (text) => ({ engineer: text, manager: text });
  const marker = written !== null && written.kind !== "data";
  const ask = {
    init: { engineer: "InitProducerId", manager: "I take over this post" },
    begin: { engineer: "beginTransaction, told to nobody", manager: "opens a bundle, tells nobody" },
    send: { engineer: `${operation.records} transactional records`, manager: `${operation.records} for the bundle` },
    plain: { engineer: `${operation.records} records, no transaction`, manager: `${operation.records} without a bundle` },
    commit: { engineer: "EndTxn: commit", manager: "seal it: it counts" },
    abort: { engineer: "EndTxn: abort", manager: "seal it: it is void" },
    "time-out": { engineer: "transaction.timeout.ms is over", manager: "the bundle was open for too long" },
  }[op];
  const isData = op === "send" || op === "plain";
  const message = (id, from, to, label, outcome) => ({ ref: `message:${id}`, from, to, label, outcome });
  const messages = [message("ask", op === "time-out" ? "coordinator" : "producer", op === "begin" ? "producer" : op === "time-out" ? "coordinator" : isData ? "partition" : "coordinator", ask, "delivered")];
  if (status !== "ok") {
    messages[0].outcome = op === "begin" ? "refused" : "delivered";
    if (op !== "begin" || reason === "fenced") messages.push(message("answer", isData ? "partition" : "coordinator", "producer", REFUSED[reason], "refused"));
  } else {
    if (marker) messages.push(message("marker", "coordinator", "partition", { engineer: `${written.kind} marker at offset ${written.base}`, manager: written.kind === "commit" ? `seal, entry ${written.base}: it counts` : `seal, entry ${written.base}: it is void` }, "delivered"));
    if (op === "init") messages.push(message("answer", "coordinator", "producer", { engineer: `epoch ${epoch}`, manager: `you are number ${epoch + 1} in this post` }, "answered"));
    else if (isData) messages.push(message("answer", "partition", "producer", { engineer: `base offset ${written.base}`, manager: `filed from entry ${written.base} on` }, "answered"));
    else if (op === "commit" || op === "abort") messages.push(message("answer", "coordinator", "producer", { engineer: written ? "ok" : "ok, nothing to end", manager: written ? "done" : "nothing was in it" }, "answered"));
    else if (op === "time-out" && !ended) messages[0].label = { engineer: "no transaction to time out", manager: "no bundle to run out of time" };
  }
  return {
    kind: "sequence", id: "exchange", title: { engineer: "This operation", manager: "What just happened" },
    actors: [{ id: "producer", ref: `producer:${producer}`, label: both(actor) }, { id: "coordinator", label: { engineer: "coordinator", manager: "registrar" } }, { id: "partition", label: { engineer: "partition", manager: "journal" } }],
    messages, before: 0, after: 0,
  };
}

function producers({ input: { transacted: { turns, byProducer } }, done }, turn) {
  const latest = [...byProducer.values()].map((places) => turns[places[countBefore(places, (place) => place < done) - 1]]).filter((one) => one !== undefined && one.epoch >= 0);
  const name = turn?.operation.producer;
  const { items, before, after } = window(latest, latest.findIndex(({ operation }) => operation.producer === name), PRODUCERS);
  return {
    kind: "table", id: "producers", title: { engineer: "Transactional ids", manager: "Posts, and who holds them" }, before, after,
    columns: [
      { id: "producer", label: { engineer: "id", manager: "post" } },
      { id: "holder", label: { engineer: "instance, epoch", manager: "holder, number" } },
      { id: "since", label: { engineer: "open from offset", manager: "bundle open from entry" } },
    ],
    rows: items.map(({ operation: { producer }, holder, epoch, since }) => ({
      ref: `producer:${producer}`, cells: [producer, `${holder ?? "nobody"}, ${epoch}`, since === null ? "none open" : since < 0 ? "nothing sent" : since], marks: producer === name ? ["focus"] : [],
    })),
  };
}

/** Whom the earliest open transaction keeps waiting. */
function waiting(written, end, stable) {
  const { producer } = written[countBefore(written, ({ base }) => base <= stable) - 1].transaction;
  return {
    kind: "notice", id: "waiting", level: "warning",
    text: {
      engineer: `The transaction of ${producer} is open since offset ${stable}: read_committed stops there, before ${end - stable} offsets, whoever wrote them.`,
      manager: `The bundle of ${producer} from entry ${stable} on has no seal yet. Careful readers wait there, before ${end - stable} entries, whoever wrote them.`,
    },
  };
}

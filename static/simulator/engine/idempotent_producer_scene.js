/**
 * The picture of the model `idempotent_producer`: what was asked and answered, the log, and what is remembered of each producer.
 */
import { lastSequence, nextSequence } from "./producer_state.js";
import { countBefore, window } from "./records.js";

const EXCHANGES = 2;
const TICKETS = 24;
const PRODUCERS = 6;

/** @param {any} state of the model `idempotent_producer` */
export function scene(state) {
  const isNamed = state.input.params.enableIdempotence;
  return { blocks: [lanes(state), exchange(state), isNamed ? remembered(state) : nothingRemembered()] };
}

/** The last requests, each with its answer. */
function exchange({ input, done }) {
  const { turns } = input.produced;
  const recent = [];
  for (let i = done - 1; i >= 0 && recent.length < EXCHANGES; i--) if (turns[i] !== null) recent.unshift(i);
  const before = recent.length === 0 ? 0 : turns.slice(0, recent[0]).filter((turn) => turn !== null).length;
  return {
    kind: "sequence", id: "exchange", title: { engineer: "Requests and answers", manager: "What is sent, and the receipt" },
    actors: [{ id: "producer", label: { engineer: "producer", manager: "sender" } }, { id: "broker", label: { engineer: "broker", manager: "journal" } }],
    messages: recent.flatMap((place) => messages(turns[place], place, input.params.enableIdempotence)),
    before: before * 2, after: 0,
  };
}

function messages(request, place, isNamed) {
  const { batch, isRetry, isLost, status, baseOffset } = request;
  const again = isRetry ? { engineer: "again: ", manager: "once more: " } : { engineer: "", manager: "" };
  const name = isNamed ? `producer ${batch.producerId}, epoch ${batch.epoch}, ${range("sequence", batch.firstSequence, lastSequence(batch))}` : `${batch.count} records, no producer id`;
  const ask = {
    ref: `request:${place}`, from: "producer", to: "broker", outcome: "delivered",
    label: { engineer: `${again.engineer}${name}`, manager: `${again.manager}sender ${batch.producerId}, ${isNamed ? range("number", batch.firstSequence, lastSequence(batch)) : "no numbers"}` },
  };
  const isTaken = status === "appended" || status === "duplicate";
  const answer = {
    ref: `answer:${place}`, from: "broker", to: "producer", outcome: isLost ? "lost" : isTaken ? "answered" : "refused",
    label: isTaken
      ? { engineer: `${status}: base offset ${baseOffset}`, manager: status === "duplicate" ? `we have it, as entry ${baseOffset}` : `filed from entry ${baseOffset} on` }
      : { engineer: status, manager: status === "INVALID_PRODUCER_EPOCH" ? "somebody else holds your post" : "this is not the number that comes next" },
  };
  return [ask, answer];
}

function lanes({ input, done }) {
  const { turns, appended } = input.produced;
  const now = done > 0 ? turns[done - 1] : null;
  const stored = countBefore(appended, (place) => place < done);
  const end = stored === 0 ? 0 : turns[appended[stored - 1]].end;
  const offsets = { length: end, slice: (from, to) => Array.from({ length: Math.min(to, end) - from }, (_, i) => from + i) };
  const isKnown = now !== null && now.baseOffset >= 0;
  const { items, before, after } = window(offsets, isKnown ? now.baseOffset + Math.min(now.batch.count, 8) - 1 : end - 1, TICKETS);
  const bases = appended.slice(0, stored).map((place) => turns[place].baseOffset);
  return {
    kind: "lanes", id: "log", title: { engineer: "The partition", manager: "The journal" },
    lanes: [{
      id: "log", label: { engineer: "log", manager: "entries" }, note: { engineer: `end offset ${end}`, manager: `the next is entry ${end}` },
      tickets: items.map((offset) => ticket(input, turns[appended[countBefore(bases, (base) => base <= offset) - 1]], offset, now)), before, after, markers: [],
    }],
  };
}

function ticket({ log, params }, { batch, baseOffset, source, isStored }, offset, now) {
  const nth = offset - baseOffset;
  const record = log.length > 0 ? log[(source + nth) % log.length] : null;
  const isTouched = now !== null && now.baseOffset >= 0 && offset >= now.baseOffset && offset < now.baseOffset + now.batch.count;
  const sequence = (batch.firstSequence + nth) % 2 ** 31;
  const again = isStored ? { engineer: "again", manager: "a second time" } : null;
  const named = { engineer: `id ${batch.producerId} seq ${sequence}`, manager: `sender ${batch.producerId}, no. ${sequence}` };
  return {
    ref: `stored:${offset}`, offset, key: record?.key ?? null, type: record?.type ?? "record",
    marks: [...(isStored ? ["duplicate"] : []), ...(isTouched ? [now.status === "appended" ? "new" : "focus"] : [])],
    note: again ?? (params.enableIdempotence ? named : { engineer: "no id", manager: "no number" }),
  };
}

/** Of each producer id the last batches, and the sequence that comes next. */
function remembered({ input, done }) {
  const { turns, byProducer } = input.produced;
  const now = done > 0 ? turns[done - 1] : null;
  const entries = [...byProducer.values()].map((places) => turns[places[countBefore(places, (place) => place < done) - 1]]?.entry).filter((entry) => entry !== undefined);
  const { items, before, after } = window(entries, entries.findIndex(({ producerId }) => producerId === now?.batch.producerId), PRODUCERS);
  return {
    kind: "table", id: "sequences", title: { engineer: "Remembered of each producer id", manager: "What the journal remembers of each sender" }, before, after,
    columns: [
      { id: "producer", label: { engineer: "producer id, epoch", manager: "sender, post" } },
      { id: "sequences", label: { engineer: "sequences", manager: "numbers" } },
      { id: "offsets", label: { engineer: "offsets", manager: "entries" } },
    ],
    rows: items.flatMap((entry) => rows(entry, now)),
  };
}

function rows(entry, now) {
  const name = `${entry.producerId}, ${entry.epoch}`;
  const isNow = now?.batch.producerId === entry.producerId;
  const batches = entry.batches.map(({ first, last, baseOffset, count }) => ({
    ref: `batch:${entry.producerId}:${baseOffset}`, cells: [name, span(first, last), span(baseOffset, baseOffset + count - 1)],
    marks: isNow && now.baseOffset === baseOffset ? ["focus"] : [],
  }));
  return [...batches, { ref: `producer:${entry.producerId}`, cells: [name, `next: ${nextSequence(entry)}`, null], marks: [] }];
}

function nothingRemembered() {
  return {
    kind: "notice", id: "unnamed", level: "warning",
    text: { engineer: "Batches carry no producer id and no sequence: the broker remembers nothing of them and appends whatever comes.", manager: "Nothing that arrives is numbered, so the journal cannot tell a repeat from something new." },
  };
}

const span = (first, last) => (first === last ? String(first) : `${first} to ${last}`);
const range = (word, first, last) => (first === last ? `${word} ${first}` : `${word}s ${first} to ${last}`);

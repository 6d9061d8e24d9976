/**
 * The picture of the model `addressing`: this step's messages, what the channel holds, and what each receiver has got.
 */
import { window } from "./records.js";
import { isAmong } from "./timeline.js";

const SHOWN = 13;
const SHOWN_RECEIVED = 6;
const SOURCE = { id: "source", ref: "service:source", label: { engineer: "source", manager: "sender" } };
const CHANNELS = {
  log: { engineer: "log", manager: "book" },
  queue: { engineer: "queue", manager: "tray" },
  fanout: { engineer: "fan-out", manager: "distribution list" },
};
const KEPT = {
  log: { engineer: "What the log holds", manager: "What stands in the book" },
  queue: { engineer: "What the queue holds", manager: "What lies in the tray" },
  fanout: { engineer: "What the subscribers' queues hold", manager: "What lies in the subscribers' trays" },
  direct: { engineer: "What was sent; nothing is kept", manager: "What was said; nobody took notes" },
};

/** @param {any} state of the model `addressing` */
export function scene(state) {
  const { channel } = state.input.params;
  const receivers = [...state.receivers.values()];
  /** @type {any[]} */
  const blocks = [channelLane(state, receivers), receivedLanes(state, receivers), receiversTable(state, receivers)];
  if (state.arrows.length > 0) blocks.unshift(sequence(state, receivers, channel));
  return { blocks };
}

function sequence(state, receivers, channel) {
  const between = channel === "direct" ? [] : [{ id: channel, ref: `channel:${channel}`, label: CHANNELS[channel] }];
  return {
    kind: "sequence", id: "messages", title: { engineer: "This step's messages", manager: "Who speaks to whom in this step" },
    actors: [SOURCE, ...between, ...receivers.map(({ id }) => ({ id, ref: `service:${id}`, label: id }))],
    messages: state.arrows.map((one) => ({
      ref: `record:${state.input.log[one.last].offset}`, from: one.from, to: one.to, label: label(state, one), outcome: one.outcome,
    })),
    before: 0, after: 0,
  };
}

function label(state, { first, last, to, outcome, mark }) {
  const { kind } = state.input.params;
  const { key, type } = state.input.log[last];
  const about = key ?? type;
  if (first < last) {
    const n = last - first + 1;
    return { engineer: `${n} messages`, manager: `${n} messages` };
  }
  if (mark === "?") return { engineer: `details of ${about}?`, manager: `what about ${about}?` };
  if (to === "source" && outcome === "refused") return { engineer: `refuses ${type}`, manager: `no to ${type}` };
  if (to === "source") return kind === "query" ? { engineer: `${about} is …`, manager: `the answer about ${about}` } : { engineer: `accepts ${type}`, manager: `yes to ${type}` };
  return kind === "query" ? { engineer: `${about}?`, manager: `what about ${about}?` } : type || kind;
}

function channelLane(state, receivers) {
  const { channel, kind } = state.input.params;
  const sent = { length: state.sent, slice: (from, to) => state.input.log.slice(from, Math.min(to, state.sent)) };
  const { items, before, after } = window(/** @type {any} */ (sent), state.sent - 1, SHOWN);
  const running = receivers.filter(({ stopped }) => !stopped);
  const read = Math.min(state.sent, ...receivers.map(({ position }) => position));
  const keptFrom = { log: 0, queue: state.taken, fanout: receivers.length === 0 ? state.sent : read, direct: state.sent }[channel];
  const tickets = items.map((record, i) => {
    const index = before + i;
    const marks = [];
    if (index < keptFrom) marks.push("gone");
    else if (channel === "log" && receivers.length > 0 && index < read) marks.push("read");
    else marks.push("waiting");
    if (index === state.sent - 1 && state.arrows.length > 0) marks.push("new");
    const ticket = { ref: `record:${record.offset}`, offset: record.offset, key: record.key, type: record.type, marks };
    return isAmong(state.lost, index) ? { ...ticket, note: { engineer: "lost", manager: "lost" } } : ticket;
  });
  const offsetAt = (index) => state.input.log[index]?.offset ?? (state.sent === 0 ? 0 : state.input.log[state.sent - 1].offset + 1);
  const markers = channel === "log" ? receivers.map(({ id, position }) => ({ id, ref: `service:${id}`, label: id, offset: offsetAt(Math.min(position, state.sent)) })) : [];
  return {
    kind: "lanes", id: "channel", title: KEPT[channel],
    lanes: [{
      id: channel, ref: `channel:${channel}`, label: CHANNELS[channel] ?? { engineer: "calls", manager: "calls" },
      note: { engineer: `${kind}s, ${running.length} running`, manager: `${running.length} at work` }, tickets, before, after, markers,
    }],
  };
}

function receivedLanes(state, receivers) {
  return {
    kind: "lanes", id: "received", title: { engineer: "What each receiver got", manager: "What each has been told" },
    lanes: receivers.map((one) => {
      const { items, before, after } = window(one.received, one.received.length, SHOWN_RECEIVED);
      const tickets = items.map((index) => {
        const { offset, key, type } = state.input.log[index];
        const marks = index === state.sent - 1 && state.arrows.length > 0 ? ["new"] : index < one.joinedAfter ? ["late"] : [];
        return { ref: `record:${offset}`, offset, key, type, marks };
      });
      const note = one.joinedAfter > 0 ? { engineer: `joined after ${one.joinedAfter}`, manager: `came after ${one.joinedAfter} messages` } : undefined;
      return { id: one.id, ref: `service:${one.id}`, label: one.id, ...(note && { note }), ...(one.stopped && { state: "stopped" }), tickets, before, after, markers: [] };
    }),
  };
}

function receiversTable(state, receivers) {
  const { channel } = state.input.params;
  const ownQueue = channel === "log" || channel === "fanout";
  return {
    kind: "table", id: "receivers", title: { engineer: "Receivers", manager: "Receivers" }, before: 0, after: 0,
    columns: [
      { id: "receiver", label: { engineer: "receiver", manager: "receiver" } },
      { id: "received", label: { engineer: "received", manager: "received" }, numeric: true },
      { id: "refused", label: { engineer: "refused", manager: "refused" }, numeric: true },
      { id: "waiting", label: { engineer: "waiting for it", manager: "waiting for it" }, numeric: true },
      { id: "state", label: { engineer: "state", manager: "at work" } },
    ],
    rows: receivers.map((one) => ({
      ref: `service:${one.id}`,
      cells: [one.id, one.received.length, one.refused.length, ownQueue ? state.sent - one.position : channel === "queue" ? state.sent - state.taken : 0, one.stopped ? "stopped" : "running"],
      marks: one.stopped ? ["waiting"] : [],
    })),
  };
}

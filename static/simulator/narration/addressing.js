/** The sentences of messages and addresses. */

const list = (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`);
const s = (names) => (names.length === 1 ? "s" : "");
const about = (d) => (d.key === null ? "" : ` about ${d.key}`);
const times = (n) => (n === 1 ? "once" : `${n} times`);
const calls = (n) => `${n} ${n === 1 ? "call" : "calls"}`;
const messages = (n) => `${n} ${n === 1 ? "message" : "messages"}`;

/** What became of a message, for each channel: with receivers, without. */
const EVENT = {
  log: {
    engineer: (d) => `${d.type} is appended at ${d.offset}; ${list(d.to)} read${s(d.to)} it, and it stays for whoever comes later.`,
    manager: (d) => `${d.type}${about(d)} is written into the book; ${list(d.to)} read${s(d.to)} it, and it stays for whoever asks later.`,
  },
  queue: {
    engineer: (d) => `${d.type} goes into the queue; ${list(d.to)} take${s(d.to)} it out, so no other consumer will ever see it.`,
    manager: (d) => `${d.type}${about(d)} lands in the shared tray; ${list(d.to)} take${s(d.to)} it, and nobody else learns of it.`,
  },
  fanout: {
    engineer: (d) => `${d.type} is copied into every subscriber's own queue; ${list(d.to)} consume${s(d.to)} it, and then it is gone.`,
    manager: (d) => `${d.type}${about(d)} is copied to each name on the list; ${list(d.to)} get${s(d.to)} it, and no copy is filed.`,
  },
  direct: {
    engineer: (d) => `The source calls ${list(d.to)} about ${d.type}; it must know each address, and nothing is kept.`,
    manager: (d) => `The sender telephones ${list(d.to)} about ${d.type}; it must know every number, and nobody takes notes.`,
  },
};
const COMMAND = {
  direct: {
    engineer: (d) => `${d.type} goes to ${list(d.to)} alone, which decides and answers at once.`,
    manager: (d) => `The instruction ${d.type} goes to ${list(d.to)}, who may say no, and says so at once.`,
  },
  queue: {
    engineer: (d) => `${d.type} goes through the queue; ${list(d.to)} take${s(d.to)} it and decide${s(d.to)}, and the answer comes back as a message.`,
    manager: (d) => `The instruction ${d.type} lands in the tray; ${list(d.to)} take${s(d.to)} it, so it is dealt with once.`,
  },
  other: {
    engineer: (d) => (d.to.length === 1
      ? `${d.type} is published; only ${d.to[0]} subscribes, so it is decided once, until somebody else subscribes.`
      : `${d.type} is published to ${list(d.to)}: each decides and acts for itself: one command, ${d.to.length} handlers.`),
    manager: (d) => (d.to.length === 1
      ? `The instruction ${d.type} is read out to everyone; only ${d.to[0]} listens today.`
      : `The instruction ${d.type} is read out to ${list(d.to)}, and each acts on it: one instruction, ${d.to.length} hands.`),
  },
};
const QUERY = {
  direct: {
    engineer: (d) => `The source asks ${list(d.to)}${about(d)} and gets one answer; no state changes.`,
    manager: (d) => `The sender asks ${list(d.to)}${about(d)} and waits for the answer; asking changes nothing.`,
  },
  queue: {
    engineer: (d) => `The question${about(d)} goes through the queue; ${list(d.to)} answer${s(d.to)} to the reply address, and no state changes.`,
    manager: (d) => `The question${about(d)} goes into the tray; ${list(d.to)} write${s(d.to)} back, and nothing else changes.`,
  },
  other: {
    engineer: (d) => (d.to.length === 1
      ? `The question${about(d)} is published; ${d.to[0]} answers, as nobody else subscribes.`
      : `The question${about(d)} is published and ${list(d.to)} all answer: ${d.to.length} answers, and the source must choose.`),
    manager: (d) => (d.to.length === 1
      ? `The question${about(d)} is read out to everyone, and ${d.to[0]} answers.`
      : `The question${about(d)} is read out to everyone; ${list(d.to)} all answer, perhaps differently.`),
  },
};
const UNREAD = {
  log: {
    engineer: (d) => `${d.type} is appended at ${d.offset}; no subscriber runs, and the log keeps it for them.`,
    manager: (d) => `${d.type}${about(d)} is written into the book; nobody is there to read it yet, and it can wait.`,
  },
  queue: {
    engineer: (d) => `${d.type} waits in the queue: no consumer runs.`,
    manager: (d) => `${d.type}${about(d)} waits in the tray: nobody is at work.`,
  },
  nothing: {
    engineer: (d) => (d.channel === "direct" ? `The call with ${d.type} fails, and nothing keeps it: the message is lost.` : `${d.type} has no subscriber, so the broker drops it.`),
    manager: (d) => (d.channel === "direct" ? `The call about ${d.type} is not answered, and it is on record nowhere.` : `Nobody is on the list for ${d.type}, so it is thrown away.`),
  },
};

const told = (table) => {
  const say = (voice) => (d) => (d.to.length === 0 ? UNREAD[d.waiting] : (table[d.channel] ?? table.other))[voice](d);
  return { engineer: say("engineer"), manager: say("manager") };
};

const HISTORY = {
  log: {
    engineer: (d) => (d.lateStart === "earliest"
      ? `${d.receiver} subscribes after ${messages(d.before)} and reads all ${d.got} from the log; the sender knows nothing of it.`
      : `${d.receiver} subscribes with auto.offset.reset=latest: it skips the ${d.before} before it, though the log still has them.`),
    manager: (d) => (d.lateStart === "earliest"
      ? `${d.receiver} comes late and still reads all ${d.got} earlier entries; nobody has to repeat anything.`
      : `${d.receiver} comes late and chooses to begin with today's page; the earlier ${d.before} stay in the book.`),
  },
  queue: {
    engineer: (d) => `${d.receiver} joins the competing consumers after ${messages(d.before)}; what others consumed is gone, ${d.got} still waited.`,
    manager: (d) => `${d.receiver} joins the clerks at the tray; of ${d.before} earlier items, only the ${d.got} still lying there can reach it.`,
  },
  fanout: {
    engineer: (d) => `${d.receiver} binds a queue of its own after ${messages(d.before)}; it gets later ones only, for there is no history.`,
    manager: (d) => `${d.receiver} is put on the list; it will get what comes from now on, and none of the ${d.before} before.`,
  },
  direct: {
    engineer: (d) => `The source is changed to call ${d.receiver} as well; the ${d.before} calls before are not repeated.`,
    manager: (d) => `The sender is told ${d.receiver}'s number; the ${d.before} earlier calls are not made again.`,
  },
};

export const narration = {
  sentences: {
    "event.published": told(EVENT),
    "command.sent": told(COMMAND),
    "query.asked": told(QUERY),
    "message.refused": {
      engineer: (d) => `${list(d.receivers)} refuse${s(d.receivers)} ${d.type} and tell${s(d.receivers)} the source so: a command is a request.`,
      manager: (d) => `${list(d.receivers)} say${s(d.receivers)} no to ${d.type}: an instruction can be turned down.`,
    },
    "event.objected": {
      engineer: (d) => `${list(d.receivers)} cannot use ${d.type}, but an event has happened: it may be ignored, never refused.`,
      manager: (d) => `${list(d.receivers)} would rather not hear of ${d.type}, but it has happened, and refusing it changes nothing.`,
    },
    "details.requested": {
      engineer: (d) => `The event${about(d)} carries its key only, so ${list(d.receivers)} call${s(d.receivers)} back: ${d.count} further ${d.count === 1 ? "request" : "requests"} to the source.`,
      manager: (d) => `The message${about(d)} says nothing more, so ${list(d.receivers)} must ring back for the rest.`,
    },
    "details.outdated": {
      engineer: (d) => `${list(d.receivers)} call${s(d.receivers)} back ${times(d.count)}; ${d.overtaken} of the answers tell of a later change than the event.`,
      manager: (d) => `${list(d.receivers)} ring${s(d.receivers)} back ${times(d.count)}; ${d.overtaken} of the answers describe today, not the moment of the message.`,
    },
    "details.missing": {
      engineer: (d) => `${list(d.receivers)} call${s(d.receivers)} back for details, and ${d.failed} of ${calls(d.count)} fail: the source is down.`,
      manager: (d) => `${list(d.receivers)} ring${s(d.receivers)} back for the details, and ${d.failed} of ${calls(d.count)} go unanswered.`,
    },
    "receiver.joined": { engineer: (d) => HISTORY[d.channel].engineer(d), manager: (d) => HISTORY[d.channel].manager(d) },
    "receiver.stopped": {
      engineer: (d) => (d.channel === "direct"
        ? `${d.receiver} stops; calls to it fail from now on.`
        : `${d.receiver} stops; the source goes on sending and does not notice.`),
      manager: (d) => (d.channel === "direct"
        ? `${d.receiver} is out of service; calls to it are lost from now on.`
        : `${d.receiver} is out of service; the sender carries on and need not know.`),
    },
    "receiver.started": {
      engineer: (d) => `${d.receiver} runs again and gets the ${messages(d.got)} that waited for it.`,
      manager: (d) => (d.got === 0 ? `${d.receiver} is back, and nothing was kept waiting for it.` : `${d.receiver} is back and works through the ${messages(d.got)} that waited for it.`),
    },
  },
  telling: ["details.outdated", "details.missing", "receiver.joined", "receiver.stopped", "receiver.started", "message.refused", "event.objected"],
  checks: {
    "nothing-lost": { engineer: "every message reached somebody or is still kept", manager: "no message has vanished" },
    "everyone-told": { engineer: "every running receiver got each event since it joined", manager: "everybody on duty was told everything since they came" },
    "history-for-latecomers": { engineer: "latecomers got the events before them too", manager: "those who came late know the past as well" },
    "no-event-refused": { engineer: "no event was refused", manager: "nobody could undo what had happened" },
    "details-match": { engineer: "every call back was answered with the state of its event", manager: "every question back was answered, and about the right moment" },
    "one-handler": { engineer: "each command was carried out at most once", manager: "no instruction was carried out twice" },
    "one-answer": { engineer: "each query got exactly one answer", manager: "every question got one answer" },
    "asking-changes-nothing": { engineer: "no query changed a receiver's state", manager: "asking changed nothing" },
  },
  fidelity: {
    system: "Apache Kafka topics; AMQP 0-9-1 queues and exchanges as in RabbitMQ; a synchronous call",
    version: "Kafka 4.x, RabbitMQ 4.x",
    follows: [
      { rule: "A log gives every subscriber every record, and reading removes none.", where: "Kafka documentation, Design: the consumer; RabbitMQ documentation, Streams" },
      { rule: "A new consumer group begins where auto.offset.reset says. Kafka's default is latest; the history is there either way.", where: "ConsumerConfig#AUTO_OFFSET_RESET_CONFIG" },
      { rule: "Consumers of one queue compete: each message goes to one of them in turn, and is removed once acknowledged.", where: "RabbitMQ tutorial, Work queues; Azure Architecture Center, Competing Consumers pattern" },
      { rule: "A fan-out exchange copies a message into each bound queue; with none bound it is dropped.", where: "AMQP 0-9-1 model: fanout exchange, unroutable messages" },
      { rule: "A command asks one receiver, which may reject it; an event states what has happened.", where: "Enterprise Integration Patterns: Command Message, Event Message; Fowler, What do you mean by “Event-Driven”?" },
      { rule: "A thin event makes receivers ask the source, whose answer is its present state.", where: "Fowler, What do you mean by “Event-Driven”?: event notification, event-carried state transfer" },
    ],
    simplified: [
      "A consumer acknowledges at once, so nothing is redelivered; a log has one partition and each subscriber is a group of its own.",
      "A receiver rejects by message type; real rules look at its state, as in the model of command handling.",
      "Messages and answers arrive in order and without delay.",
      "A subscriber's queue outlives its downtime, as a durable queue does.",
    ],
  },
};

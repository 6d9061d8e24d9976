/** The sentences of dual writes and of the outbox. */

const waiting = (n) => (n === 0 ? "nothing waits" : n === 1 ? "one message waits" : `${n} messages wait`);
const letters = (n) => (n === 0 ? "no letter waits" : n === 1 ? "one letter waits" : `${n} letters wait`);
const of = (d) => (d.key === null ? "" : ` of ${d.key}`);

export const narration = {
  sentences: {
    "change.written": {
      engineer: (d) => `${d.type}${of(d)}, offset ${d.offset}, is committed to the database${d.isSecond ? ", after its message" : "; its message is not published yet"}.`,
      manager: (d) => `${d.type}${of(d)}, change ${d.offset}, is noted in the books${d.isSecond ? ", after the others were told" : "; the others do not know yet"}.`,
    },
    "message.told": {
      engineer: (d) => `The message of offset ${d.offset} is published${d.isSecond ? ", after its change was committed" : "; the database holds nothing of it yet"}.`,
      manager: (d) => `The others are told of change ${d.offset}${d.isSecond ? ", which is noted already" : "; the books do not show it yet"}.`,
    },
    "message.unsent": {
      engineer: (d) => (d.isSecond ? `The broker cannot be reached and the service gives up: offset ${d.offset} is in the database, and nobody will be told.` : `The broker cannot be reached, so the request for offset ${d.offset} fails before the database is touched.`),
      manager: (d) => (d.isSecond ? `The post is closed: change ${d.offset} is noted, and nobody will ever be told.` : `The post is closed, so change ${d.offset} is not made either.`),
    },
    "change.prepared": {
      engineer: (d) => `${d.type}${of(d)}, offset ${d.offset}, and its message are inserted in one open transaction.`,
      manager: (d) => `${d.type}${of(d)}, change ${d.offset}, is written on one sheet with the letter about it.`,
    },
    "change.committed": {
      engineer: (d) => `The transaction commits the change and its message together; ${waiting(d.waiting)} in the outbox.`,
      manager: (d) => `The sheet is signed: the change counts, and its letter lies ready; ${letters(d.waiting)} to be posted.`,
    },
    "change.turned_down": {
      engineer: (d) => (d.isTold ? `The database refuses offset ${d.offset}, whose message is out already: readers act on a change that does not exist.` : `The database refuses offset ${d.offset}: nothing is written, and nothing is published.`),
      manager: (d) => (d.isTold ? `Change ${d.offset} is turned down after the others were told of it: what they heard is untrue.` : `Change ${d.offset} is turned down, and nobody is told anything.`),
    },
    "service.died": {
      engineer: (d) => ({
        lost: `The service crashes between its two writes: offset ${d.offset} is in the database, its message is lost, and nobody is left to retry.`,
        lied: `The service crashes between its two writes: the message of offset ${d.offset} is out, and the change was never made.`,
        undone: `The service crashes in the transaction: the database rolls back the change of offset ${d.offset} and its message together.`,
        before: `The service crashes before it writes anything for offset ${d.offset}: the request fails.`,
        idle: "The service crashes with nothing half done.",
      })[d.fate],
      manager: (d) => ({
        lost: `The clerk drops out in between: change ${d.offset} is noted, and nobody will ever be told.`,
        lied: `The clerk drops out in between: the others were told of change ${d.offset}, and it was never made.`,
        undone: `The clerk drops out before signing: change ${d.offset} and its letter are both void.`,
        before: `The clerk drops out before beginning change ${d.offset}: nothing is done, and nobody is told.`,
        idle: "The clerk drops out with nothing half done.",
      })[d.fate],
    },
    "service.revived": {
      engineer: () => "The service runs again and takes the next request; it knows nothing of the one that was under way.",
      manager: () => "Another clerk takes over and knows nothing of what was under way.",
    },
    "relay.published": {
      engineer: (d) => `The relay publishes the message of offset ${d.offset}; it is not marked as sent yet.`,
      manager: (d) => `The messenger posts the letter about change ${d.offset}; it is not ticked off yet.`,
    },
    "relay.repeated": {
      engineer: (d) => `The relay publishes the message of offset ${d.offset} again, since the outbox does not say that it was sent; ${d.isIgnored ? "readers know its id and ignore it" : "readers take it up twice"}.`,
      manager: (d) => `The messenger posts the letter about change ${d.offset} again, as it was not ticked off; ${d.isIgnored ? "whoever knows its number ignores it" : "the others act on it twice"}.`,
    },
    "relay.marked": {
      engineer: (d) => `The relay marks offset ${d.offset} as sent; ${waiting(d.waiting)} in the outbox.`,
      manager: (d) => `The letter about change ${d.offset} is ticked off; ${letters(d.waiting)} to be posted.`,
    },
    "relay.waited": {
      engineer: (d) => `The relay cannot reach the broker and leaves the outbox as it is; ${waiting(d.waiting)}.`,
      manager: (d) => `The post is closed, so the messenger leaves everything where it is; ${letters(d.waiting)}.`,
    },
    "relay.died": {
      engineer: (d) => (d.isAbsent ? "There is no relay to crash: the service publishes by itself." : d.isHalfWay ? `The relay crashes after it published offset ${d.offset} and before it marked it as sent.` : "The relay crashes with nothing half done; the outbox is as it was."),
      manager: (d) => (d.isAbsent ? "There is no messenger: the clerk tells the others directly." : d.isHalfWay ? `The messenger drops out after posting the letter about change ${d.offset}, before ticking it off.` : "The messenger drops out with nothing half done."),
    },
    "relay.revived": {
      engineer: (d) => (d.isAbsent ? "Nothing changes." : d.offset === null ? "The relay runs again and finds the outbox empty." : `The relay runs again and begins with offset ${d.offset}, the first that is not marked.`),
      manager: (d) => (d.isAbsent ? "Nothing changes." : d.offset === null ? "Another messenger takes over and finds nothing to post." : `Another messenger takes over, from the first letter that is not ticked off: ${d.offset}.`),
    },
    "database.warned": {
      engineer: () => "The database will refuse the next change, for instance by a constraint.",
      manager: () => "The next change will be turned down.",
    },
    "broker.left": {
      engineer: () => "The broker cannot be reached any more.",
      manager: () => "The post closes.",
    },
    "broker.returned": {
      engineer: (d) => `The broker can be reached again${d.waiting > 0 ? `; ${waiting(d.waiting)} in the outbox` : ""}.`,
      manager: (d) => `The post opens again${d.waiting > 0 ? `; ${letters(d.waiting)}` : ""}.`,
    },
  },
  telling: ["service.died", "message.unsent", "change.turned_down", "relay.repeated", "relay.died", "relay.waited", "broker.left", "broker.returned"],
  checks: {
    "every-change-told": { engineer: "every change in the database is published or in the outbox", manager: "nothing is noted of which nobody is told" },
    "every-message-true": { engineer: "every message tells of a change in the database", manager: "nothing was told that did not happen" },
    "outbox-empty": { engineer: "the outbox is empty", manager: "no letter is left to be posted" },
    "told-once": { engineer: "readers take up each message once", manager: "nobody acts twice on the same news" },
  },
  fidelity: {
    system: "The transactional outbox as a pattern, with a relay as in Debezium or one that polls",
    follows: [
      { rule: "A database and Kafka share no transaction, so two writes may end with one done.", where: "Debezium blog, Reliable Microservices Data Exchange With the Outbox Pattern" },
      { rule: "The change and its message are inserted in one transaction of the database; a process of its own propagates the message.", where: "the same" },
      { rule: "A relay that dies after publishing and before noting it publishes again; the id in the outbox lets readers find the duplicate.", where: "Debezium, Outbox Event Router, column id" },
    ],
    simplified: [
      "One writer and one relay. Two concurrent writers may arrive in different orders at the two sides, without any crash.",
      "A dual write that cannot reach the broker gives up at once; retries narrow the gap and do not close it.",
      "The relay marks each message as sent. Others delete it, or keep a position in the database's log, with the same gap.",
      "Whoever asked for a change that failed does not ask again.",
    ],
  },
};

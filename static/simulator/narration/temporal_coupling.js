/** The sentences of calls beside a log. */

const records = (n) => `${n} ${n === 1 ? "record" : "records"}`;
const entries = (n) => `${n} ${n === 1 ? "entry" : "entries"}`;
const requests = (n) => `${n} ${n === 1 ? "request" : "requests"}`;
const lagging = (behind) => behind.map((one) => `${one.id} is ${one.behind} behind`).join(", ");
const toRead = (behind) => behind.map((one) => `${one.id} has ${entries(one.behind)} to read`).join(", ");

export const narration = {
  sentences: {
    "coupling.both_served": {
      engineer: (d) => `${d.name}: ${d.services === 1 ? "the one service answers" : `all ${d.services} services answer`}, after ${d.ms} ms; the log acknowledges in ${d.logMs} ms${d.behind.length === 0 ? "" : `, and ${lagging(d.behind)}`}.`,
      manager: (d) => `${d.name}: everybody who is asked answers, after ${d.ms} ms; writing it down takes ${d.logMs} ms${d.behind.length === 0 ? "" : `, and ${toRead(d.behind)}`}.`,
    },
    "coupling.call_failed": {
      engineer: (d) => `${d.name}: ${d.broken} is down, so the whole call fails after ${d.ms} ms${d.willRetry ? " and will be retried" : " and is gone"}; ${d.isAppended ? `the log takes the record${d.behind.length === 0 ? "" : `, and ${lagging(d.behind)}`}` : "the log is down too"}.`,
      manager: (d) => `${d.name}: ${d.broken} does not answer, so the customer gets nothing after ${d.ms} ms${d.willRetry ? " and will ask again" : ""}; ${d.isAppended ? `in the book it is written down${d.behind.length === 0 ? "" : `, and ${toRead(d.behind)}`}` : "the book cannot be written in either"}.`,
    },
    "coupling.append_failed": {
      engineer: (d) => `${d.name}: all services answer after ${d.ms} ms, but the log is down, so the append fails${d.willRetry ? " and will be retried" : " and the record is missing"}.`,
      manager: (d) => `${d.name}: everybody who is asked answers, but the book is closed, so nothing is written down${d.willRetry ? " yet" : ""}.`,
    },
    "coupling.retried": {
      engineer: (d) => `${requests(d.recalled + d.appended)} that had failed went through on a retry: ${d.recalled} as calls, ${d.appended} as appends.`,
      manager: (d) => `${requests(d.recalled + d.appended)} that had failed went through when made again.`,
    },
    "coupling.given_up": {
      engineer: (d) => `${requests(d.given)} failed for good after ${d.retries} ${d.retries === 1 ? "retry" : "retries"}: nothing keeps a call.`,
      manager: (d) => `${requests(d.given)} ${d.given === 1 ? "is" : "are"} gone: nobody wrote down what was asked.`,
    },
    "coupling.caught_up": {
      engineer: (d) => `No more requests: the readers take ${records(d.read)} and are level with the log's end at ${d.records}.`,
      manager: (d) => `Nothing new comes in: the last ${entries(d.read)} are read, and everybody knows all ${d.records}.`,
    },
    "coupling.time_passed": {
      engineer: (d) => `No more requests: ${d.read > 0 ? `the readers take ${records(d.read)}` : "nothing is read"}${d.behind.length === 0 ? "" : `; ${lagging(d.behind)}`}${d.broken === null ? "" : `; calls fail at ${d.broken}`}.`,
      manager: (d) => `Nothing new comes in${d.read > 0 ? `, and ${entries(d.read)} are read` : ""}${d.behind.length === 0 ? "" : `; ${toRead(d.behind)}`}.`,
    },
    "coupling.service_stopped": {
      engineer: (d) => (d.log ? "The log stops: appends fail, and readers cannot read; calls do not need it." : `${d.service} stops: from now on every call fails, as each needs every service; the log only keeps records for it.`),
      manager: (d) => (d.log ? "The book is closed: nothing can be written down or read; asking still works." : `${d.service} is out of service: nobody who asks gets an answer; in the book its entries wait.`),
    },
    "coupling.service_started": {
      engineer: (d) => (d.log ? "The log is back." : `${d.service} is back: it has ${records(d.behind)} to read in the log, and ${d.lost === 1 ? "1 call is" : `${d.lost} calls are`} gone.`),
      manager: (d) => (d.log ? "The book is open again." : `${d.service} is back: ${entries(d.behind)} wait in the book, and ${d.lost === 1 ? "1 customer" : `${d.lost} customers`} got no answer.`),
    },
    "coupling.service_added": {
      engineer: (d) => `${d.service} joins the chain of now ${d.services}: calls take ${d.latency} ms and ${d.expected === 1 ? "need it too" : `succeed with ${d.expected}`}; in the log it begins at the first of ${records(d.records)}.`,
      manager: (d) => `${d.service} has to be asked too, so an answer takes ${d.latency} ms; in the book it simply begins to read.`,
    },
  },
  telling: [
    "coupling.call_failed", "coupling.append_failed", "coupling.service_stopped", "coupling.service_started", "coupling.service_added",
    "coupling.caught_up",
  ],
  checks: {
    "no-call-lost": { engineer: "every call was answered, at once or on a retry", manager: "everybody who asked got an answer in the end" },
    "nothing-missing-in-log": { engineer: "every request reached the log", manager: "everything was written down" },
    "readers-level": { engineer: "every service has read the whole log", manager: "everybody has read everything" },
    "every-request-accounted": { engineer: "each request was served, lost or waits, on both sides", manager: "no request is counted twice or forgotten" },
  },
  fidelity: {
    system: "synchronous request/response beside an append-only log with consumers",
    version: "the styles, not a product",
    follows: [
      { rule: "The availability of a call that needs a chain of services is the product of theirs, and its response time their sum.", where: "Richardson, Microservices Patterns, on runtime coupling" },
      { rule: "In a chain of calls each service depends on the others being up; with asynchronous messages the request is served right away.", where: ".NET Microservices guide, Communication in a microservice architecture" },
      { rule: "A consumer of a log keeps its position while it is away, and reads on from there.", where: "Kafka documentation, Design: the consumer; KafkaConsumer#position" },
      { rule: "A producer, and a reader, need the log itself to be up.", where: "Kafka documentation, Design: replication" },
    ],
    simplified: [
      "A product holds for independent failures; services that share a machine, a network or a release fail together.",
      "A chain passes each call on to the next service; one that calls several at once waits for the slowest instead, and needs all of them just the same.",
      "A failed call has done nothing. In truth earlier services may have done their part, which needs a saga or idempotent retries.",
      "A log acknowledges that the request is kept, not what came of it; a customer who needs the result at once is not served by that.",
      "A caller retries at each later moment; real retries wait longer each time and can overload a service that has just come back.",
      "Chance decides for each service and each moment anew; real outages last.",
    ],
  },
};

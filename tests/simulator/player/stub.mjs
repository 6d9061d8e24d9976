/** A small model and scenario for tests of the player: a counter that adds up values, with a break and an intervention. */
import { interleave } from "../../../static/simulator/engine/run.js";
import { narrator } from "../../../static/simulator/narration/narrator.js";

const words = (text) => ({ engineer: text, manager: `${text}, plainly` });

export const model = {
  id: "counter",
  title: "Counter",
  log: "required",
  params: [
    { name: "factor", type: "integer", default: 1, min: 1, max: 9, label: words("factor") },
    { name: "only", type: "string", default: null, nullable: true, label: words("only this key") },
    { name: "extras", type: "rows", default: [], columns: [{ name: "amount", type: "integer", default: 1, label: words("amount") }, { name: "why", type: "string", label: words("why") }], label: words("extras") },
    { name: "range", type: "row", default: null, nullable: true, columns: [{ name: "from", type: "integer", default: 0, label: words("from") }], label: words("range") },
    { name: "remark", type: "row", default: null, nullable: true, columns: [{ name: "text", type: "string", default: "none", label: words("text") }], label: words("remark") },
  ],
  interventions: [{ kind: "clear", label: words("clear"), params: [] }],
  plan: interleave,
  start: (input) => ({ input, sum: input.params.extras.reduce((sum, { amount }) => sum + amount, 0), read: 0 }),
  step(state, { record, intervention }) {
    if (intervention) {
      state.sum = 0;
      return [{ code: "sum.cleared", refs: ["sum"], data: {} }];
    }
    const { factor, only } = state.input.params;
    state.read += 1;
    if (only === null || record.key === only) state.sum += factor * (record.value ?? 0);
    return [{ code: "record.added", refs: [`record:${record.offset}`], data: { sum: state.sum } }];
  },
  copy: (state) => ({ ...state }),
  scene: ({ sum }) => ({ blocks: [{ kind: "meter", id: "sum", title: "sum", value: sum, max: 100, unit: "", text: `${sum}` }] }),
  result: ({ sum, read }) => ({ sum, read }),
  checks: ({ read, input }) => [{ id: "all-read", holds: read === input.log.length, detail: `${read} of ${input.log.length}` }],
};

const narration = {
  sentences: {
    "record.added": { engineer: ({ sum }) => `The sum is ${sum}.`, manager: ({ sum }) => `We have ${sum}.` },
    "sum.cleared": { engineer: () => "The sum is cleared.", manager: () => "We start again." },
  },
  telling: ["sum.cleared"],
  checks: { "all-read": words("every record is read") },
};

export const lesson = { model, narration, narrate: narrator(narration.sentences) };

/** @param {object} [changes] */
export const scenario = (changes = {}) => ({
  slug: "adding-up",
  title: "Adding up",
  model: "counter",
  params: { factor: 2 },
  interventions: [{ kind: "clear", at: 3 }],
  start: 2,
  captions: words("caption"),
  question: { ...words("What is next?"), answer: words("The sum.") },
  break: { label: "Multiply by nine", params: { factor: 9 } },
  claims: [
    { id: "sum", path: "/result/sum", op: "eq", value: 18, ...words("the sum is 18") },
    { id: "early", at: 2, path: "/result/read", op: "eq", value: 2, ...words("two are read after two steps") },
  ],
  log: { slug: "numbers", title: "Numbers", description: "", records: [1, 2, 3, 4, 5].map((value, i) => ({ time: 1000 * i, key: `k${i % 2}`, type: "Added", value })) },
  ...changes,
});

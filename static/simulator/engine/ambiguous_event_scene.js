/**
 * The picture of the model `ambiguous_event`: what each team says, what the report makes of it, and who spoke about which
 * order.
 */
import { window } from "./records.js";

const SHOWN = 10;
const LANES = 6;
const ROWS = 8;

/** @param {any} state of the model `ambiguous_event` */
export function scene(state) {
  /** @type {any[]} */
  const blocks = [lanes(state), reportMeter(state), figuresTable(state), ordersTable(state)];
  if (state.border !== null) blocks.push(notice("border", "info", { engineer: "At the border, each team's event is translated into the report's own words.", manager: "A translator puts each team's word into those of the report." }));
  if (state.refused.length > 0) blocks.push(refusals(state.refused.length));
  if (state.misshapen > 0) blocks.push(notice("misshapen", "warning", { engineer: `${state.misshapen} events were published in another shape, unchecked.`, manager: `${state.misshapen} notices came on another form, and nobody checked.` }));
  return { blocks };
}

const notice = (id, level, text) => ({ kind: "notice", id, level, text });
const refusals = (count) => {
  const what = count === 1 ? "1 event" : `${count} events`;
  return notice("refused", "info", { engineer: `The registry has refused ${what} for the shape.`, manager: `The forms office has sent back ${count === 1 ? "1 notice" : `${count} notices`} for the form.` });
};

/** One lane for each team that spoke lately. */
function lanes(state) {
  const { handled, focus, input } = state;
  const { source, word } = input.params;
  const shown = { length: handled, slice: (from, to) => input.log.slice(from, Math.min(to, handled)) };
  const { items, before } = window(/** @type {any} */ (shown), handled, SHOWN);
  const refused = new Set(state.refused.slice(Math.max(0, state.refused.length - SHOWN)).map(({ offset }) => offset));
  const byTeam = new Map(state.teams.keys.slice(0, LANES).map((name) => [name, []]));
  items.forEach((record, i) => {
    const name = record.value?.[source];
    if (record.type === word && byTeam.has(name)) byTeam.get(name).push({ record, index: before + i });
  });
  return {
    kind: "lanes", id: "teams", title: { engineer: "Published by each team", manager: "What each team announces" },
    lanes: [...byTeam].map(([name, told]) => {
      const { means, isRenamed } = state.teams.get(name);
      const spoken = (state.byTeam.get(name)?.count ?? 0) + (refused.size > 0 ? told.filter(({ record }) => refused.has(record.offset)).length : 0);
      return {
        id: `team:${name}`, ref: `team:${name}`, label: name, note: `means ${inWords(means)}`, before: Math.max(0, spoken - told.length), after: 0, markers: [],
        tickets: told.map(({ record, index }) => {
          const isRefused = refused.has(record.offset);
          const marks = [...(index === focus.index ? ["focus"] : []), ...(isRefused ? ["refused"] : index === focus.index && focus.isWrong ? ["late"] : [])];
          return { ref: `record:${record.offset}`, offset: record.offset, key: record.key, type: isRenamed ? means : state.word, marks };
        }),
      };
    }),
  };
}

/** @param {string} name "OrderPlaced" → "order placed", which a narrow column can break */
const inWords = (name) => name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();

/** @param {number} pence */
const money = (pence) => (pence / 100).toFixed(2);

function reportMeter(state) {
  const { report, truth, input } = state;
  return {
    kind: "meter", id: "report", title: { engineer: `Report: revenue from ${input.params.counts}`, manager: "The revenue report" },
    value: Math.max(0, report.sum), max: Math.max(report.sum, 2 * truth.sum, 1),
    threshold: { value: Math.max(0, truth.sum), label: { engineer: "what was meant", manager: "money received" } },
    text: { engineer: `${money(report.sum)}; meant: ${money(truth.sum)}`, manager: `${money(report.sum)}; received: ${money(truth.sum)}` },
  };
}

function figuresTable(state) {
  const { report, truth, byMeaning, input } = state;
  const isWrong = report.sum !== truth.sum || report.count !== truth.count;
  const { items, before, after } = window(byMeaning.keys, 0, ROWS);
  return {
    kind: "table", id: "figures", title: { engineer: "Figures", manager: "The figures" }, before, after,
    columns: [
      { id: "figure", label: { engineer: "figure", manager: "figure" } },
      { id: "count", label: { engineer: "events", manager: "orders" }, numeric: true },
      { id: "sum", label: { engineer: "sum", manager: "money" }, numeric: true },
    ],
    rows: [
      { ref: "figure:report", cells: ["report", report.count, money(report.sum)], marks: isWrong ? ["late"] : ["focus"] },
      ...items.map((meaning) => {
        const { count, sum } = byMeaning.get(meaning);
        return { ref: `figure:${meaning}`, cells: [meaning === input.params.counts ? `${meaning} (to be counted)` : meaning, count, money(sum)], marks: [] };
      }),
    ],
  };
}

function ordersTable(state) {
  const { focus, speakers } = state;
  const { items, before, after } = window(speakers.keys, Math.max(0, speakers.indexOf(focus.key ?? "")), ROWS);
  return {
    kind: "table", id: "orders", title: { engineer: "Who published about each order", manager: "Who spoke about which order" }, before, after,
    columns: [
      { id: "order", label: { engineer: "key", manager: "order" } },
      { id: "teams", label: { engineer: "teams", manager: "teams" } },
    ],
    rows: items.map((key) => {
      const teams = speakers.get(key);
      return { ref: `order:${key}`, cells: [key, teams.slice(0, 4).join(", ") + (teams.length > 4 ? " …" : "")], marks: key === focus.key ? ["focus"] : [] };
    }),
  };
}

/**
 * One word and several meanings: teams publish an event of the same name and shape at different moments of an order's life,
 * and a report adds up what it takes to be one thing. A schema registry sees nothing wrong; a name of their own, or a
 * translation where the events come in, does away with it.
 */
import { scene } from "../ambiguous_event_scene.js";
import { interleave } from "../run.js";
import { Tape, VersionedMap } from "../timeline.js";

/** @typedef {{ count: number, sum: number }} Figure */
/** @typedef {Figure & { team: string, name: string }} Published */
/** @typedef {{ means: string, isRenamed: boolean, moved: { field: string, to: string } | null }} Team `moved`: a field that it writes under another name */

const MOST_TEAMS = 50;
const MOST = 1e12;
const OTHERS = "(other teams)";
const UNNAMED = "(no team)";
/** @type {Figure} */
const NONE = Object.freeze({ count: 0, sum: 0 });
const DEFAULT_MEANINGS = { checkout: "OrderPlaced", payments: "PaymentReceived", shipping: "OrderDelivered" };
const JSON_TYPES = ["string", "number", "boolean", "object"];
const team = { name: "team", type: "string", default: "payments", label: { engineer: "team", manager: "which team" } };

/**
 * Parameters: `word` (the event type that several teams use), `source` (the field that names the team), `meanings` (team →
 * what it means by the word), `names` (`shared`: all publish under the word; `own`: each under the name of its meaning),
 * `border` (whether events are translated, team by team, where they enter the report's context), `counts` (the
 * meaning that the report is about), `field` (the amount that it adds up), `registry` (whether an event of another shape is
 * refused), `schema` (field → string, number, boolean or object).
 *
 * Interventions: `rename` (a team publishes under its own name from here on), `translate` (translation at the border begins,
 * by what the teams mean now), `redraw` (the report is made again from the log, read as events are read now), `reword`
 * (everybody uses another word for the same event), `change-meaning` (a team means another moment by it, and tells nobody),
 * `change-shape` (a team writes a field under another name).
 *
 * Records of other types are passed over. The report counts an event whose translated name is `counts`; without translation,
 * one that is named `counts` or bears a word that was shared: that is the mistake.
 *
 * Result: `{ published, refused: [{offset, team, field}], report: {count, sum}, truth: {count, sum}, factor, teams: {team:
 * {means, count, sum}}, meanings: {meaning: {count, sum}} }`. `truth` is what was meant in the sense of `counts`, whether or
 * not its event was accepted; `factor` is `report.sum / truth.sum` with two decimals, null where the truth is 0. `teams` and `meanings` count what was
 * published. Teams beyond the fiftieth count as one.
 */
export const model = {
  id: "ambiguous_event",
  title: "One word, several meanings",
  log: "required",
  params: [
    { name: "word", type: "string", default: "OrderCompleted", label: { engineer: "event type that the teams share", manager: "the word that all teams use" } },
    { name: "source", type: "string", default: "source", label: { engineer: "field that names the team", manager: "where the team is named" } },
    { name: "meanings", type: "strings", default: DEFAULT_MEANINGS, maxItems: MOST_TEAMS, label: { engineer: "what each team means by it", manager: "what each team means by it" } },
    {
      name: "names", type: "choice", default: "shared",
      choices: [
        { value: "shared", label: { engineer: "the shared word", manager: "the word that all use" } },
        { value: "own", label: { engineer: "a name of its own", manager: "a word of its own for each team" } },
      ],
      label: { engineer: "teams publish under", manager: "teams announce it as" },
    },
    { name: "border", type: "boolean", default: false, label: { engineer: "translate at the border of the report's context", manager: "somebody translates for the report" } },
    { name: "counts", type: "string", default: "PaymentReceived", label: { engineer: "meaning that the report is about", manager: "what the report is to count" } },
    { name: "field", type: "string", default: "amount", label: { engineer: "field that it sums", manager: "figure that it adds up" } },
    { name: "registry", type: "boolean", default: true, label: { engineer: "schema registry checks each event", manager: "a forms office checks each notice" } },
    { name: "schema", type: "strings", default: { source: "string", amount: "number" }, label: { engineer: "fields and JSON types of the schema", manager: "what the form must contain" } },
  ],
  interventions: [
    { kind: "rename", label: { engineer: "Let a team use a name of its own", manager: "A team adopts a word of its own" }, params: [team] },
    { kind: "translate", label: { engineer: "Translate at the border", manager: "Put a translator before the report" }, params: [] },
    { kind: "redraw", label: { engineer: "Rebuild the report from the log", manager: "Draw the report up again" }, params: [] },
    { kind: "reword", label: { engineer: "Rename the shared event for everybody", manager: "Agree on a nicer word" }, params: [{ name: "to", type: "string", default: "OrderFinished", label: { engineer: "new name", manager: "the new word" } }] },
    { kind: "change-meaning", label: { engineer: "Let a team publish at another moment", manager: "A team means something else from now on" }, params: [team, { name: "to", type: "string", default: "PaymentAuthorised", label: { engineer: "new meaning", manager: "what it means then" } }] },
    {
      kind: "change-shape", label: { engineer: "Let a team rename a field", manager: "A team changes its form" },
      params: [team, { name: "field", type: "string", default: "amount", label: { engineer: "field", manager: "box on the form" } }, { name: "to", type: "string", default: "total", label: { engineer: "new name", manager: "its new title" } }],
    },
  ],
  prepare, plan: interleave, start, step, copy, scene, result, checks,
};

function prepare(input) {
  const schema = Object.entries(input.params.schema).filter(([field, type]) => {
    if (JSON_TYPES.includes(type)) return true;
    input.problems.push({ path: `/params/schema/${field}`, message: `schema had "${type}" for "${field}": it must be one of ${JSON_TYPES.join(", ")}, so it is left out` });
    return false;
  });
  return { ...input, params: Object.freeze({ ...input.params, schema: Object.freeze(Object.fromEntries(schema)) }) };
}

function start(input) {
  const { word, names, border, meanings } = input.params;
  const teams = /** @type {VersionedMap<Team>} */ (new VersionedMap());
  for (const [name, means] of Object.entries(meanings)) teams.set(name, { means, isRenamed: names === "own", moved: null });
  const words = /** @type {VersionedMap<true>} */ (new VersionedMap());
  words.set(word, true);
  return {
    input, teams,
    /** The shared word, and all that there have been. */
    word, words,
    /** What the border takes each team to mean, or null where nothing is translated. */
    border: border ? new Map(Object.entries(meanings)) : null,
    /** Figures of what was published, by team and name. */
    published: /** @type {VersionedMap<Published>} */ (new VersionedMap()),
    byTeam: /** @type {VersionedMap<Figure>} */ (new VersionedMap()),
    byMeaning: /** @type {VersionedMap<Figure>} */ (new VersionedMap()),
    /** The meanings that each published name has had. */
    meaningsOf: /** @type {VersionedMap<readonly string[]>} */ (new VersionedMap()),
    /** The teams that spoke about each key. */
    speakers: /** @type {VersionedMap<readonly string[]>} */ (new VersionedMap()),
    refused: new Tape(),
    count: 0, report: NONE, truth: NONE, misshapen: 0,
    /** How many records have come, and what this step is about: { index, key, team, isWrong }. */
    handled: 0,
    focus: NOTHING,
  };
}

const NOTHING = Object.freeze({ index: -1, key: null, team: null, isWrong: false });

function copy(state) {
  return {
    ...state,
    teams: state.teams.copy(), words: state.words.copy(), published: state.published.copy(), byTeam: state.byTeam.copy(), byMeaning: state.byMeaning.copy(),
    meaningsOf: state.meaningsOf.copy(), speakers: state.speakers.copy(), refused: state.refused.copy(),
  };
}

function step(state, { record, intervention }, quiet) {
  if (intervention) {
    state.focus = NOTHING;
    return INTERVENTIONS[intervention.kind](state, intervention);
  }
  const index = state.handled++;
  state.focus = { ...NOTHING, index, key: record.key };
  if (record.type !== state.input.params.word) return quiet ? [] : [{ code: "record.other", refs: [`record:${record.offset}`], data: { type: record.type || "a record", word: state.word } }];
  return publish(state, record, quiet);
}

/** A team publishes an event, as it names and shapes it now. */
function publish(state, record, quiet) {
  const { params } = state.input;
  const name = teamOf(state, record);
  const about = teamNamed(state, name);
  state.focus = { ...state.focus, team: name };
  const value = reshaped(record.value, about.moved);
  const meant = amountOf(record.value, params.field);
  const isTrue = about.means === params.counts;
  if (isTrue) state.truth = plus(state.truth, meant);

  const fault = faultOf(value, params.schema);
  const refs = [`record:${record.offset}`, `team:${name}`, `order:${record.key}`];
  const data = { offset: record.offset, key: record.key ?? "an order", team: name, name: about.isRenamed ? about.means : state.word, means: about.means, registry: params.registry, isTranslated: state.border !== null };
  if (fault !== null) {
    if (params.registry) {
      state.refused.push({ offset: record.offset, team: name, field: fault });
      return [{ code: "shape.refused", refs, data: { ...data, field: fault } }];
    }
    state.misshapen += 1;
  }

  const amount = amountOf(value, params.field);
  note(state, record, data, amount);
  const isCounted = isRead(state, name, data.name);
  if (isCounted) state.report = plus(state.report, amount);
  const isWrong = isCounted !== isTrue || (isCounted && amount !== meant);
  state.focus = { ...state.focus, isWrong };
  if (quiet) return [];
  return [{ code: isCounted ? "word.counted" : "word.passed_over", refs: [...refs, "figure:report"], data: { ...data, amount, meant, isWrong, fault, counts: params.counts, report: state.report.sum, truth: state.truth.sum } }];
}

/** Keeps what was published. */
function note(state, record, { team: name, name: type, means }, amount) {
  state.count += 1;
  const place = `${name.length}:${name}${type}`;
  state.published.set(place, { team: name, name: type, ...plus(state.published.get(place) ?? NONE, amount) });
  add(state.byTeam, name, amount);
  add(state.byMeaning, means, amount);
  include(state.meaningsOf, type, means);
  if (record.key !== null) include(state.speakers, record.key, name);
}

/** @param {VersionedMap<Figure>} figures @param {string} name @param {number} amount */
function add(figures, name, amount) {
  figures.set(name, plus(figures.get(name) ?? NONE, amount));
}

/** @param {VersionedMap<readonly string[]>} lists @param {string} name @param {string} item */
function include(lists, name, item) {
  const list = lists.get(name) ?? [];
  if (!list.includes(item)) lists.set(name, [...list, item].slice(0, MOST_TEAMS));
}

/** @param {Figure} figure @param {number} amount @returns {Figure} */
const plus = ({ count, sum }, amount) => ({ count: count + 1, sum: sum + amount });

/** @returns {string} the team that a record is from */
function teamOf(state, { value }) {
  const given = part(value, state.input.params.source);
  const name = typeof given === "string" && given !== "" ? given : UNNAMED;
  if (state.teams.versions(name) > 0) return name;
  if (state.teams.size >= MOST_TEAMS) return OTHERS;
  state.teams.set(name, newTeam(state));
  return name;
}

/** @returns {Team} */
const newTeam = (state) => ({ means: state.input.params.word, isRenamed: state.input.params.names === "own", moved: null });
/** @returns {Team} */
const teamNamed = (state, name) => state.teams.get(name) ?? newTeam(state);

/** @param {any} value @param {string} field @returns {any} an own part of a structure, or undefined */
const part = (value, field) => (typeof value === "object" && value !== null && Object.hasOwn(value, field) ? value[field] : undefined);

/** The value as a team writes it now. @param {any} value @param {Team["moved"]} moved */
function reshaped(value, moved) {
  if (moved === null || part(value, moved.field) === undefined) return value;
  const entries = Object.entries(value).map(([name, item]) => [name === moved.field ? moved.to : name, item]);
  return Object.fromEntries(entries);
}

/** @param {any} value @param {Record<string, string>} schema @returns {string | null} the first field that does not fit */
function faultOf(value, schema) {
  for (const [field, type] of Object.entries(schema)) {
    const found = part(value, field);
    if (found === undefined || found === null || typeof found !== type) return field;
  }
  return null;
}

/** @param {any} value @param {string} field @returns {number} */
function amountOf(value, field) {
  const found = part(value, field);
  return Number.isFinite(found) && Math.abs(found) <= MOST ? found : 0;
}

/** Whether the report counts what a team publishes under a name. */
function isRead(state, name, type) {
  const { counts } = state.input.params;
  if (state.border !== null) return (state.border.get(name) ?? type) === counts;
  return type === counts || state.words.versions(type) > 0;
}

const INTERVENTIONS = {
  rename(state, { team: name }) {
    const about = teamNamed(state, name);
    state.teams.set(name, { ...about, isRenamed: true });
    return [{ code: "team.renamed", refs: [`team:${name}`], data: { team: name, word: state.word, to: about.means } }];
  },
  translate(state) {
    state.border = new Map(state.teams.keys.slice().map((name) => [name, teamNamed(state, name).means]));
    return [{ code: "border.drawn", refs: [], data: { word: state.word, counts: state.input.params.counts } }];
  },
  redraw(state) {
    const before = state.report.sum;
    state.report = NONE;
    for (const place of state.published.keys.slice()) {
      const { team: name, name: type, count, sum } = state.published.get(place);
      if (isRead(state, name, type)) state.report = { count: state.report.count + count, sum: state.report.sum + sum };
    }
    return [{ code: "report.redrawn", refs: ["figure:report"], data: { events: state.count, before, report: state.report.sum, truth: state.truth.sum } }];
  },
  reword(state, { to }) {
    const before = state.word;
    state.word = to;
    state.words.set(to, true);
    return [{ code: "word.replaced", refs: [], data: { before, to, report: state.report.sum } }];
  },
  "change-meaning"(state, { team: name, to }) {
    const about = teamNamed(state, name);
    state.teams.set(name, { ...about, means: to });
    return [{ code: "meaning.changed", refs: [`team:${name}`], data: { team: name, before: about.means, to, isRenamed: about.isRenamed, word: state.word } }];
  },
  "change-shape"(state, { team: name, field, to }) {
    state.teams.set(name, { ...teamNamed(state, name), moved: { field, to } });
    return [{ code: "shape.changed", refs: [`team:${name}`], data: { team: name, field, to, registry: state.input.params.registry } }];
  },
};

function result(state) {
  const { report, truth } = state;
  return {
    published: state.count,
    refused: state.refused.slice(),
    report: { ...report }, truth: { ...truth },
    factor: truth.sum === 0 ? null : Math.round((100 * report.sum) / truth.sum) / 100,
    teams: Object.fromEntries(state.byTeam.keys.slice().map((name) => [name, { means: teamNamed(state, name).means, ...state.byTeam.get(name) }])),
    meanings: Object.fromEntries(state.byMeaning.keys.slice().map((meaning) => [meaning, { ...state.byMeaning.get(meaning) }])),
  };
}

function checks(state) {
  const { report, truth, refused, misshapen } = state;
  const ambiguous = state.meaningsOf.keys.slice().filter((name) => (state.meaningsOf.get(name) ?? []).length > 1);
  return [
    { id: "report-agrees", holds: report.count === truth.count && report.sum === truth.sum, detail: `the report says ${report.sum} of ${report.count} events; ${truth.sum} of ${truth.count} were meant` },
    { id: "one-word-one-meaning", holds: ambiguous.length === 0, detail: `names with several meanings: ${ambiguous.slice(0, 20).join(", ") || "none"}` },
    { id: "shape-agreed", holds: misshapen === 0, detail: `${misshapen} events were published in another shape` },
    { id: "nothing-refused", holds: refused.length === 0, detail: `${refused.length} events were refused for their shape` },
  ];
}

/**
 * The state of one figure: which log, model and settings, which step, and what the reader did. It holds no DOM, clock or
 * storage; views subscribe and read.
 */
import { countBefore } from "../engine/records.js";
import { createRun, evaluateClaim } from "../engine/run.js";

/** @typedef {"engineer" | "manager" | "both"} Shown */
/**
 * @typedef {object} Lesson what a page loads for a model
 * @property {any} model
 * @property {{ telling: string[], checks: Record<string, any> }} narration
 * @property {(fact: any, voice: "engineer" | "manager") => string} narrate
 */
/**
 * @typedef {object} Setup everything that decides about a run; never changed, only replaced
 * @property {Record<string, any>} params
 * @property {any[]} interventions
 * @property {boolean} broken whether the scenario's break is applied
 * @property {readonly any[]} records
 * @property {readonly any[][]} edits what made the records out of the stored log, in the notation of edits.js
 */

export const SPEEDS = [0.5, 1, 2, 4, 8];
const MOST_UNDO = 100;
/** Undo keeps whole lists of records; together they may have this many places. */
const MOST_PLACES = 5_000_000;
/** Above this many records, what needs a whole run waits until it is asked for. */
export const QUICK = 20_000;

/** @param {any} a @param {any} b */
export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** @param {readonly any[]} records in order of offset @param {number} offset @returns {number} the index, or −1 */
export function indexOfOffset(records, offset) {
  const index = countBefore(records, (record) => record.offset < offset);
  return records[index]?.offset === offset ? index : -1;
}

export class Player {
  /** @type {Set<() => void>} */
  #listeners = new Set();
  /** @type {Setup[]} */
  #past = [];
  /** @type {Setup[]} */
  #future = [];
  /** @type {Setup} */
  #setup = { params: {}, interventions: [], broken: false, records: [], edits: [] };
  /** @type {any} */
  #verdicts = null;
  /** @type {any} the frame that was asked for last: several views draw it */
  #frame = {};
  /** @type {any} the actions of the run, which say where its records come in */
  #plan = null;

  step = 0;
  playing = false;
  speed = 1;
  /** @type {Shown} */
  shown = "both";
  /** Whether the scenario's question has been answered since the last restart. */
  revealed = false;
  guess = "";
  /** @type {{ name: string, problems: any[], untold: number, format: string } | null} the reader's own log, if one is in use */
  own = null;
  /** @type {string[]} what the reader must know about the address or a file */
  notices = [];

  /** @param {any} scenario the JSON of a scenario @param {Lesson} lesson */
  constructor(scenario, lesson) {
    this.scenario = scenario;
    this.lesson = lesson;
    this.stored = scenario.log?.records ?? [];
    this.#begin({});
    this.step = Math.min(scenario.start ?? 0, this.run.length);
  }

  /** @returns {Setup} the settings that the figure has by itself, without what the reader did */
  base() {
    const own = this.own !== null;
    const isScenario = this.lesson.model.id === this.scenario.model;
    return {
      params: isScenario ? (this.scenario.params ?? {}) : {},
      interventions: isScenario && !own ? (this.scenario.interventions ?? []) : [],
      broken: false,
      records: own ? this.ownRecords : this.stored,
      edits: [],
    };
  }

  /** @type {readonly any[]} */
  ownRecords = [];

  get setup() {
    return this.#setup;
  }

  /** Whether question, claims and break of the scenario speak about what is shown. */
  get isScenario() {
    return !this.own && this.lesson.model.id === this.scenario.model;
  }

  /** Whether the reader changed anything that the run depends on. */
  get isChanged() {
    const { params, interventions, broken, edits } = this.#setup;
    const base = this.base();
    return broken || edits.length > 0 || !same(params, base.params) || !same(interventions, base.interventions);
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** Whether the scenario's question stands in front of the reader. */
  get isAsking() {
    return this.isScenario && Boolean(this.scenario.question) && !this.revealed && this.step === this.scenario.start;
  }

  get frame() {
    if (this.#frame.run !== this.run || this.#frame.step !== this.step) this.#frame = { run: this.run, step: this.step, drawn: this.run.at(this.step) };
    return this.#frame.drawn;
  }

  /** @param {() => void} listener @returns {() => void} a function that ends it */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }

  /** What is run: with the model's id beside it, `simulate` takes it as it is. */
  get input() {
    const { params, interventions, broken, records } = this.#setup;
    const rupture = broken ? this.scenario.break : {};
    return {
      log: records,
      params: { ...params, ...rupture.params },
      interventions: rupture.intervention ? [...interventions, rupture.intervention] : interventions,
      seed: this.scenario.seed ?? 1,
    };
  }

  #run() {
    const { model } = this.lesson;
    this.run = createRun({ ...model, plan: (/** @type {any} */ input) => (this.#plan = model.plan(input)) }, this.input);
    this.step = Math.min(this.step, this.run.length);
    this.#verdicts = null;
  }

  /** @param {Partial<Setup>} change */
  #change(change) {
    this.#past.push(this.#setup);
    this.#future = [];
    let places = 0;
    const kept = this.#past.findLastIndex(({ records }, i) => {
      if (records !== this.#past[i + 1]?.records) places += records.length;
      return places > MOST_PLACES;
    });
    this.#past = this.#past.slice(kept + 1).slice(-MOST_UNDO);
    this.#setup = { ...this.#setup, ...change };
    this.#run();
    this.#tell();
  }

  // --- where the playhead stands

  /** @param {number} step */
  seek(step) {
    const next = Math.max(0, Math.min(this.run.length, Math.round(Number(step)) || 0));
    if (this.isAsking && next > this.step) this.revealed = true;
    this.step = next;
    this.#tell();
  }

  /** @param {number} by */
  move(by) {
    this.pause();
    this.seek(this.step + by);
  }

  /** Goes to the nearest step that tells something. @param {1 | -1} direction */
  jump(direction) {
    this.pause();
    const found = this.run.find(this.step, this.lesson.narration.telling, direction);
    this.seek(found >= 0 ? found : direction > 0 ? this.run.length : 0);
  }

  play() {
    if (this.isAsking) this.revealed = true;
    if (this.step >= this.run.length) this.step = 0;
    this.playing = this.run.length > 0;
    this.#tell();
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.#tell();
  }

  toggle() {
    return this.playing ? this.pause() : this.play();
  }

  /** One beat of playing. It stops at the end, and before a question that is not answered yet. */
  tick() {
    if (!this.playing) return;
    this.step = Math.min(this.run.length, this.step + 1);
    this.playing = this.step < this.run.length && !this.isAsking;
    this.#tell();
  }

  /** Back to the beginning, with the question unanswered. */
  restart() {
    Object.assign(this, { playing: false, revealed: false, guess: "", step: 0 });
    this.#tell();
  }

  /** Answers the question: one step on, to what the reader was asked about. @param {string} [guess] */
  reveal(guess = "") {
    this.guess = guess.trim().slice(0, 200);
    this.revealed = true;
    this.move(1);
  }

  /** @param {number} speed steps a second */
  setSpeed(speed) {
    this.speed = SPEEDS.includes(speed) ? speed : 1;
    this.#tell();
  }

  /** @param {Shown} shown */
  show(shown) {
    this.shown = shown;
    this.#tell();
  }

  /** @param {string} text */
  notify(text) {
    if (!this.notices.includes(text)) this.notices = [...this.notices, text];
    this.#tell();
  }

  dismiss() {
    this.notices = [];
    this.#tell();
  }

  // --- what the reader changes

  /** @param {string} name @param {any} value */
  setParam(name, value) {
    const { params, broken } = this.#setup;
    const rupture = broken ? (this.scenario.break.params ?? {}) : {};
    // A reader who only passes through a field leaves what holds already.
    if (same({ ...this.run.params, ...params, ...rupture }[name], value)) return;
    if (Object.hasOwn(rupture, name)) this.#change({ params: { ...params, ...rupture, [name]: value }, broken: false });
    else this.#change({ params: { ...params, [name]: value } });
  }

  /** How many records are in the log at the playhead: models take steps of their own in between. */
  get recordsSoFar() {
    const { records } = this.run;
    for (let i = this.step - 1; i >= 0; i--) {
      const action = this.#plan.action(i);
      const record = action.record ?? action;
      const index = indexOfOffset(records, record.offset);
      if (index >= 0 && records[index] === record) return index + 1;
    }
    return 0;
  }

  /** Lets something happen now, and goes to the step where it shows. @param {any} intervention */
  intervene(intervention) {
    this.#showing(() => this.#change({ interventions: [...this.#setup.interventions, { at: this.recordsSoFar, ...intervention }] }));
  }

  /** @param {number} index */
  removeIntervention(index) {
    this.#change({ interventions: this.#setup.interventions.filter((_, i) => i !== index) });
  }

  /** Applies the scenario's break, or mends it. */
  toggleBreak() {
    const broken = !this.#setup.broken;
    this.#showing(() => this.#change({ broken }), broken);
  }

  /** Makes a change and, where it shows only later, goes there. @param {() => void} change @param {boolean} [wanted] */
  #showing(change, wanted = true) {
    const before = this.run;
    change();
    if (!wanted || this.run.records.length > QUICK) return;
    for (let i = this.step; i <= this.run.length; i++) {
      if (i <= before.length && same(before.at(i).facts, this.run.at(i).facts)) continue;
      if (i > this.step) this.seek(i);
      return;
    }
  }

  /** @param {any[]} edit @param {readonly any[]} records the records after it */
  edit(edit, records) {
    this.#change({ records, edits: [...this.#setup.edits, edit] });
  }

  undo() {
    this.#swap(this.#past, this.#future);
  }

  redo() {
    this.#swap(this.#future, this.#past);
  }

  /** @param {Setup[]} from @param {Setup[]} to */
  #swap(from, to) {
    const setup = from.pop();
    if (!setup) return;
    to.push(this.#setup);
    this.#setup = setup;
    this.#run();
    this.#tell();
  }

  /** Takes back everything that the reader changed; itself it can be undone. */
  reset() {
    if (this.isChanged) this.#change(this.base());
  }

  /** @param {Partial<Setup>} change to the settings that the figure has by itself */
  #begin(change) {
    this.#past = [];
    this.#future = [];
    this.playing = false;
    this.#setup = { ...this.base(), ...change };
    this.#run();
  }

  /**
   * Runs on the reader's own records, or with null on the stored log again.
   * @param {{ base: readonly any[], records: readonly any[], edits: any[][], name: string, problems: any[], untold: number, format: string } | null} log
   *   `records`: what the edits made of `base`
   */
  useLog(log) {
    this.own = log && { name: log.name, problems: log.problems, untold: log.untold, format: log.format };
    this.ownRecords = log?.base ?? [];
    this.#begin(log ? { records: log.records, edits: log.edits } : {});
    this.step = log ? this.run.length : Math.min(this.scenario.start ?? 0, this.run.length);
    this.#tell();
  }

  /** Shows another model on the same log. @param {Lesson} lesson */
  useModel(lesson) {
    this.lesson = lesson;
    this.#begin({ records: this.#setup.records, edits: this.#setup.edits });
    this.step = this.isScenario ? Math.min(this.scenario.start ?? 0, this.run.length) : this.run.length;
    this.#tell();
  }

  /**
   * Takes over what an address says. What it does not say is as the figure has it by itself; what it says wrongly becomes
   * a notice.
   * @param {{ setup: Partial<Setup>, step?: number, shown?: Shown, problems: string[] }} state
   */
  restore({ setup, step = this.scenario.start ?? 0, shown, problems }) {
    const { records, edits } = this.#setup;
    this.#begin({ ...setup, ...(this.own ? { records, edits } : {}), broken: Boolean(setup.broken && this.isScenario && this.scenario.break) });
    this.step = Math.min(step, this.run.length);
    this.revealed = this.step > (this.scenario.start ?? 0);
    if (shown) this.shown = shown;
    const told = step > this.run.length ? [...problems, `step ${step} is past the end, so step ${this.step} is shown`] : problems;
    this.notices = told.length > 0 ? [`Part of this address could not be used: ${told.join("; ")}.`] : [];
    this.#tell();
  }

  // --- what is true of the run

  /** Whether claims and checks need more time than a key press should take. */
  get isLong() {
    return this.run.records.length > QUICK;
  }

  /** @returns {{ claims: any[], checks: any[] }} the scenario's claims and the model's own checks with their verdicts */
  get verdicts() {
    const sentences = this.lesson.narration.checks ?? {};
    return (this.#verdicts ??= {
      claims: (this.isScenario ? (this.scenario.claims ?? []) : []).map((/** @type {any} */ claim) => ({
        ...evaluateClaim(this.run, claim),
        id: claim.id,
        words: { engineer: claim.engineer, manager: claim.manager },
      })),
      checks: this.run.checks.map(({ id, holds, detail }) => ({ id, holds, detail, words: sentences[id] ?? detail })),
    });
  }
}

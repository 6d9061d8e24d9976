/**
 * The figure around its scene: where everything stands, the sentence of the step, the question, the claims, the notices.
 */
import { el, keyed, mark, say, speak } from "./dom.js";
import { sceneView } from "./scene.js";

const START = { engineer: "Step 0: nothing has been appended or read yet.", manager: "Nothing has happened yet." };
const BOTH = /** @type {const} */ (["engineer", "manager"]);

/**
 * Builds the parts of a figure and puts them in the place of the text that the server sent.
 * @param {any} figure
 * @param {any} player
 */
export function layOut(figure, player) {
  const part = (/** @type {string} */ name, ...children) => el("div", { class: name }, ...children);
  const parts = {
    notices: part("figure-notices"),
    wide: part("scene-wide"),
    narrow: part("scene-narrow"),
    predict: part("predict"),
    narration: part("narration"),
    settings: part("settings"),
    transport: part("transport"),
    verdicts: part("verdicts"),
    log: el("details", { class: "log-panel" }, el("summary", null, "The log as a table, to read and to edit")),
    own: figure.querySelector(".figure-actions .own"),
    link: figure.querySelector(".figure-actions .state"),
    save: figure.querySelector(".figure-actions .save"),
    voices: figure.querySelectorAll(".voices button"),
  };
  parts.notices.setAttribute("role", "status");
  for (const voice of parts.voices) voice.onclick = () => player.show(voice.className);
  const stage = part("stage", parts.wide, parts.narrow);
  const main = part("main-column", parts.predict, parts.narration, stage, parts.settings, parts.transport);
  figure.querySelector(".player").replaceChildren(parts.notices, main, parts.verdicts, parts.log);
  // On the workbench the figure ends where the window ends.
  const above = figure.querySelector(".player").getBoundingClientRect().top + scrollY;
  figure.style.setProperty("--above", `${Math.round(above)}px`);
  figure.dataset.ready = "";
  return { ...parts, stage };
}

/**
 * Keeps a figure in step with its player.
 * @param {any} figure
 * @param {any} player
 * @param {any} parts of {@link layOut}
 * @returns {() => void} draws what changed
 */
export function figureView(figure, player, parts) {
  const drawScene = sceneView(parts.stage, parts.wide, parts.narrow);
  const drawNarration = narrationView(player, parts.narration);
  const drawQuestion = questionView(figure, player, parts.predict);
  const drawNotices = noticesView(player, parts.notices);
  const drawVerdicts = verdictsView(player, parts.verdicts);
  const lines = figure.querySelector(".figure-caption .figure-lines");
  /** @type {any} */
  let run = null;
  let step = -1;
  let tallest = 0;
  let timer = 0;

  /** What needs the new layout. While a reader scrubs it waits, as each question about a layout costs one. */
  function settle() {
    // The transport keeps its place: a scene that shrinks leaves the room that it had.
    tallest = Math.max(tallest, parts.wide.offsetHeight);
    parts.wide.style.minHeight = `${tallest}px`;
    // Where the stage scrolls by itself (on the workbench), it follows what the step is about.
    if (parts.stage.scrollHeight > parts.stage.clientHeight) follow(parts.stage);
    // What scrolls can be reached by keyboard.
    const scrolling = [parts.stage, parts.verdicts, ...parts.stage.querySelectorAll(".table-block")]
      .map((node) => ({ node, index: node.scrollHeight > node.clientHeight || node.scrollWidth > node.clientWidth ? "0" : null }));
    for (const { node, index } of scrolling) mark(node, "tabindex", index);
  }

  return () => {
    mark(figure, "data-shown", player.shown);
    for (const voice of parts.voices) mark(voice, "aria-pressed", String(voice.className === player.shown));
    const isNewRun = player.run !== run;
    if (isNewRun || player.step !== step) {
      const frame = player.frame;
      const isNear = step >= 0 && Math.abs(player.step - step) <= 1;
      // Things glide from step to step; from one run to another nothing moves, so nothing is measured for it.
      const isNext = isNear && !isNewRun;
      const isSeen = player.speed < 8;
      drawScene(frame, isNear && isSeen, isNext && isSeen);
      drawNarration(frame);
      clearTimeout(timer);
      if (isNewRun) tallest = 0;
      if (isNext) settle();
      else timer = setTimeout(settle, isNear ? 30 : 80);
      run = player.run;
      step = player.step;
    }
    // The caption tells of the scenario, and of no other model or log.
    if (lines) lines.hidden = !player.isScenario;
    drawQuestion();
    drawNotices();
    if (isNewRun) drawVerdicts();
  };
}

/** @param {any} stage */
function follow(stage) {
  const lit = stage.querySelector(".scene-wide .lit.moves, .scene-wide .lit")?.getBoundingClientRect();
  const frame = stage.getBoundingClientRect();
  if (lit && (lit.top < frame.top || lit.bottom > frame.bottom)) stage.scrollTop += lit.top - frame.top - (frame.height - lit.height) / 2;
}

/**
 * The sentence of the step in each voice: of the fact that tells most.
 * @param {any} player
 * @param {any} frame
 */
export function sentence({ lesson }, frame) {
  if (frame.step === 0) return START;
  const { facts } = frame;
  const { telling } = lesson.narration;
  const spoken = facts.filter((/** @type {any} */ fact) => lesson.narrate(fact, "engineer"));
  const fact = spoken.find((/** @type {any} */ { code }) => telling.includes(code)) ?? spoken[0];
  if (!fact) return { engineer: "", manager: "" };
  return { engineer: lesson.narrate(fact, "engineer"), manager: lesson.narrate(fact, "manager") };
}

/** @param {any} player @param {any} root */
function narrationView(player, root) {
  const lines = BOTH.map(() => el("span"));
  root.append(...BOTH.map((voice, i) => el("p", { class: `in ${voice}` }, el("b", null, voice === "engineer" ? "Engineer" : "Manager"), lines[i])));
  return (/** @type {any} */ frame) => {
    const words = sentence(player, frame);
    mark(root, "aria-live", player.playing && player.speed > 1 ? "off" : "polite");
    BOTH.forEach((voice, i) => say(lines[i], words[voice]));
  };
}

/**
 * Predict first: the question, from the beginning on; at its step a guess; afterwards what happened.
 * @param {any} figure
 * @param {any} player
 * @param {any} root
 */
function questionView(figure, player, root) {
  const [title, question, yours] = [el("h3"), el("p", { class: "question" }), el("p", { class: "yours" })];
  const guess = el("input", { type: "text", maxlength: "200", autocomplete: "off" });
  const ask = el("form", { class: "ask", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    player.reveal(guess.value);
    figure.focus({ preventScroll: true });
  } }, el("label", null, "Your guess, if you like", guess), el("button", { class: "primary" }, "Show me"));
  const go = el("button", { type: "button", onclick: () => player.seek(player.scenario.start) }, "Go to the question");
  root.append(el("div", { "aria-live": "polite" }, title, question, yours), ask, go);

  return () => {
    const { isAsking, scenario, isScenario, revealed, step } = player;
    root.hidden = !isScenario || !scenario.question;
    if (root.hidden) return;
    const isAnswered = revealed && step > scenario.start;
    say(title, isAnswered ? "What happened" : "Predict first");
    speak(question, isAnswered ? scenario.question.answer : scenario.question);
    say(yours, isAnswered && player.guess ? `Your guess: ${player.guess}` : "");
    ask.hidden = !isAsking;
    go.hidden = isAsking || isAnswered;
    if (isAsking && !player.guess) guess.value = "";
  };
}

/** @param {any} player @param {any} root */
function noticesView(player, root) {
  const list = el("ul");
  const close = el("button", { type: "button", onclick: () => player.dismiss() }, "Dismiss");
  root.append(list, close);
  return () => {
    // Problems of a parameter stand at its control; the others here.
    const problems = player.run.problems.filter((/** @type {any} */ { path }) => !/^\/params\/./.test(path)).map((/** @type {any} */ { message }) => message);
    const shown = [...player.notices, ...problems.slice(0, 5), ...(problems.length > 5 ? [`and ${problems.length - 5} more`] : [])];
    root.hidden = shown.length === 0;
    close.hidden = player.notices.length === 0;
    keyed(list, shown, (text) => text, () => el("li"), (item, text) => say(item, text));
  };
}

/** @param {any} player @param {any} root */
function verdictsView(player, root) {
  const group = (/** @type {string} */ name) => {
    const [title, list] = [el("h3"), el("ul")];
    root.append(el("section", { class: name }, title, list));
    return { title, list };
  };
  const note = el("p", { class: "note" });
  const [claims, checks] = [group("claims"), group("checks")];
  const now = el("button", { type: "button", onclick: () => draw() }, "Check the whole run");
  root.prepend(note);
  root.append(now);

  /** @param {{ title: any, list: any }} place @param {string} title @param {any[]} verdicts */
  function fill({ title, list }, title_, verdicts) {
    title.parentNode.hidden = verdicts.length === 0;
    const held = verdicts.filter(({ holds }) => holds).length;
    say(title, `${title_}: ${held} of ${verdicts.length} held`);
    keyed(list, verdicts, ({ id }) => id, () => {
      const parts = { state: el("span", { class: "verdict" }), words: el("span"), why: el("small") };
      return Object.assign(el("li", null, parts.state, " ", parts.words, " ", parts.why), { parts });
    }, (item, { holds, words, detail, problem, expected, found }) => {
      item.dataset.holds = String(holds);
      say(item.parts.state, holds ? "✓ held" : "✗ failed");
      speak(item.parts.words, words);
      say(item.parts.why, holds ? "" : (problem ?? detail ?? `expected ${JSON.stringify(expected)}, found ${brief(JSON.stringify(found))}`));
    });
  }

  function draw() {
    const { claims: ours, checks: models } = player.verdicts;
    fill(claims, "Claims", ours);
    fill(checks, "The model’s own checks", models);
    now.hidden = true;
    root.removeAttribute("aria-busy");
    const isOff = player.isChanged && ours.some((/** @type {any} */ { holds }) => !holds);
    note.hidden = !isOff;
    say(note, isOff ? "The claims are about this figure’s own settings and log, and you changed them. Undo or reset to see them hold." : "");
  }

  let timer = 0;
  return () => {
    clearTimeout(timer);
    now.hidden = !player.isLong;
    if (player.isLong) for (const { title } of [claims, checks]) title.parentNode.hidden = true;
    else {
      root.setAttribute("aria-busy", "true");
      timer = setTimeout(draw, 30);
    }
  };
}

/** @param {string} text */
const brief = (text = "nothing") => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/**
 * The reader's own log: pasted, chosen or dropped, read in a worker, kept in this browser and nowhere else.
 */
import { download, el, keyed, mark, say } from "../views/dom.js";
import { replayEdits } from "../player/edits.js";
import { forget, keepEdits, kept } from "../player/store.js";

const MOST_BYTES = 50 * 1024 * 1024;
const SHOWN_PROBLEMS = 20;
const FORMATS = "a JSON list, JSON Lines, CloudEvents, Debezium change events, kcat -J lines, or CSV with a header";

/** @param {number} n */
const count = (n) => n.toLocaleString("en-GB");

/** @param {number} n */
const recordsOf = (n) => `${count(n)} ${n === 1 ? "record" : "records"}`;

/**
 * @param {any} desk
 * @returns {{ open: () => void, read: (source: File | string) => void, restore: () => Promise<void> }}
 */
export function ownLog(desk) {
  const { figure, player, parts } = desk;
  /** @type {Worker | null} */
  let worker = null;
  const text = el("textarea", { spellcheck: "false", placeholder: "{\"key\": \"order-1\", \"type\": \"OrderPlaced\", \"value\": {\"amount\": 1250}}" });
  const file = el("input", { type: "file", accept: ".json,.jsonl,.ndjson,.csv,.txt,.log,application/json,text/plain,text/csv", onchange: () => file.files[0] && read(file.files[0]) });
  const [progress, told] = [el("progress", { max: "1", "aria-label": "Reading" }), el("p", { role: "status" })];
  const stop = el("button", { type: "button", onclick: () => cancel("Cancelled: nothing was changed.") }, "Cancel reading");
  const problems = el("ol", { class: "problems", tabindex: "0", "aria-label": "Problems by line" });
  const does = (/** @type {string} */ label, /** @type {() => void} */ onclick) => el("button", { type: "button", onclick }, label);
  const inUse = el("div", { class: "tools" },
    does("Export as JSON Lines", () => exportLog(player)),
    figure.dataset.newLogSrc ? el("a", { href: figure.dataset.newLogSrc }, "Propose it as a sample log") : null,
    does("Back to the sample log", back),
    does("Forget my log", () => (forget(), back())));
  const dialog = el("dialog", { class: "figure-dialog", "aria-label": "Your own log", onclose: () => cancel("") }, el("div", { class: "stack" },
    el("h3", null, "Your own log"),
    el("p", null, `It stays in this browser and is sent nowhere. ${FORMATS[0].toUpperCase()}${FORMATS.slice(1)}; up to 50 MB and a million records.`),
    el("label", null, "Paste it", text),
    el("div", { class: "tools" }, el("button", { type: "button", class: "primary", onclick: () => read(text.value) }, "Use the pasted log")),
    el("label", null, "or choose a file, or drop one on the figure", file),
    el("div", { class: "tools reading" }, progress, stop), told, problems, inUse,
    el("form", { method: "dialog" }, el("button", null, "Close"))));
  figure.append(dialog);
  const source = figure.querySelector(".figure-source");
  const sample = source ? [...source.childNodes] : [];
  show();

  /** @param {string} message */
  function cancel(message) {
    worker?.terminate();
    worker = null;
    say(told, message);
    show();
  }

  function show() {
    const { own, run } = player;
    progress.hidden = stop.hidden = worker === null;
    inUse.hidden = own === null;
    const list = own?.problems ?? [];
    const more = list.length - SHOWN_PROBLEMS + (own?.untold ?? 0);
    const lines = list.slice(0, SHOWN_PROBLEMS).map((/** @type {any} */ { line, message }) => (line ? `line ${line}: ${message}` : message));
    if (more > 0) lines.push(`and ${count(more)} more`);
    problems.hidden = lines.length === 0;
    keyed(problems, lines, (_, i) => String(i), () => el("li"), (item, line) => say(item, line));
    source?.replaceChildren(...(own ? ["your log ", el("b", null, own.name), ` · ${recordsOf(run.records.length)}`] : sample));
    say(parts.own, own ? "your log: export, change, leave" : "use your own log");
  }

  /** @param {File | string} from */
  function read(from) {
    if (!dialog.open) dialog.showModal();
    cancel("");
    const bytes = typeof from === "string" ? new Blob([from]).size : from.size;
    const name = typeof from === "string" ? "pasted" : from.name;
    if (bytes === 0) return say(told, `There is nothing in it: paste or choose ${FORMATS}.`);
    if (bytes > MOST_BYTES) return say(told, `${name} is ${count(Math.ceil(bytes / 1048576))} MB, and at most 50 MB are read: cut it, for example with head -n 100000, and try again.`);
    /** @type {any[]} */
    const records = [];
    worker = new Worker(figure.dataset.workerSrc, { type: "module" });
    mark(progress, "value", "0");
    show();
    worker.onerror = (event) => {
      event.preventDefault();
      cancel("The log could not be read: this browser stopped the reading. Try a smaller part of it.");
    };
    worker.onmessage = ({ data }) => {
      if (data.share !== undefined) {
        mark(progress, "value", String(data.share));
        say(told, `${recordsOf(data.count)} so far`);
      } else if (data.records) {
        for (const record of data.records) records.push(record);
      } else if (data.error) cancel(`The log could not be read: ${data.error}.`);
      else if (data.done) finish(data.done, records);
      else if (data.stored !== undefined) {
        worker?.terminate();
        worker = null;
        if (!data.stored) say(told, `${told.textContent} This browser could not keep it: after a reload it must be chosen again.`);
        show();
      }
    };
    worker.postMessage({ source: from, name });
  }

  /** @param {any} about @param {any[]} records */
  function finish(about, records) {
    if (records.length === 0) {
      cancel(`No record was found in ${about.name}: it must be ${FORMATS}.`);
      const found = about.problems.slice(0, SHOWN_PROBLEMS);
      problems.hidden = found.length === 0;
      return keyed(problems, found, (_, i) => String(i), () => el("li"), (item, { line, message }) => say(item, `line ${line}: ${message}`));
    }
    use(about, records, records, []);
    progress.hidden = stop.hidden = true;
    say(told, `${recordsOf(records.length)} ${records.length === 1 ? "was" : "were"} read as ${about.format}${about.problems.length ? "; these lines had problems:" : "."}`);
    text.value = "";
    file.value = "";
  }

  /** @param {any} about @param {any[]} base @param {readonly any[]} records @param {any[][]} edits */
  function use(about, base, records, edits) {
    desk.remember("own-log", desk.place);
    player.useLog({ ...about, base, records, edits });
    show();
  }

  function back() {
    desk.remember("own-log", "");
    player.useLog(null);
    dialog.close();
    show();
  }

  async function restore() {
    const found = await kept();
    if (!found) return;
    const { records, edits } = replayEdits(found.records, found.about.edits ?? []);
    use(found.about, found.records, records, edits);
  }

  let timer = 0;
  let { edits } = player.setup;
  player.subscribe(() => {
    if (!player.own || player.setup.edits === edits) return;
    ({ edits } = player.setup);
    clearTimeout(timer);
    timer = setTimeout(() => keepEdits(edits), 200);
    show();
  });

  return { open: () => (show(), dialog.showModal()), read, restore };
}

/** Hands the log out as a file, a batch at a time, so that a long one does not stop the page. @param {any} player */
async function exportLog(player) {
  const { records } = player.run;
  const pieces = [];
  for (let i = 0; i < records.length; i += 20_000) {
    pieces.push(records.slice(i, i + 20_000).map((/** @type {any} */ { offset, time, key, type, value }) => `${JSON.stringify({ offset, time, key, type, value })}\n`).join(""));
    await new Promise((resolve) => setTimeout(resolve));
  }
  download(new Blob(pieces, { type: "application/jsonl" }), `${player.own.name.replace(/\.\w+$/, "")}.jsonl`);
}

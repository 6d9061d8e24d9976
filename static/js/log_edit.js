/**
 * A sample log that is being written. The text of the form is what counts; the figure runs on it, its table changes it, and
 * every scenario that runs on the log says whether its claims still hold.
 */
const form = document.getElementById("log-form");
const { mainSrc, runSrc, parseSrc, recordsSrc, storeSrc, editsSrc } = form.dataset;
const [{ start }, { createRun, evaluateClaim }, { parseLog }, { sizeOf }] = await Promise.all([mainSrc, runSrc, parseSrc, recordsSrc].map((src) => import(src)));

const text = form.elements.records;
const told = document.getElementById("records-told");
const write = document.getElementById("records-write");
const file = document.getElementById("records-file");
const dependents = JSON.parse(document.getElementById("log-dependents")?.textContent ?? "[]");
/** Above this many records, claims are not checked at every pause. */
const QUICK = 20_000;
const MOST_BYTES = 8_000_000;
const FIELDS = ["time", "key", "type", "value", "offset", "size"];
const NEEDED = ["time", "key", "type", "value"];

/** @param {string} line @returns {any} a record as the site itself writes it, or null */
function ownRecord(line) {
  try {
    const record = JSON.parse(line);
    return NEEDED.every((name) => name in record) && Object.keys(record).every((name) => FIELDS.includes(name)) ? record : null;
  } catch {
    return null;
  }
}

/**
 * The records of the text: as they are where it is the site's own notation, otherwise read from any other, without what
 * the engine would add by itself.
 * @returns {{ records: any[], isOwn: boolean, format: string, problems: any[] }}
 */
function read() {
  const lines = text.value.split("\n").filter((line) => line.trim());
  const own = lines.map(ownRecord);
  if (!own.includes(null)) return { records: own, isOwn: true, format: "JSON Lines", problems: [] };
  const { records, format, problems } = parseLog(text.value);
  return { records: bare(records), isOwn: false, format, problems };
}

/** @param {readonly any[]} records @returns {any[]} without what the engine adds by itself: offsets in a row, and lengths */
function bare(records) {
  const isNumbered = records.every(({ offset }, i) => offset === undefined || offset === i);
  return records.map(({ offset, time, key, type, value, size }) => ({
    ...(isNumbered ? {} : { offset }), time, key, type, value, ...(size === sizeOf({ key, value }) ? {} : { size }),
  }));
}

/** @param {readonly any[]} records @returns {string} a record on each line */
const written = (records) => records.map((record) => JSON.stringify(Object.fromEntries(FIELDS.filter((name) => record[name] !== undefined).map((name) => [name, record[name]])))).join("\n");

/** @param {number} n */
const recordsOf = (n) => `${n.toLocaleString("en-GB")} ${n === 1 ? "record" : "records"}`;

const figure = document.querySelector(".preview figure");
const { player, parts } = await start(figure);
parts.log.open = true;
let isWriting = false;
/** @type {readonly any[]} */
let current = [];

/** Lets the figure run on what the text says. */
function follow() {
  const { records, isOwn, format, problems } = read();
  current = records;
  write.hidden = isOwn || records.length === 0;
  const first = problems.slice(0, 3).map(({ line, message }) => `line ${line}: ${message}`).join("; ");
  const more = problems.length > 3 ? ` and ${problems.length - 3} more` : "";
  told.textContent = `${recordsOf(records.length)}${isOwn ? "" : `, read as ${format}`}.${first ? ` ${first}${more}.` : ""}`;
  isWriting = true;
  player.useLog({ base: records, records, edits: [], name: form.elements.title.value, problems: [], untold: 0, format });
  isWriting = false;
  check(records);
}

/** Says of each scenario that runs on the log whether its claims hold on these records. @param {readonly any[]} records */
async function check(records) {
  for (const { slug, modelSrc, params, interventions, claims } of dependents) {
    const place = document.querySelector(`[data-dependent="${CSS.escape(slug)}"]`);
    if (records.length > QUICK) {
      place.textContent = "this log is too long to check claims while you write";
      continue;
    }
    const { model } = await import(modelSrc);
    if (records !== current) return;
    const run = createRun(model, { log: records, params, interventions, seed: 1 });
    const failed = claims.filter((claim) => !evaluateClaim(run, claim).holds);
    place.dataset.holds = String(failed.length === 0);
    place.textContent = failed.length === 0
      ? `✓ all ${claims.length} claims hold`
      : `✗ ${failed.length} of ${claims.length} claims fail: ${failed.map(({ engineer }) => engineer).join("; ")}`;
  }
}

/** @param {string} value puts another text into the form, as if it had been typed */
function type(value) {
  text.value = value;
  text.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

let timer = 0;
text.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(follow, text.value.length > 500_000 ? 1200 : 300);
});
// What the table of the figure changes is what the form says.
player.subscribe(() => {
  if (isWriting || player.setup.records === current) return;
  current = player.setup.records;
  text.value = written(current);
  told.textContent = `${recordsOf(current.length)}.`;
  write.hidden = true;
  check(current);
  clearTimeout(timer);
  form.dispatchEvent(new InputEvent("input", { bubbles: true }));
});
write.onclick = () => type(written(read().records));
form.addEventListener("submit", () => {
  const { records, isOwn, problems } = read();
  if (!isOwn && records.length > 0 && problems.length === 0) text.value = written(records);
});
document.getElementById("records-tools").hidden = false;
file.onchange = async () => {
  const [chosen] = file.files;
  if (!chosen) return;
  if (chosen.size > MOST_BYTES) told.textContent = `${chosen.name} has ${Math.ceil(chosen.size / 1e6)} MB; a sample log has at most 8 MB.`;
  else type(await chosen.text());
  file.value = "";
};
if (new URLSearchParams(location.search).has("own")) {
  const [{ kept }, { replayEdits }] = await Promise.all([storeSrc, editsSrc].map((src) => import(src)));
  const found = await kept();
  if (found && !text.value) type(written(bare(replayEdits(found.records, found.about.edits ?? []).records)));
}
follow();

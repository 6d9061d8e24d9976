/**
 * A scenario that is being written. Its figure starts anew whenever htmx brings another one, at the step where the last one
 * stood, and every claim says in the form whether it holds. What the figure shows can be taken over into the form.
 */
const form = document.getElementById("scenario-form");
const { start } = await import(form.dataset.mainSrc);
/** The log that the last figure ran on: the server sends it once. */
let log = { key: "", records: [] };
let player = null;

async function show() {
  const preview = document.getElementById("scenario-preview");
  const figure = preview.querySelector("figure");
  const before = player;
  if (!figure) return tell([]);
  const scenario = JSON.parse(preview.querySelector("script[type='application/json']").textContent);
  const atHand = preview.querySelector("[name=log_at_hand]");
  if (scenario.log.records) log = { key: atHand.value, records: scenario.log.records };
  else scenario.log.records = log.records;
  atHand.disabled = false;
  const desk = await start(figure, scenario);
  // While the model was on its way another figure may have come.
  if (!figure.isConnected) return;
  player = desk.player;
  if (before && before.scenario.start === scenario.start && before.scenario.model === scenario.model) player.seek(before.step);
  const [step, settings] = preview.querySelectorAll("[data-use]");
  const follow = () => {
    step.hidden = player.step === player.scenario.start;
    settings.hidden = !player.isChanged;
  };
  step.onclick = () => {
    const field = document.getElementById("start");
    field.value = player.step;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  };
  settings.onclick = () => {
    const { params, interventions } = player.setup;
    const values = { do: "take", taken: JSON.stringify({ params, interventions }) };
    window.htmx.ajax("POST", form.action, { source: form, target: "#scenario-fields", swap: "outerHTML", values });
  };
  player.subscribe(follow);
  follow();
  tell(player.isLong ? [] : scenario.claims.map((claim, i) => (claim.path ? player.verdicts.claims[i] : undefined)));
}

/** Writes beside each claim whether it holds. @param {any[]} verdicts */
function tell(verdicts) {
  for (const place of document.querySelectorAll("[data-claim]")) {
    const verdict = verdicts[place.dataset.claim];
    place.dataset.holds = verdict ? String(verdict.holds) : "";
    const text = verdict ? sentence(verdict) : "";
    if (place.textContent !== text) place.textContent = text;
  }
}

/** @param {any} verdict @returns {string} */
function sentence({ holds, problem, found }) {
  if (holds) return "✓ holds";
  const seen = JSON.stringify(found) ?? "nothing";
  return `✗ fails: ${problem ?? `found ${seen.length > 80 ? `${seen.slice(0, 80)}…` : seen}`}`;
}

document.body.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target.id === "scenario-preview" || detail.elt.id === "scenario-preview") show();
});
show();

/** A term's page: the voice switch of narrow screens, and copying citations. */

const root = document.documentElement;

/** Marks the chosen voice in the switch, and remembers it. @param {string} voice */
function choose(voice) {
  root.dataset.reading = voice;
  mark();
  try {
    localStorage.setItem("voice", voice);
  } catch {
    // The choice holds for this page then.
  }
}

function mark() {
  for (const link of document.querySelectorAll("[data-choose]")) {
    if (link.dataset.choose === root.dataset.reading) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

document.addEventListener("click", async (event) => {
  const switched = event.target.closest("[data-choose]");
  if (switched) choose(switched.dataset.choose);
  const copy = event.target.closest("[data-copy]");
  if (copy) copyText(copy);
});
// A figure was told to speak in one voice.
document.addEventListener("voicechange", ({ detail }) => detail !== "both" && choose(detail));
addEventListener("hashchange", () => {
  const voice = /^#(engineer|manager)$/.exec(location.hash)?.[1];
  if (voice) choose(voice);
});
mark();

/** Copies the text that a button names; where the clipboard is closed, selects it instead. @param {HTMLElement} button */
async function copyText(button) {
  const code = document.getElementById(button.dataset.copy);
  const status = document.getElementById("copied");
  try {
    await navigator.clipboard.writeText(code.textContent);
    status.textContent = "Copied.";
    button.dataset.done = "";
    setTimeout(() => delete button.dataset.done, 1500);
  } catch {
    getSelection().selectAllChildren(code);
    status.textContent = "Selected; copy it with your keyboard.";
  }
}

for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;

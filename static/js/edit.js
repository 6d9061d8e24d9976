/** The form of a term: what htmx cannot say in a tag. Everything works without it. */
"use strict";

const form = document.getElementById("term-form");
let isSent = false;
let hasTyped = false;

form.addEventListener("submit", () => (isSent = true));

// Back from signing in in another tab: save again. The answer to an old token brings a new one, which works.
const save = () => window.htmx.trigger("#draft", "save");
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && hasTyped && save());
let renewedAt = 0;
document.body.addEventListener("htmx:oobAfterSwap", ({ detail }) => {
  // Where cookies are blocked no token ever works: once is enough.
  if (detail.target.id !== "form-token" || Date.now() - renewedAt < 5000) return;
  renewedAt = Date.now();
  save();
});

// The state of the draft is shown whatever became of it; a list or a preview that was refused stays as it is.
document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id === "draft-state" && detail.xhr.status < 500) detail.shouldSwap = true;
});

document.body.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.matches(".rows")) window.htmx.trigger("#live", "rows");
});

for (const event of ["htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(event, () => {
    document.getElementById("draft-state").textContent = "Not saved: the site does not answer. Keep this page open.";
  });
}

/** Times as the reader's own clock shows them. */
function localTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    time.textContent = new Date(time.dateTime).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  }
}
localTimes(document);
document.body.addEventListener("htmx:afterSettle", () => localTimes(document));

// What was typed in the last second before the page goes.
form.addEventListener("input", () => {
  hasTyped = true;
  isSent = false;
});
addEventListener("pagehide", () => {
  if (isSent || !hasTyped) return;
  const fields = new FormData(form);
  fields.set("do", "draft");
  navigator.sendBeacon(form.action, fields);
});

/**
 * The forms of scenarios and sample logs: what htmx cannot say in a tag when the server does not answer as it should. What
 * was typed stays in the page whatever happens.
 */
const form = document.querySelector("form[data-main-src]");
const trouble = document.getElementById("trouble");
// htmx would carry styles over from elements that a new figure replaces, which our content security policy forbids.
window.htmx.config.attributesToSettle = ["class"];

/** @param {number} status @returns {string} */
function told(status) {
  if (status === 401) return "You are signed out. Sign in in a new tab, then go on here: what you typed stays in this page.";
  if (status === 0) return "Not saved: the site does not answer. Keep this page open.";
  if (status === 403) return "Not saved: your session changed while this page was open. What you typed stays in this page.";
  return `Not saved: the site answered ${status}. What you typed stays in this page.`;
}

let renewedAt = 0;
document.body.addEventListener("htmx:afterRequest", async ({ detail }) => {
  const { status } = detail.xhr;
  const text = detail.successful ? "" : told(status);
  if (trouble.textContent !== text) trouble.textContent = text;
  // Whoever signed in again has a new token. Where no token ever works, once is enough.
  if (status !== 403 || Date.now() - renewedAt < 5000) return;
  renewedAt = Date.now();
  const page = new DOMParser().parseFromString(await (await fetch(form.action)).text(), "text/html");
  const token = page.querySelector("[name=csrfmiddlewaretoken]");
  if (!token) return;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token.value;
  form.dispatchEvent(new InputEvent("input", { bubbles: true }));
});

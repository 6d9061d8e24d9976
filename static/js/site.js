/** Every page: the search box as a combobox, and cards over links to terms. */

// --- search: htmx fills the panel, the keyboard moves in it

const box = document.getElementById("q");
const panel = document.getElementById("search-panel");

if (box) {
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "search-options" })) {
    box.setAttribute(name, value);
  }
  const options = () => [...panel.querySelectorAll("[role=option]")];
  const active = () => panel.querySelector("[aria-selected=true]");

  const open = (isOpen) => {
    panel.hidden = !isOpen;
    box.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) activate(null);
  };
  const activate = (option) => {
    active()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  };

  panel.addEventListener("htmx:afterSwap", () => {
    activate(null);
    open(panel.childElementCount > 0 && document.activeElement === box);
  });
  box.addEventListener("focus", () => open(panel.childElementCount > 0 && box.value.trim() !== ""));
  box.form.addEventListener("focusout", ({ relatedTarget }) => box.form.contains(relatedTarget) || open(false));
  panel.addEventListener("pointerdown", (event) => event.preventDefault());
  box.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.indexOf(active());
    if (event.key === "Escape" && !panel.hidden) open(false);
    else if (event.key === "Enter" && active()) active().click();
    else if (event.key === "ArrowDown" && all.length > 0) {
      open(true);
      activate(all[(at + 1) % all.length]);
    } else if (event.key === "ArrowUp" && all.length > 0) {
      open(true);
      activate(all.at(at > 0 ? at - 1 : -1));
    } else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}

// --- cards: the same address as the link, answered with a part of the page

const DELAY = 300;
const TERM = /^\/terms\/[^/]+\/$/;
const card = Object.assign(document.createElement("div"), { id: "card", className: "card", hidden: true });
card.setAttribute("role", "tooltip");
document.body.append(card);
/** @type {Map<string, Promise<string>>} */
const texts = new Map();
let shownAt = null;
let timer = 0;

const termLink = (target) => {
  const link = target.closest?.("main a[href]");
  return link && TERM.test(link.pathname) && link.pathname !== location.pathname && link.origin === location.origin && !link.closest("svg") ? link : null;
};

function textOf(path) {
  if (!texts.has(path)) {
    const text = fetch(path, { headers: { "HX-Request": "true" } }).then((answer) => (answer.ok || answer.status === 410 ? answer.text() : ""));
    texts.set(path, text.catch(() => ""));
  }
  return texts.get(path);
}

async function show(link) {
  const text = await textOf(link.pathname);
  if (!text || !link.isConnected || wanted !== link) return;
  card.innerHTML = text;
  card.hidden = false;
  const at = link.getClientRects()[0] ?? link.getBoundingClientRect();
  const below = at.bottom + card.offsetHeight + 12 < innerHeight;
  card.style.left = `${scrollX + Math.max(8, Math.min(at.left, document.documentElement.clientWidth - card.offsetWidth - 8))}px`;
  card.style.top = `${scrollY + (below ? at.bottom + 6 : at.top - card.offsetHeight - 6)}px`;
  link.setAttribute("aria-describedby", "card");
  shownAt = link;
}

let wanted = null;

function want(link, delay = DELAY) {
  clearTimeout(timer);
  wanted = link;
  timer = setTimeout(() => (link ? show(link) : hide()), delay);
}

function hide() {
  clearTimeout(timer);
  wanted = null;
  shownAt?.removeAttribute("aria-describedby");
  shownAt = null;
  card.hidden = true;
}

document.addEventListener("pointerover", ({ target, pointerType }) => {
  if (pointerType === "touch") return;
  const link = termLink(target);
  if (card.contains(target)) clearTimeout(timer);
  else if (link && link !== shownAt) want(link);
  else if (!link && (shownAt || wanted)) want(null);
});
document.addEventListener("focusin", ({ target }) => {
  const link = termLink(target);
  if (link?.matches(":focus-visible")) want(link);
  else if (shownAt) hide();
});
document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
// By touch the first tap shows the card, the second one follows the link.
document.addEventListener("click", (event) => {
  const link = termLink(event.target);
  if (event.pointerType === "touch" && link?.matches(".term") && link !== shownAt) {
    event.preventDefault();
    want(link, 0);
  } else if (!card.contains(event.target)) hide();
});

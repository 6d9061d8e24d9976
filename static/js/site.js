/**
 * Every page: the voice in which this reader reads, the search box, cards over links to terms, citations. A classic script
 * in the head: the voice stands before the first paint, so that nothing moves; everything else waits for the page.
 */
"use strict";

const root = document.documentElement;

/** The voice that an address names: a section of the page, or the state of a figure, which ends with its voice. */
const sharedVoice = () => /^#(?:v=1&.*\bw=)?(engineer|manager)(?:&|$)/.exec(location.hash)?.[1];

/** What this browser alone remembers; nothing where storage is closed. @param {string} [voice] sets it */
function rememberedVoice(voice) {
  try {
    if (voice) localStorage.setItem("voice", voice);
    return localStorage.getItem("voice");
  } catch {
    return null;
  }
}

root.dataset.reading = sharedVoice() ?? rememberedVoice() ?? "both";

document.addEventListener("DOMContentLoaded", () => {
  switchVoices();
  const box = document.getElementById("q");
  if (box) searchBox(box, document.getElementById("search-panel"));
  cards();
  citations();
});

/** The voice switch of narrow screens. */
function switchVoices() {
  const choices = [...document.querySelectorAll("[data-choose]")];
  const mark = () => {
    for (const link of choices) {
      if (link.dataset.choose === root.dataset.reading) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  const choose = (voice) => {
    root.dataset.reading = rememberedVoice(voice) ?? voice;
    mark();
  };
  for (const link of choices) link.addEventListener("click", () => choose(link.dataset.choose));
  // A figure was told to speak in one voice.
  document.addEventListener("voicechange", ({ detail }) => detail !== "both" && choose(detail));
  addEventListener("hashchange", () => sharedVoice() && choose(sharedVoice()));
  mark();
}

/** The search box as a combobox: htmx fills the panel, the keyboard moves in it. */
function searchBox(box, panel) {
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "search-options" };
  for (const [name, value] of Object.entries(attributes)) box.setAttribute(name, value);
  const options = () => [...panel.querySelectorAll("[role=option]")];
  const active = () => panel.querySelector("[aria-selected=true]");

  const activate = (option) => {
    active()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  };
  const open = (isOpen) => {
    panel.hidden = !isOpen;
    box.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) activate(null);
  };

  // Most readers of a page never search: htmx comes with the first focus, and is told what was typed meanwhile.
  const wake = () => {
    const script = document.createElement("script");
    script.src = box.form.dataset.htmxSrc;
    script.onload = () => box.value && window.htmx.trigger(box, "typed");
    document.head.append(script);
  };
  if (document.activeElement === box) wake();
  else box.addEventListener("focus", wake, { once: true });

  panel.addEventListener("htmx:afterSwap", () => {
    // What somebody chose in the list before stays chosen while it is there.
    const chosen = box.getAttribute("aria-activedescendant");
    open(panel.childElementCount > 0 && document.activeElement === box);
    activate(options().find((option) => option.id === chosen));
  });
  panel.addEventListener("pointerdown", (event) => event.preventDefault());
  box.addEventListener("focus", () => open(panel.childElementCount > 0 && box.value.trim() !== ""));
  box.form.addEventListener("focusout", ({ relatedTarget }) => box.form.contains(relatedTarget) || open(false));
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

/** Cards over links to terms: the same address as the link, answered with a part of the page. */
function cards() {
  const delay = 300;
  const card = Object.assign(document.createElement("div"), { id: "card", className: "card", hidden: true });
  card.setAttribute("role", "tooltip");
  document.body.append(card);
  /** @type {Map<string, Promise<string>>} */
  const texts = new Map();
  let wanted = null;
  let shownAt = null;
  let timer = 0;

  const termLink = (target) => {
    const link = target.closest?.("main a[href]");
    const isTerm = link && link.origin === location.origin && /^\/terms\/[^/]+\/$/.test(link.pathname);
    return isTerm && link.pathname !== location.pathname && !link.closest("svg") ? link : null;
  };
  const textOf = (path) => {
    if (!texts.has(path)) {
      const text = fetch(path, { headers: { "HX-Request": "true" } })
        .then((answer) => (answer.ok || answer.status === 410 ? answer.text() : ""));
      texts.set(path, text.catch(() => ""));
    }
    return texts.get(path);
  };
  const hide = () => {
    clearTimeout(timer);
    shownAt?.removeAttribute("aria-describedby");
    wanted = shownAt = null;
    card.hidden = true;
  };
  const show = async (link) => {
    const text = await textOf(link.pathname);
    if (!text || wanted !== link) return;
    shownAt?.removeAttribute("aria-describedby");
    card.innerHTML = text;
    card.hidden = false;
    const at = link.getClientRects()[0] ?? link.getBoundingClientRect();
    const isBelow = at.bottom + card.offsetHeight + 12 < innerHeight;
    card.style.left = `${scrollX + Math.max(8, Math.min(at.left, root.clientWidth - card.offsetWidth - 8))}px`;
    card.style.top = `${scrollY + (isBelow ? at.bottom + 6 : at.top - card.offsetHeight - 6)}px`;
    link.setAttribute("aria-describedby", "card");
    shownAt = link;
  };
  const want = (link, wait = delay) => {
    clearTimeout(timer);
    wanted = link;
    timer = setTimeout(() => (link ? show(link) : hide()), wait);
  };

  document.addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType === "touch") return;
    const link = termLink(target);
    if (card.contains(target)) clearTimeout(timer);
    else if (link && link !== shownAt) want(link);
    else if (!link && (shownAt || wanted)) want(null);
    else if (link) clearTimeout(timer);
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
}

/** Copies the text that a button names; where the clipboard is closed, selects it instead. */
function citations() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
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
    });
  }
}

/**
 * Cards over links to terms, and links at the words of a page, for any site:
 *
 *     <script type="module" src="https://words.example.org/embed/hovercards.js" data-terms="auto"></script>
 *
 * It leaves no global, no cookie and nothing in storage, and it needs no style of the page: what it draws is in a shadow tree.
 */

/** How long a finger, a pointer or a key rests before a card opens, in milliseconds. */
const DELAY = 300;
/** The longest piece of work before the page has its turn again, in milliseconds. */
const SLICE = 8;
/** What is no prose, or is somebody's link already. */
const SKIPPED = "a,button,code,pre,kbd,samp,var,script,style,noscript,template,textarea,input,select,label,summary,nav,svg,math,iframe,h1,h2,h3,h4,h5,h6,[contenteditable],[translate=no],.notranslate";
/** The part of a page that is read. */
const READ = "main, [role=main], article";
const HEADING = /^H[1-6]$/;
const ADDRESS = /^(id|terms)\/([^/]+)\/(?:v\/\d+\/)?$/;
const WORD = /[\p{L}\p{N}]+(?:[.+#]+[\p{L}\p{N}]+)*/gu;
/** Between the words of one phrase only blanks and hyphens stand. */
const NEXT = /(?:[ \t\u00a0\-\u2010\u2011/]+|[ \t]*\n[ \t]*)([\p{L}\p{N}]+(?:[.+#]+[\p{L}\p{N}]+)*)/uy;

/** @param {string} text @returns {string} as spellings are compared, the same as on the server */
export const spellingKey = (text) => text.normalize("NFKC").toLowerCase().replace(/ß/g, "ss").replace(/[\s\-_\u2010-\u2015/]+/g, " ").trim();

/** @param {string} word @returns {string[]} the word and what it may be the plural of */
function singulars(word) {
  const forms = [word];
  if (word.endsWith("ies") && word.length > 4) forms.push(`${word.slice(0, -3)}y`);
  if (word.endsWith("es") && word.length > 3) forms.push(word.slice(0, -2));
  if (word.endsWith("s") && !word.endsWith("ss") && word.length > 2) forms.push(word.slice(0, -1));
  return forms;
}

/** @param {string} text */
const isCapitals = (text) => text === text.toUpperCase() && text !== text.toLowerCase();

/**
 * What finds terms in running text: of two spellings that begin at one place the longer one.
 * @param {[string, number, boolean][]} words spellings as keys, the place of their term, whether only capitals match
 * @returns {(text: string) => { start: number, end: number, term: number }[]} from left to right, never overlapping
 */
export function finder(words) {
  const root = new Map();
  for (const [key, term, capitals] of words) {
    let node = root;
    for (const word of key.split(" ")) node = node.get(word) ?? node.set(word, new Map()).get(word);
    if (!node.has("")) node.set("", { term, capitals });
  }
  const longest = (/** @type {string} */ text, /** @type {number} */ start, /** @type {string} */ first) => {
    let node = root;
    let end = start + first.length;
    let written = first;
    /** @type {{ start: number, end: number, term: number } | null} */
    let best = null;
    for (;;) {
      const key = spellingKey(written);
      const leaf = singulars(key).map((form) => node.get(form)?.get("")).find((each) => each && (!each.capitals || isCapitals(text.slice(start, end).replace(/s+$/, ""))));
      if (leaf) best = { start, end, term: leaf.term };
      node = node.get(key);
      NEXT.lastIndex = end;
      const following = node && NEXT.exec(text);
      if (!following) return best;
      end = NEXT.lastIndex;
      written = following[1];
    }
  };
  return (text) => {
    const found = [];
    let end = 0;
    for (const first of text.matchAll(WORD)) {
      const match = first.index < end ? null : longest(text, first.index, first[0]);
      if (!match) continue;
      found.push(match);
      end = match.end;
    }
    return found;
  };
}

/** Goes on as long as there is work, a slice at a time. @param {Iterator<any>} work */
function inSlices(work) {
  const until = performance.now() + SLICE;
  while (performance.now() < until) if (work.next().done) return;
  setTimeout(inSlices, 0, work);
}

/** @param {string} tag @param {Record<string, string>} attributes @param {...(Node | string)} children @returns {any} */
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** Links at the words of a page: the first use of each term below each heading. */
class Linker {
  /** @param {{ terms: any[], words: any[] }} dictionary @param {(term: any) => string} addressOf */
  constructor({ terms, words }, addressOf) {
    this.terms = terms;
    this.find = finder(words);
    this.addressOf = addressOf;
    /** @type {Map<string, any>} */
    this.byName = new Map();
    for (const [key, place] of words) if (!this.byName.has(key)) this.byName.set(key, terms[place]);
    for (const term of terms) for (const name of [term.slug, term.uid]) this.byName.set(name, term);
  }

  /** @param {any} term @param {...(Node | string)} children */
  link(term, ...children) {
    return el("a", { href: this.addressOf(term), "data-term-link": term.slug }, ...children);
  }

  /** Links what an author marked: `<span data-term="compaction">…</span>`; without a value, what stands in it. @param {any} root */
  *marked(root) {
    for (const node of [...root.querySelectorAll("[data-term]:not(a)")]) {
      yield;
      const name = node.dataset.term || node.textContent;
      const term = this.byName.get(name) ?? this.byName.get(spellingKey(name));
      if (term && !node.querySelector("a") && !node.closest("a")) node.replaceChildren(this.link(term, ...node.childNodes));
    }
  }

  /** @param {any} root */
  *auto(root) {
    const accept = (/** @type {any} */ node) => {
      if (node.nodeType === Node.TEXT_NODE) return NodeFilter.FILTER_ACCEPT;
      if (HEADING.test(node.tagName)) return NodeFilter.FILTER_ACCEPT;
      return node.matches(SKIPPED) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
    };
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, accept);
    let seen = new Set();
    for (let node = /** @type {any} */ (walker.nextNode()); node; node = walker.nextNode()) {
      yield;
      if (node.nodeType === Node.ELEMENT_NODE) seen = new Set();
      else if (!node.parentElement?.closest(SKIPPED)) walker.currentNode = this.linkWords(node, seen);
    }
  }

  /** @param {Text} text @param {Set<number>} seen @returns {Node} the last node that stands in its place */
  linkWords(text, seen) {
    let rest = text;
    let at = 0;
    for (const { start, end, term } of this.find(text.data)) {
      if (seen.has(term)) continue;
      seen.add(term);
      const word = rest.splitText(start - at);
      rest = word.splitText(end - start);
      at = end;
      const link = this.link(this.terms[term]);
      word.replaceWith(link);
      link.append(word);
    }
    return rest;
  }
}

const STYLE = `
:host { all: initial; display: block; position: fixed; inset: auto; color-scheme: light dark }
:host(:not(:popover-open)) { display: none }
div { box-sizing: border-box; inline-size: max-content; max-inline-size: min(24rem, calc(100vw - 1rem)); padding: .75rem 1rem; font: 1rem/1.4 Charter, Cambria, Georgia, serif; color: #211d18; background: #fbf8f1; border: 1px solid #b9ad95; border-radius: 4px; box-shadow: 0 4px 16px #0003; overflow-wrap: anywhere }
p { margin: 0 0 .5rem } p:last-child { margin: 0 }
b { font-weight: 600 } .engineer b { color: #2b4c8c } .manager b { color: #9a4a17 }
.label { font-size: 1.2rem } a { color: inherit; display: inline-block; padding-block: .25rem }
@media (prefers-color-scheme: dark) { div { color: #ece5d8; background: #191714; border-color: #5d564b } .engineer b { color: #9db8ee } .manager b { color: #eba978 } }
`;

/** The card: one for the page, in the top layer, at the link that it is about. */
class Card {
  constructor() {
    this.host = el("div", { role: "tooltip", popover: "manual", "data-term-link": "", id: `term-card-${Math.random().toString(36).slice(2)}` });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.shadow = this.host.attachShadow({ mode: "open" });
    this.shadow.adoptedStyleSheets = [sheet];
    /** @type {any} */
    this.link = null;
  }

  /** @param {any} link @param {any} term @param {string} site */
  show(link, term, site) {
    this.hide();
    // Where the link is read, so that the card belongs to the same part of the page; it is drawn above everything anyway.
    (link.closest(READ) ?? document.body).append(this.host);
    const line = (/** @type {string} */ voice, /** @type {string} */ who) => el("p", { class: voice }, el("b", {}, who), ` ${term.lines[voice]}`);
    const label = `${term.label}${term.status === "retired" ? " (retired)" : ""}`;
    this.shadow.replaceChildren(el("div", {},
      el("p", { class: "label" }, label), line("engineer", "Engineers"), line("manager", "Managers"),
      el("p", {}, el("a", { href: link.href, tabindex: "-1" }, `Read on ${site}`))));
    // What is described stands outside of the shadow tree, and could not name what is in it.
    this.host.setAttribute("aria-label", `${label}. Engineers: ${term.lines.engineer} Managers: ${term.lines.manager}`);
    this.host.showPopover();
    const around = link.getBoundingClientRect();
    const { width, height } = this.host.getBoundingClientRect();
    const left = Math.max(8, Math.min(around.left, document.documentElement.clientWidth - width - 8));
    const top = around.bottom + height + 8 > innerHeight && around.top > height + 8 ? around.top - height - 4 : around.bottom + 4;
    Object.assign(this.host.style, { left: `${left}px`, top: `${top}px` });
    link.setAttribute("aria-describedby", this.host.id);
    this.link = link;
  }

  hide() {
    if (this.link) this.host.hidePopover();
    this.link?.removeAttribute("aria-describedby");
    this.link = null;
  }
}

/** @param {string} source the address of this script, with a token where the site is private */
async function start(source) {
  const home = new URL("../", source);
  const { search } = new URL(source);
  const script = /** @type {any} */ ([...document.scripts].find(({ src }) => src === source));
  const asked = (/** @type {string} */ path) => fetch(new URL(path + search, home), { credentials: "omit" }).then((answer) => (answer.ok ? answer.json() : null));
  /** @type {any} */
  const dictionary = await asked("embed/words.json").catch(() => null);
  // Without the glossary the page is as it was.
  if (!dictionary) return;
  const linker = new Linker(dictionary, ({ uid }) => new URL(`id/${uid}/`, home).href);
  const work = script?.dataset.terms === "auto" ? ["marked", "auto"] : ["marked"];
  const linkAll = (/** @type {any} */ root) => inSlices((function* () {
    for (const name of work) yield* linker[/** @type {"marked" | "auto"} */ (name)](root);
  })());

  // Browsers without a top layer show links alone.
  if ("popover" in HTMLElement.prototype) cards(dictionary.title, home, async (name) => linker.byName.get(name) ?? asked(`api/v1/terms/${name}`).catch(() => null));
  linkAll(document.querySelector(READ) ?? document.body);
  // Sites that change pages without loading them put new elements in their place.
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of /** @type {any} */ (addedNodes)) {
        if (node.nodeType === Node.ELEMENT_NODE && node.isConnected && node.dataset?.termLink === undefined) linkAll(node.querySelector(READ) ?? node);
      }
    }
  }).observe(document.body, { childList: true, subtree: true });
}

/**
 * Cards over all links to terms, by pointer, finger and key.
 * @param {string} site @param {URL} home @param {(name: string) => Promise<any>} termOf by slug or uid
 */
function cards(site, home, termOf) {
  const card = new Card();
  let timer = 0;
  /** @type {any} */
  let wanted = null;
  /** What the glossary says of a link: the slug or uid that it names. @param {any} link */
  const named = (link) => link.href.startsWith(home.href) && ADDRESS.exec(new URL(link.href).pathname.slice(home.pathname.length))?.[2];
  const linkAt = (/** @type {Event} */ event) => {
    const link = /** @type {any} */ (event.target)?.closest?.("a[href]");
    return link && named(link) ? link : null;
  };
  const open = async (/** @type {any} */ link) => {
    const term = await termOf(named(link));
    if (term && wanted === link) card.show(link, term, site);
  };
  const want = (/** @type {any} */ link, delay = DELAY) => {
    clearTimeout(timer);
    wanted = link;
    timer = setTimeout(() => (link ? link !== card.link && open(link) : card.hide()), delay);
  };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const link = linkAt(event);
    // The card stays while the pointer is on it.
    if (link) want(link);
    else if (event.target === card.host) want(card.link);
    else if (wanted && wanted !== document.activeElement) want(null);
  });
  document.addEventListener("focusin", (event) => linkAt(event) ? want(linkAt(event), 0) : wanted && want(null));
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !card.link) return;
    clearTimeout(timer);
    wanted = null;
    card.hide();
  });
  // What is at a place of the window is wrong as soon as the page moves.
  addEventListener("scroll", () => card.hide(), { passive: true, capture: true });
  // A finger's first tap shows the card, the second one follows the link.
  document.addEventListener("click", (event) => {
    const link = linkAt(event);
    if (/** @type {any} */ (event).pointerType !== "touch") return;
    if (link && link !== card.link) {
      event.preventDefault();
      want(link, 0);
    } else if (!link && event.target !== card.host) want(null, 0);
  });
  const focused = /** @type {any} */ (document.activeElement);
  if (focused?.href && named(focused)) want(focused, 0);
}

if ("document" in globalThis) start(import.meta.url);

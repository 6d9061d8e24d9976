/**
 * Building and changing the page: elements without HTML strings, lists that keep their nodes, words in two voices, movement.
 */

/**
 * An element. A name in `on…` is a listener, `hidden`-like names are properties when boolean, all others are attributes.
 * @param {string} tag
 * @param {Record<string, any> | null} [attributes]
 * @param {...(Node | string | number | null | undefined)} children
 * @returns {any}
 */
export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined).map((child) => (child instanceof Node ? child : String(child))));
  return node;
}

/** @param {any} node @param {string} text sets it only where it differs; one text node stays and changes its data */
export function say(node, text) {
  const first = node.firstChild;
  if (first === null ? text === "" : first.nextSibling === null && first.data === text) return;
  if (text !== "" && first instanceof Text && first.nextSibling === null) first.data = text;
  else node.textContent = text;
}

/** @param {any} node @param {string} name @param {string | null} value sets or removes an attribute only where it differs */
export function mark(node, name, value) {
  if (value === null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/** @param {any} node @param {any} words a text or `{ engineer, manager }`; the voice that is shown is a matter of style */
export function speak(node, words) {
  const text = typeof words === "object" && words !== null && words.engineer !== words.manager ? null : String(words?.engineer ?? words ?? "");
  if (text !== null) {
    say(node, text);
    return node;
  }
  if (node.childElementCount !== 2) node.replaceChildren(el("span", { class: "in engineer" }), " ", el("span", { class: "in manager" }));
  say(node.children[0], words.engineer);
  say(node.children[1], words.manager);
  return node;
}

/** @param {any} words @returns {string} one text for an attribute */
export const plain = (words) => (typeof words === "object" && words !== null ? words.engineer : String(words ?? ""));

/**
 * Makes a parent's children stand for items, in their order. A node stays with the key of its item; nodes whose item went
 * are used again for new items, so that a jump through a long log creates nothing.
 * @template T
 * @param {any} parent
 * @param {readonly T[]} items
 * @param {(item: T, index: number) => string} key
 * @param {(item: T) => any} create
 * @param {(node: any, item: T, index: number) => void} update
 * @param {(item: T) => string} [kind] where items differ in kind: only a node of the same kind is used again
 */
export function keyed(parent, items, key, create, update, kind = () => "") {
  /** @type {Map<string, any>} */
  const old = (parent.keyed ??= new Map());
  const next = new Map();
  const keys = items.map((item, index) => {
    const name = key(item, index);
    return next.has(name) ? `${name}#${index}` : (next.set(name, null), name);
  });
  for (const name of keys) next.set(name, old.get(name) ?? null);
  const spare = [...old].filter(([name]) => !next.has(name)).map(([, node]) => node);
  let cursor = parent.firstChild;
  for (const [index, item] of items.entries()) {
    const name = keys[index];
    let node = next.get(name);
    if (!node) {
      const wanted = kind(item);
      const again = spare.findIndex((candidate) => candidate.kind === wanted);
      node = again >= 0 ? spare.splice(again, 1)[0] : create(item);
      node.kind = wanted;
      node.isNew = true;
      next.set(name, node);
    }
    update(node, item, index);
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
  for (const node of spare) node.remove();
  parent.keyed = next;
}

/** Asked each time and not at once, so that what stands on this module can be imported where there is no page. */
const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const MOVE = { duration: 200, easing: "ease-out" };
/** When more than this moves at once, nobody sees what moved, and every frame of it costs. */
const MOST_MOVING = 40;
const MOST_FLASHING = 8;

/**
 * Changes what stands below a root and lets it move there: what has a `data-ref` glides from its old place, also from one
 * lane to another; what is new fades in. Nothing moves where too much would, nor for a reader who asked for less motion.
 * @param {any} root
 * @param {boolean} moving
 * @param {() => void} change
 */
export function tween(root, moving, change) {
  if (!moving || isCalm()) return change();
  const places = new Map();
  for (const node of root.querySelectorAll(".moves")) {
    const place = node.getBoundingClientRect();
    node.isNew = false;
    places.set(node, place);
    places.set(node.dataset.ref, place);
  }
  change();
  // All places are read before anything is set in motion: read in between, each would cost a layout of its own.
  const moves = Array.from(root.querySelectorAll(".moves"), (node) => {
    const from = (node.isNew ? null : places.get(node)) ?? places.get(node.dataset.ref);
    if (!from) return { node, frames: { opacity: [0, 1] } };
    const to = node.getBoundingClientRect();
    const [x, y] = [from.left - to.left, from.top - to.top];
    return { node, frames: Math.abs(x) + Math.abs(y) > 1 ? { transform: [`translate(${x}px, ${y}px)`, "none"] } : null };
  }).filter(({ frames }) => frames !== null);
  if (moves.length <= MOST_MOVING) for (const { node, frames } of moves) node.animate(frames, MOVE);
}

/** @param {any[]} nodes makes changes of cells seen, for a moment */
export function flash(nodes) {
  if (isCalm() || nodes.length > MOST_FLASHING) return;
  for (const node of nodes) node.animate({ backgroundColor: ["var(--flash)", "transparent"] }, { duration: 900, easing: "ease-out" });
}

/** Hands something out as a file. @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const address = URL.createObjectURL(blob);
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

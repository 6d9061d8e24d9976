/** The map: pointing at a word, or reaching it by keyboard, shows what it is tied to. */

const map = document.querySelector("svg.map");
const lines = [...map.querySelectorAll("[data-a]")];
const nodes = new Map([...map.querySelectorAll("[data-node]")].map((node) => [node.dataset.node, node]));

/** @param {EventTarget | null} target */
function trace(target) {
  const slug = target?.closest?.("[data-node]")?.dataset.node;
  map.classList.toggle("is-tracing", Boolean(slug));
  const tied = new Set([slug]);
  for (const line of lines) {
    const { a, b } = line.dataset;
    const isTied = a === slug || b === slug;
    line.classList.toggle("is-tied", isTied);
    if (isTied) tied.add(a).add(b);
  }
  for (const [name, node] of nodes) node.classList.toggle("is-tied", tied.has(name));
}

for (const kind of ["pointerover", "focusin"]) map.addEventListener(kind, (event) => trace(event.target));
for (const kind of ["pointerleave", "focusout"]) map.addEventListener(kind, () => trace(document.activeElement));

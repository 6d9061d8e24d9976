/**
 * Suggests people while somebody types an @ in a text area that has data-mentions, the address to ask. Without it, names
 * are typed in full.
 */
"use strict";

/** The @word that ends at the caret: [where it begins, what it says so far]. @param {HTMLTextAreaElement} area */
function wordAt(area) {
  const before = area.value.slice(0, area.selectionStart);
  const found = /(?:^|[^\w@])@([\w.+-]{1,40})$/.exec(before);
  return found ? [before.length - found[1].length, found[1]] : null;
}

/** @param {HTMLTextAreaElement} area */
function suggest(area) {
  const list = document.createElement("ul");
  list.id = `${area.id}-people`;
  list.className = "people";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "People");
  area.after(list);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);
  let asked = 0;

  const options = () => /** @type {HTMLElement[]} */ ([...list.children]);
  const active = () => options().find((option) => option.ariaSelected === "true");

  const activate = (option) => {
    for (const other of options()) other.ariaSelected = String(other === option);
    area.setAttribute("aria-activedescendant", option.id);
  };

  const close = () => {
    asked += 1;
    list.hidden = true;
    list.replaceChildren();
    area.removeAttribute("aria-activedescendant");
  };

  const choose = (option) => {
    const [start, typed] = wordAt(area) ?? [];
    if (start !== undefined) area.setRangeText(`${option.dataset.username} `, start, start + typed.length, "end");
    close();
    area.focus();
  };

  const show = (people) => {
    list.replaceChildren(
      ...people.map(({ username, name }, n) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${n}`;
        option.dataset.username = username;
        option.setAttribute("role", "option");
        option.textContent = name === username ? `@${username}` : `@${username} · ${name}`;
        // Before the text area loses the caret.
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          choose(option);
        });
        return option;
      }),
    );
    list.hidden = people.length === 0;
    if (people.length) activate(options()[0]);
  };

  const ask = async () => {
    const word = wordAt(area);
    if (!word) return close();
    const mine = (asked += 1);
    try {
      const response = await fetch(`${area.dataset.mentions}?q=${encodeURIComponent(word[1])}`);
      // Whoever typed on meanwhile has asked again.
      if (response.ok && mine === asked) show(await response.json());
    } catch {
      close();
    }
  };

  area.addEventListener("input", ask);
  area.addEventListener("blur", close);
  area.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const all = options();
    const at = all.indexOf(active());
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) activate(all[(at + step + all.length) % all.length]);
    else if (event.key === "Enter" || event.key === "Tab") choose(all[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
}

document.querySelectorAll("textarea[data-mentions]").forEach(suggest);

/**
 * The choice of a model on the workbench: any of them runs on the log that is there.
 */
import { el, mark } from "../views/dom.js";

/** @param {any} desk */
export function workbench({ figure, player, loadLesson }) {
  const models = Object.entries(JSON.parse(figure.dataset.models));
  const choice = figure.querySelector(".figure-model select");
  choice.replaceChildren(...models.map(([id, { title }]) => el("option", { value: id }, title)));
  /** What was chosen last and is not loaded yet: whatever arrives before or after it, it is what the reader wants. */
  let wanted = "";
  const show = () => (choice.value = wanted || player.lesson.model.id);
  choice.onchange = async () => {
    const id = (wanted = choice.value);
    mark(choice, "aria-busy", "true");
    const [, sources] = /** @type {any} */ (models.find((model) => model[0] === id));
    try {
      const lesson = await loadLesson(sources);
      if (wanted === id) player.useModel(lesson);
    } finally {
      if (wanted === id) {
        wanted = "";
        mark(choice, "aria-busy", null);
        show();
      }
    }
  };
  player.subscribe(show);
  show();
}

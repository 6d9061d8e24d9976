/**
 * The choice of a model on the workbench: any of them runs on the log that is there.
 */
import { el } from "../views/dom.js";

/** @param {any} desk */
export function workbench({ figure, player, loadLesson }) {
  const models = Object.entries(JSON.parse(figure.dataset.models));
  const choice = figure.querySelector(".figure-model select");
  choice.replaceChildren(...models.map(([id, { title }]) => el("option", { value: id }, title)));
  choice.onchange = async () => {
    const [, sources] = /** @type {any} */ (models.find(([id]) => id === choice.value));
    player.useModel(await loadLesson(sources));
  };
  const show = () => (choice.value = player.lesson.model.id);
  player.subscribe(show);
  show();
}

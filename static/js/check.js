/** A document may be dropped into its field; the form sends it as a chosen file. */
const field = document.getElementById("text");
const file = /** @type {HTMLInputElement} */ (document.getElementById("file"));

field.addEventListener("dragover", (event) => event.preventDefault());
field.addEventListener("drop", (event) => {
  if (!event.dataTransfer?.files.length) return;
  event.preventDefault();
  file.files = event.dataTransfer.files;
  /** @type {HTMLFormElement} */ (document.getElementById("check")).requestSubmit();
});

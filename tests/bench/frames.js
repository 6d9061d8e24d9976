/**
 * Runs in a page of the workbench. Every function answers with `times`: the main thread's milliseconds for each change: its event handlers, then everything of the frame that shows it (callbacks, style, layout, paint), without the
 * wait for the screen in between.
 */
window.bench = (() => {
  /** @param {() => void} change @returns {Promise<number>} */
  function frame(change) {
    return new Promise((resolve) => {
      let began = 0;
      // Callbacks of one frame run in the order in which they were asked for: ours before and after those of the page.
      requestAnimationFrame(() => (began = performance.now()));
      const handled = performance.now();
      change();
      const handling = performance.now() - handled;
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(handling + performance.now() - began);
        port2.postMessage(null);
      });
    });
  }

  const settled = () => new Promise((resolve) => setTimeout(resolve, 60));

  /** Puts the playhead on steps all over the run. @param {number} count */
  async function scrub(count) {
    const scrubber = document.querySelector("figure[data-scenario] input[type=range]");
    const times = [];
    let seed = 7;
    for (let i = 0; i < count; i++) {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      const step = Math.floor((seed / 2 ** 32) * (Number(scrubber.max) + 1));
      times.push(await frame(() => {
        scrubber.value = String(step);
        scrubber.dispatchEvent(new Event("input", { bubbles: true }));
      }));
    }
    return { times };
  }

  /** Changes each setting that has a number, choice or switch, the first of a table, in turn. @param {number} rounds */
  async function change(rounds) {
    const fields = [...document.querySelectorAll("figure[data-scenario] .settings .fields .control")];
    const times = [];
    for (let round = 0; round < rounds; round++) for (const field of fields) {
      const input = field.querySelector("input[type=number], select, input[type=checkbox]");
      if (!input || input.disabled) continue;
      times.push(await frame(() => {
        const nudges = field.querySelectorAll(".nudge");
        if (nudges.length > 0) nudges[round % 2].click();
        else if (input.type === "checkbox") input.click();
        else {
          if (input.tagName === "SELECT") input.selectedIndex = (input.selectedIndex + 1) % input.options.length;
          else input.value = String(Number(input.value) + (round % 2 ? -1 : 1));
          input.dispatchEvent(new Event("change", { bubbles: true }));
        }
      }));
      // Claims and checks are told a moment after the frame; the next change must not pay for them.
      await settled();
    }
    return { times };
  }

  /** Frames in which nothing changes: what the machine's noise makes of nothing. @param {number} count */
  async function idle(count) {
    const times = [];
    for (let i = 0; i < count; i++) times.push(await frame(() => {}));
    return { times };
  }

  return { scrub, change, idle };
})();

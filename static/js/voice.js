// Before the first paint, so that nothing moves: the voice that this reader chose last, kept in this browser alone.
// The address wins, so that a shared link opens in the voice in which it was shared.
(() => {
  try {
    // A section of the page, or the state of a figure, which ends with its voice.
    const shared = /^#(?:v=1&.*\bw=)?(engineer|manager)(?:&|$)/.exec(location.hash);
    const chosen = shared?.[1] ?? localStorage.getItem("voice");
    if (chosen) document.documentElement.dataset.reading = chosen;
  } catch {
    // Storage is closed to this page: both voices are shown as they come.
  }
})();

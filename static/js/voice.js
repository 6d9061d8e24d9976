// Before the first paint, so that nothing moves: the voice that this reader chose last, kept in this browser alone.
// The address wins, so that a shared link opens in the voice in which it was shared.
(() => {
  try {
    const chosen = /^#(engineer|manager)$/.exec(location.hash)?.[1] ?? localStorage.getItem("voice");
    if (chosen) document.documentElement.dataset.reading = chosen;
  } catch {
    // Storage is closed to this page: both voices are shown as they come.
  }
})();

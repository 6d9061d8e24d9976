/**
 * A figure in a frame tells the page around it how tall it is, so that the frame can be made to fit.
 */
const { parent } = window;
if (parent !== window) {
  let told = 0;
  const tell = () => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    // A height holds nothing that a page may not know, so any page may be told.
    if (height !== told) parent.postMessage({ type: "event-log-simulator.resized", height }, "*");
    told = height;
  };
  new ResizeObserver(tell).observe(document.body);
}

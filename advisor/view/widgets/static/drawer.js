// The adviser's part lies over the page while it is open. Python puts this text between morph.js and panel.js.

let opener = null; // the control with which the part was opened from elsewhere

/** Open the adviser's part from a menu. The keyboard goes into it, and back to `from` when it closes. */
function openDrawer(from) {
  const drawer = document.querySelector("details[data-private]");
  opener = from;
  drawer.open = true;
  drawer.querySelector("summary").focus({ preventScroll: true });
}

const IDLE = 120_000; // ms without a key or a click; then it closes

/** Close the adviser's part with Esc, and when nobody has used it for a while. What is being typed is sent first. */
function watchDrawer(section, signal) {
  let used = performance.now();
  const open = () => section.querySelector("details[data-private][open]");
  const page = () => section.closest(".aw-page");

  // The style sheets ask the page, not :has(): a browser would look at the whole page again after every change of a chart.
  const mark = () => page()?.toggleAttribute("data-drawer", Boolean(open()));
  const observer = new MutationObserver(mark);
  observer.observe(section, { subtree: true, childList: true, attributeFilter: ["open"] });
  mark();

  function close() {
    const drawer = open();
    const inside = drawer.closest(".aw-private")?.contains(document.activeElement);
    window.dispatchEvent(new Event("advisor-flush"));
    drawer.open = false;
    if (inside) (opener ?? drawer.querySelector("summary")).focus({ preventScroll: true });
    opener = null;
  }

  function onKey(event) {
    used = performance.now();
    // Esc during a Japanese composition ends only the composition
    if (event.key !== "Escape" || event.isComposing || event.keyCode === 229) return;
    if (open() && !document.querySelector("dialog[open]")) close();
  }

  document.addEventListener("keydown", onKey, { signal });
  for (const name of ["pointerdown", "input"]) document.addEventListener(name, () => (used = performance.now()), { signal });
  const timer = setInterval(() => open() && performance.now() - used > IDLE && close(), 5000);
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    observer.disconnect();
  });
}

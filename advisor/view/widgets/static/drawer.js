// The adviser's part, while it is open on the page that client and adviser look at together. Python puts this text between
// morph.js and panel.js.

const IDLE = 120_000; // ms without a key or a click; then it closes

/** Close the adviser's part with Esc, with its button, and when nobody has used it for a while. `close` tells Python. */
function watchDrawer(section, close, signal) {
  let used = performance.now();
  const isOpen = () => section.querySelector("[data-private]") !== null;

  /** What is being typed is sent first. The keyboard goes to the menu, from which the part was opened. */
  function shut() {
    window.dispatchEvent(new Event("advisor-flush"));
    if (section.closest(".aw-private")?.contains(document.activeElement)) {
      document.querySelector(".aw-page-more")?.focus({ preventScroll: true });
    }
    close();
  }

  function onKey(event) {
    used = performance.now();
    // Esc during a Japanese composition ends only the composition
    if (event.key !== "Escape" || event.isComposing || event.keyCode === 229) return;
    if (isOpen() && !document.querySelector("dialog[open], [popover]:popover-open")) shut();
  }

  document.addEventListener("keydown", onKey, { signal });
  section.addEventListener("click", ({ target }) => target.closest("[data-close-private]") && shut(), { signal });
  for (const name of ["pointerdown", "input"]) document.addEventListener(name, () => (used = performance.now()), { signal });
  const timer = setInterval(() => isOpen() && performance.now() - used > IDLE && shut(), 5000);
  signal.addEventListener("abort", () => clearInterval(timer));
}

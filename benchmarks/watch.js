// Runs in the page before its own scripts. It notes the time of each move and of the changes that follow it.
// A move is a key press: its time is that of the event. The time of a change is that of the mutation.
({ there, answer }) => {
  const RADAR = ".js-plotly-plot .polarlayer path.js-line";
  const state = { at: null, radar: null, answer: null, drawn: null };
  let before = { radar: "", answer: [] };
  window.benchmark = { state, noted };

  const radar = () => document.querySelector(RADAR)?.getAttribute("d") ?? "";
  const said = () =>
    answer.map(([selector, attribute]) => {
      const node = document.querySelector(selector);
      return (attribute ? node?.getAttribute(attribute) : node?.textContent) ?? "";
    });

  function onKey(event) {
    if (!event.key.startsWith("Arrow") || !document.querySelector(there)) return;
    before = { radar: radar(), answer: said() };
    Object.assign(state, { at: event.timeStamp, radar: null, answer: null });
  }

  function onChange() {
    const now = performance.now();
    const drawn = state.drawn === null || state.radar === null ? radar() : "";
    if (drawn) state.drawn ??= now;
    if (state.at === null) return;
    if (drawn && before.radar && drawn !== before.radar) state.radar ??= now - state.at;
    if (state.answer === null && said().every((text, index) => text && text !== before.answer[index])) state.answer = now - state.at;
  }

  /** Waits at most `patience` milliseconds until all of these are noted; resolves to whether they are. */
  async function noted(names, patience) {
    const end = performance.now() + patience;
    while (names.some((name) => state[name] === null)) {
      if (performance.now() > end) return false;
      await new Promise((again) => setTimeout(again, 15));
    }
    return true;
  }

  window.addEventListener("keydown", onKey, true);
  new MutationObserver(onChange).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}

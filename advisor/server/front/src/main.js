// The page: connect as soon as the kernel is known, show its widgets when the notebook has run, or show that it failed.
// template.js is loaded before this file and shows the stages of waiting.
import { connect } from "./connection.js";
import { Manager } from "./manager.js";

const CELLS = "#rendered_cells"; // the template writes it as soon as the kernel has an id
const WIDGETS = 'script[type="application/vnd.jupyter.widget-view+json"]';
const PATIENCE = 5000; // ms to wait for parts of the page; then it is shown without them

/** Wait for an element that the server has not written yet, and return it. */
function element(selector) {
  return new Promise((found) => {
    const look = () => document.querySelector(selector);
    if (look()) return found(look());
    const observer = new MutationObserver(() => {
      if (!look()) return;
      observer.disconnect();
      found(look());
    });
    observer.observe(document, { childList: true, subtree: true });
  });
}

/** Wait until the document is complete: then the notebook's cells have run. */
function complete() {
  return new Promise((done) => {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", done, { once: true });
    else done();
  });
}

function fail(error) {
  console.error(error);
  document.body.classList.add("advisor-failed");
}

/** Fetch plotly.js while the page is idle, so that the first chart need not wait for it. */
function fetchAhead() {
  const url = document.querySelector('meta[name="advisor-plotly"]')?.content;
  const fetch = () => document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", as: "script", href: url }));
  if (url) (window.requestIdleCallback ?? setTimeout)(fetch);
}

/** Show a failure if the kernel ends before the page is shown: no widget would come any more. */
function endsEarly({ detail }) {
  if (detail.state === "ended") fail(new Error("the kernel has ended"));
}

/** Say where one is, as soon as the page is there. The region comes first and its words a moment later, so that they are spoken. */
function sayReady() {
  const voice = Object.assign(document.createElement("p"), { className: "aw-visually-hidden", lang: document.documentElement.lang });
  voice.setAttribute("role", "status");
  document.body.append(voice);
  setTimeout(() => (voice.textContent = document.title), 100);
  setTimeout(() => voice.remove(), 3000);
}

/**
 * Wait until our own widgets have drawn. anywidget gives its view while the module is still coming; shown before that, the page
 * would move when the head and the screen fill. Each module marks its element with a class of ours, the lifeline hides it.
 */
async function drawn() {
  const empty = ".advisor-output .lm-Widget:not(.widget-box, .aw-panel, .aw-sheet, .aw-chart, [hidden])";
  const end = performance.now() + PATIENCE; // a third party's widget has no such class
  while (document.querySelector(empty) && performance.now() < end) await new Promise((done) => setTimeout(done, 10));
}

async function start() {
  window.addEventListener("advisor-line", endsEarly);
  const { dataset } = await element(CELLS);
  const kernel = connect(dataset.kernel, dataset.base);
  const manager = new Manager(kernel, fail);
  await complete();
  if (document.body.classList.contains("advisor-failed")) return; // a cell failed
  await manager.load();
  // messages of Python are lost while the line is lost: ask for the state of all widgets again
  kernel.connectionStatusChanged.connect((_, status) => status === "connected" && manager.load().catch(console.error));
  const shown = [...document.querySelectorAll(WIDGETS)].map((script) => {
    const place = Object.assign(document.createElement("div"), { className: "advisor-output" });
    const { model_id: id } = JSON.parse(script.textContent);
    script.replaceWith(place);
    return manager.show(id, place);
  });
  await Promise.race([Promise.all(shown).then(drawn), new Promise((done) => setTimeout(done, PATIENCE))]);
  if (document.body.classList.contains("advisor-failed")) return;
  window.removeEventListener("advisor-line", endsEarly); // from now on the lifeline shows it
  document.querySelector(".aw-main")?.setAttribute("role", "main"); // ipywidgets' boxes have no roles
  document.body.classList.add("advisor-ready");
  sayReady();
  fetchAhead();
}

// the security policy of this page refuses a module that comes as text, as from a third party's widget
document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  if (effectiveDirective.startsWith("script-src") && blockedURI === "blob") fail(new Error("a module that came as text was refused"));
});
start().catch(fail);

// The page: connect as soon as the kernel is known, show its widgets once the notebook has run, or say that it failed.
// template.js, which is there before this file, shows what is being waited for.
import { connect } from "./connection.js";
import { Manager } from "./manager.js";

const CELLS = "#rendered_cells"; // written by the template once the kernel has an id
const WIDGETS = 'script[type="application/vnd.jupyter.widget-view+json"]';
const PATIENCE = 5000; // ms that parts of the page may be late before it is shown without them

/** An element that the server is still about to write. */
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

/** The document is complete when the notebook's cells have run. */
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

/** The first chart need not wait for plotly.js: it comes when there is nothing else to do. */
function fetchAhead() {
  const url = document.querySelector('meta[name="advisor-plotly"]')?.content;
  const fetch = () => document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", as: "script", href: url }));
  if (url) (window.requestIdleCallback ?? setTimeout)(fetch);
}

/** A kernel that has ended before the page stood says nothing more. */
function endsEarly({ detail }) {
  if (detail.state === "ended") fail(new Error("the kernel has ended"));
}

async function start() {
  window.addEventListener("advisor-line", endsEarly);
  const { dataset } = await element(CELLS);
  const kernel = connect(dataset.kernel, dataset.base);
  const manager = new Manager(kernel, fail);
  await complete();
  if (document.querySelector(".advisor-failed")) return; // a cell failed
  await manager.load();
  // what Python said while the line was lost is lost: ask for everything again
  kernel.connectionStatusChanged.connect((_, status) => status === "connected" && manager.load().catch(console.error));
  const shown = [...document.querySelectorAll(WIDGETS)].map((script) => {
    const place = Object.assign(document.createElement("div"), { className: "advisor-output" });
    const { model_id: id } = JSON.parse(script.textContent);
    script.replaceWith(place);
    return manager.show(id, place);
  });
  await Promise.race([Promise.all(shown), new Promise((done) => setTimeout(done, PATIENCE))]);
  if (document.body.classList.contains("advisor-failed")) return;
  window.removeEventListener("advisor-line", endsEarly); // from now on the lifeline says it
  document.body.classList.add("advisor-ready");
  fetchAhead();
}

// a module that the policy of this page does not let in: a third party's widget that brings its code as text
document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  if (effectiveDirective.startsWith("script-src") && blockedURI === "blob") fail(new Error("a module that came as text was refused"));
});
start().catch(fail);

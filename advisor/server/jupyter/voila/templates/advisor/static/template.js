// The stages that the page shows until its widgets are ready; then the page itself, or a way to open it again.
"use strict";
(() => {
  const LATE_MS = 20000; // after this time the page says that it takes long, and how to start again

  window.voila_heartbeat = () => {}; // Voilà writes calls of this function into a slow page

  // The ticket of the waiting page has been used: remove it from the address.
  const address = new URL(window.location.href);
  if (address.searchParams.has("place")) {
    address.searchParams.delete("place");
    window.history.replaceState(null, "", address);
  }

  const show = (stage, only) => {
    for (const part of document.querySelectorAll("#advisor-loading [data-stage]")) {
      if (part.dataset.stage === stage) part.hidden = false;
      else if (only) part.hidden = true;
    }
  };

  const late = setTimeout(() => show("late", false), LATE_MS);

  /** Return whether the front end has finished: it sets one of these classes on the body. */
  const settled = () => document.body.matches(".advisor-ready, .advisor-failed");

  // The document is complete when the notebook's cells have run.
  document.addEventListener("DOMContentLoaded", () => {
    if (document.querySelector(".advisor-failed")) document.body.classList.add("advisor-failed"); // a cell failed
    show("building", true);
    const observer = new MutationObserver(() => {
      if (!settled()) return;
      observer.disconnect();
      clearTimeout(late);
    });
    observer.observe(document.body, { attributeFilter: ["class"] });
  });

  // The server answers, but no websocket gets through: the page goes on trying, and says what to ask the network's administrator.
  window.addEventListener("advisor-line", ({ detail }) => {
    if (detail.state !== "barred" || settled()) return;
    clearTimeout(late);
    for (const place of document.querySelectorAll("#advisor-loading [data-address]")) place.textContent = window.location.host;
    show("barred", true);
  });

  // The script of the front end could not be loaded.
  document.addEventListener("error", ({ target }) => {
    if (!target.matches?.('script[type="module"]')) return;
    const fail = () => document.body.classList.add("advisor-failed");
    document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", fail) : fail();
  }, true);
})();

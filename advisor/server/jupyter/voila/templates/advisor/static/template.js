// What the page shows until the widgets stand: the stages of getting ready, then the page, or a way back.
"use strict";
(() => {
  const LATE_MS = 20000; // after this a visitor is told that it takes long, and how to start again

  window.voila_heartbeat = () => {}; // Voilà writes calls of this into a slow page

  // The place in the line of those who waited has been used up.
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

  /** The front end says by a class of the body how it ended. */
  const settled = () => document.body.matches(".advisor-ready, .advisor-failed");

  // The document is complete when the notebook's cells have run.
  document.addEventListener("DOMContentLoaded", () => {
    show("building", true);
    const observer = new MutationObserver(() => {
      if (!settled()) return;
      observer.disconnect();
      clearTimeout(late);
    });
    observer.observe(document.body, { attributeFilter: ["class"] });
  });

  // The server answers, but no websocket comes through: it is tried on, and what to ask for is said meanwhile.
  window.addEventListener("advisor-line", ({ detail }) => {
    if (detail.state !== "barred" || settled()) return;
    clearTimeout(late);
    for (const place of document.querySelectorAll("#advisor-loading [data-address]")) place.textContent = window.location.host;
    show("barred", true);
  });

  // The front end itself did not come.
  document.addEventListener("error", ({ target }) => {
    if (!target.matches?.('script[type="module"]')) return;
    const fail = () => document.body.classList.add("advisor-failed");
    document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", fail) : fail();
  }, true);
})();

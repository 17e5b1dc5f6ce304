// What the page shows until the widgets stand: the stages of getting ready, then the page, or a way back.
"use strict";
(() => {
  const LATE_MS = 20000; // after this a visitor is told that it takes long, and how to start again
  const VIEW = "#rendered_cells .jp-OutputArea-output > .lm-Widget"; // the first widget's view, once drawn

  // Voilà writes calls of the first into a slow page, and its theme calls the second.
  window.voila_heartbeat = () => {};
  window.voila_finish = () => {};

  const show = (stage, only) => {
    for (const part of document.querySelectorAll("#advisor-loading [data-stage]")) {
      if (part.dataset.stage === stage) part.hidden = false;
      else if (only) part.hidden = true;
    }
  };

  // True once there is nothing more to wait for.
  const settled = () => {
    if (document.querySelector(VIEW)) {
      document.body.classList.add("advisor-ready");
      return true;
    }
    // ipywidgets says in English that a model is missing; the visitor gets our words.
    const output = document.querySelector("#rendered_cells .jp-OutputArea-output");
    if (output && output.textContent.startsWith("Error displaying widget")) {
      document.body.classList.add("advisor-failed");
      return true;
    }
    return false;
  };

  const late = setTimeout(() => show("late", false), LATE_MS);

  // The document is complete when the notebook's cells have run.
  document.addEventListener("DOMContentLoaded", () => {
    show("building", true);
    const observer = new MutationObserver(() => {
      if (settled()) {
        observer.disconnect();
        clearTimeout(late);
      }
    });
    observer.observe(document.body, { childList: true, subtree: true });
  });
})();

// Words that could not be stored yet, in this tab: the login page says so before anybody logs in, and only erases them when
// somebody says so twice; logging out leaves them. Whose they are is not told: clients see this screen, too.
"use strict";
(() => {
  const isKept = (name) => /^advisor\.(unsaved|unheard)\./.test(name);

  function kept() {
    try {
      return Object.keys(window.sessionStorage).filter(isKept);
    } catch {
      return []; // sessionStorage may be switched off
    }
  }

  /** Whether this waits for whoever typed it; lifeline.js, which keeps it, asks the same. */
  function isWaiting(name) {
    const { sent, answers, length } = JSON.parse(window.sessionStorage.getItem(name));
    return name.startsWith("advisor.unsaved.") || (!sent && (answers?.length || length) > 0);
  }

  if (!kept().some(isWaiting)) return;
  const wayOut = document.querySelector("[name=keep]");
  if (wayOut) wayOut.value = "1";
  const notice = document.getElementById("advisor-unsaved");
  if (!notice) return;
  const dialog = document.getElementById("advisor-erase");
  notice.hidden = false;
  window.sessionStorage.setItem("advisor.told", "1"); // the pages behind the login need not say it again
  notice.querySelector("[data-ask]").addEventListener("click", () => {
    dialog.returnValue = "";
    dialog.showModal();
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "erase") return;
    kept().forEach((name) => window.sessionStorage.removeItem(name));
    notice.hidden = true;
    document.querySelector(".advisor-form input:not([type=hidden])").focus();
  });
})();

// The notice about unsaved text in this tab. The login page shows it before anybody logs in. It erases the text only after a
// second click, and logging out keeps it. It does not say whose text it is, because clients see this screen, too.
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

  /** Return whether a copy waits for its adviser. copies.js has the same rule. */
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
  window.sessionStorage.setItem("advisor.told", "1"); // so the pages behind the login do not say it again
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

// What covers the page while nothing that is done on it would be kept: what is safe, what is being tried, and a way back
// where there is nothing to wait for. Python puts this text before lifeline.js.

const GLANCE = 700; // ms in which a key that was meant for the page presses no button

/** A dialog over the page. `say` tells it how things stand: "trying", "slow" (trying still) or "ended" (in vain). */
function overlay(words, lang, goBack) {
  const dialog = document.createElement("dialog");
  dialog.className = "aw-lost";
  dialog.setAttribute("role", "alertdialog");
  dialog.setAttribute("aria-labelledby", "aw-lost-title");
  dialog.setAttribute("aria-describedby", "aw-lost-text aw-lost-now");
  dialog.lang = lang;
  const part = (tag, id, textContent) => Object.assign(document.createElement(tag), { id, textContent });
  const now = part("p", "aw-lost-now", "");
  now.setAttribute("role", "status");
  const button = Object.assign(part("button", "aw-lost-reload", words.reload), { type: "button" });
  button.className = "aw-button aw-primary";
  let offered = 0;
  button.addEventListener("click", ({ detail }) => {
    if (detail || performance.now() - offered > GLANCE) goBack();
  });
  // there is nothing behind it that would still be kept
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.append(part("h2", "aw-lost-title", words.title), part("p", "aw-lost-text", words.lost), now);

  /** While things may mend by themselves no button is there to be pressed by mistake. */
  function say(state) {
    if (now.dataset.state !== state) {
      now.dataset.state = state;
      now.textContent = words[state];
    }
    if (state !== "trying" && !button.isConnected) {
      offered = performance.now();
      dialog.append(button);
    }
    if (!dialog.isConnected) document.body.append(dialog);
    if (!dialog.open) dialog.showModal();
    else if (state === "ended" && document.activeElement !== button) button.focus();
  }

  function close() {
    dialog.close(); // gives the focus back
    dialog.remove();
  }

  return { say, close };
}

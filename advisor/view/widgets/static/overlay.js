// The dialog that covers the page while new input would be lost. It says what is safe and what is being tried, and it offers a
// way back if waiting does not help. Python puts this text before lifeline.js.

const GLANCE = 700; // ms in which a key does not press the new button: it may have been meant for the page

/** Make the dialog. `say` sets its state: "trying", "slow" (it is still being tried) or "ended" (it is not tried any more). */
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
  // Escape must not close it: input on the page behind it would be lost
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.append(part("h2", "aw-lost-title", words.title), part("p", "aw-lost-text", words.lost), now);

  /** Show a state. While the line may soon come back ("trying"), there is no button that could be pressed by mistake. */
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
    dialog.close(); // it gives the focus back
    dialog.remove();
  }

  return { say, close };
}

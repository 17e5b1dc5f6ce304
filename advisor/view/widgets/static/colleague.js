// The dialog about a colleague's unsaved text. On a shared device, the tab may keep text that a colleague typed and that could
// not be stored. The dialog says that it is there, without number or content, and erases it only after a second click.
// Python puts this text before lifeline.js.

/** Open the dialog over the page. A second click on the button calls `erase`. Closing it in any other way keeps everything. */
function askAboutColleague(words, lang, erase) {
  const part = (tag, attributes) => Object.assign(document.createElement(tag), attributes);
  const dialog = part("dialog", { className: "aw-lost", lang });
  dialog.setAttribute("aria-labelledby", "aw-theirs-title");
  dialog.setAttribute("aria-describedby", "aw-theirs-text");
  const text = part("p", { id: "aw-theirs-text", textContent: words.theirs_text });
  const keep = part("button", { type: "button", className: "aw-button aw-primary", textContent: words.theirs_keep });
  const go = part("button", { type: "button", className: "aw-button aw-quiet", textContent: words.theirs_erase });
  const buttons = part("div", { className: "aw-buttons" });
  buttons.append(keep, go);
  let sure = false;
  keep.addEventListener("click", () => dialog.close());
  go.addEventListener("click", () => {
    if (sure) {
      erase();
      dialog.close();
      return;
    }
    sure = true;
    text.setAttribute("role", "status");
    text.textContent = words.theirs_sure;
    keep.focus(); // so a key that is pressed twice erases nothing
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(part("h2", { id: "aw-theirs-title", textContent: words.theirs_title }), text, buttons);
  document.body.append(dialog);
  dialog.showModal();
  return () => dialog.close();
}

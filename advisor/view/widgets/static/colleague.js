// What the tab keeps of somebody else: on a shared device, words that a colleague typed and that could not be stored. Their
// number and content are nobody's business: it is said that they are there, and they go only when somebody says so twice.
// Python puts this text before lifeline.js.

/** A dialog over the page, with `erase` for who is sure; to close it in whatever way keeps everything. */
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
    keep.focus(); // a key that is pressed twice erases nothing
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(part("h2", { id: "aw-theirs-title", textContent: words.theirs_title }), text, buttons);
  document.body.append(dialog);
  dialog.showModal();
  return () => dialog.close();
}

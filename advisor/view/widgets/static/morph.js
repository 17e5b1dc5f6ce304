// Shared by sheet.js and panel.js. Python puts this text before theirs: a widget's module is imported from a blob: address, so
// it cannot import other files.

/** Make `from` equal to `to` and change only what differs. So focus, caret, a running drag and open <details> stay. */
function morph(from, to) {
  morphAttributes(from, to);
  const wanted = new Set([...to.children].map(keyOf).filter(Boolean));
  const keyed = new Map();
  for (const child of from.children) {
    const key = keyOf(child);
    if (key && !keyed.has(key)) keyed.set(key, child);
  }
  let here = from.firstChild;
  for (const next of [...to.childNodes]) {
    // an element that is not wanted any more is removed, and not rewritten into the next one
    while (here && keyOf(here) && !wanted.has(keyOf(here))) here = dropped(here);
    const key = keyOf(next);
    const match = key ? keyed.get(key) : here && !keyOf(here) ? here : null;
    keyed.delete(key);
    if (!match || match.nodeName !== next.nodeName) {
      from.insertBefore(next, here);
      continue;
    }
    if (match === here) here = here.nextSibling;
    else from.moveBefore ? from.moveBefore(match, here) : from.insertBefore(match, here);
    if (match.nodeType === Node.ELEMENT_NODE) morph(match, next);
    else if (match.data !== next.data) match.data = next.data;
  }
  while (here) here = dropped(here);
}

function morphAttributes(from, to) {
  // the person sets `open`, and scripts set `style`; markup sets neither
  const kept = (name) => name === "open" || name === "style";
  for (const { name } of [...from.attributes]) if (!kept(name) && !to.hasAttribute(name)) from.removeAttribute(name);
  for (const { name, value } of to.attributes) {
    if (!kept(name) && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
}

/** Return the key by which a node is found again after an update: its id; for <details> without an id, its summary. */
function keyOf(node) {
  if (node.id) return node.id;
  return node.nodeName === "DETAILS" ? `details ${node.querySelector("summary")?.textContent}` : "";
}

function dropped(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

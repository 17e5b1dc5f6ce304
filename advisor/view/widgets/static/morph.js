// Shared by sheet.js and panel.js. Python puts this text before theirs: a widget's module is imported from a blob: address,
// where a neighbouring file cannot be imported.

/** Make `from` look like `to`, touching only what differs: focus, caret, a running drag and open <details> survive. */
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
    // what has gone makes room, instead of being rewritten into its neighbour
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
  // `open` belongs to whoever opened it; `style` is set by script only, never by markup
  const kept = (name) => name === "open" || name === "style";
  for (const { name } of [...from.attributes]) if (!kept(name) && !to.hasAttribute(name)) from.removeAttribute(name);
  for (const { name, value } of to.attributes) {
    if (!kept(name) && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
}

/** What makes a node the same one after an update: its id; for <details> without one, its summary. */
function keyOf(node) {
  if (node.id) return node.id;
  return node.nodeName === "DETAILS" ? `details ${node.querySelector("summary")?.textContent}` : "";
}

function dropped(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

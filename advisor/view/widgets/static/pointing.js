// Pointing at a part of a page, for the client's own screen. Python puts this text before lifeline.js.
// The frame is drawn by a style sheet of its own: an update of the page would take a class away.

const PARTS = ".aw-q[data-id], [data-part], details[id], article[id], section[aria-labelledby]";

/** Return the name of the part of the page in which a node is; empty outside of every part. */
function partOf(node) {
  const part = node.closest?.(".aw-main") && !node.closest("dialog") ? node.closest(PARTS) : null;
  if (!part) return "";
  return part.dataset.part ?? (part.matches(".aw-q") ? part.dataset.id : part.id || part.getAttribute("aria-labelledby"));
}

/** Return a function that draws a frame around the part with a name and brings it into sight; without a name, no frame. */
function framing() {
  const sheet = window.CSSStyleSheet && "adoptedStyleSheets" in document ? new CSSStyleSheet() : null;
  if (sheet) document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return (name) => {
    const shown = name && inSight(name);
    const text = JSON.stringify(shown);
    const parts = `.aw-main :is([data-part=${text}], .aw-q[data-id=${text}], :is(details, article)[id=${text}], section[aria-labelledby=${text}])`;
    sheet?.replaceSync(shown ? `${parts} { outline: 3px solid var(--aw-accent); outline-offset: 0.25rem; border-radius: var(--aw-radius); }` : "");
    if (shown) requestAnimationFrame(() => bring([...document.querySelectorAll(parts)].find((node) => node.checkVisibility())));
  };
}

/** Return the name of the part to frame: the one that was meant, or what it is folded into; empty if it is not on this page. */
function inSight(name) {
  const places = [...document.querySelectorAll(`.aw-main :is(${PARTS})`)].filter((node) => partOf(node) === name);
  if (!places.length || places.some((node) => node.checkVisibility())) return name;
  let around = places[0];
  while (around && !around.checkVisibility()) around = around.parentElement?.closest(PARTS);
  return around ? partOf(around) : "";
}

/** Bring a part into the middle of the window, unless it is whole in sight. */
function bring(part) {
  const { top, bottom } = part?.getBoundingClientRect() ?? { top: 0, bottom: 0 };
  if (!part || (top >= 64 && bottom <= window.innerHeight)) return;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  part.scrollIntoView({ block: bottom - top > window.innerHeight ? "start" : "center", behavior: still ? "auto" : "smooth" });
}

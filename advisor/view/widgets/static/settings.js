// What a person sets for themselves in the menu of a page: the size of text, and whether numbers and letters are keys. The tab
// keeps it; it is no matter of a client. Python puts this text before panel.js.

const SIZE = "advisor-text-size"; // its name in the tab's storage; in percent
const USUAL = "100";
const TYPED = "advisor-keys"; // "off": numbers and letters do nothing in a question

/** Return what was set in this tab; `usual` without a choice. */
function setting(name, usual) {
  try {
    return sessionStorage.getItem(name) ?? usual;
  } catch {
    return settings.get(name) ?? usual; // storage is switched off
  }
}

const settings = new Map();

function set(name, value) {
  settings.set(name, value);
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // it holds until the page is left
  }
}

/** Show the settings on the page, and on the buttons that set them. Without such buttons the page has no settings. */
function dressSettings(section) {
  const sizes = section.querySelectorAll("[data-text-size]");
  const typed = section.querySelector("[data-typed-keys]");
  for (const node of sizes) node.setAttribute("aria-pressed", String(node.dataset.textSize === setting(SIZE, USUAL)));
  if (sizes.length) document.documentElement.style.setProperty("font-size", setting(SIZE, USUAL) === USUAL ? "" : `${setting(SIZE, USUAL)}%`);
  typed?.setAttribute("aria-pressed", String(setting(TYPED, "on") === "on"));
  if (typed) document.documentElement.dataset.awKeys = setting(TYPED, "on");
}

/** Set what a pressed button stands for; return whether it is such a button. */
function changeSetting({ dataset }) {
  if (dataset.textSize) set(SIZE, dataset.textSize);
  else if (dataset.typedKeys !== undefined) set(TYPED, setting(TYPED, "on") === "on" ? "off" : "on");
  else return false;
  return true;
}

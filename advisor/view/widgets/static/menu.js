// The menu of a question. While it is open, the sheet behind it is inert: a press outside only closes it, and presses nothing.
// Python puts this text between questions.js and sheet.js.

const KEYS = { prioritise: "S", discuss: "D", skip: "0", widen: "M", sources: "?", clear: "⌫" };

/** Return the entries of a question's menu in groups: what is done with the answer; what is asked of it. */
function menuOf({ question, value, words, notes }) {
  const own = (question.actions ?? []).map((action) => ({ ...action, checks: typeof action.pressed === "boolean" }));
  const clears = ["scale", "choice"].includes(question.type) && !question.required;
  return [
    own,
    [
      question.notes?.length > 0 && { name: "sources", label: words.sources, pressed: notes, checks: true },
      clears && { name: "clear", label: words.clear, off: value === null ? words.unanswered : "" },
    ].filter(Boolean),
  ].filter((group) => group.length);
}

/** Return the name of the entry that a key stands for, or null. */
function entryOfKey(groups, { key, ctrlKey, altKey, metaKey }) {
  if (ctrlKey || altKey || metaKey) return null;
  const name = key === "Delete" || key === "Backspace" ? "clear" : Object.keys(KEYS).find((entry) => KEYS[entry] === key.toUpperCase());
  return groups.flat().find((entry) => entry.name === name) ?? null;
}

/**
 * Show a menu below its button. `pick` is called with the name of the chosen entry, `closed` when the menu has gone. `back`: the
 * control that gets the keyboard then.
 */
function openMenu({ host, behind, button, back, label, groups, pick, closed }) {
  const id = `${button.id}-open`;
  const entry = ({ name, label: text, pressed, checks, off }, index) =>
    h("button", {
      type: "button", role: checks ? "menuitemcheckbox" : "menuitem", tabindex: -1, "data-entry": name,
      "aria-checked": checks ? String(Boolean(pressed)) : null, "aria-disabled": off ? "true" : null, "aria-keyshortcuts": shortcut(name),
      "aria-describedby": off ? `${id}-off-${name}` : null,
    },
    h("span", {}, text), KEYS[name] && h("kbd", { "aria-hidden": "true" }, KEYS[name]),
    off && h("small", { id: `${id}-off-${name}` }, off));
  const menu = h("div", { id, class: "aw-entries", role: "menu", popover: "manual", "aria-label": label },
    groups.map((group, index) => [index > 0 && h("div", { role: "separator" }), group.map(entry)]));
  const entries = [...menu.querySelectorAll("[data-entry]")];
  const gone = new AbortController();

  /** Put the menu below the button, or above it where there is more room. */
  function place() {
    const { right, top, bottom } = button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = menu;
    const above = bottom + height + 8 > window.innerHeight && top > height;
    menu.style.setProperty("left", `${Math.max(8, right - width)}px`);
    menu.style.setProperty("top", `${above ? top - height - 4 : bottom + 4}px`);
  }

  function close(returns = true) {
    if (gone.signal.aborted) return;
    gone.abort();
    menu.remove();
    behind.inert = false;
    closed();
    if (returns) back.focus({ preventScroll: true });
  }

  function choose(node) {
    if (!node || node.getAttribute("aria-disabled") === "true") return;
    close();
    pick(node.dataset.entry);
  }

  function onKey(event) {
    const here = entries.indexOf(document.activeElement);
    const steps = { ArrowDown: here + 1, ArrowUp: here - 1 + entries.length, Home: 0, End: entries.length - 1 };
    if (event.key in steps) entries[steps[event.key] % entries.length].focus();
    else if (event.key === "Escape") close();
    else if (event.key === "Tab") return void close();
    else if (event.key === "Enter" || event.key === " ") return; // the browser clicks
    else choose(entries.find((node) => node.dataset.entry === entryOfKey(groups, event)?.name));
    event.preventDefault();
    event.stopPropagation();
  }

  const { signal } = gone;
  menu.addEventListener("keydown", onKey, { signal });
  menu.addEventListener("click", ({ target }) => choose(target.closest("[data-entry]")), { signal });
  document.addEventListener("pointerdown", ({ target }) => menu.contains(target) || close(), { signal, capture: true });
  window.addEventListener("resize", place, { signal });
  window.addEventListener("scroll", place, { signal, passive: true });
  host.append(menu);
  behind.inert = true;
  menu.showPopover();
  place();
  entries[0]?.focus({ preventScroll: true });
  return { close };
}

const shortcut = (name) => (name === "clear" ? "Delete" : KEYS[name] ?? null);

// A piece of the page: HTML of an autoescaping template in Python. An update changes only what differs, so open <details>,
// focus and scroll stay. morph() comes from morph.js, watchDrawer() from drawer.js, changeSetting() from settings.js,
// markJapanese() and sayWhy() from spoken.js. Attributes of the HTML:
// data-action: a button sends this action to Python. data-value-from: the id of the field whose value is sent with it.
// data-lead-to: a selector; when one more such element is shown, the keyboard goes there. data-go-to: the keyboard goes there
// at once. data-copy: the id of the field whose text is copied. data-text-size, data-typed-keys: a button sets the size of all text, or whether numbers and letters are keys.
// data-private: the adviser's part; data-close-private: a button closes it. data-enlarge: a button shows the chart of its box large, below what is beside it; a second press goes back.
// data-change: a field sends its text when it is left or Enter is pressed. data-upload: a file input sends its file.
// data-key: the key that presses a button from anywhere but a field of text. A popover with role=menu is a menu: it opens below
// the button that names it in popovertarget, and arrow keys move in it.
// data-over: a link takes the place of this page in the history, so that Back does not lead from a visit to the list of clients.
// data-unfold: <details> sends this action when a person opens it. data-paper: <details> is open on paper.

const CONTROLS = "[data-action], [data-open-dialog], [data-close-dialog], [data-print], [data-text-size], [data-typed-keys], [data-enlarge], [data-copy]";
const STILL = 8; // px that a hand may move while it presses

function render({ model, el, signal }) {
  el.classList.add("aw-panel");
  const section = document.createElement("section");
  el.append(section);
  let watched = false; // the adviser's part is in here, and closes by itself
  let left = 0; // where the page stood before a chart was shown large

  function draw() {
    const next = document.createElement("section");
    const template = document.createElement("template");
    template.innerHTML = model.get("html");
    next.append(template.content);
    next.setAttribute("lang", model.get("lang"));
    if (model.get("label")) next.setAttribute("aria-label", model.get("label"));
    for (const node of next.querySelectorAll("[data-live]")) node.setAttribute("aria-live", "polite");
    if (model.get("lang") === "en") markJapanese(next);
    const large = String(Boolean(el.closest(".aw-glance.aw-large")));
    for (const node of next.querySelectorAll("[data-enlarge]")) node.setAttribute("aria-expanded", large);

    const focused = section.contains(document.activeElement) ? document.activeElement : null;
    const place = focused && placeOf(focused);
    const cameFrom = section.querySelector("[data-arrived]")?.dataset.arrived;
    morph(section, next);
    const arrivedAt = section.querySelector("[data-arrived]")?.dataset.arrived;
    if (cameFrom && arrivedAt !== cameFrom) arrive();
    dressSettings(section);
    if (!watched && section.querySelector("[data-private]")) {
      watched = true;
      watchDrawer(section, () => model.send({ event: "action", name: "close_private", id: "drawer", value: null }), signal);
    }
    // lengths of bars are set by script, because the strict security policy forbids style attributes
    for (const node of section.querySelectorAll("[data-size]")) node.style.setProperty("--aw-size", node.dataset.size);
    if (focused && document.activeElement !== focused) returnTo(place);
  }

  /** After another screen was opened: scroll to its top, and put the focus of keyboard and screen reader there. */
  function arrive(patience = 60) {
    const title = [...document.querySelectorAll("[data-title]")].find((heading) => heading.checkVisibility());
    if (!title || title.dataset.title !== section.querySelector("[data-arrived]")?.dataset.arrived) {
      if (patience) requestAnimationFrame(() => arrive(patience - 1)); // the screen's widgets are still being made
      return;
    }
    window.scrollTo(0, 0);
    title.focus({ preventScroll: true });
  }

  /** Return a selector that finds the same control after an update; null without one. */
  function placeOf(node) {
    if (node.id) return `#${CSS.escape(node.id)}`;
    const { action, id } = node.dataset;
    const value = (name, text) => (text === undefined ? "" : `[data-${name}="${CSS.escape(text)}"]`);
    return action ? value("action", action) + value("id", id) + value("value", node.dataset.value) : null;
  }

  function returnTo(place) {
    let target = place && section.querySelector(place);
    if (!target) {
      target = section; // the control is gone: keep the keyboard at this place of the page
      section.setAttribute("tabindex", "-1");
    }
    target.focus({ preventScroll: true });
  }

  /** Watch for a second after a control was used: its whole piece of the page may disappear. */
  function watch(patience = 60) {
    goOn();
    if (patience) requestAnimationFrame(() => watch(patience - 1));
  }

  /** If the whole piece is gone, move the keyboard to the next control after it. */
  function goOn() {
    if (document.activeElement !== document.body && document.activeElement !== section) return;
    if (section.checkVisibility() && section.childElementCount) return;
    const controls = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")];
    const after = controls.find((node) => section.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING && node.checkVisibility());
    after?.focus();
  }

  /** A button adds an element elsewhere on the page: move the keyboard to the last one of its kind as soon as it is shown. */
  function lead(kind) {
    const shown = () => [...document.querySelectorAll(kind)].filter((node) => node.checkVisibility());
    const known = shown().length;
    const look = (patience) => {
      const now = shown();
      if (now.length > known) now.at(-1).focus();
      else if (patience) requestAnimationFrame(() => look(patience - 1));
    };
    look(120);
  }

  const dialog = (id, near) =>
    id ? (section.querySelector(`#${CSS.escape(id)}`) ?? document.getElementById(id)) : near.closest("dialog");

  let pressed = null; // the control on which the mouse went down, and where

  function onPress({ target, pointerType, clientX: x, clientY: y }) {
    const control = pointerType === "mouse" ? target.closest(`${CONTROLS}, a[href], summary`) : null;
    pressed = control && { control, x, y };
  }

  /**
   * A press counts for the control where it began. Between down and up a line above may go (an error that the field before it
   * had), and what was pressed has moved away from under the mouse; the browser then sends no click.
   */
  function onRelease({ clientX: x, clientY: y }) {
    const { control, ...began } = pressed ?? {};
    pressed = null;
    if (!control?.isConnected || Math.hypot(x - began.x, y - began.y) > STILL) return;
    if (!control.contains(document.elementFromPoint(x, y))) control.click();
  }

  function onClick(event) {
    const over = event.target.closest("a[data-over]");
    if (over && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      return window.location.replace(over.href);
    }
    const control = event.target.closest(CONTROLS);
    if (!control) return;
    if (control.getAttribute("aria-disabled") === "true") return sayWhy(control);
    const { action, id, value, valueFrom, openDialog, closeDialog, leadTo, goTo } = control.dataset;
    if (control.dataset.enlarge !== undefined) return enlarge(control);
    if (changeSetting(control)) return draw();
    control.closest("[popover]")?.hidePopover(); // the keyboard goes back to the menu's button
    const told = valueFrom ? section.querySelector(`#${CSS.escape(valueFrom)}`)?.value : value;
    if (action !== undefined && document.activeElement === control) watch();
    if (action !== undefined) model.send({ event: "action", name: action, id: id ?? null, value: told ?? null });
    if (leadTo) lead(leadTo);
    if (goTo) section.querySelector(`#${CSS.escape(goTo)}`)?.focus();
    if (closeDialog !== undefined) dialog(closeDialog, control)?.close();
    const opened = openDialog && dialog(openDialog, control);
    if (opened && !opened.open) opened.showModal();
    if (control.hasAttribute("data-print")) window.print();
    if (control.dataset.copy) copy(section.querySelector(`#${CSS.escape(control.dataset.copy)}`), control);
  }

  /** Open what belongs on paper, and close it again after it was printed. */
  function onPrint({ type }) {
    const folded = type === "beforeprint" ? "details[data-paper]:not([open])" : "details[data-unfolded]";
    for (const part of section.querySelectorAll(folded)) {
      part.open = type === "beforeprint";
      part.toggleAttribute("data-unfolded", part.open);
    }
  }

  /** Show the chart of a button's box large and go there, or go back to the place where the button was pressed. */
  function enlarge(button) {
    const frame = button.closest(".aw-glance");
    const isLarge = frame.classList.toggle("aw-large");
    button.setAttribute("aria-expanded", String(isLarge));
    if (isLarge) left = window.scrollY;
    if (isLarge) frame.scrollIntoView();
    else window.scrollTo(0, left);
  }

  /** Copy the text of a field; its button says so. Without https there is no clipboard: then the text is selected. */
  async function copy(field, button) {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.copied;
    } catch {
      field.focus();
    }
  }

  /** Put a menu below its button before it opens, and move the keyboard into it once it is open. */
  function onMenu({ type, target, newState }) {
    if (newState !== "open" || target.getAttribute("role") !== "menu") return;
    if (type === "toggle") return void itemsOf(target)[0]?.focus();
    const button = section.querySelector(`[popovertarget="${CSS.escape(target.id)}"]`).getBoundingClientRect();
    const below = document.documentElement.clientHeight - button.bottom;
    target.style.insetInlineEnd = `${document.documentElement.clientWidth - button.right}px`;
    target.style.insetBlock = below > 220 ? `${button.bottom + 4}px auto` : `auto ${document.documentElement.clientHeight - button.top + 4}px`;
  }

  const itemsOf = (menu) => [...menu.querySelectorAll("[role^=menuitem]")];

  function onKey(event) {
    const menu = event.target.closest?.("[role=menu]");
    if (!menu || !section.contains(menu)) return void onShortcut(event);
    const items = itemsOf(menu);
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      items.at(to % items.length).focus();
    } else if (event.key === "Tab") menu.hidePopover();
  }

  function onShortcut(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (event.target.closest?.("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=range])")) return;
    section.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`)?.click();
  }

  /** Send a changed field or a chosen file to Python. A file is sent as base64: as text, bytes that are not UTF-8 would be lost. */
  async function onChange({ target }) {
    const { change, id } = target.dataset ?? {};
    if (change) model.send({ event: "action", name: change, id: id ?? null, value: target.value });
    const file = target.dataset?.upload && target.files[0];
    if (!file) return;
    const bytes = file.size <= Number(target.dataset.upload) ? await encoded(file) : null; // null: the file is too large
    target.value = ""; // so the same file can be chosen again
    model.send({ event: "upload", name: file.name, bytes });
  }

  const encoded = (file) =>
    new Promise((done) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result.split(",")[1] ?? "");
      reader.onerror = () => done("");
      reader.readAsDataURL(file);
    });

  /** Tell Python that <details> was opened. The event does not bubble, so it is caught on its way down. */
  function onToggle({ target }) {
    const { unfold, id } = target.dataset;
    if (unfold && target.open) model.send({ event: "action", name: unfold, id: id ?? "", value: null });
  }

  section.addEventListener("toggle", onToggle, { signal, capture: true });
  section.addEventListener("click", onClick, { signal });
  section.addEventListener("pointerdown", onPress, { signal });
  window.addEventListener("pointerup", onRelease, { signal });
  for (const name of ["beforetoggle", "toggle"]) section.addEventListener(name, onMenu, { signal, capture: true }); // they do not bubble
  document.addEventListener("keydown", onKey, { signal });
  for (const name of ["scroll", "resize"]) { // a menu stays beside its button, or closes
    window.addEventListener(name, () => section.querySelector("[role=menu]:popover-open")?.hidePopover(), { signal, passive: true });
  }
  section.addEventListener("change", onChange, { signal });
  for (const name of ["beforeprint", "afterprint"]) window.addEventListener(name, onPrint, { signal });
  for (const trait of ["html", "lang", "label"]) model.on(`change:${trait}`, draw);
  draw();
  return () => {
    for (const trait of ["html", "lang", "label"]) model.off(`change:${trait}`, draw);
  };
}

export default { render };

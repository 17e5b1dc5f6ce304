// Watches over the page as a whole: its language, title and address, whether the kernel still answers, and what the store
// does not hold yet, so that a new kernel can go on from there. It lives with the model and needs no place on the page.

const PING = 2000; // ms
const PATIENCE = 7000; // ms without an answer until the connection counts as lost
const KEY = "advisor.unsaved";

/** sessionStorage may be switched off; then there is nothing to restore, and nothing breaks. */
function storage(use) {
  try {
    return use(window.sessionStorage);
  } catch {
    return null;
  }
}

const isCopy = (name) => name.startsWith(`${KEY}.`);
const placeOf = (copy) => copy && `${KEY}.${JSON.parse(copy).visit}`;

function overlay(model) {
  const words = model.get("words");
  const dialog = document.createElement("dialog");
  dialog.className = "aw-lost";
  dialog.setAttribute("role", "alertdialog");
  dialog.setAttribute("aria-labelledby", "aw-lost-title");
  dialog.setAttribute("aria-describedby", "aw-lost-text");
  dialog.lang = model.get("lang");
  const part = (tag, id, text) => Object.assign(document.createElement(tag), { id, textContent: text });
  const button = part("button", "aw-lost-reload", words.reload);
  button.type = "button";
  button.className = "aw-button aw-primary";
  button.addEventListener("click", () => window.location.reload());
  // there is nothing behind it that would still be saved
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.append(part("h2", "aw-lost-title", words.title), part("p", "aw-lost-text", words.lost), button);
  return dialog;
}

/** Hand a file to the person, as if a link to it had been clicked. */
function save({ name, type }, buffers) {
  const url = URL.createObjectURL(new Blob(buffers, { type }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function initialize({ model, signal }) {
  let heard = performance.now();
  let ticked = heard;
  let tick = 0;
  let lost = null;
  let place = placeOf(model.get("unsaved")); // where the copy of this visit is kept

  function send(message) {
    try {
      model.send(message);
    } catch {
      // a closed channel counts as silence
    }
  }

  function watch() {
    const now = performance.now();
    if (now - ticked > 3 * 1000) heard = now; // this tab or machine slept: listen anew before saying anything
    ticked = now;
    if (tick++ % (PING / 1000) === 0) send({ event: "ping" });
    if (document.hidden || now - heard < PATIENCE) return;
    if (lost?.open) return;
    lost?.remove();
    lost = overlay(model);
    document.body.append(lost);
    lost.showModal();
  }

  function hear() {
    heard = performance.now();
    if (!lost) return;
    lost.close(); // gives the focus back
    lost.remove();
    lost = null;
    tell(model.get("words").restored);
  }

  /** Say something in passing, wherever on the page the person is. */
  function tell(text) {
    if (!text) return;
    const note = Object.assign(document.createElement("p"), { className: "aw-toast" });
    note.setAttribute("role", "status");
    document.body.append(note);
    requestAnimationFrame(() => (note.textContent = text));
    setTimeout(() => note.remove(), 5000);
  }

  function receive(message, buffers) {
    if (message.event === "pong") hear();
    else if (message.event === "download") {
      save(message, buffers);
      tell(model.get("words").made);
    }
    else if (message.event === "open") window.location.assign(message.url);
    else if (message.event === "resumed") forget(message.copy);
  }

  function dress() {
    document.documentElement.lang = model.get("lang");
    if (model.get("title")) document.title = model.get("title");
  }

  /** The address names the visit by its opaque id, so that a reload or a copied address finds it again. */
  function address() {
    const url = new URL(window.location.href);
    if ((url.searchParams.get("s") ?? "") === model.get("visit")) return;
    if (model.get("visit")) url.searchParams.set("s", model.get("visit"));
    else url.searchParams.delete("s");
    window.history.replaceState(null, "", url);
  }

  /** Each visit has a place of its own: another one in this tab never overwrites a copy, nor takes it away. */
  function keep() {
    const copy = model.get("unsaved");
    const old = place;
    place = placeOf(copy);
    storage((store) => {
      if (old && old !== place) store.removeItem(old);
      if (place) store.setItem(place, copy);
    });
  }

  /** What was taken up, or is of no use to anybody, goes; unless it could not be stored again. */
  function forget(copy) {
    const done = (store) => Object.keys(store).filter((name) => isCopy(name) && store.getItem(name) === copy);
    storage((store) => done(store).filter((name) => name !== place).forEach((name) => store.removeItem(name)));
  }

  const kept = storage((store) => Object.keys(store).filter(isCopy).map((name) => store.getItem(name))) ?? [];
  const timer = setInterval(watch, 1000);
  const onVisible = () => (heard = performance.now());
  document.addEventListener("visibilitychange", onVisible, { signal });
  model.on("change:lang", dress);
  model.on("change:title", dress);
  model.on("change:unsaved", keep);
  model.on("change:visit", address);
  model.on("msg:custom", receive);
  dress();
  address();
  for (const copy of kept) send({ event: "resume", copy });

  return () => {
    clearInterval(timer);
    lost?.remove();
    model.off("change:lang", dress);
    model.off("change:title", dress);
    model.off("change:unsaved", keep);
    model.off("change:visit", address);
    model.off("msg:custom", receive);
  };
}

export default { initialize, render: ({ el }) => void (el.hidden = true) };

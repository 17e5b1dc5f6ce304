// Watches over the page as a whole: its language, title and address, whether the kernel still answers, what the store does
// not hold yet, and what Python has not seen yet, so that a new kernel can go on from there. It lives with the model and
// needs no place on the page. overlay() comes from overlay.js.
//
// It hears the heartbeat's answers, and where the page's connection tells how it is, that too: the window event
// "advisor-line" with detail.state "open", "lost" (it is being made anew) or "ended" (it never will be). To the connection
// it says "advisor-silence" when nothing came for too long, to the sheets "advisor-unheard" (put into detail what Python has
// not seen) and "advisor-resend" (send that again).

const PING = 2000; // ms
const PATIENCE = 7000; // ms without an answer until the connection counts as lost
const GRACE = 2000; // ms that a connection known to be lost may take to come back before it is told
const STILL = 1500; // ms after which a way back is offered while the server answers, and the kernel alone is silent
const LONG = 60_000; // ms after which it is offered although the connection may still mend: where to, without a server?
const KEY = "advisor.unsaved";
const UNHEARD = "advisor.unheard";

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
  let line = "open"; // as the connection tells
  let doubt = 0; // since when something may not have arrived; 0: nothing
  let opened = 0; // when the line was last opened
  let slow = false; // whether this has taken long enough to offer a way back
  let asked = 0; // when the connection was last asked to begin anew
  let lost = null; // what covers the page
  let place = placeOf(model.get("unsaved")); // where the copy of this visit is kept
  let unheard = ""; // where that is kept which Python has not seen
  const handedBack = comeBack();

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
    const silent = !document.hidden && now - heard >= PATIENCE;
    if (silent && line === "open" && now - asked >= PATIENCE) {
      asked = now;
      window.dispatchEvent(new Event("advisor-silence"));
    }
    if (silent) doubt ||= now;
    slow ||= doubt > 0 && now - doubt >= LONG;
    slow ||= silent && line === "open" && now - Math.max(doubt, opened) >= STILL;
    if (lost || silent || (line === "lost" && now - doubt >= GRACE)) cover(slow ? "slow" : "trying");
    if (doubt || unheard) hold();
  }

  function cover(state) {
    lost ??= overlay(model.get("words"), model.get("lang"), goBack);
    lost.say(line === "ended" ? "ended" : state);
  }

  /** The address names the visit and the step, so that loading it leads back; who is logged out passes the login first. */
  function goBack() {
    hold();
    window.location.reload();
  }

  function onLine({ detail: { state } }) {
    if (line === "ended") return;
    line = state;
    if (state === "open") {
      opened = performance.now();
      return void send({ event: "ping" }); // what answers it says that all is well
    }
    doubt ||= performance.now();
    if (state === "ended") {
      hold();
      cover("ended");
    }
  }

  function hear() {
    heard = performance.now();
    if (line !== "open" || !doubt) return;
    doubt = 0;
    slow = false;
    window.dispatchEvent(new Event("advisor-resend"));
    if (!lost) return;
    lost.close();
    lost = null;
    tell(model.get("words").restored);
  }

  /** Keep in this tab what was typed and Python has not seen, for as long as it has not. */
  function hold() {
    if (handedBack.waits) return; // what was kept before goes first
    const answers = [];
    window.dispatchEvent(new CustomEvent("advisor-unheard", { detail: answers }));
    const old = unheard;
    unheard = answers.length ? `${UNHEARD}.${model.get("visit")}` : "";
    storage((store) => {
      if (old && old !== unheard) store.removeItem(old);
      if (unheard) store.setItem(unheard, JSON.stringify(answers));
    });
  }

  /** What this tab kept for this visit. A visit that nobody has stored has no name: only the same page goes on with it. */
  function comeBack() {
    const name = `${UNHEARD}.${model.get("visit")}`;
    const text = storage((store) => store.getItem(name));
    const again = ["reload", "back_forward"].includes(performance.getEntriesByType("navigation")[0]?.type);
    if (text && !model.get("visit") && !again) storage((store) => store.removeItem(name));
    else if (text) return { waits: true, name, answers: JSON.parse(text) };
    return { waits: false };
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
    else if (message.event === "heard" && handedBack.waits) {
      handedBack.waits = false;
      storage((store) => store.removeItem(handedBack.name));
    }
  }

  function dress() {
    document.documentElement.lang = model.get("lang");
    if (model.get("title")) document.title = model.get("title");
  }

  /**
   * The address names the visit by its opaque id, so that a reload or a copied address finds it again; before anything is
   * stored it names the step.
   */
  function address() {
    const url = new URL(window.location.href);
    const visit = model.get("visit");
    for (const [name, value] of Object.entries({ s: visit, go: visit ? "" : model.get("step") })) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    if (url.href !== window.location.href) window.history.replaceState(null, "", url);
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
  window.addEventListener("advisor-line", onLine, { signal });
  window.addEventListener("pagehide", hold, { signal });
  model.on("change:lang", dress);
  model.on("change:title", dress);
  model.on("change:unsaved", keep);
  model.on("change:visit", address);
  model.on("change:step", address);
  model.on("msg:custom", receive);
  dress();
  address();
  for (const copy of kept) send({ event: "resume", copy });
  if (handedBack.waits) send({ event: "unheard", answers: handedBack.answers });

  return () => {
    clearInterval(timer);
    lost?.close();
    model.off("change:lang", dress);
    model.off("change:title", dress);
    model.off("change:unsaved", keep);
    model.off("change:visit", address);
    model.off("change:step", address);
    model.off("msg:custom", receive);
  };
}

export default { initialize, render: ({ el }) => void (el.hidden = true) };

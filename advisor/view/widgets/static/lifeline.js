// Watches over the page as a whole: its language, title and address, whether the kernel still answers, what the store does
// not hold yet, and what Python has not seen yet, so that a new kernel can go on from there. It lives with the model and
// needs no place on the page. overlay() comes from overlay.js, askAboutColleague() from colleague.js, and copies.js says how
// things are called that the tab keeps.
//
// It hears the heartbeat's answers, and where the page's connection tells how it is, that too: the window event
// "advisor-line" with detail.state "open", "lost" (it is being made anew) or "ended" (it never will be), and "advisor-leave"
// before it ends with the page. To the connection it says "advisor-silence" when nothing came for too long. To the sheets it
// says "advisor-flush" (send what is being typed), "advisor-unheard" (put into detail what Python has not seen),
// "advisor-resend" (send that again) and "advisor-unkept" (put into detail whether something goes with the page).

const PING = 2000; // ms
const LATE = 3000; // ms since the last answer to a ping, after which a line is not taken for well
const PATIENCE = 7000; // ms without an answer until the connection counts as lost
const GRACE = 2000; // ms that a connection known to be lost may take to come back before it is told
const STILL = 1500; // ms after which a way back is offered while the server answers, and the kernel alone is silent
const LONG = 60_000; // ms after which it is offered although the connection may still mend: where to, without a server?

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
  let departed; // the visit that the address named when the page was last about to be left
  let goesBack = false;
  let hasLeft = false;
  const owner = model.get("owner");
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
    goesBack = true;
    hold();
    window.location.reload();
  }

  /** Whether what is sent is heard, as far as anybody knows. */
  function isWell() {
    return line === "open" && !doubt && performance.now() - heard < LATE;
  }

  /** Before the page is left: send what is being typed, and let the browser ask where something would go with the page. */
  function ask(event) {
    departed = model.get("visit");
    window.dispatchEvent(new Event("advisor-flush"));
    hold();
    const unkept = [];
    window.dispatchEvent(new CustomEvent("advisor-unkept", { detail: unkept }));
    if (!goesBack && (unkept.length || model.get("unsaved") || (unheard && !isWell()))) event.preventDefault();
  }

  /** The page goes. The connection says so before it ends; where nothing does, the browser says it. */
  function leave({ type }) {
    if (hasLeft) return;
    window.dispatchEvent(new Event("advisor-flush"));
    hold(departed);
    hasLeft = type === "advisor-leave";
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

  /**
   * Keep in this tab what was typed and Python has not seen, for as long as it has not. Where the visit got its name while
   * the page was being left, its id is kept too: a reload asks for the address without it.
   */
  function hold(name = model.get("visit")) {
    if (handedBack.waits || hasLeft) return; // what was kept before goes first; the end of the connection tells nothing
    const answers = [];
    window.dispatchEvent(new CustomEvent("advisor-unheard", { detail: answers }));
    const old = unheard;
    unheard = answers.length || name !== model.get("visit") ? placed(UNHEARD, owner, name) : "";
    const copy = { visit: model.get("begun"), sent: isWell(), back: goesBack, answers };
    storage((store) => {
      if (old && old !== unheard) store.removeItem(old);
      if (unheard) store.setItem(unheard, JSON.stringify(copy));
    });
  }

  /** Whether something the tab keeps may be shown here. What bears no mark goes to whoever may open its visit. */
  function isMine(name) {
    const visit = model.get("visit");
    return ownerOf(name) === owner || (!ownerOf(name) && visit && name.endsWith(`.${visit}`));
  }

  /**
   * What this tab kept for this visit. A visit that nobody has stored has no name: only the same page goes on with it, or
   * the next one of whoever was told, by a button or at the login, that it would.
   */
  function comeBack() {
    const visit = model.get("visit");
    const reloaded = ["reload", "back_forward"].includes(performance.getEntriesByType("navigation")[0]?.type);
    if (!visit && !model.get("begun")) return { waits: false }; // no visit is told here
    for (const name of new Set([placed(UNHEARD, owner, visit), placed(UNHEARD, "", visit), placed(UNHEARD, owner, "")])) {
      const text = storage((store) => store.getItem(name));
      if (!text || !isMine(name)) continue;
      const kept = JSON.parse(text);
      const { visit: of = "", sent, back, answers } = Array.isArray(kept) ? { answers: kept } : kept; // as it was kept before
      const again = reloaded || back || (!sent && storage((store) => store.getItem(TOLD)));
      if (visit ? name.endsWith(`.${visit}`) || of === visit : again) return { waits: true, name, visit: of, answers };
      if (!visit) storage((store) => store.removeItem(name));
    }
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

  /** Say that a colleague's words are in this tab, unless the login page has said it. */
  function tellOfColleague() {
    const waiting = names.filter((name) => isKept(name) && isWaiting(name));
    const theirs = waiting.filter((name) => ownerOf(name) && ownerOf(name) !== owner);
    if (!waiting.length) return void storage((store) => store.removeItem(TOLD));
    if (!theirs.length || storage((store) => store.getItem(TOLD))) return;
    storage((store) => store.setItem(TOLD, "1"));
    const erase = () => storage((store) => theirs.forEach((name) => store.removeItem(name)));
    return askAboutColleague(model.get("words"), model.get("lang"), erase);
  }

  const names = storage((store) => Object.keys(store)) ?? [];
  const kept = names.filter((name) => isCopy(name) && isMine(name)).map((name) => storage((store) => store.getItem(name)));
  const timer = setInterval(watch, 1000);
  const onVisible = () => {
    heard = performance.now();
    if (document.hidden) hold(); // a telephone may throw a page away that it does not show
  };
  document.addEventListener("visibilitychange", onVisible, { signal });
  window.addEventListener("advisor-line", onLine, { signal });
  window.addEventListener("beforeunload", ask, { signal });
  for (const name of ["advisor-leave", "pagehide"]) window.addEventListener(name, leave, { signal });
  model.on("change:lang", dress);
  model.on("change:title", dress);
  model.on("change:unsaved", keep);
  model.on("change:visit", address);
  model.on("change:step", address);
  model.on("msg:custom", receive);
  dress();
  address();
  const closeColleague = tellOfColleague();
  for (const copy of kept) send({ event: "resume", copy });
  if (handedBack.waits) {
    const { name, visit, answers } = handedBack;
    send({ event: "unheard", owner: ownerOf(name), visit, answers });
  }

  return () => {
    clearInterval(timer);
    lost?.close();
    closeColleague?.();
    model.off("change:lang", dress);
    model.off("change:title", dress);
    model.off("change:unsaved", keep);
    model.off("change:visit", address);
    model.off("change:step", address);
    model.off("msg:custom", receive);
  };
}

export default { initialize, render: ({ el }) => void (el.hidden = true) };

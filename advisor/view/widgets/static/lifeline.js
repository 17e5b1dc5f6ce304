// Watches over the page as a whole: its language, title and address, the heartbeat of the kernel, the changes that the store
// does not hold yet, and the answers that Python has not seen yet. The tab keeps both, so that a new kernel can go on from
// them. It lives with the model and needs no place on the page. overlay() comes from overlay.js, askAboutColleague() from
// colleague.js, the names of the copies in the tab from copies.js, partOf() and framing() from pointing.js.
//
// It listens to the answers of the heartbeat, and to two window events of the page's connection: "advisor-line" with
// detail.state "open", "lost" (it is being made anew) or "ended" (it never comes back), and "advisor-leave" before it ends with
// the page. It sends the connection "advisor-silence" when no answer came for too long. It sends the sheets "advisor-flush"
// (send what is being typed), "advisor-unheard" (put the answers that Python has not seen into detail), "advisor-resend" (send
// these again) and "advisor-unkept" (put into detail whether input would be lost with the page).

const PING = 2000; // ms between pings
const LATE = 3000; // ms since the last answer to a ping; after that, isWell() is false
const PATIENCE = 7000; // ms without an answer until the connection counts as lost
const GRACE = 2000; // ms for a lost connection to come back before the page says that it is lost
const STILL = 1500; // ms until a way back is offered if the server answers and only the kernel is silent
const SAVED = "advisor.saved"; // the channel on which the windows of one browser tell each other that a visit was saved
const LONG = 60_000; // ms until it is offered in any case; not earlier, because a reload needs the server

/** Let the browser save a file, as if a link to it had been clicked. */
function save({ name, type }, buffers) {
  const url = URL.createObjectURL(new Blob(buffers, { type }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function initialize({ model, signal }) {
  let heard = performance.now();
  let ticked = heard;
  let tick = 0;
  let line = "open"; // the last state that the connection sent
  let doubt = 0; // time since which messages may be lost; 0: none
  let opened = 0; // time when the line was last opened
  let slow = false; // it has taken long enough to offer a way back
  let asked = 0; // time when the connection was last asked to begin anew
  let lost = null; // the dialog that covers the page
  let place = placeOf(model.get("unsaved")); // the name of this visit's copy of unsaved changes
  let unheard = ""; // the name of the copy of answers that Python has not seen
  let departed; // the visit in the address when the page was last about to be left
  let sought = ""; // the screen to which Back or forward led last, until Python has reached it
  let goesBack = false;
  let hasLeft = false;
  const owner = model.get("owner");
  const handedBack = comeBack();

  function send(message) {
    try {
      model.send(message);
    } catch {
      // on a closed channel the ping gets no answer, and that is noticed
    }
  }

  function watch() {
    const now = performance.now();
    if (now - ticked > 3 * 1000) heard = now; // this tab or machine slept: begin to count anew
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

  /** Load the page again. Its address names the visit and the screen, so it leads back, through the login if necessary. */
  function goBack() {
    goesBack = true;
    hold();
    window.location.reload();
  }

  /** Return whether the line is well: as far as is known, sent messages arrive. */
  function isWell() {
    return line === "open" && !doubt && performance.now() - heard < LATE;
  }

  /** Before the page is left: send what is being typed. If input would be lost, let the browser ask the person. */
  function ask(event) {
    departed = model.get("visit");
    window.dispatchEvent(new Event("advisor-flush"));
    hold();
    const unkept = [];
    window.dispatchEvent(new CustomEvent("advisor-unkept", { detail: unkept }));
    if (!goesBack && (unkept.length || model.get("unsaved") || (unheard && !isWell()))) event.preventDefault();
  }

  /** The page is being left: keep unseen answers. The connection sends "advisor-leave" first; without it, the browser's "pagehide". */
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
      return void send({ event: "ping" }); // its answer shows that the kernel is well, too
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
   * Keep the answers that Python has not seen in this tab, until Python has seen them. If the visit got its id while the page
   * was being left, keep its name, too: a reload asks for the address without the id.
   */
  function hold(name = model.get("visit")) {
    if (handedBack.waits || hasLeft) return; // an older copy must be handed back first; and after leaving, nothing is new
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

  /** Return whether a copy in the tab may be shown here. A copy without a mark belongs to anybody who may open its visit. */
  function isMine(name) {
    const visit = model.get("visit");
    return ownerOf(name) === owner || (!ownerOf(name) && visit && name.endsWith(`.${visit}`));
  }

  /**
   * Return the answers that this tab kept for this visit. A visit that is not stored has no id in the address. Only these
   * pages go on with it: the same page after a reload, or the adviser's next page after a button or the login promised it.
   */
  function comeBack() {
    const visit = model.get("visit");
    const reloaded = ["reload", "back_forward"].includes(performance.getEntriesByType("navigation")[0]?.type);
    if (!visit && !model.get("begun")) return { waits: false }; // this page has no visit
    for (const name of new Set([placed(UNHEARD, owner, visit), placed(UNHEARD, "", visit), placed(UNHEARD, owner, "")])) {
      const text = storage((store) => store.getItem(name));
      if (!text || !isMine(name)) continue;
      const kept = JSON.parse(text);
      const { visit: of = "", sent, back, answers } = Array.isArray(kept) ? { answers: kept } : kept; // older copies are a list
      const again = reloaded || back || (!sent && storage((store) => store.getItem(TOLD)));
      if (visit ? name.endsWith(`.${visit}`) || of === visit : again) return { waits: true, name, visit: of, answers };
      if (!visit) storage((store) => store.removeItem(name));
    }
    return { waits: false };
  }

  /** Show a short message for five seconds, on top of any place of the page. */
  function tell(text) {
    if (!text) return;
    const note = Object.assign(document.createElement("p"), { className: "aw-toast" });
    note.setAttribute("role", "status");
    document.body.append(note);
    setTimeout(() => (note.textContent = text), 100); // the region is there before its words, so that they are spoken
    setTimeout(() => note.remove(), 5000);
  }

  function receive(message, buffers) {
    if (message.event === "pong") hear();
    else if (message.event === "download") {
      save(message, buffers);
      tell(model.get("words").made);
    }
    else if (message.event === "open") window.location[message.over ? "replace" : "assign"](message.url);
    else if (message.event === "flush") {
      window.dispatchEvent(new Event("advisor-flush")); // its answers go over the same line, so they come before this
      send({ event: "flushed" });
    }
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
   * Put the visit's opaque id into the address, so that a reload or a copied address finds it again. Before the visit is
   * stored, put the screen there.
   */
  function address() {
    const url = new URL(window.location.href);
    const visit = model.get("visit");
    const parts = { s: visit, go: visit ? "" : model.get("screen"), ...model.get("place") };
    for (const [name, value] of Object.entries(parts)) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    if (url.href !== window.location.href) window.history.replaceState(window.history.state, "", url);
  }

  /** Give each screen its place in the history of the tab, so that Back and forward go through the screens of the visit. */
  function remember() {
    const step = model.get("step");
    const known = window.history.state?.step;
    if (sought && step !== sought) return; // Python has not reached the screen to which Back led last
    sought = "";
    if (!step || step === known) return;
    if (known) window.history.pushState({ step }, "");
    else window.history.replaceState({ step }, "");
  }

  /** The browser's Back or forward leads to a screen. What is being typed is sent first. */
  function onBack({ state }) {
    if (!model.get("step") || !state?.step || (state.step === model.get("step") && !sought)) return;
    sought = state.step;
    window.dispatchEvent(new Event("advisor-flush"));
    send({ event: "back", screen: state.step });
  }

  /** Keep the unsaved changes in the tab. Each visit has its own name, so another visit in this tab cannot remove the copy. */
  function keep() {
    const copy = model.get("unsaved");
    const old = place;
    place = placeOf(copy);
    storage((store) => {
      if (old && old !== place) store.removeItem(old);
      if (place) store.setItem(place, copy);
    });
  }

  /** Tell the other windows of this browser that this visit was saved. */
  function tellSaved() {
    windows?.postMessage({ visit: model.get("visit"), saved: model.get("saved") });
  }

  /** Look often at what other pages have saved, while one of them works on this visit. */
  function look() {
    clearInterval(looking);
    if (model.get("pace")) looking = setInterval(() => document.hidden || (isWell() && send({ event: "look" })), model.get("pace"));
  }

  /** What is pressed, or has the keyboard, is pointed at. */
  function point({ target }) {
    const part = model.get("points") ? partOf(target) : "";
    if (part && part !== model.get("part")) send({ event: "point", id: part });
  }

  /** Remove a copy that Python has taken or cannot use. It stays if it is again the copy of this visit's unsaved changes. */
  function forget(copy) {
    const done = (store) => Object.keys(store).filter((name) => isCopy(name) && store.getItem(name) === copy);
    storage((store) => done(store).filter((name) => name !== place).forEach((name) => store.removeItem(name)));
  }

  /** Say that unsaved text of a colleague is in this tab, unless the login page has said it. */
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
  const frame = framing();
  const showPart = () => frame(model.get("part"));
  const showPointing = () => document.documentElement.toggleAttribute("data-aw-points", model.get("points"));
  let looking = 0;
  const windows = window.BroadcastChannel ? new BroadcastChannel(SAVED) : null;
  windows?.addEventListener("message", ({ data }) => {
    if (data.visit && data.visit === model.get("visit") && data.saved !== model.get("saved")) send({ event: "look" });
  });
  const onVisible = () => {
    heard = performance.now();
    if (document.hidden) hold(); // a phone may discard a hidden page
  };
  document.addEventListener("visibilitychange", onVisible, { signal });
  window.addEventListener("advisor-line", onLine, { signal });
  window.addEventListener("popstate", onBack, { signal });
  for (const name of ["pointerdown", "focusin"]) document.addEventListener(name, point, { signal });
  window.addEventListener("beforeunload", ask, { signal });
  for (const name of ["advisor-leave", "pagehide"]) window.addEventListener(name, leave, { signal });
  model.on("change:lang", dress);
  model.on("change:title", dress);
  model.on("change:unsaved", keep);
  model.on("change:visit", address);
  model.on("change:screen", address);
  model.on("change:place", address);
  model.on("change:step", remember);
  model.on("change:saved", tellSaved);
  model.on("change:pace", look);
  model.on("change:part", showPart);
  model.on("change:points", showPointing);
  model.on("msg:custom", receive);
  dress();
  address();
  remember();
  look();
  showPart();
  showPointing();
  const closeColleague = tellOfColleague();
  for (const copy of kept) send({ event: "resume", copy });
  if (handedBack.waits) {
    const { name, visit, answers } = handedBack;
    send({ event: "unheard", owner: ownerOf(name), visit, answers });
  }

  return () => {
    clearInterval(timer);
    clearInterval(looking);
    windows?.close();
    lost?.close();
    closeColleague?.();
    model.off("change:lang", dress);
    model.off("change:title", dress);
    model.off("change:unsaved", keep);
    model.off("change:visit", address);
    model.off("change:screen", address);
    model.off("change:place", address);
    model.off("change:step", remember);
    model.off("change:saved", tellSaved);
    model.off("change:pace", look);
    model.off("change:part", showPart);
    model.off("change:points", showPointing);
    model.off("msg:custom", receive);
  };
}

export default { initialize, render: ({ el }) => void (el.hidden = true) };

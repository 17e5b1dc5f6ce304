// The questions of one screen. Python sends state as traits. A person's input goes to Python as messages; traits are never
// written here. A question shows its draft (the person's newest input) until Python has seen it, then Python's value again.
// morph() comes from morph.js, speak() from spoken.js, questionRow() and showValue() from questions.js, openMenu() from menu.js.

const TYPING_PAUSE = 400; // ms after the last key until the text is sent; a question may set another pause
const MOVED = 3000; // ms after the last change by somebody else, until its row looks as before
const SLIDER = 44; // px, the height of a slider

/** Return the score of each scale, 0-100 or null, as advisor.scoring.scores does. So the radar need not wait for Python. */
export function scaleScores(scoring, values) {
  const scores = {};
  for (const [scale, items] of Object.entries(scoring.scales ?? {})) {
    const percents = [];
    for (const { id, reverse, low, high } of items) {
      const value = values[id];
      if (typeof value !== "number") continue;
      percents.push((100 * ((reverse ? low + high - value : value) - low)) / (high - low));
    }
    const enough = percents.length > 0 && percents.length >= scoring.min_answered * items.length - 1e-9;
    scores[scale] = enough ? percents.reduce((sum, percent) => sum + percent, 0) / percents.length : null;
  }
  return scores;
}

let serial = 0; // the number of the last answer sent; Python names the number that it has seen

function render({ model, el, signal }) {
  const prefix = `aw${Math.random().toString(36).slice(2, 8)}`; // makes ids unique on the page
  const rows = new Map(); // question id -> its element
  const shown = new Map(); // question id -> the JSON it was drawn from
  const drafts = new Map(); // question id -> value that Python has not confirmed
  const unsent = new Map(); // question id -> value to send in the next frame
  const sent = new Map(); // question id -> number of its last message that Python has not confirmed
  const confirmed = new Map(); // question id -> the draft that Python has seen and the value it made of it, while a caret holds it
  const told = new Map(); // question id -> values that were sent and that Python has not confirmed
  const typing = new Map(); // question id -> timer of its typing pause
  const held = new Set(); // questions under a finger or with the caret: their draft stays
  let edited = false; // there was input since these questions were asked
  let frame = 0;
  let stale = false;
  let menu = null; // the open menu of a question
  const noted = new Set(); // questions whose sources are shown
  const errors = new Map(); // question id -> the error that was last shown
  const turns = new Map(); // question id -> the turn of its worksheet's rows when its draft began
  const moved = new Map(); // question id -> the sentence that somebody else changes it now, and the timer that ends it
  let limit = null; // why an entry of the menus does not work, as it was last said; null before the first draw
  let finger = null; // a finger on a slider: its question, where it came down, the draft before, and whether the thumb moved

  el.classList.add("aw-sheet");
  const list = h("div", { class: "aw-sheet-list" });
  el.append(list);

  const questionOf = (id) => model.get("questions").find((question) => question.id === id);
  const valueOf = (id) => (drafts.has(id) ? drafts.get(id) : (model.get("values")[id] ?? null));
  const rowOf = (node) => node.closest?.("[data-id]");

  /** Return what a row and its menu show. */
  function about(question) {
    const { id } = question;
    const opened = menu?.id === id;
    return {
      question, id: `${prefix}-${id}`, value: valueOf(id), mark: model.get("marks")[id], words: model.get("words"), opened, notes: noted.has(id),
      moved: moved.get(id)?.text,
    };
  }

  function draw(question) {
    const { id } = question;
    const kept = model.get("kept").id === id ? model.get("kept") : null;
    const at = { ...about(question), kept };
    const look = JSON.stringify(at);
    if (shown.get(id) === look) return;
    shown.set(id, look);
    const fresh = questionRow(at);
    const row = rows.get(id);
    const button = row?.contains(document.activeElement) && document.activeElement.nodeName === "BUTTON";
    if (row && row.dataset.type === fresh.dataset.type) morph(row, fresh);
    else {
      row?.replaceWith(fresh);
      rows.set(id, fresh);
    }
    showValue(rows.get(id), question, at.value);
    if (row && question.error && question.error !== errors.get(id)) speak(question.error);
    errors.set(id, question.error);
    if (button && !rows.get(id).contains(document.activeElement)) stay(rows.get(id));
  }

  /** The pressed button is gone: put the keyboard on the field of the row, or on the next one. */
  function stay(row) {
    const fieldIn = (node) => node.querySelector("input, textarea, select");
    let near = row; // a heading has no field: take the next row
    while (near.nextElementSibling && !fieldIn(near)) near = near.nextElementSibling;
    const place = fieldIn(near) ?? row;
    if (place === row) row.setAttribute("tabindex", "-1");
    place.focus({ preventScroll: true });
  }

  function drawAll() {
    stale = false;
    const questions = model.get("questions");
    let gap = -1; // the place of a removed row that had the keyboard
    for (const id of rows.keys()) {
      if (questions.some((question) => question.id === id)) continue;
      if (menu?.id === id) menu.close();
      if (rows.get(id).contains(document.activeElement)) gap = [...list.children].indexOf(rows.get(id));
      rows.get(id).remove();
      clearTimeout(typing.get(id));
      for (const kept of [rows, shown, drafts, unsent, sent, told, typing, held, noted, errors]) kept.delete(id);
    }
    edited &&= questions.length > 0;
    giveWay();
    [...drafts.keys()].forEach(settle);
    questions.forEach((question, index) => {
      draw(question);
      const row = rows.get(question.id);
      if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
    });
    const reached = questions.flatMap(({ actions }) => actions ?? []).find(({ off }) => off)?.off ?? "";
    if (reached && limit === "") speak(reached); // the last star was just given
    limit = reached;
    if (gap >= 0 && list.children.length) stay(list.children[Math.min(gap, list.children.length - 1)]);
  }

  /** While the caret is in a field and nobody types, another page's text takes the place of the one that Python has seen. */
  function giveWay() {
    for (const [id, { draft, value }] of confirmed) {
      if (drafts.get(id) !== draft || typing.has(id) || sent.has(id) || unsent.has(id)) confirmed.delete(id);
      else if (model.get("values")[id] !== value) {
        confirmed.delete(id);
        drafts.delete(id);
      }
    }
  }

  /** Draw soon. Several traits often change at once; they are drawn together. */
  function refresh() {
    if (!stale) queueMicrotask(drawAll);
    stale = true;
  }

  /** Somebody else has changed these questions: say so in their rows for a few seconds, aloud once for each. */
  function showMoved() {
    const { ids = [], text } = model.get("moved");
    for (const id of ids) {
      if (!rows.has(id)) continue;
      if (!moved.has(id)) speak(text);
      clearTimeout(moved.get(id)?.timer);
      moved.set(id, { text, timer: setTimeout(() => forgetMoved(id), MOVED) });
    }
    refresh();
  }

  function forgetMoved(id) {
    moved.delete(id);
    refresh();
  }

  /** Send the draft's scores to the charts of this page. `settled`: Python has seen everything, so its figure counts again. */
  function announce(settled) {
    const scoring = model.get("scoring");
    if (!Object.keys(scoring.scales ?? {}).length) return;
    const values = { ...model.get("values"), ...Object.fromEntries(drafts) };
    window.dispatchEvent(new CustomEvent("advisor-draft", { detail: { scores: scaleScores(scoring, values), settled } }));
  }

  function answer(id, value, pause = 0) {
    show(id, value);
    edited = true;
    clearTimeout(typing.get(id));
    if (pause) typing.set(id, setTimeout(() => queue(id, value), pause));
    else queue(id, value);
  }

  /** Keep a draft. Another page may move the rows of a worksheet meanwhile: then Python must not put it into another row. */
  function keepDraft(id, value) {
    if (!drafts.has(id)) turns.set(id, questionOf(id)?.turn);
    drafts.set(id, value);
  }

  /** Show a draft, in its row and in the charts, without sending it. */
  function show(id, value) {
    keepDraft(id, value);
    draw(questionOf(id));
    announce(false);
  }

  /** Keep a text in the middle of a Japanese conversion. It is sent when the conversion ends, or when the page goes. */
  function compose(id, value) {
    keepDraft(id, value);
    edited = true;
    clearTimeout(typing.get(id));
    typing.set(id, null);
  }

  function queue(id, value) {
    clearTimeout(typing.get(id));
    typing.delete(id);
    unsent.set(id, value);
    if (document.hidden) flush(); // a hidden page gets no animation frames
    else frame ||= requestAnimationFrame(flush);
  }

  function flush() {
    cancelAnimationFrame(frame);
    frame = 0;
    for (const [id, value] of unsent) {
      sent.set(id, ++serial);
      told.set(id, [...(told.get(id) ?? []), value]);
      const turn = turns.get(id);
      model.send({ event: "answer", id, value, n: serial, ...(turn !== undefined && { turn }) });
    }
    unsent.clear();
  }

  /** Send everything now, also text that is being typed: the page may be about to close. */
  function flushAll() {
    for (const id of [...typing.keys()]) queue(id, drafts.get(id));
    flush();
  }

  /** End a draft if Python has seen it, no finger or caret holds it, and it is not a text in which Python found an error. */
  function settle(id) {
    const question = questionOf(id);
    if (!question || sent.has(id) || unsent.has(id) || typing.has(id) || held.has(id)) return;
    if (question.error && !["scale", "choice", "checks", "select"].includes(question.type)) return;
    drafts.delete(id);
    draw(question);
  }

  /**
   * Return the answers that Python has not seen or could not use. `known` is every value that Python may hold for them now; any
   * other value means that somebody else has changed the answer.
   */
  function unheard() {
    if (!model.get("resumes")) return [];
    const open = (id) => sent.has(id) || unsent.has(id) || typing.has(id) || questionOf(id)?.error;
    const known = (id) => [model.get("values")[id] ?? null, ...(told.get(id) ?? [])];
    return [...drafts].filter(([id]) => open(id)).map(([id, value]) => ({ id, value, known: known(id) }));
  }

  /** The line was lost and is back: send again what Python has not confirmed, because it may not have arrived. */
  function resend() {
    for (const id of sent.keys()) unsent.set(id, drafts.get(id));
    flush();
  }

  function release(id) {
    held.delete(id);
    if (typing.has(id)) {
      queue(id, drafts.get(id));
      flush(); // the text must reach Python before the click of the button that took the focus
    }
    settle(id);
  }

  function clear(id) {
    if (valueOf(id) !== null) answer(id, null);
  }

  /** Open the menu of a question, or close it. */
  function toggleMenu(id, from = null) {
    if (menu) return void menu.close();
    const question = questionOf(id);
    const button = rows.get(id).querySelector("[data-menu]");
    const label = (model.get("words").menu ?? "").replace("{text}", question.text);
    const groups = menuOf(about(question));
    const closed = () => {
      menu = null;
      if (rows.has(id)) draw(questionOf(id));
    };
    const back = from ?? button; // where the keyboard goes when the menu closes
    menu = { id, ...openMenu({ host: el, behind: list, button, back, label, groups, closed, pick: (name) => carryOut(id, name) }) };
    draw(question);
  }

  /** Do what an entry of a question's menu, or its key, stands for. */
  function carryOut(id, name) {
    if (name === "clear") clear(id);
    else if (name === "sources") showNotes(id, !noted.has(id));
    else {
      flushAll(); // text typed before must arrive before it
      model.send({ event: "action", name, id });
    }
  }

  function showNotes(id, shows) {
    if (shows) noted.add(id);
    else noted.delete(id);
    draw(questionOf(id));
    rows.get(id).querySelector(shows ? ".aw-q-notes" : "[data-menu]").focus({ preventScroll: true });
  }

  function onInput({ target, isComposing }) {
    const id = rowOf(target)?.dataset.id;
    const type = questionOf(id)?.type;
    if (isComposing && isText(target)) compose(id, target.value);
    else if (type === "scale" && finger?.id !== id) answer(id, Number(target.value));
    else if (type === "scale") {
      if (finger.moved) show(id, Number(target.value)); // the first is the place of the touch, which may become a scroll
      finger.moved = true;
    }
    else if (type === "choice") answer(id, target.value);
    else if (type === "select") answer(id, target.value || null);
    else if (type === "checks") {
      const ticked = [...rows.get(id).querySelectorAll("input")].filter((box) => box.checked);
      answer(id, ticked.map((box) => box.value));
    } else if (type) answer(id, target.value, isText(target) ? (questionOf(id).pause ?? TYPING_PAUSE) : 0);
  }

  function onClick(event) {
    const { target } = event;
    const id = rowOf(target)?.dataset.id;
    if (!id) return;
    const action = target.closest("[data-name]");
    const point = target.closest("[data-point]");
    if (target.closest("[data-pick]")) pick(rows.get(id).querySelector(".aw-day-picker"), questionOf(id));
    else if (action) {
      flushAll(); // text typed before the click must arrive before it
      const { name, value } = action.dataset;
      model.send({ event: "action", name, id, ...(value !== undefined && { value }) });
    }
    else if (target.closest("[data-menu]")) toggleMenu(id);
    else if (target.closest("[data-shut]")) showNotes(id, false);
    else if (target.closest("[data-clear]")) clear(id);
    else if (point) {
      answer(id, Number(point.dataset.point));
      rows.get(id).querySelector("input").focus({ preventScroll: true });
    } else if (target.type === "range" && valueOf(id) === null) {
      answer(id, Number(target.value)); // assistive technology clicks without a pointer
    } else if (target.getAttribute("aria-disabled") === "true") event.preventDefault();
  }

  /** Open the browser's calendar at the day of the field. What is picked there arrives as input. */
  function pick(calendar, question) {
    calendar.value = question.picked ?? "";
    calendar.showPicker();
  }

  function onPress({ target, pointerType, clientX: x, clientY: y }) {
    if (target.type !== "range") return;
    const { id } = rowOf(target).dataset;
    held.add(id);
    finger = pointerType === "mouse" ? null : { id, x, y, moved: false, before: drafts.get(id) };
  }

  /**
   * A press on a slider ends: the value at its end counts, also if it equals the place of the hidden thumb, where the browser
   * sends no `input`. A press that became a scroll counts for nothing: the browser says so, or the finger went up or down.
   */
  function onRelease(event) {
    const { moved, before } = finger ?? {};
    const scrolled = event.type === "pointercancel" || isScroll(event);
    finger = null;
    for (const id of [...held].filter((id) => questionOf(id)?.type === "scale")) {
      const value = Number(rows.get(id).querySelector("input").value);
      if (scrolled && moved) takeBack(id, before);
      if (!scrolled && (moved || value !== valueOf(id))) answer(id, value);
      release(id);
      showValue(rows.get(id), questionOf(id), valueOf(id));
    }
  }

  /** Return whether the finger that leaves a slider went up or down: more than a slider is high, and more than sideways. */
  function isScroll({ clientX, clientY }) {
    const [across, along] = finger ? [Math.abs(clientX - finger.x), Math.abs(clientY - finger.y)] : [0, 0];
    return along > SLIDER && along > across;
  }

  /** Show what was shown before a finger moved the thumb. */
  function takeBack(id, before) {
    if (before === undefined) drafts.delete(id);
    else drafts.set(id, before);
    draw(questionOf(id));
    announce(!sent.size && !unsent.size);
  }

  /**
   * Keys in a question: the numbers answer, the letters are those of its menu, Alt and ↓ open the menu, Enter goes to the next
   * question, and Ctrl and Enter from any field to the end of the screen. Numbers and letters can be switched off in the menu of the page.
   */
  function onKey(event) {
    if (press(event.target, event)) event.preventDefault();
  }

  /** While answers are typed in from paper, a number key from anywhere answers the first open question. */
  function onQuickKey(event) {
    if (!model.get("quick") || event.defaultPrevented || list.contains(event.target) || !list.checkVisibility()) return;
    if (event.target.closest?.("input, textarea, select, [role=menu], dialog") || !/^[0-9dD]$/.test(event.key)) return;
    const open = model.get("questions").find(({ id, type }) => type === "scale" && valueOf(id) === null && model.get("marks")[id] !== "skip");
    const field = open && rows.get(open.id).querySelector("input");
    if (!field) return;
    field.focus();
    if (press(field, event)) event.preventDefault();
  }

  function press(target, event) {
    const { key } = event;
    const id = rowOf(target)?.dataset.id;
    const question = questionOf(id);
    const isField = ["range", "radio"].includes(target.type);
    if (key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      toEnd();
      return false;
    }
    if (!question || !(isField || target.matches("[data-menu]"))) return false;
    // " " is a key of radio buttons
    const typed = key.length > 1 || model.get("quick") || document.documentElement.dataset.awKeys !== "off";
    const entry = typed && hasMenu(question) ? entryOfKey(menuOf(about(question)), event) : null;
    const point = typed ? pointOf(question, event) : undefined;
    const opens = key === "ContextMenu" || (key === "F10" && event.shiftKey) || (key === "ArrowDown" && (event.altKey || !isField));
    const ends = { Home: question.low, End: question.high };
    const first = /^(Arrow|Page| $)/.test(key) ? Math.round((question.low + question.high) / 2) : ends[key];
    if (opens && hasMenu(question)) toggleMenu(id, target);
    else if (key === "Enter" && isField) toNext(id, event.shiftKey ? -1 : 1);
    else if (key === "Delete" || key === "Backspace") clear(id);
    else if (point !== undefined) {
      answer(id, point);
      goOn(id);
    } else if (entry?.off) speak(entry.off);
    else if (entry) {
      carryOut(id, entry.name);
      if (entry.name === "skip") goOn(id);
    }
    else if (target.type === "range" && valueOf(id) === null && first !== undefined) answer(id, first);
    else return false;
    return true;
  }

  /** While answers are typed in from paper, the next question is ready at once; after the last one, the way to the next screen. */
  function goOn(id) {
    if (!model.get("quick") || questionOf(id).type !== "scale") return;
    const left = model.get("questions").filter(({ type }) => type === "scale");
    if (left.at(-1).id === id) document.querySelector(".aw-footer-nav .aw-primary")?.focus();
    else toNext(id, 1);
  }

  /** Return the answer that a number key stands for: a point of a scale, or an option by its place. */
  function pointOf(question, { key, ctrlKey, altKey, metaKey }) {
    if (!/^[1-9]$/.test(key) || ctrlKey || altKey || metaKey) return undefined;
    if (question.type === "choice") return question.options[Number(key) - 1]?.id;
    return points(question)[Number(key) - 1]?.value;
  }

  /** Put the keyboard on the field of the next question, or of the one before; after the last one, on the way to the next screen. */
  function toNext(id, step) {
    const fields = model.get("questions").map((question) => rows.get(question.id));
    for (let place = fields.indexOf(rows.get(id)) + step; fields[place]; place += step) {
      const field = fields[place].querySelector("input:checked") ?? fields[place].querySelector("input, textarea, select");
      if (field) return void field.focus();
    }
    if (step > 0) toEnd();
  }

  /** Put the keyboard on the way to the next screen. */
  function toEnd() {
    if (!el.closest(".aw-private")) document.querySelector(".aw-footer-nav .aw-primary")?.focus();
  }

  const isText = (node) => node.matches?.("textarea, [type=text]");
  const on = (target, names, handle) => {
    for (const name of names.split(" ")) target.addEventListener(name, handle, { signal });
  };
  // A line shows only so much of its text, paper shows all of it.
  on(window, "beforeprint", () => {
    for (const line of list.querySelectorAll("input.aw-line")) if (line.value) line.before(h("p", { class: "aw-printed" }, line.value));
  });
  on(window, "afterprint", () => list.querySelectorAll(".aw-printed").forEach((copy) => copy.remove()));
  on(list, "input", onInput);
  on(list, "compositionend", onInput);
  on(list, "click", onClick);
  on(list, "keydown", onKey);
  on(document, "keydown", onQuickKey);
  on(list, "pointerdown", onPress);
  on(list, "focusin", ({ target }) => isText(target) && held.add(rowOf(target).dataset.id));
  on(list, "focusout", ({ target }) => isText(target) && release(rowOf(target).dataset.id));
  on(window, "pointerup pointercancel", onRelease);
  on(document, "visibilitychange", () => document.hidden && flushAll());
  on(window, "advisor-flush", flushAll);
  // a form that was handed in or left goes out of sight first, and is emptied by the next message
  on(window, "advisor-unkept", ({ detail }) => model.get("asks") && edited && list.checkVisibility() && detail.push(true));
  on(window, "advisor-unheard", ({ detail }) => detail.push(...unheard()));
  on(window, "advisor-resend", resend);

  function onSeen(message) {
    if (message.event !== "seen") return;
    for (const [id, n] of sent) {
      if (n !== message.n) continue;
      sent.delete(id);
      told.delete(id);
      if (held.has(id)) confirmed.set(id, { draft: drafts.get(id), value: model.get("values")[id] });
      settle(id);
    }
    if (!sent.size && !unsent.size) announce(true);
  }
  for (const trait of ["questions", "values", "marks", "words", "kept"]) model.on(`change:${trait}`, refresh);
  model.on("change:moved", showMoved);
  model.on("msg:custom", onSeen);
  drawAll();

  return () => {
    menu?.close(false);
    flushAll();
    for (const trait of ["questions", "values", "marks", "words", "kept"]) model.off(`change:${trait}`, refresh);
    model.off("change:moved", showMoved);
    for (const { timer } of moved.values()) clearTimeout(timer);
    model.off("msg:custom", onSeen);
  };
}

export default { render };

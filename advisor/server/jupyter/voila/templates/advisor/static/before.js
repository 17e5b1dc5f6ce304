// Saves each answer of the advance sheet while the client is still at it, and holds it while the line is lost. Without this
// script the same form is posted with its buttons. What the server does not have yet waits in the tab until it has it: it is
// sent again every few seconds, whatever happened to the line.
"use strict";

(function () {
  const form = document.querySelector("form.ask");
  const told = document.getElementById("kept");
  const PATIENCE = 20_000; // ms for the server to answer; a request on a lost line may never end by itself
  const PAUSE = 3000; // ms until what could not be sent is sent again
  const NAME = "advisor-before"; // in the tab's storage: whose sheet it is, and the forms that are not acknowledged yet
  const { mark, waiting, retry } = form.dataset;
  let deed = "answer"; // the button that was pressed; Safari 14 does not say it with the event
  let left = restored(); // question -> the form that waits for the server
  let sending = false;
  let goesOn = false; // leave this page when nothing waits any more
  let next = "";
  let timer = 0;
  let pause = 0;

  function restored() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(NAME));
      return kept && kept.mark === mark ? kept.left : {};
    } catch (_) {
      return {}; // the tab's storage is switched off
    }
  }

  function store() {
    try {
      if (Object.keys(left).length) sessionStorage.setItem(NAME, JSON.stringify({ mark, left }));
      else sessionStorage.removeItem(NAME);
    } catch (_) {
      // the page holds it
    }
  }

  function put(name, stays) {
    const fields = new URLSearchParams(new FormData(form));
    fields.set("deed", name);
    if (stays) fields.set("stay", "yes");
    left[fields.get("q")] = fields.toString();
    store();
    send();
  }

  /** Return whether the form shows another answer than the server sent. */
  function isChanged() {
    const fields = [...form.querySelectorAll("input[type=radio], textarea")];
    return fields.some((one) => one.checked !== one.defaultChecked || (one.type === "textarea" && one.value !== one.defaultValue));
  }

  /** Send what waits, one form after the other. */
  async function send() {
    clearTimeout(timer);
    const [question] = Object.keys(left);
    if (sending || !question) return;
    const body = left[question];
    sending = true;
    const givenUp = new AbortController();
    const limit = setTimeout(() => givenUp.abort(), PATIENCE);
    let answer = null;
    let said = null;
    try {
      answer = await fetch(form.action, {
        method: "POST", body, credentials: "same-origin", signal: givenUp.signal,
        headers: { "Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded" },
      });
      said = await answer.json();
    } catch (_) {
      said = null; // the line is lost, or somebody else answered, as the page of a guest network does
    }
    clearTimeout(limit);
    sending = false;
    if (said && said.saved) {
      if (left[question] === body) delete left[question];
      store();
      told.textContent = said.saved;
      if (question === form.elements.q.value) next = said.next;
      if (Object.keys(left).length) send();
      else if (goesOn) location.assign(next);
    } else if (said && answer.status < 500 && answer.status !== 429) {
      left = {}; // the link has ended, or asks for its digits: the page says so itself
      store();
      location.assign(form.action);
    } else {
      told.textContent = answer ? retry : waiting;
      timer = setTimeout(send, PAUSE);
    }
  }

  form.addEventListener("change", () => {
    clearTimeout(pause);
    put("answer", true);
  });
  form.addEventListener("input", (event) => {
    if (event.target.nodeName !== "TEXTAREA") return;
    clearTimeout(pause);
    pause = setTimeout(() => put("answer", true), 1000);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) deed = button.value;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pause);
    goesOn = true;
    put(deed, false);
  });
  window.addEventListener("online", send);
  const mine = left[form.elements.q.value]; // an answer that an earlier page of this tab could not save
  if (mine) form.elements.a.value = new URLSearchParams(mine).get("a") || "";
  else if (isChanged()) put("answer", true); // it was chosen before this script had arrived
  send();
})();

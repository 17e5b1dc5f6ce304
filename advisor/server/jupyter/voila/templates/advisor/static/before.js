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
    const filled = new URLSearchParams(new FormData(form));
    filled.set("deed", name);
    if (stays) filled.set("stay", "yes");
    left[filled.get("q")] = filled.toString();
    store();
    send();
  }

  const fields = () => [...form.querySelectorAll("[name=a]")];
  const isTyped = (one) => one.type === "text" || one.type === "textarea";

  /** Show an answer that waits. */
  function show(answers) {
    for (const one of fields()) {
      if (isTyped(one)) one.value = answers[0] || "";
      else one.checked = answers.includes(one.value);
    }
  }

  /** Say why an answer cannot be used, or that all is well. */
  function judge(problem) {
    told.classList.toggle("problem", Boolean(problem));
    for (const one of fields()) {
      if (problem) one.setAttribute("aria-invalid", "true");
      else one.removeAttribute("aria-invalid");
    }
  }

  /** Return whether the form shows another answer than the server sent. */
  function isChanged() {
    return fields().some((one) => (isTyped(one) ? one.value !== one.defaultValue : one.checked !== one.defaultChecked));
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
      judge("");
      if (question === form.elements.q.value) next = said.next;
      if (Object.keys(left).length) send();
      else if (goesOn) location.assign(next);
    } else if (said && said.problem && left[question] !== body) {
      send(); // something else was answered meanwhile
    } else if (said && said.problem && question !== form.elements.q.value) {
      location.assign(`${form.action}?${new URLSearchParams({ q: question })}`); // it is sent again there, and the reason stands beside it
    } else if (said && said.problem) {
      delete left[question];
      store();
      told.textContent = said.problem;
      judge(said.problem);
      goesOn = false;
      send();
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
    if (!isTyped(event.target)) return;
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
  if (mine) show(new URLSearchParams(mine).getAll("a"));
  else if (isChanged()) put("answer", true); // it was chosen before this script had arrived
  send();
})();

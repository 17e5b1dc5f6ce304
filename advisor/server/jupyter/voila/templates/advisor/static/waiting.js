// The waiting page: it asks for its place in line, and opens the wanted page when its turn comes.
"use strict";
(() => {
  const page = document.getElementById("advisor-waiting");
  const address = new URL(window.location.href);
  address.searchParams.set("place", page.dataset.ticket);
  const pause = page.dataset.seconds * 1000;

  async function ask() {
    try {
      const answer = await fetch(`${address.pathname.replace(/[^/]*$/, "")}place?ticket=${page.dataset.ticket}`, { cache: "no-store" });
      const { number } = await answer.json();
      if (number === 0) return void window.location.replace(address);
      for (const node of page.querySelectorAll("[data-number]")) {
        if (node.textContent !== String(number)) node.textContent = number; // a screen reader says it only when it changes
      }
    } catch {
      // the server may be busy: ask again
    }
    setTimeout(ask, pause);
  }
  setTimeout(ask, pause);
})();

// The page shown while the store cannot be reached: it asks every few seconds, and opens the wanted page when the store is back.
"use strict";
(() => {
  const { place } = document.getElementById("advisor-retry").dataset;
  const again = document.querySelector("a.advisor-button");
  const pause = 5000;

  async function ask() {
    try {
      const answer = await fetch(place, { cache: "no-store" });
      if (answer.status !== 503) return void again.click();
    } catch {
      // the server itself may be away: ask again
    }
    setTimeout(ask, pause);
  }
  setTimeout(ask, pause);
})();

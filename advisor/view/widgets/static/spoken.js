// What a screen reader needs beside the HTML of a template. Python puts this text before panel.js.

const JAPANESE = /[\u3040-\u30ff\u3400-\u9fff]/g;

/** Mark what a person wrote in Japanese on an English page, so that it is spoken as Japanese. */
function markJapanese(root) {
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement: around } = texts.currentNode;
    const letters = data.match(/\p{L}/gu)?.length ?? 0;
    if ((data.match(JAPANESE)?.length ?? 0) * 2 > letters && !around.closest("[lang]:not(section)")) around.lang = "ja";
  }
}

/** Say a sentence, also if it was said before. The region is there first, the words come after. */
function speak(sentence) {
  const voice = document.querySelector(".aw-voice") ?? Object.assign(document.createElement("p"), { className: "aw-voice aw-visually-hidden" });
  if (!voice.isConnected) {
    voice.setAttribute("role", "status");
    document.body.append(voice);
  }
  voice.textContent = "";
  setTimeout(() => (voice.textContent = sentence), SOON);
}

const SOON = 100; // ms

/** Say why a control does nothing: the text that describes it. */
function sayWhy(control) {
  const parts = (control.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent);
  if (parts.some(Boolean)) speak(parts.filter(Boolean).join(" "));
}

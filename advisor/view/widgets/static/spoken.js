// What a screen reader needs beside the HTML of a template. Python puts this text before panel.js.

const JAPANESE = /[\u3040-\u30ff\u3400-\u9fff]/g;

/** Return whether most letters of a text are Japanese. */
const isJapanese = (text) => (text.match(JAPANESE)?.length ?? 0) * 2 > (text.match(/\p{L}/gu)?.length ?? 0);

/** Mark what a person wrote in Japanese on an English page, so that it is spoken as Japanese. */
function markJapanese(root) {
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement: around } = texts.currentNode;
    if (isJapanese(data) && !around.closest("[lang]:not(section)")) around.lang = "ja";
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
  setTimeout(() => voice.textContent === sentence && (voice.textContent = ""), GONE); // whoever reads on does not meet it again
}

const SOON = 100; // ms
const GONE = 3000; // ms

/** Say why a control does nothing: the text that describes it. */
function sayWhy(control) {
  const parts = (control.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent);
  if (parts.some(Boolean)) speak(parts.filter(Boolean).join(" "));
}

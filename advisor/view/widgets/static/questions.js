// The elements of a question. Each draw builds a new small tree, and sheet.js morphs the shown tree into it.
// Python puts this text between morph.js and menu.js.

function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

const fill = (sentence, number) => (sentence ?? "").replace(/\{\w+\}/, number);
const OPENS = "Alt+ArrowDown"; // the key that opens the menu from the field
const points = (question) => question.labels.map((label, index) => ({ label, value: question.low + index }));

const isStarred = (question) => question.actions?.some(({ name, pressed }) => name === "prioritise" && pressed);

/** Return the ARIA attributes that lead assistive technology to the help, error, hint and mark of a question. */
function described({ question, id, mark }) {
  const parts = [
    question.help && `${id}-help`, question.error && `${id}-error`, question.hint && `${id}-hint`,
    mark && question.type !== "scale" && `${id}-mark`,
  ];
  return {
    "aria-describedby": parts.filter(Boolean).join(" ") || null,
    "aria-invalid": question.error ? "true" : null,
  };
}

function scaleField(at) {
  const { question, value, words, id } = at;
  const chosen = points(question).find((point) => point.value === value);
  const now = chosen ? chosen.label : words.unanswered;
  // a question is heard once: as the name of its slider, with its star and its mark
  const name = [`${id}-text`, isStarred(question) && `${id}-star`, at.mark && `${id}-mark`].filter(Boolean).join(" ");
  return h("div", { class: "aw-scale", "data-empty": !chosen },
    h("div", { class: "aw-scale-now", "aria-hidden": "true" }, now),
    h("input", {
      type: "range", id: `${id}-field`, min: question.low, max: question.high, step: 1,
      "aria-labelledby": name, "aria-valuetext": now, "aria-keyshortcuts": hasMenu(question) ? OPENS : null, ...described(at),
    }),
    h("div", { class: "aw-scale-points", "aria-hidden": "true" },
      points(question).map((point) =>
        h("span", { "data-point": point.value, "data-chosen": point.value === value }, h("span", {}, point.label)))));
}

/** Radio buttons or checkboxes as tiles. At the limit, unchecked boxes can still get the focus, but are marked as disabled. */
function tilesField(at) {
  const { question, value, words, id } = at;
  const many = question.type === "checks";
  const full = many && question.max && (value?.length ?? 0) >= question.max;
  return [
    h("div", { class: "aw-tiles", "data-notes": question.options.some((option) => option.note) },
      question.options.map((option) => {
        const off = full && !value.includes(option.id);
        return h("label", { class: "aw-tile", "data-off": off },
          h("input", {
            type: many ? "checkbox" : "radio", name: id, value: option.id, id: `${id}-${option.id}`,
            "aria-disabled": off ? "true" : null,
          }),
          h("span", {}, option.label, option.note && h("small", {}, option.note)));
      })),
    many && question.max && h("p", { class: "aw-q-limit", "aria-live": "polite" },
      full ? fill(words.max_reached, question.max) : ""),
  ];
}

function selectField(at) {
  const { question, words, id } = at;
  return h("select", { id: `${id}-field`, ...described(at) },
    h("option", { value: "" }, words.choose),
    question.options.map((option) => h("option", { value: option.id }, option.label)));
}

function numberField(at) {
  const { question, id } = at;
  // not type=number: that drops text it cannot read, and changes under the mouse wheel. Python reads the raw text.
  return h("div", { class: "aw-number" },
    h("input", { type: "text", inputmode: "numeric", autocomplete: "off", id: `${id}-field`, ...described(at) }),
    question.unit && h("span", {}, question.unit));
}

/** One line of text. Beside a day or a moment, a small button opens the browser's own calendar; Python reads what is typed. */
function lineField(at) {
  const { question, words, id } = at;
  const line = h("input", {
    type: "text", id: `${id}-field`, class: "aw-line", autocomplete: "off", placeholder: question.placeholder, ...described(at),
  });
  const calendar = { date: "date", moment: "datetime-local" }[question.type];
  return calendar ? h("div", { class: "aw-day" }, line,
    h("button", { type: "button", class: "aw-small", "data-pick": true, "aria-describedby": `${id}-text` }, words.calendar),
    h("input", { type: calendar, class: "aw-day-picker", tabindex: -1, "aria-hidden": "true" })) : line;
}

function textField(at) {
  const { question, value, words, id } = at;
  const left = question.maxlength - [...(value ?? "")].length;
  const close = question.maxlength && left < question.maxlength * 0.2;
  return [
    // autocomplete is off, so that the browser's history does not keep the text
    h("textarea", {
      id: `${id}-field`, rows: question.rows ?? 3, autocomplete: "off", placeholder: question.placeholder, ...described(at),
    }),
    question.maxlength && h("p", { class: "aw-q-limit", "aria-live": "polite", "data-over": left < 0 },
      close ? (left < 0 ? fill(words.over, -left) : fill(words.left, left)) : ""),
  ];
}

/** The answer of an old visit that is only read: text without a control; for a scale, also dots that show its place. */
function toldField({ question }) {
  const dots = Array.from({ length: (question.high ?? 0) - (question.low ?? 1) + 1 }, (_, index) => question.low + index);
  return h("p", { class: "aw-told", "data-given": question.given },
    question.given && dots.length > 0 && h("span", { class: "aw-told-dots", "aria-hidden": "true" },
      dots.map((point) => h("span", { "data-chosen": point === question.point }))),
    question.answer);
}

const FIELDS = {
  scale: scaleField, choice: tilesField, checks: tilesField, select: selectField, number: numberField, text: textField,
  line: lineField, date: lineField, moment: lineField, time: lineField, told: toldField,
};

/** The note that the answer is not saved. That it is saved stands in the head of the page; here it is only a mark for scripts. */
function keptNote({ kept }) {
  if (!kept) return null;
  const saved = kept.state === "saved";
  return h("p", {
    class: saved ? "aw-q-kept aw-visually-hidden" : "aw-q-kept", "data-state": kept.state, role: saved ? null : "alert",
    "aria-hidden": saved ? "true" : null,
  }, kept.text);
}

/** Whether what can be done with a question is in a menu. A form has its few buttons below the field. */
const hasMenu = (question) => question.menu || question.type === "scale";

/** What was set on a question: its star, its mark. In a narrow row only the sign is seen. */
function chips({ question, mark, words, id }) {
  const star = (question.actions ?? []).find(({ name, pressed }) => name === "prioritise" && pressed);
  return [
    star && h("span", { class: "aw-chip aw-warm", id: `${id}-star` }, h("span", {}, star.label)),
    mark && h("span", { class: "aw-chip", id: `${id}-mark`, "data-mark": mark },
      h("span", {}, mark === "skip" ? words.skipped : words.discuss)),
    question.from && h("small", { class: "aw-q-from" }, question.from),
  ];
}

/** The button of the menu. It is no stop of the keyboard: a key opens the menu from the field. */
function menuButton({ question, words, id, opened }) {
  return h("button", {
    type: "button", class: "aw-more", id: `${id}-menu`, tabindex: -1, "data-menu": true, "aria-haspopup": "menu", "aria-expanded": String(Boolean(opened)),
  }, h("span", { class: "aw-visually-hidden" }, (words.menu ?? "").replace("{text}", question.text)), h("kbd", { "aria-hidden": "true" }, "Alt ↓"));
}

/** Where a question comes from, below its row. It opens and closes from the menu. */
function notesBelow({ question, words, notes, id }) {
  return notes && question.notes?.length > 0 && h("div", { class: "aw-q-notes", id: `${id}-notes`, tabindex: -1 },
    h("dl", {}, question.notes.map((note) => [h("dt", {}, note.title), h("dd", {}, note.text)])),
    h("button", { type: "button", class: "aw-small", "data-shut": true, "aria-describedby": `${id}-text` }, words.shut));
}

/** Prefilled lines above a text field, each with where it comes from; a press writes the line into the field. */
function prefilledLines({ question, id }) {
  return question.lines?.length > 0 && h("ul", { class: "aw-prefilled" },
    question.lines.map(({ mark, text }, index) => h("li", {},
      h("span", { class: "aw-chip" }, mark),
      h("span", { class: "aw-prefilled-line", id: `${id}-line-${index}` }, text),
      question.take && h("button", {
        type: "button", class: "aw-small", "data-name": "take_over", "data-value": text,
        "aria-describedby": `${id}-text ${id}-line-${index}`,
      }, question.take))));
}

function footer({ question, value, words, id }) {
  const about = { type: "button", class: "aw-small", "aria-describedby": `${id}-text` };
  const clears = question.type === "choice" && !question.required && value !== null;
  return h("div", { class: "aw-q-foot" },
    (question.actions ?? []).map((action) =>
      h("button", {
        ...about, id: `${id}-act-${action.name}`, "data-name": action.name,
        "aria-pressed": typeof action.pressed === "boolean" ? String(action.pressed) : null,
      }, action.label)),
    clears && h("button", { ...about, "data-clear": true }, words.clear));
}

function questionRow(at) {
  const { question, words, id } = at;
  if (question.type === "heading") {
    return h("div", { class: "aw-q-heading", id, "data-id": question.id },
      h(`h${question.level ?? 3}`, { id: `${id}-text` }, question.text), question.help && h("p", {}, question.help),
      question.actions?.length > 0 && footer(at));
  }
  const grouped = ["choice", "checks"].includes(question.type);
  const before = [
    question.help && h("p", { class: "aw-q-help", id: `${id}-help` }, question.help),
    question.error && h("p", { class: "aw-q-error", id: `${id}-error` },
      h("span", { class: "aw-visually-hidden" }, words.error), question.error),
  ];
  const text = { class: "aw-q-text", id: `${id}-text` };
  const unheard = question.type === "scale" ? "true" : null; // it is the name of the slider
  // aria-invalid is allowed on a group of radio buttons, but not on a single one, and not on a group of checkboxes
  const group = question.type === "choice"
    ? { role: "radiogroup", ...described(at) }
    : { "aria-describedby": described(at)["aria-describedby"] };
  return h("div", {
    class: "aw-q", id, "data-id": question.id, "data-type": question.type, "data-mark": at.mark, "data-menued": hasMenu(question),
    "data-set": (question.actions ?? []).filter(({ pressed }) => pressed).map(({ name }) => name).join(" ") || null,
    "data-indent": Boolean(question.indent), "data-error": Boolean(question.error), "data-moved": Boolean(at.moved),
  },
  grouped
    ? h("fieldset", group, h("legend", text, question.text), h("div", { class: "aw-q-side" }, chips(at)), before, FIELDS[question.type](at))
    : [
        h("div", { class: "aw-q-head" },
          question.type === "told" ? h("p", text, question.text) : h("label", { ...text, for: `${id}-field`, "aria-hidden": unheard }, question.text),
          h("div", { class: "aw-q-side", "aria-hidden": unheard }, chips(at))),
        before, prefilledLines(at), FIELDS[question.type](at),
      ],
  question.hint && h("div", { class: "aw-q-hint", id: `${id}-hint` }, [question.hint].flat().map((text) => h("p", {}, text))),
  hasMenu(question) ? menuButton(at) : question.type !== "told" && footer(at),
  at.moved && h("p", { class: "aw-q-moved", "aria-hidden": "true" }, at.moved), // it was said aloud
  notesBelow(at), keptNote(at));
}

/** Set the value of a field as a property. Only a different value is set, so that caret and drag stay. */
function showValue(row, question, value) {
  const field = row.querySelector("[type=range], select, textarea, [type=text]");
  if (question.type === "scale") {
    const { low, high } = question;
    const place = String(value ?? Math.round((low + high) / 2));
    if (field.value !== place) field.value = place;
    row.querySelector(".aw-scale").style.setProperty("--fill", (Number(place) - low) / (high - low));
  } else if (question.type === "choice" || question.type === "checks") {
    const chosen = [value].flat();
    for (const box of row.querySelectorAll("input")) box.checked = chosen.includes(box.value);
  } else if (field) {
    const wanted = String(value ?? "");
    if (document.documentElement.lang === "en" && isJapanese(wanted)) field.lang = "ja"; // spoken as it was written
    if (field.value !== wanted) {
      const caret = document.activeElement === field && field.selectionStart !== null && [field.selectionStart, field.selectionEnd];
      field.value = wanted;
      if (caret) field.setSelectionRange(...caret);
    }
    if (field.nodeName === "TEXTAREA" && !CSS.supports("field-sizing", "content")) {
      field.style.height = "auto";
      field.style.height = `${field.scrollHeight + 2}px`;
    }
  }
}

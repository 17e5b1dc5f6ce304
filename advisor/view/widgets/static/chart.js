// Draws one plotly figure, which Python sends as plain data. A colour may be var(--name) or var(--name, fallback): it is looked
// up in the page's CSS at each drawing. So one figure serves the light, the dark and the printed page.

const CONFIG = { displayModeBar: false, displaylogo: false, showSendToCloud: false, responsive: false, scrollZoom: false, doubleClick: false };
const LIBRARY = Symbol.for("advisor.plotly"); // one promise for the whole page, although every widget has its own module
const PRINT_WIDTH = 640; // px that fit on A4; --aw-print-width may set another width
const PATIENCE = 30_000; // ms until plotly counts as missing
const SMALL = 240; // px; a chart that is less wide has no labels
const NARROW = 420; // px; a radar that is less wide has smaller margins and labels
const TINY = 120; // px; as wide is a chart in the head of the page
const QUIET = 300; // ms to wait before loading plotly, after a chart came near
const AFTER_DRAFT = 150; // ms to wait for Python's own figure after its last answer

/** Load plotly.js once per page: from the served file, or (in JupyterLab) from the installed package through Python. */
function loadPlotly(model) {
  window[LIBRARY] ??= (async () => {
    if (window.Plotly) return window.Plotly;
    await quiet();
    const served = document.querySelector('meta[name="advisor-plotly"]')?.content;
    const url = served || URL.createObjectURL(new Blob([await askPython(model)], { type: "text/javascript" }));
    await new Promise((done, failed) => {
      const script = Object.assign(document.createElement("script"), { src: url, onload: done });
      script.onerror = () => failed(new Error("plotly.js did not load"));
      document.head.append(script);
    });
    if (!served) URL.revokeObjectURL(url);
    return window.Plotly;
  })().catch((error) => {
    window[LIBRARY] = undefined; // the next chart may try again
    throw error;
  });
  return window[LIBRARY];
}

/** Wait until the page is idle: to evaluate a million bytes of plotly blocks it for a fifth of a second. */
function quiet() {
  return new Promise((done) => {
    setTimeout(() => (window.requestIdleCallback ? window.requestIdleCallback(() => done(), { timeout: 1000 }) : done()), QUIET);
  });
}

function askPython(model) {
  return new Promise((done, failed) => {
    function receive(message, buffers) {
      if (message.event !== "plotly") return;
      model.off("msg:custom", receive);
      buffers?.length ? done(buffers[0]) : failed(new Error("plotly.js is not installed"));
    }
    model.on("msg:custom", receive);
    setTimeout(() => failed(new Error("plotly.js did not come")), PATIENCE);
    model.send({ event: "plotly" });
  });
}

/** Return a copy of the figure with every var(--name) replaced by its present value in CSS. */
function coloured(node, styles) {
  if (typeof node === "string") {
    return node.replace(/var\((--[\w-]+)(?:,\s*([^()]*(?:\([^()]*\))?))?\)/g, (_, name, fallback) =>
      styles.getPropertyValue(name).trim() || fallback?.trim() || "");
  }
  if (Array.isArray(node)) return node.map((part) => coloured(part, styles));
  if (node === null || typeof node !== "object") return node;
  return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, coloured(part, styles)]));
}

/** A narrow radar is as high as its circle and the labels need. A chart without labels is as high as it is wide. */
function heightOf(layout, height, width) {
  if (width < (layout.polar ? SMALL : TINY)) return width;
  const { l, r, t, b } = layout.margin ?? {};
  return layout.polar ? Math.min(height, width - l - r + t + b) : height;
}

function narrowed(layout) {
  layout.margin = { l: 56, r: 56, t: 40, b: 28 };
  layout.polar.angularaxis.tickfont.size = 11.5;
}

/** Return the layout with calm defaults, and without plotly's gestures: a finger on the chart must scroll the page. */
function calm(layout, height, width) {
  const axes = Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key));
  for (const axis of ["xaxis", "yaxis", ...axes]) layout[axis] = { ...layout[axis], fixedrange: true };
  return {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", ...layout,
    height: heightOf(layout, height, width),
    // set here: plotly would measure it a moment later, and fail if another screen is shown by then
    width, autosize: false, dragmode: false, transition: { duration: 0 },
  };
}

/** A small chart shows its shape only. Its words are beside it, and in its text. */
function withoutLabels(layout) {
  const edge = 6; // px, so that no dot is cut
  layout.margin = { l: edge, r: edge, t: edge, b: edge };
  layout.annotations = [];
  if (layout.polar) layout.polar.angularaxis.showticklabels = false;
  else layout.yaxis.showticklabels = false;
}

/** Replace the scores that Python drew by the scores of a draft; `key` is the trace's array with the scores. */
function withDraft(data, live, draft) {
  const trace = data[live.trace];
  const key = live.kind === "polar" ? "r" : trace.orientation === "h" ? "x" : "y";
  const values = [...(trace[key] ?? [])];
  live.scales.forEach((scale, index) => {
    if (scale in draft) values[index] = draft[scale];
  });
  if (live.close) values[live.scales.length] = values[0];
  trace[key] = values;
  if (trace.meta?.colours) withDots(data, trace, values, live.scales.length);
}

/** As _dots() and _open_spokes() in advisor/report/charts.py: 0 is an open dot, and an axis without a score a dotted spoke. */
function withDots(data, trace, values, axes) {
  const { colours, ground } = trace.meta;
  const pick = (zero, other) => colours.map((colour, index) => (values[index] === 0 ? zero(colour) : other(colour)));
  trace.marker.color = pick(() => ground, (colour) => colour);
  trace.marker.line.color = pick((colour) => colour, () => ground);
  const ends = values.slice(0, axes).flatMap((value) => (value === null ? [0, 100, null] : [null, null, null]));
  for (const spokes of data.slice(-2)) spokes.r = ends;
}

function render({ model, el, signal }) {
  el.classList.add("aw-chart");
  el.dataset.part = model.get("figure").data?.[0]?.type === "scatterpolar" ? "radar" : "profile"; // one can point at it
  const picture = document.createElement("div");
  picture.setAttribute("role", "img");
  const waiting = Object.assign(document.createElement("p"), { className: "aw-chart-waiting" });
  const plot = document.createElement("div");
  plot.setAttribute("aria-hidden", "true"); // the picture has its text
  picture.append(waiting, plot);
  el.append(picture);

  let plotly = null;
  let drawn = ""; // the figure on the screen as JSON; an equal figure is not drawn again
  let draft = {};
  let settling = 0;
  let frame = 0;
  let width = null; // px, only while printing

  function describe(sentence) {
    const alt = model.get("alt");
    picture.setAttribute("aria-label", alt);
    waiting.textContent = sentence ? `${sentence} ${alt}` : alt;
    el.style.setProperty("--aw-chart-height", `${model.get("height")}px`);
  }

  function compose() {
    const styles = getComputedStyle(el);
    const figure = coloured(model.get("figure"), styles);
    const size = el.clientWidth < 420 ? 12 : 14;
    const font = { family: styles.fontFamily, color: styles.color, size, ...figure.layout?.font };
    const wide = width ?? picture.clientWidth;
    if (figure.layout?.polar && wide < NARROW) narrowed(figure.layout);
    const layout = calm({ ...figure.layout, font }, model.get("height"), wide);
    const data = figure.data ?? [];
    const live = model.get("live");
    if (live && data[live.trace] && Object.keys(draft).length) withDraft(data, live, draft);
    if (wide < SMALL) withoutLabels(layout);
    return { data, layout };
  }

  function draw() {
    frame = 0;
    if (!plotly || signal.aborted || !el.clientWidth) return; // a hidden chart: the observer calls again when it is shown
    try {
      const figure = compose();
      const wanted = JSON.stringify(figure);
      if (wanted !== drawn) plotly.react(plot, figure.data, figure.layout, CONFIG);
      document.getElementById("js-plotly-tester")?.setAttribute("aria-hidden", "true"); // plotly measures text in it
      drawn = wanted;
      waiting.hidden = true;
      el.dataset.drawn = "";
    } catch (error) {
      fail(error);
    }
  }

  const drawSoon = () => (frame ||= requestAnimationFrame(draw));

  function fail(error) {
    console.error(error);
    waiting.hidden = false;
    delete el.dataset.drawn;
    waiting.dataset.failed = "";
    describe(model.get("words").failed);
  }

  async function start() {
    try {
      plotly = await loadPlotly(model);
      delete waiting.dataset.failed;
      drawSoon();
    } catch (error) {
      fail(error);
    }
  }

  function onDraft({ detail }) {
    const live = model.get("live");
    if (!live || !live.scales.some((scale) => scale in detail.scores)) return;
    clearTimeout(settling);
    if (detail.settled) {
      settling = setTimeout(() => {
        draft = {}; // Python's figure counts again; if it is equal, nothing is drawn
        drawSoon();
      }, AFTER_DRAFT);
    } else {
      draft = { ...draft, ...detail.scores };
      drawSoon();
    }
  }

  function print(printing) {
    document.documentElement.toggleAttribute("data-aw-print", printing); // light colours, see tokens.css
    width = printing ? Number(getComputedStyle(el).getPropertyValue("--aw-print-width")) || PRINT_WIDTH : null;
    draw(); // at once: the browser does not wait
  }

  function update() {
    describe();
    drawSoon();
  }

  // plotly would keep every touch; so a finger on the chart scrolls the page, and a tap still shows a value
  plot.addEventListener("touchstart", (event) => event.stopPropagation(), { capture: true, passive: true, signal });
  window.addEventListener("advisor-draft", onDraft, { signal });
  window.addEventListener("beforeprint", () => print(true), { signal });
  window.addEventListener("afterprint", () => print(false), { signal });
  for (const wish of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"]) {
    window.matchMedia(wish).addEventListener("change", drawSoon, { signal });
  }
  for (const trait of ["figure", "alt", "height", "live"]) model.on(`change:${trait}`, update);
  const resized = new ResizeObserver(drawSoon);
  resized.observe(el);
  // plotly is large: it is fetched when a chart comes near, not when the page opens
  const near = new IntersectionObserver((seen) => {
    if (!seen.some((entry) => entry.isIntersecting)) return;
    near.disconnect();
    start();
  }, { rootMargin: "600px", scrollMargin: "600px" });
  near.observe(el);
  describe();

  return () => {
    near.disconnect();
    resized.disconnect();
    cancelAnimationFrame(frame);
    clearTimeout(settling);
    for (const trait of ["figure", "alt", "height", "live"]) model.off(`change:${trait}`, update);
    if (plotly) plotly.purge(plot);
  };
}

export default { render };

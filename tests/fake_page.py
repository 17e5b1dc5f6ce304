"""A page for the browser widgets without any server: their modules run on a model that only the test moves."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, Route

from advisor.view.widgets.widgets import Chart, Lifeline, PageWidget, Panel, Sheet

ORIGIN = "http://workbook.test/"  # nothing answers there: every request is fulfilled by the test

FAKE_MODEL = """
window.fake = (state) => {
  const hears = new Map();
  const fire = (name, ...told) => [...(hears.get(name) ?? [])].forEach((hear) => hear(...told));
  return {
    state, sent: [],
    get: (name) => state[name],
    on: (name, hear) => hears.set(name, [...(hears.get(name) ?? []), hear]),
    off: (name, hear) => hears.set(name, (hears.get(name) ?? []).filter((one) => one !== hear)),
    send(message) { this.sent.push(message); },
    update(changes) { Object.assign(state, changes); Object.keys(changes).forEach((name) => fire(`change:${name}`)); },
    receive(message, buffers = []) { fire("msg:custom", message, buffers); },
    ears: () => [...hears.values()].flat().length,
  };
};
window.show = async (name, state) => {
  const module = await import(`/${name}.js`);
  window.model = fake(state);
  window.stop = new AbortController();
  const el = document.body.appendChild(document.createElement("div"));
  const told = { model, el, signal: stop.signal };
  const ends = [await module.default.initialize?.(told), await module.default.render?.(told)];
  window.leave = () => { stop.abort(); ends.forEach((end) => end?.()); };
};
window.frames = (count = 2) => new Promise((done) => {
  const next = () => (count-- > 0 ? requestAnimationFrame(next) : done());
  next();
});
"""


def open_blank(page: Page) -> Page:
    """An empty page that can import the widgets' modules and carries the page's style, without any server."""
    parts = {"sheet": Sheet(), "panel": Panel(), "chart": Chart(), "lifeline": Lifeline()}
    modules = {name: part.get_state()["_esm"] for name, part in parts.items()}
    style = parts["lifeline"].get_state()["_css"]

    def answer(route: Route) -> None:
        name = route.request.url.partition("?")[0].removeprefix(ORIGIN).removesuffix(".js")
        if name in modules:
            route.fulfill(body=modules[name], content_type="text/javascript")
        elif name == "":
            head = f"<meta charset=utf-8><style>{style}</style><script>{FAKE_MODEL}</script>"
            route.fulfill(body=f"<!doctype html><html lang=ja>{head}<body>", content_type="text/html")
        else:
            route.abort()

    page.route("**/*", answer)
    page.goto(ORIGIN)
    return page


def show(page: Page, name: str, part: PageWidget, **state: Any) -> None:
    """Show a widget on a fake model that starts from the traits of ``part``."""
    page.evaluate("([name, state]) => show(name, state)", [name, {**part.get_state(), **state, "layout": None}])


def sent(page: Page) -> list[dict[str, Any]]:
    """What the widget has sent so far, without the running number, after the frame it waits for."""
    messages: list[dict[str, Any]] = page.evaluate("async () => { await frames(); return model.sent; }")
    return [{key: value for key, value in message.items() if key != "n"} for message in messages]

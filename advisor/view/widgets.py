"""The four browser widgets of the workbook: questions, pieces of page, charts, and the lifeline of the page.

Data goes one way. Python sets traits and the browser shows them; what a person does comes back as a message
``{"event": ...}`` and never as a changed trait. Messages come from a browser, hence from anyone: whoever listens with
``on_event`` checks every value. The JavaScript and CSS stand in ``static/``; nothing is fetched from elsewhere.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

Event = dict[str, Any]

STATIC = Path(__file__).parent / "static"

SHEET_WORDS = {
    "unanswered": "未回答",
    "clear": "取り消す",
    "sources": "根拠",
    "skipped": "スキップ",
    "discuss": "話し合いたい",
    "choose": "選んでください",
    "max_reached": "{max}つ選びました。ほかを選ぶときは、どれかを外してください。",
    "left": "あと{n}字",
    "over": "{n}字多くなっています",
    "error": "エラー：",
}
CHART_WORDS = {"failed": "図を表示できませんでした。内容は次のとおりです。"}
LIFELINE_WORDS = {
    "title": "ワークブックとの接続が切れました",
    "lost": "これまでの回答は、このタブに残っています。ページを読み込み直すと、続きから始められます。",
    "reload": "読み込み直して続ける",
    "restored": "接続が戻りました。",
    "made": "ファイルを作りました。ブラウザーのダウンロードを確かめてください。",
}


def _static(*names: str) -> str:
    """Several files as one text: a widget's module is imported from a blob and cannot import its neighbours."""
    return "\n".join((STATIC / name).read_text(encoding="utf-8") for name in names)


def plotly_js() -> bytes | None:
    """The plotly.min.js of the installed plotly package, found without importing it (that would cost 28 MiB)."""
    spec = importlib.util.find_spec("plotly")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "package_data" / "plotly.min.js"
    return path.read_bytes() if path.is_file() else None


class Part(anywidget.AnyWidget):
    """What the four share: state goes down only, messages come up to whoever asked with ``on_event``."""

    _esm = "export default {}"

    def __init__(self, **traits: object) -> None:
        self._callbacks: list[Callable[[Event], None]] = []
        super().__init__(**traits)
        self.on_msg(self._receive)

    def on_event(self, callback: Callable[[Event], None]) -> None:
        """Call ``callback`` with every message that a person's action sends; its values are unchecked."""
        self._callbacks.append(callback)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Refuse what a browser writes into traits: only Python changes them."""

    def _receive(self, _widget: object, content: object, _buffers: object) -> None:
        if isinstance(content, dict) and isinstance(content.get("event"), str):
            self._handle(content)

    def _handle(self, event: Event) -> None:
        for callback in self._callbacks:
            callback(event)


class Sheet(Part):
    """The questions of one step.

    Sends ``{"event": "answer", "id", "value"}`` and ``{"event": "action", "name", "id"}``.
    """

    _esm = _static("morph.js", "questions.js", "sheet.js")

    questions = traitlets.List(traitlets.Dict(), help="in order; keys are listed in static/questions.js").tag(sync=True)
    values = traitlets.Dict(help="question id -> int | str | list of ids | None").tag(sync=True)
    marks = traitlets.Dict(help='question id -> "skip" | "discuss"').tag(sync=True)
    scoring = traitlets.Dict(help="min_answered and scales -> items, so that charts follow at once").tag(sync=True)
    kept = traitlets.Dict(help="id of the question answered last, state and text: whether it is saved").tag(sync=True)
    words = traitlets.Dict(SHEET_WORDS).tag(sync=True)
    touched = ""  # the question answered last

    def _handle(self, event: Event) -> None:
        """Pass the event on, then say that it was seen: until then the browser keeps showing its own draft."""
        self.touched = event["id"] if isinstance(event.get("id"), str) else ""
        try:
            super()._handle(event)
        finally:
            if event["event"] == "answer" and isinstance(event.get("n"), int):
                self.send({"event": "seen", "n": event["n"]})


class Panel(Part):
    """A piece of page from an autoescaping template.

    Its buttons send ``{"event": "action", "name", "id", "value"}``.
    """

    _esm = _static("morph.js", "panel.js")

    html = traitlets.Unicode(help="made by an autoescaping template, never by joining strings").tag(sync=True)
    lang = traitlets.Unicode("ja").tag(sync=True)
    label = traitlets.Unicode(help="accessible name; with one, the piece becomes a landmark").tag(sync=True)


class Chart(Part):
    """A plotly figure as plain data; ``live`` lets one trace follow a sheet before Python answers."""

    _esm = _static("chart.js")
    _css = _static("tokens.css", "chart.css")

    figure = traitlets.Dict(help='{"data": [...], "layout": {...}}; colours may be var(--name)').tag(sync=True)
    alt = traitlets.Unicode(help="what the picture says, in words").tag(sync=True)
    height = traitlets.Int(420, help="px").tag(sync=True)
    live = traitlets.Dict(None, allow_none=True, help="trace, scales, kind: polar | bar, close").tag(sync=True)
    words = traitlets.Dict(CHART_WORDS).tag(sync=True)

    def _handle(self, event: Event) -> None:
        """Hand plotly.js to a page that does not serve it (JupyterLab); a served page has a meta tag instead."""
        if event["event"] == "plotly":
            code = plotly_js()
            self.send({"event": "plotly"}, [code] if code else [])
        else:
            super()._handle(event)


class Lifeline(Part):
    """The page as a whole: language, title, heartbeat, the visit in its address, and what is not stored yet.

    Sends ``{"event": "resume", "copy"}`` once, when the tab holds what an earlier kernel could not store, and
    ``{"event": "ping"}`` every two seconds. It carries the page's CSS.
    """

    _esm = _static("lifeline.js")
    _css = _static("tokens.css", "page.css", "parts.css", "desk.css", "sheet.css", "print.css", "screens.css")

    words = traitlets.Dict(LIFELINE_WORDS).tag(sync=True)
    lang = traitlets.Unicode("ja").tag(sync=True)
    title = traitlets.Unicode(help="title of the browser tab").tag(sync=True)
    visit = traitlets.Unicode(help="opaque id of the stored visit, for ?s=; empty: none yet").tag(sync=True)
    unsaved = traitlets.Unicode(help="what the store does not hold yet; the tab keeps it until it does").tag(sync=True)

    def download(self, name: str, kind: str, content: bytes) -> None:
        """Hand the browser a file to save; ``kind`` is its MIME type."""
        self.send({"event": "download", "name": name, "type": kind}, [content])

    def lead(self, address: str) -> None:
        """Lead the browser to another page of this server."""
        self.send({"event": "open", "url": address})

    def _handle(self, event: Event) -> None:
        if event["event"] == "ping":
            self.send({"event": "pong"})
        super()._handle(event)

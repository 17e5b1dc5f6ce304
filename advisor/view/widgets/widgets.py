"""The four browser widgets of the workbook: questions, pieces of page, charts, and the lifeline of the page.

State goes one way: Python sets traits and the browser shows them. A person's action comes back as a message
``{"event": ...}``, never as a changed trait. Messages come from a browser and are not trusted: every callback of
``on_event`` checks every value. The JavaScript and CSS are in ``static/``; nothing is fetched from other servers.

Our own server sends the code as files, which browsers cache, and tells the kernel their addresses. JupyterLab and plain
Voilà have no such files: there each widget carries its code as text.
"""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from advisor.view.guard import refused

Event = dict[str, Any]

EVENTS = frozenset(
    {"answer", "action", "upload", "plotly", "ping", "look", "back", "point", "flushed", "resume", "unheard"}
)  # what static/ sends
STATIC = Path(__file__).parent / "static"
# The files of each widget's module, in order. The build of the front end reads the same list.
MODULES: dict[str, tuple[str, ...]] = {
    name: tuple(files) for name, files in json.loads((STATIC / "modules.json").read_text(encoding="utf-8")).items()
}

SHEET_WORDS = {
    "unanswered": "未回答",
    "clear": "答えを消す",
    "sources": "この質問の出典",
    "shut": "閉じる",
    "menu": "メニュー：{text}",
    "skipped": "とばしました",
    "discuss": "話し合いたい",
    "choose": "選んでください",
    "max_reached": "{max}つ選びました。ほかを選ぶときは、どれかを外してください。",
    "left": "あと{n}字",
    "over": "{n}字多くなっています",
    "error": "エラー：",
    "calendar": "カレンダー",
}
CHART_WORDS = {"failed": "図を表示できませんでした。内容は次のとおりです。"}
# Words about unsaved text of a colleague in the same browser tab.
THEIRS = ("theirs_title", "theirs_text", "theirs_sure", "theirs_keep", "theirs_erase")
LIFELINE_WORDS = {
    "title": "ワークブックとの接続が切れました",
    "lost": "「保存済み」と出ている回答は、保存されています。"
    "まだ保存されていない入力は、この画面に残っています。つながりしだい、保存します。",
    "trying": "いま、つなぎ直しています。つながると、この画面は自動で閉じます。",
    "slow": "まだ、つなぎ直しています。お待ちいただくか、下のボタンで同じところから開き直してください。",
    "ended": "この画面は、もうつながりません。下のボタンで開き直すと、同じところから続けられます。",
    "reload": "同じところから続ける",
    "restored": "接続が戻りました。",
    "made": "ファイルを作りました。ブラウザーのダウンロードを確かめてください。",
    "theirs_title": "ほかの方の入力が、このタブに残っています",
    "theirs_text": "まだ保存できていない入力です。入力した方がこのタブでログインすると、続きから保存できます。"
    "ほかの方には、中身は表示されません。",
    "theirs_sure": "消すと、もとに戻せません。ほんとうに消しますか。",
    "theirs_keep": "残しておく",
    "theirs_erase": "消す",
}


@cache
def _static(names: tuple[str, ...]) -> str:
    """Return several files as one text. A widget's module is imported from a blob, so it cannot import other files."""
    return "\n".join((STATIC / name).read_text(encoding="utf-8") for name in names)


def served() -> dict[str, str]:
    """Return the addresses of the widgets' modules on this server, by name; empty if no server has them."""
    addresses: dict[str, str] = json.loads(os.environ.get("ADVISOR_ASSETS") or "{}")
    return addresses


def plotly_js() -> bytes | None:
    """Return plotly.min.js of the installed plotly package; None if it is missing.

    The file is found without importing plotly: the import would cost 28 MiB.
    """
    spec = importlib.util.find_spec("plotly")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "package_data" / "plotly.min.js"
    return path.read_bytes() if path.is_file() else None


class PageWidget(anywidget.AnyWidget):
    """The base of the four widgets. State goes to the browser only; messages come back to ``on_event`` callbacks.

    ``module`` is a name in ``static/modules.json``; ``style`` is its CSS files. On our own server ``style`` is not
    used: the page has all styles.
    """

    module = ""
    style: tuple[str, ...] = ()
    _esm = traitlets.Unicode("export default {}").tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)

    def __init__(self, **traits: object) -> None:
        self._callbacks: list[Callable[[Event], None]] = []
        if self.module in (paths := served()):
            traits |= {"_esm": paths[self.module]}
        elif self.module:
            traits |= {"_esm": _static(MODULES[self.module]), "_css": _static(self.style)}
        super().__init__(**traits)
        self.on_msg(self._receive)

    def on_event(self, callback: Callable[[Event], None]) -> None:
        """Call ``callback`` with every message from the browser. Its values are not checked."""
        self._callbacks.append(callback)

    def set_state(self, sync_data: dict[str, Any]) -> None:  # noqa: ARG002  (the signature of ipywidgets)
        """Refuse a change of traits by the browser: only Python changes them."""
        refused("a change of a widget's state")

    def _receive(self, _widget: object, content: object, _buffers: object) -> None:
        event = content.get("event") if isinstance(content, dict) else None
        if not isinstance(event, str) or event not in EVENTS:
            refused("a message that no widget sends")
        if isinstance(content, dict) and isinstance(event, str):
            self._handle(content)

    def _handle(self, event: Event) -> None:
        for callback in self._callbacks:
            callback(event)


class Sheet(PageWidget):
    """The questions of one screen.

    Sends ``{"event": "answer", "id", "value"}`` and ``{"event": "action", "name", "id"}``.
    """

    module = "sheet"

    questions = traitlets.List(traitlets.Dict(), help="in order; keys are listed in static/questions.js").tag(sync=True)
    values = traitlets.Dict(help="question id -> int | str | list of ids | None").tag(sync=True)
    marks = traitlets.Dict(help='question id -> "skip" | "discuss"').tag(sync=True)
    scoring = traitlets.Dict(help="min_answered and scales -> items, so that charts follow at once").tag(sync=True)
    kept = traitlets.Dict(help="id of the question answered last; state and text of its saving").tag(sync=True)
    resumes = traitlets.Bool(help="the tab keeps answers that Python has not seen, for a new kernel").tag(sync=True)
    moved = traitlets.Dict(help="ids of the questions that somebody else changes now, and a text that says who").tag(
        sync=True
    )
    asks = traitlets.Bool(help="input is lost with the page, so the browser asks before it leaves").tag(sync=True)
    quick = traitlets.Bool(help="answers are typed in from paper: after each the next question is ready").tag(sync=True)
    words = traitlets.Dict(SHEET_WORDS).tag(sync=True)
    touched = ""  # the question answered last

    def _handle(self, event: Event) -> None:
        """Pass the event on, then tell the browser that Python has seen it. Until then the browser shows its draft."""
        self.touched = event["id"] if isinstance(event.get("id"), str) else ""
        try:
            super()._handle(event)
        finally:
            if event["event"] == "answer" and isinstance(event.get("n"), int):
                self.send({"event": "seen", "n": event["n"]})


class Panel(PageWidget):
    """HTML from an autoescaping template.

    Its buttons send ``{"event": "action", "name", "id", "value"}``.
    """

    module = "panel"

    html = traitlets.Unicode(help="made by an autoescaping template, never by joining strings").tag(sync=True)
    lang = traitlets.Unicode("ja").tag(sync=True)
    label = traitlets.Unicode(help="accessible name; with one, the piece becomes a landmark").tag(sync=True)


class Chart(PageWidget):
    """A plotly figure as plain data; ``live`` lets one trace follow a sheet before Python answers."""

    module = "chart"
    style = ("tokens.css", "chart.css")

    figure = traitlets.Dict(help='{"data": [...], "layout": {...}}; colours may be var(--name)').tag(sync=True)
    alt = traitlets.Unicode(help="what the picture says, in words").tag(sync=True)
    height = traitlets.Int(420, help="px").tag(sync=True)
    live = traitlets.Dict(None, allow_none=True, help="trace, scales, kind: polar | bar, close").tag(sync=True)
    words = traitlets.Dict(CHART_WORDS).tag(sync=True)

    def _handle(self, event: Event) -> None:
        """Send plotly.js to the browser on request. Only JupyterLab asks; a page of our server has its address."""
        if event["event"] == "plotly":
            code = plotly_js()
            self.send({"event": "plotly"}, [code] if code else [])
        else:
            super()._handle(event)


class Lifeline(PageWidget):
    """The page as a whole: language, title, heartbeat, the visit in its address, and changes not stored yet.

    Sends ``{"event": "ping"}`` every two seconds. Sends ``{"event": "look"}`` when another window of this browser has
    saved the same visit, and every ``pace`` milliseconds. Sends ``{"event": "back", "screen"}`` when Back or forward
    of the browser leads to a screen. Sends ``{"event": "point", "id"}`` when a part of the page is pressed while
    ``points``. Sends ``{"event": "flushed"}`` after what was being typed, when Python asked for it. Sends
    ``{"event": "resume", "copy"}`` at the start for each copy in the tab that an earlier kernel could not store. Sends
    ``{"event": "unheard", "owner", "visit", "answers"}`` once if the tab holds answers that an earlier kernel did not
    see. It carries the page's CSS.
    """

    module = "lifeline"
    style = (
        "tokens.css", "page.css", "parts.css", "desk.css", "sheet.css", "print.css", "screens.css", "talk.css",
        "private.css", "client.css",
    )  # fmt: skip

    words = traitlets.Dict(LIFELINE_WORDS).tag(sync=True)
    lang = traitlets.Unicode("ja").tag(sync=True)
    title = traitlets.Unicode(help="title of the browser tab").tag(sync=True)
    visit = traitlets.Unicode(help="opaque id of the stored visit, for ?s=; empty: none yet").tag(sync=True)
    begun = traitlets.Unicode(help="the id that the visit has or will have; empty on pages without one").tag(sync=True)
    owner = traitlets.Unicode(help="mark of the adviser on copies in the tab; empty: one person, no mark").tag(
        sync=True
    )
    screen = traitlets.Unicode(help="its id, for ?go= while nothing is stored; empty: the first").tag(sync=True)
    saved = traitlets.Int(help="the stored revision of the visit; other windows of this browser hear of it").tag(
        sync=True
    )
    pace = traitlets.Int(help="ms between two looks at what other pages have saved; 0: only with the heartbeat").tag(
        sync=True
    )
    step = traitlets.Unicode(help="id of the screen that is shown; Back and forward go through them; empty: none").tag(
        sync=True
    )
    points = traitlets.Bool(help="what is pressed on the page is pointed at, for the client's own screen").tag(
        sync=True
    )
    part = traitlets.Unicode(help="the part of the page that is pointed at; empty: none").tag(sync=True)
    place = traitlets.Dict(help="more parts of the address: name -> text; an empty text is taken out").tag(sync=True)
    unsaved = traitlets.Unicode(help="changes that are not stored; the tab keeps this copy until they are").tag(
        sync=True
    )

    def download(self, name: str, kind: str, content: bytes) -> None:
        """Send the browser a file to save; ``kind`` is its MIME type."""
        self.send({"event": "download", "name": name, "type": kind}, [content])

    def lead(self, address: str, *, over: bool = False) -> None:
        """Lead the browser to another page of this server; ``over``: Back does not lead to this page again."""
        self.send({"event": "open", "url": address, "over": over})

    def _handle(self, event: Event) -> None:
        if event["event"] == "ping":
            self.send({"event": "pong"})
        super()._handle(event)

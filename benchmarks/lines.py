"""A visitor without a browser: it opens a page and sends the page's messages to the kernel. It is for load only.

It sends the same Jupyter messages as the page: it loads the page, connects, requests the widgets' state, sends the
heartbeat every two seconds, and answers a question for each call of ``answer``. It draws nothing, so fifty of them fit
on a small machine. The real browser of ``benchmarks.sessions`` measures what people see.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

PING_SECONDS = 2.0
PATIENCE = 60.0


@dataclass
class Line:
    """An open session: its websocket, the states of its widgets (``models``), and the answers given so far."""

    socket: WebSocketClientConnection
    models: dict[str, dict[str, Any]]
    values: dict[str, int] = field(default_factory=dict)
    answers: int = 0
    waiting: str = ""  # the text in the message which says that the answer is saved
    saved: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def model(self, trait: str) -> str:
        """Return the id of the model that has a trait."""
        return next(name for name, state in self.models.items() if trait in state)

    def sheet(self) -> str:
        """Return the id of the sheet whose sliders are moved."""
        return next(name for name, state in self.models.items() if state.get("questions") and state.get("values"))

    async def send(self, kind: str, content: dict[str, Any], **metadata: str) -> None:
        """Send a message on the shell channel."""
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "version": "5.3", "username": "", "session": "bench"}
        message = {"header": header, "parent_header": {}, "metadata": metadata, "content": content, "channel": "shell"}
        await self.socket.write_message(json.dumps(message))

    async def tell(self, model: str, event: dict[str, Any]) -> None:
        """Send an event as a widget of the page does."""
        await self.send("comm_msg", {"comm_id": model, "data": {"method": "custom", "content": event}})

    async def answer(self) -> float:
        """Change the answer to a question; return the milliseconds until the page says 保存済み."""
        sheet = self.sheet()
        points = self.models[sheet]["values"] | self.values
        asked = [one["id"] for one in self.models[sheet]["questions"] if isinstance(points.get(one["id"]), int)]
        question = asked[self.answers % 2]  # two in turn, so that the note 保存済み moves each time
        self.answers += 1
        self.values[question] = 3 if points[question] != 3 else 4  # noqa: PLR2004  (two points that every scale has)
        self.waiting = f'{{"id": "{question}", "state": "saved"'
        self.saved.clear()
        start = time.perf_counter()
        await self.tell(sheet, {"event": "answer", "id": question, "value": self.values[question]})
        await asyncio.wait_for(self.saved.wait(), PATIENCE)
        return (time.perf_counter() - start) * 1000

    async def beat(self) -> None:
        """Send the heartbeat until the session ends."""
        lifeline = self.model("unsaved")
        while True:
            await self.tell(lifeline, {"event": "ping"})
            await asyncio.sleep(PING_SECONDS)

    async def listen(self) -> None:
        """Read the kernel's messages, and set ``saved`` when one says that the answer is saved."""
        while (raw := await self.socket.read_message()) is not None:
            if isinstance(raw, str) and self.waiting and self.waiting in raw:
                self.saved.set()

    async def close(self) -> None:
        """Close the websocket without a goodbye, like a browser that crashed."""
        for task in self.tasks:
            task.cancel()
        self.socket.close()


async def opened(url: str, cookie: str) -> Line:
    """Open a page as a browser does, and keep its heartbeat going."""
    parts = urlsplit(url)
    headers = {"Cookie": cookie, "Origin": f"{parts.scheme}://{parts.netloc}"}
    page = await AsyncHTTPClient().fetch(HTTPRequest(url, headers=headers, request_timeout=PATIENCE))
    text = page.body.decode()
    kernel, base = (_attribute(text, name) for name in ("data-kernel", "data-base"))
    address = urljoin(url, f"{base}api/kernels/{kernel}/channels").replace("http", "ws", 1)
    socket = await websocket_connect(HTTPRequest(f"{address}?session_id=bench", headers=headers))
    line = Line(socket, {})
    control = {"comm_id": "control", "target_name": "jupyter.widget.control", "data": {}}
    await line.send("comm_open", control, version="1.0.0")
    await line.send("comm_msg", {"comm_id": "control", "data": {"method": "request_states"}})
    line.models = await asyncio.wait_for(_states(socket), PATIENCE)
    line.tasks = [asyncio.create_task(line.listen()), asyncio.create_task(line.beat())]
    return line


def _attribute(text: str, name: str) -> str:
    found = re.search(rf'{name}="([^"]+)"', text)
    if found is None:
        raise LookupError(f"the page has no {name}")
    return found[1]


async def _states(socket: WebSocketClientConnection) -> dict[str, dict[str, Any]]:
    """Return the state of every widget."""
    while (raw := await socket.read_message()) is not None:
        if not isinstance(raw, str):
            continue
        content = json.loads(raw)["content"]
        data = content.get("data") or {}
        if isinstance(data, dict) and data.get("method") == "update_states":
            return {name: one["state"] for name, one in data["states"].items()}
    raise ConnectionError("the line was cut before the widgets' state came")

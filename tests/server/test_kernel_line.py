"""What the owner of a page may send to its kernel: messages of widgets. Code is never among them."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tests.team import Team, Visitor, a_team
from tests.waits import done

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUN = "open({file!r}, 'w').write('x')"
SECONDS = 30


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """A served team."""
    with a_team(tmp_path_factory.mktemp("line")) as served:
        yield served


def message(kind: str, channel: str, **content: Any) -> str:
    """Return a message as the page's own client writes it."""
    header = {"msg_id": f"{kind}-{channel}", "msg_type": kind, "username": "", "session": "s", "version": "5.3"}
    told = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": channel}
    return json.dumps(told)


async def answers(visitor: Visitor, kernel: str, messages: list[str]) -> list[str]:
    """Send messages to a kernel, then ask it who it is; return the kinds of everything that came until it said so."""
    sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in visitor.cookies.items()), "Origin": visitor.origin}
    address = f"ws://{urlsplit(visitor.url).netloc}/api/kernels/{kernel}/channels?session_id=s"
    line = await websocket_connect(HTTPRequest(address, headers=sent))
    for one in [*messages, message("kernel_info_request", "shell")]:
        await line.write_message(one)
    kinds: list[str] = []
    while "kernel_info_reply" not in kinds:
        told = await asyncio.wait_for(line.read_message(), SECONDS)
        assert isinstance(told, str)
        kinds.append(json.loads(told)["header"]["msg_type"])
    line.close()
    return kinds


def test_the_owner_of_a_page_cannot_run_code_in_its_kernel(team: Team, tmp_path: Path) -> None:
    file = tmp_path / "written"
    code = RUN.format(file=str(file))
    asked = {"code": code, "silent": False, "store_history": False, "allow_stdin": False, "stop_on_error": False}
    asked |= {"user_expressions": {"x": code}}
    messages = [
        *(message("execute_request", channel, **asked) for channel in ("shell", "control", "stdin", "iopub")),
        message("inspect_request", "shell", code=code, cursor_pos=3, detail_level=1),
        message("complete_request", "shell", code=code, cursor_pos=3),
        message("history_request", "shell", hist_access_type="tail", n=10, output=True, raw=True),
        message("debug_request", "control", type="request", command="evaluate", seq=1, arguments={"expression": code}),
        message("create_subshell_request", "control"),
        message("input_reply", "stdin", value=code),
    ]  # fmt: skip
    visitor = Visitor(team.url)
    visitor.log_in("suzuki")
    kinds = done(answers(visitor, visitor.open_page(), messages))
    assert set(kinds) <= {"status", "kernel_info_reply", "comm_open", "comm_msg", "comm_close"}
    assert not file.exists()

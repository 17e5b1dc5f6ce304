"""A server that is killed while clients answer by their links: every answer that was called saved is there afterwards.

The suite kills a few servers; ``make faults`` kills many.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from advisor.content.model import Case
from advisor.session import advance
from advisor.store import invitations, open_store
from tests.databases import client
from tests.opened import descendants
from tests.server.test_client_pages import Phone
from tests.serving import free_ports, running
from tests.support import CATALOG
from tests.team import SERVE
from tests.waits import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.store import Store
    from tests.serving import Server

KILLS = max(2, int(os.environ.get("ADVISOR_FAULTS", "0")) // 2)
SEED = int(os.environ.get("ADVISOR_SEED", "0")) or 7
CLIENTS = 3  # and the first of them answers on two phones at once
ASKED = [one for one in advance.questions(CATALOG, Case()) if one.id in CATALOG.items or one.id == advance.WISH]
# It calls an answer saved that it writes a moment later.
HASTY = """
import threading
from advisor.store import invitations
tell = invitations.tell
def hasty(store, token, digits, how):
    threading.Timer(0.2, tell, (store, token, digits, how)).start()
    found = invitations.opened(store, token, digits)
    return found and how(found)
invitations.tell = hasty
"""


@dataclass
class Teller:
    """A client at a phone. ``sent``: the answer of which nobody knows yet whether it was saved."""

    name: str
    token: str
    asked: list[advance.Question]
    chance: random.Random
    saved: dict[str, str] = field(default_factory=dict)
    sent: tuple[str, str] = ("", "")
    count: int = 0

    def tell(self, url: str) -> None:
        """Answer one question after the other until the server is gone."""
        try:
            phone = Phone(url).agreed(self.token)
            while True:
                self._answer(phone)
        except (OSError, http.client.HTTPException):
            return

    def _answer(self, phone: Phone) -> None:
        asked = self.chance.choice(self.asked)
        answer = self.chance.choice(asked.options) if asked.options else "願い" * self.chance.randrange(1, 900)
        self.sent = (asked.id, answer)
        form = urlencode({"deed": "answer", "stay": "yes", "q": asked.id, "a": answer})
        kind = {"Content_Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        told = phone.ask("POST", "before", form, Origin=phone.origin, **kind)
        assert told.status == http.HTTPStatus.OK
        assert json.loads(told.text)["saved"]
        self.saved[asked.id], self.sent = answer, ("", "")
        self.count += 1

    def lost(self, case: Case) -> list[str]:
        """Return the questions whose saved answers are not in a case; what is in it counts as saved from now on."""
        told = {one.id: advance.given(case, one.id) for one in self.asked}
        missing = [
            name for name, answer in self.saved.items() if told[name] != answer and (name, told[name]) != self.sent
        ]
        self.saved, self.sent = {name: answer for name, answer in told.items() if answer}, ("", "")
        return missing


@contextmanager
def a_server(folder: Path, port: int, before: str = "") -> Iterator[Server]:
    """Serve the store of a folder, always at the same port; the ``with`` block ends the server."""
    command = (sys.executable, "-c", before + SERVE, "serve", "--no-browser", "--port", str(port), "--sessions", "1")
    environment = os.environ | {"ADVISOR_DATABASE_URL": f"sqlite:///{folder}/a.sqlite3", "ADVISOR_LANG": "en"}
    options = ("--login", "team", "--origin", f"http://127.0.0.1:{port}")
    with running(*command, *options, log=folder / "serve.log", environment=environment) as server:
        yield server


def tellers(store: Store, chance: random.Random) -> list[Teller]:
    """Return clients with a link each. No two phones answer the same question of one client."""
    made = []
    for number in range(CLIENTS):
        name = f"c{number}"
        store.put_client(client(name, code=f"CODE-{number}"))
        token = invitations.make(store, name)[1]
        parts = (ASKED[::2], ASKED[1::2]) if number == 0 else (ASKED,)
        made += [Teller(name, token, part, random.Random(chance.random())) for part in parts]
    return made


def kill(server: Server, clients: list[Teller], pause: float) -> list[int]:
    """Kill a server a while after every client had an answer saved; return the processes that it leaves behind."""
    counts = [one.count for one in clients]

    def have_begun() -> bool:
        return any(each.done() for each in told) or all(
            one.count > count for one, count in zip(clients, counts, strict=True)
        )

    with ThreadPoolExecutor(len(clients)) as pool:
        told = [pool.submit(one.tell, server.url) for one in clients]
        until(have_begun)
        time.sleep(pause)
        orphans = descendants(server.process.pid)
        server.process.kill()
        server.process.wait()
        for each in told:
            each.result()
    return orphans


def killed(folder: Path, kills: int, before: str = "") -> tuple[list[Any], int]:
    """Kill servers while clients answer; return the saved answers that were lost, and how many were saved in all."""
    chance, store = random.Random(SEED), open_store(f"sqlite:///{folder}/a.sqlite3")
    (port,) = free_ports(1)
    clients, orphans, lost = tellers(store, chance), [], []
    for number in range(kills):
        with a_server(folder, port, before) as server:
            orphans += kill(server, clients, chance.uniform(0, 0.5))
        for one in clients:
            case = invitations.of_client(store, one.name)[0].case
            lost += [(SEED, number, one.name, name) for name in one.lost(case)]
    until(
        lambda: not any(Path(f"/proc/{one}").exists() for one in orphans)
    )  # processes of kernels see it by themselves
    return lost, sum(one.count for one in clients)


def test_a_killed_server_takes_no_answer_that_was_called_saved(tmp_path: Path) -> None:
    lost, saved = killed(tmp_path, KILLS)
    assert saved > 10 * KILLS, "there was something to lose"
    assert lost == []


def test_the_same_kill_takes_answers_that_were_called_saved_too_early(tmp_path: Path) -> None:
    """So the test above can fail."""
    lost, _ = killed(tmp_path, 1, HASTY)
    assert lost

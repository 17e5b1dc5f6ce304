"""A served team: two advisers with passwords, and a visitor who speaks plain HTTP."""

from __future__ import annotations

import http.client
import os
import re
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from unittest.mock import patch
from urllib.parse import urlencode, urlsplit

from advisor.store import Store, advisers, open_store, passwords
from tests.serving import Server, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASSWORDS = {"佐藤": "三毛猫と青い自転車のある朝に", "suzuki": "slow rivers carry warm letters"}
KERNEL = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Team:
    """A running server and its store."""

    server: Server
    store: Store

    @property
    def url(self) -> str:
        """Return the address of the front page."""
        return self.server.url


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def place(self) -> str:
        """Return where a redirect leads."""
        return self.headers.get("Location", "")


@dataclass
class Visitor:
    """Somebody with a browser's cookies, and nothing else of a browser."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)
    place: str = ""  # an address of this machine to come from; empty for the usual one

    @property
    def origin(self) -> str:
        """Return what the server's own pages send as Origin."""
        return self.url.rstrip("/")

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        """Ask, and keep the cookies of the answer."""
        place = (self.place, 0) if self.place else None
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60, source_address=place)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, f"/{path}", body, sent)
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        # a line that was opened stays open: nothing more is to be read from it
        text = "" if answer.status == http.HTTPStatus.SWITCHING_PROTOCOLS else answer.read().decode(errors="replace")
        connection.close()
        return Answer(answer.status, answer.headers, text)

    def get(self, path: str = "") -> Answer:
        """Ask for a page."""
        return self.ask("GET", path)

    def post(self, path: str, **fields: str) -> Answer:
        """Hand in a form as our own page does."""
        if "_xsrf" not in self.cookies:
            self.get("login")
        body = urlencode({"_xsrf": self.cookies.get("_xsrf", ""), **fields})
        return self.ask("POST", path, body, Origin=self.origin, Content_Type="application/x-www-form-urlencoded")

    def log_in(self, name: str, password: str = "") -> Answer:
        """Log in by the form."""
        return self.post("login", name=name, password=password or PASSWORDS[name])

    def connect(self, path: str, **headers: str) -> int:
        """Try to open the line at a path; return the status."""
        asked = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13", "Origin": self.origin}
        asked |= {"Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ=="} | headers
        return self.ask("GET", f"{path}?session_id=1", **{name: value for name, value in asked.items() if value}).status

    def open_page(self, path: str = "workbook") -> str:
        """Open a page, the workbook unless said; return the id of its kernel."""
        found = KERNEL.search(self.get(path).text)
        assert found
        return found[0]


# `advisor serve` that ends a closed page at once: these visitors are no browsers, and say no last words to a kernel.
# It looks more often whether a login has ended, and makes forks and healthz anew sooner.
CHEAP = (1024, 1, 1)  # memory, time and lanes of a password's hash here: much less than for people
HOLDS = 2.0  # seconds for which an answer of its healthz holds
SERVE = f"""
from advisor.cli.main import main
from advisor.server import app, fork_pool, health, seats
from advisor.store import passwords
passwords.MEMORY, passwords.TIME, passwords.LANES = {CHEAP}
seats.GOODBYE = 0.3
app.END_UNUSED_SECONDS, fork_pool.REFILL_SECONDS, health.Health.SECONDS = 1, 1.0, {HOLDS}
main()
"""


def add(store: Store, **passwords_by_name: str) -> None:
    """Add advisers whose passwords are hashed at little cost."""
    with patch.multiple(passwords, None, MEMORY=CHEAP[0], TIME=CHEAP[1], LANES=CHEAP[2]):
        for name, password in passwords_by_name.items():
            advisers.add(store, name, password)


def elsewhere(number: int) -> str:
    """Return another address of this machine. Only Linux has more than one."""
    return f"127.0.0.{number}" if sys.platform == "linux" else ""


@contextmanager
def a_team(folder: Path, *options: str, database: str = "") -> Iterator[Team]:
    """Serve the workbook to a team, from a database of its own: SQLite in a folder, or an empty one that is named."""
    database = database or f"sqlite:///{folder}/team.sqlite3"
    store = open_store(database)
    add(store, **PASSWORDS)
    command = (sys.executable, "-c", SERVE, "serve", "--no-browser", "--port", "0", "--login", "team", *options)
    environment = os.environ | {"ADVISOR_DATABASE_URL": database, "ADVISOR_LANG": "en"}
    with running(*command, log=folder / "serve.log", environment=environment) as server:
        yield Team(server, store)

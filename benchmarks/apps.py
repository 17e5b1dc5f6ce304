"""The apps that are measured: how each starts, the address of its page, and what on it shows an answer of Python."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from advisor.content import loading
from advisor.content.model import Case, Facts
from advisor.session.session import Session
from advisor.store import new_id, open_store
from benchmarks import processes
from benchmarks.peers import content
from tests.serving import COOKIES, ROOT, running

PEERS = ROOT / "benchmarks/peers"
PYTHON = ROOT / ".venv-bench" / ("Scripts" if os.name == "nt" else "bin") / "python"
START_SECONDS = 60
END_SECONDS = 15
OURS, PLAIN = "ours", "plain Voilà"


@dataclass(frozen=True)
class App:
    """An app, and the selectors of its page.

    ``server``: the app whose server it shares. ``handle``: what is moved (a Playwright selector of number ``{}``), by
    ``keys``, there and back. ``there``: what stands on the page before a move counts. ``answer``: what Python draws, as
    CSS selectors with an attribute or None for the text; a move is answered when all of them say something new.
    """

    name: str
    server: str
    handle: str = "role=slider >> nth={}"
    keys: tuple[str, str] = ("ArrowRight", "ArrowLeft")
    there: str = "ol li"
    answer: tuple[tuple[str, str | None], ...] = (("ol", None),)


# On our frustrations screen the browser moves the radar by itself. Python's answer shows in two other places: in the
# text of the radar for people who cannot see it, and in the note 保存済み, which moves to the question just answered.
KEPT = (".aw-q:has(.aw-q-kept[data-state=saved])", "data-id")
SAID = (".aw-chart [role=img]", "aria-label")
APPS = (
    App(OURS, OURS, there=f"{SAID[0]}[aria-label]", answer=(SAID, KEPT)),
    App(
        "ours, first visit",
        OURS,
        handle=".aw-q[data-type=choice] >> nth={} >> input >> nth=0",
        keys=("ArrowDown", "ArrowUp"),
        there="h1[data-title]",
        answer=(KEPT,),
    ),
    App("Dash", "Dash"),
    App("NiceGUI", "NiceGUI", handle=".q-slider__track-container[tabindex] >> nth={}"),  # what the keyboard reaches
    App("Streamlit", "Streamlit"),
    App(PLAIN, PLAIN),
)


@dataclass(frozen=True)
class Site:
    """A running server: its process, the address of each app's page, and the cookies of a login."""

    pid: int
    address: Callable[[str], str]
    cookies: Sequence[Any] = ()


@contextmanager
def serving(server: str, folder: Path) -> Iterator[Site]:
    """Run a server; at the end stop it and every process that it started."""
    with _ours(folder) if server == OURS else _peer(server, folder) as site:
        yield site


@contextmanager
def _ours(folder: Path) -> Iterator[Site]:
    """Run `advisor serve` with a new database; every page opens a new visit."""
    database = f"sqlite:///{folder / 'bench.sqlite3'}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ADVISOR_")}
    command = (sys.executable, "-m", "advisor", "serve", "--no-browser", "--port", "0")
    store, session = open_store(database), Session(loading.load())
    session.open_case(Case(content.answers(), {}, Facts(situation="inside")))
    session.go("frustrations")

    def address(app: str) -> str:
        if app != OURS:
            return urljoin(server.url, "/workbook")
        visit = new_id()
        store.save(visit, None, None, session.record)
        return urljoin(server.url, f"/workbook?s={visit}")

    log = folder / "ours.log"
    with running(*command, log=log, environment=environment | {"ADVISOR_DATABASE_URL": database}) as server:
        cookies = [cookie for cookie in COOKIES if cookie["url"] == server.url]
        yield Site(server.process.pid, address, cookies)


def _command(server: str, port: int, folder: Path) -> list[str]:
    """Return the arguments that start a peer, as its documentation says."""
    if server == "Streamlit":
        options = ["--server.headless=true", "--server.address=127.0.0.1", "--browser.gatherUsageStats=false"]
        return ["-m", "streamlit", "run", str(PEERS / "streamlit_app.py"), f"--server.port={port}", *options]
    if server == PLAIN:
        cell: dict[str, Any] = {
            "cell_type": "code",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "id": "cell",
            "source": (PEERS / "voila_app.py").read_text(encoding="utf-8"),
        }
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        notebook = folder / "app.ipynb"
        notebook.write_text(
            json.dumps({"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8"
        )
        return ["-m", "voila", str(notebook), "--no-browser", f"--port={port}"]
    return ["-m", f"benchmarks.peers.{server.lower()}_app", str(port)]


@contextmanager
def _peer(server: str, folder: Path) -> Iterator[Site]:
    """Run a peer in the environment .venv-bench."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PATH": f"{PYTHON.parent}{os.pathsep}{os.environ['PATH']}"}
    command = [str(PYTHON), *_command(server, port, folder)]
    with (folder / f"{server}.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)  # noqa: S603
    try:
        _await(url, process, server)
        yield Site(process.pid, lambda _: url)
    finally:
        _end(process)


def _await(url: str, process: subprocess.Popen[bytes], server: str) -> None:
    """Wait until the server listens. It requests no page, because a page would start a kernel."""
    address = url.removeprefix("http://").rstrip("/").split(":")
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection((address[0], int(address[1])), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"{server} did not start")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop a server, and the processes that it would leave running."""
    started = processes.tree(process.pid)
    process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(END_SECONDS)
    for pid in started:
        if pid != process.pid or process.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    process.wait(END_SECONDS)

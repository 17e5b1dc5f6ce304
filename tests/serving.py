"""Run the workbook's server in a process of its own, as a person would, and end it as a person would."""

from __future__ import annotations

import atexit
import io
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Any

from tests.starter import Started, Starter, can_fork

ROOT = Path(__file__).resolve().parents[1]
ARTEFACTS = ROOT / "artefacts"
START_SECONDS = 180  # a start takes five; here it may share a machine with much else
# Serves one notebook exactly as `advisor serve` serves the workbook.
SERVE_NOTEBOOK = """
import sys
from pathlib import Path
from advisor.server.options import Options
from advisor.server.app import serve
from advisor.store import open_store
def tell(url):
    print(url, flush=True)
serve(Options(port=0), open_store(), notebook=Path(sys.argv[1]), on_ready=tell)
"""
# The cookies of every server that runs now, as playwright takes them: whoever tests is who started them.
COOKIES: list[Any] = []


Process = subprocess.Popen[str] | Started


@dataclass(frozen=True)
class Server:
    """A running server: where it is, its process, and where its errors are written."""

    url: str
    process: Process
    log: Path
    cookie: str = ""  # of whoever opened the link that the server printed


@contextmanager
def running(
    *command: str, log: Path, cwd: Path = ROOT, environment: Mapping[str, str] = os.environ
) -> Iterator[Server]:
    """Start ``command``, wait until it prints its address, and interrupt it at the end."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as errors:
        process = begun(command, cwd, {**environment, "PYTHONUNBUFFERED": "1"}, errors)
        addresses: Queue[str] = Queue()

        def read() -> None:
            for line in process.stdout or ():
                if found := re.search(r"http://\S+", line):
                    addresses.put(found[0])

        threading.Thread(target=read, daemon=True).start()
        try:
            url, _, key = _first(addresses, process, log).partition("enter?key=")
            cookie = entered(url, key) if key else ""
            yield Server(url, process, log, cookie)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def ran(
    *arguments: str, environment: Mapping[str, str] = os.environ, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run ``python ARGUMENTS``, that is ``-m MODULE`` or ``-c CODE`` and what follows, to its end."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
        process = begun((sys.executable, *arguments), cwd, {**environment, "PYTHONUTF8": "1"}, errors)
        with process.stdout or nullcontext(io.StringIO()) as output:
            told = output.read()
        code = process.wait()
        errors.seek(0)
        return subprocess.CompletedProcess(arguments, code, told, errors.read())


def begun(command: tuple[str, ...], cwd: Path, environment: dict[str, str], errors: IO[str]) -> Process:
    """Start a command: as a fork of a Python that has imported much of it, where a test asks for Python."""
    starter = _starter()
    if starter is not None and command[0] == sys.executable:
        return starter.start(command[1:], cwd, environment, errors)
    return subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=errors, encoding="utf-8")


@cache
def _starter() -> Starter | None:
    """Return the warmed process of these tests. Benchmarks have none: they measure what people wait for."""
    if "pytest" not in sys.modules or not can_fork():
        return None
    made = Starter(ROOT)
    atexit.register(made.close)
    return made


def free_ports(number: int) -> list[int]:
    """Return ports that nobody uses. Linux gives them to nobody who asks for any port: those begin at 32768."""
    found: list[int] = []
    for port in random.SystemRandom().sample(range(10_000, 32_000), 500):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            found.append(port)
        if len(found) == number:
            return found
    message = "no port is free"
    raise AssertionError(message)


def entered(url: str, key: str) -> str:
    """Open the link that works once, and return the cookie as a header has it; browsers of these tests know it, too."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            """Stay at the answer that sets the cookie."""

    try:
        urllib.request.build_opener(Stay).open(f"{url}enter?key={key}")
    except urllib.error.HTTPError as answer:
        cookie = next(
            line.split(";")[0] for line in (answer.headers.get_all("Set-Cookie") or []) if line.startswith("advisor")
        )
    name, _, value = cookie.partition("=")
    COOKIES.append({"name": name, "value": value, "url": url})
    return cookie


def _first(addresses: Queue[str], process: Process, log: Path) -> str:
    """The first address printed; an error with the log when the process ends before, or prints none in time."""
    for _ in range(START_SECONDS * 10):
        try:
            return addresses.get(timeout=0.1)
        except Empty:
            if process.poll() is not None:
                break
    message = f"the server did not start (exit code {process.poll()}):\n{log.read_text(encoding='utf-8')}"
    raise AssertionError(message)


def notebook_of(*cells: str, folder: Path) -> Path:
    """Write a small notebook made of ``cells``."""
    code: dict[str, Any] = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
    notebook = {
        "cells": [{**code, "id": f"cell-{number}", "source": source} for number, source in enumerate(cells)],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path = folder / "served.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


@contextmanager
def serving(*cells: str, folder: Path, environment: Mapping[str, str] = os.environ) -> Iterator[Server]:
    """Serve a small notebook made of ``cells`` with our server and template."""
    path = notebook_of(*cells, folder=folder)
    command = (sys.executable, "-c", SERVE_NOTEBOOK, str(path))
    with running(*command, log=folder / "server.log", environment=environment) as server:
        yield server

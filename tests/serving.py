"""Run the workbook's server in a process of its own, as a person would, and end it as a person would."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ARTEFACTS = ROOT / "artefacts"
START_SECONDS = 60
# Serves one notebook exactly as `advisor serve` serves the workbook.
SERVE_NOTEBOOK = """
import sys
from pathlib import Path
from advisor.serve.voila import serve
serve(0, open_browser=False, notebook=Path(sys.argv[1]), on_ready=lambda url: print(url, flush=True))
"""


@dataclass(frozen=True)
class Server:
    """A running server: where it is, its process, and where its errors are written."""

    url: str
    process: subprocess.Popen[str]
    log: Path


@contextmanager
def running(
    *command: str, log: Path, cwd: Path = ROOT, environment: Mapping[str, str] = os.environ
) -> Iterator[Server]:
    """Start ``command``, wait until it prints its address, and interrupt it at the end."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**environment, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        addresses: Queue[str] = Queue()

        def read() -> None:
            for line in process.stdout or ():
                if found := re.search(r"http://\S+", line):
                    addresses.put(found[0])

        threading.Thread(target=read, daemon=True).start()
        try:
            yield Server(_first(addresses, process, log), process, log)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def _first(addresses: Queue[str], process: subprocess.Popen[str], log: Path) -> str:
    """The first address printed; an error with the log when the process ends before, or prints none in time."""
    for _ in range(START_SECONDS * 10):
        try:
            return addresses.get(timeout=0.1)
        except Empty:
            if process.poll() is not None:
                break
    message = f"the server did not start (exit code {process.poll()}):\n{log.read_text(encoding='utf-8')}"
    raise AssertionError(message)


@contextmanager
def serving(*cells: str, folder: Path, environment: Mapping[str, str] = os.environ) -> Iterator[Server]:
    """Serve a small notebook made of ``cells`` with our server and template."""
    code: dict[str, Any] = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
    notebook = {
        "cells": [{**code, "id": f"cell-{number}", "source": source} for number, source in enumerate(cells)],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path = folder / "served.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    command = (sys.executable, "-c", SERVE_NOTEBOOK, str(path))
    with running(*command, log=folder / "server.log", environment=environment) as server:
        yield server

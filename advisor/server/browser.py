"""Opening the browser of the person who starts the server."""

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
    """Return whether there is a screen. Without one, Python would start a text browser in the server's terminal."""
    return sys.platform != "linux" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")))


def open_page(url: str) -> None:
    """Open the browser in a thread: some browsers are slow to start, and the server must not wait."""
    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


def open_by_file(content: str, folder: Path) -> Callable[[], None]:
    """Write a page to a file that only this user can read, and open it; return the function that removes the file.

    All users of a machine can read the command line of a browser. So it names the file and never the secret link.
    """
    place = disk.Folder("open", _readable(folder))
    page = place.path / "open.html"
    disk.write_whole(page, content.encode(), disk.PRIVATE)
    open_page(page.as_uri())
    return place.close


def _readable(folder: Path) -> Path:
    """Return a folder that the browser may read. A browser from a snap reads only the home, without hidden folders."""
    home = Path(os.environ.get("HOME", ""))
    return home if sys.platform == "linux" and (home / "snap").is_dir() and os.access(home, os.W_OK) else folder

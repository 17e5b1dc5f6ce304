"""Where the server keeps what lives as long as it does: the sockets of its kernels, and their empty profiles."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path

from advisor.content import disk

# A socket's path has 107 bytes at most; these come below the place.
_MOST = 107 - len("/advisor-run-xxxxxxxx/kernel-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx-ipc-1")


def made() -> disk.Folder:
    """Return a new folder for this server, closed to other users.

    It lies where no cleaner goes, if this user has such a place; else among the temporary files, where it is locked.

    Raises:
        OSError: It can be made nowhere.
    """
    own, temporary = os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir()
    places = [own, temporary] if own and _is_private(own) else [temporary]
    if sys.platform == "linux":
        places = [place for place in places if len(os.fsencode(place)) <= _MOST] or [str(Path(os.sep, "tmp"))]
    return disk.Folder("run", Path(places[0]))


def _is_private(place: str) -> bool:
    """Return whether a folder is this user's alone: with ``sudo``, another's may have come along."""
    if not hasattr(os, "getuid"):
        return False
    try:
        found = Path(place).stat()
    except OSError:
        return False
    is_closed = found.st_uid == os.getuid() and not stat.S_IMODE(found.st_mode) & 0o077
    return is_closed and os.access(place, os.W_OK | os.X_OK)

"""The server's own folder, for the sockets of its kernels and their empty profiles. It is removed with the server."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path

from advisor.content import disk

# The most bytes of a folder's path: a socket's path has at most 107 bytes, and this name comes below the folder.
_MOST = 107 - len("/advisor-run-xxxxxxxx/kernel-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx-ipc-1")


def made() -> disk.Folder:
    """Return a new folder for this server. Other users cannot open it.

    It is in the user's runtime folder, if there is a private one: no cleaner of old files works there. Else it is among
    the temporary files, with a lock against cleaners.

    Raises:
        OSError: No place can be written.
    """
    own, temporary = os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir()
    places = [own, temporary] if own and _is_private(own) else [temporary]
    if sys.platform == "linux":
        places = [place for place in places if len(os.fsencode(place)) <= _MOST] or [str(Path(os.sep, "tmp"))]
    return disk.Folder("run", Path(places[0]))


def _is_private(place: str) -> bool:
    """Return whether a folder belongs to this user alone. Under ``sudo``, it may be another user's."""
    if not hasattr(os, "getuid"):
        return False
    try:
        status = Path(place).stat()
    except OSError:
        return False
    is_closed = status.st_uid == os.getuid() and not stat.S_IMODE(status.st_mode) & 0o077
    return is_closed and os.access(place, os.W_OK | os.X_OK)

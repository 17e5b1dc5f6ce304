"""The limit of handles (open files and sockets). A process may have only so many, and a page needs about twenty."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

# The most that a page may need, with several lines to its kernel. The server keeps some to say that it has no more.
OF_A_PAGE = 40
_PLENTY = 1 << 16
_LISTS = ("/proc/self/fd", "/dev/fd")


def allow_many() -> None:
    """Raise the limit of handles as far as the system allows. Many systems begin with 1,024: that is 67 pages."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  (not everywhere)

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (hard, max(soft, _PLENTY)):  # macOS says "no limit" and then refuses it
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            return


def left() -> int:
    """Return how many more handles this process may open; a large number if the system does not say."""
    if sys.platform == "win32":
        return _PLENTY
    import resource  # noqa: PLC0415  (as above)

    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    folder = next(filter(os.path.isdir, _LISTS), None)
    if most == resource.RLIM_INFINITY or folder is None:
        return _PLENTY
    try:
        return max(0, most - len(os.listdir(folder)))  # noqa: PTH208  (only their number is needed)
    except OSError:  # no handle is left to open the folder
        return 0


def room_for_pages() -> int:
    """Return how many more pages the free handles allow."""
    return left() // OF_A_PAGE

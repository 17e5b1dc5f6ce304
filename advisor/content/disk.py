"""What a process leaves on the disk: files that are whole or not there, and folders that go with whoever made them.

A folder of ours is locked for as long as its process lives. So the next process sees which folders nobody needs any
more, also after a kill, and cleaners of /tmp that ask (systemd's do) leave the others alone.
"""

from __future__ import annotations

import glob
import os
import re
import secrets
import shutil
import stat
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

try:
    import fcntl
except ImportError:  # Windows: nothing is locked there, so nothing of others is cleared away
    fcntl = None  # type: ignore[assignment]

Kind = Literal["run", "open", "catalogue", "rehearsal", "table"]
_OURS = re.compile(r"advisor-(run|open|catalogue|rehearsal|table)-[a-z0-9_]{8}")
_PART = re.compile(r"(\.[0-9a-f]{8})?\.part")
PRIVATE = 0o600


@contextmanager
def beside(path: Path, mode: int = 0o666) -> Iterator[Path]:
    """Yield a new file in the same folder; at the end it takes the place of ``path`` in one go, or vanishes.

    Whoever reads ``path`` finds all of it, or what was there before. What a killed process left beside it goes first.

    Raises:
        OSError: It cannot be written; ``path`` is as it was.
    """
    for left in path.parent.glob(f"{glob.escape(path.name)}.*part"):
        if _PART.fullmatch(left.name, len(path.name)) and (lock := _locked(left)) is not None:
            left.unlink(missing_ok=True)
            os.close(lock)
    part = path.with_name(f"{path.name}.part")
    if part.exists():  # another process writes the same file just now
        part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, mode)
    try:
        try:
            if fcntl is not None:
                with suppress(OSError):  # a disk may know no locks
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield part
            os.fsync(handle)
        finally:
            os.close(handle)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    _keep_entries(path.parent)


def write_whole(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Put a file in its place in one go, and through to the disk.

    Raises:
        OSError: It cannot be written; ``path`` is as it was.
    """
    with beside(path, mode) as part, part.open("wb") as file:
        file.write(content)


def _keep_entries(folder: Path) -> None:
    """Have the disk keep which files are in a folder; a system that cannot is left as it is."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class Folder:
    """A folder of this process alone, for this user alone; it is there until :meth:`close`."""

    def __init__(self, kind: Kind, within: Path | None = None) -> None:
        """Make it, and clear away those beside it whose processes were killed.

        Raises:
            OSError: It cannot be made.
        """
        self.kind, self.within = kind, within or Path(tempfile.gettempdir())
        sweep(self.within)
        self._lock: int | None = None
        self._make()

    def _make(self) -> None:
        for _ in range(3):  # once, unless somebody clears it away before it is locked; a disk may know no locks
            self.path = Path(tempfile.mkdtemp(prefix=f"advisor-{self.kind}-", dir=self.within))
            self._lock = _locked(self.path)
            if self.is_there():
                return

    def is_there(self) -> bool:
        """Return whether it is still the folder that was made."""
        try:
            found = self.path.lstat()
        except OSError:
            return False
        if self._lock is None:
            return stat.S_ISDIR(found.st_mode)
        made = os.fstat(self._lock)
        return (found.st_dev, found.st_ino) == (made.st_dev, made.st_ino)

    def renew(self) -> bool:
        """Make it anew where somebody has removed it, under another name; return whether that was so."""
        if self.is_there():
            return False
        self._unlock()
        self._make()
        return True

    def close(self) -> None:
        """Remove it with all that is in it."""
        if self.is_there():  # what stands there instead is not ours
            shutil.rmtree(self.path, ignore_errors=True)
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Path:
        return self.path

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def sweep(within: Path) -> None:
    """Remove the folders of processes of this user that were killed; nobody else's, and none that is in use."""
    if fcntl is None:
        return
    with suppress(OSError), os.scandir(within) as entries:
        for entry in entries:
            if not _OURS.fullmatch(entry.name) or not entry.is_dir(follow_symlinks=False):
                continue
            if entry.stat(follow_symlinks=False).st_uid != os.getuid():
                continue
            lock = _locked(Path(entry))
            if lock is not None:
                shutil.rmtree(entry, ignore_errors=True)
                os.close(lock)


def _locked(path: Path) -> int | None:
    """Return a handle that locks a folder or file for this process; None where another has it, or it has just gone."""
    if fcntl is None:
        return None
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None
    with suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(handle), path.lstat()):
            return handle
    os.close(handle)
    return None

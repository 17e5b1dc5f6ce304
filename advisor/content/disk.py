"""Files that are written completely or not at all, and temporary folders that are removed with their process.

A process locks its temporary folder as long as it lives. A later process sees by the lock which folders are no longer
used, also after a kill. Cleaners of /tmp that respect locks (systemd's does) leave the used folders alone.
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
except ImportError:  # Windows has no fcntl: without locks, sweep must not remove anything
    fcntl = None  # type: ignore[assignment]

Kind = Literal["run", "open", "catalogue", "rehearsal", "table"]
_OURS = re.compile(r"advisor-(run|open|catalogue|rehearsal|table)-[a-z0-9_]{8}")
_PART = re.compile(r"(\.[0-9a-f]{8})?\.part")
PRIVATE = 0o600


@contextmanager
def beside(path: Path, mode: int = 0o666) -> Iterator[Path]:
    """Yield a new file in the same folder; it replaces ``path`` at the end, or is removed after an error.

    Readers of ``path`` see either the old file or the complete new one. The function first removes part files of killed
    processes.

    Raises:
        OSError: The file cannot be written; ``path`` is unchanged.
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
                with suppress(OSError):  # some file systems have no locks
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
    """Replace ``path`` by a file with this content, and have the disk keep it (fsync).

    Raises:
        OSError: The file cannot be written; ``path`` is unchanged.
    """
    with beside(path, mode) as part, part.open("wb") as file:
        file.write(content)


def _keep_entries(folder: Path) -> None:
    """Have the disk keep the folder's list of files (fsync), if the system can do this."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class Folder:
    """A temporary folder of this process that only this user can read; :meth:`close` removes it."""

    def __init__(self, kind: Kind, within: Path | None = None) -> None:
        """Make the folder, and remove the folders of killed processes beside it.

        Raises:
            OSError: The folder cannot be made.
        """
        self.kind, self.within = kind, within or Path(tempfile.gettempdir())
        sweep(self.within)
        self._lock: int | None = None
        self._make()

    def _make(self) -> None:
        for _ in range(3):  # again if another process removed the folder before the lock; some disks have no locks
            self.path = Path(tempfile.mkdtemp(prefix=f"advisor-{self.kind}-", dir=self.within))
            self._lock = _locked(self.path)
            if self.is_there():
                return

    def is_there(self) -> bool:
        """Return whether ``path`` is still the folder that this object made."""
        try:
            present = self.path.lstat()
        except OSError:
            return False
        if self._lock is None:
            return stat.S_ISDIR(present.st_mode)
        made = os.fstat(self._lock)
        return (present.st_dev, present.st_ino) == (made.st_dev, made.st_ino)

    def renew(self) -> bool:
        """Make a new folder under another name if the old one was removed; return whether it made one."""
        if self.is_there():
            return False
        self._unlock()
        self._make()
        return True

    def close(self) -> None:
        """Remove the folder with its files."""
        if self.is_there():  # another folder under this name is not ours
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
    """Remove our temporary folders in ``within`` that belong to this user and whose process no longer lives."""
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
    """Lock a folder or file and return its handle; None if another process holds the lock, or the path is gone."""
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

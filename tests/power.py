"""A disk whose power can be cut, for the real store: SQLite through apsw, on a file system that is ours.

What was written since a file's last sync may be there after a cut, or not, or in part; what was synced is there.
:func:`open_on` gives the store itself on such a disk: SQLAlchemy's own dialect, with apsw as its driver.
"""

from __future__ import annotations

import random
import types
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import apsw

from advisor.store import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTOR = 512
Write = tuple[int, bytes]  # where, what; a place below 0 cuts the file to -place - 1 bytes


# --- the disk -----------------------------------------------------------------------------------------------------


@dataclass
class Content:
    """A file: what is safe (None: nobody has synced that it exists), and what was written since, in order."""

    safe: bytes | None = None
    waiting: list[Write] = field(default_factory=list)
    before: bytes | None = None  # what was safe of a file of this name that was deleted; it may come back


@dataclass
class Disk:
    """The disk: its files, and what is wrong with it. ``left`` counts down to the cut."""

    chance: random.Random = field(default_factory=lambda: random.Random(0))
    files: dict[str, Content] = field(default_factory=dict)
    left: int | None = None
    writing: int = 0  # the SQLite result code with which every write fails; 0: none does
    syncing: int = 0  # the same for syncs

    def act(self, failure: int = 0) -> None:
        """Let one write or sync happen, or fail."""
        if self.left is not None:
            if self.left <= 0:
                failure = apsw.SQLITE_IOERR
            self.left -= 1
        if failure:
            raise apsw.exception_for(failure)

    def opened(self, path: str) -> None:
        """Get to know a file; one that was there before is safe."""
        if path not in self.files:
            there = Path(path)
            self.files[path] = Content(there.read_bytes() if there.exists() else None)

    def written(self, path: str, write: Write) -> None:
        """Remember a write that is not safe yet."""
        self.files[path].waiting.append(write)

    def synced(self, path: str) -> None:
        """Make all that was written safe."""
        known = self.files[path]
        self.files[path] = Content(_after(known.safe or b"", known.waiting))

    def deleted(self, path: str) -> None:
        """Delete a file; until its folder is synced it may come back."""
        known = self.files.pop(path, Content())
        self.files[path] = Content(before=known.safe if known.safe is not None else known.before)

    def after_the_cut(self, folder: Path) -> None:
        """Write what is left of every file into ``folder``."""
        folder.mkdir()
        for path, known in self.files.items():
            left = self._left(known)
            if left is not None and not path.endswith("-shm"):
                (folder / Path(path).name).write_bytes(left)

    def _left(self, known: Content) -> bytes | None:
        if known.safe is None and self.chance.random() < 0.5:
            return known.before
        if known.safe is None and not known.waiting:
            return None
        survived = [part for write in known.waiting for part in self._torn(write)]
        return _after(known.safe or b"", survived)

    def _torn(self, write: Write) -> Iterator[Write]:
        """Yield what survives of a write: all, nothing, or some of its sectors."""
        place, content = write
        fate = self.chance.choice(("all", "nothing", "torn"))
        if fate == "all" or (fate == "torn" and place < 0):
            yield write
        elif fate == "torn":
            for start in range(0, len(content), SECTOR):
                if self.chance.random() < 0.5:
                    yield place + start, content[start : start + SECTOR]


def _after(content: bytes, writes: list[Write]) -> bytes:
    """Return a file's content after these writes."""
    changed = bytearray(content)
    for place, written in writes:
        if place < 0:
            del changed[-place - 1 :]
            continue
        changed.extend(bytes(max(0, place - len(changed))))
        changed[place : place + len(written)] = written
    return bytes(changed)


class _File(apsw.VFSFile):
    """A file on the disk; one without a name is nobody's."""

    def __init__(self, disk: Disk, name: Any, flags: Any) -> None:
        super().__init__("", name, flags)
        self._disk, self._path = disk, _path(name)
        disk.opened(self._path)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802  (SQLite's name)
        self._disk.act(self._disk.writing)
        super().xWrite(data, offset)
        self._disk.written(self._path, (offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802  (SQLite's name)
        self._disk.act(self._disk.writing)
        super().xTruncate(newsize)
        self._disk.written(self._path, (-newsize - 1, b""))

    def xSync(self, flags: int) -> None:  # noqa: ARG002, N802  (SQLite's name; the real disk need not sync)
        self._disk.act(self._disk.syncing)
        self._disk.synced(self._path)


class _Files(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.name = f"disk-{id(disk)}"
        super().__init__(self.name, "")

    def xOpen(self, name: Any, flags: Any) -> _File:  # noqa: N802  (SQLite's name)
        return _File(self.disk, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802  (SQLite's name)
        self.disk.act()
        super().xDelete(filename, syncdir)
        self.disk.deleted(filename)


def _path(name: Any) -> str:
    return str(name.filename()) if isinstance(name, apsw.URIFilename) else str(name)


# --- apsw as SQLAlchemy's driver ----------------------------------------------------------------------------------


class Error(Exception):
    """What the driver raises, with SQLite's extended result code as Python's own driver has it."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.sqlite_errorcode = code


class OperationalError(Error):
    """The database could not."""


class IntegrityError(Error):
    """The database would not."""


def _raised(error: Any) -> Error:
    code = error.extendedresult or error.result
    return (IntegrityError if isinstance(error, apsw.ConstraintError) else OperationalError)("apsw", code)


class _Cursor:
    """A cursor that reads all its rows at once."""

    arraysize = 1
    lastrowid = 0

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1

    def execute(self, sql: str, parameters: Any = ()) -> None:
        self.description = None
        cursor = self._connection.cursor()
        cursor.exec_trace = self._describe
        try:
            self._rows = list(cursor.execute(sql, tuple(parameters)))
        except apsw.Error as error:
            raise _raised(error) from error
        self.rowcount = self._connection.changes() if self.description is None else -1

    def executemany(self, sql: str, many: Any) -> None:
        count = 0
        for parameters in many:
            self.execute(sql, parameters)
            count += self.rowcount
        self.rowcount = count

    def _describe(self, cursor: apsw.Cursor, _: str, __: Any) -> bool:
        self.description = [(name, *[None] * 6) for name, _ in cursor.get_description()] or None
        return True

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    def fetchmany(self, size: int = 1) -> list[Any]:
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    def close(self) -> None:
        self._rows = []


class _Connection:
    isolation_level: str | None = ""

    def __init__(self, path: str, files: str) -> None:
        try:
            self._connection = apsw.Connection(path, vfs=files)
        except apsw.Error as error:
            raise _raised(error) from error

    def cursor(self) -> _Cursor:
        return _Cursor(self._connection)

    def commit(self) -> None:
        if self._connection.in_transaction:
            self.cursor().execute("COMMIT")

    def rollback(self) -> None:
        if self._connection.in_transaction:
            self.cursor().execute("ROLLBACK")

    def close(self) -> None:
        try:
            self._connection.close()
        except apsw.Error as error:
            self._connection.close(force=True)
            raise _raised(error) from error

    def create_function(self, *_: Any, **__: Any) -> None:
        """Take no function: SQLAlchemy offers one for regular expressions, which nobody asks for."""


def _module() -> Any:
    """Return what SQLAlchemy wants of a driver."""
    module: Any = types.ModuleType("apsw_driver")
    module.paramstyle, module.Binary = "qmark", bytes
    module.sqlite_version = apsw.sqlite_lib_version()
    module.sqlite_version_info = tuple(map(int, module.sqlite_version.split(".")))
    module.Error, module.OperationalError, module.IntegrityError = Error, OperationalError, IntegrityError
    module.DatabaseError = module.ProgrammingError = module.NotSupportedError = module.InterfaceError = Error
    return module


def open_on(disk: Disk, path: Path, **options: Any) -> Store:
    """Return the store in the file ``path`` on a disk."""
    files = _Files(disk)

    def connect() -> _Connection:
        return _Connection(str(path), files.name)

    return open_store(f"sqlite:///{path}", "", module=_module(), creator=connect, **options)

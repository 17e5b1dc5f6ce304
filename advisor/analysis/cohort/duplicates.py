"""Finds respondents who are in a cohort twice, with bounded memory.

The ids of a billion rows do not fit into memory, and a disk should not keep them longer than needed. So of each id only
a hash of 128 bits is kept, with the number of its row, in one of 256 temporary files. The hash decides which file, so
equal ids meet in the same file, and each file is small enough to be sorted alone. The chance that two of a billion
different ids have the same hash is below one in 10**20. Rows are counted from 0 through all shards.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]
    Rows = NDArray[np.int64]

KEYS = ("advisor workbook", "who is it twice?")  # of the two hashes, 16 bytes each; they need not be secret
BUCKETS = 256
WAITING = 500_000  # rows in memory before they go to disk
ENTRY = np.dtype([("high", "u8"), ("low", "u8"), ("row", "i8")])
DOUBLE = np.dtype([("row", "i8"), ("first", "i8")])


def keys_of(ids: pd.DataFrame) -> Keys:
    """Return rows x 2: the hash of each row's ids, 0 where all of them are empty."""
    from pandas.util import hash_array  # noqa: PLC0415  (most commands need no data frames)

    found = np.zeros((len(ids), 2), np.uint64)
    if not len(ids) or not len(ids.columns):
        return found
    texts = [ids.iloc[:, number].to_numpy(object) for number in range(ids.shape[1])]
    for column, key in enumerate(KEYS):
        for part in texts:
            hashed = hash_array(part, hash_key=key, categorize=False)
            found[:, column] = found[:, column] * np.uint64(0x9E3779B97F4A7C15) + hashed
    found[np.all([part == "" for part in texts], axis=0)] = 0
    return found


@dataclass(eq=False)
class Seen:
    """The hashes of all rows so far: the newest in memory, the others in temporary files."""

    stack: ExitStack
    waiting: list[NDArray[np.void]] = field(default_factory=list)
    files: list[IO[bytes]] = field(default_factory=list)

    def note(self, keys: Keys, rows: Rows) -> None:
        """Keep the hashes of some rows; rows with an empty id are left out."""
        told = keys.any(axis=1)
        entries = np.empty(int(told.sum()), ENTRY)
        entries["high"], entries["low"], entries["row"] = keys[told, 0], keys[told, 1], rows[told]
        self.waiting.append(entries)
        if sum(map(len, self.waiting)) > WAITING:
            self._to_disk()

    def _file(self) -> IO[bytes]:
        return self.stack.enter_context(tempfile.TemporaryFile(prefix="advisor-"))

    def _to_disk(self) -> None:
        if not self.files:
            self.files = [self._file() for _ in range(BUCKETS)]
        entries = np.concatenate(self.waiting)
        self.waiting.clear()
        bucket = (entries["high"] % BUCKETS).astype(np.int64)
        entries = entries[np.argsort(bucket, kind="stable")]
        ends = np.cumsum(np.bincount(bucket, minlength=BUCKETS))
        for file, part in zip(self.files, np.split(entries, ends[:-1]), strict=True):
            file.write(part.tobytes())

    def duplicates(self) -> NDArray[np.void]:
        """Return each repeated row with the first row of its id, in the order of rows; a large result is on disk."""
        if not self.waiting and not self.files:
            return np.empty(0, DOUBLE)
        if not self.files:
            return np.sort(_duplicates(np.concatenate(self.waiting)), order="row")
        if self.waiting:
            self._to_disk()
        found = self._file()
        for file in self.files:
            file.seek(0)
            found.write(_duplicates(np.frombuffer(file.read(), ENTRY)).tobytes())
        found.flush()
        if not found.tell():
            return np.empty(0, DOUBLE)
        pairs = np.memmap(found, DOUBLE, mode="r+")
        pairs.sort(order="row")
        return pairs


def _duplicates(entries: NDArray[np.void]) -> NDArray[np.void]:
    """Return the repeated rows among the entries; of equal hashes, the lowest row is the first."""
    entries = entries[np.lexsort((entries["row"], entries["low"], entries["high"]))]
    again = np.zeros(len(entries), bool)
    again[1:] = (entries["high"][1:] == entries["high"][:-1]) & (entries["low"][1:] == entries["low"][:-1])
    starts = np.maximum.accumulate(np.where(again, 0, np.arange(len(entries))))
    found = np.empty(int(again.sum()), DOUBLE)
    found["row"], found["first"] = entries["row"][again], entries["row"][starts[again]]
    return found


@contextmanager
def seen() -> Iterator[Seen]:
    """Yield an empty :class:`Seen`; its files are deleted afterwards."""
    with ExitStack() as stack:
        yield Seen(stack)

"""Finds respondents who are in a cohort twice, with bounded memory.

The ids of a billion rows do not fit into memory, and a disk should not keep them longer than needed. So of each id only
a hash of 128 bits is kept, with the number of its row, in one of 256 temporary files. The hash decides which file, so
equal ids meet in the same file, and each file is small enough to be sorted alone. The chance that two of a billion
different ids have the same hash is below one in 10**20. Rows are counted from 0 through all shards.
"""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]
    Rows = NDArray[np.int64]

SEEDS = np.array([0x6A09E667F3BCC908, 0xBB67AE8584CAA73B], np.uint64)  # of the two hashes; they need not be secret
LONG = 256  # bytes of an id; a longer one is hashed alone
BUCKETS = 256
WAITING = 1_500_000  # rows in memory, with 24 bytes each, before they go to disk
ENTRY = np.dtype([("high", "u8"), ("low", "u8"), ("row", "i8")])
DOUBLE = np.dtype([("row", "i8"), ("first", "i8")])


def keys_of(ids: pa.Table) -> Keys:
    """Return rows x 2: the hash of each row's ids, 0 where all of them are empty."""
    found = np.tile(SEEDS, (len(ids), 1))
    told = np.zeros(len(ids), bool)
    for column in ids.columns if len(ids) else ():
        told |= _mix_in(found, column)
    found[~told] = 0
    return found


def _mix_in(found: Keys, column: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Mix the texts of a column into the hashes, eight bytes at a time; return which texts are not empty."""
    texts = column.cast(pa.large_binary()).fill_null(b"").combine_chunks()
    _, places, data = texts.buffers()
    places = np.frombuffer(places, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    start, size = places[:-1], np.diff(places)
    padded = np.concatenate([np.frombuffer(data or b"", np.uint8), np.zeros(8, np.uint8)])
    words: Keys = np.ndarray(len(padded) - 7, "<u8", padded, strides=(1,))  # the eight bytes from each byte on
    found[:] = _mixed(found ^ size.astype(np.uint64)[:, None])
    for row in np.flatnonzero(size > LONG).tolist():
        whole = hashlib.blake2b(texts[row].as_py(), digest_size=16).digest()
        found[row] = _mixed(found[row] ^ np.frombuffer(whole, np.uint64))
    rows = np.flatnonzero((size > 0) & (size <= LONG))
    for done in range(0, LONG, 8):
        rows = rows[size[rows] > done]
        if not len(rows):
            break
        word = words[start[rows] + done] & _FIRST[np.minimum(size[rows] - done, 8)]
        found[rows] = _mixed(found[rows] ^ word[:, None])
    return size > 0


_FIRST = np.array([(1 << 8 * count) - 1 for count in range(9)], np.uint64)  # keeps so many bytes of a word


def _mixed(words: Keys) -> Keys:
    """Return words whose bits depend on all bits of these: the last step of SplitMix64 (Steele et al., 2014)."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


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
    high = np.sort(entries["high"])
    if not (high[1:] == high[:-1]).any():
        return np.empty(0, DOUBLE)
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

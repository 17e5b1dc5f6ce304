"""The bytes of a text file, packed with gzip or not, never more of them than is believed."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from advisor.analysis.cohort import limits
from advisor.analysis.cohort.model import RefusedError

PIECE = 1 << 20
GZIP = b"\x1f\x8b"


def pieces(path: Path, compressed: bool, start: int = 0, size: int = PIECE) -> Iterator[bytes]:
    """Yield the bytes of a text file from ``start`` on, ``size`` at a time; only the last piece may be shorter.

    Raises:
        RefusedError: a packed file is broken, or unpacks to more than is believed.
    """
    with path.open("rb") as raw:
        if not compressed:
            raw.seek(start)
            while piece := raw.read(size):
                yield piece
            return
        with _told(), gzip.GzipFile(fileobj=raw) as unpacked:
            done = unpacked.seek(start)
            while piece := _full(cast("BinaryIO", unpacked), size, done, raw):
                done += len(piece)
                yield piece


def _full(unpacked: BinaryIO, size: int, done: int, raw: BinaryIO) -> bytes:
    """Return the next ``size`` bytes, as gzip gives them in smaller ones."""
    parts: list[bytes] = []
    missing = size
    while missing and (part := unpacked.read(min(missing, PIECE))):
        parts.append(part)
        missing -= len(part)
        unpacked_so_far = done + size - missing
        if unpacked_so_far > limits.GZIP_FREE and unpacked_so_far > limits.GZIP_RATIO * raw.tell():
            raise RefusedError("gzip_bomb", {"limit": str(limits.GZIP_RATIO)})
    return b"".join(parts)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise RefusedError("gzip_broken") from None

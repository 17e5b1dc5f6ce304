"""The bytes of a text file, packed with gzip or not, and the encoding that they are in.

The encoding is what the byte order mark says; without a mark it is UTF-16 if every second byte is zero, UTF-8, or else
CP932 or EUC-JP. Every byte of the file must be valid in it. CP932 is what Japanese Excel writes as CSV; Python's
``shift_jis`` knows neither 髙 nor 﨑.
"""

from __future__ import annotations

import codecs
import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from advisor.analysis.cohort import limits
from advisor.analysis.cohort.model import RefusedError

FromStart = Callable[[], Iterator[bytes]]  # gives a file from its start, an even number of bytes at a time

PIECE = 1 << 20  # bytes read at a time
GZIP = b"\x1f\x8b"  # a file packed with gzip begins so
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
WIDE = ("utf-16-le", "utf-16-be")
# In each of these, a byte (or pair of bytes) that looks like a quote is a quote.
KNOWN = ("utf-8", *WIDE, "cp932", "euc_jp", "cp1252", "iso8859-1")
_LOOSE = "\x80\xa0\uf8f0\uf8f1\uf8f2\uf8f3"  # Python lets single bytes pass as these; CP932 does not have them
_SAME = {"utf-8-sig": "utf-8", "shift_jis": "cp932"}


def pieces(path: Path, packed: str, start: int = 0, size: int = PIECE) -> Iterator[bytes]:
    """Yield the bytes of a text file from ``start`` on, ``size`` at a time; only the last piece may be shorter.

    ``packed``: "gzip", or the file's name in a ZIP; then ``start`` counts unpacked bytes.

    Raises:
        RefusedError: a packed file is broken, or unpacks to more than the limits allow.
    """
    with path.open("rb") as raw:
        if not packed:
            raw.seek(start)
            while piece := raw.read(size):
                yield piece
            return
        with _broken_refused(packed), _unpacked(raw, packed) as unpacked:
            done = unpacked.seek(start)
            while piece := _full(cast("BinaryIO", unpacked), size, done, raw):
                done += len(piece)
                yield piece


def _full(unpacked: BinaryIO, size: int, done: int, raw: BinaryIO) -> bytes:
    """Return the next ``size`` bytes: gzip gives fewer at a time."""
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
def _unpacked(raw: BinaryIO, packed: str) -> Iterator[IO[bytes]]:
    if packed == "gzip":
        with gzip.GzipFile(fileobj=raw) as unpacked:
            yield cast("IO[bytes]", unpacked)
    else:
        with zipfile.ZipFile(raw) as archive, archive.open(packed) as part:
            yield part


@contextmanager
def _broken_refused(packed: str) -> Iterator[None]:
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, NotImplementedError):
        raise RefusedError("gzip_broken" if packed == "gzip" else "zip_broken") from None
    except RuntimeError:  # a ZIP with a password
        raise RefusedError("zip_locked") from None


def named(encoding: str) -> str:
    """Return the name used here for an encoding that was asked for.

    Raises:
        RefusedError: it is not one of :data:`KNOWN`; a file in another one cannot be cut into records.
    """
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        name = ""
    if _SAME.get(name, name) not in KNOWN:
        raise RefusedError("encoding_unknown", {"encoding": encoding[: limits.SHOWN], "known": ", ".join(KNOWN)})
    return _SAME.get(name, name)


def mark(head: bytes) -> tuple[str, int]:
    """Return the encoding that a byte order mark names ("" without one) and the length of the mark, however often."""
    for sign, name in MARKS:
        length = 0
        while head.startswith(sign, length):
            length += len(sign)
        if length:
            return name, length
    return "", 0


def settle(from_start: FromStart, head: bytes, asked: str | None) -> str:
    """Return the encoding of a file, after checking that every byte of the file is valid in it.

    ``head``: the first bytes of the file; ``asked``: an encoding to use whatever the file looks like.

    Raises:
        RefusedError: the file is in none of the encodings tried, or holds what no table holds; it names the byte and
            its line.
    """
    marked = mark(head)[0] or _unmarked(head)
    tried = (named(asked),) if asked is not None else (marked,) if marked else ("utf-8", "cp932")
    told: dict[str, str] = {}
    for encoding in tried:
        found = first_fault(from_start(), encoding)
        if found is None:
            return encoding
        place, kind = found
        where = {"byte": str(place + 1), "line": str(line_of(from_start(), place, encoding))}
        if kind != "not_encoding":
            raise RefusedError(kind, where | {"limit": str(limits.RECORD_BYTES >> 20)})
        told |= {f"cp932_{key}": value for key, value in where.items()} if told else where
    if len(tried) > 1 and first_fault(from_start(), "euc_jp") is None:  # old Unix systems wrote it
        return "euc_jp"
    raise RefusedError("no_encoding" if len(tried) > 1 else "not_encoding", told | {"encoding": tried[0]})


def _unmarked(head: bytes) -> str:
    """Return which UTF-16 without a mark this is: in a table, every second byte of many is zero; "" if it is none."""
    even, odd = head[:4096:2].count(0), head[1:4096:2].count(0)
    many = len(head[:4096]) // 8
    return "utf-16-le" if odd > many and not even else "utf-16-be" if even > many and not odd else ""


def first_fault(data: Iterable[bytes], encoding: str) -> tuple[int, str] | None:
    """Return the place of the first byte that no table in this encoding holds, and what is wrong; None if all are fine.

    The kinds: ``not_encoding`` (not valid in it), ``nul`` (most often UTF-16 without its mark), ``line_long``.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    done = ended = 0  # bytes decoded, and those of them up to the last end of a line
    pending = b""
    for piece in data:
        start = done - len(pending)
        if encoding in WIDE or pending or not piece.isascii():
            try:
                text = decoder.decode(piece)
            except UnicodeDecodeError as error:
                return start + error.start, "not_encoding"
            if encoding == "cp932" and (loose := [text.index(sign) for sign in _LOOSE if sign in text]):
                return start + len(text[: min(loose)].encode(encoding)), "not_encoding"
            pending = decoder.getstate()[0]
            if "\0" in text:
                return start + len(text[: text.index("\0")].encode(encoding)), "nul"
        elif b"\0" in piece:
            return done + piece.index(b"\0"), "nul"
        last = max(piece.rfind(b"\n"), -1 if b"\n" in piece else piece.rfind(b"\r"))
        ended = done + last if last >= 0 else ended
        done += len(piece)
        if done - ended > limits.RECORD_BYTES:
            return ended, "line_long"
    return (done - len(pending), "not_encoding") if pending else None


def line_of(data: Iterable[bytes], place: int, encoding: str) -> int:
    """Return the line of the byte at ``place``, counted from 1."""
    line, unit = 1, "\n".encode(encoding)
    for piece in data:
        line += piece[:place].count(unit)
        place -= len(piece)
        if place <= 0:
            break
    return line

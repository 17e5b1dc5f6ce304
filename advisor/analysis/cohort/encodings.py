"""Which encoding a text file is in, found strictly: a mark at its start, else UTF-8, else CP932, and all of it valid.

CP932 is what Japanese Excel writes as CSV; Python's ``shift_jis`` knows neither 髙 nor 﨑.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator

from advisor.analysis.cohort import limits
from advisor.analysis.cohort.model import RefusedError

Pieces = Callable[[], Iterator[bytes]]  # a file from its start, an even number of bytes at a time

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
WIDE = ("utf-16-le", "utf-16-be")
KNOWN = ("utf-8", *WIDE, "cp932", "euc_jp", "cp1252", "iso8859-1")  # a quote is a quote in each byte or pair of bytes
_LOOSE = "\x80\xa0\uf8f0\uf8f1\uf8f2\uf8f3"  # Python lets single bytes pass as these; CP932 does not have them
_SAME = {"utf-8-sig": "utf-8", "shift_jis": "cp932"}


def named(encoding: str) -> str:
    """Return the name used here for an encoding that was asked for.

    Raises:
        RefusedError: it is none of those that a file can be cut in.
    """
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        name = ""
    if _SAME.get(name, name) not in KNOWN:
        raise RefusedError("encoding_unknown", {"encoding": encoding[: limits.SHOWN], "known": ", ".join(KNOWN)})
    return _SAME.get(name, name)


def mark(head: bytes) -> tuple[str, int]:
    """Return the encoding that a byte order mark names ("" without one) and the length of the mark."""
    return next(((name, len(sign)) for sign, name in MARKS if head.startswith(sign)), ("", 0))


def settle(pieces: Pieces, head: bytes, asked: str | None) -> str:
    """Return the encoding of a file, when every byte of it is valid in that.

    ``head``: its first bytes; ``asked``: an encoding to use whatever the file looks like.

    Raises:
        RefusedError: it is in none, or not in the one asked for, or holds what no table holds; the byte is named, with
            its line.
    """
    marked = mark(head)[0]
    tried = (named(asked),) if asked is not None else (marked,) if marked else ("utf-8", "cp932")
    told: dict[str, str] = {}
    for encoding in tried:
        found = first_fault(pieces(), encoding)
        if found is None:
            return encoding
        place, kind = found
        where = {"byte": str(place + 1), "line": str(line_of(pieces(), place, encoding))}
        if kind != "not_encoding":
            raise RefusedError(kind, where | {"limit": str(limits.RECORD_BYTES >> 20)})
        told |= {f"cp932_{key}": value for key, value in where.items()} if told else where
    raise RefusedError("no_encoding" if len(tried) > 1 else "not_encoding", told | {"encoding": tried[0]})


def first_fault(pieces: Iterable[bytes], encoding: str) -> tuple[int, str] | None:
    """Return the place of the first byte that does not belong into a table, and of what kind that is; None if all do.

    The kinds: ``not_encoding`` (not valid in it), ``nul`` (most often UTF-16 without its mark), ``line_long``.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    done = ended = 0  # bytes decoded, and those of them up to the last end of a line
    pending = b""
    for piece in pieces:
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


def line_of(pieces: Iterable[bytes], place: int, encoding: str) -> int:
    """Return the line of the byte at ``place``, counted from 1."""
    line, unit = 1, "\n".encode(encoding)
    for piece in pieces:
        line += piece[:place].count(unit)
        place -= len(piece)
        if place <= 0:
            break
    return line

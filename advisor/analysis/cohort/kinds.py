"""Tells by its first bytes what kind of file it is, whatever it is called; a kind that is not read has a next step.

The next step stands in the messages, as ``refused_kind_<kind>``.
"""

from __future__ import annotations

import zipfile
from typing import BinaryIO

from advisor.analysis.cohort import limits
from advisor.analysis.cohort.excel_limits import directory_size
from advisor.analysis.cohort.model import RefusedError

READ = ("text", "parquet", "excel", "ods", "zip", "spss", "stata", "json")
PEEK = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_WORD = "WordDocument".encode("utf-16-le")
_STARTS = (
    (b"PAR1", "parquet"),
    (b"$FL2", "spss"),
    (b"$FL3", "spss"),
    (b"<stata_dta>", "stata"),
    (b"ARROW1", "arrow"),
    (b"%PDF", "pdf"),
    (b"{\\rtf", "word"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"SQLite format 3", "database"),
    (b"RDX", "r"),
    (b"RDA", "r"),
    (b"Rar!", "packed"),
    (b"7z\xbc\xaf\x27\x1c", "packed"),
    (b"\xfd7zXZ\0", "packed"),
    (b"BZh", "packed"),
    (b"\x28\xb5\x2f\xfd", "packed"),
    (b"\0" * 12 + b"\xc2\xea\x81\x60", "sas"),
    (b"HEADER RECORD*******LIBRARY", "sas"),
    (b"ID;P", "sylk"),
)
_TEXTS = (
    ("<!doctype html", "web"),
    ("<html", "web"),
    ("<table", "web"),
    ("mime-version:", "web"),
    ("{", "json"),
    ("[{", "json"),
    ("[\n", "json"),
    ("[\r", "json"),
    ("[ ", "json"),
)
_INSIDE = (
    ("xl/workbook.bin", "xlsb"),
    ("xl/", "excel"),
    ("word/", "word"),
    ("ppt/", "slides"),
    ("Index/", "numbers"),
    ("content.xml", "ods"),
    ("[Content_Types].xml", "excel"),
)
_OLD_STATA = range(0x68, 0x74)


def kind_of(file: BinaryIO) -> str:
    """Return the kind of a file: one of :data:`READ`, or of those that are named only."""
    head = file.read(PEEK)
    file.seek(0)
    if head.startswith(_OLE):
        start = head + file.read(1 << 20)
        file.seek(0)
        return "locked" if _LOCKED in start else "word" if _WORD in start else "old_excel"
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return _zipped(file)
    for sign, kind in _STARTS:
        if head.startswith(sign):
            return kind
    if len(head) > 4 and head[0] in _OLD_STATA and head[1] in (1, 2) and head[2] == 1 and b"\0" in head:  # noqa: PLR2004
        return "stata"
    return _text(head)


def _text(head: bytes) -> str:
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = head.decode("utf-16" if wide else "latin-1", "ignore").lstrip("\ufeffï»¿ \t\r\n").lower()
    if text.startswith("<?xml"):
        return "web" if "<html" in text else "xml"
    return next((kind for sign, kind in _TEXTS if text.startswith(sign)), "text")


def _zipped(file: BinaryIO) -> str:
    if directory_size(file) > limits.EXCEL_DIRECTORY:
        raise RefusedError("excel_bomb", {"what": "ZIP"})
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise RefusedError("zip_broken") from None
    finally:
        file.seek(0)
    return next((kind for sign, kind in _INSIDE if any(name.startswith(sign) for name in names)), "zip")


def refused(kind: str) -> RefusedError:
    """Return the refusal of a kind that is not read."""
    return RefusedError(f"kind_{kind}")


NAMED = tuple(
    dict.fromkeys(
        kind
        for kind in (
            *(kind for _, kind in (*_STARTS, *_TEXTS, *_INSIDE)),
            "locked",
            "old_excel",
            "xml",
        )
        if kind not in READ
    )
)

"""Checks whether a workbook may be opened: first what it declares, then its XML, read once without keeping any of it.

openpyxl reads strings, styles and sometimes whole sheets into memory, and believes the sizes that a file declares. So
the declared sizes are checked first. Then expat reads all XML parts, and counts what openpyxl would keep in memory.
"""

from __future__ import annotations

import struct
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.parsers import expat  # nosec B405  (it only counts, and a document type is refused)

from advisor.analysis.cohort import limits
from advisor.analysis.cohort.model import RefusedError

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ROW = f"{_MAIN} row"
_TAIL = 1 << 17  # the end of a ZIP file's directory stands in its last 64 KiB
_STEP = 1 << 16
_PEEK = 256


def guard(path: Path) -> None:
    """Do nothing if a workbook may be opened.

    Raises:
        RefusedError: it is no workbook, or declares or holds more than the limits allow.
    """
    if _directory_size(path) > limits.EXCEL_DIRECTORY:
        raise RefusedError("excel_bomb", {"what": "ZIP"})
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if len(parts) > limits.EXCEL_ENTRIES or sum(part.file_size for part in parts) > limits.EXCEL_BYTES:
            raise RefusedError("excel_bomb", {"what": "ZIP"})
        for part in parts:
            if _heavy(part):
                raise RefusedError("excel_bomb", {"what": part.filename[-limits.SHOWN :]})
        for part in parts:
            with archive.open(part) as file:
                is_xml = file.read(_PEEK).lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"\xff\xfe", b"\xfe\xff"))
            if is_xml:
                with archive.open(part) as xml, suppress(expat.ExpatError):  # openpyxl stops at the same error
                    _walk(xml, part.filename)


def _directory_size(path: Path) -> int:
    """Return the size that a ZIP file declares for its directory, in bytes: the larger of its two records."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read()
    sizes = [0]
    for sign, place, form in ((b"PK\5\6", 12, "<I"), (b"PK\6\6", 40, "<Q")):
        found = tail.rfind(sign)
        if found >= 0 and len(tail) >= found + place + 8:
            sizes.append(struct.unpack_from(form, tail, found + place)[0])
    return max(size for size in sizes if size != 0xFFFFFFFF)  # noqa: PLR2004  ("see the other record")


def _heavy(part: zipfile.ZipInfo) -> bool:
    free = part.file_size <= limits.EXCEL_RATIO_FREE
    if not free and part.file_size > limits.EXCEL_RATIO * max(part.compress_size, 1):
        return True
    if "worksheets/" in part.filename or "media/" in part.filename:
        return False
    small = part.filename.endswith((".xml", ".rels")) and not part.filename.endswith("sharedStrings.xml")
    return part.file_size > (limits.EXCEL_PART if small else limits.EXCEL_STRINGS)


@dataclass(slots=True)
class _Count:
    rows: int = 0
    elements: int = 0
    inside: int = 0  # elements of the open row; -1 outside of rows
    outside: int = 0


def _walk(xml: IO[bytes], name: str) -> None:
    """Refuse a part that openpyxl could not hold: it keeps all elements outside of rows, and a row until its end."""
    parser = expat.ParserCreate(namespace_separator=" ")
    count = _Count(inside=-1)
    kept = limits.EXCEL_KEPT_STRINGS if name.endswith("sharedStrings.xml") else limits.EXCEL_KEPT
    place = 0  # of the last tag

    def refuse(*_: object) -> None:
        raise RefusedError("excel_bomb", {"what": name[-limits.SHOWN :]})

    def start(tag: str, _: object) -> None:
        nonlocal place
        place = parser.CurrentByteIndex
        count.elements += 1
        if tag == _ROW:
            count.rows += 1
            count.inside = 0
        elif count.inside >= 0:
            count.inside += 1
        else:
            count.outside += 1
        if count.inside > limits.EXCEL_ROW or count.outside > kept or count.elements > limits.EXCEL_ELEMENTS:
            refuse()

    def end(tag: str) -> None:
        if tag == _ROW:
            count.inside = -1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    fed = 0
    while part := xml.read(_STEP):
        parser.Parse(part)
        fed += len(part)
        if fed - place > limits.EXCEL_TEXT or count.rows > limits.EXCEL_ROWS:
            refuse()
    parser.Parse(b"", True)

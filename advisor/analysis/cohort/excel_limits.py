"""Checks whether a workbook may be opened: first what it declares, then its XML, read once without keeping any of it.

openpyxl reads strings, styles and sometimes whole sheets into memory, and believes the sizes that a file declares. So
the declared sizes are checked first. Then expat reads all XML parts, and counts what openpyxl would keep in memory. On
the way it notes what openpyxl does not tell while it streams: merged cells, and formulas without a stored value.
"""

from __future__ import annotations

import struct
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, BinaryIO
from xml.parsers import expat  # nosec B405  (it only counts, and a document type is refused)

from advisor.analysis.cohort import limits
from advisor.analysis.cohort.model import RefusedError

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"  # Excel's "Strict Open XML Workbook"
_ODS_ROW = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 table-row"
_ROWS, _CELLS, _FORMULAS, _VALUES, _MERGED = (
    frozenset((f"{_MAIN} {name}", f"{STRICT} {name}")) for name in ("row", "c", "f", "v", "mergeCell")
)
_ROWS |= {_ODS_ROW}
_TAIL = 1 << 17  # the end of a ZIP file's directory stands in its last 64 KiB
_STEP = 1 << 16
_PEEK = 256


@dataclass(slots=True)
class SheetNotes:
    """What stands in the XML of a sheet: its merged cells, and its cells with a formula that have no value, as A1."""

    merged: list[str] = field(default_factory=list)
    unvalued: list[str] = field(default_factory=list)


def guard(file: BinaryIO) -> dict[str, SheetNotes]:
    """Return notes of each part of a workbook, if it may be opened.

    Raises:
        RefusedError: it is no workbook, or declares or holds more than the limits allow.
    """
    if directory_size(file) > limits.EXCEL_DIRECTORY:
        raise RefusedError("excel_bomb", {"what": "ZIP"})
    notes: dict[str, SheetNotes] = {}
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        if len(parts) > limits.EXCEL_ENTRIES or sum(part.file_size for part in parts) > limits.EXCEL_BYTES:
            raise RefusedError("excel_bomb", {"what": "ZIP"})
        for part in parts:
            if _heavy(part):
                raise RefusedError("excel_bomb", {"what": part.filename[-limits.SHOWN :]})
        for part in parts:
            with archive.open(part) as content:
                is_xml = content.read(_PEEK).lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"\xff\xfe", b"\xfe\xff"))
            if is_xml:
                notes[part.filename] = SheetNotes()
                with archive.open(part) as xml, suppress(expat.ExpatError):  # openpyxl stops at the same error
                    _walk(xml, part.filename, notes[part.filename])
    return notes


def directory_size(file: BinaryIO) -> int:
    """Return the size that a ZIP file declares for its directory, in bytes: the larger of its two records."""
    file.seek(max(0, file.seek(0, 2) - _TAIL))
    tail = file.read()
    file.seek(0)
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
    if "worksheets/" in part.filename or "media/" in part.filename or part.filename == "content.xml":
        return False
    small = part.filename.endswith((".xml", ".rels")) and not part.filename.endswith("sharedStrings.xml")
    return part.file_size > (limits.EXCEL_PART if small else limits.EXCEL_STRINGS)


@dataclass(slots=True)
class _Count:
    rows: int = 0
    elements: int = 0
    inside: int = 0  # elements of the open row; -1 outside of rows
    outside: int = 0


class _Watch:
    """Notes merged cells, and cells with a formula whose value is empty, while a sheet is walked through."""

    def __init__(self, parser: expat.XMLParserType, notes: SheetNotes) -> None:
        self.parser, self.notes = parser, notes
        self.cell, self.has_formula = "", False  # of the open cell; "" once its value was seen

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take note of an element that begins."""
        if tag in _CELLS:
            self.cell, self.has_formula = attributes.get("r", "?"), False
        elif tag in _FORMULAS:
            self.has_formula = True
        elif tag in _VALUES and self.has_formula:
            self.parser.CharacterDataHandler = self._value
        elif tag in _MERGED:
            self.notes.merged.append(attributes.get("ref", ""))

    def _value(self, text: str) -> None:
        self.cell = "" if text else self.cell

    def end(self, tag: str) -> None:
        """Take note of an element that ends."""
        if tag in _CELLS and self.has_formula and self.cell and len(self.notes.unvalued) < limits.EXCEL_KEPT:
            self.notes.unvalued.append(self.cell)
        elif tag in _VALUES:
            self.parser.CharacterDataHandler = None


def _walk(xml: IO[bytes], name: str, notes: SheetNotes) -> None:
    """Refuse a part that openpyxl could not hold: it keeps all elements outside of rows, and a row until its end."""
    parser = expat.ParserCreate(namespace_separator=" ")
    count = _Count(inside=-1)
    kept = limits.EXCEL_KEPT_STRINGS if name.endswith("sharedStrings.xml") else limits.EXCEL_KEPT
    place = 0  # of the last tag
    watch = _Watch(parser, notes)

    def refuse(*_: object) -> None:
        raise RefusedError("excel_bomb", {"what": name[-limits.SHOWN :]})

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal place
        place = parser.CurrentByteIndex
        count.elements += 1
        watch.start(tag, attributes)
        if tag in _ROWS:
            count.rows += 1
            count.inside = 0
        elif count.inside >= 0:
            count.inside += 1
        else:
            count.outside += 1
        if count.inside > limits.EXCEL_ROW or count.outside > kept or count.elements > limits.EXCEL_ELEMENTS:
            refuse()

    def end(tag: str) -> None:
        if tag in _ROWS:
            count.inside = -1
        watch.end(tag)

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

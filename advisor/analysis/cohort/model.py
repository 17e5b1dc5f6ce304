"""The data of reading a cohort file: the file, its blocks, what is read from them, and what is wrong in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

Format = Literal["text", "excel", "parquet"]
WHOLE = -1  # the row of a finding about the file as a whole


class RefusedError(Exception):
    """A file that cannot be used; ``kind``: the key of its sentence (``refused_<kind>``), ``told``: its gaps."""

    def __init__(self, kind: str, told: Mapping[str, str] | None = None) -> None:
        """Pass both on as arguments, so that the error can be pickled between processes."""
        self.kind = kind
        self.told = dict(told or {})
        super().__init__(kind, self.told)


@dataclass(frozen=True, slots=True)
class CohortFile:
    """A file and how it is read: found once by looking at its beginning, and never guessed again.

    ``columns``: all column names, in the order of the file. ``items``: those that are answers, with the lowest and the
    highest answer allowed; ``carried``: those whose text is kept. All others are not read. ``encoding`` (``utf-8``,
    ``utf-16-le``, ``utf-16-be``, ``cp932``, or what was asked for), ``delimiter`` and ``compressed`` (gzip) are for
    text; ``sheet`` for Excel. ``start``: the byte after the header of a text file; ``total``: where the last block will
    stop (bytes of unpacked text, rows of Parquet, 0: not known, as in Excel).
    """

    path: Path
    format: Format
    columns: tuple[str, ...]
    items: tuple[tuple[str, int, int], ...]
    carried: tuple[str, ...]
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str = ""
    compressed: bool = False
    start: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a file that can be read without the others: bytes of a text file, rows of another.

    ``data``: the text itself, for files that cannot be read from the middle (gzip and Excel); else empty.
    """

    source: CohortFile
    start: int
    stop: int
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class FileFinding:
    """Something that is wrong in a file.

    ``row``: counted in records from the start of the block, 0 is its first; WHOLE: the file as a whole. A report counts
    rows as a spreadsheet does: the header is row 1. ``kind`` names the sentences of the report (``finding_<kind>`` and
    ``finding_<kind>_fix``); ``told`` fills them in.
    """

    row: int
    column: str
    value: str
    kind: str
    told: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What was read from a block.

    ``answers`` (kept rows x items): NaN unanswered or unusable; ``texts``: the carried columns as text ("" empty);
    ``rows``: the number of each kept row in its block; ``records`` counts all rows, also those that were not kept and
    empty lines, so that row numbers are those of a spreadsheet.
    """

    records: int
    rows: NDArray[np.int64]
    answers: NDArray[np.float64]
    texts: pd.DataFrame
    findings: tuple[FileFinding, ...]

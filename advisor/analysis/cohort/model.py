"""The data of reading a cohort file: the file, its blocks, what is read from them, and what is wrong in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

Format = Literal["text", "excel", "ods", "parquet", "statistics", "json"]
Carry = Callable[[tuple[str, ...]], tuple[str, ...]]
WHOLE = -1  # the row of a finding about the file as a whole


class RefusedError(Exception):
    """A file that cannot be used; ``kind``: the key of its sentence (``refused_<kind>``), ``told``: its gaps."""

    def __init__(self, kind: str, told: Mapping[str, str] | None = None) -> None:
        """Pass both on as arguments, so that the error can be pickled between processes."""
        self.kind = kind
        self.told = dict(told or {})
        super().__init__(kind, self.told)


@dataclass(frozen=True, slots=True)
class Wording:
    """How an item is worded: its question in each language (``texts``), and its answers in words (``labels``).

    ``decimals``: an answer may lie between two whole numbers.
    """

    texts: tuple[str, ...] = ()
    labels: tuple[tuple[str, int], ...] = ()
    decimals: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for in a file, and what the user says about the file.

    ``items``: the lowest and the highest answer of each item; ``facts``: columns with facts, where the file has them;
    ``ids``, ``keep``: other columns that the user names; ``wordings``: of some items; ``encoding``: of a text file,
    whatever it looks like; ``sheet``: of a workbook; ``heading``: the row of the heading, counted from 1; ``mapping``:
    keys of headings with the item that each stands for; ``missing``: further cells that mean "no answer".
    """

    items: Mapping[str, tuple[int, int]]
    facts: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    encoding: str | None = None
    sheet: str | None = None
    heading: int | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def others(self) -> tuple[str, ...]:
        """Return the columns beside the items that are looked for by name."""
        return (*self.facts, *self.ids, *self.keep)


@dataclass(frozen=True, slots=True)
class AnswerRules:
    """How the cells of items are read.

    ``labels``: for an item, the answer that each word means, by the word's key; ``decimals``: items with answers
    between whole numbers; ``missing``: keys of cells that mean "no answer"; ``unusable``: items whose column cannot be
    used as a whole; ``comma``: a comma stands before decimals, as where semicolons stand between cells.
    """

    labels: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    decimals: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    unusable: frozenset[str] = frozenset()
    comma: bool = False


@dataclass(frozen=True, slots=True)
class CohortFile:
    """A file and how it is read: found once by looking at its beginning, and never guessed again.

    ``columns``: all column names, in the order of the file. ``items``: those that are answers, with the lowest and the
    highest answer allowed; ``carried``: those whose text is kept. All others are not read. ``encoding`` (``utf-8``,
    ``utf-16-le``, ``utf-16-be``, ``cp932``, or what was asked for) and ``delimiter`` are for text; ``packed``: "gzip",
    the name of the file in a ZIP, or "" where it is not packed; ``sheet`` for Excel. ``start``: the byte after the
    heading of a text file; ``top``: the rows above the first respondent; ``total``: where the last block will stop
    (bytes of unpacked text, rows of Parquet, 0: not known, as in Excel). ``labelled``: the first columns beside the
    items, which say whose row it is; ``merged``: cells of a sheet that are one (first row, first column, last row, last
    column, counted from 0); ``rules``: how its answers are read; ``turned``: the people as CSV in UTF-8, where they are
    no rows of the file: in JSON, and where one person has an item in each row.
    """

    path: Path
    format: Format
    columns: tuple[str, ...]
    items: tuple[tuple[str, int, int], ...]
    carried: tuple[str, ...]
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str = ""
    packed: str = ""
    start: int = 0
    top: int = 1
    total: int = 0
    labelled: tuple[str, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    rules: AnswerRules = AnswerRules()
    turned: bytes = b""


@dataclass(frozen=True, slots=True)
class Grid:
    """One way to read a file as a table: the first ``rows`` as text.

    ``ends``: of a text file, the byte after each row; ``shown``: whether it is no hidden sheet.
    """

    source: CohortFile
    rows: tuple[tuple[str, ...], ...]
    ends: tuple[int, ...] = ()
    findings: tuple[FileFinding, ...] = ()
    shown: bool = True


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
    texts: pa.Table
    findings: tuple[FileFinding, ...]

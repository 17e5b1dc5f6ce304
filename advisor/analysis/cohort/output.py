"""Writes tables as CSV, TSV, Excel or Parquet, piece by piece beside the final file, so that no half file is left.

A piece is encoded on the machine that computed it; the writing process only appends it. People open all of them in
Excel. So text files begin with the byte order mark by which Excel recognises UTF-8, and lines end as on Windows. No
text is taken for a formula: in CSV one that begins like a formula gets an apostrophe before it (OWASP, CSV Injection),
in Excel it is stored as text. Numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import re
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from advisor.analysis.cohort.model import RefusedError
from advisor.analysis.cohort.problems import harmless
from advisor.content import disk
from advisor.report.sheets import RISKY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pandas as pd
    import pyarrow as pa

Kind = Literal["csv", "tsv", "xlsx", "parquet"]
Content = Any  # bytes (CSV, TSV) or a table of Arrow
KINDS: dict[str, Kind] = {".csv": "csv", ".tsv": "tsv", ".xlsx": "xlsx", ".parquet": "parquet"}
DELIMITERS = {"csv": ",", "tsv": "\t"}
_FORMULA = rf"\A[{''.join(map(re.escape, RISKY))}]"
_FIGURE = r"\A[-+]?[0-9]+([.,][0-9]+)*\z"
_BREAK = "\0"  # stands for a line break inside a text while lines get their ends; no text that is read holds it
EXCEL_ROWS = 1_048_575  # below the header
EXCEL_TEXT = 32_767  # characters in a cell
NARROW = 10  # characters: the least width of a column in Excel


def kind_of(path: Path) -> Kind:
    """Return the kind of table to write, by the suffix of the file.

    Raises:
        RefusedError: no kind of table has this suffix.
    """
    if path.suffix.lower() not in KINDS:
        raise RefusedError("output_suffix", {"file": path.name, "suffixes": " ".join(KINDS)})
    return KINDS[path.suffix.lower()]


def table_of(frame: pd.DataFrame) -> pa.Table:
    """Return a data frame as a table of Arrow."""
    import pyarrow as pa  # noqa: PLC0415  (takes a fifth of a second; most commands need no tables)

    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)


def encode(table: pa.Table, kind: Kind) -> Content:
    """Return rows ready to be appended to a file of this kind: UTF-8 text without header, or a table of Arrow.

    Numbers are written with the fewest digits that give the same number back.
    """
    if kind not in DELIMITERS:
        return table
    if (
        table.num_columns == 1
    ):  # an empty cell alone would be an empty line, which readers skip; Arrow does not quote it
        rows = io.StringIO(newline="")
        csv.writer(rows, lineterminator="\r\n").writerows([cell] for cell in table.column(0).to_pylist())
        return rows.getvalue().encode()
    import pyarrow as pa  # noqa: PLC0415  (as above)
    from pyarrow import compute  # noqa: PLC0415  (as above)

    broken = False
    for number, column in enumerate(table.columns):
        if pa.types.is_large_string(column.type) or pa.types.is_string(column.type):
            texts = compute.if_else(compute.equal(column, ""), pa.scalar(None, column.type), column)
            risky = compute.match_substring_regex(texts, _FORMULA)
            if compute.any(risky).as_py():
                risky = compute.and_not(risky, compute.match_substring_regex(texts, _FIGURE))
                apart = pa.scalar("", column.type)
                quoted = compute.binary_join_element_wise(pa.scalar("'", column.type), texts, apart)
                texts = compute.if_else(risky, quoted, texts)
            if compute.any(compute.match_substring(texts, "\n")).as_py():
                broken = True
                texts = compute.replace_substring(texts, "\n", _BREAK)
            table = table.set_column(number, table.column_names[number], texts)
    try:
        text = _text(table if broken else _digits(table), DELIMITERS[kind], "needed" if broken else "none")
    except pa.ArrowInvalid:  # a text holds a delimiter, a quote or a return
        text = _text(table, DELIMITERS[kind], "needed")
    return text.replace(b"\n", b"\r\n").replace(_BREAK.encode(), b"\n")


def _digits(table: pa.Table) -> pa.Table:
    """Return the table with numbers as text; there are few different scores, so each is put into digits once."""
    import pyarrow as pa  # noqa: PLC0415  (as above)

    columns = dict(zip(table.column_names, table.columns, strict=True))
    for name, column in columns.items():
        if pa.types.is_floating(column.type):
            few = column.combine_chunks().dictionary_encode()
            columns[name] = few.dictionary.cast(pa.string()).take(few.indices)
    return pa.table(columns)


def _text(table: Any, delimiter: str, quoting: str) -> bytes:  # noqa: ANN401  (pyarrow carries no types)
    from pyarrow import csv as arrow_csv  # noqa: PLC0415  (as above)

    text = io.BytesIO()
    options = arrow_csv.WriteOptions(include_header=False, delimiter=delimiter, quoting_style=quoting)
    arrow_csv.write_csv(table, text, options)
    return text.getvalue()


@contextmanager
def written(
    path: Path, columns: pa.Schema, told: Mapping[str, str] | None = None
) -> Iterator[Callable[[Content], None]]:
    """Yield a function that appends pieces to the table that becomes ``path``; ``columns``: their names and types.

    ``told``: metadata of the file for Parquet and Excel; text files have no place for it.
    """
    kind = kind_of(path)
    with disk.beside(path) as part, _opened(part, columns, kind, told or {}) as append:
        yield append


def _opened(
    part: Path, columns: pa.Schema, kind: Kind, told: Mapping[str, str]
) -> AbstractContextManager[Callable[[Content], None]]:
    if kind == "xlsx":
        return _excel(part, columns, told)
    return _parquet(part, columns, told) if kind == "parquet" else _delimited(part, columns, kind)


@contextmanager
def _delimited(part: Path, columns: pa.Schema, kind: Kind) -> Iterator[Callable[[Content], None]]:
    header = io.StringIO(newline="")
    names = list(map(harmless, columns.names))
    csv.writer(header, delimiter=DELIMITERS[kind], lineterminator="\r\n").writerow(names)
    text = header.getvalue()
    if text.startswith("ID"):  # Excel would take the file for one of SYLK
        text = f'"{names[0]}"{text[len(names[0]) :]}' if text.startswith(names[0]) else text
    with part.open("wb") as file:
        file.write(text.encode("utf-8-sig"))
        yield lambda content: _all_of(file, content)


def _all_of(file: BinaryIO, content: bytes) -> None:
    file.write(content)


@contextmanager
def _parquet(part: Path, columns: pa.Schema, told: Mapping[str, str]) -> Iterator[Callable[[Content], None]]:
    from pyarrow import parquet  # noqa: PLC0415  (as above)

    with parquet.ParquetWriter(part, columns.with_metadata(dict(told) or None)) as writer:
        yield lambda table: writer.write_table(table.replace_schema_metadata(dict(told) or None))


@contextmanager
def _excel(part: Path, columns: pa.Schema, told: Mapping[str, str]) -> Iterator[Callable[[Content], None]]:
    """Yield a function that appends to a workbook whose rows are on disk, so that memory does not grow with them.

    Raises:
        RefusedError: there are more rows, or a longer text, than Excel holds.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415  (only for Excel)

    with disk.Folder("table") as folder:
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        book = Workbook(part, {"constant_memory": True, "tmpdir": str(folder), **plain})
        for name, value in told.items():
            book.set_custom_property(name, value, "text")
        sheet = book.add_worksheet()
        text, top = book.add_format({"quote_prefix": True}), book.add_format({"bold": True, "bottom": 1})
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(columns.names):
            sheet.set_column(column, column, max(NARROW, len(name) + 2))
            sheet.write_string(0, column, name, top)
        rows = 0

        def append(table: Content) -> None:
            nonlocal rows
            if rows + table.num_rows > EXCEL_ROWS:
                raise RefusedError("output_excel_rows", {"rows": f"{EXCEL_ROWS:,}"})
            for cells in zip(*(column.to_pylist() for column in table.columns), strict=True):
                rows += 1
                for column, cell in enumerate(cells):
                    if isinstance(cell, str) and len(cell) > EXCEL_TEXT:
                        told = {"row": f"{rows + 1}", "column": columns.names[column]}
                        raise RefusedError("output_excel_text", told | {"most": f"{EXCEL_TEXT:,}"})
                    if isinstance(cell, str):
                        sheet.write_string(rows, column, cell, text)
                    elif cell is not None:
                        sheet.write_number(rows, column, cell)

        yield append
        book.close()

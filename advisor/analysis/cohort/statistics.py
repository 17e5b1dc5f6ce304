"""Reads files of SPSS (.sav, .zsav) and Stata (.dta) through pyreadstat: codes are answers, labels are texts.

Values that the file declares as missing are empty. A carried column shows its value labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from advisor.analysis.cohort import limits
from advisor.analysis.cohort.excel import written
from advisor.analysis.cohort.model import Block, CohortFile, Grid, RefusedError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


def look(path: Path, kind: str) -> tuple[Grid, ...]:
    """Return what the file is, from its head; no respondent is read yet. ``kind``: spss or stata.

    Raises:
        RefusedError: it is broken, or has more columns than the limits allow.
    """
    _, told = _read(path, kind, metadataonly=True)
    names = tuple(told.column_names)
    if len(names) > limits.COLUMNS:
        raise RefusedError("parquet_wide", {"limit": str(limits.COLUMNS)})
    source = CohortFile(path, "statistics", names, (), (), sheet=kind, total=max(told.number_rows or 0, 0))
    texts = tuple(told.column_names_to_labels.get(name) or "" for name in names)
    return (Grid(source, (names, texts) if any(texts) else (names,)),)


def blocks(source: CohortFile, cells: int) -> Iterator[Block]:
    """Yield ranges of rows, each of at most ``cells`` cells that are read."""
    step = min(limits.BLOCK_ROWS, max(1, cells // max(1, len(source.items) + len(source.carried))))
    for start in range(0, source.total, step):
        yield Block(source, start, min(start + step, source.total))


def read(block: Block) -> tuple[pa.Table, NDArray[np.int64]]:
    """Return the rows of a block, items as numbers or text in dictionaries, all else as text; and their numbers.

    Raises:
        RefusedError: the file is broken.
    """
    source = block.source
    _, head = _read(source.path, source.sheet, metadataonly=True)
    own = dict(zip(source.columns, head.column_names, strict=True))
    items = [name for name, _, _ in source.items]
    wanted = list(dict.fromkeys((*items, *source.carried, *source.labelled)))
    rows = {"row_offset": block.start, "row_limit": block.stop - block.start}
    frame, told = _read(source.path, source.sheet, usecols=[own[name] for name in wanted], **rows)
    if len(frame) != block.stop - block.start:
        raise RefusedError("statistics_broken")
    labels = told.variable_value_labels
    columns = {name: _item(frame[own[name]]) for name in items}
    columns |= {name: _text(frame[own[name]], labels.get(own[name], {})) for name in wanted if name not in items}
    return pa.table(columns), np.arange(len(frame))


def as_text(table: pa.Table, names: Sequence[str]) -> pa.Table:
    """Return columns of numbers as text, in dictionaries."""
    texts = {name: pa.array([written(value) for value in table.column(name).to_pylist()]) for name in names}
    return pa.table({name: text.dictionary_encode() for name, text in texts.items()})


def _item(column: pd.Series) -> pa.Array:
    if column.dtype.kind in "iuf":
        return pa.array(column.to_numpy(float), pa.float64(), from_pandas=True)
    return _text(column, {}).dictionary_encode()


def _text(column: pd.Series, labels: dict[Any, str]) -> pa.Array:
    missing = column.isna().to_numpy()
    cells = zip(column.tolist(), missing.tolist(), strict=True)
    return pa.array(["" if empty else labels.get(value) or written(value) for value, empty in cells], pa.string())


def _read(path: Path, kind: str, **asked: Any) -> tuple[pd.DataFrame, Any]:  # noqa: ANN401  (pyreadstat's options)
    import pyreadstat  # noqa: PLC0415  (only for these files)

    with _told():
        if kind == "spss":
            return pyreadstat.read_sav(str(path), **asked)
        return pyreadstat.read_dta(str(path), **asked)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (RefusedError, ImportError):
        raise
    except Exception:  # noqa: BLE001  (a broken file may break pyreadstat anywhere)
        raise RefusedError("statistics_broken") from None

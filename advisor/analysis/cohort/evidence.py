"""Computes rows for ``instrument/reliability.csv`` and ``instrument/norms.csv`` of a draft from real answers.

Only people who really answered are evidence: a file that says that its respondents are made up is refused.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from advisor.analysis.cohort.facts import Cohort, asked_of, load
from advisor.analysis.cohort.model import RefusedError
from advisor.analysis.cohort.reader import look
from advisor.analysis.cohort.reliability import restricted
from advisor.analysis.cohort.shards import about
from advisor.analysis.psychometrics import change, norms
from advisor.scoring import likert, scores

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from advisor.content.catalog import Catalog
    from advisor.content.model import Reliability

FEWEST_TWICE = 30  # a judgement: fewer make a retest poor evidence (Terwee et al., 2012, Qual Life Res, 21, 651-657)
RELIABILITY = ("scale", "r", "sd", "provisional", "method", "n", "date", "sources")
NORMS = ("scale", "mean", "sd", "n", "date", "sources")
MADE_UP = {"synthetic", "架空", "合成"}  # names of a column, or of an entry in the metadata of Parquet


@dataclass(frozen=True, slots=True)
class Evidence:
    """The rows of a file as text.

    ``measured``: how many of them come from these people; ``left_out``: the scales that could not be measured, each
    with the reason. Scales that nobody answered are in neither.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    measured: int
    left_out: tuple[tuple[str, str], ...]

    @property
    def csv(self) -> str:
        """Return the rows as CSV, with the header."""
        written = io.StringIO(newline="")
        csv.writer(written, lineterminator="\n").writerows((self.columns, *self.rows))
        return written.getvalue()


def people(catalog: Catalog, path: Path) -> Cohort:
    """Return the people in a file of real answers.

    Raises:
        RefusedError: the file cannot be read, or says that its respondents are made up.
    """
    with about(path):
        source, _ = look(path, asked_of(catalog), carry=lambda _: ())
        marks = {name.strip().casefold() for name in source.columns} | _noted(path, source.format)
        if found := marks & MADE_UP:
            raise RefusedError("made_up", {"mark": min(found)})
        return load(catalog, path)


def _noted(path: Path, kind: str) -> set[str]:
    """Return the names of the entries in the metadata of a Parquet file."""
    from pyarrow import parquet  # noqa: PLC0415  (most files are text)

    noted = (parquet.read_schema(path).metadata or {}) if kind == "parquet" else {}
    return {name.decode(errors="replace").casefold() for name in noted}


def reliabilities(catalog: Catalog, first: Cohort, second: Cohort, on: date, source: str) -> Evidence:
    """Return the reliability of each scale from two occasions of the same people: ICC(A,1) of its full form.

    The SD is that of the first scores. A respondent counts for a scale if both files have all answers to its items.
    Scales that were not measured keep the row that they have.

    Raises:
        RefusedError: the ids of the files do not identify the respondents.
    """
    try:
        pairs = change.matched(_names(first), _names(second))
    except ValueError:
        raise RefusedError("no_pairs") from None
    key = scores.key(catalog).instrument
    before, after = (_scores(key, cohort)[row] for cohort, row in zip((first, second), pairs, strict=True))
    found, left = dict[str, tuple[str, ...]](), []
    for number, scale in enumerate(key.scales):
        both = ~np.isnan(before[:, number]) & ~np.isnan(after[:, number])
        n = int(both.sum())
        if not n or len(catalog.items_of(scale)) == 1:
            continue
        if n < FEWEST_TWICE:
            left.append((scale, "few_twice"))
            continue
        r, sd = change.icc(before[both, number], after[both, number]), float(before[both, number].std(ddof=1))
        if not 0 < round(r, 3) < 1:
            left.append((scale, "no_agreement"))
            continue
        found[scale] = (scale, f"{r:.3f}", f"{sd:.1f}", "0", "icc", f"{n}", on.isoformat(), source)
    kept = {name: _kept(row) for name, row in catalog.reliability.items()}
    rows = [(kept | found)[scale] for scale in key.scales if scale in kept or scale in found]
    return Evidence(RELIABILITY, tuple(rows), len(found), tuple(left))


def _kept(row: Reliability) -> tuple[str, ...]:
    told = row.model_dump() | {"provisional": int(row.provisional), "sources": " ".join(row.sources)}
    return tuple("" if told[name] is None else f"{told[name]}" for name in RELIABILITY)


def norm_rows(catalog: Catalog, cohort: Cohort, on: date, source: str) -> Evidence:
    """Return mean and SD of each scale's quick form, the one question that everybody is asked."""
    key = scores.key(catalog)
    quick = restricted(key.instrument, np.array(key.items)[key.quick].tolist())
    scored = likert.score(quick, cohort.table.answers[:, np.isin(key.items, quick.items)], min_answered=1)
    found, left = [], []
    for scale, column in zip(quick.scales, scored.T, strict=True):
        n = int((~np.isnan(column)).sum())
        if not n:
            continue
        try:
            (norm,) = norms.norms(source, on, (scale,), column[:, None]).scales
        except norms.NormsError:
            left.append((scale, "few_people" if n < norms.FEWEST else "all_alike"))
            continue
        found.append((scale, f"{norm.mean:.1f}", f"{norm.sd:.1f}", f"{n}", on.isoformat(), source))
    return Evidence(NORMS, tuple(found), len(found), tuple(left))


def _scores(key: likert.Instrument, cohort: Cohort) -> likert.Floats:
    """Return respondents x scales, NaN unless every item of the scale was asked and answered."""
    given = np.where(cohort.table.asked, cohort.table.answers, np.nan)
    return likert.score(key, given, min_answered=1)


def _names(cohort: Cohort) -> Sequence[str]:
    ids: pd.DataFrame = cohort.ids
    return tuple(ids.agg(" / ".join, axis=1)) if len(ids.columns) else ("",)

"""A cohort file scored in one call, with a preview and what is wrong in it: for notebooks, whose cells stay thin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from advisor.analysis.cohort import score, shards
from advisor.analysis.cohort.facts import fact_columns, load
from advisor.analysis.cohort.group_charts import MOST_GROUPS
from advisor.analysis.cohort.problems import COLUMNS
from advisor.analysis.cohort.reader import preview
from advisor.analysis.cohort.scores import Plan
from advisor.scoring import scores as scoring

SAMPLE = Path("samples") / "cohort.parquet"
MADE = ("synthetic", "style")  # columns of synthetic people: who they were made to be, not a group
EVERYBODY = "all"

if TYPE_CHECKING:
    from advisor.analysis.cohort.model import Source
    from advisor.content.catalog import Catalog


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """A cohort file and what came of it.

    ``source``: how the file was read; ``preview``: its first rows as text; ``scores``: one row a respondent, as
    ``advisor score`` writes it; ``report``: file, row, column, value, problem and fix, one row for each thing that is
    wrong; ``left_out``: columns that were not carried into ``scores``.
    """

    source: Source
    preview: pd.DataFrame
    scores: pd.DataFrame
    report: pd.DataFrame
    left_out: tuple[str, ...]

    def groups(self, names: Sequence[str]) -> tuple[pd.Series, pd.Series]:
        """Return the group of each respondent by the first two of these columns; with none, all are one group."""
        everybody = pd.Series(EVERYBODY, index=self.scores.index, name=EVERYBODY)
        first, *others = [self.scores[name] for name in names] or [everybody]
        return first, others[0] if others else first


def parts(catalog: Catalog, path: Path) -> tuple[str, ...]:
    """Return the columns of a cohort file that part it into a few groups; ids, facts and personal columns are none.

    Raises:
        RefusedError: the file cannot be read.
    """
    found = load(catalog, path).segments
    few = [name for name in map(str, found) if 1 < found[name].nunique() <= MOST_GROUPS]
    return tuple(name for name in few if name not in MADE)


def score_file(
    catalog: Catalog, path: Path, folder: Path, *, keep: Sequence[str] = (), encoding: str | None = None
) -> Scored:
    """Return a cohort file scored as ``advisor score`` does it; ``folder`` is where the results are written.

    ``keep``: columns to carry into the scores beside the ids, such as segments; ``encoding``: of a text file.

    Raises:
        RefusedError: the file cannot be read, or has not the columns to keep.
    """
    key = scoring.key(catalog).instrument
    items = {item.id: (item.low, item.high) for item in catalog.items.values()}
    asked = shards.Asked(items, fact_columns(catalog), keep=tuple(keep), encoding=encoding)
    found = shards.opened((path,), asked)
    plan = Plan(key, min_answered=catalog.scoring.min_answered, catalog=catalog)
    plan = replace(plan, carried=found.chosen.carried, identity=found.chosen.identity)
    out, report = folder / f"{path.stem}.scores.parquet", folder / f"{path.stem}.report.csv"
    score.score(plan, found.shards, out, report)
    source = found.shards[0][0]
    problems = (
        pd.read_csv(report, dtype=str, keep_default_na=False) if report.exists() else pd.DataFrame(columns=COLUMNS)
    )
    return Scored(source, preview(source), pd.read_parquet(out), problems, found.chosen.left_out)

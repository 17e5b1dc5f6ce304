"""Scores and first paths of the groups of a segment (department, age band …), side by side.

A group of fewer than k people is hidden (:func:`hide`), here and in the lab, and so is what gives it away. A difference
is a reason to look closer and proves nothing: groups differ by chance, and by who answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import special, stats

from advisor.analysis.cohort.limits import LEAST_K

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CONFIDENCE = 0.95
FIGURES = ("mean", "sd", "low", "high", "g", "g_low", "g_high")
SILENT = "silent"  # the first path of those who have none
UNTOLD = ""  # the group of those whose group is not known


def hide(table: pd.DataFrame, figures: Sequence[str], whole: str | list[str], *, k: int = LEAST_K) -> pd.DataFrame:
    """Return a table of groups in which those that :func:`too_few` names have neither ``n`` nor any of the ``figures``.

    ``table``: a row for each group, with its people as ``n``; ``whole``: columns that are equal in groups that together
    are all people. A column ``hidden`` says which rows are empty. Whatever shows figures of groups passes through here.
    """
    few = table.groupby(whole)["n"].transform(too_few, k=k).astype(bool)
    emptied = {name: table[name].astype(float).mask(few) for name in figures}
    return table.assign(n=table["n"].astype("Int64").mask(few), **emptied, hidden=few)


def too_few(n: pd.Series, k: int = LEAST_K) -> pd.Series:
    """Return which groups of a whole are hidden; ``n``: the people of each.

    Those of fewer than k people are. The figures of the whole are known, so what the shown groups leave of it is known,
    too: the smallest of the others are hidden with them until all that are hidden are k people.
    """
    few = n < k
    for group in n[~few].sort_values(kind="stable").index:
        if 0 < n[few].sum() < k:
            few[group] = True
    return few


def summarise(scores: pd.DataFrame, groups: pd.Series, *, k: int = LEAST_K) -> pd.DataFrame:
    """Return a row for each scale and group: the distribution of the group's scores, and its distance from all others.

    ``scores`` (respondents x scales): 0-100, NaN where not scorable; ``groups``: a name for each respondent, in the
    same order. Columns: ``scale``, ``group``, ``n`` (scorable respondents), ``mean``, ``sd`` (n - 1), ``low``, ``high``
    (95 % interval of the mean; Student (1908). The probable error of a mean. Biometrika, 6(1), 1-25), ``g``, ``g_low``,
    ``g_high`` (see :func:`hedges`; 95 % interval) and ``hidden``. What is hidden is NaN, ``n`` too.

    Raises:
        ValueError: there are not as many groups as respondents.
    """
    names = _names(groups, len(scores))
    found = []
    for group in _order(names):
        inside = (names == group).to_numpy()
        values = scores.to_numpy(float)
        found.append(_of_group(values[inside], values[~inside]).assign(scale=list(scores.columns), group=group))
    table = hide(pd.concat(found, ignore_index=True), FIGURES, "scale", k=k)
    order = {name: number for number, name in enumerate(scores.columns)}
    table = table.sort_values("scale", key=lambda column: column.map(order), kind="stable", ignore_index=True)
    return table[["scale", "group", "n", *FIGURES, "hidden"]]


def _of_group(group: Floats, rest: Floats) -> pd.DataFrame:
    """Return the figures of a group (respondents x scales) beside those of the rest, one row a scale."""
    (n, mean, sd), (others, other_mean, other_sd) = _moments(group), _moments(rest)
    with np.errstate(invalid="ignore", divide="ignore"):
        reach = stats.t.ppf((1 + CONFIDENCE) / 2, np.maximum(n - 1, 1)) * sd / np.sqrt(n)
        g, error = hedges(n, mean, sd, others, other_mean, other_sd)
    wide = stats.norm.ppf((1 + CONFIDENCE) / 2) * error
    return pd.DataFrame({
        "n": n, "mean": mean, "sd": sd, "low": mean - reach, "high": mean + reach,
        "g": g, "g_low": g - wide, "g_high": g + wide,
    })  # fmt: skip


def _moments(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Return for each column the number of values, their mean and their standard deviation (n - 1)."""
    there = ~np.isnan(values)
    n = there.sum(axis=0).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(there, values, 0.0).sum(axis=0) / n
        squares = np.where(there, (values - mean) ** 2, 0.0).sum(axis=0)
        return n, mean, np.sqrt(squares / (n - 1))


def hedges(  # noqa: PLR0913, PLR0917  (two samples)
    n: Floats, mean: Floats, sd: Floats, other_n: Floats, other_mean: Floats, other_sd: Floats
) -> tuple[Floats, Floats]:
    """Return the standardised difference g of two samples, and its standard error.

    Cohen's d with the pooled standard deviation, times J = Γ(df/2) / (√(df/2) Γ((df - 1)/2)), which takes away its bias
    (Hedges, L. V. (1981). Distribution theory for Glass's estimator of effect size and related estimators. Journal of
    Educational Statistics, 6(2), 107-128). Error for large samples: Hedges, L. V. & Olkin, I. (1985). Statistical
    methods for meta-analysis. Academic Press, p. 86. NaN where nothing varies.
    """
    df = n + other_n - 2
    pooled = np.sqrt(((n - 1) * sd**2 + (other_n - 1) * other_sd**2) / df)
    unbiased = np.exp(special.gammaln(df / 2) - special.gammaln((df - 1) / 2)) / np.sqrt(df / 2)
    g = np.where(pooled > 0, (mean - other_mean) / pooled * unbiased, np.nan)
    error = np.sqrt((n + other_n) / (n * other_n) + g**2 / (2 * (n + other_n)))
    return np.asarray(g), np.asarray(error)


def first_paths(paths: pd.Series, groups: pd.Series, known: tuple[str, ...], *, k: int = LEAST_K) -> pd.DataFrame:
    """Return a row for each group and path: how often the path comes first for the people of the group.

    ``known``: all paths, in order. Respondents without a first path (too little is told) are counted in a row SILENT,
    if there are any, so that the shares of a group add up to 1. Columns: ``group``, ``path``, ``n`` (people of the
    group), ``share`` (0-1), ``hidden`` (n and share are NaN then). For intervals and the
    four-fifths ratio see :mod:`advisor.analysis.lab.fairness`.

    Raises:
        ValueError: there are not as many groups as paths.
    """
    names, first = _names(groups, len(paths)), paths.reset_index(drop=True)
    untold = first.isna() | (first == "")
    first, known = first.mask(untold, SILENT), (*known, SILENT) if untold.any() else known
    rows = []
    for group in _order(names):
        inside = first[names == group]
        rows += [
            {"group": group, "path": path, "n": len(inside), "share": float((inside == path).mean())} for path in known
        ]
    return hide(pd.DataFrame(rows, columns=["group", "path", "n", "share"]), ["share"], "path", k=k)


def wide(table: pd.DataFrame, down: str, value: str) -> pd.DataFrame:
    """Return one figure of a table of groups: ``down`` (scale or path) in rows, groups in columns, in their order."""
    pivot = table.pivot_table(index=down, columns="group", values=value, aggfunc="first", dropna=False)
    return pivot.reindex(index=table[down].unique(), columns=table["group"].unique()).astype(float)


def _names(groups: pd.Series, count: int) -> pd.Series:
    """Return the group of each respondent as stripped text, UNTOLD where there is none."""
    if len(groups) != count:
        raise ValueError(f"{len(groups)} groups for {count} respondents")
    return (
        groups.reset_index(drop=True).astype("object").where(groups.notna().to_numpy(), UNTOLD).astype(str).str.strip()
    )


def _order(names: pd.Series) -> list[str]:
    """Return the groups in order of their names, UNTOLD last."""
    return sorted(names.unique(), key=lambda name: (name == UNTOLD, name))

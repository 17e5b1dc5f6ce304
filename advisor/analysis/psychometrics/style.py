"""Signs that somebody answered without reading. Such respondents are flagged and never dropped: an analyst decides.

Reviewed in Curran, P. G. (2016). Methods for the detection of carelessly invalid responses in survey data. Journal of
Experimental Social Psychology, 66, 4-19. Each sign misses many and flags some wrongly: look at several together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from advisor.analysis.psychometrics import moments, quality
from advisor.analysis.psychometrics.correlations import FEWEST
from advisor.analysis.psychometrics.mahalanobis import distances
from advisor.scoring import likert
from advisor.scoring.likert import Instrument

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from advisor.analysis.psychometrics.quality import ScaleQuality

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

Sign = Literal["longstring", "irv", "even_odd", "mahalanobis"]
SIGNS: tuple[Sign, ...] = get_args(Sign)
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class CutOffs:
    """The limits beyond which an answer pattern is flagged.

    ``longstring``: share of the answers given that are one run of the same answer; half is the rule of thumb of Curran
    (2016). ``irv``: the answers' SD as a share of the items' range, flagged below it; an eighth (half a point on 1-5)
    is a judgement: Dunn et al. (2018) look at the lowest tenth, which always finds somebody. ``even_odd``: 0.30, after
    Jackson, D. N. (1976). The appraisal of personal reliability (paper, Society of Multivariate Experimental
    Psychology), as used by Johnson (2005). ``mahalanobis``: the chi-square p below which a pattern is an outlier; .001
    as in Tabachnick, B. G. & Fidell, L. S. (2013). Using multivariate statistics (6th ed.), Pearson, chapter 4.
    ``fewest``: answers needed for any flag; ``fewest_scales``: scales needed for an even-odd correlation to be more
    than chance; both are judgements.
    """

    longstring: float = 0.5
    irv: float = 0.125
    even_odd: float = 0.30
    mahalanobis: float = 0.001
    fewest: int = 8
    fewest_scales: int = 10


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """How each respondent answered. ``flags``: respondents x :data:`SIGNS`; NaN flags nobody.

    ``why`` says why nobody has a distance, as in :func:`advisor.analysis.psychometrics.mahalanobis.distances`.
    """

    given: Ints
    longstring: Ints
    irv: Floats
    even_odd: Floats
    mahalanobis: Floats
    p: Floats
    flags: Bools
    why: str = ""


def styles(instrument: Instrument, answers: Floats, *, asked: Bools | None = None, cut: CutOffs | None = None) -> Style:
    """Return how each respondent answered.

    ``answers``: respondents x items, as given, in the order of the form, NaN unanswered; ``asked`` (respondents x
    items): which items they were shown (default: all).
    """
    cut = cut or CutOffs()
    given = (~np.isnan(answers)).sum(axis=1)
    runs, spread = longstring(answers, asked), irv(instrument, answers)
    halves = _halves(instrument, answers)
    consistency, scales = _agreement(*halves), (~np.isnan(halves[0] + halves[1])).sum(axis=1)
    distance, p, why = distances(answers)
    flags = np.stack(
        [
            runs >= cut.longstring * given,
            spread < cut.irv * float((instrument.high - instrument.low).mean()),
            (consistency < cut.even_odd) & (scales >= cut.fewest_scales),
            p < cut.mahalanobis,
        ],
        axis=1,
    )
    flags &= (given >= cut.fewest)[:, None]
    return Style(given, runs, spread, consistency, distance, p, flags, why)


def longstring(answers: Floats, asked: Bools | None = None) -> Ints:
    """Return the length of each respondent's longest run of one and the same answer to items that follow each other.

    Johnson, J. A. (2005). Ascertaining the validity of individual protocols from Web-based personality inventories.
    Journal of Research in Personality, 39(1), 103-129. A missing answer ends a run; an item that was not ``asked``
    (respondents x items) was not there at all. Answers are not keyed: the run is one of answers in the same
    place.
    """
    longest = np.zeros(len(answers), np.int64)
    run = np.zeros(len(answers), np.int64)
    before = np.full(len(answers), np.nan)
    shown = np.ones(answers.shape, bool) if asked is None else asked
    for column, there in zip(answers.T, shown.T, strict=True):
        run = np.where(there, np.where(np.isnan(column), 0, np.where(column == before, run + 1, 1)), run)
        longest = np.maximum(longest, run)
        before = np.where(there, column, before)
    return longest


def irv(instrument: Instrument, answers: Floats) -> Floats:
    """Return intra-individual response variability: the standard deviation (n - 1) of a respondent's own answers.

    Dunn, A. M., Heggestad, E. D., Shanock, L. R. & Theilgard, N. (2018). Intra-individual response variability as an
    indicator of insufficient effort responding: Comparison to other indicators and relationships with individual
    differences. Journal of Business and Psychology, 33(1), 105-121. Of the answers given, not keyed; where items differ
    in range, each answer is taken as a share of its range, times the mean range. NaN below two answers.
    """
    width = instrument.high - instrument.low
    shares = (answers - instrument.low) / width * width.mean()
    given = ~np.isnan(shares)
    n = given.sum(axis=1)
    centre = np.where(given, shares, 0.0).sum(axis=1) / np.maximum(n, 1)
    squares = (np.where(given, shares - centre[:, None], 0.0) ** 2).sum(axis=1)
    return np.where(n > 1, np.sqrt(squares / np.maximum(n - 1, 1)), np.nan)


def even_odd(instrument: Instrument, answers: Floats) -> Floats:
    """Return even-odd consistency, -1 to 1: does one half of a respondent's answers agree with the other, over scales?

    Each scale's keyed items are dealt in turn into two halves; the halves' means are correlated within the person over
    scales and stepped up by Spearman-Brown, ``2r / (1 + r)``, at least -1. Johnson (2005), as in :func:`longstring`;
    Curran (2016). Spearman, C. (1910). Correlation calculated from faulty data. British Journal of Psychology, 3(3),
    271-295. NaN where fewer than three scales have answers in both halves, or where a half does not vary over scales.
    """
    return _agreement(*_halves(instrument, answers))


def _halves(instrument: Instrument, answers: Floats) -> tuple[Floats, Floats]:
    """Return the means of both halves of each scale that has two (respondents x scales), as shares of the range."""
    shares = (likert.keyed(instrument, answers) - instrument.low) / (instrument.high - instrument.low)
    one, other = ([_mean_of(shares[:, part[first::2]]) for part in _columns(instrument)] for first in (0, 1))
    return (np.stack(one, axis=1), np.stack(other, axis=1)) if one else (shares[:, :0], shares[:, :0])


def _agreement(one: Floats, other: Floats) -> Floats:
    """Return the correlation of both halves within each row, stepped up by Spearman-Brown."""
    both = ~np.isnan(one) & ~np.isnan(other)
    n = np.maximum(both.sum(axis=1), 1)[:, None]
    one, other = (np.where(both, half, 0.0) for half in (one, other))
    one, other = (np.where(both, half - half.sum(axis=1, keepdims=True) / n, 0.0) for half in (one, other))
    spread = np.sqrt((one**2).sum(axis=1) * (other**2).sum(axis=1))
    usable = (both.sum(axis=1) >= FEWEST) & (spread > ROUNDING)
    r = np.divide((one * other).sum(axis=1), spread, out=np.full(len(one), np.nan), where=usable)
    stepped = np.divide(2 * r, 1 + r, out=np.where(usable, -1.0, np.nan), where=usable & (r > -1))
    return np.asarray(np.maximum(stepped, -1.0))


def _columns(instrument: Instrument) -> list[NDArray[np.intp]]:
    """Return the items of every scale with at least two items."""
    return [columns for columns in map(instrument.items_of, instrument.scales) if len(columns) > 1]


def _mean_of(shares: Floats) -> Floats:
    given = ~np.isnan(shares)
    n = given.sum(axis=1)
    return np.asarray(np.divide(np.where(given, shares, 0.0).sum(axis=1), n, out=np.full(len(n), np.nan), where=n > 0))


@dataclass(frozen=True, slots=True)
class WithAndWithout:
    """A scale's figures from everybody, and from those who are flagged for nothing; nobody has been dropped."""

    everybody: ScaleQuality
    unflagged: ScaleQuality


def with_and_without(
    instrument: Instrument, answers: Floats, found: Style, *, asked: Bools | None = None
) -> tuple[WithAndWithout, ...]:
    """Return each scale's figures with and without the respondents who are flagged for anything."""
    shown = np.ones(answers.shape, bool) if asked is None else asked
    groups = (np.ones(len(answers), bool), ~found.flags.any(axis=1))
    both = (quality.scales(moments.moments(instrument, answers[rows], asked=shown[rows])) for rows in groups)
    return tuple(WithAndWithout(*pair) for pair in zip(*both, strict=True))

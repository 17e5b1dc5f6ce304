"""Signs that somebody answered without reading. Such respondents are flagged and never dropped: an analyst decides.

Reviewed in Curran, P. G. (2016). Methods for the detection of carelessly invalid responses in survey data. Journal of
Experimental Social Psychology, 66, 4-19. Each sign misses many and flags some wrongly: look at several together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from advisor.analysis.psychometrics import honest, moments, quality
from advisor.analysis.psychometrics.correlations import FEWEST
from advisor.analysis.psychometrics.mahalanobis import distances
from advisor.analysis.psychometrics.moments import pairs_of, pairwise_covariance
from advisor.analysis.psychometrics.reliability import correlation
from advisor.scoring import likert
from advisor.scoring.likert import Instrument

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from advisor.analysis.psychometrics.quality import ScaleQuality

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Pairs = tuple[NDArray[np.intp], NDArray[np.intp]]

Sign = Literal["longstring", "irv", "even_odd", "mahalanobis", "synonyms", "antonyms"]
SIGNS: tuple[Sign, ...] = get_args(Sign)
UPWARDS = np.array([sign in {"longstring", "antonyms"} for sign in SIGNS])  # high is unusual; of the others, low is
ROUNDING = 1e-9
DRAWS = 2000  # honest people made for each length
QUARTERS = (0, 0.25, 0.5, 0.75)  # of the respondents, by how many answers they gave; each has limits of its own
MOST_PAIRS = 100


@dataclass(frozen=True, slots=True)
class CutOffs:
    """When an answer pattern is flagged: beyond what all but a small ``share`` of honest people show.

    Honest people are made for the instrument at hand and for as many answers as somebody gave
    (:mod:`advisor.analysis.psychometrics.honest`). ``share``: 0-1, of honest people who are flagged for one sign; half
    a percent is a judgement. Cut-offs fixed for all instruments flag every third honest person where answers are only
    right or wrong. ``fixed``: a cut-off of your own for a sign. ``fewest``: answers needed for any flag. ``alike``:
    correlation from which two items are synonyms, or below its negative antonyms; .60 as in Meade & Craig (2012).
    """

    share: float = 0.005
    fixed: Mapping[Sign, float] = field(default_factory=dict)
    fewest: int = 8
    alike: float = 0.60


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """How each respondent answered. ``flags``: respondents x :data:`SIGNS`; NaN flags nobody.

    ``lengths``: from how many answers on each row of ``limits`` (lengths x :data:`SIGNS`) holds: the figure beyond
    which somebody is flagged, NaN where none can be said; of longstring as a share of the answers given, of Mahalanobis
    as p. ``why`` says why nobody has a distance, as in :func:`advisor.analysis.psychometrics.mahalanobis.distances`.
    """

    given: Ints
    longstring: Ints
    irv: Floats
    even_odd: Floats
    mahalanobis: Floats
    p: Floats
    synonyms: Floats
    antonyms: Floats
    flags: Bools
    lengths: Ints
    limits: Floats
    why: str = ""

    @property
    def compared(self) -> Floats:
        """Return the figures that are compared with the limits: respondents x :data:`SIGNS`."""
        share = self.longstring / np.maximum(self.given, 1)
        return np.stack([share, self.irv, self.even_odd, self.p, self.synonyms, self.antonyms], axis=1)


def styles(instrument: Instrument, answers: Floats, *, asked: Bools | None = None, cut: CutOffs | None = None) -> Style:
    """Return how each respondent answered.

    ``answers``: respondents x items, as given, in the order of the form, NaN unanswered; ``asked`` (respondents x
    items): which items they were shown (default: all).
    """
    cut = cut or CutOffs()
    shown = np.ones(answers.shape, bool) if asked is None else asked
    pairs = _pairs(answers, cut.alike)
    found = _measured(instrument, answers, shown, pairs)
    enough = np.flatnonzero(found.given >= cut.fewest)
    if not len(enough):
        return found
    lengths = np.unique(np.sort(found.given[enough])[[int(part * len(enough)) for part in QUARTERS]])
    of_length = np.searchsorted(lengths, found.given, side="right") - 1
    rows = [enough[of_length[enough] == number] for number in range(len(lengths))]
    limits = _limits(instrument, answers, shown, pairs, rows, cut)
    way = np.where(UPWARDS, 1.0, -1.0)
    flags = found.compared * way > limits[of_length] * way + ROUNDING
    flags &= (found.given >= cut.fewest)[:, None]
    return replace(found, flags=flags, lengths=lengths, limits=limits)


def _measured(instrument: Instrument, answers: Floats, asked: Bools, pairs: tuple[Pairs, Pairs]) -> Style:
    """Return how each respondent answered; nobody is flagged yet."""
    distance, p, why = distances(answers)
    shares = (answers - instrument.low) / (instrument.high - instrument.low)
    synonyms, antonyms = (_together(shares[:, pair[0]], shares[:, pair[1]]) for pair in pairs)
    return Style(
        given=(~np.isnan(answers)).sum(axis=1),
        longstring=longstring(answers, asked),
        irv=irv(instrument, answers),
        even_odd=even_odd(instrument, answers),
        mahalanobis=distance,
        p=p,
        synonyms=synonyms,
        antonyms=antonyms,
        flags=np.zeros((len(answers), len(SIGNS)), bool),
        lengths=np.zeros(1, np.int64),
        limits=np.full((1, len(SIGNS)), np.nan),
        why=why,
    )


def _limits(  # noqa: PLR0913, PLR0917  (what people answered, and how it is judged)
    instrument: Instrument, answers: Floats, asked: Bools, pairs: tuple[Pairs, Pairs], rows: list[Ints], cut: CutOffs
) -> Floats:
    """Return lengths x signs: what all but a share of honest people stay within. ``rows``: respondents of each length.

    The honest people are asked and leave out what some real person of the same length was asked and left out.
    """
    chance = np.random.default_rng(honest.SEED)
    like = np.concatenate([chance.choice(some, DRAWS) for some in rows])
    made = np.where(np.isnan(answers[like]), np.nan, honest.people(answers, len(like)))
    figures = _measured(instrument, made, asked[like], pairs).compared.reshape(len(rows), DRAWS, len(SIGNS))
    limits = np.array([[_limit(*of_sign, cut.share) for of_sign in zip(of.T, UPWARDS, strict=True)] for of in figures])
    for sign, value in cut.fixed.items():
        limits[:, SIGNS.index(sign)] = value
    return limits


def _limit(figures: Floats, upwards: bool, share: float) -> float:
    """Return the least figure that at most a share of these lie beyond; NaN where there are none."""
    told = figures[~np.isnan(figures)]
    if not len(told):
        return float("nan")
    end, method = (1 - share, "higher") if upwards else (share, "lower")
    return float(np.quantile(told, end, method=method))  # type: ignore[call-overload]


def _pairs(answers: Floats, alike: float) -> tuple[Pairs, Pairs]:
    """Return the items that go together, and those that go against each other: first and second of each pair."""
    r = np.triu(np.nan_to_num(correlation(pairwise_covariance(pairs_of(answers)))), 1)
    one, other = (_strongest(np.where(way * r >= alike, way * r, 0)) for way in (1, -1))
    return one, other


def _strongest(r: Floats) -> Pairs:
    order = np.argsort(-r, axis=None, kind="stable")[: min(MOST_PAIRS, int((r > 0).sum()))]
    first, second = np.unravel_index(order, r.shape)
    return first, second


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
    r = _together(one, other)
    stepped = np.divide(2 * r, 1 + r, out=np.where(np.isnan(r), np.nan, -1.0), where=r > -1)
    return np.asarray(np.maximum(stepped, -1.0))


def _together(one: Floats, other: Floats) -> Floats:
    """Return the correlation of both within each row; NaN where fewer than three are in both, or one does not vary.

    Of pairs of items that nearly everybody answers alike, these are psychometric synonyms; of opposite items, antonyms:
    Meade, A. W. & Craig, S. B. (2012). Identifying careless responses in survey data. Psychological Methods, 17(3),
    437-455; Curran (2016).
    """
    both = ~np.isnan(one) & ~np.isnan(other)
    n = np.maximum(both.sum(axis=1), 1)[:, None]
    one, other = (np.where(both, half, 0.0) for half in (one, other))
    one, other = (np.where(both, half - half.sum(axis=1, keepdims=True) / n, 0.0) for half in (one, other))
    spread = np.sqrt((one**2).sum(axis=1) * (other**2).sum(axis=1))
    usable = (both.sum(axis=1) >= FEWEST) & (spread > 1e-12)  # noqa: PLR2004  (rounding)
    return np.asarray(np.divide((one * other).sum(axis=1), spread, out=np.full(len(one), np.nan), where=usable))


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

"""The quality of the instrument as small tables for a notebook; :mod:`advisor.analysis.psychometrics` computes them.

Columns and index of every table have names in one language; figures that cannot be computed are NaN.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from advisor.analysis.cohort import facts, reliability, shards
from advisor.analysis.cohort.groups import hide
from advisor.analysis.cohort.reader import blocks, read
from advisor.analysis.psychometrics import bootstrap, change, correlations, norms, quality, style
from advisor.analysis.psychometrics.moments import added, moments
from advisor.content import loading
from advisor.content.folder import data_dir
from advisor.content.messages import QUALITY, messages
from advisor.content.messages import language as spoken
from advisor.scoring import likert
from advisor.scoring.scores import key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from advisor.content.words import Language

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

SAMPLE = Path("samples") / "cohort.parquet"
TRUTH = "style"  # the column of synthetic cohorts that says how somebody was made to answer


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """A cohort's answers to the items of the workbook or of another instrument, with names in one language.

    ``answers`` (respondents x items): NaN where unanswered or not ``asked`` (respondents x items); ``ids``: text, one
    for each respondent; ``truth``: how synthetic respondents were made to answer, else None; ``scales`` and ``items``:
    names by id; ``problems``: how many things are wrong in the file. Unusable answers count as unanswered;
    ``advisor reliability`` lists them in its report.
    """

    instrument: likert.Instrument
    answers: Floats
    asked: Bools
    ids: tuple[str, ...]
    truth: pd.Series | None
    scales: Mapping[str, str]
    items: Mapping[str, str]
    language: Language
    problems: int = 0

    @property
    def say(self) -> Mapping[str, str]:
        """Return the names of figures, in the language of these answers."""
        return messages(self.language, QUALITY)

    def columns(self, *figures: str) -> list[str]:
        """Return the names of these figures, which are the columns of a table."""
        return [self.say[figure] for figure in figures]


def load(path: Path | str | None = None, *, language: Language | None = None) -> Answers:
    """Return the answers of a cohort file (default: the synthetic sample of the workbook).

    Raises:
        RefusedError: the file cannot be read.
    """
    content = loading.load()
    cohort = facts.load(content, Path(path) if path else data_dir() / SAMPLE)
    told = content.words[language or spoken()]
    return Answers(
        instrument=key(content).instrument,
        answers=np.where(cohort.table.asked, cohort.table.answers, np.nan),
        asked=cohort.table.asked,
        ids=_joined(cohort.ids),
        truth=cohort.segments.get(TRUTH),
        scales={name: told.scales[name].short or told.scales[name].name for name in content.scales},
        items={name: told.items[name] for name in content.items},
        language=language or spoken(),
        problems=len(cohort.findings),
    )


def brought(path: Path | str, instrument: Path | str, *, language: Language | None = None) -> Answers:
    """Return the answers in a file to another instrument; ``instrument``: the folder of its ``items.csv``.

    The names of scales and items are their ids.

    Raises:
        RefusedError: the file cannot be read.
        DataError: the instrument cannot be used.
    """
    asked = likert.read_instrument(Path(instrument))
    found = shards.opened((Path(path),), shards.asked_of(asked))
    source, findings = found.shards[0]
    batches = [read(block) for block in blocks(source)]
    present = tuple(name for name, _, _ in source.items)
    answers = np.concatenate([facts.aligned(batch, present, asked.items) for batch in batches])
    texts = pa.concat_tables([batch.texts for batch in batches]).select(list(found.chosen.identity)).to_pandas()
    return Answers(
        instrument=asked,
        answers=answers,
        asked=np.ones(answers.shape, bool),
        ids=_joined(texts),
        truth=None,
        scales={name: name for name in asked.scales},
        items={name: name for name in asked.items},
        language=language or spoken(),
        problems=len(findings) + sum(len(batch.findings) for batch in batches),
    )


def _joined(ids: pd.DataFrame) -> tuple[str, ...]:
    return tuple(ids.agg(" / ".join, axis=1)) if len(ids.columns) else ()


def scales(given: Answers) -> pd.DataFrame:
    """Return one row for each scale: n, missing, mean, SD, alpha with interval, omega, SEM, floor, ceiling."""
    found = reliability.scales(quality.scales(moments(given.instrument, given.answers, asked=given.asked)))
    return _named(found.assign(scale=found["scale"].map(given.scales)).set_index("scale"), given.say)


def items(given: Answers) -> pd.DataFrame:
    """Return one row for each item: mean, SD, item-rest correlation, alpha if dropped, the count of each answer."""
    found = reliability.items(moments(given.instrument, given.answers, asked=given.asked))
    say = given.say
    found = found.assign(scale=found["scale"].map(given.scales), item=found["item"].map(given.items))
    counted = {f"n_{value}": say["answer"].format(value=value) for value in _values(given)}
    return _named(found.rename(columns=counted).set_index(["scale", "item"]), say)


def _values(given: Answers) -> range:
    return range(int(given.instrument.low.min()), int(given.instrument.high.max()) + 1)


def _named(frame: pd.DataFrame, say: Mapping[str, str]) -> pd.DataFrame:
    named = frame.rename(columns=say)
    return named.rename_axis(index=[say.get(str(name), str(name)) for name in frame.index.names])


def bootstrapped(given: Answers, scale: str, *, seed: int, draws: int = bootstrap.DRAWS) -> tuple[float, float]:
    """Return a bootstrap interval for the alpha of a scale (its id), from those who were asked all its items."""
    columns = given.instrument.items_of(scale)
    everything = given.asked[:, columns].all(axis=1)
    added_up = added(given.instrument, given.answers, scale)
    return bootstrap.bootstrap_interval(added_up[everything], seed=seed, draws=draws)


def best(given: Answers) -> str | None:
    """Return the id of the scale with an alpha that has the most scores; None where no scale has an alpha."""
    found = quality.scales(moments(given.instrument, given.answers, asked=given.asked))
    usable = [scale for scale in found if not np.isnan(scale.alpha)]
    return max(usable, key=lambda scale: scale.n).scale if usable else None


def scores(given: Answers) -> pd.DataFrame:
    """Return respondents x scales, 0-100, NaN where too few items of the full form are answered."""
    return pd.DataFrame(likert.score(given.instrument, given.answers), columns=list(given.instrument.scales))


def correlated(given: Answers) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the correlations of the scales' scores, and the number of respondents of each."""
    names = [given.scales[scale] for scale in given.instrument.scales]
    r, n = correlations.pairwise(scores(given).to_numpy())
    return pd.DataFrame(r, names, names), pd.DataFrame(n, names, names)


def styles(given: Answers, cut: style.CutOffs | None = None) -> style.Style:
    """Return how each respondent answered; flagged respondents are not dropped."""
    return style.styles(given.instrument, given.answers, asked=given.asked, cut=cut)


def respondents(given: Answers, found: style.Style) -> pd.DataFrame:
    """Return one row for each respondent: the figure of each sign, the number of flags, and which they are."""
    say = given.say
    names = np.array(given.columns(*style.SIGNS))
    table = pd.DataFrame({name: getattr(found, name) for name in ("given", *style.SIGNS, "p")}).rename(columns=say)
    table[say["flags"]] = found.flags.sum(axis=1)
    table[say["flagged"]] = [" / ".join(names[row]) for row in found.flags]
    return table.set_axis(list(given.ids), axis=0) if given.ids else table


def flagged(given: Answers, found: style.Style) -> pd.DataFrame:
    """Return how many are flagged for each sign, and the rule; for synthetic answers also the share of each style."""
    say = given.say
    rules = [_rule(say, sign, limits) for sign, limits in zip(style.SIGNS, found.limits.T, strict=True)]
    columns = [*found.flags.T, found.flags.any(axis=1)]
    table = pd.DataFrame(
        {
            say["rule"]: [*rules, ""],
            say["n"]: [int(column.sum()) for column in columns],
            say["share"]: [float(column.mean()) for column in columns],
        },
        index=pd.Index([*(say[sign] for sign in style.SIGNS), say["any"]], name=say["sign"]),
    )
    if given.truth is not None:
        styles = {kind: (given.truth == kind).to_numpy() for kind in dict.fromkeys(given.truth)}
        rows = [
            {"style": kind, "sign": sign, "n": inside.sum(), "share": float(column[inside].mean())}
            for kind, inside in styles.items()
            for sign, column in enumerate(columns)
        ]
        shares = hide(pd.DataFrame(rows), ["share"], "sign")
        for kind in styles:
            table[say.get(f"style_{kind}", str(kind))] = shares["share"][shares["style"] == kind].tolist()
    return table


def _rule(say: Mapping[str, str], sign: style.Sign, limits: Floats) -> str:
    """Return when a sign flags somebody, with the least and the greatest of its limits over the lengths."""
    if np.isnan(limits).all():
        return say["rule_none"]
    told = ("{:.0%}" if sign == "longstring" else "{:.2g}" if sign == "mahalanobis" else "{:.2f}").format
    low, high = told(np.nanmin(limits)), told(np.nanmax(limits))
    return say[f"rule_{sign}"].format(cut=low if low == high else say["rule_span"].format(low=low, high=high))


def with_and_without(given: Answers, found: style.Style) -> pd.DataFrame:
    """Return each scale's alpha, omega and SD from all respondents, and from those without any flag."""
    both = style.with_and_without(given.instrument, given.answers, found, asked=given.asked)
    say = given.say
    columns = {
        (say[figure], say[group]): [getattr(getattr(pair, group), figure) for pair in both]
        for figure in ("alpha", "omega_one_factor", "sd", "n")
        for group in ("everybody", "unflagged")
    }
    return pd.DataFrame(columns, index=[given.scales[pair.everybody.scale] for pair in both])


def matched(first: Answers, second: Answers) -> tuple[Answers, Answers]:
    """Return the respondents of both occasions, in the same order.

    Raises:
        ValueError: an id is empty, or occurs twice on one occasion.
    """
    rows = change.matched(first.ids, second.ids)
    return _only(first, rows[0]), _only(second, rows[1])


def _only(given: Answers, rows: NDArray[np.intp]) -> Answers:
    truth = None if given.truth is None else given.truth.iloc[rows]
    ids = tuple(given.ids[row] for row in rows)
    return replace(given, answers=given.answers[rows], asked=given.asked[rows], ids=ids, truth=truth)


def retest(first: Answers, second: Answers) -> tuple[change.Retest, ...]:
    """Return the stability of each scale over two occasions of the same people (:func:`matched`)."""
    return change.retest(first.instrument.scales, scores(first).to_numpy(), scores(second).to_numpy())


def retested(given: Answers, found: tuple[change.Retest, ...]) -> pd.DataFrame:
    """Return one row for each scale: r, N, SD, and how many people changed by more than measurement error."""
    say = given.say
    rows = [
        {say["retest"]: one.r, say["n"]: one.n, say["sd"]: one.sd, say["risen"]: one.risen, say["fallen"]: one.fallen}
        for one in found
    ]
    return pd.DataFrame(rows, index=pd.Index([given.scales[one.scale] for one in found], name=say["scale"]))


def standing(given: Answers, reference: norms.Norms) -> pd.DataFrame:
    """Return T scores and percentile ranks; the label of the norms (name, N, date) is above every column.

    Raises:
        NormsError: the norms lack a scale.
    """
    names = given.instrument.scales
    found = norms.standing(reference, names, scores(given).to_numpy())
    kinds = {"T": found.t, "%": found.percentile}
    return pd.concat(
        {
            (found.label, kind): pd.DataFrame(part, columns=[given.scales[name] for name in names])
            for kind, part in kinds.items()
        },
        axis=1,
    )


def pretended_again(given: Answers, *, share: float, seed: int) -> Answers:
    """Return the same people as if they had answered a second time: ``share`` (0-1) of answers are one point off.

    It replaces no second occasion: it only shows what one is good for. The same seed gives the same answers.
    """
    chance = np.random.default_rng(seed)
    moved = np.where(chance.random(given.answers.shape) < share, chance.choice([-1.0, 1.0], given.answers.shape), 0.0)
    again = np.clip(given.answers + moved, given.instrument.low, given.instrument.high)
    return replace(given, answers=again)

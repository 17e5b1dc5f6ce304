"""Scores and measures from cases, for any number of clients at once; one client is a cohort of one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from advisor.content import measures
from advisor.content.model import FIXED, SIGN_ANSWERS, SITUATIONS, TRIED
from advisor.scoring import likert
from advisor.scoring.likert import SLACK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from advisor.content.catalog import Catalog
    from advisor.content.model import Case

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.intp]

LEAST_EFFECTS = 2  # the mean of the effects is a cue only if at least so many are scored
VERSION = "1"  # of this procedure; every saved record names it beside the scoring version


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """The scoring key of a catalogue: its instrument, the items of the quick form, and the names of the measures."""

    instrument: likert.Instrument
    quick: Bools
    measures: tuple[str, ...]

    @property
    def items(self) -> tuple[str, ...]:
        """Return the ids of the items, in the order of the columns of answers."""
        return self.instrument.items


@lru_cache(maxsize=8)
def key(catalog: Catalog) -> Key:
    """Return the scoring key of a catalogue; the result is cached."""
    items, scales = tuple(catalog.items.values()), tuple(catalog.scales)
    return Key(
        instrument=likert.Instrument(
            items=tuple(item.id for item in items),
            scales=scales,
            low=np.array([item.low for item in items], float),
            high=np.array([item.high for item in items], float),
            reverse=np.array([item.reverse for item in items]),
            member=np.array([[item.scale == scale for item in items] for scale in scales], float),
        ),
        quick=np.array([item.quick for item in items]),
        measures=tuple(measures.ranges(catalog)),
    )


@lru_cache(maxsize=8)
def measure_columns(catalog: Catalog) -> dict[str, int]:
    """Return the column of each measure in the result of :func:`measure`."""
    return {name: number for number, name in enumerate(key(catalog).measures)}


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Answers and facts of clients as arrays, one row for each client.

    ``answers`` (clients x items): NaN if unanswered. ``asked`` (clients x items): whether the present form asks it.
    ``signs`` (clients x signs), ``tried`` (clients x steps), ``situation`` (clients): positions in SIGN_ANSWERS, TRIED
    and SITUATIONS; -1 if not told.
    ``years`` (clients): NaN if not told.
    ``role`` (clients): position among the catalogue's roles; -1 if not told, -2 (OTHER) for any other role.
    ``experience`` (clients x kinds), ``fixed`` (clients x FIXED), ``priorities`` (clients x worries): whether named.
    """

    answers: Floats
    asked: Bools
    signs: Ints
    tried: Ints
    situation: Ints
    years: Floats
    role: Ints
    experience: Bools
    fixed: Bools
    priorities: Bools


def tabulate(catalog: Catalog, cases: Sequence[Case]) -> Table:
    """Return the table of ``cases``, one row for each case."""
    columns = key(catalog)
    frustrations = catalog.of_kind("frustration")

    def positions(told: dict[str, str], ids: Sequence[str], codes: Sequence[str]) -> list[int]:
        return [codes.index(told[name]) if name in told else -1 for name in ids]

    def rows(found: list[list[Any]], width: int, kind: type) -> NDArray[Any]:
        return np.array(found, kind).reshape(len(cases), width)  # a cohort may be empty

    facts = [case.facts for case in cases]
    items, signs, steps = tuple(catalog.items.values()), tuple(catalog.signs), tuple(catalog.steps)
    answers = [[case.responses.get(item, np.nan) for item in columns.items] for case in cases]
    asked = [[item.quick or item.scale in fact.widened for item in items] for fact in facts]

    def named(attribute: str, names: Sequence[str]) -> Bools:
        return rows([[name in getattr(fact, attribute) for name in names] for fact in facts], len(names), bool)

    return Table(
        answers=rows(answers, len(items), float),
        asked=rows(asked, len(items), bool),
        signs=rows([positions(dict(fact.signs), signs, SIGN_ANSWERS) for fact in facts], len(signs), np.intp),
        tried=rows([positions(dict(fact.tried), steps, TRIED) for fact in facts], len(steps), np.intp),
        situation=np.array([SITUATIONS.index(fact.situation) if fact.situation else -1 for fact in facts], np.intp),
        years=np.array([np.nan if fact.years is None else fact.years for fact in facts], float),
        role=np.array([role_position(catalog, fact.role) for fact in facts], np.intp),
        experience=named("experience", tuple(catalog.statements["experience"])),
        fixed=named("fixed", FIXED),
        priorities=named("priorities", frustrations),
    )


OTHER = -2  # a role that the catalogue does not describe


def role_position(catalog: Catalog, role: str | None) -> int:
    """Return the position of a role in the catalogue; -1 if it was not told, OTHER if the catalogue lacks it."""
    return -1 if role is None else list(catalog.roles).index(role) if role in catalog.roles else OTHER


def score(catalog: Catalog, table: Table) -> Floats:
    """Return clients x scales: 0-100 percent of maximum possible, NaN if too few items are answered."""
    needed = catalog.scoring.min_answered
    return likert.score(key(catalog).instrument, table.answers, asked=table.asked, min_answered=needed)


def _divide(total: Floats, count: NDArray[Any], enough: Bools) -> Floats:
    return np.asarray(np.divide(total, count, out=np.full(total.shape, np.nan), where=enough))


def composite(catalog: Catalog, scores: Floats, signs: Sequence[int], least: int | None = None) -> Floats:
    """Return the mean (clients) of the scores of several scales, 0-100; NaN if too few of them are scored.

    ``signs`` (scales): 1 adds the score, -1 adds 100 - score, 0 leaves the scale out.
    ``least``: how many scales must be scored (default: the share ``min_answered`` of the scoring version).
    """
    keyed = np.asarray(signs)
    used = keyed != 0
    values = np.where(keyed[used] < 0, 100 - scores[:, used], scores[:, used])
    scored = ~np.isnan(values)
    count = scored.sum(axis=1)
    needed = catalog.scoring.min_answered * used.sum() - SLACK if least is None else least
    enough = (count > 0) & (count >= needed)
    total = np.ascontiguousarray(np.where(scored, values, 0.0)).sum(axis=1)  # same bits for any number of clients
    return _divide(total, count, enough)


def measure(catalog: Catalog, table: Table, scores: Floats) -> Floats:
    """Return clients x measures in the order of ``key(catalog).measures``; NaN if a client has not told enough.

    ``first_<path>`` is 0 here; :func:`.advice.with_first` sets it.
    """
    kinds = [scale.kind for scale in catalog.scales.values()]

    def mean_of(plus: str, minus: str = "") -> Floats:
        return composite(catalog, scores, [(kind == plus) - (kind == minus) for kind in kinds])[:, None]

    def counts(codes: Ints, size: int) -> Floats:
        told = (codes >= 0).any(axis=1, keepdims=True)
        return np.where(told, np.stack([(codes == code).sum(axis=1) for code in range(size)], axis=1), np.nan)

    def percent(condition: Any) -> Floats:  # noqa: ANN401  (an array of bools)
        return np.where(condition, 100.0, 0.0)

    inside = set(measures.present_steps(catalog.steps))
    present = np.array([name in inside for name in catalog.steps], dtype=bool)
    helped, in_vain = (table.tried == TRIED.index(answer) for answer in ("with_effect", "without_effect"))
    weighed = catalog.scoring.choosing is not None  # then signs of clients who want in do not count: they have no job
    at_work = ~(weighed & (table.situation == SITUATIONS.index("wants_in")))[:, None]
    told = at_work & (table.tried >= 0).any(axis=1, keepdims=True)
    effects = np.array([kind == "consequence" for kind in kinds], dtype=bool)
    return np.concatenate(
        [
            scores,
            mean_of("fit", "misfit"),
            mean_of("frustration"),
            mean_of("consequence"),
            counts(np.where(at_work, table.signs, -1), len(SIGN_ANSWERS)),
            counts(table.tried[:, present], len(TRIED)),
            percent(table.situation[:, None] == np.arange(len(SITUATIONS))),
            np.full((len(scores), 1), 100.0),
            table.years[:, None],
            percent(table.experience.any(axis=1, keepdims=True)),
            percent(table.priorities),
            percent(np.stack([helped, in_vain], axis=2).reshape(len(scores), 2 * len(present))),
            *_about_worries(catalog, scores, in_vain & present, told),
            percent(_employed(table))[:, None],
            (np.nan_to_num(scores[:, effects]) >= catalog.scoring.bands["score"].high - SLACK).sum(
                axis=1, keepdims=True
            ),
            percent(help_needed(catalog, scores))[:, None],
            percent(np.equal(table.role[:, None], np.arange(len(catalog.roles)))),
            percent(table.experience),
            percent(table.fixed),
            np.zeros((len(scores), len(catalog.paths))),  # advice.with_first sets these
        ],
        axis=1,
    )


def help_needed(catalog: Catalog, scores: Floats) -> Bools:
    """Return, for each client, whether the adviser should name help from outside.

    Help is needed if the mean of the effects reaches ``help_at`` (at least :data:`LEAST_EFFECTS` must be scored), or if
    the scale ``motivation`` (falling motivation) exceeds it. A skipped effect does not hide the others.
    """
    effects, limit = [scale.kind == "consequence" for scale in catalog.scales.values()], catalog.scoring.hints.help_at
    mean = composite(catalog, scores, effects, least=LEAST_EFFECTS)
    return np.asarray((mean >= limit) | (scores[:, measure_columns(catalog)["motivation"]] > limit), dtype=np.bool_)


def _about_worries(catalog: Catalog, scores: Floats, in_vain: Any, told: Any) -> tuple[Floats, Floats]:  # noqa: ANN401
    """Return two arrays (clients x 1): the highest worry, and the number of relevant steps that were tried in vain."""
    most = _worries(catalog, scores).max(axis=1, keepdims=True, initial=-1.0)
    count = relevant(catalog, scores, in_vain).sum(axis=1, keepdims=True)
    return np.where(most < 0, np.nan, most), np.where(told, count, np.nan)


def relevant(catalog: Catalog, scores: Floats, in_vain: Any) -> Bools:  # noqa: ANN401  (an array of bools)
    """Return clients x steps: whether a step was tried in vain and answers a high worry; all False before 2026-2."""
    choosing = catalog.scoring.choosing
    if choosing is None:
        return np.zeros(in_vain.shape, dtype=bool)
    worries, steps = catalog.of_kind("frustration"), catalog.steps.values()
    answers = np.array([[worry in step.answers for step in steps] for worry in worries], bool)
    return np.asarray(in_vain & ((_worries(catalog, scores) >= choosing.worry) @ answers), dtype=np.bool_)


def _worries(catalog: Catalog, scores: Floats) -> Floats:
    """Return clients x worries: the scores, -1 if missing."""
    scales = tuple(catalog.scales)
    return np.nan_to_num(scores[:, [scales.index(worry) for worry in catalog.of_kind("frustration")]], nan=-1.0)


def _employed(table: Table) -> Bools:
    """Return, for each client, whether they have a job: they are inside, or unsure and told something about a job."""
    inside, unsure = (table.situation == SITUATIONS.index(name) for name in ("inside", "unsure"))
    told = (table.role != -1) | ~np.isnan(table.years) | (table.signs >= 0).any(axis=1) | (table.tried >= 0).any(axis=1)
    employed: Bools = np.logical_or(inside, np.logical_and(unsure, told))
    return employed

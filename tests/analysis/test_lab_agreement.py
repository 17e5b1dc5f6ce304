"""How often quick and full form agree: everybody who was asked everything is counted once, silence apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from advisor.analysis.lab.agreement import agreement
from advisor.analysis.lab.outcome import NOBODY, evaluate, some_rows
from advisor.analysis.lab.parameters import vary
from advisor.content.model import Case, Facts
from advisor.scoring import scores
from advisor.scoring.reading import read
from tests.labs import people
from tests.support import CATALOG, THEN

TABLE = people(600).table
EVERYTHING = tuple(CATALOG.scales)


def points(kind: str, quick: int, others: int) -> dict[str, int]:
    """Return answers to all scales of a kind, those of the quick form apart."""
    items = [item for item in CATALOG.items.values() if CATALOG.scales[item.scale].kind == kind]
    return {item.id: quick if item.quick else others for item in items}


def test_each_is_counted_once_as_the_two_readings_say() -> None:
    found = agreement(evaluate(CATALOG, TABLE))
    rows = np.flatnonzero(TABLE.asked.all(axis=1))
    assert found.n == len(rows) > 100
    assert found.told + found.quick_silent + found.full_silent + found.both_silent == found.n
    assert found.flows.counts.sum() == found.n
    quick = np.broadcast_to(scores.key(CATALOG).quick, TABLE.asked.shape)
    full, short = (evaluate(CATALOG, some_rows(table, rows)) for table in (TABLE, replace(TABLE, asked=quick)))
    told = ~full.silent & ~short.silent
    assert found.same == (full.first_path == short.first_path)[told].sum() > found.told / 2
    assert found.level > 0
    assert found.other > 0
    assert found.both_silent == (full.silent & short.silent).sum()
    assert found.quick_silent == (short.silent & ~full.silent).sum()
    assert 1 < found.steps < 3


def test_a_form_that_says_nothing_agrees_with_nothing() -> None:
    """Somebody answered all but the quick questions: the quick form has nothing to say, the full form has."""
    facts = Facts(situation="inside", widened=EVERYTHING)
    answers = {item.id: 3 for item in CATALOG.items.values()}
    some = {name: value for name, value in answers.items() if not CATALOG.items[name].quick}
    loose = replace(CATALOG, scoring=CATALOG.scoring.model_copy(update={"min_answered": 0.5}))
    found = agreement(evaluate(loose, scores.tabulate(loose, [Case(some, facts=facts)])))
    assert (found.n, found.quick_silent, found.told) == (1, 1, 0)
    assert np.isnan(found.steps)
    silence = found.flows.targets.index("silent")
    assert found.flows.counts[:, silence].sum() == 1
    both = agreement(evaluate(CATALOG, scores.tabulate(CATALOG, [Case({}, facts=facts), Case(answers, facts=facts)])))
    assert (both.n, both.both_silent, both.same) == (2, 1, 1)
    assert both.flows.counts[silence, silence] == 1


def test_paths_told_as_level_are_no_disagreement() -> None:
    found = agreement(evaluate(CATALOG, TABLE))
    wide = vary(CATALOG, {"choosing.near_tie": 20})
    level = agreement(evaluate(wide, TABLE))
    assert level.same == found.same
    assert level.level > found.level


def test_where_nobody_was_asked_everything_nobody_is_counted() -> None:
    found = agreement(evaluate(CATALOG, scores.tabulate(CATALOG, [Case(), Case()])))
    assert (found.n, found.told) == (0, 0)


def test_in_the_first_version_nobody_is_silent_and_nothing_is_level() -> None:
    found = agreement(evaluate(THEN, people(600, THEN).table))
    assert found.same + found.other == found.n > 100
    assert NOBODY not in evaluate(THEN, people(100, THEN).table).first_path


def test_one_client_is_read_alike_by_the_workbook() -> None:
    facts = Facts(situation="wants_in", widened=EVERYTHING)
    answers = points("fit", 5, 2) | points("misfit", 1, 4)
    short = {name: value for name, value in answers.items() if CATALOG.items[name].quick}
    firsts = [
        read(CATALOG, told, replace(facts, widened=widened)).paths[0].target
        for told, widened in ((answers, EVERYTHING), (short, ()))
    ]
    found = agreement(evaluate(CATALOG, scores.tabulate(CATALOG, [Case(answers, facts=facts)])))
    targets = found.flows.targets
    assert found.flows.counts[targets.index(firsts[0]), targets.index(firsts[1])] == 1

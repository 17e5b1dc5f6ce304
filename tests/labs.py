"""The synthetic cohort for tests of the lab: a part of it is enough where every change is evaluated anew."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from advisor import catalog as catalogs
from advisor.cohort.cases import Cohort, load
from advisor.lab.bench import SAMPLE
from advisor.lab.outcome import some_rows
from tests.support import CATALOG


@cache
def everybody() -> Cohort:
    """Return the synthetic cohort as the lab opens it."""
    return load(CATALOG, catalogs.data_dir() / SAMPLE)


def people(count: int) -> Cohort:
    """Return the first ``count`` of the synthetic cohort."""
    cohort, some = everybody(), slice(0, count)
    table = some_rows(cohort.table, some)
    return replace(cohort, table=table, segments=cohort.segments.iloc[some], ids=cohort.ids.iloc[some])

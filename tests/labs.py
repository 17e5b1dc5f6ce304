"""The synthetic cohort for tests of the lab: a part of it is enough where every change is evaluated anew."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from advisor.analysis.cohort.facts import Cohort, load
from advisor.analysis.lab.outcome import some_rows
from advisor.analysis.lab.trial import SAMPLE
from advisor.content.folder import data_dir
from tests.support import CATALOG

if TYPE_CHECKING:
    from advisor.content.catalog import Catalog


@cache
def everybody(catalog: Catalog = CATALOG) -> Cohort:
    """Return the synthetic cohort as the lab opens it."""
    return load(catalog, data_dir() / SAMPLE)


def people(count: int, catalog: Catalog = CATALOG) -> Cohort:
    """Return the first ``count`` of the synthetic cohort."""
    cohort, some = everybody(catalog), slice(0, count)
    table = some_rows(cohort.table, some)
    return replace(cohort, table=table, segments=cohort.segments.iloc[some], ids=cohort.ids.iloc[some])

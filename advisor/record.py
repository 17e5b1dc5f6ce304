"""A session record as JSON and back; what comes back is checked like anything else from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from advisor import scoring
from advisor.cases import problems_of_case
from advisor.model import Record

if TYPE_CHECKING:
    from advisor.catalog import Catalog

STEPS = ("start", "aptitude", "frustrations", "workplace", "results", "next", "summary")
MOST_CHOSEN = 3
_RECORD = TypeAdapter(Record)


def new(catalog: Catalog) -> Record:
    """Return an empty record for today's catalogue and scoring."""
    return Record(digest=catalog.digest, scoring=f"{catalog.scoring.version}+{scoring.VERSION}")


def dump(record: Record) -> str:
    """Return the record as JSON."""
    return _RECORD.dump_json(record).decode()


def load(catalog: Catalog, text: str) -> Record | None:
    """Return the record in ``text``, or None when it is not a record that fits this catalogue."""
    try:
        record = _RECORD.validate_json(text, strict=True)
    except ValidationError:
        return None
    known = (
        record.step in STEPS
        and record.revision >= 0
        and (record.plan.path is None or record.plan.path in catalog.paths)
        and len(record.plan.steps) <= MOST_CHOSEN
        and len(set(record.plan.steps)) == len(record.plan.steps)
        and all(step in catalog.steps for step in record.plan.steps)
    )
    return record if known and not any(problems_of_case(catalog, record.case)) else None

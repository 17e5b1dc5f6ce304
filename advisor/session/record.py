"""A visit's record as JSON and back, and the difference of two records; what comes back is checked like anything else.

JSON leaves out what stands at its default, so it never holds a null, and RFC 7396 (JSON Merge Patch, 2014) says exactly
what changed between two records: a value that is set, or null for one that went back to its default.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from advisor.content import formats
from advisor.content.case_checks import problems_of_case
from advisor.content.model import Case
from advisor.scoring import scores
from advisor.session import remarks
from advisor.session.model import Ahead, Record
from advisor.session.plans import problems_of_plan, taken_along

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.content.catalog import Catalog

STEPS = (
    "start", "aptitude", "frustrations", "workplace", "results", "next", "plan", "worksheets", "summary",
)  # fmt: skip
_RECORD, _AHEAD = TypeAdapter(Record), TypeAdapter(Ahead)
Patch = dict[str, Any]


def new(catalog: Catalog) -> Record:
    """Return an empty record for today's catalogue and scoring."""
    return Record(digest=catalog.digest, scoring=f"{catalog.scoring.version}+{scores.VERSION}")


def follow_up(catalog: Catalog, last: Record, visit: str = "") -> Record:
    """Return the record of a client's next visit: facts and worksheets go on, answers are asked anew.

    ``visit``: the id of the last one; with it a calendar knows its actions again, also when it is erased.
    """
    facts = replace(last.case.facts, priorities=(), wish="")
    begun = replace(
        new(catalog),
        case=Case(facts=facts),
        worksheets=last.worksheets,
        handout=last.handout,
        review=taken_along(visit, last.plan) if visit else last.plan.chosen,
        language=last.language,
    )
    if fits(catalog, begun):
        return begun
    return replace(new(catalog), language=last.language)  # last time's catalogue knew other things


def dump(record: Record) -> str:
    """Return the record as JSON."""
    return _RECORD.dump_json(record, exclude_defaults=True).decode()


def parse(text: str) -> Record | None:
    """Return the record in ``text``, or None when it has not the shape of one; what it says is not checked.

    A record of years ago is brought to today's form (:mod:`advisor.content.formats`).
    """
    try:
        return _RECORD.validate_json(formats.record_text(text), strict=True)
    except ValidationError:
        return None


def ahead(text: str) -> Ahead | None:
    """Return what the record in ``text`` says of the days after it, in half the time that :func:`parse` takes."""
    try:
        return _AHEAD.validate_json(formats.record_text(text), strict=True)
    except ValidationError:
        return None


def load(catalog: Catalog, text: str) -> Record | None:
    """Return the record in ``text``, or None when it is not a record that fits this catalogue."""
    record = parse(text)
    return record if record is not None and fits(catalog, record) else None


def fits(catalog: Catalog, record: Record) -> bool:
    """Return whether everything in the record can stand in this catalogue."""
    return not any(problems(catalog, record))


def problems(catalog: Catalog, record: Record) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield where in the record something is wrong, and what; nothing when all of it can stand in this catalogue."""
    if record.step not in STEPS:
        yield ("step",), "no step of the session has this name"
    if record.revision < 0:
        yield ("revision",), "must not be negative"
    if any(moment.tzinfo is None for moment in record.corrected):
        yield ("corrected",), "a moment needs its time zone"
    yield from ((place, why.kind) for place, why in problems_of_case(catalog, record.case))
    yield from problems_of_plan(catalog, record)
    yield from remarks.problems(catalog, record)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a record."""
    return _RECORD.json_schema()


def difference(before: Record, after: Record) -> Patch:
    """Return the JSON Merge Patch that makes ``after`` of ``before``."""
    return _difference(json.loads(dump(before)), json.loads(dump(after)))


def changed(record: Record, patch: Patch) -> Record | None:
    """Return the record after a merge patch, or None when what comes out has not the shape of a record."""
    return parse(json.dumps(merged(json.loads(dump(record)), formats.record(patch))))


def on_top(base: Record, theirs: Record, mine: Record) -> Record | None:
    """Return ``theirs`` with whatever ``mine`` changed since ``base``, field by field, also in actions and rows.

    Where it is not certain which action or row is which, they are those of ``mine``. None when what comes out has not
    the shape of a record.
    """
    both = parse(json.dumps(_on_top(*(json.loads(dump(record)) for record in (base, theirs, mine)))))
    return both and replace(both, corrected=tuple(sorted({*theirs.corrected, *mine.corrected})))


def _difference(before: Patch, after: Patch) -> Patch:
    patch: Patch = dict.fromkeys(before.keys() - after.keys())
    for key, value in after.items():
        old = before.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            if inner := _difference(old, value):
                patch[key] = inner
        elif old != value:
            patch[key] = value
    return patch


def merged(target: Any, patch: Any) -> Any:  # noqa: ANN401  (JSON)
    """Return a JSON value after a merge patch."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def _on_top(base: Any, theirs: Any, mine: Any) -> Any:  # noqa: ANN401  (JSON; None: it is not there)
    if mine == base:
        return theirs
    if theirs in (base, mine):
        return mine
    if isinstance(theirs, dict) and isinstance(mine, dict):
        was = base if isinstance(base, dict) else {}
        both = {key: _on_top(was.get(key), theirs.get(key), mine.get(key)) for key in {**theirs, **mine}}
        return {key: value for key, value in both.items() if value is not None}
    if all(isinstance(rows, list) and all(isinstance(row, dict) for row in rows) for rows in (base, theirs, mine)):
        return _rows_on_top(base, theirs, mine)
    return mine


def _rows_on_top(base: list[Patch], theirs: list[Patch], mine: list[Patch]) -> list[Patch]:
    """Return the rows of whichever side added, removed or moved some, with the changes of both in each."""
    old, other, own = ({row.get("id", place): row for place, row in enumerate(rows)} for rows in (base, theirs, mine))
    if list(other) != list(old) and list(own) != list(old):
        return mine
    kept = own if list(other) == list(old) else other
    gone = old.keys() - kept.keys()
    if any(old[name] != own.get(name, old[name]) or isinstance(name, int) for name in gone):
        return mine  # what was changed here has gone there, or nobody knows which row it was
    return [_on_top(old.get(name), other.get(name, own.get(name)), own.get(name, other.get(name))) for name in kept]

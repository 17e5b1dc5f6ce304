"""Conversion of a record to JSON and back, checks of a record, and the difference of two records.

The JSON leaves out fields that have their default, so it never contains null. Therefore a JSON Merge Patch (RFC 7396,
2014) can describe every change between two records: a new value, or null for a field that returned to its default.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from advisor.content import formats
from advisor.content.case_checks import problems_of_case
from advisor.content.model import TRAITS, WORRIES, Case
from advisor.scoring import scores
from advisor.session import account, client_screen, remarks
from advisor.session.model import SCREEN_KEY, Ahead, Record
from advisor.session.plans import problems_of_plan, taken_along

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from advisor.content.catalog import Catalog

SCREEN_IDS = (
    "start", "aptitude", "frustrations", "workplace", "results", "next", "plan", "worksheets", "summary",
)  # fmt: skip
# where somebody is in a visit, and how they look at it: no content
PLACE = ("screen", "language", "revision", "client_screen", "changed_by", "crossed")
KINDS = {"aptitude": TRAITS, "frustrations": WORRIES}  # the kinds of scales that a screen asks for
_RECORD, _AHEAD = TypeAdapter(Record), TypeAdapter(Ahead)
Patch = dict[str, Any]
Path = tuple[str | int, ...]  # of a field in the JSON of a record; rows go by their id, else by their number


def new(catalog: Catalog) -> Record:
    """Return an empty record for this catalogue and the present scoring procedure."""
    return Record(digest=catalog.digest, scoring=f"{catalog.scoring.version}+{scores.VERSION}")


def follow_up(catalog: Catalog, last: Record, visit: str = "") -> Record:
    """Return the record for a client's next visit: it keeps facts and worksheets, but no answers, priorities and wish.

    ``visit``: the id of the last visit. With it the actions get names by which a calendar recognises them, even after
    the last visit is erased.
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
    return replace(new(catalog), language=last.language)  # last time's catalogue had ids that this one lacks


def dump(record: Record) -> str:
    """Return the record as JSON, without fields that have their default."""
    return _RECORD.dump_json(record, by_alias=True, exclude_defaults=True).decode()


def parse(text: str) -> Record | None:
    """Return the record in ``text``, or None if it is not JSON of a record; values are not checked (see :func:`load`).

    :mod:`advisor.content.formats` brings an old record to today's form.
    """
    try:
        return _RECORD.validate_json(formats.record_text(text), strict=True)
    except ValidationError:
        return None


def ahead(text: str) -> Ahead | None:
    """Return only the fields about the days after the visit from the record in ``text``; twice as fast as parse."""
    try:
        return _AHEAD.validate_json(formats.record_text(text), strict=True)
    except ValidationError:
        return None


def load(catalog: Catalog, text: str) -> Record | None:
    """Return the record in ``text``, or None if it is not a record that is sound for this catalogue."""
    record = parse(text)
    return record if record is not None and fits(catalog, record) else None


def fits(catalog: Catalog, record: Record) -> bool:
    """Return whether the record is sound for this catalogue (see :func:`problems`)."""
    return not any(problems(catalog, record))


def problems(catalog: Catalog, record: Record) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the place and the reason of each wrong value: unknown ids, values out of range; nothing if all is sound."""
    if record.screen not in SCREEN_IDS:
        yield (SCREEN_KEY,), "no screen has this id"
    if record.revision < 0:
        yield ("revision",), "must not be negative"
    if any(moment.tzinfo is None for moment in record.corrected):
        yield ("corrected",), "a moment needs its time zone"
    yield from ((place, why.kind) for place, why in problems_of_case(catalog, record.case))
    yield from problems_of_plan(catalog, record)
    yield from remarks.problems(catalog, record)
    yield from account.problems(record, SCREEN_IDS)
    yield from client_screen.problems(record, SCREEN_IDS)
    if record.advance is not None:
        before = Case(responses=record.advance.responses)
        yield from ((("advance", *place), why.kind) for place, why in problems_of_case(catalog, before))
        if record.advance.at.tzinfo is None:
            yield ("advance", "at"), "a moment needs its time zone"


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a record."""
    return _RECORD.json_schema()


def difference(before: Record, after: Record) -> Patch:
    """Return the JSON Merge Patch that turns ``before`` into ``after``."""
    return _difference(json.loads(dump(before)), json.loads(dump(after)))


def changed(record: Record, patch: Patch) -> Record | None:
    """Return the record after a merge patch, or None if the result is not a record."""
    return parse(json.dumps(merged(json.loads(dump(record)), formats.record(patch))))


def on_top(base: Record, theirs: Record, mine: Record) -> Record | None:
    """Merge two records: return ``theirs`` with all changes that ``mine`` made since ``base``.

    The merge goes field by field, also within actions and rows. If actions or rows cannot be matched with certainty,
    the result has all of those of ``mine``. None if the result is not a record.
    """
    both = parse(json.dumps(_on_top(*(json.loads(dump(record)) for record in (base, theirs, mine)))))
    corrected = tuple(sorted({*theirs.corrected, *mine.corrected}))
    return both and replace(both, corrected=corrected, shown=account.united(theirs.shown, mine.shown))


def places(before: Record, after: Record) -> frozenset[Path]:
    """Return the paths of all fields that differ between two records, also inside actions and rows.

    If rows were added, removed or moved, the path of their list is there, ending with ``"rows"``, and that of each
    row that was removed.
    """
    return frozenset(_places(json.loads(dump(before)), json.loads(dump(after)), ()))


def clash(mine: frozenset[Path], theirs: frozenset[Path]) -> bool:
    """Return whether changes cannot be put together: one side added, moved or took away what the other changed."""
    return any(_covers(one, other) or _covers(other, one) for one in mine for other in theirs)


def _covers(path: Path, other: Path) -> bool:
    """Return whether a change at ``path`` touches everything that is inside it, and ``other`` is inside."""
    if path[-1] == "rows":
        return other[: len(path) - 1] == path[:-1]
    return len(other) > len(path) and other[: len(path)] == path


def put_back(record: Record, source: Record, paths: Iterable[Path]) -> Record | None:
    """Return the record with the values that ``source`` has at these paths, or None if the result is not a record."""
    values, target = json.loads(dump(source)), json.loads(dump(record))
    for path in sorted(paths, key=lambda path: path[-1] == "rows"):  # a whole list comes last
        target = _with(target, values, path)
    return parse(json.dumps(target))


def _places(before: Any, after: Any, path: Path) -> Iterator[Path]:  # noqa: ANN401  (JSON; None: the key is absent)
    if before == after:
        return
    old, new = _keyed(before), _keyed(after)
    if old is None or new is None or not (before or after):
        yield path
        return
    if isinstance(before or after, list) and list(old) != list(new):
        yield (*path, "rows")
        yield from ((*path, key) for key in old if key not in new)
        new, old = ({key: rows[key] for key in old if key in new} for rows in (new, old))
    for key in {**old, **new}:
        yield from _places(old.get(key), new.get(key), (*path, key))


def _keyed(node: Any) -> dict[Any, Any] | None:  # noqa: ANN401  (JSON)
    """Return what is inside a node by its key; None for a plain value, which has nothing inside."""
    if node is None:
        return {}
    if isinstance(node, dict):
        return node
    if isinstance(node, list) and all(isinstance(row, dict) for row in node):
        return {row.get("id", number): row for number, row in enumerate(node)}
    return None


def _with(target: Any, source: Any, path: Path) -> Any:  # noqa: ANN401  (JSON)
    """Return ``target`` with the value of ``source`` at a path; without one there, the key goes."""
    if not path or path == ("rows",):
        return source
    key, rest = path[0], path[1:]
    own, other = _keyed(target) or {}, _keyed(source) or {}
    value = _with(own.get(key), other.get(key), rest)
    filled = {name: node for name, node in {**own, key: value}.items() if node is not None}
    return list(filled.values()) if isinstance(target or source, list) else filled


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
    """Return a JSON value after a merge patch (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def _on_top(base: Any, theirs: Any, mine: Any) -> Any:  # noqa: ANN401  (JSON; None: the key is absent)
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
    """Return the rows with the changes of both sides; only one side may have added, removed or moved rows."""
    old, other, own = ({row.get("id", place): row for place, row in enumerate(rows)} for rows in (base, theirs, mine))
    if list(other) != list(old) and list(own) != list(old):
        return mine
    kept = own if list(other) == list(old) else other
    gone = old.keys() - kept.keys()
    if any(old[name] != own.get(name, old[name]) or isinstance(name, int) for name in gone):
        return mine  # mine changed a row that theirs removed, or a row without id was removed and cannot be matched
    return [_on_top(old.get(name), other.get(name, own.get(name)), own.get(name, other.get(name))) for name in kept]

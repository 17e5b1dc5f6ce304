"""Reads JSON: one object for each person, as survey tools and programs export them, as a table.

The objects stand in a list, one on each line, or under one key. What is nested one step deeper is taken out of it.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

from advisor.analysis.cohort import limits
from advisor.analysis.cohort.model import CohortFile, Grid, RefusedError

Record = dict[str, Any]
_OURS = "advisor-workbook"  # the "format" of an interchange file


def look(path: Path) -> tuple[Grid, ...]:
    """Return the table that the records are; its people are held as CSV.

    Raises:
        RefusedError: it is no list of records, is one of the workbook's own files of a client, or is too large.
    """
    if path.stat().st_size > limits.JSON_BYTES:
        raise RefusedError("json_long", {"limit": str(limits.JSON_BYTES >> 20)})
    records = [_flat(record) for record in _records(_parsed(path.read_bytes()))]
    names = tuple(dict.fromkeys(name for record in records for name in record))
    if not names or len(names) > limits.COLUMNS:
        raise RefusedError("kind_json")
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([_cell(record.get(name)) for name in names] for record in records)
    return (Grid(CohortFile(path, "json", names, (), (), turned=text.getvalue().encode()), (names,)),)


def _parsed(data: bytes) -> Any:  # noqa: ANN401  (whatever stands there)
    try:
        try:
            return json.loads(data, object_pairs_hook=_once)
        except json.JSONDecodeError:
            lines = data.decode(json.detect_encoding(data)).splitlines()
            return [json.loads(line, object_pairs_hook=_once) for line in lines if line.strip()]
    except (ValueError, RecursionError):  # an encoding that JSON does not have, and figures without an end, too
        raise RefusedError("json_broken") from None


def _once(pairs: list[tuple[str, Any]]) -> Record:
    """Return an object; of two values under one key, Python would keep the last."""
    record = dict(pairs)
    if len(record) < len(pairs):
        twice = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        raise RefusedError("doubled", {"columns": twice[: limits.SHOWN]})
    return record


def _records(told: Any) -> list[Record]:  # noqa: ANN401  (as above)
    """Return the objects, one for each person.

    Raises:
        RefusedError: there is no one list of them.
    """
    if isinstance(told, dict):
        if told.get("format") == _OURS:
            raise RefusedError("kind_own")
        inside = [value for value in told.values() if isinstance(value, list)]
        told = inside[0] if len(inside) == 1 else []
    if not told or not isinstance(told, list) or not all(isinstance(record, dict) for record in told):
        raise RefusedError("kind_json")
    # LimeSurvey puts each person's answers under their number
    return [
        next(iter(one.values())) if len(one) == 1 and isinstance(next(iter(one.values())), dict) else one
        for one in told
    ]


def _flat(record: Record) -> Record:
    """Return the record with what stands in objects inside it; a name that is there twice keeps the outer one, too."""
    if not any(isinstance(value, dict) for value in record.values()):
        return record
    found: Record = {}
    for name, value in record.items():
        for inner, cell in value.items() if isinstance(value, dict) else ((name, value),):
            found[f"{name}.{inner}" if inner in found or (inner != name and inner in record) else inner] = cell
    return found


def _cell(value: Any) -> str:  # noqa: ANN401  (as above)
    if value is None:
        return ""
    if type(value) is int:  # as most answers are: JSON says the same, and takes many times as long
        return str(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

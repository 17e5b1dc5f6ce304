"""Conversion of old catalogues and records to today's form.

The store keeps catalogues and records of years ago. These never change, but the classes in
:mod:`advisor.content.model`, :mod:`advisor.content.words` and :mod:`advisor.session.model` do. Without a conversion the
workbook could no longer open old visits. So these changes need a step in this module, in the same commit:

- A field of a catalogue's row is new and required, is renamed or removed, or allows fewer values than before.
- A file of ``data/`` is renamed, split or removed. (A new file or a new group of words needs no step: old catalogues
  are read as if they had an empty one.)
- A key of the record is renamed, moved or removed, or allows fewer values. (A new key with a default needs no step.)

A step is a function from plain values to plain values, as JSON or the files have them. A step gets every form that
exists, today's form too. It recognises an old form by the keys that are present or missing, and returns all other
values unchanged. Steps run in the order in which they were added.

:data:`CATALOGUE` holds the steps for the files of a catalogue. They get values by file name; the cells of a CSV file
are still text. :data:`RECORD` holds the steps for a record. They also get merge patches: a patch has only some keys,
and null removes a key.

This example gives every step of the guidance a new required field ``minutes``::

    def _minutes(files: Values) -> Values:
        rows = {name: {"minutes": 30, **row} for name, row in files["guidance/steps.yaml"].items()}
        return {**files, "guidance/steps.yaml": rows}

``tests/content/test_fixtures.py`` opens files that older code has written. It fails while such a step is missing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from advisor.content.words import FILES, LANGUAGES

Values = dict[str, Any]
Conversion = Callable[[Values], Values]
CATALOGUE: tuple[Conversion, ...]
RECORD: tuple[Conversion, ...] = ()


def _scoring_alone(files: Values) -> Values:
    """Rename the scoring file: until November 2026 its name was ``scoring/<version>.yaml``."""
    return {"scoring.yaml" if name.startswith("scoring/") else name: value for name, value in files.items()}


CATALOGUE = (_scoring_alone,)


def catalogue(files: Values) -> Values:
    """Return the files of a kept catalogue in today's form; keys are file names."""
    for step in CATALOGUE:
        files = step(files)
    return _regrouped(files)


def record(kept: Values) -> Values:
    """Return a record, or a merge patch of a record, with today's keys."""
    for step in RECORD:
        kept = step(kept)
    return kept


def record_text(text: str) -> str:
    """Return a record as JSON with today's keys; a text that is not a JSON object is returned unchanged."""
    if not RECORD:  # no step exists yet, so lists of a thousand visits need not be parsed twice
        return text
    try:
        kept = json.loads(text)
    except ValueError:
        return text
    return json.dumps(record(kept), ensure_ascii=False) if isinstance(kept, dict) else text


def interchange(content: bytes) -> bytes:
    """Return a file of :mod:`advisor.report.interchange`; its records and changes get today's keys."""
    if not RECORD:
        return content
    document = json.loads(content)
    for name, inner in (("visits", "record"), ("changes", "patch")):
        rows = document.get(name)
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict) and isinstance(row.get(inner), dict):
                row[inner] = record(row[inner])
    return json.dumps(document, ensure_ascii=False).encode()


def _regrouped(files: Values) -> Values:
    """Move each group of words to the file that holds it today; drop the groups that no longer exist.

    The files of the screens' sentences are split now and then. Every catalogue uses today's sentences
    (:mod:`advisor.content.translator`), so the old ones need not be kept.
    """
    regrouped = dict(files)
    for language in LANGUAGES:
        folder = f"text/{language}/"
        groups: Values = {}
        for name in [name for name in files if name.startswith(folder)]:
            value = regrouped.pop(name)
            groups |= value if isinstance(value, dict) else {}
        for name, keys in FILES.items():
            regrouped[f"{folder}{name}"] = {key: groups[key] for key in keys if key in groups}
    return regrouped

"""Old forms of what is kept, brought to today's: the one place for it.

The store keeps catalogues and records of years ago. They never change, and the shapes of :mod:`advisor.content.model`,
:mod:`advisor.content.words` and :mod:`advisor.session.model` do. So whoever changes a shape adds a step here, in the
same change:

- a field of a catalogue's row that is new and required, renamed, taken away, or may hold less than before;
- a file of ``data/`` that is renamed, split or taken away (a file or a group of words that is only new needs no step:
  an old catalogue is read as if it had an empty one);
- a key of the record that is renamed, moved or taken away, or may hold less (a new one with a default needs no step).

A step is a function. It takes plain values, as JSON or the files have them, and returns what they are today. It knows
an old form by what is there and what is missing, and returns anything else as it came: a step meets every form there
is, today's too. Steps run in the order in which they were added. :data:`CATALOGUE` has those of a catalogue's files:
values by file name, the cells of a CSV file still as text. :data:`RECORD` has those of a record; they meet merge
patches too, in which only some keys stand, and null means that a key goes. As an example, a field ``minutes`` that
every step of the guidance must have from now on::

    def _minutes(files: Values) -> Values:
        rows = {name: {"minutes": 30, **row} for name, row in files["guidance/steps.yaml"].items()}
        return {**files, "guidance/steps.yaml": rows}

``tests/content/test_fixtures.py`` opens what older code has written, and fails while such a step is missing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from advisor.content.words import FILES, LANGUAGES

Values = dict[str, Any]
Step = Callable[[Values], Values]
CATALOGUE: tuple[Step, ...]
RECORD: tuple[Step, ...] = ()


def _scoring_alone(files: Values) -> Values:
    """Until November 2026 the scoring of a version lay in a file that was called by its version."""
    return {"scoring.yaml" if name.startswith("scoring/") else name: value for name, value in files.items()}


CATALOGUE = (_scoring_alone,)


def catalogue(files: Values) -> Values:
    """Return the files of a kept catalogue, by name, as today's workbook reads them."""
    for step in CATALOGUE:
        files = step(files)
    return _regrouped(files)


def record(kept: Values) -> Values:
    """Return a record, or a merge patch of one, with the keys of today."""
    for step in RECORD:
        kept = step(kept)
    return kept


def record_text(text: str) -> str:
    """Return a record as JSON with the keys of today; what is no JSON object stays as it is."""
    if not RECORD:  # nothing was renamed yet: a list of a thousand visits is read at once
        return text
    try:
        kept = json.loads(text)
    except ValueError:
        return text
    return json.dumps(record(kept), ensure_ascii=False) if isinstance(kept, dict) else text


def interchange(content: bytes) -> bytes:
    """Return a file of :mod:`advisor.report.interchange` with its records and changes as today's keys have them."""
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
    """Return the files with each group of words in the file that holds it today; groups that went are left out.

    The sentences of screens are today's for every catalogue (:mod:`advisor.content.translator`); their files are split
    now and then.
    """
    found = dict(files)
    for language in LANGUAGES:
        folder = f"text/{language}/"
        groups: Values = {}
        for name in [name for name in files if name.startswith(folder)]:
            value = found.pop(name)
            groups |= value if isinstance(value, dict) else {}
        for name, keys in FILES.items():
            found[f"{folder}{name}"] = {key: groups[key] for key in keys if key in groups}
    return found

"""Reads the facts in a cohort file, and makes the table that scoring and advice work on.

Facts are columns beside the answers: ``situation``, ``role``, ``years``; ``priorities``, ``experience``, ``fixed``,
``widened`` (ids with spaces between); ``sign_<sign>``, ``tried_<step>``. An empty cell was not told.
:mod:`advisor.content.case_checks` decides whether a fact is allowed; one that is not counts as not told, and becomes a
finding.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from advisor.analysis.cohort.columns import choose, is_personal
from advisor.analysis.cohort.headings import key, pair
from advisor.analysis.cohort.model import Asked, FileFinding, Wording
from advisor.content import case_checks
from advisor.content.measures import YEARS_MAX
from advisor.content.model import FIXED, NOTHING_FIXED, SIGN_ANSWERS, SITUATIONS, TRIED, Case, Facts
from advisor.scoring import likert, scores

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from advisor.analysis.cohort.model import Batch
    from advisor.content.catalog import Catalog

STAMP = "scoring"  # the column in our results that says which release scored a row
WIDENED = "widened"
LISTS = ("priorities", "experience", "fixed", WIDENED)
FACTS_BY_ID = ("sign_", "tried_")  # prefixes: the id that follows may be one of another release
SEGMENT_VALUES = 30  # a column with more different values is no segment
_LIST = re.compile(r"[、,;；|/\n]")
_WHOLE = re.compile(
    r"([0-9]{1,4})(?:\.0+)?\s*(?:年目?|years?)?"
)  # Excel and pandas write 3 as 3.0 where a cell of the column is empty


def fact_columns(catalog: Catalog) -> tuple[str, ...]:
    """Return the names of all columns that are facts."""
    signs, tried = (f"sign_{name}" for name in catalog.signs), (f"tried_{name}" for name in catalog.steps)
    return ("situation", "role", "years", *LISTS, *signs, *tried)


def asked_of(catalog: Catalog) -> Asked:
    """Return the catalogue's items and facts, with its questions and labels in every language."""
    items = catalog.items.values()
    wordings = {
        item.id: Wording(
            texts=tuple(words.items[item.id] for words in catalog.words.values()),
            labels=tuple(
                (label, item.low + place)
                for words in catalog.words.values()
                for place, label in enumerate(words.labels[item.labels])
            ),
        )
        for item in items
    }
    return Asked({item.id: (item.low, item.high) for item in items}, fact_columns(catalog), wordings=wordings)


def mapped(asked: Asked, mapping: Mapping[str, str] | None) -> Asked:
    """Return what is looked for with headings that stand for items; one without an item stands for none.

    Raises:
        RefusedError: there is no such item.
    """
    pairs = (pair(f"{heading}={item}", asked.items) for heading, item in (mapping or {}).items() if item)
    return replace(asked, mapping=dict(pairs))


def tabulate(
    catalog: Catalog, batch: Batch, items: Sequence[str] | None = None
) -> tuple[scores.Table, tuple[FileFinding, ...]]:
    """Return the batch's rows as a table, and what is wrong with their facts.

    ``items``: the columns of the batch's answers (default: all of the catalogue's, in its order). With a column
    ``widened`` a row was asked the quick item of each scale and all of its widened ones; without it, all ``items``.
    """
    key = scores.key(catalog)
    present = key.items if items is None else tuple(items)
    findings: list[FileFinding] = []

    def told(column: str, untold: object, value: Callable[[Facts], object]) -> NDArray[Any]:
        return _column(catalog, batch, column, (untold, value), findings)

    def position(attribute: str, name: str, answers: Sequence[str], facts: Facts) -> int:
        return answers.index(getattr(facts, attribute)[name])

    def codes(prefix: str, names: Sequence[str], attribute: str, answers: Sequence[str]) -> NDArray[np.intp]:
        found = np.full((len(batch.rows), len(names)), -1, np.intp)
        for number, name in enumerate(names):
            if f"{prefix}{name}" in batch.texts.column_names:
                found[:, number] = told(f"{prefix}{name}", -1, partial(position, attribute, name, answers))
        return found

    def marked(column: str, names: Sequence[str]) -> NDArray[np.bool_]:
        return told(column, [False] * len(names), lambda facts: [name in getattr(facts, column) for name in names])

    asked = np.broadcast_to(np.isin(key.items, present), (len(batch.rows), len(key.items)))
    if WIDENED in batch.texts.column_names:
        asked = key.quick | (marked(WIDENED, tuple(catalog.scales)) @ key.instrument.member).astype(bool)
    table = scores.Table(
        answers=aligned(batch, present, key.items),
        asked=asked,
        signs=codes("sign_", tuple(catalog.signs), "signs", SIGN_ANSWERS),
        tried=codes("tried_", tuple(catalog.steps), "tried", TRIED),
        situation=told("situation", -1, lambda facts: SITUATIONS.index(str(facts.situation))),
        years=told("years", np.nan, lambda facts: facts.years).astype(float),
        role=told("role", -1, lambda facts: scores.role_position(catalog, facts.role)).astype(np.intp),
        experience=marked("experience", tuple(catalog.statements["experience"])),
        fixed=marked("fixed", FIXED),
        priorities=marked("priorities", catalog.of_kind("frustration")),
    )
    return table, tuple(sorted(findings, key=lambda finding: finding.row))


def aligned(batch: Batch, present: Sequence[str], items: Sequence[str]) -> likert.Floats:
    """Return the batch's answers with a column for each of ``items``, NaN where the file has none."""
    if tuple(present) == tuple(items):
        return batch.answers
    answers = np.full((len(batch.rows), len(items)), np.nan)
    position = {name: number for number, name in enumerate(items)}
    answers[:, [position[name] for name in present]] = batch.answers
    return answers


def _column(
    catalog: Catalog,
    batch: Batch,
    column: str,
    meaning: tuple[object, Callable[[Facts], object]],
    findings: list[FileFinding],
) -> NDArray[Any]:
    """Return the value of each row in a column of facts; each different text is read once, and a wrong one is noted."""
    untold, value = meaning
    if column not in batch.texts.column_names:
        return np.broadcast_to(np.asarray(untold), (len(batch.rows), *np.asarray(untold).shape))
    cells = batch.texts.column(column).fill_null("").combine_chunks().dictionary_encode()
    number, texts = cells.indices.to_numpy(), cells.dictionary.to_pylist()
    meant: list[object] = []
    wrong: list[bool] = []
    for text in texts:
        facts = read_fact(catalog, column, text.strip())
        wrong.append(facts is None)
        meant.append(untold if facts is None or not text.strip() else value(facts))
    for row in np.flatnonzero(np.array(wrong, bool)[number]).tolist():
        kind, told = _rule(catalog, column)
        findings.append(FileFinding(int(batch.rows[row]), column, texts[number[row]], kind, told))
    found: NDArray[Any] = np.array([*meant, untold])[number]
    return found


def read_fact(catalog: Catalog, column: str, text: str) -> Facts | None:
    """Return the facts that one cell tells, none for an empty cell; None where the cell is not allowed."""
    group, _, name = column.partition("_")
    known = choices(catalog)
    told: dict[str, Any] = {column: known.get((column, key(text)), text)}
    if not text:
        told = {}
    elif column == "years":
        whole = _WHOLE.fullmatch(unicodedata.normalize("NFKC", text))
        told = {"years": int(whole[1]) if whole else text}
    elif column in LISTS:
        parts = _LIST.split(text) if _LIST.search(text) or (column, key(text)) in known else text.split()
        told = {column: tuple(known.get((column, key(part)), part.strip()) for part in parts if part.strip())}
    elif group in ("sign", "tried"):
        told = {"signs" if group == "sign" else "tried": {name: known.get((group, key(text)), text)}}
    facts = Facts(**told)
    return None if any(case_checks.problems_of_case(catalog, Case(facts=facts))) else facts


@cache
def choices(catalog: Catalog) -> dict[tuple[str, str], str]:
    """Return the id that each name of a choice means, in every language: by column and the name's key."""
    found: dict[tuple[str, str], str] = {}
    for words in catalog.words.values():
        shown = words.interface
        named: dict[str, dict[str, str]] = {
            "situation": {name: shown.get(f"situation_{name}", "") for name in SITUATIONS},
            "role": {name: role.name for name, role in words.roles.items()}
            | {case_checks.OTHER_ROLE: shown.get("role_other", "")},
            "experience": {name: statement.name for name, statement in words.experience.items()},
            "fixed": {name: shown.get(f"fixed_{name}", "") for name in (*FIXED, NOTHING_FIXED)},
            "priorities": {name: scale.name for name, scale in words.scales.items()},
            WIDENED: {name: scale.name for name, scale in words.scales.items()},
            "sign": {name: shown.get(f"sign_{name}", "") for name in SIGN_ANSWERS},
            "tried": {name: shown.get(f"tried_{name}", "") for name in TRIED},
        }
        found |= {(column, key(text)): name for column, names in named.items() for name, text in names.items() if text}
    return found


def _rule(catalog: Catalog, column: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the kind of a finding in this column, and the values that are allowed."""
    if column == "years":
        return "fact_number", (("low", "0"), ("high", f"{YEARS_MAX}"))
    allowed: dict[str, Sequence[str]] = {
        "situation": SITUATIONS,
        "role": (*catalog.roles, case_checks.OTHER_ROLE),
        "priorities": catalog.of_kind("frustration"),
        "experience": tuple(catalog.statements["experience"]),
        "fixed": (*FIXED, NOTHING_FIXED),
        WIDENED: tuple(catalog.scales),
    }
    choices = allowed.get(column, SIGN_ANSWERS if column.startswith("sign_") else TRIED)
    if column not in LISTS:
        return "fact_choice", (("allowed", ", ".join(choices)),)
    most = case_checks.PRIORITIES_MAX if column == "priorities" else len(choices)
    return "fact_list", (("most", f"{most}"), ("allowed", ", ".join(choices)))


@dataclass(frozen=True, slots=True, eq=False)
class Cohort:
    """A whole cohort in memory: ``table``, and for each of its rows ``segments`` and ``ids`` as text.

    A segment is a column that divides the cohort into groups.
    """

    table: scores.Table
    segments: pd.DataFrame
    ids: pd.DataFrame
    findings: tuple[FileFinding, ...]


def load(catalog: Catalog, path: Path, mapping: Mapping[str, str] | None = None) -> Cohort:
    """Return the cohort in a file, with its segments; personal columns are not read; ``mapping``: see :func:`mapped`.

    Raises:
        RefusedError: the file cannot be read.
    """
    import pyarrow as pa  # noqa: PLC0415  (most commands need no tables)

    from advisor.analysis.cohort.reader import blocks, look, read  # noqa: PLC0415  (as above)

    asked = mapped(asked_of(catalog), mapping)
    ranges, facts = asked.items, asked.facts
    ids: list[str] = []

    def carry(columns: tuple[str, ...]) -> tuple[str, ...]:
        ids.extend(choose(columns, (*ranges, *facts)).ids)
        return tuple(name for name in columns if name not in ranges and (name in ids or not is_personal(name)))

    source, findings = look(path, asked, carry=carry)
    present = tuple(name for name, _, _ in source.items)
    tables, texts, wrong, start = [], [], list(findings), 0
    for block in blocks(source):
        batch = read(block)
        table, more = tabulate(catalog, batch, present)
        tables.append(table)
        texts.append(batch.texts)
        wrong += [replace(finding, row=finding.row + start) for finding in (*batch.findings, *more)]
        start += batch.records
    joined = pa.concat_tables(texts).to_pandas()
    others = [name for name in map(str, joined) if name not in (*ids, *facts) and not name.startswith(FACTS_BY_ID)]
    segments = [name for name in others if joined[name].nunique() <= SEGMENT_VALUES and name != STAMP]
    return Cohort(_stacked(tables), joined[segments], joined[ids], tuple(wrong))


def _stacked(tables: Sequence[scores.Table]) -> scores.Table:
    """Return the rows of several tables as one."""
    names = [field.name for field in fields(scores.Table)]
    return scores.Table(**{name: np.concatenate([getattr(table, name) for table in tables]) for name in names})

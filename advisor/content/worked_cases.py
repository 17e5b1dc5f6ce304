"""Worked cases: invented clients with the scores and the advice that were worked out by hand."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import Field, TypeAdapter

from advisor.content.case_checks import problems_of_case
from advisor.content.datafiles import DataError, DataFile, Problem, read_yaml, validate
from advisor.content.folder import data_dir
from advisor.content.model import Case, Facts, Id, Mark, Percent, Row, SignAnswer, Situation, Tried

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from advisor.content.catalog import Catalog
    from advisor.content.datafiles import Location

FILE = "samples/cases.yaml"
Ranked = tuple[tuple[Id, int], ...]


class Expected(Row):
    """The result that the workbook must give: every path and the first five steps, each in order with points.

    A score is None if too few items are answered. In silence there are no paths and steps, and ``first`` is None.
    """

    index: Percent | None
    scores: dict[Id, Percent | None]
    paths: Ranked
    steps: Ranked
    gates_open: tuple[Id, ...]
    first: Id | None


class SampleFacts(Row):
    """:class:`advisor.content.model.Facts` without the wish: the words of each language hold the text of the wish."""

    situation: Situation | None = None
    role: str | None = None
    years: int | None = None
    priorities: tuple[Id, ...] = ()
    signs: dict[Id, SignAnswer] = Field(default_factory=dict)
    tried: dict[Id, Tried] = Field(default_factory=dict)
    experience: tuple[Id, ...] = ()
    widened: tuple[Id, ...] = ()
    fixed: tuple[Id, ...] = ()


class Sample(Row):
    """A sample client: the answers of a session, and the expected result."""

    responses: dict[Id, int]
    marks: dict[Id, Mark]
    facts: SampleFacts
    expected: Expected


_SAMPLES = TypeAdapter(dict[Id, Sample])
_FIXES = {"responses": "responses_fix", "marks": "marks_fix", "facts": "facts_fix"}


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the file, for editors."""
    return _SAMPLES.json_schema()


def load(catalog: Catalog, folder: Path | None = None) -> dict[str, Sample]:
    """Return the sample clients in ``folder`` (default: the package's data).

    Raises:
        DataError: with every problem found, each with file, line, field and fix.
    """
    return _load(catalog, (folder or data_dir()).resolve())


@cache
def _load(catalog: Catalog, folder: Path) -> dict[str, Sample]:
    samples = people(catalog, folder)
    document = read_yaml(folder / FILE, FILE)
    if problems := [problem for name, sample in samples.items() for problem in _unmet(catalog, document, name, sample)]:
        raise DataError(problems)
    return samples


def people(catalog: Catalog, folder: Path) -> dict[str, Sample]:
    """Read the sample clients from ``folder`` now; ``expected`` is not checked and may belong to another version.

    Raises:
        DataError: with every problem of their responses, marks and facts.
    """
    document = read_yaml(folder / FILE, FILE)
    samples = validate(document, _SAMPLES)
    if problems := [
        problem for name, sample in samples.items() for problem in _problems(catalog, document, name, sample)
    ]:
        raise DataError(problems)
    return samples


def _problems(catalog: Catalog, document: DataFile, name: str, sample: Sample) -> Iterator[Problem]:
    for location, why in problems_of_case(catalog, case(sample, "")):
        yield document.problem((name, *location), why.kind, _FIXES[location[0]], **dict(why.fields))
    for answered in sample.responses.keys() & catalog.items.keys():
        item = catalog.items[answered]
        if item not in catalog.active_items(item.scale, sample.facts.widened):
            yield document.problem((name, "responses", answered), "not_widened", "responses_fix")


def _unmet(catalog: Catalog, document: DataFile, name: str, sample: Sample) -> Iterator[Problem]:
    """Yield a problem for each id in ``expected`` that the catalogue does not have."""
    expected = sample.expected
    named: dict[str, tuple[Iterable[tuple[Location, str]], Mapping[str, object]]] = {
        "scores": ([((scale,), scale) for scale in expected.scores], catalog.scales),
        "paths": ([((place,), path) for place, (path, _) in enumerate(expected.paths)], catalog.paths),
        "steps": ([((place,), step) for place, (step, _) in enumerate(expected.steps)], catalog.steps),
        "gates_open": ([((), gate) for gate in expected.gates_open], catalog.scoring.gates),
        "first": ([((), expected.first)] if expected.first else [], catalog.paths),
    }
    for field, (ids, known) in named.items():
        for place, unknown in (pair for pair in ids if pair[1] not in known):
            yield document.problem((name, "expected", field, *place), "unknown_id", unknown=unknown)


def case(sample: Sample, wish: str) -> Case:
    """Return the sample as a case; ``wish`` is the client's wish in the language of the screen."""
    return Case(dict(sample.responses), dict(sample.marks), Facts(**dict(sample.facts), wish=wish))

"""The command ``advisor advise``: it reads cases from a file and writes the advice of the workbook for each."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import click
from pydantic import Field, TypeAdapter

from advisor.content import loading
from advisor.content.case_checks import problems_of_case
from advisor.content.datafiles import DataError, DataFile, Problem, problem_text, read_yaml, validate
from advisor.content.messages import language, messages
from advisor.content.model import Case, Facts, Id, Mark, Row
from advisor.content.worked_cases import SampleFacts

if TYPE_CHECKING:
    from advisor.content.catalog import Catalog
    from advisor.content.words import Language

SAY = messages()
_FILE = click.Path(dir_okay=False, path_type=Path)


class AskedFacts(SampleFacts):
    """The facts of a case; ``wish`` is the client's own words."""

    wish: str = ""


class Asked(Row):
    """A case in the file; ``expected`` is ignored."""

    responses: dict[Id, int] = Field(default_factory=dict)
    marks: dict[Id, Mark] = Field(default_factory=dict)
    facts: AskedFacts = AskedFacts()
    expected: Any = None


class Ranked(Row):
    """A path with its points."""

    id: str
    points: int


class SaidStep(Row):
    """A step with its points, the paths it serves, and the sentences that the client reads about it."""

    id: str
    topic: str | None
    serves: tuple[str, ...]
    points: int
    sentences: tuple[str, ...]


class Met(Row):
    """How near the client is to a role."""

    id: str
    meets: Literal["near", "partly", "far"]


class Answer(Row):
    """The workbook's advice for a case. If too little is told, ``first_path`` is null and no path or step is listed."""

    first_path: str | None
    near: tuple[str, ...]
    paths: tuple[Ranked, ...]
    gate: str | None
    steps: tuple[SaidStep, ...]
    roles: tuple[Met, ...]
    needs: tuple[str, ...]
    help: bool
    sentences: tuple[str, ...]


_ASKED = TypeAdapter(Asked)


def schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schemas of the file of cases and of the file of answers, by their file names in docs/."""
    shapes: dict[str, TypeAdapter[Any]] = {
        "cases": TypeAdapter(dict[Id, Asked]),
        "answers": TypeAdapter(dict[str, Answer]),
    }
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {f"advise-{name}.schema.json": head | shape.json_schema() for name, shape in shapes.items()}


@click.command(help=SAY["advise"], epilog=SAY["advise_exit_codes"])
@click.argument("cases", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=_FILE, required=True, help=SAY["advise_out"])
@click.option("--language", "spoken", type=click.Choice(("ja", "en")), default="ja", help=SAY["advise_language"])
@click.option("--scoring", metavar="VERSION", help=SAY["score_scoring"])
def advise(cases: Path, out: Path, spoken: str, scoring: str | None) -> None:
    """Write the advice for each case."""
    try:
        content = loading.load(version=scoring)
        document = read_yaml(cases, cases.name)
    except DataError as error:
        raise click.UsageError(_lines(error.problems)) from None
    if not isinstance(document.value, dict):
        raise click.UsageError(SAY["advise_no_cases"].format(file=cases.name))
    answers: dict[str, Any] = {}
    problems: list[Problem] = []
    for name in document.value:
        try:
            case = _case(content, document, name)
            answers[name] = answer(content, case, cast("Language", spoken)).model_dump(mode="json")
        except DataError as error:
            problems.extend(error.problems)
    try:
        out.write_text(json.dumps(answers, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError:
        raise click.UsageError(SAY["samples_not_written"].format(path=out)) from None
    if problems:
        click.echo(_lines(problems), err=True)
        raise SystemExit(1)


def _lines(problems: list[Problem] | tuple[Problem, ...]) -> str:
    return "\n".join(problem_text(problem, language()) for problem in sorted(problems))


def _case(found: Catalog, document: DataFile, name: str) -> Case:
    """Return a case of the file.

    Raises:
        DataError: the case cannot be read, or does not fit the catalogue.
    """
    lines = {at[1:]: line for at, line in document.lines.items() if at and at[0] == name}
    own = DataFile(document.file, document.value[name] if document.value[name] is not None else {}, lines)
    try:
        asked = validate(own, _ASKED)
    except DataError as error:
        raise DataError([_at(name, problem) for problem in error.problems]) from None
    case = Case(dict(asked.responses), dict(asked.marks), Facts(**dict(asked.facts)))
    wrong = problems_of_case(found, case)
    if problems := [_at(name, own.problem(at, why.kind, "case_fix", **dict(why.fields))) for at, why in wrong]:
        raise DataError(problems)
    return case


def _at(name: str, problem: Problem) -> Problem:
    return replace(problem, field=f"{name}.{problem.field}" if problem.field else name)


def answer(found: Catalog, case: Case, spoken: Language) -> Answer:
    """Return the advice for one case, in the form that :func:`advise` writes."""
    from advisor.content.translator import say  # noqa: PLC0415  (as below)
    from advisor.report import addressed  # noqa: PLC0415  (as below)
    from advisor.scoring import openness  # noqa: PLC0415  (numpy takes a tenth of a second)
    from advisor.session.session import Session  # noqa: PLC0415  (as above)

    session, speaker = Session(found), say(found, spoken)
    session.open_case(case)
    reading = session.reading
    return Answer(
        first_path=reading.paths[0].target if reading.paths else None,
        near=reading.near,
        paths=tuple(Ranked(id=path.target, points=path.points) for path in reading.paths),
        gate=next((gate.gate for gate in reading.gates if gate.open), None),
        steps=tuple(
            SaidStep(
                id=step.target,
                topic=found.steps[step.target].topic,
                serves=found.steps[step.target].serves,
                points=step.points,
                sentences=tuple(addressed.of_step(found, speaker, reading, step.target)),
            )
            for step in reading.steps
        ),
        roles=tuple(Met(id=role.role, meets=role.nearness) for role in reading.role_nearness),
        needs=tuple(one.question for one in openness.open_questions(found, case.responses, case.facts)),
        help=reading.help_needed,
        sentences=tuple(addressed.to_client(session, speaker)),
    )


COMMANDS: tuple[click.Command, ...] = (advise,)

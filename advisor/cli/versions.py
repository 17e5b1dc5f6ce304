"""The commands for scoring versions: ``advisor diff``, ``advisor release``."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from advisor.content import datafiles, loading
from advisor.content.datafiles import DataError
from advisor.content.folder import data_dir
from advisor.content.messages import language, messages
from advisor.session.model import today

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.analysis.cohort.facts import Cohort
    from advisor.analysis.lab.diff import Difference, Effect, VersionChange
    from advisor.analysis.lab.worked_cases import CaseChange

SAY = messages()
COHORT = "samples/cohort.parquet"
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@contextmanager
def told() -> Iterator[None]:
    """Turn an error into a sentence. Problems of the data are printed first, one on each line."""
    from advisor.analysis.cohort.model import RefusedError  # noqa: PLC0415  (the lab needs pandas, and takes half a second)
    from advisor.analysis.cohort.problems import sentence  # noqa: PLC0415  (as above)
    from advisor.analysis.lab.errors import LabError  # noqa: PLC0415  (as above)

    try:
        yield
    except DataError as error:
        for problem in error.problems:
            click.echo(datafiles.problem_text(problem, language()))
        raise click.ClickException(SAY["problems"].format(count=len(error.problems))) from None
    except LabError as error:
        raise click.ClickException(error.sentence(language())) from None
    except RefusedError as refused:
        raise click.ClickException(sentence(refused)) from None
    except OSError as error:
        place = Path(str(error.filename or "")).name
        raise click.ClickException(SAY["file_unusable"].format(file=place, why=error.strerror or error)) from None


@click.command(help=SAY["diff"], epilog=SAY["exit_codes"])
@click.argument("old")
@click.argument("new")
@click.option("--data", metavar="DIR", type=_FOLDER, help=SAY["lab_data"])
@click.option("--cohort", metavar="FILE", type=_FILE, help=SAY["diff_cohort"])
def diff(old: str, new: str, data: Path | None, cohort: Path | None) -> None:
    """Print how the advice of two versions differs."""
    from advisor.analysis.cohort.facts import load  # noqa: PLC0415  (as above)
    from advisor.analysis.lab import diff as diffs  # noqa: PLC0415  (as above)

    folder = data or data_dir()
    file = cohort or folder / COHORT
    with told():
        _there(folder, old, new)
        before, after = loading.load(folder, old), loading.load(folder, new)
        people = load(before, file) if file.is_file() else None
        again = load(after, file) if people and not diffs.read_alike(before, after) else None
        difference = diffs.diff(before, after, people.table if people else None, again.table if again else None)
    for line in report(difference):
        click.echo(line)
    for line in _people(difference.effect, people, file):
        click.echo(line)


def _there(folder: Path, *wanted: str) -> None:
    """Raise LabError if a version does not exist."""
    from advisor.analysis.lab.errors import LabError  # noqa: PLC0415  (as above)
    from advisor.content import versions  # noqa: PLC0415  (with the lab)

    for version in map(versions.named, wanted):
        if version not in versions.names(folder):
            raise LabError("lab_no_version", version=version, there=", ".join(versions.names(folder)) or "–")


def report(found: Difference) -> Iterator[str]:
    """Yield the lines that describe a difference."""
    if found.empty:
        yield SAY["diff_same"].format(old=found.old, new=found.new)
        return
    yield f"{found.old} → {found.new}"
    yield from _figures(found.changes)
    yield ""
    some = "diff_cases" if found.cases else "diff_cases_none"
    yield SAY[some].format(n=len(found.cases), all=found.cases_n)
    yield from told_cases(found.cases)


def _figures(changes: tuple[VersionChange, ...]) -> Iterator[str]:
    """Yield the changed figures in aligned columns, with a title for each kind."""
    rows = [(change.kind, change.path, shown(change.old), shown(change.new)) for change in changes]
    first, second = (min(most, max(len(row[column]) for row in rows)) for column, most in ((1, 60), (2, 30)))
    kind = ""
    for row in rows:
        if row[0] != kind:
            kind = row[0]
            yield from ("", SAY[f"diff_{kind}"])
        yield f"  {row[1]:<{first}}  {row[2]:>{second}} → {row[3]}"


def shown(value: object) -> str:
    """Return a value of a scoring version as text; None is a dash."""
    if value is None:
        return "–"
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def told_cases(cases: tuple[CaseChange, ...], was_word: str = "diff_case_was") -> Iterator[str]:
    """Yield the changed fields of each worked case: the old (or expected) value, then the new one."""
    words_of = (SAY[was_word], SAY["diff_case_now"])
    width = max(map(len, words_of))
    for case in cases:
        yield f"  {case.name}"
        for field in type(case.before).model_fields:
            was, now = getattr(case.before, field), getattr(case.after, field)
            if was != now:
                yield f"    {field}  {words_of[0]:<{width}}  {_listed(was)}"
                yield f"    {'':<{len(field)}}  {words_of[1]:<{width}}  {_listed(now)}"


def _listed(value: object) -> str:
    """Return a field of a worked case on one line."""
    pairs = value.items() if isinstance(value, dict) else value
    if isinstance(pairs, str) or not hasattr(pairs, "__iter__"):
        return shown(pairs)
    parts = [part if isinstance(part, str) else " ".join(map(shown, part)) for part in pairs]
    return ", ".join(parts) or SAY["diff_nothing"]


def _people(effect: Effect | None, people: Cohort | None, file: Path) -> Iterator[str]:
    """Yield how many people of the cohort get another advice, and in what."""
    yield ""
    if effect is None or people is None:
        yield SAY["diff_no_cohort"]
        return
    yield SAY["diff_effect"].format(n=f"{effect.n:,}", file=file.name)
    for name in ("first_path", "silent", "spoken", "top_steps", "gates"):
        count = getattr(effect, name)
        if not count and name in {"silent", "spoken"}:
            continue
        yield f"  {count:>9,}  {count / max(1, effect.n):>6.1%}  {SAY[f'diff_{name}']}"
    if people.findings:
        yield SAY["diff_findings"].format(n=len(people.findings))


@click.command(help=SAY["release"], epilog=SAY["exit_codes"])
@click.argument("version")
@click.option("--why", metavar="TEXT", required=True, help=SAY["release_why"])
@click.option("--data", metavar="DIR", type=_FOLDER, help=SAY["lab_data"])
def release(version: str, why: str, data: Path | None) -> None:
    """Check a version and release it."""
    from advisor.analysis.lab import release as releases  # noqa: PLC0415  (as above)

    folder = (data or data_dir()).resolve()
    around = folder.parent  # in a checkout it has the changelog and the pins; an installed package has neither
    places = {"changelog": around / "CHANGELOG.md", "pins": around / "tests" / "released.csv"}
    with told():
        try:
            done = releases.release(folder, version, today(), why=why, **places)
        except releases.UnacceptedError as error:
            for line in told_cases(error.cases, "release_expected"):
                click.echo(line)
            raise
    click.echo(SAY["release_done"].format(version=done.version, n=len(done.changes)))
    click.echo(SAY["release_wrote"].format(files=", ".join(str(file.relative_to(around)) for file in done.files)))


COMMANDS: tuple[click.Command, ...] = (diff, release)

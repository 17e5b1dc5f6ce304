"""The commands for answers of many people: ``advisor score``, ``reliability``, ``look`` and ``form``."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from advisor.content import datafiles, loading
from advisor.content.datafiles import DataError
from advisor.content.messages import language, messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from advisor.analysis.cohort.model import Asked, Block, CohortFile
    from advisor.analysis.cohort.output import Kind
    from advisor.analysis.cohort.reliability import Survey
    from advisor.analysis.cohort.score import Pieces, ScoredBlock, Summary
    from advisor.analysis.cohort.scores import ScoringPlan
    from advisor.analysis.cohort.shards import OpenedFiles
    from advisor.analysis.psychometrics.quality import ScaleQuality
    from advisor.scoring import likert

# Tables of answers are long and narrow. Threads of BLAS do not make their products faster, and make them much slower
# if a core is busy. Numpy reads this variable at its first import, so it is set here, before any import of numpy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

SAY = messages()
_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
NAMED = 8  # the summary names at most so many scales or columns
SAID = 12  # and so many sentences on how files were read


def reading(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how a file of answers is read."""
    for option in (
        click.option("--na", "missing", metavar="TEXT", multiple=True, help=SAY["score_na"]),
        click.option("--map", "mapped", metavar="FILE", multiple=True, help=SAY["score_map"]),
        click.option("--heading", metavar="ROW", type=click.IntRange(1, 1000), help=SAY["score_heading"]),
        click.option("--sheet", help=SAY["score_sheet"]),
        click.option("--encoding", help=SAY["score_encoding"]),
    ):
        command = option(command)
    return command


@click.command(help=SAY["score"], epilog=SAY["exit_codes"])
@click.argument("responses")
@click.option("--instrument", metavar="DIR", type=_FOLDER, help=SAY["score_instrument"])
@click.option("--out", metavar="FILE", type=_FILE, required=True, help=SAY["score_out"])
@click.option("--min-answered", type=click.FloatRange(0, 1), help=SAY["score_min_answered"])
@click.option("--mean", is_flag=True, help=SAY["score_mean"])
@click.option("--id", "ids", metavar="COLUMN", multiple=True, help=SAY["score_id"])
@click.option("--keep", metavar="COLUMN", multiple=True, help=SAY["score_keep"])
@click.option("--report", metavar="FILE", type=_FILE, help=SAY["score_report"])
@reading
@click.option("--scoring", "version", metavar="VERSION", help=SAY["score_scoring"])
@click.option("--cluster", metavar="ADDRESS", help=SAY["score_cluster"])
@click.option("--quiet", is_flag=True, help=SAY["score_quiet"])
def score(responses: str, out: Path, report: Path | None, cluster: str | None, quiet: bool, **given: Any) -> None:  # noqa: ANN401  (the options of the two functions below)
    """Score a cohort file."""
    if given["instrument"] and given["version"]:
        raise click.UsageError(SAY["score_two_instruments"])
    with told():
        from advisor.analysis.cohort import output, shards  # noqa: PLC0415  (Arrow)
        from advisor.analysis.cohort import score as run  # noqa: PLC0415  (as above)

        run.without_pandas()
        if cluster is not None:
            _checked(cluster)
        output.kind_of(out)
        report = report or out.with_suffix(shards.REPORT)
        _apart(responses, out, report)
        plan = _plan(given["instrument"], given["version"], given["min_answered"], mean=given["mean"])
        found = shards.opened(shards.paths(responses, without=(out, report)), _asked(plan, given))
        plan = _carrying(plan, found)
        with _pieces(cluster) as pieces, _watched(pieces, found, quiet=quiet) as watched:
            summary = run.score(plan, found.shards, out, report, pieces=watched)
    if not quiet:
        for line in _summary(summary, found, out, report):
            click.echo(line, err=True)
    if not summary.scored:
        why = SAY["score_nobody_why"].format(path=report) if summary.problems else SAY["score_nobody_empty"]
        raise click.ClickException(f"{SAY['score_nobody']} {why}")


@contextmanager
def told() -> Iterator[None]:
    """Turn an error about a file into one line that says why the file cannot be used."""
    from advisor.analysis.cohort.model import RefusedError  # noqa: PLC0415  (starts without pandas)
    from advisor.analysis.cohort.problems import sentence  # noqa: PLC0415  (as above)

    try:
        yield
    except RefusedError as refused:
        raise click.ClickException(sentence(refused)) from None
    except DataError as error:
        lines = (datafiles.problem_text(problem, language()) for problem in error.problems)
        raise click.ClickException("\n".join(lines)) from None
    except OSError as error:
        why = str(error.strerror or error)
        place = Path(str(error.filename)).name if error.filename else ""
        raise click.ClickException(SAY["file_unusable"].format(file=place, why=why) if place else why) from None
    except KeyboardInterrupt:
        raise click.ClickException(SAY["stopped"]) from None


def _checked(cluster: str) -> None:
    from advisor.analysis.cohort.cluster import is_address  # noqa: PLC0415  (as above)

    if not is_address(cluster):
        raise click.UsageError(SAY["score_cluster_address"])


def _apart(responses: str, *written: Path) -> None:
    """Raise RefusedError if an output would overwrite the input or another output, or its folder does not exist."""
    from advisor.analysis.cohort.model import RefusedError  # noqa: PLC0415  (as above)

    for path in written:
        if not path.parent.is_dir():
            raise RefusedError("no_folder", {"folder": str(path.parent)})
    places = [path.resolve() for path in (Path(responses), *written)]
    if len(set(places)) < len(places):
        raise RefusedError("same_file", {"file": written[0].name})


def _plan(folder: Path | None, version: str | None, share: float | None, *, mean: bool) -> ScoringPlan:
    """Return the scoring plan for the instrument in ``folder``, or for the workbook's own."""
    from advisor.analysis.cohort.scores import ScoringPlan  # noqa: PLC0415  (as above)
    from advisor.scoring import likert, scores  # noqa: PLC0415  (numpy: see above)

    metric: likert.Metric = "mean" if mean else "percent"
    if folder:
        least = likert.MIN_ANSWERED if share is None else share
        return ScoringPlan(likert.read_instrument(folder), min_answered=least, metric=metric)
    content = loading.load(version=version)
    least = content.scoring.min_answered if share is None else share
    return ScoringPlan(scores.key(content).instrument, min_answered=least, metric=metric, catalog=content)


def _asked(plan: ScoringPlan, given: dict[str, Any]) -> Asked:
    from dataclasses import replace  # noqa: PLC0415  (as above)

    from advisor.analysis.cohort import facts, maps, shards  # noqa: PLC0415  (as above)

    asked = facts.asked_of(plan.catalog) if plan.catalog else shards.asked_of(plan.instrument)
    mapping = maps.read(given.get("mapped", ()), asked.items)
    told = {name: given[name] for name in ("ids", "keep", "encoding", "sheet", "heading", "missing") if name in given}
    return replace(asked, mapping=mapping, **told)


def _carrying(plan: ScoringPlan, found: OpenedFiles) -> ScoringPlan:
    """Return the plan with the columns that the output takes over from the input."""
    from dataclasses import replace  # noqa: PLC0415  (as above)

    from advisor.analysis.cohort.model import RefusedError  # noqa: PLC0415  (as above)

    for name in found.chosen.carried:
        if name in plan.columns:
            raise RefusedError("name_taken", {"file": found.shards[0][0].path.name, "column": name})
    return replace(plan, carried=found.chosen.carried, identity=found.chosen.identity)


@contextmanager
def _pieces(cluster: str | None) -> Iterator[Pieces]:
    """Yield the function that scores blocks: in this process, or on a cluster."""
    from advisor.analysis.cohort.score import here  # noqa: PLC0415  (as above)

    if cluster is None:
        yield here
        return
    from advisor.analysis.cohort import cluster as clusters  # noqa: PLC0415  (an extra)

    with clusters.connected(cluster) as client:
        yield clusters.pieces_of(client)


@contextmanager
def _watched(pieces: Pieces, found: OpenedFiles, *, quiet: bool) -> Iterator[Pieces]:
    """Yield ``pieces`` with a progress bar on a terminal. It counts bytes of text files and rows of other files."""
    total = sum(source.total for source, _ in found.shards)
    hidden = quiet or not total or not sys.stderr.isatty()
    with click.progressbar(length=total, label=SAY["scoring"], file=sys.stderr, hidden=hidden) as bar:

        def watched(plan: ScoringPlan, kind: Kind, todo: Iterable[Block]) -> Iterator[tuple[Block, ScoredBlock]]:
            for block, piece in pieces(plan, kind, todo):
                yield block, piece
                bar.update(block.stop - block.start)
            bar.update(total - bar.pos)  # the headers belong to no block

        yield watched


def _summary(summary: Summary, found: OpenedFiles, out: Path, report: Path) -> Iterator[str]:
    """Yield the lines of the summary."""
    yield SAY["score_done"].format(read=f"{summary.read:,}", scored=f"{summary.scored:,}", path=out)
    yield from _said(summary.said)
    for source in _coded(found):
        yield SAY["score_encoding_used"].format(file=source.path.name, encoding=source.encoding)
    missing = [f"{scale} {count:,}" for scale, count in (summary.missing or {}).items() if count]
    if missing:
        yield SAY["score_missing"].format(scales=some(missing))
    if found.chosen.left_out:
        first = found.chosen.left_out[0]
        yield SAY["score_left_out"].format(columns=some(found.chosen.left_out), first=first)
    if summary.problems:
        yield SAY["score_problems"].format(count=f"{summary.problems:,}", path=report)


def _said(sentences: Sequence[str]) -> Iterator[str]:
    """Yield the first sentences on how files were read."""
    yield from sentences[:SAID]
    if len(sentences) > SAID:
        yield SAY["score_said_more"].format(count=f"{len(sentences) - SAID:,}")


def _coded(found: OpenedFiles) -> list[CohortFile]:
    """Return one file for each encoding other than UTF-8."""
    by_encoding = {source.encoding: source for source, _ in reversed(found.shards) if source.format == "text"}
    return [source for encoding, source in by_encoding.items() if encoding != "utf-8"]


def some(names: Iterable[str]) -> str:
    """Return the first names, with commas between them, and how many more there are."""
    shown = list(names)
    more = SAY["and_more"].format(count=f"{len(shown) - NAMED:,}") if len(shown) > NAMED else ""
    return ", ".join(shown[:NAMED]) + more


@click.command(help=SAY["reliability"], epilog=SAY["exit_codes"])
@click.argument("responses")
@click.option("--instrument", metavar="DIR", type=_FOLDER, help=SAY["score_instrument"])
@click.option("--out", metavar="FILE", type=_FILE, required=True, help=SAY["score_out"])
@click.option("--items", metavar="FILE", type=_FILE, help=SAY["reliability_items"])
@click.option("--min-answered", type=click.FloatRange(0, 1), help=SAY["score_min_answered"])
@click.option("--mean", is_flag=True, help=SAY["reliability_mean"])
@click.option("--id", "ids", metavar="COLUMN", multiple=True, help=SAY["score_id"])
@click.option("--report", metavar="FILE", type=_FILE, help=SAY["score_report"])
@reading
@click.option("--quiet", is_flag=True, help=SAY["score_quiet"])
def reliability(
    responses: str,
    out: Path,
    items: Path | None,
    report: Path | None,
    quiet: bool,
    **given: Any,  # noqa: ANN401  (the options of the two functions above)
) -> None:
    """Measure how reliable each scale is on a cohort file."""
    with told():
        from dataclasses import replace  # noqa: PLC0415  (as above)

        from advisor.analysis.cohort import output, shards  # noqa: PLC0415  (as above)
        from advisor.analysis.cohort import reliability as surveys  # noqa: PLC0415  (as above)
        from advisor.analysis.psychometrics import quality  # noqa: PLC0415  (as above)

        written = [out, *filter(None, [items])]
        for path in written:
            output.kind_of(path)
        report = report or out.with_suffix(shards.REPORT)
        _apart(responses, *written, report)
        plan = _plan(given["instrument"], None, given["min_answered"], mean=given["mean"])
        files = shards.paths(responses, without=(*written, report))
        found = shards.opened(files, _asked(plan, given | {"keep": ()}))
        plan = replace(plan, identity=found.chosen.identity)
        length = sum(source.total for source, _ in found.shards)
        hidden = quiet or not length or not sys.stderr.isatty()
        with click.progressbar(length=length, label=SAY["measuring"], file=sys.stderr, hidden=hidden) as bar:
            moved = lambda block: bar.update(block.stop - block.start)  # noqa: E731  (shorter than a function)
            survey = surveys.survey(plan, found.shards, report, on_block=moved)
        scales = quality.scales(survey.moments)
        tables = (surveys.scales(scales), surveys.items(survey.moments))
        surveys.write(list(zip(written, tables, strict=False)), plan.catalog)
    if not quiet:
        for line in (*_surveyed(survey, scales, out), *_said(survey.said), *_noted(found, survey.problems, report)):
            click.echo(line, err=True)


def _surveyed(survey: Survey, scales: Iterable[ScaleQuality], out: Path) -> Iterator[str]:
    """Yield the summary of a survey, with the scales that have no figure for each reason."""
    scales = tuple(scales)
    yield SAY["reliability_done"].format(read=f"{survey.read:,}", count=len(scales), path=out)
    alike: dict[tuple[str, str], list[str]] = {}
    for scale in scales:
        for why in dict.fromkeys(why for _, why in scale.reasons):
            figures = ", ".join(figure for figure, other in scale.reasons if other == why)
            alike.setdefault((figures, why), []).append(scale.scale)
    for (figures, why), names in alike.items():
        yield SAY["reliability_empty"].format(figure=figures, why=SAY[f"why_{why}"], scales=some(names))


def _noted(found: OpenedFiles, problems: int, report: Path) -> Iterator[str]:
    """Yield the encodings of the files, and the path of the report if there are problems."""
    for source in _coded(found):
        yield SAY["score_encoding_used"].format(file=source.path.name, encoding=source.encoding)
    if problems:
        yield SAY["score_problems"].format(count=f"{problems:,}", path=report)


@click.command(help=SAY["look"], epilog=SAY["exit_codes"])
@click.argument("responses")
@click.option("--instrument", metavar="DIR", type=_FOLDER, help=SAY["score_instrument"])
@reading
@click.option("--write-map", "kept", metavar="FILE", type=_FILE, help=SAY["look_write_map"])
def look(responses: str, kept: Path | None, **given: Any) -> None:  # noqa: ANN401  (the options of the functions above)
    """Tell what a file of answers is, and how it would be read."""
    with told():
        from advisor.analysis.cohort import maps, shards  # noqa: PLC0415  (as above)
        from advisor.analysis.cohort.looks import looked  # noqa: PLC0415  (as above)

        plan = _plan(given["instrument"], None, None, mean=False)
        seen = looked(shards.paths(responses)[0], _asked(plan, given))
        for line in seen.lines:
            click.echo(line)
        if kept:
            maps.write(kept, seen.pairs)
            click.echo(SAY["look_kept"].format(path=kept))


@click.command(help=SAY["form"], epilog=SAY["exit_codes"])
@click.option("--instrument", metavar="DIR", type=_FOLDER, help=SAY["score_instrument"])
@click.option("--out", metavar="FILE", type=_FILE, required=True, help=SAY["form_out"])
def form(instrument: Path | None, out: Path) -> None:
    """Write the questions as a template for a survey tool."""
    with told():
        from advisor.analysis.cohort import form as forms  # noqa: PLC0415  (as above)

        asked = _asked(_plan(instrument, None, None, mean=False), {})
        forms.write(out, instrument.name if instrument else SAY["form_title"], asked)
    click.echo(SAY["form_done"].format(count=len(asked.items), path=out), err=True)


COMMANDS: tuple[click.Command, ...] = (score, reliability, look, form)

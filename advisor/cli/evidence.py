"""The commands that make the evidence files of a release from real answers: ``advisor retest``, ``advisor norms``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from advisor.cli.cohort import some, told
from advisor.content import disk, loading
from advisor.content.messages import messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.analysis.cohort.evidence import Evidence

SAY = messages()
_FILE = click.Path(dir_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])


def _asked(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that both commands have."""
    for option in (
        click.option("--out", metavar="FILE", type=_FILE, help=SAY["evidence_out"]),
        click.option("--scoring", "version", metavar="VERSION", help=SAY["score_scoring"]),
        click.option("--source", metavar="ID", required=True, help=SAY["evidence_source"]),
        click.option("--date", "on", metavar="DAY", type=_DAY, required=True, help=SAY["evidence_date"]),
    ):
        command = option(command)
    return command


@click.command(help=SAY["retest"], epilog=SAY["exit_codes"])
@click.argument("first", type=_FILE)
@click.argument("second", type=_FILE)
@_asked
def retest(first: Path, second: Path, out: Path | None, version: str | None, **given: Any) -> None:  # noqa: ANN401  (date and source)
    """Make reliability.csv."""
    with told():
        from advisor.analysis.cohort import evidence  # noqa: PLC0415  (pandas and Arrow take a second)

        content = loading.load(version=version)
        both = [evidence.people(content, path) for path in (first, second)]
        found = evidence.reliabilities(content, both[0], both[1], given["on"].date(), given["source"])
        _tell(found, out, evidence.FEWEST_TWICE)


@click.command(help=SAY["norms"], epilog=SAY["exit_codes"])
@click.argument("responses", type=_FILE)
@_asked
def norms(responses: Path, out: Path | None, version: str | None, **given: Any) -> None:  # noqa: ANN401  (date and source)
    """Make norms.csv."""
    with told():
        from advisor.analysis.cohort import evidence  # noqa: PLC0415  (as above)
        from advisor.analysis.psychometrics.norms import FEWEST  # noqa: PLC0415  (as above)

        content = loading.load(version=version)
        found = evidence.norm_rows(content, evidence.people(content, responses), given["on"].date(), given["source"])
        _tell(found, out, FEWEST)


def _tell(found: Evidence, out: Path | None, least: int) -> None:
    """Write the file or print it, and name on stderr the scales that were not measured."""
    for why in dict.fromkeys(why for _, why in found.left_out):
        scales = some(scale for scale, other in found.left_out if other == why)
        click.echo(SAY[f"evidence_{why}"].format(least=least, scales=scales), err=True)
    if not found.measured:
        raise click.ClickException(SAY["evidence_none"])
    if out is None:
        click.echo(found.csv, nl=False)
        return
    disk.write_whole(out, found.csv.encode())
    click.echo(SAY["evidence_done"].format(count=found.measured, path=out), err=True)


COMMANDS: tuple[click.Command, ...] = (retest, norms)

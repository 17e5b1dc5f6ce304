"""The command that writes what every column means: ``advisor codebook``."""

from __future__ import annotations

from pathlib import Path

import click

from advisor.cli.cohort import told
from advisor.content import disk, loading
from advisor.content.messages import language, messages

SAY = messages()
_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(help=SAY["codebook"], epilog=SAY["exit_codes"])
@click.option("--instrument", metavar="DIR", type=_FOLDER, help=SAY["score_instrument"])
@click.option("--scoring", "version", metavar="VERSION", help=SAY["score_scoring"])
@click.option("--out", metavar="FILE", type=_FILE, required=True, help=SAY["score_out"])
@click.option("--spss", metavar="FILE", type=_FILE, help=SAY["codebook_spss"])
def codebook(instrument: Path | None, version: str | None, out: Path, spss: Path | None) -> None:
    """Write the codebook, and syntax for SPSS."""
    if instrument and version:
        raise click.UsageError(SAY["score_two_instruments"])
    with told():
        import pandas as pd  # noqa: PLC0415  (takes half a second)

        from advisor.analysis.cohort import codebook as books  # noqa: PLC0415  (as above)
        from advisor.analysis.cohort import output, reliability  # noqa: PLC0415  (as above)
        from advisor.analysis.cohort.model import RefusedError  # noqa: PLC0415  (as above)
        from advisor.scoring import likert  # noqa: PLC0415  (numpy)

        output.kind_of(out)
        if spss and spss.resolve() == out.resolve():
            raise RefusedError("same_file", {"file": out.name})
        catalog = None if instrument else loading.load(version=version)
        least = likert.MIN_ANSWERED
        if catalog:
            variables, least = books.of_workbook(catalog, language()), catalog.scoring.min_answered
        else:
            variables = books.brought(likert.read_instrument(instrument or Path()))
        rows = pd.DataFrame([variable.row for variable in variables])
        numbers = dict.fromkeys(("reverse", "quick", "low", "high"), "Int64")
        reliability.write([(out, rows.astype(numbers))], catalog)
        if spss:
            disk.write_whole(spss, books.spss(variables, least, SAY["codebook_note"]).encode())
    click.echo(SAY["codebook_done"].format(count=len(variables), path=out), err=True)
    if spss:
        click.echo(SAY["codebook_spss_done"].format(path=spss), err=True)


COMMANDS: tuple[click.Command, ...] = (codebook,)

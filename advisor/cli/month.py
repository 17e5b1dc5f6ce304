"""The command ``advisor month``: the sessions of a month as CSV or XLSX, without names and codes."""

from __future__ import annotations

import re
from pathlib import Path

import click

from advisor.cli.database import told
from advisor.content.messages import language, messages

SAY = messages()
_FILE = click.Path(dir_okay=False, path_type=Path)
_MONTH = re.compile("([0-9]{4})-(0[1-9]|1[0-2])")


@click.command(help=SAY["month"], epilog=SAY["exit_codes"])
@click.argument("month", metavar="YYYY-MM")
@click.option("--out", type=_FILE, required=True, help=SAY["month_out"])
def month(month: str, out: Path) -> None:
    """Write the sessions of a month into a file."""
    from advisor.content import disk, loading  # noqa: PLC0415  (only this command needs them)
    from advisor.content.translator import say  # noqa: PLC0415  (as above)
    from advisor.report import month as paper  # noqa: PLC0415  (as above)
    from advisor.store import month as kept  # noqa: PLC0415  (as above)
    from advisor.store import office, open_store  # noqa: PLC0415  (as above)

    match, ending = _MONTH.fullmatch(month), out.suffix.lower().removeprefix(".")
    if match is None:
        raise click.BadParameter(SAY["month_form"], param_hint="YYYY-MM")
    if ending not in paper.ENDINGS:
        raise click.BadParameter(SAY["month_ending"], param_hint="--out")
    with told():
        store = open_store(makes=False)
        read, called = kept.of(store, *map(int, match.groups())), office.letterhead(store).called
        store.log("exported", detail=f"month_{ending}")
    made = paper.Month(read.year, read.month, paper.held(read.visits, read.first), read.nobody, read.unread)
    words = say(loading.load(), language(), called=called)
    try:
        disk.write_whole(out, (paper.as_csv if ending == "csv" else paper.as_xlsx)(made, words))
    except OSError:
        raise click.ClickException(SAY["samples_not_written"].format(path=out)) from None
    click.echo(SAY["month_done"].format(number=len(made.held), path=out))
    for note in paper.notes(made, words):
        click.echo(note)


COMMANDS: tuple[click.Command, ...] = (month,)

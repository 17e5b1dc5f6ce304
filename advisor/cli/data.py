"""The commands that make tables for analysis: ``advisor synthetic``, ``advisor anonymise``."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from advisor.analysis.cohort.limits import LEAST_K
from advisor.content import loading
from advisor.content.messages import messages

if TYPE_CHECKING:
    from advisor.analysis.cohort.anonymise import Counts

SAY = messages()
SEED = 1
_FILE = click.Path(dir_okay=False, path_type=Path)
_MONTHS = ("3", "6", "12")  # the same as in advisor.analysis.cohort.anonymise, which imports slowly


@click.command(help=SAY["synthetic"], epilog=SAY["exit_codes"])
@click.option("--n", type=click.IntRange(1, 10_000_000), default=10_000, show_default=True, help=SAY["synthetic_n"])
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=SEED, show_default=True, help=SAY["synthetic_seed"])
@click.option("--out", type=_FILE, required=True, help=SAY["synthetic_out"])
def synthetic(n: int, seed: int, out: Path) -> None:
    """Make a file of synthetic respondents."""
    from advisor.analysis.cohort import synthetic as made  # noqa: PLC0415  (scipy and pyarrow take half a second)

    if out.suffix.lower() != ".parquet":
        raise click.BadParameter(SAY["synthetic_suffix"], param_hint="--out")
    try:
        hidden = n <= made.PART or not sys.stderr.isatty()
        with click.progressbar(length=n, label=SAY["synthetic_making"], file=sys.stderr, hidden=hidden) as bar:
            made.write(loading.load(), made.Recipe(n, seed), out, bar.update)
    except OSError:
        raise click.ClickException(SAY["samples_not_written"].format(path=out)) from None
    click.echo(SAY["synthetic_done"].format(n=n, seed=seed, path=out))
    click.echo(SAY["synthetic_sentence"])


@click.command(help=SAY["anonymise"], epilog=SAY["exit_codes"])
@click.option("--out", type=_FILE, required=True, help=SAY["anonymise_out"])
@click.option("--k", type=click.IntRange(LEAST_K), default=LEAST_K, show_default=True, help=SAY["anonymise_k"])
@click.option("--months", type=click.Choice(_MONTHS), default="3", show_default=True, help=SAY["anonymise_months"])
@click.option("--purpose", default="", help=SAY["anonymise_purpose"])
def anonymise(out: Path, k: int, months: str, purpose: str) -> None:
    """Make an analysis table of the stored sessions."""
    from advisor.analysis.cohort import anonymise as made  # noqa: PLC0415  (as above)
    from advisor.analysis.cohort import output  # noqa: PLC0415  (as above)
    from advisor.analysis.cohort.model import RefusedError  # noqa: PLC0415  (as above)
    from advisor.analysis.cohort.problems import sentence  # noqa: PLC0415  (as above)
    from advisor.session.model import TOKYO  # noqa: PLC0415  (only the commands of the store need SQLAlchemy)
    from advisor.store import StoreError, open_store  # noqa: PLC0415  (as above)
    from advisor.store.engine import FILE_MODE  # noqa: PLC0415  (as above)
    from advisor.store.location import here  # noqa: PLC0415  (as above)

    try:
        kind = output.kind_of(out)
        rules = made.Rules(datetime.now(TOKYO).date(), k, int(months), purpose)
        content = loading.load()
        table, counts = made.anonymise(content, open_store(makes=False), rules)
        if not len(table):
            _tell(("anonymise_left_out",), counts, k, out)
            raise click.ClickException(SAY["anonymise_nobody"])
        rows = output.table_of(table)
        with output.written(out, rows.schema, content.told) as append:
            append(output.encode(rows, kind))
        out.chmod(FILE_MODE)
    except RefusedError as refused:
        raise click.ClickException(sentence(refused)) from None
    except StoreError as error:
        raise click.ClickException(SAY[error.plain_word].format(place=here())) from None
    except OSError:
        raise click.ClickException(SAY["samples_not_written"].format(path=out)) from None
    _tell(("anonymise_done", "anonymise_left_out", "anonymise_coarser", "anonymise_risk"), counts, k, out)
    if not purpose:
        click.echo(SAY["anonymise_consent"])


def _tell(sentences: tuple[str, ...], counts: Counts, k: int, path: Path) -> None:
    for sentence in sentences:
        click.echo(SAY[sentence].format(k=k, path=path, **asdict(counts)))


COMMANDS: tuple[click.Command, ...] = (synthetic, anonymise)

"""The command ``advisor``: ``serve``, ``check`` and ``doctor`` are here, all other commands are added at the end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from advisor import __version__
from advisor.cli import advise, codebook, cohort, data, database, evidence, month, users
from advisor.cli import versions as cli_lab
from advisor.content import datafiles, disk, loading, validate, versions
from advisor.content.catalog import DIGEST_DIGITS
from advisor.content.folder import data_dir
from advisor.content.messages import language, messages
from advisor.server.options import LOGINS, LOOPBACK, Options, problem

if TYPE_CHECKING:
    from advisor.store import Store

SAY = messages()
FOR_ANALYSIS = frozenset({"openpyxl", "pandas", "pyarrow", "ruamel", "scipy", "statsmodels"})  # the extra `analysis`


class Commands(click.Group):
    """The group of all commands; a command that needs packages for analysis says so if they are missing."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  (as click has it)
        """Run the command."""
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as missing:
            if (missing.name or "").partition(".")[0] not in FOR_ANALYSIS:
                raise
            raise click.ClickException(SAY["analysis_extra"]) from None


@click.group(
    cls=Commands,
    help=SAY["main"],
    epilog=SAY["exit_codes"],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, package_name="advisor-workbook")
def main() -> None:
    """Group all commands."""


@main.command(help=SAY["serve"], epilog=SAY["exit_codes"], context_settings={"auto_envvar_prefix": "ADVISOR"})
@click.option("--port", type=click.IntRange(0, 65535), help=SAY["serve_port"])
@click.option("--no-browser", is_flag=True, help=SAY["serve_browser"])
@click.option("--login", type=click.Choice(LOGINS), default="alone", help=SAY["serve_login"])
@click.option("--host", default=LOOPBACK, help=SAY["serve_host"])
@click.option("--origin", default="", help=SAY["serve_origin"])
@click.option("--proxy-header", default="", help=SAY["serve_proxy_header"])
@click.option("--proxy-from", multiple=True, help=SAY["serve_proxy_from"])
@click.option("--proxy-user", multiple=True, help=SAY["serve_proxy_user"])
@click.option("--sessions", type=click.IntRange(1), default=Options().sessions, help=SAY["serve_sessions"])
@click.option("--tabs", type=click.IntRange(1), default=Options().tabs, help=SAY["serve_tabs"])
def serve(no_browser: bool, **chosen: Any) -> None:  # noqa: ANN401  (the fields of Options)
    """Run the server until it is stopped."""
    options = Options(**chosen)
    if word := problem(options):
        raise click.UsageError(SAY[word])

    if options.login == "hub":
        options = _placed(options)

    from advisor.server import app, assets  # noqa: PLC0415  (the server takes a second to import)

    store = _ready_to_serve(options)

    def announce(url: str) -> None:
        click.echo(SAY["running"].format(url=url))
        if options.login == "alone":
            click.echo(SAY["once"])
        click.echo(SAY["stop"])

    def announce_another(url: str) -> None:
        click.echo(SAY["another"].format(url=url))

    try:
        app.serve(options, store, on_ready=announce, on_another=announce_another, opens=not no_browser)
    except app.PortTakenError:
        raise click.ClickException(SAY["port_taken"].format(port=options.port)) from None
    except assets.FrontMissingError:
        raise click.ClickException(SAY["front_missing"]) from None


def _placed(options: Options) -> Options:
    """Return the options with the settings of the JupyterHub that starts this server."""
    try:
        from advisor.server import hub  # noqa: PLC0415  (an extra; only the server of a hub needs it)
    except ImportError:
        raise click.ClickException(SAY["serve_hub_extra"]) from None
    try:
        return hub.placed(options)
    except hub.NoHubError as missing:
        raise click.ClickException(SAY["serve_no_hub"].format(name=missing.name)) from None


def _ready_to_serve(options: Options) -> Store:
    """Check everything that the server needs, and return the store."""
    from advisor.server import paths  # noqa: PLC0415  (as above)
    from advisor.store import advisers, open_store  # noqa: PLC0415  (SQLAlchemy takes a third of a second)

    for notebook in (paths.notebooks_dir() / name for name in paths.PAGES.values()):
        if not notebook.is_file():
            raise click.ClickException(SAY["no_notebook"].format(path=notebook))
    with database.told():
        store = open_store(makes=options.login != "hub")  # a Hub tells its servers the id of the store
        _require_place(store)
        if options.login == "team" and not advisers.all_of(store):
            click.echo(SAY["no_advisers"])
    return store


def _require_place(store: Store) -> None:
    """Raise NotRead if the store is gone or is another one. If it only does not answer yet, the server starts."""
    from advisor.store import NotRead  # noqa: PLC0415  (as above)

    try:
        store.check()
    except NotRead as trouble:
        if trouble.is_misplaced:
            raise


@main.command(help=SAY["check"], epilog=SAY["exit_codes"])
@click.argument(
    "folder", metavar="[DIR]", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--schema", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), help=SAY["check_schema"])
def check(folder: Path | None, schema: Path | None) -> None:
    """Load the data and print every problem, one on each line."""
    if schema:
        written = _write_schemas(schema)
        click.echo(SAY["schemas"].format(count=written, path=schema))
    folder = (folder or data_dir()).resolve()
    if problems := validate.problems(folder):
        for each in problems:
            click.echo(datafiles.problem_text(each, language()))
        raise click.ClickException(SAY["problems"].format(count=len(problems)))
    loaded = loading.load(folder)
    counts = {name: len(getattr(loaded, name)) for name in ("scales", "items", "steps", "paths", "roles")}
    counted = SAY["counts"].format(**counts, fallbacks=loaded.fallbacks["en"])
    digest = loaded.digest[:DIGEST_DIGITS]
    click.echo(SAY["data_ok"].format(version=loaded.scoring.version, digest=digest, counts=counted))
    released = versions.releases(folder)
    for draft in (version for version in versions.names(folder) if version not in released):
        click.echo(SAY["draft_ok"].format(version=draft))


def _write_schemas(folder: Path) -> int:
    """Write a ``name.schema.json`` for each kind of YAML file into ``folder``; return how many."""
    schemas = validate.schemas()
    for name, schema in schemas.items():
        path = folder / Path(name).with_suffix(".schema.json")
        path.parent.mkdir(parents=True, exist_ok=True)
        disk.write_whole(path, f"{json.dumps(schema, ensure_ascii=False, indent=2)}\n".encode())
    return len(schemas)


@main.command(help=SAY["doctor"], epilog=SAY["exit_codes"])
def doctor() -> None:
    """Print one line for each check of the machine."""
    from advisor.cli.doctor import all_checks  # noqa: PLC0415  (only this command needs it)

    failed = False
    for finding in all_checks(SAY):
        click.echo(f"{SAY[finding.state]}  {finding.subject}: {finding.detail}")
        if finding.state != "ok":
            click.echo(f"      → {finding.remedy}")
        failed = failed or finding.state == "fail"
    click.echo(SAY["not_ok"] if failed else SAY["all_ok"])
    if failed:
        raise click.exceptions.Exit(1)


for command in (
    *database.COMMANDS, *users.COMMANDS, *cohort.COMMANDS, *codebook.COMMANDS, *evidence.COMMANDS, *cli_lab.COMMANDS,
    *data.COMMANDS, *advise.COMMANDS, *month.COMMANDS,
):  # fmt: skip
    main.add_command(command)

"""Who a store is: nothing is written where another store stands, none is made where one was known, and all are told."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from advisor.cli import database as cli_store
from advisor.cli import doctor, main
from advisor.content.messages import messages
from advisor.store import NotRead, NotSaved, Store, open_store, sealed_file, settings
from advisor.store.backup import backup, restore
from advisor.store.engine import address, shown
from advisor.store.location import adopt, for_kernels, forget, inspect_place
from tests.databases import NEW, client, later, saved
from tests.serving import ran, serving

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.databases import Server

SAY = messages("en")
FIRST = later(NEW, notes="カナリア")
SECOND = later(FIRST, notes="次のカナリア")


@pytest.fixture(autouse=True)
def user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A user who knows no store yet, at an English terminal; the folder of the configuration."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setattr(cli_store, "SAY", SAY)
    monkeypatch.setattr(sealed_file, "COST", {"n": 2**4, "r": 8, "p": 1})
    monkeypatch.setenv("ADVISOR_PASSPHRASE", "secret")
    return tmp_path / "configuration"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the store that the commands use, on a drive that can be taken away."""
    path = tmp_path / "drive" / "data" / "advisor.sqlite3"
    monkeypatch.setenv("ADVISOR_DATABASE_URL", f"sqlite:///{path}")
    return path


def known() -> dict[str, str]:
    """Return what the user's configuration knows: ids by address."""
    path = platformdirs.user_config_path("advisor-workbook", appauthor=False) / "stores.json"
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def advisor(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main.main, list(map(str, arguments)))


def word(act: Callable[[], object]) -> str:
    """Return why something could not be read or written."""
    with pytest.raises((NotRead, NotSaved)) as told:
        act()
    return told.value.word


def named(store: Store, name: str) -> None:
    """Give the store an id of another one, behind everybody's back."""
    with store.writing() as connection:
        settings.put(connection, "store", name)


# --- an id --------------------------------------------------------------------------------------------------------


def test_a_new_store_has_an_id_which_the_user_s_configuration_knows_too(database: str) -> None:
    store = open_store(database, "")
    assert store.id
    assert known() == {shown(store.engine.url): store.id}
    assert open_store(database, "").id == store.id


def test_what_is_known_is_for_this_user_only(file: Path, user: Path) -> None:
    previous = os.umask(0)
    try:
        open_store()
        (kept,) = user.rglob("*.json")
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
        assert list(kept.parent.iterdir()) == [kept]
    finally:
        os.umask(previous)


def test_a_store_of_before_there_were_ids_gets_the_one_that_is_known_at_its_place(database: str) -> None:
    before = open_store(database, "")
    with before.writing() as connection:
        connection.execute(sa.text("DELETE FROM setting"))
    assert open_store(database, "").id == before.id


def test_a_configuration_that_cannot_be_written_or_read_stops_nobody(file: Path, user: Path) -> None:
    user.mkdir()
    (user / "advisor-workbook").write_text("a file where the folder should be", encoding="utf-8")
    assert open_store().id
    (user / "advisor-workbook").unlink()
    (user / "advisor-workbook").mkdir()
    (user / "advisor-workbook" / "stores.json").write_text("[no JSON", encoding="utf-8")
    assert open_store().id


# --- one address --------------------------------------------------------------------------------------------------


def test_a_path_means_the_same_in_every_folder_and_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert address("sqlite:///here/a b%.sqlite3").database == str(tmp_path / "here" / "a b%.sqlite3")
    assert address("sqlite:///~/a.sqlite3").database == str(tmp_path / "home" / "a.sqlite3")
    there = for_kernels(open_store("sqlite:///here/佐藤 a b%.sqlite3", ""))["ADVISOR_DATABASE_URL"]
    monkeypatch.chdir("/")
    assert address(there).database == str(tmp_path / "here" / "佐藤 a b%.sqlite3")
    secret = address("postgresql://me:p%40ss@db.example:5433/team?host=/run/a%20b")
    assert address(secret.render_as_string(hide_password=False)) == secret
    assert shown(address("postgresql://db.example:5433/team")) != shown(address("postgresql://db.example/team"))


CELL = """
from advisor.store import open_store
store = open_store(makes=False)
store.log("exported", detail=store.id)
"""


@pytest.mark.parametrize("fork", ["1", "0"], ids=["forked", "started"])
@pytest.mark.slow
def test_pages_server_commands_and_doctor_use_one_store_wherever_the_user_s_folders_are(
    tmp_path: Path, fork: str
) -> None:
    (tmp_path / "home").mkdir()
    given = {name: kept for name, kept in os.environ.items() if not name.startswith(("ADVISOR_", "XDG_"))}
    places = {"HOME": tmp_path / "home", "XDG_DATA_HOME": tmp_path / "data", "XDG_CONFIG_HOME": tmp_path / "config"}
    environment = given | {name: str(path) for name, path in places.items()} | {"ADVISOR_FORK": fork}
    environment["ADVISOR_LANG"] = "en"
    with serving(CELL, folder=tmp_path, environment=environment) as server:
        request = urllib.request.Request(server.url, headers={"Cookie": server.cookie})  # noqa: S310  (our own server)
        urllib.request.urlopen(request, timeout=60).read()  # noqa: S310  (as above)
    files = list(tmp_path.rglob("*.sqlite3"))
    assert files == [tmp_path / "data" / "advisor-workbook" / "advisor.sqlite3"]

    def told(*arguments: str) -> str:  # the doctor's own try of a fork is tested elsewhere
        return ran("-m", "advisor", *arguments, environment=environment | {"ADVISOR_FORK": "0"}).stdout

    (line,) = [line for line in told("log").splitlines() if "exported" in line]
    assert line.endswith(told("db", "adopt").strip()), "the page knew by the server which store it is"
    assert str(files[0]) in told("doctor")


# --- a store that vanished ----------------------------------------------------------------------------------------


def gone(file: Path) -> None:
    file.unlink()


def folder_gone(file: Path) -> None:
    shutil.rmtree(file.parents[1])


def mount_point_left(file: Path) -> None:
    shutil.rmtree(file.parents[1])
    file.parents[1].mkdir()


def emptied(file: Path) -> None:
    file.unlink()
    file.touch()


@pytest.fixture(params=[gone, folder_gone, mount_point_left, emptied])
def vanish(request: pytest.FixtureRequest) -> Callable[[Path], None]:
    """How a store goes: its file, its folder, its drive; or something made the file anew."""
    found: Callable[[Path], None] = request.param
    return found


def test_while_a_store_is_gone_nothing_is_written_and_when_it_is_back_everything_goes_on(
    file: Path, tmp_path: Path, vanish: Callable[[Path], None]
) -> None:
    store = open_store()
    saved(store, "v1", FIRST)
    store.engine.dispose()
    shutil.copytree(file.parents[1], tmp_path / "in a bag")
    store.visit("v1")  # a page holds it open
    vanish(file)
    left = set(tmp_path.rglob("*"))
    for one in (store, store.logged_as("alone"), open_store(), open_store(makes=False)):
        assert word(lambda one=one: one.save("v1", None, FIRST, SECOND)) == "not_saved_gone"  # type: ignore[misc]
        assert word(lambda one=one: one.visits(None)) == "not_read_gone"  # type: ignore[misc]
        assert word(one.upgrade) == "not_saved_gone"
    assert set(tmp_path.rglob("*")) <= left, "nothing new stands there"
    shutil.rmtree(file.parents[1], ignore_errors=True)
    shutil.copytree(tmp_path / "in a bag", file.parents[1])
    store.save("v1", None, FIRST, SECOND)
    assert open_store().replay("v1") == SECOND


def test_no_connection_makes_a_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("advisor.store.erasure.PATIENCE_SECONDS", 0)
    store = open_store()
    store.engine.dispose()
    file.unlink()
    with pytest.raises(sa.exc.OperationalError), store.engine.connect():
        pass
    assert not file.exists()
    assert not store.sweep()


@pytest.mark.parametrize(
    "arguments",
    [("backup", "a.backup"), ("users", "list"), ("users", "add", "佐藤", "--generate"), ("log",), ("db", "upgrade"),
     ("restore", "a.backup"), ("serve", "--no-browser", "--port", "0"), ("db", "adopt")],
)  # fmt: skip
def test_a_command_names_the_store_that_is_gone(
    file: Path, tmp_path: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    open_store()
    backup(open_store(), tmp_path / "a.backup", "secret") if arguments[0] == "restore" else None
    folder_gone(file)
    told = advisor(*arguments)
    assert told.exit_code == 1, told.output
    assert str(file) in told.output
    if arguments != ("db", "adopt"):
        assert SAY["store_gone"].format(place=file) in told.output
    assert not file.exists()
    assert (tmp_path / "a.backup").exists() == (arguments[0] == "restore")


def test_the_doctor_names_the_store_that_is_gone(file: Path) -> None:
    open_store()
    gone(file)
    finding = doctor.storage(SAY)
    assert (finding.state, finding.detail) == ("fail", str(file))
    assert finding.remedy == SAY["store_gone"].format(place=file)
    assert not file.exists()


@pytest.mark.parametrize("arguments", [("backup", "a.backup"), ("users", "list"), ("users", "disable", "x"), ("log",)])
def test_a_command_that_reads_makes_no_store_where_none_was(
    file: Path, tmp_path: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = advisor(*arguments)
    assert (told.exit_code, SAY["store_none"].format(place=file) in told.output) == (1, True)
    assert not file.parent.exists()


def test_a_backup_of_nothing_says_so(file: Path, tmp_path: Path) -> None:
    open_store()
    told = advisor("backup", tmp_path / "a.backup")
    assert told.exit_code == 0
    assert SAY["backed_up_nothing"].format(place=file) in told.output


def test_one_begins_anew_on_purpose(file: Path) -> None:
    first = open_store().id
    folder_gone(file)
    assert SAY["forgotten"].format(place=file) in advisor("db", "forget").output
    assert known() == {}
    second = open_store().id
    assert second not in {None, first}
    assert known() == {str(file): second}
    assert advisor("db", "forget").exit_code == 0
    assert SAY["forgotten_nothing"].format(place=file) in advisor("db", "forget").output


def test_a_page_of_a_server_makes_no_store_whatever_it_knows(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_STORE_ID", "")
    for name in ("", "the one that is meant"):
        monkeypatch.setenv("ADVISOR_STORE_ID", name)
        store = open_store(makes=False)
        assert word(lambda: store.visits(None)) == ("not_read_gone" if name else "not_read_none")  # noqa: B023
    assert not file.parent.exists()
    assert known() == {}


# --- another store ------------------------------------------------------------------------------------------------


def test_nothing_is_written_into_another_store(database: str) -> None:
    store = open_store(database, "")
    saved(store, "v1", FIRST)
    named(store, "another")
    store.engine.dispose()
    for other in (open_store(database, ""), open_store(database, "", makes=False)):
        assert word(lambda other=other: other.save("v1", None, FIRST, SECOND)) == "not_saved_other"  # type: ignore[misc]
        assert word(lambda other=other: other.visits(None)) == "not_read_other"  # type: ignore[misc]
        assert word(other.upgrade) == "not_saved_other"
    assert inspect_place(database, "").word == "store_other"
    assert known() == {shown(store.engine.url): store.id}
    assert adopt(database, "") == "another"
    again = open_store(database, "")
    again.save("v1", None, FIRST, SECOND)
    assert [event.revision for event in again.events("v1")] == [1, 2], "what was refused was not written"


def test_a_page_that_is_open_sees_at_once_that_another_file_stands_there(file: Path, tmp_path: Path) -> None:
    page = open_store()
    saved(page, "v1", FIRST)
    stranger = open_store(f"sqlite:///{tmp_path}/b.sqlite3", "")
    saved(stranger, "v1", FIRST)
    stranger.engine.dispose()
    for beside in file.parent.glob("*-*"):
        beside.unlink()
    (tmp_path / "b.sqlite3").rename(file)
    before = file.read_bytes()
    assert word(lambda: page.save("v1", None, FIRST, SECOND)) == "not_saved_other"
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as found:
        assert found.execute("SELECT count(*) FROM event").fetchone() == (1,)
    assert file.read_bytes() == before


def test_an_older_copy_of_the_same_store_is_the_same_store(file: Path, tmp_path: Path) -> None:
    store = open_store()
    saved(store, "v1", FIRST)
    store.engine.dispose()
    shutil.copyfile(file, tmp_path / "copy")
    store.put_client(client("c2"))
    store.engine.dispose()
    (tmp_path / "copy").rename(file)
    assert store.clients() == ()
    assert open_store().replay("v1") == FIRST


def test_a_server_that_was_given_another_database_is_noticed_in_the_first_transaction(postgres: Server) -> None:
    """The address stays, what stands behind it changes: a name of a host that leads elsewhere, say."""
    url = postgres.new_database()
    page = open_store(url, "")
    saved(page, "v1", FIRST)
    named(page, "another")
    kernel = open_store(url, "", makes=False)
    assert word(lambda: kernel.save("v1", None, FIRST, SECOND)) == "not_saved_other"
    assert len(page.events("v1")) == 1


def test_what_the_environment_says_goes_before_what_the_user_knows(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = open_store().id or ""
    monkeypatch.setenv("ADVISOR_STORE_ID", "another")
    assert word(lambda: open_store().visits(None)) == "not_read_other"
    told = advisor("db", "adopt")
    assert (told.exit_code, told.stdout.strip()) == (1, there)
    assert SAY["store_id_set"] in told.output
    assert known() == {str(file): there}
    monkeypatch.setenv("ADVISOR_STORE_ID", there)
    assert open_store().visits(None) == ()
    assert advisor("db", "adopt").exit_code == 0


# --- backups ------------------------------------------------------------------------------------------------------


def test_a_restored_store_is_the_one_that_was_backed_up(database: str, tmp_path: Path) -> None:
    store = open_store(database, "")
    saved(store, "v1", FIRST)
    backup(store, tmp_path / "a.backup", "secret")
    new = open_store(f"sqlite:///{tmp_path}/new.sqlite3", "")
    assert new.id != store.id
    restore(new, tmp_path / "a.backup", "secret")
    assert new.id == store.id
    assert new.replay("v1") == FIRST, "it goes on as it is"
    new.engine.dispose()
    forget(f"sqlite:///{tmp_path}/new.sqlite3")
    assert open_store(f"sqlite:///{tmp_path}/new.sqlite3", "").id == store.id


def test_a_store_with_something_in_it_stays_who_it_is(database: str, tmp_path: Path) -> None:
    store = open_store(database, "")
    saved(store, "v1", FIRST)
    backup(store, tmp_path / "a.backup", "secret")
    other = open_store(f"sqlite:///{tmp_path}/other.sqlite3", "")
    other.put_client(client("c1"))
    before = other.id
    restore(other, tmp_path / "a.backup", "secret", replace=True)
    assert other.id == before != store.id
    other.engine.dispose()
    assert open_store(f"sqlite:///{tmp_path}/other.sqlite3", "").replay("v1") == FIRST


def test_a_store_that_is_lost_for_good_comes_back_from_its_backup_under_its_id(file: Path, tmp_path: Path) -> None:
    store = open_store()
    saved(store, "v1", FIRST)
    assert advisor("backup", tmp_path / "a.backup").exit_code == 0
    folder_gone(file)
    assert advisor("restore", tmp_path / "a.backup").exit_code == 1
    advisor("db", "forget")
    assert advisor("restore", tmp_path / "a.backup").exit_code == 0
    assert open_store().id == store.id
    assert known() == {str(file): store.id}
    assert store.replay("v1") == FIRST, "a page that was open all the time goes on"

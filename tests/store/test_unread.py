"""One row that cannot be read spoils no list: what opens is there, what does not is named, kept, erased, backed up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from advisor.analysis.cohort.anonymise import Rules, anonymise
from advisor.cli import doctor
from advisor.cli.doctor import Check
from advisor.cli.main import main
from advisor.content.loading import load
from advisor.content.messages import messages
from advisor.content.translator import say
from advisor.session.model import Details, Permission
from advisor.session.record import dump
from advisor.store import NotRead, Sealed, Store, new_key, open_store, passwords, sealed_file, tables
from advisor.store.backup import Counted, backup, restore
from advisor.store.encryption import Vault
from advisor.store.open_visit import open_visit
from advisor.store.overview import overview
from advisor.store.unread import Unread, differing, look_through
from advisor.view.desk.desk import Desk
from advisor.view.desk.page import DeskPage
from tests.databases import CONSENT, NEW, Server, believed, client, later, saved
from tests.pages import send
from tests.support import CATALOG

CANARY, PHRASE = "カナリア", "正しい馬 battery"
FIRST = later(NEW, notes=f"{CANARY}のメモ")
SECOND = later(FIRST, notes=f"{CANARY}のつづき")
TODAY = date(2026, 11, 21)
SAY, JA = messages(), say(CATALOG, "ja")
Damage = Callable[[Store], None]


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Derive keys quickly."""
    monkeypatch.setattr(sealed_file, "COST", {"n": 2**4, "r": 8, "p": 1})
    for name, value in {"MEMORY": 16, "TIME": 1, "LANES": 1}.items():
        monkeypatch.setattr(passwords, name, value)


def filled(store: Store) -> Store:
    store.put_client(client("c1", code="A-001"))
    store.put_client(client("c2", code="A-002"))
    store.put_client(client("c3", code="A-003", consent=replace(CONSENT, until=date(2026, 11, 15), then="erase")))
    saved(store, "v1", FIRST, SECOND, of="c1")
    saved(store, "v2", FIRST, of="c1")
    saved(store, "v3", FIRST, of="c2")
    saved(store, "v4", FIRST, of="c3")
    saved(store, "v5", FIRST)
    return store


def set_to(table: sa.Table, column: str, value: Any, **row: Any) -> Damage:
    """Return what writes a value past everything of ours."""

    def damage(store: Store) -> None:
        mine = [table.c[name] == kept for name, kept in row.items()]
        with store.writing() as connection:
            connection.execute(sa.update(table).where(*mine).values({column: value}))

    return damage


def cut(store: Store) -> None:
    """A record that ends in the middle, as after a disk that lied."""
    half = sa.func.substr(tables.visit.c.record, 1, 40)
    set_to(tables.visit, "record", half, id="v2")(store)


def elsewhere(text: str) -> str:
    """Return text under a key that nobody has."""
    return Vault(new_key()).seal(text)


VISIT = Unread("visit", "v2")
ROWS: dict[str, tuple[Damage, Unread]] = {
    "a record that was cut off": (cut, VISIT),
    "a record under another key": (set_to(tables.visit, "record", elsewhere("{}"), id="v2"), VISIT),
    "an event that was cut off": (set_to(tables.event, "patch", "{", visit="v1", revision=2), Unread("event", "v1 2")),
    "a code under another key": (set_to(tables.client, "code", elsewhere("A"), id="c2"), Unread("client", "c2")),
    "a purpose under another key": (set_to(tables.client, "purpose", elsewhere("A"), id="c2"), Unread("client", "c2")),
}
OF_SQLITE: dict[str, tuple[Damage, Unread]] = {
    "bytes that are no text": (
        set_to(tables.visit, "record", sa.text("CAST(x'7bff227d' AS TEXT)"), id="v2"),
        VISIT,
    ),
    "a time that is none": (set_to(tables.visit, "started", sa.text("'2026-1q-01'"), id="v2"), VISIT),
    "a day that is none": (set_to(tables.client, "until", sa.text("'2026-1q-01'"), id="c2"), Unread("client", "c2")),
}
EVERY = pytest.mark.parametrize("damage", [*ROWS, *OF_SQLITE])


@pytest.fixture
def store(database: str) -> Store:
    """A filled store of either kind, in plain text."""
    return filled(open_store(database, ""))


@pytest.fixture
def file_store(tmp_path: Path) -> Store:
    """A filled store in a file: for what is made of rows, wherever they come from."""
    return filled(open_store(f"sqlite:///{tmp_path / 'a.sqlite3'}", ""))


@pytest.fixture(params=["plain", "sealed"])
def plain_or_sealed(request: pytest.FixtureRequest, database: str) -> Store:
    """A filled store of either kind, in plain text and sealed."""
    return filled(open_store(database, "" if request.param == "plain" else new_key()))


def damaged(store: Store, damage: str) -> Unread:
    """Damage a row, and return how it is named."""
    if damage in OF_SQLITE and store.file is None:
        pytest.skip("PostgreSQL takes no such value")
    spoil, named = {**ROWS, **OF_SQLITE}[damage]
    spoil(store)
    return named


def desk_of(store: Store) -> tuple[Desk, DeskPage]:
    page = DeskPage(CATALOG, store, lambda: TODAY, "workbook")
    return page.desk, page


def html(page: DeskPage) -> str:
    return str(page.top[1].widget.html)


# --- lists --------------------------------------------------------------------------------------------------------


@EVERY
def test_lists_return_what_opens_and_name_what_does_not(plain_or_sealed: Store, damage: str) -> None:
    store = plain_or_sealed
    named = damaged(store, damage)
    clients, visits, events = store.clients(), store.visits("c1"), store.events("v1")
    assert (len(clients), clients.unread) == ((2, ("c2",)) if named.kind == "client" else (3, ()))
    assert (len(visits), visits.unread) == ((1, ("v2",)) if named == VISIT else (2, ()))
    assert (len(events), events.unread) == ((1, ("v1 2",)) if named.kind == "event" else (2, ()))
    assert look_through(store) == (named,)


@EVERY
def test_the_desk_shows_everybody_else_and_says_how_many_records_cannot_be_read(file_store: Store, damage: str) -> None:
    named = damaged(file_store, damage)
    desk, page = desk_of(file_store)
    seen = [line.client.code for line in desk.rows]
    assert desk.unread == ""
    if named.kind == "client" and "purpose" not in damage:
        assert seen == ["A-001"], "A-003 went at its date, the others are there"
        assert JA("desk_damaged", number=1) in html(page)
        assert JA("desk_damaged_nameless") in html(page)
    else:
        assert set(seen) == {"A-001", "A-002"}
    assert CANARY not in html(page)
    desk.open("c1")
    assert desk.row is not None
    if named == VISIT:
        assert desk.row.unread == ("v2",)
        assert [visit.id for visit in desk.row.visits] == ["v1"]
        assert JA("desk_damaged", number=1) in html(page)
        assert JA("desk_damaged_codes", codes="A-001") in html(page)
    else:
        assert JA("desk_damaged", number=1) not in html(page)


def test_a_client_whose_only_visit_cannot_be_read_stands_in_the_list_with_the_others(file_store: Store) -> None:
    set_to(tables.visit, "record", "{", id="v3")(file_store)
    desk, page = desk_of(file_store)
    assert {line.client.code for line in desk.rows} == {"A-001", "A-002"}
    assert JA("desk_damaged_codes", codes="A-002") in html(page)
    visit = desk.start("c2")
    assert visit is not None
    assert open_visit(file_store, visit).notice == ""


def test_a_visit_of_nobody_that_cannot_be_read_hides_no_other(store: Store) -> None:
    saved(store, "v6", FIRST)
    set_to(tables.visit, "record", "{", id="v5")(store)
    seen = overview(store)
    assert ([visit.id for visit in seen.nobody], seen.nobodys, seen.unread) == (["v6"], 2, ("",))


@EVERY
def test_the_next_visit_is_compared_with_the_latest_that_opens(file_store: Store, damage: str) -> None:
    damaged(file_store, damage)
    saved(file_store, "v9", FIRST, of="c1")
    last = open_visit(file_store, "v9").session.last
    assert last is not None


def test_a_history_with_a_hole_is_not_replayed_over_it(store: Store) -> None:
    damaged(store, "an event that was cut off")
    with pytest.raises(NotRead):
        store.replay("v1")
    assert open_visit(store, "v1").session.record == SECOND


def test_a_page_under_a_retired_key_is_told_so_and_calls_nothing_damaged(database: str) -> None:
    old, new = new_key(), new_key()
    page = filled(open_store(database, old))
    assert open_store(database, f"{new},{old}").reseal()
    for read in (page.clients, lambda: page.visits("c1"), lambda: overview(page), lambda: look_through(page)):
        with pytest.raises(Sealed) as told:
            read()
        assert told.value.word == "not_read_key"
    desk, shown = desk_of(page)
    assert desk.unread == "not_read_key"
    assert JA("not_read_key") in html(shown)


def test_the_first_row_being_damaged_does_not_pass_for_a_wrong_key(database: str) -> None:
    key = new_key()
    filled(open_store(database, key))
    for table, column in ((tables.client, "code"), (tables.visit, "record"), (tables.event, "patch")):
        first = sa.select(sa.func.min(table.c[next(iter(table.primary_key.columns)).name])).scalar_subquery()
        with open_store(database, key).writing() as connection:
            mine = next(iter(table.primary_key.columns)) == first
            connection.execute(sa.update(table).where(mine).values({column: elsewhere("{}")}))
    assert len(open_store(database, key).clients()) == 2


def test_a_record_that_its_changes_do_not_lead_to_is_named(plain_or_sealed: Store) -> None:
    store = plain_or_sealed
    assert differing(store) == ()
    other = store.vault.seal(dump(replace(SECOND, notes="あとから書き換えた")))
    set_to(tables.visit, "record", other, id="v1")(store)
    assert differing(store) == ("v1",)
    assert look_through(store) == ()


# --- erasing ------------------------------------------------------------------------------------------------------


@EVERY
def test_what_cannot_be_read_can_be_erased(store: Store, damage: str) -> None:
    damaged(store, damage)
    store.erase_visit("v2")
    store.erase_client("c1", TODAY)
    store.erase_client("c2", TODAY)
    assert look_through(store) == ()
    assert [stone.id for stone in store.tombstones() if stone.id in {"c1", "c2"}] == ["c1", "c2"]


def test_a_visit_that_cannot_be_read_is_erased_from_its_clients_page(file_store: Store) -> None:
    cut(file_store)
    desk, page = desk_of(file_store)
    desk.open("c1")
    assert 'data-open-dialog="erase-v2"' in page.screens["client"][0].widget.html
    send(page.screens["client"][0].widget, event="action", name="erase_visit", id="v2")
    assert look_through(file_store) == ()
    assert desk.row is not None
    assert desk.row.unread == ()


def test_whose_time_is_over_goes_though_nobody_can_read_it(store: Store) -> None:
    set_to(tables.client, "code", elsewhere("A"), id="c3")(store)
    set_to(tables.visit, "record", "{", id="v4")(store)
    believed(store, TODAY)
    assert "c3" in store.expire(TODAY).hidden
    assert store.expire(TODAY + timedelta(days=1)).erased == ("c3",)
    assert look_through(store) == ()


# --- what leaves --------------------------------------------------------------------------------------------------


def test_who_is_handed_everything_is_told_that_something_is_missing(
    file_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from advisor.report import pdf

    cut(file_store)
    desk, page = desk_of(file_store)
    desk.open("c1")
    made: list[Any] = []

    def keep(document: Any) -> bytes:
        made.append(document)
        return b""

    monkeypatch.setattr(pdf, "pdf", keep)
    monkeypatch.setattr(type(page.lifeline), "download", lambda *_: None)
    for kind in ("pdf", "json"):
        send(page.screens["client"][0].widget, event="action", name="everything", id=kind)
        assert desk.note is not None
        assert desk.note.word == "desk_handed_over_damaged"
    assert (JA("dossier_unread"), JA("dossier_unread_number", number=1)) in made[0].parts[0].pairs


def test_an_analysis_table_leaves_out_whom_it_cannot_read_and_counts_them(file_store: Store) -> None:
    for kept in file_store.clients():
        file_store.put_client(replace(kept, details=Details({"statistics": Permission(TODAY)})), kept)
    set_to(tables.client, "code", elsewhere("A"), id="c2")(file_store)
    cut(file_store)
    _, counts = anonymise(load(), file_store, Rules(TODAY))
    assert (counts.clients, counts.unread, counts.expired) == (3, 2, 1)


# --- doctor, backup, keys -----------------------------------------------------------------------------------------


def advisor(store: Store, *arguments: str, key: str = "") -> Result:
    url = store.engine.url.render_as_string(hide_password=False)
    environment = {"ADVISOR_DATABASE_URL": url, "ADVISOR_KEY": key, "ADVISOR_PASSPHRASE": PHRASE, "ADVISOR_FORK": "0"}
    return CliRunner().invoke(main, arguments, env=environment)


@EVERY
def test_the_doctor_reads_every_row_and_names_what_does_not_open(
    store: Store, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_DATABASE_URL", store.engine.url.render_as_string(hide_password=False))
    assert doctor.rows(SAY) == Check("ok", SAY["rows"], SAY["rows_ok"])
    named = damaged(store, damage)
    told = doctor.rows(SAY)
    assert (told.state, told.detail) == ("fail", SAY["rows_damaged"].format(number=1, names=f"{named.kind} {named.id}"))
    assert CANARY not in str(told)


def test_a_row_that_does_not_open_is_a_finding_of_the_doctor(database: str) -> None:
    store = filled(open_store(database, ""))
    assert SAY["rows_ok"] in advisor(store, "doctor").output
    cut(store)
    told = advisor(store, "doctor")
    assert told.exit_code == 1
    assert SAY["rows_damaged"].format(number=1, names="visit v2") in told.output
    assert CANARY not in told.output


def test_the_doctor_reads_the_catalogues_too(database: str) -> None:
    store = filled(open_store(database, ""))
    set_to(tables.catalogue, "packed", b"PK", digest=NEW.digest)(store)
    assert look_through(store) == (Unread("catalogue", NEW.digest),)


@EVERY
def test_a_backup_names_what_cannot_be_read_and_holds_it_as_it_stands(
    file_store: Store, damage: str, tmp_path: Path, postgres: Server
) -> None:
    named = damaged(file_store, damage)
    path = tmp_path / "a.backup"
    counted = backup(file_store, path, PHRASE)
    assert counted == Counted(3, 5, 6, unread=(named,))
    others = [f"sqlite:///{tmp_path}/other.sqlite3"]
    others += [postgres.new_database()] if damage in ROWS else []  # PostgreSQL takes no day that is none
    for url in others:
        other = open_store(url, new_key())
        back = restore(other, path, PHRASE)
        assert (back.clients, back.visits, back.events) == (3, 5, 6)
        assert back.unread == look_through(other)
        assert back.unread in {(named,), ()}, "bytes that are no text come back as text with a gap"
        assert other.visit("v1") is not None
        assert {visit.id for visit in other.visits("c1")} | set(other.visits("c1").unread) == {"v1", "v2"}


def test_a_row_under_a_key_that_comes_back_opens_again_after_a_restore(tmp_path: Path) -> None:
    lost = new_key()
    store = filled(open_store(f"sqlite:///{tmp_path}/a.sqlite3", ""))
    set_to(tables.client, "code", Vault(lost).seal("見つかった"), id="c2")(store)
    path = tmp_path / "a.backup"
    assert backup(store, path, PHRASE).unread == (Unread("client", "c2"),)
    other = open_store(f"sqlite:///{tmp_path}/b.sqlite3", lost)
    assert restore(other, path, PHRASE).unread == ()
    assert "見つかった" in [one.code for one in other.clients()]


def test_the_command_writes_the_backup_says_what_could_not_be_read_and_ends_as_a_failure(
    database: str, tmp_path: Path
) -> None:
    store = filled(open_store(database, ""))
    cut(store)
    path = tmp_path / "a.backup"
    told = advisor(store, "backup", str(path))
    assert told.exit_code == 1
    assert SAY["backed_up_unread"].format(number=1, names="visit v2") in told.output
    assert path.exists()
    assert CANARY not in told.output


def test_keys_are_changed_though_a_row_opens_under_none_and_it_is_named(database: str) -> None:
    store = filled(open_store(database, ""))
    set_to(tables.client, "code", elsewhere("A"), id="c2")(store)
    key = new_key()
    told = advisor(store, "db", "reseal", key=key)
    assert told.exit_code == 1
    assert SAY["resealed_unread"].format(number=1, names="client c2") in told.output
    only = open_store(database, key)
    assert (len(only.clients()), only.clients().unread) == (2, ("c2",))

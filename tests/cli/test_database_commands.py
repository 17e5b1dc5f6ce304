"""The commands of the store, as someone at a terminal meets them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from advisor.cli import database, doctor, main
from advisor.content.messages import messages
from advisor.store import errors, new_key, open_store, sealed_file
from tests.databases import NEW, Server, client, later, saved

SAY = messages("en")
FIRST = later(NEW, notes="カナリア")


@pytest.fixture(autouse=True)
def url(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """An English terminal with a store of its own."""
    chosen = f"sqlite:///{tmp_path}/data/a.sqlite3"
    monkeypatch.setattr(database, "SAY", SAY)
    monkeypatch.setattr(sealed_file, "COST", {"n": 2**4, "r": 8, "p": 1})
    monkeypatch.setenv("ADVISOR_DATABASE_URL", chosen)
    for name in ("ADVISOR_KEY", "ADVISOR_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)
    return chosen


def advisor(*arguments: str | Path, typed: str = "") -> Result:
    return CliRunner().invoke(main.main, list(map(str, arguments)), input=typed)


def test_a_backup_is_made_and_brought_back_with_a_passphrase_nobody_sees(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(url)
    store.put_client(client("c1"))
    saved(store, "v1", FIRST, of="c1")
    path = tmp_path / "a.backup"
    told = advisor("backup", path, typed="secret\nsecret\n")
    assert told.exit_code == 0, told.output
    assert "clients 1, sessions 1, changes 1" in told.output
    assert "secret" not in told.output
    refused = advisor("restore", path, typed="secret\n")
    assert refused.exit_code == 1
    assert SAY["backup_not_empty"] in refused.output
    monkeypatch.setenv("ADVISOR_PASSPHRASE", "secret")
    assert advisor("restore", path, "--replace").exit_code == 0
    monkeypatch.setenv("ADVISOR_DATABASE_URL", f"sqlite:///{tmp_path}/other.sqlite3")
    assert advisor("restore", path).exit_code == 0
    assert open_store().replay("v1") == FIRST


def test_a_passphrase_is_typed_twice_and_is_never_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.backup"
    assert advisor("backup", path, typed="one\nother\n").exit_code == 1
    monkeypatch.setenv("ADVISOR_PASSPHRASE", "")
    told = advisor("backup", path)
    assert SAY["passphrase_empty"] in told.output
    assert not path.exists()


def test_the_database_is_upgraded_sealed_and_told_about(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(url)
    saved(store, "v1", FIRST)
    assert advisor("db", "upgrade").output.strip() == SAY["upgraded"]
    refused = advisor("db", "reseal")
    assert refused.exit_code == 1
    assert SAY["store_sealed"] in refused.output
    made = advisor("db", "new-key")
    key = made.stdout.strip()
    assert made.stderr.strip() == SAY["key_hint"]
    monkeypatch.setenv("ADVISOR_KEY", key)
    assert advisor("db", "reseal").output.strip() == SAY["resealed"]
    assert open_store().replay("v1") == FIRST
    monkeypatch.setattr("advisor.store.Store.sweep", lambda _: False)
    told = advisor("db", "reseal")
    assert told.exit_code == 1
    assert SAY["resealed_not_swept"] in told.output


def test_a_new_postgresql_is_made_ready_by_the_command(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    postgres.run("CREATE DATABASE by_command")
    monkeypatch.setenv("ADVISOR_DATABASE_URL", postgres.url("by_command"))
    told = advisor("db", "reseal")
    assert SAY["store_sealed"] not in told.output
    assert SAY["store_older"] in told.output
    assert advisor("db", "upgrade").exit_code == 0
    assert open_store().visits(None) == ()


def test_trouble_is_told_in_a_sentence_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").write_text("a file where the folder should be", encoding="utf-8")
    told = advisor("db", "upgrade")
    assert told.exit_code == 1
    assert SAY["store_broken"] in told.output
    assert "Traceback" not in told.output
    monkeypatch.setenv("ADVISOR_KEY", "no key")
    assert SAY["store_bad_key"] in advisor("db", "upgrade").output
    monkeypatch.setenv("ADVISOR_DATABASE_URL", "mysql://me:secret@x/y")
    told = advisor("db", "upgrade")
    assert SAY["store_no_driver"] in told.output
    assert "secret" not in told.output


NOT_OF_COMMANDS = {
    errors.AppointmentChanged,
    errors.ChangedElsewhere,
    errors.ClientChanged,
    errors.Gone,
    errors.WrongDigits,
}  # people at their screens


def test_every_trouble_of_the_store_has_its_sentence() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.StoreError)]
    plain = {kind("").plain_word for kind in kinds if kind not in NOT_OF_COMMANDS}
    plain |= {errors.NotSaved(f"not_saved_{why}").plain_word for why in ("full", "locked", "broken")}
    assert len(plain) >= 9
    assert plain <= SAY.keys()


def test_the_doctor_says_where_the_data_lies_and_whether_names_are_encrypted(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = doctor.storage(SAY)
    assert (finding.state, finding.detail) == ("ok", f"{tmp_path}/data/a.sqlite3 (not encrypted)")
    assert not (tmp_path / "data").exists(), "looking changes nothing"
    monkeypatch.setenv("ADVISOR_KEY", new_key())
    saved(open_store(url), "v1", FIRST)
    assert doctor.storage(SAY).detail.endswith("a.sqlite3 (names and notes encrypted)")
    monkeypatch.delenv("ADVISOR_KEY")
    finding = doctor.storage(SAY)
    assert (finding.state, finding.remedy) == ("fail", SAY["store_sealed"])
    monkeypatch.setenv("ADVISOR_DATABASE_URL", "postgresql://me:secret@127.0.0.1:1/team")
    finding = doctor.storage(SAY)
    assert (finding.state, finding.detail) == ("fail", "PostgreSQL 127.0.0.1:1/team")

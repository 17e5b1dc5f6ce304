"""Catalogues, stores and a backup that older code has written still open, with exactly the same scores and advice.

A failure means that a class was changed without a step in :mod:`advisor.content.formats` (or without a migration).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from advisor.content import checks, formats, loading, model, translations, words
from advisor.content.datafiles import DataError
from advisor.content.model import Id
from advisor.report import interchange
from advisor.scoring.reading import read
from advisor.session import record as records
from advisor.store import NeedsUpgrade, Store, advisers, backup, catalogues, open_store
from advisor.store.open_visit import open_visit
from advisor.store.unread import differing
from advisor.view.workbook.page import Page
from tests.databases import Server
from tests.support import CATALOG
from tests.written import CATALOGUES, EXPECTED, KINDS, figures, key_of, old_store, upgraded, written

pytestmark = pytest.mark.usefixtures("packed_anew")
TODAY, OLDER = CATALOGUES
SHAPES = loading._ADAPTERS  # noqa: SLF001  (what a changed shape is, to a test)
Files = dict[str, Any]


@pytest.fixture(params=KINDS)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store of each kind that older code has written, after the upgrade."""
    server = request.getfixturevalue("postgres") if request.param == "postgres" else None
    return upgraded(request.param, tmp_path, server)


def assert_as_it_was(store: Store) -> None:
    """Assert that every visit opens, with the record, scores and advice that the older code wrote."""
    for name, told in EXPECTED["visits"].items():
        visit = store.visit(name)
        assert visit is not None, name
        opened = open_visit(store, name)
        assert opened.notice == "", name
        session = opened.session
        assert formats.record(told["record"]) == json.loads(records.dump(session.record)), name
        assert session.record == store.replay(name), name
        assert figures(session.reading) == told["reading"], name
        assert (figures(session.last.reading) if session.last else None) == told["past"], name
        assert session.catalog.words["ja"].items["reward_1"] == told["question"], name
        assert session.catalog.digest == session.record.digest, name
        assert visit.client == told["client"], name
    assert differing(store) == ()
    clients = [[one.id, one.code, one.name, one.consent.purpose, one.consent.then] for one in store.clients()]
    assert clients == EXPECTED["clients"]


def test_a_store_of_then_is_upgraded_and_every_visit_in_it_reads_to_the_point(old: Store) -> None:
    assert_as_it_was(old)
    stones = [[stone.id, stone.visits, stone.events] for stone in old.tombstones()]
    assert stones == EXPECTED["tombstones"]
    people = [[one.name, one.team, one.leads, one.disabled] for one in advisers.all_of(old)]
    assert people == EXPECTED["advisers"]
    assert advisers.verify(old, "member-1", "synthetic-password-28") is not None
    page = Page(open_visit(old, "visit-older", "results").session)
    assert page.widget


@pytest.mark.parametrize("kind", ["plain", "sealed"])
def test_a_store_of_then_is_not_used_before_it_is_upgraded(kind: str, tmp_path: Path) -> None:
    with pytest.raises(NeedsUpgrade):
        open_store(old_store(kind, tmp_path), key_of(kind))


def test_a_visit_of_then_goes_on(old: Store) -> None:
    one = open_visit(old, "visit-older")
    one.session.correct()  # it is only read now: its day is over, whatever day this test runs on
    one.session.respond("reward_3", 4)
    assert one.autosave.kept.state == "saved"
    assert old.replay("visit-older").case.responses["reward_3"] == 4


@pytest.mark.slow
def test_a_backup_of_then_is_restored_into_either_database(tmp_path: Path, postgres: Server) -> None:
    file = tmp_path / "store.backup"
    file.write_bytes(written()["store.backup"])
    for url in (f"sqlite:///{tmp_path / 'new.sqlite3'}", postgres.emptied_database()):
        store = open_store(url, EXPECTED["key"])
        backup.restore(store, file, EXPECTED["passphrase"])
        assert_as_it_was(store)


@pytest.mark.parametrize("file", CATALOGUES)
def test_a_packed_catalogue_of_then_opens_and_reads_as_it_did(file: str) -> None:
    kept = catalogues.unpack(written()[file], CATALOGUES[file])
    assert kept is not None
    assert kept.digest == CATALOGUES[file]
    told = EXPECTED["visits"]["visit-older" if file == OLDER else "visit-first"]
    record = records.load(kept, json.dumps(told["record"]))
    assert record is not None
    assert figures(read(kept, record.case.responses, record.case.facts)) == told["reading"]


# --- what a change of a shape asks for ----------------------------------------------------------------------------


class StepWithMinutes(model.Step):
    """A row of the guidance with a new required field."""

    minutes: int


def minutes(files: Files) -> Files:
    """The step that brings an old row to this form."""
    rows = {name: {"minutes": 30, **row} for name, row in files["guidance/steps.yaml"].items()}
    return {**files, "guidance/steps.yaml": rows}


@contextmanager
def asked_for(monkeypatch: pytest.MonkeyPatch, *steps: formats.Conversion) -> Iterator[None]:
    """Pretend that a row got a new required field, and that these steps were written for it."""
    with monkeypatch.context() as now:
        now.setitem(SHAPES, "guidance/steps.yaml", TypeAdapter(dict[Id, StepWithMinutes]))
        now.setattr(formats, "CATALOGUE", (*formats.CATALOGUE, *steps))
        yield


def test_a_new_required_field_needs_one_step_and_with_it_every_stored_catalogue_opens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with asked_for(monkeypatch):
        assert catalogues.unpack(written()[TODAY], CATALOGUES[TODAY]) is None, "this is how a missing step is noticed"
    with asked_for(monkeypatch, minutes):
        kept = catalogues.unpack(written()[TODAY], CATALOGUES[TODAY])
        assert kept is not None
        assert kept.digest == CATALOGUES[TODAY], "it is still the catalogue of its visits"
        assert {getattr(step, "minutes", 0) for step in kept.steps.values()} == {30}


def test_what_is_in_the_data_folder_today_is_held_to_todays_form_without_any_step(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in CATALOG.files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((CATALOG.folder / name).read_bytes())
    with asked_for(monkeypatch, minutes), pytest.raises(DataError):
        loading.load(tmp_path)


def test_what_came_later_is_empty_in_an_old_catalogue_and_words_that_moved_are_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = catalogues.unpack(written()[OLDER], CATALOGUES[OLDER])
    assert before is not None
    monkeypatch.setitem(SHAPES, "guidance/later.yaml", TypeAdapter(dict[Id, model.Sign]))
    moved = {name: keys for name, keys in words.FILES.items() if name != "plan.yaml"} | {"steps.yaml": ("plan",)}
    for module in (loading, formats, translations):
        monkeypatch.setattr(module, "FILES", moved)
    kept = catalogues.unpack(written()[OLDER], CATALOGUES[OLDER])
    assert kept is not None
    assert kept.words["ja"].plan
    assert kept.words["ja"].plan == before.words["ja"].plan


def test_a_check_that_came_later_refuses_no_old_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    def later(*_: object) -> Iterator[Any]:
        raise AssertionError("not for a kept one")

    monkeypatch.setattr(checks, "CHECKS", (*checks.CHECKS, later))
    assert catalogues.unpack(written()[OLDER], CATALOGUES[OLDER]) is not None


def renamed(kept: Files) -> Files:
    """A step for a renamed key of the record: ``remarks`` is ``notes`` now."""
    return {("notes" if name == "remarks" else name): value for name, value in kept.items()}


def test_an_old_key_of_the_record_is_read_wherever_records_are(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    monkeypatch.setattr(formats, "RECORD", (renamed,))
    told = {"digest": CATALOG.digest, "scoring": "x", "remarks": "メモ", "revision": 1}
    record = records.parse(json.dumps(told))
    assert record is not None
    assert record.notes == "メモ"
    after = records.changed(record, {"remarks": "あと"})
    assert after is not None
    assert after.notes == "あと"
    gone = records.changed(after, {"remarks": None})
    assert gone is not None
    assert gone.notes == "", "a key that went in a change of then goes under its name of today"
    visit = {
        "id": "v1", "record": told, "started": "2026-11-01T00:00:00Z", "changed": "2026-11-01T00:00:00Z",
    }  # fmt: skip
    file = {"format": "advisor-workbook", "version": 1, "visits": [visit]}
    _, (taken,) = interchange.load(json.dumps(file), CATALOG)
    assert taken.record.notes == "メモ"


def test_what_is_no_record_stays_none_with_steps_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "RECORD", (renamed,))
    assert [records.parse(text) for text in ("", "[]", "{", '"x"', "{}")] == [None] * 5


def test_a_damaged_catalogue_is_none_and_stops_nobody() -> None:
    packed = bytearray(written()[OLDER])
    for place in range(2000, 60_000, 500):
        packed[place] ^= 0xFF
    assert catalogues.unpack(bytes(packed), CATALOGUES[OLDER]) is None

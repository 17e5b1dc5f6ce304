"""Opening a visit: by its id, with the catalogue of its time, beside the visit before it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from advisor.analysis.lab.drafts import save_draft
from advisor.analysis.lab.release import release
from advisor.content import loading
from advisor.content.model import Case, Facts
from advisor.content.translator import say
from advisor.scoring.reading import read
from advisor.session import record as records
from advisor.session.model import Client, Consent
from advisor.store import NotRead, NotSaved, Store, access_log, new_id
from advisor.store.open_visit import open_visit
from advisor.view.workbook.page import Page
from tests.databases import keep
from tests.lab_cohort import released
from tests.support import CATALOG, THEN, own, quick, unreleased

if TYPE_CHECKING:
    from pathlib import Path

    from advisor.content.catalog import Catalog
    from advisor.session.model import Record

CASE = Case(quick("reward", "criteria", point=5), facts=Facts(situation="inside"))


@pytest.fixture
def older(tmp_path: Path) -> Catalog:
    """A catalogue in which one weight was another one."""
    file = unreleased(tmp_path / "older") / own("scoring.yaml")
    text = file.read_text(encoding="utf-8")
    changed = text.replace("min_answered: 0.8", "min_answered: 0.5")
    assert changed != text
    file.write_text(changed, encoding="utf-8")
    return loading.load(tmp_path / "older")


def stored(store: Store, record: Record, client: str | None = None) -> str:
    """Store a record as a new visit and return its id."""
    name = new_id()
    store.save(name, client, None, record)
    return name


def known(store: Store) -> str:
    """Store a client and return its id."""
    from datetime import date as day

    consent = Consent("相談", day(2026, 11, 1), day(2027, 11, 1))
    store.put_client(Client("client-1", "C-001", consent))
    return "client-1"


def test_without_an_id_a_new_session_begins_that_is_not_stored_yet(store: Store) -> None:
    opened = open_visit(store)
    assert (opened.session.record, opened.notice, opened.autosave.kept.state) == (records.new(CATALOG), "", "new")
    assert store.visits(None) == ()


def test_a_visit_goes_on_where_it_was(store: Store) -> None:
    record = replace(records.new(CATALOG), case=CASE, screen="results", language="en", revision=7)
    opened = open_visit(store, stored(store, record))
    assert (opened.session.record, opened.notice, opened.session.today) == (record, "", None)
    opened.session.tell_wish("続き")
    again = open_visit(store, opened.autosave.visit)
    assert again.session.record.case.facts.wish == "続き"


def test_a_visit_can_be_opened_at_another_step(store: Store) -> None:
    name = stored(store, replace(records.new(CATALOG), case=CASE, revision=1))
    assert open_visit(store, name, "results").session.record.screen == "results"
    assert open_visit(store, name, "nowhere").session.record.screen == "results"


def test_a_session_that_was_not_stored_yet_goes_on_at_its_step(store: Store) -> None:
    opened = open_visit(store, "", "results")
    assert opened.session.record.screen == "results"
    assert opened.autosave.kept.state == "new"
    assert store.visits(None) == ()
    assert open_visit(store, "", "nowhere").session.record == records.new(CATALOG)


@pytest.mark.parametrize("name", ["nothing", "../../etc/passwd", "' or 1=1 --", "あ" * 500])
def test_an_unknown_id_is_told_and_begins_a_new_session(store: Store, name: str) -> None:
    opened = open_visit(store, name)
    assert (opened.session.record, opened.notice) == (records.new(CATALOG), "visit_unknown")
    assert opened.autosave.visit != name


def test_a_store_that_cannot_be_read_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    name = stored(store, replace(records.new(CATALOG), revision=1))

    def fail(*_: object) -> None:
        raise NotRead

    monkeypatch.setattr(Store, "visit", fail)
    opened = open_visit(store, name)
    assert (opened.notice, opened.autosave.address) == ("visit_unread", name)  # a reload may find it
    opened.session.restart()
    assert opened.autosave.address == ""


def test_a_visit_before_it_that_cannot_be_read_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    name = stored(store, replace(records.new(CATALOG), revision=1), known(store))

    def fail(*_: object) -> None:
        raise NotRead

    monkeypatch.setattr(Store, "visits", fail)
    assert open_visit(store, name).notice == "visit_unread"


def test_an_old_visit_is_replayed_exactly_and_shows_what_today_would_say(store: Store, older: Catalog) -> None:
    case = Case({"reward_1": 5, "reward_2": 5}, facts=Facts(situation="inside", widened=("reward",)))
    then = read(older, case.responses, case.facts)
    keep(store, older)  # as saving did at that time
    name = stored(store, replace(records.new(older), case=case, revision=1))
    shutil.rmtree(older.folder)  # the files of that time are long gone
    opened = open_visit(store, name)
    session = opened.session
    assert session.catalog.digest == older.digest != CATALOG.digest
    assert session.reading == then
    assert then.scores["reward"].value == 100
    assert session.reading_today() == read(CATALOG, case.responses, case.facts)
    session.respond("reward_3", 4)  # an old visit can go on being written
    assert open_visit(store, name).session.record.case.responses["reward_3"] == 4
    session.modernise()
    assert open_visit(store, name).session.catalog is CATALOG


def test_an_old_visit_has_the_questions_of_its_time_and_the_screens_of_today(
    store: Store, older: Catalog, tmp_path: Path
) -> None:
    scales = older.folder / own("text/ja/instrument.yaml")
    scales.write_text(
        scales.read_text(encoding="utf-8").replace("自分への評価が低い", "評価が低すぎる"), encoding="utf-8"
    )
    ancient = loading.load(shutil.copytree(older.folder, tmp_path / "ancient"))
    keep(store, ancient)
    name = stored(store, replace(records.new(ancient), case=CASE, screen="frustrations", revision=1))
    page = Page(open_visit(store, name).session)
    assert page.lifeline.words["made"] == CATALOG.words["ja"].interface["lifeline_made"]
    assert say(page.session.catalog, "ja").words.items["reward_1"] == ancient.words["ja"].items["reward_1"]
    assert ancient.words["ja"].items["reward_1"] != CATALOG.words["ja"].items["reward_1"]


def test_a_visit_under_an_older_release_keeps_its_words_beside_a_newer_one(store: Store, tmp_path: Path) -> None:
    data = released(tmp_path / "around")
    save_draft(THEN, data, "2026-2", {"paths.front_office.roughness": 4})
    file = data / "releases/2026-2/text/ja/instrument.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace('reward_1: "', 'reward_1: "いま、', 1), encoding="utf-8")
    release(data, "2026-2", date(2026, 12, 1), why="Other words")
    names = {}
    for version in ("2026-1", "2026-2"):
        one = loading.load(data, version)
        keep(store, one)
        names[version] = stored(store, replace(records.new(one), case=CASE, screen="frustrations", revision=1))
    for version, name in names.items():
        session = open_visit(store, name).session
        assert (session.catalog.scoring.version, session.record.digest) == (version, session.catalog.digest)
        asked = say(session.catalog, "ja").words.items["reward_1"]
        assert asked.startswith("いま、") is (version == "2026-2")


def test_a_catalogue_that_is_lost_is_read_with_todays_where_it_fits(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = stored(store, replace(records.new(CATALOG), digest="0" * 64, case=CASE, revision=1))
    monkeypatch.setattr(Store, "catalogue", lambda *_: None)
    opened = open_visit(store, name)
    assert (opened.session.catalog, opened.session.record.case) == (CATALOG, CASE)


def test_the_visit_before_stands_beside_a_client_s_visit(store: Store, older: Catalog) -> None:
    client = known(store)
    keep(store, older)
    first = replace(records.new(older), case=CASE, revision=1)
    stored(store, first, client)
    second = stored(store, replace(records.follow_up(CATALOG, first), revision=1), client)
    last = open_visit(store, second).session.last
    assert last is not None
    assert (last.record, last.reading) == (first, read(older, CASE.responses, CASE.facts))
    assert open_visit(store, store.visits(client)[0].id).session.last is None


def test_whose_visit_is_open_can_be_seen_by_the_code(store: Store) -> None:
    opened = open_visit(store, stored(store, replace(records.new(CATALOG), revision=1), known(store)))
    page = Page(opened.session, opened.autosave)
    assert "<p>C-001</p>" in page.header.widget.html
    opened.session.restart()
    assert "C-001" not in page.header.widget.html


def test_visits_of_nobody_are_never_compared(store: Store) -> None:
    for _ in range(2):
        name = stored(store, replace(records.new(CATALOG), case=CASE, revision=1))
    assert open_visit(store, name).session.last is None


def test_who_opens_a_visit_is_logged_and_what_cannot_be_logged_is_not_opened(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    consent = Consent("相談", date(2026, 1, 1), date(2027, 1, 1))
    store.put_client(Client("c1", "A-001", consent))
    name = stored(store, replace(records.new(CATALOG), revision=1), "c1")
    open_visit(store, name)
    open_visit(store)
    open_visit(store, "nothing")
    assert [(one.action, one.client, one.visit) for one in access_log.entries(store)] == [("opened", "c1", name)]

    def fail(*_: object, **__: object) -> None:
        raise NotSaved

    monkeypatch.setattr(Store, "log", fail)
    opened = open_visit(store, name)
    assert (opened.notice, opened.session.record.revision, opened.autosave.address) == ("visit_unread", 0, name)

"""A drive that goes while people work, and a wrong clock, in a real browser: nothing is lost, made or erased."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from advisor.store import Store, open_store
from tests.browsing import SAY, a_tab, arrive, field, title, visiting
from tests.databases import believed
from tests.desks import CONSENT, NEW, client
from tests.looks import fits
from tests.serving import ARTEFACTS, running
from tests.waits import steady_day

JA = SAY["ja"]


@dataclass(frozen=True)
class Served:
    """A server, its store and the drive on which that lies."""

    url: str
    store: Store
    drive: Path

    def take_away(self) -> None:
        """Unplug the drive: its folder stays, and is empty."""
        self.store.engine.dispose()
        self.drive.rename(self.drive.with_name("in a bag"))
        self.drive.mkdir()

    def bring_back(self) -> None:
        """Plug the drive in again."""
        shutil.rmtree(self.drive)
        self.drive.with_name("in a bag").rename(self.drive)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Served]:
    """A desk and a workbook, with a database on a drive."""
    drive = tmp_path_factory.mktemp("place") / "drive"
    database = f"sqlite:///{drive}/data/advisor.sqlite3"
    store = open_store(database, "")
    store.put_client(client("A-001", name="髙﨑 𠮷子"))
    store.save("v1", "somebody", None, NEW)
    command = (sys.executable, "-m", "advisor", "serve", "--no-browser", "--port", "0")
    environment = os.environ | {"ADVISOR_LANG": "en", "ADVISOR_DATABASE_URL": database}
    with running(*command, log=ARTEFACTS / f"place-{worker_id}.log", environment=environment) as server:
        yield Served(server.url, store, drive)


def test_while_the_drive_is_gone_everything_stays_in_the_tab_and_nothing_new_is_made(
    browser: Browser, served: Served
) -> None:
    with a_tab(browser) as page, a_tab(browser) as desk:
        arrive(page, f"{served.url}workbook?s=v1")
        field(page, "wish").fill("前の願い")
        expect(page.locator("[data-kept=saved], .aw-kept").first).to_be_visible()
        arrive(desk, served.url)
        served.take_away()

        field(page, "wish").fill("いまの願い")
        told = page.locator("#keeping")
        expect(told).to_contain_text(JA("not_saved_gone"))
        expect(told).to_contain_text(str(served.drive))
        fits(page, "drive-gone-typed", (1280, 390), finger=0)
        desk.reload()
        expect(title(desk, "list")).to_be_visible(timeout=60_000)
        expect(desk.locator("#desk-unread")).to_contain_text(JA("not_read_gone"))
        expect(desk.locator("#desk-unread")).to_contain_text(str(served.drive))
        expect(desk.get_by_text(JA("desk_empty"))).to_have_count(0)
        fits(desk, "drive-gone-list", (1280, 390), finger=0)
        page.reload()
        expect(page.get_by_text(JA("not_read_gone"))).to_be_visible(timeout=60_000)
        fits(page, "drive-gone-opened", (1280, 390), finger=0)
        assert list(served.drive.iterdir()) == []

        served.bring_back()
        page.reload()
        expect(field(page, "wish")).to_have_value("いまの願い", timeout=60_000)
        expect(page.get_by_text(JA("kept_gone"))).to_have_count(0)
        desk.get_by_role("button", name=JA("desk_again")).click()
        expect(desk.get_by_role("button", name="A-001").first).to_be_visible()
        visit = served.store.visit("v1")
        assert visit is not None
        assert visit.record.case.facts.wish == "いまの願い"


def test_a_date_that_leaps_is_asked_about(browser: Browser, served: Served) -> None:
    today = steady_day()
    over = replace(CONSENT, until=today - timedelta(days=9), then="erase")
    for number in range(4):
        one = client(f"B-{number}")
        served.store.put_client(replace(one, id=f"b{number}", consent=over))
    believed(served.store, today - timedelta(days=400))
    with visiting(browser, served.url) as page:
        asked = page.get_by_role("alert").filter(has_text=JA("desk_day_wrong"))
        expect(asked).to_contain_text(JA("desk_day_clients", number=4))
        fits(page, "date-asked", (1280, 390), finger=0)
        asked.get_by_role("button", name=JA("desk_day_wrong")).click()
        expect(page.get_by_text(JA("desk_day_denied"))).to_be_visible()
        expect(page.get_by_role("button", name="B-0").first).to_be_visible()
        expect(page.get_by_text(JA("desk_lapsed_title"))).to_have_count(
            0
        )  # nobody is to be erased by hand because of it
        fits(page, "date-denied", (1280, 390), finger=0)
        page.reload()
        asked.get_by_role("button", name=JA("desk_day_right", today="")[:2]).click()
        expect(page.get_by_text(JA("desk_hidden", number=4))).to_be_visible()
        expect(page.get_by_role("button", name="B-0")).to_have_count(0)
        fits(page, "date-confirmed", (1280, 390), finger=0)
    assert len(served.store.clients()) == 5

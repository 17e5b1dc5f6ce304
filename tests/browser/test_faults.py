"""A lost kernel or line is told within ten seconds, loses nothing, and leads back to the same screen.

Where a network lets no websocket through, the page says so in plain words, and begins as soon as they pass.

The suite kills a few kernels and lets one of each other kind happen; ``make faults`` kills two hundred, then lets a
hundred faults of all kinds happen, with drops of ten minutes and an hour of idling.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect

from tests.browsing import SAY, a_tab, arrive, go, kept, kernel_pid, row, title
from tests.faults import TOLD_MS, all_asleep, cut, held, hung, killed, logged_out, restarted, until_done
from tests.faults_run import figures, long_run, table
from tests.looks import look
from tests.serving import ARTEFACTS
from tests.sitting import Place, Run, Sitting, a_room, sit_down
from tests.support import CATALOG
from tests.team import Visitor

LONG = int(os.environ.get("ADVISOR_FAULTS", "0"))  # percent of the long run; none in the suite
KILLS = max(3, 2 * LONG)
BARRED = "画面を動かす通信が、途中で止められています"


@pytest.fixture(scope="module")
def room(browser: Browser, place: Place) -> Iterator[BrowserContext]:
    """A browser that is logged in."""
    with a_room(browser, place) as context:
        yield context


@pytest.fixture
def sitting(place: Place, room: BrowserContext) -> Iterator[Sitting]:
    """Somebody at a page."""
    one = sit_down(place, room, random.Random(3))
    yield one
    one.page.close()


def check(runs: Iterable[Run], *, told: bool = True) -> None:
    """Hold what is promised of every fault."""
    for run in runs:
        assert (run.told is not None and run.told <= TOLD_MS / 1000) is told, run
        assert (run.lost, run.missing) == (0, 0), run
        assert run.back, run


def tab_is_empty(page: Page) -> None:
    """The tab keeps no copy once Python has seen every answer. The page looks once a second, so this waits."""
    page.wait_for_function("Object.keys(sessionStorage).length === 0", timeout=TOLD_MS)


# ---- the kernel -----------------------------------------------------------------------------------------------------


def test_killed_kernels_lose_no_answer_and_lead_back_to_the_same_step(sitting: Sitting) -> None:
    runs = [run for _ in range(KILLS) for run in until_done(killed(sitting), sitting)]
    check(runs)
    assert 0 < sum(run.promised for run in runs) < sum(run.given for run in runs)  # neither too late nor too early
    visit = sitting.page.evaluate("new URL(location).searchParams.get('s')")
    assert sitting.place.store.replay(visit) == sitting.record()
    tab_is_empty(sitting.page)


def test_what_is_typed_after_the_kernel_died_and_before_anything_was_stored_is_there_again(
    browser: Browser, workbook_url: str
) -> None:
    with a_tab(browser) as page:
        arrive(page, workbook_url)
        go(page, "frustrations")
        expect(page).to_have_url(re.compile(r"\?go=frustrations"))
        item = CATALOG.active_items(CATALOG.of_kind("frustration")[0])[0].id
        os.kill(kernel_pid(page), signal.SIGKILL)
        row(page, item).locator('[data-point="4"]').dispatch_event("click")
        lost = page.get_by_role("alertdialog", name=SAY["ja"]("lifeline_title"))
        lost.get_by_role("button", name=SAY["ja"]("lifeline_reload")).click(timeout=TOLD_MS)
        expect(title(page, "frustrations")).to_be_visible(timeout=60_000)
        expect(row(page, item).locator('[data-point="4"]')).to_have_attribute("data-chosen", "")
        expect(page.locator(".aw-header")).to_contain_text(SAY["ja"]("kept_saved", time=""))
        stored = kept(page)
        assert stored is not None
        assert stored.case.responses == {item: 4}
        tab_is_empty(page)


def test_a_laptop_that_wakes_says_nothing_while_its_line_lives_and_the_truth_when_not(
    place: Place, room: BrowserContext
) -> None:
    """A stopped kernel leads back as a killed one does; it is stopped while the page that lives is watched."""
    alive, ended, stopped = (sit_down(place, room, random.Random(number)) for number in range(3))
    sleep = all_asleep(8, [alive], [ended])
    due = next(sleep)  # awake, and the page whose kernel had ended is back
    check(until_done(hung(stopped), stopped))
    runs = until_done(sleep, alive, due)
    check((run for run in runs if run.kind == "asleep, line alive"), told=False)
    check(run for run in runs if run.kind != "asleep, line alive")
    assert len(runs) == 2
    for one in (alive, ended, stopped):
        one.page.close()


# ---- the line, the server, the login --------------------------------------------------------------------------------


def test_a_cut_line_mends_by_itself_and_what_was_typed_arrives(sitting: Sitting) -> None:
    (run,) = until_done(cut(6, sitting), sitting)
    check([run])
    assert run.healed
    tab_is_empty(sitting.page)


def test_a_line_that_swallows_everything_is_told_and_made_anew(sitting: Sitting) -> None:
    (run,) = until_done(held(9, sitting, forget=True), sitting)
    check([run])
    assert run.healed


def test_a_restarted_server_brings_back_the_same_session(sitting: Sitting) -> None:
    check(until_done(restarted(sitting), sitting))
    for question, point in sitting.given.items():
        if question != "wish":
            expect(row(sitting.page, question).locator(f'[data-point="{point}"]')).to_have_attribute("data-chosen", "")


def test_a_login_that_ends_closes_the_page_and_the_way_back_leads_past_the_login(
    browser: Browser, place: Place
) -> None:
    with a_room(browser, place) as context:
        sitting = sit_down(place, context, random.Random(3))
        check(until_done(logged_out(sitting), sitting))


# ---- a network without websockets -----------------------------------------------------------------------------------


def barred(page: Page, place: Place) -> None:
    """The page says that websockets do not pass, and which."""
    told = page.get_by_role("status")
    expect(told.get_by_role("heading", name=BARRED)).to_be_visible(timeout=60_000)
    expect(told).to_contain_text(f"127.0.0.1:{place.line.port} への WebSocket（HTTP の Upgrade）を通してください")
    expect(told).to_contain_text(f"Let WebSockets (HTTP Upgrade) to 127.0.0.1:{place.line.port} through")
    expect(page.get_by_text("組み立てています")).to_be_hidden()


@pytest.mark.parametrize("how", ["refused", "stripped"])
def test_a_network_without_websockets_is_told_and_the_page_begins_once_they_pass(
    room: BrowserContext, place: Place, how: Literal["refused", "stripped"]
) -> None:
    place.line.websockets = how
    page = room.new_page()
    page.emulate_media(reduced_motion="reduce")
    try:
        page.goto(f"{place.url}workbook")
        barred(page, place)
        if how == "refused":
            look(page, "barred", (1280, 390))
    finally:
        place.line.websockets = "open"
    expect(title(page)).to_be_visible(timeout=60_000)
    page.close()


def test_where_websockets_are_swallowed_the_page_says_so_and_of_a_kernel_that_ended_what_it_is(
    room: BrowserContext, place: Place
) -> None:
    place.line.websockets = "swallowed"
    waits, ended = room.new_page(), room.new_page()
    try:
        for page in (waits, ended):
            page.goto(f"{place.url}workbook")
        kernel = ended.locator("#rendered_cells").get_attribute("data-kernel")
        cookies = {cookie.get("name", ""): cookie.get("value", "") for cookie in room.cookies()}
        visitor = Visitor(place.url, cookies)
        assert visitor.ask("POST", f"voila/api/shutdown/{kernel}", Origin=visitor.origin).status == 204
        told = ended.get_by_role("alert").get_by_role("heading", name="画面を開けませんでした")
        expect(told).to_be_visible(timeout=60_000)
        expect(ended.get_by_text(BARRED)).to_be_hidden()
        barred(waits, place)
    finally:
        place.line.websockets = "open"
    expect(title(waits)).to_be_visible(timeout=60_000)
    for page in (waits, ended):
        page.close()


# ---- the long run ---------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not LONG, reason="more than an hour: make faults")
def test_faults_of_all_kinds(
    browser: Browser, browser_type: BrowserType, browser_type_launch_args: Any, tmp_path: Path
) -> None:
    runs, idled, alarms = long_run(browser, browser_type.launch(**browser_type_launch_args), tmp_path, LONG / 100)
    kinds = figures(runs)
    kept = {"runs": kinds, "idle": {"seconds": 36 * LONG, "false_alarms": alarms}}
    (ARTEFACTS / "faults.json").write_text(json.dumps(kept, indent=2), encoding="utf-8")
    print(f"\n{table(kinds)}\nidle for {36 * LONG} s: {alarms} false alarms")  # noqa: T201  (what it is run for)
    well = "asleep, line alive"
    check([run for run in runs if run.kind != well])
    check([idled, *(run for run in runs if run.kind == well)], told=False)
    assert alarms == 0

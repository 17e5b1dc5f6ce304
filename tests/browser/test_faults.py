"""A lost kernel or line is told within ten seconds, loses nothing, and leads back to the same screen.

The suite kills twenty kernels and lets a few of each other kind happen; ``make faults`` kills two hundred, then lets a
hundred faults of all kinds happen, with drops of ten minutes and an hour of idling.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, expect

from tests.browsing import SAY, a_browser, arrive, field, go, kept, kernel_pid, pick, row, title
from tests.faults import TOLD_MS, asleep, cut, held, hung, killed, logged_out, until_done
from tests.faults_run import figures, long_run, table
from tests.serving import ARTEFACTS, COOKIES, running
from tests.sitting import Place, Run, Sitting, a_place, a_room, sit_down
from tests.support import CATALOG

LONG = int(os.environ.get("ADVISOR_FAULTS", "0"))  # percent of the long run; none in the suite
KILLS = max(20, 2 * LONG)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with a_place(tmp_path_factory.mktemp("place")) as made:
        yield made


@pytest.fixture
def sitting(browser: Browser, place: Place) -> Iterator[Sitting]:
    with a_room(browser, place) as context:
        yield sit_down(place, context, random.Random(3))


def check(runs: Iterable[Run], *, told: bool = True) -> None:
    """Hold what is promised of every fault."""
    for run in runs:
        assert (run.told is not None and run.told <= 10) is told, run
        assert (run.lost, run.missing) == (0, 0), run
        assert run.back, run


def test_killed_kernels_lose_no_answer_and_lead_back_to_the_same_screen(sitting: Sitting) -> None:
    runs = [run for _ in range(KILLS) for run in until_done(killed(sitting), sitting)]
    check(runs)
    assert 0 < sum(run.promised for run in runs) < sum(run.given for run in runs)  # neither too late nor too early
    visit = sitting.page.evaluate("new URL(location).searchParams.get('s')")
    assert sitting.place.store.replay(visit) == sitting.record()
    assert sitting.page.evaluate("Object.keys(sessionStorage)") == []


def test_a_stopped_kernel_is_told_and_leads_back_as_a_killed_one_does(sitting: Sitting) -> None:
    check(until_done(hung(sitting), sitting))


def test_what_is_typed_after_the_kernel_died_and_before_anything_was_stored_is_there_again(
    browser: Browser, workbook_url: str
) -> None:
    with a_browser(browser) as context:
        page = context.new_page()
        arrive(page, workbook_url)
        go(page, "frustrations")
        item = CATALOG.active_items(CATALOG.of_kind("frustration")[0])[0].id
        os.kill(kernel_pid(page), signal.SIGKILL)
        row(page, item).locator('[data-point="4"]').dispatch_event("click")
        page.get_by_role("alertdialog").get_by_role("button").click(timeout=TOLD_MS)
        expect(title(page, "frustrations")).to_be_visible(timeout=60_000)
        expect(row(page, item).locator('[data-point="4"]')).to_have_attribute("data-chosen", "")
        expect(page.locator(".aw-header")).to_contain_text(SAY["ja"]("kept_saved", time=""))
        stored = kept(page)
        assert stored is not None
        assert stored.case.responses == {item: 4}
        assert page.evaluate("Object.keys(sessionStorage)") == []


def test_a_cut_line_mends_by_itself_and_what_was_typed_arrives(sitting: Sitting) -> None:
    (run,) = until_done(cut(6, sitting), sitting)
    check([run])
    assert run.healed
    assert sitting.page.evaluate("Object.keys(sessionStorage)") == []


def test_a_line_that_swallows_everything_is_told_and_made_anew(sitting: Sitting) -> None:
    (run,) = until_done(held(9, sitting, forget=True), sitting)
    check([run])
    assert run.healed


def test_a_login_that_ends_closes_the_page_and_the_way_back_leads_past_the_login(sitting: Sitting) -> None:
    check(until_done(logged_out(sitting), sitting))


def test_a_laptop_that_wakes_says_nothing_while_its_line_lives_and_the_truth_when_not(sitting: Sitting) -> None:
    check(until_done(asleep(sitting, 8), sitting), told=False)
    check(until_done(asleep(sitting, 2, ended=True), sitting))


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


def test_a_restarted_server_brings_back_the_same_session(browser: Browser, tmp_path: Path) -> None:
    environment = os.environ | {"ADVISOR_LANG": "en"}

    def serve(port: str) -> Any:
        command = (sys.executable, "-m", "advisor", "serve", "--no-browser", "--port", port)
        return running(*command, log=tmp_path / "serve.log", environment=environment)

    with a_browser(browser) as context:
        page = context.new_page()
        with serve("0") as server:
            context.add_cookies(COOKIES)
            arrive(page, f"{server.url}workbook")
            field(page, "wish").fill("落ち着いて働きたい")
            expect(row(page, "wish").locator(".aw-q-kept")).to_contain_text(SAY["ja"]("kept_saved", time=""))
            go(page, "workplace")
            pick(page, "sign-no_feedback", "yes")
            expect(row(page, "sign-no_feedback").locator(".aw-q-kept")).to_be_visible()
            port = server.url.rstrip("/").rpartition(":")[2]
        lost = page.get_by_role("alertdialog")
        expect(lost).to_be_visible(timeout=TOLD_MS)
        expect(lost.get_by_role("button")).to_have_count(0)  # it may come back
        with serve(port):
            lost.get_by_role("button", name=SAY["ja"]("lifeline_reload")).click(timeout=60_000)
            expect(title(page, "workplace")).to_be_visible(timeout=60_000)
            expect(row(page, "sign-no_feedback").locator("[value=yes]")).to_be_checked()
            go(page, "start")
            expect(field(page, "wish")).to_have_value("落ち着いて働きたい")


def test_two_tabs_on_one_session_choose_and_overwrite_nothing(browser: Browser, workbook_url: str) -> None:
    say = SAY["ja"]
    with a_browser(browser) as context:
        one, other = context.new_page(), context.new_page()
        arrive(one, workbook_url)
        pick(one, "situation", "inside")
        expect(row(one, "situation").locator(".aw-q-kept")).to_be_visible()
        arrive(other, one.evaluate("location.href"))
        field(one, "wish").fill("一つ目のタブ")
        expect(row(one, "wish").locator(".aw-q-kept")).to_be_visible()
        field(other, "wish").fill("二つ目のタブ")
        asked = other.get_by_role("alert").filter(has=other.get_by_role("heading", name=say("conflict_title")))
        expect(asked).to_be_visible()
        expect(row(other, "wish").locator(".aw-q-kept")).to_have_text(say("kept_elsewhere"))
        stored = kept(one)
        assert stored is not None
        assert stored.case.facts.wish == "一つ目のタブ"
        expect(field(other, "wish")).to_have_value("二つ目のタブ")
        asked.get_by_role("button", name=say("conflict_take_mine")).click()
        expect(asked).to_have_count(0)
        stored = kept(other)
        assert stored is not None
        assert stored.case.facts.wish == "二つ目のタブ"
        pick(one, "situation", "unsure")
        one.get_by_role("button", name=say("conflict_take_theirs")).click()
        expect(field(one, "wish")).to_have_value("二つ目のタブ")
        expect(row(one, "situation").locator("[value=inside]")).to_be_checked()


def test_an_address_that_leads_nowhere_says_so(browser: Browser, workbook_url: str) -> None:
    with a_browser(browser) as context:
        page = context.new_page()
        arrive(page, f"{workbook_url}?s=nothing-like-this")
        expect(page.get_by_text(SAY["ja"]("visit_unknown"))).to_be_visible()
        assert page.evaluate("location.search") == ""

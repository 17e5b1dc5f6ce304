"""When every seat is taken: people wait on a page that says so, and come in by order; nobody's browser hangs."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, Page, expect

from tests.browsing import a_browser, title
from tests.serving import ARTEFACTS, running
from tests.team import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.serving import Server


def served(folder: Path, *options: str) -> AbstractContextManager[Server]:
    """Serve the workbook with few seats."""
    command = (sys.executable, "-m", "advisor", "serve", "--no-browser", "--port", "0", *options)
    return running(*command, log=folder / "serve.log", environment=os.environ | {"ADVISOR_LANG": "en"})


def test_who_waits_sees_their_number_and_comes_in_when_a_page_is_closed(
    tmp_path: Path, browser: Browser, axe_violations: Callable[[Page], list[str]]
) -> None:
    with served(tmp_path, "--sessions", "1") as server, a_browser(browser) as context:
        inside, first, second = (context.new_page() for _ in range(3))
        inside.goto(f"{server.url}workbook")
        expect(title(inside)).to_be_visible(timeout=30_000)
        for number, waiting in ((1, first), (2, second)):
            answer = waiting.goto(f"{server.url}workbook")
            assert answer is not None
            assert answer.status == 503
            expect(waiting.get_by_role("status")).to_contain_text(f"あなたの順番は{number}番目です")
        assert axe_violations(first) == []
        first.screenshot(path=ARTEFACTS / "screens" / "waiting-1280.png")
        first.set_viewport_size({"width": 390, "height": 800})
        first.screenshot(path=ARTEFACTS / "screens" / "waiting-390.png")
        inside.close(run_before_unload=True)
        expect(title(first)).to_be_visible(timeout=30_000)
        assert first.evaluate("location.search") == ""
        expect(second.get_by_role("status")).to_contain_text("あなたの順番は1番目です", timeout=10_000)
        second.close()


def test_one_person_with_too_many_tabs_is_told_to_close_some(tmp_path: Path, browser: Browser) -> None:
    with served(tmp_path, "--tabs", "1") as server, a_browser(browser) as context:
        first, second = context.new_page(), context.new_page()
        first.goto(f"{server.url}workbook")
        expect(title(first)).to_be_visible(timeout=30_000)
        second.goto(f"{server.url}workbook")
        expect(second.get_by_role("heading", name="開いているページが多すぎます")).to_be_visible()
        first.close(run_before_unload=True)
        second.wait_for_timeout(500)
        second.get_by_role("link", name="開き直す").click()
        expect(title(second)).to_be_visible(timeout=30_000)


def test_fifty_at_once_are_all_answered(tmp_path: Path) -> None:
    with served(tmp_path, "--sessions", "4", "--tabs", "100") as server:
        name, _, value = server.cookie.partition("=")

        def come(_: int) -> int:
            return Visitor(server.url, {name: value}).get("workbook").status

        with ThreadPoolExecutor(50) as people:
            answers = list(people.map(come, range(50)))
        assert answers.count(200) == 4
        assert answers.count(503) == 46

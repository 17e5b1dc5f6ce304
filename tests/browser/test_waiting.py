"""When every seat is taken: people wait on a page that says so, and come in by order; nobody's browser hangs."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import opened
from tests.browsing import a_browser, title
from tests.looks import picture, violations
from tests.team import KERNEL, PASSWORDS, Answer, Team, Visitor, a_team

SEATS, TABS = 3, 2


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """The workbook with few seats."""
    with a_team(tmp_path_factory.mktemp("few"), "--sessions", str(SEATS), "--tabs", str(TABS)) as served:
        yield served


def came_in(team: Team) -> list[Visitor]:
    """Log everybody in."""
    people = [Visitor(team.url) for _ in PASSWORDS]
    for visitor, name in zip(people, PASSWORDS, strict=True):
        visitor.log_in(name)
    return people


@contextmanager
def at_a_browser(browser: Browser, visitor: Visitor) -> Iterator[BrowserContext]:
    """The browser of somebody who is logged in."""
    with a_browser(browser) as context:
        context.add_cookies(
            [{"name": name, "value": value, "url": visitor.url} for name, value in visitor.cookies.items()]
        )
        yield context


def come(context: BrowserContext, team: Team) -> Page:
    """Open the workbook, whatever it answers."""
    page = context.new_page()
    page.goto(f"{team.url}workbook")
    return page


def test_who_waits_sees_their_number_and_comes_in_by_order_and_too_many_tabs_are_told(
    team: Team, browser: Browser
) -> None:
    one, other = came_in(team)
    with at_a_browser(browser, one) as mine, at_a_browser(browser, other) as theirs:
        inside, stays = come(mine, team), come(mine, team)
        guest = come(theirs, team)
        for page in (inside, stays, guest):
            expect(title(page)).to_be_visible(timeout=60_000)
        third = come(mine, team)
        expect(third.get_by_role("heading", name="開いているページが多すぎます")).to_be_visible()

        first, second = theirs.new_page(), theirs.new_page()
        for number, waiting in ((1, first), (2, second)):
            answer = waiting.goto(f"{team.url}workbook")
            assert answer is not None
            assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
            expect(waiting.get_by_role("status")).to_contain_text(f"あなたの順番は{number}番目です")
        assert violations(first) == []
        picture(first, "waiting-1280")
        first.set_viewport_size({"width": 390, "height": 800})
        picture(first, "waiting-390")
        first.bring_to_front()
        inside.close(run_before_unload=True)
        expect(title(first)).to_be_visible(timeout=60_000)
        assert first.evaluate("location.search") == ""
        expect(second.get_by_role("status")).to_contain_text("あなたの順番は1番目です")
        second.bring_to_front()
        guest.close(run_before_unload=True)
        expect(title(second)).to_be_visible(timeout=60_000)

        second.close(run_before_unload=True)  # nobody waits any more: whoever left the line keeps a place for a while
        third.get_by_role("link", name="開き直す").click()
        expect(title(third)).to_be_visible(timeout=60_000)


def test_fifty_at_once_are_all_answered(team: Team, browser: Browser) -> None:  # with a browser, as its neighbour
    opened.until(lambda: len(opened.descendants(team.server.process.pid)) == opened.IDLE, lambda: "a page is open")
    people = came_in(team)

    def ask(number: int) -> Answer:
        visitor = people[number % 2]
        return Visitor(team.url, dict(visitor.cookies)).get("workbook")

    with ThreadPoolExecutor(50) as crowd:
        answers = list(crowd.map(ask, range(50)))
    seated = [answer for answer in answers if answer.status == HTTPStatus.OK]
    assert len(seated) == SEATS
    assert all(KERNEL.search(answer.text) for answer in seated)
    assert [answer.status for answer in answers].count(HTTPStatus.SERVICE_UNAVAILABLE) == 50 - SEATS

"""Two windows of one visit in a real browser: the shared one holds nothing of the adviser's; they follow each other."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from advisor.content.model import Case, Facts
from advisor.session.record import SCREEN_IDS
from advisor.store import new_id, open_store
from tests.browsing import SAY, a_tab, answer, arrive, go, open_private, record_of, slider, title
from tests.desks import NEW, client
from tests.looks import fits, open_all, violations, violations_in_the_dark
from tests.pages import SAMPLES
from tests.support import CATALOG
from tests.waits import until

JA = SAY["ja"]
OTHER = "別の相談者の名前"
SECRETS = {
    "notes": "ここだけの覚え書き",
    "assessment": "見立てはまだ伝えない",
    "last": "前回の所感です",
    "reason": "本人は残りたいと話している",
    "other": OTHER,
}
# headings that only the adviser's part has; a client's screen does not even know that there is such a part
WORDS = ("private_title", "adviser_hint", "adviser_next_hint", "account_concern", "account_impression",
         "export_adviser_title", "norms_title", "talking_title", "figures_title",
         "private_last_actions", "advance_count_skipped", "unfit")  # fmt: skip


@pytest.fixture
def address(workbook_url: str) -> str:
    """The address of a client's second visit, with secrets of the adviser in it and in the one before."""
    store, visit = open_store(), new_id()
    one, other = (client(code, id=new_id(), name=name) for code, name in (("B-7", "田中"), ("B-8", OTHER)))
    for person in (one, other):
        store.put_client(person)
    before = replace(NEW, account={"impression": SECRETS["last"]}, case=Case(facts=Facts("inside")))
    store.save(new_id(), one.id, None, before)
    record = replace(
        NEW, case=SAMPLES["a_accounting"], notes=SECRETS["notes"], markers={"reward_1": 1},
        account={"assessment": SECRETS["assessment"]},
        unfit={f"path-{next(iter(CATALOG.paths))}": SECRETS["reason"]},
    )  # fmt: skip
    store.save(visit, one.id, None, record)
    return f"{workbook_url}?s={visit}"


class Watched:
    """Everything that a page shows, receives and keeps."""

    def __init__(self, page: Page) -> None:
        self.page, self.frames = page, list[str]()
        page.on("websocket", self._listen)

    def _listen(self, line: WebSocket) -> None:
        line.on("framereceived", self._take)

    def _take(self, frame: Any) -> None:
        self.frames.append(frame if isinstance(frame, str) else bytes(frame).decode(errors="replace"))

    def all(self) -> str:
        """Return it as one text, and forget the messages."""
        stored = self.page.evaluate("JSON.stringify([{ ...sessionStorage }, { ...localStorage }, location.href])")
        said = "\n".join([self.page.content(), *self.frames, stored])
        self.frames.clear()
        # the messages are JSON: there, Japanese is written as code
        return said + said.encode().decode("unicode_escape", errors="replace") if "\\u" in said else said


def stands_at(page: Page, screen: str) -> bool:
    """Return whether the tab's history has reached a screen."""
    return bool(page.evaluate("history.state?.step") == screen)


def told(said: str) -> list[str]:
    """Return what is the adviser's in a text."""
    return [word for word in (*SECRETS.values(), *(JA(key) for key in WORDS)) if word in said]


def test_the_shared_screen_knows_nothing_of_the_adviser_s_until_it_is_opened(browser: Browser, address: str) -> None:
    with a_tab(browser) as page:
        watched = Watched(page)
        arrive(page, address)
        assert told(watched.all()) == []
        for screen in SCREEN_IDS:
            go(page, screen)
            until(partial(stands_at, page, screen))
            open_all(page)
            assert told(watched.all()) == [], screen
        for screen in reversed(SCREEN_IDS[:-1]):  # Back goes through the screens of the visit, not to the list
            page.go_back()
            expect(title(page, screen)).to_be_visible()
        page.go_forward()
        expect(title(page, SCREEN_IDS[1])).to_be_visible()

        open_private(page)
        expect(page.locator(".aw-private textarea").nth(2)).to_have_value(SECRETS["assessment"])
        assert violations(page) == []
        page.keyboard.press("Escape")
        expect(page.locator("[data-private]")).to_have_count(0)
        expect(page.locator(".aw-page-more")).to_be_focused()
        assert [word for word in SECRETS.values() if word in page.content()] == []
        page.keyboard.press("F9")
        expect(page.locator("[data-private]")).to_be_focused()
        go(page, "results")
        expect(page.locator("[data-private]")).to_have_count(0)
        assert [word for word in SECRETS.values() if word in page.content()] == []


def test_the_adviser_s_own_window_follows_the_shared_one_and_back(browser: Browser, address: str) -> None:
    with a_tab(browser) as page, a_tab(browser) as own:  # two browsers: neither hears the other but through the store
        arrive(page, f"{address}&go=frustrations")
        arrive(own, address.replace("workbook", "private"))
        expect(own.get_by_role("heading", level=1)).to_have_text(JA("private_title"))
        at = own.locator(".aw-own-at")
        expect(at).to_have_text(JA("private_at", screen=JA("step_frustrations")))
        expect(own.get_by_text(SECRETS["last"])).to_be_visible()
        for width in (1280, 820, 390, 320):
            fits(own, f"own-{width}", (width,), finger=0)
        assert violations(own) + violations_in_the_dark(own) == []

        concern = own.locator('[data-id="account-assessment"] textarea')
        concern.fill("評価の基準を知らされていない")
        concern.press("Tab")
        answer(page, "monotony_1", 5)
        expect(own.locator('.aw-q[data-id="marker-monotony_1"]')).to_have_count(1)
        go(page, "next")
        expect(at).to_have_text(JA("private_at", screen=JA("step_next")), timeout=10_000)
        expect(own.locator(".aw-kept").first).to_have_attribute("data-kept", "saved")
        expect(page.locator(".aw-kept").first).to_have_attribute("data-kept", "saved")
        stored = record_of(page)
        assert stored.case.responses["monotony_1"] == 5
        assert stored.account["assessment"] == "評価の基準を知らされていない"
        assert [word for word in SECRETS.values() if word in page.content()] == []


def test_a_slider_that_one_moves_moves_on_the_other_s_screen_within_a_second(browser: Browser, address: str) -> None:
    with a_tab(browser) as page, a_tab(browser) as other:
        for each in (page, other):
            arrive(each, f"{address}&go=frustrations")
        answer(page, "monotony_1", 1)
        expect(slider(other, "monotony_1")).to_have_value("1", timeout=10_000)  # from now on they look often
        took = []
        for here, there, point in ((other, page, 4), (page, other, 2), (other, page, 5)):
            answer(here, "monotony_1", point)
            began = time.monotonic()
            expect(slider(there, "monotony_1")).to_have_value(str(point), timeout=10_000)
            took.append(time.monotonic() - began)
        assert min(took) < 1, took  # how long it takes on a quiet machine: make scale

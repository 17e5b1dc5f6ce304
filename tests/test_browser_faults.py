"""What the screen called saved is there again, whatever dies: kernels killed at random moments, a server restarted.

``make faults`` runs two hundred kills; the suite runs twenty.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Browser, Page, expect

from advisor.store import open_store
from tests.browser import (
    SAY,
    a_browser,
    arrive,
    field,
    go,
    kept,
    kernel_pid,
    pick,
    row,
    slider,
    title,
)
from tests.serving import running
from tests.support import CATALOG

if TYPE_CHECKING:
    from pathlib import Path

    from advisor.client import Record

RUNS = int(os.environ.get("ADVISOR_FAULTS", "20"))
STEPS = {"aptitude": ("fit", "misfit"), "frustrations": ("frustration", "consequence")}
# Remembers every question beside which the page said 保存済み: from then on its answer is promised.
REMEMBER = """() => {
  window.promised = new Set();
  const look = () => {
    for (const note of document.querySelectorAll('.aw-q-kept[data-state="saved"]')) {
      promised.add(note.closest("[data-id]").dataset.id);
    }
  };
  const everything = { subtree: true, childList: true, attributes: true, characterData: true };
  new MutationObserver(look).observe(document.body, everything);
}"""


def press(page: Page, item: str, point: int) -> None:
    """Answer without waiting for anything."""
    row(page, item).locator(f'[data-point="{point}"]').dispatch_event("click")


def one_run(page: Page, chance: random.Random, told: dict[str, int]) -> int:
    """Answer a few questions, kill the kernel at a random moment, reload; return how many answers were promised."""
    step = chance.choice(list(STEPS))
    go(page, step)
    pid = kernel_pid(page)
    page.evaluate(REMEMBER)
    scales = CATALOG.of_kind(*STEPS[step])  # type: ignore[arg-type]  # the kinds above
    items = [CATALOG.active_items(scale)[0].id for scale in chance.sample(scales, 4)]
    sent = {item: chance.choice([point for point in range(1, 6) if point != told.get(item)]) for item in items}
    for item, point in sent.items():
        press(page, item, point)
        page.wait_for_timeout(chance.choice((0, 0, 20, 60)))
    page.wait_for_timeout(chance.uniform(0, 120))
    os.kill(pid, signal.SIGKILL)
    page.wait_for_timeout(60)  # what was on its way arrives
    promised = sent.keys() & set(page.evaluate("[...promised]"))
    page.reload()
    expect(title(page, step)).to_be_visible(timeout=60_000)
    stored = kept(page)
    assert stored is not None
    for item in promised:
        assert stored.case.responses[item] == sent[item], "a promised answer is gone"
    for item in {**told, **sent}:  # what was not promised is either there or not, and the page shows which
        assert stored.case.responses.get(item) in {told.get(item), sent.get(item, told.get(item))}
    shown = {item: int(slider(page, item).input_value()) for item in sent if item in stored.case.responses}
    assert shown == {item: stored.case.responses[item] for item in shown}
    assert stored.step == step
    told.clear()
    told.update(stored.case.responses)
    return len(promised)


def test_no_answer_that_was_called_saved_is_lost_by_killed_kernels(browser: Browser, workbook_url: str) -> None:
    chance = random.Random(3)
    told: dict[str, int] = {}
    with a_browser(browser) as context:
        page = context.new_page()
        arrive(page, workbook_url)
        pick(page, "situation", "inside")
        expect(row(page, "situation").locator(".aw-q-kept")).to_be_visible()
        promised = [one_run(page, chance, told) for _ in range(RUNS)]
        assert sum(promised) >= RUNS  # the kills came late enough to try something
        assert sum(promised) < 4 * RUNS  # and early enough
        assert replayed(page) == kept(page)


def replayed(page: Page) -> Record:
    """Return what the events of the page's visit add up to."""
    return open_store().replay(page.evaluate("new URL(location).searchParams.get('s')"))


def test_a_restarted_server_brings_back_the_same_session(browser: Browser, tmp_path: Path) -> None:
    environment = os.environ | {"ADVISOR_LANG": "en"}

    def serve(port: str) -> Any:
        command = (sys.executable, "-m", "advisor", "serve", "--no-browser", "--port", port)
        return running(*command, log=tmp_path / "serve.log", environment=environment)

    with a_browser(browser) as context:
        page = context.new_page()
        with serve("0") as server:
            arrive(page, f"{server.url}workbook")
            field(page, "wish").fill("落ち着いて働きたい")
            expect(row(page, "wish").locator(".aw-q-kept")).to_contain_text(SAY["ja"]("kept_saved", time=""))
            go(page, "workplace")
            pick(page, "sign-no_feedback", "yes")
            expect(row(page, "sign-no_feedback").locator(".aw-q-kept")).to_be_visible()
            port = server.url.rstrip("/").rpartition(":")[2]
        with serve(port):
            page.reload()
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


def test_an_address_that_leads_nowhere_says_so_and_begins_anew(browser: Browser, workbook_url: str) -> None:
    with a_browser(browser) as context:
        page = context.new_page()
        arrive(page, f"{workbook_url}?s=nothing-like-this")
        expect(page.get_by_text(SAY["ja"]("visit_unknown"))).to_be_visible()
        assert page.evaluate("location.search") == ""

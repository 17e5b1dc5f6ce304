"""What can happen to a page while somebody answers: faults, one run each, in a real browser.

Each fault is a generator: it yields the moment at which it wants to go on, so that long ones pass while others happen.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Generator, Iterable
from http import HTTPStatus

from playwright.sync_api import expect

from tests.browsing import kernel_pid, title
from tests.line import Line
from tests.sitting import NAME, Run, Sitting
from tests.team import PASSWORDS, Visitor

TOLD_MS = 10_000 if os.environ.get("ADVISOR_FAULTS") else 25_000  # ten are promised; other tests run beside these
HEAL_MS = 60_000  # a page that mends by itself asks every eight seconds, and gives each try eight

Fault = Generator[float, None, list[Run]]


def killed(sitting: Sitting) -> Fault:
    """The kernel is killed."""
    pid = kernel_pid(sitting.page)
    sitting.answer()
    os.kill(pid, signal.SIGKILL)
    sitting.struck()
    return (yield from _pressed("kernel killed", sitting))


def hung(sitting: Sitting) -> Fault:
    """The kernel is stopped: it says nothing more, and has not died. The way back is there within ten seconds, too."""
    pid = kernel_pid(sitting.page)
    sitting.answer()
    os.kill(pid, signal.SIGSTOP)
    sitting.struck()
    button = sitting.page.get_by_role("alertdialog").get_by_role("button")
    expect(button).to_have_count(1, timeout=TOLD_MS)
    return (yield from _pressed("kernel stopped", sitting))


def culled(sitting: Sitting) -> Fault:
    """The server ends the kernel of a page that is open."""
    sitting.answer()
    kernel = sitting.page.locator("#rendered_cells").get_attribute("data-kernel")
    cookies = {cookie.get("name", ""): cookie.get("value", "") for cookie in sitting.page.context.cookies()}
    visitor = Visitor(sitting.place.url, cookies)
    sitting.struck()
    assert visitor.ask("POST", f"voila/api/shutdown/{kernel}", Origin=visitor.origin).status == HTTPStatus.NO_CONTENT
    return (yield from _pressed("ended by the server", sitting))


def logged_out(sitting: Sitting) -> Fault:
    """The login ends in another tab: the way back leads past the login."""
    sitting.answer()
    other = sitting.page.context.new_page()
    other.goto(f"{sitting.place.url}account")
    sitting.struck()
    other.locator('form[action$="logout"] button').click()
    other.wait_for_url("**/login**")
    other.close()

    def log_in() -> None:
        sitting.page.wait_for_url("**/login**")
        sitting.page.locator("[name=name]").fill(NAME)
        sitting.page.locator("[name=password]").fill(PASSWORDS[NAME])
        sitting.page.locator("[name=password]").press("Enter")

    return (yield from _pressed("login ended", sitting, log_in))


def restarted(sitting: Sitting) -> Fault:
    """The server is stopped, and started a while later."""
    sitting.answer()
    sitting.struck()
    sitting.place.stop()
    sitting.look()
    yield sitting.since / 1000 + 4
    sitting.place.start()
    return (yield from _pressed("server restarted", sitting))


def cut(seconds: float, *sittings: Sitting) -> Fault:
    """The line is cut, and mended after a while."""
    return (yield from _dropped(f"line cut, {seconds:g} s", seconds, sittings, lambda line: line.cut()))


def held(seconds: float, *sittings: Sitting, forget: bool = False) -> Fault:
    """The line swallows everything for a while; ``forget``: and the connections through it never come back."""
    kind = f"line silent, {seconds:g} s"
    return (yield from _dropped(kind, seconds, sittings, lambda line: line.hold(), forget=forget))


def asleep(sitting: Sitting, seconds: float = 10, *, ended: bool = False) -> Fault:
    """The whole browser sleeps as a laptop does; ``ended``: and its kernel is gone when it wakes."""
    return (yield from all_asleep(seconds, () if ended else (sitting,), (sitting,) if ended else ()))


def all_asleep(seconds: float, alive: Iterable[Sitting], ended: Iterable[Sitting]) -> Fault:
    """A browser sleeps with all its pages; the kernels of some are gone when it wakes."""
    alive, ended = [*alive], [*ended]
    gone = [kernel_pid(sitting.page) for sitting in ended]
    for sitting in (*alive, *ended):
        sitting.answer()
    browser = sitting.page.context.browser
    assert browser is not None
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    pids = [process["id"] for process in processes]
    for each in pids:
        os.kill(each, signal.SIGSTOP)
    try:
        for pid in gone:
            os.kill(pid, signal.SIGKILL)
        time.sleep(seconds)  # nothing else can go on: the browser is stopped
    finally:
        for each in reversed(pids):
            os.kill(each, signal.SIGCONT)
    for sitting in (*alive, *ended):
        sitting.struck()
    woke, runs = time.time(), []
    for sitting in ended:
        runs += yield from _pressed("asleep, kernel gone", sitting)
    for sitting in alive:
        sitting.look()
        yield woke + 9  # longer than the page's patience
        told = sitting.told()
        runs.append(sitting.ended("asleep, line alive", told, healed=True))
    return runs


def _pressed(kind: str, sitting: Sitting, meanwhile: Callable[[], None] = lambda: None) -> Fault:
    """The page says that it is over; its one button leads back."""
    page = sitting.page
    lost = page.get_by_role("alertdialog")
    expect(lost).to_be_visible(timeout=TOLD_MS + 2000)
    sitting.look()
    told = sitting.told()
    button = lost.get_by_role("button")
    expect(button).to_have_count(1, timeout=HEAL_MS)
    button.click()
    meanwhile()
    expect(title(page, sitting.screen)).to_be_visible(timeout=HEAL_MS)
    yield time.time()
    return [sitting.ended(kind, told, healed=False)]


def _dropped(
    kind: str, seconds: float, sittings: Iterable[Sitting], drop: Callable[[Line], None], *, forget: bool = False
) -> Fault:
    """The line is lost for all pages at once, and heals by itself."""
    sittings = list(sittings)
    for sitting in sittings:
        sitting.answer()
    line = sittings[0].place.line
    drop(line)
    for sitting in sittings:
        sitting.struck()
    yield time.time() + seconds
    for sitting in sittings:
        sitting.look()
    line.mend(forget=forget)
    runs = []
    for sitting in sittings:
        with contextlib.suppress(AssertionError):  # a page that does not mend is a figure, too
            expect(sitting.page.get_by_role("alertdialog")).to_have_count(0, timeout=HEAL_MS)
        told = sitting.told()
        healed = sitting.said() == "well"
        runs.append(sitting.ended(kind, told, healed=healed))
    line.refuse_forgotten()  # the browser keeps connections for later, and would wait for answers on these
    return runs


def until_done(fault: Fault, sitting: Sitting, due: float = 0) -> list[Run]:
    """Let a fault happen, waiting for as long as it wants. ``due``: when one that has begun wants to go on."""
    try:
        while True:
            sitting.page.wait_for_timeout(max(0.0, (due - time.time()) * 1000))
            due = next(fault)
    except StopIteration as done:
        return list(done.value)

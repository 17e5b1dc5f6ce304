"""Three screens at once in a real browser: the adviser's, the client's on a phone, and the adviser's own window.

From the advance sheet over the session to the follow-up, with a line that is lost and a link that is withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from advisor.content.model import Case
from advisor.session import advance
from advisor.session.record import SCREEN_IDS
from advisor.store import Store, advisers, invitations
from tests.browser.test_windows import Watched
from tests.browsing import JAPANESE, SAY, a_browser, arrive, go, label, row, slider, speak, title
from tests.databases import client
from tests.line import Line, a_line
from tests.looks import misfits, open_all, resize, violations, violations_in_the_dark
from tests.serving import ARTEFACTS, free_ports
from tests.support import CATALOG
from tests.team import PASSWORDS, a_team
from tests.waits import until

JA = SAY["ja"]
ITEMS = [one.id for one in advance.questions(CATALOG, Case()) if one.id in CATALOG.items]
WORRY = next(item.id for item in CATALOG.active_items("reward", ()))
SECRET, ACCOUNT = "担当者だけの覚え書き", "本人の強みは見えている"
# words that only the adviser's part has, and those that lead away
PRIVATE = ("private_title", "account_concern", "screen_title", "screen_hold", "norms_title", "to_client", "restart")
OWN = ("results", "held", "alone", "closed")  # pages that differ from the shared one in more than what they lack
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


FRAMED = """() => [...document.querySelectorAll("[data-part]")].some((part) =>
  part.checkVisibility() && getComputedStyle(part).outlineStyle === "solid")"""


@dataclass(frozen=True)
class Office:
    """A team's server behind a line that can be cut, with the adviser suzuki and a client."""

    url: str
    store: Store
    line: Line

    def before(self, name: str) -> str:
        """Store a client; return the link of an invitation to the advance sheet."""
        self.store.put_client(client(name, code=f"CODE-{name}", name=f"名前-{name}"))
        return f"{self.url}before?k={invitations.make(self.store, name)[1]}"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with a_line() as line:
        (port,) = free_ports(1)
        public = f"http://127.0.0.1:{line.port}"
        line.target = port
        with a_team(tmp_path_factory.mktemp("office"), "--port", str(port), "--origin", public) as team:
            known = advisers.external(team.store, "suzuki")
            assert known
            yield Office(f"{public}/", team.store.seen_by(known.id), line)


@contextmanager
def screens(browser: Browser, office: Office) -> Iterator[tuple[Page, Page, Page]]:
    """The adviser's page and own window in one browser, and a client's phone."""
    with ExitStack() as stack:
        desk = stack.enter_context(a_browser(browser))
        phone = stack.enter_context(a_browser(browser, **PHONE))
        page = desk.new_page()
        page.goto(f"{office.url}login")
        page.fill("#name", "suzuki")
        page.fill("#password", PASSWORDS["suzuki"])
        page.keyboard.press("Enter")
        expect(page).to_have_url(office.url)
        yield page, desk.new_page(), phone.new_page()


def made(own: Page) -> str:
    """Make a live link in the adviser's own window, and return it."""
    if own.locator("#client-screen:not([open]) > summary").count():
        own.locator("#client-screen > summary").click()
    own.locator('[data-action="make_link"][data-id="plain"]').click()
    return own.locator("#client-link").input_value()


def press(own: Page, name: str) -> None:
    """Press a button that moves the client's screen, until it says that it is pressed or no longer."""
    button = own.locator(f'.aw-client-controls [data-action="{name}"]')
    before = button.get_attribute("aria-pressed")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false" if before == "true" else "true")


def slide(page: Page, item: str, point: int) -> None:
    """Answer an item by its key."""
    slider(page, item).focus()
    page.keyboard.press(str(point))


def stands(page: Page, item: str, point: int) -> None:
    """Hold that an item's answer stands on a page, and that the page says who moved it."""
    expect(slider(page, item)).to_have_attribute("aria-valuetext", label(page, item, point))


def looks_right(phone: Page, name: str) -> None:
    """Hold that a phone's page fits, and that axe-core finds nothing where it differs from the shared page."""
    for width in (320, 390) if name in OWN else (320,):
        resize(phone, width)
        assert misfits(phone, finger=0) == [], (name, width)
    phone.screenshot(path=ARTEFACTS / f"client-{name}.png")
    if name in OWN:
        assert violations(phone) == [], name


def is_closed(phone: Page) -> None:
    """Hold that a phone shows that the session's screen is closed, and no screen of the visit."""
    expect(phone.get_by_role("heading", level=1)).to_have_text(JA("client_over"))
    expect(phone.locator(".aw-sheet, .aw-chart")).to_have_count(0)


def test_before_beside_and_after_on_three_screens(browser: Browser, office: Office) -> None:  # noqa: PLR0915
    link = office.before("whole")
    with screens(browser, office) as (page, own, phone):
        phone.goto(link)
        phone.get_by_role("button", name=JA("advance_begin")).click()
        phone.locator(".opt").first.click()
        phone.get_by_role("button", name=JA("advance_next")).click()

        page.get_by_role("button", name="CODE-whole").click()
        page.get_by_role("button", name=JA("desk_start")).click()
        expect(title(page, "start")).to_be_visible()
        until(lambda: bool(office.store.visits("whole")))
        (visit,) = office.store.visits("whole")
        arrive(own, f"{office.url}private?s={visit.id}")
        own.locator('[data-id="notes"] textarea').fill(SECRET)
        own.locator('[data-id="account-assessment"] textarea').fill(ACCOUNT)
        live = made(own)
        expect(own.locator(".aw-client-status")).to_have_text(JA("screen_waiting"))
        assert violations(own) == []

        page.bring_to_front()  # a page behind another one of its browser draws once in a while
        watched = Watched(phone)
        phone.goto(live)
        expect(title(phone, "start")).to_be_visible(timeout=60_000)
        assert phone.url == f"{office.url}live/"
        secrets = (SECRET, ACCOUNT, "CODE-whole", visit.id, live.partition("k=")[2], *map(JA, PRIVATE))
        for screen in SCREEN_IDS:
            go(page, screen)
            expect(title(phone, screen)).to_be_visible()
            expect(phone.locator('[data-action="go"]:visible')).to_have_count(0)
            looks_right(phone, screen)
            open_all(phone)
            said = watched.all()
            known = ("CODE-whole",) if screen == "summary" else ()  # the paper that the client takes home names it
            assert [word for word in secrets if word in said and word not in known] == [], screen

        speak(page, "en")
        for screen in ("results", "plan", "frustrations"):
            go(page, screen)
            expect(title(phone, screen)).to_be_visible()
            assert JAPANESE.findall(phone.locator("body").inner_text()) == [], screen
            looks_right(phone, f"{screen}-en")
        speak(page, "ja")
        expect(phone.locator("html")).to_have_attribute("lang", "ja")
        slide(phone, WORRY, 2)
        stands(page, WORRY, 2)
        expect(row(page, WORRY).locator(".aw-q-moved")).to_have_text(JA("moves_client"))
        slide(page, WORRY, 5)
        stands(phone, WORRY, 5)
        expect(row(phone, WORRY).locator(".aw-q-moved")).to_have_text(JA("moves_some_adviser"))
        assert violations(phone) + violations_in_the_dark(phone) == []
        expect(own.locator(".aw-client-status")).to_contain_text(JA("screen_connected"))

        office.line.cut()  # the same line for both: what each does meanwhile waits in its tab
        slide(phone, WORRY, 1)
        slide(page, ITEMS[-1], 4)
        expect(phone.get_by_role("alertdialog")).to_be_visible()
        office.line.mend()
        stands(page, WORRY, 1)
        stands(phone, ITEMS[-1], 4)
        expect(phone.get_by_role("alertdialog")).to_have_count(0)

        press(own, "hold")
        expect(phone.locator(".aw-client-held")).to_be_visible()
        go(page, "results")
        looks_right(phone, "held")
        expect(title(phone, "frustrations")).to_be_visible()
        press(own, "hold")
        expect(title(phone, "results")).to_be_visible()
        press(own, "point")
        expect(page.locator("html[data-aw-points]")).to_have_count(1)
        page.locator(".aw-main [data-part]:visible").last.click()
        expect(phone.locator(".aw-client-line")).to_have_text(JA("client_pointed_some"))
        phone.wait_for_function(FRAMED)
        press(own, "alone")
        phone.get_by_role("button", name=JA("on_to", name=JA("step_next"))).click()
        expect(title(phone, "next")).to_be_visible()
        looks_right(phone, "alone")
        expect(own.locator(".aw-client-status")).to_contain_text(JA("screen_at", screen=JA("step_next")))
        expect(title(page, "results")).to_be_visible()

        own.locator('[data-action="close_client"]').click()
        is_closed(phone)
        looks_right(phone, "closed")
        phone.goto(live)
        is_closed(phone)

        again = made(own)
        phone.goto(again)
        expect(title(phone, "results")).to_be_visible(timeout=60_000)
        page.locator('[data-open-dialog="dialog-restart"]').click()
        page.locator('[data-action="next_visit"]:visible').click()
        expect(title(page, "start")).to_be_visible()
        is_closed(phone)
    stored = office.store.visit(visit.id)
    assert stored
    assert stored.record.case.responses == {WORRY: 1, ITEMS[-1]: 4}
    assert (stored.record.notes, stored.record.account["assessment"]) == (SECRET, ACCOUNT)

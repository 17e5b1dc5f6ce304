"""The advance sheet from the link to the session, in a real browser: two phones, no scripts, a lost line, and paper."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from advisor.content.measures import YEARS_MAX
from advisor.content.model import SITUATIONS, Case
from advisor.content.translator import say
from advisor.session import advance
from advisor.store import Store, advisers, invitations
from tests.browsing import title
from tests.databases import client
from tests.looks import misfits, violations, violations_in_the_dark
from tests.serving import ARTEFACTS, free_ports
from tests.support import CATALOG
from tests.team import PASSWORDS, a_team
from tests.waits import until

JA, EN = say(CATALOG, "ja"), say(CATALOG, "en")
ITEMS = [one.id for one in advance.questions(CATALOG, Case()) if one.id in CATALOG.items]
PHONE = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Office:
    """A team's server that clients can reach, with the adviser suzuki."""

    url: str
    store: Store

    def invited(self, name: str, **parts: str) -> str:
        """Store a client of the adviser; return the link of an invitation."""
        own = self.store.seen_by(self.adviser)
        own.put_client(client(name, code=f"CODE-{name}", name=f"名前-{name}"))
        return f"{self.url}before?k={invitations.make(own, name, **parts)[1]}"  # type: ignore[arg-type]  # only digits

    @property
    def adviser(self) -> str:
        """The id of the adviser."""
        known = advisers.external(self.store, "suzuki")
        assert known
        return known.id

    def answers(self, name: str) -> Case:
        """Return what a client told so far."""
        return invitations.of_client(self.store, name)[0].case


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    (port,) = free_ports(1)
    public = ("--port", str(port), "--origin", f"http://127.0.0.1:{port}")
    with a_team(tmp_path_factory.mktemp("office"), *public) as team:
        yield Office(team.url, team.store)


@contextmanager
def phone(browser: Browser, link: str = "", **options: object) -> Iterator[Page]:
    """Open a link on a phone of its own."""
    context = browser.new_context(locale="ja-JP", timezone_id="Asia/Tokyo", **{"viewport": PHONE} | options)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(link)
    yield page
    context.close()


def looks_right(page: Page, name: str) -> None:
    """Hold that a page fits 390 and 320 px and that axe-core finds nothing, in light and dark colours."""
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert misfits(page) == [], (name, width)
        page.screenshot(path=ARTEFACTS / f"advance-{name}-{width}.png")
    assert violations(page) + violations_in_the_dark(page) == [], name


def answer(page: Page, place: int) -> None:
    """Choose an answer, wait until it is saved, and go on."""
    page.locator(".opt").nth(place).click()
    expect(page.locator("#kept")).to_contain_text("保存しました")
    here = page.url
    page.get_by_role("button", name=JA("advance_next")).click()
    page.wait_for_url(lambda url: url != here)


def type_years(page: Page, then: str) -> None:
    """Type years that are no number, then three, which leads to the next question."""
    years = page.get_by_role("textbox", name=JA("ask_years"))
    years.fill("三")
    years.press("Enter")
    expect(page.locator("#kept")).to_have_text(JA("error_years", most=YEARS_MAX))
    expect(years).to_have_attribute("aria-invalid", "true")
    looks_right(page, "years")
    years.fill("３")
    years.press("Enter")
    expect(page).to_have_url(then)


def choose(page: Page, key: str) -> None:
    """Choose an answer by a key from the first one, and go on."""
    page.get_by_role("radio").first.focus()
    page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def log_in(context: BrowserContext, office: Office) -> Page:
    """Log the adviser in; return the desk."""
    page = context.new_page()
    page.goto(f"{office.url}login")
    page.fill("#name", "suzuki")
    page.fill("#password", PASSWORDS["suzuki"])
    page.get_by_role("button", name="ログインする").click()
    return page


def test_from_the_invitation_over_two_phones_to_the_session(browser: Browser, office: Office) -> None:
    own = office.store.seen_by(office.adviser)
    own.put_client(client("walk", code="CODE-walk", name="名前-walk"))
    context = browser.new_context(locale="ja-JP", timezone_id="Asia/Tokyo", viewport={"width": 1280, "height": 900})
    desk = log_in(context, office)
    desk.get_by_role("button", name="CODE-walk").click()
    desk.get_by_role("button", name=JA("advance_invite"), exact=True).click()
    link = desk.locator("#advance-link").input_value()
    with phone(browser, link) as first:
        assert "k=" not in first.url
        looks_right(first, "welcome")
        first.get_by_role("button", name=JA("advance_begin")).click()
        looks_right(first, "situation")
        answer(first, 0)
        looks_right(first, "role")
        answer(first, 0)
        type_years(first, f"{office.url}before?q={ITEMS[0]}")
        looks_right(first, "question")
        for place in (3, 1):
            answer(first, place)
    with phone(browser, link) as second:
        expect(second).to_have_url(f"{office.url}before?q={ITEMS[2]}")
        second.get_by_role("button", name=JA("advance_discuss")).click()
        expect(second.locator("#discuss")).to_have_attribute("aria-pressed", "true")
        second.keyboard.press("Tab")
        for item in ITEMS[2:]:
            expect(second).to_have_url(f"{office.url}before?q={item}")
            second.get_by_role("button", name=JA("advance_skip")).click()
            expect(second).not_to_have_url(f"{office.url}before?q={item}")
        for _ in CATALOG.signs:
            answer(second, 2)
        looks_right(second, "wish")
        second.get_by_role("textbox").fill("評価のことを話したい")
        second.get_by_role("button", name=JA("advance_finish")).click()
        expect(second.get_by_role("heading", level=1)).to_have_text(JA("advance_end"))
        looks_right(second, "end")
        second.get_by_role("link", name=JA("advance_take_back")).click()
        looks_right(second, "take-back")
        second.get_by_role("link", name=JA("advance_take_back_no")).click()
        desk.reload()
        expect(desk.locator("#advance-title + .aw-chip")).to_have_text(JA("advance_chip_done"))
        assert violations(desk) == []
        desk.get_by_role("button", name=JA("desk_start")).click()
        expect(title(desk)).to_have_text(JA("title_start"))
        expect(desk.get_by_text("事前シートより：")).to_be_visible()
        second.reload()
        expect(second.get_by_role("heading", level=1)).to_have_text(JA("advance_ended"))
        looks_right(second, "ended")
    (visit,) = own.visits("walk")
    assert visit.record.case.responses == {ITEMS[0]: 4, ITEMS[1]: 2}
    facts = visit.record.case.facts
    assert (facts.role, facts.years, facts.wish) == (next(iter(CATALOG.roles)), 3, "評価のことを話したい")
    assert set(visit.record.case.marks) == {*ITEMS[2:]}
    context.close()


def test_scripts_off_by_the_keyboard_alone_in_english(browser: Browser, office: Office) -> None:
    with phone(browser, office.invited("plain", digits="0420"), java_script_enabled=False) as page:
        page.get_by_role("textbox").fill("0420")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="English").press("Enter")
        page.get_by_role("button", name="Agree and begin").press("Enter")
        choose(page, "ArrowUp")  # from the first to the last
        choose(page, "ArrowDown")
        page.get_by_role("textbox").fill("a few")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text(EN("error_years", most=YEARS_MAX))
        expect(page.get_by_role("textbox")).to_have_value("a few")
        page.get_by_role("textbox").fill("5")
        page.keyboard.press("Enter")
        for place in (0, 2):
            page.get_by_role("checkbox").nth(place).press("Space")
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        choose(page, "ArrowDown")
        page.get_by_role("button", name="Skip").press("Enter")
        expect(page).to_have_url(f"{office.url}before?q={ITEMS[2]}")
    told = office.answers("plain")
    assert (told.facts.situation, told.facts.role, told.facts.years) == ("unsure", list(CATALOG.roles)[1], 5)
    assert told.facts.experience == tuple(CATALOG.statements["experience"])[0:3:2]
    assert told.responses == {ITEMS[0]: 2}
    assert told.marks == {ITEMS[1]: "skip"}


def test_what_is_answered_while_the_line_is_lost_waits_in_the_tab(browser: Browser, office: Office) -> None:
    with phone(browser, office.invited("lost")) as page:
        page.get_by_role("button", name=JA("advance_begin")).click()
        answer(page, 1)
        looks_right(page, "experience")
        page.context.set_offline(True)
        page.locator(".opt").nth(3).click()
        page.locator(".opt").nth(1).click()
        expect(page.locator("#kept")).to_have_text(JA("advance_waiting"))
        assert office.answers("lost").facts.experience == ()
        page.context.set_offline(False)
        expect(page.locator("#kept")).to_contain_text("保存しました")
        assert office.answers("lost").facts.experience == tuple(CATALOG.statements["experience"])[1:4:2]
        page.get_by_role("button", name=JA("advance_next")).click()
        expect(page).to_have_url(f"{office.url}before?q={ITEMS[0]}")
        page.context.set_offline(True)
        page.locator(".opt").nth(4).click()
        expect(page.locator("#kept")).to_have_text(JA("advance_waiting"))
        assert office.answers("lost").responses == {}
        page.context.set_offline(False)
        expect(page.locator("#kept")).to_contain_text("保存しました")
        assert office.answers("lost").responses == {ITEMS[0]: 5}
        assert page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})") == "{}"


def test_what_is_chosen_before_the_script_has_arrived_is_saved_once_it_is_there(
    browser: Browser, office: Office
) -> None:
    with phone(browser, office.invited("early")) as page:
        held: list[Route] = []
        page.route("**/before.js*", lambda route: held.append(route))  # noqa: PLW0108  (playwright marks the function)
        page.get_by_role("button", name=JA("advance_begin")).click()
        page.locator(".opt").first.click()
        while not held:
            page.wait_for_timeout(50)
        assert office.answers("early").facts.situation is None
        held[0].continue_()
        expect(page.locator("#kept")).to_contain_text("保存しました")
        assert office.answers("early").facts.situation == SITUATIONS[0]


def test_an_answer_is_sent_again_that_nobody_or_somebody_else_has_answered(browser: Browser, office: Office) -> None:
    with phone(browser, office.invited("again")) as page:
        page.get_by_role("button", name=JA("advance_begin")).click()
        expect(page.locator(".opt").first).to_be_visible()
        page.clock.install()
        page.reload()
        hung: list[Route] = []
        page.route("**/before", lambda route: hung.append(route))  # noqa: PLW0108  (as above)
        page.locator(".opt").first.click()
        while not hung:
            page.wait_for_timeout(50)
        page.route("**/before", lambda route: route.fulfill(body="<h1>Welcome to our network</h1>"))
        page.clock.run_for(24_000)
        expect(page.locator("#kept")).to_have_text(JA("advance_retry", button=JA("advance_next")))
        assert office.answers("again").facts.situation is None
        page.unroute_all()
        page.clock.run_for(4000)
        expect(page.locator("#kept")).to_contain_text("保存しました")
        assert office.answers("again").facts.situation == SITUATIONS[0]
        page.goto(f"{office.url}before?q=years")
        page.route("**/before", lambda route: route.abort())
        page.get_by_role("textbox").fill("三")
        page.keyboard.press("Tab")
        expect(page.locator("#kept")).to_have_text(JA("advance_waiting"))
        page.goto(f"{office.url}before?q=role")
        page.unroute_all()
        page.clock.run_for(4000)
        expect(page.get_by_role("textbox")).to_have_value("三")  # what cannot be used is asked again where it was typed
        expect(page.locator("#kept")).to_have_text(JA("error_years", most=YEARS_MAX))


def test_twenty_eight_answers_on_paper_take_one_key_each(browser: Browser, office: Office) -> None:
    own = office.store.seen_by(office.adviser)
    own.put_client(client("paper", code="CODE-paper"))
    context = browser.new_context(locale="ja-JP", timezone_id="Asia/Tokyo", viewport={"width": 1280, "height": 900})
    desk = log_in(context, office)
    desk.get_by_role("button", name="CODE-paper").click()
    desk.get_by_role("button", name=JA("desk_start")).click()
    desk.locator(".aw-page-more").click()
    desk.get_by_role("button", name=JA("advance_quick")).click()
    expect(title(desk)).to_have_text(JA("title_aptitude"))
    expect(desk.get_by_role("heading", name=JA("advance_quick"))).to_be_visible()
    keys = "12345" * 6
    for key in [*keys[:13], "0", "d", "2"]:
        desk.keyboard.press(key)
    expect(desk.locator(".aw-footer-nav .aw-primary")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(title(desk)).to_have_text(JA("title_frustrations"))
    for key in keys[:13]:
        desk.keyboard.press(key)
    expect(desk.locator(".aw-footer-nav .aw-primary")).to_be_focused()
    until(lambda: ITEMS[-1] in own.visits("paper")[0].record.case.responses)
    (visit,) = own.visits("paper")
    given = [visit.record.case.responses.get(item) for item in ITEMS]
    assert given == [*map(int, keys[:13]), None, 2, *map(int, keys[:13])]
    assert visit.record.case.marks == {ITEMS[13]: "skip", ITEMS[14]: "discuss"}
    context.close()

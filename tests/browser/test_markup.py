"""Stored markup in a real browser: two hundred payloads on every screen, and none is obeyed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from advisor.content.words import LANGUAGES, Language
from advisor.report import interchange
from advisor.session.record import SCREEN_IDS
from tests.browser.conftest import Served
from tests.browsing import SAY, a_browser, arrive, complaints, open_private, title
from tests.desks import known, visit
from tests.looks import open_all
from tests.marked import CLIENTS, VISITS, client, record
from tests.payloads import PAYLOADS
from tests.support import CATALOG

# Before anything of ours runs: whatever the policy stops is an attempt, and one is too many.
ALARM = """
window.attempts = [];
document.addEventListener("securitypolicyviolation", (event) => attempts.push(
  `${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""
# What our own page is made of, outside of the charts, which plotly draws. Anything else came out of somebody's text.
OURS = """
A ARTICLE BLOCKQUOTE BR BUTTON CAPTION DD DETAILS DIALOG DIV DL DT EM FIELDSET FOOTER H1 H2 H3 H4 HEADER INPUT LABEL
LEGEND LI MAIN NAV OL OPTION P SECTION SELECT SMALL SPAN STRONG SUMMARY TABLE TBODY TD TEXTAREA TH THEAD TIME TR UL
"""
STRANGE = """
(ours) => {
  const strange = [...window.attempts];
  const known = new Set(ours.trim().split(/\\s+/));
  const show = (node) => node.outerHTML.slice(0, 120);
  for (const node of document.querySelectorAll(".aw-page *")) {
    const drawn = node.closest(".aw-chart");
    if (drawn ? /^(a|script|image|foreignobject|iframe|img)$/i.test(node.localName) : !known.has(node.nodeName)) {
      strange.push(show(node));
    }
    const names = node.getAttributeNames();
    if (names.some((name) => /^on|^srcdoc$|^formaction$/.test(name))) strange.push(show(node));
    if (node.href && !new URL(node.href, location).protocol.startsWith("http")) strange.push(show(node));
  }
  const outside = "iframe, object, embed, base, meta[http-equiv=refresh]";
  const inline = [...document.scripts].filter((script) => !script.src && !/json/.test(script.type));
  return [...strange, ...[...document.querySelectorAll(outside), ...inline].map(show)];
}
"""
# Everything that is said on the page, seen or not: of fields what stands in them.
SAID = """
() => [...document.querySelectorAll(".aw-page *")].flatMap((node) => [
  node.value, ...node.getAttributeNames().map((name) => node.getAttribute(name)),
  ...[...node.childNodes].filter((child) => child.nodeType === 3).map((child) => child.data),
]).filter(Boolean).join("\\n")
"""
BLIND = re.compile(r"[\s\x00-\x1f\x7f\ufffd]+")  # what a parser may drop or turn into something else


@dataclass(frozen=True)
class Marked:
    """A desk whose store is full of payloads: its address, and the visits to look at."""

    url: str
    visits: tuple[str, ...]


@dataclass
class Watch:
    """A page, what was executed or went wrong there, and everything that was said on its screens."""

    page: Page
    hits: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    said: str = ""

    def look(self, screen: str) -> None:
        """Look at the screen in sight: nothing on it may be other than ours."""
        assert self.page.evaluate(STRANGE, OURS) == [], screen
        assert (self.hits, self.found) == ([], []), screen
        self.said += BLIND.sub("", self.page.evaluate(SAID))

    def missing(self) -> list[str]:
        """Return the payloads that no screen has shown as what they are: text."""
        return [payload for payload in PAYLOADS if BLIND.sub("", payload) not in self.said]


def watched(page: Page) -> Watch:
    """Watch over a page from before its first request."""
    watch = Watch(page, found=complaints(page))
    page.expose_function("hit", lambda *told: watch.hits.append(str(told)))
    page.add_init_script(ALARM)
    page.context.on("page", lambda other: watch.found.append(f"another page: {other.url}"))
    return watch


@pytest.fixture
def marked(empty: Served) -> Marked:
    """A store full of payloads: clients with two visits each, many more clients, and visits of nobody."""
    store = empty.store
    for number in range(VISITS):
        known(store, client(number), visit(record(number), name="v1"), visit(record(number + 1), name="v2"))
        store.save(f"nobodys-{number}", None, None, record(number))
    for number in range(VISITS, CLIENTS):
        known(store, client(number))
    codes = {client(number).code for number in range(VISITS)}
    visits = tuple(store.visits(one.id)[-1].id for one in store.clients() if one.code in codes)
    return Marked(empty.url, visits)


@pytest.fixture
def watch(browser: Browser) -> Iterator[Watch]:
    """A page that is watched over."""
    with a_browser(browser) as context:
        yield watched(context.new_page())


def switch(page: Page, language: Language) -> None:
    """Switch the language of a page whose title has a code beside it."""
    page.locator(".aw-page-more, #menu-button-page").click()
    page.locator(f"[data-action=speak][data-id={language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def test_there_are_two_hundred_payloads_of_many_kinds() -> None:
    assert len(PAYLOADS) >= 200


def test_the_alarm_rings_where_markup_is_let_in(watch: Watch, workbook_url: str) -> None:
    page = watch.page
    arrive(page, workbook_url)
    watch.look("start")
    for markup in ("<b>x</b>", "<a href=javascript:hit(1)>x</a>", "<iframe srcdoc=x></iframe>"):
        page.evaluate("(markup) => { document.querySelector('.aw-page h1').innerHTML = markup; }", markup)
        assert page.evaluate(STRANGE, OURS) != []
    page.evaluate("document.querySelector('.aw-page h1').innerHTML = '<br onclick=hit(1)>'")
    page.wait_for_function("attempts.length > 0")  # the policy has stopped it


def test_no_payload_is_obeyed_on_any_screen_of_the_workbook(watch: Watch, marked: Marked) -> None:
    """Each visit holds other payloads, and is looked at in one language; the desk is looked at in both."""
    page = watch.page
    one_each: tuple[Language, ...] = ("ja", "en", "ja")
    for name, language in zip(marked.visits, one_each, strict=True):
        arrive(page, f"{marked.url}workbook?s={name}&go=start")
        switch(page, language)
        for screen in SCREEN_IDS:
            page.locator(f'.aw-steps [data-id="{screen}"]').click()
            expect(title(page, screen)).to_be_visible()
            open_all(page)
            watch.look(f"{screen} {language}")
            for sheet in CATALOG.worksheets if screen == "worksheets" else ():
                page.locator(f"#open-{sheet}").click()
                expect(page.locator(f"#open-{sheet}")).to_have_attribute("aria-current", "true")
                watch.look(f"{sheet} {language}")
        open_private(page)  # notes and record are nowhere else
        page.wait_for_timeout(800)
        watch.look(f"private {language}")
        page.keyboard.press("Escape")
        assert page.url.partition("?")[0] == f"{marked.url}workbook"
    assert watch.missing() == []


def test_no_payload_is_obeyed_on_any_screen_of_the_desk(watch: Watch, marked: Marked, tmp_path: Path) -> None:
    page = watch.page
    page.goto(marked.url)
    expect(page.locator("h1[data-title=list]:visible")).to_be_visible(timeout=60_000)
    for language in LANGUAGES:
        switch(page, language)
        for looked_for in ("", "h", "1", "zzz"):
            page.locator("input[type=text]:visible").first.fill(looked_for)
            expect(page.locator("[data-live]:visible, .aw-empty:visible").first).to_be_visible()
            open_all(page)
            watch.look(f"list {looked_for} {language}")
        page.locator("input[type=text]:visible").first.fill("")
        for number in range(VISITS):
            page.locator(".aw-desk-table .aw-desk-name").nth(number).click()
            expect(page.locator("h1[data-title=client]:visible")).to_be_visible()
            watch.look(f"client {language}")
            page.locator(".aw-danger[data-open-dialog]").last.click()
            watch.look(f"erase {language}")
            page.keyboard.press("Escape")
            page.locator("[data-action=edit]").click()
            expect(page.locator("h1[data-title=form]:visible")).to_be_visible()
            watch.look(f"form {language}")
            for leave in ("desk_cancel", "desk_back"):
                page.get_by_role("button", name=SAY[language](leave), exact=True).first.click()
                # it is told here if a screen does not come, and nothing is clicked while one is on its way
                arrived = "client" if leave == "desk_cancel" else "list"
                expect(page.locator(f"h1[data-title={arrived}]:visible")).to_be_focused()
    known_already = tmp_path / "known.json"
    known_already.write_bytes(interchange.dump(client(0), ()))
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps({**json.loads(known_already.read_text()), PAYLOADS[0]: 1}), encoding="utf-8")
    for file in (broken, known_already):
        page.locator("#import input[type=file]").set_input_files(file)
        expect(page.locator(".aw-error:visible, .aw-q-error:visible").first).to_be_visible()
        watch.look(file.name)
    assert watch.missing() == []
    assert page.url == marked.url


def test_no_address_is_written_into_a_page(watch: Watch, desk_url: str) -> None:
    asked = watch.page.context.request
    for payload in PAYLOADS:
        text = asked.get(f"{desk_url}x/{quote(payload, safe='')}", fail_on_status_code=False).text()
        if len(payload) > 3:
            assert payload not in text
    arrive(watch.page, f"{desk_url}workbook?s={quote(' '.join(PAYLOADS[:60]))}&go={quote(PAYLOADS[0])}")
    watch.look("an unknown visit")

"""The page without a browser: open it, walk through it, read what it shows, press what can be pressed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from advisor.content import worked_cases
from advisor.content.model import Case, Facts
from advisor.session.model import Plan
from advisor.session.record import SCREEN_IDS
from advisor.view.widgets.widgets import Chart, PageWidget, Panel, Sheet
from advisor.view.workbook.client_page import ClientPage
from advisor.view.workbook.page import Page
from tests.support import CATALOG, FRUSTRATIONS, quick, session, suited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.content.catalog import Catalog
    from advisor.content.words import Language

SAMPLES = {
    name: worked_cases.case(sample, wish="落ち着いて働きたい") for name, sample in worked_cases.load(CATALOG).items()
}
STRAINED = Case(  # gives the adviser hints of many kinds
    {item.id: item.high for item in CATALOG.items.values()},
    {next(iter(CATALOG.items)): "discuss"},
    Facts(situation="inside", role="other", priorities=FRUSTRATIONS[:3], widened=("support",)),
)
CASES = {
    "nothing": Case(),
    "little": Case(quick("reward", point=3)),
    "worries only": Case(quick(*FRUSTRATIONS, point=5)),
    "no worries": Case({**quick(*FRUSTRATIONS, point=1), **suited(100)}, facts=Facts(situation="unsure")),
    "ill suited": Case(suited(0), facts=Facts(situation="inside")),
    "half suited": Case(suited(50), facts=Facts(situation="wants_in")),
    "strained": STRAINED,
    **SAMPLES,
}


def opened(
    case: Case | None = None, plan: Plan | None = None, language: Language = "ja", catalog: Catalog | None = None
) -> Page:
    """Return the page of a session in which ``case`` was answered and ``plan`` picked."""
    one = session(case, catalog)
    for step in plan.steps if plan else ():
        one.choose(step)
    if plan and plan.path:
        one.follow(plan.path)
    if language != "ja":
        one.speak(language)
    return Page(one)


def shown(page: Page) -> list[PageWidget]:
    """Return the widgets that can be seen, in the order of the page."""
    screens = [page.screens[page.session.record.screen]]
    if page.session.record.screen == "next" and page.session.supposed is not None:
        screens.append(page.screens["supposing"])
    return [page.header.widget, *(piece.widget for screen in screens for piece in screen.pieces), page.footer.widget]


def everything(page: Page | ClientPage) -> list[PageWidget]:
    """Return every widget the page has built, seen or not."""
    pieces = (piece.widget for screen in page.screens.values() for piece in screen.pieces)
    return [page.lifeline, page.header.widget, *pieces, page.footer.widget]


def panels(page: Page) -> list[Panel]:
    """Return the pieces of page that can be seen."""
    return [part for part in shown(page) if isinstance(part, Panel)]


def sheets(page: Page) -> list[Sheet]:
    """Return the question sheets that can be seen; one without questions cannot."""
    return [part for part in shown(page) if isinstance(part, Sheet) and part.questions]


def charts(page: Page) -> list[Chart]:
    """Return the charts that can be seen."""
    return [part for part in shown(page) if isinstance(part, Chart)]


def html(page: Page) -> str:
    """Return the HTML that can be seen."""
    return "\n".join(panel.html for panel in panels(page))


def visit(page: Page, screen: str) -> str:
    """Go to a screen and return its HTML."""
    page.session.go(screen)
    return html(page)


def adviser_part(page: Page, screen: str) -> str:
    """Open the adviser's part on a screen and return its HTML; nothing of it is in the page before."""
    page.session.go(screen)
    send(page.header.widget, event="action", name="open_private", id=screen)
    return "\n".join(piece.widget.html for piece in page.private.pieces if isinstance(piece.widget, Panel))


def tour(page: Page) -> Iterator[str]:
    """Go through all steps, and through supposing; yield the name of each screen while it stands."""
    for screen in SCREEN_IDS:
        page.session.go(screen)
        yield screen
        if screen == "next":
            page.session.suppose(page.session.record.case)
            yield "supposing"
            page.session.suppose(None)


def texts(value: object) -> Iterator[str]:
    """Yield every text in what a widget holds, however deep; keys are no text."""
    if isinstance(value, PageWidget):
        state: dict[str, Any] = value.get_state()
        yield from texts({name: state[name] for name in state if not name.startswith("_")})
    elif isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)


def send(part: PageWidget, **event: Any) -> None:
    """Hand a widget a message as the browser would."""
    receive(part, event)


def receive(part: PageWidget, content: Any) -> None:
    """Hand a widget any content as the browser would."""
    part.comm.handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})


@dataclass
class Markup(HTMLParser):
    """What a test asks of HTML: tags with their attributes, and the text."""

    source: str
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        """Read the source."""
        super().__init__()
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep text, its white space as a browser shows it."""
        self.text += re.sub(r"\s+", " ", data)

    def named(self, name: str) -> list[str]:
        """Return all values of an attribute, in order."""
        return [value or "" for _, attributes in self.tags for key, value in attributes.items() if key == name]

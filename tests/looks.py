"""How a state of a page is looked at, all of it at once: axe-core, every width, targets for a finger, pictures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

from tests.serving import ARTEFACTS

WIDTHS = (1280, 820, 390, 320)
SIZES: dict[int, ViewportSize] = {width: {"width": width, "height": 900} for width in WIDTHS}
FINGER = 43.9  # px
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa")
OF_COLOUR = ("color-contrast", "link-in-text-block")  # the only rules of axe-core that dark colours can break
AXE = """async (rules) => {
  const only = { runOnly: rules, resultTypes: ["violations"], preload: false, iframes: false };
  return (await axe.run(only)).violations;
}"""
# Charts that can be seen carry a picture as wide as their place.
DRAWN = """() => [...document.querySelectorAll(".aw-chart")].filter((chart) => chart.clientWidth).every((chart) => {
  const picture = chart.querySelector(".main-svg");
  return picture && Math.abs(picture.clientWidth - chart.firstElementChild.clientWidth) < 2;
})"""
# What does not fit: a page that is wider than its window; text that leaves its place, to the side of the page or cut
# off by a box that hides what does not fit (but the row of the screens, which fingers move); and what can be pressed
# and is too small for a finger. The labelled points below a slider may be smaller: the slider is the way for fingers.
MISFITS = """([finger]) => {
  const found = [], root = document.documentElement;
  if (root.scrollWidth > innerWidth) found.push(`the page is ${root.scrollWidth} px wide`);
  const hidden = new Map(), hides = new Map();
  const unseen = (node) => {
    if (!node) return false;
    if (!hidden.has(node)) hidden.set(node, getComputedStyle(node).clipPath !== "none" || unseen(node.parentElement));
    return hidden.get(node);
  };
  const cutting = (node) => {
    if (!node || node === root) return [];
    if (!hides.has(node)) {
      const above = cutting(node.parentElement);
      const shows = getComputedStyle(node).overflowX === "visible";
      hides.set(node, shows ? above : [node.getBoundingClientRect(), ...above]);
    }
    return hides.get(node);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode, box = text.parentElement;
    if (!text.data.trim() || !box.checkVisibility() || unseen(box)) continue;
    if (box.closest("script, style, option, nav")) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const part of range.getClientRects()) {
      if (!part.width) continue;
      const cut = cutting(box).some(({ left, right, top, bottom }) =>
        part.left < left - 1 || part.right > right + 1 || part.top < top - 4 || part.bottom > bottom + 4);
      if (cut || part.left < -1 || part.right > root.clientWidth + 1) {
        found.push(text.data.trim());
        break;
      }
    }
  }
  const pressed = "button, a[href], summary, select, textarea, input:not([type=radio], [type=checkbox]), label.aw-tile";
  for (const node of document.querySelectorAll(`${pressed}, [data-point]`)) {
    const { width, height } = node.getBoundingClientRect();
    if (!node.checkVisibility() || width <= 1) continue;
    if (Math.min(width, height) < (node.matches("[data-point]") ? 24 : finger)) {
      found.push(`small, ${width}×${height}: ${node.outerHTML.slice(0, 90)}`);
    }
  }
  return found;
}"""
CLOSE_ALL = "document.querySelectorAll('details').forEach((part) => (part.open = false))"
# Of what can be opened the first two of each kind; the others differ from these in their words.
OPEN_SOME = """() => {
  const opened = {};
  for (const part of document.querySelectorAll("details:not([data-private])")) {
    const kind = part.id.split("-")[0];
    part.open = part.parentElement.checkVisibility() && (opened[kind] = (opened[kind] ?? 0) + 1) <= 2;
  }
}"""


def violations(page: Page, rules: Iterable[str] = TAGS) -> list[str]:
    """What axe-core finds on the page as it stands, against WCAG 2.2 A and AA: one line per finding, none is right."""
    # a head that stays in sight covers part of what is below it
    page.evaluate(
        "[document.documentElement, ...document.querySelectorAll('.aw-private')].map((one) => one.scrollTo(0, 0))"
    )
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(AXE, [*rules])
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {' '.join(node['target'])}: {node['html'][:120]}"
        for rule in found
        for node in rule["nodes"]
    ]


def violations_in_the_dark(page: Page) -> list[str]:
    """What axe-core finds in dark colours that light ones cannot have."""
    page.emulate_media(color_scheme="dark")
    try:
        return violations(page, OF_COLOUR)
    finally:
        page.emulate_media(color_scheme="light")


def misfits(page: Page, finger: float = FINGER) -> list[str]:
    """What does not fit the page as wide as it is, or is too small for a finger."""
    found: list[str] = page.evaluate(MISFITS, [finger])
    return found


def open_all(page: Page) -> None:
    """Open everything that can be opened on the screen in sight; the adviser's part lies over it and stays closed."""
    page.evaluate("document.querySelectorAll('details:not([data-private])').forEach((part) => (part.open = true))")


def resize(page: Page, width: int) -> None:
    """Make the window so wide, and wait until the charts follow."""
    page.set_viewport_size(SIZES[width])
    page.wait_for_function(DRAWN)


def picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page as artefacts/screens/NAME.jpg: half the work of a PNG."""
    path = ARTEFACTS / "screens" / f"{name}.jpg"
    page.screenshot(path=path, full_page=True, animations="disabled", type="jpeg", quality=80)
    assert path.stat().st_size > 10_000


def fits(  # noqa: PLR0913  (what differs from a plain look has its name)
    page: Page,
    name: str,
    pictured: Iterable[int] = WIDTHS,
    *,
    opens: bool = False,
    finger: float = FINGER,
    widths: Iterable[int] = WIDTHS,
) -> None:
    """Hold that the page fits every width; keep pictures of some. The window is wide again afterwards.

    ``opens``: everything that can be opened is closed on the pictures, and open where it is measured.
    """
    shown = {*pictured}
    for width in widths:
        resize(page, width)
        if width in shown:
            if opens:
                page.evaluate(CLOSE_ALL)
            picture(page, f"{name}-{width}")
        if opens:
            open_all(page)
        found = misfits(page, finger)
        assert not found, (name, width, found)
    resize(page, WIDTHS[0])


def look(page: Page, name: str, pictured: Iterable[int] = WIDTHS) -> None:
    """Look at a state of the page as it stands: axe-core in light and dark colours, every width, pictures."""
    found = violations(page) + violations_in_the_dark(page)
    assert not found, (name, found)
    fits(page, name, pictured)

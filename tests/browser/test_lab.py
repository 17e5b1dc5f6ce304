"""The scoring lab as an analyst has it: the notebook in a real JupyterLab, sliders moved with the keyboard."""

from __future__ import annotations

import os
import shutil
import sys
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.serving import ARTEFACTS, ROOT, START_SECONDS, Process, begun, free_ports
from tests.support import CATALOG

if TYPE_CHECKING:
    from collections.abc import Iterator

LOG = ARTEFACTS / "jupyterlab.log"
LAB_SECONDS = 120
MISFIT = CATALOG.scoring.paths["change_role"]["misfit"]


@pytest.fixture(scope="module")
def jupyterlab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a JupyterLab over a copy of the analysts' notebooks, with settings of nobody."""
    root = tmp_path_factory.mktemp("jupyterlab")
    shutil.copytree(ROOT / "notebooks/analyst", root / "notebooks")
    (port,) = free_ports(1)
    options = ("--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--IdentityProvider.token=")
    quiet = ("--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate")
    # Another test may have made our server in this process, which then tells where its widgets are: not here.
    own = {name: value for name, value in os.environ.items() if name not in ("ADVISOR_ASSETS", "JUPYTER_PATH")}
    places = {f"JUPYTER{name}": str(root / name) for name in ("_CONFIG_DIR", "LAB_SETTINGS_DIR", "LAB_WORKSPACES_DIR")}
    ipc = "--KernelManager.transport=ipc"  # a port that was free a moment ago may be somebody else's
    command = [sys.executable, "-m", "jupyterlab", ipc, *options, *quiet, f"--ServerApp.root_dir={root / 'notebooks'}"]
    asked = root / "LAB_SETTINGS_DIR/@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    asked.parent.mkdir(parents=True)
    asked.write_text('{"fetchNews": "false"}', encoding="utf-8")  # no question about news over the pictures
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("w", encoding="utf-8") as errors:
        process = begun(tuple(command), ROOT, {**own, **places}, errors)
        try:
            yield _answering(f"http://127.0.0.1:{port}", process)
        finally:
            process.terminate()
            process.wait(60)


def _answering(address: str, process: Process) -> str:
    """Return the address as soon as somebody answers there."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/api", timeout=5).close()  # noqa: S310  (our own server)
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return address
    raise AssertionError(LOG.read_text(encoding="utf-8")[-3000:])


@pytest.fixture
def opened(jupyterlab: str, browser: Browser) -> Iterator[Page]:
    """Return the notebook's page once the cell that shows the lab has run."""
    page = browser.new_page(viewport={"width": 1280, "height": 1500})
    page.goto(f"{jupyterlab}/lab/tree/10_scoring.ipynb?reset")
    expect(page.locator(".jp-NotebookPanel .jp-CodeCell").first).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=60_000)
    _show_the_lab(page)
    yield page
    page.close()


def _show_the_lab(page: Page) -> None:
    """Run the first cell until the lab stands there.

    JupyterLab forgets that it was asked where it is not connected to its kernel yet, and where the kernel dies in its
    first second: it starts another one, and the cell stays unrun.
    """
    prompt, summary = page.locator(".jp-CodeCell .jp-InputPrompt").first, page.locator(".lab-summary")
    end = time.monotonic() + LAB_SECONDS
    while time.monotonic() < end:
        if prompt.inner_text().strip() == "[ ]:":
            page.locator(".jp-CodeCell .cm-content").first.click()
            page.keyboard.press("Shift+Enter")
        try:
            expect(summary).to_be_visible(timeout=10_000)
        except AssertionError:
            continue
        return
    page.screenshot(path=ARTEFACTS / "jupyterlab-failed.png")
    pytest.fail(
        f"JupyterLab shows no lab; artefacts/jupyterlab-failed.png, and its log ends:\n{LOG.read_text()[-3000:]}"
    )


def test_a_slider_moved_with_the_keyboard_shows_who_moves_and_why(opened: Page) -> None:
    lab = opened.locator(".lab").first
    expect(lab).to_contain_text("合成データ")
    kind, section = (lab.locator("select").nth(number) for number in (0, 1))
    kind.select_option("道")
    section.select_option("経験を活かして別の仕事へ")
    expect(lab.locator(".lab-parameter").first).to_contain_text("仕事そのものが合いにくい可能性")
    handle = lab.locator(".lab-parameter .noUi-handle").first
    handle.focus()
    opened.keyboard.press("PageUp")
    first = lab.locator(".lab-card").first
    expect(first).to_have_attribute("data-moved", "")
    expect(lab.locator(".lab-changes")).to_contain_text(f"{MISFIT.points} →")
    expect(lab.locator(".aw-chart .sankey")).to_be_visible(timeout=60_000)
    lab.locator(".aw-chart").nth(1).scroll_into_view_if_needed()  # drawn when it comes into sight
    expect(lab.locator(".aw-chart").nth(1)).to_contain_text("仕事そのものが合いにくい可能性")
    opened.evaluate("() => new Promise((done) => setTimeout(done, 300))")  # plotly's last frame
    lab.screenshot(path=ARTEFACTS / "screens/lab-1280.png")

    lab.get_by_role("tab", name="計算例").click()
    expect(lab.locator(".lab-part:visible")).to_contain_text("計算例")
    lab.get_by_role("tab", name="グループ").click()
    expect(lab.locator(".lab-part:visible")).to_contain_text("÷")

    lab.get_by_role("button", name="すべてもとに戻す").press("Enter")
    expect(lab).to_contain_text("まだ何も変えていません")
    expect(first).not_to_have_attribute("data-moved", "")

    lab.get_by_role("tab", name="感度").click()
    lab.get_by_role("button", name="計算する").press("Enter")
    expect(lab).to_contain_text("どの重みが効いているか", timeout=60_000)
    expect(lab.locator(".aw-chart:visible .bars path").first).to_be_visible(timeout=60_000)
    expect(lab).to_contain_text("職種")

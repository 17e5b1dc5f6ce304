"""The served page's own front end: ipywidgets without JupyterLab, one line to the kernel, nothing that is not ours."""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect

import hatch_build
from advisor.server import paths
from tests.browsing import a_tab, complaints
from tests.serving import ARTEFACTS, ROOT, Server, begun, free_ports, notebook_of, serving

PROBLEM = "画面を開けませんでした"
CONTROLS = """
import datetime
import ipywidgets as w
from IPython.display import display

heard = w.Label("—")
heard.add_class("heard")
control = {
    "IntSlider": w.IntSlider(3, 0, 10),
    "FloatSlider": w.FloatSlider(value=1.0, max=4, step=0.5),
    "IntRangeSlider": w.IntRangeSlider(value=(2, 6), max=10),
    "Text": w.Text("春", continuous_update=False),
    "Textarea": w.Textarea("夏"),
    "Dropdown": w.Dropdown(options=[("一", 1), ("二", 2), ("三", 3)]),
    "Select": w.Select(options=["北", "南", "東"]),
    "Checkbox": w.Checkbox(description="はい"),
    "ToggleButtons": w.ToggleButtons(options=["左", "右"]),
    "RadioButtons": w.RadioButtons(options=["赤", "青"]),
    "DatePicker": w.DatePicker(value=datetime.date(2026, 4, 1)),
    "ColorPicker": w.ColorPicker(value="#112233"),
}
for name, one in control.items():
    one.add_class(name)
    one.observe(lambda change, name=name: setattr(heard, "value", f"{name} {change.new}"), "value")

level, progress, html = w.IntSlider(4, 0, 10), w.IntProgress(4, 0, 10), w.HTML("<b>太字</b>")
level.add_class("level")
progress.add_class("progress")
w.jslink((level, "value"), (progress, "value"))

new = [8, 2.5, (1, 9), "秋", "冬", 3, "東", False, "左", "赤", datetime.date(2027, 1, 31), "#abcdef"]
button = w.Button(description="Python から変える")
@button.on_click
def change(_):
    for one, value in zip(control.values(), new):
        one.value = value
    html.value = "<i>斜体</i>"

tab = w.Tab([w.Label("ひとつめの中身"), w.Label("ふたつめの中身")], titles=["ひとつめ", "ふたつめ"])
accordion = w.Accordion([w.Label("折りたたみの中身")], titles=["開く"])
grid = w.GridBox([w.Label("升1"), w.Label("升2")], layout=w.Layout(grid_template_columns="5rem 5rem"))
for box in (tab, accordion):
    box.observe(lambda change: setattr(heard, "value", f"selected {change.new}"), "selected_index")

shelf = w.HBox([w.Label("棚の上")])
take, close = w.Button(description="棚をかえる"), w.Button(description="棚を閉じる")
take.on_click(lambda _: setattr(shelf, "children", [w.Text(placeholder="新しい本")]))
close.on_click(lambda _: shelf.close())

out = w.Output()
say = w.Button(description="言う")
@say.on_click
def said(_):
    with out:
        print("一行目")
        print("二行目 <b>印</b>")
        display(w.Label("中の部品"))
        raise ValueError("わざと")

shown = w.VBox([heard, button, *control.values(), w.HBox([level, progress, html]), tab, accordion, grid,
        take, close, shelf, say, out])
"""
UNKNOWN = """
import ipywidgets as w
from traitlets import Unicode

class Stranger(w.DOMWidget):
    _model_name = Unicode("StrangerModel").tag(sync=True)
    _model_module = Unicode("nowhere").tag(sync=True)

shown = w.VBox([w.Label("見えない"), Stranger()])
"""
FOREIGN = """
import anywidget, ipywidgets as w

class Foreign(anywidget.AnyWidget):
    _esm = "window.ran = true; export default { render({ el }) { el.textContent = 'かってに' } }"

shown = w.VBox([w.Label("見えない"), Foreign()])
"""
LATER = """
import threading, time
import ipywidgets as w
inside, shown = w.Label("中身"), w.VBox()
def fill():
    time.sleep(2)
    shown.children = [w.HBox([inside])]
threading.Thread(target=fill).start()
"""
NAME = "髙﨑カナリア"
FAILING = f"import ipywidgets as w\nshown = w.Label('x')\nraise ValueError({NAME!r})"
# One notebook: the address names what it shows.
CELLS = {"controls": CONTROLS, "unknown": UNKNOWN, "foreign": FOREIGN, "later": LATER, "failing": FAILING}
NOTEBOOK = f"""
import os
exec({CELLS!r}[os.environ.get("QUERY_STRING") or "controls"])
shown
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(NOTEBOOK, folder=tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with a_tab(browser) as tab:
        yield tab


def come(page: Page, server: Server, shows: str = "controls", state: str = "ready") -> None:
    page.goto(f"{server.url}?{shows}")
    expect(page.locator(f"body.advisor-{state}")).to_be_visible(timeout=60_000)


def press(selector: str, key: str) -> Callable[[Locator], None]:
    return lambda control: control.locator(selector).first.press(key)


def fill(selector: str, text: str) -> Callable[[Locator], None]:
    def act(control: Locator) -> None:
        control.locator(selector).fill(text)
        control.locator(selector).press("Tab")

    return act


ACTS: dict[str, tuple[Callable[[Locator], object], str]] = {
    "IntSlider": (press(".noUi-handle", "ArrowRight"), "4"),
    "FloatSlider": (press(".noUi-handle", "ArrowRight"), "1.5"),
    "IntRangeSlider": (press(".noUi-handle", "ArrowRight"), "(3, 6)"),
    "Text": (fill("input", "梅"), "梅"),
    "Textarea": (fill("textarea", "竹"), "竹"),
    "Dropdown": (lambda control: control.locator("select").select_option("二"), "2"),
    "Select": (lambda control: control.locator("select").select_option("南"), "南"),
    "Checkbox": (lambda control: control.locator("input").check(), "True"),
    "ToggleButtons": (lambda control: control.get_by_role("button", name="右").click(), "右"),
    "RadioButtons": (lambda control: control.get_by_label("青").check(), "青"),
    "DatePicker": (fill("input", "2026-05-31"), "2026-05-31"),
    "ColorPicker": (fill("input[type=text]", "#445566"), "#445566"),
}


def test_every_core_control_works_and_containers_open_close_and_let_go(page: Page, served: Server) -> None:
    found = complaints(page)
    come(page, served)
    python_hears_what_a_person_does(page)
    the_page_shows_what_python_says(page)
    a_link_in_the_browser_needs_no_python(page)
    containers_open_close_and_let_go_of_what_leaves_them(page)
    what_a_callback_prints_is_shown_as_text(page)
    assert found == []


def python_hears_what_a_person_does(page: Page) -> None:
    expect(page.locator(".IntSlider .widget-readout")).to_have_text("3")
    expect(page.get_by_text("太字")).to_be_visible()
    heard = page.locator(".heard")
    for name, (act, value) in ACTS.items():
        act(page.locator(f".{name}"))
        expect(heard).to_have_text(f"{name} {value}")


def the_page_shows_what_python_says(page: Page) -> None:
    def part(name: str, selector: str) -> Locator:
        return page.locator(f".{name} {selector}")

    page.get_by_role("button", name="Python から変える").click()
    expect(part("IntSlider", ".widget-readout")).to_have_text("8")
    expect(part("FloatSlider", ".widget-readout")).to_have_text("2.50")
    expect(part("IntRangeSlider", ".widget-readout")).to_have_text("1 – 9")
    expect(part("Text", "input")).to_have_value("秋")
    expect(part("Textarea", "textarea")).to_have_value("冬")
    expect(part("Dropdown", "select")).to_have_value("三")
    expect(part("Select", "select")).to_have_value("東")
    expect(part("Checkbox", "input")).not_to_be_checked()
    expect(part("ToggleButtons", ".mod-active")).to_have_text("左")
    expect(page.get_by_label("赤")).to_be_checked()
    expect(part("DatePicker", "input")).to_have_value("2027-01-31")
    expect(part("ColorPicker", "input[type=text]")).to_have_value("#abcdef")
    expect(page.locator("i", has_text="斜体")).to_be_visible()


def a_link_in_the_browser_needs_no_python(page: Page) -> None:
    bar = page.locator(".progress .progress-bar")
    page.locator(".level .noUi-handle").press("End")
    expect(bar).to_have_css("width", bar.locator("xpath=..").evaluate("(box) => getComputedStyle(box).width"))


def containers_open_close_and_let_go_of_what_leaves_them(page: Page) -> None:
    heard = page.locator(".heard")
    expect(page.get_by_text("ひとつめの中身")).to_be_visible()
    page.get_by_role("tab", name="ふたつめ").click()
    expect(heard).to_have_text("selected 1")
    expect(page.get_by_text("ふたつめの中身")).to_be_visible()
    expect(page.get_by_text("ひとつめの中身")).to_be_hidden()
    page.get_by_text("開く").click()
    expect(heard).to_have_text("selected 0")
    expect(page.get_by_text("折りたたみの中身")).to_be_visible()
    left, right = (page.get_by_text(name).bounding_box() for name in ("升1", "升2"))
    assert left is not None
    assert right is not None
    assert left["y"] == right["y"]
    page.get_by_role("button", name="棚をかえる").click()
    expect(page.get_by_placeholder("新しい本")).to_be_visible()
    expect(page.get_by_text("棚の上")).to_have_count(0)
    page.get_by_role("button", name="棚を閉じる").click()
    expect(page.get_by_placeholder("新しい本")).to_have_count(0)


def what_a_callback_prints_is_shown_as_text(page: Page) -> None:
    page.get_by_role("button", name="言う").click()
    expect(page.locator("pre").first).to_have_text("一行目\n二行目 <b>印</b>\n")
    expect(page.get_by_text("中の部品")).to_be_visible()
    expect(page.locator("pre").last).to_have_text("ValueError: わざと")


# ---- what is not ours, and what fails -------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["unknown", "foreign"])
def test_a_widget_that_is_not_ours_is_refused_in_words(page: Page, served: Server, cell: str) -> None:
    """A class that is not here, and a module that comes as text."""
    come(page, served, cell, "failed")
    expect(page.get_by_role("alert")).to_contain_text(PROBLEM)
    expect(page.get_by_text("見えない")).to_be_hidden()
    assert page.evaluate("() => window.ran") is None


def test_what_a_failing_page_said_is_not_in_the_servers_log(page: Page, served: Server) -> None:
    page.goto(f"{served.url}?failing")
    expect(page.get_by_role("alert")).to_contain_text(PROBLEM)
    assert NAME not in page.content()
    written = served.log.read_text(encoding="utf-8")
    assert NAME not in written
    assert "Traceback" not in written


# ---- the line to the kernel -----------------------------------------------------------------------------------------


def test_a_line_that_broke_is_mended_and_nothing_is_lost(page: Page, served: Server) -> None:
    lines: list[WebSocketRoute] = []

    def pass_on(line: WebSocketRoute) -> None:
        lines.append(line)
        line.connect_to_server()

    page.route_web_socket("**/channels*", pass_on)
    come(page, served)
    lines[0].close(code=3001)
    page.locator(".IntSlider .noUi-handle").press("End")  # while there is no line
    expect(page.locator(".heard")).to_have_text("IntSlider 10", timeout=60_000)
    assert len(lines) == 2


def test_what_is_told_before_the_answer_that_holds_everything_waits_for_it(page: Page, served: Server) -> None:
    """A page hears nothing while the cells run; what is made after that may hold what only the answer brings."""
    held: list[str | bytes] = []  # the page's question, until it has been told of the box
    told: list[bool] = []  # of the boxes of which it was told: whether it was waiting for the answer

    def hold(line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def from_server(message: str | bytes) -> None:
            line.send(message)
            if isinstance(message, bytes) and b"comm_open" in message and b"HBoxModel" in message:
                told.append(bool(held))
                while held:
                    server.send(held.pop())

        def from_page(message: str | bytes) -> None:
            asks = isinstance(message, bytes) and b"request_states" in message
            held.append(message) if asks and not told else server.send(message)

        server.on_message(from_server)
        line.on_message(from_page)

    page.route_web_socket("**/channels*", hold)
    found = complaints(page)
    come(page, served, "later")
    expect(page.get_by_text("中身")).to_be_visible()
    assert told == [True]
    assert found == []


def test_a_page_whose_kernel_has_ended_asks_once_and_then_is_quiet(page: Page, served: Server) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/kernels/" in request.url else None)
    page.on("websocket", lambda line: asked.append(line.url))
    come(page, served)
    del asked[:]
    kernel = page.locator("#rendered_cells").get_attribute("data-kernel") or ""
    page.evaluate("path => navigator.sendBeacon(path)", f"/voila/api/shutdown/{kernel}")
    for _ in range(100):
        page.wait_for_timeout(50)
        if len(asked) == 2:
            break
    page.wait_for_timeout(3500)  # where it went on asking, it would ask after one second, and after two more
    assert [url.split(kernel)[1].split("?")[0] for url in asked] == ["/channels", ""]


# ---- how it is built, and where else it runs ------------------------------------------------------------------------


def test_the_built_front_end_is_that_of_the_sources() -> None:
    assert (paths.BUILT / "stamp").read_text(encoding="utf-8") == hatch_build.sources(ROOT), "run: make front"


def test_the_lock_of_the_front_end_has_a_hash_for_every_package_and_no_address() -> None:
    text = (ROOT / hatch_build.FRONT / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]
    assert len(packages) > 10
    assert [name for name, package in packages.items() if name and not package.get("integrity")] == []
    assert "://" not in text


def test_a_machine_without_node_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hatch_build, "_packaged_node", lambda: None)
    monkeypatch.setattr("hatch_build.shutil.which", lambda _: None)
    with pytest.raises(hatch_build.FrontError, match=r"node 20 or newer with npm is needed[\s\S]*make setup"):
        hatch_build.build(tmp_path)


def test_plain_voila_shows_the_page_with_the_same_front_end(page: Page, tmp_path: Path) -> None:
    cell = "from advisor.view.widgets.widgets import Panel\nPanel(html='<p>どこでも同じ</p>')"
    notebook_of(cell, folder=tmp_path)
    (port,) = free_ports(1)
    # plain Voilà knows no addresses of built files; a server that ran in this process has left some
    environment = os.environ | {"JUPYTER_PATH": str(paths.JUPYTER_PATH), "ADVISOR_ASSETS": ""}
    ipc = "--KernelManager.transport=ipc"  # a port that was free a moment ago may be another test's by now
    options = ("--template=advisor", "--no-browser", ipc, f"--port={port}")
    command = (sys.executable, "-m", "voila", *options, "served.ipynb")
    with (ARTEFACTS / "voila.log").open("w", encoding="utf-8") as errors:
        voila = begun(command, tmp_path, environment, errors)
        try:
            url = f"http://127.0.0.1:{port}/"
            wait_for(url)
            found = complaints(page)
            page.goto(url)
            expect(page.get_by_text("どこでも同じ")).to_be_visible(timeout=120_000)
            assert found == []
        finally:
            voila.terminate()
            voila.wait(60)


def wait_for(url: str) -> None:
    for _ in range(1200):
        try:
            urllib.request.urlopen(f"{url}nothing", timeout=5)  # noqa: S310  (our own server)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("Voilà did not start")

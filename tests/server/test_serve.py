"""The served page and its frame: what it shows, what it refuses, what it leaves behind."""

from __future__ import annotations

import gzip
import os
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from advisor.server import assets, paths
from advisor.server.kernels import kernel_environment
from tests.serving import COOKIES, Server, ran, serving

TITLE = "しごと相談ワークブック"
PROBLEM = "画面を開けませんでした"
# A page of widgets, longer than any window, that shows what its kernel can see.
CELLS = """
import os
import ipywidgets as widgets
print("printed text stays out of the page")
heading = widgets.HTML("<h1>見本</h1>")
button, label = widgets.Button(description="押す"), widgets.Label("まだ")
button.on_click(lambda _: setattr(label, "value", "押された"))
seen = widgets.Label(" ".join(sorted(os.environ)) + f" pid={os.getpid()}", layout={"width": "90vw"})
widgets.VBox([heading, button, label, seen, *(widgets.Label(f"行{n}") for n in range(60)), widgets.Label("おわり")])
"""
# What comes after it, where an address asks for it.
MORE = """
import time
if os.environ["QUERY_STRING"] == "fails":
    raise ValueError("山田太郎")
if os.environ["QUERY_STRING"] == "slow":
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served")
    (folder / "picture.png").write_bytes(b"not for visitors")
    (folder / "analyst").mkdir()
    (folder / "analyst" / "10_scoring.ipynb").write_text("{}", encoding="utf-8")
    with serving(CELLS, MORE, folder=folder, environment=os.environ | {"SECRET_TOKEN": "x"}) as server:
        yield server


def ask(url: str, *, method: str = "GET", **headers: str) -> tuple[int, Message, bytes]:
    """Ask as a program without a browser would, and take any answer."""
    named = {"Cookie": "; ".join(f"{one['name']}={one['value']}" for one in COOKIES)}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, method=method, headers=named)  # noqa: S310  (our own server)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def html(url: str) -> str:
    return ask(url)[2].decode()


def ready(page: Page, url: str) -> None:
    page.context.add_cookies(COOKIES)
    page.goto(url)
    expect(page.locator("body.advisor-ready")).to_be_visible(timeout=60_000)


def outside(text: str) -> list[str]:
    """Addresses of other hosts in a page (the names of XML vocabularies are never asked for)."""
    found = re.findall(r"(?:https?:)?//[\w.-]+", text)
    return [address for address in found if not address.endswith(("//127.0.0.1", "//localhost", "//www.w3.org"))]


# --- what the page says without a browser --------------------------------------------------------------------------


def test_the_workbook_answers_with_its_title_and_without_any_other_host(workbook_url: str) -> None:
    status, headers, body = ask(workbook_url)
    page = body.decode()
    assert status == 200
    assert f"<title>{TITLE}</title>" in page
    assert '<html lang="ja">' in page
    assert "advisor-failed" not in page
    assert outside(page) == []
    assert "script-src 'self';" in headers["Content-Security-Policy"]


def test_no_script_stands_in_the_page(served: Server) -> None:
    scripts = re.findall(r"<script([^>]*)>", html(served.url))
    assert scripts
    assert [attributes for attributes in scripts if "src=" not in attributes and "json" not in attributes] == []


def test_without_javascript_the_page_says_so(served: Server) -> None:
    told = html(served.url).partition("<noscript>")[2].partition("</noscript>")[0]
    assert "この画面には JavaScript が必要です" in told
    assert "This page needs JavaScript" in told


def test_what_cells_print_stays_out(served: Server) -> None:
    assert "printed text" not in html(served.url)


@pytest.mark.parametrize(
    "path",
    [
        *("analyst/10_scoring.ipynb", "voila/render/analyst/10_scoring.ipynb", "voila/files/analyst/10_scoring.ipynb"),
        *("served.ipynb", "picture.png", "voila/files/picture.png", "voila/files/served.ipynb"),
        *("voila/tree/", "voila/api/contents/", "api/contents/", "tree", "lab", "nothing"),
    ],
)
def test_nothing_else_is_served(served: Server, path: str) -> None:
    status, _, body = ask(served.url + path)
    assert status in (403, 404)
    assert b"not for visitors" not in body


def test_a_wrong_address_is_told_in_our_words(served: Server) -> None:
    page = html(served.url + "nothing")
    assert "ページが見つかりません" in page
    assert "Page not found" in page
    assert "Traceback" not in page


@pytest.mark.parametrize(
    "query", ['theme="><script>alert(1)</script>', "theme=dark", "template=lab", "template=reveal"]
)
def test_the_query_changes_nothing_of_the_page(served: Server, query: str) -> None:
    page = html(served.url + "?" + urllib.parse.quote(query, safe="="))
    assert f"<title>{TITLE}</title>" in page
    assert "alert(1)" not in page
    assert "reveal" not in page
    assert outside(page) == []


def test_another_host_name_is_refused(served: Server) -> None:
    assert ask(served.url, Host="evil.example")[0] == 403


def test_built_files_are_kept_for_ever_and_come_compressed(served: Server) -> None:
    addresses = set(re.findall(r'"(/advisor/static/[^"]+)"', html(served.url)))
    assert {re.sub(r"-[0-9a-f]{12}", "", address.rsplit("/", 1)[1]) for address in addresses} == set(assets.manifest())
    for address in addresses:
        path = served.url.rstrip("/") + address
        plain = (paths.BUILT / address.rsplit("/", 1)[1]).read_bytes()
        status, headers, body = ask(path, Accept_Encoding="gzip, deflate")
        assert (status, headers["Content-Encoding"]) == (200, "gzip")
        assert gzip.decompress(body) == plain
        assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert headers["Vary"] == "Accept-Encoding"
        status, headers, body = ask(path, Accept_Encoding="gzip, br")
        assert headers["Content-Encoding"] == "br"
        assert len(body) < len(plain) / 2
        assert ask(path)[2] == plain
    assert ask(served.url + "advisor/static/front-000000000000.js")[0] == 404


@pytest.mark.parametrize("name", ["manifest.json", "stamp", "../template.css", "..%2Ftemplate.css", "front.js"])
def test_nothing_beside_the_built_files_is_sent_from_their_folder(served: Server, name: str) -> None:
    assert ask(served.url + "advisor/static/" + name)[0] == 404


def test_a_port_that_was_asked_for_must_be_free(served: Server, tmp_path: Path) -> None:
    port = served.url.rstrip("/").rsplit(":", 1)[1]
    environment = os.environ | {"ADVISOR_LANG": "ja", "ADVISOR_FORK": "0"}
    done = ran("-m", "advisor", "serve", "--no-browser", "--port", port, environment=environment, cwd=tmp_path)
    assert done.returncode == 1
    assert f"ポート {port} は使えません" in done.stderr
    assert "Traceback" not in done.stderr


def test_text_is_compressed(served: Server) -> None:
    assert ask(served.url, Accept_Encoding="gzip")[1]["Content-Encoding"] == "gzip"


def test_only_the_page_itself_may_end_a_kernel(served: Server) -> None:
    url = served.url + "voila/api/shutdown/00000000-0000-0000-0000-000000000000"
    assert ask(url, method="POST")[0] == 403
    assert ask(url, method="POST", Origin="https://evil.example")[0] in (403, 404)


def test_a_kernel_gets_no_more_than_it_needs() -> None:
    everything = {"PATH": "/bin", "LC_ALL": "ja_JP.UTF-8", "ADVISOR_LANG": "ja", "QUERY_STRING": "s=1"}
    secrets = {"AWS_SECRET_ACCESS_KEY": "x", "JUPYTER_TOKEN": "x", "DATABASE_URL": "x", "PASSWORD": "x"}
    nobody_reads = {"PATH_INFO": "x", "SERVER_NAME": "x", "VOILA_BASE_URL": "x"}
    assert kernel_environment(everything | secrets | nobody_reads) == everything


# --- in the browser ------------------------------------------------------------------------------------------------


def test_widgets_work_and_the_page_scrolls_as_a_page(page: Page, served: Server) -> None:
    problems: list[str] = []
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    ready(page, served.url)
    page.get_by_role("button", name="押す").click()
    expect(page.get_by_text("押された")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollHeight") > 1500
    page.get_by_text("おわり").scroll_into_view_if_needed()
    assert page.evaluate("window.scrollY") > 500
    names = page.get_by_text("pid=").inner_text().split()
    assert "SECRET_TOKEN" not in names
    assert "QUERY_STRING" in names
    assert [address for address in addresses if not address.startswith((served.url, "blob:", "data:"))] == []
    assert problems == []


def test_closing_the_page_ends_its_kernel(page: Page, served: Server) -> None:
    ready(page, served.url)
    pid = kernel_pid(page)
    page.close(run_before_unload=True)
    wait_until_gone(pid)


def test_a_failing_notebook_is_told_in_our_words(
    browser: Browser, served: Server, axe_violations: Callable[[Page], list[str]]
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.context.add_cookies(COOKIES)
    page.goto(f"{served.url}?fails")
    expect(page.get_by_role("alert")).to_contain_text(PROBLEM)
    expect(page.get_by_role("alert")).to_contain_text("The page could not be opened")
    expect(page.get_by_text("まだ")).to_be_hidden()
    expect(page.get_by_role("status")).to_be_hidden()
    for secret in ("山田太郎", "ValueError", "Traceback", "served.ipynb"):
        assert secret not in page.content()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert axe_violations(page) == [], scheme
    with page.expect_navigation():
        page.get_by_role("link", name="開き直す").click()
    page.close()


def test_a_slow_start_says_what_happens_and_offers_a_way_back(browser: Browser, served: Server) -> None:
    page = browser.new_page(reduced_motion="reduce")
    page.context.add_cookies(COOKIES)
    page.clock.install()
    page.goto(f"{served.url}?slow", wait_until="commit")
    expect(page.get_by_role("status")).to_contain_text("準備しています…")
    expect(page.get_by_role("status")).to_contain_text("Getting ready")
    expect(page.get_by_role("link", name="開き直す")).to_be_hidden()
    assert page.evaluate("document.getAnimations().length") == 0
    page.clock.fast_forward(21_000)
    expect(page.get_by_role("status")).to_contain_text("時間がかかっています")
    expect(page.get_by_role("link", name="開き直す")).to_be_visible()
    page.close()


def test_a_stopped_server_leaves_no_kernel_and_opens_no_english_dialog(page: Page, tmp_path: Path) -> None:
    with serving(CELLS, folder=tmp_path) as server:
        ready(page, server.url)
        pid = kernel_pid(page)
        server.process.terminate()
        assert server.process.wait(60) == 0
        wait_until_gone(pid)
        page.wait_for_timeout(3000)
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert "Traceback" not in server.log.read_text(encoding="utf-8")


def kernel_pid(page: Page) -> int:
    return int(page.get_by_text("pid=").inner_text().split("pid=")[1])


def wait_until_gone(pid: int) -> None:
    """Wait until a process has ended: the server reaps its kernels."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail(f"process {pid} is still there")

"""Names that nobody else has go through everything an adviser does; afterwards they are looked for where none belongs.

That is: what the server writes, every address, the environment of every process, temporary files, what a browser keeps,
names of files (but the code), the access log. The database is sealed here, so not even its file may hold them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from advisor.report import interchange
from advisor.report.exports import EXPORTS
from advisor.store import Store, advisers, new_key, open_store
from tests.browsing import SAY, a_browser, ask_kernel, open_private, row, slider, title
from tests.desks import client
from tests.team import PASSWORDS

JA = SAY["ja"]
CANARY, WORD = "CANARY7319", "カナリア"  # one that every encoding leaves alone, one that most of them change
CODE, NAME, EMPLOYER = f"{CANARY}-code", f"髙﨑{WORD}{CANARY}", f"{WORD}商事株式会社{CANARY}"
SIGNS = (
    *(CANARY.encode(coding) for coding in ("utf-8", "utf-16-le")),
    *(WORD.encode(coding) for coding in ("utf-8", "utf-16-le", "cp932")),
    json.dumps(WORD).strip('"').encode(),
    quote(WORD).encode(),
)
KEPT = """async () => JSON.stringify([
  {...localStorage}, {...sessionStorage}, document.cookie, document.title, await indexedDB.databases(),
  await caches.keys(), history.state, location.href])"""

# What an operator asks, in one process: each says something.
TELL = """
from contextlib import suppress
from advisor.cli.main import main
for command in (["log"], ["doctor"], ["users", "list"]):
    print("---", flush=True)
    with suppress(SystemExit):
        main(command)
"""


def holds(content: bytes | str) -> bool:
    """Return whether a canary is in something, in any of its spellings."""
    raw = content if isinstance(content, bytes) else content.encode(errors="replace")
    return any(sign in raw or sign.lower() in raw.lower() for sign in SIGNS)


@dataclass
class Place:
    """A server with folders of its own, and everything that can be looked through afterwards."""

    folder: Path
    url: str
    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    store: Store
    addresses: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)

    @property
    def temporary(self) -> Path:
        """Return where the server keeps temporary files."""
        return self.folder / "tmp"

    def look(self, when: str) -> None:
        """Look through what may change at any moment: processes and files."""
        for process in self.processes():
            for part in ("environ", "cmdline"):
                with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
                    if holds((process / part).read_bytes()):
                        self.found.append(f"{when}: {part} of a process")
        for file in (file for file in self.folder.rglob("*") if file.is_file()):
            if holds(str(file.relative_to(self.folder))) or holds(file.read_bytes()):
                self.found.append(f"{when}: {file.relative_to(self.folder)}")

    def processes(self) -> list[Path]:
        """Return the server and everything it has started, as the system shows them."""
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue  # it has ended meanwhile
        mine = {self.process.pid}
        while more := {child for child, parent in parents.items() if parent in mine} - mine:
            mine |= more
        return [Path("/proc", str(number)) for number in mine]


@pytest.fixture
def place() -> Iterator[Place]:
    """A team's server over a sealed store; every file of it lies in one folder."""
    folder = Path(tempfile.mkdtemp(prefix="advisor-canary-"))
    (folder / "tmp").mkdir()
    (folder / "data").mkdir()
    key, database = new_key(), f"sqlite:///{folder / 'data' / 'canary.sqlite3'}"
    store = open_store(database, key)
    advisers.add(store, "suzuki", PASSWORDS["suzuki"])
    environment = os.environ | {"TMPDIR": str(folder / "tmp"), "ADVISOR_DATABASE_URL": database, "ADVISOR_KEY": key}
    environment |= {"ADVISOR_LANG": "ja", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "advisor", "serve", "--no-browser", "--port", "0", "--login", "team"]
    with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=err)
        try:
            yield Place(folder, _address(folder, process), process, environment, store)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            shutil.rmtree(folder)


def _address(folder: Path, process: subprocess.Popen[bytes]) -> str:
    for _ in range(1800):
        if told := re.search(r"http://\S+", (folder / "stdout").read_text(encoding="utf-8")):
            return told[0]
        assert process.poll() is None, (folder / "stderr").read_text(encoding="utf-8")
        time.sleep(0.1)
    raise AssertionError((folder / "stderr").read_text(encoding="utf-8"))


@contextmanager
def page_of(browser: Browser, place: Place) -> Iterator[Page]:
    """A page whose addresses and files are written down."""
    with a_browser(browser) as context:
        context.on("request", lambda request: place.addresses.append(f"{request.url} {request.headers.get('referer')}"))
        page = context.new_page()
        page.on("download", lambda download: place.files.append(download.suggested_filename))
        page.on("websocket", lambda socket: place.addresses.append(socket.url))
        yield page


def log_in(page: Page, place: Place) -> None:
    """Log in, after a try under a name that nobody has."""
    page.goto(place.url)
    for name, password in ((NAME, f"{CANARY} and nobody else"), ("suzuki", PASSWORDS["suzuki"])):
        page.get_by_label("名前").fill(name)
        page.get_by_label("パスワード").fill(password)
        page.get_by_role("button", name="ログインする").click()
    expect(page.locator("h1[data-title=list]:visible")).to_be_visible(timeout=60_000)


def press(page: Page, word: str) -> None:
    page.get_by_role("button", name=JA(word), exact=True).first.click()


def type_into(page: Page, question: str, text: str) -> None:
    row(page, question).locator("input, textarea").first.fill(text)


def saved(page: Page, question: str) -> None:
    expect(row(page, question).locator('.aw-q-kept[data-state="saved"]')).to_be_visible()


def step(page: Page, name: str) -> None:
    page.locator(f'.aw-steps [data-id="{name}"]').click()
    expect(title(page, name)).to_be_visible()


def register(page: Page) -> None:
    press(page, "desk_new")
    expect(page.locator("h1[data-title=form]")).to_be_focused()  # until then the page scrolls: a quick click would miss
    type_into(page, "code", CODE)
    type_into(page, "name", NAME)
    type_into(page, "purpose", EMPLOYER)
    row(page, "agreed").locator("label.aw-tile").click()
    press(page, "desk_register")
    expect(page.locator("h1[data-title=client]:visible")).to_have_text(CODE)


def hold_a_session(page: Page) -> None:
    """Tell everything that can be typed, also where it cannot be used."""
    press(page, "desk_start")
    expect(title(page, "start")).to_be_visible(timeout=60_000)
    type_into(page, "years", EMPLOYER)
    expect(row(page, "years").locator(".aw-q-error")).to_be_visible()
    type_into(page, "wish", EMPLOYER)
    saved(page, "wish")
    step(page, "aptitude")
    slider(page, "support_1").press("End")
    step(page, "plan")
    page.locator("[data-action=add_action]").click()
    for name in ("what", "first", "helper", "known_by"):
        type_into(page, f"action-a1-{name}", f"{NAME} {name}")
    type_into(page, "action-a1-by", "2030-12-01")
    open_private(page)
    for name in ("account-concern", "account-impression", "notes"):
        type_into(page, name, f"{NAME} {EMPLOYER}")
        saved(page, name)
    page.keyboard.press("Escape")
    step(page, "worksheets")
    page.locator("#open-goals").click()
    type_into(page, "sheet-goals-0-goal", EMPLOYER)
    saved(page, "sheet-goals-0-goal")
    press(page, "form_take")


def take_every_file(page: Page) -> None:
    step(page, "summary")
    open_private(page)
    for part in ("exports", "exports-adviser"):
        page.locator(f"#{part} > summary").evaluate("(part) => part.click()")
    for export in EXPORTS:  # the open part of the adviser lies over some of the buttons
        with page.expect_download(timeout=60_000):
            page.locator(f"#export-{export.id}").evaluate("(button) => button.click()")


def wait_for_copies(page: Page, number: int) -> None:
    """Wait until the tab keeps so many copies; asked from here, since the policy of the page allows no eval there."""
    for _ in range(200):
        if page.evaluate("Object.keys(sessionStorage).length") == number:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"the tab does not keep {number} copies")


def keeps_no_name(page: Page) -> None:
    """Hold that the browser keeps no name, once Python has heard what is on its way."""
    for _ in range(100):
        if not holds(page.evaluate(KEPT)):
            return
        page.wait_for_timeout(100)
    pytest.fail("the browser keeps a name")


def fail_to_save(page: Page, place: Place) -> None:
    """Tell something while somebody else holds the database; only this tab may keep it, and only until it is stored."""
    assert place.store.file is not None
    step(page, "start")
    held = sqlite3.connect(place.store.file)
    held.execute("BEGIN IMMEDIATE")
    type_into(page, "wish", f"{EMPLOYER} {NAME}")
    wait_for_copies(page, 1)
    assert not holds(page.evaluate("JSON.stringify({...localStorage})"))
    place.look("while it cannot be saved")
    held.rollback()
    held.close()
    wait_for_copies(page, 0)


def lose_the_kernel(page: Page, place: Place) -> None:
    environment = ask_kernel(page, "str(dict(__import__('os').environ))", place.temporary)
    assert "ADVISOR_ADVISER" in environment
    assert not holds(environment)
    os.kill(int(ask_kernel(page, "__import__('os').getpid()", place.temporary)), signal.SIGKILL)
    expect(page.get_by_role("alertdialog")).to_be_visible(timeout=60_000)
    page.get_by_role("alertdialog").get_by_role("button").click()
    expect(title(page, "start")).to_be_visible(timeout=60_000)
    expect(row(page, "wish").locator("textarea")).to_have_value(f"{EMPLOYER} {NAME}")


def go_to_the_desk(page: Page) -> None:
    page.locator(".aw-page-more").click()
    page.get_by_role("link", name=JA("to_client")).click()
    expect(page.locator("h1[data-title=client]:visible")).to_have_text(CODE, timeout=60_000)
    press(page, "desk_back")
    expect(page.locator("h1[data-title=list]:visible")).to_be_visible()
    type_into(page, "search", NAME)
    page.locator(".aw-desk-table .aw-desk-name", has_text=CODE).click()
    expect(page.locator("h1[data-title=client]:visible")).to_have_text(CODE)


def take_everything_out_and_in(page: Page, folder: Path) -> None:
    for kind in ("pdf", "json"):
        with page.expect_download(timeout=60_000):
            page.locator(f"[data-action=everything][data-id={kind}]").click()
    press(page, "desk_back")
    whole, broken = folder / "whole.json", folder / "broken.json"
    whole.write_bytes(interchange.dump(client(CODE, name=NAME), ()))
    broken.write_text(json.dumps({**json.loads(whole.read_text(encoding="utf-8")), NAME: NAME}), encoding="utf-8")
    page.locator("#import > summary").click()
    for file, word in ((broken, ".aw-error"), (whole, ".aw-q-error")):
        page.locator("input[type=file]").set_input_files(file)
        expect(page.locator(f"{word}:visible").first).to_be_visible()
    type_into(page, "code", f"second-{CANARY}")
    press(page, "desk_take_in")
    expect(page.locator("h1[data-title=client]:visible")).to_have_text(f"second-{CANARY}")


def compare_and_erase(page: Page, place: Place) -> None:
    (known,) = [one for one in place.store.clients() if one.code == CODE]
    visits = place.store.visits(known.id)
    page.goto(f"{place.url}workbook?s={visits[-1].id}&go=results")
    expect(title(page, "results")).to_be_visible(timeout=60_000)
    go_to_the_desk(page)
    page.locator(".aw-danger[data-open-dialog]").last.click()
    page.get_by_role("dialog").get_by_role("textbox").fill(CODE)
    page.get_by_role("dialog").get_by_role("button", name=JA("desk_erase_yes")).click()
    expect(page.locator("h1[data-title=list]:visible")).to_be_visible()


def ask_wrongly(page: Page, place: Place) -> None:
    """Put the names where our own pages never put them: the server shall not write them down either."""
    asked = page.context.request
    for path in (quote(NAME), f"workbook/{quote(NAME)}", f"voila/files/{CODE}", f"login?next=/{quote(NAME)}"):
        asked.get(f"{place.url}{path}", fail_on_status_code=False)
        asked.post(f"{place.url}{path}", data={"name": NAME}, fail_on_status_code=False)
    asked.get(f"{place.url}api/kernels/{quote(NAME)}/channels", fail_on_status_code=False)
    page.goto(f"{place.url}workbook?s={quote(NAME)}&go={quote(EMPLOYER)}")
    expect(page.get_by_role("heading", name=JA("missing_title"))).to_be_visible(timeout=60_000)


def test_no_name_is_where_none_belongs(browser: Browser, place: Place, tmp_path: Path) -> None:
    with page_of(browser, place) as page:
        log_in(page, place)
        register(page)
        hold_a_session(page)
        keeps_no_name(page)
        take_every_file(page)
        place.look("after every file was made")
        fail_to_save(page, place)
        lose_the_kernel(page, place)
        keeps_no_name(page)
        go_to_the_desk(page)
        take_everything_out_and_in(page, tmp_path)
        place.look("at the desk")
        compare_and_erase(page, place)
        assert not holds(page.evaluate(KEPT))
        assert not holds(json.dumps([cookie["value"] for cookie in page.context.cookies()]))
        known = list(place.addresses)
        ask_wrongly(page, place)
        place.look("at the end")
    assert place.found == []
    assert [address for address in known if holds(address)] == []
    assert [name for name in place.files if holds(name.replace(CODE, ""))] == []  # the code tells whose a paper is
    assert len(place.files) == len(EXPORTS) + 2
    told = subprocess.run([sys.executable, "-c", TELL], env=place.environment, capture_output=True, check=True)
    assert len(told.stdout.split(b"---")) == 4
    assert all(part.strip() for part in told.stdout.split(b"---")[1:])
    assert not holds(told.stdout + told.stderr)
    written = (place.folder / "stderr").read_text(encoding="utf-8")
    assert "Traceback" not in written


def test_the_search_finds_a_name_however_it_is_written() -> None:
    for text in (
        f"x{NAME}x",
        json.dumps(NAME),
        quote(NAME),
        CODE.lower(),
        WORD.encode("utf-16-le"),
        WORD.encode("cp932"),
    ):
        assert holds(text)
    assert not holds("a canary")

"""JupyterHub as deploy/jupyterhub sets it up: a server for each adviser, one PostgreSQL, nobody in another's room."""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from advisor.store import Store, advisers, open_store
from tests.browsing import SAY, a_browser, answer, go, label, row, slider, title
from tests.databases import Server
from tests.deployed import PATH, PROXY, answers, proxy_folder, started
from tests.serving import ARTEFACTS, free_ports
from tests.support import CATALOG

JA = SAY["ja"]
QUESTION = CATALOG.active_items(CATALOG.of_kind("fit")[0])[0].id
SAVED = re.compile(re.escape(JA("kept_saved", time="")))
CONFIGURATION = PROXY / "jupyterhub_config.py"
# The configuration as it is deployed, but for the login: names with one password, so that no other server is needed.
FOR_TESTS = f"""
load_subconfig({str(CONFIGURATION)!r})
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = {{user!r}}
c.SharedPasswordAuthenticator.admin_password = {{admin!r}}
c.Authenticator.allowed_users = {{{{"hanako", "taro"}}}}
c.Authenticator.admin_users = {{{{"taro"}}}}
"""


@dataclass(frozen=True)
class Hub:
    """A Hub that runs: its address, what its servers keep, and the passwords by name. Taro is its administrator."""

    url: str
    store: Store
    passwords: dict[str, str]
    log: Path


@pytest.fixture(scope="module")
def hub(postgres: Server, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Hub]:
    """A Hub with its proxy, and a PostgreSQL for all servers."""
    folder = tmp_path_factory.mktemp("hub")
    port, inside, proxy = free_ports(3)
    passwords = {"hanako": secrets.token_hex(8), "taro": secrets.token_hex(32)}
    file = folder / "for_tests.py"
    file.write_text(FOR_TESTS.format(user=passwords["hanako"], admin=passwords["taro"]), encoding="utf-8")
    database, url = postgres.new_database(), f"http://127.0.0.1:{port}/"
    environment = os.environ | {
        "ADVISOR_DATABASE_URL": database,
        "ADVISOR_HUB_URL": url,
        "ADVISOR_HUB_BIND": url.rstrip("/"),
        "ADVISOR_HUB_INSIDE": f"http://127.0.0.1:{inside}",
        "ADVISOR_HUB_PROXY_API": f"http://127.0.0.1:{proxy}",
        "STATE_DIRECTORY": str(folder),
        "PATH": f"{proxy_folder()}{os.pathsep}{PATH}",
    }
    log = ARTEFACTS / f"hub-{worker_id}.log"
    command = (sys.executable, "-m", "jupyterhub", "--config", str(file))
    with started(*command, ready=lambda: answers(f"{url}hub/health"), log=log, environment=environment, cwd=folder):
        yield Hub(url, open_store(database, ""), passwords, log)


def enter(context: BrowserContext, hub: Hub, name: str) -> Page:
    """Log in at the Hub's front door, and arrive at the desk of one's own server."""
    page = context.new_page()
    page.goto(hub.url)
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(hub.passwords[name])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{hub.url}user/{name}/", timeout=60_000)
    expect(title(page, "list")).to_be_visible(timeout=60_000)
    return page


def see_a_client(page: Page, code: str) -> str:
    """Register a client, begin a visit, answer a question; return the id of the visit."""
    page.get_by_role("button", name=JA("desk_new"), exact=True).first.click()
    expect(page.locator("h1[data-title=form]")).to_be_focused()  # until then the page scrolls
    # the form comes in several messages: what stands below it is drawn last, and nothing moves after that
    expect(page.get_by_role("button", name=JA("desk_register"), exact=True)).to_be_visible()
    expect(title(page, "form")).to_be_focused()
    row(page, "agreed").locator("label.aw-tile").click()
    expect(row(page, "agreed").get_by_role("checkbox")).to_be_checked()
    row(page, "code").locator("input").fill(code)
    page.get_by_role("button", name=JA("desk_register"), exact=True).click()
    expect(title(page, "client")).to_have_text(code)
    page.get_by_role("button", name=JA("desk_start"), exact=True).click()
    expect(title(page, "start")).to_be_visible(timeout=60_000)
    go(page, "aptitude")
    answer(page, QUESTION, 4)
    expect(page.get_by_text(SAVED).first).to_be_visible()
    return parse_qs(urlsplit(page.url).query)["s"][0]


def codes(hub: Hub, name: str) -> list[str]:
    """Return the codes of the clients that an adviser sees, as the store has it."""
    adviser = advisers.find(hub.store, name)
    assert adviser is not None
    return [one.code for one in hub.store.seen_by(adviser.id).clients()]


def test_two_advisers_share_a_hub_and_a_database_and_neither_gets_near_the_others_clients(
    browser: Browser, hub: Hub, screenshot: Callable[[Page, str], Path]
) -> None:
    with a_browser(browser) as hers, a_browser(browser) as his:
        hanako, taro = enter(hers, hub, "hanako"), enter(his, hub, "taro")
        her_visit = see_a_client(hanako, "H-001")
        see_a_client(taro, "T-001")
        assert (codes(hub, "hanako"), codes(hub, "taro")) == (["H-001"], ["T-001"])

        # A reload comes back to the same step and answer.
        hanako.reload()
        expect(title(hanako, "aptitude")).to_be_visible(timeout=60_000)
        expect(slider(hanako, QUESTION)).to_have_attribute("aria-valuetext", label(hanako, QUESTION, 4))

        # Her page may ask whether its kernel lives, as it does after its line was cut; a script that asks for anything
        # else, as that of another server of the Hub might, is sent away to log in (0: a redirect, unseen).
        kernel = hanako.locator("[data-kernel]").get_attribute("data-kernel")
        assert fetched(hanako, f"api/kernels/{kernel}") == 200
        assert fetched(hanako, f"workbook?s={her_visit}") == 0

        # His list has nobody of hers, and her visit's id opens nothing for him.
        taro.goto(f"{hub.url}user/taro/")
        expect(taro.locator(".aw-desk-table .aw-desk-name")).to_have_text(["T-001"], timeout=60_000)
        taro.goto(f"{hub.url}user/taro/workbook?s={her_visit}")
        expect(taro.get_by_text(JA("visit_unknown")).first).to_be_visible(timeout=60_000)

        # Her server is closed to him, although he is the Hub's administrator, and his to her.
        taro.goto(f"{hub.url}user/hanako/workbook?s={her_visit}")
        taro.get_by_role("button", name="Authorize").click()
        expect(taro.get_by_role("heading", level=1)).to_have_text("このページは開けませんでした")
        screenshot(taro, "hub-not-yours")
        assert ours(taro, hub, "hanako") == 403
        another = hers.new_page()
        assert ours(another, hub, "taro") == 403

        # Logging out of the Hub ends the page that is open, the server behind it, and the way back.
        another.goto(f"{hub.url}hub/logout")
        expect(hanako.get_by_text(JA("lifeline_lost")).first).to_be_visible(timeout=60_000)
        another.goto(f"{hub.url}user/hanako/workbook?s={her_visit}")
        expect(another.get_by_label("Password")).to_be_visible()


def fetched(page: Page, path: str) -> int:
    """Return how a page's own server answers its scripts."""
    return int(page.evaluate("async (path) => (await fetch(path, {redirect: 'manual'})).status", path))


def ours(page: Page, hub: Hub, name: str) -> int:
    """Return how the server of ``name`` answers the browser of somebody who is logged in, in the end."""
    answered = page.goto(f"{hub.url}user/{name}/")
    assert answered is not None
    return answered.status

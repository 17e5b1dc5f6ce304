"""Logging in and out: by a link that works once, by name and password, or by the word of a proxy in front."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect

from advisor.cli.main import main
from advisor.store import advisers, open_store
from tests.browsing import a_browser
from tests.serving import ARTEFACTS, running
from tests.team import PASSWORDS, Team, Visitor, a_team, add, elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

OWN = {
    "tanaka": "quiet lamps above the harbour",
    "kato": "nine bridges in the morning fog",
    "mori": "a tall blue ladder",
}


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """A served team, with advisers whose tries, passwords or rights a test uses up."""
    with a_team(tmp_path_factory.mktemp("team")) as served:
        add(served.store, **OWN)
        yield served


@pytest.fixture
def visitor(team: Team) -> Visitor:
    return Visitor(team.url)


def login_cookie(visitor: Visitor) -> str:
    return next(value for name, value in visitor.cookies.items() if name.startswith("advisor"))


# --- a team ----------------------------------------------------------------------------------------------------------


def test_name_and_password_open_the_page_that_was_asked_for(visitor: Visitor) -> None:
    asked = visitor.get("workbook?s=abc")
    assert asked.status == 302
    assert asked.place == "/login?next=%2Fworkbook%3Fs%3Dabc"
    answer = visitor.post("login", name="佐藤", password=PASSWORDS["佐藤"], next="/workbook?s=abc")
    assert (answer.status, answer.place) == (303, "/workbook?s=abc")
    assert visitor.get("account").status == 200
    assert "佐藤" in visitor.get("account").text


def test_the_cookie_is_for_this_server_and_its_scripts_never_see_it(visitor: Visitor) -> None:
    answer = visitor.log_in("佐藤")
    cookie = next(line for line in answer.headers.get_all("Set-Cookie") or [] if line.startswith("advisor"))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "expires" not in cookie.lower()  # it ends with the browser


def test_a_wrong_password_and_a_wrong_name_look_the_same(visitor: Visitor) -> None:
    wrong = visitor.log_in("佐藤", "wrong wrong wrong")
    nobody = visitor.log_in("nobody", "wrong wrong wrong")
    assert wrong.status == nobody.status == 403
    assert "名前かパスワードがちがいます" in wrong.text
    assert wrong.text.replace("佐藤", "").split("_xsrf")[0] == nobody.text.replace("nobody", "").split("_xsrf")[0]
    assert "wrong wrong wrong" not in wrong.text


def test_after_five_tries_a_name_has_to_wait_a_minute_wherever_they_come_from(team: Team) -> None:
    for number in range(5):
        guessing = Visitor(team.url, place=elsewhere(10 + number))
        assert guessing.log_in("tanaka", "wrong wrong wrong").status == 403
    answer = Visitor(team.url).log_in("tanaka", OWN["tanaka"])
    assert answer.status == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 61
    assert "しばらくお待ちください" in answer.text
    assert Visitor(team.url).log_in("suzuki").status == 303  # others are not kept waiting


@pytest.mark.parametrize("missing", ["the token", "the origin"])
def test_a_form_of_another_page_is_refused(visitor: Visitor, missing: str) -> None:
    visitor.get("login")
    token = "" if missing == "the token" else visitor.cookies["_xsrf"]
    origin = visitor.origin if missing == "the token" else "https://evil.example"
    body = f"name=suzuki&password={PASSWORDS['suzuki'].replace(' ', '+')}&_xsrf={token}"
    sent = {"Origin": origin, "Content_Type": "application/x-www-form-urlencoded"}
    assert visitor.ask("POST", "login", body, **sent).status == 403


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "evil", "\\\\evil"]
)
def test_nobody_is_sent_to_another_host(team: Team, onward: str) -> None:
    visitor = Visitor(team.url)
    assert visitor.post("login", name="suzuki", password=PASSWORDS["suzuki"], next=onward).place == "/"


def test_logging_out_ends_the_login_and_its_kernels(team: Team, visitor: Visitor) -> None:
    visitor.log_in("suzuki")
    kernel, cookie = visitor.open_page(), dict(visitor.cookies)
    assert visitor.post("logout").status == 303
    again = Visitor(team.url, cookie)  # as if somebody had kept the cookie
    assert again.get("account").status == 302
    assert again.connect(f"api/kernels/{kernel}/channels") == 403


def test_logging_out_clears_the_tab_but_for_what_could_not_be_stored_yet(visitor: Visitor) -> None:
    visitor.log_in("suzuki")
    assert visitor.post("logout", keep="").headers["Clear-Site-Data"] == '"storage"'
    visitor.log_in("suzuki")
    assert visitor.post("logout", keep="1").headers["Clear-Site-Data"] is None


def test_a_new_login_ends_the_one_before_in_the_same_browser(team: Team, visitor: Visitor) -> None:
    visitor.log_in("suzuki")
    before = dict(visitor.cookies)
    name = next(name for name in visitor.cookies if name.startswith("advisor"))
    visitor.log_in("suzuki")
    assert visitor.cookies[name] != before[name]
    assert Visitor(team.url, before).get("account").status == 302


def test_a_password_is_changed_with_the_old_one_and_every_other_login_ends(team: Team) -> None:
    visitor, other = Visitor(team.url), Visitor(team.url)
    old, new = OWN["kato"], "seven kites over an old bridge"
    visitor.log_in("kato", old)
    other.log_in("kato", old)
    for fields, said in (
        ({"password": "not the old one", "new": new, "again": new}, "今のパスワードがちがいます"),
        ({"password": old, "new": new, "again": f"{new}!"}, "二つとも同じではありません"),
        ({"password": old, "new": "short", "again": "short"}, "12文字以上"),
        ({"password": old, "new": "passwordpassword", "again": "passwordpassword"}, "よく使われていて"),
    ):
        answer = visitor.post("account", **fields)
        assert answer.status == 400
        assert said in answer.text
        assert old not in answer.text
    assert visitor.post("account", password=old, new=new, again=new).status == 200
    assert visitor.get("account").status == 200
    assert other.get("account").status == 302
    assert Visitor(team.url).post("login", name="kato", password=new).status == 303


def test_a_disabled_adviser_loses_the_page_that_is_open(team: Team, browser: Browser) -> None:
    with a_browser(browser) as context:
        page = context.new_page()
        page.goto(f"{team.url}workbook")
        type_in(page, "mori", OWN["mori"])
        expect(page.locator("h1[data-title=start]")).to_be_visible(timeout=60_000)
        advisers.disable(team.store, "mori")
        expect(page.get_by_role("alertdialog")).to_be_visible(timeout=60_000)
        page.get_by_role("alertdialog").get_by_role("button").click()
        expect(page.get_by_label("パスワード")).to_be_visible()


def type_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("名前").fill(name)
    page.get_by_label("パスワード").fill(password)
    page.get_by_role("button", name="ログインする").click()


def test_the_login_page_works_by_keyboard_and_for_everybody(
    team: Team, browser: Browser, axe_violations: Callable[[Page], list[str]]
) -> None:
    def is_for_everybody(name: str) -> None:
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            assert axe_violations(page) == [], width
            page.screenshot(path=ARTEFACTS / "screens" / f"{name}-{width}.png", full_page=True)

    with a_browser(browser, viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        page.goto(team.url)
        expect(page.get_by_label("名前")).to_be_focused()
        page.keyboard.type("佐藤")
        page.keyboard.press("Tab")
        page.keyboard.type("wrong wrong wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("もう一度入力してください")
        expect(page.get_by_label("パスワード")).to_be_focused()
        expect(page.get_by_label("名前")).to_have_value("佐藤")
        is_for_everybody("login")
        expect(page.get_by_label("パスワード")).to_be_focused()
        page.keyboard.type(PASSWORDS["佐藤"])
        page.keyboard.press("Enter")
        expect(page.locator("body.advisor-ready")).to_be_visible(timeout=60_000)
        page.goto(f"{team.url}account")
        is_for_everybody("account")
        page.get_by_role("button", name="ログアウト").click()
        expect(page.get_by_label("パスワード")).to_be_visible()


@settings(max_examples=30)
@given(asked=st.text(max_size=40))
def test_whatever_is_asked_for_afterwards_stays_on_this_server(team: Team, asked: str) -> None:
    visitor = Visitor(team.url, {})
    place = visitor.ask("GET", f"login?next={''.join(f'%{byte:02x}' for byte in asked.encode(errors='replace'))}")
    assert place.status in {200, 400}
    assert 'name="next" value="/' in place.text or place.status == 400


# --- a proxy; for one person alone see test_runtime ------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a second address to come from")
def test_the_word_of_the_proxy_counts_from_the_proxy_only(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/proxy.sqlite3"
    environment = os.environ | {"ADVISOR_DATABASE_URL": database, "ADVISOR_LANG": "en"}
    environment |= {"ADVISOR_FORK": "0"}  # nobody opens a page
    command = (sys.executable, "-m", "advisor", "serve", "--no-browser", "--port", "0", "--login", "proxy")
    options = ("--proxy-header", "X-Adviser", "--proxy-from", "127.0.0.1")
    with running(*command, *options, log=tmp_path / "serve.log", environment=environment) as server:
        for place, status in (("", 200), (elsewhere(9), 302)):
            came = Visitor(server.url, place=place)
            assert came.ask("GET", "place", X_Adviser="kato").status == status
            assert came.ask("GET", "place", X_Remote_User="kato").status == 302
            assert came.ask("GET", "place", X_Adviser="").status == 302
            assert "ふだんの入口" in came.get("login").text
        store = open_store(database)
        assert [one.name for one in advisers.all_of(store)] == ["kato"]
        advisers.disable(store, "kato")
        assert Visitor(server.url).ask("GET", "place", X_Adviser="kato").status == 302


def test_a_team_may_not_be_served_openly() -> None:
    done = CliRunner().invoke(main, ["serve", "--no-browser", "--login", "team", "--host", "0.0.0.0"])  # noqa: S104
    assert done.exit_code == 2
    assert "--origin https://" in done.output

"""The client's screen over HTTP: the door, the cookie, digits, wrong tries, and seats apart from the advisers'."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from advisor.server import live
from advisor.server.client_links import WRONG_DIGITS
from advisor.server.identity import Visitor as Somebody
from advisor.session.model import ClientScreen
from advisor.store import NotRead, invitations
from tests.databases import NEW, client
from tests.team import KERNEL, Answer, Team, Visitor, a_team, elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with a_team(tmp_path_factory.mktemp("team"), "--sessions", "5") as served:
        yield served


def linked(team: Team, name: str, **parts: str) -> str:
    """Store a client with a visit of today; return the capability of a live link to it."""
    if team.store.client(name) is None:
        team.store.put_client(client(name, code=f"CODE-{name}", name=f"名前-{name}"))
        record = replace(NEW, revision=1, client_screen=ClientScreen("follows"))
        team.store.save(f"visit-{name}", name, None, record)
    return invitations.make_live(team.store, f"visit-{name}", **parts)[1]


def digits(visitor: Visitor, typed: str, **headers: str) -> Answer:
    """Hand in the form that asks for digits."""
    kind = {"Content_Type": "application/x-www-form-urlencoded", "Origin": visitor.origin} | headers
    return visitor.ask("POST", "live", urlencode({"deed": "digits", "a": typed}), **kind)


def test_clients_and_advisers_take_no_seat_of_each_other(team: Team) -> None:
    advisers = [Visitor(team.url), Visitor(team.url)]
    for adviser, name in zip(advisers, ("佐藤", "suzuki"), strict=True):
        adviser.log_in(name)
        for _ in range(3):
            adviser.get("workbook")
    assert advisers[0].get("workbook").status == 503, "this server has five seats for advisers"
    phone = Visitor(team.url, place=elsewhere(35))
    phone.get(f"live?k={linked(team, 'seat')}")
    assert phone.get("live/").status == 200, "and five for clients"
    assert phone.get("live/place").status == 200


def test_the_link_becomes_a_cookie_of_its_path_and_the_page_holds_neither(team: Team, tmp_path: Path) -> None:
    token = linked(team, "door")
    phone = Visitor(team.url, place=elsewhere(31))
    opened = phone.get(f"live?k={token}")
    assert (opened.status, opened.place) == (303, "/live")
    (cookie,) = opened.headers.get_all("Set-Cookie") or []
    assert all(part in cookie for part in ("HttpOnly", "Path=/live", "SameSite=Lax"))
    assert phone.get("live").place == "/live/"
    page = phone.get("live/")
    assert page.status == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert KERNEL.search(page.text)
    assert 'data-base="/live/"' in page.text
    assert [word for word in (token, "CODE-door", "名前-door", "visit-door") if word in page.text] == []
    log = team.server.log.read_text(encoding="utf-8")
    assert token not in log
    assert str(tmp_path) not in log


def test_who_has_no_open_link_is_led_to_the_door_which_says_it_is_closed(team: Team) -> None:
    for number, cookies in enumerate(({}, {"live-1": "x"}), 40):
        stranger = Visitor(team.url, dict(cookies), elsewhere(number))
        led = stranger.get("live/")
        assert (led.status, led.place) == (302, "/live?")
        closed = stranger.get("live")
        assert closed.status == 404
        assert "相談の画面は閉じています" in closed.text
        assert "事前シート" not in closed.text
    adviser = Visitor(team.url)
    adviser.log_in("佐藤")
    assert adviser.get("live/").place == "/live?", "an adviser's login means nothing here"
    made = linked(team, "gone")
    phone = Visitor(team.url, place=elsewhere(42))
    phone.get(f"live?k={made}")
    invitations.withdraw(team.store, invitations.of_client(team.store, "gone")[0].id)
    assert phone.get("live/").place == "/live?"
    assert phone.get("live").status == 404


def test_digits_are_asked_for_and_tries_are_slowed_down(team: Team) -> None:
    token = linked(team, "digits", digits="0420")
    phone = Visitor(team.url, place=elsewhere(33))
    assert phone.get(f"live?k={token}").place == "/live"
    asked = phone.get("live")
    assert asked.status == 200
    assert "4けたの番号を入れてください" in asked.text
    assert phone.get("live/").place == "/live?"
    assert digits(phone, "x").status == 403
    assert digits(phone, "0420", Origin="https://evil.example").status == 403
    assert phone.ask("POST", "live", "deed=answer&a=1", Origin=phone.origin).status == 400
    for _ in range(WRONG_DIGITS):
        assert digits(phone, "1111").status == 403
    assert digits(phone, "0420").status == 429
    other = Visitor(team.url, place=elsewhere(34))
    other.get(f"live?k={linked(team, 'digits', digits='0042')}")
    assert digits(other, "００４２").place == "/live"
    assert other.get("live/").status == 200


def test_a_page_whose_link_was_closed_may_lead_away_before_it_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    answers: list[Any] = [True, NotRead(), False, False, False]

    def is_open(*_: object) -> bool:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return bool(answer)

    monkeypatch.setattr(live, "is_open", is_open)
    monkeypatch.setattr(live, "time", SimpleNamespace(monotonic=lambda: now[0]))
    guests, seat = live.Guests(), Somebody("client-x", login="x", link="x")
    guests.pages = SimpleNamespace(store=None)  # type: ignore[assignment]  # only its store is asked for
    told = []
    for _ in range(5):
        told.append(guests.still_in(seat))
        now[0] += live.LEAVES / 2
    assert told == [True, True, True, True, False]

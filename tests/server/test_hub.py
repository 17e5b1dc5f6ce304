"""How the server behaves below a JupyterHub, without one: what it must be told, whom it lets in, what it tells."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jupyterhub.services.auth import HubOAuth
from jupyterhub.singleuser.extension import JupyterHubIdentityProvider
from tornado.web import HTTPError

from advisor.server import hub
from advisor.server.hub import HubIdentity, NoHubError, placed
from advisor.server.identity import Visitor
from advisor.server.options import Options
from advisor.store import Store, StoreError, advisers, open_store
from tests.waits import done

TOLD = {
    "JUPYTERHUB_USER": "hanako",
    "JUPYTERHUB_SERVICE_URL": "http://127.0.0.1:5678/user/hanako/",
    "JUPYTERHUB_SERVICE_PREFIX": "/user/hanako/",
    "JUPYTERHUB_PUBLIC_URL": "https://Workbook.example/user/hanako/",
    "JUPYTERHUB_CLIENT_ID": "jupyterhub-user-hanako",
    "JUPYTERHUB_API_TOKEN": "a-token",
    "JUPYTERHUB_ACTIVITY_URL": "http://127.0.0.1:8081/hub/api/users/hanako/activity",
}
HANAKO = {"kind": "user", "name": "hanako"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return open_store(f"sqlite:///{tmp_path / 'hub.sqlite3'}", "")


@pytest.fixture
def identity(store: Store, monkeypatch: pytest.MonkeyPatch) -> HubIdentity:
    """The way of logging in of the server that a Hub has started for Hanako."""
    for name, value in TOLD.items():
        monkeypatch.setenv(name, value)
    made = HubIdentity()
    made.options, made.store = placed(Options(login="hub")), store
    return made


def asked(identity: HubIdentity, monkeypatch: pytest.MonkeyPatch, known: dict[str, Any]) -> Any:
    """Return whom the server lets in when the Hub knows this of a request, and the request."""

    async def get_user(*_: object) -> SimpleNamespace:
        return SimpleNamespace(hub_user=known)

    monkeypatch.setattr(JupyterHubIdentityProvider, "get_user", get_user)
    monkeypatch.setattr(HubOAuth, "_get_token_cookie", lambda *_: "a-login")
    request = SimpleNamespace(redirect=print)
    return done(identity.get_user(request)), request


def test_the_hub_says_where_to_listen_and_by_which_name_the_server_is_known() -> None:
    found = placed(Options(login="hub", sessions=7), TOLD)
    assert (found.host, found.port, found.base_url) == ("127.0.0.1", 5678, "/user/hanako/")
    assert (found.origin, found.sessions) == ("https://workbook.example", 7)
    everywhere = placed(Options(login="hub"), {**TOLD, "JUPYTERHUB_SERVICE_URL": "http://:8888/user/hanako/"})
    assert (everywhere.host, everywhere.port) == ("", 8888)


@pytest.mark.parametrize("missing", [name for name in TOLD if name in hub._NEEDED])  # noqa: SLF001
def test_a_server_without_a_hub_does_not_start(missing: str) -> None:
    with pytest.raises(NoHubError) as refused:
        placed(Options(login="hub"), {name: value for name, value in TOLD.items() if name != missing})
    assert refused.value.name == missing


def test_tls_between_proxy_and_server_is_refused_rather_than_left_out() -> None:
    with pytest.raises(NoHubError):
        placed(Options(login="hub"), {**TOLD, "JUPYTERHUB_SSL_CERTFILE": "cert.pem"})


def test_the_owner_comes_in_under_an_id_that_names_nobody(
    identity: HubIdentity, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, _ = asked(identity, monkeypatch, HANAKO)
    adviser = advisers.find(store, "hanako")
    assert adviser is not None
    assert (user.username, user.name, user.login) == (adviser.id, adviser.id, "a-login")
    assert asked(identity, monkeypatch, HANAKO)[0].username == adviser.id  # the same the next time


@pytest.mark.parametrize(
    "known", [{"kind": "user", "name": "taro", "admin": True}, {"kind": "service", "name": "hanako"}]
)
def test_nobody_else_comes_in_and_nobody_is_sent_round_in_circles(
    identity: HubIdentity, store: Store, monkeypatch: pytest.MonkeyPatch, known: dict[str, Any]
) -> None:
    user, request = asked(identity, monkeypatch, known)
    assert user is None
    with pytest.raises(HTTPError) as refused:
        request.redirect("to the Hub")
    assert refused.value.status_code == 403
    assert advisers.all_of(store) == ()  # nor is anybody made


def test_an_adviser_who_is_disabled_is_out_at_once_and_stays_out(
    identity: HubIdentity, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    adviser = advisers.add(store, "hanako")
    seat = Visitor(adviser.id, login="a-login")
    monkeypatch.setattr(HubOAuth, "user_for_token", lambda *_, **__: HANAKO)
    assert identity.still_in(seat)
    advisers.disable(store, "hanako")
    assert not identity.still_in(seat)
    assert asked(identity, monkeypatch, HANAKO)[0] is None


def test_a_page_ends_when_the_hub_no_longer_knows_its_login_but_not_when_the_hub_is_away(
    identity: HubIdentity, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat = Visitor(advisers.add(store, "hanako").id, login="a-login")
    monkeypatch.setattr(HubOAuth, "user_for_token", lambda *_, **__: None)
    assert not identity.still_in(seat)

    def away(*_: object, **__: object) -> None:
        raise HTTPError(500)

    monkeypatch.setattr(HubOAuth, "user_for_token", away)
    assert identity.still_in(seat)


def test_a_database_that_is_away_is_told_as_such(identity: HubIdentity, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise StoreError

    monkeypatch.setattr(advisers, "external", away)
    with pytest.raises(HTTPError) as refused:
        asked(identity, monkeypatch, HANAKO)
    assert refused.value.status_code == 503


def test_no_token_in_an_address_or_a_header_lets_anybody_in(
    identity: HubIdentity, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {"Authorization": "token stolen", "Sec-Fetch-Mode": "websocket"}
    request: Any = SimpleNamespace(request=SimpleNamespace(headers=headers), get_argument=lambda *_: "stolen")
    monkeypatch.setattr(HubOAuth, "_get_token_cookie", lambda *_: None)
    assert not identity.hub_auth.get_token(request, in_cookie=False)
    assert not identity.hub_auth.get_token(request)
    assert identity.token == ""


def test_cookies_stay_below_the_servers_own_path(identity: HubIdentity) -> None:
    assert identity.cookie_settings() == {
        "path": "/user/hanako/",
        "secure": True,
        "httponly": True,
        "samesite": "Lax",
    }


def test_the_hub_hears_of_work_and_is_asked_again_when_it_was_away(
    identity: HubIdentity, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Any] = []
    start = datetime(2026, 11, 21, 3, tzinfo=UTC)
    moments = iter([start, start, start + timedelta(minutes=5)])

    async def fetch(url: str, **request: Any) -> None:
        heard.append((url, request["json"]["last_activity"]))
        if len(heard) == 1:
            raise ConnectionError

    async def told() -> None:
        with suppress(StopIteration, RuntimeError):  # the moments are over
            await hub.tell_hub(identity.hub_auth, lambda: next(moments))

    monkeypatch.setattr(hub, "fetch", fetch)
    monkeypatch.setattr(hub, "ACTIVITY_SECONDS", 0.001)
    monkeypatch.setattr(hub, "RETRY_SECONDS", 0.001)
    done(told())
    at = TOLD["JUPYTERHUB_ACTIVITY_URL"]
    assert heard == [(at, "2026-11-21T03:00:00Z"), (at, "2026-11-21T03:00:00Z"), (at, "2026-11-21T03:05:00Z")]

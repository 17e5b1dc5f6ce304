"""Every route × every method × every kind of visitor: nobody gets what is not theirs. The routes are the real ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from advisor.server.app import made
from advisor.server.options import Options
from advisor.store import advisers, invitations, open_store, tables
from tests.databases import NEW, client
from tests.team import Team, Visitor, a_team, add, elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator

GUESTS = ["guest", "other guest"]  # clients with an open live link, each to a visit of their own
VISITORS = [
    "anonymous", "forged", "disabled", "client", "expired", "withdrawn", "late guest", "sent away", *GUESTS, "other",
    "owner",
]  # fmt: skip
STRANGERS = VISITORS[:-2]  # nobody of them is an adviser
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ANYBODY, OUT, IN, OWNER = "anybody", "whoever is not logged in", "whoever is logged in", "the owner"
CLIENT, GUEST, OWN = "a client whose link is open", "a client with an open live link", "the client whose page it is"
NOBODY = "00000000-0000-0000-0000-000000000000"
# route: (an address of it, who may, by which methods); {kernel} is a kernel of the owner, {live} one of the guest
TABLE: dict[str, tuple[str, str, set[str]]] = {
    "/healthz": ("healthz", ANYBODY, {"GET"}),
    "/place": ("place", IN, {"GET"}),
    "/": ("", IN, {"GET"}),
    "/workbook": ("workbook", IN, {"GET"}),
    "/private": ("private", IN, {"GET"}),
    "/client": ("client", IN, {"GET"}),
    "/login": ("login", OUT, {"GET"}),
    "/account": ("account", IN, {"GET"}),
    "/logout": ("logout", IN, set()),  # a form only: see tests/server/test_login.py
    "/before": ("before", CLIENT, {"GET"}),  # its forms: tests/server/test_client_pages.py
    "/api/kernels/K/channels": ("api/kernels/{kernel}/channels", OWNER, {"UPGRADE"}),
    "/api/kernels/K": ("api/kernels/{kernel}", OWNER, {"GET"}),
    "/advisor/static/([\\w.-]+)": ("advisor/static/{asset}", ANYBODY, {"GET", "HEAD"}),
    "/voila/templates/(advisor/static/.+)": ("voila/templates/advisor/static/template.css", ANYBODY, {"GET", "HEAD"}),
    "/live": ("live", GUEST, set()),  # it leads on; its form: test_live.py
    "/live/": ("live/", GUEST, {"GET"}),
    "/live/place": ("live/place", GUEST, {"GET"}),
    "/live/api/kernels/K/channels": ("live/api/kernels/{live}/channels", OWN, {"UPGRADE"}),
    "/live/api/kernels/K": ("live/api/kernels/{live}", OWN, {"GET"}),
    # the last: nothing is left then
    "/live/voila/api/shutdown/K": ("live/voila/api/shutdown/{live}", OWN, {"POST"}),
    "/voila/api/shutdown/K": ("voila/api/shutdown/{kernel}", OWNER, {"POST"}),
}
LIVE = {route for route in TABLE if route.startswith("/live")}


ALLOWED = {
    ANYBODY: VISITORS, OUT: STRANGERS, IN: VISITORS[-2:], OWNER: ["owner"], CLIENT: ["client"], GUEST: GUESTS,
    OWN: ["guest"],
}  # fmt: skip


def channels(kernel: str) -> str:
    """Return the path of the line to a kernel."""
    return f"api/kernels/{kernel}/channels"


def routes(options: Options) -> dict[str, Any]:
    """Return the routes that a server really has, by a readable name."""
    app = made(options, open_store())
    app.init_settings()
    named = {}
    for path, *_ in app.init_handlers():
        named[re.sub(r"\(\?P<kernel_id>.*?\)", "K", path)] = path
    return named


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with a_team(tmp_path_factory.mktemp("team")) as served:
        yield served


@pytest.fixture(scope="module")
def visitors(team: Team) -> dict[str, Visitor]:
    """Everybody who may come: without a login, with another's, with one that ended; clients by their link."""
    add(team.store, tanaka="quiet lamps above the harbour")
    known = {"anonymous": Visitor(team.url), "forged": Visitor(team.url), "disabled": Visitor(team.url)}
    known |= {"owner": Visitor(team.url), "other": Visitor(team.url)}
    assert known["owner"].log_in("佐藤").status == 303
    assert known["other"].log_in("suzuki").status == 303
    assert known["disabled"].log_in("tanaka", "quiet lamps above the harbour").status == 303
    advisers.disable(team.store, "tanaka")
    cookie = next(name for name in known["owner"].cookies if name.startswith("advisor"))
    for who, days in (("client", 14), ("expired", 0), ("withdrawn", 14)):
        team.store.put_client(client(who, code=who))
        made, token = invitations.make(team.store, who, days=days)
        known[who] = Visitor(team.url, {f"before-{urlsplit(team.url).port}": token})
        if who == "withdrawn":
            invitations.withdraw(team.store, made.id)
    for number, who in enumerate((*GUESTS, "late guest", "sent away"), 2):
        team.store.put_client(client(who, code=who))
        team.store.save(f"visit of {who}", who, None, NEW)
        made, token = invitations.make_live(team.store, f"visit of {who}")
        # each from another address: one whose link does not open must not hold up the others
        known[who] = Visitor(team.url, {f"live-{urlsplit(team.url).port}": token}, elsewhere(number))
        ends = {"late guest": made.made, "sent away": made.expires}.get(who, made.expires)
        with team.store.writing() as connection:
            mine = tables.invitation.c.id == made.id
            connection.execute(tables.invitation.update().where(mine).values(expires=ends))
        if who == "sent away":
            invitations.withdraw(team.store, made.id)
    known["forged"].cookies[cookie] = "x" * len(known["owner"].cookies[cookie])
    return known


@pytest.fixture
def _no_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let servers that only tell their routes prepare for no visitor."""
    monkeypatch.setenv("ADVISOR_FORK", "0")


@pytest.mark.usefixtures("_no_forks")
def test_the_table_names_every_route_there_is() -> None:
    assert set(routes(Options(login="team"))) == set(TABLE)


@pytest.mark.usefixtures("_no_forks")
def test_alone_and_behind_a_proxy_there_are_no_other_pages() -> None:
    own = {"/login", "/account", "/logout"}
    assert set(routes(Options())) == set(TABLE) - own - LIVE - {"/before"} | {"/login", "/enter"}
    proxy = Options(login="proxy", proxy_header="X-User", proxy_from=("127.0.0.1",))
    assert set(routes(proxy)) == set(TABLE) - own | {"/login"}


@pytest.mark.parametrize("who", VISITORS)
def test_nobody_gets_what_is_not_theirs(team: Team, visitors: dict[str, Visitor], who: str) -> None:
    kernel, live = visitors["owner"].open_page(), visitors["guest"].open_page("live/")
    visitor = visitors[who]
    asset = re.search(r"advisor/static/([\w./-]+)", visitors["owner"].get("login").text + visitors["owner"].get().text)
    unexpected = []
    for route, (path, may, methods) in TABLE.items():
        address = path.format(kernel=kernel, live=live, asset=asset[1] if asset else "")
        allowed = who in ALLOWED[may]
        for method in (*METHODS, "UPGRADE"):
            if method == "UPGRADE":
                status = visitor.connect(address) if "channels" in route else 404
            else:
                status = visitor.ask(method, address, Origin=visitor.origin).status
            is_answered = status == 101 or 200 <= status < 300
            if is_answered != (allowed and method in methods):
                unexpected.append((route, method, status))
    assert unexpected == []


def test_advisers_and_clients_reach_no_kernel_of_the_other_by_either_path(visitors: dict[str, Visitor]) -> None:
    kernels = {"owner": visitors["owner"].open_page(), "guest": visitors["guest"].open_page("live/")}
    both = Visitor(visitors["owner"].url, visitors["owner"].cookies | visitors["guest"].cookies)  # one browser has both
    for visitor in (visitors["owner"], visitors["guest"], both):
        for kernel, path in ((kernels["guest"], ""), (kernels["owner"], "live/")):
            assert visitor.connect(f"{path}{channels(kernel)}") == 403
            assert visitor.ask("GET", f"{path}api/kernels/{kernel}").status in (302, 403, 404)
            shut = visitor.ask("POST", f"{path}voila/api/shutdown/{kernel}", Origin=visitor.origin)
            assert shut.status in (302, 403)
    assert visitors["guest"].connect(f"live/{channels(kernels['guest'])}") == 101
    assert both.connect(channels(kernels["owner"])) == 101


def test_other_pages_of_the_web_cannot_reach_a_kernel(visitors: dict[str, Visitor]) -> None:
    owner = visitors["owner"]
    kernel = owner.open_page()
    for origin in ("https://evil.example", "null", f"{owner.origin}.evil.example", ""):
        assert owner.connect(channels(kernel), Origin=origin) == 403
        assert owner.ask("POST", f"voila/api/shutdown/{kernel}", Origin=origin).status == 403
    assert owner.connect(channels(kernel)) == 101
    assert owner.connect(channels(NOBODY)) == 403


def test_no_token_in_a_query_or_a_header_lets_anybody_in(team: Team, visitors: dict[str, Visitor]) -> None:
    stranger = Visitor(team.url)
    login = next(value for name, value in visitors["owner"].cookies.items() if name.startswith("advisor"))
    for token in ("", "x", login):
        assert stranger.ask("GET", f"workbook?token={token}").status == 302
        assert stranger.ask("GET", "workbook", Authorization=f"token {token}").status == 302
        assert stranger.ask("GET", "workbook", X_Remote_User="suzuki", Remote_User="suzuki").status == 302


def test_every_answer_carries_the_headers_and_another_host_gets_none(team: Team) -> None:
    stranger = Visitor(team.url)
    for path in ("", "login", "healthz", "nothing", "voila/templates/advisor/static/template.css"):
        headers = stranger.get(path).headers
        assert "script-src 'self';" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Server" not in headers
    for path in ("", "login", "voila/templates/advisor/static/template.css"):
        assert stranger.ask("GET", path, Host="evil.example").status == 403
    assert stranger.ask("GET", "healthz", Host="10.1.2.3").status == 200

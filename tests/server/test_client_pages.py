"""The pages of clients: a link reaches its own sheet and nothing else, and what was called saved is kept."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.content.measures import YEARS_MAX
from advisor.content.model import Case
from advisor.content.translator import say
from advisor.server.client_links import STATIC, WRONG_DIGITS, WRONG_LINKS
from advisor.server.paths import TEMPLATE
from advisor.session import advance
from advisor.session import record as records
from advisor.session.letterhead import Letterhead
from advisor.session.model import today
from advisor.store import invitations, office
from advisor.store.open_visit import begin_next
from tests.databases import client
from tests.support import CATALOG
from tests.team import Answer, Team, Visitor, a_team, elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.session.model import Invitation

ITEMS = [one.id for one in advance.questions(CATALOG, Case()) if one.id in CATALOG.items]
LIGHT = 300_000  # bytes before the first question


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with a_team(tmp_path_factory.mktemp("team")) as served:
        told = Letterhead("みなと相談室", "03-0000-0000", "担当者だけが見ます。", "勤め先には伝えません。")
        office.change_letterhead(served.store, lambda _: told)
        yield served


class Phone(Visitor):
    """A client's browser without scripts."""

    def send(self, deed: str, **fields: str | list[str]) -> Answer:
        """Hand in a form of the sheet, as a browser does; several answers are several fields."""
        kind = {"Content_Type": "application/x-www-form-urlencoded", "Origin": self.origin}
        return self.ask("POST", "before", urlencode({"deed": deed, **fields}, doseq=True), **kind)

    def agreed(self, token: str) -> Phone:
        """Open a link and agree."""
        assert self.get(f"before?k={token}").status == 303
        assert self.send("agree").status == 303
        return self


def invited(team: Team, name: str, **parts: Any) -> tuple[Invitation, str]:
    """Store a client whose name would tell of them, with an invitation."""
    if team.store.client(name) is None:
        team.store.put_client(client(name, code=f"CODE-{name}", name=f"名前-{name}"))
    return invitations.make(team.store, name, **parts)


def sheet(team: Team, name: str) -> Invitation:
    return invitations.of_client(team.store, name)[0]


def test_a_client_answers_stops_goes_on_elsewhere_and_the_session_has_it(team: Team) -> None:
    _, token = invited(team, "walk")
    phone = Phone(team.url)
    opened = phone.get(f"before?k={token}")
    assert (opened.status, opened.place) == (303, "/before")
    welcome = phone.get("before")
    assert "同意してはじめる" in welcome.text
    assert "勤め先には伝えません。" in welcome.text
    assert "名前-walk" not in welcome.text
    assert "CODE-walk" not in welcome.text
    assert token not in welcome.text
    assert phone.send("agree").place == "/before"
    assert phone.get("before").place == "/before?q=situation"
    assert phone.send("answer", q="situation", a="unsure").place == "/before?q=role"
    assert phone.send("answer", q="role", a="accounting").place == "/before?q=years"
    assert phone.send("answer", q="years", a="３").place == "/before?q=experience"
    assert phone.send("answer", q="experience", a=["service", "sales"]).place == f"/before?q={ITEMS[0]}"
    assert phone.get("before?q=experience").text.count(" checked>") == 2
    phone.send("answer", q=ITEMS[0], a="4")
    phone.send("skip", q=ITEMS[1])
    assert phone.send("discuss", q=ITEMS[2], a="2", wants="yes").place == f"/before?q={ITEMS[2]}"
    other = Phone(team.url)
    other.get(f"before?k={token}")
    assert other.get("before").place == f"/before?q={ITEMS[2]}", "it goes on where it stopped"
    assert "checked><span>" in other.get(f"before?q={ITEMS[2]}").text
    other.send("answer", q="sign_no_feedback", a="yes")
    other.send("finish", q="wish", a="評価のことを話したい\r\n<b>")
    assert "お疲れさまでした" in other.get("before").text
    name = begin_next(team.store, CATALOG, "walk", "ja", today())
    visit = team.store.visit(name)
    assert visit is not None
    case = visit.record.case
    assert case.responses == {ITEMS[0]: 4, ITEMS[2]: 2}
    assert case.marks == {ITEMS[1]: "skip", ITEMS[2]: "discuss"}
    assert (case.facts.situation, case.facts.role, case.facts.years) == ("unsure", "accounting", 3)
    assert case.facts.experience == ("service", "sales")
    assert case.facts.signs == {"no_feedback": "yes"}
    assert case.facts.wish == "評価のことを話したい\n<b>"
    assert other.get("before").status == 404
    assert other.send("answer", q=ITEMS[0], a="1").status == 404


def test_nothing_is_kept_before_the_client_agrees_or_after_they_take_it_back(team: Team) -> None:
    made, token = invited(team, "back")
    phone = Phone(team.url)
    phone.get(f"before?k={token}")
    phone.get("before")
    phone.send("answer", q=ITEMS[0], a="4")
    assert sheet(team, "back").case == Case()
    phone.agreed(token).send("answer", q=ITEMS[0], a="4")
    assert "答えを消す" in phone.get("before?q=take_back").text
    phone.send("take_back")
    left = sheet(team, "back")
    assert (left.case, left.agreed, left.done) == (Case(), None, None)
    assert left.id == made.id
    assert "同意してはじめる" in phone.get("before").text


def test_a_link_that_does_not_open_looks_the_same_whatever_the_reason(team: Team) -> None:
    told = []
    for number, why in enumerate(("withdrawn", "expired", "begun", "never")):
        made, token = invited(team, why, days=0 if why == "expired" else 14)
        if why == "withdrawn":
            invitations.withdraw(team.store, made.id)
        if why == "begun":
            begin_next(team.store, CATALOG, why, "ja", today())
        phone = Phone(team.url, place=elsewhere(20 + number))
        answer = phone.get(f"before?k={'x' * 22 if why == 'never' else token}")
        told.append((answer.status, answer.text))
        assert phone.cookies == {}
    assert len(set(told)) == 1
    assert told[0][0] == 404
    assert "使える期間が終わりました" in told[0][1]
    assert "03-0000-0000" in told[0][1]


def test_the_capability_stands_in_no_log_no_page_and_no_address(team: Team) -> None:
    _, token = invited(team, "log", digits="0420")
    phone = Phone(team.url)
    pages = [phone.get(f"before?k={token}"), phone.get("before"), phone.send("digits", a="0421")]
    pages += [phone.send("digits", a="0420"), phone.send("agree"), phone.get(f"before?q={ITEMS[0]}"), phone.send("x")]
    assert [one.status for one in pages] == [303, 200, 403, 303, 303, 200, 400]
    assert token not in team.server.log.read_text(encoding="utf-8")
    for one in pages:
        assert token not in one.text + one.place
        assert one.headers["Cache-Control"] == "no-store"
        assert one.headers["Referrer-Policy"] == "same-origin"
        assert "default-src 'self'; script-src 'self'" in one.headers["Content-Security-Policy"]
    (cookie,) = pages[0].headers.get_all("Set-Cookie") or []
    assert "HttpOnly" in cookie
    assert "Path=/before" in cookie
    assert "SameSite=Lax" in cookie


def test_digits_are_asked_for_and_tries_are_slowed_down(team: Team) -> None:
    _, token = invited(team, "digits", digits="0420")
    phone = Phone(team.url)
    phone.get(f"before?k={token}")
    assert "4けた" in phone.get("before").text
    assert phone.send("answer", q=ITEMS[0], a="1").status == 200
    assert phone.send("digits", a="42").status == 403
    statuses = [phone.send("digits", a="0421").status for _ in range(WRONG_DIGITS + 2)]
    assert statuses == [403] * WRONG_DIGITS + [429] * 2
    assert phone.send("digits", a="0420").status == 429, "a right one waits, too"
    assert sheet(team, "digits").wrong == WRONG_DIGITS


@pytest.mark.skipif(not elsewhere(2), reason="needs a second address of this machine")
def test_wrong_links_are_slowed_down_and_a_client_at_the_same_address_is_not(team: Team) -> None:
    _, token = invited(team, "near")
    phone, flood = (Phone(team.url, place=elsewhere(30)) for _ in range(2))
    phone.agreed(token)
    statuses = [flood.get(f"before?k={number:022}").status for number in range(WRONG_LINKS + 3)]
    assert statuses == [404] * WRONG_LINKS + [429] * 3
    assert phone.send("answer", q=ITEMS[0], a="4").status == 303
    assert Phone(team.url, place=elsewhere(31)).get(f"before?k={token}").status == 303


def test_other_pages_of_the_web_can_send_no_form(team: Team) -> None:
    _, token = invited(team, "web")
    phone = Phone(team.url).agreed(token)
    for origin in ("https://evil.example", "null", ""):
        body = urlencode({"deed": "answer", "q": ITEMS[0], "a": "1"})
        sent = phone.ask("POST", "before", body, Origin=origin, Content_Type="application/x-www-form-urlencoded")
        assert sent.status == 403
    assert sheet(team, "web").case == Case()


def test_a_script_is_told_what_is_saved_and_where_to_go_on(team: Team) -> None:
    _, token = invited(team, "script")
    phone = Phone(team.url).agreed(token)
    kind = {"Content_Type": "application/x-www-form-urlencoded", "Origin": phone.origin, "Accept": "application/json"}
    body = urlencode({"deed": "answer", "q": ITEMS[0], "a": "4", "stay": "yes"})
    said = phone.ask("POST", "before", body, **kind)
    assert re.search(r'"next": "/before\?q=support_1", "saved": ".* \d\d:\d\d"', said.text)
    invitations.withdraw(team.store, sheet(team, "script").id)
    gone = phone.ask("POST", "before", body, **kind)
    assert (gone.status, gone.text) == (404, '{"next": ""}')


def test_words_that_are_too_long_come_back_with_the_reason(team: Team) -> None:
    _, token = invited(team, "long")
    phone = Phone(team.url).agreed(token)
    sent = phone.send("finish", q="wish", a="長い" * 1001)
    assert sent.status == 400
    assert "長い" * 1001 in sent.text
    assert "2000" in sent.text
    assert sheet(team, "long").done is None


def test_years_that_are_no_number_come_back_with_the_reason_of_the_workbook(team: Team) -> None:
    _, token = invited(team, "years")
    phone = Phone(team.url).agreed(token)
    phone.send("answer", q="years", a="7")
    told = say(CATALOG, "ja")("error_years", most=YEARS_MAX)
    sent = phone.send("answer", q="years", a="七年")
    assert sent.status == 400
    assert told in sent.text
    assert 'value="七年"' in sent.text
    kind = {"Content_Type": "application/x-www-form-urlencoded", "Origin": phone.origin, "Accept": "application/json"}
    said = phone.ask("POST", "before", urlencode({"deed": "answer", "q": "years", "a": "七年"}), **kind)
    assert (said.status, json.loads(said.text)) == (400, {"next": "", "problem": told})
    assert sheet(team, "years").case.facts.years == 7
    assert 'value="7"' in phone.get("before?q=years").text
    phone.send("answer", q="years", a="")
    assert sheet(team, "years").case.facts.years is None, "what was typed may be taken away"


def test_the_pages_ask_for_nothing_that_older_phones_lack() -> None:
    """Safari 14.0 knows no :has, no flex gap, no inset; Chrome 90 no dvh: there has to be another height before it."""
    css, script = ((TEMPLATE / "static" / name).read_text(encoding="utf-8") for name in STATIC)
    for lacking in (":has(", "&", "inset:", "\n  gap:", ":is(", "color-mix", "@layer", "@container"):
        assert lacking not in css, lacking
    assert re.findall(r"(\S+)vh;\n\s+\S+ 100dvh", css) == ["100"] * css.count("dvh;")
    for lacking in ("?.", "??", "&&=", "||=", ".at(", "import", "#", "submitter", "structuredClone"):
        assert lacking not in script, lacking
    assert not re.search(r"^\s{0,2}await ", script, re.MULTILINE)


def test_it_is_light(team: Team) -> None:
    _, token = invited(team, "light")
    phone = Phone(team.url).agreed(token)
    page = phone.get(f"before?q={ITEMS[0]}")
    paths = re.findall(r'(?:href|src)="(/voila[^"]+)"', page.text)
    assert len(paths) == 2
    whole = [page, *(phone.get(path.lstrip("/")) for path in paths)]
    assert all(one.status == 200 for one in whole)
    assert sum(len(one.text.encode()) for one in whole) < LIGHT


DEEDS = ["answer", "skip", "discuss", "finish", "agree", "take_back", "language"]
TYPED = [
    *ITEMS[:3],
    "situation",
    "role",
    "years",
    "experience",
    "sales",
    "accounting",
    "wish",
    "sign_no_feedback",
    "1",
    "5",
    "6",
    "inside",
    "yes",
    "x" * 12_000,
]
texts = st.one_of(st.text(max_size=20), st.sampled_from(DEEDS), st.sampled_from(TYPED))


@pytest.fixture(scope="module")
def fuzzed(team: Team) -> Phone:
    """A client's browser whose forms are made up."""
    return Phone(team.url).agreed(invited(team, "fuzz")[1])


@settings(max_examples=60, deadline=None)
@given(fields=st.dictionaries(st.sampled_from(["deed", "q", "a", "wants", "stay", "k", "other"]), texts))
def test_no_form_breaks_the_sheet(team: Team, fuzzed: Phone, fields: dict[str, str]) -> None:
    body = urlencode({name: text.encode(errors="replace") for name, text in fields.items()})
    kind = {"Content_Type": "application/x-www-form-urlencoded", "Origin": fuzzed.origin}
    assert fuzzed.ask("POST", "before", body, **kind).status in {200, 303, 400, 403}
    record = advance.taken_in(CATALOG, records.new(CATALOG), sheet(team, "fuzz"))
    assert list(records.problems(CATALOG, record)) == []


def test_fifty_clients_at_once_lose_nothing(team: Team) -> None:
    tokens = {f"many{number}": invited(team, f"many{number}")[1] for number in range(50)}

    def answers(token: str) -> list[int]:
        phone = Phone(team.url).agreed(token)
        return [phone.send("answer", q=item, a="3").status for item in ITEMS[:4]]

    with ThreadPoolExecutor(50) as pool:
        assert {status for found in pool.map(answers, tokens.values()) for status in found} == {303}
    for name in tokens:
        assert sheet(team, name).case.responses == dict.fromkeys(ITEMS[:4], 3)


def test_a_client_is_never_taken_for_an_adviser_nor_an_adviser_for_a_client(team: Team) -> None:
    _, token = invited(team, "both")
    adviser = Phone(team.url)
    assert adviser.log_in("suzuki").status == 303
    assert adviser.get("before").status == 404
    client_only = Phone(team.url, {f"before-{urlsplit(team.url).port}": token})
    assert client_only.get("before").status == 200
    for path in ("", "workbook", "account", "place"):
        assert client_only.get(path).status in {302, 403}

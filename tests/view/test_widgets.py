"""The four browser widgets: state goes down only, what a person does comes up as messages."""
# ruff: noqa: SLF001  (messages come in where ipywidgets hands them over, which has no public name)

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from advisor.view.widgets.widgets import STATIC, Chart, Lifeline, PageWidget, Panel, Sheet
from tests.fake_page import open_blank, sent, show


@pytest.fixture
def blank(page: Page) -> Page:
    """An empty page that can import the widgets' modules."""
    return open_blank(page)


# ---- Python ---------------------------------------------------------------------------------------------------------


def listen(part: PageWidget, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any, Any]]:
    """What goes up from and down to ``part``, in order."""
    log: list[tuple[str, Any, Any]] = []
    part.on_event(lambda event: log.append(("up", event, None)))
    monkeypatch.setattr(part, "send", lambda content, buffers=(): log.append(("down", content, list(buffers))))
    return log


def test_a_browser_cannot_change_a_trait() -> None:
    sheet = Sheet(values={"a": 1})
    message = {"content": {"data": {"method": "update", "state": {"values": {"a": 5}, "questions": []}}}, "buffers": []}
    sheet._handle_msg(message)
    assert sheet.values == {"a": 1}


@pytest.mark.parametrize("content", [None, 3, "ping", [], {}, {"event": 1}, {"event": None, "id": "a"}])
def test_a_message_without_an_event_is_ignored(content: object, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = Panel()
    log = listen(panel, monkeypatch)
    panel._handle_custom_msg(content, [])
    assert log == []


def test_an_answer_is_confirmed_after_it_was_handled(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = Sheet()
    log = listen(sheet, monkeypatch)
    event = {"event": "answer", "id": "a", "value": 3, "n": 7}
    sheet._handle_custom_msg(event, [])
    assert log == [("up", event, None), ("down", {"event": "seen", "n": 7}, [])]


def test_an_answer_is_confirmed_even_when_handling_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_event: dict[str, Any]) -> None:
        raise ValueError

    sheet = Sheet()
    log = listen(sheet, monkeypatch)
    sheet.on_event(fail)
    with pytest.raises(ValueError, match=r"^$"):
        sheet._handle({"event": "answer", "id": "a", "value": 3, "n": 7})
    assert log[-1] == ("down", {"event": "seen", "n": 7}, [])


def test_the_lifeline_answers_by_itself_and_passes_on_what_it_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    lifeline = Lifeline(unsaved="{}")
    log = listen(lifeline, monkeypatch)
    ping, resume = {"event": "ping"}, {"event": "resume", "copy": "{}"}
    lifeline._handle_custom_msg(ping, [])
    lifeline._handle_custom_msg(resume, [])
    assert log == [("down", {"event": "pong"}, []), ("up", ping, None), ("up", resume, None)]


def test_a_file_goes_to_the_browser_as_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    lifeline = Lifeline()
    log = listen(lifeline, monkeypatch)
    lifeline.download("summary.pdf", "application/pdf", b"%PDF")
    told = {"event": "download", "name": "summary.pdf", "type": "application/pdf"}
    assert log == [("down", told, [b"%PDF"])]


def test_where_the_server_has_files_a_widget_names_its_module_and_carries_no_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for widget in (Sheet, Panel, Chart, Lifeline):
        assert "export default" in widget().get_state()["_esm"]
    paths = {name: f"/advisor/static/{name}-0123456789ab.js" for name in ("sheet", "panel", "chart", "lifeline")}
    monkeypatch.setenv("ADVISOR_ASSETS", json.dumps(paths))
    for widget in (Sheet, Panel, Chart, Lifeline):
        state = widget().get_state()
        assert (state["_esm"], state["_css"]) == (paths[widget.module], "")


def test_plotly_js_comes_from_the_package_without_importing_it() -> None:
    code = (
        "import sys; from advisor.view.widgets.widgets import Chart; chart = Chart(); got = []\n"
        "chart.send = lambda content, buffers: got.append((content, buffers))\n"
        "chart._handle_custom_msg({'event': 'plotly'}, [])\n"
        "(content, [code]), = got\n"
        "assert content == {'event': 'plotly'} and len(code) > 1_000_000 and b'plotly.js v' in code[:200]\n"
        "assert not {'plotly', 'pandas', 'numpy'} & set(sys.modules), 'a kernel grows by this'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=STATIC.parents[2], timeout=60)


def test_the_static_files_fetch_nothing_and_evaluate_nothing() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in STATIC.iterdir()}
    assert len(texts) >= 8
    for name, text in texts.items():
        for forbidden in ("http:", "https:", "@import", "url(", "eval(", "new Function", "document.write"):
            assert forbidden not in text, f"{name}: {forbidden}"


# ---- panel, chart, lifeline ------------------------------------------------------------------------------------------


def test_a_panel_keeps_focus_and_open_details_and_speaks_to_python(blank: Page) -> None:
    def html(number: int) -> str:
        return (
            f"<ul>{'<li id=gone>x</li>' if number == 1 else ''}<li id=kept>"
            f"<details><summary>根拠</summary><p>{number}</p></details>"
            f"<button type=button data-action=pick data-id=a data-value=b>選ぶ {number}</button></li></ul>"
        )

    show(blank, "panel", Panel(), html=html(1), label="道")
    blank.locator("summary").click()
    blank.get_by_role("button").click()
    blank.evaluate("(html) => model.update({ html })", html(2))
    expect(blank.get_by_role("button", name="選ぶ 2")).to_be_focused()
    expect(blank.locator("details p")).to_be_visible()
    expect(blank.locator("details p")).to_have_text("2")
    expect(blank.locator("#gone")).to_have_count(0)
    expect(blank.get_by_role("region", name="道")).to_be_visible()
    assert sent(blank) == [{"event": "action", "name": "pick", "id": "a", "value": "b"}]


def test_a_press_counts_where_it_began_though_the_page_moves_under_it(blank: Page) -> None:
    html = "<p id=error>直してください</p><button type=button data-action=pick data-id=a>取り込む</button>"
    show(blank, "panel", Panel(), html=html)
    place = blank.get_by_role("button").bounding_box()
    assert place
    at = (place["x"] + place["width"] / 2, place["y"] + place["height"] - 3)
    for moves, goes in ((0, True), (60, False)):
        blank.mouse.move(*at)
        blank.mouse.down()
        blank.evaluate("document.querySelector('#error').style.display = 'none'")
        blank.mouse.move(at[0] + moves, at[1])
        blank.mouse.up()
        assert sent(blank) == ([{"event": "action", "name": "pick", "id": "a", "value": None}] if goes else [])
        blank.evaluate("document.querySelector('#error').style.display = ''; model.sent.length = 0")
    blank.get_by_role("button").click()
    assert len(sent(blank)) == 1, "a press on what stays is one press"


def test_a_panel_opens_its_dialog_and_gives_the_focus_back(blank: Page) -> None:
    html = (
        "<button type=button data-open-dialog=d>開く</button><p data-live>0</p>"
        "<dialog id=d aria-label=説明><button type=button data-close-dialog>閉じる</button></dialog>"
    )
    show(blank, "panel", Panel(), html=html)
    blank.get_by_role("button", name="開く").click()
    expect(blank.get_by_role("dialog", name="説明")).to_be_visible()
    blank.evaluate("(html) => model.update({ html })", html.replace(">0<", ">1<"))
    expect(blank.get_by_role("dialog")).to_be_visible()
    blank.get_by_role("button", name="閉じる").click()
    expect(blank.get_by_role("dialog")).to_have_count(0)
    expect(blank.get_by_role("button", name="開く")).to_be_focused()
    expect(blank.locator("p")).to_have_attribute("aria-live", "polite")


STUB_PLOTLY = """() => {
  window.drawn = [];
  window.Plotly = { react: (_, data, layout) => drawn.push({ data, layout }), purge() {}, Plots: { resize() {} } };
}"""


def test_a_chart_follows_a_draft_until_python_confirms(blank: Page) -> None:
    def figure(*radii: float | None) -> dict[str, Any]:
        trace = {
            "type": "scatterpolar",
            "r": list(radii),
            "line": {"color": "var(--aw-accent)"},
            "fill": "var(--no, #123)",
        }
        return {"data": [trace], "layout": {}}

    blank.evaluate(STUB_PLOTLY)
    live = {"trace": 0, "scales": ["one", "two"], "kind": "polar", "close": True}
    show(blank, "chart", Chart(), figure=figure(10, 20, 10), live=live, alt="図の説明")
    blank.wait_for_function("drawn.length === 1")
    expect(blank.get_by_role("img", name="図の説明")).to_have_count(1)
    assert blank.evaluate("[drawn[0].data[0].line.color, drawn[0].data[0].fill]") == ["#0b5c5a", "#123"]
    draft = "(detail) => dispatchEvent(new CustomEvent('advisor-draft', { detail }))"
    blank.evaluate(draft, {"scores": {"one": None, "elsewhere": 5}, "settled": False})
    blank.wait_for_function("drawn.length === 2")
    assert blank.evaluate("drawn[1].data[0].r") == [None, 20, None]
    blank.evaluate("(figure) => model.update({ figure })", figure(15, 20, 15))  # older than the draft
    blank.evaluate("frames()")
    assert blank.evaluate("drawn.at(-1).data[0].r") == [None, 20, None]
    blank.evaluate("(figure) => model.update({ figure })", figure(None, 20, None))
    blank.evaluate(draft, {"scores": {"one": None}, "settled": True})
    blank.wait_for_timeout(300)
    assert blank.evaluate("drawn.length") == 2  # what Python drew was on the screen already
    blank.evaluate("leave()")
    assert blank.evaluate("model.ears()") == 0


def test_a_chart_takes_other_colours_in_the_dark_and_on_paper(blank: Page) -> None:
    colour = "drawn.at(-1)?.data[0].color"
    blank.evaluate(STUB_PLOTLY)
    show(blank, "chart", Chart(), figure={"data": [{"color": "var(--aw-paper)"}], "layout": {}}, alt="図")
    blank.wait_for_function(f"{colour} === '#f7f6f2'")
    blank.emulate_media(color_scheme="dark")
    blank.wait_for_function(f"{colour} === '#14191d'")
    blank.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert blank.evaluate(colour) == "#f7f6f2"
    blank.evaluate("dispatchEvent(new Event('afterprint'))")
    assert blank.evaluate(colour) == "#14191d"


def test_a_chart_without_plotly_says_in_words_what_it_shows(blank: Page) -> None:
    blank.evaluate(
        "() => document.head.append("
        "Object.assign(document.createElement('meta'), { name: 'advisor-plotly', content: '/none' }))"
    )
    show(blank, "chart", Chart(), figure={"data": [], "layout": {}}, alt="評価がいちばん高い")
    expect(blank.locator(".aw-chart-waiting")).to_have_text(
        "図を表示できませんでした。内容は次のとおりです。 評価がいちばん高い"
    )


def pings(page: Page) -> int:
    """Return how often the lifeline has asked."""
    count: int = page.evaluate("model.sent.filter((message) => message.event === 'ping').length")
    return count


def test_a_lost_connection_covers_the_page_until_it_is_back(blank: Page) -> None:
    blank.clock.install()
    show(blank, "lifeline", Lifeline(title="見出し"))
    assert blank.title() == "見出し"
    for _ in range(8):
        blank.clock.run_for(1000)
        blank.evaluate("model.receive({ event: 'pong' })")
    expect(blank.get_by_role("alertdialog")).to_have_count(0)
    assert pings(blank) == 4
    blank.clock.run_for(7900)
    overlay = blank.get_by_role("alertdialog", name="ワークブックとの接続が切れました")
    expect(overlay).to_be_visible()
    expect(overlay).to_contain_text("つなぎ直しています")
    expect(blank.get_by_role("button")).to_have_count(0)
    blank.clock.run_for(2100)  # ten seconds: the server answers, so there is a way back
    expect(blank.get_by_role("button", name="同じところから続ける")).to_be_visible()
    tell_line(blank, "lost")  # it is made anew, and what is said stays
    tell_line(blank, "open")
    blank.clock.run_for(1000)
    expect(overlay).to_contain_text("お待ちいただくか")
    blank.evaluate("model.receive({ event: 'pong' })")
    expect(overlay).to_have_count(0)
    blank.clock.run_for(100)
    expect(blank.get_by_role("status")).to_have_text("接続が戻りました。")


def tell_line(page: Page, state: str) -> None:
    """Say how the connection is, as the front end does."""
    page.evaluate("state => window.dispatchEvent(new CustomEvent('advisor-line', { detail: { state } }))", state)


def test_a_line_that_the_front_end_calls_lost_is_told_soon_and_one_that_comes_back_at_once_is_not(blank: Page) -> None:
    blank.clock.install()
    show(blank, "lifeline", Lifeline())
    tell_line(blank, "lost")
    blank.clock.run_for(1000)
    tell_line(blank, "open")
    blank.evaluate("model.receive({ event: 'pong' })")
    blank.clock.run_for(3000)
    expect(blank.get_by_role("alertdialog")).to_have_count(0)
    tell_line(blank, "lost")
    blank.clock.run_for(3000)
    expect(blank.get_by_role("alertdialog")).to_be_visible()
    blank.evaluate("model.receive({ event: 'pong' })")  # it was on its way when the line broke
    expect(blank.get_by_role("alertdialog")).to_be_visible()
    tell_line(blank, "open")
    blank.evaluate("model.receive({ event: 'pong' })")
    expect(blank.get_by_role("alertdialog")).to_have_count(0)


def test_a_line_that_stays_lost_offers_a_way_back_after_a_minute_only(blank: Page) -> None:
    """Without a server there is nothing to load; the page is the better place to wait."""
    blank.clock.install()
    show(blank, "lifeline", Lifeline())
    tell_line(blank, "lost")
    blank.clock.run_for(55_000)
    expect(blank.get_by_role("alertdialog")).to_be_visible()
    expect(blank.get_by_role("button")).to_have_count(0)
    blank.clock.run_for(10_000)
    expect(blank.get_by_role("button", name="同じところから続ける")).to_be_visible()


def test_a_line_that_has_ended_offers_one_way_back_that_no_key_meant_for_the_page_presses(blank: Page) -> None:
    show(blank, "lifeline", Lifeline())
    blank.evaluate("window.stayed = true")
    tell_line(blank, "ended")
    overlay = blank.get_by_role("alertdialog")
    expect(overlay).to_contain_text("もうつながりません")
    expect(overlay.get_by_role("button")).to_be_focused()
    blank.keyboard.press("Enter")
    assert blank.evaluate("window.stayed")
    tell_line(blank, "open")
    blank.evaluate("model.receive({ event: 'pong' })")
    expect(overlay).to_be_visible()  # the kernel is gone, whatever comes
    with blank.expect_navigation():
        overlay.get_by_role("button", name="同じところから続ける").click()


def test_a_sheet_tells_what_python_has_not_seen_and_sends_it_again(blank: Page) -> None:
    wish = {"id": "wish", "type": "line", "text": "?"}
    show(blank, "sheet", Sheet(resumes=True), questions=[wish], values={"wish": "a"})
    unheard = """() => {
      const detail = [];
      window.dispatchEvent(new CustomEvent("advisor-unheard", { detail }));
      return detail;
    }"""
    assert blank.evaluate(unheard) == []
    blank.locator("input").fill("ab")
    assert blank.evaluate(unheard) == [{"id": "wish", "value": "ab", "known": ["a"]}]
    blank.wait_for_function("model.sent.length === 1")
    assert blank.evaluate(unheard) == [{"id": "wish", "value": "ab", "known": ["a", "ab"]}]
    blank.evaluate("window.dispatchEvent(new Event('advisor-resend'))")
    assert sent(blank) == [{"event": "answer", "id": "wish", "value": "ab"}] * 2
    blank.evaluate("model.receive({ event: 'seen', n: model.sent.at(-1).n })")
    assert blank.evaluate(unheard) == []
    blank.evaluate("window.dispatchEvent(new Event('advisor-resend'))")
    assert len(sent(blank)) == 2


def test_a_sheet_whose_answers_are_not_kept_leaves_nothing_in_the_tab(blank: Page) -> None:
    show(blank, "sheet", Sheet(), questions=[{"id": "name", "type": "line", "text": "?"}])
    blank.locator("input").fill("カナリア")
    blank.evaluate("window.detail = []; window.dispatchEvent(new CustomEvent('advisor-unheard', { detail }))")
    assert blank.evaluate("window.detail") == []


def test_what_python_has_not_seen_is_kept_by_the_tab_until_a_kernel_has_heard_it(blank: Page) -> None:
    answers = [{"id": "wish", "value": "ab", "known": ["a"]}]
    kept = "Object.entries(sessionStorage)"
    typing = "answers => window.addEventListener('advisor-unheard', ({ detail }) => detail.push(...answers))"
    show(blank, "lifeline", Lifeline(visit="v1", begun="v1"))
    blank.evaluate(typing, answers)
    assert blank.evaluate(kept) == []
    tell_line(blank, "ended")
    kept_so = {"visit": "v1", "sent": False, "back": False, "answers": answers}
    copy = json.dumps(kept_so, separators=(",", ":"))
    assert blank.evaluate(kept) == [["advisor.unheard.v1", copy]]
    blank.reload()
    show(blank, "lifeline", Lifeline(visit="v2"))
    assert sent(blank) == []  # another visit's, which stays
    blank.reload()
    show(blank, "lifeline", Lifeline(visit="v1", begun="v1"))
    assert sent(blank) == [{"event": "unheard", "owner": "", "visit": "v1", "answers": answers}]
    blank.evaluate("model.receive({ event: 'heard' })")
    assert blank.evaluate(kept) == []


def test_what_a_tab_kept_before_it_bore_a_mark_goes_to_whoever_may_open_its_visit(blank: Page) -> None:
    kept = {"advisor.unheard.v1": "[]", "advisor.unsaved.v1": '{"visit": "v1"}', "advisor.unheard.": "[]"}
    blank.evaluate("kept => Object.assign(sessionStorage, kept)", kept)
    show(blank, "lifeline", Lifeline(owner="o1", begun="v2"))
    assert sent(blank) == []
    blank.evaluate("leave()")
    show(blank, "lifeline", Lifeline(owner="o1", begun="v1", visit="v1"))
    heard = {"event": "unheard", "owner": "", "visit": "", "answers": []}
    assert sent(blank) == [{"event": "resume", "copy": '{"visit": "v1"}'}, heard]
    assert blank.evaluate("Object.keys(sessionStorage).length") == 3


def test_what_a_tab_keeps_for_one_adviser_is_not_sent_for_another_and_stays(blank: Page) -> None:
    answers = [{"id": "wish", "value": "ab", "known": [""]}]
    copy = '{"owner": "o1", "visit": "v1"}'
    show(blank, "lifeline", Lifeline(owner="o1", begun="v1"))
    blank.evaluate("answers => addEventListener('advisor-unheard', ({ detail }) => detail.push(...answers))", answers)
    blank.evaluate("unsaved => model.update({ unsaved })", copy)
    tell_line(blank, "ended")
    names = {"advisor.unsaved.o1.v1", "advisor.unheard.o1."}
    assert set(blank.evaluate("Object.keys(sessionStorage)")) == names
    blank.reload()
    show(blank, "lifeline", Lifeline(owner="o2", begun="v2"))
    assert sent(blank) == []
    blank.reload()
    show(blank, "lifeline", Lifeline(owner="o2", begun="v1", visit="v1"))  # who leads the team may open the visit
    assert sent(blank) == []
    assert set(blank.evaluate("Object.keys(sessionStorage)")) == names | {"advisor.told"}
    blank.goto(blank.url)  # by way of a login: whose words wait was told that they go on with them
    show(blank, "lifeline", Lifeline(owner="o1", begun="v3"))
    told = {"event": "unheard", "owner": "o1", "visit": "v1", "answers": answers}
    assert sent(blank) == [{"event": "resume", "copy": copy}, told]


def test_what_was_typed_into_a_visit_without_a_name_never_reaches_another_one(blank: Page) -> None:
    kept = "Object.keys(sessionStorage)"
    blank.evaluate("sessionStorage.setItem('advisor.unheard.', '[]')")
    blank.reload()
    show(blank, "lifeline", Lifeline(begun="v1"))
    assert sent(blank) == [{"event": "unheard", "owner": "", "visit": "", "answers": []}]
    assert blank.evaluate(kept) == ["advisor.unheard."]
    blank.goto(blank.url)
    show(blank, "lifeline", Lifeline(begun="v2"))
    assert sent(blank) == []
    assert blank.evaluate(kept) == []


def test_the_tab_keeps_what_is_not_stored_until_it_is(blank: Page) -> None:
    kept = "Object.values(sessionStorage)"
    copy, other = '{"visit": "a", "n": 1}', '{"visit": "b", "n": 1}'

    def unsaved(text: str) -> None:
        blank.evaluate("unsaved => model.update({ unsaved })", text)

    show(blank, "lifeline", Lifeline())
    assert [message["event"] for message in sent(blank)] == []
    unsaved(copy)
    assert blank.evaluate(kept) == [copy]
    blank.reload()
    show(blank, "lifeline", Lifeline())
    assert sent(blank) == [{"event": "resume", "copy": copy}]
    unsaved(other)  # another visit was opened in this tab: the copy of the first stays
    assert sorted(blank.evaluate(kept)) == [copy, other]
    unsaved("")
    assert blank.evaluate(kept) == [copy]
    blank.evaluate("copy => model.receive({ event: 'resumed', copy })", copy)
    assert blank.evaluate(kept) == []


def test_a_copy_that_could_not_be_stored_again_stays_in_the_tab(blank: Page) -> None:
    copy = '{"visit": "a", "n": 1}'
    show(blank, "lifeline", Lifeline())
    blank.evaluate("unsaved => model.update({ unsaved })", copy)
    blank.evaluate("copy => model.receive({ event: 'resumed', copy })", copy)
    assert blank.evaluate("Object.values(sessionStorage)") == [copy]


def test_the_address_names_the_visit_and_nothing_else(blank: Page) -> None:
    show(blank, "lifeline", Lifeline())
    address = "location.href.replace(location.origin, '')"
    assert blank.evaluate(address) == "/"
    blank.evaluate("model.update({ visit: 'abc_-9' })")
    assert blank.evaluate(address) == "/?s=abc_-9"
    blank.evaluate("model.update({ visit: '' })")
    assert blank.evaluate(address) == "/"
    blank.evaluate("model.update({ screen: 'results' })")
    assert blank.evaluate(address) == "/?go=results"
    blank.evaluate("model.update({ visit: 'abc_-9' })")  # from now on the visit itself knows its screen
    assert blank.evaluate(address) == "/?s=abc_-9"


def test_a_file_is_saved_under_the_name_that_python_gave(blank: Page) -> None:
    show(blank, "lifeline", Lifeline())
    blank.evaluate("model.update({ words: { made: 'the file is made' } })")
    with blank.expect_download() as saving:
        blank.evaluate(
            "model.receive({ event: 'download', name: 'plan.ics', type: 'text/calendar' }, [new Uint8Array([72, 105])])"
        )
    expect(blank.get_by_role("status")).to_have_text("the file is made")
    assert saving.value.suggested_filename == "plan.ics"
    assert saving.value.path().read_bytes() == b"Hi"

"""The list of exports, the names of files, and the panel that says what each holds before it is made."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.content.translator import say
from advisor.content.words import LANGUAGES
from advisor.report import exports, interchange
from advisor.report.exports import EXPORTS, Export, make
from advisor.report.filenames import file_name
from advisor.session.letterhead import Imprint
from advisor.session.plans import NOTES_MAX
from advisor.view.components import panel
from advisor.view.workbook.exports import context
from tests.leaving import CLIENT, MOMENT, NAME, NOTES, TODAY, filled, inside, visit
from tests.pages import Markup
from tests.papers import pages
from tests.support import CATALOG, session

if TYPE_CHECKING:
    from advisor.content.words import Language
    from advisor.session.session import Session

VISIT = visit(filled())
QUICK = tuple(export for export in EXPORTS if export.type != "application/pdf")  # PDFs have tests of their own
NAMES = [export.id for export in QUICK]
BEGINNINGS = {
    "pdf": b"%PDF-",
    "ics": b"BEGIN:VCALENDAR",
    "docx": b"PK",
    "xlsx": b"PK",
    "csv": b"\xef\xbb\xbf",
    "json": b"{",
}
HEAVY = ("docx", "icalendar", "xlsxwriter", "typst", "fontTools", "pandas", "plotly", "sqlalchemy")


def drawn(of: Session) -> Markup:
    return Markup("".join(html(of)))


def html(of: Session) -> list[str]:
    """Return the part before the client, and the part of the adviser."""
    pieces = [panel(name, context) for name in ("exports", "exports_adviser")]
    for piece in pieces:
        piece.draw(of)
    return [piece.widget.html for piece in pieces]


def button(of: Session, kind: str) -> dict[str, str | None]:
    return next(
        attributes for tag, attributes in drawn(of).tags if tag == "button" and attributes.get("data-id") == kind
    )


# --- files ---


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.id)
def test_every_export_is_made_and_is_what_it_says(export: Export) -> None:
    made = make(export.id, filled(), CLIENT, TODAY, visit(filled()))
    assert made.type == export.type
    assert made.content.startswith(BEGINNINGS[export.ending])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_files_name_says_its_kind_whose_of_which_day_and_visit_and_nothing_else_that_was_typed(
    language: Language,
) -> None:
    one = filled("../../etc/passwd カナリア")
    one.speak(language)
    names = {export.id: make(export.id, one, CLIENT, TODAY, visit(one)).name for export in QUICK}
    endings = "|".join({export.ending for export in EXPORTS})
    wanted = rf"[a-z0-9-]+-C-012-20261121-1403\.({endings})"
    assert [name for name in names.values() if not re.fullmatch(wanted, name)] == []
    assert len(set(names.values())) == len(names)
    one.tell_wish("")
    assert {export.id: make(export.id, one, CLIENT, TODAY, visit(one)).name for export in QUICK} == names


@pytest.mark.parametrize("kind", NAMES)
def test_no_two_clients_and_no_two_visits_have_a_file_of_the_same_name(kind: str) -> None:
    one = filled()
    first, second = visit(one), replace(visit(one, "w" * 22), started=MOMENT + timedelta(hours=2))
    codes = ["C-012", "C-013", "C/012", "C_012", "C 012", "Ｃ-012", "サクラ", "さくら", "x" * 39 + "1", "x" * 39 + "2"]
    whose = [*(replace(CLIENT, code=code) for code in codes), None]
    names = [make(kind, one, client, TODAY, of).name for client in whose for of in (first, second)]
    names.append(make(kind, one, None, TODAY, replace(first, id="x" * 22)).name)
    assert len(set(names)) == 2 * len(whose) + 1
    assert not any(first.id[:4] in name or NAME in name for name in names)


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_a_code_makes_a_name_that_any_file_system_takes_and_another_code_another_one(one: str, other: str) -> None:
    name = file_name("soudan", "pdf", TODAY, code=one, visit=VISIT)
    assert len(name.encode()) < 255
    assert not set(name) & set('/\\:*?"<>|\0\n\r\t ')
    if unicodedata.normalize("NFC", one) != unicodedata.normalize("NFC", other):
        assert name != file_name("soudan", "pdf", TODAY, code=other, visit=VISIT)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_names_of_files_begin_with_letters_every_system_takes(language: Language) -> None:
    words = say(CATALOG, language)
    assert all(re.fullmatch("[a-z0-9-]+", words(f"export_file_{export.id}")) for export in EXPORTS)


def test_what_is_no_export_is_an_error() -> None:
    with pytest.raises(KeyError):
        make("../x", session(), None, TODAY)


@pytest.mark.parametrize("kind", [export.id for export in QUICK if not export.notes])
def test_files_without_notes_hold_neither_the_advisers_notes_nor_the_clients_name(kind: str) -> None:
    content = inside(make(kind, filled(), CLIENT, TODAY).content)
    assert NOTES not in content
    assert NAME not in content


IMPRINT = Imprint(CLIENT.code, 2, "中村", "みなと相談室", "03-0000-0000")


@pytest.mark.parametrize("kind", ["jobcard", "answers_xlsx", "answers_csv"])
def test_a_file_says_whose_it_is_of_which_visit_and_day_and_who_gives_it_out(kind: str) -> None:
    one = filled()
    one.imprint = IMPRINT
    content = inside(make(kind, one, CLIENT, TODAY, visit(one)).content)
    for text in (CLIENT.code, "2回目", "2026年11月21日", "担当 中村", IMPRINT.office, IMPRINT.reach):
        assert text in content


@pytest.mark.parametrize("kind", ["handout", "worksheets", "edition"])
def test_a_paper_says_so_on_each_of_its_pages_and_counts_them(kind: str) -> None:
    one = filled()
    one.imprint = IMPRINT
    one.take_home("goals")
    said = [page.replace(" ", "") for page in pages(make(kind, one, CLIENT, TODAY, visit(one)).content)]
    for number, page in enumerate(said, 1):
        for text in (CLIENT.code, "2回目", "2026年11月21日", "担当中村", IMPRINT.office, IMPRINT.reach):
            assert text in page
        assert f"{CLIENT.code}-2" in page
        assert f"{number}／{len(said)}ページ" in page


def test_an_appointment_in_a_calendar_says_whom_to_call() -> None:
    one = filled()
    one.imprint = IMPRINT
    assert f"DESCRIPTION:{IMPRINT.office}\u3000{IMPRINT.reach}" in inside(make("calendar", one, CLIENT, TODAY).content)


@pytest.mark.parametrize("kind", NAMES)
def test_where_nobody_entered_it_nothing_stands_in_its_place(kind: str) -> None:
    content = inside(make(kind, filled(), CLIENT, TODAY).content)
    for key in ("head_adviser", "head_number", "head_by", "head_code"):
        assert say(CATALOG, "ja")(key, name="", number="").strip() not in content


def test_the_data_of_a_session_hold_the_notes_and_can_be_read_in_again() -> None:
    one = filled()
    stored = visit(session())
    content = make("json", one, CLIENT, TODAY, stored).content
    assert NOTES in content.decode()
    expected = replace(stored, record=one.record, client=CLIENT.id)
    assert interchange.load(content, CATALOG) == (CLIENT, (expected,))


def test_a_session_that_was_never_stored_can_be_taken_along_too() -> None:
    one = filled()
    client, (kept,) = interchange.load(make("json", one, None, TODAY).content, CATALOG)
    assert (client, kept.client, kept.record) == (None, None, one.record)


def test_an_empty_session_makes_every_file() -> None:
    for kind in NAMES:
        assert make(kind, session(), None, TODAY).content


def test_the_largest_session_stays_far_below_the_limit_of_what_is_read_in() -> None:
    one = filled("字" * 60)
    one.fill("notes", "字" * NOTES_MAX)
    assert len(make("json", one, CLIENT, TODAY).content) * 50 < interchange.MOST_BYTES


# --- the panel ---


def test_every_export_has_a_button_that_asks_for_it() -> None:
    buttons = [one for tag, one in drawn(filled()).tags if tag == "button" and one.get("data-action") == "export"]
    assert [one["data-id"] for one in buttons] == [export.id for export in EXPORTS]
    assert [one["id"] for one in buttons] == [f"export-{export.id}" for export in EXPORTS]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_export_says_what_it_holds_for_whom_and_its_group_whether_notes_are_in_it(language: Language) -> None:
    one = filled()
    one.speak(language)
    words, text = say(CATALOG, language), drawn(one).text
    for export in EXPORTS:
        for part in ("name", "what", "who"):
            assert words(f"export_{part}_{export.id}") in text
    assert words("export_text") in text
    assert words("export_adviser_text") in text


def test_a_buttons_name_tells_it_from_the_others_and_contains_what_is_written_on_it() -> None:
    words, drawn_now = say(CATALOG, "ja"), "".join(html(filled()))
    buttons = re.findall('<button[^>]* data-action="export".*?</button>', drawn_now)
    labels = [re.sub("<.*?>", "", label) for label in buttons]
    assert len(set(labels)) == len(EXPORTS)
    for export, label in zip(EXPORTS, labels, strict=True):
        assert label.startswith(words("export_make", format=words(f"export_format_{export.ending}")))
        assert export.ending.upper() in label


def test_what_holds_notes_stands_in_the_part_of_the_adviser_only() -> None:
    assert {export.audience for export in EXPORTS if export.notes} == {"adviser"}
    client, adviser = html(filled())
    for export in EXPORTS:
        part, other = (client, adviser) if export.audience == "client" else (adviser, client)
        assert f'data-id="{export.id}"' in part
        assert f'data-id="{export.id}"' not in other


def test_a_calendar_without_a_day_waits_and_says_what_it_waits_for() -> None:
    one = session()
    assert button(one, "calendar")["aria-disabled"] == "true"
    assert CATALOG.words["ja"].report["export_calendar_empty"] in drawn(one).text
    one.fill("next_at", "2026-12-05T14:00")
    assert "aria-disabled" not in button(one, "calendar")
    assert CATALOG.words["ja"].report["export_calendar_empty"] not in drawn(one).text


def test_worksheets_wait_until_one_is_written_and_chosen() -> None:
    one = session()
    assert button(one, "worksheets")["aria-disabled"] == "true"
    assert CATALOG.words["ja"].report["export_worksheets_empty"] in drawn(one).text
    one.take_home("goals")
    assert button(one, "worksheets")["aria-disabled"] == "true"
    one.fill("sheet-goals-0-goal", "締め日を早める")
    assert "aria-disabled" not in button(one, "worksheets")


def test_the_panel_is_not_printed_with_the_summary() -> None:
    assert drawn(session()).tags[0] == ("div", {"class": "aw-folds aw-screen"})


def test_the_panel_loads_nothing_that_only_a_file_needs() -> None:
    code = (
        f"import sys; import advisor.view.workbook.exports; print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_names_of_exports_are_plain() -> None:
    assert all(re.fullmatch("[a-z_]+", export.id) for export in exports.EXPORTS)

"""Typed text and rows of worksheets: all usual ways of typing are accepted, and rows stay in order."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.content.words import LANGUAGES, Language
from advisor.report.sentences import field_day, field_moment
from advisor.session import forms
from advisor.session import record as records
from advisor.session.forms import Unusable
from tests.support import CATALOG

NEW = records.new(CATALOG)


NEAR = date(2026, 11, 28)  # a Saturday
DAYS = st.dates(date(1900, 1, 1), date(9000, 1, 1))


@pytest.mark.parametrize(
    "text",
    ["2026-12-05", "2026/12/5", "2026.12.5", "２０２６年１２月５日", " 2026年12月5日（土） ", "12/5", "１２／５",
     "12月5日", "12月5日土曜日", "令和8年12月5日", "R8.12.5", "20261205", "5 Dec 2026", "Sat, Dec. 5", "December 5"],
)  # fmt: skip
def test_a_day_may_be_typed_in_the_usual_ways(text: str) -> None:
    assert forms.day(text, NEAR) == date(2026, 12, 5)


@pytest.mark.parametrize(
    ("text", "found"), [("今日", NEAR), ("あさって", date(2026, 11, 30)), ("tomorrow", date(2026, 11, 29))]
)
def test_a_day_near_today_may_be_said(text: str, found: date) -> None:
    assert forms.day(text, NEAR) == found


@pytest.mark.parametrize(
    "text",
    ["明日", "12/1", "2026-02-30", "2026-13-01", "0-1-1", "2026-12-01-01", "9" * 20 + "-1-1", "9" * 5000, "2026-12-"],
)
def test_what_is_no_day_and_what_needs_another_day_is_unusable(text: str) -> None:
    with pytest.raises(Unusable, match="error_date"):
        forms.day(text)


def test_a_weekday_that_is_not_the_days_own_is_told() -> None:
    with pytest.raises(Unusable, match="error_weekday"):
        forms.day("12月5日（金）", NEAR)


@given(DAYS, st.sampled_from(LANGUAGES))
def test_a_day_is_read_again_as_a_field_shows_it(on: date, language: Language) -> None:
    assert forms.day(field_day(language, on)) == on
    assert forms.day(on.isoformat()) == on


@given(st.datetimes(datetime(1900, 1, 1), datetime(9000, 1, 1)), st.sampled_from(LANGUAGES))  # noqa: DTZ001  (local)
def test_a_moment_is_read_again_as_a_field_shows_it(at: datetime, language: Language) -> None:
    minute = at.replace(second=0, microsecond=0)
    assert forms.moment(field_moment(language, minute)) == minute
    assert forms.moment(minute.isoformat(timespec="minutes")) == minute


@given(DAYS, DAYS, st.booleans())
def test_a_day_without_a_year_is_near_and_on_the_side_that_is_meant(on: date, near: date, past: bool) -> None:
    found = forms.day(f"{on.month}/{on.day}", near, past=past)
    assert (found.month, found.day) == (on.month, on.day)
    assert found <= near + timedelta(days=60) if past else found >= near - timedelta(days=60)
    assert abs(found - near) <= timedelta(days=366 if (on.month, on.day) != (2, 29) else 8 * 366)


@given(st.text(max_size=24) | st.text("0123456789/-.:年月日時分半午前後土曜（）amp 令和r", max_size=16))
def test_whatever_is_typed_is_a_day_a_time_or_told(text: str) -> None:
    for read in (forms.day, forms.moment):
        with suppress(Unusable):
            read(text, NEAR)
    with suppress(Unusable):
        assert forms.time_of_day(text).second == 0


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [("14:00", 14, 0), ("1400", 14, 0), ("１４：００", 14, 0), ("14時", 14, 0), ("午後2時", 14, 0),
     ("午後2時半", 14, 30), ("930", 9, 30), ("9", 9, 0), ("午前9時5分", 9, 5), ("2:30 pm", 14, 30),
     ("12 am", 0, 0), ("正午", 12, 0), ("午後12時半", 12, 30)],
)  # fmt: skip
def test_a_time_may_be_typed_in_the_usual_ways(text: str, hour: int, minute: int) -> None:
    assert forms.time_of_day(text) == time(hour, minute)


@pytest.mark.parametrize("text", ["", "25:00", "14:60", "2360", "午後13時", "昼", "14:00 ごろ"])
def test_what_is_no_time_is_unusable(text: str) -> None:
    with pytest.raises(Unusable, match="error_time"):
        forms.time_of_day(text)


@pytest.mark.parametrize(
    "text",
    ["2026-12-05T14:00", "2026-12-05T14:00:30.250", "12/5 14:00", "12/5 1400", "12月5日14時", "12月5日（土）午後2時",
     "令和8年12月5日 14:00", "Sat 5 Dec 2026, 2 pm"],
)  # fmt: skip
def test_a_moment_is_a_day_and_a_time_to_the_minute(text: str) -> None:
    assert forms.moment(text, NEAR) == datetime(2026, 12, 5, 14, 0)  # noqa: DTZ001  (local time)


@pytest.mark.parametrize(
    ("text", "word"),
    [("2026-12-05", "error_moment_time"), ("14:00", "error_moment"), ("2026-12-05T14:00 ごろ", "error_moment"),
     ("2026-12-05T25:00", "error_time"), ("12月5日（金）14:00", "error_weekday"), ("13/45 14:00", "error_date")],
)  # fmt: skip
def test_what_a_moment_lacks_is_told(text: str, word: str) -> None:
    with pytest.raises(Unusable, match=f"^{word}$"):
        forms.moment(text, NEAR)


@pytest.mark.parametrize(("text", "kept"), [("12", "12"), (" 1,200 ", "1200"), ("１２．５", "12.5"), ("6000", "6000")])
def test_a_number_is_kept_as_plain_digits(text: str, kept: str) -> None:
    assert forms.number(text, 6000) == kept


@pytest.mark.parametrize("text", ["-1", "6000.01", "1.234", "1_0", "十二", "12分"])
def test_what_is_no_number_or_too_large_is_unusable_and_names_its_limit(text: str) -> None:
    with pytest.raises(Unusable, match="error_number") as raised:
        forms.number(text, 6000)
    assert raised.value.most == 6000


# --- rows ---


def test_the_next_row_may_begin_and_a_row_that_is_emptied_at_the_end_goes() -> None:
    one = forms.write(CATALOG, NEW, ("quantify", 0, "task"), "請求書")
    two = forms.write(CATALOG, one, ("quantify", 1, "task"), "月次")
    assert two.worksheets["quantify"] == ({"task": "請求書"}, {"task": "月次"})
    assert forms.write(CATALOG, two, ("quantify", 1, "task"), "") == one
    with pytest.raises(KeyError):
        forms.write(CATALOG, one, ("quantify", 2, "task"), "飛ばした行")


def test_a_row_is_taken_out_from_between_and_the_last_one_takes_its_worksheet_along() -> None:
    rows = [{"task": "一"}, {"task": "二"}, {"task": "三"}]
    three = forms.with_rows(NEW, "quantify", rows)
    assert forms.without_row(three, "quantify", 1).worksheets["quantify"] == (rows[0], rows[2])
    assert forms.without_row(forms.with_rows(NEW, "quantify", rows[:1]), "quantify", 0) == NEW
    with pytest.raises(KeyError):
        forms.without_row(three, "quantify", 3)


def test_chosen_options_are_kept_in_the_order_of_the_form() -> None:
    name, field, form = next(
        (name, field, row)
        for name, sheet in CATALOG.worksheets.items()
        for field, row in sheet.fields.items()
        if row.type == "checks"
    )
    first, second = form.options[:2]
    record = forms.write(CATALOG, NEW, (name, 0, field), f"{second} {first}")
    assert record.worksheets[name] == ({field: f"{first} {second}"},)


# --- codes and names ---


@given(st.text())
def test_what_counts_as_typed_is_typed_and_a_database_takes_it(text: str) -> None:
    typed = forms.cleaned(text)
    assert forms.cleaned(typed) == typed
    assert not {"\0", "\ufffd"} & set(typed)
    typed.encode()


@given(st.text(), st.sampled_from("\u200b\u200d\u202e\u2066\ufeff\u00ad\u2028\n\t\0\ud800"), st.integers(0, 9))
def test_two_codes_that_look_alike_are_compared_as_one(text: str, sign: str, place: int) -> None:
    other = text[:place] + sign + text[place:]
    assert forms.has_unseen(other)
    assert forms.folded(other) == forms.folded(text)


@pytest.mark.parametrize("name", ["佐藤　花子", "葛󠄀城 𠮷子", "José O’Brien", "김 民俊", "\ue000田", "❤️"])
def test_names_as_people_write_them_hold_nothing_unseen(name: str) -> None:
    assert not forms.has_unseen(name)

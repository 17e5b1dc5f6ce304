"""Typed text and rows of worksheets: all usual ways of typing are accepted, and rows stay in order."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.session import forms
from advisor.session import record as records
from advisor.session.forms import Unusable
from tests.support import CATALOG

NEW = records.new(CATALOG)


@pytest.mark.parametrize(
    "text", ["2026-12-01", "2026/12/1", "2026.12.1", "2026年12月1日", "２０２６年１２月１日", " 2026-12-01 "]
)
def test_a_day_may_be_typed_in_the_usual_ways(text: str) -> None:
    assert forms.day(text) == date(2026, 12, 1)


@pytest.mark.parametrize(
    "text",
    ["明日", "12/1", "2026-02-30", "2026-13-01", "0-1-1", "2026-12-01-01", "9" * 20 + "-1-1", "9" * 5000, "2026-12-"],
)
def test_what_is_no_day_is_unusable(text: str) -> None:
    with pytest.raises(Unusable, match="error_date"):
        forms.day(text)


@pytest.mark.parametrize("text", ["2026-12-01T14:00", "2026-12-01T14:00:30", "2026-12-01T14:00:30.250"])
def test_a_moment_is_read_to_the_minute(text: str) -> None:
    assert forms.moment(text) == datetime(2026, 12, 1, 14, 0)  # noqa: DTZ001  (local time)


@pytest.mark.parametrize(
    "text", ["2026-12-01", "14:00", "2026-12-01T25:00", "2026-12-01T14:00 ごろ", "2026-12-01 14:00"]
)
def test_what_is_no_moment_is_unusable(text: str) -> None:
    with pytest.raises(Unusable, match="error_moment"):
        forms.moment(text)


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

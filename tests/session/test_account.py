"""The account, what was shown, the screens that are done, and the end of a session; two screens of one visit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from advisor.session import account, moments, record
from advisor.session.forms import Unusable
from advisor.session.model import ACCOUNT, Event, Shown, now
from advisor.session.session import Rejected, Session
from tests.pages import SAMPLES
from tests.support import CATALOG, session

NEW = record.new(CATALOG)
AT = datetime(2026, 11, 21, 5, 3, tzinfo=UTC)


def test_a_field_of_the_account_is_kept_as_typed_and_an_empty_one_is_not_there() -> None:
    one = session()
    one.fill("account-goal", "来期の評価の前に\n確かめる 𠮷")
    one.fill("account-concern", "評価")
    assert list(one.record.account) == ["concern", "goal"]
    assert record.load(CATALOG, record.dump(one.record)) == one.record
    one.fill("account-goal", "")
    assert one.record.account == {"concern": "評価"}
    with pytest.raises(Rejected):
        one.fill("account-verdict", "x")


def test_a_line_is_taken_over_below_what_is_written_also_below_a_text_that_is_too_long() -> None:
    one = session()
    one.take_over("progress", "10:03 始めた")
    one.take_over("progress", "10:12 聞いた")
    assert one.record.account["progress"] == "10:03 始めた\n10:12 聞いた"
    long = "あ" * (account.FIELD_MAX + 1)
    one.fill("account-progress", long)
    one.take_over("progress", "10:20 選んだ")
    assert one.typed["account-progress"][0] == f"{long}\n10:20 選んだ"


def test_what_was_shown_is_noted_once_with_its_place_and_never_in_an_old_visit() -> None:
    one = session(SAMPLES["a_accounting"])
    first, second = (f"step-{advice.target}" for advice in one.reading.steps[:2])
    one.saw("sight", [second, first, "step-of_nowhere"])
    revision = one.record.revision
    one.saw("sight", [first, second])
    assert one.record.revision == revision
    one.saw("unfolded", [second])
    assert [(one.target, one.how, one.place) for one in one.record.shown] == [
        (second, "sight", 2), (first, "sight", 1), (second, "unfolded", 2),
    ]  # fmt: skip
    old = Session(CATALOG, one.record, started=now() - timedelta(days=3))
    for correct in (False, True):
        if correct:
            old.correct()
        old.saw("unfolded", [first])
        assert old.record == one.record


def test_two_screens_of_one_visit_put_together_what_they_have_shown() -> None:
    mine, theirs = Shown("step-quantify", "sight", 1, AT), Shown("path-stay", "sight", 2, AT - timedelta(minutes=1))
    later = replace(mine, at=AT + timedelta(minutes=2))
    both = record.on_top(
        NEW,
        replace(NEW, shown=(theirs, later), account={"goal": "a"}),
        replace(NEW, shown=(mine,), account={"concern": "b"}),
    )
    assert both is not None
    assert both.shown == (theirs, mine)
    assert both.account == {"goal": "a", "concern": "b"}


def test_a_screen_is_done_until_it_is_pressed_again() -> None:
    one = session()
    one.finish("results")
    one.finish("plan")
    one.finish("results")
    assert one.record.done == ("plan",)
    with pytest.raises(Rejected):
        one.finish("nowhere")


@pytest.mark.parametrize(
    ("typed", "wrong"), [("2026-11-21T15:10", False), ("2026-11-21T14:02", True), ("2026-11-22T14:03", True)]
)
def test_a_session_ends_after_its_beginning_and_on_no_other_day(typed: str, wrong: bool) -> None:
    if wrong:
        with pytest.raises(Unusable):
            account.ended_at(typed, AT)
    else:
        assert account.minutes(AT, account.ended_at(typed, AT)) == 67


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ({"account": {"verdict": "x"}}, ("account", "verdict")),
        ({"account": {ACCOUNT[0]: "あ" * 10_001}}, ("account", ACCOUNT[0])),
        ({"useful_words": "あ" * 201}, ("useful_words",)),
        ({"ended": datetime(2026, 11, 21, 15)}, ("ended",)),  # noqa: DTZ001  (what is wrong with it)
        ({"done": ("nowhere",)}, ("done",)),
        ({"shown": (Shown("step-quantify", "sight", 1, AT),) * 2}, ("shown",)),
        ({"shown": (Shown("所見", "sight", 1, AT),)}, ("shown", "0")),
    ],
)
def test_a_record_with_a_wrong_value_names_its_place(parts: dict[str, Any], place: tuple[str, ...]) -> None:
    assert [at for at, _ in record.problems(CATALOG, replace(NEW, **parts))] == [place]


def test_moments_tell_when_each_part_was_told_but_not_what_was_brought_along_or_corrected() -> None:
    def event(number: int, minutes: float, **patch: object) -> Event:
        return Event("v1", number, AT + timedelta(minutes=minutes), patch)

    told = moments.of(
        (
            event(1, 0, case={"facts": {"signs": {"feedback_given": "no"}, "tried": {"quantify": "untried"}}}),
            event(2, 3, case={"responses": {"support_1": 4}}),
            event(3, 5, case={"responses": {"support_1": 5}}, plan={"actions": [{"id": "a1"}]}),
            event(4, 60 * 24 * 3, plan={"actions": [{"id": "a1", "what": "x"}], "path": None}),
        ),
        AT,
    )
    assert told == {
        "item-support_1": (AT + timedelta(minutes=3), AT + timedelta(minutes=5)),
        "action-a1": (AT + timedelta(minutes=5), AT + timedelta(minutes=5)),
    }

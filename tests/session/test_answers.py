"""Changes of a case: each function changes one thing, leaves the old case unchanged, and refuses unknown ids."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.content.case_checks import problems_of_case
from advisor.content.model import Case
from advisor.session import answers
from advisor.session.answers import changed, toggled
from tests.support import CATALOG, cases

ITEMS = tuple(CATALOG.items)


@given(case=cases(), item=st.sampled_from(ITEMS), value=st.none() | st.integers(1, 5))
def test_an_answer_changes_one_item_and_ends_its_skip(case: Case, item: str, value: int | None) -> None:
    before = deepcopy(case)
    after = answers.respond(CATALOG, case, item, value)
    assert case == before
    assert after.responses.get(item) == value
    assert {**after.responses, item: 1} == {**before.responses, item: 1}
    assert after.marks.get(item) != "skip"
    assert not list(problems_of_case(CATALOG, after))


@given(case=cases(), item=st.sampled_from(ITEMS))
def test_the_same_mark_twice_leaves_no_mark(case: Case, item: str) -> None:
    before = answers.respond(CATALOG, case, item, None)
    skipped = answers.mark(CATALOG, before, item, "skip")
    assert skipped.marks[item] == "skip"
    assert item not in answers.mark(CATALOG, skipped, item, "skip").marks


@pytest.mark.parametrize(
    "change",
    [
        lambda: answers.respond(CATALOG, Case(), "nothing", None),
        lambda: answers.mark(CATALOG, Case(), "nothing", "skip"),
        lambda: answers.answer_sign(CATALOG, Case(), "nothing", "yes"),
        lambda: answers.answer_tried(CATALOG, Case(), "nothing", None),
    ],
)
def test_an_id_that_nothing_has_is_a_key_error(change: Callable[[], Case]) -> None:
    with pytest.raises(KeyError):
        change()


def test_what_is_changed_comes_last_and_what_is_taken_back_is_gone() -> None:
    known = dict.fromkeys("abc")
    assert list(changed({"a": 1, "b": 2}, known, "a", 3).items()) == [("b", 2), ("a", 3)]
    assert changed({"a": 1, "b": 2}, known, "a", None) == {"b": 2}


def test_a_name_is_chosen_and_chosen_away_again() -> None:
    assert toggled(("a", "b"), "c") == ("a", "b", "c")
    assert toggled(("a", "b", "c"), "b") == ("a", "c")

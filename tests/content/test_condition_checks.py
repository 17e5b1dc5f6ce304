"""Every sentence that is not true for all clients has a condition."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from advisor.content import condition_checks, loading
from advisor.content.datafiles import DataFile, reason_text
from advisor.content.model import ANYBODY, When
from tests.newest import NEWEST
from tests.support import THEN

if TYPE_CHECKING:
    from advisor.content.catalog import Catalog

DOCUMENTS = {name: DataFile(name, {}) for name in loading.file_names()}
AT_WORK = When(above={"employed": 100})


def problems(catalog: Catalog) -> dict[str, str]:
    found = condition_checks.cross_check(catalog, DOCUMENTS)
    return {f"{problem.file} {problem.field}": reason_text(problem.reason, "en") for problem in found}


def saying(text: str, when: When, about: str = "consult_first") -> Catalog:
    """Return the newest catalogue with one saying about a path, for some clients."""
    rows: dict[str, Any] = {"told": NEWEST.sayings["consult_this"].model_copy(update={"about": about, "when": when})}
    words = NEWEST.words["ja"].model_copy(update={"sayings": {"told": text}})
    return replace(NEWEST, sayings=rows, words=NEWEST.words | {"ja": words})


def test_the_newest_version_says_nothing_to_people_for_whom_it_may_not_be_true() -> None:
    assert problems(NEWEST) == {}


def test_a_version_that_does_not_weigh_sentences_is_not_held_to_it() -> None:
    assert problems(THEN) == {}


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("今の職場でできることもあります。", ANYBODY, AT_WORK),
        ("今の職場でできることもあります。", When(situations=("wants_in", "unsure")), When(situations=("inside",))),
        ("未経験でも歓迎されます。", AT_WORK, When(below={"employed": 0})),
        ("気になるサインがあります。", AT_WORK, When(above={"signs_yes": 1})),
        ("試しても変わらなかったのですね。", AT_WORK, When(above={"relevant_in_vain": 1})),
        ("効果のあったことがあります。", When(below={"steps_with_effect": 1}), When(above={"steps_with_effect": 1})),
        ("大きな悩みは出ていないようです。", AT_WORK, When(below={"worry_most": 64})),
    ],
)
def test_words_that_are_not_for_everybody_need_a_condition(text: str, wrong: When, right: When) -> None:
    assert list(problems(saying(text, wrong))) == ["guidance/sayings.yaml told.when"]
    assert problems(saying(text, right)) == {}


def test_where_a_path_is_there_for_some_only_that_is_condition_enough() -> None:
    assert problems(saying("今の会社に聞いてみます。", ANYBODY, "stay_and_improve")) == {}
    assert problems(saying("今の会社に聞いてみます。", ANYBODY, "front_office"))


@pytest.mark.parametrize("group", ["roles", "steps", "paths", "variants", "disagreements"])
def test_all_that_is_told_is_looked_through(group: str) -> None:
    words = getattr(NEWEST.words["ja"], group)
    name = {"steps": "take_inventory", "paths": "consult_first", "variants": "translate_sales"}.get(
        group, next(iter(words))
    )
    field = {"roles": "duties", "disagreements": "claim", "variants": "first_action"}.get(group, "summary")
    changed = words[name].model_copy(update={field: "今の職場のことです。"})
    japanese = NEWEST.words["ja"].model_copy(update={group: words | {name: changed}})
    found = problems(replace(NEWEST, words=NEWEST.words | {"ja": japanese}))
    assert found == {f"guidance/{group}.yaml {name}.when": "says '今の職場' to people of whom it may not be true"}

"""A record as JSON and back: a sound record comes back unchanged, any other text gives None."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.content.model import Case, Facts
from advisor.scoring import scores
from advisor.session import record
from advisor.session.model import Action, Entry, Plan, Record
from tests.support import CATALOG, cases, planned, records, some

if TYPE_CHECKING:
    from collections.abc import Callable

    Spoil = Callable[[dict[str, Any]], object]

NEW = record.new(CATALOG)
FILLED = replace(
    NEW,
    case=Case(
        responses={"support_1": 4},
        marks={"accuracy_1": "skip", "support_1": "discuss"},
        facts=Facts(situation="inside", role="other", years=3, priorities=("reward",), wish="落ち着いて働きたい\n😀"),
    ),
    plan=planned(next(iter(CATALOG.paths)), "quantify"),
    language="en",
    screen="next",
    revision=7,
)


def test_a_new_record_is_empty_and_names_the_catalogue_and_the_scoring_it_belongs_to() -> None:
    expected = Record(CATALOG.digest, f"{CATALOG.scoring.version}+{scores.VERSION}")
    assert expected == NEW


def kept_records() -> st.SearchStrategy[Record]:
    return st.builds(
        lambda case, wish, **parts: replace(NEW, case=replace(case, facts=replace(case.facts, wish=wish)), **parts),
        cases(),
        st.text(max_size=50),
        plan=st.builds(
            lambda path, steps: planned(path, *steps), st.sampled_from((None, *CATALOG.paths)), some(CATALOG.steps, 3)
        ),
        screen=st.sampled_from(record.SCREEN_IDS),
        language=st.sampled_from(("ja", "en")),
        revision=st.integers(0, 10**6),
    )


@given(kept=kept_records())
def test_what_was_written_comes_back_as_it_was(kept: Record) -> None:
    assert record.load(CATALOG, record.dump(kept)) == kept


def test_the_stored_key_of_the_screen_stays() -> None:
    assert json.loads(record.dump(FILLED))["step"] == "next"
    assert record.difference(NEW, replace(NEW, screen="plan")) == {"step": "plan"}
    assert record.changed(FILLED, {"step": None}) == replace(FILLED, screen="start")


@given(base=records(), other=records())
def test_who_changed_nothing_takes_nothing_away(base: Record, other: Record) -> None:
    assert record.on_top(base, other, base) == other
    assert record.on_top(base, base, other) == other
    assert record.on_top(base, other, other) == other


@given(base=records(), theirs=records(), mine=records())
def test_what_only_one_of_two_changed_is_as_that_one_has_it(base: Record, theirs: Record, mine: Record) -> None:
    both = record.on_top(base, theirs, mine)
    assert both is not None
    for name in ("notes", "next_at", "handout", "language", "scoring"):
        was, changed, own = (getattr(one, name) for one in (base, theirs, mine))
        assert getattr(both, name) == (changed if own == was else own)
    answers = [one.case.responses for one in (base, theirs, mine)]
    for item in {name for told in answers for name in told}:
        was, changed, own = (told.get(item) for told in answers)
        assert both.case.responses.get(item) == (changed if own == was else own)


def rows(*goals: str, **fields: str) -> tuple[dict[str, str], ...]:
    return tuple({"goal": goal, **fields} for goal in goals)


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "both"),
    [
        pytest.param(rows("a", "b"), rows("a", "c"), rows("d", "b"), rows("d", "c"), id="two rows"),
        pytest.param(rows("a"), rows("a", "b"), rows("c"), rows("c", "b"), id="they added a row"),
        pytest.param(rows("a"), rows("b"), rows("a", "c"), rows("b", "c"), id="I added a row"),
        pytest.param(rows("a"), rows("a", "b"), rows("a", "c"), rows("a", "c"), id="both did: nobody's is mixed"),
        pytest.param(rows("a", "b"), rows("b"), rows("c", "b"), rows("c", "b"), id="they removed a row"),
        pytest.param(rows("a"), (), rows("b"), rows("b"), id="they removed all"),
    ],
)
def test_rows_are_put_together_where_it_is_certain_which_is_which(
    base: tuple[Entry, ...], theirs: tuple[Entry, ...], mine: tuple[Entry, ...], both: tuple[Entry, ...]
) -> None:
    told = [replace(NEW, worksheets={"goals": one} if one else {}) for one in (base, theirs, mine)]
    made = record.on_top(*told)
    assert made is not None
    assert made.worksheets == {"goals": both}


DAY = date(2026, 12, 1)
A1, A2, A3 = (Action(f"a{number}", what="?") for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("theirs", "mine", "both"),
    [
        pytest.param(
            (replace(A1, first="t"), A2), (A1, replace(A2, by=DAY)), (replace(A1, first="t"), replace(A2, by=DAY)),
            id="an action each",
        ),
        pytest.param((A2,), (A1, replace(A2, first="m")), (replace(A2, first="m"),), id="they took another one out"),
        pytest.param((A2,), (replace(A1, first="m"), A2), (replace(A1, first="m"), A2), id="they took mine out"),
        pytest.param((A1, A2, A3), (A2, A1), (A2, A1), id="both changed which there are, or their order"),
        pytest.param((replace(A1, first="t"), A2), (A2, A1), (A2, replace(A1, first="t")), id="I changed their order"),
        pytest.param((A1, replace(A2, first="t")), (A1,), (A1,), id="I took out what they changed"),
    ],
)  # fmt: skip
def test_actions_are_put_together_by_their_ids(
    theirs: tuple[Action, ...], mine: tuple[Action, ...], both: tuple[Action, ...]
) -> None:
    told = [replace(NEW, plan=Plan(actions=actions)) for actions in ((A1, A2), theirs, mine)]
    made = record.on_top(*told)
    assert made is not None
    assert made.plan.actions == both


@given(before=records(), after=records())
def test_the_places_that_differ_are_all_that_differs(before: Record, after: Record) -> None:
    """Whoever puts them back has what was before, and nothing else is touched."""
    differing = record.places(before, after)
    assert (differing == frozenset()) == (before == after)
    assert record.put_back(after, before, differing) == before
    assert record.put_back(after, before, ()) == after


@given(base=records(), theirs=records(), mine=records())
def test_what_does_not_clash_and_meets_nowhere_is_put_together_whole(
    base: Record, theirs: Record, mine: Record
) -> None:
    """Both find all of theirs in it: that is why nobody need be asked."""
    ours, others = record.places(base, mine), record.places(base, theirs)
    if record.clash(ours, others) or ours & others:
        return
    together = record.on_top(base, theirs, mine)
    assert together is not None
    assert record.put_back(together, mine, ours) == together
    assert record.put_back(together, theirs, others) == together


@pytest.mark.parametrize(
    ("mine", "theirs", "clashes"),
    [
        (("case", "facts", "wish"), ("case", "facts", "years"), False),
        (("plan", "actions", "a1", "what"), ("plan", "actions", "a1"), True),  # they took the action away
        (("plan", "actions", "rows"), ("plan", "actions", "a1", "what"), True),
        (("plan", "actions", "rows"), ("plan", "actions", "rows"), True),
        (("worksheets", "goals", 0, "goal"), ("worksheets", "goals", 1, "goal"), False),
        (("worksheets", "goals"), ("worksheets", "goals", 1, "goal"), True),
    ],
)
def test_a_clash_is_what_one_takes_away_or_adds_where_the_other_writes(
    mine: record.Path, theirs: record.Path, clashes: bool
) -> None:
    assert record.clash(frozenset({mine}), frozenset({theirs})) == clashes
    assert record.clash(frozenset({theirs}), frozenset({mine})) == clashes


def test_a_record_is_readable_json_with_the_clients_own_words_in_it() -> None:
    text = record.dump(FILLED)
    assert json.loads(text)["case"]["facts"]["wish"] == FILLED.case.facts.wish
    assert "落ち着いて働きたい" in text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("null", id="null"),
        pytest.param("[]", id="a list"),
        pytest.param("カナリア", id="no json"),
        pytest.param('{"digest": "a"', id="cut off"),
        pytest.param("{}", id="an empty object"),
        pytest.param('{"version": 3, "cells": [], "name": "another program"}', id="another program's"),
        pytest.param("[" * 100_000, id="deep nesting, not closed"),
        pytest.param("[" * 10_000 + "]" * 10_000, id="deep nesting"),
        pytest.param('{"digest":' * 10_000 + "1" + "}" * 10_000, id="deep objects"),
        pytest.param("NaN", id="nan"),
        pytest.param("\ud800", id="half a character"),
    ],
)
def test_what_is_no_record_does_not_come_back(text: str) -> None:
    assert record.load(CATALOG, text) is None


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda r: r.pop("digest"), id="no digest"),
        pytest.param(lambda r: r.update(step="nowhere"), id="unknown screen"),
        pytest.param(lambda r: r.update(language="fr"), id="unknown language"),
        pytest.param(lambda r: r.update(revision=-1), id="revision below zero"),
        pytest.param(lambda r: r.update(revision=float("nan")), id="revision not a number"),
        pytest.param(lambda r: r.update(revision="many"), id="revision in words"),
        pytest.param(lambda r: r.update(case=None), id="no case"),
        pytest.param(lambda r: r.update(case=[]), id="case a list"),
        pytest.param(lambda r: r["plan"].update(path="nowhere"), id="unknown path"),
        pytest.param(lambda r: r["plan"]["actions"][0].update(step="nothing"), id="unknown step"),
        pytest.param(lambda r: r["plan"]["actions"].append({"id": "a2", "step": "quantify"}), id="a step twice"),
        pytest.param(lambda r: r["plan"]["actions"].append({"id": "a1"}), id="an action twice"),
        pytest.param(lambda r: r["plan"]["actions"].append({"id": "1"}), id="an action without a name"),
        pytest.param(
            lambda r: r["plan"].update(actions=[{"id": f"a{number}"} for number in range(1, 5)]), id="four actions"
        ),
        pytest.param(lambda r: r["plan"]["actions"][0].update(by="2026-02-30"), id="a day that is none"),
        pytest.param(lambda r: r["plan"]["actions"][0].update(what="あ" * 201), id="an action too long"),
        pytest.param(lambda r: r.update(markers={"support_1": 6}), id="a marker too high"),
        pytest.param(lambda r: r.update(worksheets={"nothing": []}), id="unknown worksheet"),
        pytest.param(lambda r: r.update(worksheets={"quantify": [{"before": "-3"}]}), id="a number below zero"),
        pytest.param(lambda r: r.update(handout=["goals", "goals"]), id="a worksheet taken home twice"),
        pytest.param(lambda r: r.update(notes="あ" * 10_001), id="notes too long"),
        pytest.param(lambda r: r.update(next_at="2026-12-01T14:00:00+09:00"), id="an appointment in another zone"),
        pytest.param(lambda r: r["case"]["responses"].update(nothing=3), id="unknown item"),
        pytest.param(lambda r: r["case"]["responses"].update(support_1=6), id="a point too high"),
        pytest.param(lambda r: r["case"]["responses"].update(support_1=10**400), id="a huge point"),
        pytest.param(lambda r: r["case"]["responses"].update(support_1=2.5), id="half a point"),
        pytest.param(lambda r: r["case"]["responses"].update(support_1=float("nan")), id="a point that is no number"),
        pytest.param(lambda r: r["case"]["responses"].update(support_1=None), id="an answer of nothing"),
        pytest.param(lambda r: r["case"]["responses"].update(accuracy_1=3), id="answered and skipped"),
        pytest.param(lambda r: r["case"]["marks"].update(reward_1="star"), id="unknown mark"),
        pytest.param(lambda r: r["case"]["marks"].update(nothing="skip"), id="mark on nothing"),
        pytest.param(lambda r: r["case"]["facts"].update(situation="retired"), id="unknown situation"),
        pytest.param(lambda r: r["case"]["facts"].update(role="astronaut"), id="unknown role"),
        pytest.param(lambda r: r["case"]["facts"].update(years=10**30), id="huge years"),
        pytest.param(lambda r: r["case"]["facts"].update(years=float("inf")), id="endless years"),
        pytest.param(lambda r: r["case"]["facts"].update(priorities=["support"]), id="a trait as a priority"),
        pytest.param(
            lambda r: r["case"]["facts"].update(priorities=list(CATALOG.of_kind("frustration"))[:4]),
            id="four priorities",
        ),
        pytest.param(lambda r: r["case"]["facts"].update(signs={"nothing": "yes"}), id="unknown sign"),
        pytest.param(lambda r: r["case"]["facts"].update(tried={"quantify": "perhaps"}), id="unknown trial"),
        pytest.param(lambda r: r["case"]["facts"].update(wish="あ" * 2001), id="a wish too long"),
        pytest.param(lambda r: r["case"]["facts"].update(wish="\ud800"), id="half a character in the wish"),
        pytest.param(lambda r: r["case"]["facts"].update(wish={"a": 1}), id="an object as a wish"),
    ],
)
def test_a_record_with_anything_wrong_in_it_does_not_come_back(spoil: Spoil) -> None:
    found: dict[str, Any] = json.loads(record.dump(FILLED))
    assert record.load(CATALOG, json.dumps(found)) == FILLED
    spoil(found)
    assert record.load(CATALOG, json.dumps(found)) is None

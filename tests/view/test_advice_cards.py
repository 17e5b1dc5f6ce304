"""Advice as cards: every point of it leads to answers and sources, and the shown reasons are all of the reasons."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from advisor.content.model import Case, Facts
from advisor.content.translator import Say, say
from advisor.content.words import LANGUAGES, Language
from advisor.report import sentences
from advisor.scoring import counterfactual, personal
from advisor.scoring.results import Flip, Stability
from advisor.view.workbook import advice_cards
from tests.pages import CASES
from tests.support import FRUSTRATIONS, THEN, cases, quick, session, suited

if TYPE_CHECKING:
    from advisor.session.session import Session

JA = say(THEN, "ja")
ACCOUNTANT = CASES["a_accounting"]


def by_key(found: list[advice_cards.Card], key: str) -> advice_cards.Card:
    return next(card for card in found if card["key"] == key)


def both(one: Session, words: Say) -> list[advice_cards.Card]:
    return [*advice_cards.steps(one, words), *advice_cards.paths(one, words)]


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=40)
@given(case=cases(THEN))
def test_the_reasons_shown_are_all_of_them_and_add_up(language: Language, case: Case) -> None:
    one = session(case, THEN)
    shown = both(one, say(THEN, language))
    ranked = [*one.reading.steps, *one.reading.paths]
    assert [card["key"] for card in shown] == [advice.target for advice in ranked]
    for card, advice in zip(shown, ranked, strict=True):
        assert card["points"] == advice.points == sum(reason["points"] for reason in card["reasons"])
        assert [reason["key"] for reason in card["reasons"]] == [reason.feature for reason in advice.reasons]
        for reason in card["reasons"]:
            assert int(reason["shown"].replace("−", "-")) == reason["points"] != 0
            assert reason["name"]
            assert 0 < reason["size"] <= 1


@settings(max_examples=40)
@given(case=cases(THEN))
def test_every_reason_leads_to_its_answers_as_they_were_given_and_to_its_sources(case: Case) -> None:
    one = session(case, THEN)
    ranked = [*one.reading.steps, *one.reading.paths]
    for card, advice in zip(both(one, JA), ranked, strict=True):
        for shown, reason in zip(card["reasons"], advice.reasons, strict=True):
            assert len(shown["answers"]) == len(reason.items)
            for sentence, name in zip(shown["answers"], reason.items, strict=True):
                assert sentences.question(one, JA, name) in sentence
            assert JA.sources(shown["sources"])


def test_a_measure_that_comes_from_answers_never_stands_without_them() -> None:
    one = session(ACCOUNTANT, THEN)
    for card in both(one, JA):
        for reason in card["reasons"]:
            from_scale = reason["key"] in THEN.scoring.features
            measure = THEN.scoring.features[reason["key"]].measure if from_scale else ""
            assert bool(reason["answers"]) or measure not in THEN.scales


def test_the_longer_bar_is_the_stronger_reason() -> None:
    for card in both(session(ACCOUNTANT, THEN), JA):
        reasons = card["reasons"]
        assert all(strong["size"] >= weak["size"] for strong, weak in pairwise(reasons))


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("reward_1", 5, JA.words.labels[THEN.items["reward_1"].labels][4]),
        ("no_feedback", "yes", JA("sign_yes")),
        ("quantify", "without_effect", JA("tried_without_effect")),
    ],
)
def test_answers_are_told_with_their_question_and_in_the_words_of_the_choice(
    name: str, answer: int | str, said: str
) -> None:
    case = Case({"reward_1": 5}, facts=Facts(signs={"no_feedback": "yes"}, tried={"quantify": "without_effect"}))
    one = session(case, THEN)
    assert sentences.label(one, JA, name, answer) == said
    sentence = sentences.answer_in_words(one, JA, case, name)
    assert said in sentence
    assert sentences.question(one, JA, name) in sentence


def test_a_step_that_was_tried_says_so() -> None:
    tried = {"quantify": "without_effect", "goal_talk": "untried"}
    found = advice_cards.steps(session(Case(facts=Facts(tried=tried)), THEN), JA)  # type: ignore[arg-type]
    quantify, goal_talk = by_key(found, "quantify"), by_key(found, "goal_talk")
    assert (quantify["tried"], goal_talk["tried"]) == ("without_effect", None)
    assert JA.words.features["tried_without_effect"] in [reason["name"] for reason in quantify["reasons"]]


def test_one_path_is_first_and_none_before_anything_is_answered() -> None:
    assert not any(card["first"] for card in advice_cards.paths(session(catalog=THEN), JA))
    found = advice_cards.paths(session(ACCOUNTANT, THEN), JA)
    assert [card["first"] for card in found] == [True] + [False] * (len(found) - 1)


def test_what_was_picked_is_marked() -> None:
    one = session(ACCOUNTANT, THEN)
    step, path = one.reading.steps[-1].target, one.reading.paths[-1].target
    one.choose(step)
    one.follow(path)
    assert [card["key"] for card in both(one, JA) if card["chosen"]] == [step, path]


def test_what_was_picked_can_be_put_back_even_when_the_situation_changed() -> None:
    one = session(Case(facts=Facts(situation="inside")), THEN)
    present = [name for name, step in THEN.steps.items() if "wants_in" not in step.situations][:3]
    path = next(name for name, row in THEN.paths.items() if "wants_in" not in row.situations)
    for step in present:
        one.choose(step)
    one.follow(path)
    assert len(one.record.plan.steps) == 3
    one.tell(situation="wants_in")
    assert [card["key"] for card in advice_cards.steps(one, JA) if card["chosen"]] == present
    assert [card["key"] for card in advice_cards.paths(one, JA) if card["chosen"]] == [path]


def test_paths_tell_what_the_sources_know_and_where_they_differ() -> None:
    found = advice_cards.paths(session(catalog=THEN), JA)
    for group in personal.KNOWLEDGE:
        for name, row in THEN.statements[group].items():
            for card in found:
                known = [said for said, _ in card["knowledge"]]
                assert (getattr(JA.words, group)[name] in known) == (card["key"] in row.about)
    for name, sides in THEN.disagreements.items():
        for card in found:
            assert ((sides, JA.words.disagreements[name]) in card["disagreements"]) == (card["key"] in sides.about)


# --- gates ---


def test_why_no_leaving_path_is_first_is_told_with_every_gate() -> None:
    one = session(Case({**quick(*FRUSTRATIONS, point=5), **suited(100)}, facts=Facts(situation="inside")), THEN)
    assert not any(gate.open for gate in one.reading.gates)
    note = sentences.gate_note(one, JA)
    assert note == {
        "name": JA("gate_closed"),
        "open": True,
        "sentences": [JA.words.gates[gate].closed for gate in THEN.scoring.gates],
    }
    assert any(card["held"] for card in advice_cards.paths(one, JA))


def test_what_opened_the_way_is_told() -> None:
    one = session(ACCOUNTANT, THEN)
    opened = [gate.gate for gate in one.reading.gates if gate.open]
    assert opened
    assert sentences.gate_note(one, JA) == {
        "name": JA("gate_open"),
        "open": True,
        "sentences": [JA.words.gates[gate].open for gate in opened],
    }


def test_gates_that_decided_nothing_stand_folded() -> None:
    one = session(Case({**quick("monotony", point=3), **suited(75)}, facts=Facts(situation="inside")), THEN)
    note = sentences.gate_note(one, JA)
    assert not any(card["held"] for card in advice_cards.paths(one, JA))
    assert note is not None
    assert note["open"] is False


def test_who_wants_in_is_told_of_no_gate_that_looks_at_a_workplace() -> None:
    one = session(Case({**suited(100), **quick("spotlight", point=5)}, facts=Facts(situation="wants_in")), THEN)
    note = sentences.gate_note(one, JA)
    assert note is not None
    assert note["sentences"] == [JA.words.gates["work_does_not_suit"].closed]


def test_nothing_is_told_of_gates_while_nothing_speaks_for_leaving() -> None:
    assert sentences.gate_note(session(catalog=THEN), JA) is None


# --- what it hangs on ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_smallest_change_is_told_move_by_move(language: Language) -> None:
    words, one = say(THEN, language), session(ACCOUNTANT, THEN)
    flip, _ = one.insight()
    told = sentences.stability_note(one, words)
    assert isinstance(flip, Flip)
    assert words.words.paths[flip.path].name in told["change"]
    assert str(flip.notches) in told["change"]
    assert len(told["moves"]) == len(flip.changes)
    for move, change in zip(told["moves"], flip.changes, strict=True):
        assert sentences.question(one, words, change.variable) in move
        assert sentences.label(one, words, change.variable, change.before) in move
        assert sentences.label(one, words, change.variable, change.after) in move


def test_without_answers_nothing_can_change() -> None:
    told = sentences.stability_note(session(catalog=THEN), JA)
    assert (told["change"], told["moves"]) == (JA("flip_none"), [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_other_weights_would_do_is_told_with_the_figures_that_were_used(
    language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, one = say(THEN, language), session(ACCOUNTANT, THEN)
    first, rival = list(THEN.paths)[:2]
    steady = Stability(first, 0.873, counterfactual.DRAWS, counterfactual.SPREAD, ())
    monkeypatch.setattr(one, "insight", lambda: (None, steady))
    sentence = sentences.stability_note(one, words)["stability"]
    for figure in (f"{counterfactual.DRAWS}", f"{counterfactual.SPREAD:.0%}", "87%"):
        assert figure in sentence.replace(",", "")
    assert words.words.paths[first].name in sentence
    monkeypatch.setattr(one, "insight", lambda: (None, Stability(first, 0.873, 1000, 0.2, ((rival, 0.127),))))
    with_rival = sentences.stability_note(one, words)["stability"]
    assert with_rival.startswith(sentence)
    assert words.words.paths[rival].name in with_rival
    assert "13%" in with_rival

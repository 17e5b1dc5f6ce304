"""A reading in sentences: nothing without answers, no name that does not stand high, no verdict."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from advisor.content.model import Case, Facts
from advisor.content.words import LANGUAGES, Language
from advisor.report.sentences import reading_sentences
from advisor.scoring.reading import read
from tests.support import CATALOG, CONSEQUENCES, FRUSTRATIONS, cases, quick, suited

FIT, MISFIT = CATALOG.of_kind("fit"), CATALOG.of_kind("misfit")
VERDICTS = re.compile(
    r"べき|必ず|絶対|向いていません|向いていない|適性がない|不適格|辞めましょう|辞めた方が"
    r"|\b(?:must|should|have to|always|never|certainly|definitely|unsuitable|unsuited|not suited)\b",
    re.IGNORECASE,
)


def told(language: Language, case: Case) -> tuple[str, ...]:
    return reading_sentences(CATALOG, CATALOG.words[language], read(CATALOG, case.responses, case.facts), case.facts)


def named(language: Language, sentence: str) -> list[str]:
    """Return the scales whose names stand quoted in a sentence, in its order."""
    words = CATALOG.words[language]
    places = {
        scale: sentence.find(words.interface["quoted"].format(name=words.scales[scale].name)) for scale in words.scales
    }
    return sorted((scale for scale, place in places.items() if place >= 0), key=lambda scale: places[scale])


def about(language: Language, case: Case, key: str) -> list[str]:
    """Return the scales that the sentence made from ``key`` names; empty when it is not said."""
    start = CATALOG.words[language].interface[key].partition("{")[0]
    return [
        scale for sentence in told(language, case) if sentence.startswith(start) for scale in named(language, sentence)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_said_without_answers(language: Language) -> None:
    assert told(language, Case()) == ()
    assert told(language, Case(facts=Facts(situation="inside", role="accounting", years=3, wish="休みたい"))) == ()


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=40)
@given(case=cases())
def test_only_what_stands_high_or_was_marked_is_named(language: Language, case: Case) -> None:
    reading = read(CATALOG, case.responses, case.facts)
    bands = {scale: score.band for scale, score in reading.scores.items()}
    worries = "high" if any(bands[scale] == "high" for scale in FRUSTRATIONS) else "middle"
    sentences = told(language, case)
    if case.facts.priorities:
        assert named(language, sentences[0]) == list(case.facts.priorities)
        sentences = sentences[1:]
    for sentence in sentences:
        scales = named(language, sentence)
        assert len(scales) <= 3
        assert all(bands[scale] == (worries if scale in FRUSTRATIONS else "high") for scale in scales)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=40)
@given(case=cases())
def test_whatever_stands_high_has_its_sentence(language: Language, case: Case) -> None:
    reading = read(CATALOG, case.responses, case.facts)
    for key, kind in (
        ("told_frustrations", FRUSTRATIONS),
        ("told_consequences", CONSEQUENCES),
        ("told_strengths", FIT),
        ("told_preferences", MISFIT),
    ):
        high = [scale for scale in kind if reading.scores[scale].band == "high"]
        said = about(language, case, key)
        assert len(said) == min(len(high), 3)
        left_out = [reading.scores[scale].value or 0 for scale in high if scale not in said]
        assert all((reading.scores[scale].value or 0) >= max(left_out, default=0) for scale in said)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=40)
@given(case=cases())
def test_no_sentence_is_a_verdict_and_none_has_gaps(language: Language, case: Case) -> None:
    for sentence in told(language, case):
        assert not VERDICTS.search(sentence)
        assert "{" not in sentence
        assert "None" not in sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_that_could_be_said_is_a_verdict(language: Language) -> None:
    interface = CATALOG.words[language].interface
    said = {key: text for key, text in interface.items() if key.startswith(("told_", "index_"))}
    assert said
    assert not [key for key, text in said.items() if VERDICTS.search(text)]


def test_a_verdict_would_be_noticed() -> None:
    for sentence in ("辞めるべきです。", "この仕事に向いていません。", "You should quit.", "You must learn."):
        assert VERDICTS.search(sentence)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_clients_own_concern_comes_first(language: Language) -> None:
    case = Case({**quick("monotony", "reward", point=5), **suited(100)}, facts=Facts(priorities=("monotony",)))
    sentences = told(language, case)
    assert named(language, sentences[0]) == ["monotony"]
    assert len(sentences) > 2


@pytest.mark.parametrize(
    ("point", "key"), [(5, "told_frustrations"), (3, "told_frustrations_middle"), (1, "told_frustrations_low")]
)
def test_worries_are_told_by_how_high_they_stand(point: int, key: str) -> None:
    words = CATALOG.words["ja"]
    names = words.interface["quoted"].format(name=words.scales["reward"].name)
    assert told("ja", Case(quick("reward", point=point))) == (words.interface[key].format(names=names),)


@pytest.mark.parametrize(("share", "band"), [(0, "low"), (50, "middle"), (100, "high")])
def test_the_index_is_told_in_one_of_three_sentences(share: int, band: str) -> None:
    assert told("ja", Case(suited(share)))[-1] == CATALOG.words["ja"].interface[f"told_index_{band}"]


def test_signs_are_told_as_how_many_of_those_answered_apply() -> None:
    first, second, _ = CATALOG.signs
    case = Case(facts=Facts(signs={first: "yes", second: "unknown"}))
    assert told("ja", case) == (CATALOG.words["ja"].interface["told_signs"].format(told=2, yes=1),)


def test_the_strongest_are_named_first() -> None:
    case = Case({**quick("reward", point=4), **quick("connection", point=5)})
    assert about("ja", case, "told_frustrations") == ["connection", "reward"]

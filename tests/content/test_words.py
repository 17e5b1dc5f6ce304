"""Words: every text is in one file, both languages have the same texts, and no text is empty."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter
from typing import Any

import pytest
from pydantic import ValidationError

from advisor.content.words import FILES, LANGUAGES, Language, ScaleWords, StepWords, Words
from tests.support import CATALOG, FRUSTRATIONS

GLUE = (".interface.", ".plan.", ".report.")


def texts(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, child in value.items():
            yield from texts(child, f"{at}.{key}")
    elif isinstance(value, tuple):
        for number, child in enumerate(value):
            yield from texts(child, f"{at}.{number}")


def all_texts(language: Language) -> dict[str, str]:
    return dict(texts(CATALOG.words[language].model_dump()))


def test_every_group_of_words_stands_in_exactly_one_file() -> None:
    placed = [key for keys in FILES.values() for key in keys]
    assert sorted(placed) == sorted(Words.model_fields)


def test_both_languages_say_the_same_things() -> None:
    # each language has its own phrases of weak reasons
    said = [{at for at in all_texts(language) if ".phrases." not in at} for language in LANGUAGES]
    assert said[0] == said[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_blank_or_carries_stray_spaces(language: Language) -> None:
    glue = (*GLUE, ".desk.list_dot")
    content = {at: text for at, text in all_texts(language).items() if not at.startswith(glue)}
    assert [at for at, text in content.items() if text != text.strip() or not text or "\n" in text] == []
    # a separator between two pieces may be a space
    between = {".plan.sentence_separator", ".report.paper_separator"}
    assert {at for at, text in all_texts(language).items() if not text.strip()} <= between


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_use_named_fields_only(language: Language) -> None:
    names = [
        name for text in all_texts(language).values() for _, name, _, _ in Formatter().parse(text) if name is not None
    ]
    assert [name for name in names if not name.isidentifier()] == []


def test_japanese_is_japanese_and_english_is_not() -> None:
    kana = [at for at, text in all_texts("en").items() if any("ぁ" <= sign <= "ヿ" for sign in text)]
    # Three groups keep Japanese names in English: the language switch, the parts of the official Job Card form, and
    # public services.
    assert [at for at in kana if not at.startswith((".interface.", ".report.export_card_", ".services."))] == []
    assert all(any(sign > "⺀" for sign in text) for text in CATALOG.words["ja"].items.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_frustration_can_be_seen_in_another_way(language: Language) -> None:
    reframed = {scale for scale, words in CATALOG.words[language].scales.items() if words.reframe}
    assert reframed == set(FRUSTRATIONS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_short_names_differ_and_fit_beside_an_axis(language: Language) -> None:
    shorts = [words.short for words in CATALOG.words[language].scales.values()]
    assert len(set(shorts)) == len(shorts)
    assert max(map(len, shorts)) <= 18


def test_words_are_strict_about_what_they_hold() -> None:
    good = {"name": "n", "short": "s", "high": "h", "low": "l"}
    assert ScaleWords(**good).reframe is None
    for wrong in ({"name": ""}, {"short": "x" * 19}, {"colour": "red"}, {"high": 3}):
        with pytest.raises(ValidationError):
            ScaleWords.model_validate(good | wrong)


def test_a_step_needs_at_least_two_hints() -> None:
    step = CATALOG.words["en"].steps["quantify"].model_dump()
    StepWords.model_validate(step)
    with pytest.raises(ValidationError):
        StepWords.model_validate(step | {"hints": ("only one",)})

"""The data hold all entries of content.md, in both languages, with the articles that are their sources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from advisor.content.words import LANGUAGES, Language
from tests import expected_content
from tests.content.test_words import texts
from tests.support import CATALOG

if TYPE_CHECKING:
    from collections.abc import Mapping

ARTICLES = {name: row for name, row in CATALOG.sources.items() if row.kind == "article"}
LETTERS = dict(
    zip(("zcareer-evaluation", "zcareer-worries", "blp-appeal", "zcareer-entry", "warc-guide"), "EWBNG", strict=True)
)


def cited(sources: tuple[str, ...]) -> str:
    """Return the articles among ``sources`` by the letters of content.md."""
    return "".join(letter for source, letter in LETTERS.items() if source in sources)


def cites(rows: Mapping[str, Any]) -> dict[str, str]:
    return {name: cited(row.sources) for name, row in rows.items()}


def kind(name: str) -> dict[str, Any]:
    return {scale: row for scale, row in CATALOG.scales.items() if row.kind == name}


STATEMENTS = (
    "transfers", "qualifications", "growth", "habits", "pluses", "minuses", "limits", "entry", "experience", "moving",
    "faq", "glossary", "rules",
)  # fmt: skip
# expected entries, the data, and the place of their words
GROUPS: dict[str, tuple[str, Mapping[str, Any], str]] = {
    "fit traits": (expected_content.FIT, kind("fit"), "scales"),
    "misfit tendencies": (expected_content.MISFIT, kind("misfit"), "scales"),
    "frustrations": (expected_content.FRUSTRATIONS, kind("frustration"), "scales"),
    "consequences": (expected_content.CONSEQUENCES, kind("consequence"), "scales"),
    "signs": (expected_content.SIGNS, CATALOG.signs, "signs"),
    "steps": (expected_content.STEPS, CATALOG.steps, "steps"),
    "paths": (expected_content.PATHS, CATALOG.paths, "paths"),
    "roles": (expected_content.ROLES, CATALOG.roles, "roles"),
    **{name: (getattr(expected_content, name.upper()), CATALOG.statements[name], name) for name in STATEMENTS},
}


@pytest.mark.parametrize("group", GROUPS)
def test_every_fact_is_there_with_the_articles_it_came_from(group: str) -> None:
    expected, rows, _ = GROUPS[group]
    assert cites(rows) == expected_content.table(expected)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("group", GROUPS)
def test_every_fact_has_words_in_both_languages(group: str, language: Language) -> None:
    _, rows, words = GROUPS[group]
    assert rows.keys() <= getattr(CATALOG.words[language], words).keys()


def test_nothing_falls_back_to_japanese() -> None:
    assert CATALOG.fallbacks == {"ja": 0, "en": 0}


def test_the_five_articles_are_named_as_far_as_they_are_known() -> None:
    assert list(ARTICLES) == ["zcareer-evaluation", "zcareer-worries", "blp-appeal", "zcareer-entry", "warc-guide"]
    known = {name: row.published for name, row in ARTICLES.items() if row.title}
    assert known == {"zcareer-worries": "2025-10-07", "warc-guide": "2024-06-23"}


def test_the_disagreements_show_both_sides_with_their_articles() -> None:
    found = {name: (cited(row.claimed_by), cited(row.opposed_by)) for name, row in CATALOG.disagreements.items()}
    assert found == expected_content.DISAGREEMENTS
    for language in LANGUAGES:
        assert CATALOG.words[language].disagreements.keys() == found.keys()


def test_the_pairings_a_source_states_are_marked_and_no_others() -> None:
    stated = {
        (feature, target): cited(weight.sources)
        for table in (CATALOG.scoring.steps, CATALOG.scoring.paths)
        for target, rows in table.items()
        for feature, weight in rows.items()
        if weight.stated
    }
    assert stated == dict.fromkeys(expected_content.STATED, "W")


def test_leaving_is_gated_by_steps_signs_and_fit() -> None:
    gates = {name: gate.measure for name, gate in CATALOG.scoring.gates.items()}
    assert gates == {
        "steps_in_vain": "relevant_in_vain",
        "signs_against": "signs_yes",
        "work_does_not_suit": "index",
    }
    assert {name for name, row in CATALOG.paths.items() if row.leaves} == expected_content.LEAVING


@pytest.mark.parametrize(("role", "leads_to"), expected_content.ROLE_GROWTH.items())
def test_roles_lead_where_the_articles_say(role: str, leads_to: set[str]) -> None:
    assert set(CATALOG.roles[role].growth) == leads_to


@pytest.mark.parametrize(("role", "prepared_by"), expected_content.ROLE_QUALIFICATIONS.items())
def test_roles_are_prepared_for_as_the_articles_say(role: str, prepared_by: set[str]) -> None:
    assert set(CATALOG.roles[role].qualifications) == prepared_by


# --- the instrument -----------------------------------------------------------------------------------------------


def test_the_quick_form_asks_one_item_a_scale_and_the_full_form_all_of_three_or_more() -> None:
    assert [len(kind(name)) for name in ("fit", "misfit", "frustration", "consequence")] == [9, 6, 9, 4]
    assert {len(CATALOG.active_items(scale)) for scale in CATALOG.scales} == {1}
    full = [len(CATALOG.active_items(scale, (scale,))) for scale in CATALOG.scales]
    assert min(full) >= 3
    assert sum(full) == len(CATALOG.items)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_item_has_five_labelled_points(language: Language) -> None:
    assert {(item.low, item.high) for item in CATALOG.items.values()} == {(1, 5)}
    labels = [CATALOG.words[language].labels[item.labels] for item in CATALOG.items.values()]
    assert {len(one) for one in labels} == {len(set(one)) for one in labels} == {5}


def test_labels_ask_how_true_or_how_often_as_the_item_needs() -> None:
    assert len({item.labels for item in CATALOG.items.values()}) >= 4


def test_every_scale_is_also_asked_the_other_way_round() -> None:
    reverse = {scale: [item.id for item in CATALOG.items_of(scale) if item.reverse] for scale in CATALOG.scales}
    assert all(reverse.values())
    assert not any(item.reverse for item in CATALOG.items.values() if item.quick)


def test_no_item_is_reversed_by_a_negation() -> None:
    negations = {"ja": r"ない|ません|ず", "en": r"\b(?:not|never|without|no|none|nothing|cannot)\b|n['’]t"}
    found = {
        item.id: text
        for item in CATALOG.items.values()
        if item.reverse
        for language in LANGUAGES
        if re.search(negations[language], text := CATALOG.words[language].items[item.id], re.IGNORECASE)
    }
    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_items_ask_the_same(language: Language) -> None:
    items = list(CATALOG.words[language].items.values())
    assert len(set(items)) == len(items)


# --- services -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_client_is_sent_to_an_employer_side_consultancy(language: Language) -> None:
    publisher = CATALOG.sources["blp-appeal"].publisher
    assert publisher.startswith("BLP")
    words = CATALOG.words[language].model_dump()
    assert [at for at, text in texts(words) if "BLP" in text.upper()] == [".sources.blp-appeal"]
    sent_to = cites(CATALOG.statements["help"]) | cites({"consult": CATALOG.steps["consult"]})
    assert not any("B" in letters for letters in sent_to.values())


def test_help_is_of_named_kinds_and_no_diagnosis() -> None:
    kinds = ["occupational_health", "medical_clinic", "public_helpline", "labour_consultation"]
    assert list(CATALOG.statements["help"]) == kinds
    assert "診断" in CATALOG.words["ja"].help["medical_clinic"].text


def test_every_figure_is_owned_as_our_judgement() -> None:
    scoring = CATALOG.scoring
    figures: list[Any] = [scoring.hints]
    tables: list[Any] = [scoring.features, scoring.gates, scoring.bands]
    for table in (*tables, *scoring.steps.values(), *scoring.paths.values()):
        figures += table.values()
    assert len(figures) > 100
    assert all("workbook" in row.sources for row in figures)
    assert CATALOG.sources["workbook"].kind == "judgement"

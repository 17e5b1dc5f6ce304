"""Every fact of content.md appears on a screen of some client; the test finds each statement by its id."""

from __future__ import annotations

from functools import lru_cache

import pytest

from advisor.content.model import Case, Facts
from advisor.content.translator import say
from advisor.content.words import LANGUAGES, Language
from advisor.session.session import Session
from advisor.view.workbook.page import Page
from tests.newest import NEWEST
from tests.pages import Markup, visit
from tests.scoring.test_clients import CLIENTS, session_of

pytestmark = pytest.mark.slow  # all of these clients read everything
SAID_WHERE = ("workplace", "results", "next")
GROUPS = (
    "qualifications", "growth", "habits", "pluses", "minuses", "limits", "entry", "moving", "transfers", "faq",
    "glossary", "rules",
)  # fmt: skip
QUICK = [item.id for item in NEWEST.items.values() if item.quick]


def answered(point: int, **told: int) -> dict[str, int]:
    """Return the quick form with the same answer to every question, except for some scales."""
    return dict.fromkeys(QUICK, point) | {f"{scale}_1": value for scale, value in told.items()}


STEADY = {"spotlight": 1, "novelty": 1, "direct_thanks": 1, "pay_for_results": 1, "solitude": 1, "roughness": 1}
RESTLESS = {"support": 1, "perseverance": 1, "accuracy": 1, "unsung_pride": 1, "rule_following": 1}
# These clients are not in clients.yaml: they have facts that no client there has.
NAMED: dict[str, Case] = {
    **{role: Case(answered(4, **STEADY), facts=Facts(situation="inside", role=role, years=4)) for role in NEWEST.roles},
    "restless": Case(answered(5, **RESTLESS), facts=Facts(situation="inside", role="hr", years=3)),
    "newcomer": Case(answered(5, **STEADY), facts=Facts(situation="wants_in", experience=("service",))),
    "exact_newcomer": Case(
        answered(3, perseverance=5, accuracy=5, rule_following=5, unsung_pride=5, **STEADY),
        facts=Facts(situation="wants_in", experience=("factory",)),
    ),
    "undecided": Case(answered(4, **STEADY), facts=Facts(situation="unsure")),
}


def sessions() -> dict[str, Session]:
    found = {client["id"]: session_of(client) for client in CLIENTS}
    for name, case in NAMED.items():
        found[name] = Session(NEWEST)
        found[name].open_case(case)
    return found


@lru_cache(maxsize=2)
def read(language: Language) -> dict[str, str]:
    """Return what each client reads, by name."""
    told = {}
    for name, one in sessions().items():
        one.speak(language)
        page = Page(one)
        told[name] = flat(" ".join(Markup(visit(page, step)).text for step in SAID_WHERE))
    return told


def flat(text: str) -> str:
    return "".join(text.split())


def readers(language: Language, *texts: str) -> list[str]:
    return [name for name, said in read(language).items() if all(flat(text) in said for text in texts)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("group", GROUPS)
def test_every_statement_reaches_somebody(group: str, language: Language) -> None:
    words = getattr(say(NEWEST, language).words, group)
    assert [
        name for name in NEWEST.statements[group] if not readers(language, words[name].name, words[name].text)
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_disagreement_reaches_somebody_with_both_sides(language: Language) -> None:
    words = say(NEWEST, language).words.disagreements
    sides = {name: (words[name].claim, words[name].against, words[name].reconciled) for name in NEWEST.disagreements}
    assert [name for name, told in sides.items() if not readers(language, *told)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_path_variant_and_saying_reaches_somebody_of_these(language: Language) -> None:
    words = say(NEWEST, language).words
    assert [name for name in NEWEST.paths if not readers(language, words.paths[name].summary)] == []
    assert [name for name in NEWEST.steps if not readers(language, words.steps[name].name)] == []


# side remarks of the articles, each with a client who reads it
IN_PASSING = {
    "a longing for desk work convinces nobody": ("newcomer", "デスクワークへのあこがれ"),
    "what promotion takes": ("hr_generalist_eight_years_no_next", "昇進の条件"),
    "meetings and gatherings": ("general_affairs_pressed_from_both_sides", "会議や社内の集まり"),
    "the bonus may rise": ("accountant_nothing_tried_told", "賞与が増えることはあっても"),
    "who pays an agent": ("signs_all_three_and_everything_tried", "採用する会社が払うしくみ"),
    "corporate is the running of the company": ("legal", "会社の運営（株主総会"),
    "an agent comes first, says one": (
        "factory_worker_wants_in",
        "エージェントに聞くことから始める、という記事もあります",
    ),
}


@pytest.mark.parametrize(("name", "words"), IN_PASSING.values(), ids=[*IN_PASSING])
def test_what_is_said_in_passing_reaches_its_client(name: str, words: str) -> None:
    assert flat(words) in read("ja")[name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_terms_steps_and_paths_name_their_sources(language: Language) -> None:
    speaker, one = say(NEWEST, language), session_of(CLIENTS[0])
    one.speak(language)
    said = flat(" ".join(visit(Page(one), step) for step in ("results", "next")))
    for group in ("faq", "glossary"):
        for row, words in (
            (row, getattr(speaker.words, group)[name]) for name, row in NEWEST.statements[group].items()
        ):
            if flat(words.text) in said:
                named = flat(speaker("named_by", sources=speaker.enumeration(speaker.sources(row.sources))))
                assert named in said[said.index(flat(words.text)) :][:900]
    for advice in one.reading.paths:
        card = said[said.index(f'id="path-{advice.target}"'.replace(" ", "")) :]
        assert all(flat(label) in card for label in speaker.sources(NEWEST.paths[advice.target].sources))

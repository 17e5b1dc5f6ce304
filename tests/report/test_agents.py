"""Agents and marketing: wherever the workbook names either, it says who pays whom, and what is free."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from markupsafe import escape

from advisor.content.model import SITUATIONS
from advisor.content.translator import say
from advisor.content.words import LANGUAGES, VERSIONED, Language
from advisor.report import agents
from advisor.report.handout import handout
from advisor.session.session import Session
from advisor.view.workbook import screens
from tests.newest import NEWEST
from tests.papers import TODAY, texts
from tests.support import THEN, quick

KNOWLEDGE = ("moving", "entry", "transfers", "habits")  # what path cards show beside their own words


def leaves(value: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield every text of a tree, with where it stands."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*at, str(key)))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*at, str(number)))
    elif isinstance(value, str):
        yield at, value


def naming(language: Language) -> list[tuple[tuple[str, ...], str]]:
    """Return every text of 2026-2 that names agents, but the names of magazines among the sources."""
    told = NEWEST.words[language].model_dump(include=set(VERSIONED) - {"sources"})
    return [(at, text) for at, text in leaves(told) if agents.are_named([text])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_names_agents_is_where_the_notice_is_looked_after(language: Language) -> None:
    found = naming(language)
    assert {at[:2] for at, _ in found} >= {("moving", "agent_helps"), ("steps", "consult")}
    assert {at[0] for at, _ in found} <= {*KNOWLEDGE, "steps", "variants", "paths", "sayings", "faq"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_is_rendered_beside_every_text_that_names_agents(language: Language) -> None:
    speech = say(NEWEST, language)
    wanted, shown = {text for _, text in naming(language)}, set()
    for situation in SITUATIONS:
        for path in NEWEST.paths:
            one = Session(NEWEST)
            one.speak(language)
            one.tell(situation=situation, role="accounting" if situation == "inside" else None)
            one.follow(path)
            one.choose("consult")
            cards = [card.split("</article")[0] for card in drawn(one, "next").split("<article")[1:]]
            answers = [part.split("</details")[0] for part in drawn(one, "results").split('<details id="faq-')[1:]]
            for part in (*cards, *answers):
                here = {text for text in wanted if str(escape(text)) in part}
                whole = all(speech(f"agents_said_{fact}") in part for fact in ("paid", "needless", "free"))
                assert not here or speech("agents_notice") in part or whole
                shown |= here
    assert shown == wanted


def drawn(one: Session, screen: str = "next") -> str:
    """Return what stands on a screen."""
    pieces = screens.SCREENS[screen]().pieces
    for piece in pieces:
        piece.draw(one)
    return "".join(getattr(piece.widget, "html", "") for piece in pieces)


def test_what_names_no_agent_gets_no_notice_and_what_says_it_all_gets_none_either() -> None:
    for language in LANGUAGES:
        speech = say(NEWEST, language)
        assert agents.notice(speech, ["総務の仕事です。", "An agenda."]) == ""
        assert agents.notice(speech, NEWEST.words[language].steps["consult"].hints) == ""
        for text in ("転職エージェントに会う", "Meet an agent", "人材紹介会社に登録する"):
            assert agents.notice(speech, [text]) == speech("agents_notice")


def test_an_old_visits_step_to_an_agent_has_the_notice_on_its_card_and_on_paper() -> None:
    one = Session(THEN)
    one.tell(situation="inside")
    one.choose("use_agent")
    speech = say(THEN, "ja")
    assert speech("agents_notice") in drawn(one)
    assert speech("agents_notice") in list(texts(handout(one, TODAY)))


def test_a_paper_without_agents_says_nothing_of_them() -> None:
    assert handout(Session(NEWEST), TODAY).agents == ""


# --- the sources are marketing ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_articles_are_named_it_says_that_they_are_marketing(language: Language) -> None:
    speech = say(NEWEST, language)
    marketing = speech("sources_marketing")
    articles = {name for name, source in NEWEST.sources.items() if source.kind == "article"}
    for name in NEWEST.sources:
        assert (marketing in speech.named_by([name])) is (name in articles)
    assert marketing in handout(spoken(language), TODAY).sources


@pytest.mark.parametrize("screen", ["results", "next", "workplace", "aptitude", "worksheets"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_screen_names_an_article_without_saying_so(language: Language, screen: str) -> None:
    one = spoken(language)
    speech = one.say
    names = {speech.words.sources[name] for name, row in NEWEST.sources.items() if row.kind == "article"}
    found = 0
    for piece in screens.SCREENS[screen]().pieces:
        piece.draw(one)
        for html in (getattr(piece.widget, "html", ""), *map(str, getattr(piece.widget, "questions", []))):
            if any(name in html or str(escape(name)) in html for name in names):
                found += 1
                assert speech("sources_marketing") in html
    assert found


def spoken(language: Language) -> Session:
    one = Session(NEWEST)
    one.speak(language)
    one.tell(situation="inside", role="accounting", years=4)
    for item, point in quick(*NEWEST.of_kind("fit", "misfit", "frustration"), point=4).items():
        one.respond(item, point)
    return one

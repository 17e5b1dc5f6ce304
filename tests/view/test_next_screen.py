"""How 次の一歩 is laid out: little at once, reasons in words, points for the adviser, buttons with clear names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from advisor.content.model import Case, Facts
from advisor.content.translator import say
from advisor.content.words import LANGUAGES, Language
from advisor.session.session import Session
from advisor.view.workbook import advice_cards
from advisor.view.workbook.page import Page
from tests.newest import NEWEST
from tests.pages import CASES, Markup, adviser_part, opened, sheets, visit
from tests.support import CATALOG, THEN, planned
from tests.view.test_next_steps import UNTOLD, near, told

if TYPE_CHECKING:
    from collections.abc import Iterator

JA = say(CATALOG, "ja")
ACCOUNTANT = CASES["a_accounting"]


def buttons(source: str) -> list[tuple[dict[str, str | None], str, str]]:
    """Return each button of HTML: its attributes, the text that is seen, and the text that is heard."""
    found = []
    for button in re.findall(r"<button.*?</button>", source, re.DOTALL):
        seen = re.sub(r'<span class="aw-visually-hidden">.*?</span>', "", button)
        heard = re.sub(r'<span[^>]*aria-hidden="true">.*?</span>', "", button)
        seen = re.sub(r'<span[^>]*aria-hidden="true">.*?</span>', "", seen)
        found.append((Markup(button).tags[0][1], Markup(seen).text.strip(), Markup(heard).text.strip()))
    return found


def shared(page: Page) -> str:
    """Return what both see of the screen."""
    return visit(page, "next")


def unfolded(markup: str) -> str:
    """Return HTML without what is folded."""
    while (start := markup.find("<details")) >= 0:
        depth, place = 0, start
        for match in re.finditer(r"<details|</details>", markup[start:]):
            depth += 1 if match[0] == "<details" else -1
            place = start + match.end()
            if not depth:
                break
        markup = markup[:start] + markup[place:]
    return markup


def states() -> Iterator[tuple[str, Page]]:
    """Yield pages in every state of a choice: nothing, one, all three chosen, a path, level paths, silence, old."""
    for language in LANGUAGES:
        steps = [advice.target for advice in opened(ACCOUNTANT).session.reading.steps[:4]]
        yield "nothing chosen", opened(ACCOUNTANT, None, language)
        yield "one chosen", opened(ACCOUNTANT, planned("fair_employer", *steps[:1]), language)
        yield "three chosen", opened(ACCOUNTANT, planned("stay_and_improve", *steps[1:4]), language)
        for session in (near(), told(UNTOLD)):
            session.speak(language)
            yield "near or silent", Page(session)
        yield "an old version", opened(ACCOUNTANT, planned(None, *steps[:1]), language, THEN)


@pytest.mark.slow
def test_the_name_of_each_button_begins_with_what_is_seen_in_every_state_and_language() -> None:
    names = set()
    for state, page in states():
        for attributes, seen, whole in buttons(visit(page, "next")):
            name = str(attributes.get("aria-label") or whole)
            if "popovertarget" in attributes:
                continue  # 「⋯」: its name is only heard
            assert seen.strip(), (state, whole)
            assert name.strip().startswith(seen.strip()), (state, seen, name)
            if attributes.get("data-action") in {"choose", "follow", "unfit"}:
                names.add((state, page.session.language, attributes["data-action"], name))
    assert len(names) > 100  # no two of a screen are called alike
    chosen = [name for _, language, action, name in names if language == "ja" and action == "choose"]
    assert any(name.startswith(JA("chosen")) for name in chosen)
    assert any(name.startswith(JA("choose") + JA("name_after", name="")) for name in chosen)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_button_that_does_not_work_says_why_at_the_button(language: Language) -> None:
    steps = [advice.target for advice in opened(ACCOUNTANT).session.reading.steps[:3]]
    page = opened(ACCOUNTANT, planned(None, *steps), language)
    said = visit(page, "next")
    off = [attributes for attributes, *_ in buttons(said) if attributes.get("aria-disabled") == "true"]
    assert len(off) == len(page.session.reading.steps) - 3
    why = say(CATALOG, language)("choose_full", most=3)
    for attributes in off:
        assert f'<small id="{attributes["aria-describedby"]}">{why}</small>' in said
    assert not [
        attributes for attributes, *_ in buttons(said) if attributes.get("data-id") in steps and attributes in off
    ]


@pytest.mark.parametrize("case", ["a_accounting", "b_general_affairs", "c_wants_in"])
def test_at_most_three_steps_and_three_paths_are_seen_at_once(case: str) -> None:
    page = opened(CASES[case])
    cards = re.findall(r'<article class="([^"]*)" id="(?:step|path)-(\w+)"', unfolded(shared(page)))
    reading = page.session.reading
    assert [key for kind, key in cards if "aw-step" in kind] == [advice.target for advice in reading.steps[:3]]
    assert [key for kind, key in cards if "aw-path" in kind] == [advice.target for advice in reading.paths[:3]]


def test_choosing_a_step_moves_no_card() -> None:
    page = opened(ACCOUNTANT)
    before = re.findall(r'id="(?:step|path)-\w+"', visit(page, "next"))
    last = page.session.reading.steps[-1].target
    page.session.choose(last)
    page.session.follow(page.session.reading.paths[-1].target)
    assert re.findall(r'id="(?:step|path)-\w+"', visit(page, "next")) == before
    words = CATALOG.words["ja"]
    for name in (words.steps[last].name, words.paths[page.session.reading.paths[-1].target].name):
        assert JA("fold_chosen", names=JA.quoted([name])) in shared(page)


def test_nothing_of_points_and_remarks_is_in_the_shared_part_and_all_of_it_in_the_adviser_s() -> None:
    page = opened(ACCOUNTANT)
    page.session.unfit("step-quantify")
    page.session.unfit_because("step-quantify", "内緒")
    before, private = shared(page), adviser_part(page, "next")
    for word in ("aw-reason", "unfit", "内緒", JA("total"), JA("points_title")):
        assert word not in before
        assert word in private
    assert private.count("<article") == len(page.session.reading.steps) + len(page.session.reading.paths)


def test_reasons_are_told_in_words_the_strongest_first_and_those_against_it_apart() -> None:
    one = opened(ACCOUNTANT).session
    for card in [*advice_cards.steps(one, JA), *advice_cards.paths(one, JA)]:
        weights = [[abs(reason["points"]) for reason in card[side]] for side in ("speak_for", "against")]
        assert [sorted(side, reverse=True) for side in weights] == weights
        assert all(reason["points"] > 0 for reason in card["speak_for"])
        assert all(reason["points"] < 0 for reason in card["against"])
        assert len(weights[0] + weights[1]) == sum(bool(reason["points"]) for reason in card["reasons"])


def test_level_paths_have_one_sentence_a_bracket_and_the_question_right_under_them() -> None:
    page = Page(near())
    said = shared(page)
    bracket = said.partition('class="aw-level"')[2].partition("</div>\n</div>")[0]
    assert all(f'id="path-{path}"' in bracket for path in page.session.reading.near)
    (sheet,) = sheets(page)
    assert len(sheet.questions) == 1
    pieces = [piece.widget for piece in page.screens["next"].pieces]
    places = [next(n for n, part in enumerate(pieces) if word in str(getattr(part, "html", ""))) for word in
              ('class="aw-level"', 'id="asked-beside"')]  # fmt: skip
    assert places == sorted(places)
    assert pieces.index(sheet) == places[1] + 1
    (rest,) = (part for part in pieces[places[1] :] if 'id="path-' in str(getattr(part, "html", ""))[:400])
    assert not any(f'id="path-{path}"' in rest.html for path in page.session.reading.near)


def test_silence_says_what_is_known_and_offers_to_only_talk() -> None:
    page = Page(told(UNTOLD))
    said = Markup(shared(page)).text
    assert JA("known_of", asked=28, answered=0) in said
    assert JA("known_yes") in said
    talk, plan = (next(attributes for attributes, seen, _ in buttons(visit(page, "next")) if JA(key) in seen)
                  for key in ("calm_talk", "calm_plan"))  # fmt: skip
    assert (talk["data-action"], talk["data-id"]) == ("go", "summary")
    assert (plan["data-action"], plan["data-id"]) == ("go", "plan")
    assert "aw-primary" not in str(plan["class"])
    assert len(sheets(page)[0].questions) == 3
    assert JA("calm_talk") not in Markup(visit(Page(near()), "next")).text
    assert JA("known_not") in Markup(visit(Page(Session(NEWEST)), "next")).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_supposing_says_in_one_sentence_whether_another_path_is_closest(language: Language) -> None:
    page, words = opened(ACCOUNTANT, None, language), say(CATALOG, language)
    visit(page, "next")
    page.session.suppose(page.session.record.case)
    assert words("supposed_stays") in visit(page, "next")
    calm = Case(dict.fromkeys(ACCOUNTANT.responses, 1), facts=Facts(situation="inside", role="accounting"))
    page.session.suppose(calm)
    names = [words.words.paths[reading.paths[0].target].name
             for reading in (page.session.reading, page.session.supposed_reading()) if reading]  # fmt: skip
    assert names[0] != names[1]
    assert words("supposed_moved", now=names[0], then=names[1]) in visit(page, "next")
    live = re.findall(r"<p data-live>([^<]*)</p>", visit(page, "next").partition(words("supposed_title"))[2])
    assert live == [words("supposed_moved", now=names[0], then=names[1])]

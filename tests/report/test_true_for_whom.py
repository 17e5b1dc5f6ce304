"""Nothing is said to whom it is not true for: everything screens and papers say to many random clients, looked through.

The conditions are weighed here once more, one client at a time and in plain Python, and not by
`advisor.scoring.conditions`.
"""

from __future__ import annotations

import os
import re
from datetime import date
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from advisor.content import measures
from advisor.content.model import FIXED, SIGN_ANSWERS, SITUATIONS, TRIED, Case, Facts
from advisor.content.translator import say
from advisor.report.addressed import to_client
from advisor.report.adviser_copy import adviser_copy
from advisor.report.handout import handout
from advisor.scoring.results import Stability
from advisor.session.session import Session
from advisor.view.workbook import advice_cards, next_steps, results
from advisor.view.workbook.page import Page
from tests.newest import NEWEST, SILENT
from tests.pages import Markup, visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from advisor.content.model import When

JA = say(NEWEST, "ja")
TODAY = date(2026, 12, 1)
WORRIES = NEWEST.of_kind("frustration")
FAULTS = int(os.environ.get("ADVISOR_FAULTS", "0"))  # make faults asks for more
EVERYTHING, SCREENS = 10 * FAULTS or 120, FAULTS or 6  # so many clients: all that is said, and the pages as served
PAGES = ("frustrations", "workplace", "results", "next", "plan", "summary")
TABLE = JA.words.scales["stress_tolerance"].low  # of a table that shows what a low and a high answer may mean
LATER = ("steps_with_effect", measures.IN_VAIN)  # measures that are there as soon as something was tried
GROUPS = ("pluses", "minuses", "limits", "entry", "moving", "transfers", "habits", "rules", "faq", "glossary")

AT_WORK = r"今の(?:職場|会社|場所)"
# what must never be read by whom; each condition says for whom it would be false
NEVER: dict[str, Callable[[Session], bool]] = {
    AT_WORK: lambda one: situation(one) == "wants_in",
    r"サインがない|気になるサインはありません": lambda one: one.reading.signs_yes > 0,
    r"気になるサインが重なって": lambda one: one.reading.signs_yes < 2,
    r"変わらなかった(?:のですね|ことは)|試しても、変わらなかったこと": lambda one: "without_effect" not in tried(one),
    r"効果のあったことがある|効果のあった手がある": lambda one: "with_effect" not in tried(one),
    r"移ることを先に考えて": lambda one: not worried(one),
    r"大きな悩みは出ていない|大きな悩みは表れていません": lambda one: worried(one),  # noqa: PLW0108  (defined below)
    r"忙しさがこたえやすい": lambda one: (score(one, "stress_tolerance") or 0) > 40,
    r"未経験": lambda one: at_work(one),  # noqa: PLW0108  (as above)
}


def situation(one: Session) -> str | None:
    return one.record.case.facts.situation


def tried(one: Session) -> list[str]:
    return [*one.record.case.facts.tried.values()]


def score(one: Session, scale: str) -> float | None:
    return one.reading.scores[scale].value


def worried(one: Session) -> bool:
    return any((score(one, worry) or 0) >= SILENT.worry for worry in WORRIES)


# --- conditions, weighed once more ------------------------------------------------------------------------------------


def at_work(one: Session) -> bool:
    """Return whether somebody is at work as far as they told."""
    facts = one.record.case.facts
    told = facts.role is not None or facts.years is not None or bool(facts.signs) or bool(facts.tried)
    return facts.situation == "inside" or (facts.situation == "unsure" and told)


def counted(one: Session) -> dict[str, float]:
    """Return what signs and tried steps come to; nothing of what was not told, or of a workplace outside of one."""
    facts = one.record.case.facts
    here = {step: facts.tried[step] for step in measures.present_steps(NEWEST.steps) if step in facts.tried}
    vain = [step for step, answer in here.items() if answer == "without_effect"]
    high = {worry for worry in WORRIES if (score(one, worry) or 0) >= SILENT.worry}
    found = {f"in_vain_{step}": 0.0 for step in NEWEST.steps} | {f"in_vain_{step}": 100.0 for step in vain}
    if here:
        found["steps_with_effect"] = float([*here.values()].count("with_effect"))
    if facts.signs and facts.situation != "wants_in":
        known = [*facts.signs.values()]
        found |= {f"signs_{answer}": float(known.count(answer)) for answer in SIGN_ANSWERS}
    if facts.tried and facts.situation != "wants_in":
        found[measures.IN_VAIN] = float(sum(bool(high & {*NEWEST.steps[step].answers}) for step in vain))
    return found


def measured(one: Session) -> dict[str, float | None]:
    """Return the measures that conditions of the version name; those that were not told are none or not there."""
    facts = one.record.case.facts
    worries, effects = (
        [value for scale in scales if (value := score(one, scale)) is not None]
        for scales in (WORRIES, NEWEST.of_kind("consequence"))
    )
    return {
        **{scale: score(one, scale) for scale in NEWEST.scales},
        **counted(one),
        measures.INDEX: one.reading.index.value,
        measures.WORRY: max(worries, default=None),
        measures.CONSEQUENCES: sum(effects) / 4 if len(effects) == 4 else None,
        measures.EMPLOYED: 100.0 if at_work(one) else 0.0,
        measures.EFFECTS: float(sum(value >= NEWEST.scoring.bands["score"].high for value in effects)),
        measures.HELP: 100.0 if one.reading.help_needed else 0.0,
        "experience_any": 100.0 if facts.experience else 0.0,
        **{f"fixed_{name}": 100.0 if name in facts.fixed else 0.0 for name in FIXED},
    }


def holds(one: Session, when: When) -> bool:
    facts = one.record.case.facts
    bounds = [(name, bound, 1) for name, bound in when.above.items()]
    bounds += [(name, bound, -1) for name, bound in when.below.items()]
    told = measured(one) if bounds else {}
    found = [(told.get(name), bound, sign) for name, bound, sign in bounds]
    return (
        (not when.situations or facts.situation in when.situations)
        and (not when.roles or facts.role in when.roles)
        and facts.role not in when.not_roles
        and (not when.experience or bool({*when.experience} & {*facts.experience}))
        and all(value is not None and (value - bound) * sign >= -1e-6 for value, bound, sign in found)
    )


@lru_cache(maxsize=1)
def conditional() -> dict[str, list[When]]:
    """Return every sentence that is not for everybody, with the conditions under which it may be said."""
    words, found = JA.words, dict[str, list[Any]]()
    for group in GROUPS:
        for name, row in NEWEST.statements[group].items():
            found.setdefault(flat(getattr(words, group)[name].text), []).append(row.when)
    for name, saying in NEWEST.sayings.items():
        found.setdefault(flat(words.sayings[name]), []).append(saying.when)
    for name, differ in NEWEST.disagreements.items():
        found.setdefault(flat(words.disagreements[name].reconciled), []).append(differ.when)
    for name, variant in NEWEST.variants.items():
        told, base = words.variants[name], words.steps[variant.step].model_dump().values()
        for text in filter(None, (told.first_action, told.summary, told.worked, *told.hints)):
            if text not in base:
                found.setdefault(flat(text), []).append(variant.when)
    for name, step in NEWEST.steps.items():
        when = step.when.model_copy(update={"situations": step.situations})
        found.setdefault(flat(words.steps[name].summary), []).append(when)
    for name, path in NEWEST.paths.items():
        when = path.when.model_copy(update={"situations": path.situations})
        found.setdefault(flat(words.paths[name].summary), []).append(when)
    named = {name for whens in found.values() for when in whens for name in (*when.above, *when.below)}
    assert named <= {*measured(Session(NEWEST)), *measures.SIGN_COUNTS, *LATER}
    return {text: whens for text, whens in found.items() if all(when.model_fields_set for when in whens)}


def flat(text: str) -> str:
    return "".join(text.split())


# --- random clients ---------------------------------------------------------------------------------------------------


def client(chance: Random) -> Session:
    """Return somebody who told much or little, and now and then what does not belong to their situation."""
    share = chance.choice((0.0, 0.4, 0.9, 1.0, 1.0))
    quick = [item for item in NEWEST.items.values() if item.quick]
    mean = chance.choice((2, 3, 4))
    responses = {
        item.id: min(5, max(1, mean + chance.randint(-2, 2))) for item in quick if chance.random() < share
    }  # fmt: skip
    facts = Facts(
        situation=chance.choice((*SITUATIONS, None)),
        role=chance.choice((*NEWEST.roles, None, None, None)),
        years=chance.choice((None, 0, 1, 3, 8, 20)),
        signs={name: chance.choice(SIGN_ANSWERS) for name in NEWEST.signs if chance.random() < 0.6},
        tried={name: chance.choice(TRIED) for name in NEWEST.steps if chance.random() < chance.choice((0, 0.2))},
        experience=tuple(name for name in NEWEST.statements["experience"] if chance.random() < 0.2),
        priorities=tuple(chance.sample(WORRIES, chance.randint(0, 2))),
        fixed=tuple(name for name in FIXED if chance.random() < 0.1),
    )
    one = Session(NEWEST)
    one.open_case(Case(responses, facts=facts))
    if one.reading.paths and chance.random() < 0.5:
        one.follow(one.reading.paths[0].target)
    for step in one.reading.steps[: chance.randint(0, 3)]:
        one.choose(step.target)
    return one


def said(one: Session) -> Iterator[str]:
    """Yield everything that the screens with advice, the handout and the edition say, without drawing a page."""
    yield from to_client(one, JA)
    for row in (*next_steps.steps(one, JA)["steps"], *next_steps.paths(one, JA)["paths"]):
        yield from (words.text for words, _ in row["knowledge"])
        yield from (reason["name"] for reason in row["reasons"] if reason["points"])
    for card in advice_cards.paths(one, JA):
        yield from (words.reconciled for _, words in card["disagreements"])
    around = results.folds(one, JA)
    for key in ("pluses", "minuses", "limits"):
        yield from (words.text for words in around[key])
    for key in ("faq", "glossary"):
        yield from (words.text for _, words in around[key].values())
    yield from (words.reconciled for _, words in around["disagreements"])
    yield str(handout(one, TODAY))


def false(one: Session, text: str) -> list[str]:
    """Return what of a text may not be said to this client."""
    read = flat(text)
    found = [(sentence, whens) for sentence, whens in conditional().items() if sentence in read]
    outside = [sentence for sentence, whens in found if not any(holds(one, when) for when in whens)]
    return outside + [pattern for pattern, wrong in NEVER.items() if re.search(pattern, read) and wrong(one)]


@pytest.mark.slow
def test_nobody_reads_what_is_not_true_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = Random(14)
    monkeypatch.setattr(Session, "insight", unmoved)  # how clear the order is takes longer than all the rest
    for _ in range(EVERYTHING):
        one = client(chance)
        assert false(one, "\n".join(said(one))) == [], one.record.case


def unmoved(one: Session) -> tuple[None, Stability]:
    return None, Stability(one.reading.paths[0].target, 1.0, 400, 0.2, ())


@pytest.mark.slow
def test_no_served_page_and_no_edition_says_it_either() -> None:
    chance = Random(15)
    for _ in range(SCREENS):
        one = client(chance)
        page = Page(one)
        read = "\n".join(Markup(visit(page, screen)).text for screen in PAGES).replace(TABLE, "")
        assert false(one, read) == [], one.record.case
        assert false(one, str(adviser_copy(one, TODAY))) == [], one.record.case


@pytest.mark.parametrize("pattern", NEVER)
def test_each_contradiction_could_be_found(pattern: str) -> None:
    """A pattern that no sentence matches would guard nothing, but for what is no longer said at all."""
    gone = {r"サインがない|気になるサインはありません", "未経験"}
    words = JA.words.model_dump()
    assert bool(re.search(pattern, flat(str(words)))) or pattern in gone

"""The questions of the advance sheet in words, and the blank sheet (質問用紙) on which they are answered by hand.

The blank sheet has the same questions, in the quick or the full form, and nothing of a client.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from advisor.content.model import Case, Facts
from advisor.report.document import Head
from advisor.report.heads import head
from advisor.session import advance

if TYPE_CHECKING:
    from advisor.content.catalog import Catalog
    from advisor.content.translator import Say
    from advisor.content.words import Language
    from advisor.session.advance import Question
    from advisor.session.letterhead import Imprint

PARTS: dict[str, str] = {  # the parts of the sheet in their order, with the sentence that names each
    "situation": "step_start", "aptitude": "step_aptitude", "frustrations": "step_frustrations",
    "workplace": "step_workplace", "wish": "advance_paper_wish",
}  # fmt: skip


TEXTS = {  # the questions beside items and signs
    advance.SITUATION: "ask_situation", advance.ROLE: "ask_role", advance.YEARS: "ask_years",
    advance.EXPERIENCE: "ask_experience", advance.WISH: "advance_wish",
}  # fmt: skip
HELPS = {advance.YEARS: "ask_years_help", advance.EXPERIENCE: "ask_experience_help", advance.WISH: "advance_wish_help"}
LINES = {advance.WISH: 3, advance.YEARS: 1}  # to write on, below the questions without answers to choose from


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on paper, with answers to choose from or ``lines`` to write on.

    ``marks``: it may be marked. ``many``: several answers may be chosen.
    """

    number: str
    text: str
    help: str
    options: tuple[str, ...]
    lines: int = 0
    marks: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class AskedPart:
    """A part of the sheet with its title."""

    title: str
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class QuestionSheet:
    """Everything on the blank sheet, in its order."""

    language: Language
    title: str
    lead: str
    discuss: str
    skip: str
    code: str
    footer: str
    parts: tuple[AskedPart, ...]
    date: str = ""
    head: Head = field(default_factory=Head)


def question_sheet(catalog: Catalog, say: Say, imprint: Imprint, *, full: bool) -> QuestionSheet:
    """Return the blank sheet in the quick form, or in the full one."""
    case = Case(facts=Facts(situation="unsure", widened=tuple(catalog.scales) if full else ()))  # they are asked all
    asked = advance.questions(catalog, case)
    numbers = {one.id: str(number) for number, one in enumerate((one for one in asked if one.id in catalog.items), 1)}
    parts = []
    for part, title in PARTS.items():
        rows = tuple(
            Asked(
                numbers.get(one.id, ""),
                text_of(catalog, say, one),
                _help_on_paper(say, one),
                tuple(name for name, _ in options(catalog, say, one)),
                LINES.get(one.id, 0),
                one.id in catalog.items,
                one.many,
            )
            for one in asked
            if one.part == part
        )
        parts.append(AskedPart(say(title), rows))
    return QuestionSheet(
        language=say.language,
        title=say("advance_paper_title"),
        lead=say("advance_paper_lead"),
        discuss=say("advance_discuss"),
        skip=say("advance_skip"),
        code=say("advance_paper_code"),
        footer=say("advance_paper_footer"),
        parts=tuple(parts),
        head=head(say, imprint),
    )


def text_of(catalog: Catalog, say: Say, asked: Question) -> str:
    """Return a question in words."""
    if asked.id in TEXTS:
        return say(TEXTS[asked.id])
    if asked.id in catalog.items:
        return say.words.items[asked.id]
    return say.words.signs[asked.id.removeprefix("sign_")].question


def help_of(say: Say, asked: Question) -> str:
    """Return the sentence that helps with a question; empty for most."""
    return say(HELPS[asked.id]) if asked.id in HELPS else ""


def _help_on_paper(say: Say, asked: Question) -> str:
    """Return the sentence that helps with a question on paper, where everybody sees every question."""
    told = [] if asked.id == advance.WISH else [help_of(say, asked)]
    told += [say("advance_paper_experience")] if asked.id == advance.EXPERIENCE else []
    return say.prose(told)


def options(catalog: Catalog, say: Say, asked: Question) -> list[tuple[str, str]]:
    """Return the answers of a question in words, each with its note."""
    if asked.id in catalog.items:
        return [(label, "") for label in say.words.labels[catalog.items[asked.id].labels]]
    if asked.id == advance.SITUATION:
        return [(say(f"situation_{name}"), say(f"situation_{name}_note")) for name in asked.options]
    if asked.id == advance.ROLE:
        names = {role: say.words.roles[role].name for role in catalog.roles}
        return [(names.get(name, say("role_other")), "") for name in asked.options]
    if asked.id == advance.EXPERIENCE:
        return [(say.words.experience[name].name, "") for name in asked.options]
    return [(say(f"sign_{answer}"), "") for answer in asked.options]


def answer_of(catalog: Catalog, say: Say, case: Case, asked: Question) -> str:
    """Return the answer to a question in words; empty without one."""
    answer = advance.given(case, asked.id)
    if not answer or not asked.options:
        return answer
    names = dict(zip(asked.options, options(catalog, say, asked), strict=True))
    return say.enumeration(names[one][0] for one in advance.chosen_of(asked, answer) if one in names)

"""The advance sheet (事前シート): the questions that a client may answer before the session, as pure functions.

It asks situation, present role and years in it, experience, aptitude, worries, workplace and the wish for today, one
question at a time, in the quick form. It has no scores and no advice. The same questions stand on paper.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from advisor.content.case_checks import OTHER_ROLE, problems_of_case
from advisor.content.model import SIGN_ANSWERS, SITUATIONS, TRAITS, WORRIES, Case
from advisor.session import answers
from advisor.session.forms import Unusable
from advisor.session.model import Advance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from advisor.content.catalog import Catalog
    from advisor.content.model import Kind
    from advisor.session.model import Invitation, Record

Part = Literal["situation", "aptitude", "frustrations", "workplace", "wish"]
State = Literal["sent", "partly", "done", "taken", "withdrawn", "locked", "ended"]
DAYS = 14  # an invitation holds so long
MOST_WRONG = 10  # after so many wrong digits the link is closed: the adviser makes a new one
SITTING = timedelta(hours=1)  # after so long a pause, answers count as a new sitting
DIGITS = 4  # of the number that is told by another way
SITUATION, ROLE, YEARS, EXPERIENCE, WISH = "situation", "role", "years", "experience", "wish"
SEPARATOR = ","  # between the answers to a question that takes several; no id has it


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its id, its part of the sheet, and what may be answered (nothing: it is typed).

    ``many``: it takes several answers.
    """

    id: str
    part: Part
    options: tuple[str, ...] = ()
    many: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a sheet is: of the ``asked`` items, how many are answered, left out, or wanted to be talked about."""

    asked: int
    answered: int
    skipped: int
    discuss: int


def questions(catalog: Catalog, case: Case) -> tuple[Question, ...]:
    """Return the questions of a client, in order, of each part those that the workbook asks, too.

    Who is not inside yet is not asked about a present workplace; who is inside is not asked about experience.
    """
    situation, widened = case.facts.situation, case.facts.widened
    is_inside = situation != "wants_in"
    asked = [Question(SITUATION, "situation", SITUATIONS)]
    if is_inside:
        asked += [Question(ROLE, "situation", (*catalog.roles, OTHER_ROLE)), Question(YEARS, "situation")]
    if situation in {"wants_in", "unsure"}:
        asked.append(Question(EXPERIENCE, "situation", tuple(catalog.statements["experience"]), many=True))
    asked += _items(catalog, "aptitude", TRAITS, widened)
    if is_inside:
        asked += _items(catalog, "frustrations", WORRIES, widened)
        asked += [Question(f"sign_{sign}", "workplace", SIGN_ANSWERS) for sign in catalog.signs]
    return (*asked, Question(WISH, "wish"))


def _items(catalog: Catalog, part: Part, kinds: tuple[Kind, ...], widened: tuple[str, ...]) -> Iterator[Question]:
    for scale in catalog.of_kind(*kinds):
        for item in catalog.active_items(scale, widened):
            yield Question(item.id, part, tuple(map(str, range(item.low, item.high + 1))))


def given(case: Case, question: str) -> str:
    """Return the answer to a question as text; empty without one. Several answers have the separator between them."""
    facts = case.facts
    told = {
        SITUATION: facts.situation or "",
        ROLE: facts.role or "",
        YEARS: "" if facts.years is None else str(facts.years),
        EXPERIENCE: SEPARATOR.join(facts.experience),
        WISH: facts.wish,
    }
    if question in told:
        return told[question]
    if question.startswith("sign_"):
        return case.facts.signs.get(question.removeprefix("sign_"), "")
    return str(case.responses.get(question, ""))


def answered(catalog: Catalog, case: Case, question: Question, answer: str) -> Case:
    """Return the case with an answer; an empty one takes the answer back.

    Raises:
        KeyError: the question has no such answer.
        Unusable: the words are too long, or are no number where one is asked.
    """
    name = question.id
    chosen = chosen_of(question, answer)
    if question.options and not set(chosen) <= set(question.options):
        raise KeyError(name)
    facts: dict[str, Callable[[], Case]] = {
        SITUATION: lambda: answers.tell(case, situation=answer or None),
        ROLE: lambda: answers.tell(case, role=answer or None),
        YEARS: lambda: answers.tell_years(case, answer),
        EXPERIENCE: lambda: answers.tell(case, experience=tuple(one for one in question.options if one in chosen)),
        WISH: lambda: answers.tell_wish(case, answer),
    }
    if name in facts:
        return facts[name]()
    if question.part == "workplace":
        return answers.answer_sign(catalog, case, name.removeprefix("sign_"), answer or None)
    return answers.respond(catalog, case, name, int(answer) if answer else None)


def chosen_of(question: Question, answer: str) -> tuple[str, ...]:
    """Return the options that an answer as text names; of words of one's own, the text itself."""
    return tuple(filter(None, answer.split(SEPARATOR) if question.many else (answer,)))


def skipped(catalog: Catalog, case: Case, question: Question) -> Case:
    """Return the case with a question left out: without its answer, and for an item with the mark."""
    case = answered(catalog, case, question, "")
    is_marked = question.id in catalog.items and case.marks.get(question.id) != "skip"
    return answers.mark(catalog, case, question.id, "skip") if is_marked else case


def discussed(catalog: Catalog, case: Case, question: Question, *, wants: bool) -> Case:
    """Return the case in which the client wants, or no longer wants, to talk about an item. An answer stays."""
    if question.id not in catalog.items:
        raise KeyError(question.id)
    if wants == (case.marks.get(question.id) == "discuss"):
        return case
    return answers.mark(catalog, case, question.id, "discuss")


def counts(catalog: Catalog, case: Case) -> Counts:
    """Return how far the questions with a scale are answered."""
    items = [one.id for one in questions(catalog, case) if one.id in catalog.items]
    marks = [case.marks.get(item) for item in items]
    given_ones = sum(item in case.responses for item in items)
    return Counts(len(items), given_ones, marks.count("skip"), marks.count("discuss"))


def is_told(case: Case) -> bool:
    """Return whether the client told anything."""
    return case != Case()


def state(invitation: Invitation, at: datetime) -> State:
    """Return how far an invitation is at a moment."""
    if invitation.visit is not None:
        return "taken"
    if invitation.withdrawn is not None:
        return "withdrawn"
    if invitation.done is not None:
        return "done"
    if waits(invitation):
        return "partly"
    if invitation.wrong >= MOST_WRONG:
        return "locked"
    return "sent" if invitation.expires > at else "ended"


def is_open(invitation: Invitation, at: datetime) -> bool:
    """Return whether the link of an invitation works at a moment.

    An advance sheet closes when a visit takes it in. A link to the client's screen has a visit from the start.
    """
    is_taken = invitation.purpose == "before" and invitation.visit is not None
    is_closed = is_taken or invitation.withdrawn is not None or invitation.wrong >= MOST_WRONG
    return not is_closed and invitation.expires > at


def waits(invitation: Invitation) -> bool:
    """Return whether an invitation has answers that the client agreed to keep."""
    return invitation.agreed is not None and is_told(invitation.case)


def taken_back(invitation: Invitation) -> Invitation:
    """Return the invitation as before the client agreed to anything: without answers. The link goes on."""
    return replace(invitation, agreed=None, changed=None, done=None, case=Case(), place="")


def taken_in(catalog: Catalog, record: Record, invitation: Invitation) -> Record:
    """Return the record with what the client told before the session. What the sheet does not tell stays.

    Answers that this catalogue does not know (it was changed meanwhile) are left out.
    """
    told, facts = invitation.case, record.case.facts
    responses = {item: point for item, point in told.responses.items() if _fits(catalog, item, point)}
    marks = {item: mark for item, mark in told.marks.items() if item in catalog.items}
    signs = {sign: answer for sign, answer in told.facts.signs.items() if sign in catalog.signs}
    role = told.facts.role if told.facts.role in (*catalog.roles, OTHER_ROLE) else None
    experience = tuple(one for one in told.facts.experience if one in catalog.statements["experience"])
    case = replace(
        record.case,
        responses={**record.case.responses, **responses},
        marks={**{item: mark for item, mark in record.case.marks.items() if item not in responses}, **marks},
        facts=replace(
            facts,
            situation=told.facts.situation or facts.situation,
            role=role or facts.role,
            years=facts.years if told.facts.years is None else told.facts.years,
            experience=experience or facts.experience,
            wish=told.facts.wish or facts.wish,
            signs={**facts.signs, **signs},
        ),
    )
    case = replace(case, responses={item: p for item, p in case.responses.items() if case.marks.get(item) != "skip"})
    at = invitation.changed or invitation.agreed or invitation.made
    return replace(record, case=case, language=invitation.language, advance=Advance(at, responses))


def open_points(catalog: Catalog, case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the items that the client wants to talk about, and those that they left out."""
    marked = [(item, case.marks[item]) for item in catalog.items if item in case.marks]
    return tuple(i for i, m in marked if m == "discuss"), tuple(i for i, m in marked if m == "skip")


def digits_of(text: str) -> str:
    """Return four typed digits, also of full width.

    Raises:
        Unusable: they are not four digits.
    """
    typed = "".join(text.split()).translate(answers.HALF_WIDTH)
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdecimal()):
        raise Unusable("advance_error_digits", DIGITS)
    return typed


def _fits(catalog: Catalog, item: str, point: int) -> bool:
    return not any(problems_of_case(catalog, Case(responses={item: point})))

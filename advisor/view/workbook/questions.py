"""The questions of each screen, made from the catalogue. Ids of signs and steps begin with ``sign-`` or ``tried-``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.content.case_checks import OTHER_ROLE, PRIORITIES_MAX, WISH_MAX
from advisor.content.measures import YEARS_MAX
from advisor.content.model import FIXED, NOTHING_FIXED, SIGN_ANSWERS, SITUATIONS, TRIED
from advisor.report.sentences import of_its_day
from advisor.scoring import personal
from advisor.session.record import KINDS

if TYPE_CHECKING:
    from advisor.content.model import Case, Item, Kind
    from advisor.content.translator import Say
    from advisor.session.session import Session

Question = dict[str, Any]
PLAIN_ACTIONS = ("skip", "discuss")
SUPPOSED = 3  # the number of worries, and of first steps, in もしも


def heading(say: Say, key: str) -> Question:
    """Return a heading between questions, with its explanation."""
    return {
        "id": f"heading-{key}",
        "type": "heading",
        "level": 2,
        "text": say(f"heading_{key}"),
        "help": say(f"heading_{key}_help"),
    }


def situation_question(say: Say) -> Question:
    """Return the question about the client's situation."""
    options = [
        {"id": name, "label": say(f"situation_{name}"), "note": say(f"situation_{name}_note")} for name in SITUATIONS
    ]
    return {"id": "situation", "type": "choice", "text": say("ask_situation"), "options": options}


def start(session: Session, say: Say) -> list[Question]:
    """Return the questions of はじめに: the client's situation and their wish for today."""
    facts = session.record.case.facts
    roles = [{"id": role, "label": say.words.roles[role].name} for role in session.catalog.roles]
    questions: list[Question] = [situation_question(say)]
    if facts.situation != "wants_in":
        questions += [
            {
                "id": "role",
                "type": "select",
                "text": say("ask_role"),
                "options": [*roles, {"id": OTHER_ROLE, "label": say("role_other")}],
            },
            {
                "id": "years",
                "type": "number",
                "text": say("ask_years"),
                "help": say("ask_years_help"),
                "min": 0,
                "max": YEARS_MAX,
            },
        ]
    if facts.situation in {"wants_in", "unsure"}:
        options = [
            {"id": name, "label": words.name, "note": words.text} for name, words in say.words.experience.items()
        ]
        questions.append(
            {
                "id": "experience",
                "type": "checks",
                "text": say("ask_experience"),
                "help": say("ask_experience_help"),
                "options": options,
            }
        )
    if session.catalog.scoring.choosing:
        fixed = [{"id": name, "label": say(f"fixed_{name}"), "note": say(f"fixed_{name}_note")} for name in FIXED]
        questions.append({
            "id": "fixed", "type": "checks", "text": say("ask_fixed"), "help": say("ask_fixed_help"),
            "options": [*fixed, {"id": NOTHING_FIXED, "label": say("fixed_none")}],
        })  # fmt: skip
    questions.append({
        "id": "wish", "type": "text", "text": of_its_day(say, session, "ask_wish"), "help": say("ask_wish_help"),
        "maxlength": WISH_MAX,
    })  # fmt: skip
    return with_errors(session, say, questions)


def with_errors(session: Session, say: Say, questions: list[Question]) -> list[Question]:
    """Return the questions with the errors of their typed texts. The given questions are changed in place."""
    for question in questions:
        if question["id"] in session.typed:
            _, word, most = session.typed[question["id"]]
            question["error"] = say(word, most=most)
    return questions


def start_values(session: Session) -> dict[str, Any]:
    """Return the facts as values of the sheet. Typed text that cannot be used yet stands as it was typed."""
    facts = session.record.case.facts
    values = {
        "situation": facts.situation,
        "role": facts.role,
        "years": None if facts.years is None else str(facts.years),
        "experience": list(facts.experience),
        "wish": facts.wish,
    }
    values |= {"fixed": list(facts.fixed)} if session.catalog.scoring.choosing else {}
    return values | typed(session)


def typed(session: Session) -> dict[str, str]:
    """Return the typed texts that cannot be used yet, by question id."""
    return {field: text for field, (text, *_) in session.typed.items()}


def scales(session: Session, say: Say, *kinds: Kind) -> list[Question]:
    """Return the items of all scales of these kinds. Each scale has its quick item; a widened scale has all items."""
    questions = _quick(say) if session.is_quick else []
    for kind in kinds:
        questions.append(heading(say, kind))
        for scale in session.catalog.of_kind(kind):
            items = session.catalog.active_items(scale, session.record.case.facts.widened)
            for item in items:
                questions.append(item_question(session, say, item, first=item is items[0]))
    return questions


def _quick(say: Say) -> list[Question]:
    """Return the heading that says how answers are typed in from paper, with the button that ends it."""
    end = [{"name": "quick", "label": say("advance_quick_end")}]
    told = {"text": say("advance_quick"), "help": say("advance_quick_help"), "actions": end}
    return [{"id": "heading-quick", "type": "heading", "level": 2, **told}]


def marker_questions(session: Session, say: Say) -> list[Question]:
    """Return the questions for the adviser's markers: the items on the present screen, and those with a marker."""
    kinds, widened = KINDS.get(session.record.screen, ()), session.record.case.facts.widened
    shown = [
        item
        for scale in session.catalog.of_kind(*kinds)
        for item in session.catalog.active_items(scale, widened)
    ]  # fmt: skip
    shown += [
        session.catalog.items[name] for name in session.record.markers if session.catalog.items[name] not in shown
    ]
    return [
        {
            "id": f"marker-{item.id}", "type": "scale", "text": say.words.items[item.id],
            "labels": list(say.words.labels[item.labels]), "low": item.low, "high": item.high,
        }
        for item in shown
    ]  # fmt: skip


def marker_values(session: Session) -> dict[str, Any]:
    """Return the adviser's markers as values of the sheet."""
    return {f"marker-{item}": point for item, point in session.record.markers.items()}


def responses(session: Session) -> dict[str, Any]:
    """Return the client's responses as values of the sheet."""
    return dict(session.record.case.responses)


def item_question(session: Session, say: Say, item: Item, *, first: bool) -> Question:
    """Return one item with the entries of its menu. ``first``: the quick item of its scale.

    The entries: star, discuss, skip, widen. An entry that is ``off`` says why.
    """
    record = session.record
    kind = session.catalog.scales[item.scale].kind
    priorities = record.case.facts.priorities
    marks = record.case.marks
    actions = [
        {"name": "discuss", "label": say("discuss"), "pressed": marks.get(item.id) == "discuss"},
        {"name": "skip", "label": say("skip"), "pressed": marks.get(item.id) == "skip"},
    ]
    if first and kind == "frustration":
        starred = item.scale in priorities
        is_full = not starred and len(priorities) >= PRIORITIES_MAX
        star = {"name": "prioritise", "label": say("prioritise"), "pressed": starred}
        actions.insert(0, star | ({"off": say("prioritise_full", most=PRIORITIES_MAX)} if is_full else {}))
    if first:
        widened = item.scale in record.case.facts.widened
        actions.append({"name": "widen", "label": say("widen"), "pressed": widened})
    return {
        "id": item.id, "type": "scale", "text": say.words.items[item.id], "labels": list(say.words.labels[item.labels]),
        "low": item.low, "high": item.high, "scale": item.scale, "indent": not first, "actions": actions,
        "notes": _notes(session, say, item) if first else [],
        "from": say("advance_from_short") if _is_from_before(session, item) else "",
    }  # fmt: skip


def _is_from_before(session: Session, item: Item) -> bool:
    """Return whether an answer stands as the client gave it in the advance sheet."""
    before, point = session.record.advance, session.record.case.responses.get(item.id)
    return before is not None and point is not None and before.responses.get(item.id) == point


def _notes(session: Session, say: Say, item: Item) -> list[dict[str, str]]:
    """Return the sources of a scale, and both sides of each disagreement about it."""
    scale = session.catalog.scales[item.scale]
    notes = [
        {
            "title": say.words.scales[scale.id].name,
            "text": say.named_by(scale.sources),
        }
    ]
    for name, row in session.catalog.disagreements.items():
        if scale.id in row.about:
            words = say.words.disagreements[name]
            notes.append(
                {
                    "title": say("sources_differ", name=words.name),
                    "text": f"{words.claim} / {words.against} → {words.reconciled}",
                }
            )
    return notes


def scoring(session: Session, *kinds: Kind) -> dict[str, Any]:
    """Return the figures with which the browser scores these scales at once, before Python's scores arrive."""
    catalog, widened = session.catalog, session.record.case.facts.widened
    return {
        "min_answered": catalog.scoring.min_answered,
        "scales": {
            scale: [
                {"id": item.id, "reverse": item.reverse, "low": item.low, "high": item.high}
                for item in catalog.active_items(scale, widened)
            ]
            for kind in kinds
            for scale in catalog.of_kind(kind)
        },
    }


def workplace(session: Session, say: Say) -> list[Question]:
    """Return the questions of 職場: signs of the employer's system, and steps tried.

    A client who wants to enter back-office work is asked only about their preparation.
    """
    situation = session.record.case.facts.situation
    questions: list[Question] = []
    if situation != "wants_in":
        questions.append(heading(say, "signs"))
        questions += [sign_question(session, say, sign) for sign in session.catalog.signs]
    questions.append(heading(say, "tried" if situation != "wants_in" else "prepared"))
    return [*questions, *(tried_question(session, say, step) for step in triable(session))]


def sign_question(session: Session, say: Say, sign: str) -> Question:
    """Return the question about one sign of the employer's system."""
    words, row = say.words.signs[sign], session.catalog.signs[sign]
    sources = say.enumeration(say.sources(row.sources))
    notes = [
        {
            "title": say("healthy"),
            "text": f"{words.healthy}{say('bracketed', text=sources)}{say.marketing(row.sources)}",
        }
    ]
    options = [{"id": answer, "label": say(f"sign_{answer}")} for answer in SIGN_ANSWERS]
    return {
        "id": f"sign-{sign}", "type": "choice", "text": words.question, "options": options,
        "notes": notes, "menu": True,
    }  # fmt: skip


def tried_question(session: Session, say: Say, step: str) -> Question:
    """Return the question whether one step was tried."""
    words = personal.step_words(session.catalog, say.words, session.reading, step)
    options = [{"id": answer, "label": say(f"tried_{answer}")} for answer in TRIED]
    return {
        "id": f"tried-{step}", "type": "choice", "text": words.name, "help": words.summary, "options": options,
        "menu": True,
    }  # fmt: skip


def triable(session: Session) -> tuple[str, ...]:
    """Return the steps that the client may have tried already: those of the client's situation.

    If steps have topics, return the first step of each topic that fits the client's role, and every step with an
    answer. Further steps of a topic are only variations.
    """
    catalog, facts = session.catalog, session.record.case.facts
    steps = [
        step for step, row in catalog.steps.items() if facts.situation is None or facts.situation in row.situations
    ]
    if catalog.scoring.choosing is None:
        return tuple(steps)
    own = [step for step in steps if not (roles := catalog.steps[step].when.roles) or facts.role in roles]
    topics = {catalog.steps[step].topic: step for step in reversed(own)}
    return tuple(step for step in steps if step in topics.values() or step in facts.tried)


def open_question(session: Session, say: Say, name: str) -> Question:
    """Return an open question for 次の一歩: an item, ``sign_…``, ``tried_…`` or ``situation``."""
    kind, _, target = name.partition("_")
    if name in session.catalog.items:
        asked = item_question(session, say, session.catalog.items[name], first=False)
        actions = [action for action in asked["actions"] if action["name"] in PLAIN_ACTIONS]
        return {**asked, "indent": False, "actions": actions}
    if kind == "sign":
        return sign_question(session, say, target)
    if kind == "situation":
        return situation_question(say)
    tried = tried_question(session, say, target)
    return {**tried, "text": say("tried_ask", name=tried["text"])}  # here no heading asks whether it was tried


def values(session: Session) -> dict[str, Any]:
    """Return every answer by the id of its question."""
    return {**session.record.case.responses, **workplace_values(session.record.case), **start_values(session)}


def workplace_values(case: Case) -> dict[str, Any]:
    """Return the answers about signs and tried steps as values of the sheet."""
    return {f"sign-{sign}": answer for sign, answer in case.facts.signs.items()} | {
        f"tried-{step}": answer for step, answer in case.facts.tried.items()
    }


def supposable(session: Session, say: Say) -> list[Question]:
    """Return the questions of もしも: the worst frustrations, the first steps, and the steps tried in vain."""
    record, reading = session.record, session.reading
    scored = [scale for scale in session.catalog.of_kind("frustration") if reading.scores[scale].value is not None]
    weight = {scale: (scale in record.case.facts.priorities, reading.scores[scale].value or 0) for scale in scored}
    questions = [heading(say, "suppose_worries")] if scored else []
    for scale in sorted(scored, key=lambda name: weight[name], reverse=True)[:SUPPOSED]:
        for item in session.catalog.active_items(scale, record.case.facts.widened):
            question = item_question(session, say, item, first=False)
            questions.append({**question, "actions": [], "indent": False})
    questions.append(heading(say, "suppose_steps"))
    options = [{"id": answer, "label": say(f"tried_{answer}")} for answer in TRIED]
    in_vain = [step for step, answer in record.case.facts.tried.items() if answer == "without_effect"]
    steps = dict.fromkeys([*(advice.target for advice in reading.steps[:SUPPOSED]), *in_vain])
    questions += [
        {"id": f"tried-{step}", "type": "choice", "text": say.words.steps[step].name, "options": options}
        for step in steps
    ]
    return questions

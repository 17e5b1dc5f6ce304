"""The screen 行動計画: cards of actions, and the days ahead; and the review of last time's actions."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from advisor.report.sanitize import action_name
from advisor.report.sentences import day, moment, weekday
from advisor.scoring import personal
from advisor.session.model import HELPED, STATUSES, TOKYO
from advisor.session.plans import MOST_ACTIONS, MOST_CHOSEN, outcome
from advisor.view.components import PieceBox, form, panel, sheet
from advisor.view.workbook.questions import typed, with_errors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from advisor.content.translator import Say
    from advisor.content.words import StepWords
    from advisor.session.model import Action
    from advisor.session.session import Session
    from advisor.view.workbook.questions import Question

TOLD: tuple[str, ...] = ("done", "partly", "not")  # the answers about an action of last time
WITHIN = (30, 60, 90)  # days
FIELDS = ("what", "first", "by", "helper", "known_by", "status", "helped")


def now() -> datetime:
    """Return the time in Tokyo, without a time zone."""
    return datetime.now(TOKYO).replace(tzinfo=None)


def when(say: Say, then: date, today: date) -> str:
    """Return a day in words: with its weekday, or with its year if that differs from the year of ``today``."""
    return weekday(say.language, then) if then.year == today.year else day(say.language, then)


# --- cards of actions ---------------------------------------------------------------------------------------------


def card(place: int) -> PieceBox:
    """Return the card of the plan's action at ``place`` (from 0): its head and its form, empty without an action."""

    def action(session: Session) -> Action | None:
        chosen = session.record.plan.chosen
        return chosen[place] if place < len(chosen) else None

    def head(session: Session, say: Say) -> dict[str, Any]:
        mine = action(session)
        return {"action": mine, "number": place + 1, "name": action_name(say, mine) if mine else ""}

    def asked(session: Session, say: Say) -> list[Question]:
        mine = action(session)
        return with_errors(session, say, questions(say, mine, _step(session, say, mine))) if mine else []

    def values(session: Session) -> dict[str, Any]:
        mine = action(session)
        return filled("action", (mine,)) | typed(session) if mine else {}

    fields = sheet(asked, values, classes=("aw-plan-form",), marks=lambda _: {})
    return form(panel("plan_head", head), fields, "aw-card")


def _step(session: Session, say: Say, action: Action) -> StepWords | None:
    """Return the words for this client of the step behind an action; None for an action without a step."""
    return personal.step_words(session.catalog, say.words, session.reading, action.step) if action.step else None


def questions(say: Say, action: Action, step: StepWords | None = None) -> list[Question]:
    """Return the form of an action. Suggestions of a step stand beside the fields; they never fill them."""
    past = action.by is not None and action.by < now().date() and action.status in {"open", "partly"}

    def ask(field: str, kind: str, help_text: str = "", **more: object) -> Question:
        asked = {"id": f"action-{action.id}-{field}", "type": kind, "text": say(f"ask_action_{field}"), **more}
        return asked | ({"help": help_text} if help_text else {})

    def example(field: str, text: str) -> str:
        return say("for_example", text=text) if text else say(f"ask_action_{field}_help")

    fields = [
        ask("what", "line", say("ask_action_what_step" if step else "ask_action_what_help"),
            placeholder=step.name if step else ""),
        ask("first", "line", example("first", step.first_action if step else "")),
        ask("by", "date", say("ask_action_by_past" if past else "ask_action_by_help")),
        ask("helper", "line", say("ask_action_helper_help")),
        ask("known_by", "line", example("known_by", step.worked if step else "")),
        ask("status", "select", options=_options(say, "status", STATUSES)),
    ]  # fmt: skip
    return [*fields, ask("helped", "choice", options=_options(say, "helped", HELPED))] if _was_tried(action) else fields


def _options(say: Say, field: str, values: Iterable[str]) -> list[dict[str, str]]:
    return [{"id": value, "label": say(f"{field}_{value}")} for value in values]


def _was_tried(action: Action) -> bool:
    return action.status in {"done", "partly"}


def filled(kind: str, actions: Iterable[Action]) -> dict[str, Any]:
    """Return the fields of actions, by the id of the question on a sheet."""
    values: dict[str, Any] = {}
    for action in actions:
        for field in FIELDS:
            value = getattr(action, field)
            values[f"{kind}-{action.id}-{field}"] = value.isoformat() if isinstance(value, date) else value
    return values


def more(session: Session, say: Say) -> dict[str, Any]:
    """Return the values below the cards: whether another action can be added, and the actions put aside."""
    plan = session.record.plan
    return {
        "chosen": len(plan.chosen),
        "most": MOST_CHOSEN,
        "full": len(plan.chosen) >= MOST_CHOSEN,
        "kept": MOST_ACTIONS if len(plan.actions) >= MOST_ACTIONS else 0,
        "aside": [{"id": action.id, "name": action_name(say, action)} for action in plan.actions if action.aside],
    }


# --- the days ahead -----------------------------------------------------------------------------------------------


def horizon(actions: Iterable[Action], today: date) -> dict[str, list[Action]]:
    """Return actions in groups of days ahead, the nearest first. Actions that are done or given up are ``closed``."""
    groups: dict[str, list[Action]] = {
        name: [] for name in ("overdue", *map(str, WITHIN), "later", "undated", "closed")
    }  # fmt: skip
    for action in sorted(actions, key=lambda action: action.by or date.max):
        groups[_group(action, today)].append(action)
    return groups


def _group(action: Action, today: date) -> str:
    if action.status in {"done", "not"}:
        return "closed"
    if action.by is None:
        return "undated"
    ahead = (action.by - today).days
    return "overdue" if ahead < 0 else next((str(days) for days in WITHIN if ahead <= days), "later")


def ahead(session: Session, say: Say) -> dict[str, Any]:
    """Return the view of the next 30, 60 and 90 days: groups in order, each action with its day and status."""
    record, today = session.record, now().date() if session.state == "live" else session.day

    def row(action: Action) -> dict[str, str]:
        return {
            "name": action_name(say, action),
            "by": when(say, action.by, today) if action.by else "",
            "iso": action.by.isoformat() if action.by else "",
            "status": say(f"status_{action.status}") if action.status != "open" else "",
        }

    groups = horizon(record.plan.chosen, today)
    return {
        "today": when(say, today, now().date()),
        "today_word": "horizon_today" if session.state == "live" else "horizon_today_then",
        "groups": [
            {"key": name, "title": say(f"horizon_{name}"), "rows": [row(action) for action in actions]}
            for name, actions in groups.items()
            if actions or name in map(str, WITHIN)
        ],
        "actions": len(record.plan.chosen),
        "dated": any(action.by for action in record.plan.chosen),
        "next_at": moment(say.language, record.next_at) if record.next_at else "",
    }


def appointment(session: Session, say: Say) -> list[Question]:
    """Return the question about the next appointment."""
    moment = session.record.next_at
    help_text = "ask_next_at_past" if moment is not None and moment < now() else "ask_next_at_help"
    asked = {"id": "next_at", "type": "moment", "text": say("ask_next_at"), "help": say(help_text)}
    return with_errors(session, say, [asked])


def appointment_values(session: Session) -> dict[str, Any]:
    """Return the next appointment as a value of a ``datetime-local`` field."""
    moment = session.record.next_at
    return {"next_at": moment.isoformat(timespec="minutes") if moment else None} | typed(session)


# --- last time's actions ------------------------------------------------------------------------------------------


def review() -> PieceBox:
    """Return the review: the questions what became of last time's actions. A first visit has none."""

    def head(session: Session, _: Say) -> dict[str, Any]:
        return {"full": len(session.record.plan.chosen) >= MOST_CHOSEN, "most": MOST_CHOSEN}

    def values(session: Session) -> dict[str, Any]:
        answers = filled("review", session.record.review)
        return {name: None if value == "open" else value for name, value in answers.items()}  # open: not answered yet

    fields = sheet(reviewed, values, classes=(), marks=lambda _: {})
    return form(panel("review", head), fields, "aw-card")


def reviewed(session: Session, say: Say) -> list[Question]:
    """Return the questions about last time's actions. Only an action that was tried is asked whether it helped."""
    asked: list[Question] = []
    for action in session.record.review:
        asked.append({
            "id": f"review-{action.id}-status", "type": "choice", "options": _options(say, "status", TOLD),
            "text": say("ask_review_status", name=action_name(say, action)),
            "help": _remembered(session, say, action), "actions": _carry(session, say, action),
        })  # fmt: skip
        if _was_tried(action):
            counts = say("review_tried") if action.step and outcome(action) else ""
            asked.append({
                "id": f"review-{action.id}-helped", "type": "choice", "options": _options(say, "helped", HELPED),
                "text": say("ask_action_helped"), "help": counts, "indent": True,
            })  # fmt: skip
    return asked


def _remembered(session: Session, say: Say, action: Action) -> str:
    """Return in sentences what was agreed last time, and whether this plan goes on with it."""
    sentences = [say("review_first", text=action.first)] if action.first.strip() else []
    sentences += [say("review_by", date=day(say.language, action.by))] if action.by else []
    sentences += [say("review_carried")] if is_carried(session, action) else []
    return say("sentence_separator").join(sentences)


def _carry(session: Session, say: Say, action: Action) -> list[dict[str, str]]:
    """Return the button that takes an action of last time into this plan; none if the plan has no room."""
    if is_carried(session, action) or len(session.record.plan.chosen) >= MOST_CHOSEN:
        return []
    return [{"name": "carry", "label": say("review_carry")}]


def is_carried(session: Session, old: Action) -> bool:
    """Return whether this plan goes on with an action of last time: it has the same step, or the same words."""
    chosen = session.record.plan.chosen
    if old.step:
        return any(action.step == old.step for action in chosen)
    return any(not action.step and (action.what, action.first) == (old.what, old.first) for action in chosen)

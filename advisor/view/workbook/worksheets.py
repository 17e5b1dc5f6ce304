"""The screen ワークシート: the choice of a worksheet, its fields, and the results beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.session import quantify, worksheets
from advisor.session.quantify import savings
from advisor.view.components import Piece, panel, sheet
from advisor.view.workbook.questions import Question, typed, with_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from advisor.content.model import FormField
    from advisor.content.translator import Say
    from advisor.session.model import Entry
    from advisor.session.session import Session

UNITS = {
    "before": "form_minutes", "after": "form_minutes", "times": "form_times",
    "errors_before": "form_errors", "errors_after": "form_errors",
}  # fmt: skip
LISTS = ("choice", "checks")  # stored as ids, separated by spaces


def pieces() -> tuple[Piece, Piece, Piece]:
    """Return the choice of a worksheet, the fields of the open one, and its results."""
    return (
        panel("worksheets", _choice),
        sheet(questions, values, classes=("aw-card", "aw-form")),
        panel("worksheets_aside", _aside),
    )


def opened(session: Session) -> str:
    """Return the name of the open worksheet: the chosen one, else the one that helps most people in this situation.

    An old visit that is only read opens its first worksheet with any text.
    """
    wants_in = session.record.case.facts.situation == "wants_in"
    if session.sheet or not session.is_read_only:
        return session.sheet or ("inventory" if wants_in else "quantify")
    filled = (name for name in session.catalog.worksheets if worksheets.entries(session.record, name))
    return next(filled, "quantify")


def _choice(session: Session, say: Say) -> dict[str, Any]:
    open_one, record = opened(session), session.record
    cards = [
        {
            "key": name,
            "name": say.words.worksheets[name].name,
            "open": name == open_one,
            "filled": sum(1 for entry in worksheets.entries(record, name) if entry),
            "single": form.rows == 1,
            "taken": name in record.handout,
        }
        for name, form in session.catalog.worksheets.items()
    ]
    return {"cards": cards}


# --- fields -------------------------------------------------------------------------------------------------------


def questions(session: Session, say: Say) -> list[Question]:
    """Return the fields of the open worksheet: its rows, and one empty row to go on."""
    name = opened(session)
    form, words = session.catalog.worksheets[name], say.words.worksheets[name]
    rows = worksheets.entries(session.record, name)
    lead = words.lead if not session.is_read_only else "" if rows else say("read_nothing")
    asked: list[Question] = [{"id": f"form-{name}", "type": "heading", "level": 2, "text": words.name, "help": lead}]
    for number in range(min(len(rows) + (0 if session.is_read_only else 1), form.rows)):
        if form.rows > 1:
            asked.append(_row_heading(say, name, number, is_there=number < len(rows)))
        entry = rows[number] if number < len(rows) else {}
        turn = {"turn": session.turns[name]} if name in session.turns else {}
        fields = [{**_field(say, name, number, field, row), **turn} for field, row in form.fields.items()]
        if name == "quantify":
            fields = _with_drafts(session, say, number, entry, fields)
        elif name == "motive":
            fields = [_with_hint(say, question, entry) for question in fields]
        asked += fields
    return with_errors(session, say, asked)


def _row_heading(say: Say, name: str, number: int, *, is_there: bool) -> Question:
    """Return the heading of a row. The event ``drop_row`` carries its id."""
    return {
        "id": f"{name}-{number}",
        "type": "heading",
        "text": say("form_row", number=number + 1) if is_there or number == 0 else say("form_next_row"),
        "actions": [{"name": "drop_row", "label": say("form_drop")}] if is_there else [],
    }


def _field(say: Say, name: str, number: int, field: str, row: FormField) -> Question:
    words = say.words.worksheets[name].fields[field]
    question: Question = {
        "id": f"sheet-{name}-{number}-{field}", "type": row.type, "text": words.label, "help": words.help,
    }  # fmt: skip
    if row.type in LISTS:
        question["options"] = [_option(say, option, label) for option, label in words.options.items()]
    if row.type == "text":
        question["maxlength"] = row.most
    if field in UNITS:
        question["unit"] = say(UNITS[field])
    return question


def _option(say: Say, option: str, label: str) -> dict[str, str]:
    """Return an option. A question for a job interview has a note: what a vague answer may mean."""
    vague = f"form_vague_{option}"
    if vague not in say.sentences:
        return {"id": option, "label": label}
    return {"id": option, "label": label, "note": say("form_vague", text=say(vague))}


def _with_drafts(session: Session, say: Say, number: int, entry: Entry, fields: list[Question]) -> list[Question]:
    """Return the fields with a draft below each empty sentence. Without figures for a draft, leave the sentence out."""
    shown = []
    for question in fields:
        field = question["id"].rpartition("-")[2]
        if field not in quantify.SENTENCES:
            shown.append(question)
            continue
        draft = worksheets.draft_at(say, session.record, number, field)
        if entry.get(field) or question["id"] in session.typed:
            shown.append(question)
        elif draft:
            use = [{"name": "use_draft", "label": say("form_use_draft")}]
            shown.append({**question, "hint": say("form_draft_is", draft=draft), "actions": use, "rows": 2})
    return shown


def _with_hint(say: Say, question: Question, entry: Entry) -> Question:
    """Return the field for the reason with a gentle hint, if the reason is a weak one; other fields as they are."""
    if not question["id"].endswith("-reason"):
        return question
    weak = worksheets.weak_reasons(say, entry.get("reason", ""))
    if not weak:
        return question
    return {**question, "hint": [say.words.weak_reasons[name].text for name in weak]}


def values(session: Session) -> dict[str, Any]:
    """Return the values of the open worksheet's fields. Typed text that cannot be used yet stands as it was typed."""
    name = opened(session)
    fields = session.catalog.worksheets[name].fields
    stored = {
        f"sheet-{name}-{number}-{field}": text.split() if fields[field].type == "checks" else text
        for number, entry in enumerate(worksheets.entries(session.record, name))
        for field, text in entry.items()
    }
    return stored | typed(session)


# --- results beside the fields --------------------------------------------------------------------------------------


def _aside(session: Session, say: Say) -> dict[str, Any]:
    name = opened(session)
    rows = worksheets.entries(session.record, name)
    return {
        "name": name,
        "empty": worksheets.paper(session.catalog, say, session.record, name) is None,
        "taken": name in session.record.handout,
        "sources": session.catalog.worksheets[name].sources,
        **BESIDE[name](session, say, rows),
    }


def _quantify(_: Session, say: Say, rows: tuple[Entry, ...]) -> dict[str, Any]:
    saved = savings(rows)
    return {
        "sums": [
            {
                "task": row.task,
                "time": None if row.minutes is None else quantify.time_change(say, row.minutes),
                "errors": None if row.errors is None else quantify.errors_change(say, row.errors),
            }
            for row in saved.counted
        ],
        "time": None if saved.minutes is None else quantify.time_change(say, saved.minutes),
        "errors": None if saved.errors is None else quantify.errors_change(say, saved.errors),
        "sentence": quantify.total_sentence(say, saved),
        "incomplete": [quantify.incomplete(say, row) for row in saved.rows if row.missing],
        "doubts": quantify.doubts(say, saved),
        "assumption": quantify.assumption(say),
    }


def _goals(_: Session, say: Say, rows: tuple[Entry, ...]) -> dict[str, Any]:
    labels = say.words.worksheets["goals"].fields
    goals = []
    for number, entry in enumerate(rows, 1):
        lacking = say.quoted(labels[field].label for field in worksheets.lacks(entry))
        if entry.get("agreed") == "agreed" and not lacking:
            advice = say("form_goal_settled")
        else:
            advice = say("form_goal_lacks", fields=lacking) if lacking else say("form_goal_ready")
        if entry:
            agreed = labels["agreed"].options[entry["agreed"]] if entry.get("agreed") else None
            name = entry.get("goal", "").strip() or say("form_row", number=number)
            goals.append({"name": name, "agreed": agreed, "advice": advice})
    return {"goals": goals}


def _evaluation(session: Session, say: Say, _: tuple[Entry, ...]) -> dict[str, Any]:
    answers = worksheets.signs(session.catalog, session.record)
    return {
        "signs": [(say.words.signs[sign], answer) for sign, answer in answers.items()],
        "wants_in": session.record.case.facts.situation == "wants_in",
    }


def _inventory(session: Session, say: Say, rows: tuple[Entry, ...]) -> dict[str, Any]:
    facts = session.record.case.facts
    suggested = worksheets.suggestions(session.catalog, say, session.record)
    groups = [("form_inbound", True), ("form_outbound", False)]
    return {
        "groups": [(say(key), [each for each in suggested if each.inbound is inbound]) for key, inbound in groups],
        "found": bool(suggested),
        "untold": facts.situation != "inside" and not facts.experience,
        "full": len(rows) >= session.catalog.worksheets["inventory"].rows,
    }


def _motive(_: Session, say: Say, rows: tuple[Entry, ...]) -> dict[str, Any]:
    entry: Mapping[str, str] = rows[0] if rows else {}
    labels = say.words.worksheets["motive"].fields
    return {
        "draft": worksheets.motive_draft(say, entry),
        "lacking": say.quoted(labels[field].label for field in worksheets.motive_lacks(entry)) if entry else "",
    }


BESIDE: dict[str, Callable[[Session, Say, tuple[Entry, ...]], dict[str, Any]]] = {
    "quantify": _quantify, "goals": _goals, "evaluation": _evaluation, "inventory": _inventory, "motive": _motive,
}  # fmt: skip

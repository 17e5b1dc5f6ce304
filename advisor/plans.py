"""Plans and worksheets: whether what a record holds may be, and how a typed text becomes part of it.

Functions take what stands and return what stands afterwards. A text that cannot be used raises :class:`Unusable` with
the word that says why; an id that nothing has raises :class:`KeyError`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from advisor.cases import problems_of_answer
from advisor.client import HELPED, STATUSES, Action, Entry, Plan, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.catalog import Catalog
    from advisor.model import FormField, Tried, Worksheet

MOST_CHOSEN = 3
MOST_ACTIONS = 24  # with those put aside
LINE_MAX = 200
NOTES_MAX = 10_000
LINES = ("what", "first", "known_by", "helper")  # the fields of an action that are plain text
_SECONDS = re.compile(r"(T\d\d:\d\d):\d\d(\.\d{1,3})?$")  # some browsers send them
_DECIMAL = re.compile(r"[0-9]{1,6}(\.[0-9]{1,2})?")


class Unusable(ValueError):  # noqa: N818  (named after what happens to the text)
    """A typed text that cannot be used yet; ``word`` is the interface word that says why, ``most`` its limit."""

    def __init__(self, word: str, most: int = 0) -> None:
        super().__init__(word)
        self.word, self.most = word, most


# --- actions ------------------------------------------------------------------------------------------------------


def choose(plan: Plan, step: str) -> Plan:
    """Return the plan with an action for a step of the catalogue, or without it; what was typed there stays aside."""
    mine = next((action for action in plan.actions if action.step == step), None)
    if mine is None:
        return add(plan, step)
    return take_back(plan, mine.id) if mine.aside else put_aside(plan, mine.id)


def add(plan: Plan, step: str | None = None) -> Plan:
    """Return the plan with a new action at its end."""
    number = 1 + max((int(action.id.removeprefix("a")) for action in plan.actions), default=0)
    return replace(plan, actions=(*plan.actions, Action(f"a{number}", step)))


def put_aside(plan: Plan, name: str) -> Plan:
    """Return the plan without an action: one that says anything is kept aside, an empty one goes."""
    mine = _one(plan.actions, name)
    if mine == Action(mine.id, mine.step):
        return replace(plan, actions=tuple(action for action in plan.actions if action is not mine))
    return replace(plan, actions=_with(plan.actions, replace(mine, aside=True)))


def take_back(plan: Plan, name: str) -> Plan:
    """Return the plan with an action chosen again that had been put aside; it comes last."""
    mine = replace(_one(plan.actions, name), aside=False)
    return replace(plan, actions=(*(action for action in plan.actions if action.id != name), mine))


def carry(plan: Plan, old: Action) -> Plan:
    """Return the plan with an action of last time in it, to go on with; a step that is there already stays as it is."""
    mine = next((action for action in plan.actions if old.step and action.step == old.step), None)
    if mine is not None:
        return take_back(plan, mine.id) if mine.aside else plan
    grown = add(plan, old.step)
    new = grown.actions[-1]
    return replace(grown, actions=_with(grown.actions, replace(old, id=new.id, by=None, status="open", helped=None)))


def tell(actions: tuple[Action, ...], name: str, field: str, text: str) -> tuple[Action, ...]:
    """Return the actions with one field of one of them set from typed text (empty: back to its default)."""
    mine = _one(actions, name)
    value: Any
    if field in LINES:
        value = line(text)
    elif field == "by":
        value = day(text) if text else None
    elif field == "status" and (text or "open") in STATUSES:
        value = text or "open"
    elif field == "helped" and (not text or text in HELPED):
        value = text or None
    else:
        raise KeyError(field)
    return _with(actions, replace(mine, **{field: value}))


def _one(actions: tuple[Action, ...], name: str) -> Action:
    return {action.id: action for action in actions}[name]


def _with(actions: tuple[Action, ...], changed: Action) -> tuple[Action, ...]:
    return tuple(changed if action.id == changed.id else action for action in actions)


def review(record: Record, name: str, field: str, text: str) -> Record:
    """Return the record with what became of one of last time's actions; whether it helped counts as a step tried."""
    actions = tell(record.review, name, field, text)
    old, new = _one(record.review, name), _one(actions, name)
    facts = record.case.facts
    if new.step and (outcome(new) or outcome(old)):
        tried = {step: told for step, told in facts.tried.items() if step != new.step}
        if told := outcome(new):
            tried[new.step] = told
        facts = replace(facts, tried=tried)
    return replace(record, review=actions, case=replace(record.case, facts=facts))


def outcome(action: Action) -> Tried | None:
    """Return what an action says about its step: tried, with effect or without, or nothing yet."""
    if action.status not in {"done", "partly"} or action.helped is None:
        return None
    return "with_effect" if action.helped == "yes" else "without_effect"


# --- worksheets ---------------------------------------------------------------------------------------------------


def write(catalog: Catalog, record: Record, at: tuple[str, int, str], text: str) -> Record:
    """Return the record with the field ``at`` (worksheet, row, field) set from typed text; the next row may begin."""
    worksheet, row, field = at
    form = catalog.worksheets[worksheet]
    value = _usable(form.fields[field], text)
    rows = list(record.worksheets.get(worksheet, ()))
    if not 0 <= row <= min(len(rows), form.rows - 1):
        raise KeyError(row)
    if row == len(rows):
        rows.append({})
    rows[row] = {name: typed for name, typed in {**rows[row], field: value}.items() if typed}
    return with_rows(record, worksheet, rows)


def without_row(record: Record, worksheet: str, row: int) -> Record:
    """Return the record without one row of a worksheet."""
    rows = record.worksheets[worksheet]
    if not 0 <= row < len(rows):
        raise KeyError(row)
    return with_rows(record, worksheet, [*rows[:row], *rows[row + 1 :]])


def with_rows(record: Record, worksheet: str, rows: list[Entry]) -> Record:
    """Return the record with these rows in a worksheet; empty rows at the end are left out."""
    while rows and not rows[-1]:
        rows.pop()
    others = {name: kept for name, kept in record.worksheets.items() if name != worksheet}
    return replace(record, worksheets={**others, worksheet: tuple(rows)} if rows else others)


# --- fields -------------------------------------------------------------------------------------------------------


def fill(catalog: Catalog, record: Record, name: str, text: str) -> Record:
    """Return the record with one field of its forms set from typed text.

    ``name``: action-ID-FIELD, review-ID-FIELD, sheet-WORKSHEET-ROW-FIELD, notes or next_at.
    """
    match name.split("-"):
        case ["action", action, field]:
            return replace(record, plan=replace(record.plan, actions=tell(record.plan.actions, action, field, text)))
        case ["review", action, field]:
            return review(record, action, field, text)
        case ["sheet", worksheet, row, field] if re.fullmatch("[0-9]{1,2}", row):
            return write(catalog, record, (worksheet, int(row), field), text)
        case ["notes"]:
            return replace(record, notes=line(text, NOTES_MAX))
        case ["next_at"]:
            return replace(record, next_at=moment(text) if text else None)
    raise KeyError(name)


# --- typed text ---------------------------------------------------------------------------------------------------


def line(text: str, most: int = LINE_MAX) -> str:
    """Return text that is not too long."""
    if len(text) > most:
        raise Unusable("error_text", most)
    return text


def day(text: str) -> date:
    """Return a day typed as 2026-12-01, 2026/12/1 or in full-width digits."""
    try:
        return date(*map(int, re.split("[-/.年月日]", _plain(text).rstrip("日"))))
    except (TypeError, ValueError, OverflowError):
        raise Unusable("error_date") from None


def moment(text: str) -> datetime:
    """Return a local day and time as a browser's field for them gives it: 2026-12-01T14:00."""
    try:
        typed = _SECONDS.sub(r"\1", _plain(text))
        return datetime.strptime(typed, "%Y-%m-%dT%H:%M")  # noqa: DTZ007  (the local time of the room)
    except ValueError:
        raise Unusable("error_moment") from None


def number(text: str, most: int) -> str:
    """Return a number from 0 to ``most`` with up to two decimals, as plain digits."""
    typed = _plain(text).replace(",", "")
    if not _DECIMAL.fullmatch(typed) or float(typed) > most:
        raise Unusable("error_number", most)
    return typed


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _usable(field: FormField, text: str) -> str:
    if not text.strip():
        return ""
    if field.type == "number":
        return number(text, field.most)
    if field.type == "date":
        return day(text).isoformat()
    if field.type in {"choice", "checks"}:
        chosen = text.split()
        if not set(chosen) <= set(field.options) or (field.type == "choice" and len(chosen) > 1):
            raise KeyError(text)
        return " ".join(option for option in field.options if option in chosen)
    return line(text, field.most)


# --- checks -------------------------------------------------------------------------------------------------------


def problems_of_plan(catalog: Catalog, record: Record) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield where in the record something beside the case is wrong, and what; nothing when it can be used."""
    plan = record.plan
    if plan.path is not None and plan.path not in catalog.paths:
        yield ("plan", "path"), "no path has this id"
    if len(plan.chosen) > MOST_CHOSEN:
        yield ("plan", "actions"), f"at most {MOST_CHOSEN}"
    yield from _actions(catalog, ("plan", "actions"), plan.actions)
    yield from _actions(catalog, ("review",), record.review)
    for name, answer in record.markers.items():
        yield from problems_of_answer(catalog, ("markers", name), name, answer)
    for name, rows in record.worksheets.items():
        form = catalog.worksheets.get(name)
        if form is None:
            yield ("worksheets", name), "no worksheet has this id"
        else:
            yield from _rows(form, ("worksheets", name), rows)
    if len(set(record.handout)) != len(record.handout) or not set(record.handout) <= catalog.worksheets.keys():
        yield ("handout",), "must name worksheets, each once"
    if len(record.notes) > NOTES_MAX:
        yield ("notes",), f"must be text of at most {NOTES_MAX} characters"
    if record.next_at is not None and record.next_at.tzinfo is not None:
        yield ("next_at",), "must be a local time"


def _actions(
    catalog: Catalog, at: tuple[str, ...], actions: tuple[Action, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    ids = [action.id for action in actions]
    steps = [action.step for action in actions if action.step]
    if len(actions) > MOST_ACTIONS:
        yield at, f"at most {MOST_ACTIONS}, with those put aside"
    if len(set(ids)) != len(ids) or len(set(steps)) != len(steps):
        yield at, "an id or a step stands twice"
    for action in actions:
        if not re.fullmatch("a[1-9][0-9]{0,3}", action.id):
            yield (*at, action.id), "must be named a1, a2, ..."
        if action.step is not None and action.step not in catalog.steps:
            yield (*at, action.id, "step"), "no step has this id"
        for name in LINES:
            if len(getattr(action, name)) > LINE_MAX:
                yield (*at, action.id, name), f"must be text of at most {LINE_MAX} characters"


def _rows(form: Worksheet, at: tuple[str, ...], rows: tuple[Mapping[str, str], ...]) -> Iterator[Any]:
    if len(rows) > form.rows:
        yield at, f"at most {form.rows} rows"
    for place, row in enumerate(rows):
        for name, text in row.items():
            try:
                usable = name in form.fields and _usable(form.fields[name], text) == text
            except (Unusable, KeyError):
                usable = False
            if not usable:
                yield (*at, str(place), name), "cannot stand here"

"""Changes of the plan, the review and the notes, as pure functions; checks of a record's parts beside the case.

Each function takes the present state and returns the new state. Texts that cannot be used and unknown ids raise the
same errors as in :mod:`advisor.session.forms`.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from advisor.content.case_checks import problems_of_answer
from advisor.session import account, forms
from advisor.session.forms import LINE_MAX, problems_of_rows
from advisor.session.model import HELPED, STATUSES, Action, Ahead, Plan, Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from advisor.content.catalog import Catalog
    from advisor.content.model import Tried

MOST_CHOSEN = 3
MOST_ACTIONS = 24  # together with the actions that are put aside
NOTES_MAX = 10_000
LINES = ("what", "first", "known_by", "helper")  # the fields of an action that are plain text


# --- actions ------------------------------------------------------------------------------------------------------


def follow(plan: Plan, path: str) -> Plan:
    """Return the plan with this path, or without a path if it has this one already."""
    return replace(plan, path=None if plan.path == path else path)


def choose(plan: Plan, step: str) -> Plan:
    """Return the plan with an action for a step of the catalogue, or with this action put aside if it is chosen."""
    known = next((action for action in plan.actions if action.step == step), None)
    if known is None:
        return add(plan, step)
    return take_back(plan, known.id) if known.aside else put_aside(plan, known.id)


def add(plan: Plan, step: str | None = None) -> Plan:
    """Return the plan with a new action at the end; without ``step`` it is an action of the client's own."""
    number = 1 + max((int(action.id.removeprefix("a")) for action in plan.actions), default=0)
    return replace(plan, actions=(*plan.actions, Action(f"a{number}", step)))


def put_aside(plan: Plan, name: str) -> Plan:
    """Return the plan with an action put aside; an action without any text is removed."""
    target = _one(plan.actions, name)
    if target == Action(target.id, target.step):
        return replace(plan, actions=tuple(action for action in plan.actions if action is not target))
    return replace(plan, actions=_with(plan.actions, replace(target, aside=True)))


def take_back(plan: Plan, name: str) -> Plan:
    """Return the plan with an action chosen again after it was put aside; it becomes the last."""
    chosen = replace(_one(plan.actions, name), aside=False)
    return replace(plan, actions=(*(action for action in plan.actions if action.id != name), chosen))


def carry(plan: Plan, old: Action) -> Plan:
    """Return the plan with an action of last time; if the plan has its step already, that action is kept unchanged."""
    known = next((action for action in plan.actions if old.step and action.step == old.step), None)
    if known is not None:
        return take_back(plan, known.id) if known.aside else plan
    grown = add(plan, old.step)
    new = grown.actions[-1]
    return replace(grown, actions=_with(grown.actions, replace(old, id=new.id, by=None, status="open", helped=None)))


def opaque_name(visit: str, part: str) -> str:
    """Return an opaque name for a part of a visit, for files that leave the workbook.

    The id of a visit opens its page, so it must stay inside. The name is a hash with this id as key.
    """
    return hmac.new(visit.encode(), part.encode(), "sha256").hexdigest()[:32]


def taken_along(visit: str, plan: Plan) -> tuple[Action, ...]:
    """Return the chosen actions of a visit for the review at the next one; each gets an ``origin`` if it has none."""
    return tuple(replace(action, origin=action.origin or opaque_name(visit, action.id)) for action in plan.chosen)


def goes_on(record: Record | Ahead, action: Action) -> Action | None:
    """Return the reviewed action that an action of the plan continues; None if the action is new."""

    def same(old: Action) -> bool:
        if action.origin or action.step:
            return action.origin == old.origin != "" or (action.step is not None and action.step == old.step)
        return old.step is None and old.what == action.what != ""

    return next((old for old in record.review if same(old)), None)


def open_actions(record: Record | Ahead) -> tuple[Action, ...]:
    """Return the open actions: those of the plan, and those of last time that the plan does not continue."""
    planned = [action for action in record.plan.chosen if action.status == "open"]
    taken_over = [goes_on(record, action) for action in record.plan.chosen]
    waiting = [action for action in record.review if action.status == "open" and action not in taken_over]
    return (*planned, *waiting)


def tell(actions: tuple[Action, ...], name: str, field: str, text: str, near: date | None = None) -> tuple[Action, ...]:
    """Return the actions with typed text in one field of the action ``name`` (empty: the field's default).

    ``near``: the day from which a typed day without a year counts.
    """
    target = _one(actions, name)
    value: Any
    if field in LINES:
        value = forms.line(text)
    elif field == "by":
        value = forms.day(text, near) if text else None
    elif field == "status" and (text or "open") in STATUSES:
        value = text or "open"
    elif field == "helped" and (not text or text in HELPED):
        value = text or None
    else:
        raise KeyError(field)
    return _with(actions, replace(target, **{field: value}))


def _one(actions: tuple[Action, ...], name: str) -> Action:
    return {action.id: action for action in actions}[name]


def _with(actions: tuple[Action, ...], changed: Action) -> tuple[Action, ...]:
    return tuple(changed if action.id == changed.id else action for action in actions)


def review(record: Record, name: str, field: str, text: str) -> Record:
    """Return the record with typed text in one field of a reviewed action; the result also answers "tried"."""
    actions = tell(record.review, name, field, text)
    old, new = _one(record.review, name), _one(actions, name)
    facts = record.case.facts
    if new.step and (outcome(new) or outcome(old)):
        tried = {step: answer for step, answer in facts.tried.items() if step != new.step}
        if answer := outcome(new):
            tried[new.step] = answer
        facts = replace(facts, tried=tried)
    return replace(record, review=actions, case=replace(record.case, facts=facts))


def outcome(action: Action) -> Tried | None:
    """Return the answer to "tried" that an action gives for its step; None if its result is not told."""
    if action.status not in {"done", "partly"} or action.helped is None:
        return None
    return "with_effect" if action.helped == "yes" else "without_effect"


# --- fields -------------------------------------------------------------------------------------------------------


def fill(  # noqa: PLR0911  (one for each form)
    catalog: Catalog, record: Record, name: str, text: str, near: date | None = None
) -> Record:
    """Return the record with typed text in one field of its forms.

    ``name``: action-ID-FIELD, review-ID-FIELD, sheet-WORKSHEET-ROW-FIELD, account-FIELD, notes, next_at, or one of
    :data:`advisor.session.account.TOLD`. ``near``: the day from which a typed day without a year counts.
    """
    match name.split("-"):
        case ["action", action, field]:
            told = tell(record.plan.actions, action, field, text, near)
            return replace(record, plan=replace(record.plan, actions=told))
        case ["review", action, field]:
            return review(record, action, field, text)
        case ["sheet", worksheet, row, field] if re.fullmatch("[0-9]{1,2}", row):
            return forms.write(catalog, record, (worksheet, int(row), field), text, near)
        case ["notes"]:
            return replace(record, notes=forms.line(text, NOTES_MAX))
        case ["account", field]:
            return account.write(record, field, text)
        case [told] if told in account.TOLD:
            return account.tell(record, told, text)
        case ["next_at"]:
            return replace(record, next_at=forms.moment(text, near) if text else None)
    raise KeyError(name)


# --- checks -------------------------------------------------------------------------------------------------------


def problems_of_plan(catalog: Catalog, record: Record) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the place and the reason of each wrong value in the record beside the case; nothing for a sound record."""
    plan = record.plan
    if plan.path is not None and plan.path not in catalog.paths:
        yield ("plan", "path"), "no path has this id"
    if len(plan.chosen) > MOST_CHOSEN:
        yield ("plan", "actions"), f"at most {MOST_CHOSEN}"
    yield from _actions(catalog, ("plan", "actions"), plan.actions)
    yield from _actions(catalog, ("review",), record.review)
    for name, answer in record.markers.items():
        wrong = problems_of_answer(catalog, ("markers", name), name, answer)
        yield from ((place, why.kind) for place, why in wrong)
    for name, rows in record.worksheets.items():
        form = catalog.worksheets.get(name)
        if form is None:
            yield ("worksheets", name), "no worksheet has this id"
        else:
            yield from problems_of_rows(form, ("worksheets", name), rows)
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
        if action.origin and not re.fullmatch("[0-9a-f]{32}", action.origin):
            yield (*at, action.id, "origin"), "must be 32 hexadecimal digits"
        if action.step is not None and action.step not in catalog.steps:
            yield (*at, action.id, "step"), "no step has this id"
        for name in LINES:
            if len(getattr(action, name)) > LINE_MAX:
                yield (*at, action.id, name), f"must be text of at most {LINE_MAX} characters"

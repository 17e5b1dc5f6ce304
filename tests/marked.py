"""What the tests of stored markup share: clients and visits in which every field that takes text holds payloads."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from advisor.content.model import Case, Facts
from advisor.content.words import Language
from advisor.session.forms import LINE_MAX, has_unseen
from advisor.session.model import TOKYO, Action, Client, Consent, Entry, Plan, Record
from advisor.session.plans import LINES, MOST_ACTIONS, MOST_CHOSEN, NOTES_MAX
from tests.desks import NEW
from tests.payloads import PAYLOADS
from tests.support import CATALOG, FRUSTRATIONS, quick, suited

CLIENTS = len(PAYLOADS) // 2  # a code and a name each
VISITS = 3  # together their wishes, plans and worksheets hold every payload several times
SHARE = len(PAYLOADS) // VISITS + 1
HELD = [payload.replace("\0", "") for payload in PAYLOADS]  # no key types this character, and no file may bring it
ALL = "\n".join(HELD)[:NOTES_MAX]
SHORT, WISH = 75, 400  # what goes onto the client's paper: more would only be cut there, after many tries
UNTIL = date(2099, 1, 1)


def told(action: Action, lines: Iterator[str]) -> Action:
    """Return an action with a line in every field that takes one."""
    what, first, known_by, helper = (next(lines) for _ in LINES)
    return replace(action, what=what, first=first, known_by=known_by, helper=helper)


def record(number: int, language: Language = "ja") -> Record:
    """Return a record in which every text is a payload, or as many of them as fit."""
    today = datetime.now(TOKYO).date()
    chosen, others = _packed(SHORT, number * SHARE), _packed(LINE_MAX, number * SHARE)
    actions = tuple(
        told(Action(f"a{place}", by=today + timedelta(days=place)), chosen)
        if place <= MOST_CHOSEN
        else told(Action(f"a{place}", aside=True), others)
        for place in range(1, MOST_ACTIONS + 1)
    )
    review = tuple(replace(action, status="partly", aside=False) for action in actions)
    case = Case(
        {**suited(100), **quick(*FRUSTRATIONS[:3], point=5)},
        facts=Facts(situation="inside", role="accounting", wish=next(_packed(WISH, number * SHARE))),
    )
    return replace(
        NEW,
        case=case,
        plan=Plan(next(iter(CATALOG.paths)), actions),
        review=review,
        worksheets={name: tuple(_rows(name, number)) for name in CATALOG.worksheets},
        handout=tuple(CATALOG.worksheets) if number == VISITS - 1 else (),  # to fit them onto the paper takes long
        notes=ALL,
        next_at=datetime(2027, 1, 9, 14),  # noqa: DTZ001  (the local time of the room)
        language=language,
    )


def client(number: int) -> Client:
    """Return a client whose code, name and purpose are payloads, with a sign for each character that is refused."""
    texts = (*PAYLOADS[2 * number : 2 * number + 2], ALL)
    code, name, purpose = (text.replace("\0", "□") for text in texts)
    code, name = ("".join("□" if has_unseen(sign) else sign for sign in text) for text in (code, name))
    return Client("somebody", code, Consent(purpose, date(2026, 4, 1), UNTIL, "ask"), name, date(2026, 4, 1))


def _rows(worksheet: str, number: int) -> Iterator[Entry]:
    form = CATALOG.worksheets[worksheet]
    texts = {name: _packed(field.most, number * SHARE) for name, field in form.fields.items()}
    plain = {"line", "text"}
    for _ in range(form.rows):
        yield {name: next(texts[name]) for name, field in form.fields.items() if field.type in plain}


def _packed(most: int, start: int) -> Iterator[str]:
    """Yield lines of as many payloads as fit, for ever, from the payload at ``start`` on."""
    endless = itertools.islice(itertools.cycle(HELD), start, None)
    line = next(endless)[:most]
    for payload in endless:
        if len(line) + len(payload) < most:
            line = f"{line} {payload}"
        else:
            yield line
            line = payload[:most]

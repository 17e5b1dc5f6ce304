"""What a client's page says of their consent and of what they allow, and the screen of the case sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.report import case_sheet
from advisor.report.consent_form import explained, permission_told
from advisor.session.model import USES

if TYPE_CHECKING:
    from advisor.content.translator import Say
    from advisor.view.desk.clients import OpenedClient
    from advisor.view.desk.desk import Desk

Context = dict[str, Any]
ROWS = 4


def card(desk: Desk, say: Say, row: OpenedClient) -> Context:
    """Return the uses with their state, and whether the agreed purpose forbids what the client may allow."""
    told, purpose = row.client.details, row.client.consent.purpose
    return {
        "uses": [
            {
                "id": use,
                "name": say(f"use_{use}"),
                "what": say(f"use_{use}_what"),
                "told": permission_told(say, told.permissions.get(use)),
                "on": told.allows(use),
            }
            for use in USES
        ],
        "strict": any(words.desk["desk_purpose_strict"] in purpose for words in desk.catalog.words.values()),
        "employer": "" if desk.masked else told.employer,
        "office": told.office,
        "case": bool(row.visits) and told.allows("supervision"),
        "case_no": say("case_no_visit" if told.allows("supervision") else "case_not_allowed"),
    }


def told(desk: Desk, say: Say) -> Context:
    """Return the explanation of the consent, for the form; empty if the form does not ask for consent."""
    asks = desk.form is not None and (desk.incoming is None or "agreed" in desk.incoming.asked)
    return {"points": explained(say, desk.letterheads.now) if asks else ()}


def case_top(desk: Desk, say: Say) -> Context:
    """Return the head of the screen of the case sheet."""
    sheet = desk.cases.sheet
    lead = say("desk_form_hidden") if desk.masked else ""
    return {
        "sheet": sheet,
        "lead": lead,
        "code": desk.row.client.code if desk.row else "",
        "mark": sheet.mark if sheet else "",
    }


def case_questions(desk: Desk, say: Say) -> list[dict[str, Any]]:
    """Return the parts of the case sheet as questions; empty while none is made."""
    if desk.cases.sheet is None or desk.masked:
        return []
    bands = [{"id": band, "label": case_sheet.decade(say, band)} for band in case_sheet.DECADES]
    questions: list[dict[str, Any]] = [
        {"id": "case-decade", "type": "select", "text": say("case_ask_decade"), "options": bands}
    ]
    for part in case_sheet.PARTS:
        asked = {"id": f"case-{part}", "type": "text", "text": say(f"case_{part}"), "maxlength": case_sheet.MOST}
        questions.append(asked | {"rows": ROWS})
        if part == "question":
            questions[-1]["help"] = say("case_question_help")
        if part in desk.cases.too_long:
            questions[-1]["error"] = say("error_text", most=case_sheet.MOST)
    return questions


def case_values(desk: Desk) -> dict[str, Any]:
    """Return the texts of the case sheet."""
    sheet = desk.cases.sheet
    if sheet is None or desk.masked:
        return {}
    return {"case-decade": sheet.decade, **{f"case-{part}": text for part, text in sheet.texts.items()}}


def case_foot(desk: Desk, say: Say) -> Context:
    """Return the words that nobody decided about yet, and whether the paper can be made."""
    words = [
        {
            "id": one.word,
            "text": one.text,
            "kind": say(f"case_kind_{one.kind}"),
            "context": one.context,
            "neutral": one.neutral,
            "places": say.enumeration(
                say("case_place", name=say(f"case_{part}"), number=number) for part, number in one.places.items()
            ),
        }
        for one in (() if desk.masked else desk.cases.telling(say))
    ]
    ready = not words and not desk.cases.too_long
    is_open = desk.cases.sheet is not None and not desk.masked
    return {"open": is_open, "tellings": words, "ready": ready, "client": desk.cases.client}

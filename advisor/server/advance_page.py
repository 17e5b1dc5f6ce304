"""What the pages of the advance sheet show: values for their templates, made from an invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.content.case_checks import WISH_MAX
from advisor.report.consent_form import explained
from advisor.report.question_sheet import PARTS, help_of, options, text_of
from advisor.session import advance
from advisor.session.appointments import local
from advisor.session.model import TOKYO, today
from advisor.view.desk.words import spoken

if TYPE_CHECKING:
    from datetime import datetime

    from advisor.content.catalog import Catalog
    from advisor.content.translator import Say
    from advisor.session.advance import Question
    from advisor.session.letterhead import Inviter
    from advisor.session.model import Invitation

Context = dict[str, Any]
TAKE_BACK = "take_back"  # the page that asks whether the answers are to go


def welcome(say: Say, inviter: Inviter) -> Context:
    """Return the values of the first page: who asks, what happens with the answers, what is agreed to."""
    return _asked_by(say, inviter) | {
        "points": [
            say("advance_point_minutes"), say("advance_point_skip"),
            *(told for told in (inviter.letterhead.seen.strip(), inviter.letterhead.employer.strip()) if told),
            say("advance_point_together"),
        ],
        "explained": explained(say, inviter.letterhead),
    }  # fmt: skip


def question(catalog: Catalog, say: Say, invitation: Invitation, asked: Question) -> Context:
    """Return the values of the page of one question."""
    case = invitation.case
    every = advance.questions(catalog, case)
    place = every.index(asked)
    of_part = [one for one in every if one.part == asked.part]
    answer = advance.given(case, asked.id)
    chosen = advance.chosen_of(asked, answer)
    is_item = asked.id in catalog.items
    if asked.id == advance.WISH:
        told = say("advance_place_last")
    elif asked.id == advance.SITUATION:
        told = say("advance_place_first")
    else:
        number = of_part.index(asked) + 1
        told = say("advance_place", part=say(PARTS[asked.part]), of=len(of_part), number=number)
    return {
        "id": asked.id,
        "text": text_of(catalog, say, asked),
        "help": help_of(say, asked),
        "many": asked.many,
        "last": asked.id == advance.WISH,
        "place": told,
        "options": [
            {"id": option, "name": name, "note": note, "chosen": option in chosen}
            for option, (name, note) in zip(asked.options, options(catalog, say, asked), strict=True)
        ],
        "answer": answer,
        "most": WISH_MAX,
        "before": every[place - 1].id if place else "",
        "number": place,
        "of": len(every),
        "marks": is_item,
        "discuss": case.marks.get(asked.id) == "discuss",
        "skipped": case.marks.get(asked.id) == "skip",
        "again": invitation.done is not None,
    }


def end(catalog: Catalog, say: Say, invitation: Invitation, inviter: Inviter) -> Context:
    """Return the values of the last page: what comes next, and how many questions are answered."""
    counts = advance.counts(catalog, invitation.case)
    rows = [("advance_count_answered", counts.answered), ("advance_count_skipped", counts.skipped)]
    rows += [("advance_count_discuss", counts.discuss)]
    return _asked_by(say, inviter) | {
        "rows": [(say(name), say("advance_count", number=number)) for name, number in rows],
        "first": advance.SITUATION,
        "take_back": TAKE_BACK,
    }


def saved(say: Say, at: datetime) -> str:
    """Return the sentence that an answer is saved."""
    return say("advance_saved", time=f"{at.astimezone(TOKYO):%H:%M}")


def _asked_by(say: Say, inviter: Inviter) -> Context:
    office, adviser = inviter.letterhead.office.strip(), inviter.adviser.strip()
    who = [office, say("advance_adviser", name=adviser) if adviser else ""]
    meeting = ""
    if inviter.meeting is not None:
        at = local(inviter.meeting)
        meeting = say("advance_meeting", day=spoken(say, at.date(), today()), time=f"{at:%H:%M}")
    return {"who": "　".join(filter(None, who)), "meeting": meeting, "reach": inviter.letterhead.reach.strip()}

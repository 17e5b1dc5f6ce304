"""The case sheet (事例報告) for supervision: what was said and done, without whatever tells who the client is.

The texts are drafted from the visits, and the adviser edits them. :mod:`advisor.report.masking` finds what may tell
who the client is. Only when each such word is masked, or kept on purpose, the paper is made. It carries no client
code, no office and no day of a visit: a mark that says nothing stands in the place of the code, and weeks since the
first visit in the place of days. The adviser's private notes are never taken.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from advisor.content.case_checks import OTHER_ROLE
from advisor.report import masking
from advisor.report.document import Document, Head, Section
from advisor.report.filenames import hashed
from advisor.report.sanitize import action_name, plain
from advisor.report.sentences import day
from advisor.session.model import day_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.content.translator import Say
    from advisor.report.masking import Found, Kind, Known
    from advisor.session.model import Action, Record, Visit

PARTS = (
    "person", "concern", "progress", "assessment", "goal", "approach", "results", "impression", "question",
)  # fmt: skip
DECADES = ("10", "20", "30", "40", "50", "60", "70")
MOST = 4000  # characters of a part
A_WEEK = 7
AROUND = 12  # signs around a found word that are shown with it
_WHOLE_DAY = re.compile(r"(\d{4})[年/.-]\s?(\d{1,2})[月/.-]\s?(\d{1,2})日?")


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """The texts of a case sheet while it is made.

    ``mark``: stands for the client's code; it tells one client from another and says nothing of them.
    ``decade``: the client's age band, one of DECADES or empty. ``first``: the day of the first visit.
    ``kept``: the words (folded) that the adviser keeps on purpose. ``letters``: the words that got a letter.
    """

    mark: str
    texts: dict[str, str]
    first: date
    decade: str = ""
    kept: frozenset[str] = frozenset()
    letters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """A word that may tell who somebody is, and that nobody decided about yet; ``word`` is its folded form.

    ``places``: the parts in which it stands, each with the number of times. ``context``: the first place in its line.
    ``neutral``: what would stand in its place.
    """

    word: str
    kind: Kind
    text: str
    places: dict[str, int]
    context: str
    neutral: str


# --- the draft ---


def draft(say: Say, client: str, visits: tuple[Visit, ...]) -> CaseSheet:
    """Return a case sheet with what the visits hold, oldest first; there has to be one. ``client``: the client's id."""
    first = day_of(visits[0].started)
    told = {part: "\n".join(_drafted(say, part, visits, first)) for part in PARTS}
    return CaseSheet(hashed(client), {part: _cut(text) for part, text in told.items()}, first)


def _cut(text: str) -> str:
    return text if len(text) <= MOST else f"{text[: MOST - 1]}…"


def since(say: Say, first: date, on: date) -> str:
    """Return when a visit was, in weeks since the first one."""
    days = (on - first).days
    if days <= 0:
        return say("case_first")
    weeks = round(days / A_WEEK)
    return say("case_weeks", weeks=weeks) if weeks else say("case_days")


def _drafted(say: Say, part: str, visits: tuple[Visit, ...], first: date) -> Iterator[str]:
    if part == "person":
        yield from _person(say, visits[-1].record)
        yield say("case_visits", number=len(visits), span=since(say, first, day_of(visits[-1].started)))
        return
    for visit in visits:
        if lines := "\n".join(_of_visit(say, part, visit.record)):
            yield say("case_at", when=since(say, first, day_of(visit.started)))
            yield lines


def _of_visit(say: Say, part: str, record: Record) -> Iterator[str]:
    """Yield what a visit says for a part: the adviser's account, and facts where they belong."""
    if own := plain(record.account.get(part, "")):
        yield own
    wish = plain(record.case.facts.wish)
    if part == "concern" and wish and wish not in own:
        yield say("case_wish", text=wish)
    if part == "approach":
        yield from (say("case_action", name=action_name(say, action)) for action in record.plan.chosen)
    if part == "results":
        yield from (_became(say, action) for action in record.review)


def _person(say: Say, record: Record) -> Iterator[str]:
    facts, words = record.case.facts, say.words
    if facts.role:
        role = say("role_other") if facts.role == OTHER_ROLE or facts.role not in words.roles else ""
        yield say("case_role", name=role or words.roles[facts.role].name)
    if facts.situation:
        yield say("case_situation", name=say(f"situation_{facts.situation}"))


def _became(say: Say, action: Action) -> str:
    told = [say(f"edition_status_{action.status}")]
    told += [say(f"edition_helped_{action.helped}")] if action.helped else []
    return say("case_result", name=action_name(say, action), told=say.enumeration(told))


# --- what may tell who it is ---


def telling(say: Say, sheet: CaseSheet, known: Known) -> tuple[Telling, ...]:
    """Return the words that nobody decided about yet, in the order of the parts."""
    by_word: dict[str, list[tuple[str, Found]]] = {}
    for part in PARTS:
        for one in masking.found(sheet.texts[part], known):
            by_word.setdefault(masking.folded(one.text), []).append((part, one))
    undecided = {word: hits for word, hits in by_word.items() if word not in sheet.kept}
    return tuple(_telling(say, sheet, word, hits) for word, hits in undecided.items())


def mask(say: Say, sheet: CaseSheet, word: str, known: Known) -> CaseSheet:
    """Return the sheet with a word masked in all parts.

    Raises:
        KeyError: no such word is undecided.
    """
    one = _undecided(say, sheet, word, known)
    texts = {part: masking.replaced(text, word, one.neutral, known) for part, text in sheet.texts.items()}
    has_letter = one.kind in {"person", "company"} and word not in sheet.letters
    return replace(sheet, texts=texts, letters=(*sheet.letters, word) if has_letter else sheet.letters)


def keep(say: Say, sheet: CaseSheet, word: str, known: Known) -> CaseSheet:
    """Return the sheet with a word that stays on purpose.

    Raises:
        KeyError: no such word is undecided.
    """
    return replace(sheet, kept=sheet.kept | {_undecided(say, sheet, word, known).word})


def filled(sheet: CaseSheet, name: str, text: str) -> CaseSheet:
    """Return the sheet with typed text in a part, or with the age band.

    Raises:
        KeyError: there is no such part or band.
    """
    if name == "decade" and text in {"", *DECADES}:
        return replace(sheet, decade=text)
    if name not in PARTS:
        raise KeyError(name)
    return replace(sheet, texts={**sheet.texts, name: text})


def is_too_long(sheet: CaseSheet, part: str) -> bool:
    """Return whether the text of a part is longer than a paper takes."""
    return len(sheet.texts[part]) > MOST


def _undecided(say: Say, sheet: CaseSheet, word: str, known: Known) -> Telling:
    one = next((one for one in telling(say, sheet, known) if one.word == word), None)
    if one is None:
        raise KeyError("word")
    return one


def _telling(say: Say, sheet: CaseSheet, word: str, hits: list[tuple[str, Found]]) -> Telling:
    part, first = hits[0]
    places: dict[str, int] = {}
    for name, _ in hits:
        places[name] = places.get(name, 0) + 1
    return Telling(
        word, first.kind, first.text, places, _context(sheet.texts[part], first), _neutral(say, sheet, first)
    )


def _context(text: str, one: Found) -> str:
    start, end = max(0, one.start - AROUND), min(len(text), one.end + AROUND)
    line = text[start:end].replace("\n", " ").strip()
    return f"{'…' if start else ''}{line}{'…' if end < len(text) else ''}"


def _neutral(say: Say, sheet: CaseSheet, one: Found) -> str:
    """Return what stands in the place of a word: a letter for people and companies, else what it was."""
    if one.kind in {"person", "company"}:
        word = masking.folded(one.text)
        place = sheet.letters.index(word) if word in sheet.letters else len(sheet.letters)
        letter = chr(ord("A") + place % 26)
        behind = masking.title_of(one.text)[1]
        return f"{letter}{behind}" if behind or one.kind == "person" else say("mask_company", letter=letter)
    if one.kind == "age":
        return say("mask_age", decade=f"{masking.folded(one.text)[0]}0")
    on = _WHOLE_DAY.fullmatch(unicodedata.normalize("NFKC", one.text)) if one.kind == "day" else None
    try:
        return (
            say("case_at_day", when=since(say, sheet.first, date(*map(int, on.groups()))))
            if on
            else say(f"mask_{one.kind}")
        )
    except ValueError:  # no day of any calendar
        return say("mask_day")


# --- the paper ---


def case_sheet(say: Say, sheet: CaseSheet, known: Known, adviser: str, today: date) -> Document:
    """Return the paper; ``adviser`` is the adviser's name as it stands on papers, or empty.

    Raises:
        ValueError: a word that may tell who the client is was neither masked nor kept, or a part is too long.
    """
    if telling(say, sheet, known) or any(is_too_long(sheet, part) for part in PARTS):
        raise ValueError("the case sheet is not ready")
    title = say("case_mark", mark=sheet.mark)
    told = {**sheet.texts, "person": "\n".join((*_age(say, sheet), plain(sheet.texts["person"])))}
    return Document(
        language=say.language,
        title=say("case_title"),
        date=day(say.language, today),
        mark=say("case_paper_mark"),
        footer=say("case_footer"),
        lead=say("case_lead"),
        parts=tuple(
            Section(say(f"case_{part}"), texts=tuple(plain(told[part]).split("\n")))
            for part in PARTS
            if plain(told[part])
        ),
        head=Head(code=title, adviser=say("head_adviser", name=plain(adviser)) if adviser else "", short=title),
    )


def _age(say: Say, sheet: CaseSheet) -> tuple[str, ...]:
    return (say("case_age", band=decade(say, sheet.decade)),) if sheet.decade else ()


def decade(say: Say, band: str) -> str:
    """Return an age band in words."""
    return say("case_decade_last" if band == DECADES[-1] else "case_decade", decade=band)

"""Drafts, suggestions and doubts for the worksheets, and the content of each worksheet for the handout.

``guidance/worksheets.yaml`` defines the forms; :mod:`advisor.session.forms` changes their fields.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from advisor.content.words import LOCALES
from advisor.session.quantify import (  # fmt: skip
    SENTENCES,
    Saving,
    assumption,
    doubts,
    draft,
    errors_change,
    figure,
    incomplete,
    savings,
    time_change,
    total_sentence,
)

if TYPE_CHECKING:
    from advisor.content.catalog import Catalog
    from advisor.content.translator import Say
    from advisor.session.model import Entry, Record

ASKED = ("questions", "own_question")  # the fields with questions for an interview
TO_BE_CLEAR = ("measure", "deadline")  # the fields that a clear goal needs besides the goal itself
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Paper:
    """A worksheet for the handout: a title, the filled fields as label and text, then sums and sentences.

    ``questions``: what the client wants to ask in an interview, each with a way to ask on (or empty).
    """

    title: str
    rows: tuple[Pair, ...]
    lines: tuple[str, ...] = ()
    questions: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A row that the catalogue suggests for the inventory; ``inbound``: the row is for clients who want in."""

    id: str
    inbound: bool
    entry: Entry


def paper(catalog: Catalog, say: Say, record: Record, name: str) -> Paper | None:
    """Return the content of a worksheet for the handout in the language of ``say``; None if the worksheet is empty."""
    rows, lines = {
        "quantify": _quantify, "goals": _goals, "evaluation": _evaluation, "inventory": _inventory, "motive": _motive,
    }[name](catalog, say, record)  # fmt: skip
    questions = tuple(_questions(say, record)) if name == "evaluation" else ()
    return Paper(say.words.worksheets[name].name, tuple(rows), tuple(lines), questions) if rows or questions else None


def entries(record: Record, name: str) -> tuple[Entry, ...]:
    """Return the rows of a worksheet; a row may be empty."""
    return record.worksheets.get(name, ())


def shown(catalog: Catalog, say: Say, name: str, field: str, text: str) -> str:
    """Return the value of a field for a reader: names of options, dates and numbers in the form of the language."""
    kind = catalog.worksheets[name].fields[field].type
    if kind in {"choice", "checks"}:
        options = say.words.worksheets[name].fields[field].options
        return say.enumeration(options[option] for option in text.split())
    if kind == "date":
        return _day(say, text)
    return figure(Decimal(text)) if kind == "number" else text.strip()


def _day(say: Say, text: str) -> str:
    from babel.dates import format_date  # noqa: PLC0415  (a client's kernel needs babel only for a date)

    return format_date(date.fromisoformat(text), format="long", locale=LOCALES[say.language])


def _told(catalog: Catalog, say: Say, name: str, entry: Entry) -> list[Pair]:
    """Return the label and the text of every filled field of a row."""
    labels = say.words.worksheets[name].fields
    return [
        (labels[field].label, shown(catalog, say, name, field, entry[field]))
        for field in catalog.worksheets[name].fields
        if entry.get(field, "").strip()
    ]


# --- quantify -----------------------------------------------------------------------------------------------------


def draft_at(say: Say, record: Record, row: int, field: str) -> str | None:
    """Return the draft for a field in one row of the worksheet ``quantify``; None if there is no draft."""
    rows = entries(record, "quantify")
    saving = next((saving for saving in savings(rows).rows if saving.row == row), None)
    return draft(say, saving, rows[row], field) if saving and field in SENTENCES else None


def _quantify(catalog: Catalog, say: Say, record: Record) -> tuple[list[Pair], list[str]]:
    rows, total = entries(record, "quantify"), savings(entries(record, "quantify"))
    labels = say.words.worksheets["quantify"].fields
    pairs: list[Pair] = []
    for saving in total.rows:
        entry = rows[saving.row]
        name = saving.task or say("form_row", number=saving.row + 1)
        pairs.append((name, incomplete(say, saving) if saving.missing else _figures(catalog, say, saving, entry)))
        for field in SENTENCES:
            text = entry.get(field, "").strip() or draft(say, saving, entry, field)
            pairs += [(labels[field].label, text)] if text else []
    lines = []
    if len(total.counted) > 1:
        if total.minutes is not None:
            lines.append(say("form_paper_total_time", change=time_change(say, total.minutes)))
        if total.errors is not None:
            lines.append(say("form_paper_total_errors", change=errors_change(say, total.errors)))
    if sentence := total_sentence(say, total):
        lines.append(sentence)
    lines += doubts(say, total)
    return pairs, [*lines, assumption(say)] if total.minutes is not None else lines


def _figures(catalog: Catalog, say: Say, saving: Saving, entry: Entry) -> str:
    """Return the numbers of a complete row and its savings, in words."""
    texts = {field: shown(catalog, say, "quantify", field, text) for field, text in entry.items()}
    parts = []
    if saving.minutes is not None:
        often = {field: texts[field] for field in ("before", "after", "per", "times")}
        parts.append(say("form_paper_time", **often, change=time_change(say, saving.minutes)))
    if saving.errors is not None:
        errors = {field: texts[field] for field in ("errors_before", "errors_after")}
        parts.append(say("form_paper_errors", **errors, change=errors_change(say, saving.errors)))
    return _joined(say, parts)


def _joined(say: Say, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else say("form_joined", first=parts[0], second=parts[1])


# --- goals --------------------------------------------------------------------------------------------------------


def lacks(entry: Entry) -> tuple[str, ...]:
    """Return the fields that a goal still needs to be clear."""
    return tuple(field for field in ("goal", *TO_BE_CLEAR) if not entry.get(field, "").strip())


def _goals(catalog: Catalog, say: Say, record: Record) -> tuple[list[Pair], list[str]]:
    return [pair for entry in entries(record, "goals") for pair in _told(catalog, say, "goals", entry)], []


# --- evaluation ---------------------------------------------------------------------------------------------------


def signs(catalog: Catalog, record: Record) -> dict[str, str]:
    """Return the answers to the signs; empty for clients who want in, because they have no present employer."""
    facts = record.case.facts
    if facts.situation == "wants_in":
        return {}
    return {sign: facts.signs[sign] for sign in catalog.signs if sign in facts.signs}


def _evaluation(catalog: Catalog, say: Say, record: Record) -> tuple[list[Pair], list[str]]:
    words = say.words.worksheets["evaluation"].fields
    pairs = [(say.words.signs[sign].question, say(f"sign_{answer}")) for sign, answer in signs(catalog, record).items()]
    for entry in entries(record, "evaluation"):
        told = [field for field in catalog.worksheets["evaluation"].fields if field not in ASKED]
        pairs += [(words[field].label, text) for field in told if (text := entry.get(field, "").strip())]
    return pairs, []


def _questions(say: Say, record: Record) -> Iterator[Pair]:
    """Yield the questions for an interview that were chosen or typed, and how to ask on if the answer is vague."""
    options = say.words.worksheets["evaluation"].fields["questions"].options
    for entry in entries(record, "evaluation"):
        for name in entry.get("questions", "").split():
            yield options[name], say("form_vague", text=say(f"form_vague_{name}"))
        if own := entry.get("own_question", "").strip():
            yield own, ""


# --- inventory ----------------------------------------------------------------------------------------------------


def suggestions(catalog: Catalog, say: Say, record: Record) -> tuple[Suggestion, ...]:
    """Return suggested rows by the client's situation and experience, without strengths that the inventory has."""
    facts = record.case.facts
    suggested: list[Suggestion] = []
    if facts.situation != "inside":
        suggested += [Suggestion(name, True, _inbound(catalog, say, name)) for name in facts.experience]
    if facts.situation != "wants_in":
        role = say.words.roles.get(facts.role or "")
        experience = say("form_in_role", role=role.name) if role else say("form_in_job")
        suggested += [
            Suggestion(name, False, {"experience": experience, **_outbound(catalog, say, name)})
            for name in catalog.statements["transfers"]
        ]
    present = {entry.get("strength") for entry in entries(record, "inventory")}
    return tuple(suggestion for suggestion in suggested if suggestion.entry["strength"] not in present)


def _inbound(catalog: Catalog, say: Say, name: str) -> Entry:
    """Return a row: an experience, its strength, and the roles that are open to people without experience."""
    return {
        "experience": say.words.experience[name].name,
        "strength": say(f"form_strength_{name}"),
        "role": say.enumeration(_roles(catalog, say, catalog.statements["entry"]["posts_open"].about)),
    }


def _outbound(catalog: Catalog, say: Say, name: str) -> Entry:
    """Return a row: a strength that transfers, and the roles to which it does, then other work without a role here."""
    others = f"form_also_{name}"
    towards = list(_roles(catalog, say, catalog.statements["transfers"][name].about))
    towards += [say(others)] if others in say.sentences else []
    return {"strength": say.words.transfers[name].name, "role": say.enumeration(towards)}


def _roles(catalog: Catalog, say: Say, about: tuple[str, ...]) -> Iterator[str]:
    return (say.words.roles[name].name for name in about if name in catalog.roles)


def _inventory(catalog: Catalog, say: Say, record: Record) -> tuple[list[Pair], list[str]]:
    pairs = []
    for number, entry in enumerate(entries(record, "inventory"), 1):
        experience, *rest = (entry.get(field, "").strip() for field in catalog.worksheets["inventory"].fields)
        if experience or any(rest):
            pairs.append((experience or say("form_row", number=number), " → ".join(text for text in rest if text)))
    return pairs, []


# --- motive -------------------------------------------------------------------------------------------------------


def weak_reasons(say: Say, text: str) -> tuple[str, ...]:
    """Return the ids of the weak reasons whose phrases are in a text; the phrases are our judgement (workbook)."""
    plain = _plain(text)
    known = say.words.weak_reasons
    return tuple(name for name, weak in known.items() if any(_plain(phrase) in plain for phrase in weak.phrases))


def _plain(text: str) -> str:
    """Return text without differences of width, case, line ends and apostrophes."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split())


def motive_draft(say: Say, entry: Mapping[str, str]) -> str | None:
    """Return the three parts of a motive as one paragraph; None if a part is missing."""
    if motive_lacks(entry):
        return None
    reason, experience, role = (_sentence(say, entry[field]) for field in ("reason", "experience", "role"))
    return say("form_motive_draft", reason=reason, experience=experience, role=role)


def motive_lacks(entry: Mapping[str, str]) -> tuple[str, ...]:
    """Return the parts of a motive that are still empty."""
    return tuple(field for field in ("reason", "experience", "role") if not entry.get(field, "").strip())


def _sentence(say: Say, text: str) -> str:
    """Return a text with the end of a sentence, which is added if it is missing."""
    sentence = text.strip()
    return sentence if sentence[-1] in "。．.!?！？…」）)" else say("form_sentence", text=sentence)


def _motive(catalog: Catalog, say: Say, record: Record) -> tuple[list[Pair], list[str]]:
    rows = entries(record, "motive")
    pairs = [pair for entry in rows for pair in _told(catalog, say, "motive", entry)]
    drafts = (motive_draft(say, entry) for entry in rows)
    return pairs, [text for text in drafts if text]

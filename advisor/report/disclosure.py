"""The disclosure: a paper with everything that the store keeps about a client, for the client's request."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from advisor.content.case_checks import OTHER_ROLE
from advisor.content.translator import Say, say
from advisor.report import account
from advisor.report.adviser_copy import helped, status, unfit, useful
from advisor.report.consent_form import permission_told
from advisor.report.document import Document, Pair, Section, table
from advisor.report.heads import head
from advisor.report.sanitize import action_name
from advisor.report.sentences import day, label, moment, question
from advisor.session.letterhead import NOBODY, Imprint
from advisor.session.model import TOKYO, USES
from advisor.session.record import dump, fits, new
from advisor.session.session import Session
from advisor.session.worksheets import shown

if TYPE_CHECKING:
    from datetime import date, datetime

    from advisor.content.catalog import Catalog
    from advisor.content.words import Language
    from advisor.session.model import Action, Appointment, Client, Invitation, Logged, Record, Visit

Catalogues = Callable[[str], "Catalog | None"]


@dataclass(frozen=True, slots=True)
class Everything:
    """Everything kept about a client: the visits, oldest first, the access log, the desk's appointments, invitations.

    ``events``: how many changes of the visits are stored. ``unread``: how many more visits cannot be read.
    ``imprint``: what stands at the head of the paper.
    """

    client: Client
    visits: tuple[Visit, ...]
    events: int
    unread: int = 0
    log: tuple[Logged, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    imprint: Imprint = NOBODY
    invitations: tuple[Invitation, ...] = ()


def everything(catalog: Catalog, language: Language, kept: Everything, catalogue: Catalogues, today: date) -> Document:
    """Return the disclosure of a client.

    ``catalog``: the present catalogue; ``catalogue`` returns the catalogue of a digest, None if it is lost.
    """
    words = say(catalog, language)
    return Document(
        language=words.language,
        title=words("dossier_title"),
        date=day(words.language, today),
        mark="",
        footer=words("dossier_footer"),
        lead=words("dossier_lead"),
        parts=(
            _client(words, kept),
            *_appointments(words, kept.appointments),
            *_invitations(catalog, words, kept.invitations),
            *(
                part
                for number, visit in enumerate(kept.visits, 1)
                for part in _visit(words, visit, number, catalog, catalogue)
            ),
            *_log(words, kept.log),
        ),
        head=head(words, kept.imprint),
    )


def _client(words: Say, kept: Everything) -> Section:
    client, consent, language = kept.client, kept.client.consent, words.language
    pairs = [
        ("dossier_code", client.code),
        ("dossier_name", client.name or words("edition_nothing")),
        ("dossier_since", day(language, client.since) if client.since else ""),
        ("dossier_employer", client.details.employer),
        ("dossier_office", client.details.office),
        ("dossier_purpose", consent.purpose),
        ("dossier_given", day(language, consent.given_on)),
        ("dossier_until", day(language, consent.until)),
        ("dossier_then", words(f"dossier_then_{consent.then}")),
        *((f"dossier_use_{use}", permission_told(words, client.details.permissions.get(use))) for use in USES),
        ("dossier_visits", str(len(kept.visits))),
        ("dossier_unread", words("dossier_unread_number", number=kept.unread) if kept.unread else ""),
        ("dossier_events", words("dossier_events_number", number=kept.events)),
    ]
    return Section(words("dossier_client"), pairs=_told(words, pairs))


def _appointments(words: Say, appointments: tuple[Appointment, ...]) -> Iterator[Section]:
    """Yield the appointments that the desk keeps: when, how long and in which way, with their notes."""
    rows = [
        (
            _when(words, one.at),
            words.enumeration((words("desk_minutes", number=one.minutes), words(f"way_{one.way}"))),
            words.enumeration(text for text in (one.note, words("dossier_cancelled") if one.cancelled else "") if text),
        )
        for one in appointments
    ]
    if rows:
        columns = ("dossier_log_when", "booking_way", "dossier_note")
        yield Section(words("dossier_appointments"), table=table(words, columns, (3, 2, 3), rows))


def _invitations(catalog: Catalog, words: Say, invitations: tuple[Invitation, ...]) -> Iterator[Section]:
    """Yield the invitations, and what was told by them."""
    for one in invitations:
        moments = (one.made, one.expires, one.withdrawn, one.opened, one.agreed, one.changed, one.done, one.looked)
        names = ("made", "expires", "withdrawn", "opened", "agreed", "changed", "done", "looked")
        pairs = [
            (f"dossier_invitation_{name}", _when(words, at) if at else "")
            for name, at in zip(names, moments, strict=True)
        ]
        yield Section(words("dossier_invitation"), pairs=_told(words, pairs))
        record = replace(new(catalog), case=one.case)
        if fits(catalog, record):
            session = Session(catalog, record)
            yield from (*_facts(words, session, words), *_answers(words, session, words))
        else:
            yield Section(words("dossier_raw"), 2, pairs=tuple(_flat(json.loads(dump(record)))))


def _visit(words: Say, visit: Visit, number: int, catalog: Catalog, catalogue: Catalogues) -> Iterator[Section]:
    record, language = visit.record, words.language
    pairs = [
        ("dossier_started", _when(words, visit.started)),
        ("dossier_changed", _when(words, visit.changed)),
        ("dossier_corrected", words.enumeration(_when(words, moment) for moment in record.corrected)),
        ("ask_way", words(f"way_{record.way}")),
        ("ask_ended", _when(words, record.ended) if record.ended else ""),
        ("handout_next", moment(language, record.next_at) if record.next_at else ""),
        ("ask_useful_then", useful(words, record)),
        ("place_done", words.enumeration(words(f"step_{name}") for name in record.done)),
        ("dossier_language", words(f"dossier_language_{record.language}")),
        ("edition_scoring", record.scoring),
        ("edition_digest", record.digest),
        ("dossier_revision", str(record.revision)),
    ]
    yield Section(words("dossier_visit", number=number, date=_when(words, visit.started)), pairs=_told(words, pairs))
    then = catalogue(record.digest)
    if then is None or not fits(then, record):  # the questions are lost, so the record is printed as it is
        raw = tuple(_flat(json.loads(dump(record))))
        yield Section(words("dossier_raw"), 2, texts=(words("dossier_raw_note"),), pairs=raw)
        return
    session = Session(then, record)
    said = say(then, language, None if then is catalog else catalog)
    parts = (*_facts(words, session, said), *_answers(words, session, said), *_plan(words, session, said))
    yield from (*parts, *_worksheets(words, session, said), *_shown(words, record, said), *_notes(words, session, said))


def _facts(words: Say, session: Session, said: Say) -> Iterator[Section]:
    case, named = session.record.case, said.words
    facts = case.facts
    role = words("role_other") if facts.role == OTHER_ROLE else named.roles[facts.role].name if facts.role else ""
    pairs = [
        ("wish_is_then", facts.wish),
        ("ask_situation", said(f"situation_{facts.situation}") if facts.situation else ""),
        ("ask_role", role),
        ("ask_years", "" if facts.years is None else str(facts.years)),
        ("ask_experience", words.enumeration(named.experience[name].name for name in facts.experience)),
        ("ask_fixed", words.enumeration(words(f"fixed_{name}") for name in facts.fixed)),
        ("marked_title", words.enumeration(named.scales[scale].name for scale in facts.priorities)),
        ("dossier_widened", words.enumeration(named.scales[scale].name for scale in facts.widened)),
    ]
    yield from _some(words("dossier_facts"), _told(words, pairs))
    answers = [*facts.signs.items(), *facts.tried.items()]
    rows = [(question(session, said, name), label(session, said, name, answer)) for name, answer in answers]
    if rows:
        columns = ("dossier_question", "dossier_answer")
        yield Section(words("dossier_workplace"), 2, table=table(words, columns, (2, 1), rows))


def _answers(words: Say, session: Session, said: Say) -> Iterator[Section]:
    case = session.record.case
    rows = [
        (question(session, said, item), label(session, said, item, point), str(point))
        for item in session.catalog.items
        if (point := case.responses.get(item)) is not None
    ]
    if rows:
        columns = ("dossier_question", "dossier_answer", "dossier_point")
        yield Section(words("dossier_answers"), 2, table=table(words, columns, (6, 3, 1), rows))
    for mark, title in (("discuss", "discuss_title"), ("skip", "dossier_skipped")):
        marked = tuple(question(session, said, item) for item, own in case.marks.items() if own == mark)
        if marked:
            yield Section(words(title), 2, points=marked)


def _plan(words: Say, session: Session, said: Say) -> Iterator[Section]:
    record = session.record
    if record.plan.path:
        yield Section(words("summary_path"), 2, texts=(said.words.paths[record.plan.path].name,))
    if record.help_leaf or record.help_topics:
        topics = words.enumeration(words(f"help_topic_{name}") for name in record.help_topics)
        taken = words("dossier_in_handout") if record.help_leaf else ""
        yield Section(words("help_title"), 2, texts=tuple(text for text in (taken, topics) if text))
    for title, actions in (("dossier_actions", record.plan.actions), ("edition_review", record.review)):
        if actions:
            yield Section(words(title), 2)
        for action in actions:
            yield Section(action_name(said, action), 3, pairs=_told(words, _action(words, said, action)))


def _action(words: Say, said: Say, action: Action) -> list[Pair]:
    return [
        ("dossier_step", said.words.steps[action.step].name if action.step else ""),
        ("edition_action", action.what),
        ("first_action", action.first),
        ("dossier_by", day(words.language, action.by) if action.by else ""),
        ("worked", action.known_by),
        ("handout_helper", action.helper),
        ("edition_status", status(words, action)),
        ("edition_helped", helped(words, action)),
        ("dossier_aside", words("sign_yes") if action.aside else ""),
        ("dossier_origin", action.origin),
    ]


def _worksheets(words: Say, session: Session, said: Say) -> Iterator[Section]:
    record = session.record
    for name, rows in record.worksheets.items():
        form = said.words.worksheets[name]
        taken = (words("dossier_in_handout"),) if name in record.handout else ()
        yield Section(form.name, 2, texts=taken)
        for number, row in enumerate(rows, 1):
            pairs = (
                (form.fields[field].label, shown(session.catalog, said, name, field, typed))
                for field, typed in row.items()
            )
            yield Section(words("dossier_row", number=number), 3, pairs=tuple(pairs))


def _shown(words: Say, record: Record, said: Say) -> Iterator[Section]:
    """Yield a table of the steps and paths that were shown, in the order in which that happened."""
    names = account.target_names(said)
    rows = [
        (_when(words, one.at), names.get(one.target, one.target), words(f"dossier_shown_{one.how}"), str(one.place))
        for one in record.shown
    ]
    if rows:
        columns = ("dossier_log_when", "edition_what", "dossier_shown_how", "dossier_shown_place")
        yield Section(words("dossier_shown"), 2, table=table(words, columns, (4, 6, 4, 2), rows))


def _notes(words: Say, session: Session, said: Say) -> Iterator[Section]:
    record = session.record
    if record.markers:
        rows = [
            (question(session, said, item), label(session, said, item, point)) for item, point in record.markers.items()
        ]
        columns = ("dossier_question", "edition_adviser")
        yield Section(words("dossier_markers"), 2, table=table(words, columns, (2, 1), rows))
    if pairs := unfit(record, said):
        yield Section(words("edition_unfit"), 2, pairs=pairs)
    if written := account.fields(words, record.account):
        yield Section(words("account_title"), 2, texts=(words("dossier_account_too"),), pairs=written)
    if record.notes:
        yield Section(words("edition_notes"), 2, texts=(words("dossier_notes_too"), record.notes))


def _when(words: Say, at: datetime) -> str:
    return moment(words.language, at.astimezone(TOKYO))


def _told(words: Say, pairs: list[Pair]) -> tuple[Pair, ...]:
    """Return the pairs that have a text, with their labels in words."""
    return tuple((words(key), text) for key, text in pairs if text)


def _log(words: Say, log: tuple[Logged, ...]) -> Iterator[Section]:
    """Yield the access log: who did what with the record and when, and which lines stay after an erasure."""
    rows = [(_when(words, entry.at), _word(words, "did", entry.action), _word(words, "by", entry.by)) for entry in log]
    columns = ("dossier_log_when", "dossier_log_what", "dossier_log_who")
    listing = table(words, columns, (3, 2, 3), rows) if rows else None
    yield Section(words("dossier_log"), texts=(words("dossier_log_stays"),), table=listing)


def _word(words: Say, kind: str, told: str) -> str:
    """Return a value of the log in words. The log has an adviser only as an id."""
    key = f"dossier_log_{kind}_{told}"
    if key in words.sentences:
        return words(key)
    return words("dossier_log_adviser", id=told) if kind == "by" else told


def _some(title: str, pairs: tuple[Pair, ...]) -> Iterator[Section]:
    if pairs:
        yield Section(title, 2, pairs=pairs)


def _flat(value: Any, at: str = "") -> Iterator[Pair]:  # noqa: ANN401  (JSON)
    """Yield every value of a JSON document with the path to it."""
    if isinstance(value, Mapping | list):
        inner = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, one in inner:
            yield from _flat(one, f"{at}.{key}" if at else str(key))
    else:
        yield at, str(value)

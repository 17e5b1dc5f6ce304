"""The interchange file: a client and their visits as JSON, to hand over on request, to keep, and to import again.

docs/interchange.md describes it; docs/interchange.schema.json is the output of :func:`schema`. An imported file may
come from anywhere. So its size is limited, nothing is guessed (:mod:`advisor.report.strict_json`), unknown keys are
refused, and an error names the place in the file but never a value.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.json_schema import GenerateJsonSchema

from advisor.content import formats
from advisor.content.case_checks import problems_of_case
from advisor.report.strict_json import NotJson, Place, Wrong, decoded, parsed
from advisor.session import account, client_screen, remarks
from advisor.session.forms import LINE_MAX, has_unseen
from advisor.session.model import SCREEN_KEY, Appointment, Client, Event, Invitation, Logged, Record, Visit
from advisor.session.plans import NOTES_MAX, problems_of_plan
from advisor.session.record import SCREEN_IDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from advisor.content.catalog import Catalog
    from advisor.content.translator import Say

FORMAT: Final = "advisor-workbook"
VERSION: Final = 1
MOST_BYTES = 5_000_000
MOST_FAULTS = 10  # a longer list helps nobody
MOST_REVISION = 10**9  # no visit has so many changes, and both databases can still count on from here
YEARS = range(1900, 3000)  # of a visit; the first and last dates of Python cannot be shown in another time zone
_ID = re.compile("[A-Za-z0-9_-]{1,64}")
_DIGEST = re.compile("[0-9a-f]{64}")
_NUMBER = re.compile("a?[0-9]{1,4}")  # of a row, or of an action
_WORDS = {
    "extra_forbidden": "export_wrong_unknown",
    "unexpected_keyword_argument": "export_wrong_unknown",
    "missing": "export_wrong_missing",
}


class ClientFile(BaseModel):
    """Everything kept about one client: the client (absent: none yet), the visits, every change, the access log.

    ``appointments``: the rows of the desk, cancelled ones too. ``invitations``: with what was told by them.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", title="advisor-workbook interchange")

    format: Literal["advisor-workbook"]
    version: Literal[1]
    client: Client | None = None
    visits: tuple[Visit, ...]
    changes: tuple[Event, ...] = ()
    log: tuple[Logged, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    invitations: tuple[Invitation, ...] = ()


class _Head(BaseModel):
    """The keys that show that a file is an interchange file."""

    model_config = ConfigDict(strict=True)

    format: Literal["advisor-workbook"]
    version: int


@dataclass(frozen=True, slots=True)
class Fault:
    """An error in a file: the word for it, and the place. It holds no value of the file."""

    word: str
    place: str = ""
    most: int = 0
    line: int = 0


class Unreadable(ValueError):  # noqa: N818  (named after what happens to the file)
    """A file cannot be imported; ``faults`` says why, at most MOST_FAULTS."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("the file cannot be read in")
        self.faults = faults[:MOST_FAULTS]

    def sentences(self, say: Say) -> list[str]:
        """Return one sentence for each fault."""
        return [_sentence(say, fault) for fault in self.faults]


def dump(  # noqa: PLR0913  (the keys of a file)
    client: Client | None,
    visits: tuple[Visit, ...],
    changes: tuple[Event, ...] = (),
    log: tuple[Logged, ...] = (),
    appointments: tuple[Appointment, ...] = (),
    *,
    invitations: tuple[Invitation, ...] = (),
) -> bytes:
    """Return a client, visits, their changes, the log, the desk's appointments and the invitations as JSON.

    Fields with their default value are left out.
    """
    document = ClientFile(
        format=FORMAT,
        version=VERSION,
        client=client,
        visits=visits,
        changes=changes,
        log=log,
        appointments=appointments,
        invitations=invitations,
    )
    return f"{document.model_dump_json(by_alias=True, exclude_defaults=True, indent=1)}\n".encode()


def load(text: bytes | str, catalog: Catalog) -> tuple[Client | None, tuple[Visit, ...]]:
    """Return the client and the visits of a file.

    A visit with the digest of ``catalog`` must fit the catalogue; other visits are taken unchecked. Changes, log,
    appointments and invitations are not imported: an imported visit begins its own history.

    Raises:
        Unreadable: the file has faults.
    """
    content = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    if len(content) > MOST_BYTES:
        raise Unreadable(Fault("export_wrong_size", most=MOST_BYTES // 1_000_000))
    try:
        written = decoded(content)
        value, unsound = parsed(written)
    except NotJson as why:
        raise Unreadable(Fault(why.word, line=why.line)) from None
    _look_at_head(value)
    if unsound:
        raise _unreadable(catalog, unsound)
    try:
        document = ClientFile.model_validate_json(formats.interchange(written.encode()))
    except ValidationError as error:
        details = error.errors(include_input=False, include_url=False, include_context=False)
        raise _unreadable(
            catalog, [(one["loc"], _WORDS.get(one["type"], "export_wrong_value")) for one in details]
        ) from None
    if wrong := tuple(_wrong(catalog, document)):
        raise _unreadable(catalog, wrong)
    return document.client, document.visits


def schema() -> dict[str, Any]:
    """Return the JSON Schema of an interchange file."""
    return {"$schema": GenerateJsonSchema.schema_dialect, **ClientFile.model_json_schema()}


def _look_at_head(value: object) -> None:
    try:
        head = _Head.model_validate(value)
    except ValidationError:
        raise Unreadable(Fault("export_wrong_format")) from None
    if head.version > VERSION:
        raise Unreadable(Fault("export_wrong_newer"))


def _unreadable(catalog: Catalog, wrong: Iterable[Wrong]) -> Unreadable:
    return Unreadable(*(Fault(word, _place(catalog, place)) for place, word in wrong))


def _wrong(catalog: Catalog, document: ClientFile) -> Iterator[Wrong]:
    """Yield the faults that the schema cannot find."""
    if document.client is not None:
        yield from _wrong_in_client(document.client)
    ids = Counter(visit.id for visit in document.visits)
    owners = {None, document.client.id if document.client else None}
    for number, visit in enumerate(document.visits):
        at = ("visits", number)
        if not _ID.fullmatch(visit.id):
            yield (*at, "id"), "export_wrong_value"
        if ids[visit.id] > 1:
            yield (*at, "id"), "export_wrong_twice"
        if visit.client not in owners:
            yield (*at, "client"), "export_wrong_owner"
        moments: list[tuple[Place, datetime]] = [(("started",), visit.started), (("changed",), visit.changed)]
        moments += [(("record", "corrected", place), one) for place, one in enumerate(visit.record.corrected)]
        moments += [(("record", "shown", place, "at"), one.at) for place, one in enumerate(visit.record.shown)]
        moments += [(("record", "ended"), visit.record.ended)] if visit.record.ended else []
        for name, moment in moments:
            if moment.tzinfo is None:
                yield (*at, *name), "export_wrong_time"
            elif moment.year not in YEARS:
                yield (*at, *name), "export_wrong_value"
        yield from _wrong_in_record(catalog, visit.record, (*at, "record"))


def _wrong_in_client(client: Client) -> Iterator[Wrong]:
    details = client.details
    lines: list[tuple[Place, str]] = [
        (("code",), client.code), (("name",), client.name),
        (("details", "employer"), details.employer), (("details", "office"), details.office),
    ]  # fmt: skip
    for place, text in lines:
        if has_unseen(text):
            yield ("client", *place), "export_wrong_unseen"
    usable = {
        ("id",): _ID.fullmatch(client.id),
        ("code",): 0 < len(client.code) <= LINE_MAX,
        ("name",): len(client.name) <= LINE_MAX,
        ("details", "employer"): len(details.employer) <= LINE_MAX,
        ("details", "office"): len(details.office) <= LINE_MAX,
        ("consent", "purpose"): len(client.consent.purpose) <= NOTES_MAX,
    }
    for place, is_usable in usable.items():
        if not is_usable:
            yield ("client", *place), "export_wrong_value"


def _wrong_in_record(catalog: Catalog, record: Record, at: Place) -> Iterator[Wrong]:
    usable = {
        "digest": _DIGEST.fullmatch(record.digest),
        SCREEN_KEY: record.screen in SCREEN_IDS,
        "revision": 0 <= record.revision <= MOST_REVISION,
    }
    for name, is_usable in usable.items():
        if not is_usable:
            yield (*at, name), "export_wrong_value"
    for place, _ in (*account.problems(record, SCREEN_IDS), *client_screen.problems(record, SCREEN_IDS)):
        yield (*at, *place), "export_wrong_value"
    if record.digest == catalog.digest:
        for place, _ in problems_of_case(catalog, record.case):
            yield (*at, "case", *place), "export_wrong_fit"
        for place, _ in (*problems_of_plan(catalog, record), *remarks.problems(catalog, record)):
            yield (*at, *place), "export_wrong_fit"


def _sentence(say: Say, fault: Fault) -> str:
    what = say(fault.word, most=fault.most) if fault.most else say(fault.word)
    if fault.line:
        return say("export_wrong_line", line=fault.line, what=what)
    return say("export_wrong_at", place=fault.place, what=what) if fault.place else what


def _place(catalog: Catalog, place: Iterable[str | int]) -> str:
    """Return a place as a path, visits[0].record.plan, with … for an unknown key: it may hold something personal."""
    known_keys = _fields() | _ids(catalog)

    def shown(key: str | int) -> str:
        if isinstance(key, int) or _NUMBER.fullmatch(key):
            return f"[{key}]"
        return f".{key if key in known_keys else '…'}"

    return "".join(map(shown, place)).removeprefix(".")


@lru_cache(maxsize=1)
def _fields() -> frozenset[str]:
    document = schema()
    return frozenset(name for shape in (document, *document["$defs"].values()) for name in shape.get("properties", ()))


@lru_cache(maxsize=8)
def _ids(catalog: Catalog) -> frozenset[str]:
    groups = (catalog.items, catalog.signs, catalog.steps, catalog.worksheets)
    fields = (name for form in catalog.worksheets.values() for name in form.fields)
    return frozenset([name for group in groups for name in group] + [*fields])

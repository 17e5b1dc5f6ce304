"""The form of a client: the typed text, its errors, and the client that is made from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from advisor.session import permissions
from advisor.session.forms import Unusable, day, folded, has_unseen, line, stored_day
from advisor.session.model import THEN, USES, Client, Consent, Then

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

CODE_MAX, NAME_MAX, PURPOSE_MAX, YEARS_MAX = 40, 80, 300, 5
DETAILS = ("employer", "office")
CONSENT = ("purpose", "given_on", "until", "then")
FIELDS = ("code", "name", *DETAILS, *CONSENT, "uses", "agreed")
AGREED = "yes"


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of the form as typed text. ``client`` is the client as stored; None for a new one.

    ``uses`` among the values are the ticked uses, with spaces between.
    ``asked``: the form was handed in once. From then on, errors stand beside the fields.
    """

    values: dict[str, str]
    client: Client | None = None
    asked: bool = False

    @property
    def renews(self) -> bool:
        """Whether the consent differs from the stored one. The client then has to agree to it."""
        return self.client is None or any(self.values[name] != text for name, text in _texts(self.client).items())


def blank(today: date, purpose: str) -> Form:
    """Return the form of a new client. It proposes to keep the data for a year from today, and to ask then."""
    texts = {"purpose": purpose, "given_on": today.isoformat(), "until": after(today, 1).isoformat(), "then": "ask"}
    return Form({"code": "", "name": "", **dict.fromkeys(DETAILS, ""), **texts, "uses": "", "agreed": ""})


def of(client: Client) -> Form:
    """Return the form with the data of a client."""
    told = client.details
    allowed = " ".join(use for use in USES if told.allows(use))
    own = {"code": client.code, "name": client.name, "employer": told.employer, "office": told.office}
    return Form({**own, **_texts(client), "uses": allowed, "agreed": ""}, client)


def renewed(client: Client, today: date) -> Form:
    """Return the form of a client whose consent ends. It proposes a consent given today, for another year."""
    form = of(client)
    days = {"given_on": today.isoformat(), "until": after(today, 1).isoformat()}
    return replace(form, values=form.values | days)


def from_elsewhere(client: Client, taken: Collection[str], today: date) -> tuple[Form, tuple[str, ...]]:
    """Return the form for a client from a file, and the fields to ask for. If there are none, the client can be stored.

    The code is asked for if it cannot be used here. A new consent is asked for if the old one is over and says to
    erase: without it, the client would be stored and erased a moment later.
    """
    over = client.consent.until < today and client.consent.then == "erase"
    form = replace(renewed(client, today) if over else of(client), client=None)
    wrong = "code" in problems(form, taken, today)
    return replace(form, asked=wrong), (*(("code",) if wrong else ()), *((*CONSENT, "agreed") if over else ()))


def completed(form: Form, client: Client, asked: Collection[str], today: date) -> Client:
    """Return a client from a file, with the fields that were asked for. All other fields stay as in the file."""
    code = form.values["code"].strip() if "code" in asked else client.code
    consent = client_of(form, client.id, today).consent if "agreed" in asked else client.consent
    return replace(client, code=code, consent=consent)


def rebased(form: Form, now: Client) -> Form:
    """Return the form after somebody else changed the client. Text typed here stays; other fields are as stored now.

    If the consent still differs, the client has to agree again.
    """
    before, stored = of(form.client or now).values, of(now)
    typed = {name: text for name, text in form.values.items() if text != before[name]}
    return replace(stored, values={**stored.values, **typed, "agreed": ""})


def filled(form: Form, field: str, text: str) -> Form:
    """Return the form with one field set from typed text.

    Raises:
        KeyError: The form has no such field, or the field has no such option.
    """
    if (
        field not in FIELDS
        or (field == "then" and text not in THEN)
        or (field == "agreed" and text not in {"", AGREED})
        or (field == "uses" and not set(text.split()) <= set(USES))
    ):
        raise KeyError(field)
    return replace(form, values={**form.values, field: text})


def stored(field: str, text: str, today: date) -> str:
    """Return a typed day of the consent in its stored form; any other text as it was typed."""
    days = {"given_on": True, "until": False}  # whether a day without a year is a past one
    return stored_day(text, today, past=days[field]) if field in days else text


def problems(form: Form, taken: Collection[str], today: date) -> dict[str, tuple[str, int]]:
    """Return the errors by field: the word of the error, and the limit it names. ``taken``: codes of other clients."""
    return {field: (unusable.word, unusable.most) for field, unusable in _problems(form, taken, today)}


def client_of(form: Form, name: str, today: date) -> Client:
    """Return the client of a form without errors; ``name`` is the id for a new one.

    The uses that a new client ticked are allowed from the day of their consent on, later ones from today on.
    """
    values = form.values
    consent = Consent(values["purpose"].strip(), day(values["given_on"]), day(values["until"]), _then(values["then"]))
    kept = form.client or Client(name, "", consent, since=today)
    told = replace(kept.details, employer=values["employer"].strip(), office=values["office"].strip())
    told = permissions.ticked(told, values["uses"].split(), today if form.client else consent.given_on, today)
    return replace(kept, code=values["code"].strip(), name=values["name"].strip(), consent=consent, details=told)


def drafted(form: Form, today: date) -> Client | None:
    """Return the client as the form says so far, for a consent form to sign; None if a field cannot be used yet."""
    wrong = {field for field, _ in _problems(form, (), today)} - {"agreed"}
    return None if wrong else client_of(form, "", today)


def after(start: date, years: int) -> date:
    """Return the same day some years later; 29 February may become the 28th."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return start.replace(year=start.year + years, day=28)


def _problems(form: Form, taken: Collection[str], today: date) -> Iterator[tuple[str, Unusable]]:
    values = form.values
    if error := _wrong(lambda: _code(values["code"], taken)):
        yield "code", error
    for field in ("name", *DETAILS):
        if error := _wrong(partial(_short, values[field])):
            yield field, error
    if not form.renews:
        return
    if error := _wrong(lambda: _needed(values["purpose"], "desk_error_purpose", PURPOSE_MAX)):
        yield "purpose", error
    given = _wrong(lambda: _given(values["given_on"], today))
    if given:
        yield "given_on", given
    if error := _wrong(lambda: _until(values["until"], today if given else day(values["given_on"]), today)):
        yield "until", error
    if values["agreed"] != AGREED:
        yield "agreed", Unusable("desk_error_agreed")


def _wrong(check: Callable[[], object]) -> Unusable | None:
    try:
        check()
    except Unusable as unusable:
        return unusable
    return None


def _needed(text: str, word: str, most: int) -> str:
    if not text.strip():
        raise Unusable(word)
    return line(text.strip(), most)


def _short(text: str) -> None:
    _seen(line(text.strip(), NAME_MAX))


def _code(text: str, taken: Collection[str]) -> None:
    if folded(_seen(_needed(text, "desk_error_code", CODE_MAX))) in taken:
        raise Unusable("desk_error_taken")


def _seen(text: str) -> str:
    if has_unseen(text):
        raise Unusable("desk_error_unseen")
    return text


def _given(text: str, today: date) -> None:
    if day(text) > today:
        raise Unusable("desk_error_given_on")


def _until(text: str, given: date, today: date) -> None:
    if not max(given, today) < day(text) <= after(given, YEARS_MAX):
        raise Unusable("desk_error_until", YEARS_MAX)


def _then(text: str) -> Then:
    return next(choice for choice in THEN if choice == text)


def _texts(client: Client) -> dict[str, str]:
    consent = client.consent
    return {
        "purpose": consent.purpose,
        "given_on": consent.given_on.isoformat(),
        "until": consent.until.isoformat(),
        "then": consent.then,
    }

"""The errors of the store. Each has the key of a sentence for the screen; none holds anything of a client."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from advisor.session.model import Appointment, Client, Visit

_SQLITE_FULL = {13, 4874}  # SQLITE_FULL; SQLITE_IOERR_SHMSIZE: no room for the index of the WAL
_SQLITE_LOCKED = {5, 6}  # SQLITE_BUSY, SQLITE_LOCKED
_POSTGRES_FULL = {"53100"}  # disk_full
_POSTGRES_LOCKED = {"55P03", "40P01", "40001", "57014"}  # lock timeout, deadlock, serialization, statement timeout


class StoreError(Exception):
    """Any error of the store; ``word`` is the key of the sentence that tells a person."""

    word = "store_broken"

    def __init__(self, word: str = "") -> None:
        self.word = word or type(self).word
        super().__init__(self.word)

    @property
    def is_misplaced(self) -> bool:
        """Whether the known store is not at its address: see :class:`Misplaced`."""
        return self.plain_word in {f"store_{why}" for why in Misplaced.WHY}

    @property
    def plain_word(self) -> str:
        """The word without the difference between reading and writing: store_full, ..."""
        return self.word.replace("not_saved_", "store_").replace("not_read_", "store_")


class NotSaved(StoreError):  # noqa: N818  (named after what happened)
    """A change was not saved: not_saved_full, _locked, _broken, or a word of :class:`Misplaced`.

    The next call may succeed.
    """

    stem, word = "not_saved", "not_saved_broken"


class NotRead(StoreError):  # noqa: N818  (named after what happened)
    """The database could not be read: not_read_full, _locked, _broken, or a word of :class:`Misplaced`."""

    stem, word = "not_read", "not_read_broken"


class ChangedElsewhere(StoreError):  # noqa: N818  (named after what happened)
    """Another screen saved this visit meanwhile; ``visit`` is the visit as it is stored now."""

    word = "changed_elsewhere"

    def __init__(self, visit: Visit) -> None:
        super().__init__()
        self.visit = visit


class ClientChanged(StoreError):  # noqa: N818  (named after what happened)
    """Another screen changed this client meanwhile; ``client`` is the client as it is stored now."""

    word = "client_changed"

    def __init__(self, client: Client) -> None:
        super().__init__()
        self.client = client


class AppointmentChanged(StoreError):  # noqa: N818  (named after what happened)
    """Another screen changed this appointment meanwhile; ``appointment`` is the row as it is stored now."""

    word = "appointment_changed"

    def __init__(self, appointment: Appointment) -> None:
        super().__init__()
        self.appointment = appointment


class WrongDigits(StoreError):  # noqa: N818  (named after what happened)
    """A client's link asks for four digits, and these are not given or wrong."""

    word = "wrong_digits"


class Gone(StoreError):  # noqa: N818  (named after what happened)
    """The visit or client was erased. With the word "missing": it is not there, but no tombstone says it was erased."""

    word = "gone"

    @property
    def is_erased(self) -> bool:
        """Whether a tombstone says that it was erased. Only then may the screen say so, and may a copy be dropped."""
        return self.word == Gone.word


class NotAllowed(StoreError):  # noqa: N818  (named after the reason)
    """The viewer may not read or write: the adviser was disabled (not_allowed), or no adviser is named (no_adviser)."""

    word = "not_allowed"


class AdviserError(StoreError):
    """An adviser cannot be found or changed: adviser_unknown, adviser_taken, adviser_disabled, password_short, ..."""

    word = "adviser_unknown"


class NeedsUpgrade(StoreError):  # noqa: N818  (named after what to do)
    """An older workbook made the database: ``advisor db upgrade`` brings it up to date."""

    word = "store_older"


class TooNew(StoreError):  # noqa: N818  (named after the reason)
    """A newer workbook made the database: only that one can use it."""

    word = "store_newer"


class NoDriver(StoreError):  # noqa: N818  (named after what is missing)
    """The database's driver is not installed, or the address names a kind of database that the workbook cannot use."""

    word = "store_no_driver"


class Sealed(StoreError):  # noqa: N818  (named after the state)
    """Names and notes are encrypted, and ADVISOR_KEY is missing or does not open them.

    not_read_key: the store was sealed with a new key while this process used the old one.
    """

    word = "store_sealed"


class KeyRetired(NotSaved):
    """The keys of the store were changed meanwhile: this process would seal with a key that nobody uses any more."""

    word = "not_saved_key"


class BadKey(StoreError):  # noqa: N818  (named after the reason)
    """ADVISOR_KEY holds text that is not a key: ``advisor db new-key`` makes a key."""

    word = "store_bad_key"


class BackupError(StoreError):
    """A backup could not be made or restored: backup_passphrase, backup_damaged, backup_newer, backup_not_empty, ..."""

    word = "backup_damaged"


class Misplaced(OSError):  # noqa: N818  (named after what is wrong)
    """The address does not hold the known store, so nothing is read or written; ``why`` says what is there.

    gone: no store, but one is known there · other: another store than the known one · none: no store, and none is
    known.
    """

    WHY = ("gone", "other", "none")

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def reason(error: BaseException) -> str:
    """Return what is wrong with the database: full, locked, broken, or the ``why`` of :class:`Misplaced`."""
    if isinstance(error, Misplaced):
        return error.why
    cause: Any = getattr(error, "orig", None) or error
    sqlite, postgres = getattr(cause, "sqlite_errorcode", None), getattr(cause, "sqlstate", None)
    if sqlite in _SQLITE_FULL or postgres in _POSTGRES_FULL or getattr(cause, "errno", None) == errno.ENOSPC:
        return "full"
    if (sqlite is not None and sqlite & 0xFF in _SQLITE_LOCKED) or postgres in _POSTGRES_LOCKED:
        return "locked"
    return "broken"

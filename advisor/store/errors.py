"""What can go wrong with the store. Each error names a word of the interface; none holds anything of a client."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from advisor.session.model import Client, Visit

_SQLITE_FULL = {13, 4874}  # SQLITE_FULL; SQLITE_IOERR_SHMSIZE: no room for the index of the WAL
_SQLITE_LOCKED = {5, 6}  # SQLITE_BUSY, SQLITE_LOCKED
_POSTGRES_FULL = {"53100"}  # disk_full
_POSTGRES_LOCKED = {"55P03", "40P01", "40001", "57014"}  # lock timeout, deadlock, serialization, statement timeout


class StoreError(Exception):
    """Something about the store; ``word`` is the key of the sentence that says it to a person."""

    word = "store_broken"

    def __init__(self, word: str = "") -> None:
        self.word = word or type(self).word
        super().__init__(self.word)

    @property
    def is_misplaced(self) -> bool:
        """Whether the place is wrong or empty, not the store that is known to stand there: see :class:`Misplaced`."""
        return self.plain_word in {f"store_{why}" for why in Misplaced.WHY}

    @property
    def plain_word(self) -> str:
        """The word where it does not matter whether something was to be read or written: store_full, ..."""
        return self.word.replace("not_saved_", "store_").replace("not_read_", "store_")


class NotSaved(StoreError):  # noqa: N818  (named after what happened)
    """A change was not saved: not_saved_full, _locked, _broken, or as :class:`Misplaced` says.

    The store can be used again.
    """

    stem, word = "not_saved", "not_saved_broken"


class NotRead(StoreError):  # noqa: N818  (named after what happened)
    """The database did not give what was asked for: not_read_full, _locked, _broken, or as :class:`Misplaced` says."""

    stem, word = "not_read", "not_read_broken"


class ChangedElsewhere(StoreError):  # noqa: N818  (named after what happened)
    """Somebody else saved this visit meanwhile; ``visit`` is what is stored now."""

    word = "changed_elsewhere"

    def __init__(self, visit: Visit) -> None:
        super().__init__()
        self.visit = visit


class ClientChanged(StoreError):  # noqa: N818  (named after what happened)
    """Somebody else changed this client meanwhile; ``client`` is what is stored now."""

    word = "client_changed"

    def __init__(self, client: Client) -> None:
        super().__init__()
        self.client = client


class Gone(StoreError):  # noqa: N818  (named after what happened)
    """The visit or client was erased, or (with the word "missing") it is not there and nobody erased it."""

    word = "gone"

    @property
    def is_erased(self) -> bool:
        """Whether a tombstone says that it was erased: only then may a person be told so, and a copy be dropped."""
        return self.word == Gone.word


class NotAllowed(StoreError):  # noqa: N818  (named after the reason)
    """Nobody may read or write here: the adviser was disabled (not_allowed), or nobody said who it is (no_adviser)."""

    word = "not_allowed"


class AdviserError(StoreError):
    """Something about an adviser cannot be: adviser_unknown, adviser_taken, adviser_disabled, password_short, ..."""

    word = "adviser_unknown"


class NeedsUpgrade(StoreError):  # noqa: N818  (named after what to do)
    """The database was made by an older workbook: ``advisor db upgrade`` brings it up to date."""

    word = "store_older"


class TooNew(StoreError):  # noqa: N818  (named after the reason)
    """The database was made by a newer workbook: only that one can use it."""

    word = "store_newer"


class NoDriver(StoreError):  # noqa: N818  (named after what is missing)
    """The database needs a driver that is not installed, or the address names a database nobody here knows."""

    word = "store_no_driver"


class Sealed(StoreError):  # noqa: N818  (named after the state)
    """Names and notes are encrypted, and ADVISOR_KEY is missing or is not the key that opens them.

    not_read_key: the keys were changed while this one was in use.
    """

    word = "store_sealed"


class KeyRetired(NotSaved):
    """Somebody has changed the keys meanwhile: what is sealed here is sealed under a key that nobody has any more."""

    word = "not_saved_key"


class BadKey(StoreError):  # noqa: N818  (named after the reason)
    """ADVISOR_KEY holds something that is no key: ``advisor db new-key`` makes one."""

    word = "store_bad_key"


class BackupError(StoreError):
    """A backup could not be made or restored: backup_passphrase, backup_damaged, backup_newer, backup_not_empty, ..."""

    word = "backup_damaged"


class Misplaced(OSError):  # noqa: N818  (named after what is wrong)
    """Nothing may be read or written here; ``why`` says what stands at the address.

    gone: nothing, though a store is known to stand there · other: another store than the one that is known ·
    none: nothing, and none was known.
    """

    WHY = ("gone", "other", "none")

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def reason(error: BaseException) -> str:
    """Return what is wrong with the database: full, locked, broken, or why it is :class:`Misplaced`."""
    if isinstance(error, Misplaced):
        return error.why
    cause: Any = getattr(error, "orig", None) or error
    sqlite, postgres = getattr(cause, "sqlite_errorcode", None), getattr(cause, "sqlstate", None)
    if sqlite in _SQLITE_FULL or postgres in _POSTGRES_FULL or getattr(cause, "errno", None) == errno.ENOSPC:
        return "full"
    if (sqlite is not None and sqlite & 0xFF in _SQLITE_LOCKED) or postgres in _POSTGRES_LOCKED:
        return "locked"
    return "broken"

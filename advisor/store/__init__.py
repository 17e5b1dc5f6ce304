"""The store keeps clients and their visits: in SQLite for one person, in PostgreSQL for a team, with the same code."""

from advisor.store.encryption import new_key
from advisor.store.erasure import UNASSIGNED_DAYS
from advisor.store.errors import (
    AdviserError,
    AppointmentChanged,
    BackupError,
    BadKey,
    ChangedElsewhere,
    ClientChanged,
    Gone,
    KeyRetired,
    NeedsUpgrade,
    NoDriver,
    NotAllowed,
    NotRead,
    NotSaved,
    Sealed,
    StoreError,
    TooNew,
    WrongDigits,
)
from advisor.store.location import open_store
from advisor.store.retention import Expiry
from advisor.store.rows import Tombstone
from advisor.store.store import Store, is_id, new_id

__all__ = [
    "UNASSIGNED_DAYS",
    "AdviserError",
    "AppointmentChanged",
    "BackupError",
    "BadKey",
    "ChangedElsewhere",
    "ClientChanged",
    "Expiry",
    "Gone",
    "KeyRetired",
    "NeedsUpgrade",
    "NoDriver",
    "NotAllowed",
    "NotRead",
    "NotSaved",
    "Sealed",
    "Store",
    "StoreError",
    "Tombstone",
    "TooNew",
    "WrongDigits",
    "is_id",
    "new_id",
    "new_key",
    "open_store",
]

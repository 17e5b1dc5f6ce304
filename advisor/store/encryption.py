"""Encryption of names, notes and records: text is sealed before it is written and opened after it is read.

``ADVISOR_KEY`` holds one or several keys, with commas between them. The first key seals; each of them can open.
"""

from __future__ import annotations

import base64
import hmac
import os
from typing import TYPE_CHECKING

from advisor.store.errors import BadKey, NotRead, Sealed

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

SEAL = "fernet:"  # the start of a sealed value
PLAIN = "plain:"  # put before a plain value that itself starts with one of the two


def new_key() -> str:
    """Return a new key for ADVISOR_KEY."""
    from cryptography.fernet import Fernet  # noqa: PLC0415  (only where something is sealed)

    return Fernet.generate_key().decode()


class Vault:
    """Seals and opens text. Without keys it leaves text plain, and cannot open sealed text."""

    def __init__(self, keys: str | None = None) -> None:
        """Take ``keys`` (default: ADVISOR_KEY).

        Raises:
            BadKey: one of them is not a valid key.
        """
        given = os.environ.get("ADVISOR_KEY", "") if keys is None else keys
        names = [key.strip() for key in given.split(",") if key.strip()]
        self._fernet = _fernet(names) if names else None
        self.fingerprints = tuple(map(_fingerprint, names))  # in the order of the keys: the first key seals

    @property
    def seals(self) -> bool:
        """Whether there is a key."""
        return self._fernet is not None

    def seal(self, text: str) -> str:
        """Return ``text`` for the database: encrypted if there is a key."""
        if self._fernet is not None:
            return SEAL + self._fernet.encrypt(text.encode()).decode()
        return PLAIN + text if text.startswith((SEAL, PLAIN)) else text

    def open(self, written: str) -> str:
        """Return the text of a value of the database, sealed or plain.

        Raises:
            Sealed: no key opens it.
            NotRead: its bytes are not text.
        """
        if not written.startswith(SEAL):
            return _whole(written.removeprefix(PLAIN))
        if self._fernet is None:
            raise Sealed
        from cryptography.fernet import InvalidToken  # noqa: PLC0415  (loaded with the keys)

        try:
            return self._fernet.decrypt(written.removeprefix(SEAL)).decode()
        except (InvalidToken, ValueError):  # ValueError: its characters cannot be those of a sealed value
            raise Sealed from None

    def opened(self, written: str) -> str | None:
        """Return the text of a value of the database, like :meth:`open`; None instead of an error."""
        try:
            return self.open(written)
        except (Sealed, NotRead):
            return None


def _fingerprint(key: str) -> str:
    """Return a hash that identifies a key and does not reveal it: a key has 256 random bits, so nobody can guess it."""
    return hmac.digest(base64.urlsafe_b64decode(key), b"advisor: which key seals", "sha256").hex()[:32]


def _whole(text: str) -> str:
    """Return the text. Raise NotRead if it has surrogates: engine._text sets them for bytes that are no text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotRead from None
    return text


def _fernet(keys: list[str]) -> MultiFernet:
    from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415  (only where there is a key)

    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise BadKey from None

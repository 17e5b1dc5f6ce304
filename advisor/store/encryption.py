"""Names, notes and records under a key: sealed before they are written, opened after they are read.

``ADVISOR_KEY`` holds one or several keys, with commas between them: the first seals, all of them open.
"""

from __future__ import annotations

import base64
import hmac
import os
from typing import TYPE_CHECKING

from advisor.store.errors import BadKey, NotRead, Sealed

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

SEAL = "fernet:"  # marks a sealed value
PLAIN = "plain:"  # marks a plain one that looks as if it were marked


def new_key() -> str:
    """Return a new key for ADVISOR_KEY."""
    from cryptography.fernet import Fernet  # noqa: PLC0415  (only where something is sealed)

    return Fernet.generate_key().decode()


class Vault:
    """Seals and opens text. Without keys it leaves text as it is, and cannot open what was sealed."""

    def __init__(self, keys: str | None = None) -> None:
        """Take ``keys`` (default: ADVISOR_KEY).

        Raises:
            BadKey: one of them is no key.
        """
        given = os.environ.get("ADVISOR_KEY", "") if keys is None else keys
        names = [key.strip() for key in given.split(",") if key.strip()]
        self._fernet = _fernet(names) if names else None
        self.fingerprints = tuple(map(_fingerprint, names))  # the first is that of the key that seals

    @property
    def seals(self) -> bool:
        """Whether there is a key."""
        return self._fernet is not None

    def seal(self, text: str) -> str:
        """Return ``text`` as it is to be written."""
        if self._fernet is not None:
            return SEAL + self._fernet.encrypt(text.encode()).decode()
        return PLAIN + text if text.startswith((SEAL, PLAIN)) else text

    def open(self, written: str) -> str:
        """Return the text that was written, sealed or plain.

        Raises:
            Sealed: no key opens it.
            NotRead: the bytes of it are no text.
        """
        if not written.startswith(SEAL):
            return _whole(written.removeprefix(PLAIN))
        if self._fernet is None:
            raise Sealed
        from cryptography.fernet import InvalidToken  # noqa: PLC0415  (loaded with the keys)

        try:
            return self._fernet.decrypt(written.removeprefix(SEAL)).decode()
        except (InvalidToken, ValueError):  # the latter: not even the signs are those of a sealed value
            raise Sealed from None

    def opened(self, written: str) -> str | None:
        """Return the text that was written, or None where no key opens it or it is no text."""
        try:
            return self.open(written)
        except (Sealed, NotRead):
            return None


def _fingerprint(key: str) -> str:
    """Return what tells a key from others and says nothing of it: 256 bits nobody guesses stand behind it."""
    return hmac.digest(base64.urlsafe_b64decode(key), b"advisor: which key seals", "sha256").hex()[:32]


def _whole(text: str) -> str:
    """Return text that is whole; where bytes were none, SQLite's driver has put half signs into their places."""
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

"""Names, notes and records under a key: sealed before they are written, opened after they are read.

``ADVISOR_KEY`` holds one or several keys, with commas between them: the first seals, all of them open.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from advisor.store.errors import BadKey, Sealed

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
        """
        if not written.startswith(SEAL):
            return written.removeprefix(PLAIN)
        if self._fernet is None:
            raise Sealed
        from cryptography.fernet import InvalidToken  # noqa: PLC0415  (loaded with the keys)

        try:
            return self._fernet.decrypt(written.removeprefix(SEAL)).decode()
        except InvalidToken:
            raise Sealed from None


def _fernet(keys: list[str]) -> MultiFernet:
    from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415  (only where there is a key)

    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise BadKey from None

"""Names, notes and records under a key: sealed before they are written, opened after they are read.

``ADVISOR_KEY`` holds one or several keys, with commas between them: the first seals, all of them open.
"""

from __future__ import annotations

import base64
import hmac
import os
import threading
from typing import TYPE_CHECKING

from pydantic import ConfigDict, TypeAdapter

from advisor.store.errors import BadKey, NotRead, Sealed

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

SEAL = "fernet:"  # marks a sealed value
PLAIN = "plain:"  # marks a plain one that looks as if it were marked
_BASE64 = TypeAdapter(bytes, config=ConfigDict(val_json_bytes="base64"))
_VERSION, _HEAD, _BLOCK, _MAC = 0x80, 9, 16, 32  # of a Fernet token: its first byte; lengths of its parts


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
        self._keys = tuple(map(_Key, names))
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
        try:
            return self._unsealed(written.removeprefix(SEAL)).decode()
        except ValueError:  # not even the signs are those of a sealed value
            raise Sealed from None

    def opened(self, written: str) -> str | None:
        """Return the text that was written, or None where no key opens it or it is no text."""
        try:
            return self.open(written)
        except (Sealed, NotRead):
            return None

    def _unsealed(self, token: str) -> bytes:
        """Return what Fernet's decrypt would, in half the time: a list of thousands opens thousands of values.

        Raises:
            Sealed: none of the keys has sealed it.
            ValueError: it is no token.
        """
        whole = memoryview(_bytes_of(token))
        signed, mac = whole[:-_MAC], whole[-_MAC:]
        for key in self._keys:  # nothing is decrypted before it is known who wrote it
            if hmac.compare_digest(hmac.digest(key.signing, signed, "sha256"), mac):
                return key.decrypted(signed)
        raise Sealed


class _Key(threading.local):
    """One key, for what was sealed by it; each thread has a decryptor of its own."""

    def __init__(self, key: str) -> None:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415  (as below)

        halves = base64.urlsafe_b64decode(key)
        self.signing = halves[:_BLOCK]
        self._decryptor = Cipher(algorithms.AES(halves[_BLOCK:]), modes.CBC(bytes(_BLOCK))).decryptor()

    def decrypted(self, signed: memoryview) -> bytes:
        """Return what a token holds: version, time, first block of no text, then the text up to a whole block."""
        if len(signed) < _HEAD + 2 * _BLOCK or len(signed) % _BLOCK != _HEAD or signed[0] != _VERSION:
            raise Sealed
        # A block is read by means of the one before it alone: so one decryptor goes from token to token.
        padded = self._decryptor.update(signed[_HEAD:])[_BLOCK:]
        size = padded[-1]
        if not 0 < size <= _BLOCK or padded[-size:] != bytes([size]) * size:
            raise Sealed
        return padded[:-size]


def _bytes_of(token: str) -> bytes:
    """Return the bytes of a token. Pydantic reads what is well written five times as fast as the standard library."""
    try:
        return _BASE64.validate_strings(token)
    except ValueError:
        return base64.urlsafe_b64decode(token)


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

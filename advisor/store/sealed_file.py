"""A file encrypted with a passphrase: compressed, AES-256-GCM, the key derived by scrypt.

The first line is a title with the version. The second line is JSON with the parameters of scrypt. The rest is the
encrypted content.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import unicodedata
import zlib
from typing import Any

from advisor.store.errors import BackupError

TITLE = b"advisor backup"
VERSION = 1
COST = {"n": 2**16, "r": 8, "p": 2}  # each guess at the passphrase takes 64 MB and a third of a second
_COST_MAX = {"n": 2**20, "r": 16, "p": 16}
_NONCE_BYTES, _SALT_BYTES, _KEY_BYTES = 12, 16, 32


def seal(content: bytes, passphrase: str) -> bytes:
    """Return the bytes of a file that holds ``content``, encrypted with the passphrase."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  (only backups need it)

    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    key, proof = _derive(passphrase, salt, COST)
    header = {**COST, "salt": _text(salt), "nonce": _text(nonce), "proof": _text(proof)}
    head = TITLE + b" %d\n" % VERSION + json.dumps(header).encode() + b"\n"
    return head + AESGCM(key).encrypt(nonce, zlib.compress(content), head)


def unseal(file: bytes, passphrase: str) -> bytes:
    """Return the content of a file that :func:`seal` made.

    Raises:
        BackupError: backup_damaged (also for a file that is no backup), backup_newer, backup_passphrase.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  (only backups need it)
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  (as above)

    title, _, rest = file.partition(b"\n")
    line, _, sealed = rest.partition(b"\n")
    name, _, version = title.rpartition(b" ")
    if name != TITLE or not version.isdigit():
        raise BackupError("backup_damaged")
    if int(version) > VERSION:
        raise BackupError("backup_newer")
    salt, nonce, proof, cost = _header(line)
    key, expected = _derive(passphrase, salt, cost)
    if not hmac.compare_digest(proof, expected):
        raise BackupError("backup_passphrase")
    try:
        return zlib.decompress(AESGCM(key).decrypt(nonce, sealed, title + b"\n" + line + b"\n"))
    except (InvalidTag, ValueError, zlib.error):
        raise BackupError("backup_damaged") from None


def _header(line: bytes) -> tuple[bytes, bytes, bytes, dict[str, int]]:
    try:
        header: dict[str, Any] = json.loads(line)
        salt, nonce, proof = (base64.b64decode(header[name], validate=True) for name in ("salt", "nonce", "proof"))
        cost = {name: int(header[name]) for name in COST}
    except (ValueError, TypeError, KeyError):
        raise BackupError("backup_damaged") from None
    if any(not 0 < cost[name] <= most for name, most in _COST_MAX.items()):  # or a file could fill the memory
        raise BackupError("backup_damaged")
    return salt, nonce, proof, cost


def _derive(passphrase: str, salt: bytes, cost: dict[str, int]) -> tuple[bytes, bytes]:
    """Return the key, and the bytes that prove that the passphrase is right."""
    typed = unicodedata.normalize("NFKC", passphrase).encode()  # the same bytes from every keyboard
    memory = 2 * 128 * cost["n"] * cost["r"]
    try:
        derived = hashlib.scrypt(typed, salt=salt, **cost, maxmem=memory, dklen=2 * _KEY_BYTES)
    except ValueError:
        raise BackupError("backup_damaged") from None
    return derived[:_KEY_BYTES], derived[_KEY_BYTES:]


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()

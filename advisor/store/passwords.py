"""Passwords: which ones are accepted, and how they are hashed (Argon2id). A kernel never loads these libraries."""

from __future__ import annotations

import secrets
from functools import cache
from typing import TYPE_CHECKING

from advisor.session.forms import folded

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 12, 128  # characters, of any kind
MEMORY, TIME, LANES = 65536, 3, 4  # 64 MiB: the second choice of RFC 9106, more than OWASP asks for
_NEEDED_SCORE = 3  # of zxcvbn's four: more than a hundred million guesses
_LOOKED_AT = 72  # zxcvbn takes at most so many characters
_TELLING = 3  # a name with fewer characters may be in a password by chance
_MADE_BYTES = 15


def problems_of_password(text: str, name: str) -> str | None:
    """Return what is wrong with a new password: password_short, password_long, password_common; None if it is good."""
    if len(text) < SHORTEST:
        return "password_short"
    if len(text) > LONGEST:
        return "password_long"
    folded_name = folded(name)
    if len(folded_name) >= _TELLING and folded_name in folded(text):
        return "password_common"
    from zxcvbn import zxcvbn  # noqa: PLC0415  (only a new password needs it)

    strength = zxcvbn(text[:_LOOKED_AT], [name, "advisor", "adviser", "workbook", "career"])
    return "password_common" if strength["score"] < _NEEDED_SCORE else None


def new_password() -> str:
    """Return a new random password."""
    return secrets.token_urlsafe(_MADE_BYTES)


def hashed(text: str) -> str:
    """Return the hash of a password with a new salt. The characters are not normalised."""
    return _hasher().hash(_bytes(text))


def is_right(kept: str | None, text: str) -> bool:
    """Return whether ``text`` is the password with the hash ``kept``. False takes as long if ``kept`` is None."""
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415  (only a login needs it)

    nobodys = _nobodys()  # made in any case: otherwise the first unknown name would take longer
    try:
        is_match = _hasher().verify(kept or nobodys, _bytes(text[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return is_match and kept is not None and len(text) <= LONGEST


def needs_rehash(kept: str) -> bool:
    """Return whether a hash was made with other costs than today's: then it has to be made again."""
    return _hasher().check_needs_rehash(kept)


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")  # a browser may send half an emoji


def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # noqa: PLC0415  (only a login needs it)

    return PasswordHasher(time_cost=TIME, memory_cost=MEMORY, parallelism=LANES)


@cache
def _nobodys() -> str:
    return hashed(new_password())

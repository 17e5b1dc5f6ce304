"""Names of files: two clients, or two visits of one client, never get the same file name.

The name has the client's code, or a short hash of the visit's id if it has no client. It has no name of a person.
"""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from advisor.session.model import TOKYO

if TYPE_CHECKING:
    from advisor.session.model import Client, Visit

MOST = 32  # characters of a code; in UTF-8 they take at most 128 of the 255 bytes that file systems allow
_TELLING = 6  # characters of a hash


def file_name(stem: str, ending: str, day: date, *, client: Client | None = None, visit: Visit | None = None) -> str:
    """Return a file name: kind, client, day, and the time at which the visit began (without a visit: the time now)."""
    began = (visit.started if visit else datetime.now(UTC)).astimezone(TOKYO)
    whose = code_part(client.code) if client else _hashed(visit.id) if visit else ""
    return "-".join(part for part in (stem, whose, f"{day:%Y%m%d}", f"{began:%H%M}") if part) + f".{ending}"


def code_part(code: str) -> str:
    """Return a client's code for a file name, with letters and digits of any script.

    If that changes or cuts the code, a hash of the code is added: two codes must not give the same name.
    """
    plain = unicodedata.normalize("NFC", code.strip())
    safe = "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in plain)[:MOST]
    return safe if safe == code else f"{safe}-{_hashed(code)}"


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_TELLING]

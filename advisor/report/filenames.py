"""What files are called: two clients, and two visits of one, never have a file of the same name.

A client is told by the code, as it is on the desk; a visit of nobody by a few signs of a hash. Nobody's name is in it.
"""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from advisor.session.model import TOKYO

if TYPE_CHECKING:
    from advisor.session.model import Client, Visit

MOST = 32  # signs of a code; in UTF-8 they take at most 128 of the 255 bytes that file systems allow
_TELLING = 6  # signs of a hash


def file_name(stem: str, ending: str, day: date, *, client: Client | None = None, visit: Visit | None = None) -> str:
    """Return a file's name: what it is, whose, of which day, and when the visit began (without one: the time now)."""
    at = (visit.started if visit else datetime.now(UTC)).astimezone(TOKYO)
    whose = code_part(client.code) if client else _hashed(visit.id) if visit else ""
    return "-".join(part for part in (stem, whose, f"{day:%Y%m%d}", f"{at:%H%M}") if part) + f".{ending}"


def code_part(code: str) -> str:
    """Return a code as part of a file's name: letters and digits of any script; else a hash tells it from others."""
    plain = unicodedata.normalize("NFC", code.strip())
    kept = "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in plain)[:MOST]
    return kept if kept == code else f"{kept}-{_hashed(code)}"


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_TELLING]

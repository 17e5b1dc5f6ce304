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
    from advisor.session.model import Visit

MOST = 32  # characters of a code; in UTF-8 they take at most 128 of the 255 bytes that file systems allow
_TELLING = 6  # characters of a hash


def file_name(stem: str, ending: str, day: date, *, code: str = "", visit: Visit | None = None) -> str:
    """Return a file name: kind, client's code, and the day and time at which the visit began.

    Without a visit it has ``day``, which is today, and the time now.
    """
    began = (visit.started if visit else datetime.now(UTC)).astimezone(TOKYO)
    whose = code_part(code) if code else hashed(visit.id) if visit else ""
    on = began.date() if visit else day
    return "-".join(part for part in (stem, whose, f"{on:%Y%m%d}", f"{began:%H%M}") if part) + f".{ending}"


def code_part(code: str) -> str:
    """Return a client's code for a file name, with letters and digits of any script.

    If that changes or cuts the code, a hash of the code is added: two codes must not give the same name.
    """
    plain = unicodedata.normalize("NFC", code.strip())
    safe = "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in plain)[:MOST]
    return safe if safe == code else f"{safe}-{hashed(code)}"


def hashed(text: str) -> str:
    """Return a few signs that tell one text from others and say nothing of it."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_TELLING]

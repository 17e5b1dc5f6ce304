"""Finds the one table in a ZIP file."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import BinaryIO, cast

from advisor.analysis.cohort import kinds, limits
from advisor.analysis.cohort.header import listed
from advisor.analysis.cohort.model import RefusedError

_OURS = (".report.csv",)
_BESIDE = (".txt", ".md", ".pdf", ".html", ".htm", ".json", ".xml", ".png", ".jpg", ".jpeg", ".docx")


def table(path: Path) -> tuple[str, str]:
    """Return the name of the only table in a ZIP, and its kind.

    Raises:
        RefusedError: there is none, or more than one, or the ZIP has a password.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir() and _counts(part.filename)]
            if len(parts) > limits.EXCEL_ENTRIES:
                raise RefusedError("excel_bomb", {"what": "ZIP"})
            if any(part.flag_bits & 1 for part in parts):
                raise RefusedError("zip_locked")
            tables = [part for part in parts if not part.filename.lower().endswith(_BESIDE)] or parts
            if len(tables) != 1:
                names = [part.filename for part in tables]
                raise RefusedError("zip_tables" if names else "zip_empty", {"names": listed(names)})
            with archive.open(tables[0]) as part:
                kind = kinds.kind_of(cast("BinaryIO", part))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError):
        raise RefusedError("zip_broken") from None
    return tables[0].filename, kind


def _counts(name: str) -> bool:
    parts = name.split("/")
    hidden = any(part.startswith((".", "__MACOSX", "~$")) for part in parts)
    return not hidden and not name.endswith(_OURS)

"""Catalogues as zip files in the store, so that an old visit gets the same reading years later."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

from advisor.content import disk, loading
from advisor.content.datafiles import DataError

if TYPE_CHECKING:
    from advisor.content.catalog import Catalog

_SAME_DAY = (1980, 1, 1, 0, 0, 0)  # a fixed day: the same files give the same bytes at any time


def pack(catalog: Catalog) -> bytes | None:
    """Return the files of a catalogue as a zip; None if the files have changed since they were loaded.

    Equal files give equal bytes with any line ends: the digest leaves out line ends, too.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in catalog.files:
            entry = zipfile.ZipInfo(name, _SAME_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, also on Windows: equal bytes everywhere
            archive.writestr(entry, (catalog.folder / name).read_bytes().replace(b"\r\n", b"\n"))
    return packed.getvalue() if _digest(catalog) == catalog.digest else None


def _digest(catalog: Catalog) -> str:
    return loading.digest_of(catalog.folder, catalog.scoring.version, catalog.files)


def unpack(packed: bytes, digest: str) -> Catalog | None:
    """Return the catalogue in ``packed``, also one in an older form; None if it is damaged or has another digest."""
    try:
        with disk.Folder("catalogue") as folder:  # a temporary folder: loading reads every file at once
            with zipfile.ZipFile(io.BytesIO(packed)) as archive:
                archive.extractall(folder)
            loaded = loading.load_kept(folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, DataError, OSError):  # from a damaged zip
        return None
    return loaded if loaded.digest == digest else None

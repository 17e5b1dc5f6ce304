"""Catalogues kept in the store, so that an old visit is read again exactly as it was read then."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

from advisor.content import disk, loading
from advisor.content.datafiles import DataError

if TYPE_CHECKING:
    from advisor.content.catalog import Catalog

_SAME_DAY = (1980, 1, 1, 0, 0, 0)  # the same files give the same bytes, whenever they are packed


def pack(catalog: Catalog) -> bytes | None:
    """Return the files of a catalogue as a zip, None when they are not what was loaded any more.

    Equal files give equal bytes, whatever the line ends of the checkout: the digest does not know them either.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in catalog.files:
            entry = zipfile.ZipInfo(name, _SAME_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, also where it is packed on Windows
            archive.writestr(entry, (catalog.folder / name).read_bytes().replace(b"\r\n", b"\n"))
    return packed.getvalue() if _digest(catalog) == catalog.digest else None


def _digest(catalog: Catalog) -> str:
    return loading.digest_of(catalog.folder, catalog.scoring.version, catalog.files)


def unpack(packed: bytes, digest: str) -> Catalog | None:
    """Return the catalogue in ``packed``, in whatever form it was kept.

    None when it cannot be loaded or has not this ``digest``.
    """
    try:
        with disk.Folder("catalogue") as folder:  # everything is read at once: nothing of it stays on the disk
            with zipfile.ZipFile(io.BytesIO(packed)) as archive:
                archive.extractall(folder)
            loaded = loading.load_kept(folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, DataError, OSError):  # whatever a damaged zip does
        return None
    return loaded if loaded.digest == digest else None

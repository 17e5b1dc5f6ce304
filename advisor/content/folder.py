"""The folder of the data."""

from __future__ import annotations

from pathlib import Path


def data_dir() -> Path:
    """Return the folder of the data: ``advisor/_data`` in an installed package, ``data`` in a checkout."""
    packaged = Path(__file__).parents[1] / "_data"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "data"

"""What the tabs of the lab share: the parts of the table template, and how wide a field is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


WIDE = {"width": "calc(100% - 4px)"}  # a widget has a margin of 2 px


def part(title: str, rows: Sequence[Sequence[str]], **more: object) -> dict[str, object]:
    """Return a part: a title, rows, and perhaps ``columns``, ``how`` (above), ``note`` (below), ``empty`` (no rows)."""
    return {"title": title, "rows": rows, "columns": (), "how": "", "note": "", "empty": "", **more}

"""The templates of the lab, its style sheet, and what its tables and fields have in common."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from advisor.view.rendering import environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment

HERE = Path(__file__).parent
WIDE = {"width": "calc(100% - 4px)"}  # the layout of a field that fills its column: a widget has a margin of 2 px


@cache
def _templates() -> Environment:
    return environment(HERE / "templates")


def render(template: str, **context: Any) -> str:  # noqa: ANN401  (whatever the template shows)
    """Return the HTML of a template of the lab; the template engine escapes every value."""
    return _templates().get_template(f"{template}.html.j2").render(**context)


def css() -> str:
    """Return the style sheet of the lab, which begins with the colours and sizes of the workbook's pages."""
    tokens = HERE.parents[1] / "view/widgets/static/tokens.css"
    return "".join(path.read_text(encoding="utf-8") for path in (tokens, HERE / "static/lab.css"))


def part(title: str, rows: Sequence[Sequence[str]], **more: object) -> dict[str, object]:
    """Return one table for the template ``table``: its title and rows.

    ``more``: ``columns`` (their names), ``how`` (a sentence above), ``note`` (one below), ``empty`` (one instead of
    rows).
    """
    return {"title": title, "rows": rows, "columns": (), "how": "", "note": "", "empty": "", **more}

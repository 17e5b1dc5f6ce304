"""The templates of the lab: every value that goes into one is escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).parent


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(HERE / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def render(template: str, **context: Any) -> str:  # noqa: ANN401  (whatever the template shows)
    """Return a piece of the lab; every value is escaped by the template engine."""
    return _environment().get_template(f"{template}.html.j2").render(**context)


def css() -> str:
    """Return the style sheet of the lab, with the tokens of the workbook's pages."""
    tokens = HERE.parents[1] / "view/widgets/static/tokens.css"
    return "".join(path.read_text(encoding="utf-8") for path in (tokens, HERE / "static/lab.css"))

"""The templates of the page: every value that goes into one is escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **context: Any) -> str:  # noqa: ANN401  (whatever the template shows)
    """Return a piece of page; every value is escaped by the template engine."""
    return _environment().get_template(f"{template}.html.j2").render(**context)

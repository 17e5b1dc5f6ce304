"""The template engine of the pages. It escapes every value."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def environment(folder: Path) -> Environment:
    """Return a template engine for the files of a folder.

    It escapes every value. It fails if a template uses a value that it was not given.
    """
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _templates() -> Environment:
    return environment(Path(__file__).parent / "templates")


def render(template: str, **context: Any) -> str:  # noqa: ANN401  (values of a template have any type)
    """Return the HTML of a template. The engine escapes every value."""
    return _templates().get_template(f"{template}.html.j2").render(**context)
